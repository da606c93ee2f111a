"""Smartlead: campaign statistics, leads export, webhooks. Seen 2026-07-22 and 2025-01.

statistics     GET /campaigns/{id}/statistics, JSON pages {total_stats, data, offset, limit}:
               {"stats_id": "a1", "lead_email": "ada@example.com", "lead_category": "Interested",
                "sequence_number": 1, "sent_time": "2026-03-02T09:10:00.000Z",
                "reply_time": "2026-03-04T16:22:00.000Z", "is_bounced": false, ...}
               One row per e-mail sent. Missing: leads never mailed, the time of a bounce or of
               an unsubscription, which reply the category describes, the campaign's name.
leads-export   GET /campaigns/{id}/leads-export, CSV, 20 columns, since 2026 22 of them:
               id,campaign_lead_map_id,status,category,is_interested,created_at,first_name,...
               One row per lead, also of those never mailed. Missing: every time, bounces (but
               for those that came back as a "reply"), the campaign's name.
webhooks       One JSON object a line, as posted to your receiver; both documented families
               (`event_type` EMAIL_REPLY, `event` EMAIL_REPLIED) and both generations of time
               fields (`time_replied`, `event_timestamp`).
               {"event_type": "EMAIL_SENT", "to_email": "ada@example.com", "time_sent": ...}
               Missing: what happened before the webhook was set up; leads never mailed.

The UI's own "download CSV" was never seen: use `--from generic` for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN, common_meaning, label_key
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import (
    Columns,
    address,
    dated,
    field,
    first,
    flag,
    instant,
    is_table,
    iso,
    label_event,
    object_claims,
    profile,
    table_claims,
    text,
    unknown_layout,
    whole,
    write_csv,
    write_json,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object, Objects, Row, Table

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


def _stop_event(category: str, campaign: str | None) -> tuple[Event, ...]:
    """Return the unsubscription that "Do Not Contact" is, beside a negative reply."""
    if label_key(category) != "do not contact":
        return ()
    return (dated(EventKind.UNSUBSCRIBED, None, campaign=campaign),)


def _lead_events(
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
    return events + (_stop_event(category, campaign) if category else ())


# --- leads-export: one row per lead, no times

LEADS_NEEDS = (
    "campaign_lead_map_id",
    "email",
    "is_interested",
    "is_unsubscribed",
    "last_email_sequence_sent",
    "open_count",
    "click_count",
    "reply_count",
)


class _Leads:
    """Reader of `leads-export`."""

    def __init__(self, table: Table, settings: Settings) -> None:
        columns = Columns(table)
        self._campaign = settings.campaign
        self._email = columns.need("email")
        self._linkedin = columns.find("linkedin_profile")
        self._category = columns.find("category")  # not in the older, 20-column form
        self._unsubscribed = columns.need("is_unsubscribed")
        self._step = columns.need("last_email_sequence_sent")
        self._opens = columns.need("open_count")
        self._clicks = columns.need("click_count")
        self._replies = columns.need("reply_count")

    def who(self, row: Row) -> tuple[Identifier, ...]:
        """Return the address, and the profile as a second identifier.

        A bad address is set aside even beside a profile: this tool mails addresses.
        """
        cells = row.cells
        linkedin = None if self._linkedin is None else profile(cells[self._linkedin])
        email = cells[self._email]
        if linkedin is None:
            return (address(email, "email"),)
        if not email.strip():
            return (linkedin,)
        return (address(email, "email"), linkedin)

    def what(self, row: Row) -> Reading:
        """Return the lead's state; everything is undated."""
        cells = row.cells
        campaign = self._campaign
        step = whole(cells[self._step], "last_email_sequence_sent") or 0
        category = "" if self._category is None else cells[self._category].strip()
        events: list[Event] = []
        if step >= 1:
            # `last_email_sequence_sent` is how far the lead came; what is certain is step 1.
            events.append(dated(EventKind.SENT, None, campaign=campaign, step=1))
        # An automatic reply and a bounce also count in `reply_count`; only the category says so.
        if whole(cells[self._replies], "reply_count") and (
            not category or meaning(category) not in NOT_HUMAN
        ):
            events.append(dated(EventKind.REPLIED, None, campaign=campaign))
        unsubscribed = flag(cells[self._unsubscribed], "is_unsubscribed")
        events += _lead_events(category, unsubscribed=unsubscribed, campaign=campaign)
        if whole(cells[self._opens], "open_count"):
            events.append(dated(EventKind.OPENED, None, campaign=campaign))
        if whole(cells[self._clicks], "click_count"):
            events.append(dated(EventKind.CLICKED, None, campaign=campaign))
        note = None if events else "never-mailed"
        return Reading(events=tuple(events), campaign=campaign, note=note)


