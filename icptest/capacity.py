"""Capacity: how many first mails go out a day, and the calendar of a test that follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from icptest.business_days import deadline, is_business_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icptest.protocol import Protocol

PER_INBOX = 30
"""First mails an inbox sends a day. Guides for cold e-mail allow 30 to 50."""

_HOURS = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """What one can send.

    Attributes:
        inboxes: Mailboxes that send, at least 1.
        per_inbox: First mails of each a day, at least 1.
    """

    inboxes: int
    per_inbox: int = PER_INBOX

    @property
    def per_day(self) -> int:
        """First mails a day."""
        return self.inboxes * self.per_inbox


@dataclass(frozen=True, kw_only=True, slots=True)
class SendCalendar:
    """How long a test takes.

    Attributes:
        capacity: What one can send.
        n_people: Both lists together.
        n_days: Business days on which first mails go out.
        window_days: Days that the registered send window has, at least 1.
        inboxes_needed: Inboxes that would send everything in the window.
        starts_on: First business day of sending.
        ends_on: Last one.
        last_day: Last day on which a reply to the last mails counts.
    """

    capacity: Capacity
    n_people: int
    n_days: int
    window_days: int
    inboxes_needed: int
    starts_on: date
    ends_on: date
    last_day: date

    @property
    def fits(self) -> bool:
        """Whether everything goes out in the send window."""
        return self.n_days <= self.window_days


def send_calendar(
    protocol: Protocol,
    capacity: Capacity,
    *,
    after: date,
    zone: ZoneInfo,
    country: str | None = None,
) -> SendCalendar:
    """Return the calendar of a test whose sending starts soon after a day.

    Mails go out on business days. A test that fits in its send window starts where no weekend or
    holiday interrupts it.

    Args:
        protocol: Sizes, send window and settle time.
        capacity: What one can send.
        after: The day before the first one possible.
        zone: Time zone of the test.
        country: Country whose holidays are no business days; None for none.
    """
    n_people = protocol.size + protocol.control_size
    n_days = math.ceil(n_people / capacity.per_day)
    window_days = max(1, protocol.send_window_hours // _HOURS)
    start = _next_day(after, country)
    end = _after_days(start, n_days - 1, country)
    while n_days <= min(window_days, 5) and (end - start).days >= window_days:
        start = _next_day(start, country)
        end = _after_days(start, n_days - 1, country)
    settles_at = deadline(
        datetime.combine(end, time(12), tzinfo=zone),
        business_days=protocol.settle_business_days,
        zone=zone,
        country=country,
    )
    return SendCalendar(
        capacity=capacity,
        n_people=n_people,
        n_days=n_days,
        window_days=window_days,
        inboxes_needed=math.ceil(n_people / (window_days * capacity.per_inbox)),
        starts_on=start,
        ends_on=end,
        # The window closes at midnight, which is the day after.
        last_day=settles_at.astimezone(zone).date() - timedelta(days=1),
    )


def _next_day(day: date, country: str | None) -> date:
    day += timedelta(days=1)
    while not is_business_day(day, country):
        day += timedelta(days=1)
    return day


def _after_days(day: date, number: int, country: str | None) -> date:
    for _ in range(number):
        day = _next_day(day, country)
    return day
