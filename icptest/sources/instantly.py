"""Instantly: e-mails, leads, webhooks (API v2). Seen 2026-08-13.

emails     GET /api/v2/emails, JSON pages {items, next_starting_after}:
           {"id": "019f...", "timestamp_email": "2026-03-02T09:10:00.000Z", "ue_type": 1,
            "lead": "ada@example.com", "campaign_id": "...", "is_auto_reply": 0, ...}
           One object per e-mail. Missing: leads never mailed, labels, bounces.
leads      POST /api/v2/leads/list, JSON pages {items, next_starting_after}:
           {"email": "ada@example.com", "status": 1, "email_reply_count": 1,
            "lt_interest_status": 1, "timestamp_last_contact": "2026-03-02T09:10:00.000Z", ...}
           One object per lead. Missing: when a lead was first mailed (the last contact is not
           the first touch), when it first replied, what an earlier label was.
webhooks   One JSON object a line, as posted to your receiver:
           {"timestamp": "...", "event_type": "email_sent", "workspace": "...",
            "campaign_id": "...", "campaign_name": "Q1", "lead_email": "ada@example.com", "step": 1}
           Missing: what happened before the webhook was set up; leads never mailed.

A CSV from the UI was never seen: use `--from generic` for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN, common_meaning
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import (
    address,
    dated,
    first,
    flag,
    instant,
    iso,
    label_event,
    last,
    object_claims,
    text,
    unknown_layout,
    whole,
    write_json,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object, Objects, Table


def _campaign(
    fields: Mapping[str, Any], settings: Settings, *paths: str
) -> tuple[str | None, tuple[str, ...]]:
    """Return the campaign and its other names: what the file says before what a person said."""
    said = [text(fields, path) for path in paths] + [settings.campaign]
    names = tuple(dict.fromkeys(name for name in said if name))
    return (names[0], names[1:]) if names else (None, ())


# --- leads: the latest state of every lead

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
        return (address(text(row.fields, "email") or "", "email"),)

    def what(self, row: Object) -> Reading:
        """Return the lead's state; only labels and single replies have a time of their own."""
        fields, settings = row.fields, self._settings
        campaign, aliases = _campaign(fields, settings, "campaign")
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


def _open_leads(_: Table | Objects, settings: Settings) -> _Leads:
    return _Leads(settings)


