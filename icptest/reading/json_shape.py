"""What a JSON value is: a page of records, a record, or one that cannot be kept.

`STRICT` refuses what would be lost in silence; `LENIENT` only looks, and keeps nothing.
"""

from __future__ import annotations

import json
import re
from math import isinf
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_KEYS = frozenset(
    {
        "activities",
        "collection",
        "contacts",
        "conversations",
        "data",
        "emailer_messages",
        "emails",
        "events",
        "history",
        "items",
        "leads",
        "prospects",
        "records",
        "results",
    }
)
RECORD_KEYS = frozenset(
    {
        "email",
        "emailaddress",
        "event",
        "eventtype",
        "id",
        "leademail",
        "linkedinurl",
        "method",
        "payload",
        "profileurl",
        "prospectemail",
        "sleademail",
        "toemail",
        "type",
    }
)
DEPTH = 100
RECORD_LIMIT = 64 << 20
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PAGING = re.compile(
    r"total|count|offset|limit|skip|next|prev|page|pagination|cursor|more|meta|links|success|ok$",
    re.IGNORECASE,
)


class RefusedError(Exception):
    """The value is JSON, but not one that can be kept."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedError("duplicate-key")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise RefusedError("not-json")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise RefusedError("not-json")
    return number


STRICT = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_no_constant, parse_float=_finite
)
LENIENT = json.JSONDecoder(parse_int=str, parse_float=str)


def after_blanks(text: str, at: int) -> int:
    """Return the place of the next character that is not blank."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def looks_like_page(whole: Mapping[str, Any]) -> bool:
    """Whether an object is a page of records, and not one contact or one event."""
    if PAGE_KEYS.isdisjoint(whole):
        return False
    if any(_of_one_contact(key, value) for key, value in whole.items()):
        return False
    lists = [value for key, value in whole.items() if key in PAGE_KEYS and isinstance(value, list)]
    if not any(lists):
        return bool(lists) and all(key in PAGE_KEYS or _PAGING.search(key) for key in whole)
    return any(items and isinstance(items[0], dict) for items in lists)


def is_page_only(value: Any) -> bool:
    """Whether a value is a page beyond doubt: it holds nothing but its list and paging."""
    return (
        isinstance(value, dict)
        and not PAGE_KEYS.isdisjoint(value)
        and all(key in PAGE_KEYS or is_paging(key) for key in value)
        and looks_like_page(value)
    )


def is_page_renamed(value: Mapping[str, Any]) -> bool:
    """Whether an object is a page but for the name of its list."""
    lists = {
        key
        for key, inner in value.items()
        if isinstance(inner, list) and inner and isinstance(inner[0], dict)
    }
    return bool(lists) and all(
        key in lists or key in PAGE_KEYS or (is_paging(key) and not _of_one_contact(key, inner))
        for key, inner in value.items()
    )


def is_paging(name: str) -> bool:
    """Whether a name is one that stands beside the list of a page."""
    return _PAGING.search(name) is not None


def _of_one_contact(key: str, value: Any) -> bool:
    name = key.replace("_", "").replace("-", "").lower()
    return name in RECORD_KEYS or (isinstance(value, str) and "@" in value)


def keys_say_page(text: str, start: int) -> bool:
    """Return whether the keys before an object's first list of objects are a page's."""
    at = start + 1
    try:
        while True:
            at = after_blanks(text, at)
            if text[at] == ",":
                at = after_blanks(text, at + 1)
            key, at = LENIENT.raw_decode(text, at)
            at = after_blanks(text, at)
            if text[at] != ":":
                return False
            at = after_blanks(text, at + 1)
            if key in PAGE_KEYS and text[at] == "[":
                return text[after_blanks(text, at + 1)] == "{"
            value, at = LENIENT.raw_decode(text, at)
            if _of_one_contact(key, value):
                return False
    except (ValueError, RecursionError, IndexError, AttributeError):
        return False


def refusal_of(value: Any, text: str, start: int, end: int) -> str | None:
    """Why a decoded value cannot be kept."""
    if not isinstance(value, dict):
        return "not-an-object"
    if end - start > RECORD_LIMIT:
        return "too-large"
    brackets = text.count("{", start, end) + text.count("[", start, end)
    if brackets > DEPTH and _depth(value) > DEPTH:
        return "too-deep"
    return _unfit_text(value, text, start, end)


def _unfit_text(value: Any, text: str, start: int, end: int) -> str | None:
    """Why its strings cannot be kept: NUL, or half of a character, both only as escapes."""
    if text.find("\\u", start, end) < 0:
        return None
    if text.find("\\u0000", start, end) >= 0 and _holds_nul(value):
        return "nul-byte"
    if _SURROGATE.search(text, start, end):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return "not-json"
    return None


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in key or _holds_nul(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _depth(value: Any) -> int:
    """Levels of lists and objects, counted without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return depth
