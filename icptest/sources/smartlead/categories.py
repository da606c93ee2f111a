"""Smartlead's categories: what one means, what it says of its lead, and what `write` calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.events import Event, EventKind
from icptest.labels import common_meaning, label_key
from icptest.sources._facts import dated, label_event

if TYPE_CHECKING:
    from icptest.sources._base import Sheet

VOCABULARY = {"call booked": EventKind.MEETING_BOOKED}
"""Categories seen at this tool's users whose words leave no doubt; the rest is in `labels`."""

SENTIMENTS = {
    "positive": EventKind.POSITIVE_REPLY,
    "negative": EventKind.NEGATIVE_REPLY,
    "neutral": EventKind.NEUTRAL_REPLY,
}
"""`sentiment_type` of a category, set by the account's owner: it says what a custom one means."""

CATEGORY_OF = {
    EventKind.POSITIVE_REPLY: "Interested",
    EventKind.NEGATIVE_REPLY: "Not Interested",
    EventKind.NEUTRAL_REPLY: "Wrong Person",
    EventKind.OUT_OF_OFFICE: "Out Of Office",
    EventKind.MEETING_BOOKED: "Meeting-Booked",
    EventKind.MEETING_HELD: "Meeting Completed",
    EventKind.MEETING_NO_SHOW: "No Show",
}
"""What `write` calls a label that has no text of its own."""


def meaning(category: str, sentiment: str | None = None) -> EventKind:
    """Return what a category means: by its whole name, else by its owner's sentiment.

    By name and never by id: ids differ between accounts and between two official pages.
    """
    kind = VOCABULARY.get(label_key(category)) or common_meaning(category)
    if kind is EventKind.UNKNOWN_LABEL and sentiment is not None:
        return SENTIMENTS.get(sentiment.casefold(), kind)
    return kind


def stop_event(category: str, campaign: str | None) -> tuple[Event, ...]:
    """Return the unsubscription that "Do Not Contact" is, beside a negative reply."""
    if label_key(category) != "do not contact":
        return ()
    return (dated(EventKind.UNSUBSCRIBED, None, campaign=campaign),)


def lead_events(
    category: str | None, *, unsubscribed: bool, campaign: str | None
) -> tuple[Event, ...]:
    """Return what is said of the lead, not of one e-mail: undated and without a step.

    Every row of the lead repeats it, and the repetitions are one event.
    """
    events: tuple[Event, ...] = ()
    if category:
        events = label_event(category, meaning(category), campaign=campaign)
    if unsubscribed:
        return (*events, dated(EventKind.UNSUBSCRIBED, None, campaign=campaign))
    return events + (stop_event(category, campaign) if category else ())


def label_of(event: Event) -> str | None:
    """Return the category `write` gives an event; None where the event is no label."""
    return event.label or CATEGORY_OF.get(event.kind)


def category_of(sheet: Sheet) -> str | None:
    """Return the label a lead is left with: the last one."""
    labels = [label for event in sheet.events if (label := label_of(event))]
    return labels[-1] if labels else None
