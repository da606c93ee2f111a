"""Which of very many traits a few members of a population share, and whether that is luck.

Whoever looks at enough traits finds some that a random dozen shares. The p-values here are
therefore held against what the same search finds in dozens drawn at random: the smallest p-value
of each such search, everything that was looked at included (bands with their cut points, pairs).

References:
    Westfall & Young 1993 Resampling-Based Multiple Testing, section 2.3 (single-step minP);
    Phipson & Smyth 2010 SAGMB 9:39 (the + 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_count
from icptest.stats.enrichment import enrichment_tails

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DRAWS = 5_000
"""Random draws: at an adjusted p-value of 0.05 its standard error is 0.003."""
PAIR_SHARE = 0.2
"""What of the error pairs may use: there are far more of them, and they would drown the rest."""
_TIE = 1.0 + 1e-9
_DONORS = 4
_BLOCK = 1 << 15
_CELLS = 4_000_000
_FEW = 2_000


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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TraitSearch:
    """What a search found.

    Attributes:
        columns: Tests of each column's traits.
        pair_traits: Column and trait of both parts of each pair: shape (pairs, 2, 2).
        pairs: Their tests.
        looks: Traits and pairs that could have been found.
        draws: Random draws they were held against.
    """

    columns: tuple[TraitTests, ...]
    pair_traits: NDArray[np.int64]
    pairs: TraitTests
    looks: int
    draws: int


def trait_search(
    columns: Sequence[TraitColumn],
    *,
    population: int,
    drawn: NDArray[np.int64],
    at_least: int = 2,
    draws: int = DRAWS,
    seed: int = 1,
) -> TraitSearch:
    """Test every trait, every pair, and correct for having looked at all of them.

    The chance of even one false find is at most the level, however the traits depend on each
    other: the null is that the members drawn are a random sample of the population. Random
    samples are told as much as the real one: what a drawn member's column does not tell, where
    the real one's does, is taken from another random member.

    Args:
        columns: What is told of the members.
        population: How many members there are, those drawn among them.
        drawn: Which are drawn, each once; 1 to `population` of them.
        at_least: The fewest drawn members that must share a trait.
        draws: Random samples.
        seed: Of their random numbers.

    Returns:
        Tests of all traits and pairs, with adjusted p-values.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    check_count("population", population, at_least=max(1, len(drawn)))
    check_count("draws", draws, at_least=1)
    least = check_count("at_least", at_least, at_least=1)
    if not len(drawn):
        msg = "drawn must name at least one member."
        raise ValueError(msg)
    found = [_Single(column, drawn, least) for column in columns]
    pool = _Pool(columns, drawn, least)
    rng = np.random.default_rng(seed)
    best_single, best_pair = _null(found, pool, population, drawn, draws, rng)
    n_single = sum(one.looks for one in found)
    share = PAIR_SHARE if pool.looks and n_single else 1.0 if pool.looks else 0.0
    tests = tuple(one.tests(best_single, n_single, 1.0 - share) for one in found)
    return TraitSearch(
        columns=tests,
        pair_traits=pool.named(),
        pairs=pool.tests(best_pair, share),
        looks=n_single + pool.looks,
        draws=draws,
    )


def _null(
    found: Sequence[_Single],
    pool: _Pool,
    population: int,
    drawn: NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the smallest p-value of each random search, of traits and of pairs."""
    best_single, best_pair = np.ones(draws), np.ones(draws)
    widest = max([population if population <= _FEW else 1, len(pool.first), pool.size * len(drawn)])
    size = max(1, min(500, _CELLS // widest))
    for start in range(0, draws, size):
        stop = min(draws, start + size)
        rows = [_sample(rng, population, len(drawn), stop - start) for _ in range(1 + _DONORS)]
        told = []
        for one in found:
            codes = one.codes_of(rows, rng)
            best_single[start:stop] = np.minimum(best_single[start:stop], one.smallest(codes))
            told.append(codes)
        if pool.looks:
            best_pair[start:stop] = pool.smallest(told)
    return best_single, best_pair


def _sample(rng: np.random.Generator, population: int, n: int, size: int) -> NDArray[np.int64]:
    """Draw `size` samples of `n` different members, in random order."""
    if population <= max(_FEW, 4 * n):
        keys = rng.random((size, population))
        rows = np.argpartition(keys, n - 1, axis=1)[:, :n]
        return rng.permuted(rows, axis=1).astype(np.int64)
    rows = rng.integers(0, population, size=(size, n))
    while True:
        ordered = np.sort(rows, axis=1)
        twice = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if not len(twice):
            return rows
        rows[twice] = rng.integers(0, population, size=(len(twice), n))


class _Single:
    """The traits of one column."""

    def __init__(self, column: TraitColumn, drawn: NDArray[np.int64], least: int) -> None:
        self.column = column
        self.told = column.codes[drawn] >= 0
        self.known_rows = np.flatnonzero(column.codes >= 0)
        self.n = int(self.told.sum())
        self.having = column.counts()
        self.counts = column.counts(drawn)
        self.table = enrichment_tails(
            population=len(self.known_rows), having=self.having, drawn=self.n
        )
        self.table[:, :least] = 1.0
        self.looks = int((self.having >= least).sum()) if self.n >= least else 0

    def codes_of(
        self, rows: Sequence[NDArray[np.int64]], rng: np.random.Generator
    ) -> NDArray[np.int32]:
        """Return what the column tells of random samples, as much as of the real one."""
        codes = np.where(self.told, self.column.codes[rows[0]], -1)
        for other in rows[1:]:
            missing = self.told & (codes < 0)
            if not missing.any():
                return codes
            codes[missing] = self.column.codes[other[missing]]
        missing = self.told & (codes < 0)
        codes[missing] = self.column.codes[rng.choice(self.known_rows, int(missing.sum()))]
        return codes

    def smallest(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the smallest p-value of each sample."""
        size, n_traits = len(codes), self.column.n_traits
        if not self.looks:
            return np.ones(size)
        sample, place = np.nonzero(codes >= 0)
        code = codes[sample, place]
        starts, lengths = self.column.offsets[code], np.diff(self.column.offsets)[code]
        inside = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        traits = self.column.traits[np.repeat(starts, lengths) + inside]
        keys = np.repeat(sample, lengths) * n_traits + traits
        if size * n_traits <= _CELLS:
            counts = np.bincount(keys, minlength=size * n_traits)
            met = np.flatnonzero(counts > 1) if self.n > 1 else np.flatnonzero(counts)
            counts = counts[met]
        else:
            met, counts = np.unique(keys, return_counts=True)
        best = np.ones(size)
        np.minimum.at(best, met // n_traits, self.table[met % n_traits, counts])
        return best

    def tests(self, best: NDArray[np.float64], looks: int, share: float) -> TraitTests:
        """Return the tests, corrected."""
        p_values = self.table[np.arange(len(self.counts)), self.counts]
        return TraitTests(
            known=np.full(len(self.counts), len(self.known_rows)),
            having=self.having,
            known_drawn=np.full(len(self.counts), self.n),
            having_drawn=self.counts,
            p_values=p_values,
            adjusted=_adjusted(p_values, best, looks, share),
        )


class _Pool:
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
            adjusted=_adjusted(p_values, best, self.looks, share),
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


def _adjusted(
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
