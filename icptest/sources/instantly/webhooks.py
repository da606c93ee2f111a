"""Instantly's webhooks: one fact an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.labels import common_meaning
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import address, campaign_of, instant, text, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import STEPPED, dated, label_event
from icptest.sources._writing import iso, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

FACTS = {
    "email_sent": EventKind.SENT,
    "email_opened": EventKind.OPENED,
    "link_clicked": EventKind.CLICKED,
    "email_link_clicked": EventKind.CLICKED,  # the subscription's name; payloads say the other
    "email_bounced": EventKind.BOUNCED,
    "reply_received": EventKind.REPLIED,
    "auto_reply_received": EventKind.OUT_OF_OFFICE,
    "lead_unsubscribed": EventKind.UNSUBSCRIBED,
}
LABELS = {
    "lead_interested": ("Interested", EventKind.POSITIVE_REPLY),
    "lead_closed": ("Closed", EventKind.POSITIVE_REPLY),
    "lead_not_interested": ("Not Interested", EventKind.NEGATIVE_REPLY),
    "lead_neutral": ("Neutral", EventKind.NEUTRAL_REPLY),
    "lead_wrong_person": ("Wrong Person", EventKind.NEUTRAL_REPLY),
    "lead_out_of_office": ("Out of Office", EventKind.OUT_OF_OFFICE),
    "lead_meeting_booked": ("Meeting Booked", EventKind.MEETING_BOOKED),
    "lead_meeting_completed": ("Meeting Completed", EventKind.MEETING_HELD),
    "lead_no_show": ("No Show", EventKind.MEETING_NO_SHOW),
}
IGNORED = frozenset({"campaign_completed", "account_error", "supersearch_enrichment_completed"})
"""https://developer.instantly.ai/guides/webhook-events; any other name is a custom label."""

WEBHOOKS_NEEDS = ("event_type", "timestamp", "workspace")


class _Webhooks:
    """Reader of `webhooks`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address."""
        fields = row.fields
        email = text(fields, "lead_email", "email")
        if email is None and text(fields, "event_type") in IGNORED:
            return ()
        return (address(email or "", "lead_email"),)

    def what(self, row: Object) -> Reading:
        """Return the one fact."""
        fields = row.fields
        campaign, aliases = campaign_of(
            fields, self._settings, name="campaign_name", number="campaign_id"
        )
        name = text(fields, "event_type")
        if name is None:
            raise UnusableRowError("unknown-event", column="event_type")
        note = None
        events: tuple[Event, ...] = ()
        at = instant(fields, self._settings, "timestamp")
        if name in FACTS:
            kind = FACTS[name]
            # Steps count from 1 (official). `email_id` names the e-mail sent: on an opening
            # or a reply it is not the fact's own id.
            step = whole(fields.get("step"), "step") if kind in STEPPED else None
            sent_id = text(fields, "email_id") if kind is EventKind.SENT else None
            events = (dated(kind, at, campaign=campaign, step=step, provider_id=sent_id),)
        elif name in IGNORED:
            note = "ignored-event"
        else:
            # A custom label of the workspace arrives as its own event type, as written.
            label, kind = LABELS.get(name) or (name, common_meaning(name))
            events = label_event(label, kind, at=at, dating=Dating.LABEL_SET, campaign=campaign)
            note = None if events else "unjudged-reply"
        return Reading(events=events, campaign=campaign, campaign_aliases=aliases, note=note)


WEBHOOKS = Layout(
    name="webhooks",
    form=Form.STREAM,
    tells=frozenset(Tells),
    claims=object_claims(lambda fields: all(key in fields for key in WEBHOOKS_NEEDS)),
    open=for_objects(_Webhooks),
    needs=WEBHOOKS_NEEDS,
)


_FACT_NAMES = {kind: name for name, kind in FACTS.items() if name != "email_link_clicked"}
_LABEL_NAMES = {label: name for name, (label, _) in LABELS.items()}
_LABEL_NAME_OF = {
    kind: name for name, (_, kind) in reversed(LABELS.items()) if name != "lead_wrong_person"
}


def write_webhooks(path: Path, sheets: Iterable[Sheet], campaign: str | None) -> None:
    """Write one object per event."""
    write_lines(path, _objects(sheets, campaign))


def _objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
    for sheet in sheets:
        for event in sheet.events:
            if event.label is not None:
                name = _LABEL_NAMES.get(event.label, event.label)
            elif event.kind in _FACT_NAMES:
                name = _FACT_NAMES[event.kind]
            elif event.kind in _LABEL_NAME_OF:
                name = _LABEL_NAME_OF[event.kind]
            else:
                continue
            yield {
                "timestamp": iso(event.at),
                "event_type": name,
                "workspace": "workspace-1",
                "campaign_name": event.campaign or campaign,
                "lead_email": sheet.identifier,
                **({"step": event.step} if event.step else {}),
                **({"email_id": event.provider_id} if event.provider_id else {}),
            }
