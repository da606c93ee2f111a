"""Signals: which event makes a company worth writing to on a day, and until when it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from icptest.icp.criteria import TRIGGERS, Criterion, Kind
from icptest.icp.days import read_day
from icptest.icp.judging import Remembered
from icptest.icp.phrases import Phrases, says_nothing

if TYPE_CHECKING:
    from icptest.icp.definition import Definition
    from icptest.icp.fields import Field
    from icptest.reading.times import DateOrder

STALE_DAYS = 14
"""After how many days a list that is used with signals is stale: "within a fortnight"
(icp-for-outbound, section 5)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """An event that counts on the day it was asked for.

    Attributes:
        name: What it is, and its details as the list has them: "funding: Series B".
        on: The day of the event.
        expires_on: The last day on which it counts; None: nobody has said.
        cells: The three as a file says them; worked out once, because many rows share them.
    """

    name: str
    on: date
    expires_on: date | None
    cells: tuple[str, str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Write the cells."""
        until = "" if self.expires_on is None else self.expires_on.isoformat()
        object.__setattr__(self, "cells", (self.name, self.on.isoformat(), until))


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A kind of event that a definition watches, and where a list tells it.

    Attributes:
        event: Its word: "funding", "hired".
        what: Details of which one must be said; empty: any.
        life_days: For how many days it counts.
        on_field: What the column of its date holds.
        what_field: What the column of its details holds.
    """

    event: str
    what: tuple[str, ...]
    life_days: int | None
    on_field: Field
    what_field: Field


def clocks_of(definition: Definition) -> tuple[Clock, ...]:
    """Return the events of a definition: its triggers, then its behavioural filters."""
    found = [
        Clock(
            event=one.event,
            what=one.what,
            life_days=one.shelf_life_days,
            on_field=TRIGGERS[one.event][0],
            what_field=TRIGGERS[one.event][1],
        )
        for one in definition.triggers
    ]
    found += [_clock(one) for one in definition.filters if one.subject.kind is Kind.EVENT]
    return tuple(found)


def _clock(criterion: Criterion) -> Clock:
    subject = criterion.subject
    if subject.field is None or subject.what is None:  # events have both columns
        raise ValueError(f"{subject.word} is no event")
    return Clock(
        event=subject.word,
        what=criterion.values,
        life_days=criterion.within_days,
        on_field=subject.field,
        what_field=subject.what,
    )


class Watch:
    """An event and where its columns stand in a list.

    Args:
        clock: What is watched.
        place: Where the column of its date stands.
        what: Where the column of its details stands, if there is one.
        order: Which figure of a date is the day.
        on: The day on which it is judged.

    Attributes:
        signals: The signal of the cells of date and details, or None.
    """

    __slots__ = ("_clock", "_on", "_order", "_phrases", "place", "signals", "what")

    def __init__(
        self,
        clock: Clock,
        *,
        place: int,
        what: int | None,
        order: DateOrder | None,
        on: date,
    ) -> None:
        self._clock, self._order, self._on = clock, order, on
        self._phrases = Phrases(clock.what) if clock.what else None
        self.place = place
        self.what = what
        self.signals = Remembered(self._signal)

    def _signal(self, cells: tuple[str, str]) -> Signal | None:
        written, details = cells
        day = read_day(written, self._order)
        if day is None or day > self._on:
            return None
        if self._phrases is not None and not self._phrases.said_by(details):
            return None
        life = self._clock.life_days
        expires_on = None if life is None else day + timedelta(days=life)
        if expires_on is not None and expires_on < self._on:
            return None
        name = self._clock.event
        if not says_nothing(details):
            name = f"{name}: {' '.join(details.split())}"
        return Signal(name=name, on=day, expires_on=expires_on)
