"""The text of a JSON file in pieces, and where in it the reader stands.

Only what is not read yet is kept, so a page or a list is never held whole.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from icptest.reading.json_shape import LENIENT, RECORD_LIMIT, after_blanks

if TYPE_CHECKING:
    from typing import TextIO

_CHUNK = 256 * 1024
_NEAR_END = 16
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]', re.DOTALL)
_OPENING = frozenset({"{", "[", '"'})
_BEFORE = 40
_EXCERPT = 20


class Fault(NamedTuple):
    """Where JSON is damaged.

    Attributes:
        line: Physical line, counted from 1.
        character: Place in that line, counted from 1.
        excerpt: Text around it, unmasked.
    """

    line: int
    character: int
    excerpt: str


class TooLargeError(ValueError):
    """The value goes on for longer than a record may."""


class JsonText:
    """A file being read: the text at hand, the place in it, and whether the file has ended."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._began = 0
        self._ended = False
        self._line = 1
        self._counted = 0
        self._dropped = ""
        self._dropped_of_line = 0

    def _line_at(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _at_end(self) -> bool:
        return self._ended and self._at >= len(self._text)

    def _skip_blanks(self) -> bool:
        """Go to the next character that is not blank; False at the end of the file."""
        while True:
            self._at = after_blanks(self._text, self._at)
            if self._at < len(self._text):
                return True
            if self._ended:
                return False
            self._more()

    def _more(self) -> None:
        """Drop what is read, and double what is not, so that long values cost no squares."""
        self._line_at(self._at)
        line_end = self._text.rfind("\n", 0, self._at)
        if line_end >= 0:
            self._dropped_of_line = self._at - line_end - 1
        else:
            self._dropped_of_line += self._at
        self._dropped = self._before()
        left = self._text[self._at :]
        piece = self._file.read(max(_CHUNK, len(left)))
        self._ended = not piece
        self._text = left + piece
        self._at = self._counted = 0

    def _fill(self, length: int) -> None:
        """Have so much text at hand behind the place, or all that is left."""
        while not self._ended and len(self._text) - self._at < length:
            self._more()

    def _before(self) -> str:
        """The last characters before the place, as far as they matter."""
        seen = self._text[max(0, self._at - _BEFORE) : self._at]
        return (self._dropped + seen)[-_BEFORE:]

    def _char_before(self) -> str:
        """The last character before the place that is not blank."""
        return self._before().rstrip()[-1:]

    def _fault_at(self, at: int) -> Fault:
        """Describe a place at or behind the one at hand."""
        line = self._line_at(self._at) + self._text.count("\n", self._at, at)
        line_start = self._text.rfind("\n", 0, at) + 1
        of_line = at - line_start if line_start else self._dropped_of_line + at
        before = (self._before() + self._text[self._at : at]).rpartition("\n")[2]
        excerpt = before[-_EXCERPT:] + self._text[at : at + 3 * _EXCERPT].partition("\n")[0]
        return Fault(line, of_line + 1, excerpt)

    def _raw(self) -> Any:
        """A value that is no record: a key, or what stands beside the list of a page."""
        while True:
            try:
                value, end = LENIENT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._is_cut(error):
                    raise
            else:
                if end < len(self._text) or self._ended:
                    self._began, self._at = self._at, end
                    return value
            self._more_of_value()

    def _more_of_value(self) -> None:
        if len(self._text) - self._at > RECORD_LIMIT:
            raise TooLargeError
        self._more()

    def _length_by_brackets(self) -> int:
        """Length of the value at hand by its brackets alone; `ValueError` when none ends it."""
        while True:
            depth = 0
            for match in _TOKEN.finditer(self._text, self._at):
                mark = match[0]
                if mark in "{[":
                    depth += 1
                elif mark in "}]":
                    depth -= 1
                if depth <= 0:
                    return match.end() - self._at
            if self._ended:
                raise ValueError
            self._more_of_value()

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether a decoder failed because the text at hand ends."""
        return error.msg.startswith("Unterminated string") or error.pos >= (
            len(self._text) - _NEAR_END
        )

    def _cut_here(self) -> bool:
        """Whether the file ends within the value at hand."""
        if not self._ended or self._text[self._at : self._at + 1] not in _OPENING:
            return False
        try:
            LENIENT.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            return self._is_cut(error)
        except (ValueError, RecursionError):
            return True
        return False
