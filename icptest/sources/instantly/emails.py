"""Instantly's e-mails: one object per e-mail, sent or received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Event, EventKind, Form, Tells
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import address_at, campaign_of, flag, known_instant, text, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import dated
from icptest.sources._writing import iso, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

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
        fields = row.fields
        if text(fields, "lead") is None and whole(fields.get("ue_type"), "ue_type") in _NOTES:
            return ()
        return (address_at(fields, "lead"),)

    def what(self, row: Object) -> Reading:
        """Return what the e-mail is."""
        fields = row.fields
        campaign, aliases = campaign_of(fields, self._settings, number="campaign_id")
        way = whole(fields.get("ue_type"), "ue_type")
        events: tuple[Event, ...] = ()
        if way in _NOTES:
            # 3: a person writing in the thread is an answer to the lead, not a first touch.
            # 4: it has not gone out.
            note = _NOTES[way]
        elif way in {CAMPAIGN_EMAIL, RECEIVED}:
            note = None
            # `timestamp_created` is when the database heard of it: the documents warn of it.
            at = known_instant(fields, self._settings, "timestamp_email")
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


EMAILS = Layout(
    name="emails",
    form=Form.STREAM,
    tells=frozenset({Tells.SENDS, Tells.SEND_TIMES, Tells.REPLIES, Tells.REPLY_TIMES}),
    claims=object_claims(lambda fields: all(key in fields for key in EMAILS_NEEDS)),
    open=for_objects(_Emails),
    needs=EMAILS_NEEDS,
)


_WAYS = {
    EventKind.SENT: (CAMPAIGN_EMAIL, 0),
    EventKind.REPLIED: (RECEIVED, 0),
    EventKind.OUT_OF_OFFICE: (RECEIVED, 1),
}


def write_emails(path: Path, sheets: Iterable[Sheet], campaign: str | None) -> None:
    """Write one page with one object per e-mail."""
    items = list(_objects(sheets, campaign))
    write_json(path, {"items": items, "next_starting_after": None})


def _objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
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
