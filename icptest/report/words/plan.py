"""What `plan` says: what a test can show, what it takes, what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.baselines import MEETING_SHARE, PUBLISHED
from icptest.protocol import Rule
from icptest.report.words.commands import RULES
from icptest.report.words.numbers import count, lift, odds, rate, share, threshold
from icptest.stats import SampleSize

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from icptest.break_even import BreakEven
    from icptest.capacity import SendCalendar
    from icptest.overlap import Overlap
    from icptest.plan import Plan, Sends
    from icptest.protocol import Protocol

NEEDED = "Positive replies the new list needs, by those of today's list:"
NEEDED_HEADS = ("today's list", "{bar} seen", "not luck", "{bar} proven")
NEVER = "none"
SENDS = "How many people it takes until the rule scales a list that is truly better"
SENDS_OF_TWO = ", today's list + new list"
NO_NUMBER = "no number"
NO_LIFT = "Of such a list no list can be twice as good: more than everybody would reply."
LARGER = "What a larger control buys (today's list is being mailed anyway):"
LARGER_HEADS = ("today's list", "scaled if equal")
SENDING = "Sending:"
LISTS = "Your lists, one person per company:"
MONEY = "What it has to bring:"
LIMITS = (
    "The numbers are exact for these rates and sizes. They hold for people who are reached: "
    "bounces make both lists smaller."
)


def headline(plan: Plan) -> str:
    """Return how often the rule scales lists, by how good they truly are."""
    outlook = plan.outlook
    return (
        f"If {rate(outlook.baseline)} of today's list reply positively, mailing "
        f"{sizes(plan.protocol)} scales {_by_truth(outlook.registered)}."
    )


def sizes(protocol: Protocol) -> str:
    """Return how many people a test mails: "500 people of each list"."""
    if protocol.control_size == protocol.size:
        return f"{count(protocol.size, 'person', 'people')} of each list"
    people_of_today = count(protocol.control_size, "person", "people")
    return f"{people_of_today} of today's list and {protocol.size:,} of the new one"


def rule(protocol: Protocol) -> str:
    """Return when the rule scales, in one sentence."""
    said = RULES[str(protocol.rule)].format(bar=threshold(protocol.threshold))
    return f"The rule ({protocol.rule}): scale when {said}."


def article(plan: Plan) -> str:
    """Return what the threshold alone would do."""
    bar = threshold(plan.protocol.threshold)
    if plan.protocol.rule is Rule.LIFT:
        return (
            f'"{bar} or more" alone is luck too often: `--rule lift-and-evidence` asks that it is '
            "not."
        )
    return (
        f'The plain rule, "{bar} or more" and nothing else, would scale '
        f"{_by_truth(plan.outlook.article)}."
    )


def ruled_out(plan: Plan) -> str:
    """Return how often a worthless list is told to be one."""
    bar = threshold(plan.protocol.threshold)
    return (
        f"A list that is no better than today's is ruled out (a {bar} list is then very unlikely) "
        f"{share(plan.ruled_out)} of the time; else the answer is a no that leaves it open."
    )


def exaggeration(plan: Plan) -> str | None:
    """Return by how much what is scaled reads too high, or None where nothing is."""
    bar = plan.protocol.threshold
    true = next((each for each in plan.exaggeration if each >= bar), None)
    if true is None:
        return None
    return (
        "What is scaled reads too high, because luck helped it over the bar: a truly "
        f"{true:g}x list that is scaled shows about {lift(true * plan.exaggeration[true])}."
    )


def baseline(plan: Plan) -> str:
    """Return where the baseline is from."""
    if plan.baseline.n_tests:
        return (
            f"{rate(plan.baseline.rate)} is learned from {plan.baseline.n_tests:,} finished tests "
            "(`icptest learn`). Say another with `--baseline 0.8%`."
        )
    if not plan.baseline.assumed:
        return f"{rate(plan.baseline.rate)} is what you said of today's list."
    published = "; ".join(
        f"{rate(one.low_rate)}"
        + (f" to {rate(one.high_rate)}" if one.high_rate > one.low_rate else "")
        + f" ({one.name})"
        for one in PUBLISHED
    )
    return (
        f"{rate(plan.baseline.rate)} is assumed. Published averages: {published}. Use your own as "
        "soon as you have it: `--baseline 0.8%`."
    )


def no_number(plan: Plan) -> list[str]:
    """Return why no number of people is enough, once for each lift."""
    bar = threshold(plan.protocol.threshold)
    said = []
    for one in plan.sends:
        needed = one.needed
        if isinstance(needed, SampleSize):
            continue
        true, best = threshold(one.lift), share(needed.best_power)
        at = f"{needed.treatment_total:,} of the new list"
        sentence = {
            "at-threshold": (
                f"A list that is truly {true} shows {bar} or more about half of the time, however "
                f"many people are mailed ({best} at best, with {at}): the other half it falls "
                "just short."
            ),
            "below-threshold": (
                f"A list that is truly {true} is below {bar}: the more people are mailed, the "
                f"rarer it shows {bar} ({best} at best, with {at})."
            ),
            "no-better-than-null": (
                f"A list that is truly {true} is scaled by error alone: at most "
                f"{share(plan.protocol.alpha)} of the time, however many people are mailed."
            ),
            "too-many": (
                f"A list that is truly {true} takes more than {needed.treatment_total:,} people; "
                f"with so many it is scaled {best} of the time."
            ),
        }[needed.reason]
        if sentence not in said:
            said.append(sentence)
    return said


def sends(*, equal: bool) -> str:
    """Return the heading of how many people it takes; two numbers where the lists differ."""
    return f"{SENDS}{'' if equal else SENDS_OF_TWO}:"


def people(one: Sends, *, equal: bool) -> str:
    """Return how many people are needed: "595 of each", "1,190 + 595"."""
    if not isinstance(one.needed, SampleSize):
        return NO_NUMBER
    needed = one.needed
    if equal:
        return f"{needed.treatment_total:,} of each"
    return f"{needed.control_total:,} + {needed.treatment_total:,}"


def calendar(told: SendCalendar) -> list[str]:
    """Return how long sending takes, and when the replies are in."""
    capacity = told.capacity
    mails = (
        f"{told.n_people:,} first mails; {count(capacity.inboxes, 'inbox', 'inboxes')} x "
        f"{capacity.per_inbox} a day = {capacity.per_day:,} a day: "
        f"{count(told.n_days, 'working day')}."
    )
    window = count(told.window_days, "day")
    when = (
        f"From {day(told.starts_on)} to {day(told.ends_on)}; the last replies are in at the end "
        f"of {day(told.last_day)}."
    )
    if told.fits:
        return [mails + f" That fits in the send window of {window}.", when]
    return [
        mails
        + f" The send window is {window}; it would take {told.inboxes_needed:,} inboxes. Longer is "
        "sound as long as both lists go out side by side: mail from the mixed file that "
        "`icptest new` writes, in its order, equal numbers of both lists every day. The verdict "
        "then warns instead of stopping.",
        when,
        "Follow-ups take inboxes too; if yours are counted in, say fewer with `--per-inbox`.",
    ]


def overlap(told: Overlap, bar: float) -> list[str]:
    """Return what two lists share, how high a lift can be, and what is left."""
    companies = count(told.n_control, "company", "companies")
    said = [
        (
            f"Today's list has {companies}, the new list {told.n_segment:,}; {told.n_shared:,} "
            "are on both."
        )
    ]
    if told.ceiling is not None:
        if_alike = "" if told.is_part else ", if they answer like the rest of it"
        said.append(
            f"{share(told.share)} of today's companies are on the new list too. Today's list "
            f"therefore contains some of what is tested, and the lift cannot exceed "
            f"{lift(told.ceiling)}{if_alike}; the test asks for {threshold(bar)}."
        )
    if not told.fits:
        return [
            *said,
            (
                "The lists are too short for this test, one person per company. Ask for fewer, "
                f"about `--size {told.largest}`, or use longer lists."
            ),
        ]
    used = f"The test uses {told.size:,} companies of the new list"
    if told.n_in_control:
        used += f" and about {told.n_in_control:,} more as part of today's list"
    about = "about " if told.n_in_control else ""
    return [*said, f"{used}; {about}{told.n_left:,} are left to scale to."]


def break_even(told: BreakEven, bar: float) -> list[str]:
    """Return from which lift on mailing pays for itself."""
    pays = (
        "even a list as good as today's pays for itself."
        if told.lift <= 1
        else f"below it mailing loses money; the test asks for {threshold(bar)}."
        if told.lift <= bar
        else f"a list that is just {threshold(bar)} would be scaled at a loss."
    )
    meetings = f"{share(told.meeting_share)} of positive replies become a meeting" + (
        " (assumed; say yours with `--meeting-share`)"
        if told.meeting_share == MEETING_SHARE
        else ""
    )
    return [
        (
            f"If {meetings}, one meeting takes {1 / told.meeting_rate:,.0f} people of today's "
            f"list: at {told.value_per_meeting:,.2f} a meeting a person is worth "
            f"{told.value_per_contact:,.2f}, and costs {told.cost_per_contact:,.2f}."
        ),
        f"You break even at a lift of {_fine(told.lift)}: {pays}",
    ]


def day(on: date) -> str:
    """Return a day: "Mon 30 Nov 2026"."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def _by_truth(chances: Mapping[float, float]) -> str:
    """Return how often lists are scaled, identical ones first."""
    truly = [
        f"a truly {threshold(true)} list {share(chance)}"
        for true, chance in chances.items()
        if true != 1
    ]
    equal = f"two identical lists {odds(chances[1.0])} ({share(chances[1.0])})"
    if truly:
        truly[0] += " of the time"
    return ", ".join([equal, *truly])


def _fine(ratio: float) -> str:
    return f"{ratio:.2f}x" if ratio < 1 else lift(ratio)
