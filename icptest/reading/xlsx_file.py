"""An Excel workbook: its first sheet that holds something, every cell as text.

A workbook is a ZIP of XML, and a small one can unpack to gigabytes or claim a cell in the last
row of the last column, which costs as much. Both are looked for before it is opened. The limit
is on what it unpacks to, not on the ratio: an honest sheet of repeated values reaches 50:1.
"""

from __future__ import annotations

import re
import zipfile
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from icptest.errors import InputError, Location
from icptest.reading.header import column_names, find_header
from icptest.reading.records import BadRow, Row
from icptest.reading.text import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ENTRIES = 500
MOST_UNPACKED = 200 << 20
MOST_CELLS = 5_000_000
_HEAD_ROWS = 40
_CHUNK = 1 << 20
_OVERLAP = 256
_CELL = re.compile(rb"<(?:\w{1,9}:)?c\s[^<>]{0,80}?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]{0,80}")
_ROW = re.compile(
    rb"<(?:\w{1,9}:)?row\s[^<>]{0,200}?\br=[\"'](\d{1,7})[\"'][^<>]{0,200}>\s{0,9}<(?:\w{1,9}:)?c"
)


class XlsxTable:
    """The first sheet with content of a workbook, its header read, its rows not yet.

    Args:
        path: The file.

    Raises:
        InputError: The file is no workbook, has nothing in it, or is too large.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sheet = ""
        _guard(path)
        head: list[tuple[int, list[str]]] = []
        for number, cells in self._lines():
            head.append((number, cells))
            if len(head) == _HEAD_ROWS:
                break
        if not head:
            raise InputError("empty-file", location=Location(file=str(path)), path=str(path))
        self._header_line, cells = head[find_header(head)]
        self.header = column_names(cells, path, self._header_line)

    def rows(self) -> Iterator[Row | BadRow]:
        """Read the rows, from the first, each time it is called."""
        record = 0
        for line, cells in self._lines():
            if line > self._header_line:
                record += 1
                yield Row(record, line, cells)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of every row of the sheet that is not blank."""
        from python_calamine import CalamineWorkbook  # noqa: PLC0415

        try:
            workbook = CalamineWorkbook.from_path(str(self.path))
            names = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if str(sheet.visible).endswith(".Visible") and str(sheet.typ).endswith(".WorkSheet")
            ]
            for name in names:
                sheet = workbook.get_sheet_by_name(name)
                if sheet.start is None:
                    continue
                found = False
                for number, values in enumerate(sheet.iter_rows(), 1):
                    cells = [_text(value) for value in values]
                    if any(cells):
                        self.sheet, found = name, True
                        yield number, cells
                if found:
                    return
        except InputError:
            raise
        except GeneratorExit:
            raise
        except BaseException as error:
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                _refuse(self.path, "a damaged Excel workbook")
            raise


def _text(value: Any) -> str:
    """Text of a cell, as a person would have written it in a CSV file."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - figures Excel keeps
    if isinstance(value, datetime):
        # The last half millisecond of the calendar has nothing to be rounded to.
        rounded = value if value.year == MAXYEAR else value + timedelta(microseconds=500)
        return rounded.isoformat(timespec="milliseconds").removesuffix(".000")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _guard(path: Path) -> None:
    """Refuse a file that is no workbook or that unpacks to too much."""
    try:
        with open_binary(path) as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _limit(path, "files in the workbook", len(entries), MOST_ENTRIES)
            unpacked = sum(entry.file_size for entry in entries)
            _limit(path, "bytes when unpacked", unpacked, MOST_UNPACKED)
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                _refuse(path, _kind_of_zip(names))
            if any(entry.flag_bits & 1 for entry in entries):
                _refuse(path, "a workbook with a password")
            for entry in entries:
                _limit(path, "cells", _claimed_cells(archive, entry), MOST_CELLS)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        _refuse(path, "a damaged Excel workbook")
    except Exception as error:
        if type(error).__module__ in {"zlib", "lzma", "_lzma"}:
            _refuse(path, "a damaged Excel workbook")
        raise


def _claimed_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Cells of the rectangle an entry's cells span, read to its end so that its sum holds."""
    last_row, columns = 0, set[bytes]()
    tail = b""
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            piece = tail + chunk
            for match in _CELL.finditer(piece):
                if not match[0].endswith(b"/"):
                    columns.add(match[1])
                    last_row = max(last_row, int(match[2]))
            for match in _ROW.finditer(piece):
                last_row = max(last_row, int(match[1]))
            tail = piece[-_OVERLAP:]
    return last_row * max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _kind_of_zip(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb)"
    if "content.xml" in names:
        return "an OpenDocument file"
    return "a Word document" if "word/document.xml" in names else "a ZIP archive"


def _limit(path: Path, what: str, got: int, limit: int) -> None:
    if got > limit:
        raise InputError(
            "file-too-large",
            location=Location(file=str(path)),
            what=what,
            got=f"{got:,}",
            limit=f"{limit:,}",
        )


def _refuse(path: Path, looks_like: str) -> NoReturn:
    raise InputError(
        "not-a-table", location=Location(file=str(path)), path=str(path), looks_like=looks_like
    ) from None
