"""What every source does with a cell or a field: find it, check it, turn it into a value.

A cell that cannot be used raises `UnusableRowError` with its column; nothing is guessed.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from icptest import spelling
from icptest.contacts import normalise_address, normalise_linkedin
from icptest.errors import InputError, Location, UnusableRowError
from icptest.events import Dating, Event, EventKind
from icptest.labels import common_meaning
from icptest.reading.times import TimeColumn, is_blank_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Objects, Table
    from icptest.sources._base import Settings

# Common addresses, already in the form `normalise_address` returns; linear by construction.
# It only saves time: whatever it does not match goes the full way.
_PLAIN = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+").fullmatch
_PLAIN_LIMIT = 320
_PLAIN_PROFILE = re.compile(r"https?://(?:www\.)?linkedin\.com/(in/[a-z0-9-]+)/?").fullmatch
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_LISTED = 40
_TRUE = frozenset({"true", "yes", "y", "1", "x"})
_FALSE = frozenset({"false", "no", "n", "0", ""})


# --- identifiers


def address(text: str, column: str) -> Identifier:
    """Return the normalised address in a cell.

    Raises:
        UnusableRowError: "no-identifier" for an empty cell, "bad-address" for another text.
    """
    if len(text) <= _PLAIN_LIMIT and _PLAIN(text):
        return text
    found = normalise_address(text)
    if found is None:
        reason = "bad-address" if text.strip() else "no-identifier"
        raise UnusableRowError(reason, column=column, value=text)
    return found


def profile(text: str) -> Identifier | None:
    """Return the LinkedIn profile in a cell; None when it holds none (it is never the only way)."""
    if not text:
        return None
    plain = _PLAIN_PROFILE(text)
    return plain[1] if plain else normalise_linkedin(text)


# --- files


def is_table(export: Table | Objects) -> TypeGuard[Table]:
    """Whether a file has a header and rows (else it holds JSON objects)."""
    return hasattr(export, "header")


def fold(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    return " ".join(name.split()).casefold()


def seen_names(export: Table | Objects) -> tuple[str, ...]:
    """Return the columns of a table, or the keys of the first objects, in order."""
    if is_table(export):
        return export.header
    sample = cast("Objects", export).sample
    return tuple(dict.fromkeys(key for fields in sample for key in fields))


def nearest(value: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most like `value` whatever the letter case, if one is like it."""
    words = {fold(word): word for word in allowed}
    found = spelling.nearest(fold(value), words)
    return None if found is None else words[found]


