"""JSON values as records: one at a time, with its place, or set aside with the reason."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any, Literal, overload

from icptest.reading.json_shape import LENIENT, STRICT, RefusedError, is_page_only, refusal_of
from icptest.reading.json_text import JsonText
from icptest.reading.records import BadRow, Object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

TEXT_LIMIT = 1 << 20
RECENT = 40


class JsonValues(JsonText):
    """A file being read, value by value; the last records stay at hand."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self._records = 0
        self._recent: deque[Mapping[str, Any]] = deque(maxlen=RECENT)
        self._gave_up = 0

    @overload
    def _value(self, *, pages: Literal[False] = False) -> Object | BadRow: ...

    @overload
    def _value(self, *, pages: bool) -> Object | BadRow | None: ...

    def _value(self, *, pages: bool = False) -> Object | BadRow | None:
        """The value at hand as a record; `ValueError` when its end cannot be found.

        With `pages`, a page is left where it is, and None returned.
        """
        self._gave_up = 0
        while True:
            text = self._text
            try:
                value, end = STRICT.raw_decode(text, self._at)
            except RefusedError as refused:
                return self._refused(str(refused), pages=pages)
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    self._gave_up = error.pos - self._at
                    raise
            except RecursionError:
                return self._deep("too-deep")
            except ValueError:
                return self._refused("not-json", pages=pages)
            else:
                if end < len(text) or self._ended or text[end - 1] in '}]"':
                    if pages and is_page_only(value):
                        return None
                    return self._record(value, end)
            self._more_of_value()

    def _refused(self, reason: str, *, pages: bool) -> BadRow | None:
        """Set aside a value that is JSON but must not be kept; `ValueError` if it is no JSON."""
        while True:
            try:
                value, end = LENIENT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    self._gave_up = error.pos - self._at
                    raise
            except RecursionError:
                return self._deep(reason)
            else:
                if pages and is_page_only(value):
                    return None
                return self._bad(reason, end)
            self._more_of_value()

    def _deep(self, reason: str) -> BadRow:
        """Set aside a value that only its brackets tell the end of."""
        length = self._length_by_brackets()
        return self._bad(reason, self._at + length)

    def _record(self, value: Any, end: int) -> Object | BadRow:
        reason = refusal_of(value, self._text, self._at, end)
        if reason is not None:
            return self._bad(reason, end)
        line = self._line_at(self._at)
        self._records += 1
        self._began = self._at
        self._at = end
        self._recent.append(value)
        return Object(self._records, line, value)

    def _bad(self, reason: str, end: int) -> BadRow:
        self._records += 1
        text = self._text[self._at : min(end, self._at + TEXT_LIMIT)].rstrip()
        bad = BadRow(self._records, self._line_at(self._at), reason, text)
        self._began = self._at
        self._at = end
        return bad

    def _between(self, reason: str, at: int) -> BadRow:
        """What stands between two records and does not belong there, its neighbours shown."""
        self._records += 1
        text = (self._char_before() + self._text[self._at : at + 1]).rstrip()
        return BadRow(self._records, self._line_at(self._at), reason, text)
