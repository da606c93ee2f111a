"""JSON with damage in it: what is set aside, and where reading goes on.

A record that fails is set aside alone, with its text. What follows a record is looked at before
the record is believed: a bracket too many ends a record early, one too few lets it swallow those
behind it. Where reading goes on is found by `json_search`; if it cannot be found within a few
records' length, the file is refused, because rows could be lost in what is skipped.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Literal

from icptest.reading.json_search import (
    LEAST_SKIPPED,
    DoubtError,
    Likeness,
    beginnings,
    likeness,
    next_record,
)
from icptest.reading.json_shape import LENIENT, after_blanks, is_paging, looks_like_page
from icptest.reading.json_values import RECENT, TEXT_LIMIT, JsonValues
from icptest.reading.records import Object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from icptest.reading.json_text import Fault
    from icptest.reading.records import BadRow

_AHEAD = 4096
_NEXT_LINE = re.compile(r'\n(?![ \t\n"}\],])')
_NEXT_ELEMENT = re.compile(r"[ \t\r\n\ufeff]*(?:,[ \t\r\n\ufeff]*(?=\{)|(?=\]))")
_NEXT_OBJECT = re.compile(r"\n(?=\{)")
_KEY = re.compile(r'[\s,]*"((?:[^"\\]|\\.)*)"\s*:')


class BrokenError(Exception):
    """The JSON is damaged, and where the next record begins is not certain.

    Args:
        fault: Where.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Damage(Enum):
    """What the text behind a value shows."""

    NONE = auto()
    BEHIND_IT = auto()
    OF_IT = auto()


