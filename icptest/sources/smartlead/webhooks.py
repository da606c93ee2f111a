"""Smartlead's webhooks: one fact an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import address, campaign_of, instant, text, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import STEPPED, dated, label_event
from icptest.sources._writing import iso, write_lines
from icptest.sources.smartlead.categories import label_of, meaning, stop_event
from icptest.sources.smartlead.statistics import STATISTICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

FACTS = {
    "EMAIL_SENT": EventKind.SENT,
    "FIRST_EMAIL_SENT": EventKind.SENT,  # fires beside EMAIL_SENT for step 1: one fact
    "EMAIL_OPEN": EventKind.OPENED,
    "EMAIL_OPENED": EventKind.OPENED,
    "EMAIL_LINK_CLICK": EventKind.CLICKED,
    "EMAIL_CLICKED": EventKind.CLICKED,
    "EMAIL_REPLY": EventKind.REPLIED,
    "EMAIL_REPLIED": EventKind.REPLIED,
    "EMAIL_BOUNCE": EventKind.BOUNCED,
    "EMAIL_BOUNCED": EventKind.BOUNCED,
    "LEAD_UNSUBSCRIBED": EventKind.UNSUBSCRIBED,
    "EMAIL_UNSUBSCRIBED": EventKind.UNSUBSCRIBED,
}
"""Event names of https://api.smartlead.ai/api-reference/webhooks/events and .../core/webhooks."""

CATEGORY_UPDATED = "LEAD_CATEGORY_UPDATED"

IGNORED = frozenset(
    {
        "CAMPAIGN_STATUS_CHANGED",
        "UNTRACKED_REPLIES",  # a mail that belongs to no lead of the campaign
        "MANUAL_STEP_REACHED",
        "EMAIL_ACCOUNT_DISCONNECTED",
        "LINKEDIN_DISCONNECTED",
    }
)

# The time of the fact itself before the time it was posted. `event_timestamp` is the newer
# name of `time_...` (help.smartlead.ai, Threaded Replies); `timestamp` the `event` family's.
_TIMES = {
    EventKind.SENT: ("time_sent", "event_timestamp", "sent_message.time", "timestamp"),
    EventKind.OPENED: ("time_opened", "event_timestamp", "timestamp"),
    EventKind.CLICKED: ("time_clicked", "event_timestamp", "timestamp"),
    EventKind.REPLIED: (
        "reply.received_at",
        "time_replied",
        "event_timestamp",
        "reply_message.time",
        "timestamp",
    ),
    EventKind.BOUNCED: ("time_bounced", "event_timestamp", "timestamp"),
    EventKind.UNSUBSCRIBED: ("time_unsubscribed", "event_timestamp", "timestamp"),
}

# `sl_lead_email` is the address that was mailed; on a reply `to_email` may be an alias the
# lead answered from, and `from_email` is always our own mailbox, so it is never looked at.
_WHO = ("sl_lead_email", "lead.email", "lead_email", "to_email", "lead_data.email", "to")


def _name(fields: Mapping[str, Any]) -> str | None:
    """Return the event's name: key `event_type`, in the other family `event`."""
    for key in ("event_type", "event"):
        if isinstance(name := fields.get(key), str):
            return name
    return None


def _is_webhook(fields: Mapping[str, Any]) -> bool:
    """Whether an object is one of ours; ReachInbox also writes `event: EMAIL_SENT`, but flat."""
    known = _name(fields)
    if known not in FACTS and known not in IGNORED and known != CATEGORY_UPDATED:
        return False
    return "event_type" in fields or isinstance(fields.get("lead"), dict)


def _described_reply(fields: Mapping[str, Any], settings: Settings) -> tuple[Any, str]:
    """Return the time of the reply a category describes, and how well it is known."""
    if text(fields, "lastReply.type") in {None, "REPLY"} and (
        at := instant(fields, settings, "lastReply.time")
    ):
        return at, Dating.EXACT
    history = fields.get("history")
    replies = [
        at
        for message in (history if isinstance(history, list) else [])
        if isinstance(message, dict) and message.get("type") == "REPLY"
        if (at := instant(message, settings, "time"))
    ]
    if replies:
        return max(replies), Dating.EXACT
    return instant(fields, settings, "event_timestamp", "timestamp"), Dating.LABEL_SET


