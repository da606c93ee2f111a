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
from icptest.stats.trait_pairs import TraitPairs
from icptest.stats.traits import TraitColumn, TraitTests, adjusted_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DRAWS = 5_000
"""Random draws: at an adjusted p-value of 0.05 its standard error is 0.003."""
PAIR_SHARE = 0.2
"""What of the error pairs may use: there are far more of them, and they would drown the rest."""
_DONORS = 4
_CELLS = 4_000_000
_FEW = 2_000


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
    pool = TraitPairs(columns, drawn, least)
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
    pool: TraitPairs,
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
            adjusted=adjusted_for(p_values, best, looks, share),
        )
