"""All checks, in the order of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.checks import data, people, sending, trust
from icptest.checks._base import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icptest.checks._base import Case, Check

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


def run_checks(case: Case, *, accepted: Mapping[str, str]) -> tuple[Check, ...]:
    """Run every check; a stop that somebody accepted, with a reason, becomes a warning.

    Args:
        case: The test.
        accepted: Reason given for going on, by code of the check.
    """
    checks = []
    for code, check in _CHECKS.items():
        said = check(case)
        if said.status is Status.STOP and code in accepted:
            said = replace(said, status=Status.WARN, accepted=accepted[code])
        checks.append(said)
    return tuple(checks)
