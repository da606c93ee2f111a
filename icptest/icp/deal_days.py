"""Deal days: when a deal was opened and decided, and on which day its company is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.icp.days import date_orders, read_day
from icptest.icp.fields import Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.reading.records import Table

_FIELDS = (Field.OPENED_ON, Field.CLOSED_ON, Field.BOUGHT_ON)


@dataclass(frozen=True, kw_only=True, slots=True)
class DealDay:
    """The days of one deal.

    Attributes:
        opened_on: When it was opened, if that is told.
        closed_on: When it was decided, if that is told.
    """

    opened_on: date | None
    closed_on: date | None

    @property
    def contradicts(self) -> bool:
        """Whether it was decided before it was opened."""
        both = self.opened_on is not None and self.closed_on is not None
        return both and self.closed_on < self.opened_on  # type: ignore[operator]

    @property
    def judged_on(self) -> date | None:
        """The day on which its company is judged: when it was opened, else when it was decided.

        What is true on the first day is what a list could have told beforehand.
        """
        if self.contradicts:
            return None
        return self.opened_on or self.closed_on


class DealDays:
    """Where a list tells the days of its deals.

    Args:
        table: The list.
        columns: What people have said about columns.

    Attributes:
        names: The columns that tell the day on which a deal is judged, in order of preference.
        closed: The column of the day it was decided.

    Raises:
        InputError: Its dates can be read in two ways ("undecidable-dates", "mixed-date-orders").
    """

    def __init__(self, table: Table, columns: Columns) -> None:
        header = table.header
        places = {one: columns.place(one, header) for one in _FIELDS}
        self._opened = places[Field.OPENED_ON]
        closed = places[Field.CLOSED_ON]
        self._closed = places[Field.BOUGHT_ON] if closed is None else closed
        if self._closed == self._opened:
            self._closed = None
        found = [place for place in (self._opened, self._closed) if place is not None]
        self._orders = date_orders(table, found)
        self.names = tuple(header[place] for place in found)
        self.closed = None if self._closed is None else header[self._closed]

    def of(self, cells: Sequence[str]) -> DealDay:
        """Return the days of a row."""
        return DealDay(
            opened_on=self._day(cells, self._opened), closed_on=self._day(cells, self._closed)
        )

    def _day(self, cells: Sequence[str], place: int | None) -> date | None:
        return None if place is None else read_day(cells[place], self._orders[place])
