"""Files as people have them -> records with their place: CSV, XLSX, JSON, JSON Lines.

Knows nothing of tools or experiments. Strict and streaming: a row that cannot be read is a
`BadRow` with its raw text, never dropped and never guessed.

    records.py   Row, Object, BadRow: what a file yields
    opening.py   which kind of file it is, by its content
    text.py      bytes -> text: line ends, what is no text
    encodings.py which encodings a person may name
    csv_file.py  csv_rows.py   a CSV file and its header; its rows, line by line mendable
    xlsx_file.py
    json_file.py  json_text.py  json_shape.py  json_values.py
                 a JSON file; its text in pieces; what a value in it is; its values one by one
    json_mending.py  json_search.py
                 how reading goes on behind damage; where the next record begins
    header.py    where the header of a table stands, and its names
    shape.py     what a row of this table looks like, to mistrust a line after a broken quote
    times.py     written times -> aware UTC datetimes
    time_forms.py  date_order.py
                 the forms they are written in; which figure is the day
    years.py     the years in which a date can be
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icptest.reading.opening import file_digest, open_export, open_table
    from icptest.reading.records import BadRow, Object, Objects, Row, Table
    from icptest.reading.times import (
        DateOrder,
        TimeColumn,
        decide_order,
        is_blank_time,
        parse_time,
    )

__all__ = [
    "BadRow",
    "DateOrder",
    "Object",
    "Objects",
    "Row",
    "Table",
    "TimeColumn",
    "decide_order",
    "file_digest",
    "is_blank_time",
    "open_export",
    "open_table",
    "parse_time",
]

_HOME = {
    **dict.fromkeys(("BadRow", "Object", "Objects", "Row", "Table"), "records"),
    **dict.fromkeys(("file_digest", "open_export", "open_table"), "opening"),
    **dict.fromkeys(
        ("DateOrder", "TimeColumn", "decide_order", "is_blank_time", "parse_time"), "times"
    ),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Names of the module, those not yet imported too."""
    return sorted({*globals(), *__all__})
