"""Written times -> aware UTC datetimes; what cannot be known is asked or set aside.

A year has four digits. Day and month in figures are decided for a whole column. A time without
a zone needs one said. A local time that a clock change skips or repeats is no time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location, UnusableRowError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from icptest.reading.records import Object, Row

LONGEST = 64
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DateOrder(Enum):
    """Which of two figures is the day, where a date is written in figures, year last."""

    DAY_FIRST = "dd/mm"
    MONTH_FIRST = "mm/dd"


_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_REST = "uary ruary ch il  e y ust tember ober ember ember"
_MONTHS = {
    name: number
    for number, (short, rest) in enumerate(zip(_NAMES.split(" "), _REST.split(" "), strict=True), 1)
    for name in (short, short + rest)
} | {"sept": 9}
_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"(?: ?(?P<half>[ap]\.?m\.?))?(?: ?(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{2}(?::?\d{2})?))?"
    r"(?: \((?:utc|gmt)\))?"
)
_TAIL = rf"(?:(?:t|,? (?:at )?){_CLOCK})?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"


def _pattern(date: str) -> re.Pattern[str]:
    return re.compile(date + _TAIL, re.IGNORECASE | re.ASCII)


_YEAR_FIRST = _pattern(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
_YEAR_LAST = _pattern(r"(?P<one>\d{1,2})(?P<sep>[-/.])(?P<two>\d{1,2})(?P=sep)(?P<year>\d{4})")
_DAY_MONTH = _pattern(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{4})"
)
_MONTH_DAY = _pattern(
    _WEEKDAY + r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
)
_UNIX = re.compile(r"(?P<whole>\d{10}|\d{13}|\d{16})(?:\.(?P<fraction>\d{1,9}))?", re.ASCII)
_UNIX_UNITS = {10: 1_000_000, 13: 1_000, 16: 1}
_UNIX_FROM = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_UNIX_TO = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK = frozenset({"", "-", "n/a", "null", "none", "never"})
_NULL_TIME = re.compile(
    r"(?:0001|1900|1970)-01-01(?:[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|\+00:?00)?)?"
)
_OF_HALF_DAY = 12


class TimeColumn:
    """One column of times, or one path in JSON: its zone and its order of day and month.

    Args:
        name: Name of the column, for messages.
        zone: Zone of times that say none.
        order: What `decide_order` found for the column.
        file: File, for messages.
        dates_ok: Whether a date alone means the start of that day.
    """

    def __init__(
        self,
        name: str,
        zone: ZoneInfo | None,
        order: DateOrder | None = None,
        *,
        file: str | None = None,
        dates_ok: bool = False,
    ) -> None:
        self.name = name
        self.zone = zone
        self.order = order
        self.file = file
        self.dates_ok = dates_ok

    def __call__(self, text: str, row: Row | Object | None = None) -> datetime:
        """Time of a cell; `row` says where it stands, should a question be asked."""
        try:
            return parse_time(text, zone=self.zone, order=self.order, dates_ok=self.dates_ok)
        except UnusableRowError as error:
            raise UnusableRowError(error.reason, column=self.name, value=error.value) from None
        except InputError as error:
            raise InputError(
                error.code,
                location=Location(
                    file=self.file,
                    record=row.record if row else None,
                    line=row.line if row else None,
                    column=self.name,
                ),
                excerpt=text,
                **{**error.facts, "column": self.name},
            ) from None


def parse_time(
    text: str,
    *,
    zone: ZoneInfo | None,
    order: DateOrder | None = None,
    dates_ok: bool = False,
) -> datetime:
    """Read a written time.

    Args:
        text: As it stands in the cell.
        zone: Zone of a time that says none.
        order: Order of day and month in figures, for the whole column.
        dates_ok: Whether a date alone means the start of that day in `zone`.

    Returns:
        The instant, aware, in UTC.

    Raises:
        UnusableRowError: "bad-date", "date-without-time", "time-in-dst-gap" or
            "time-in-dst-fold".
        InputError: "missing-zone" or "undecidable-dates".
    """
    plain = _plain(text)
    if plain is None:
        raise _bad(text)
    match = _YEAR_FIRST.fullmatch(plain)
    if match is not None:
        return _instant(match, match["month"], match["day"], text, zone, dates_ok=dates_ok)
    if (unix := _UNIX.fullmatch(plain)) is not None:
        return _from_unix(unix, text)
    match = _YEAR_LAST.fullmatch(plain)
    if match is not None:
        month, day = _in_order(match, text, order)
        return _instant(match, month, day, text, zone, dates_ok=dates_ok)
    match = _DAY_MONTH.fullmatch(plain) or _MONTH_DAY.fullmatch(plain)
    if match is None or (month_number := _MONTHS.get(match["name"].lower())) is None:
        raise _bad(text)
    return _instant(match, month_number, match["day"], text, zone, dates_ok=dates_ok)


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
        plain = _plain(text)
        match = _YEAR_LAST.fullmatch(plain) if plain else None
        if match is None or match["sep"] == ".":
            continue
        one, two = int(match["one"]), int(match["two"])
        if one == two:
            harmless = True
        elif one > _OF_HALF_DAY >= two:
            first.setdefault(DateOrder.DAY_FIRST, text)
        elif two > _OF_HALF_DAY >= one:
            first.setdefault(DateOrder.MONTH_FIRST, text)
        elif one <= _OF_HALF_DAY and undecided is None:
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


def is_blank_time(text: str) -> bool:
    """Whether a cell says that there is no time: empty, "null", year 1, the epoch itself."""
    plain = text.strip()
    return plain.lower() in _BLANK or _NULL_TIME.fullmatch(plain) is not None


def local_to_utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """Instant of a local time; None when a clock change skips or repeats it."""
    early, late = _both(local, zone)
    return early if early == late else None


def _plain(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    return " ".join(text.split()) or None


def _in_order(match: re.Match[str], text: str, order: DateOrder | None) -> tuple[str, str]:
    """Month and day; with dots the day is first wherever people write so."""
    one, two = match["one"], match["two"]
    if match["sep"] == "." or order is DateOrder.DAY_FIRST or int(one) == int(two):
        return two, one
    if order is DateOrder.MONTH_FIRST:
        return one, two
    raise _undecidable(text, None)


def _instant(
    match: re.Match[str],
    month: str | int,
    day: str,
    text: str,
    zone: ZoneInfo | None,
    *,
    dates_ok: bool,
) -> datetime:
    hour = match["hour"]
    try:
        local = datetime(int(match["year"]), int(month), int(day))  # noqa: DTZ001 - zoned below
        if hour is not None:
            local += _clock(match)
    except ValueError:
        raise _bad(text) from None
    if not FIRST_YEAR <= local.year < LAST_YEAR:
        raise _bad(text)
    if hour is None and not dates_ok:
        raise UnusableRowError("date-without-time", value=text)
    said = match["zone"]
    if said is not None:
        return local.replace(tzinfo=_offset(said, text)).astimezone(UTC)
    if zone is None:
        raise InputError("missing-zone", excerpt=text, value=text, column=None)
    early, late = _both(local, zone)
    if early == late or hour is None:
        return early
    reason = "time-in-dst-gap" if early > late else "time-in-dst-fold"
    raise UnusableRowError(reason, value=text)


def _both(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instant read with the offset before a clock change, and with the one after."""
    return (
        local.replace(tzinfo=zone, fold=0).astimezone(UTC),
        local.replace(tzinfo=zone, fold=1).astimezone(UTC),
    )


