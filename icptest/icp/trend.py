"""A trend: a share of a recent period against the same share of the time before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from icptest.stats import RatioInterval, adjust, exact_interval, exact_test

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL = 0.05
"""How often one family of tests may call luck a rise: 1 time in 20."""
CONFIDENCE = 0.9
"""Of every interval: each end alone is wrong 1 time in 20, as the one-sided tests are."""
MOST = 400
"""The largest number of companies that is tried when it is asked how many it would take."""


class Rise(StrEnum):
    """What a trend comes to."""

    BEYOND_LUCK = "beyond-luck"
    COULD_BE_LUCK = "could-be-luck"
    NOT_RISING = "not-rising"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """So many of so many."""

    n: int
    of: int

    @property
    def rate(self) -> float:
        """The share; 0 where there is nobody."""
        return self.n / self.of if self.of else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """One share, tested.

    Attributes:
        first: The share that is asked about: of the recent period, of those with an attribute.
        other: What it is held against: of the time before, of those without.
        p_value: Of the exact one-sided test that the first is no larger; None: nobody to test.
        adjusted: The same after Holm's correction for how many were tested together.
        rise: What it comes to.
        interval: The ratio of the shares; None where it was not asked for, or nobody is there.
        at_least: Where nothing can be told: the fewest of `first.of` that could tell it, if all
            of them had it; None where more alone would not do.
    """

    first: Part
    other: Part
    p_value: float | None
    adjusted: float | None = None
    rise: Rise = Rise.CANNOT_TELL
    interval: RatioInterval | None = None
    at_least: int | None = None


def make_trend(first: Part, other: Part) -> Trend:
    """Test whether the first share is larger, not yet corrected."""
    if not first.of or not other.of:
        return Trend(first=first, other=other, p_value=None)
    return Trend(first=first, other=other, p_value=p_of(first, other))


@lru_cache(maxsize=4096)
def p_of(first: Part, other: Part) -> float:
    """Return the p-value of the exact unconditional test that the first share is no larger."""
    return exact_test(
        treatment_events=first.n,
        treatment_total=first.of,
        control_events=other.n,
        control_total=other.of,
    ).p_value


def judge_together(trends: Sequence[Trend], *, whether_tellable: bool = True) -> list[Trend]:
    """Correct trends for being several, and say what each comes to.

    Args:
        trends: Tested together.
        whether_tellable: Whether to ask of each if it could have passed at all; one that could
            not tells nothing, neither a rise nor none.
    """
    tested = [one.p_value for one in trends if one.p_value is not None]
    adjusted = iter(adjust(tested))
    return [
        one
        if one.p_value is None
        else _judged(one, next(adjusted), len(tested) if whether_tellable else None)
        for one in trends
    ]


def _judged(one: Trend, adjusted: float, n_tested: int | None) -> Trend:
    if adjusted <= LEVEL:
        return replace(one, adjusted=adjusted, rise=Rise.BEYOND_LUCK)
    there = one.first.of
    if n_tested is not None and p_of(Part(n=there, of=there), one.other) * n_tested > LEVEL:
        return replace(one, adjusted=adjusted, at_least=_at_least(there, one.other, n_tested))
    rising = one.first.rate > one.other.rate
    return replace(one, adjusted=adjusted, rise=Rise.COULD_BE_LUCK if rising else Rise.NOT_RISING)


def _at_least(there: int, other: Part, n_tested: int) -> int | None:
    """Return the fewest that could tell, were all of them to have it."""
    low, high = there, MOST
    if p_of(Part(n=high, of=high), other) * n_tested > LEVEL:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if p_of(Part(n=middle, of=middle), other) * n_tested > LEVEL:
            low = middle
        else:
            high = middle
    return high


def with_interval(one: Trend) -> Trend:
    """Return a trend with the exact interval of its ratio; that takes half a second."""
    if one.p_value is None or one.rise is Rise.CANNOT_TELL:
        return one
    interval = exact_interval(
        treatment_events=one.first.n,
        treatment_total=one.first.of,
        control_events=one.other.n,
        control_total=one.other.of,
        confidence_level=CONFIDENCE,
    )
    return replace(one, interval=interval)
