"""Any CSV or Excel file, through a mapping that a person has confirmed.

Email,Sent At,Replied At,Label,Bounced,Campaign
ada@example.com,2026-03-02T09:10:00Z,2026-03-04T16:22:00Z,Interested,no,Q1
One row per contact, several rows per contact (one a step), or one row per event with a column
that names the event. `guess` proposes a mapping from the header and the labels; ingest shows
it, asks once, and keeps it as TOML; `header_digest` finds it again for the same header.
Missing: whatever no column tells; `layout(mapping).tells` says what is left.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import tomli_w

from icptest.errors import InputError, Location, UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN, common_meaning, label_key
from icptest.reading.records import BadRow
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import (
    Columns,
    address,
    dated,
    first,
    flag,
    fold,
    is_table,
    iso,
    last,
    listed,
    nearest,
    profile,
    unknown_layout,
    whole,
    write_csv,
)
from icptest.sources._times import Times, read_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Objects, Row, Table

IGNORE: Literal["ignore"] = "ignore"
Meaning: TypeAlias = EventKind | Literal["ignore"]
"""What a word of the file means: a kind of event, or nothing."""

SCHEMA = "icptest.mapping/1"
MOST_WORDS = 60
"""A column with more different texts than this holds no labels: it is notes, or names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """Which column tells what, and what the file's own words mean.

    Attributes:
        header: Digest of the header this was made for.
        email: Column of the e-mail address.
        linkedin: Column of the LinkedIn profile.
        sent_at: When the contact was first mailed (this step was, where `step` is mapped).
        sent: Whether it was mailed.
        last_contacted_at: When it was last mailed: the first touch only where one step was sent.
        replied_at: When it first replied.
        replied: Whether it replied.
        label: The label, category or status of the contact or its reply.
        bounced: Whether it bounced.
        bounced_at: When it bounced.
        unsubscribed: Whether it unsubscribed.
        meeting_at: When a meeting was booked.
        campaign: The campaign.
        step: The step of the sequence, counted from 1.
        event: What happened: in files with one row per event.
        event_at: When it happened.
        event_id: The tool's own id of the event.
        labels: What each label means; UNKNOWN_LABEL where nobody has said.
        events: What each event's name means.
    """

    header: str | None = None
    email: str | None = None
    linkedin: str | None = None
    sent_at: str | None = None
    sent: str | None = None
    last_contacted_at: str | None = None
    replied_at: str | None = None
    replied: str | None = None
    label: str | None = None
    bounced: str | None = None
    bounced_at: str | None = None
    unsubscribed: str | None = None
    meeting_at: str | None = None
    campaign: str | None = None
    step: str | None = None
    event: str | None = None
    event_at: str | None = None
    event_id: str | None = None
    labels: dict[str, Meaning] = field(default_factory=dict)
    events: dict[str, Meaning] = field(default_factory=dict)

    def columns(self) -> dict[str, str]:
        """Return the mapped columns by what they tell, in the order of the fields."""
        return {role: name for role in ROLES if (name := getattr(self, role)) is not None}

    def unknown(self) -> tuple[str, ...]:
        """Return the labels and events of the file that nobody has explained yet."""
        words = (*self.labels.items(), *self.events.items())
        return tuple(word for word, kind in words if kind is EventKind.UNKNOWN_LABEL)


ROLES = tuple(one.name for one in fields(Mapping) if one.name not in {"header", "labels", "events"})
_TIMES = ("sent_at", "last_contacted_at", "replied_at", "bounced_at", "meeting_at", "event_at")

# Folded names; the first of a list that the file has is taken. From the columns that exports,
# CRMs and people's own sheets have; "created", "updated" and the like say nothing of a touch.
_NAMES: dict[str, tuple[str, ...]] = {
    "email": (
        "email",
        "e-mail",
        "email address",
        "e-mail address",
        "work email",
        "business email",
        "lead email",
        "contact email",
        "prospect email",
        "recipient email",
        "recipient",
        "to",
        "to email",
    ),
    "linkedin": (
        "linkedin",
        "linkedin url",
        "linkedin profile",
        "linkedin profile url",
        "person linkedin url",
        "profile url",
        "profile link",
    ),
    "sent_at": (
        "sent at",
        "first sent",
        "first sent at",
        "date sent",
        "sent date",
        "sent on",
        "sent time",
        "send date",
        "first contacted",
        "first contacted at",
        "first touch",
        "emailed at",
    ),
    "sent": ("sent", "contacted", "email sent", "emailed", "mailed"),
    "last_contacted_at": (
        "last contacted",
        "last contacted at",
        "last contact",
        "last sent",
        "last sent at",
        "last emailed",
        "last touch",
    ),
    "replied_at": (
        "replied at",
        "reply date",
        "reply time",
        "replied on",
        "date replied",
        "first reply",
        "first replied at",
        "response date",
        "first reply at",
    ),
    "replied": ("replied", "reply", "has replied", "responded", "email replied"),
    "label": (
        "label",
        "reply label",
        "reply category",
        "sentiment",
        "reply sentiment",
        "category",
        "lead category",
        "interest",
        "interest status",
        "reply status",
        "outcome",
        "disposition",
        "status",
        "lead status",
        "contact status",
        "email status",
    ),
    "bounced": ("bounced", "bounce", "is bounced", "email bounced", "hard bounce"),
    "bounced_at": ("bounced at", "bounce date"),
    "unsubscribed": ("unsubscribed", "is unsubscribed", "opted out", "opt out", "do not contact"),
    "meeting_at": ("meeting booked at", "meeting booked on", "booked at", "meeting date booked"),
    "campaign": ("campaign", "campaign name", "sequence", "sequence name", "campaign id"),
    "step": ("step", "step number", "sequence step", "sequence number", "email step"),
    "event": ("event", "event type", "event name", "activity", "activity type"),
    "event_at": (
        "timestamp",
        "event time",
        "event at",
        "event timestamp",
        "event date",
        "occurred at",
        "date",
        "time",
        "at",
    ),
    "event_id": ("event id", "activity id"),
}

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

