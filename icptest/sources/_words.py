"""Words of a table that is nobody's export: of its status column, and names of its events."""

from __future__ import annotations

from typing import Literal, TypeAlias

from icptest.events import EventKind
from icptest.labels import common_meaning, label_key

IGNORE: Literal["ignore"] = "ignore"
Meaning: TypeAlias = EventKind | Literal["ignore"]
"""What a word of the file means: a kind of event, or nothing."""

STATES: dict[str, Meaning] = {
    "replied": EventKind.REPLIED,
    "responded": EventKind.REPLIED,
    "sent": EventKind.SENT,
    "contacted": EventKind.SENT,
    "emailed": EventKind.SENT,
    "delivered": EventKind.SENT,
    "no reply": EventKind.SENT,
    "no response": EventKind.SENT,
    "opened": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
    "bounce": EventKind.BOUNCED,
    "not contacted": IGNORE,
    "not sent": IGNORE,
    "pending": IGNORE,
    "queued": IGNORE,
    "active": IGNORE,
    "paused": IGNORE,
    "completed": IGNORE,
    "finished": IGNORE,
    "in progress": IGNORE,
    "none": IGNORE,
}
"""Words of a status column that are no labels of replies."""

EVENT_WORDS: dict[str, Meaning] = {
    "sent": EventKind.SENT,
    "email sent": EventKind.SENT,
    "send": EventKind.SENT,
    "first email sent": EventKind.SENT,
    "delivered": IGNORE,
    "email delivered": IGNORE,
    "open": EventKind.OPENED,
    "opened": EventKind.OPENED,
    "email opened": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "clicked": EventKind.CLICKED,
    "email clicked": EventKind.CLICKED,
    "link clicked": EventKind.CLICKED,
    "reply": EventKind.REPLIED,
    "replied": EventKind.REPLIED,
    "email replied": EventKind.REPLIED,
    "email reply": EventKind.REPLIED,
    "reply received": EventKind.REPLIED,
    "bounce": EventKind.BOUNCED,
    "email bounced": EventKind.BOUNCED,
    "email bounce": EventKind.BOUNCED,
    "lead unsubscribed": EventKind.UNSUBSCRIBED,
    "email unsubscribed": EventKind.UNSUBSCRIBED,
    "auto reply received": EventKind.OUT_OF_OFFICE,
    "meeting canceled": EventKind.MEETING_CANCELED,
    "meeting cancelled": EventKind.MEETING_CANCELED,
    "meeting held": EventKind.MEETING_HELD,
    "invite sent": EventKind.INVITE_SENT,
    "connection request sent": EventKind.INVITE_SENT,
    "invite accepted": EventKind.INVITE_ACCEPTED,
    "connection request accepted": EventKind.INVITE_ACCEPTED,
}
"""Names of events in event-per-row files; labels of replies are in `labels`."""

JUDGEMENTS = frozenset(
    {
        EventKind.POSITIVE_REPLY,
        EventKind.NEGATIVE_REPLY,
        EventKind.NEUTRAL_REPLY,
        EventKind.UNKNOWN_LABEL,
    }
)
"""Kinds that say what somebody thought of a reply, not that something happened."""


def state_meaning(label: str) -> Meaning:
    """Return what a word of a label or status column commonly means."""
    return STATES.get(label_key(label)) or common_meaning(label)


def event_meaning(name: str) -> Meaning:
    """Return what an event's name commonly means."""
    return EVENT_WORDS.get(label_key(name)) or common_meaning(name)
