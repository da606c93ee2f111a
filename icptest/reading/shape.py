"""What a row of one table looks like, so that a line after a broken quote can be mistrusted.

A cell with an open quote swallows the lines after it, and a line inside a quoted cell can have
as many commas as a row. Neither is told apart by counting cells. The kinds of cells a column
holds tell: addresses, links, times, numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["empty", "email", "url", "time", "number", "flag", "text"]

_LONGEST = 320
_PLAIN = re.IGNORECASE | re.ASCII
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[^@\s,;\"<>]{1,64}@[^@\s,;\"<>]{1,255}")),
    ("url", re.compile(r"(?:https?://|www\.)[^\s\"]{3,}", re.IGNORECASE)),
    (
        "time",
        re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.,+Z -]{4,24}(?:[ap]m)?)?", _PLAIN),
    ),
    (
        "time",
        re.compile(r"\d\d?[/.]\d\d?[/.]\d{4}(?:,? [\d: ]{4,12}(?:[ap]m)?)?", _PLAIN),
    ),
    ("number", re.compile(r"[+-]?\d{1,20}(?:\.\d{1,20})?", re.ASCII)),
    ("flag", re.compile(r"true|false|yes|no", re.IGNORECASE)),
)
_STRONG = frozenset({"email", "url", "time"})
_MOST = 0.9
_WEAK_NEEDED = 2


def kind_of(cell: str) -> Kind:
    """Kind of a cell, by its form alone."""
    if not cell:
        return "empty"
    if len(cell) <= _LONGEST:
        for kind, pattern in _KINDS:
            if pattern.fullmatch(cell):
                return kind
    return "text"


class Shape:
    """Kinds of cells by column, learned from rows that are beyond doubt or nearly so.

    Args:
        width: Number of columns.
        rows: Rows of that width; a few that are not rows do no harm.
    """

    def __init__(self, width: int, rows: Iterable[Sequence[str]]) -> None:
        counts: list[Counter[Kind]] = [Counter() for _ in range(width)]
        padded = [False] * width
        for row in rows:
            for column, cell in enumerate(row):
                counts[column][kind_of(cell)] += 1
                padded[column] |= cell[:1].isspace()
        self._padded = padded
        self._kinds: dict[int, Kind] = {}
        for column, count in enumerate(counts):
            del count["empty"]
            if count:
                kind, most = count.most_common(1)[0]
                if kind != "text" and most >= _MOST * count.total():
                    self._kinds[column] = kind
        self._width = width

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether the cells are a row of this table beyond doubt.

        Every column of one kind holds that kind or nothing; at least one address, link or
        time, or two of the others, are there; and no cell begins with a blank where none
        did, as the words after a comma in a sentence do.
        """
        if len(cells) != self._width:
            return False
        if any(cell[:1].isspace() and not self._padded[i] for i, cell in enumerate(cells)):
            return False
        weak = 0
        strong = False
        for column, kind in self._kinds.items():
            found = kind_of(cells[column])
            if found == "empty":
                continue
            if found != kind:
                return False
            weak += 1
            strong |= kind in _STRONG
        return strong or weak >= _WEAK_NEEDED