_JUDGEMENTS = frozenset(
    {
        EventKind.POSITIVE_REPLY,
        EventKind.NEGATIVE_REPLY,
        EventKind.NEUTRAL_REPLY,
        EventKind.UNKNOWN_LABEL,
    }
)


def header_digest(header: Iterable[str]) -> str:
    """Return the digest of a header: the same for the same columns in any order."""
    names = json.dumps(sorted(map(fold, header)), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(names.encode()).hexdigest()}"


def state_meaning(label: str) -> Meaning:
    """Return what a word of a label or status column commonly means."""
    return STATES.get(label_key(label)) or common_meaning(label)


def event_meaning(name: str) -> Meaning:
    """Return what an event's name commonly means."""
    return EVENT_WORDS.get(label_key(name)) or common_meaning(name)


# --- guessing


def guess(table: Table) -> Mapping:
    """Propose a mapping, from the usual names of columns and the words in the file.

    Raises:
        InputError: "no-identifier-column" when no column looks like an address or a profile.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    by_name = {_plain(name): name for name in reversed(table.header)}
    for role, names in _NAMES.items():
        for name in names:
            column = by_name.get(_plain(name))
            if column is not None and column not in taken:
                found[role] = column
                taken.add(column)
                break
    if "email" not in found and "linkedin" not in found:
        raise InputError(
            "no-identifier-column",
            location=Location(file=str(table.path), line=1),
            seen=listed(table.header),
        )
    if "event" in found and "event_at" in found:
        # The row is about its event: a state beside it would be told again by every row.
        for role in ("sent_at", "sent", "last_contacted_at", "replied_at", "replied", "bounced"):
            found.pop(role, None)
    else:
        for role in ("event", "event_at", "event_id"):
            found.pop(role, None)
    words = _words(table, [found[role] for role in ("label", "event") if role in found])
    labels = words.get(found.get("label", ""), ())
    events = words.get(found.get("event", ""), ())
    if len(labels) > MOST_WORDS:
        del found["label"]
        labels = ()
    return Mapping(
        header=header_digest(table.header),
        labels={word: state_meaning(word) for word in labels},
        events={word: event_meaning(word) for word in events},
        **found,
    )


def _plain(name: str) -> str:
    return label_key(fold(name))


def _words(table: Table, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the different texts of these columns, sorted; a few too many say "no label"."""
    columns = Columns(table)
    indexes = {name: columns.need(name) for name in names}
    words: dict[str, set[str]] = {name: set() for name in names}
    for row in table.rows() if names else ():
        if isinstance(row, BadRow):
            continue
        for name, index in indexes.items():
            if (word := row.cells[index].strip()) and len(words[name]) <= MOST_WORDS:
                words[name].add(word)
    return {name: tuple(sorted(seen)) for name, seen in words.items()}


# --- the mapping as a file


def to_toml(mapping: Mapping) -> str:
    """Return the mapping as TOML, the same text every time."""
    text: dict[str, Any] = {"schema": SCHEMA}
    if mapping.header:
        text["header"] = mapping.header
    text["columns"] = mapping.columns()
    text["labels"] = {word: str(kind) for word, kind in sorted(mapping.labels.items())}
    text["events"] = {word: str(kind) for word, kind in sorted(mapping.events.items())}
    return tomli_w.dumps(text)


