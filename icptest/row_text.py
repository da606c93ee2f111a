"""Text of other people's making: kept as a row, shown with addresses masked and letters visible."""

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
# n letters n times, and a damaged file has words of a million. A slash ends a word: the folders of
# a path stay readable when the name of the file is an address.
# Letters of other scripts' keyboards that are made "@" where addresses are compared.
_AT = "@\ufe6b\uff20"
_WITHIN = rf"[^\s,;:<>\"'{_AT}|/]"
_BEGINNING = rf"(?<!{_WITHIN})({_WITHIN})"
# Of several "@" in a word the last one parts name and domain: nothing before it is shown.
_ADDRESS = re.compile(_BEGINNING + rf"[^\s,;:<>\"'|/]*[{_AT}]([^\s,;:<>\"'|{_AT}]+)")
# What a terminal obeys instead of showing: control characters but the tab and the end of a line,
# marks that turn the direction of writing, halves of characters (bytes that were no UTF-8).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BYTES = range(0xDC80, 0xDD00)
"""How Python keeps a byte that is no UTF-8."""
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


def visible(text: str) -> str:
    """Return a text in which nothing acts on a terminal: an escape character becomes its number."""
    return _UNSEEN.sub(lambda found: _escaped(ord(found[0])), text)


def shown(text: str) -> str:
    """Return a text as a message may show it: addresses masked, every character visible."""
    return visible(masked(text))


def _escaped(code: int) -> str:
    if code in _BYTES:
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - a byte


def excerpt(text: str) -> str:
    """Return the beginning of a row, on one line, masked, short enough to print."""
    line = shown(" ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 3] + "..."
