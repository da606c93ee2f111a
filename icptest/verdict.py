"""Verdict: the questions in their order; the first that bites answers.

1. A check says stop                               -> invalid
2. A contact is neither settled nor never mailed   -> not-yet
3. Unlabelled replies could turn it                -> not-yet (label-first)
4. The rule                                        -> scale or no-scale
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from icptest.bounds import bounds_of
from icptest.business_days import deadline
from icptest.checks import Case, Status, run_checks
from icptest.coverage import cover
from icptest.decision import Answer, Decision, decide, lift_reached, scales
from icptest.evidence import chance_of_luck, counts_of, weigh
from icptest.experiment import Arm
from icptest.fragility import fragility
from icptest.outcomes import read_outcomes
from icptest.rule_odds import rule_odds
from icptest.tallies import Measure, arms_by_campaign, by_arm, join_in_time, tally
from icptest.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.bounds import Bounds
    from icptest.checks import Check
    from icptest.evidence import Evidence
    from icptest.experiment import Experiment
    from icptest.fragility import Fragility
    from icptest.outcomes import Outcome, Sending
    from icptest.record import Record
    from icptest.rule_odds import RuleOdds
    from icptest.tallies import Tally
    from icptest.worth import Worth

NOT_SETTLED = "not-settled"
LABEL_FIRST = "label-first"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer, and everything it rests on.

    Attributes:
        experiment: The registration.
        digest: Its frozen digest.
        as_of: The time it speaks of, aware UTC.
        decision: The answer and its reason.
        article_scales: What the article's rule alone says; None before the replies are in.
        settles_at: When the last window closes, as far as the first touches are known.
        sending: How far the sending is.
        tallies: The counts by arm.
        evidence: Rates, lifts and tests; None before the replies are in.
        luck: How often equal lists of these sizes would show the threshold; None where no
            rate can be read.
        bounds: What the unlabelled replies could be; None where there are none or before the
            replies are in.
        fragility: The fewest replies that turn the decision; None where there is none yet.
        rule_odds: How often the registered rule scales lists of a known lift at this baseline;
            None before the replies are in.
        worth: What mailing the rest of the new list should bring; None where nobody knows how
            many are left, or before the replies are in.
        peeked: Whether outcomes are shown although the replies are not in.
        checks: All checks.
        level: One-sided level of the tests.
        n_peeks: How often somebody looked early, this time included.
        look: Number of the newest batch.
    """

    experiment: Experiment
    digest: str
    as_of: datetime
    decision: Decision
    article_scales: bool | None
    settles_at: datetime | None
    sending: Sending
    tallies: Mapping[Arm, Tally]
    evidence: Evidence | None
    luck: float | None
    bounds: Bounds | None
    fragility: Fragility | None
    rule_odds: RuleOdds | None
    worth: Worth | None
    peeked: bool
    checks: tuple[Check, ...]
    level: float
    n_peeks: int
    look: int = 1

    @property
    def settled(self) -> bool:
        """Whether the replies of every contact are in."""
        return all(one.assigned > 0 and one.unsettled == 0 for one in self.tallies.values())