def from_toml(text: str, *, file: str | None = None) -> Mapping:
    """Return the mapping in a TOML text.

    Raises:
        InputError: "bad-mapping" for what is no TOML or has a text where a table belongs;
            "unknown-key" and "unknown-kind", each with the allowed ones and the nearest.
    """
    location = Location(file=file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("bad-mapping", location=location, detail=str(error)) from None
    _only(data, ("schema", "header", "columns", "labels", "events"), location)
    if data.get("schema") != SCHEMA:
        raise InputError("bad-mapping", location=location, detail=f'schema must be "{SCHEMA}"')
    columns = _texts(data, "columns", location)
    _only(columns, ROLES, location)
    header = data.get("header")
    return Mapping(
        header=header if isinstance(header, str) else None,
        labels=_meanings(_texts(data, "labels", location), location),
        events=_meanings(_texts(data, "events", location), location),
        **columns,
    )


def _texts(data: dict[str, Any], name: str, location: Location) -> dict[str, str]:
    section = data.get(name, {})
    if not isinstance(section, dict) or not all(isinstance(one, str) for one in section.values()):
        raise InputError("bad-mapping", location=location, detail=f"[{name}] must hold texts")
    return section


def _only(data: dict[str, Any], allowed: tuple[str, ...], location: Location) -> None:
    for key in data:
        if key not in allowed:
            raise InputError(
                "unknown-key",
                location=location,
                key=key,
                allowed=listed(allowed),
                nearest=nearest(key, allowed),
            )


def _meanings(words: dict[str, str], location: Location) -> dict[str, Meaning]:
    allowed = (*(str(kind) for kind in EventKind), IGNORE)
    meanings: dict[str, Meaning] = {}
    for word, kind in words.items():
        if kind not in allowed:
            raise InputError(
                "unknown-kind",
                location=Location(file=location.file, column=word),
                value=kind,
                allowed=listed(allowed),
                nearest=nearest(kind, allowed),
            )
        meanings[word] = IGNORE if kind == IGNORE else EventKind(kind)
    return meanings


# --- reading


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
        email = self._cell(row, "email")
        linkedin = profile(self._cell(row, "linkedin"))
        if linkedin is None:
            return (address(email, self._names.get("email") or self._names["linkedin"]),)
        if not email:
            return (linkedin,)
        return (address(email, self._names["email"]), linkedin)

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
        judged = kind in _JUDGEMENTS
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
        if meant not in {IGNORE, EventKind.REPLIED, EventKind.SENT}:
            # Label and reply in one row are a pair: the label takes the reply's time.
            paired = replied if meant not in {EventKind.OPENED, EventKind.CLICKED} else None
            events.append(_spanned(EventKind(meant), paired, label=label, campaign=campaign))
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
    label: str | None = None,
    campaign: str | None = None,
    step: int | None = None,
    provider_id: str | None = None,
) -> Event:
    """Return an event; a date alone is a time between two, as a person would have stated it."""
    since, at = span or (None, None)
    if since is not None and dating is Dating.EXACT:
        dating = Dating.STATED
    return Event(
        kind=kind,
        at=at,
        since=since if dating is Dating.STATED else None,
        dating=Dating.UNDATED if at is None else dating,
        label=label,
        campaign=campaign,
        step=step,
        provider_id=provider_id,
    )


# --- the layout a mapping makes


def _tells(mapping: Mapping) -> frozenset[Tells]:
    """Return what the mapped columns can tell."""
    columns = mapping.columns()
    if "event" in columns:
        kinds = set(mapping.events.values())
        dates = "event_at" in columns
    else:
        kinds = set(mapping.labels.values())
        dates = False
    told: dict[Tells, bool] = {
        Tells.SENDS: EventKind.SENT in kinds
        or bool(columns.keys() & {"sent_at", "sent", "last_contacted_at"}),
        Tells.SEND_TIMES: "sent_at" in columns or (dates and EventKind.SENT in kinds),
        Tells.REPLIES: EventKind.REPLIED in kinds
        or bool(columns.keys() & {"replied_at", "replied"}),
        Tells.REPLY_TIMES: "replied_at" in columns or (dates and EventKind.REPLIED in kinds),
        Tells.BOUNCES: EventKind.BOUNCED in kinds
        or bool(columns.keys() & {"bounced", "bounced_at"}),
        Tells.LABELS: "label" in columns or bool(kinds & _JUDGEMENTS),
        Tells.MEETINGS: "meeting_at" in columns or EventKind.MEETING_BOOKED in kinds,
    }
    return frozenset(tell for tell, yes in told.items() if yes)


def layout(mapping: Mapping) -> Layout:
    """Return the layout a mapping makes: its form and what it tells follow from the columns."""

    def claims(export: Table | Objects) -> bool:
        if not is_table(export):
            return False
        header = {fold(name) for name in export.header}
        return all(fold(name) in header for name in mapping.columns().values())

    def open_table(export: Table | Objects, settings: Settings) -> _Mapped:
        if not is_table(export):
            raise InputError("not-a-table", path=str(export.path), looks_like="JSON")
        return _Mapped(export, mapping, settings)

    return Layout(
        name="events" if mapping.event else "contacts",
        form=Form.STREAM if mapping.event else Form.SNAPSHOT,
        tells=_tells(mapping),
        claims=claims,
        open=open_table,
        needs=tuple(mapping.columns().values()),
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

SOURCE = Source(name="generic", title="Any CSV or Excel file", layouts=(), guide=GUIDE, write=write)
