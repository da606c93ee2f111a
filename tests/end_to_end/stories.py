"""What happens to each person of a worked experiment, and when: the truth the exports tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from .people import between, lot, shuffled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

When = Literal["soon", "after-follow-up", "last-day", "late"]
Booking = Literal["window", "late", "canceled", "rescheduled", "direct"]


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What happens to some people of a list; `n` of them, drawn by lot.

    Attributes:
        n: How many.
        reply: When a person answers, if at all.
        label: The tool's label of it.
        booking: What stands in the calendar.
        automatic: The answer is an out-of-office.
        bounced: The first mail bounced.
        never: Never mailed.
    """

    n: int
    reply: When | None = None
    label: str | None = None
    booking: Booking | None = None
    automatic: bool = False
    bounced: bool = False
    never: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When things happen, in the experiment's own zone.

    Attributes:
        zone: Its name.
        days: Days of the first mails, by arm.
        follow_up: Days from the first mail to the second; None: there is none.
        last_day: When the "last-day" answers come.
        late: When the "late" answers come.
        exported: When the exports are taken: what comes after is not in them.
    """

    zone: str
    days: Mapping[str, Sequence[date]]
    late: datetime
    exported: datetime
    follow_up: int | None = None
    last_day: datetime | None = None


@dataclass(kw_only=True)
class Story:
    """One person, as it was."""

    email: str
    arm: str
    fate: Fate
    first_at: datetime | None = None
    follow_up_at: datetime | None = None
    reply_at: datetime | None = None
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    bookings: list[tuple[datetime, bool]] = field(default_factory=list)
    """When a meeting was booked, and whether that booking was canceled since."""

    @property
    def label(self) -> str | None:
        """The label, once there is an answer it describes."""
        return self.fate.label if self.reply_at else None


def tell_stories(
    slug: str,
    order: Iterable[tuple[str, str]],
    fates: Mapping[str, Sequence[Fate]],
    calendar: Calendar,
) -> list[Story]:
    """Return the stories of the people drawn, in the order they are mailed.

    Args:
        slug: The experiment.
        order: Address and arm of everybody drawn, as the tool goes through them.
        fates: What happens in each arm; to everyone else nothing does.
        calendar: When.
    """
    stories = [Story(email=email, arm=arm, fate=Fate(n=0)) for email, arm in order]
    _send(slug, stories, calendar)
    for arm, wanted in fates.items():
        _deal(slug, [story for story in stories if story.arm == arm], wanted, calendar)
    for story in stories:
        _live(slug, story, calendar)
        _forget_after(story, calendar.exported)
    return stories


def local(day: date, hour: int, minute: int, zone: str) -> datetime:
    """Return a time of a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(zone))


def _send(slug: str, stories: list[Story], calendar: Calendar) -> None:
    """Mail everyone between 9:00 and 16:30, spread over the days of their arm."""
    queues: dict[tuple[date, ...], list[Story]] = {}
    for story in stories:
        queues.setdefault(tuple(calendar.days[story.arm]), []).append(story)
    for days, queue in queues.items():
        for number, story in enumerate(queue):
            day, place = divmod(number * len(days), len(queue))
            minutes = 450 * place // len(queue)
            seconds = between(0, 50, slug, "second", story.email)
            start = local(days[day], 9, 0, calendar.zone)
            story.first_at = start + timedelta(minutes=minutes, seconds=seconds)


def _deal(slug: str, group: list[Story], fates: Sequence[Fate], calendar: Calendar) -> None:
    free = shuffled(group, lambda story: story.email, slug, "fate")
    for fate in sorted(fates, key=lambda one: one.reply != "last-day"):
        for _ in range(fate.n):
            chosen = next(
                story
                for story in free
                # An answer on the last day is one to a mail of the first day.
                if fate.reply != "last-day"
                or (story.first_at and story.first_at.date() == calendar.days[story.arm][0])
            )
            chosen.fate = fate
            free.remove(chosen)


def _live(slug: str, story: Story, calendar: Calendar) -> None:
    fate, email = story.fate, story.email
    if fate.never:
        story.first_at = None
        return
    first_at = story.first_at
    if fate.bounced or first_at is None:
        return
    if lot(slug, "open", email) % 100 < 26 or fate.reply == "after-follow-up":
        story.opened_at = first_at + timedelta(minutes=between(2, 400, slug, "opened", email))
        if lot(slug, "click", email) % 8 == 0:
            story.clicked_at = story.opened_at + timedelta(seconds=40)
    if fate.reply == "soon":
        delay = (
            timedelta(seconds=between(40, 240, slug, "auto", email))
            if fate.automatic
            else timedelta(minutes=between(25, 280, slug, "reply", email))
            + timedelta(days=lot(slug, "day", email) % 2)
        )
        story.reply_at = first_at + delay
    elif fate.reply in {"late", "last-day"}:
        at = calendar.late if fate.reply == "late" else calendar.last_day
        assert at is not None, f"{slug}: no time for {fate.reply}"
        story.reply_at = at + timedelta(minutes=between(0, 59, slug, "minute", email))
    _follow_up(slug, story, calendar)
    _book(slug, story, calendar)


def _follow_up(slug: str, story: Story, calendar: Calendar) -> None:
    """Send the second mail to those who opened the first and have not answered by then."""
    fate, first_at = story.fate, story.first_at
    if calendar.follow_up is None or first_at is None or story.opened_at is None:
        return
    at = first_at + timedelta(days=calendar.follow_up, minutes=3)
    if story.reply_at is None or story.reply_at > at or fate.automatic:
        story.follow_up_at = at
    if fate.reply == "after-follow-up":
        story.reply_at = at + timedelta(minutes=between(20, 240, slug, "reply", story.email))


def _book(slug: str, story: Story, calendar: Calendar) -> None:
    fate, email = story.fate, story.email
    if fate.booking is None or story.first_at is None:
        return
    start = story.reply_at or story.first_at
    at = start + timedelta(minutes=between(35, 150, slug, "booking", email))
    if fate.booking == "late":
        story.bookings = [(calendar.late + timedelta(minutes=5), False)]
    elif fate.booking == "canceled":
        story.bookings = [(at, True)]
    elif fate.booking == "rescheduled":
        story.bookings = [(at, True), (at + timedelta(hours=3), False)]
    else:
        story.bookings = [(at, False)]


def _forget_after(story: Story, exported: datetime) -> None:
    """Keep what had happened when the exports were taken."""
    for name in ("follow_up_at", "reply_at", "opened_at", "clicked_at"):
        at = getattr(story, name)
        if at is not None and at > exported:
            setattr(story, name, None)
    story.bookings = [(at, canceled) for at, canceled in story.bookings if at <= exported]
