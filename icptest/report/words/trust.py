"""How far an answer can be trusted: what other labels, or other chances, would have made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.experiment import Arm
from icptest.report.words.numbers import (
    count,
    expected,
    lift,
    odds,
    percent,
    share,
    small,
    the,
    threshold,
)
from icptest.stats import NotEstimable
from icptest.verdict import LABEL_FIRST

if TYPE_CHECKING:
    from icptest.bounds import Bounds
    from icptest.fragility import Fragility
    from icptest.pooled import Pooled
    from icptest.rule_odds import RuleOdds
    from icptest.stats import Posterior
    from icptest.verdict import Verdict
    from icptest.worth import Worth


def trust_lines(verdict: Verdict) -> list[str]:
    """Return what would have turned the answer, one line each."""
    lines = []
    if verdict.design_effect > 1:
        lines.append(_clustering(verdict))
    lines += _levels(verdict)
    if verdict.bounds is not None:
        lines.append(_bounds(verdict, verdict.bounds))
    if verdict.fragility is not None:
        lines.append(_fragility(verdict.fragility))
    if verdict.pooled is not None:
        lines.append(_pooled(verdict.pooled))
    if verdict.rule_odds is not None:
        lines.append(_odds(verdict.rule_odds))
    return lines


def belief_line(verdict: Verdict, belief: Posterior) -> str:
    """Return the lift that is believed after allowing for luck."""
    bar = verdict.experiment.protocol.threshold
    return (
        f"After allowing for luck the lift is about {lift(belief.median)} ({lift(belief.low)} "
        f"to {lift(belief.high)}). Chances: better than today's list "
        f"{share(belief.prob_ratio_above(1.0))}, {threshold(bar)} or more "
        f"{share(belief.prob_ratio_above(bar))}."
    )


def worth_line(worth: Worth) -> str:
    """Return what mailing the rest of the new list should bring."""
    if worth.n_left == 0:
        return "Nobody of the new list is left to mail."
    return (
        f"{count(worth.n_left, 'company', 'companies')} of the new list "
        f"{'is' if worth.n_left == 1 else 'are'} left, worth about {expected(worth.from_segment)} "
        f"positive replies; as many of today's list, about {expected(worth.from_control)}."
    )


def worth_of_scaling(worth: Worth | None) -> str:
    """Return how much a "scale" is worth, to stand behind its sentence; nothing if unknown."""
    if worth is None:
        return ""
    if worth.n_left == 0:
        return " Nobody of it is left to mail."
    gain = worth.from_segment - worth.from_control
    more = f"about {expected(gain)} positive replies more" if gain >= _A_TENTH else "no more"
    return (
        f" On the {count(worth.n_left, 'company', 'companies')} left of it that brings {more} "
        "than today's list would."
    )


_A_TENTH = 0.05
"""Below this a gain is written as 0.0."""


def _levels(verdict: Verdict) -> list[str]:
    """Return how the luck that is allowed is shared; nothing where one look has all of it."""
    protocol, levels = verdict.experiment.protocol, verdict.levels
    alone = protocol.looks == 1 and verdict.family_size == 1
    if alone or not verdict.settled:
        return []
    shared = []
    if protocol.looks > 1:
        shared.append(f"over {protocol.looks} looks, of which this is number {verdict.look}")
    if verdict.family_size > 1:
        shared.append(f"between {verdict.family_size} tests against one list")
    line = f"The {small(protocol.alpha)} of luck that is allowed is shared {' and '.join(shared)}"
    if not levels.may_stop:
        return [f"{line}: too little is left for this look to scale anything."]
    return [f"{line}: here the rule may pass by luck {small(levels.rule)} of the time."]


def _pooled(pooled: Pooled) -> str:
    """Return the reading together with the tests that this one repeats."""
    counts = (
        f"{pooled.segment_events:,} of {pooled.segment_total:,} against "
        f"{pooled.control_events:,} of {pooled.control_total:,}"
    )
    seen = pooled.lift
    said = "there is no lift to read"
    if not isinstance(seen.estimate, NotEstimable) and not isinstance(seen.low, NotEstimable):
        end = f"{lift(seen.low)} or more"
        if not isinstance(seen.high, NotEstimable):
            end = f"{lift(seen.low)} to {lift(seen.high)}"
        said = f"the lift is {lift(seen.estimate)} ({end})"
    return (
        f"Together with {' and '.join(pooled.names)}, which it repeats, {said}: {counts}. That "
        "decides nothing: who repeats a test has seen its numbers."
    )


def _clustering(verdict: Verdict) -> str:
    """Return what it costs that several people of one company were mailed."""
    reached = sum(tally.delivered for tally in verdict.tallies.values())
    return (
        "Several people of one company were mailed, and answer alike: the tests take the "
        f"{count(reached, 'person', 'people')} reached for about "
        f"{round(reached / verdict.design_effect):,}."
    )


def _odds(found: RuleOdds) -> str:
    """Return what the registered rule does at this baseline."""
    (_, equal), *others = found.scaled.items()
    said = [f"an equal list {odds(equal)}"]
    said += [f"a true {threshold(true)} list {share(chance)}" for true, chance in others]
    return (
        f"At this baseline ({percent(found.baseline)}) this rule scales "
        f"{', '.join(said)} of the time."
    )


def _bounds(verdict: Verdict, bounds: Bounds) -> str:
    """Return what the unlabelled replies could make of the counts."""
    best, worst = bounds.best, bounds.worst
    return (
        "With the unlabelled replies, positive ones could be anything from "
        f"{best.segment_events} on the new list and {best.control_events} on today's to "
        f"{worst.segment_events} and {worst.control_events}"
        + ("." if verdict.decision.reason == LABEL_FIRST else ": the answer is the same.")
    )


def _fragility(found: Fragility) -> str:
    """Return how few replies, judged otherwise, turn the answer."""
    if found.n_replies is None:
        return "No reply, judged otherwise, would turn the answer."
    changes = " and ".join(
        f"{abs(found.changes[arm])} {'more' if found.changes[arm] > 0 else 'fewer'} "
        f"positive on {the(arm)}"
        for arm in (Arm.SEGMENT, Arm.CONTROL)
        if found.changes[arm]
    )
    return (
        f"{count(found.n_replies, 'reply', 'replies')} judged otherwise would turn the answer: "
        f"{changes}."
    )
