"""What `new` says: who was drawn, what the test can tell, what to do now."""

from __future__ import annotations

from difflib import SequenceMatcher
from shlex import quote
from typing import TYPE_CHECKING

from icptest.contacts import Role, column_key
from icptest.experiment import Arm
from icptest.pool import IN_THE_FAMILY
from icptest.register import KEEP_FOR_LATER
from icptest.report.words.numbers import (
    count,
    lift,
    moment,
    odds,
    rate,
    share,
    small,
    the,
    threshold,
    wrap,
)
from icptest.report.words.reasons import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from icptest.contacts import ContactList
    from icptest.draw import ArmDraw, Draw
    from icptest.elsewhere import Elsewhere
    from icptest.exclusions import ExclusionFile
    from icptest.experiment import Experiment
    from icptest.plan import Outlook
    from icptest.register import Registration

ROLES = {
    Role.EMAIL: "e-mail",
    Role.LINKEDIN: "LinkedIn profile",
    Role.WEBSITE: "website",
    Role.TITLE: "title",
}
DRAW_ROWS = ("rows on the list", "people who can be mailed", "companies", "drawn")
NOT_MAILED_BEFORE = (
    "Today's people must be ones your running campaign has not mailed: leave out those it has "
    "with --exclude."
)

DAMAGE = {
    *("broken-quote", "in-broken-quote", "short-row", "long-row", "nul-byte", "no-final-newline")
}
"""Reasons for which a row is left out because the file is damaged there."""
MOST_LINES = 10
"""Lines that a sentence has room for."""
ALIKE = 0.5
"""How alike two column names must be (0 to 1) to be named as a pair that may be one."""
NAMED_BY = {
    "people": "a person is named by an e-mail address or a LinkedIn profile",
    "companies": (
        "a company is named by its domain, its website or a work address, not by its name"
    ),
}


def headline(experiment: Experiment) -> str:
    """Return what was registered, in one sentence."""
    if experiment.control.already_ran:
        return f"Registered {experiment.name}: campaigns that already ran."
    protocol = experiment.protocol
    if experiment.aa:
        return (
            f"Registered {experiment.name}, an A/A test: {protocol.control_size:,} people of "
            f"today's list against {protocol.size:,} others of the same list, called the new list "
            "below. Their lift is 1, so the answer should not be to scale. If it is, something is "
            "wrong with how you send or label; by luck alone it is scaled as often as said below."
        )
    said = (
        f"Registered {experiment.name}: {protocol.control_size:,} people of today's list against "
        f"{protocol.size:,} of the new list."
    )
    if protocol.looks > 1:
        said += (
            f" This is batch 1 of at most {protocol.looks}: while the answer is not to scale, "
            f"`icptest extend {experiment.name}` adds the next one of the same size."
        )
    return said


def size_of_campaigns(experiment: Experiment) -> str:
    """Return how many people campaigns that already ran must have mailed."""
    return (
        f"Each side must have mailed at least {experiment.protocol.size:,} people; register it "
        "with --size N if they were fewer."
    )


def no_hypothesis(experiment: Experiment) -> str:
    """Return that nobody said what is believed, or ""; an A/A test believes nothing."""
    if experiment.hypothesis.strip() or experiment.aa:
        return ""
    return "No hypothesis was noted; note the next one with `--hypothesis TEXT`."


def damaged_lines(listed: ContactList) -> dict[str, list[int]]:
    """Return the lines of a list that are damaged, by reason: those somebody has to mend."""
    lines: dict[str, list[int]] = {}
    for problem in listed.problems:
        if problem.reason in DAMAGE and problem.location.line is not None:
            lines.setdefault(problem.reason, []).append(problem.location.line)
    return lines


def left_out(arm: str, drawn: ArmDraw, listed: ContactList) -> str | None:
    """Return who was left out of a list and why, or None."""
    if not drawn.left_out:
        return None
    damaged = damaged_lines(listed)
    reasons = ", ".join(
        f"{number:,} {LEFT_OUT.get(reason, reason)}"
        + (f" ({_lines(damaged[reason])})" if reason in damaged else "")
        for reason, number in sorted(drawn.left_out.items(), key=lambda item: -item[1])
    )
    return wrap(f"Left out of {the(arm)}: {reasons}.", indent="  ", first="")


def excluded(one: ExclusionFile, lists: Mapping[Arm, ContactList]) -> str:
    """Return what was read from a file of people or companies to leave out."""
    n_read, n_unread = len(one.entries), len(one.unread)
    said = f"{one.path}: {count(n_read + n_unread, 'entry', 'entries')}, "
    if n_unread:
        why = f"{_lines(one.unread)}: {NAMED_BY[one.kind]}"
        said += f"{n_read:,} read, {n_unread:,} not understood ({why})"
    else:
        said += "all read"
    n_there = one.n_among(contact for listed in lists.values() for contact in listed.contacts)
    there = count(n_there, "is", "are") if n_there else "none is"
    return wrap(f"{said}. Of those read, {there} on your lists.", indent="  ", first="")


