"""The events that sources make of rows, and how their writers find them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.events import Dating, Event, EventKind
from icptest.labels import common_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

STEPPED = frozenset({EventKind.SENT, EventKind.OPENED, EventKind.CLICKED, EventKind.BOUNCED})
"""Facts about one e-mail of the sequence; any other is about its contact and has no step."""


def dated(
    kind: EventKind,
    at: datetime | None,
    *,
    since: datetime | None = None,
    dating: Dating = Dating.EXACT,
    label: str | None = None,
    campaign: str | None = None,
    step: int | None = None,
    provider_id: str | None = None,
) -> Event:
    """Return an event; without a time it is UNDATED, whatever `dating` says."""
    return Event(
        kind=kind,
        at=at,
        since=since,
        dating=Dating.UNDATED if at is None else dating,
        label=label,
        campaign=campaign,
        step=step,
        provider_id=provider_id,
    )


def label_event(
    label: str,
    kind: EventKind | None = None,
    *,
    at: datetime | None = None,
    dating: Dating = Dating.EXACT,
    campaign: str | None = None,
) -> tuple[Event, ...]:
    """Return the event a label is; none where it says that nobody judged the reply."""
    kind = common_meaning(label) if kind is None else kind
    if kind is EventKind.REPLIED:
        return ()
    return (dated(kind, at, dating=dating, label=label, campaign=campaign),)


def first(events: Iterable[Event], *kinds: EventKind) -> Event | None:
    """Return the first event of these kinds: what the writers look for."""
    return next((event for event in events if event.kind in kinds), None)


def last(events: Iterable[Event], *kinds: EventKind) -> Event | None:
    """Return the last event of these kinds: what is left in a file that keeps one state."""
    return first(reversed(tuple(events)), *kinds)
