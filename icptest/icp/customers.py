"""Customers: the accounts of a file of customers, what they were worth, and who left.

Rows of one company make one account: by its domain, else by its name. What its rows say of the
company is put together; where they measure different things, as the deals of one company do, the
sum counts for what adds up, the longest tenure, and the mean time to close.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.icp.companies import CompanyKeys, name_key
from icptest.icp.days import date_orders, read_day
from icptest.icp.fields import Field
from icptest.icp.phrases import says_nothing
from icptest.icp.ranges import read_range
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.reading.records import Table
    from icptest.reading.times import DateOrder

MEASURES = (Field.LTV, Field.DAYS_TO_CLOSE, Field.TENURE, Field.EXPANSION, Field.REFERRALS)
"""What makes a customer good; of the days to close, few are better."""
_ADDED = frozenset((Field.LTV, Field.REFERRALS, Field.EXPANSION))
_DAYS = (Field.BOUGHT_ON, Field.CHURNED_ON, Field.OPENED_ON, Field.CLOSED_ON)
_YES = frozenset(("true", "yes", "y", "1", "churned", "canceled", "cancelled", "lost", "x", "t"))
_NO = frozenset(("false", "no", "n", "0", "active", "current", "retained", "none", "f"))
_LEAST_PARTS = 2


class Churn(StrEnum):
    """Whether a customer left."""

    STAYED = "stayed"
    LEFT = "left"
    DISAGREES = "disagrees"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A customer.

    Attributes:
        keys: What the company is found by in other lists: its domain, its name.
        name: As the file has it.
        cells: What its rows say, column by column.
        measures: What it was worth, as far as the file tells.
        bought_on: When it first bought.
        churn: Whether it left.
        row: Its first record, counted from 1.
    """

    keys: tuple[str, ...]
    name: str
    cells: tuple[str, ...]
    measures: Mapping[Field, float]
    bought_on: date | None
    churn: Churn
    row: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Customers:
    """A file of customers.

    Attributes:
        accounts: The companies, in the order of the file.
        n_rows: Rows that could be read.
        set_aside: Rows that could not, by reason.
        sources: Which column, or which two, each measure comes from.
        tells_churn: Whether a column tells who left.
        churn_columns: The columns that do.
        bought_on: The column that tells when they bought.
    """

    accounts: tuple[Account, ...]
    n_rows: int
    set_aside: Mapping[str, int]
    sources: Mapping[Field, str]
    tells_churn: bool
    churn_columns: tuple[str, ...]
    bought_on: str | None

    @property
    def n_merged(self) -> int:
        """Rows that stand for a company that another row stands for too."""
        return self.n_rows - len(self.accounts)


def read_customers(table: Table, columns: Columns, *, on: date) -> Customers:
    """Read a file of customers, one account per company.

    Args:
        table: The file.
        columns: What people have said about columns.
        on: Today: what lies ahead has not happened yet.

    Raises:
        InputError: It has no row ("icp-no-customers"), or its dates can be read in two ways.
    """
    header = table.header
    keys = CompanyKeys(header, columns)
    places = {one: columns.place(one, header) for one in (*MEASURES, *_DAYS, Field.CHURNED)}
    days = [place for one in _DAYS if (place := places[one]) is not None]
    orders = date_orders(table, days)
    groups: dict[str, list[tuple[int, list[str]]]] = {}
    set_aside: Counter[str] = Counter()
    n_rows = 0
    for row in table.rows():
        if isinstance(row, BadRow):
            set_aside[row.reason] += 1
            continue
        if all(says_nothing(cell) for cell in row.cells):
            continue
        n_rows += 1
        key = keys.domain(row.cells) or name_key(keys.name(row.cells))
        groups.setdefault(key or f"\0{row.record}", []).append((row.record, row.cells))
    if not n_rows:
        raise InputError("icp-no-customers", location=Location(file=str(table.path)))
    known = {one: place for one, place in places.items() if place is not None}
    reader = _Reader(known, orders, on)
    accounts = tuple(reader.account(rows, keys) for rows in groups.values())
    return Customers(
        accounts=accounts,
        n_rows=n_rows,
        set_aside=dict(set_aside),
        sources=_sources(known, header),
        tells_churn=Field.CHURNED in known or Field.CHURNED_ON in known,
        churn_columns=tuple(
            header[known[one]] for one in (Field.CHURNED, Field.CHURNED_ON) if one in known
        ),
        bought_on=header[known[Field.BOUGHT_ON]] if Field.BOUGHT_ON in known else None,
    )