class _Webhooks:
    """Reader of `webhooks`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the address that was mailed."""
        fields = row.fields
        for path in _WHO:
            if email := text(fields, path):
                return (address(email, path),)
        name = _name(fields)
        if name in IGNORED:
            return ()
        if name in FACTS or name == CATEGORY_UPDATED:
            raise UnusableRowError("no-identifier", column="to_email")
        raise UnusableRowError("unknown-event", column="event_type", value=name)

    def what(self, row: Object) -> Reading:
        """Return the one fact."""
        fields = row.fields
        campaign, aliases = campaign_of(
            fields, self._settings, name="campaign_name", number="campaign_id"
        )
        name = _name(fields)
        note = None
        events: tuple[Event, ...] = ()
        if name in FACTS:
            events = (self._fact(fields, FACTS[name], campaign),)
        elif name == CATEGORY_UPDATED:
            events = self._label(fields, campaign)
            note = None if events else "unjudged-reply"
        elif name in IGNORED:
            note = "ignored-event"
        else:
            raise UnusableRowError("unknown-event", column="event_type", value=name)
        return Reading(events=events, campaign=campaign, campaign_aliases=aliases, note=note)

    def _fact(self, fields: Mapping[str, Any], kind: EventKind, campaign: str | None) -> Event:
        at = instant(fields, self._settings, *_TIMES[kind])
        provider_id = None
        if kind is EventKind.SENT:
            # The same for EMAIL_SENT, FIRST_EMAIL_SENT and the row of `statistics`.
            provider_id = text(fields, "stats_id", "sent_message.message_id", "message_id")
        step = whole(fields.get("sequence_number"), "sequence_number") if kind in STEPPED else None
        return dated(kind, at, campaign=campaign, step=step, provider_id=provider_id)

    def _label(self, fields: Mapping[str, Any], campaign: str | None) -> tuple[Event, ...]:
        described = fields.get("category")
        path = "category.name" if isinstance(described, dict) else "category"
        category = text(fields, path, "lead_data.category.name")
        if category is None:
            return ()
        sentiment = text(
            fields,
            "category.sentiment_type",
            "lead_data.category.sentiment_type",
            "sentiment_type",
        )
        at, dating = _described_reply(fields, self._settings)
        kind = meaning(category, sentiment)
        events = label_event(category, kind, at=at, dating=Dating(dating), campaign=campaign)
        return events + stop_event(category, campaign)


WEBHOOKS = Layout(
    name="webhooks",
    form=Form.STREAM,
    tells=STATISTICS.tells,
    claims=object_claims(_is_webhook),
    open=for_objects(_Webhooks),
    needs=("event_type", "campaign_id", "to_email"),
)

_FACT_NAMES = {
    EventKind.SENT: ("EMAIL_SENT", "time_sent"),
    EventKind.OPENED: ("EMAIL_OPEN", "time_opened"),
    EventKind.CLICKED: ("EMAIL_LINK_CLICK", "time_clicked"),
    EventKind.REPLIED: ("EMAIL_REPLY", "time_replied"),
    EventKind.BOUNCED: ("EMAIL_BOUNCE", "event_timestamp"),
    EventKind.UNSUBSCRIBED: ("LEAD_UNSUBSCRIBED", "event_timestamp"),
}


def write_webhooks(path: Path, sheets: Iterable[Sheet], campaign: str | None) -> None:
    """Write one object per event, in the family of `event_type`."""
    write_lines(path, _objects(sheets, campaign))


def _objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
    for sheet in sheets:
        for event in sheet.events:
            base: dict[str, Any] = {"campaign_name": event.campaign or campaign, "campaign_id": 1}
            label = label_of(event)
            if label is not None:
                told: dict[str, Any] = {}
                if event.dating is Dating.EXACT and event.at:
                    told = {"lastReply": {"type": "REPLY", "time": iso(event.at)}}
                elif event.at:
                    told = {"event_timestamp": iso(event.at)}
                yield {
                    "event_type": CATEGORY_UPDATED,
                    "lead_email": sheet.identifier,
                    "category": label,
                    **base,
                    **told,
                }
            elif event.kind in _FACT_NAMES:
                name, time_field = _FACT_NAMES[event.kind]
                yield {
                    "event_type": name,
                    "to_email": sheet.identifier,
                    **base,
                    "sequence_number": event.step,
                    **({time_field: iso(event.at)} if event.at else {}),
                    **({"message_id": event.provider_id} if event.provider_id else {}),
                }
