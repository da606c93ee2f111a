"""Where the next record begins, behind damage inside a list, a page or a line of JSON.

Brackets and quotes cannot be counted behind damage: any of them may be the one that is missing.
What can be trusted is an object that reads as JSON by itself and looks like the records of this
file. An object inside a record can be whole too, so looks are judged against those as well; where
they do not settle it, nothing is guessed (`DoubtError`).
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from icptest.reading.json_shape import LENIENT, PAGE_KEYS, looks_like_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ENOUGH = 8
"""So many records say how the others look; with fewer, those behind the damage are asked too."""
_AHEAD = 40
_CLEAR = 2
LEAST_SKIPPED = 128 * 1024
_RECORDS_SKIPPED = 16
_BLANKS = " \t\r\n\ufeff"
_BEFORE_LIST = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*:\s*$')
_BEHIND_RECORD = re.compile(r"\s*(?:,\s*[\[{\]]|\]|\r?\n\s*(?:[\[{]|$)|$)")
_OPENS = re.compile(r'\{\s*"((?:[^"\\]|\\.)*)"\s*:')
_KEY_BEFORE = 200


class DoubtError(Exception):
    """It cannot be told where the next record begins."""


class Likeness:
    """What the records of one file look like: their names, and those of objects within them.

    Args:
        records: Some records of the file, at least one.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        # What shares hardly a name with the richest record is none: part of a damaged record.
        richest = max(records, key=len)
        shared = [len(one.keys() & richest.keys()) for one in records]
        records = [
            one
            for one, count in zip(records, shared, strict=True)
            if count >= min(_CLEAR, len(one))
        ]
        keys = [frozenset(record) for record in records]
        self._exact = frozenset(keys)
        self._least = min(map(len, keys))
        self.required = frozenset.intersection(*keys)
        self.names = frozenset().union(*keys)
        inner = [one for record in records for one in _inner(record)]
        self._inner = frozenset(map(frozenset, inner))
        self._clear = len(self.required) >= _CLEAR and not any(map(self.required.issubset, inner))
        self._loose = not any(map(self._shares, self._inner))
        self.first_names = {next(iter(record)) for record in records if record} - {
            next(iter(one)) for one in inner if one
        }
        longest = max(len(json.dumps(record, ensure_ascii=False)) for record in records)
        self.most_skipped = max(LEAST_SKIPPED, _RECORDS_SKIPPED * longest)

    def is_record(self, value: Mapping[str, Any]) -> bool:
        """Whether an object looks like a record, and not like an object within one."""
        names = frozenset(value)
        if self._clear and names >= self.required:
            return True
        if names and names in self._exact:
            return names not in self._inner
        return self._loose and self._shares(names)

    def _shares(self, names: frozenset[str]) -> bool:
        shared = 2 * len(names & self.names)
        return shared >= 2 * _CLEAR and shared >= len(names) and shared >= self._least

    def holds_record(self, value: Any) -> bool:
        """Whether a record stands within a value."""
        return any(map(self.is_record, _inner(value)))

    def is_exactly(self, value: Mapping[str, Any]) -> bool:
        """Whether a record with just these names was read."""
        return frozenset(value) in self._exact

    def resembles(self, value: Mapping[str, Any]) -> bool:
        """Whether an object may be a record of another kind: nothing like it stood within one."""
        return len(value.keys() & self.names) >= _CLEAR and not self.knows_inner(value)

    def swallowed_by(self, value: Mapping[str, Any]) -> bool:
        """Whether a list within a value may hold records."""
        return self.holds_record(value) or any(map(self.resembles, _listed(value)))

    def knows_inner(self, value: Mapping[str, Any]) -> bool:
        """Whether an object like this stood within a record."""
        names = frozenset(value)
        return any(names <= inner for inner in self._inner)


