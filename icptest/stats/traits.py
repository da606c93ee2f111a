"""The traits of one column: who has them, and how their tests are corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Equal p-values may differ in their last digits, by the order in which they were added up.
_TIE = 1.0 + 1e-9


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TraitColumn:
    """What one column tells of every member of the population.

    Attributes:
        codes: What the column says of each member; -1: nothing.
        offsets: Where the traits of a code begin in `traits`; one more than there are codes.
        traits: Traits of code 0, then of code 1, and so on, each once per code.
        n_traits: How many traits there are; they are numbered from 0.
        paired: Traits that are also looked at in pairs with those of other columns.
        pairs_within: Whether two traits of this column make a pair too.
    """

    codes: NDArray[np.int32]
    offsets: NDArray[np.int64]
    traits: NDArray[np.int32]
    n_traits: int
    paired: NDArray[np.int32]
    pairs_within: bool = False

    def counts(self, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Count the members with each trait, of all or of some."""
        codes = self.codes if rows is None else self.codes[rows]
        of_code = np.bincount(codes[codes >= 0], minlength=len(self.offsets) - 1)
        weights = np.repeat(of_code, np.diff(self.offsets))
        found = np.bincount(self.traits, weights=weights, minlength=self.n_traits)
        return np.rint(found).astype(np.int64)

    def having(self, trait: int) -> NDArray[np.bool_]:
        """Tell by code who has a trait; the last entry, which -1 finds, is no."""
        has = np.zeros(len(self.offsets), dtype=np.bool_)
        places = np.flatnonzero(self.traits == trait)
        has[np.searchsorted(self.offsets, places, side="right") - 1] = True
        return has


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TraitTests:
    """The traits of one column, or the pairs; one entry each in every array.

    Attributes:
        known: Members of the population of whom the trait is told.
        having: Members with it.
        known_drawn: Of those drawn, members of whom it is told.
        having_drawn: Of those drawn, members with it.
        p_values: Exact, one-sided, each by itself; 1 below the least number that is looked at.
        adjusted: For having looked at everything.
    """

    known: NDArray[np.int64]
    having: NDArray[np.int64]
    known_drawn: NDArray[np.int64]
    having_drawn: NDArray[np.int64]
    p_values: NDArray[np.float64]
    adjusted: NDArray[np.float64]


def adjusted_for(
    p_values: NDArray[np.float64], best: NDArray[np.float64], looks: int, share: float
) -> NDArray[np.float64]:
    """Return how often random searches find as small a p-value, never above Bonferroni's bound.

    The bound is below what so many draws can tell only where the p-value is tiny.
    """
    if not len(p_values):
        return p_values
    reached = np.searchsorted(np.sort(best), p_values * _TIE, side="right")
    chance = np.minimum((1 + reached) / (1 + len(best)), looks * p_values)
    # Draws are counted with an error; no correction makes a p-value smaller.
    raised = np.maximum(p_values, np.minimum(1.0, chance / share))
    adjusted: NDArray[np.float64] = np.where(p_values >= 1.0, 1.0, raised)
    return adjusted
