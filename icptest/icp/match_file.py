"""The file of a match: who is in, with the event that makes them worth writing to now."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from icptest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from icptest.icp.signals import Signal
    from icptest.reading.records import Table

SIGNAL_COLUMNS = ("icp_signal", "icp_signal_on", "icp_expires_on")
UNKNOWN_COLUMN = "icp_unknown"


class MatchFile:
    """A CSV file that is there whole, or not at all.

    Args:
        out: Where it goes; None: nowhere, and nothing is kept.
        table: The list whose rows are kept; columns of an earlier match are written anew.
        keeps_unknown: Whether rows that may be in are kept too, marked in a column of its own.

    Raises:
        InputError: It would take the place of the list itself ("icp-out-is-list"), or cannot
            be written ("file-not-writable").
    """

    def __init__(self, out: str | None, table: Table, *, keeps_unknown: bool = False) -> None:
        self.keep = self._keep if out is not None else None
        self._keeps_unknown = keeps_unknown
        if out is None:
            return
        self._path = Path(out)
        if not self._path.name or self._path.is_dir():
            raise InputError("file-not-writable", path=out, why="it is a folder")
        if self._path.exists() and self._path.resolve() == table.path.resolve():
            raise InputError("icp-out-is-list", path=out)
        added = (*SIGNAL_COLUMNS, *((UNKNOWN_COLUMN,) if keeps_unknown else ()))
        self._places = [
            place
            for place, name in enumerate(table.header)
            if name not in {*SIGNAL_COLUMNS, UNKNOWN_COLUMN}
        ]
        self._all = len(self._places) == len(table.header)
        self._header = [*(table.header[place] for place in self._places), *added]

    def __enter__(self) -> Self:
        if self.keep is not None:
            self._temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
            try:
                handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            except OSError as error:
                raise InputError(
                    "file-not-writable",
                    path=str(self._path),
                    why=error.strerror or str(error),
                ) from error
            self._file = os.fdopen(handle, "w", encoding="utf-8", newline="", buffering=1 << 20)
            self._write = csv.writer(self._file, lineterminator="\n").writerow
            self._write(self._header)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.keep is None:
            return
        try:
            self._file.close()
            if kind is None:
                self._temporary.replace(self._path)
        finally:
            self._temporary.unlink(missing_ok=True)

    def _keep(self, cells: Sequence[str], signal: Signal | None, is_in: bool) -> None:
        if not is_in and not self._keeps_unknown:
            return
        kept = cells if self._all else [cells[place] for place in self._places]
        said = ("", "", "") if signal is None else (signal.name, signal.on, signal.expires_on or "")
        if self._keeps_unknown:
            self._write([*kept, *said, "" if is_in else "yes"])
        else:
            self._write([*kept, *said])
