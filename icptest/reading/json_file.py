"""JSON as tools send and people save it: objects one after another, in a list, or in a page.

The file is a sequence of values: one object a line, pages after one another, or one list. A
list gives its objects. An object is a record, unless it is a page: it holds a list of objects
under a name of `PAGE_KEYS` and is not itself about a contact or an event (`RECORD_KEYS`).

The text is read in pieces; a page or a list is never held whole. A value that fails costs
itself where the next one can be found (the next line that begins one), and the rest of the
list where it cannot.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from math import isinf
from typing import TYPE_CHECKING, Any, NoReturn

from icptest.errors import InputError, Location
from icptest.reading.records import BadRow, Object
from icptest.reading.text import open_text, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

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
TEXT_LIMIT = 64 * 1024
_CHUNK = 256 * 1024
_SKIM = 4 << 20
_SAMPLE = 20
_NEAR_END = 16
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_OPENING = frozenset({"{", "[", '"'})
_PAGING = re.compile(
    r"total|count|offset|limit|skip|next|prev|page|pagination|cursor|more|meta|links|success|ok$",
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(r'\n(?![ \t\n"}\],])')


class JsonFile:
    """A file of JSON objects, not yet read.

    Args:
        path: The file.
        codec: Codec its bytes are read with.
    """

    def __init__(self, path: Path, codec: str) -> None:
        self.path = path
        self._codec = codec
        objects = (row.fields for row in self.rows() if isinstance(row, Object))
        self.sample: tuple[Mapping[str, Any], ...] = tuple(islice(objects, _SAMPLE))

    def rows(self) -> Iterator[Object | BadRow]:
        """Read the objects, from the first, each time it is called."""
        try:
            with open_text(self.path, self._codec, newline=None) as file:
                yield from _Pass(file).rows()
        except UnicodeDecodeError:
            raise wrong_encoding(self.path, self._codec) from None
        except _EmptyError:
            raise InputError(
                "empty-file", location=Location(file=str(self.path)), path=str(self.path)
            ) from None


class _EmptyError(Exception):
    """Nothing but blanks."""


class _RefusedError(Exception):
    """The value is JSON, but not one that can be kept."""


class _TooLargeError(ValueError):
    """The value goes on for longer than a record may."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError("duplicate-key")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise _RefusedError("not-json")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise _RefusedError("not-json")
    return number


_STRICT = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_no_constant, parse_float=_finite
)
_LENIENT = json.JSONDecoder(parse_int=str, parse_float=str)


