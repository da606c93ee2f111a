"""The files of a match and of a change: rows of a list, with what was found of each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from icptest.csv_lines import csv_line
from icptest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from icptest.icp.signals import Signal
    from icptest.reading.records import Table

SIGNAL_COLUMNS = ("icp_signal", "icp_signal_on", "icp_expires_on")
UNKNOWN_COLUMN = "icp_unknown"
CHANGE_COLUMN = "icp_change"
_NO_SIGNAL = ("", "", "")
_OURS = frozenset((*SIGNAL_COLUMNS, UNKNOWN_COLUMN, CHANGE_COLUMN))


class RowFile:
    """A CSV file of a list's rows with columns behind them; it is there whole, or not at all.

    Args:
        out: Where it goes; None: nowhere, and nothing is kept.
        table: The list whose rows are kept; columns that an earlier match added are dropped.
        added: The columns behind those of the list.

    Raises:
        InputError: It would take the place of the list itself ("icp-out-is-list"), or cannot
            be written ("file-not-writable").
    """

    def __init__(self, out: str | None, table: Table, added: Sequence[str]) -> None:
        self._path = None if out is None else Path(out)
        if self._path is None:
            return
        if not self._path.name or self._path.is_dir():
            raise InputError("file-not-writable", path=out, why="it is a folder")
        if self._path.exists() and self._path.resolve() == table.path.resolve():
            raise InputError("icp-out-is-list", path=out)
        self._places = [place for place, name in enumerate(table.header) if name not in _OURS]
        self._all = len(self._places) == len(table.header)
        self._header = [*(table.header[place] for place in self._places), *added]

    def __enter__(self) -> Self:
        if self._path is not None:
            self._temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
            try:
                handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            except OSError as error:
                raise InputError(
                    "file-not-writable", path=str(self._path), why=error.strerror or str(error)
                ) from error
            self._file = os.fdopen(handle, "w", encoding="utf-8", newline="", buffering=1 << 20)
            self._write = self._file.write
            self._write(csv_line(self._header))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path is None:
            return
        try:
            self._file.close()
            if kind is None:
                self._temporary.replace(self._path)
        finally:
            self._temporary.unlink(missing_ok=True)

    def _add(self, cells: Sequence[str], more: tuple[str, ...]) -> None:
        kept = cells if self._all else [cells[place] for place in self._places]
        self._write(csv_line((*kept, *more)))


class MatchFile(RowFile):
    """Who is in, with the event that makes them worth writing to now.

    Args:
        out: Where it goes; None: nowhere.
        table: The list.
        keeps_unknown: Whether rows that may be in are kept too, marked in a column of its own.
    """

    def __init__(self, out: str | None, table: Table, *, keeps_unknown: bool = False) -> None:
        added = (*SIGNAL_COLUMNS, *((UNKNOWN_COLUMN,) if keeps_unknown else ()))
        super().__init__(out, table, added)
        self.keep = self._keep if out is not None else None
        self._keeps_unknown = keeps_unknown

    def _keep(self, cells: Sequence[str], signal: Signal | None, is_in: bool) -> None:
        if not is_in and not self._keeps_unknown:
            return
        said = _NO_SIGNAL if signal is None else signal.cells
        if self._keeps_unknown:
            self._add(cells, (*said, "" if is_in else "yes"))
        else:
            self._add(cells, said)


class ChangeFile(RowFile):
    """Who enters and who leaves.

    Args:
        out: Where it goes; None: nowhere.
        table: The list.
    """

    def __init__(self, out: str | None, table: Table) -> None:
        super().__init__(out, table, (CHANGE_COLUMN,))
        self.keep = self._keep if out is not None else None

    def _keep(self, cells: Sequence[str], enters: bool) -> None:
        self._add(cells, ("enters" if enters else "leaves",))
