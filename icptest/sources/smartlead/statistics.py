"""Smartlead's statistics: one row per e-mail sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN, label_key
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import address_at, flag, instant, text, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import dated, first, label_event
from icptest.sources._writing import iso, write_json
from icptest.sources.smartlead.categories import category_of, label_of, lead_events, meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

STATISTICS_NEEDS = ("lead_email", "sequence_number", "sent_time", "reply_time")


class _Statistics:
    """Reader of `statistics`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the lead's address."""
        return (address_at(row.fields, "lead_email"),)

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
        lead = lead_events(category, unsubscribed=unsubscribed, campaign=campaign)
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
    open=for_objects(_Statistics),
    needs=STATISTICS_NEEDS,
)


def write_statistics(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write one page with one row per e-mail sent."""
    rows = list(_rows(sheets))
    write_json(path, {"total_stats": len(rows), "data": rows, "offset": 0, "limit": len(rows)})


def _rows(sheets: Iterable[Sheet]) -> Iterator[dict[str, Any]]:
    for number, sheet in enumerate(sheets, start=1):
        events = sheet.events
        category = category_of(sheet)
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
                event.kind in NOT_HUMAN and event.at and label_of(event) == category
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
