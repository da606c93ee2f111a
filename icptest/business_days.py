"""Business days: when the replies of a contact are in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from icptest.errors import WorkspaceError
from icptest.spelling import nearest

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_SATURDAY = 5


def deadline(
    first_touch_at: datetime, *, business_days: int, zone: ZoneInfo, country: str | None
) -> datetime:
    """Return when the settle window of a contact closes: aware UTC, itself outside the window.

    The local date of the first touch is day 0 and never counts; the window closes at 24:00
    local of the last of the `business_days` that follow. Mon 23 Nov 2026 with US holidays
    and 5 days closes at Wed 2 Dec 00:00 (Thanksgiving is no business day).

    Args:
        first_touch_at: Aware time of the first touch.
        business_days: How many business days follow, at least 1.
        zone: Time zone of the test.
        country: ISO 3166 code whose public holidays are no business days; None for none.
    """
    return _close_of_day(first_touch_at.astimezone(zone).date(), business_days, zone, country)


def business_days_between(start: datetime, end: datetime, *, zone: ZoneInfo) -> int:
    """Return how many whole weekdays lie after the date of `start` up to that of `end`."""
    day, last, count = start.astimezone(zone).date(), end.astimezone(zone).date(), 0
    while day < last:
        day += timedelta(days=1)
        count += day.weekday() < _SATURDAY
    return count


@lru_cache(maxsize=4096)
def _close_of_day(first: date, business_days: int, zone: ZoneInfo, country: str | None) -> datetime:
    day, left = first, business_days
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, country)
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return midnight.astimezone(UTC)


def is_business_day(day: date, country: str | None) -> bool:
    """Return whether a day is one from Monday to Friday, and no public holiday of a country."""
    return day.weekday() < _SATURDAY and (
        country is None or day not in _holidays(country, day.year)
    )


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - most workspaces name no country

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        # A file written by hand names it; `require_country` knows the nearest code.
        require_country(country)
        raise


def require_country(country: str) -> str:
    """Return the ISO 3166 code of a country whose holidays are known.

    Raises:
        WorkspaceError: The code is unknown ("unknown-country").
    """
    import holidays  # noqa: PLC0415 - most workspaces name no country

    known = sorted(holidays.list_supported_countries())
    code = country.strip().upper()
    if code not in known:
        raise WorkspaceError("unknown-country", value=country, nearest=nearest(code, known))
    return code
