"""JSON as tools send and people save it: objects one after another, in a list, or in a page.

The file is a sequence of values: one object a line, pages after one another, or one list. A
list gives its objects. An object is a record, unless it is a page: it holds a list of objects
under a name of `PAGE_KEYS` and is not itself about a contact or an event (`RECORD_KEYS`).

The text is read in pieces; a page or a list is never held whole. A record that fails costs
itself: `json_mending` finds where reading goes on, or refuses the file.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from icptest.errors import InputError, Location
from icptest.reading.json_mending import BrokenError, Damage, JsonMending
from icptest.reading.json_shape import (
    LENIENT,
    PAGE_KEYS,
    STRICT,
    RefusedError,
    after_blanks,
    is_page_renamed,
    keys_say_page,
    looks_like_page,
)
from icptest.reading.json_text import TooLargeError
from icptest.reading.records import Object
from icptest.reading.text import open_text, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from icptest.reading.json_text import Fault
    from icptest.reading.records import BadRow

_SKIM = 4 << 20
_SAMPLE = 20
_LISTS = 3
_AHEAD = 4096
_DIGITS = 12
_TOTALS = frozenset({"total_stats", "total_count", "totalCount", "total"})


class JsonFile:
    """A file of JSON objects, not yet read.

    Args:
        path: The file.
        codec: Codec its bytes are read with.

    Raises:
        InputError: "broken-json", "wrong-encoding" or "empty-file", as `rows` does.
    """

    def __init__(self, path: Path, codec: str) -> None:
        self.path = path
        self._codec = codec
        self._fault: Fault | None = None
        self.total: int | None = None
        objects = (row.fields for row in self.rows() if isinstance(row, Object))
        self.sample: tuple[Mapping[str, Any], ...] = tuple(islice(objects, _SAMPLE))

    @property
    def broken(self) -> InputError | None:
        """Where the JSON is damaged first, up to the last object of the sample, as an error."""
        return None if self._fault is None else self._error(self._fault)

    def rows(self) -> Iterator[Object | BadRow]:
        """Read the objects, from the first, each time it is called.

        Raises:
            InputError: "broken-json" where the next record cannot be told behind damage.
        """
        try:
            with open_text(self.path, self._codec, newline=None) as file:
                reading = _Pass(file)
                for row in reading.rows():
                    self._fault = self._fault or reading.fault
                    self.total = reading.total
                    yield row
                self.total = reading.total
        except BrokenError as error:
            raise self._error(error.fault) from None
        except UnicodeDecodeError:
            raise wrong_encoding(self.path, self._codec) from None
        except _EmptyError:
            raise InputError(
                "empty-file", location=Location(file=str(self.path)), path=str(self.path)
            ) from None

    def _error(self, fault: Fault) -> InputError:
        return InputError(
            "broken-json",
            location=Location(file=str(self.path), line=fault.line),
            excerpt=fault.excerpt,
            line=fault.line,
            character=fault.character,
        )


class _EmptyError(Exception):
    """Nothing but blanks."""


class _Pass(JsonMending):
    """One reading of a file: its values, from the first to the last."""

    _lists = 0
    total: int | None = None
    """How many records the pages say that there are, as far as they were read."""

    def rows(self) -> Iterator[Object | BadRow]:
        """Every record, in the order of the file."""
        empty = True
        while self._skip_blanks():
            empty = False
            char = self._text[self._at]
            if self._inside:
                self._inside = False
                whole = (yield from self._elements()) and (yield from self._tail())
            elif char == "[":
                self._at += 1
                whole = yield from self._elements()
            elif char == "{":
                whole = yield from self._object()
            else:
                whole = yield from self._single()
            if not whole:
                yield from self._resume()
        if empty:
            raise _EmptyError

    def _object(self) -> Generator[Object | BadRow, None, bool]:
        """One object of the sequence: a record or a page; False where it is damaged."""
        try:
            value, end = STRICT.raw_decode(self._text, self._at)
        except (ValueError, RecursionError, RefusedError):
            if self._is_page():
                return (yield from self._page())
            return (yield from self._single())
        if looks_like_page(value):
            return (yield from self._page())
        if self._is_damaged_page(value):
            self._listed = True
            return self._damaged("broken-list", behind=1, top=True)
        row = self._record(value, end)
        if self._next_object():
            yield row
            return True
        return (yield from self._checked(row, top=True))

    def _is_damaged_page(self, value: Mapping[str, Any]) -> bool:
        """Whether an object that is no page must have been one before it was damaged."""
        if self._paged:
            return is_page_renamed(value) or self._holds_record(value)
        return self._records == 0 and is_page_renamed(value)

    def _single(self) -> Generator[Object | BadRow, None, bool]:
        """One value of the sequence; a broken one ends where a line may begin another."""
        try:
            row = self._value()
        except ValueError:
            return self._damaged("not-json", fault=self._gave_up, top=True)
        return (yield from self._checked(row, top=True))

    def _checked(
        self, row: Object | BadRow | None, *, top: bool
    ) -> Generator[Object | BadRow, None, bool]:
        """A value that was read, unless what follows shows that it is not whole."""
        damage = self._behind_value(row, top=top)
        if row is not None and damage is not Damage.OF_IT:
            yield row
        return damage is Damage.NONE

    def _elements(self) -> Generator[Object | BadRow, None, bool]:
        """Objects of a list, to its end; False where it is damaged."""
        self._listed = True
        while self._skip_blanks():
            char = self._text[self._at]
            if char == "]":
                if self._loose_comma:
                    self._loose_comma = False
                    yield self._between("broken-list", self._at)
                self._at += 1
                return True
            try:
                row = (
                    None
                    if char == "[" and self._holds_list()
                    else self._value(pages=self._lists < _LISTS)
                )
            except ValueError as error:
                reason = "too-large" if isinstance(error, TooLargeError) else "not-json"
                return self._damaged(reason, fault=self._gave_up)
            if row is None:
                whole = (yield from self._within()) and (yield from self._checked(None, top=False))
            elif self._next_element():
                yield row
                whole = True
            else:
                whole = yield from self._checked(row, top=False)
            if not whole:
                return False
        return self._damaged("truncated", between=True)

    def _holds_list(self) -> bool:
        """Whether the list at hand begins with an object."""
        self._fill(_AHEAD)
        inside = after_blanks(self._text, self._at + 1)
        return self._lists < _LISTS and self._text[inside : inside + 1] == "{"

    def _within(self) -> Generator[Object | BadRow, None, bool]:
        """Objects of a list or page that is itself an element of a list."""
        self._lists += 1
        if self._text[self._at] == "[":
            self._at += 1
            whole = yield from self._elements()
        else:
            whole = yield from self._page()
        self._lists -= 1
        return whole

    def _page(self) -> Generator[Object | BadRow, None, bool]:
        """Objects of a page: an object's first list of objects under a page key."""
        self._paged = self._listed = True
        self._at += 1
        return (yield from self._pairs())

    def _tail(self) -> Generator[Object | BadRow, None, bool]:
        """What may follow a list whose beginning was damaged: the rest of its page."""
        if self._skip_blanks() and self._text[self._at] in {",", "}"}:
            return (yield from self._pairs())
        return True

    def _pairs(self) -> Generator[Object | BadRow, None, bool]:
        """Names and values of a page, to its end; False where it is damaged."""
        try:
            while self._skip_blanks():
                char = self._text[self._at]
                if char == "}":
                    self._at += 1
                    return True
                if char == ",":
                    self._at += 1
                    continue
                if char != '"':
                    break
                key = self._raw()
                self._skip_blanks()
                if self._text[self._at : self._at + 1] != ":":
                    break
                self._at += 1
                self._skip_blanks()
                if key in PAGE_KEYS and self._list_of_objects():
                    if not (yield from self._elements()):
                        return False
                    continue
                value = self._raw()
                if self._holds_record(value):
                    self._at = self._began
                    break
                self.total = _total(self.total, key, value)
        except (ValueError, RecursionError):
            pass
        cut = self._at_end() or self._cut_here()
        return self._damaged("truncated" if cut else "broken-list", top=True, between=True)

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


def _total(known: int | None, key: Any, value: Any) -> int | None:
    """Return how many records there are by a name and value of a page, and by those before it."""
    text = str(value)  # tools write it as text, too
    if key not in _TOTALS or not text.isdecimal() or len(text) > _DIGITS:
        return known
    return max(known or 0, int(text))
