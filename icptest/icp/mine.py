"""Mining: what the best customers share and the market does not, and what of it is no luck.

The best accounts are held against all companies of a market. Every attribute that both lists tell
is looked at: entries, places, bands of numbers, events before the purchase, and pairs. Each is
tested exactly and corrected for everything that was looked at (`icptest.stats.trait_search`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.errors import InputError, Location
from icptest.icp.best import Best, choose_best
from icptest.icp.census import Census, take_census
from icptest.icp.companies import CompanyKeys
from icptest.icp.counted import criterion_of
from icptest.icp.customers import Customers, read_customers
from icptest.icp.days import date_orders
from icptest.icp.pairs import find_pairs
from icptest.icp.pattern import Finding, Luck, Share, Trait
from icptest.icp.shared import Shared, TraitKind, find_shared
from icptest.stats import trait_search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.fields import Field
    from icptest.reading.records import Table
    from icptest.stats import TraitTests

_SHARED_BY = 5
_LEAST = 2
_SAME = 0.9


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
        pairs=tuple(one for one in find_pairs(census, search) if one.market.having),
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
