"""The journal: who did what when, each entry chained to the one before.

An entry carries the digest of the entry before it, so a line that is changed, removed or put
in afterwards no longer chains. The store takes the previous digest inside the transaction of
the deed itself: there is no deed without its entry, and no entry without its deed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

FIRST = ""
"""The previous digest of the first entry of a database."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One deed on the record.

    Attributes:
        at: When; aware UTC.
        user: Who, as the machine knows them.
        experiment: Slug of the test it is about, if it is about one.
        action: Kebab word: "register", "ingest", "peek".
        detail: What else there is to say, as JSON values; never an address.
        digest: "sha256:<hex>" of all of this and of `previous`; empty until it is chained.
        previous: Digest of the entry before; empty for the first.
    """

    at: datetime
    user: str
    experiment: str | None
    action: str
    detail: Mapping[str, Any]
    digest: str = ""
    previous: str = FIRST


def make_entry(
    *,
    at: datetime,
    user: str,
    action: str,
    experiment: str | None = None,
    **detail: Any,
) -> Entry:
    """Return an entry that is not chained yet; the store chains it when it writes it.

    Raises:
        TypeError: A detail is no JSON value, or the time has no zone.
        ValueError: A detail is NaN or infinite.
    """
    if at.tzinfo is None:
        raise TypeError("at: a time with a zone is needed, got " + at.isoformat())
    return Entry(
        at=at.astimezone(UTC),
        user=user,
        experiment=experiment,
        action=action,
        # A round trip, so that what is hashed now is what will be read back later.
        detail=json.loads(json.dumps(detail, allow_nan=False)),
    )


def chain(entry: Entry, previous_digest: str) -> Entry:
    """Return the entry with its place in the chain."""
    placed = replace(entry, previous=previous_digest)
    return replace(placed, digest=_digest(placed))


def verify(entries: Iterable[Entry]) -> int | None:
    """Return the index of the first entry that does not chain, or None when all do.

    It takes the whole journal of a database, in order; the entries of one test alone leave
    gaps, which are what this finds.
    """
    previous = FIRST
    for index, entry in enumerate(entries):
        if entry.previous != previous or entry.digest != _digest(entry):
            return index
        previous = entry.digest
    return None


def _digest(entry: Entry) -> str:
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": entry.user,
        "experiment": entry.experiment,
        "action": entry.action,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
