"""When the replies of a contact are in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.business_days import business_days_between, deadline, require_country
from icptest.errors import WorkspaceError

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Berlin", "UTC")

_touches = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def closes(local: datetime, zone: str, *, days: int = 5, country: str | None = None) -> datetime:
    """Return the local time at which the window of a contact touched then closes."""
    place = ZoneInfo(zone)
    end = deadline(local.replace(tzinfo=place), business_days=days, zone=place, country=country)
    assert end.tzinfo is UTC
    return end.astimezone(place).replace(tzinfo=None)


def at(text: str) -> datetime:
    """Return a local time without a zone."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("touch", "country", "end"),
    [
        # Thanksgiving (Thu 26 Nov) is no business day.
        ("2026-11-23T09:00", "US", "2026-12-02T00:00"),
        # By hand: without a country Tue, Wed, Thu, Fri, Mon count, so Tue 1 Dec 00:00.
        ("2026-11-23T09:00", None, "2026-12-01T00:00"),
        # By hand: the first and the last instant of a day are the same day 0.
        ("2026-11-23T00:00", None, "2026-12-01T00:00"),
        ("2026-11-23T23:59:59.999999", None, "2026-12-01T00:00"),
        # By hand: Friday's window is Mon to Fri.
        ("2026-11-20T09:00", None, "2026-11-28T00:00"),
        # By hand: a touch on a Saturday or a Sunday waits Mon to Fri.
        ("2026-11-21T09:00", None, "2026-11-28T00:00"),
        ("2026-11-22T09:00", None, "2026-11-28T00:00"),
        # By hand: over New Year, Fri 25 Dec and Fri 1 Jan fall out; 24, 28-31 Dec remain.
        ("2026-12-23T09:00", "US", "2027-01-01T00:00"),
    ],
)
def test_the_window_closes_after_five_business_days(
    touch: str, country: str | None, end: str
) -> None:
    """Day 0 is the local date of the touch and never counts; weekends and holidays do not."""
    assert at(end) == closes(at(touch), "America/New_York", country=country)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        # By hand: the same instant, Mon 23 Nov 2026 11:30 UTC, is Monday 06:30 in New York,
        # Monday 17:15 in Kathmandu and Tuesday 00:30 in Apia (+13).
        ("America/New_York", "2026-12-01T05:00+00:00"),
        ("Asia/Kathmandu", "2026-11-30T18:15+00:00"),
        ("Pacific/Apia", "2026-12-01T11:00+00:00"),
    ],
)
def test_days_begin_and_end_in_the_zone_of_the_test(zone: str, end: str) -> None:
    """One instant is another local day elsewhere, and the window closes at local midnight."""
    touched = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    found = deadline(touched, business_days=5, zone=ZoneInfo(zone), country=None)
    assert datetime.fromisoformat(end) == found


@pytest.mark.parametrize(
    ("touch", "hours"),
    [
        # By hand: New York moves to summer time on Sun 8 Mar 2026, back on Sun 1 Nov 2026; a
        # window over the change, Wed to Wed (7 days and 24 h), is an hour shorter or longer.
        ("2026-03-04T00:00", 8 * 24 - 1),
        ("2026-10-28T00:00", 8 * 24 + 1),
        ("2026-04-01T00:00", 8 * 24),
    ],
)
def test_a_window_over_a_clock_change_keeps_local_days(touch: str, hours: int) -> None:
    """The deadline is local midnight, whatever the clocks did in between."""
    start = at(touch).replace(tzinfo=NEW_YORK)
    end = deadline(start, business_days=5, zone=NEW_YORK, country=None)
    assert timedelta(hours=hours) == end - start.astimezone(UTC)


def test_a_midnight_that_does_not_exist_is_the_change_itself() -> None:
    """In Beirut the clocks jump from Sat 24:00 to 01:00 (29 Mar 2026): no hour is lost."""
    beirut = ZoneInfo("Asia/Beirut")
    touched = datetime(2026, 3, 20, 12, tzinfo=UTC)
    # By hand: Mon 23 to Fri 27 Mar count, plus Mon 30 Mar with six days.
    five = deadline(touched, business_days=5, zone=beirut, country=None)
    six = deadline(touched, business_days=6, zone=beirut, country=None)
    assert datetime(2026, 3, 27, 22, tzinfo=UTC) == five
    assert datetime(2026, 3, 30, 21, tzinfo=UTC) == six


@given(touched=_touches, zone=st.sampled_from(ZONES), days=st.integers(1, 12))
def test_a_deadline_is_local_midnight_after_enough_weekdays(
    touched: datetime, zone: str, days: int
) -> None:
    """The window holds exactly that many weekdays, none of them the day of the touch."""
    place = ZoneInfo(zone)
    end = deadline(touched, business_days=days, zone=place, country=None)
    last_day = (end - timedelta(microseconds=1)).astimezone(place).date()
    local = end.astimezone(place)
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    first = touched.astimezone(place).date()
    inside = [first + timedelta(days=n) for n in range(1, (last_day - first).days + 1)]
    assert days == sum(day.weekday() < 5 for day in inside)
    assert last_day.weekday() < 5
    assert end >= touched + timedelta(days=days)


@given(one=_touches, other=_touches, zone=st.sampled_from(ZONES))
def test_a_later_touch_never_closes_earlier(one: datetime, other: datetime, zone: str) -> None:
    """The deadline is monotone in the touch."""
    first, second = (
        deadline(touched, business_days=5, zone=ZoneInfo(zone), country="US")
        for touched in sorted([one, other])
    )
    assert first <= second


def test_weekdays_between_two_times() -> None:
    """From Friday noon to Tuesday noon two whole weekdays lie after Friday: Mon and Tue."""
    friday = datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert business_days_between(friday, friday + timedelta(days=4), zone=NEW_YORK) == 2
    assert business_days_between(friday, friday + timedelta(days=2), zone=NEW_YORK) == 0
    assert business_days_between(friday, friday - timedelta(days=9), zone=NEW_YORK) == 0


def test_a_country_is_its_code_in_any_case() -> None:
    """A country whose holidays are known is returned as its upper-case code."""
    assert require_country(" us ") == "US"


def test_an_unknown_country_is_refused() -> None:
    """A country without known holidays is refused, with the nearest code where one is near."""
    with pytest.raises(WorkspaceError, match="unknown-country") as caught:
        require_country("ZZ9")
    assert caught.value.facts["value"] == "ZZ9"


def test_a_country_nobody_checked_is_an_error_with_a_code() -> None:
    """An unknown country in a registration is said in words, not as a traceback."""
    with pytest.raises(WorkspaceError, match="unknown-country"):
        closes(at("2026-11-23T09:00"), "UTC", country="ZZ")
