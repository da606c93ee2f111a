"""The calendar that follows from what one can send."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.capacity import Capacity, SendCalendar, send_calendar
from icptest.protocol import Protocol

BERLIN = ZoneInfo("Europe/Berlin")


def of(inboxes: int, after: date, *, size: int = 500, country: str | None = None) -> SendCalendar:
    """Return the calendar of a test of two equal lists."""
    return send_calendar(
        Protocol(size=size), Capacity(inboxes=inboxes), after=after, zone=BERLIN, country=country
    )


def test_six_inboxes_take_six_days_and_seventeen_would_do() -> None:
    """1,000 mails at 6 x 30 a day are 5.6 working days; 48 hours take 17 inboxes."""
    told = of(6, date(2026, 11, 27))
    assert (told.n_people, told.capacity.per_day, told.n_days) == (1000, 180, 6)
    assert (told.fits, told.window_days, told.inboxes_needed) == (False, 2, 17)
    # After Fri 27 Nov: Mon 30 Nov to Mon 7 Dec; five business days later is Mon 14 Dec.
    assert (told.starts_on, told.ends_on) == (date(2026, 11, 30), date(2026, 12, 7))
    assert told.last_day == date(2026, 12, 14)
    assert of(17, date(2026, 11, 27)).fits
    assert not of(16, date(2026, 11, 27)).fits


def test_what_fits_the_window_starts_where_no_weekend_interrupts_it() -> None:
    """Two days of mails are not begun on a Friday: the window is 48 hours, not 4 days."""
    told = of(17, date(2026, 12, 3))  # a Thursday
    assert (told.starts_on, told.ends_on) == (date(2026, 12, 7), date(2026, 12, 8))
    assert of(34, date(2026, 12, 3)).starts_on == date(2026, 12, 4)


def test_holidays_are_no_days_of_sending() -> None:
    """Thanksgiving 2026 is Thu 26 Nov: neither mailed on nor counted."""
    told = of(17, date(2026, 11, 22), country="US")
    assert (told.starts_on, told.ends_on) == (date(2026, 11, 23), date(2026, 11, 24))
    assert told.last_day == date(2026, 12, 2)
    assert of(17, date(2026, 11, 24), country="US").starts_on == date(2026, 11, 30)


@given(st.integers(1, 40), st.integers(1, 3000), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_everybody_is_mailed_on_working_days(inboxes: int, size: int, after: date) -> None:
    """The days of sending hold all mails, one fewer does not, and they end before the replies."""
    told = of(inboxes, after, size=size)
    assert told.n_days * told.capacity.per_day >= 2 * size
    assert (told.n_days - 1) * told.capacity.per_day < 2 * size
    assert after < told.starts_on <= told.ends_on < told.last_day
    assert told.starts_on.weekday() < 5
    assert told.ends_on.weekday() < 5
    assert told.fits is (told.n_days <= 2)
    if told.fits:
        assert (told.ends_on - told.starts_on).days < 2


@pytest.mark.parametrize("hours", [1, 24, 47])
def test_a_window_has_at_least_one_day(hours: int) -> None:
    """A send window shorter than two days holds one day of sending."""
    told = send_calendar(
        Protocol(size=10, send_window_hours=hours),
        Capacity(inboxes=1, per_inbox=20),
        after=date(2026, 11, 27),
        zone=BERLIN,
    )
    assert (told.window_days, told.fits) == (1, True)