def also_in(one: Elsewhere, paths: Mapping[str, str]) -> str:
    """Return the warning that people of this test are in another one.

    Args:
        one: The other test.
        paths: Its send lists as one types them from where one stands.
    """
    said = f"{count(one.n_people, 'of these people is', 'of these people are')} in test {one.test}"
    if not one.files:
        return wrap(f"{said} too; one person should be in one test at a time.")
    files = " ".join(f"--exclude {quote(paths.get(path, path))}" for path in one.files)
    return wrap(
        f"{said} too; leave them out with `{files}`. The draw is frozen, so that takes a test "
        "under another name."
    )


def read_as(arm: str, listed: ContactList) -> str:
    """Return which columns of a list were taken for what."""
    roles = ", ".join(
        f"{ROLES[role]} from {listed.header[place]}"
        for role, place in listed.roles.items()
        if role in ROLES
    )
    return wrap(f"Read from {the(arm)}: {roles}.", indent="  ", first="")


def telling_columns(lists: Mapping[Arm, ContactList]) -> str | None:
    """Return the warning about columns that only one of the lists has, or None."""
    keys = {arm: set(map(column_key, listed.header)) for arm, listed in lists.items()}
    both = lists[Arm.CONTROL].roles.keys() & lists[Arm.SEGMENT].roles.keys()
    merged = {arm: {listed.roles[role] for role in both} for arm, listed in lists.items()}
    only = [
        name
        for arm in Arm
        for place, name in enumerate(lists[arm].header)
        if column_key(name) not in keys[arm.other] and place not in merged[arm]
    ]
    if not only:
        return None
    return wrap(
        f"Only one of the lists has: {', '.join(only)}. Do not use that in your mails: it would "
        "change the copy for one list, and shows in the tool who is on which." + _cure(lists, only)
    )


def _cure(lists: Mapping[Arm, ContactList], only: Sequence[str]) -> str:
    """Return how two columns become one that hold the same thing under different names, or ""."""
    pairs = []
    for arm in Arm:
        here, there = lists[arm], lists[arm.other]
        for role in here.roles.keys() - there.roles.keys():
            known = here.header[here.roles[role]]
            pairs += [
                (
                    SequenceMatcher(None, column_key(known), column_key(name)).ratio(),
                    known,
                    name,
                    role,
                )
                for place, name in enumerate(there.header)
                if name in only and place not in there.roles.values()
            ]
    if not pairs:
        return ""
    alike, known, name, role = max(pairs)
    if alike < ALIKE:
        return (
            f" If one of them is what the other list calls {known}, "
            f'`--column "{role}=COLUMN"` merges them, in a test under another name.'
        )
    return (
        f' If {name} is what the other list calls {known}, `--column "{role}={name}"` merges '
        "them, in a test under another name."
    )


