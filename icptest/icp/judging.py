"""Judging: one criterion against the columns of one list, row by row: yes, no, or not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from icptest.icp.criteria import Criterion, Kind
from icptest.icp.days import read_day
from icptest.icp.fields import Field
from icptest.icp.phrases import Phrases, says_nothing
from icptest.icp.places import Places
from icptest.icp.ranges import Range, read_range, read_scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from icptest.reading.times import DateOrder

_REMEMBERED = 100_000
"""Cells whose answer is kept; a column of ever new values must not fill the memory."""
_PLAIN = 15
"""Digits of a whole number that a float holds exactly."""
_DIGITS = re.compile(r"\d+")
_YEARS = Range(low=1500, high=2200)

Answer = bool | None
"""Whether a company meets a criterion; None: the list does not say."""


class Remembered(dict[Any, Any]):
    """Answers by cell, each worked out once: lists say the same things over and over.

    Args:
        answer: What works out the answer of a cell, or of a pair of cells.
    """

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, key: Any) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        answer = self[key] = self._answer(key)
        return answer


class Judge:
    """A criterion and where the columns it asks stand in a list.

    Args:
        criterion: What is asked.
        place: Where its column stands; of an event, that of its date. None: there is none.
        what: Where the column of an event's details stands.
        order: Which figure of a date is the day, in `place`.
        on: The day on which events are judged.
        scale: How many each one in `place` stands for, by the name of the column.

    Attributes:
        answers: Answer by cell; of an event, by the cells of date and details.
    """

    __slots__ = ("_order", "_scale", "answers", "criterion", "place", "what")

    def __init__(
        self,
        criterion: Criterion,
        *,
        place: int | None,
        what: int | None = None,
        order: DateOrder | None = None,
        on: date,
        scale: float = 1.0,
    ) -> None:
        self.criterion = criterion
        self.place = place
        self.what = what
        self._order, self._scale = order, scale
        self.answers = Remembered(_answer_of(criterion, order, on, scale))

    def on_day(self, day: date) -> Judge:
        """Return the judge of the same list on another day."""
        return Judge(
            self.criterion,
            place=self.place,
            what=self.what,
            order=self._order,
            on=day,
            scale=self._scale,
        )

    @property
    def can_be_told(self) -> bool:
        """Whether the list has a column that tells anything of it."""
        return self.place is not None or self.what is not None

    def answer(self, cells: Sequence[str]) -> Answer:
        """Tell whether the company of a row meets the criterion."""
        first = "" if self.place is None else cells[self.place]
        if self.criterion.subject.what is None:
            found = self.answers[first]
        else:
            found = self.answers[first, "" if self.what is None else cells[self.what]]
        return found  # type: ignore[no-any-return]


def _answer_of(
    criterion: Criterion, order: DateOrder | None, on: date, scale: float
) -> Callable[[Any], Answer]:
    kind = criterion.subject.kind
    if kind is Kind.PHRASES:
        return _said_or_in_range(criterion)
    if kind is Kind.PLACES:
        return Places(criterion.values).said_by
    if kind is Kind.CODES:
        return lambda cell: _has_code(cell, criterion.values)
    if kind is Kind.EVENT:
        phrases = Phrases(criterion.values) if criterion.values else None
        return lambda cells: _happened(cells, criterion, phrases, order, on)
    if kind is Kind.AGE:
        return lambda cell: _in_spans(_age(cell, order, on), criterion.spans)
    return _number_in(criterion, scale)


def _said_or_in_range(criterion: Criterion) -> Callable[[str], Answer]:
    """Return what judges words; of any other column also ranges, where all values are some."""
    phrases = Phrases(criterion.values)
    spans = tuple(read_range(value) for value in criterion.values)
    if criterion.subject.field is not None or not all(spans):
        return phrases.said_by
    known = tuple(span for span in spans if span is not None)

    def answer(cell: str) -> Answer:
        number = read_range(cell)
        return phrases.said_by(cell) if number is None else _in_spans(number, known)

    return answer


def _number_in(criterion: Criterion, scale: float) -> Callable[[str], Answer]:
    """Return what judges numbers; plain ones, of which a list has most, on a short path."""
    spans = criterion.spans
    zero_is_unknown = criterion.subject.field is Field.EMPLOYEES
    if scale != 1:
        return lambda cell: _in_spans(read_scaled(cell, scale), spans)
    ends = tuple((span.low, span.high) for span in spans)

    def answer(cell: str) -> Answer:
        if cell.isdecimal() and cell.isascii() and len(cell) <= _PLAIN:
            number = int(cell)
            if number or not zero_is_unknown:
                return any(low <= number <= high for low, high in ends)
        return _in_spans(_number(cell, zero_is_unknown=zero_is_unknown), spans)

    return answer


def _in_spans(number: Range | None, spans: tuple[Range, ...]) -> Answer:
    if number is None:
        return None
    held = [span.holds(number) for span in spans]
    return True if True in held else None if None in held else False


def _number(cell: str, *, zero_is_unknown: bool) -> Range | None:
    """Return the number of a cell; providers write 0 employees for "unknown"."""
    found = read_range(cell)
    return None if zero_is_unknown and found is not None and found.high <= 0 else found


def _age(cell: str, order: DateOrder | None, on: date) -> Range | None:
    """Return how many whole years old a company is that was founded in a year, or on a day."""
    founded = read_range(cell)
    if founded is not None and _YEARS.holds(founded) and founded.low == founded.high:
        years = on.year - founded.low
    else:
        day = read_day(cell, order)
        if day is None:
            return None
        years = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return Range(low=years, high=years) if years >= 0 else None


def _has_code(cell: str, codes: tuple[str, ...]) -> Answer:
    if says_nothing(cell):
        return None
    found = _DIGITS.findall(cell)
    return any(number.startswith(codes) for number in found) if found else None


def _happened(
    cells: tuple[str, str],
    criterion: Criterion,
    phrases: Phrases | None,
    order: DateOrder | None,
    on: date,
) -> Answer:
    """Tell whether an event took place, and not too long ago; what lies ahead has not yet."""
    written, details = cells
    said = phrases.said_by(details) if phrases is not None else not says_nothing(details) or None
    day = read_day(written, order)
    recent: Answer = None
    if day is not None and day <= on:
        recent = criterion.within_days is None or (on - day).days <= criterion.within_days
        said = True if phrases is None else said
    elif criterion.within_days is None and day is None:
        recent = True
    return False if False in {said, recent} else None if None in {said, recent} else True


def readable(judge: Judge, cells: Sequence[str], orders: Mapping[int, DateOrder | None]) -> Answer:
    """Tell whether a cell is written as its criterion needs it; None where it says nothing.

    Phrases and places can be read in any text.
    """
    if judge.place is None or says_nothing(cells[judge.place]):
        return None
    cell, kind = cells[judge.place], judge.criterion.subject.kind
    if kind is Kind.EVENT:
        return read_day(cell, orders.get(judge.place)) is not None
    if kind is Kind.AGE:
        return read_range(cell) is not None or read_day(cell, orders.get(judge.place)) is not None
    if kind in {Kind.RANGE, Kind.GROWTH}:
        return read_range(cell) is not None
    return _DIGITS.search(cell) is not None if kind is Kind.CODES else True
