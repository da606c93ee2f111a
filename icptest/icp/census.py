"""Census: a market counted once, row by row, and the best customers in it.

A million rows go through here in one pass; what is kept of each is a number per column.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from icptest.errors import InputError, Location
from icptest.icp.companies import CompanyKeys, name_key
from icptest.icp.counters import Counter, counter_of
from icptest.icp.days import date_orders
from icptest.icp.shared import SharedColumn, TraitKind
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from icptest.icp.columns import Columns
    from icptest.icp.counted import Attributes
    from icptest.icp.customers import Account
    from icptest.reading.records import Table
    from icptest.reading.times import DateOrder

_CHUNK = 1_000
"""Rows at a time: with many more alive, the collector of garbage looks at them over and over."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Census:
    """A market and the best customers, counted.

    Attributes:
        attributes: What is told of them.
        population: Members: the market's companies, and the best that are not among them.
        n_market: Of those, companies of the market: the first ones.
        drawn: Where the best stand, in their order.
        n_rows: Rows of the market that could be read.
        n_merged: Rows of a company that stood in an earlier row.
        n_contained: Of the best, how many are in the market.
        set_aside: Rows that could not be read, by reason.
    """

    attributes: tuple[Attributes, ...]
    population: int
    n_market: int
    drawn: NDArray[np.int64]
    n_rows: int
    n_merged: int
    n_contained: int
    set_aside: Mapping[str, int]


def take_census(
    market: Table,
    columns: Columns,
    shared: Sequence[SharedColumn],
    best: Sequence[Account],
    *,
    n_customers: int,
    customer_orders: Mapping[int, DateOrder | None],
    on: date,
    least: int,
) -> Census:
    """Count a market.

    Args:
        market: The list.
        columns: What people have said about columns.
        shared: The columns to count.
        best: The best customers.
        n_customers: How many customers there are.
        customer_orders: Which figure is the day, in the customers' columns.
        on: The day on which the market's events are judged.
        least: The fewest that must share an attribute.

    Raises:
        InputError: The market has fewer companies than there are customers
            ("icp-base-too-small"), or its dates can be read in two ways.
    """
    dated = [one.market for one in shared if one.kind in {TraitKind.EVENT, TraitKind.AGE}]
    orders = date_orders(market, dated)
    counters = [counter_of(one, orders.get(one.market), on) for one in shared]
    rows = _Rows(market, columns, best)
    rows.read(counters)
    if rows.n_kept < n_customers:
        raise InputError(
            "icp-base-too-small",
            location=Location(file=str(market.path)),
            n=rows.n_kept,
            customers=n_customers,
        )
    drawn = np.empty(len(best), dtype=np.int64)
    n = rows.n_kept
    for place in range(len(best)):
        if place in rows.found:
            drawn[place] = rows.found[place][0]
        else:
            drawn[place] = n
            n += 1
    attributes = []
    for counter, one in zip(counters, shared, strict=True):
        counter.close(rows.kept, n)
        order = customer_orders.get(one.customers)
        for place, account in enumerate(best):
            cells = rows.found.get(place, (0, None))[1]
            counter.put(int(drawn[place]), account, cells, order)
        attributes.append(counter.attributes(least))
    return Census(
        attributes=tuple(attributes),
        population=n,
        n_market=rows.n_kept,
        drawn=drawn,
        n_rows=rows.n_rows,
        n_merged=rows.n_rows - rows.n_kept,
        n_contained=len(rows.found),
        set_aside=dict(rows.set_aside),
    )


class _Rows:
    """The rows of a market: which are a company seen before, and which are customers."""

    def __init__(self, market: Table, columns: Columns, best: Sequence[Account]) -> None:
        self._market = market
        self._keys = CompanyKeys(market.header, columns)
        self._wanted = {key: place for place, one in enumerate(best) for key in one.keys}
        self._by_name = any(len(one.keys) == 1 for one in best)
        self.set_aside: Tally[str] = Tally()
        self.n_rows = 0
        self.n_kept = 0
        self.kept: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self.found: dict[int, tuple[int, list[str]]] = {}
        """Of a best customer: where it stands among the rows kept, and its cells."""

    def read(self, counters: Sequence[Counter]) -> None:
        """Read the market once."""
        seen: set[int] = set()
        kept = bytearray()
        wanted, keys, by_name = self._wanted, self._keys, self._by_name
        for cells in self._chunks():
            for counter in counters:
                counter.take(cells)
            for row in cells:
                domain = keys.domain(row)
                name = "" if domain is not None and not by_name else name_key(keys.name(row))
                key = domain or name
                # Two companies share a hash once in some billion markets of this size.
                number = hash(key) if key else 0
                if key and number in seen:
                    kept.append(0)
                    continue
                if key:
                    seen.add(number)
                place = wanted.get(key)
                if place is None and name:
                    place = wanted.get(name)
                if place is not None and place not in self.found:
                    self.found[place] = (self.n_kept, row)
                kept.append(1)
                self.n_kept += 1
            self.n_rows += len(cells)
        self.kept = np.frombuffer(bytes(kept), dtype=np.uint8).astype(np.bool_)

    def _chunks(self) -> Iterator[list[list[str]]]:
        rows = self._market.rows()
        while chunk := list(islice(rows, _CHUNK)):
            cells = []
            for row in chunk:
                if isinstance(row, BadRow):
                    self.set_aside[row.reason] += 1
                else:
                    cells.append(row[2])
            yield cells
