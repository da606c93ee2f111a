"""Was the test sent as it was registered: everyone, at once, to both lists alike?"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from icptest.checks._base import Check, Status, arms_differ, by_p_value
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from icptest.case import Case

_PASS_SHARE = 0.98
_WARN_SHARE = 0.90
_STRAGGLERS = 0.02
_ALIKE = Fraction(80, 100)
_MANY_NOT_SENT = 0.10


def size_reached(case: Case) -> Check:
    """Check that each arm was mailed at its registered size."""
    protocol = case.experiment.protocol
    planned = {Arm.CONTROL: protocol.control_size, Arm.SEGMENT: protocol.size}
    facts: dict[str, object] = {
        f"{arm}_{what}": number
        for arm in Arm
        for what, number in (("mailed", case.tallies[arm].contacted), ("planned", planned[arm]))
    } | _unread(case)
    if not case.sending.is_over:
        return Check(code="size-reached", status=Status.PENDING, facts=facts)
    share = min(case.tallies[arm].contacted / planned[arm] for arm in Arm)
    if share >= _PASS_SHARE:
        status = Status.PASS
    else:
        status = Status.WARN if share >= _WARN_SHARE else Status.STOP
    return Check(code="size-reached", status=status, facts=facts)


def send_window(case: Case) -> Check:
    """Check that both arms went out within the window, or at least side by side."""
    window = case.experiment.protocol.send_window_hours
    spans = {arm: _spans(case, arm) for arm in Arm}
    facts: dict[str, object] = {"window": window}
    undated = sum(case.tallies[arm].undatable for arm in Arm)
    if not all(spans.values()):
        waits = not case.sending.is_over and undated == 0
        status = Status.PENDING if waits else Status.UNKNOWN
        return Check(code="send-window", status=status, facts=facts)
    kept = {arm: _without_stragglers(spans[arm]) for arm in Arm}
    first = min(earliest for group in kept.values() for earliest, _ in group)
    last = max(latest for group in kept.values() for _, latest in group)
    hours = (last - first).total_seconds() / 3600
    alike = _overlap(case, kept)
    facts |= {"hours": hours, "alike": float(alike)}
    if hours <= window:
        status = Status.PASS if case.sending.is_over else Status.PENDING
    else:
        status = Status.WARN if alike >= _ALIKE else Status.STOP
    return Check(code="send-window", status=status, facts=facts)


def never_mailed(case: Case) -> Check:
    """Check that the assigned contacts who were never mailed are alike in both arms."""
    tallies = case.tallies
    facts: dict[str, object] = {str(arm): tallies[arm].not_sent for arm in Arm}
    facts |= _unread(case)
    if any(case.experiment.origin(arm).already_ran for arm in Arm):
        # Campaigns that already ran consist of the people they mailed.
        return Check(code="never-mailed", status=Status.UNKNOWN, facts={"not_applicable": True})
    if not case.sending.is_over:
        return Check(code="never-mailed", status=Status.PENDING, facts=facts)
    p_value = arms_differ(
        control=(tallies[Arm.CONTROL].not_sent, tallies[Arm.CONTROL].assigned),
        segment=(tallies[Arm.SEGMENT].not_sent, tallies[Arm.SEGMENT].assigned),
    )
    status = by_p_value(p_value, may_stop=True)
    if status is Status.PASS and any(
        tally.not_sent > _MANY_NOT_SENT * tally.assigned for tally in tallies.values()
    ):
        status = Status.WARN
    return Check(code="never-mailed", status=status, facts=facts | {"p_value": p_value})


def _unread(case: Case) -> dict[str, object]:
    """What may hide people who were mailed: rows set aside, and files that are cut off."""
    return {"set_aside": case.record.n_set_aside, "cut_off": case.record.n_cut_off}


def _spans(case: Case, arm: Arm) -> list[tuple[datetime, datetime]]:
    return sorted(
        (outcome.touch.earliest, outcome.touch.latest)
        for outcome in case.outcomes[arm]
        if outcome.touch is not None
    )


def _without_stragglers(
    spans: Sequence[tuple[datetime, datetime]],
) -> Sequence[tuple[datetime, datetime]]:
    return spans[: len(spans) - int(_STRAGGLERS * len(spans))]


def _overlap(case: Case, spans: Mapping[Arm, Sequence[tuple[datetime, datetime]]]) -> Fraction:
    """Return how alike the arms' daily shares are: 1 when each day saw the same share of both."""
    zone = case.experiment.zone
    shares: dict[Arm, Counter[date]] = {
        arm: Counter(earliest.astimezone(zone).date() for earliest, _ in spans[arm]) for arm in Arm
    }
    days = set(shares[Arm.CONTROL]) | set(shares[Arm.SEGMENT])
    # Exact, because it is compared with a limit.
    return sum(
        (min(Fraction(shares[arm][day], shares[arm].total()) for arm in Arm) for day in days),
        start=Fraction(0),
    )
