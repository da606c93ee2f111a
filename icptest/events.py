"""The facts an export can tell: the only words the sources speak.

An `Event` is one dated fact about one contact. What the tool's own label *means* for a
test is decided later (`labels`, `outcomes`), so a registration can name its positive
labels and a label can be mapped after it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class EventKind(StrEnum):
    """What happened. The `*_reply` kinds and `UNKNOWN_LABEL` are labels, not replies."""

    SENT = "sent"
    BOUNCED = "bounced"
    REPLIED = "replied"
    POSITIVE_REPLY = "positive_reply"
    NEGATIVE_REPLY = "negative_reply"
    NEUTRAL_REPLY = "neutral_reply"
    OUT_OF_OFFICE = "out_of_office"
    UNKNOWN_LABEL = "unknown_label"
    UNSUBSCRIBED = "unsubscribed"
    MEETING_BOOKED = "meeting_booked"
    MEETING_HELD = "meeting_held"
    MEETING_CANCELED = "meeting_canceled"
    MEETING_NO_SHOW = "meeting_no_show"
    OPENED = "opened"
    CLICKED = "clicked"
    INVITE_SENT = "invite_sent"
    INVITE_ACCEPTED = "invite_accepted"


class Dating(StrEnum):
    """How well `Event.at` is known."""

    EXACT = "exact"
    """It happened at `at`."""
    LAST_TOUCH = "last-touch"
    """`at` is the latest of several; the first happened then or before."""
    LABEL_SET = "label-set"
    """`at` is when the label was set, not when the reply came that it describes."""
    STATED = "stated"
    """A person said it happened between `since` and `at`."""
    UNDATED = "undated"
    """The export gives no time; `at` is None until the store puts the export's time there."""


class Tells(StrEnum):
    """What a kind of export can tell; two arms must be read from exports that tell the same."""

    SENDS = "sends"
    """Who was mailed (with or without a time)."""
    SEND_TIMES = "send-times"
    """When each contact was first mailed."""
    REPLIES = "replies"
    """Who replied (with or without a time)."""
    REPLY_TIMES = "reply-times"
    """When each reply came."""
    BOUNCES = "bounces"
    LABELS = "labels"
    """Whether a reply was positive."""
    MEETINGS = "meetings"


class Form(StrEnum):
    """How a file speaks of time."""

    SNAPSHOT = "snapshot"
    """Every contact of a campaign with its state at the time of the export."""
    STREAM = "stream"
    """What happened, one fact a record; a contact without facts is absent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One fact about one contact.

    Attributes:
        kind: What happened.
        at: Aware UTC time, or None where the export gives none (then `dating` is UNDATED).
        dating: How well `at` is known.
        since: For a STATED time, the earliest it can have been; aware UTC.
        label: The tool's own label, whole, as exported; None where the fact is no label.
        campaign: The tool's campaign, name or id, as exported.
        step: Step of the sequence, counted from 1, if the export says so.
        provider_id: The tool's own id of this very fact, if it has one.
    """

    kind: EventKind
    at: datetime | None = None
    dating: Dating = Dating.EXACT
    since: datetime | None = None
    label: str | None = None
    campaign: str | None = None
    step: int | None = None
    provider_id: str | None = None