def _clock(match: re.Match[str]) -> timedelta:
    """Time of day; `ValueError` when there is none such."""
    hour, half = int(match["hour"]), match["half"]
    minute, second = match["minute"], int(match["second"] or 0)
    if half is not None:
        if not 1 <= hour <= _OF_HALF_DAY:
            raise ValueError
        hour = hour % _OF_HALF_DAY + (_OF_HALF_DAY if half[0] in "pP" else 0)
    elif minute is None:
        raise ValueError
    if hour > 23 or int(minute or 0) > 59 or second > 59:  # noqa: PLR2004 - a clock
        raise ValueError
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=int(minute or 0), seconds=second, microseconds=micro)


def _offset(said: str, text: str) -> timezone:
    figures = said.lower().removeprefix("utc").removeprefix("gmt").replace(":", "")
    if figures in {"", "z"}:
        return UTC
    hours, minutes = int(figures[1:3]), int(figures[3:5] or 0)
    if hours > 14 or minutes > 59:  # noqa: PLR2004 - the widest zone there is is +14:00
        raise _bad(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if figures[0] == "-" else offset)


def _from_unix(match: re.Match[str], text: str) -> datetime:
    unit = _UNIX_UNITS[len(match["whole"])]
    micro = int(match["whole"]) * unit
    micro += int((match["fraction"] or "0")[:6].ljust(6, "0")) * unit // 1_000_000
    instant = _EPOCH + timedelta(microseconds=micro)
    if not _UNIX_FROM <= instant < _UNIX_TO:
        raise _bad(text)
    return instant


def _bad(text: str) -> UnusableRowError:
    return UnusableRowError("bad-date", value=text)


def _undecidable(text: str, column: str | None) -> InputError:
    return InputError(
        "undecidable-dates",
        location=Location(column=column),
        excerpt=text,
        value=text,
        column=column,
    )