def _is_lead(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a lead; a webhook carries the lead's fields too."""
    return all(key in fields for key in LEADS_NEEDS) and "event_type" not in fields


LEADS = Layout(
    name="leads",
    form=Form.SNAPSHOT,
    # Not SEND_TIMES and REPLY_TIMES: only the latest of each is kept.
    tells=frozenset({Tells.SENDS, Tells.REPLIES, Tells.BOUNCES, Tells.LABELS, Tells.MEETINGS}),
    claims=object_claims(_is_lead),
    open=_open_leads,
    needs=LEADS_NEEDS,
)


# --- emails: one object per e-mail

CAMPAIGN_EMAIL, RECEIVED, MANUAL, SCHEDULED = 1, 2, 3, 4
EMAILS_NEEDS = ("ue_type", "timestamp_email", "lead")
_NOTES = {MANUAL: "manual-email", SCHEDULED: "scheduled-email"}
# RFC 5321 and 2142: these are mail servers, whatever the tool makes of their messages.
_SERVERS = ("mailer-daemon@", "postmaster@")


class _Emails:
    """Reader of `emails`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address; the `from` and `to` change sides with the direction."""
        email = text(row.fields, "lead")
        if email is None and row.fields.get("ue_type") in _NOTES:
            return ()
        return (address(email or "", "lead"),)

    def what(self, row: Object) -> Reading:
        """Return what the e-mail is."""
        fields = row.fields
        campaign, aliases = _campaign(fields, self._settings, "campaign_id")
        way = whole(fields.get("ue_type"), "ue_type")
        events: tuple[Event, ...] = ()
        if way in _NOTES:
            # 3: a person writing in the thread is an answer to the lead, not a first touch.
            # 4: it has not gone out.
            note = _NOTES[way]
        elif way in {CAMPAIGN_EMAIL, RECEIVED}:
            note = None
            # `timestamp_created` is when the database heard of it: the documents warn of it.
            at = instant(fields, self._settings, "timestamp_email")
            if at is None:
                raise UnusableRowError("no-date", column="timestamp_email")
            kind = EventKind.SENT if way == CAMPAIGN_EMAIL else self._received(fields)
            events = (dated(kind, at, campaign=campaign, provider_id=text(fields, "id")),)
        else:
            raise UnusableRowError("unknown-event", column="ue_type", value=str(way))
        return Reading(events=events, campaign=campaign, campaign_aliases=aliases, note=note)

    def _received(self, fields: Mapping[str, Any]) -> EventKind:
        sender = (text(fields, "from_address_email") or "").casefold()
        if sender.startswith(_SERVERS):
            return EventKind.BOUNCED
        if flag(fields.get("is_auto_reply"), "is_auto_reply"):
            return EventKind.OUT_OF_OFFICE
        return EventKind.REPLIED


def _open_emails(_: Table | Objects, settings: Settings) -> _Emails:
    return _Emails(settings)


EMAILS = Layout(
    name="emails",
    form=Form.STREAM,
    tells=frozenset({Tells.SENDS, Tells.SEND_TIMES, Tells.REPLIES, Tells.REPLY_TIMES}),
    claims=object_claims(lambda fields: all(key in fields for key in EMAILS_NEEDS)),
    open=_open_emails,
    needs=EMAILS_NEEDS,
)


# --- webhooks: one fact an object

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

_STEPPED = frozenset({EventKind.SENT, EventKind.OPENED, EventKind.CLICKED, EventKind.BOUNCED})
WEBHOOKS_NEEDS = ("event_type", "timestamp", "workspace")


class _Webhooks:
    """Reader of `webhooks`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address."""
        fields = row.fields
        email = text(fields, "lead_email", "email")
        if email is None and fields.get("event_type") in IGNORED:
            return ()
        return (address(email or "", "lead_email"),)

    def what(self, row: Object) -> Reading:
        """Return the one fact."""
        fields = row.fields
        campaign, aliases = _campaign(fields, self._settings, "campaign_name", "campaign_id")
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
            step = whole(fields.get("step"), "step") if kind in _STEPPED else None
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


def _open_webhooks(_: Table | Objects, settings: Settings) -> _Webhooks:
    return _Webhooks(settings)


WEBHOOKS = Layout(
    name="webhooks",
    form=Form.STREAM,
    tells=frozenset(Tells),
    claims=object_claims(lambda fields: all(key in fields for key in WEBHOOKS_NEEDS)),
    open=_open_webhooks,
    needs=WEBHOOKS_NEEDS,
)


# --- writing

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


_WAYS = {
    EventKind.SENT: (CAMPAIGN_EMAIL, 0),
    EventKind.REPLIED: (RECEIVED, 0),
    EventKind.OUT_OF_OFFICE: (RECEIVED, 1),
}


def _email_objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
    for number, sheet in enumerate(sheets, start=1):
        for order, event in enumerate(sheet.events, start=1):
            if event.kind not in _WAYS or event.at is None:
                continue
            way, automatic = _WAYS[event.kind]
            yield {
                "id": event.provider_id or f"email-{number}-{order}",
                "timestamp_created": iso(event.at),
                "timestamp_email": iso(event.at),
                "campaign_id": event.campaign or campaign,
                "lead": sheet.identifier,
                "ue_type": way,
                "is_auto_reply": automatic,
            }


_FACT_NAMES = {kind: name for name, kind in FACTS.items() if name != "email_link_clicked"}
_LABEL_NAMES = {label: name for name, (label, _) in LABELS.items()}
_LABEL_NAME_OF = {
    kind: name for name, (_, kind) in reversed(LABELS.items()) if name != "lead_wrong_person"
}


def _webhook_objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
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


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write what a layout can express of the sheets."""
    if layout == LEADS.name:
        items = [_lead_object(number, sheet, campaign) for number, sheet in enumerate(sheets, 1)]
        write_json(path, {"items": items, "next_starting_after": None})
    elif layout == EMAILS.name:
        items = list(_email_objects(sheets, campaign))
        write_json(path, {"items": items, "next_starting_after": None})
    elif layout == WEBHOOKS.name:
        write_lines(path, _webhook_objects(sheets, campaign))
    else:
        raise unknown_layout("instantly", layout, (known.name for known in SOURCE.layouts))


GUIDE = """\
Best: the campaign's e-mails (when each went out, when each reply came), together with its
leads (labels, bounces, the leads that were never mailed). The leads alone date only the last
contact, which is not the first touch when a follow-up went out.

The key (scopes leads:read and emails:read) is in Settings > Integrations > API Keys, the
campaign's id in its address. Paste this into a shell (curl and python3; the key stays out of
the process list). The e-mails take a while: 20 requests a minute are allowed.

    export INSTANTLY_API_KEY=...
    CAMPAIGN=00000000-0000-0000-0000-000000000000
    (
      set -eu
      api=https://api.instantly.ai/api/v2
      get() { printf 'Authorization: Bearer %s' "$INSTANTLY_API_KEY" | curl -fsS -H @- "$@"; }
      next() { python3 -c 'import json,sys; print(json.load(sys.stdin).get("next_starting_after") or "")'; }
      : > instantly-emails.jsonl
      after=
      while :; do
        page=$(get -G -d campaign_id=$CAMPAIGN -d limit=100 ${after:+-dstarting_after=$after} $api/emails)
        printf '%s\\n' "$page" >> instantly-emails.jsonl
        after=$(printf %s "$page" | next)
        [ -n "$after" ] || break
        sleep 4
      done
      : > instantly-leads.jsonl
      after=
      while :; do
        body="{\\"campaign\\":\\"$CAMPAIGN\\",\\"limit\\":100${after:+,\\"starting_after\\":\\"$after\\"}}"
        page=$(get -H 'Content-Type: application/json' -d "$body" $api/leads/list)
        printf '%s\\n' "$page" >> instantly-leads.jsonl
        after=$(printf %s "$page" | next)
        [ -n "$after" ] || break
        sleep 1
      done
    )
    icptest ingest EXPERIMENT instantly-emails.jsonl instantly-leads.jsonl

Custom labels arrive as numbers ("interest status 7"); `icptest map-label` says what they mean.
"""  # noqa: E501 - a command is pasted whole
# https://developer.instantly.ai/api-reference/email/list-email.md (20 requests a minute; scopes),
# https://developer.instantly.ai/api/v2/lead (POST /api/v2/leads/list, cursor, 100 a page).

SOURCE = Source(
    name="instantly",
    title="Instantly",
    layouts=(EMAILS, LEADS, WEBHOOKS),
    guide=GUIDE,
    write=write,
)
