"""A row as text, to be kept when it is set aside and shown with addresses masked."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from icptest.reading.records import Row

if TYPE_CHECKING:
    from icptest.reading.records import Object

# An address begins where a word does. Looking for one at every letter as well would walk a word of
# n letters n times, and a damaged file has words of a million.
_BEGINNING = r"(?<![^\s,;:<>\"'@|])([^\s,;:<>\"'@|])"
_ADDRESS = re.compile(_BEGINNING + r"[^\s,;:<>\"'@|]*@([^\s,;:<>\"'|]+)")
_EXCERPT = 70


def row_text(row: Row | Object) -> str:
    """Return a row as one line: CSV for cells, JSON for an object."""
    if isinstance(row, Row):
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(row.cells)
        return out.getvalue()
    return json.dumps(row.fields, ensure_ascii=False, separators=(",", ":"))


def masked(text: str) -> str:
    """Return a text with its addresses masked: "ada@acme.example" -> "a...@acme.example"."""
    return _ADDRESS.sub(r"\1...@\2", text)


def excerpt(text: str) -> str:
    """Return the beginning of a row, on one line, masked, short enough to print."""
    line = masked(" ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 3] + "..."
