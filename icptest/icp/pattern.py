"""Patterns: what several of the best customers share, how many of the market do, and its luck."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icptest.icp.criteria import Criterion

ALPHA = 0.05
"""The chance that anything at all is called more than luck, where everything is."""
_CERTAIN = 0.005


class Luck(StrEnum):
    """How a pattern stands after everything that was looked at."""

    NOT_LUCK = "not-luck"
    UNLIKELY = "unlikely"
    COULD_BE = "could-be"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many have something.

    Attributes:
        having: Companies that have it.
        known: Companies of which it is told.
    """

    having: int
    known: int

    @property
    def rate(self) -> float:
        """The share, of those of which it is told."""
        return self.having / self.known if self.known else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """An attribute, or a pair of attributes, that several of the best share.

    Attributes:
        criteria: The filter it comes to; of a pair, both.
        best: How many of the best have it.
        market: How many of the market have it.
        p_value: Exact and one-sided, by itself.
        adjusted: For everything that was looked at.
    """

    criteria: tuple[Criterion, ...]
    best: Share
    market: Share
    p_value: float
    adjusted: float

    @property
    def luck(self) -> Luck:
        """Whether it could be luck."""
        if self.adjusted > ALPHA:
            return Luck.COULD_BE
        return Luck.NOT_LUCK if self.adjusted <= _CERTAIN else Luck.UNLIKELY


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trait:
    """Where a finding stands, for whoever goes on counting.

    Attributes:
        finding: What was found.
        column: Number of its column.
        trait: Number of the attribute in it.
    """

    finding: Finding
    column: int
    trait: int
