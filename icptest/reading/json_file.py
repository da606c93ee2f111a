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
from typing import TYPE_CHECKING, Any

from icptest.errors import InputError, Location
from icptest.reading.json_shape import (
    LENIENT,
    PAGE_KEYS,
    STRICT,
    RefusedError,
    after_blanks,
    keys_say_page,
    looks_like_page,
    refusal_of,
)
from icptest.reading.json_text import JsonText, TooLargeError
from icptest.reading.records import BadRow, Object
from icptest.reading.text import open_text, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

TEXT_LIMIT = 64 * 1024
_SKIM = 4 << 20
_SAMPLE = 20
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


class _Pass(JsonText):
    """One reading of a file: its values, from the first to where nothing can be trusted."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
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
            value, end = STRICT.raw_decode(self._text, self._at)
        except (ValueError, RecursionError, RefusedError):
            if self._is_page():
                return (yield from self._page())
            yield self._single()
            return True
        if looks_like_page(value):
            return (yield from self._page())
        yield self._record(value, end)
        return True

    def _single(self) -> Object | BadRow:
        """One value of the sequence; a broken one ends where a line may begin another."""
        try:
            return self._value()
        except TooLargeError:
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
            except TooLargeError:
                yield self._rest("too-large")
                return False
            except ValueError:
                yield self._rest("truncated" if self._cut_here() else "not-json")
                return False
            yield row
        yield self._rest("truncated")
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
            inside = after_blanks(self._text, self._at + 1)
            if inside < len(self._text) or self._ended:
                break
            self._more()
        if self._text[inside : inside + 1] not in {"{", "]"}:
            return False
        self._at = inside
        return True

    def _is_page(self) -> bool:
        """Whether an object that is long or faulty is a page: by all its keys if they are known."""
        while True:
            try:
                whole, _ = LENIENT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                long = len(self._text) - self._at >= _SKIM
                if self._ended or long or not self._is_cut(error):
                    return keys_say_page(self._text, self._at)
                self._more()
            except (ValueError, RecursionError):
                return keys_say_page(self._text, self._at)
            else:
                return looks_like_page(whole)

    def _value(self) -> Object | BadRow:
        """The value at hand as a record; `ValueError` when its end cannot be found."""
        while True:
            text = self._text
            try:
                value, end = STRICT.raw_decode(text, self._at)
            except RefusedError as refused:
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
        reason = refusal_of(value, self._text, self._at, end)
        if reason is not None:
            return self._bad(reason, end)
        line = self._line_at(self._at)
        self._records += 1
        self._at = end
        return Object(self._records, line, value)

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