class _Pass:
    """One reading of a file: the text at hand, and where in it the reader stands."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._counted = 0
        self._records = 0

    def rows(self) -> Iterator[Object | BadRow]:
        """Every record, in the order of the file."""
        empty = True
        while self._skip_blanks():
            empty = False
            char = self._text[self._at]
            if char == "[":
                self._at += 1
                whole = yield from self._elements()
            elif char == "{":
                whole = yield from self._object()
            else:
                whole = True
                yield self._single()
            if not whole:
                return
        if empty:
            raise _EmptyError

    def _object(self) -> Generator[Object | BadRow, None, bool]:
        """One object of the sequence: a record or a page; False when no more can be trusted."""
        try:
            value, end = _STRICT.raw_decode(self._text, self._at)
        except (ValueError, RecursionError, _RefusedError):
            if self._is_page():
                return (yield from self._page())
            yield self._single()
            return True
        if _looks_like_page(value):
            return (yield from self._page())
        yield self._record(value, end)
        return True

    def _single(self) -> Object | BadRow:
        """One value of the sequence; a broken one ends where a line may begin another."""
        try:
            return self._value()
        except _TooLargeError:
            return self._broken("too-large")
        except ValueError:
            return self._broken("not-json")

    def _broken(self, reason: str) -> BadRow:
        """Set aside what cannot be read, up to a line that may begin a value."""
        self._records += 1
        line = self._line_at(self._at)
        cut = self._cut_here()
        kept = ""
        seen = self._at
        while True:
            match = _NEXT_LINE.search(self._text, seen)
            if match is not None and match.end() < len(self._text):
                end = match.end()
                break
            if self._ended:
                end = len(self._text)
                reason = "truncated" if cut else reason
                break
            if not kept and len(self._text) - self._at >= TEXT_LIMIT:
                kept = self._text[self._at : self._at + TEXT_LIMIT]
            if kept:
                self._at = len(self._text) - 1
            unseen = max(0, len(self._text) - 1 - self._at)
            self._more()
            seen = unseen
        text = kept or self._text[self._at : min(end, self._at + TEXT_LIMIT)]
        self._at = end
        return BadRow(self._records, line, reason, text.rstrip())

    def _elements(self) -> Generator[Object | BadRow, None, bool]:
        """Objects of a list, to its end; False when what follows cannot be trusted."""
        first = True
        while self._skip_blanks():
            if self._text[self._at] == "]":
                self._at += 1
                return True
            if not first:
                if self._text[self._at] != ",":
                    yield self._rest("not-json")
                    return False
                self._at += 1
                if not self._skip_blanks():
                    break
            first = False
            try:
                row = self._value()
            except _TooLargeError:
                yield self._rest("too-large")
                return False
            except ValueError:
                yield self._rest("truncated" if self._cut_here() else "not-json")
                return False
            yield row
        yield self._rest("truncated")
        return False

    def _cut_here(self) -> bool:
        """Whether the file ends within the value at hand."""
        if not self._ended or self._text[self._at : self._at + 1] not in _OPENING:
            return False
        try:
            _LENIENT.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            return self._is_cut(error)
        except (ValueError, RecursionError):
            return True
        return False

    def _page(self) -> Generator[Object | BadRow, None, bool]:
        """Objects of a page: an object's first list of objects under a page key."""
        self._at += 1
        try:
            while self._skip_blanks():
                char = self._text[self._at]
                if char == "}":
                    self._at += 1
                    return True
                if char == ",":
                    self._at += 1
                    continue
                key = self._raw()
                self._skip_blanks()
                if self._text[self._at : self._at + 1] != ":":
                    break
                self._at += 1
                self._skip_blanks()
                if key in PAGE_KEYS and self._list_of_objects():
                    if not (yield from self._elements()):
                        return False
                else:
                    self._raw()
        except (ValueError, RecursionError):
            pass
        yield self._rest("truncated" if self._at_end() or self._cut_here() else "not-json")
        return False

    def _list_of_objects(self) -> bool:
        """Go into the list at hand, if its first value is an object or it has none."""
        if self._text[self._at : self._at + 1] != "[":
            return False
        while True:
            inside = _blanks(self._text, self._at + 1)
            if inside < len(self._text) or self._ended:
                break
            self._more()
        if self._text[inside : inside + 1] not in {"{", "]"}:
            return False
        self._at = inside
        return True

    def _raw(self) -> Any:
        """A value that is no record: a key, or what stands beside the list of a page."""
        while True:
            try:
                value, end = _LENIENT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    raise
            else:
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._more_of_value()

    def _is_page(self) -> bool:
        """Whether an object that is long or faulty is a page: by all its keys if they are known."""
        while True:
            try:
                whole, _ = _LENIENT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                long = len(self._text) - self._at >= _SKIM
                if self._ended or long or not self._is_cut(error):
                    return self._keys_say_page()
                self._more()
            except (ValueError, RecursionError):
                return self._keys_say_page()
            else:
                return _looks_like_page(whole)

    def _keys_say_page(self) -> bool:
        """Whether the keys before the first list of objects are those of a page."""
        at = self._at + 1
        text = self._text
        try:
            while True:
                at = _blanks(text, at)
                if text[at] == ",":
                    at = _blanks(text, at + 1)
                key, at = _LENIENT.raw_decode(text, at)
                at = _blanks(text, at)
                if text[at] != ":":
                    return False
                at = _blanks(text, at + 1)
                if key in PAGE_KEYS and text[at] == "[":
                    return text[_blanks(text, at + 1)] == "{"
                value, at = _LENIENT.raw_decode(text, at)
                if _of_one_contact(key, value):
                    return False
        except (ValueError, RecursionError, IndexError, AttributeError):
            return False

    def _value(self) -> Object | BadRow:
        """The value at hand as a record; `ValueError` when its end cannot be found."""
        while True:
            text = self._text
            try:
                value, end = _STRICT.raw_decode(text, self._at)
            except _RefusedError as refused:
                reason = str(refused)
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    raise
                reason = ""
            except RecursionError:
                reason = "too-deep"
            except ValueError:
                reason = "not-json"
            else:
                if end < len(text) or self._ended or text[end - 1] in '}]"':
                    return self._record(value, end)
                reason = ""
            if reason:
                length = self._length_by_brackets()
                return self._bad(reason, self._at + length)
            self._more_of_value()

    def _record(self, value: Any, end: int) -> Object | BadRow:
        reason = _refusal(value, self._text, self._at, end)
        if reason is not None:
            return self._bad(reason, end)
        line = self._line_at(self._at)
        self._records += 1
        self._at = end
        return Object(self._records, line, value)

    def _length_by_brackets(self) -> int:
        """Length of the value at hand by its brackets alone; `ValueError` when none ends it."""
        depth = length = 0
        while True:
            for match in _TOKEN.finditer(self._text, self._at + length):
                mark = match[0]
                if mark in "{[":
                    depth += 1
                elif mark in "}]":
                    depth -= 1
                if depth <= 0:
                    return match.end() - self._at
            if self._ended:
                raise ValueError
            depth = 0
            self._more_of_value()

    def _more_of_value(self) -> None:
        if len(self._text) - self._at > RECORD_LIMIT:
            raise _TooLargeError
        self._more()

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether a decoder failed because the text at hand ends."""
        return error.msg.startswith("Unterminated string") or error.pos >= (
            len(self._text) - _NEAR_END
        )

    def _rest(self, reason: str) -> BadRow:
        """All that is left, as one record set aside."""
        while not self._ended and len(self._text) - self._at < TEXT_LIMIT:
            self._more()
        return self._bad(reason, len(self._text))

    def _bad(self, reason: str, end: int) -> BadRow:
        self._records += 1
        text = self._text[self._at : min(end, self._at + TEXT_LIMIT)].rstrip()
        bad = BadRow(self._records, self._line_at(self._at), reason, text)
        self._at = end
        return bad

    def _line_at(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _at_end(self) -> bool:
        return self._ended and self._at >= len(self._text)

    def _skip_blanks(self) -> bool:
        """Go to the next character that is not blank; False at the end of the file."""
        while True:
            self._at = _blanks(self._text, self._at)
            if self._at < len(self._text):
                return True
            if self._ended:
                return False
            self._more()

    def _more(self) -> None:
        """Drop what is read, and double what is not, so that long values cost no squares."""
        self._line_at(self._at)
        left = self._text[self._at :]
        piece = self._file.read(max(_CHUNK, len(left)))
        self._ended = not piece
        self._text = left + piece
        self._at = self._counted = 0


def _blanks(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _looks_like_page(whole: Mapping[str, Any]) -> bool:
    """Whether an object is a page of records, and not one contact or one event."""
    if PAGE_KEYS.isdisjoint(whole):
        return False
    if any(_of_one_contact(key, value) for key, value in whole.items()):
        return False
    lists = [value for key, value in whole.items() if key in PAGE_KEYS and isinstance(value, list)]
    if not any(lists):
        return bool(lists) and all(key in PAGE_KEYS or _PAGING.search(key) for key in whole)
    return any(items and isinstance(items[0], dict) for items in lists)


def _of_one_contact(key: str, value: Any) -> bool:
    name = key.replace("_", "").replace("-", "").lower()
    return name in RECORD_KEYS or (isinstance(value, str) and "@" in value)


def _refusal(value: Any, text: str, start: int, end: int) -> str | None:
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
