"""Pooled: a test read together with those it repeats. It decides nothing.

Each test is a stratum of its own: lists, weeks and copy may differ between them, the lift is what
they have in common. Who repeats a test because it did not scale has chosen it by its numbers, so
that the pooled lift leans to one side; the fresh test alone does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest import stats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.evidence import Counts
    from icptest.stats import StratifiedRatio


@dataclass(frozen=True, kw_only=True, slots=True)
class Pooled:
    """The lift of positive replies over several tests.

    Attributes:
        names: The tests that are repeated, the newest first.
        control_events: Positive replies on today's list, all tests together.
        control_total: People of it reached.
        segment_events: Positive replies on the new list.
        segment_total: People of it reached.
        lift: Mantel and Haenszel's ratio with the stratified score interval.
    """

    names: tuple[str, ...]
    control_events: int
    control_total: int
    segment_events: int
    segment_total: int
    lift: StratifiedRatio


def pool(counts: Counts, repeated: Mapping[str, Counts], *, confidence: float) -> Pooled:
    """Return the pooled reading.

    Args:
        counts: Of the test itself.
        repeated: Of those it repeats, by name, the newest first.
        confidence: Two-sided, of the interval.
    """
    every = (counts, *repeated.values())
    return Pooled(
        names=tuple(repeated),
        control_events=sum(one.control_events for one in every),
        control_total=sum(one.control_total for one in every),
        segment_events=sum(one.segment_events for one in every),
        segment_total=sum(one.segment_total for one in every),
        lift=stats.stratified_ratio(
            strata=[
                stats.Stratum(
                    **one.table,
                )
                for one in every
            ],
            confidence_level=confidence,
        ),
    )
