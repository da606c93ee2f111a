"""Deals: who was won and who was lost in a recent period, and in the time before it.

A company counts once in a period: among the won where any of its deals was won, and among the
decided as its last deal came out. What is true of a company is true of all of its deals, and ten
deals with it are no ten witnesses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.icp.asked_of import AskedOf, together
from icptest.icp.companies import CompanyKeys
from icptest.icp.deal_days import DealDays
from icptest.icp.outcome import Outcome, read_outcome
from icptest.icp.phrases import says_nothing
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.icp.asked_of import Answers
    from icptest.icp.columns import Columns
    from icptest.icp.definition import Definition
    from icptest.reading.records import Table


class Period(StrEnum):
    """When a deal was decided."""

    RECENT = "recent"
    EARLIER = "earlier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What became of a company in a period, and what is known of it.

    Attributes:
        won: What its won deals say of it; None: none was won.
        last: How its last deal came out.
        last_answers: What that deal says of it.
    """

    won: Answers | None
    last: Outcome
    last_answers: Answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Deals:
    """A list of deals, by period.

    Attributes:
        on: The last day of the recent period.
        since_days: How long it is.
        first_on: The first day on which a deal was decided; None: none was.
        last_on: The last one that does not lie ahead.
        companies: By period, companies by what became of them.
        n_decided: Deals that were won or lost, by period.
        n_open: Deals that are open.
        unknown_words: Deals of which nobody knows what their word for the outcome means, by the
            word; "" where there is none.
        n_undated: Won or lost deals without a day on which they were decided.
        n_contradicting: Deals that were decided before they were opened.
        n_ahead: Won or lost deals decided after the last day.
        set_aside: Rows that could not be read, by reason.
        told: Of each criterion, whether the list tells anything of it.
        day_columns: The columns of the day on which companies are judged.
        outcome_column: The column that says what became of a deal.
    """

    on: date
    since_days: int
    first_on: date | None
    last_on: date | None
    companies: Mapping[Period, Mapping[Decided, int]]
    n_decided: Mapping[Period, int]
    n_open: int
    unknown_words: Mapping[str, int]
    n_undated: int
    n_contradicting: int
    n_ahead: int
    set_aside: Mapping[str, int]
    told: tuple[bool, ...]
    day_columns: tuple[str, ...]
    outcome_column: str

    @property
    def recent_from(self) -> date:
        """The first day of the recent period."""
        return first_day(self.on, self.since_days)

    @property
    def earlier_days(self) -> int:
        """How long the time before it is, from the first deal on."""
        if self.first_on is None:
            return 0
        return max(0, (self.recent_from - self.first_on).days)


def first_day(on: date, days: int) -> date:
    """Return the first of so many days that end on a day."""
    return on - timedelta(days=min(days, on.toordinal()) - 1)


def read_deals(
    definition: Definition,
    table: Table,
    columns: Columns,
    *,
    outcome: int,
    on: date,
    since_days: int,
) -> Deals:
    """Judge the companies of won and lost deals, period by period.

    Args:
        definition: Who is inside.
        table: The deals.
        columns: What people have said about columns.
        outcome: Where the column stands that says what became of a deal.
        on: The last day of the recent period.
        since_days: How long it is, at least 1.

    Raises:
        InputError: A column holds nothing of its kind, or its dates can be read in two ways.
    """
    asked = AskedOf(definition, table, columns, today=on, outcome=outcome)
    days = DealDays(table, columns)
    keys = CompanyKeys(table.header, columns)
    counts: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    set_aside: Counter[str] = Counter()
    decided = Counter(dict.fromkeys(Period, 0))
    found: dict[tuple[Period, str], tuple[date, Decided]] = {}
    start, first, last = first_day(on, since_days), date.max, date.min
    for row in table.rows():
        if isinstance(row, BadRow):
            set_aside[row.reason] += 1
            continue
        if all(map(says_nothing, row.cells)):
            continue
        said = read_outcome(row.cells[outcome], table.header[outcome])
        if said is None:
            unknown[" ".join(row.cells[outcome].split())] += 1
            continue
        if said is Outcome.OPEN:
            counts["open"] += 1
            continue
        day = days.of(row.cells)
        problem = _problem(day.closed_on, on, contradicts=day.contradicts)
        if problem is not None or day.closed_on is None:
            counts[problem or "undated"] += 1
            continue
        first, last = min(first, day.closed_on), max(last, day.closed_on)
        period = Period.RECENT if day.closed_on >= start else Period.EARLIER
        decided[period] += 1
        key = (period, keys.key(row.cells) or f"row {row.record}")
        answers = asked.answers(row.cells, day.judged_on)
        found[key] = _merged(found.get(key), day.closed_on, said, answers)
    return Deals(
        on=on,
        since_days=since_days,
        first_on=None if first == date.max else first,
        last_on=None if last == date.min else last,
        companies={
            period: Counter(one for (when, _), (_, one) in found.items() if when is period)
            for period in Period
        },
        n_decided=decided,
        n_open=counts["open"],
        unknown_words=dict(unknown),
        n_undated=counts["undated"],
        n_contradicting=counts["contradicting"],
        n_ahead=counts["ahead"],
        set_aside=dict(set_aside),
        told=asked.told,
        day_columns=days.names,
        outcome_column=table.header[outcome],
    )


def _problem(closed_on: date | None, on: date, *, contradicts: bool) -> str | None:
    """Return why a deal is in no period."""
    if contradicts:
        return "contradicting"
    return "ahead" if closed_on is not None and closed_on > on else None


def _merged(
    before: tuple[date, Decided] | None, day: date, outcome: Outcome, answers: Answers
) -> tuple[date, Decided]:
    """Return what a company comes to with one more deal, and the day of its last one."""
    won = answers if outcome is Outcome.WON else None
    if before is None:
        return day, Decided(won=won, last=outcome, last_answers=answers)
    last_day, known = before
    if won is None:
        won = known.won
    elif known.won is not None:
        won = together(known.won, won)
    if day < last_day:
        return last_day, Decided(won=won, last=known.last, last_answers=known.last_answers)
    return day, Decided(won=won, last=outcome, last_answers=answers)
