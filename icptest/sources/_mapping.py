"""The mapping of a table: which column tells what, what its words mean, and the file of both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import tomli_w

from icptest.errors import InputError, Location
from icptest.events import EventKind, Tells
from icptest.sources._export import fold, listed, nearest
from icptest.sources._words import IGNORE, JUDGEMENTS, Meaning
from icptest.toml_keys import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "icptest.mapping/1"


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


STATE_ROLES = frozenset(
    {
        "sent_at",
        "sent",
        "last_contacted_at",
        "replied_at",
        "replied",
        "bounced",
        "bounced_at",
        "unsubscribed",
        "meeting_at",
    }
)
"""Roles of a row that is about its contact; of a row that is about one event they are not read."""


def header_digest(header: Iterable[str]) -> str:
    """Return the digest of a header: the same for the same columns in any order."""
    names = json.dumps(sorted(map(fold, header)), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(names.encode()).hexdigest()}"


def tells(mapping: Mapping) -> frozenset[Tells]:
    """Return what the mapped columns can tell."""
    columns = set(mapping.columns())
    if "event" in columns:
        columns -= STATE_ROLES
        kinds = set(mapping.events.values())
        dates = "event_at" in columns
    else:
        kinds = set(mapping.labels.values())
        dates = False
    told: dict[Tells, bool] = {
        Tells.SENDS: EventKind.SENT in kinds
        or bool(columns & {"sent_at", "sent", "last_contacted_at"}),
        Tells.SEND_TIMES: "sent_at" in columns or (dates and EventKind.SENT in kinds),
        Tells.REPLIES: EventKind.REPLIED in kinds or bool(columns & {"replied_at", "replied"}),
        Tells.REPLY_TIMES: "replied_at" in columns or (dates and EventKind.REPLIED in kinds),
        Tells.BOUNCES: EventKind.BOUNCED in kinds or bool(columns & {"bounced", "bounced_at"}),
        Tells.LABELS: "label" in columns or bool(kinds & JUDGEMENTS),
        Tells.MEETINGS: "meeting_at" in columns or EventKind.MEETING_BOOKED in kinds,
    }
    return frozenset(tell for tell, yes in told.items() if yes)


# --- as a file


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
        InputError: "bad-mapping" for what is no TOML, has a text where a table belongs or
            names no column that says who a row is about;
            "unknown-key" and "unknown-kind", each with the allowed ones and the nearest.
    """
    location = Location(file=file)
    try:
        data = parse_toml(text)
    except ValueError as error:
        raise InputError("bad-mapping", location=location, detail=str(error)) from None
    _only(data, ("schema", "header", "columns", "labels", "events"), location)
    if data.get("schema") != SCHEMA:
        raise InputError("bad-mapping", location=location, detail=f'schema must be "{SCHEMA}"')
    columns = _texts(data, "columns", location)
    _only(columns, ROLES, location)
    labels = _meanings(_texts(data, "labels", location), location)
    events = _meanings(_texts(data, "events", location), location)
    if not columns.keys() & {"email", "linkedin"}:
        raise InputError(
            "bad-mapping",
            location=location,
            detail='[columns] must say where the people stand, for example email = "Email"',
        )
    header = data.get("header")
    return Mapping(
        header=header if isinstance(header, str) else None,
        labels=labels,
        events=events,
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
