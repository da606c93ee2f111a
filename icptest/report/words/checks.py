"""What each check says, and what to do when it stops a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.checks import Status
from icptest.report.words.numbers import are, count, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from icptest.checks import Check

_TOLD = {"bounces": "bounces", "reply-times": "when replies came", "labels": "reply labels"}
_ARMS = {"control": "today's list", "segment": "the new list"}

REMEDIES = {
    # NAME stands for the name of the test.
    "size-reached": (
        "Send the rest if your tool shows that they were not mailed, and ingest again; or "
        "register a smaller test."
    ),
    "send-window": "Test again with both lists in one campaign (send-both.csv).",
    "never-mailed": (
        "See in your tool why they were left out; upload them if your tool shows that they were "
        "not mailed, or test again."
    ),
    "contact-overlap": "Take the shared people out of one campaign and test again.",
    "reply-before-send": "Ingest the first sends too, or draw people nobody has mailed.",
    "evidence-differs": "Ingest the same kind of export for both lists.",
    "registration-changed": "`icptest show NAME --restore` puts it back as it was.",
}


def detail(check: Check, *, covered: bool = False) -> str:
    """Return what a check found, in one sentence.

    Args:
        check: The check.
        covered: The replies are not in: nothing is said of how either list does.
    """
    if covered and check.status is not Status.PASS and check.code in _COVERED:
        said = _COVERED[check.code](check.facts)
    elif check.status is Status.PENDING:
        said = _PENDING.get(check.code, "Cannot be judged before sending is over.")
    elif check.status is Status.UNKNOWN:
        said = (
            "Does not apply: campaigns that already ran consist of the people they mailed."
            if check.facts.get("not_applicable")
            else _UNKNOWN.get(check.code, "The exports cannot tell.")
        )
    else:
        said = _FOUND[check.code](check.facts, check.status is Status.PASS)
    if "batch" in check.facts and check.status is not Status.UNKNOWN:
        said = f"Batch {check.facts['batch']}: {said[0].lower()}{said[1:]}"
    if check.accepted is not None:
        said += f' Accepted, on record: "{check.accepted}"'
    return said


def changed_lists(arms: Sequence[str]) -> str:
    """Return that copies of lists were changed: those of these arms."""
    names = " and ".join(_ARMS[arm] for arm in arms)
    return (
        f"The copy of {names} in lists/ is not the one people were drawn from; who is in the "
        "test is as it was."
    )


def stopped_because(check: Check, name: str) -> str:
    """Return the sentence of the verdict on a test that a check has stopped."""
    found = detail(check)
    remedy = REMEDIES[check.code].replace("NAME", name)
    if first := unread(check):
        remedy = f"{first} After that: {remedy[0].lower()}{remedy[1:]}"
    return f"Invalid: {found[0].lower()}{found[1:]} {remedy}"


def unread(check: Check) -> str:
    """Return what to do before anybody is mailed, where the exports may hide who was; else "".

    Whoever stands in a row that could not be read looks as if never mailed; to send "the rest"
    would mail them twice.
    """
    if check.facts.get("cut_off"):
        missing = "A file that was read in is cut off, and people who were mailed may be missing:"
    elif n_rows := check.facts.get("set_aside"):
        missing = f"{count(n_rows, 'row')} could not be read, and may show who was mailed:"
    else:
        return ""
    return f"{missing} export again and read the whole file in before sending anything."


def _size_reached(facts: Mapping[str, Any], good: bool) -> str:
    mailed = ", ".join(
        f"{facts[f'{arm}_mailed']:,} of {facts[f'{arm}_planned']:,} on {name}"
        for arm, name in _ARMS.items()
    )
    return f"Mailed: {mailed}." if good else f"Fewer people were mailed than planned: {mailed}."


def _send_window(facts: Mapping[str, Any], good: bool) -> str:
    hours, window = facts["hours"], facts["window"]
    if good:
        return f"All first mails went out within {hours:.0f} hours; {window} are allowed."
    alike = share(facts["alike"])
    return (
        f"The first mails took {hours:.0f} hours instead of {window}; day by day, the two "
        f"lists went out {alike} alike."
    )


def _never_mailed(facts: Mapping[str, Any], _good: bool) -> str:
    return (
        f"{facts['control']:,} of today's list and {facts['segment']:,} of the new list were never "
        "mailed."
    )


def _contact_overlap(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "Nobody was mailed in both lists."
    return f"{count(facts['n'], 'person was', 'people were')} mailed in both lists."


def _account_overlap(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "No company was mailed in both lists."
    return f"{count(facts['n'], 'company was', 'companies were')} mailed in both lists."


def _reply_before_send(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "No reply came before its mail."
    people = count(facts["n"], "person", "people")
    return f"{people} replied before the first mail of this test; these replies do not count."


def _bounce_difference(facts: Mapping[str, Any], good: bool) -> str:
    rates = ", ".join(
        f"{facts[f'{arm}_bounced']:,} of {facts[f'{arm}_mailed']:,} on {name}"
        for arm, name in _ARMS.items()
    )
    if good:
        return f"Bounced: {rates}."
    return f"Many mails bounced, or one list more than the other: {rates}."


def _evidence_differs(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "The exports tell the same of both lists."
    told = " and ".join(_TOLD[what] for what in facts["differing"])
    return f"The exports tell {told} of one list only."


def _undated_events(facts: Mapping[str, Any], good: bool) -> str:
    if facts["n"] == 0:
        return "Every counted positive reply is dated inside its window."
    undated = count(facts["n"], "counted positive reply", "counted positive replies")
    end = "the decision is the same without" if good else "the decision could turn without"
    return f"{undated} may have come after the window, nothing dates them; {end} them."


def _unlabelled_replies(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "Every counted reply has a label."
    return (
        f"Replies without a label: {facts['control']:,} on today's list, "
        f"{facts['segment']:,} on the new list."
    )


def _set_aside_rows(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "Every row of every file could be read."
    return f"{count(facts['n'], 'row')} could not be read and {are(facts['n'])} kept aside."


def _peeks(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "Nobody looked at the outcomes before the replies were in."
    return f"The outcomes were looked at {count(facts['n'], 'time')} before the replies were in."


def _draw_not_made_here(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "Both lists were drawn here, by lot."
    names = " and ".join(_ARMS[arm] for arm in facts["arms"])
    apart = f"; {facts['apart']:,} mailed at another time stand apart" if facts["apart"] else ""
    return f"Not drawn by lot: {names} (a campaign that already ran){apart}."


def _registration_changed(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "The registration is as it was frozen."
    if not facts["file"]:
        return changed_lists(facts["lists"])
    return "The registration is not the one that was frozen before the first mail."


def _registered_after_sending(facts: Mapping[str, Any], good: bool) -> str:
    if good:
        return "The test was registered before its first mail."
    people = count(facts["n"], "person was", "people were")
    if facts["batches"] > 1:
        return f"{people} mailed before the test was registered or their batch was drawn."
    return f"{people} mailed before the test was registered: the rule was not fixed before."


_FOUND = {
    "size-reached": _size_reached,
    "send-window": _send_window,
    "never-mailed": _never_mailed,
    "contact-overlap": _contact_overlap,
    "account-overlap": _account_overlap,
    "reply-before-send": _reply_before_send,
    "bounce-difference": _bounce_difference,
    "evidence-differs": _evidence_differs,
    "undated-events": _undated_events,
    "unlabelled-replies": _unlabelled_replies,
    "set-aside-rows": _set_aside_rows,
    "peeks": _peeks,
    "draw-not-made-here": _draw_not_made_here,
    "registration-changed": _registration_changed,
    "registered-after-sending": _registered_after_sending,
}
_COVERED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "unlabelled-replies": lambda facts: (
        f"{count(facts['control'] + facts['segment'], 'reply has', 'replies have')} no label yet."
    ),
    "undated-events": lambda _facts: (
        "Nothing dates some replies; what that means is judged when all replies are in."
    ),
}
"""What is said of outcomes before the replies are in."""
_PENDING = {
    "bounce-difference": "Cannot be judged before both lists were mailed.",
    "evidence-differs": "Cannot be judged before both lists were mailed.",
}
_UNKNOWN = {
    "send-window": "The exports do not tell when people were first mailed.",
    "bounce-difference": "The exports do not tell who bounced.",
}
