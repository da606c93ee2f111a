"""Opening a database: which way into it, and whether it fits this version of the program."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from icptest.errors import StoreError
from icptest.store.connection import SqliteReader, connect_sqlite, create_file, require_writable
from icptest.store.repository import Store

if TYPE_CHECKING:
    from icptest.store.connection import Reader
    from icptest.store.engine import Database

VERSIONS = ("0001", "0002")
"""Every revision of the tables, the oldest first; the last is this program's.

Said here once more, so that a database that fits is opened without Alembic.
"""
WAIT_SECONDS = 30.0
_VERSION_TABLE = "alembic_version"
_SQLITE = "sqlite:///"


def open_store(
    url: str, *, write: bool, create: bool = True, timeout: float = WAIT_SECONDS
) -> Store:
    """Open a database; use it as a context manager.

    Args:
        url: "sqlite:///path", a plain path (of a SQLite file), or "postgresql://...".
        write: Create the database or bring it up to date if need be, and allow writing.
            Without it nothing is ever written, and a read-only folder will do.
        create: Whether a database that is to be written may be a new one; an old one is
            brought up to date in any case.
        timeout: Seconds to wait for another program that is writing.

    Raises:
        StoreError: There is no database, it does not fit this version, or it cannot be used.
    """
    path = sqlite_path(url)
    name = str(path or "the database")
    with ExitStack() as undo:
        if path is None:
            database: Database | None = _database(None, url, timeout)
            reader: Reader = _database(None, url, timeout)
        else:
            if write and create:
                create_file(path)
            if write and path.exists():
                require_writable(path)
            reader = SqliteReader(path, timeout=timeout)
            database = _database(path, url, timeout) if write else None
        undo.callback(reader.close)
        if write and database is not None:
            _bring_up_to_date(reader, database, path, create=create, name=name)
        else:
            _require_current(reader, name=name)
        undo.pop_all()
    return Store(reader=reader, database=database if write else None, name=name)


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL or plain path; None for another kind of database.

    Raises:
        StoreError: The URL names no file ("database-url").
    """
    if "://" not in url:
        name = url
    elif url.startswith("sqlite"):
        name = url.removeprefix(_SQLITE)
    else:
        return None
    if not name or name == ":memory:" or "://" in name:
        raise StoreError("database-url")
    return Path(name)


def _database(path: Path | None, url: str, timeout: float) -> Database:
    from icptest.store.engine import Database  # noqa: PLC0415 - SQLAlchemy: only who writes

    return Database(path=path, url=url, timeout=timeout)


def _bring_up_to_date(
    reader: Reader, database: Database, path: Path | None, *, create: bool, name: str
) -> None:
    version = _version(reader, name=name)
    if version == VERSIONS[-1]:
        return
    if version is None and not create:
        raise StoreError("no-database", file=name)
    if version is not None and path is not None:
        _keep_copy(path, version)
    database.upgrade()


def _require_current(reader: Reader, *, name: str) -> None:
    version = _version(reader, name=name)
    if version is None:
        raise StoreError("no-database", file=name)
    if version != VERSIONS[-1]:
        raise StoreError("database-older", file=name, found=version, needed=VERSIONS[-1])


def _version(reader: Reader, *, name: str) -> str | None:
    """Return the database's revision; None for an empty one."""
    tables = reader.tables()
    if not tables:
        return None
    if _VERSION_TABLE not in tables:
        raise StoreError("database-foreign", file=name)
    with reader.reading() as connection:
        rows = connection.execute(f"SELECT version_num FROM {_VERSION_TABLE}")  # noqa: S608
    if not rows:
        if tables == {_VERSION_TABLE}:
            return None
        raise StoreError("database-broken", file=name, problem="it does not say its version")
    version: str = rows[0][0]
    if version not in VERSIONS:
        raise StoreError("database-newer", file=name, found=version, known=VERSIONS[-1])
    return version


def _keep_copy(path: Path, version: str) -> None:
    """Copy a database beside itself before it is changed, readable by its owner only."""
    copy = path.with_name(f"{path.name}.{version}.bak")
    create_file(copy)
    old = connect_sqlite(path, mode="ro", timeout=WAIT_SECONDS)
    new = connect_sqlite(copy, mode="rw", timeout=WAIT_SECONDS)
    try:
        old.backup(new)
    finally:
        new.close()
        old.close()
