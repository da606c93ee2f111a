"""Which figure is the day, where a date is written in figures: decided for a whole column."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.reading.time_forms import HALF_DAY, YEAR_LAST, plain_form

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


class DateOrder(Enum):
    """Which of two figures is the day, where a date is written in figures, year last."""

    DAY_FIRST = "dd/mm"
    MONTH_FIRST = "mm/dd"


def decide_order(values: Iterable[str], *, column: str | None = None) -> DateOrder | None:
    """Which figure is the day, from all values of a column.

    Args:
        values: Every value of the column; blank and unreadable ones say nothing.
        column: Name of the column, for messages.

    Returns:
        The order, or None when no value needs one.

    Raises:
        InputError: "undecidable-dates" when no value has a figure over 12, and
            "mixed-date-orders" when some say one order and some the other.
    """
    first: dict[DateOrder, str] = {}
    undecided: str | None = None
    harmless = False
    for text in values:
        plain = plain_form(text)
        match = YEAR_LAST.fullmatch(plain) if plain else None
        if match is None or match["sep"] == ".":
            continue
        one, two = int(match["one"]), int(match["two"])
        if one == two:
            harmless = True
        elif one > HALF_DAY >= two:
            first.setdefault(DateOrder.DAY_FIRST, text)
        elif two > HALF_DAY >= one:
            first.setdefault(DateOrder.MONTH_FIRST, text)
        elif one <= HALF_DAY and undecided is None:
            undecided = text
    if len(first) > 1:
        raise InputError(
            "mixed-date-orders",
            location=Location(column=column),
            column=column,
            day_first=first[DateOrder.DAY_FIRST],
            month_first=first[DateOrder.MONTH_FIRST],
        )
    if first:
        return next(iter(first))
    if undecided is not None:
        raise _undecidable(undecided, column)
    return DateOrder.MONTH_FIRST if harmless else None


def month_and_day(match: re.Match[str], text: str, order: DateOrder | None) -> tuple[str, str]:
    """Return month and day; with dots the day is first wherever people write so.

    Raises:
        InputError: "undecidable-dates" where only the column could tell, and did not.
    """
    one, two = match["one"], match["two"]
    if match["sep"] == "." or order is DateOrder.DAY_FIRST or int(one) == int(two):
        return two, one
    if order is DateOrder.MONTH_FIRST:
        return one, two
    raise _undecidable(text, None)


def _undecidable(text: str, column: str | None) -> InputError:
    return InputError(
        "undecidable-dates",
        location=Location(column=column),
        excerpt=text,
        value=text,
        column=column,
    )
