"""The mapping of a table as its columns and words are usually meant, for a person to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.labels import label_key
from icptest.reading.records import BadRow
from icptest.sources._export import Columns, fold, listed
from icptest.sources._mapping import STATE_ROLES, Mapping, header_digest
from icptest.sources._words import event_meaning, state_meaning

if TYPE_CHECKING:
    from icptest.reading.records import Table

MOST_WORDS = 60
"""A column with more different texts than this holds no labels: it is notes, or names."""

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
        "first mailed",
        "first mailed at",
        "first email",
        "first email at",
        "mailed at",
        "date mailed",
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
        for role in STATE_ROLES:
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
