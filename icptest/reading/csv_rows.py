"""The rows of a CSV file: strict, streaming, line by line mendable.

The standard reader in strict mode does the work. This module keeps the raw lines of the record
being read, so that a record that fails costs one line: the first is set aside, the others are
read again. Two files look whole and are not, and both are caught here:

- cut off: the last row has no line end, and may have the right width and a wrong last cell;
- swallowed: an open quote is closed by a quote some lines later, and the rows between are
  now text of one cell. A line of a record that is a row by itself (`Shape`) gives it away.
"""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING

from icptest.reading.records import BadRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from icptest.reading.csv_file import CsvTable
    from icptest.reading.shape import Shape

LINE_LIMIT = 4 << 20
LINE_ENDS = "\r\n"
_TEXT_LIMIT = 64 * 1024
_RECORD_LINES = 20_000
_REREAD_LINES = 2_000_000


class CsvRows:
    """One reading of a file from its first data line to its end.

    Args:
        table: Whose rows they are.
        file: The file, open, the header behind it.
        lines_done: Lines that are behind it.
    """

    def __init__(self, table: CsvTable, file: TextIO, lines_done: int) -> None:
        self._table = table
        self._file = file
        self._least, self._most = table.width()
        self._lines_done = lines_done
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
            if line[-1] not in LINE_ENDS:
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
            if piece[-1] in LINE_ENDS:
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
        text = "".join(held[:keep]).rstrip(LINE_ENDS)[:_TEXT_LIMIT]
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
    return held[-1][-1] not in LINE_ENDS and bool("".join(held).strip())
