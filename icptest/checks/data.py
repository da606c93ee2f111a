"""Do the exports tell the same of both arms, and enough of each?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.checks._base import WARN_BELOW, Check, Status, arms_differ
from icptest.decision import scales
from icptest.events import Tells
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icptest.case import Case
    from icptest.evidence import Counts

_MANY_BOUNCES = 0.05
_MOST = 0.5
_COMPARED = (Tells.BOUNCES, Tells.REPLY_TIMES, Tells.LABELS)


def bounce_difference(case: Case) -> Check:
    """Check that both arms were delivered alike, and well."""
    tallies = case.tallies
    facts: dict[str, object] = {
        f"{arm}_{what}": number
        for arm in Arm
        for what, number in (
            ("bounced", tallies[arm].bounced),
            ("mailed", tallies[arm].contacted),
        )
    }
    told = _shares(case)[Tells.BOUNCES]
    if any(tallies[arm].contacted == 0 for arm in Arm):
        return Check(code="bounce-difference", status=Status.PENDING, facts=facts)
    if any(told[arm] < _MOST for arm in Arm):
        return Check(code="bounce-difference", status=Status.UNKNOWN, facts=facts)
    p_value = arms_differ(
        control=(tallies[Arm.CONTROL].bounced, tallies[Arm.CONTROL].contacted),
        segment=(tallies[Arm.SEGMENT].bounced, tallies[Arm.SEGMENT].contacted),
    )
    many = any(tally.bounced > _MANY_BOUNCES * tally.contacted for tally in tallies.values())
    status = Status.WARN if many or p_value < WARN_BELOW else Status.PASS
    return Check(code="bounce-difference", status=status, facts=facts | {"p_value": p_value})


def evidence_differs(case: Case) -> Check:
    """Check that what the exports can tell is the same for both arms."""
    if any(case.tallies[arm].contacted == 0 for arm in Arm):
        return Check(code="evidence-differs", status=Status.PENDING)
    shares = _shares(case)
    differing = [
        str(what)
        for what in _COMPARED
        if (shares[what][Arm.CONTROL] >= _MOST) != (shares[what][Arm.SEGMENT] >= _MOST)
    ]
    return Check(
        code="evidence-differs",
        status=Status.STOP if differing else Status.PASS,
        facts={"differing": differing},
    )


def undated_events(case: Case) -> Check:
    """Check that no set of undated outcomes, left out of one arm, would turn the decision."""
    n_undated = sum(tally.undated_positive for tally in case.tallies.values())
    facts: dict[str, object] = {"n": n_undated}
    counts = case.counts
    if not case.settled:
        # Whether there are any is an outcome.
        return Check(code="undated-events", status=Status.PENDING)
    if n_undated == 0 or not counts.comparable:
        return Check(code="undated-events", status=Status.PASS, facts=facts)
    protocol, levels = case.experiment.protocol, case.levels
    answer = scales(counts, protocol, levels=levels)
    turned = any(
        scales(each, protocol, levels=levels) != answer for each in _without_undated(case, counts)
    )
    status = Status.WARN if turned else Status.PASS
    return Check(code="undated-events", status=status, facts=facts)


def _without_undated(case: Case, counts: Counts) -> Iterator[Counts]:
    """Return the counts with each number of undated outcomes left out of one arm, most first.

    Not the largest number alone: the p-value of the test can dip as events are added, because
    the range of rates that it searches moves with the data (Berger & Boos 1994).
    """
    for number in range(case.tallies[Arm.SEGMENT].undated_positive, 0, -1):
        yield replace(counts, segment_events=counts.segment_events - number)
    for number in range(case.tallies[Arm.CONTROL].undated_positive, 0, -1):
        yield replace(counts, control_events=counts.control_events - number)


def unlabelled_replies(case: Case) -> Check:
    """Check that every counted reply has been judged."""
    numbers = {str(arm): case.tallies[arm].unlabelled for arm in Arm}
    status = Status.WARN if any(numbers.values()) else Status.PASS
    return Check(code="unlabelled-replies", status=status, facts=numbers)


def set_aside_rows(case: Case) -> Check:
    """Check that every row of every file could be used."""
    n_rows = case.record.n_set_aside
    status = Status.WARN if n_rows else Status.PASS
    return Check(code="set-aside-rows", status=status, facts={"n": n_rows})


def _shares(case: Case) -> dict[Tells, Mapping[Arm, float]]:
    """Return the share of each arm's mailed contacts of whom the exports tell a thing."""
    shares: dict[Tells, Mapping[Arm, float]] = {}
    for what in _COMPARED:
        of_arm = {}
        for arm in Arm:
            mailed = [outcome for outcome in case.outcomes[arm] if outcome.contacted]
            told = sum(
                what in case.coverage.tells.get(outcome.contact.contact_id, ())
                for outcome in mailed
            )
            of_arm[arm] = told / len(mailed) if mailed else 0.0
        shares[what] = of_arm
    return shares
