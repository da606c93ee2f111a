"""Evidence: what the tallies say of rates and lifts, as intervals and exact tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypedDict

from icptest import stats
from icptest.experiment import Arm
from icptest.tallies import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.protocol import Protocol
    from icptest.stats import Posterior, Prior, RateInterval, RatioDecision, RatioInterval
    from icptest.tallies import Tally


class Table(TypedDict):
    """The counts by the names that `icptest.stats` gives them."""

    treatment_events: int
    treatment_total: int
    control_events: int
    control_total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Events of both arms and the contacts they could have come from.

    `design_effect` is how much more their rates vary than those of independent contacts.
    """

    control_events: int
    control_total: int
    segment_events: int
    segment_total: int
    design_effect: float = 1.0

    @property
    def table(self) -> Table:
        """The counts as arguments of `icptest.stats`."""
        return Table(
            treatment_events=self.segment_events,
            treatment_total=self.segment_total,
            control_events=self.control_events,
            control_total=self.control_total,
        )

    @property
    def comparable(self) -> bool:
        """Whether a rate can be read at all: both arms reached somebody."""
        return self.control_total > 0 and self.segment_total > 0

    @property
    def people(self) -> int:
        """The contacts of both arms."""
        return self.control_total + self.segment_total

    @property
    def ratio(self) -> float | None:
        """The observed lift; None without control events or people of the segment."""
        if not self.control_events or not self.segment_total:
            return None
        return (self.segment_events * self.control_total) / (
            self.control_events * self.segment_total
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the data say.

    Attributes:
        rates: Wilson intervals by arm and measure.
        lifts: Intervals of the ratio segment rate / control rate by measure.
        belief: What is believed of the lift of positive replies after allowing for luck.
        better: Exact test of the null "lift <= 1" for positive replies.
        reaches_threshold: Exact test of the null "lift <= threshold".
        misses_threshold: Exact test of the null "lift >= threshold".
    """

    rates: Mapping[Arm, Mapping[Measure, RateInterval]]
    lifts: Mapping[Measure, RatioInterval]
    belief: Posterior
    better: RatioDecision
    reaches_threshold: RatioDecision
    misses_threshold: RatioDecision


def counts_of(
    tallies: Mapping[Arm, Tally], measure: Measure, *, design_effect: float = 1.0
) -> Counts:
    """Return the counts of one measure."""
    control, segment = tallies[Arm.CONTROL], tallies[Arm.SEGMENT]
    return Counts(
        control_events=control.events(measure),
        control_total=control.delivered,
        segment_events=segment.events(measure),
        segment_total=segment.delivered,
        design_effect=design_effect,
    )


def weigh(
    tallies: Mapping[Arm, Tally],
    counts: Mapping[Measure, Counts],
    protocol: Protocol,
    prior: Prior,
    *,
    level: float,
    misses_level: float,
) -> Evidence:
    """Return the evidence of settled arms, each with at least one contact reached.

    Args:
        tallies: The counts by arm.
        counts: Those of both arms by measure, each with its own design effect.
        protocol: For the threshold.
        prior: What was believed before.
        level: One-sided level of the tests of "lift <= 1" and "lift <= threshold"; the intervals
            are at confidence 1 - 2 x level.
        misses_level: That of "lift >= threshold".
    """
    confidence = 1 - 2 * level
    bar = protocol.threshold
    positive = counts[Measure.POSITIVE]
    return Evidence(
        rates={
            arm: {
                measure: stats.wilson_interval(
                    events=tallies[arm].events(measure),
                    total=tallies[arm].delivered,
                    confidence_level=confidence,
                )
                for measure in Measure
            }
            for arm in Arm
        },
        lifts={
            measure: exact_lift(positive, confidence)
            if measure is Measure.POSITIVE
            else _score_lift(counts[measure], confidence)
            for measure in Measure
        },
        belief=stats.posterior(
            **positive.table,
            prior=prior,
        ),
        better=exceeds(positive, ratio=1.0, alternative="greater", level=level),
        reaches_threshold=exceeds(positive, ratio=bar, alternative="greater", level=level),
        misses_threshold=exceeds(positive, ratio=bar, alternative="less", level=misses_level),
    )


def chance_of_luck(counts: Counts, protocol: Protocol) -> float | None:
    """Return how often two equal lists of these sizes would show the threshold or more.

    At the rate of both arms together; None where nobody replied positively, or everybody.
    """
    rate = (counts.control_events + counts.segment_events) / (
        counts.control_total + counts.segment_total
    )
    if not 0 < rate < 1:
        return None
    return stats.power(
        control_rate=rate,
        ratio=1.0,
        treatment_total=counts.segment_total,
        control_total=counts.control_total,
        rule="lift",
        alpha=protocol.alpha,
        threshold=protocol.threshold,
    )


@lru_cache(maxsize=256)
def exceeds(
    counts: Counts, *, ratio: float, alternative: Literal["greater", "less"], level: float
) -> RatioDecision:
    """Return whether the exact test of a ratio passes, its interval agreeing."""
    return stats.ratio_exceeds(
        **counts.table,
        null_ratio=ratio,
        alternative=alternative,
        level=level,
        design_effect=counts.design_effect,
        need_end=False,
    )


@lru_cache(maxsize=4096)
def passes_quickly(
    counts: Counts,
    *,
    ratio: float,
    level: float,
    alternative: Literal["greater", "less"] = "greater",
) -> bool:
    """Return whether the exact test of a ratio passes; its interval is not searched."""
    return stats.ratio_passes(
        **counts.table,
        null_ratio=ratio,
        alternative=alternative,
        level=level,
        design_effect=counts.design_effect,
    )


@lru_cache(maxsize=256)
def exact_lift(counts: Counts, confidence: float) -> RatioInterval:
    """Return the exact interval of a lift, at a two-sided confidence."""
    return stats.exact_interval(
        **counts.table,
        confidence_level=confidence,
        design_effect=counts.design_effect,
    )


def _score_lift(counts: Counts, confidence: float) -> RatioInterval:
    return stats.score_interval(
        **counts.table,
        confidence_level=confidence,
        design_effect=counts.design_effect,
    )