def _lines(lines: Sequence[int]) -> str:
    """Return the numbers of lines, the first ones: "lines 3, 4"."""
    said = ", ".join(f"{line:,}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        said += f" and {len(lines) - MOST_LINES:,} more"
    return f"{'line' if len(lines) == 1 else 'lines'} {said}"


def consumption(draw: Draw, experiment: Experiment) -> str:
    """Return how much of the new list the test uses, and how high its lift can be."""
    if experiment.aa:
        n_used = len(draw.control.assignments) + len(draw.segment.assignments)
        return wrap(
            f"The test mails {n_used:,} of the {draw.control.n_accounts:,} companies on today's "
            f"list; {count(draw.left[Arm.CONTROL][0], 'is', 'are')} left for other tests."
        )
    n_drawn = len({one.contact.account for one in draw.segment.assignments})
    said = (
        f"The test mails {n_drawn:,} of the {draw.segment.n_accounts:,} companies on the new list"
    )
    if draw.n_segment_in_control:
        said += f", and {draw.n_segment_in_control:,} more as part of today's list"
    said += f"; {count(draw.n_segment_left, 'is', 'are')} left to scale to."
    if draw.ceiling is not None:
        part = share(draw.share)
        shared = f"{part} of today's companies are on the new list too"
        if draw.is_part:
            said += f" {shared}, so its lift cannot exceed {lift(draw.ceiling)}."
        else:
            said += (
                f" {shared}; if they answer like the rest of it, its lift cannot exceed "
                f"{lift(draw.ceiling)}."
            )
    return wrap(said)


def more_batches(registration: Registration) -> str:
    """Return how batches can be added: what was registered, or what these lists would do for."""
    experiment, n_kept = registration.experiment, registration.n_kept
    if n_kept:
        return wrap(
            f"Keep {count(n_kept, 'person', 'people')} out of your other campaigns until the test "
            "is over: later batches are drawn from them. "
            f"experiments/{experiment.name}/{KEEP_FOR_LATER} lists them."
        )
    if registration.looks_that_fit <= 1 or experiment.replicates:
        return ""
    return wrap(
        f"These lists would do for {registration.looks_that_fit} batches. A test registered with "
        f"`--looks {registration.looks_that_fit}` may add them while the answer is not to scale; "
        "that has to be said before the first mail, under another name."
    )


def shared_level(registration: Registration) -> str:
    """Return what it costs a test that others share its error; "" where it is in no family."""
    experiment = registration.experiment
    if not experiment.family:
        return ""
    whole = rate(experiment.protocol.alpha)
    n_tests = len(registration.family) + 1
    part = small(experiment.protocol.alpha * registration.share)
    if n_tests == 1:
        return wrap(
            f"Every list that joins the family {experiment.family} takes its share of the {whole} "
            "risk of being taken in by luck, and makes the odds below smaller."
        )
    return wrap(
        f"The {n_tests} tests of the family {experiment.family} share the {whole} risk of being "
        f"taken in by luck that one test may take. Each has {part} of it until another one "
        "passes and leaves its share to the rest; the odds below are for that."
    )


def in_the_family(draw: Draw) -> str:
    """Return what becomes of companies that other tests of the family have; "" without any."""
    n_people = draw.segment.left_out.get(IN_THE_FAMILY, 0)
    if not n_people:
        return ""
    whose = count(n_people, "person", "people")
    return wrap(
        f"{whose} of the new list left out, whose company is in another test of the family: a "
        "company on two new lists stays with the test that drew it first. If many are, test the "
        "lists one after the other.",
        indent="  ",
        first="",
    )


def outlook_lines(outlook: Outlook, experiment: Experiment) -> list[str]:
    """Return what the test can and cannot tell."""
    bar = threshold(experiment.protocol.threshold)
    equal = outlook.registered[1.0]
    better = ", ".join(
        f"a true {true:g}x list {share(chance)}"
        for true, chance in outlook.registered.items()
        if true > 1
    )
    learned = experiment.prior_from
    known = f"learned from {count(learned, 'finished test')}" if learned else "assumed"
    if experiment.aa:
        return [
            wrap(
                f"If about {rate(outlook.baseline)} of today's list reply positively ({known}), "
                f"luck alone scales an A/A test {odds(equal)}."
            )
        ]
    looks = experiment.protocol.looks
    over = f", over all {looks} batches" if looks > 1 else ""
    return [
        wrap(
            f"What this test can tell, if about {rate(outlook.baseline)} of today's list "
            f"reply positively ({known}){over}:"
        ),
        wrap(f"two equal lists: scaled {odds(equal)}", first="- ", indent="  "),
        wrap(f"scaled as it should be: {better}", first="- ", indent="  "),
        wrap(
            f'"{bar} or more" alone, without the test for luck, would scale two equal lists '
            f"{odds(outlook.article[1.0])}",
            first="- ",
            indent="  ",
        ),
    ]


def calendar(experiment: Experiment, expected_at: datetime) -> str:
    """Return when the verdict can be expected."""
    hours = experiment.protocol.send_window_hours
    return wrap(
        f"If sending starts now and is over within {hours} hours, the replies are in on "
        f"{moment(expected_at, experiment.zone)}."
    )


def positive_labels(experiment: Experiment) -> str:
    """Return which labels count as positive."""
    return wrap("Counted as positive: " + ", ".join(experiment.positive_labels) + ".")


def upload_of_family(registration: Registration, files: Mapping[str, str]) -> list[str]:
    """Return what to upload of a family: one list for all of its tests."""
    others = ", ".join(registration.family)
    tests = count(len(registration.family) + 1, "test")
    return [
        wrap(
            f"Upload this as ONE campaign for all {tests} of the family, INSTEAD of the send lists "
            f"of {others}: it has today's people once, and those of every new list:"
        ),
        f"  {files['both']}",
        wrap(
            "If another list joins, upload that test's send-both.csv instead. Read every export "
            "into each of the tests."
        ),
    ]


def upload(files: Mapping[str, str]) -> list[str]:
    """Return what to upload."""
    return [
        wrap("Upload this as ONE campaign: same copy, mailboxes and schedule for both lists:"),
        f"  {files['both']}",
        wrap("or, if it must be two campaigns, one file per list:"),
        f"  {files['control']}",
        f"  {files['segment']}",
    ]
