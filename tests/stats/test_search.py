"""The search for shared traits: its error where there is nothing, its finds where there is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from icptest.stats import TraitColumn, TraitSearch, trait_search

BEST = 15
LEVEL = 0.05


def column(codes: Any, n: int, *, nested: bool = False) -> TraitColumn:
    """Return a column of one trait per code; nested: trait i is "at least i", as bands are."""
    held = [list(range(code + 1)) if nested else [code] for code in range(n)]
    return TraitColumn(
        codes=np.asarray(codes, dtype=np.int32),
        offsets=np.cumsum([0, *map(len, held)], dtype=np.int64),
        traits=np.array([one for some in held for one in some], dtype=np.int32),
        n_traits=n,
        paired=np.arange(n, dtype=np.int32),
    )


def market(rng: np.random.Generator, size: int = 300) -> list[TraitColumn]:
    """Return columns that depend on each other, some cells empty, the best told of more."""
    base = rng.integers(0, 6, size)
    columns = []
    for place in range(3):
        codes = np.where(rng.random(size) < 0.5, base, rng.integers(0, 6, size))
        empty = rng.random(size) < (0.0, 0.2, 0.5)[place]
        empty[:BEST] &= rng.random(BEST) < 0.5
        columns.append(column(np.where(empty, -1, codes), 6, nested=place == 0))
    return columns


def smallest(found: TraitSearch) -> float:
    """Return the smallest adjusted p-value of all."""
    return min(float(one.adjusted.min()) for one in (*found.columns, found.pairs))


def search(columns: list[TraitColumn], size: int = 300, draws: int = 250) -> TraitSearch:
    """Search with the first members drawn."""
    return trait_search(
        columns, population=size, drawn=np.arange(BEST), at_least=3, draws=draws, seed=7
    )


def test_finds_nothing_in_nothing_more_often_than_the_level() -> None:
    """Of 150 markets without a pattern at most 5 % show one, but for the error of counting."""
    n = 150
    hits = sum(smallest(search(market(np.random.default_rng(seed)))) <= LEVEL for seed in range(n))
    # Three standard errors of 150 counts at 5 %: 0.05 + 3 sqrt(.05 x .95 / 150) = 0.103.
    assert hits / n <= LEVEL + 3 * math.sqrt(LEVEL * (1 - LEVEL) / n)


def test_a_planted_trait_is_found() -> None:
    """12 of 15 against some 17 %: no search of random fifteens comes near it."""
    columns = market(np.random.default_rng(1))
    codes = columns[1].codes.copy()
    codes[:12], codes[12:BEST] = 4, 1
    found = search([columns[0], column(codes, 6), columns[2]], draws=2000)
    assert found.columns[1].having_drawn[4] == 12
    assert found.columns[1].adjusted[4] <= 0.005
    assert bool(np.all(found.columns[1].adjusted >= found.columns[1].p_values))


def test_one_look_costs_nothing() -> None:
    """With a single trait to look at, the adjusted p-value is the exact one, but for the draws."""
    codes = np.zeros(200, dtype=np.int32)
    codes[:9] = 1
    codes[100:140] = 1
    found = trait_search(
        [column(codes, 2)], population=200, drawn=np.arange(BEST), at_least=3, draws=5000
    ).columns[0]
    # The chance of 9 or more is 0.0025, of which 5,000 draws are off by 0.0007; that trait 0 is
    # as rare has a chance of its own, of the same size.
    exact = found.p_values[1]
    assert exact <= found.adjusted[1] <= 2 * exact + 0.002


def test_a_pair_is_found_whose_parts_are_nothing() -> None:
    """Half of everybody has each part, a quarter both; of the best 14 of 15 have both or none."""
    rng = np.random.default_rng(3)
    size = 3000
    first, second = rng.integers(0, 2, size), rng.integers(0, 2, size)
    first[:BEST] = [1] * 8 + [0] * 7
    second[:BEST] = [1] * 8 + [0] * 7
    found = search([column(first, 2), column(second, 2)], size=size, draws=1000)
    shown = {tuple(map(tuple, parts)) for parts in found.pair_traits.tolist()}
    assert ((0, 1), (1, 1)) in shown
    place = found.pair_traits.tolist().index([[0, 1], [1, 1]])
    assert found.pairs.having_drawn[place] == 8
    assert found.pairs.p_values[place] < found.columns[0].p_values[1]


def test_what_the_best_are_not_told_of_is_not_drawn_either() -> None:
    """A column told of 5 of the best is tested on 5, in every random sample too."""
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 3, 400).astype(np.int32)
    codes[rng.random(400) < 0.6] = -1
    codes[:BEST] = -1
    codes[:5] = 1
    found = search([column(codes, 3)], size=400, draws=2000).columns[0]
    assert set(found.known_drawn) == {5}
    # All 5 of 5 where a third has it: near 3^-5 = 0.0041 alone, times three traits at the most.
    assert 0.001 < found.p_values[1] <= found.adjusted[1] < 0.03


def test_the_same_seed_finds_the_same() -> None:
    """A result can be had again."""
    one, other = (search(market(np.random.default_rng(9))) for _ in range(2))
    assert smallest(one) == smallest(other)


def test_bad_arguments_are_refused() -> None:
    """Nobody can be drawn from nobody."""
    with pytest.raises(ValueError, match="population"):
        trait_search([], population=3, drawn=np.arange(4))
    with pytest.raises(ValueError, match="at least one"):
        trait_search([], population=3, drawn=np.arange(0))