def listed(words: Iterable[str]) -> str:
    """Return words as messages list them; a long list ends with how many more there are."""
    words = tuple(words)
    more = len(words) - _LISTED
    return ", ".join(words[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def table_claims(needs: Iterable[str]) -> Callable[[Table | Objects], bool]:
    """Return a `claims` that asks for all these columns, in any order and letter case."""
    wanted = frozenset(map(fold, needs))

    def claims(export: Table | Objects) -> bool:
        return is_table(export) and wanted <= {fold(name) for name in export.header}

    return claims


def object_claims(like: Callable[[Mapping[str, Any]], bool]) -> Callable[[Table | Objects], bool]:
    """Return a `claims` that asks most of the first objects.

    Most, not all: one odd record is set aside with its reason, it does not unclaim a file.
    Two layouts with exclusive `like` can never both have most.
    """

    def claims(export: Table | Objects) -> bool:
        if is_table(export):
            return False
        sample = cast("Objects", export).sample
        return 2 * sum(map(like, sample)) > len(sample)

    return claims


class Columns:
    """The columns of one table, found by name whatever their order and letter case."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._index: dict[str, int] = {}
        for number, name in enumerate(table.header):
            self._index.setdefault(fold(name), number)

    def find(self, name: str | None) -> int | None:
        """Return a column's position, None when the file has no such column."""
        return None if name is None else self._index.get(fold(name))

    def need(self, name: str) -> int:
        """Return a column's position.

        Raises:
            InputError: "missing-column", with the columns there are and the most like one.
        """
        found = self.find(name)
        if found is None:
            header = self._table.header
            raise InputError(
                "missing-column",
                location=Location(file=str(self._table.path), line=1),
                source="The mapping",
                missing=name,
                nearest=nearest(name, header),
                seen=listed(header),
            )
        return found


# --- values


def field(fields: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path; None when it is absent or null."""
    value: Any = fields
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text(fields: Mapping[str, Any], *paths: str) -> str | None:
    """Return the first text at these paths; None when all are absent, null or blank.

    Raises:
        UnusableRowError: "bad-field" when an object or a list stands where a text belongs.
    """
    for path in paths:
        value = field(fields, path)
        if isinstance(value, str):
            if value := value.strip():
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        elif value is not None:
            raise UnusableRowError("bad-field", column=path, value=str(value)[:80])
    return None


def whole(value: Any, column: str) -> int | None:
    """Return a whole number; None for null and blank, which are not zero.

    Raises:
        UnusableRowError: "bad-number" for anything else, True and False included.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if _WHOLE.fullmatch(value) and value.isascii():
            return int(value.partition(".")[0])
    raise UnusableRowError("bad-number", column=column, value=str(value)[:80])


def flag(value: Any, column: str) -> bool:
    """Return a yes or a no; null and blank are a no.

    Raises:
        UnusableRowError: "bad-flag" for a word that is neither, "maybe" for one.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise UnusableRowError("bad-flag", column=column, value=str(value)[:80])


def instant(fields: Mapping[str, Any], settings: Settings, *paths: str) -> datetime | None:
    """Return the first time at these paths, in UTC; None when all are absent, null or blank.

    Raises:
        UnusableRowError: "bad-date", with the path.
        InputError: "missing-zone" for a time without zone when none was said.
    """
    for path in paths:
        written = text(fields, path)
        if written is not None and not is_blank_time(written):
            return TimeColumn(path, settings.zone)(written)
    return None


# --- events


def dated(
    kind: EventKind,
    at: datetime | None,
    *,
    dating: Dating = Dating.EXACT,
    label: str | None = None,
    campaign: str | None = None,
    step: int | None = None,
    provider_id: str | None = None,
) -> Event:
    """Return an event; without a time it is UNDATED, whatever `dating` says."""
    return Event(
        kind=kind,
        at=at,
        dating=Dating.UNDATED if at is None else dating,
        label=label,
        campaign=campaign,
        step=step,
        provider_id=provider_id,
    )


def label_event(
    label: str,
    kind: EventKind | None = None,
    *,
    at: datetime | None = None,
    dating: Dating = Dating.EXACT,
    campaign: str | None = None,
) -> tuple[Event, ...]:
    """Return the event a label is; none where it says that nobody judged the reply."""
    kind = common_meaning(label) if kind is None else kind
    if kind is EventKind.REPLIED:
        return ()
    return (dated(kind, at, dating=dating, label=label, campaign=campaign),)


def first(events: Iterable[Event], *kinds: EventKind) -> Event | None:
    """Return the first event of these kinds: what the writers look for."""
    return next((event for event in events if event.kind in kinds), None)


def last(events: Iterable[Event], *kinds: EventKind) -> Event | None:
    """Return the last event of these kinds: what is left in a file that keeps one state."""
    return first(reversed(tuple(events)), *kinds)


# --- writing


def iso(at: datetime | None) -> str | None:
    """Return a UTC time as APIs write it: "2026-03-02T09:10:00Z"."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a CSV file: UTF-8, LF, quotes only where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_lines(path: Path, objects: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for fields in objects:
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value, indented for people."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def unknown_layout(source: str, layout: str, allowed: Iterable[str]) -> InputError:
    """Return the error for a layout a source does not write."""
    allowed = tuple(allowed)
    return InputError(
        "unknown-layout",
        source=source,
        value=layout,
        allowed=listed(allowed),
        nearest=nearest(layout, allowed),
    )
