"""Binding: a definition held against the columns of one list, ready to judge its rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.icp.columns import find_column
from icptest.icp.criteria import OTHER, Criterion, Kind, scale_of
from icptest.icp.days import date_orders
from icptest.icp.judging import Judge, readable
from icptest.icp.signals import Clock, Watch, clocks_of
from icptest.reading.records import BadRow
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.definition import Definition
    from icptest.reading.records import Table
    from icptest.reading.times import DateOrder

_LOOKED_AT = 1_000
_DATED = frozenset((Kind.EVENT, Kind.AGE))


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """A definition and one list.

    Attributes:
        judges: Filters, then disqualifiers, in the order they are asked.
        watches: The events whose column the list has.
        untold: Criteria that no column tells anything of.
        unwatched: Events that no column tells anything of.
    """

    judges: tuple[Judge, ...]
    watches: tuple[Watch, ...]
    untold: tuple[Criterion, ...]
    unwatched: tuple[Clock, ...]


def bind(
    definition: Definition, table: Table, columns: Columns, on: date, *, strict: bool = True
) -> Binding:
    """Find the columns that a definition asks about.

    Args:
        definition: What is asked.
        table: The list.
        columns: What people have said about columns.
        on: The day on which events are judged.
        strict: Whether a filter without its column is refused; else it is never known.

    Raises:
        InputError: A filter has no column ("icp-column-missing"), a column holds nothing of
            its kind ("icp-column-unfit"), or its dates can be read in two ways
            ("undecidable-dates", "mixed-date-orders").
    """
    criteria = (*definition.filters, *definition.disqualifiers)
    places = {one: _places(one, table.header, columns) for one in criteria}
    untold = tuple(one for one in criteria if places[one] == (None, None))
    if strict:
        _require_columns({one: places[one] for one in definition.filters}, table)
    clocks = {
        one: (
            columns.place(one.on_field, table.header),
            columns.place(one.what_field, table.header),
        )
        for one in clocks_of(definition)
    }
    dated = {
        place
        for one, (place, _) in places.items()
        if place is not None and one.subject.kind in _DATED
    }
    dated |= {place for place, _ in clocks.values() if place is not None}
    orders = date_orders(table, sorted(dated))
    judges = tuple(
        Judge(
            one,
            place=place,
            what=what,
            order=_order(orders, place),
            on=on,
            scale=1.0 if place is None else scale_of(one.subject, table.header[place]),
        )
        for one, (place, what) in places.items()
    )
    _require_fit(judges, table, orders)
    return Binding(
        judges=judges,
        watches=tuple(
            Watch(one, place=place, what=what, order=orders[place], on=on)
            for one, (place, what) in clocks.items()
            if place is not None
        ),
        untold=untold,
        unwatched=tuple(one for one, (place, _) in clocks.items() if place is None),
    )


def _order(orders: Mapping[int, DateOrder | None], place: int | None) -> DateOrder | None:
    return None if place is None else orders.get(place)


def _places(
    criterion: Criterion, header: Sequence[str], columns: Columns
) -> tuple[int | None, int | None]:
    subject = criterion.subject
    if subject.field is None:
        return find_column((subject.word.removeprefix(OTHER),), header), None
    what = columns.place(subject.what, header) if subject.what is not None else None
    return columns.place(subject.field, header), what


def _require_columns(
    places: Mapping[Criterion, tuple[int | None, int | None]], table: Table
) -> None:
    """Refuse a list that cannot tell a filter: nobody at all would be known to be in."""
    missing = {
        one: name for one, place in places.items() if (name := _missing(one, place)) is not None
    }
    if not missing:
        return
    (first, name), *others = missing.items()
    also = [other for other in dict.fromkeys(other for _, other in others) if other != name]
    raise InputError(
        "icp-column-missing",
        location=Location(file=str(table.path), line=1),
        criterion=str(first),
        field=name,
        others=f" Nor does one tell {', '.join(also)}." if also else "",
        case="column" if first.subject.field is None else None,
        columns=", ".join(table.header),
        nearest=nearest(name, table.header),
    )


def _missing(criterion: Criterion, places: tuple[int | None, int | None]) -> str | None:
    """Return which column a filter lacks, if it lacks one."""
    place, what = places
    subject = criterion.subject
    needs_day = subject.kind is not Kind.EVENT or criterion.within_days is not None
    if place is None and needs_day:
        return str(subject.field or subject.word.removeprefix(OTHER))
    if what is None and subject.what is not None and criterion.values:
        return str(subject.what)
    return str(subject.field) if place is None and what is None else None


def _require_fit(
    judges: Sequence[Judge], table: Table, orders: Mapping[int, DateOrder | None]
) -> None:
    """Refuse a column of which no cell can be read as what it is asked for."""
    counts = {judge: [0, 0, ""] for judge in judges if judge.place is not None}
    rows = (row for row in table.rows() if not isinstance(row, BadRow))
    for row in islice(rows, _LOOKED_AT):
        for judge, count in counts.items():
            fits = readable(judge, row.cells, orders)
            if fits is not None:
                count[fits] += 1  # type: ignore[operator]
                if not fits:
                    count[2] = count[2] or row.cells[judge.place or 0]
    for judge, (bad, good, example) in counts.items():
        if bad and not good and judge.place is not None:
            name = table.header[judge.place]
            raise InputError(
                "icp-column-unfit",
                location=Location(file=str(table.path), column=name),
                column=name,
                criterion=str(judge.criterion),
                value=example,
                case=str(judge.criterion.subject.kind),
                field=str(judge.criterion.subject.field),
            )
