"""Rule odds: how often the registered rule would have scaled, at the baseline of this test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest import stats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.evidence import Counts
    from icptest.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleOdds:
    """What the registered rule does with lists like these.

    Attributes:
        baseline: Rate of positive replies of today's list, after allowing for luck.
        scaled: Chance that the rule says scale, by true lift: of equal lists, and of one at the
            threshold and one at one and a half times that, as far as rates go.
    """

    baseline: float
    scaled: Mapping[float, float]


def rule_odds(counts: Counts, protocol: Protocol, *, baseline: float, level: float) -> RuleOdds:
    """Return the odds of the registered rule at the sizes that were reached.

    Args:
        counts: For the people reached, per arm.
        protocol: The registered rule and threshold.
        baseline: Rate of positive replies of today's list, in (0, 1).
        level: One-sided level of the tests.
    """
    lifts = [
        lift for lift in (1.0, protocol.threshold, 1.5 * protocol.threshold) if lift * baseline <= 1
    ]
    chances = stats.power_many(
        control_rate=baseline,
        ratios=lifts,
        treatment_total=counts.segment_total,
        control_total=counts.control_total,
        rule=protocol.rule.value,
        alpha=level,
        threshold=protocol.threshold,
    )
    return RuleOdds(baseline=baseline, scaled=dict(zip(lifts, chances, strict=True)))