def likeness(before: Sequence[Mapping[str, Any]], text: str, start: int) -> Likeness | None:
    """Return what the records look like, None where too little is there to say.

    Args:
        before: Records that were read.
        text: The text at hand.
        start: Where in it the damage is.
    """
    if len(before) >= ENOUGH:
        return Likeness(before)
    ahead = list(islice(_records_ahead(text, start), _AHEAD))
    if before:
        known = Likeness(before)
        more = [one for one in ahead if known.is_record(one) and not known.holds_record(one)]
        return Likeness([*before, *more])
    # Objects of the damaged record come first, records after it: the last one is a record.
    alike = [one for one in ahead if _alike(one, ahead[-1])]
    if len(alike) < _CLEAR or 2 * len(alike) < len(ahead):
        return None
    return Likeness(alike)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two objects share most of their names, at least two."""
    shared = len(one.keys() & other.keys())
    return shared >= _CLEAR and 2 * shared > max(len(one), len(other))


def next_record(text: str, start: int, stop: int, known: Likeness | None) -> int | None:
    """Return where the next record begins, or the next page; None if none does before `stop`.

    Raises:
        DoubtError: An object stands there that may or may not be a record.
    """
    within = -1
    at = text.find("{", start)
    while 0 <= at < stop:
        value, end = _object_at(text, at)
        if value is not None:
            if known is not None and known.holds_record(value):
                if looks_like_page(value):
                    return at
            elif known is not None and known.is_record(value) and _may_begin(text, at, end):
                return at
            else:
                if not _belongs(text, at, value, known, within):
                    raise DoubtError
                within = end
                at = end - 1
        at = text.find("{", at + 1)
    return None


def beginnings(text: str, start: int, stop: int, known: Likeness | None) -> list[int]:
    """Return where damaged records begin in a text without a whole one, by their first name."""
    if known is None:
        return []
    return [
        match.start()
        for match in _OPENS.finditer(text, start, stop)
        if match[1] in known.first_names and _char_before(text, match.start()) in {",", "[", "}"}
    ]


def _object_at(text: str, at: int) -> tuple[dict[str, Any] | None, int]:
    try:
        value, end = LENIENT.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at
    return value, end


def _records_ahead(text: str, start: int) -> Iterator[Mapping[str, Any]]:
    """Whole objects that stand in no other one; of a page its records."""
    at = text.find("{", start)
    while at >= 0:
        value, end = _object_at(text, at)
        if value is None:
            at = text.find("{", at + 1)
            continue
        if looks_like_page(value):
            for key in PAGE_KEYS.intersection(value):
                if isinstance(value[key], list):
                    yield from (one for one in value[key] if isinstance(one, dict))
        else:
            yield value
        at = text.find("{", end)


def _may_begin(text: str, at: int, end: int) -> bool:
    """Whether what looks like a record may be one: behind a colon only if records follow it."""
    return _char_before(text, at) != ":" or _BEHIND_RECORD.match(text, end) is not None


def _belongs(
    text: str, at: int, value: Mapping[str, Any], known: Likeness | None, within: int
) -> bool:
    """Whether a whole object is part of the damaged record.

    Args:
        text: The text at hand.
        at: Where the object begins.
        value: The object.
        known: What records look like.
        within: Where the object before it ended that is part of the damaged record.
    """
    if not value or (known is not None and known.knows_inner(value)):
        return True
    before = _char_before(text, at)
    if before == ":":
        return not (any(_listed(value)) if known is None else known.swallowed_by(value))
    if known is None or known.resembles(value):
        return False
    if before == ",":
        return within >= 0 and text[within:at].strip(_BLANKS) == ","
    if before == "[":
        opened = text.rfind("[", 0, at)
        key = _BEFORE_LIST.search(text, max(0, opened - _KEY_BEFORE), opened)
        return key is not None and (key[1] not in PAGE_KEYS or key[1] in known.names)
    return False


def _char_before(text: str, at: int) -> str:
    """Return the last character before a place that is not blank."""
    while at > 0:
        at -= 1
        if text[at] not in _BLANKS:
            return text[at]
    return ""


def _inner(value: Any) -> Iterable[Mapping[str, Any]]:
    """Objects within a value, at any depth."""
    level = list(value.values()) if isinstance(value, dict) else list(value)
    while level:
        deeper: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                yield one
                deeper += one.values()
            elif isinstance(one, list):
                deeper += one
        level = deeper


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    """Objects that are elements of lists within a value, at any depth."""
    for one in [value, *_inner(value)]:
        for inner in one.values():
            if isinstance(inner, list):
                yield from (element for element in inner if isinstance(element, dict))
