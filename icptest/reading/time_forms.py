"""The forms in which people and tools write a time."""

from __future__ import annotations

import re

HALF_DAY = 12
"""Months of a year, and hours of a half day: a higher figure is neither."""

_LONGEST = 64
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_REST = "uary ruary ch il  e y ust tember ober ember ember"
MONTHS = {
    name: number
    for number, (short, rest) in enumerate(zip(_NAMES.split(" "), _REST.split(" "), strict=True), 1)
    for name in (short, short + rest)
} | {"sept": 9}
_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"(?: ?(?P<half>[ap]\.?m\.?))?(?: ?(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{2}(?::?\d{2})?))?"
    r"(?: \((?:utc|gmt)\))?"
)
_TAIL = rf"(?:(?:t|,? (?:at )?){_CLOCK})?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"


def _pattern(date: str) -> re.Pattern[str]:
    return re.compile(date + _TAIL, re.IGNORECASE | re.ASCII)


YEAR_FIRST = _pattern(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
YEAR_LAST = _pattern(r"(?P<one>\d{1,2})(?P<sep>[-/.])(?P<two>\d{1,2})(?P=sep)(?P<year>\d{4})")
DAY_MONTH = _pattern(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{4})"
)
MONTH_DAY = _pattern(
    _WEEKDAY + r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
)
UNIX = re.compile(r"(?P<whole>\d{10}|\d{13}|\d{16})(?:\.(?P<fraction>\d{1,9}))?", re.ASCII)
_BLANK = frozenset({"", "-", "n/a", "null", "none", "never"})
_NULL_TIME = re.compile(
    r"(?:0001|1900|1970)-01-01(?:[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|\+00:?00)?)?"
)


def is_blank_time(text: str) -> bool:
    """Whether a cell says that there is no time: empty, "null", year 1, the epoch itself."""
    plain = text.strip()
    return plain.lower() in _BLANK or _NULL_TIME.fullmatch(plain) is not None


def plain_form(text: str) -> str | None:
    """Return a cell with its blanks made one each; None for one that holds no time."""
    if len(text) > _LONGEST:
        return None
    return " ".join(text.split()) or None
