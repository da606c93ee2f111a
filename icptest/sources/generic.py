"""Any CSV or Excel file, through a mapping that a person has confirmed.

Email,Sent At,Replied At,Label,Bounced,Campaign
ada@example.com,2026-03-02T09:10:00Z,2026-03-04T16:22:00Z,Interested,no,Q1
One row per contact, several rows per contact (one a step), or one row per event with a column
that names the event. `guess` proposes a mapping from the header and the labels; ingest shows
it, asks once, and keeps it as TOML; `header_digest` finds it again for the same header.
Missing: whatever no column tells; `layout(mapping).tells` says what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form
from icptest.labels import NOT_HUMAN, label_key
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import flag, identifiers, whole
from icptest.sources._export import Columns, for_table, table_claims
from icptest.sources._facts import dated, first, last
from icptest.sources._guess import guess
from icptest.sources._mapping import Mapping, from_toml, header_digest, tells, to_toml
from icptest.sources._times import Times, read_times
from icptest.sources._words import IGNORE, JUDGEMENTS, Meaning, event_meaning, state_meaning
from icptest.sources._writing import iso, unknown_layout, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Row, Table

__all__ = [
    "IGNORE",
    "SOURCE",
    "Mapping",
    "from_toml",
    "guess",
    "header_digest",
    "layout",
    "to_toml",
    "write",
]

_TIMES = ("sent_at", "last_contacted_at", "replied_at", "bounced_at", "meeting_at", "event_at")


class _Mapped:
    """Reader of a table through a mapping."""

    def __init__(self, table: Table, mapping: Mapping, settings: Settings) -> None:
        columns = Columns(table)
        self._settings = settings
        self._names = mapping.columns()
        self._index = {role: columns.need(name) for role, name in self._names.items()}
        self._labels = {label_key(word): kind for word, kind in mapping.labels.items()}
        self._events = {label_key(word): kind for word, kind in mapping.events.items()}
        indexes = {role: self._index[role] for role in _TIMES if role in self._index}
        readers = read_times(table, indexes.values(), settings)
        self._times: dict[str, Times] = {role: readers[at] for role, at in indexes.items()}

    def who(self, row: Row) -> tuple[Identifier, ...]:
        """Return the address and the profile, whichever the row has."""
        column = self._names.get("email") or self._names["linkedin"]
        return identifiers(self._cell(row, "email"), self._cell(row, "linkedin"), column)

    def what(self, row: Row) -> Reading:
        """Return the contact's state, or the one event of the row."""
        campaign = self._cell(row, "campaign") or self._settings.campaign
        step = None
        if "step" in self._index:
            step = whole(self._cell(row, "step"), self._names["step"])
        events = self._event(row, campaign, step) if "event" in self._index else None
        note = "ignored-event"
        if events is None:
            events = self._state(row, campaign, step)
            note = "never-mailed"
        return Reading(events=tuple(events), campaign=campaign, note=None if events else note)

    def _cell(self, row: Row, role: str) -> str:
        index = self._index.get(role)
        return "" if index is None else row.cells[index].strip()

    def _flag(self, row: Row, role: str) -> bool:
        return role in self._index and flag(self._cell(row, role), self._names[role])

    def _span(self, row: Row, role: str) -> tuple[datetime | None, datetime] | None:
        return self._times[role].span(row) if role in self._times else None

    def _label_kind(self, label: str) -> Meaning:
        return self._labels.get(label_key(label)) or state_meaning(label)

    def _event(self, row: Row, campaign: str | None, step: int | None) -> list[Event]:
        """Return the event of an event-per-row file, and the label beside a reply."""
        word = self._cell(row, "event")
        kind = self._events.get(label_key(word)) or event_meaning(word)
        if kind is EventKind.UNKNOWN_LABEL:
            raise UnusableRowError("unknown-event", column=self._names["event"], value=word)
        if kind == IGNORE:
            return []
        span = self._span(row, "event_at")
        judged = kind in JUDGEMENTS
        found = [
            _spanned(
                EventKind(kind),
                span,
                # A judgement in a log of events is dated when it was made.
                dating=Dating.LABEL_SET if judged else Dating.EXACT,
                label=word if judged else None,
                campaign=campaign,
                step=None if judged or kind is EventKind.REPLIED else step,
                provider_id=self._cell(row, "event_id") or None,
            )
        ]
        label = self._cell(row, "label")
        if kind is EventKind.REPLIED and label:
            meant = self._label_kind(label)
            if meant in NOT_HUMAN:
                found.clear()
            if meant not in {IGNORE, EventKind.REPLIED, EventKind.SENT}:
                found.append(_spanned(EventKind(meant), span, label=label, campaign=campaign))
        return found

    def _state(self, row: Row, campaign: str | None, step: int | None) -> list[Event]:
        """Return what a row says of its contact (of one step of it, where `step` is mapped)."""
        label = self._cell(row, "label")
        meant: Meaning = self._label_kind(label) if label else IGNORE
        events: list[Event] = []
        sent = self._sent(row, campaign, step, stated=meant is EventKind.SENT)
        replied = self._span(row, "replied_at")
        if sent:
            events.append(sent)
            # A reply shows on every step's row; only the first step cannot be answered early.
            if replied and sent.at and step in {None, 1} and sent.dating is not Dating.LAST_TOUCH:
                self._in_order(row, sent.since or sent.at, replied[1])
        if bounced := self._span(row, "bounced_at"):
            events.append(_spanned(EventKind.BOUNCED, bounced, campaign=campaign))
        elif self._flag(row, "bounced"):
            events.append(dated(EventKind.BOUNCED, None, campaign=campaign))
        came = replied is not None or self._flag(row, "replied") or meant is EventKind.REPLIED
        # An automatic reply and a bounce also have a reply time; only the label says so.
        if came and meant not in NOT_HUMAN:
            events.append(_spanned(EventKind.REPLIED, replied, campaign=campaign))
        if meant in {EventKind.OPENED, EventKind.CLICKED}:
            # A fact about an e-mail, and nobody's judgement of a reply.
            events.append(dated(EventKind(meant), None, campaign=campaign))
        elif meant not in {IGNORE, EventKind.REPLIED, EventKind.SENT}:
            # Label and reply in one row are a pair: the label takes the reply's time.
            events.append(_spanned(EventKind(meant), replied, label=label, campaign=campaign))
        if self._flag(row, "unsubscribed"):
            events.append(dated(EventKind.UNSUBSCRIBED, None, campaign=campaign))
        if meeting := self._span(row, "meeting_at"):
            events.append(_spanned(EventKind.MEETING_BOOKED, meeting, campaign=campaign))
        return events

    def _sent(
        self, row: Row, campaign: str | None, step: int | None, *, stated: bool
    ) -> Event | None:
        """Return the send; a last contact is the first touch only where one step was sent."""
        if sent := self._span(row, "sent_at"):
            return _spanned(EventKind.SENT, sent, campaign=campaign, step=step)
        if last := self._span(row, "last_contacted_at"):
            dating = Dating.EXACT if step == 1 else Dating.LAST_TOUCH
            return _spanned(EventKind.SENT, last, dating=dating, campaign=campaign, step=step)
        if self._flag(row, "sent") or stated:
            return dated(EventKind.SENT, None, campaign=campaign, step=step)
        return None

    def _in_order(self, row: Row, sent_from: datetime, replied_until: datetime) -> None:
        if replied_until < sent_from:
            raise UnusableRowError(
                "reply-before-send",
                column=self._names["replied_at"],
                value=self._cell(row, "replied_at"),
            )


