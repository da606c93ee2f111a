"""Pairs of traits, each of another column: who has both, in a population and in samples of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icptest.stats.enrichment import enrichment_tails
from icptest.stats.traits import TraitTests, adjusted_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from icptest.stats.traits import TraitColumn

# Members counted at once, so that a large population takes little memory.
_BLOCK = 1 << 15


class TraitPairs:
    """The pairs: of all traits that are paired, each with those of other columns."""

    def __init__(
        self, columns: Sequence[TraitColumn], drawn: NDArray[np.int64], least: int
    ) -> None:
        self._columns = columns
        sizes = [len(one.paired) for one in columns]
        self._owner = np.repeat(np.arange(len(columns)), sizes)
        self._trait = np.array([one for column in columns for one in column.paired], dtype=np.int64)
        self._has = [_members(one) for one in columns]
        self.size = len(self._owner)
        within = np.array([one.pairs_within for one in columns], dtype=np.bool_)
        first, second = np.triu_indices(self.size, 1)
        apart = self._owner[first] != self._owner[second]
        if self.size:
            apart |= within[self._owner[first]]
        self.first, self.second = first[apart], second[apart]
        having, known = self._count(None)
        counts, told = self._count(drawn)
        self._having = having[self.first, self.second]
        self._known = known[self._owner[self.first], self._owner[self.second]]
        self._told = told[self._owner[self.first], self._owner[self.second]]
        self._counts = counts[self.first, self.second]
        # Pairs that cannot be shared by enough are not looked at.
        kept = (self._having >= least) & (self._told >= least)
        for name in ("first", "second", "_having", "_known", "_told", "_counts"):
            setattr(self, name, getattr(self, name)[kept])
        self.looks = len(self.first)
        self._table = np.ones((self.looks, len(drawn) + 1))
        for n in np.unique(self._told):
            rows = np.flatnonzero(self._told == n)
            self._table[rows, : n + 1] = enrichment_tails(
                population=self._known[rows], having=self._having[rows], drawn=int(n)
            )
        self._table[:, :least] = 1.0

    def _count(self, rows: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Count who has two traits, and of whom two columns tell."""
        n = len(self._columns)
        both, known = np.zeros((self.size, self.size)), np.zeros((n, n))
        total = 0 if not n else len(self._columns[0].codes) if rows is None else len(rows)
        for start in range(0, total if self.size else 0, _BLOCK):
            part = slice(start, start + _BLOCK)
            codes = [
                one.codes[part] if rows is None else one.codes[rows[part]] for one in self._columns
            ]
            has = self._matrix(codes)
            told = np.stack([one >= 0 for one in codes], axis=-1).astype(np.float32)
            both += has.T @ has
            known += told.T @ told
        return np.rint(both).astype(np.int64), np.rint(known).astype(np.int64)

    def _matrix(self, codes: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Return who has which of the paired traits; the traits are the last axis."""
        parts = [has[one] for has, one in zip(self._has, codes, strict=True)]
        return np.concatenate(parts, axis=-1).astype(np.float32)

    def smallest(self, codes: Sequence[NDArray[np.int32]]) -> NDArray[np.float64]:
        """Return the smallest p-value of each sample."""
        has = self._matrix(codes)
        both = np.matmul(has.transpose(0, 2, 1), has)
        counts = np.rint(both[:, self.first, self.second]).astype(np.int64)
        p_values: NDArray[np.float64] = self._table[np.arange(self.looks), counts].min(axis=1)
        return p_values

    def named(self) -> NDArray[np.int64]:
        """Return column and trait of both parts of each pair."""
        both = np.stack([self.first, self.second], axis=1)
        return np.stack([self._owner[both], self._trait[both]], axis=2)

    def tests(self, best: NDArray[np.float64], share: float) -> TraitTests:
        """Return the tests, corrected."""
        p_values = self._table[np.arange(self.looks), self._counts]
        return TraitTests(
            known=self._known,
            having=self._having,
            known_drawn=self._told,
            having_drawn=self._counts,
            p_values=p_values,
            adjusted=adjusted_for(p_values, best, self.looks, share),
        )


def _members(column: TraitColumn) -> NDArray[np.bool_]:
    """Return by code which paired traits it has; the last row, which -1 finds, has none."""
    n_codes = len(column.offsets) - 1
    has = np.zeros((n_codes + 1, len(column.paired)), dtype=np.bool_)
    place = np.full(column.n_traits, -1)
    place[column.paired] = np.arange(len(column.paired))
    codes = np.repeat(np.arange(n_codes), np.diff(column.offsets))
    wanted = place[column.traits]
    has[codes[wanted >= 0], wanted[wanted >= 0]] = True
    return has
