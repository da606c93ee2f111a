"""What every source does with a cell or a field: find it, check it, turn it into a value.

A cell that cannot be used raises `UnusableRowError` with its column; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from icptest.contacts import normalise_address, normalise_linkedin
from icptest.errors import UnusableRowError
from icptest.reading.times import TimeColumn, is_blank_time
from icptest.sources._export import is_table

if TYPE_CHECKING:
    from datetime import datetime

    from icptest.contacts import Identifier
    from icptest.sources._base import Settings

__all__ = [
    "address",
    "address_at",
    "campaign_of",
    "field",
    "flag",
    "identifiers",
    "instant",
    "is_table",
    "known_instant",
    "profile",
    "text",
    "whole",
]

# Common addresses, already in the form `normalise_address` returns; linear by construction.
# It only saves time: whatever it does not match goes the full way.
_PLAIN = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+").fullmatch
_PLAIN_LIMIT = 320
_PLAIN_PROFILE = re.compile(r"https?://(?:www\.)?linkedin\.com/(in/[a-z0-9-]+)/?").fullmatch
_WHOLE = re.compile(r"[+-]?\d{1,10}(?:\.0{1,10})?", re.ASCII).fullmatch
_MOST = 2**31 - 1
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


def address_at(fields: Mapping[str, Any], path: str) -> Identifier:
    """Return the normalised address at a dotted path; raises as `address` does."""
    return address(text(fields, path) or "", path)


def profile(text: str) -> Identifier | None:
    """Return the LinkedIn profile in a cell; None when it holds none (it is never the only way)."""
    if not text:
        return None
    plain = _PLAIN_PROFILE(text)
    return plain[1] if plain else normalise_linkedin(text)


def identifiers(email: str, linkedin: str, column: str) -> tuple[Identifier, ...]:
    """Return the address and the profile of a row, whichever it has.

    A bad address is set aside even beside a profile: it is the address that was mailed.

    Raises:
        UnusableRowError: "no-identifier" and "bad-address", with the address's `column`.
    """
    known = profile(linkedin) if linkedin else None
    if known is None:
        return (address(email, column),)
    if not email.strip():
        return (known,)
    return (address(email, column), known)


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
        UnusableRowError: "bad-number" for anything else, True and False included, and for a
            number that no step, count or status ever reaches.
    """
    if isinstance(value, str):
        value = value.strip() or None
        if value is not None and _WHOLE(value):
            value = int(value.partition(".")[0])
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST:
        return value
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


def known_instant(fields: Mapping[str, Any], settings: Settings, path: str) -> datetime:
    """Return the time at this path, of a record that is nothing without it.

    Raises:
        UnusableRowError: "no-date" where it is missing; else as `instant` does.
    """
    at = instant(fields, settings, path)
    if at is None:
        raise UnusableRowError("no-date", column=path)
    return at


# --- the campaign


def campaign_of(
    fields: Mapping[str, Any], settings: Settings, *, name: str | None = None, number: str
) -> tuple[str | None, tuple[str, ...]]:
    """Return the campaign and its other names, from the paths of its name and of its id.

    What a person said names a campaign only where the file does not: a log of many campaigns
    is not all of the one that was said.
    """
    named = text(fields, name) if name else None
    said = (named, text(fields, number), None if named else settings.campaign)
    names = tuple(dict.fromkeys(one for one in said if one))
    return (names[0], names[1:]) if names else (None, ())
