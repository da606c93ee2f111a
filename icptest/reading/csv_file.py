"""A CSV file as tools and spreadsheets write it: its delimiter, its header, then its rows.

`csv.field_size_limit` is global to the process: `rows` sets it to `CELL_LIMIT` and leaves it.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.reading.csv_rows import LINE_ENDS, LINE_LIMIT, CsvRows
from icptest.reading.header import column_names, find_header
from icptest.reading.shape import Shape
from icptest.reading.text import open_text, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from icptest.reading.records import BadRow, Row

__all__ = ["CELL_LIMIT", "LINE_LIMIT", "CsvTable"]

CELL_LIMIT = 1 << 20
_HEAD_LINES = 40
_SAMPLE_LINES = 1_000
_DELIMITERS = ",;\t|"
_SEP = "sep="


class CsvTable:
    """A CSV file, its delimiter and header known, its rows not yet read.

    Args:
        path: The file.
        codec: Codec its bytes are read with.

    Raises:
        InputError: The file is empty, in another encoding, or has no usable header.
    """

    def __init__(self, path: Path, codec: str) -> None:
        self.path = path
        self._codec = codec
        csv.field_size_limit(CELL_LIMIT)
        lines = self._head_lines()
        said = _said_delimiter(lines[0])
        self.delimiter = said or _delimiter(lines)
        line, cells, end = self._find_header(lines, 1 if said else 0)
        self._skip = end
        self.header = column_names(cells, path, line)
        self._width = len(self.header)
        named = self._width
        while named > 1 and not cells[named - 1].strip():
            named -= 1
        self._named = named

    def rows(self) -> Iterator[Row | BadRow]:
        """Read the rows, from the first, each time it is called."""
        csv.field_size_limit(CELL_LIMIT)
        try:
            with open_text(self.path, self._codec) as file:
                for _ in range(self._skip):
                    file.readline()
                yield from CsvRows(self, file, self._skip).rows()
        except UnicodeDecodeError:
            raise wrong_encoding(self.path, self._codec) from None

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The strict standard reader with this file's delimiter."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def width(self) -> tuple[int, int]:
        """Cells a row must have at least and at most; nameless last columns may lack."""
        return self._named, self._width

    def shape(self) -> Shape:
        """What a row looks like, from the first lines that are rows by themselves."""
        with open_text(self.path, self._codec) as file:
            for _ in range(self._skip):
                file.readline()
            sample = islice(iter(lambda: file.readline(LINE_LIMIT), ""), _SAMPLE_LINES)
            alone = (self.alone(line) for line in sample if line.strip())
            return Shape(self._width, [cells for cells in alone if cells is not None])

    def alone(self, line: str) -> list[str] | None:
        """Cells of one line read by itself, if they are as many as there are columns."""
        try:
            cells = next(self.reader([line]), None)
        except csv.Error:
            return None
        return cells if cells is not None and len(cells) == self._width else None

    def _head_lines(self) -> list[str]:
        try:
            with open_text(self.path, self._codec) as file:
                lines = list(islice(iter(lambda: file.readline(LINE_LIMIT), ""), _HEAD_LINES))
        except UnicodeDecodeError:
            raise wrong_encoding(self.path, self._codec) from None
        if not any(line.strip() for line in lines):
            raise InputError(
                "empty-file", location=Location(file=str(self.path)), path=str(self.path)
            )
        long = next((i for i, line in enumerate(lines) if len(line) >= LINE_LIMIT), len(lines))
        if not any(line.strip() for line in lines[:long]):
            raise InputError(
                "file-too-large",
                location=Location(file=str(self.path)),
                what="characters in one line",
                got=f"{LINE_LIMIT} or more",
                limit=LINE_LIMIT,
            )
        return lines[:long]

    def _find_header(self, lines: list[str], skip: int) -> tuple[int, list[str], int]:
        """Line, cells and last line of the header."""
        records: list[tuple[int, list[str]]] = []
        ends: list[int] = []
        reader = csv.reader(lines[skip:], delimiter=self.delimiter, strict=True)
        start, failed = 0, False
        try:
            for cells in reader:
                records.append((skip + start + 1, cells))
                start = reader.line_num
                ends.append(skip + start)
        except csv.Error:
            failed = True
        if not any(any(map(str.strip, cells)) for _, cells in records):
            code = "broken-header" if failed else "empty-file"
            raise InputError(
                code,
                location=Location(file=str(self.path), line=skip + start + 1),
                excerpt=lines[min(skip + start, len(lines) - 1)].rstrip(LINE_ENDS)[:200],
                path=str(self.path),
            )
        index = find_header(records)
        line, cells = records[index]
        return line, cells, ends[index]


def _said_delimiter(line: str) -> str:
    said = line.strip().strip('"')
    if said.lower().startswith(_SEP) and len(said) == len(_SEP) + 1:
        return said[-1]
    return "\t" if line.rstrip(LINE_ENDS).lower() == "sep=\t" else ""


def _delimiter(lines: list[str]) -> str:
    """The delimiter that gives the header most cells; the header may stand lower down."""
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        records: list[tuple[int, list[str]]] = []
        start = 0
        reader = csv.reader(lines, delimiter=delimiter)
        with suppress(csv.Error):
            for cells in reader:
                records.append((start + 1, cells))
                start = reader.line_num
        if not records:
            continue
        width = len(records[find_header(records)][1])
        if width > most:
            best, most = delimiter, width
    return best
