"""Where the header of a table stands, and the names of its columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.reading.shape import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_COLUMNS = 16_384
PREAMBLE_LINES = 10
_LEAST_CELLS = 3
_FOLLOWING = 3
_HEADER_WORD = re.compile(
    r"e-?mail|name|url|linkedin|website|company|date|phone|status|campaign|(?:^|[ _])id$",
    re.IGNORECASE,
)


def find_header(records: Sequence[tuple[int, list[str]]]) -> int:
    """Index of the header among the first records, each with its line.

    The first record that is not blank, unless it and all until a later one are preamble: at
    most one cell each, before a line of at least three filled, distinct cells that are names
    and not data, followed by rows of the same width.
    """
    first = next((i for i, (_, cells) in enumerate(records) if any(map(str.strip, cells))), 0)
    for index in range(first, len(records)):
        line, cells = records[index]
        if line > PREAMBLE_LINES + 1:
            break
        if index > first and _is_clear_header(cells, [row for _, row in records[index + 1 :]]):
            return index
        if sum(1 for cell in cells if cell.strip()) > 1:
            break
    return first


def column_names(cells: Sequence[str], path: Path, line: int) -> tuple[str, ...]:
    """Stripped names, nameless columns named by their place; refuse a name used twice."""
    where = Location(file=str(path), line=line)
    if len(cells) > MOST_COLUMNS:
        raise InputError(
            "file-too-large", location=where, what="columns", got=len(cells), limit=MOST_COLUMNS
        )
    names = [cell.replace("\ufeff", "").strip() for cell in cells]
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name and name in seen:
            raise InputError(
                "duplicate-column",
                location=Location(file=str(path), line=line, column=name),
                column=name,
                places=f"{seen[name]} and {place}",
            )
        seen[name] = place
    for index, name in enumerate(names):
        if not name:
            made = f"column {index + 1}"
            while made in seen:
                made += "'"
            seen[made] = index + 1
            names[index] = made
    return tuple(names)


def _is_clear_header(cells: list[str], after: list[list[str]]) -> bool:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    rows = [row for row in after if any(map(str.strip, row))][:_FOLLOWING]
    return (
        len(names) >= _LEAST_CELLS
        and all(names)
        and len(set(names)) == len(names)
        and all(kind_of(name) == "text" for name in names)
        and any(_HEADER_WORD.search(name) for name in names)
        and bool(rows)
        and all(len(row) == len(cells) for row in rows)
    )