def _sources(known: Mapping[Field, int], header: Sequence[str]) -> dict[Field, str]:
    found = {one: header[known[one]] for one in MEASURES if one in known}
    if Field.TENURE not in found and Field.BOUGHT_ON in known:
        found[Field.TENURE] = f"days since {header[known[Field.BOUGHT_ON]]}"
    closed = Field.CLOSED_ON if Field.CLOSED_ON in known else Field.BOUGHT_ON
    if Field.DAYS_TO_CLOSE not in found and {Field.OPENED_ON, closed} <= set(known):
        opened, ended = header[known[Field.OPENED_ON]], header[known[closed]]
        if opened != ended:
            found[Field.DAYS_TO_CLOSE] = f"days from {opened} to {ended}"
    return found


class _Reader:
    """What the rows of one company come to.

    Args:
        known: Where the columns stand.
        orders: Which figure of a date is the day.
        on: Today.
    """

    def __init__(
        self, known: Mapping[Field, int], orders: Mapping[int, DateOrder | None], on: date
    ) -> None:
        self._known = known
        self._orders = orders
        self._on = on

    def account(self, rows: Sequence[tuple[int, list[str]]], keys: CompanyKeys) -> Account:
        """Return the account that some rows are of."""
        cells = [row for _, row in rows]
        name = next(filter(None, map(keys.name, cells)), "")
        domain = next(filter(None, map(keys.domain, cells)), None)
        bought = [day for row in cells if (day := self._day(Field.BOUGHT_ON, row)) is not None]
        bought_on = min(bought, default=None)
        return Account(
            keys=tuple(filter(None, (domain, name_key(name)))),
            name=name or domain or "",
            cells=tuple(_joined(column) for column in zip(*cells, strict=True)),
            measures=self._measures(cells, bought_on),
            bought_on=bought_on,
            churn=self._churn(cells),
            row=rows[0][0],
        )

    def _day(self, one: Field, row: Sequence[str]) -> date | None:
        place = self._known.get(one)
        return None if place is None else read_day(row[place], self._orders.get(place))

    def _measures(self, rows: Sequence[list[str]], bought_on: date | None) -> dict[Field, float]:
        found = {}
        for one in MEASURES:
            if one in self._known:
                cells = [row[self._known[one]] for row in rows]
                numbers = [number for cell in cells if (number := _number(cell)) is not None]
                if numbers:
                    found[one] = _together(one, numbers, cells)
        if Field.TENURE not in self._known and bought_on is not None:
            left = [day for row in rows if (day := self._day(Field.CHURNED_ON, row)) is not None]
            until = min(max(left, default=self._on), self._on)
            if until >= bought_on:
                found[Field.TENURE] = float((until - bought_on).days)
        if Field.DAYS_TO_CLOSE not in self._known and Field.OPENED_ON in self._known:
            closed = Field.CLOSED_ON if Field.CLOSED_ON in self._known else Field.BOUGHT_ON
            taken = [
                (end - start).days
                for row in rows
                if (start := self._day(Field.OPENED_ON, row)) is not None
                and (end := self._day(closed, row)) is not None
                and end >= start
            ]
            if taken and self._known[Field.OPENED_ON] != self._known.get(closed):
                found[Field.DAYS_TO_CLOSE] = sum(taken) / len(taken)
        return found

    def _churn(self, rows: Sequence[list[str]]) -> Churn:
        """Tell whether a company left, by the flag and by the date; both must agree."""
        flag = None
        if Field.CHURNED in self._known:
            flags = {_flag(row[self._known[Field.CHURNED]]) for row in rows} - {None}
            if len(flags) == _LEAST_PARTS:
                return Churn.DISAGREES
            flag = next(iter(flags), None)
        if Field.CHURNED_ON not in self._known:
            return Churn.UNKNOWN if flag is None else Churn.LEFT if flag else Churn.STAYED
        days = [self._day(Field.CHURNED_ON, row) for row in rows]
        # A contract that ends ahead has not ended.
        dated = any(day is not None and day <= self._on for day in days)
        if flag is None:
            return Churn.LEFT if dated else Churn.STAYED
        if flag is not dated:
            return Churn.DISAGREES
        return Churn.LEFT if flag else Churn.STAYED


def _joined(cells: Sequence[str]) -> str:
    """Return what several rows say in one column, each once."""
    said = dict.fromkeys(cell.strip() for cell in cells if not says_nothing(cell))
    return "; ".join(said)


def _together(one: Field, numbers: Sequence[float], cells: Sequence[str]) -> float:
    if len(set(numbers)) == 1:  # the same said twice, as in a file of people
        return numbers[0]
    if one in _ADDED and not any("%" in cell for cell in cells):
        return sum(numbers)
    return max(numbers) if one is Field.TENURE else sum(numbers) / len(numbers)


def _number(cell: str) -> float | None:
    span = read_range(cell)
    if span is None:
        said = _flag(cell)
        return None if said is None else float(said)
    ends = [end for end in (span.low, span.high) if abs(end) != float("inf")]
    return sum(ends) / len(ends) if ends else None


def _flag(cell: str) -> bool | None:
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None
