"""Mining: what the best customers share and the market does not, and what of it is no luck.

The best accounts are held against all companies of a market. Every attribute that both lists tell
is looked at: entries, places, bands of numbers, events before the purchase, and pairs. Each is
tested exactly and corrected for everything that was looked at (`icptest.stats.trait_search`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from icptest.errors import InputError, Location
from icptest.icp.best import Best, choose_best
from icptest.icp.census import Census, take_census
from icptest.icp.companies import CompanyKeys
from icptest.icp.counters import Attributes, criterion_of
from icptest.icp.customers import Customers, read_customers
from icptest.icp.days import date_orders
from icptest.icp.shared import Shared, TraitKind, find_shared
from icptest.stats import association_tail, trait_search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.fields import Field
    from icptest.reading.records import Table
    from icptest.stats import TraitSearch, TraitTests

ALPHA = 0.05
"""The chance that anything at all is called more than luck, where everything is."""
_CERTAIN = 0.005
_SHARED_BY = 5
_LEAST = 2
_SAME = 0.9


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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Mined:
    """What mining came to.

    Attributes:
        customers: The customers.
        best: The best of them.
        shared: The columns that both lists have.
        census: The market, counted.
        singles: Attributes, the least like luck first; of nested ones the foremost.
        unmatched: Attributes of the best that nobody in the market has: the files probably use
            different words, or other units, so that they are no patterns.
        pairs: Pairs that say more than both of their parts, and are not luck.
        looks: How many attributes, bands and pairs were looked at.
        least: How many of the best must share an attribute.
    """

    customers: Customers
    best: Best
    shared: Shared
    census: Census
    singles: tuple[Trait, ...]
    unmatched: tuple[Finding, ...]
    pairs: tuple[Finding, ...]
    looks: int
    least: int


def mine(
    customers: Table,
    market: Table,
    columns: Columns,
    *,
    n_best: int,
    measures: Sequence[Field],
    on: date,
    draws: int | None = None,
) -> Mined:
    """Look for what the best customers share.

    Args:
        customers: Their file.
        market: The base they are held against.
        columns: What people have said about columns.
        n_best: How many of them are the best.
        measures: What ranks them.
        on: The day on which the market's events are judged.
        draws: Random searches; None: as many as usual.

    Raises:
        InputError: A file cannot be used, the files share no column ("icp-nothing-shared"),
            nothing ranks the customers ("icp-no-measure"), or the market is smaller than the
            customers ("icp-base-too-small").
    """
    read = read_customers(customers, columns, on=on)
    best = choose_best(read, asked=n_best, measures=measures, file=str(customers.path))
    shared = find_shared(
        customers,
        market,
        columns,
        keys=CompanyKeys(market.header, columns).places,
        tells_purchase=any(one.bought_on is not None for one in best.accounts),
    )
    if not shared.columns:
        raise InputError(
            "icp-nothing-shared",
            location=Location(file=str(customers.path), line=1),
            base=str(market.path),
            ours=", ".join(customers.header),
            theirs=", ".join(market.header),
        )
    dated = [
        one.customers for one in shared.columns if one.kind in {TraitKind.EVENT, TraitKind.AGE}
    ]
    least = max(_LEAST, math.ceil(len(best.accounts) / _SHARED_BY))
    census = take_census(
        market,
        columns,
        shared.columns,
        best.accounts,
        n_customers=len(read.accounts),
        customer_orders=date_orders(customers, dated),
        on=on,
        least=least,
    )
    more = {} if draws is None else {"draws": draws}
    search = trait_search(
        [one.traits for one in census.attributes],
        population=census.population,
        drawn=census.drawn,
        at_least=least,
        **more,
    )
    everything = [
        _trait(census, search.columns[place], place, trait)
        for place in range(len(census.attributes))
        for trait in np.flatnonzero(search.columns[place].p_values < 1.0).tolist()
    ]
    everything.sort(
        key=lambda one: (
            one.finding.p_value,
            -one.finding.best.having,
            _width(one.finding.criteria[0]),
        )
    )
    return Mined(
        customers=read,
        best=best,
        shared=shared,
        census=census,
        singles=tuple(_foremost((one for one in everything if one.finding.market.having), census)),
        unmatched=tuple(
            one.finding
            for one in _foremost((o for o in everything if not o.finding.market.having), census)
        ),
        pairs=tuple(one for one in _pairs(census, search) if one.market.having),
        looks=search.looks,
        least=least,
    )


def _trait(census: Census, tests: TraitTests, column: int, trait: int) -> Trait:
    attributes = census.attributes[column]
    # The best that are not in the market are members of the population, and of no market.
    outside = attributes.traits.codes[census.drawn[census.drawn >= census.n_market]]
    having = int(attributes.traits.having(trait)[outside].sum())
    finding = Finding(
        criteria=(criterion_of(attributes, trait),),
        best=Share(
            having=int(tests.having_drawn[trait]),
            known=int(tests.known_drawn[trait]),
        ),
        market=Share(
            having=int(tests.having[trait]) - having,
            known=int(tests.known[trait]) - int((outside >= 0).sum()),
        ),
        p_value=float(tests.p_values[trait]),
        adjusted=float(tests.adjusted[trait]),
    )
    return Trait(finding=finding, column=column, trait=trait)


def _width(asked: Criterion) -> tuple[bool, float]:
    """Return how wide a band is: of two that hold the same, the open or narrower one is clearer.

    "51-200" and "50-200" hold the same where a list writes "51-200", and only the first is told
    of every row.
    """
    if not asked.spans:
        return False, 0.0
    low, high = asked.spans[0].low, asked.spans[0].high
    if math.isinf(low) or math.isinf(high):
        return False, high if math.isinf(low) else -low
    return True, high - low


def _foremost(found: Iterable[Trait], census: Census) -> Iterable[Trait]:
    """Leave out what says again what stands before it.

    Bands, places and times hold each other: one of each column is enough. An attribute says the
    same as another that the same of the best have, and nearly the same of the market.
    """
    nested: set[int] = set()
    seen: dict[bytes, list[NDArray[np.bool_]]] = {}
    for one in found:
        attributes = census.attributes[one.column]
        if attributes.nested:
            if one.column in nested:
                continue
            nested.add(one.column)
        codes, has = attributes.traits.codes, attributes.traits.having(one.trait)
        same = seen.setdefault(has[codes[census.drawn]].tobytes(), [])
        if one.finding.luck is not Luck.COULD_BE:
            has = has[codes]
            if any((has & other).sum() >= _SAME * (has | other).sum() for other in same):
                continue
            same.append(has)
        yield one


def who_has(attributes: Attributes, trait: int) -> NDArray[np.bool_]:
    """Tell of every member whether it is known to have an attribute."""
    found: NDArray[np.bool_] = attributes.traits.having(trait)[attributes.traits.codes]
    return found


def _pairs(census: Census, search: TraitSearch) -> Iterable[Finding]:
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