class JsonMending(JsonValues):
    """A file being read, record by record, with what it takes to go on behind damage."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.fault: Fault | None = None
        self._known: tuple[int, Likeness] | None = None
        self._paged = False
        self._listed = False
        self._inside = False
        self._loose_comma = False
        self._reason = ""
        self._behind = 0
        self._top = False
        self._is_between = False

    def _next_object(self) -> bool:
        """Go on to the object of the next line, if that is what follows."""
        match = _NEXT_OBJECT.match(self._text, self._at)
        if match is None:
            return False
        self._at = match.end()
        return True

    def _next_element(self) -> bool:
        """Go on to the next object of the list, or its end, if nothing else follows."""
        match = _NEXT_ELEMENT.match(self._text, self._at)
        if match is None:
            return False
        self._at = match.end()
        return True

    def _behind_value(self, row: Object | BadRow | None, *, top: bool) -> Damage:
        """Go on behind a value, or say what is damaged: what follows it, or the value itself.

        Args:
            row: The value; None for one whose records were read already.
            top: Whether it stands in no list.
        """
        length = 0 if row is None else self._at - self._began
        self._at -= length
        self._fill(length + _AHEAD)
        end = self._at + length
        text = self._text
        follows = after_blanks(text, end)
        char = text[follows : follows + 1]
        nameless = char == "," and _KEY.match(text, end) is not None
        if top:
            well = char in {"", "{", "["}
            goes_on = well or "\n" in text[end:follows]
        else:
            if char == ",":
                follows = after_blanks(text, follows + 1)
                self._loose_comma = text[follows : follows + 1] == "]"
            well = char == "]" or (char == "," and not nameless)
            goes_on = well or not char
        if isinstance(row, Object):
            if not well and self._swallows(row.fields):
                self._forget_last()
                return self._retracted(behind=1)
            part = not goes_on and char not in {"{", "["}
            if part and self._is_part(row.fields, end, top=top):
                self._forget_last()
                return self._retracted(behind=length, fault=length)
        elif row is not None and not goes_on and row.reason == "not-an-object":
            return self._retracted(behind=length, fault=length, top=top)
        if goes_on:
            self._at = end if top else follows
            return Damage.NONE
        # Behind a comma a name begins what has lost its bracket: a record, or the end of a page.
        nameless = nameless and not top
        self._at = follows if nameless else end
        if nameless:
            self._damaged("not-json")
        else:
            self._damaged("broken-list", top=top, between=True)
        return Damage.BEHIND_IT

    def _retracted(self, *, behind: int, fault: int = 0, top: bool = False) -> Damage:
        """Take back the record just read: it is damaged."""
        self._records -= 1
        self._damaged("not-json", behind=behind, fault=fault, top=top)
        return Damage.OF_IT

    def _forget_last(self) -> None:
        """Learn nothing from the record just read."""
        self._recent.pop()
        self._known = None

    def _swallows(self, value: Mapping[str, Any]) -> bool:
        """Whether a record that is not well followed holds other records of the list."""
        before = list(self._recent)[:-1]
        flat = {
            name: None if isinstance(inner, (dict, list)) else inner
            for name, inner in value.items()
        }
        return Likeness(before or [flat]).swallowed_by(value)

    def _is_part(self, value: Mapping[str, Any], end: int, *, top: bool) -> bool:
        """Whether a record ends too early, so that what follows is the rest of it.

        Raises:
            BrokenError: It may be one or the other.
        """
        known = likeness(list(self._recent)[:-1], self._text, end)
        if known is not None and known.is_exactly(value):
            return False
        lacks = known is not None and not known.required <= value.keys()
        key = _KEY.match(self._text, end)
        if key is None:
            if lacks and not top:
                raise BrokenError(self._fault_at(end))
            return False
        theirs = known is not None and key[1] in known.names
        if key[1] in value or (is_paging(key[1]) and not theirs):
            return False
        if top or lacks:
            return True
        if known is None or theirs:
            raise BrokenError(self._fault_at(end))
        return False

    def _holds_record(self, value: Any) -> bool:
        """Whether records stand within a value that is none."""
        if not isinstance(value, (dict, list)):
            return False
        known = self._likeness(0)
        if known is None:
            return isinstance(value, dict) and looks_like_page(value)
        return known.holds_record(value)

    # --- going on

    def _damaged(
        self,
        reason: str,
        *,
        behind: int = 0,
        fault: int = 0,
        top: bool = False,
        between: bool = False,
    ) -> Literal[False]:
        """Say what is damaged, from the place at hand; `_resume` finds where it ends.

        Args:
            reason: Why it is set aside.
            behind: So far from here the next record is looked for.
            fault: So far from here the JSON was seen to be broken.
            top: Whether a new line may begin the next value.
            between: Whether no record is damaged, but what stands around them.
        """
        self._reason = reason
        self._behind = behind
        self._gave_up = fault
        self._top = top
        self._is_between = between
        return False

    def _resume(self) -> Iterator[BadRow]:
        """Set aside what is damaged, and go to the next record.

        Raises:
            BrokenError: It is not certain where that begins.
        """
        self._fill(TEXT_LIMIT)
        known = self._likeness(self._behind)
        most = LEAST_SKIPPED if known is None else min(known.most_skipped, TEXT_LIMIT)
        self._fill(2 * most)
        fault = self._fault_at(self._at + self._gave_up)
        text, at = self._text, self._at
        line = _NEXT_LINE.search(text, at) if self._top else None
        stop = line.end() if line is not None and line.end() < len(text) else len(text)
        found = stop
        try:
            place = next_record(text, at + self._behind, stop, known)
            if place is not None:
                found = place
        except DoubtError:
            if not self._top or not self._goes_by_lines(stop):
                raise BrokenError(fault) from None
        if found - at > most or (found == len(text) and not self._ended):
            raise BrokenError(fault)
        self.fault = self.fault or fault
        if self._is_between:
            yield self._between(self._with_nul(self._reason, found), found)
            self._at = found
        else:
            marks = [one for one in beginnings(text, at + 1, found, known) if one > at]
            reason = "truncated" if found == len(text) and self._cut_here() else self._reason
            for end in [*marks, found]:
                bad = self._bad(self._with_nul(reason, end), end)
                yield bad._replace(text=bad.text.rstrip(", \t\r\n") or bad.text)
        self._inside = self._is_inside(known)

    def _goes_by_lines(self, next_line: int) -> bool:
        """Whether every record has a line of its own, so that the next line is the next one."""
        if self._listed:
            return False
        if len(self._recent) > 1:
            return True
        try:
            value, end = LENIENT.raw_decode(self._text, next_line)
        except (ValueError, RecursionError):
            return False
        if not isinstance(value, dict) or looks_like_page(value):
            return False
        follows = after_blanks(self._text, end)
        return self._text[follows : follows + 1] in {"", "{"}

    def _with_nul(self, reason: str, end: int) -> str:
        damaged = reason != "truncated" and self._text.find("\0", self._at, end) >= 0
        return "nul-byte" if damaged else reason

    def _is_inside(self, known: Likeness | None) -> bool:
        """Whether the value reading goes on with stands in a list."""
        if self._text[self._at : self._at + 1] != "{":
            return False
        try:
            value, end = LENIENT.raw_decode(self._text, self._at)
        except (ValueError, RecursionError):
            return False
        if looks_like_page(value) and not (known is not None and known.is_record(value)):
            return False
        follows = after_blanks(self._text, end)
        return self._text[follows : follows + 1] in ({",", "]"} if self._top else {",", "]", ""})

    def _likeness(self, behind: int) -> Likeness | None:
        """What the records look like, from the last ones, or else from those to come."""
        if self._known is not None and self._records - self._known[0] < RECENT:
            return self._known[1]
        known = likeness(self._recent, self._text, self._at + behind)
        if known is not None and len(self._recent) == RECENT:
            self._known = (self._records, known)
        return known