def judge(
    experiment: Experiment,
    record: Record,
    *,
    as_of: datetime,
    digest: str,
    registration_intact: bool,
    changed_lists: tuple[Arm, ...] = (),
    accepted: Mapping[str, str],
    accepted_at: Mapping[str, int] | None = None,
    n_peeks: int,
    n_left: int | None = None,
    peek: bool = False,
) -> Verdict:
    """Judge a test.

    Args:
        experiment: The registration.
        record: What is known as of `as_of`.
        as_of: The time the verdict speaks of, aware UTC.
        digest: The frozen digest of the registration.
        registration_intact: Whether the file still has it.
        changed_lists: Arms of which the copy of the list is not the one the file states.
        accepted: Reasons for going on in spite of a stop, by code of the check.
        accepted_at: Newest batch when they were given, by code.
        n_peeks: How often somebody looked before the replies were in, this time included.
        n_left: Companies of the new list that the test has not used; None where nobody knows.
        peek: Show the outcomes although the replies are not in.
    """
    record, n_in_both = arms_by_campaign(experiment, record)
    coverage = cover(record)
    outcomes, sending = read_outcomes(experiment, record, coverage)
    arms, n_apart = join_in_time(experiment, by_arm(outcomes))
    tallies = {arm: tally(arms[arm], apart=n_apart if arm is Arm.CONTROL else 0) for arm in Arm}
    # Shared evenly: however the batches hang together, all looks spend alpha at most.
    level = experiment.protocol.alpha / experiment.protocol.looks
    case = Case(
        experiment=experiment,
        record=record,
        coverage=coverage,
        outcomes=arms,
        tallies=tallies,
        sending=sending,
        n_in_both=n_in_both,
        registration_intact=registration_intact,
        changed_lists=changed_lists,
        n_peeks=n_peeks,
    )
    checks = run_checks(case, accepted=accepted, accepted_at=accepted_at)
    settled = case.settled
    counts = counts_of(tallies, Measure.POSITIVE)
    shown = counts.comparable and (settled or peek)
    protocol = experiment.protocol
    bounds = bounds_of(counts, tallies, protocol, level=level) if shown else None
    decision = _decision(case, checks, bounds, level=level)
    decided = decision.answer in {Answer.SCALE, Answer.NO_SCALE}
    evidence = weigh(tallies, protocol, experiment.prior, level=level) if shown else None
    belief = None if evidence is None else evidence.belief
    return Verdict(
        experiment=experiment,
        digest=digest,
        as_of=as_of,
        decision=decision,
        article_scales=lift_reached(counts, protocol.threshold) if shown else None,
        settles_at=_settles_at(experiment, arms, sending),
        sending=sending,
        tallies=tallies,
        evidence=evidence,
        luck=chance_of_luck(counts, protocol) if shown else None,
        bounds=bounds,
        fragility=fragility(counts, tallies, scales=partial(scales, protocol=protocol, level=level))
        if decided
        else None,
        rule_odds=None
        if belief is None
        else rule_odds(counts, protocol, baseline=belief.control_rate, level=level),
        worth=None if belief is None or n_left is None else worth_of(n_left, belief),
        peeked=peek and not settled,
        checks=checks,
        level=level,
        n_peeks=n_peeks,
        look=case.look,
    )


def _decision(
    case: Case, checks: tuple[Check, ...], bounds: Bounds | None, *, level: float
) -> Decision:
    for check in checks:
        if check.status is Status.STOP:
            return Decision(answer=Answer.INVALID, reason=check.code)
    if not case.settled:
        return Decision(answer=Answer.NOT_YET, reason=NOT_SETTLED)
    counts = counts_of(case.tallies, Measure.POSITIVE)
    if not counts.comparable:
        # Accepting a stop cannot make a rate out of nobody.
        return Decision(answer=Answer.INVALID, reason="size-reached")
    if bounds is not None and not bounds.agree:
        return Decision(answer=Answer.NOT_YET, reason=LABEL_FIRST)
    return decide(counts, case.experiment.protocol, level=level)


def _settles_at(
    experiment: Experiment, arms: Mapping[Arm, tuple[Outcome, ...]], sending: Sending
) -> datetime | None:
    """Return when the last window closes; while sending goes on, at the latest it should."""
    deadlines = [
        outcome.deadline
        for group in arms.values()
        for outcome in group
        if outcome.deadline is not None and outcome.delivered
    ]
    if sending.over_at is not None and not sending.is_over:
        deadlines.append(
            deadline(
                sending.over_at,
                business_days=experiment.protocol.settle_business_days,
                zone=experiment.zone,
                country=experiment.holidays,
            )
        )
    return max(deadlines, default=None)
