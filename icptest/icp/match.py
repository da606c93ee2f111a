"""Matching: who of a list is in, who is out and because of what, and who is worth writing to now.

A row is in when every filter says yes and no disqualifier does; out at the first filter that
says no, or disqualifier that says yes; and not known when no filter says no, but the list does
not tell one. What is not known is counted apart: it is never a silent no. A disqualifier that
cannot be judged takes nobody out, and is counted too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.icp.binding import Binding, bind
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.judging import Answer, Judge
    from icptest.icp.signals import Clock, Signal
    from icptest.reading.records import Table

IN = -1
"""Where a row that is in stands, in place of the number of a criterion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One criterion of the funnel.

    Attributes:
        criterion: What is asked.
        out: Rows that end here: they met every criterion before, or were not known to fail one.
        left: Rows known to meet this and every criterion before.
        unknown: Rows not known to fail one so far, of which one so far is not told.
        untold: Rows still there for which the list does not tell this one.
    """

    criterion: Criterion
    out: int
    left: int
    unknown: int
    untold: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Funnel:
    """What became of a list.

    Attributes:
        n_rows: Rows that could be read.
        set_aside: Rows that could not, by reason.
        steps: The criteria, in the order they were asked.
        n_in: Rows that are in.
        n_unknown: Rows that may be in: the list does not tell a filter.
        untold: Criteria without a column.
        unwatched: Events without a column.
        has_signals: Whether the list tells the date of any event that is watched.
        n_signal: Of those in, rows with a signal that counts on the day.
        n_expiring: Of those, rows whose signal is over before the test is.
    """

    n_rows: int
    set_aside: Mapping[str, int]
    steps: tuple[Step, ...]
    n_in: int
    n_unknown: int
    untold: tuple[Criterion, ...]
    unwatched: tuple[Clock, ...]
    has_signals: bool
    n_signal: int
    n_expiring: int

    @property
    def n_out(self) -> int:
        """Rows that are out."""
        return self.n_rows - self.n_in - self.n_unknown


def match_table(  # noqa: C901 - one flat loop, because a million rows go through it
    definition: Definition,
    table: Table,
    columns: Columns,
    *,
    on: date,
    ends_on: date | None = None,
    keep: Callable[[Sequence[str], Signal | None, bool], object] | None = None,
) -> Funnel:
    """Judge every row of a list, in one pass and in the memory of one row.

    Args:
        definition: Who is in.
        table: The list.
        columns: What people have said about columns.
        on: The day the mails go out: events are judged on it.
        ends_on: The day the test ends, to count what expires before.
        keep: Called with the cells of each row that is in, its signal, and True; and of each
            row that may be in, with False.

    Raises:
        InputError: As `bind`.
    """
    binding = bind(definition, table, columns, on)
    n_filters = len(definition.filters)
    fates: Counter[tuple[int, int]] = Counter()
    untold_out: Counter[int] = Counter()
    set_aside: Counter[str] = Counter()
    seen = _Signals(ends_on)
    asked = _asked(binding.judges)
    watched = [(watch.place, watch.what, watch.signals) for watch in binding.watches]
    for row in table.rows():
        if type(row) is BadRow:
            set_aside[row.reason] += 1
            continue
        cells = row[2]
        out, unknown = IN, IN
        for index, place, what, answers in asked:
            met = answers[cells[place] if what is None else (cells[place], cells[what])]
            if met is None:
                if index >= n_filters:
                    untold_out[index] += 1
                elif unknown < 0:
                    unknown = index
            elif met is (index >= n_filters):
                out = index
                break
        fates[out, unknown] += 1
        if out == IN:
            signal: Signal | None = None
            for place, what, signals in watched:
                one = signals[cells[place], "" if what is None else cells[what]]
                # The latest event; of two on a day the first that is watched.
                if one is not None and (signal is None or one.on > signal.on):
                    signal = one
            if signal is not None and unknown == IN:
                seen.add(signal)
            if keep is not None:
                keep(cells, signal, unknown == IN)
    return Funnel(
        n_rows=sum(fates.values()),
        set_aside=dict(set_aside),
        steps=_steps(binding, fates, untold_out, n_filters),
        n_in=fates[IN, IN],
        n_unknown=sum(n for (out, unknown), n in fates.items() if out == IN and unknown != IN),
        untold=binding.untold,
        unwatched=binding.unwatched,
        has_signals=bool(watched),
        n_signal=seen.n,
        n_expiring=seen.n_expiring,
    )


class _Signals:
    """How many have a signal, and of how many it is over before a day."""

    def __init__(self, ends_on: date | None) -> None:
        self._ends_on = ends_on
        self.n = self.n_expiring = 0

    def add(self, signal: Signal) -> None:
        self.n += 1
        if self._ends_on is not None and signal.expires_on is not None:
            self.n_expiring += signal.expires_on < self._ends_on


def fate_of(judges: Iterable[Judge], cells: Sequence[str]) -> tuple[Answer, Criterion | None]:
    """Return whether a row is in, and the first criterion it fails, or that is not told of it.

    For a row at a time; `match_table` says the same of all of them.
    """
    unknown: Criterion | None = None
    for judge in judges:
        met, asked = judge.answer(cells), judge.criterion
        if asked.excludes:
            if met:
                return False, asked
        elif met is None:
            unknown = unknown or asked
        elif not met:
            return False, asked
    return (True if unknown is None else None), unknown


def _asked(
    judges: Sequence[Judge],
) -> list[tuple[int, int, int | None, Mapping[Any, Any]]]:
    """Return where to look up the answers; a criterion without a column is always unknown."""
    found: list[tuple[int, int, int | None, Mapping[Any, Any]]] = []
    for index, judge in enumerate(judges):
        place, what, answers = judge.place, judge.what, judge.answers
        if judge.criterion.subject.what is None:
            found.append((index, place or 0, None, answers if place is not None else _Untold()))
        elif place is None and what is None:
            found.append((index, 0, None, _Untold()))
        elif place is None or what is None:
            found.append((index, place if place is not None else what or 0, None, _Half(judge)))
        else:
            found.append((index, place, what, answers))
    return found


class _Untold(dict[object, bool | None]):
    def __missing__(self, key: object) -> None:
        return None


class _Half(dict[object, bool | None]):
    """Answers of an event of which the list has one of two columns."""

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._answers = judge.answers
        self._day_first = judge.place is not None

    def __missing__(self, key: object) -> bool | None:
        return self._answers[(key, "") if self._day_first else ("", key)]  # type: ignore[no-any-return]


def _steps(
    binding: Binding,
    fates: Mapping[tuple[int, int], int],
    untold_out: Mapping[int, int],
    n_filters: int,
) -> tuple[Step, ...]:
    steps = []
    for index, judge in enumerate(binding.judges):
        ended = sum(n for (out, _), n in fates.items() if out == index)
        here = [(pair, n) for pair, n in fates.items() if pair[0] == IN or pair[0] > index]
        left = sum(n for (_, unknown), n in here if unknown == IN or unknown > index)
        steps.append(
            Step(
                criterion=judge.criterion,
                out=ended,
                left=left,
                unknown=sum(n for _, n in here) - left,
                untold=untold_out.get(index, 0)
                if index >= n_filters
                else sum(n for (_, unknown), n in fates.items() if unknown == index),
            )
        )
    return tuple(steps)
