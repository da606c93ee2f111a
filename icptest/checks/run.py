"""All checks, in the order of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.checks import data, people, sending, trust
from icptest.checks._base import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icptest.case import Case
    from icptest.checks._base import Check

_CHECKS: Mapping[str, Callable[[Case], Check]] = {
    "registration-changed": trust.registration_changed,
    "registered-after-sending": trust.registered_after_sending,
    "size-reached": sending.size_reached,
    "send-window": sending.send_window,
    "never-mailed": sending.never_mailed,
    "contact-overlap": people.contact_overlap,
    "account-overlap": people.account_overlap,
    "reply-before-send": people.reply_before_send,
    "bounce-difference": data.bounce_difference,
    "evidence-differs": data.evidence_differs,
    "undated-events": data.undated_events,
    "unlabelled-replies": data.unlabelled_replies,
    "set-aside-rows": data.set_aside_rows,
    "peeks": trust.peeks,
    "draw-not-made-here": trust.draw_not_made_here,
}
CODES = tuple(_CHECKS)
_OF_A_BATCH = frozenset({"size-reached", "send-window", "never-mailed"})
"""What each batch must show by itself: together they take weeks and are larger than one."""
_WORST_FIRST = (Status.STOP, Status.WARN, Status.PENDING, Status.UNKNOWN, Status.PASS)


def run_checks(
    case: Case, *, accepted: Mapping[str, str], accepted_at: Mapping[str, int] | None = None
) -> tuple[Check, ...]:
    """Run every check; a stop that somebody accepted, with a reason, becomes a warning.

    Args:
        case: The test.
        accepted: Reason given for going on, by code of the check.
        accepted_at: Newest batch at that time, by code: a reason speaks of no later batch.
            Where it is not given, the newest one.
    """
    until = accepted_at or {}

    def judged(code: str, of: Case, look: int) -> Check:
        said = _CHECKS[code](of)
        excused = code in accepted and look <= until.get(code, case.look)
        if said.status is not Status.STOP or not excused:
            return said
        return replace(said, status=Status.WARN, accepted=accepted[code])

    return tuple(
        _worst(
            replace(said, facts={**said.facts, "batch": look})
            for look in range(1, case.look + 1)
            for said in [judged(code, case.of_batch(look), look)]
        )
        if case.look > 1 and code in _OF_A_BATCH
        else judged(code, case, case.look)
        for code in _CHECKS
    )


def _worst(checks: Iterable[Check]) -> Check:
    """Return the check that says the worst; of equal ones the first."""
    return min(checks, key=lambda check: _WORST_FIRST.index(check.status))
