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
from icptest.checks import Status, run_checks
from icptest.decision import Answer, Decision, decide, lift_reached, scales
from icptest.evidence import chance_of_luck, counts_of, weigh
from icptest.fragility import fragility
from icptest.pooled import pool
from icptest.rule_odds import rule_odds
from icptest.tallies import Measure
from icptest.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.bounds import Bounds
    from icptest.case import Case
    from icptest.checks import Check
    from icptest.evidence import Counts, Evidence
    from icptest.experiment import Arm, Experiment
    from icptest.fragility import Fragility
    from icptest.levels import Levels
    from icptest.outcomes import Outcome, Sending
    from icptest.pooled import Pooled
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
        pooled: The reading together with the tests that this one repeats; None where it repeats
            none, or before the replies are in.
        peeked: Whether outcomes are shown although the replies are not in.
        checks: All checks.
        levels: One-sided levels of the tests.
        family_size: How many tests share alpha, this one included.
        design_effects: How much more the rates vary than those of single people, by what is
            counted: above 1 only where several people of one company were mailed.
        n_peeks: How often somebody looked early, this time included.
        look: Number of the newest batch.
        n_later: How many exports were taken after `as_of`, and so are not counted.
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
    pooled: Pooled | None
    peeked: bool
    checks: tuple[Check, ...]
    levels: Levels
    family_size: int
    design_effects: Mapping[Measure, float]
    n_peeks: int
    look: int
    n_later: int = 0

    @property
    def design_effect(self) -> float:
        """That of positive replies, which decide."""
        return self.design_effects[Measure.POSITIVE]

    @property
    def settled(self) -> bool:
        """Whether the replies of every contact are in."""
        return all(one.assigned > 0 and one.unsettled == 0 for one in self.tallies.values())


def judged_counts(verdict: Verdict) -> Counts:
    """Return the positive replies and people reached that a verdict rests on."""
    return counts_of(verdict.tallies, Measure.POSITIVE, design_effect=verdict.design_effect)


def judge(
    case: Case,
    *,
    as_of: datetime,
    digest: str,
    accepted: Mapping[str, str],
    accepted_at: Mapping[str, int] | None = None,
    n_left: int | None = None,
    repeated: Mapping[str, Counts] | None = None,
    peek: bool = False,
    answer_alone: bool = False,
) -> Verdict:
    """Judge a test.

    Args:
        case: The test and what is known of it as of `as_of`.
        as_of: The time the verdict speaks of, aware UTC.
        digest: The frozen digest of the registration.
        accepted: Reasons for going on in spite of a stop, by code of the check.
        accepted_at: Newest batch when they were given, by code.
        n_left: Companies of the new list that the test has not used; None where nobody knows.
        repeated: Settled counts of the tests that this one repeats, by name, the newest first.
        peek: Show the outcomes although the replies are not in.
        answer_alone: Leave out what explains the answer: evidence, luck, fragility, odds.
    """
    experiment, protocol, levels = case.experiment, case.experiment.protocol, case.levels
    measured = {measure: case.counts_of(measure) for measure in Measure}
    counts = measured[Measure.POSITIVE]
    checks = run_checks(case, accepted=accepted, accepted_at=accepted_at)
    shown = counts.comparable and (case.settled or peek)
    bounds = bounds_of(counts, case.tallies, protocol, levels=levels) if shown else None
    decision = _decision(case, checks, bounds, counts, levels)
    decided = decision.answer in {Answer.SCALE, Answer.NO_SCALE} and not answer_alone
    shown = shown and not answer_alone
    evidence = None
    if shown:
        evidence = weigh(
            case.tallies,
            measured,
            protocol,
            experiment.prior,
            level=levels.rule,
            misses_level=levels.misses,
        )
    belief = None if evidence is None else evidence.belief
    return Verdict(
        experiment=experiment,
        digest=digest,
        as_of=as_of,
        decision=decision,
        article_scales=lift_reached(counts, protocol.threshold) if shown else None,
        settles_at=_settles_at(experiment, case.outcomes, case.sending),
        sending=case.sending,
        tallies=case.tallies,
        evidence=evidence,
        luck=chance_of_luck(counts, protocol) if shown else None,
        bounds=bounds,
        fragility=fragility(
            counts, case.tallies, scales=partial(scales, protocol=protocol, levels=levels)
        )
        if decided
        else None,
        rule_odds=None
        if belief is None
        else rule_odds(counts, protocol, baseline=belief.control_rate, level=levels.rule),
        worth=None if belief is None or n_left is None else worth_of(n_left, belief),
        pooled=pool(counts, repeated, confidence=1 - 2 * levels.rule)
        if shown and repeated
        else None,
        peeked=peek and not case.settled,
        checks=checks,
        levels=levels,
        family_size=len(case.rivals) + 1,
        design_effects={measure: each.design_effect for measure, each in measured.items()},
        n_peeks=case.n_peeks,
        look=case.look,
        n_later=case.record.n_later,
    )


def _decision(
    case: Case,
    checks: tuple[Check, ...],
    bounds: Bounds | None,
    counts: Counts,
    levels: Levels,
) -> Decision:
    for check in checks:
        if check.status is Status.STOP:
            return Decision(answer=Answer.INVALID, reason=check.code)
    if not case.settled:
        return Decision(answer=Answer.NOT_YET, reason=NOT_SETTLED)
    if not counts.comparable:
        # Accepting a stop cannot make a rate out of nobody.
        return Decision(answer=Answer.INVALID, reason="size-reached")
    if bounds is not None and not bounds.agree:
        return Decision(answer=Answer.NOT_YET, reason=LABEL_FIRST)
    return decide(counts, case.experiment.protocol, levels=levels)


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
