"""A panel: the companies of one list, each counted once, and what is known of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.icp.asked_of import AskedOf, outcome_place, together
from icptest.icp.companies import CompanyKeys
from icptest.icp.deal_days import DealDays
from icptest.icp.outcome import Outcome, read_outcome
from icptest.icp.phrases import says_nothing
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from icptest.icp.asked_of import Answers
    from icptest.icp.columns import Columns
    from icptest.icp.definition import Definition
    from icptest.reading.records import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """On which days the events of a list were judged.

    Attributes:
        columns: The columns that tell the day, in order of preference; none: one day for all.
        on: The day of rows that tell none; None: their events are not judged.
        n_undated: Rows that tell none.
        n_contradicting: Of those, rows that were decided before they were opened.
    """

    columns: tuple[str, ...]
    on: date | None
    n_undated: int = 0
    n_contradicting: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """The companies of a list.

    Attributes:
        file: The list.
        n_rows: Rows that count.
        n_companies: Companies they are of.
        n_nameless: Rows that name no company; each counts as one of its own.
        n_other: Rows left out because the list says that the deal came out otherwise, by outcome.
        unknown_words: Rows left out because nobody knows what their word for the outcome means,
            by the word; "" where there is none.
        set_aside: Rows that could not be read, by reason.
        told: Of each criterion, whether the list tells anything of it.
        answers: How many companies there are of each set of answers.
        days: On which days events were judged.
        tells_events: Whether any column tells an event that is asked for.
        keys: What the companies are known by; empty where they were not kept.
    """

    file: str
    n_rows: int
    n_companies: int
    n_nameless: int
    n_other: Mapping[Outcome, int]
    unknown_words: Mapping[str, int]
    set_aside: Mapping[str, int]
    told: tuple[bool, ...]
    answers: Mapping[Answers, int]
    days: Days
    tells_events: bool
    keys: frozenset[str]

    @property
    def n_merged(self) -> int:
        """Rows of a company that another row had named already."""
        return self.n_rows - self.n_companies


def read_panel(
    definition: Definition,
    table: Table,
    columns: Columns,
    *,
    today: date,
    on: date | None,
    outcome: Outcome | None,
) -> Panel:
    """Judge the companies of a list.

    Args:
        definition: What is asked.
        table: The list.
        columns: What people have said about columns.
        today: The day it is.
        on: The day on which events are judged where a row tells no day of its own.
        outcome: What became of the deals of this list, whose days count then; None: it is no
            list of deals.

    Raises:
        InputError: It has no row that counts ("icp-list-empty"), a column holds nothing of its
            kind, or its dates can be read in two ways.
    """
    place = outcome_place(table, columns) if outcome is not None else None
    asked = AskedOf(definition, table, columns, today=today, outcome=place)
    days = DealDays(table, columns) if outcome is not None else None
    keys = CompanyKeys(table.header, columns)
    rows = _Rows(asked, days, on)
    other: Counter[Outcome] = Counter()
    words: Counter[str] = Counter()
    set_aside: Counter[str] = Counter()
    name = "" if place is None else table.header[place]
    for row in table.rows():
        if isinstance(row, BadRow):
            set_aside[row.reason] += 1
            continue
        if all(map(says_nothing, row.cells)):
            continue
        if place is not None:
            said = read_outcome(row.cells[place], name)
            if said is None:
                words[" ".join(row.cells[place].split())] += 1
                continue
            if said is not outcome:
                other[said] += 1
                continue
        rows.add(keys.key(row.cells), row.cells)
    if not rows.n:
        raise InputError(
            "icp-list-empty",
            location=Location(file=str(table.path)),
            case=None if outcome is None else str(outcome),
        )
    return replace(
        rows.panel(str(table.path)),
        n_other=dict(other),
        unknown_words=dict(words),
        set_aside=dict(set_aside),
    )


class _Rows:
    """Rows on their way to companies; of a company only the number of its answers is kept."""

    def __init__(self, asked: AskedOf, days: DealDays | None, on: date | None) -> None:
        self._asked, self._days, self._on = asked, days, on
        self._numbers: dict[Answers, int] = {}
        self._all: list[Answers] = []
        self._of: dict[str, int] = {}
        self._nameless: Counter[int] = Counter()
        self.n = self._undated = self._contradicting = 0

    def add(self, key: str | None, cells: list[str]) -> None:
        self.n += 1
        number = self._number(self._asked.answers(cells, self._day(cells)))
        if key is None:
            self._nameless[number] += 1
            return
        before = self._of.setdefault(key, number)
        if before != number:
            self._of[key] = self._number(together(self._all[before], self._all[number]))

    def _number(self, answers: Answers) -> int:
        number = self._numbers.setdefault(answers, len(self._all))
        if number == len(self._all):
            self._all.append(answers)
        return number

    def _day(self, cells: list[str]) -> date | None:
        if self._days is None or not self._days.names:
            return self._on
        day = self._days.of(cells)
        if day.judged_on is None:
            self._undated += 1
            self._contradicting += day.contradicts
        return day.judged_on or self._on

    def panel(self, file: str) -> Panel:
        counts = Counter(self._of.values()) + self._nameless
        names = () if self._days is None else self._days.names
        asked = self._asked
        has_day = bool(names) or self._on is not None
        return Panel(
            file=file,
            n_rows=self.n,
            n_companies=counts.total(),
            n_nameless=self._nameless.total(),
            n_other={},
            unknown_words={},
            set_aside={},
            told=asked.told if has_day else asked.without_events(),
            answers={self._all[number]: n for number, n in counts.items()},
            days=Days(
                columns=names,
                on=self._on,
                n_undated=self._undated,
                n_contradicting=self._contradicting,
            ),
            tells_events=asked.tells_events,
            keys=frozenset(self._of),
        )
