"""Bounds: what the unlabelled replies could make of the counts, and whether that matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.decision import scales
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.evidence import Counts
    from icptest.levels import Levels
    from icptest.protocol import Protocol
    from icptest.tallies import Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """The two ends of what the replies nobody has labelled could be.

    Attributes:
        best: Counts with all of them positive in the segment and none in control.
        worst: Counts with all of them positive in control and none in the segment.
        best_scales: Whether the rule says scale of the best.
        worst_scales: Whether it does of the worst.
    """

    best: Counts
    worst: Counts
    best_scales: bool
    worst_scales: bool

    @property
    def agree(self) -> bool:
        """Whether the answer is the same whatever the replies are."""
        return self.best_scales == self.worst_scales


def bounds_of(
    counts: Counts, tallies: Mapping[Arm, Tally], protocol: Protocol, *, levels: Levels
) -> Bounds | None:
    """Return the bounds; None where every reply has a label.

    Args:
        counts: Positive replies and people reached, per arm.
        tallies: For the unlabelled replies.
        protocol: The registered rule.
        levels: One-sided levels of the tests.
    """
    extra = {arm: tallies[arm].unlabelled for arm in Arm}
    if not any(extra.values()):
        return None
    best = replace(counts, segment_events=counts.segment_events + extra[Arm.SEGMENT])
    worst = replace(counts, control_events=counts.control_events + extra[Arm.CONTROL])
    return Bounds(
        best=best,
        worst=worst,
        best_scales=scales(best, protocol, levels=levels),
        worst_scales=scales(worst, protocol, levels=levels),
    )
