"""Fragility: how few replies, judged otherwise, would have turned the decision.

Only a reply can be judged otherwise: a positive one may have been none, and any other one may
have been positive. Who did not reply, and who booked a meeting without a reply, stays as is.
The idea is the fragility index of trials (Walsh et al. 2014 J Clin Epidemiol 67:622), with both
arms and both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icptest.evidence import Counts
    from icptest.tallies import Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragility:
    """The fewest single replies that turn the decision.

    Attributes:
        n_replies: How many; None where no number of relabelled replies turns it.
        changes: Positive replies more (or fewer, negative) in each arm; of several ways with as
            few replies, the one with the most of them in the segment.
    """

    n_replies: int | None
    changes: Mapping[Arm, int]


def fragility(
    counts: Counts, tallies: Mapping[Arm, Tally], *, scales: Callable[[Counts], bool]
) -> Fragility:
    """Return the fewest relabelled replies that turn the decision.

    A scale is turned by fewer positive replies in the segment and more in control, a no-scale
    by the reverse. Each number in control is tried with the fewest in the segment that turn the
    decision with it, found by halving: with more of them it stays turned.

    Args:
        counts: Positive replies and people reached, per arm.
        tallies: For how many replies there are to relabel.
        scales: Whether the rule says scale, of counts.
    """
    answer = scales(counts)
    toward = -1 if answer else 1
    most = {
        Arm.SEGMENT: _room(tallies[Arm.SEGMENT], toward),
        Arm.CONTROL: _room(tallies[Arm.CONTROL], -toward),
    }
    best: tuple[int, int] | None = None

    def turned(n_segment: int, n_control: int) -> bool:
        changed = replace(
            counts,
            segment_events=counts.segment_events + toward * n_segment,
            control_events=counts.control_events - toward * n_control,
        )
        return scales(changed) != answer

    for n_control in range(most[Arm.CONTROL] + 1):
        limit = most[Arm.SEGMENT]
        if best is not None:
            if n_control >= sum(best):
                break
            limit = min(limit, sum(best) - n_control - 1)
        if turned(limit, n_control):
            best = _fewest(limit, n_control, turned), n_control
    if best is None:
        return Fragility(n_replies=None, changes=dict.fromkeys(Arm, 0))
    return Fragility(
        n_replies=sum(best),
        changes={Arm.CONTROL: -toward * best[1], Arm.SEGMENT: toward * best[0]},
    )


def _room(tally: Tally, toward: int) -> int:
    """Return how many replies of an arm can be relabelled towards more or fewer positive ones."""
    return tally.positive_replied if toward < 0 else tally.replied - tally.positive_replied


def _fewest(limit: int, n_control: int, turned: Callable[[int, int], bool]) -> int:
    """Return the fewest in the segment that turn it, knowing that `limit` does."""
    low, high = 0, limit
    while low < high:
        middle = (low + high) // 2
        if turned(middle, n_control):
            high = middle
        else:
            low = middle + 1
    return high
