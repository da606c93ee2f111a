"""Written times -> aware UTC datetimes; what cannot be known is asked or set aside.

A year has four digits. Day and month in figures are decided for a whole column. A time without
a zone needs one said. A local time that a clock change skips or repeats is no time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location, UnusableRowError
from icptest.reading.date_order import DateOrder, decide_order, month_and_day
from icptest.reading.time_forms import (
    DAY_MONTH,
    HALF_DAY,
    MONTH_DAY,
    MONTHS,
    UNIX,
    YEAR_FIRST,
    YEAR_LAST,
    is_blank_time,
    plain_form,
)
from icptest.reading.years import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    import re
    from zoneinfo import ZoneInfo

    from icptest.reading.records import Object, Row

__all__ = [
    "DateOrder",
    "TimeColumn",
    "decide_order",
    "is_blank_time",
    "local_to_utc",
    "parse_time",
]

_UNIX_UNITS = {10: 1_000_000, 13: 1_000, 16: 1}
_UNIX_FROM = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_UNIX_TO = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    plain = plain_form(text)
    if plain is None:
        raise _bad(text)
    match = YEAR_FIRST.fullmatch(plain)
    if match is not None:
        return _instant(match, match["month"], match["day"], text, zone, dates_ok=dates_ok)
    if (unix := UNIX.fullmatch(plain)) is not None:
        return _from_unix(unix, text)
    match = YEAR_LAST.fullmatch(plain)
    if match is not None:
        month, day = month_and_day(match, text, order)
        return _instant(match, month, day, text, zone, dates_ok=dates_ok)
    match = DAY_MONTH.fullmatch(plain) or MONTH_DAY.fullmatch(plain)
    if match is None or (month_number := MONTHS.get(match["name"].lower())) is None:
        raise _bad(text)
    return _instant(match, month_number, match["day"], text, zone, dates_ok=dates_ok)


def local_to_utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """Instant of a local time; None when a clock change skips or repeats it."""
    early, late = _both(local, zone)
    return early if early == late else None


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
        if not 1 <= hour <= HALF_DAY:
            raise ValueError
        hour = hour % HALF_DAY + (HALF_DAY if half[0] in "pP" else 0)
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
