"""Instantly's leads: the latest state of every lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import address_at, campaign_of, instant, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import dated, first, label_event, last
from icptest.sources._writing import iso, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

INTEREST = {
    1: ("Interested", EventKind.POSITIVE_REPLY),
    2: ("Meeting Booked", EventKind.MEETING_BOOKED),
    3: ("Meeting Completed", EventKind.MEETING_HELD),
    4: ("Won", EventKind.POSITIVE_REPLY),  # "Closed" in older documents
    0: ("Out of Office", EventKind.OUT_OF_OFFICE),  # a real value: null is "no label"
    -1: ("Not Interested", EventKind.NEGATIVE_REPLY),
    -2: ("Wrong Person", EventKind.NEUTRAL_REPLY),
    -3: ("Lost", EventKind.NEGATIVE_REPLY),
    -4: ("No Show", EventKind.MEETING_NO_SHOW),
}
"""`lt_interest_status`; any other number is a label of this workspace."""

_CUSTOM = "interest status "
BOUNCED, UNSUBSCRIBED, SKIPPED = -1, -2, -3
_STATUSES = frozenset({1, 2, 3, BOUNCED, UNSUBSCRIBED, SKIPPED})
LEADS_NEEDS = ("email", "status", "email_open_count", "email_reply_count", "timestamp_created")


class _Leads:
    """Reader of `leads`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address."""
        return (address_at(row.fields, "email"),)

    def what(self, row: Object) -> Reading:
        """Return the lead's state; only labels and single replies have a time of their own."""
        fields, settings = row.fields, self._settings
        campaign, aliases = campaign_of(fields, settings, number="campaign")
        status = whole(fields.get("status"), "status")
        if status is not None and status not in _STATUSES:
            raise UnusableRowError("unknown-status", column="status", value=str(status))
        events: list[Event] = []
        contact_at = instant(fields, settings, "timestamp_last_contact")
        if contact_at and status != SKIPPED:
            # The last of all steps: an upper bound, never the start of a clock.
            events.append(
                dated(EventKind.SENT, contact_at, dating=Dating.LAST_TOUCH, campaign=campaign)
            )
        if status == BOUNCED:
            events.append(dated(EventKind.BOUNCED, None, campaign=campaign))
        labels = self._labels(fields, campaign)
        replied = self._replied(fields, campaign)
        # A label "Out of Office" says that what came back was no person's reply.
        if replied and not any(event.kind in NOT_HUMAN for event in labels):
            events.append(replied)
        events += labels
        if status == UNSUBSCRIBED:
            events.append(dated(EventKind.UNSUBSCRIBED, None, campaign=campaign))
        for touched, at_field, count_field in (
            (EventKind.OPENED, "timestamp_last_open", "email_open_count"),
            (EventKind.CLICKED, "timestamp_last_click", "email_click_count"),
        ):
            if whole(fields.get(count_field), count_field):
                at = instant(fields, settings, at_field)
                events.append(dated(touched, at, dating=Dating.LAST_TOUCH, campaign=campaign))
        note = None if events else "never-mailed"
        return Reading(events=tuple(events), campaign=campaign, campaign_aliases=aliases, note=note)

    def _labels(self, fields: Mapping[str, Any], campaign: str | None) -> tuple[Event, ...]:
        """Return the label; null and absent are none, 0 is "Out of Office"."""
        interest = whole(fields.get("lt_interest_status"), "lt_interest_status")
        if interest is None:
            return ()
        unknown = (f"{_CUSTOM}{interest}", EventKind.UNKNOWN_LABEL)
        label, kind = INTEREST.get(interest, unknown)
        at = instant(fields, self._settings, "timestamp_last_interest_change")
        return label_event(label, kind, at=at, dating=Dating.LABEL_SET, campaign=campaign)

    def _replied(self, fields: Mapping[str, Any], campaign: str | None) -> Event | None:
        """Return the reply; its time is that of the latest one, so exact only when alone."""
        count = whole(fields.get("email_reply_count"), "email_reply_count")
        at = instant(fields, self._settings, "timestamp_last_reply")
        if not count and at is None:
            return None
        dating = Dating.EXACT if count == 1 else Dating.LAST_TOUCH
        return dated(EventKind.REPLIED, at, dating=dating, campaign=campaign)


def _is_lead(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a lead; a webhook carries the lead's fields too."""
    return all(key in fields for key in LEADS_NEEDS) and "event_type" not in fields


LEADS = Layout(
    name="leads",
    form=Form.SNAPSHOT,
    # Not SEND_TIMES and REPLY_TIMES: only the latest of each is kept.
    tells=frozenset({Tells.SENDS, Tells.REPLIES, Tells.BOUNCES, Tells.LABELS, Tells.MEETINGS}),
    claims=object_claims(_is_lead),
    open=for_objects(_Leads),
    needs=LEADS_NEEDS,
)


_NUMBERS = {label: number for number, (label, _) in INTEREST.items()}
_NUMBER_OF = {
    EventKind.POSITIVE_REPLY: 1,
    EventKind.MEETING_BOOKED: 2,
    EventKind.MEETING_HELD: 3,
    EventKind.OUT_OF_OFFICE: 0,
    EventKind.NEGATIVE_REPLY: -1,
    EventKind.NEUTRAL_REPLY: -2,
    EventKind.MEETING_NO_SHOW: -4,
}


def _interest(event: Event | None) -> int | None:
    """Return the number of a label; None where the event is none this tool has."""
    if event is None:
        return None
    if event.label is not None:
        if event.label.startswith(_CUSTOM):
            return int(event.label.removeprefix(_CUSTOM))
        if event.label in _NUMBERS:
            return _NUMBERS[event.label]
    return _NUMBER_OF.get(event.kind)


def write_leads(path: Path, sheets: Iterable[Sheet], campaign: str | None) -> None:
    """Write one page with one object per lead: its latest state."""
    items = [_lead_object(number, sheet, campaign) for number, sheet in enumerate(sheets, 1)]
    write_json(path, {"items": items, "next_starting_after": None})


def _lead_object(number: int, sheet: Sheet, campaign: str | None) -> dict[str, Any]:
    events = sheet.events
    sends = [event.at for event in events if event.kind is EventKind.SENT and event.at]
    replies = [event for event in events if event.kind is EventKind.REPLIED]
    label = last(events, *_NUMBER_OF, EventKind.UNKNOWN_LABEL)
    reply_times = [event.at for event in replies if event.at]
    alone = len(replies) == 1 and replies[0].dating is not Dating.LAST_TOUCH
    opened, clicked = first(events, EventKind.OPENED), first(events, EventKind.CLICKED)
    status = 3 if sends else 1
    if first(events, EventKind.BOUNCED):
        status = BOUNCED
    elif first(events, EventKind.UNSUBSCRIBED):
        status = UNSUBSCRIBED
    named = campaign or next((event.campaign for event in events if event.campaign), None)
    return {
        "id": f"lead-{number}",
        "timestamp_created": "2026-01-01T00:00:00.000Z",
        "campaign": named,
        "email": sheet.identifier,
        "status": status,
        "email_open_count": int(opened is not None),
        "email_reply_count": 0 if not replies else 1 if alone else 2,
        "email_click_count": int(clicked is not None),
        "lt_interest_status": _interest(label),
        "timestamp_last_contact": iso(max(sends, default=None)),
        "timestamp_last_open": iso(opened.at) if opened else None,
        "timestamp_last_click": iso(clicked.at) if clicked else None,
        "timestamp_last_reply": iso(max(reply_times, default=None)),
        "timestamp_last_interest_change": iso(label.at) if label else None,
    }