def _open_leads(export: Table | Objects, settings: Settings) -> _Leads:
    assert is_table(export)  # noqa: S101 - `claims` has said so
    return _Leads(export, settings)


LEADS = Layout(
    name="leads-export",
    form=Form.SNAPSHOT,
    # Not BOUNCES: a bounce shows only where the AI filed the bounce message as a reply
    # ("Sender Originated Bounce"), so most bounced leads look delivered here.
    tells=frozenset({Tells.SENDS, Tells.REPLIES, Tells.LABELS}),
    claims=table_claims(LEADS_NEEDS),
    open=_open_leads,
    needs=LEADS_NEEDS,
)


# --- statistics: one row per e-mail sent

STATISTICS_NEEDS = ("lead_email", "sequence_number", "sent_time", "reply_time")


class _Statistics:
    """Reader of `statistics`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address."""
        return (address(text(row.fields, "lead_email") or "", "lead_email"),)

    def what(self, row: Object) -> Reading:
        """Return what became of one e-mail, and what is said of its lead."""
        fields, settings, campaign = row.fields, self._settings, self._settings.campaign
        step = whole(fields.get("sequence_number"), "sequence_number")
        category = text(fields, "lead_category")
        sent_at = instant(fields, settings, "sent_time")
        reply_at = instant(fields, settings, "reply_time")
        # One reply shows on several rows of its lead, so a later step may well have been
        # "answered" before it was sent. The first step cannot.
        if step == 1 and sent_at and reply_at and reply_at < sent_at:
            raise UnusableRowError(
                "reply-before-send", column="reply_time", value=text(fields, "reply_time")
            )
        events: list[Event] = []
        if sent_at:
            provider_id = text(fields, "stats_id")
            events.append(
                dated(
                    EventKind.SENT, sent_at, campaign=campaign, step=step, provider_id=provider_id
                )
            )
        if flag(fields.get("is_bounced"), "is_bounced"):
            # No time is given for it; that of the send would be a guess.
            events.append(dated(EventKind.BOUNCED, None, campaign=campaign, step=step))
        unsubscribed = flag(fields.get("is_unsubscribed"), "is_unsubscribed")
        lead = _lead_events(category, unsubscribed=unsubscribed, campaign=campaign)
        if reply_at and category and (kind := meaning(category)) in NOT_HUMAN:
            # `reply_time` is set by automatic replies and bounces too.
            events += label_event(category, kind, at=reply_at, campaign=campaign)
            lead = tuple(event for event in lead if event.kind is not kind)
        elif reply_at:
            # Without step or id: the same reply on another row is the same event.
            events.append(dated(EventKind.REPLIED, reply_at, campaign=campaign))
        # The category is the lead's, stamped also on rows that drew no reply: it is no reply.
        events += lead
        for kind, at_field, count_field in (
            (EventKind.OPENED, "open_time", "open_count"),
            (EventKind.CLICKED, "click_time", "click_count"),
        ):
            at = instant(fields, settings, at_field)
            if at or whole(fields.get(count_field), count_field):
                events.append(dated(kind, at, campaign=campaign, step=step))
        note = None if events else "never-mailed"
        return Reading(events=tuple(events), campaign=campaign, note=note)


def _open_statistics(_: Table | Objects, settings: Settings) -> _Statistics:
    return _Statistics(settings)


STATISTICS = Layout(
    name="statistics",
    form=Form.STREAM,
    tells=frozenset(
        {
            Tells.SENDS,
            Tells.SEND_TIMES,
            Tells.REPLIES,
            Tells.REPLY_TIMES,
            Tells.BOUNCES,
            Tells.LABELS,
        }
    ),
    claims=object_claims(lambda fields: all(key in fields for key in STATISTICS_NEEDS)),
    open=_open_statistics,
    needs=STATISTICS_NEEDS,
)


