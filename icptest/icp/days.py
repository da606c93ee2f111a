"""Days in cells: read by themselves, or by what the whole column says of day and month."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icptest.errors import InputError, Location, UnusableRowError
from icptest.reading.records import BadRow
from icptest.reading.time_forms import YEAR_LAST, is_blank_time, plain_form
from icptest.reading.times import DateOrder, decide_order, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.reading.records import Table

_UTC = ZoneInfo("UTC")
_LOOKED_AT = 2_000
"""Rows that are looked at to see whether a column has dates like 03/04/2026 at all."""


def read_day(text: str, order: DateOrder | None) -> date | None:
    """Return the day that a cell says, or None where it says none that can be read."""
    plain = text.strip()
    if len(plain) == 10 and plain[4] == plain[7] == "-":  # noqa: PLR2004 - 2026-11-27, most cells
        try:
            return date.fromisoformat(plain)
        except ValueError:
            return None
    if is_blank_time(plain):
        return None
    try:
        return parse_time(plain, zone=_UTC, order=order, dates_ok=True).date()
    except (UnusableRowError, InputError):
        return None


def date_orders(table: Table, places: Iterable[int]) -> dict[int, DateOrder | None]:
    """Return which figure is the day, for some columns of a file.

    The whole column is read where it has such dates; that takes one pass over the file.

    Args:
        table: The file.
        places: Where the columns stand.

    Raises:
        InputError: A column has such dates and no row settles it ("undecidable-dates"), or
            rows say both ("mixed-date-orders").
    """
    wanted = dict.fromkeys(places)
    doubtful = [place for place in wanted if _has_figures(table, place)]
    seen: dict[int, set[str]] = {place: set() for place in doubtful}
    if doubtful:
        for row in table.rows():
            if not isinstance(row, BadRow):
                for place in doubtful:
                    seen[place].add(row.cells[place])
    return {**wanted, **_decide(table, seen)}


def _decide(table: Table, seen: Mapping[int, set[str]]) -> dict[int, DateOrder | None]:
    orders = {}
    for place, values in seen.items():
        name = table.header[place]
        try:
            orders[place] = decide_order(sorted(values), column=name)
        except InputError as error:
            error.location = Location(file=str(table.path), column=name)
            raise
    return orders


def _has_figures(table: Table, place: int) -> bool:
    for row in islice(table.rows(), _LOOKED_AT):
        if isinstance(row, BadRow):
            continue
        plain = plain_form(row.cells[place])
        if plain and YEAR_LAST.fullmatch(plain):
            return True
    return False
