"""Pairs of attributes that say more than both of their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icptest.icp.counted import criterion_of, who_has
from icptest.icp.pattern import ALPHA, Finding, Share
from icptest.stats import association_tail

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from icptest.icp.census import Census
    from icptest.stats import TraitSearch


def find_pairs(census: Census, search: TraitSearch) -> Iterable[Finding]:
    """Return pairs that are not luck, and that their parts do not explain."""
    tests = search.pairs
    order = np.lexsort((-tests.having_drawn, tests.p_values))
    seen: set[tuple[tuple[int, int], ...]] = set()
    for place in order[tests.adjusted[order] <= ALPHA].tolist():
        parts = [(int(column), int(trait)) for column, trait in search.pair_traits[place]]
        nested = [census.attributes[column].nested for column, _ in parts]
        name = tuple(
            (column, -1 if holds else trait)
            for (column, trait), holds in zip(parts, nested, strict=True)
        )
        if name in seen or not _says_more(census, search, place, parts):
            continue
        seen.add(name)
        ours = [census.attributes[column] for column, _ in parts]
        has = [who_has(one, trait) for one, (_, trait) in zip(ours, parts, strict=True)]
        told = [one.traits.codes[: census.n_market] >= 0 for one in ours]
        yield Finding(
            criteria=tuple(
                criterion_of(one, trait) for one, (_, trait) in zip(ours, parts, strict=True)
            ),
            best=Share(having=int(tests.having_drawn[place]), known=int(tests.known_drawn[place])),
            market=Share(
                having=int((has[0] & has[1])[: census.n_market].sum()),
                known=int((told[0] & told[1]).sum()),
            ),
            p_value=float(tests.p_values[place]),
            adjusted=float(tests.adjusted[place]),
        )


def _says_more(
    census: Census, search: TraitSearch, place: int, parts: Sequence[tuple[int, int]]
) -> bool:
    """Tell whether a pair is rarer than both parts, and not what its parts lead one to expect.

    Where a part is a pattern by itself, the best must have both together more often than the
    best's own numbers of each, and the market's tie between the two, explain.
    """
    p_value = float(search.pairs.p_values[place])
    alone = []
    for column, trait in parts:
        tests = search.columns[column]
        nested = census.attributes[column].nested
        p_values, adjusted = tests.p_values, tests.adjusted
        if p_value >= (p_values.min() if nested else p_values[trait]):
            return False
        alone.append(bool((adjusted.min() if nested else adjusted[trait]) <= ALPHA))
    if not any(alone):
        return True
    ours = [census.attributes[column] for column, _ in parts]
    told = (ours[0].traits.codes >= 0) & (ours[1].traits.codes >= 0)
    first, second = (
        who_has(one, trait) & told for one, (_, trait) in zip(ours, parts, strict=True)
    )
    inside = np.zeros(census.population, dtype=np.bool_)
    inside[census.drawn] = True
    both, n = first & second, int((told & inside).sum())
    tail = association_tail(
        both=int((both & inside).sum()),
        first=int((first & inside).sum()),
        second=int((second & inside).sum()),
        total=n,
        odds=_odds_ratio(first & ~inside, second & ~inside, int((told & ~inside).sum())),
    )
    return tail <= ALPHA


def _odds_ratio(first: NDArray[np.bool_], second: NDArray[np.bool_], total: int) -> float:
    """Return the market's odds ratio of two attributes; a half in each cell keeps it finite."""
    both, n_first, n_second = int((first & second).sum()), int(first.sum()), int(second.sum())
    one, other = n_first - both, n_second - both
    neither = total - both - one - other
    return (both + 0.5) * (neither + 0.5) / ((one + 0.5) * (other + 0.5))
