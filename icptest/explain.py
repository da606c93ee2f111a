"""Explain: the lift of a settled test in parts, and at equal mix of the parts.

The counts are the verdict's own, cut another way: the parts of a trait add up to them. Nothing
here changes the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest import stats
from icptest.coverage import cover
from icptest.decision import Answer
from icptest.errors import Refusal
from icptest.evidence import exact_lift
from icptest.experiment import Arm
from icptest.outcomes import read_outcomes
from icptest.parts import Readable, parts_of, sum_of
from icptest.stats import NotEstimable, Stratum
from icptest.tallies import arms_by_campaign, by_arm, join_in_time
from icptest.traits import read_traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.evidence import Counts
    from icptest.outcomes import Outcome
    from icptest.parts import Part
    from icptest.record import Record
    from icptest.stats import StratifiedRatio
    from icptest.traits import Trait
    from icptest.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Breakdown:
    """The lift by one trait.

    Attributes:
        trait: What people are compared by.
        parts: The parts that hold anybody; they add up to the verdict's counts.
        equal_mix: The lift within the parts, put together.
        p_adjusted: Its p-value for "better than today's list", adjusted by Holm for all the
            traits looked at; None where there is none.
        everybody: Counts of all parts: the verdict's.
        compared: Counts of the parts that hold people of both lists.
        shifted: The part whose share on the two lists moves the lift the most in the direction in
            which it moved; None where it did not, or no such part can be read.
    """

    trait: Trait
    parts: tuple[Part, ...]
    equal_mix: StratifiedRatio
    p_adjusted: float | None
    everybody: Counts
    compared: Counts
    shifted: Part | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The lift of a settled test, in parts.

    Attributes:
        verdict: The verdict it belongs to.
        breakdowns: The lift by each trait that can be compared.
        untold: Traits that were not asked for by name and that not both lists tell.
    """

    verdict: Verdict
    breakdowns: tuple[Breakdown, ...]
    untold: tuple[Trait, ...]

    @property
    def n_parts(self) -> int:
        """How many parts were looked at."""
        return sum(len(breakdown.parts) for breakdown in self.breakdowns)


def explain(
    verdict: Verdict,
    record: Record,
    identifiers: Mapping[Identifier, int],
    folder: Path,
    *,
    by: Sequence[str] = (),
) -> Explanation:
    """Return the lift of a settled test in parts.

    Args:
        verdict: Of the same record.
        record: What is known of the test.
        identifiers: Whom every address and profile of the test names.
        folder: The folder of the test.
        by: Attributes and columns that were asked for; nothing: what both lists tell.

    Raises:
        Refusal: The replies are not in ("parts-too-early"), or a check stops the verdict
            ("parts-of-a-stopped-test").
        InputError: A trait or a list cannot be read.
    """
    _require_outcomes(verdict)
    reached = _reached(verdict, record)
    arms = {outcome.contact.contact_id: outcome.arm for outcome in reached}
    traits = read_traits(verdict.experiment, folder, identifiers, arms, by=by)
    shown = [trait for trait in traits if by or trait.told_by == frozenset(Arm)]
    breakdowns = [break_down(trait, reached, level=verdict.levels.rule) for trait in shown]
    return Explanation(
        verdict=verdict,
        breakdowns=_adjusted(breakdowns),
        untold=tuple(trait for trait in traits if trait not in shown),
    )


def _require_outcomes(verdict: Verdict) -> None:
    """Refuse whatever the verdict itself does not show."""
    name = verdict.experiment.name
    if verdict.decision.answer is Answer.INVALID:
        raise Refusal("parts-of-a-stopped-test", name=name, check=verdict.decision.reason)
    if verdict.evidence is None:
        raise Refusal("parts-too-early", name=name)


def _reached(verdict: Verdict, record: Record) -> tuple[Outcome, ...]:
    """Return the outcomes that the verdict counts, of everybody who was reached."""
    experiment = verdict.experiment
    record, _ = arms_by_campaign(experiment, record)
    outcomes, _ = read_outcomes(experiment, record, cover(record))
    arms, _ = join_in_time(experiment, by_arm(outcomes))
    return tuple(outcome for arm in Arm for outcome in arms[arm] if outcome.delivered)


def break_down(trait: Trait, reached: Iterable[Outcome], *, level: float) -> Breakdown:
    """Return the lift by one trait; its p-value is not adjusted yet.

    Args:
        trait: What people are compared by.
        reached: The outcomes of everybody who was reached.
        level: One-sided level of the verdict; the intervals are at confidence 1 - 2 x level.
    """
    confidence = 1 - 2 * level
    parts = tuple(
        replace(part, lift=exact_lift(part.counts, confidence))
        if part.readable is Readable.YES
        else part
        for part in parts_of(trait, reached)
    )
    equal_mix = stats.stratified_ratio(
        strata=[_stratum(part.counts) for part in parts], confidence_level=confidence
    )
    compared = sum_of(part.counts for part in parts if part.counts.comparable)
    return Breakdown(
        trait=trait,
        parts=parts,
        equal_mix=equal_mix,
        p_adjusted=None,
        everybody=sum_of(part.counts for part in parts),
        compared=compared,
        shifted=_shifted(parts, compared, equal_mix.estimate),
    )


def _shifted(parts: Iterable[Part], compared: Counts, ratio: float | NotEstimable) -> Part | None:
    """Return the part that moves the lift the most, from what equal mix makes it to what is seen.

    With the same ratio in every part, a list's rate is the sum of its shares times the rate each
    part has on today's list. What a part adds to the difference is the difference of its shares
    times how far its rate lies above the rate of today's list.
    """
    if isinstance(ratio, NotEstimable) or ratio == 0 or compared.ratio is None:
        return None
    moves: dict[int, float] = {}
    both = [part for part in parts if part.counts.comparable]
    rates = [
        (part.counts.control_events + part.counts.segment_events / ratio) / part.counts.people
        for part in both
    ]
    usual = sum(
        rate * part.counts.control_total / compared.control_total
        for rate, part in zip(rates, both, strict=True)
    )
    for place, (rate, part) in enumerate(zip(rates, both, strict=True)):
        shift = (
            part.counts.segment_total / compared.segment_total
            - part.counts.control_total / compared.control_total
        )
        moves[place] = shift * (rate - usual)
    total = sum(moves.values())
    if not moves or total == 0 or (total > 0) != (compared.ratio > ratio):
        return None
    most = max(moves, key=lambda place: moves[place] if total > 0 else -moves[place])
    return both[most] if both[most].readable is Readable.YES else None


def _adjusted(breakdowns: Sequence[Breakdown]) -> tuple[Breakdown, ...]:
    p_values = [one.equal_mix.p_value for one in breakdowns]
    known = [p_value for p_value in p_values if not isinstance(p_value, NotEstimable)]
    adjusted = iter(stats.adjust(known))
    return tuple(
        breakdown
        if isinstance(breakdown.equal_mix.p_value, NotEstimable)
        else replace(breakdown, p_adjusted=next(adjusted))
        for breakdown in breakdowns
    )


def _stratum(counts: Counts) -> Stratum:
    return Stratum(
        **counts.table,
    )
