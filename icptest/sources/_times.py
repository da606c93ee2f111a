"""Columns of times in a table: the order of day and month decided before the first row is read."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location, UnusableRowError
from icptest.reading.records import BadRow, Row
from icptest.reading.times import DateOrder, TimeColumn, decide_order, is_blank_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icptest.reading.records import Table
    from icptest.sources._base import Settings

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class Times:
    """One column of times of one table.

    Args:
        table: The file.
        index: Position of the column.
        settings: The zone of times written without one.
        order: Order of day and month, where the column needs one.
    """

    def __init__(
        self, table: Table, index: int, settings: Settings, order: DateOrder | None
    ) -> None:
        self.name = table.header[index]
        self._index = index
        self._zone = settings.zone
        file = str(table.path)
        self._column = TimeColumn(self.name, settings.zone, order, file=file)
        self._days = TimeColumn(self.name, settings.zone, order, file=file, dates_ok=True)

    def read(self, row: Row) -> datetime | None:
        """Return the time in a row; None for a cell that says there is none.

        Raises:
            UnusableRowError: A text that is no time, or a date alone.
        """
        cell = row.cells[self._index]
        return None if is_blank_time(cell) else self._column(cell, row)

    def span(self, row: Row) -> tuple[datetime | None, datetime] | None:
        """Return since when and until when it happened: the whole day for a date alone.

        A day ends with its last microsecond, so that both ends are of the same local date.
        """
        return self.span_of(row.cells[self._index], row)

    def span_of(self, cell: str, place: Row) -> tuple[datetime | None, datetime] | None:
        """Return the `span` of a cell that stands in `place`."""
        if is_blank_time(cell):
            return None
        try:
            return None, self._column(cell, place)
        except UnusableRowError as error:
            if error.reason != "date-without-time":
                raise
        start = self._days(cell, place)
        if self._zone is None:
            return start, start + _DAY - _TICK
        day = start.astimezone(self._zone).date() + _DAY
        end = datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC)
        return start, end - _TICK


def read_times(table: Table, indexes: Iterable[int], settings: Settings) -> dict[int, Times]:
    """Return readers of these columns, after one pass over the file.

    A column whose every date is ambiguous takes the order of the file's other columns, where
    they have one: one program wrote them all.

    Raises:
        InputError: "undecidable-dates", "mixed-date-orders" or "missing-zone", before any
            row is read.
    """
    cells = _distinct(table, indexes)
    orders = _orders(table, cells)
    readers = {index: Times(table, index, settings, order) for index, order in orders.items()}
    if settings.zone is None:
        # A missing zone is a question about the file, to be asked before it is read.
        for index, reader in readers.items():
            for cell, place in cells[index].items():
                with suppress(UnusableRowError):
                    reader.span_of(cell, place)
    return readers


def _distinct(table: Table, indexes: Iterable[int]) -> dict[int, dict[str, Row]]:
    """Return every different text of these columns, and where it stands first."""
    cells: dict[int, dict[str, Row]] = {index: {} for index in indexes}
    for row in table.rows() if cells else ():
        if not isinstance(row, BadRow):
            for index, seen in cells.items():
                seen.setdefault(row.cells[index], Row(row.record, row.line, []))
    return cells


def _orders(table: Table, cells: dict[int, dict[str, Row]]) -> dict[int, DateOrder | None]:
    """Return the order of day and month of every column."""
    orders: dict[int, DateOrder | None] = {}
    unsure: dict[int, InputError] = {}
    for index, seen in cells.items():
        name = table.header[index]
        try:
            orders[index] = decide_order(seen, column=name)
        except InputError as error:
            error.location = Location(file=str(table.path), column=name)
            if error.code != "undecidable-dates":
                raise
            unsure[index] = error
    known = {order for order in orders.values() if order is not None}
    for index, undecidable in unsure.items():
        if len(known) != 1:
            raise undecidable
        orders[index] = next(iter(known))
    return orders
