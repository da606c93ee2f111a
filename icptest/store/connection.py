"""The light way into the database: SQLite read through the driver of the standard library.

Importing SQLAlchemy takes longer than reading a whole test, so a process that only reads
never does. Both ways give a `Connection`, so that the SQL and what is made of it exist once:
named parameters (":name"), rows as tuples, times as microseconds.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from icptest.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

Rows: TypeAlias = "list[tuple[Any, ...]]"

PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
"""What every connection to SQLite is told; the journal mode is left at DELETE."""

# Names of SQLite's result codes, the longer before those they begin with.
_CODES = (
    ("SQLITE_BUSY", "database-locked"),
    ("SQLITE_LOCKED", "database-locked"),
    ("SQLITE_READONLY_ROLLBACK", "database-interrupted"),
    ("SQLITE_READONLY", "database-read-only"),
    ("SQLITE_PERM", "database-unreadable"),
    ("SQLITE_AUTH", "database-unreadable"),
    ("SQLITE_CANTOPEN", "database-unreadable"),
    ("SQLITE_CORRUPT", "database-broken"),
    ("SQLITE_NOTADB", "database-broken"),
    ("SQLITE_FORMAT", "database-broken"),
    ("SQLITE_ERROR", "database-broken"),  # a table or column that must be there is not
    ("SQLITE_FULL", "disk-full"),
    ("SQLITE_IOERR", "disk-failed"),
)
_CHECKED_BYTES = 16 * 1024 * 1024  # a whole check takes 4 ms for the 0.7 MB of a usual test
_NEEDS_WRITING = ("SQLITE_READONLY", "SQLITE_CANTOPEN")


class Connection(Protocol):
    """One transaction: SQL in, rows out."""

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement; named parameters."""


class Reader(Protocol):
    """A database that can be read."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Open one transaction, in which every statement sees the same state."""

    def tables(self) -> set[str]:
        """Return the names of the tables."""

    def close(self) -> None:
        """Let go of the database."""


class SqliteReader:
    """A SQLite file, read only: also in a folder that nobody may write to.

    Raises:
        StoreError: There is no such file, or it cannot be read.
    """

    def __init__(self, path: Path, *, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        _require_file(path)
        with translated(path, timeout=timeout):
            self._connection = self._open()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one transaction, in which every statement sees the same state."""
        with translated(self._path, timeout=self._timeout):
            self._connection.execute("BEGIN")
            try:
                yield self
            finally:
                self._connection.rollback()

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement; named parameters."""
        return self._connection.execute(sql, params or {}).fetchall()

    def tables(self) -> set[str]:
        """Return the names of the tables."""
        with self.reading() as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._open_and_probe("ro")
        except sqlite3.OperationalError as error:
            if not _name(error).startswith(_NEEDS_WRITING):
                raise
        # A writer was killed half-way: SQLite rolls its journal back before anyone reads,
        # and for that it must be allowed to write.
        return self._open_and_probe("rw")

    def _open_and_probe(self, mode: str) -> sqlite3.Connection:
        connection = connect_sqlite(self._path, mode=mode, timeout=self._timeout)
        try:
            self._probe(connection)
            connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _probe(self, connection: sqlite3.Connection) -> None:
        """Look whether the file is sound, before anything is answered from it."""
        small = self._path.stat().st_size <= _CHECKED_BYTES
        probe = "PRAGMA quick_check(1)" if small else "SELECT count(*) FROM sqlite_master"
        ((answer,),) = connection.execute(probe).fetchall()
        if small and answer != "ok":
            raise StoreError("database-broken", file=str(self._path), problem=str(answer))


def _require_file(path: Path) -> None:
    try:
        folder = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError("no-database", file=str(path)) from None
    except OSError as error:
        problem = str(error.strerror)
        raise StoreError("database-unreadable", file=str(path), problem=problem) from error
    if folder:
        raise StoreError("database-unreadable", file=str(path), problem="it is a folder")


def connect_sqlite(path: Path, *, mode: str, timeout: float) -> sqlite3.Connection:
    """Open a SQLite file that exists, without the driver's own idea of transactions."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=timeout, isolation_level=None
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def create_file(path: Path) -> None:
    """Create an empty database only its owner may read; leave one that is there alone.

    Raises:
        StoreError: The folder is missing, or nothing may be written there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except FileNotFoundError:
        raise StoreError("database-folder-missing", folder=str(path.parent)) from None
    except OSError as error:
        code = "disk-full" if error.errno == errno.ENOSPC else "database-read-only"
        raise StoreError(code, file=str(path)) from error


def require_writable(path: Path) -> None:
    """Refuse early, before files are read, what could not be written at the end.

    Raises:
        StoreError: The file or its folder (where SQLite keeps its journal) is read-only.
    """
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise StoreError("database-read-only", file=str(path))


@contextmanager
def translated(path: Path, *, timeout: float, writing: bool = False) -> Iterator[None]:
    """Turn errors of the driver into `StoreError`s that have a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path, timeout=timeout, writing=writing) from error


def translate(error: Exception, path: Path, *, timeout: float, writing: bool) -> StoreError:
    """Return what an error of the driver means to people."""
    name = _name(error)
    code = next((code for prefix, code in _CODES if name.startswith(prefix)), "database-failed")
    if writing and code == "database-unreadable":
        code = "database-read-only"  # the journal beside the database cannot be created
    if not name and "decode" in str(error):
        code = "database-broken"  # a text that is none any more
    return StoreError(
        code, file=str(path), seconds=round(timeout), problem=str(error).partition("\n")[0]
    )


def _name(error: Exception) -> str:
    name: str = getattr(error, "sqlite_errorname", "")
    return name
