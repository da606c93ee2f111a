"""A CSV file as tools and spreadsheets write it: strict, streaming, line by line mendable.

The standard reader in strict mode does the work. This module keeps the raw lines of the record
being read, so that a record that fails costs one line: the first is set aside, the others are
read again. Two files look whole and are not, and both are caught here:

- cut off: the last row has no line end, and may have the right width and a wrong last cell;
- swallowed: an open quote is closed by a quote some lines later, and the rows between are
  now text of one cell. A line of a record that is a row by itself (`Shape`) gives it away.

`csv.field_size_limit` is global to the process: `rows` sets it to `CELL_LIMIT` and leaves it.
"""

from __future__ import annotations

import csv
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.reading.header import column_names, find_header
from icptest.reading.records import BadRow, Row
from icptest.reading.shape import Shape
from icptest.reading.text import open_text, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

CELL_LIMIT = 1 << 20
LINE_LIMIT = 4 << 20
TEXT_LIMIT = 64 * 1024
_RECORD_LINES = 20_000
_REREAD_LINES = 2_000_000
_HEAD_LINES = 40
_SAMPLE_LINES = 1_000
_DELIMITERS = ",;\t|"
_SEP = "sep="
_ENDS = "\r\n"


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
                yield from _Pass(self, file).rows()
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
                excerpt=lines[min(skip + start, len(lines) - 1)].rstrip(_ENDS)[:200],
                path=str(self.path),
            )
        index = find_header(records)
        line, cells = records[index]
        return line, cells, ends[index]


class _Pass:
    """One reading of a file from its first data line to its end."""

    def __init__(self, table: CsvTable, file: TextIO) -> None:
        self._table = table
        self._file = file
        self._least, self._most = table.width()
        self._lines_done = table._skip  # noqa: SLF001 - the other half of the same class
        self._records = 0
        self._again: deque[str] = deque()
        self._held: list[str] = []
        self._odd: list[str] = []
        self._doubt_until = 0
        self._reread = 0
        self._shape: Shape | None = None

    def rows(self) -> Iterator[Row | BadRow]:
        """Good rows on a short path, everything else on a careful one."""
        held, odd, width = self._held, self._odd, self._most
        while True:
            reader = self._table.reader(self._feed())
            try:
                for cells in reader:
                    if (
                        len(cells) == width
                        and len(held) == 1
                        and not odd
                        and self._lines_done >= self._doubt_until
                        and any(cells)
                    ):
                        self._records = record = self._records + 1
                        self._lines_done = line = self._lines_done + 1
                        held.clear()
                        yield Row(record, line, cells)
                        continue
                    found = self._judge(cells)
                    if found is not None:
                        yield found
                    if self._again:
                        break
                else:
                    return
            except csv.Error as error:
                yield self._failed(error)

    def _feed(self) -> Iterator[str]:
        """Lines, those to be read again first; whatever is unusual about one is noted."""
        held, odd, again = self._held, self._odd, self._again
        hold, readline = held.append, self._file.readline
        while True:
            if again:
                line = again.popleft()
            else:
                line = readline(LINE_LIMIT)
                if not line:
                    return
            hold(line)
            if line[-1] not in _ENDS:
                odd.append("too-large" if len(line) >= LINE_LIMIT else "no-final-newline")
                if len(line) >= LINE_LIMIT:
                    self._skip_rest_of_line()
            if "\0" in line:
                odd.append("nul-byte")
            if len(held) > 1 and len(held) > self._most_lines():
                return
            yield line

    def _skip_rest_of_line(self) -> None:
        while piece := self._file.readline(LINE_LIMIT):
            if piece[-1] in _ENDS:
                return

    def _most_lines(self) -> int:
        """Longest record in lines: one, once a hostile file has made us read too much twice."""
        return _RECORD_LINES if self._reread < _REREAD_LINES else 1

    def _judge(self, cells: list[str]) -> Row | BadRow | None:
        """Decide about a record the standard reader accepted but that is not plain."""
        held, odd = self._held, self._odd
        if "too-large" in odd:
            return self._bad("too-large", keep=1)
        if len(held) > 1 and self._is_swallowed(held):
            return self._bad("broken-quote", keep=1)
        blank = not any(map(str.strip, cells)) and not _is_half_a_row(held)
        if blank and odd in ([], ["no-final-newline"]):
            self._done()
            return None
        if len(cells) > self._most and not any(cells[self._most :]):
            del cells[self._most :]
        elif self._least <= len(cells) < self._most:
            cells.extend([""] * (self._most - len(cells)))
        reason = self._reason(cells)
        if reason is not None:
            return self._bad(reason)
        self._records += 1
        line = self._lines_done + 1
        self._done()
        return Row(self._records, line, cells)

    def _reason(self, cells: list[str]) -> str | None:
        """Why a whole record must be set aside all the same."""
        if self._odd:
            return self._odd[0]
        if len(cells) != self._most:
            return "short-row" if len(cells) < self._most else "long-row"
        if self._lines_done < self._doubt_until:
            stray = len(self._held) == 1 and self._held[0].count('"') % 2
            if stray or not self._fits(cells):
                return "in-broken-quote"
        return None

    def _failed(self, error: csv.Error) -> BadRow:
        """Set aside the first line of a record that is not CSV, to read the others again."""
        if self._odd[:1] == ["too-large"] and len(self._held) == 1:
            return self._bad("too-large", keep=1)
        if len(self._held) == 1:
            if "field limit" in str(error):
                return self._bad("too-large", keep=1)
            if self._odd:
                return self._bad(self._odd[0], keep=1)
        return self._bad("broken-quote", keep=1)

    def _bad(self, reason: str, *, keep: int = 0) -> BadRow:
        """Set the record aside; with `keep`, only so many lines of it."""
        held = self._held
        keep = keep or len(held)
        self._records += 1
        line = self._lines_done + 1
        text = "".join(held[:keep]).rstrip(_ENDS)[:TEXT_LIMIT]
        rest = held[keep:]
        if rest:
            self._doubt_until = max(self._doubt_until, self._lines_done + len(held))
            self._again.extendleft(reversed(rest))
            self._reread += len(rest)
        del held[keep:]
        self._done()
        return BadRow(self._records, line, reason, text)

    def _done(self) -> None:
        self._lines_done += len(self._held)
        self._held.clear()
        self._odd.clear()

    def _fits(self, cells: list[str] | None) -> bool:
        if cells is None:
            return False
        if self._shape is None:
            self._shape = self._table.shape()
        return self._shape.fits(cells)

    def _is_swallowed(self, held: list[str]) -> bool:
        """Whether lines of one record are rows by themselves, behind an open quote.

        A line within is a row if it reads as one. The last line closes the quote, so it has
        an odd one; it reads as a row also when the first column alone has several lines,
        therefore the first line must read as a row too, its open quote taken as a letter.
        """
        alone = self._table.alone
        if any(self._fits(alone(line)) for line in held[1:-1]):
            return True
        last = alone(held[-1])
        if last is None or not self._fits(last):
            return False
        first = alone(held[0].replace('"', ""))
        return self._fits(first) or held[-1].count('"') % 2 == 0


def _is_half_a_row(held: list[str]) -> bool:
    """Whether empty cells are the beginning of a row that was cut off."""
    return held[-1][-1] not in _ENDS and bool("".join(held).strip())


def _said_delimiter(line: str) -> str:
    said = line.strip().strip('"')
    if said.lower().startswith(_SEP) and len(said) == len(_SEP) + 1:
        return said[-1]
    return "\t" if line.rstrip(_ENDS).lower() == "sep=\t" else ""


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
