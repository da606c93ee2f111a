"""Churn: whether the customers who left share an attribute that those who stayed do not.

Which attributes are tried depends on how many customers have them, never on who left; every one
that is tried is paid for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.icp.companies import CompanyKeys
from icptest.icp.customer_attributes import attributes_of
from icptest.icp.days import date_orders, read_day
from icptest.icp.fields import Field
from icptest.icp.outcome import Outcome, read_outcome
from icptest.icp.phrases import says_nothing
from icptest.icp.trend import LEVEL, Part, Rise, Trend, judge_together, make_trend
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.customer_attributes import Attribute
    from icptest.reading.records import Table

LEAST = 3
"""The fewest customers that must have an attribute, and not have it, for it to be tried."""
SHOWN = 3
_FURTHER = 40
_YES = frozenset(("true", "yes", "y", "1", "t", "x", "churned", "canceled", "cancelled", "left"))
_NO = frozenset(("false", "no", "n", "0", "f", "active", "kept", "retained", "current", "stayed"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """An attribute, and churn with it against churn without it."""

    attribute: Attribute
    trend: Trend


@dataclass(frozen=True, kw_only=True, slots=True)
class Churn:
    """Who left, and whether they share anything.

    Attributes:
        columns: The columns that tell who left: a flag, a day, or both.
        n_customers: Companies of which it is known.
        n_churned: Of those, companies that left.
        n_unknown: Customers of which no column tells it.
        n_flag_alone: Companies said to have left without a day on which they did; in neither.
        n_day_alone: Companies with a day, said not to have left; in neither.
        n_mixed: Companies whose rows say both; in neither.
        n_tried: Attributes that enough customers have, and have not.
        clusters: Those beyond luck, else the strongest that could be luck.
        at_least: Where nothing can be told: how many customers would have to leave, all of them
            with one attribute, to tell it; None where something can, or no number is enough.
    """

    columns: tuple[str, ...]
    n_customers: int = 0
    n_churned: int = 0
    n_unknown: int = 0
    n_flag_alone: int = 0
    n_day_alone: int = 0
    n_mixed: int = 0
    n_tried: int = 0
    clusters: tuple[Cluster, ...] = ()
    at_least: int | None = None

    @property
    def n_disagreeing(self) -> int:
        """Companies of which the columns contradict each other."""
        return self.n_flag_alone + self.n_day_alone + self.n_mixed

    @property
    def rise(self) -> Rise:
        """What the strongest of them comes to."""
        nobody = not self.n_churned or self.n_churned == self.n_customers
        if not self.n_tried or nobody or self.at_least is not None:
            return Rise.CANNOT_TELL
        return self.clusters[0].trend.rise if self.clusters else Rise.NOT_RISING


def read_churn(table: Table, columns: Columns, *, outcome: int | None, on: date) -> Churn | None:
    """Look for attributes that those who left share.

    Args:
        table: Customers, or deals; of deals, companies with a deal that was won are customers.
        columns: What people have said about columns.
        outcome: Where the column stands that says what became of a deal; None: all are customers.
        on: Today: who leaves later has not left.

    Returns:
        None where no column tells who left.

    Raises:
        InputError: The days can be read in two ways.
    """
    flag, day = (columns.place(one, table.header) for one in (Field.CHURNED, Field.CHURNED_ON))
    told = [place for place in (flag, day) if place is not None]
    if not told:
        return None
    customers = _customers(table, columns, outcome)
    orders = date_orders(table, [] if day is None else [day])

    def left(row: Sequence[str]) -> bool | None:
        return None if flag is None else _flag(row[flag])

    def left_on(row: Sequence[str]) -> date | None:
        return None if day is None else read_day(row[day], orders[day])

    counts: Counter[str] = Counter()
    known: list[tuple[list[list[str]], bool]] = []
    for rows in customers:
        flags = {left(row) for row in rows} - {None}
        dated = any(when is not None and when <= on for when in map(left_on, rows))
        fate = _fate(flags, dated=dated, has_flag=flag is not None, has_day=day is not None)
        counts[fate] += 1
        if fate in {"left", "stayed"}:
            known.append((rows, fate == "left"))
    found = Churn(
        columns=tuple(table.header[place] for place in told),
        n_customers=len(known),
        n_churned=counts["left"],
        n_unknown=counts["unknown"],
        n_flag_alone=counts["flag alone"],
        n_day_alone=counts["day alone"],
        n_mixed=counts["mixed"],
    )
    return _with_clusters(found, known, table.header, columns, outcome)


def _customers(table: Table, columns: Columns, outcome: int | None) -> list[list[list[str]]]:
    """Return the rows of every customer."""
    keys = CompanyKeys(table.header, columns)
    groups: dict[str, list[list[str]]] = {}
    won: set[str] = set()
    for row in table.rows():
        if isinstance(row, BadRow) or all(map(says_nothing, row.cells)):
            continue
        key = keys.key(row.cells) or f"row {row.record}"
        groups.setdefault(key, []).append(row.cells)
        if outcome is None or (
            read_outcome(row.cells[outcome], table.header[outcome]) is Outcome.WON
        ):
            won.add(key)
    return [rows for key, rows in groups.items() if key in won]


def _fate(flags: set[bool | None], *, dated: bool, has_flag: bool, has_day: bool) -> str:
    """Return what the two columns say together; where they disagree neither is believed."""
    if len(flags) > 1:
        return "mixed"
    flag = next(iter(flags), None)
    if not has_day:
        return "unknown" if flag is None else "left" if flag else "stayed"
    if has_flag and flag is not None and flag is not dated:
        return "flag alone" if flag else "day alone"
    return "left" if dated else "stayed"


def _flag(cell: str) -> bool | None:
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def _with_clusters(
    found: Churn,
    known: Sequence[tuple[list[list[str]], bool]],
    header: Sequence[str],
    columns: Columns,
    outcome: int | None,
) -> Churn:
    rows = [row for row, _ in known]
    members: dict[tuple[frozenset[int], frozenset[int]], Attribute] = {}
    for attribute, having, telling in attributes_of(rows, header, columns, outcome):
        others = telling - having
        if len(having) >= LEAST and len(others) >= LEAST:
            # Two columns that say the same of everybody are one attribute.
            members.setdefault((frozenset(having), frozenset(others)), attribute)
    gone = {place for place, (_, left) in enumerate(known) if left}
    trends = judge_together(
        [
            make_trend(
                Part(n=len(having & gone), of=len(having)),
                Part(n=len(others & gone), of=len(others)),
            )
            for having, others in members
        ],
        whether_tellable=False,
    )
    clusters = [
        Cluster(attribute=attribute, trend=trend)
        for attribute, trend in zip(members.values(), trends, strict=True)
    ]
    clusters.sort(key=lambda one: (one.trend.adjusted, one.trend.p_value))
    beyond = [one for one in clusters if one.trend.rise is Rise.BEYOND_LUCK]
    rising = [one for one in clusters if one.trend.first.rate > one.trend.other.rate]
    shown = beyond[:SHOWN] or [
        replace(one, trend=replace(one.trend, rise=Rise.COULD_BE_LUCK)) for one in rising[:1]
    ]
    return replace(
        found,
        n_tried=len(clusters),
        clusters=tuple(shown),
        at_least=None if beyond else _at_least([one for one, _ in members], found),
    )


def _at_least(having: Sequence[frozenset[int]], churn: Churn) -> int | None:
    """Return how many would have to leave to tell anything, where those who left are too few."""
    n, tried = churn.n_customers, len(having)
    sizes = sorted({len(one) for one in having if len(one) < n})

    def tells(left: int) -> bool:
        return any(_passes(min(left, size), size, n - size, left, tried) for size in sizes)

    if not sizes or tells(churn.n_churned):
        return None
    more = range(churn.n_churned + 1, min(n, churn.n_churned + _FURTHER))
    return next((left for left in more if tells(left)), None)


def _passes(having: int, size: int, others: int, left: int, tried: int) -> bool:
    trend = make_trend(Part(n=having, of=size), Part(n=left - having, of=others))
    return trend.p_value is not None and trend.p_value * tried <= LEVEL