def _spanned(
    kind: EventKind,
    span: tuple[datetime | None, datetime] | None,
    *,
    dating: Dating = Dating.EXACT,
    **said: Any,
) -> Event:
    """Return an event; a date alone is a time between two, as a person would have stated it."""
    since, at = span or (None, None)
    if since is not None and dating is Dating.EXACT:
        dating = Dating.STATED
    return dated(kind, at, since=since if dating is Dating.STATED else None, dating=dating, **said)


def layout(mapping: Mapping) -> Layout:
    """Return the layout a mapping makes: its form and what it tells follow from the columns."""

    def reader(table: Table, settings: Settings) -> _Mapped:
        return _Mapped(table, mapping, settings)

    needs = tuple(mapping.columns().values())
    return Layout(
        name="events" if mapping.event else "contacts",
        form=Form.STREAM if mapping.event else Form.SNAPSHOT,
        tells=tells(mapping),
        claims=table_claims(needs),
        open=for_table(reader),
        needs=needs,
    )


# --- writing

HEADER = ("Email", "Sent At", "Replied At", "Label", "Bounced", "Campaign")
_LABEL_OF = {
    EventKind.POSITIVE_REPLY: "Interested",
    EventKind.NEGATIVE_REPLY: "Not Interested",
    EventKind.NEUTRAL_REPLY: "Not now",
    EventKind.OUT_OF_OFFICE: "Out of office",
    EventKind.MEETING_BOOKED: "Meeting booked",
    EventKind.MEETING_HELD: "Meeting completed",
    EventKind.MEETING_NO_SHOW: "No show",
    EventKind.UNSUBSCRIBED: "Unsubscribed",
}


def _rows(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[list[str]]:
    for sheet in sheets:
        sent = first(sheet.events, EventKind.SENT)
        label = last(sheet.events, *_LABEL_OF, EventKind.UNKNOWN_LABEL)
        replied = first(sheet.events, EventKind.REPLIED) or label
        bounced = first(sheet.events, EventKind.BOUNCED) is not None
        named = campaign or next((event.campaign for event in sheet.events if event.campaign), "")
        yield [
            sheet.identifier,
            (iso(sent.at) if sent else None) or "",
            (iso(replied.at) if replied else None) or "",
            (label.label or _LABEL_OF.get(label.kind, "")) if label else "",
            "yes" if bounced else "no",
            named,
        ]


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write one row per contact, with times in UTC."""
    if layout != "contacts":
        raise unknown_layout("generic", layout, ("contacts",))
    write_csv(path, HEADER, _rows(sheets, campaign))


GUIDE = """\
For any tool, and for your own sheet: a CSV or Excel file with a header, and in it

- the e-mail address (or the LinkedIn profile) of every contact, also of those never mailed;
- when it was first mailed - not when it was last contacted, which starts no clock;
- when it replied, and the label of the reply ("Interested", "Not Interested", ...);
- whether it bounced; the campaign.

    icptest ingest EXPERIMENT mine.csv --from generic

shows which column it takes for what and what each label means, asks once, and keeps the
answer as a TOML file for every later export with the same columns. A file with one row per
event (address, event, timestamp) works too. Dates without a time are fine; times without a
zone need `--tz`.
"""

SOURCE = Source(name="generic", title="a table of your own", layouts=(), guide=GUIDE, write=write)