# --- webhooks: one fact an object

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
_STEPPED = frozenset({EventKind.SENT, EventKind.OPENED, EventKind.CLICKED, EventKind.BOUNCED})


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
    if field(fields, "lastReply.type") in {None, "REPLY"} and (
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
        fields, settings = row.fields, self._settings
        campaign_id = text(fields, "campaign_id")
        campaign = text(fields, "campaign_name") or campaign_id or settings.campaign
        aliases = (campaign_id,) if campaign_id and campaign_id != campaign else ()
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
        step = whole(fields.get("sequence_number"), "sequence_number") if kind in _STEPPED else None
        return dated(kind, at, campaign=campaign, step=step, provider_id=provider_id)

    def _label(self, fields: Mapping[str, Any], campaign: str | None) -> tuple[Event, ...]:
        described = fields.get("category")
        path = "category.name" if isinstance(described, dict) else "category"
        category = text(fields, path, "lead_data.category.name")
        if category is None:
            return ()
        sentiment = text(fields, "lead_data.category.sentiment_type", "sentiment_type")
        at, dating = _described_reply(fields, self._settings)
        kind = meaning(category, sentiment)
        events = label_event(category, kind, at=at, dating=Dating(dating), campaign=campaign)
        return events + _stop_event(category, campaign)


def _open_webhooks(_: Table | Objects, settings: Settings) -> _Webhooks:
    return _Webhooks(settings)


WEBHOOKS = Layout(
    name="webhooks",
    form=Form.STREAM,
    tells=STATISTICS.tells,
    claims=object_claims(_is_webhook),
    open=_open_webhooks,
    needs=("event_type", "campaign_id", "to_email"),
)


# --- writing

_LEADS_HEADER = (
    "id",
    "campaign_lead_map_id",
    "status",
    "category",
    "is_interested",
    "created_at",
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "company_name",
    "website",
    "location",
    "custom_fields",
    "linkedin_profile",
    "company_url",
    "is_unsubscribed",
    "unsubscribed_client_id_map",
    "last_email_sequence_sent",
    "open_count",
    "click_count",
    "reply_count",
)
_FACT_NAMES = {
    EventKind.SENT: ("EMAIL_SENT", "time_sent"),
    EventKind.OPENED: ("EMAIL_OPEN", "time_opened"),
    EventKind.CLICKED: ("EMAIL_LINK_CLICK", "time_clicked"),
    EventKind.REPLIED: ("EMAIL_REPLY", "time_replied"),
    EventKind.BOUNCED: ("EMAIL_BOUNCE", "event_timestamp"),
    EventKind.UNSUBSCRIBED: ("LEAD_UNSUBSCRIBED", "event_timestamp"),
}


def _label_of(event: Event) -> str | None:
    """Return the category `write` gives an event; None where the event is no label."""
    return event.label or CATEGORY_OF.get(event.kind)


def _category(sheet: Sheet) -> str | None:
    """Return the label a lead is left with: the last one."""
    labels = [label for event in sheet.events if (label := _label_of(event))]
    return labels[-1] if labels else None


def _write_leads(path: Path, sheets: Iterable[Sheet]) -> None:
    rows = []
    for number, sheet in enumerate(sheets, start=1):
        sent = [event.step or 1 for event in sheet.events if event.kind is EventKind.SENT]
        category = _category(sheet)
        automatic = category is not None and meaning(category) is EventKind.OUT_OF_OFFICE
        values = {
            "id": number,
            "campaign_lead_map_id": 1_000_000 + number,
            "status": "COMPLETED" if sent else "STARTED",
            "category": category,
            "is_interested": str(first(sheet.events, EventKind.POSITIVE_REPLY) is not None).lower(),
            "email": sheet.identifier,
            "custom_fields": "{}",
            "is_unsubscribed": str(
                first(sheet.events, EventKind.UNSUBSCRIBED) is not None
                and label_key(category or "") != "do not contact"
            ).lower(),
            "last_email_sequence_sent": max(sent, default=None),
            "open_count": int(first(sheet.events, EventKind.OPENED) is not None),
            "click_count": int(first(sheet.events, EventKind.CLICKED) is not None),
            "reply_count": int(automatic or first(sheet.events, EventKind.REPLIED) is not None),
        }
        rows.append([values.get(column) for column in _LEADS_HEADER])
    write_csv(path, _LEADS_HEADER, rows)


def _statistics_rows(sheets: Iterable[Sheet]) -> Iterator[dict[str, Any]]:
    for number, sheet in enumerate(sheets, start=1):
        events = sheet.events
        category = _category(sheet)
        sends = [event for event in events if event.kind is EventKind.SENT and event.at]
        rows = [
            {
                "stats_id": event.provider_id or f"stat-{number}-{event.step or order}",
                "lead_name": None,
                "lead_email": sheet.identifier,
                "lead_category": category,
                "sequence_number": event.step or order,
                "email_campaign_seq_id": None,
                "seq_variant_id": None,
                "sent_time": iso(event.at),
                "open_time": None,
                "click_time": None,
                "reply_time": None,
                "open_count": 0,
                "click_count": 0,
                "is_unsubscribed": first(events, EventKind.UNSUBSCRIBED) is not None
                and label_key(category or "") != "do not contact",
                "is_bounced": False,
                "ignore_reply": False,
            }
            for order, event in enumerate(sends, start=1)
        ]
        for event in events:
            row = _answered(rows, sends, event)
            if row is None:
                continue
            if event.kind is EventKind.BOUNCED and event.label is None:
                row["is_bounced"] = True
            elif event.kind is EventKind.REPLIED or (
                # A lead left with another category would show this as a person's reply.
                event.kind in NOT_HUMAN and event.at and _label_of(event) == category
            ):
                row["reply_time"] = iso(event.at)
            elif event.kind is EventKind.OPENED:
                row |= {"open_time": iso(event.at), "open_count": 1}
            elif event.kind is EventKind.CLICKED:
                row |= {"click_time": iso(event.at), "click_count": 1}
        yield from rows


def _answered(
    rows: list[dict[str, Any]], sends: list[Event], event: Event
) -> dict[str, Any] | None:
    """Return the row an event belongs to: that of its step, else the last one before it."""
    found = None
    for row, send in zip(rows, sends, strict=True):
        if event.step is not None and event.step == row["sequence_number"]:
            return row
        if found is None or (event.at and send.at and send.at <= event.at):
            found = row
    return found


def _webhook_objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
    for sheet in sheets:
        for event in sheet.events:
            base: dict[str, Any] = {"campaign_name": event.campaign or campaign, "campaign_id": 1}
            label = _label_of(event)
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


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write what a layout can express of the sheets."""
    if layout == LEADS.name:
        _write_leads(path, sheets)
    elif layout == STATISTICS.name:
        rows = list(_statistics_rows(sheets))
        write_json(path, {"total_stats": len(rows), "data": rows, "offset": 0, "limit": len(rows)})
    elif layout == WEBHOOKS.name:
        write_lines(path, _webhook_objects(sheets, campaign))
    else:
        raise unknown_layout("smartlead", layout, (known.name for known in SOURCE.layouts))


GUIDE = """\
Best: the campaign's statistics (when each e-mail went out and when the reply came), together
with the leads export (the leads that were never mailed, which statistics leave out).
Take both on the day the test settles; taking them again later does no harm.

The key is in Settings > Smartlead API, the campaign's number in its address. Paste this into
a shell (curl only; the key stays out of the process list):

    export SMARTLEAD_API_KEY=...
    CAMPAIGN=123456
    (
      set -eu
      api=https://server.smartlead.ai/api/v1/campaigns/$CAMPAIGN
      get() { printf %s "$SMARTLEAD_API_KEY" | curl -fsS -G --data-urlencode api_key@- "$@"; }
      : > smartlead-statistics.jsonl
      offset=0
      while :; do
        page=$(get -d limit=1000 -d offset=$offset "$api/statistics")
        case $page in *'"stats_id"'*) ;; *) break ;; esac
        printf '%s\\n' "$page" >> smartlead-statistics.jsonl
        offset=$((offset + 1000))
        sleep 1
      done
      get "$api/leads-export" > smartlead-leads.csv
    )
    icptest ingest EXPERIMENT smartlead-statistics.jsonl smartlead-leads.csv --campaign "NAME"

Neither file names its campaign: `--campaign` does. Leads never mailed count as not sent only
from the leads export. Webhooks, if you keep them as JSON Lines, can be read instead of
statistics; they hold nothing from before they were set up.
"""
# https://help.smartlead.ai/API-Documentation-a0d223bdd3154a77b3735497aad9419f (api_key in the
# query, 10 requests in 2 s); https://api.smartlead.ai/api-reference/campaigns/statistics
# (limit, offset); .../campaigns/export-leads.

SOURCE = Source(
    name="smartlead",
    title="Smartlead",
    layouts=(STATISTICS, LEADS, WEBHOOKS),
    guide=GUIDE,
    write=write,
)
