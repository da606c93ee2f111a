"""Opening a database: what is created, what is refused, and what it costs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import icptest
from icptest.errors import StoreError
from icptest.report.words.errors import ERRORS
from icptest.store import open_store, opening
from icptest.store.opening import sqlite_path

from .builders import NOBODY, SLUG, batch, day, entry, in_child, register, row, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icptest.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def _code(url: object, *, write: bool, **options: Any) -> str:
    """Return the code with which opening fails, having said it to people."""
    with pytest.raises(StoreError) as caught:
        open_store(str(url), write=write, **options).close()
    for sentence in ERRORS[caught.value.code]:
        assert sentence.format(**caught.value.facts)
    return caught.value.code


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder another user may look into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else may read the addresses, whatever the umask, nor the journal beside it."""
    path = tmp_path / "a b?.db"
    before = os.umask(0)
    try:
        with open_store(f"sqlite:///{path}", write=True) as store:
            register(store)
            assert store._database is not None
            with store._database.writing() as writer:
                writer.execute("UPDATE experiment SET digest = 'x'")
                (journal,) = tmp_path.glob("*-journal")
                assert _mode(journal) == 0o600
    finally:
        os.umask(before)
    assert _mode(path) == 0o600
    assert [child.name for child in tmp_path.iterdir()] == [path.name]


def test_every_connection_is_told_to_be_careful(store: Store) -> None:
    """The settings that survive a power cut, forget what is deleted, and trust no schema."""
    assert store._database is not None
    expected = {
        "synchronous": 2,
        "fullfsync": 1,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "journal_mode": "delete",
    }
    for way in (store._database.writing, store._database.reading, store._reader.reading):
        with way() as connection:
            said = {name: connection.execute(f"PRAGMA {name}")[0][0] for name in expected}
            assert said == expected


def test_a_missing_database_is_said_and_not_created(tmp_path: Path) -> None:
    """Reading creates nothing; an empty file is no database yet; a folder must be there."""
    path = tmp_path / "icptest.db"
    assert _code(path, write=False) == "no-database"
    assert not path.exists()
    path.touch()
    assert _code(path, write=False) == "no-database"
    assert _code(path, write=True, create=False) == "no-database"
    assert path.read_bytes() == b""
    path.unlink()
    assert _code(path, write=True, create=False) == "no-database"
    assert not path.exists()
    assert _code(tmp_path / "none" / "icptest.db", write=True) == "database-folder-missing"
    assert _code(tmp_path, write=False) == "database-unreadable"


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_url_without_a_file_is_refused(url: str) -> None:
    """A database that is gone with the process is of no use."""
    assert _code(url, write=True) == "database-url"


def test_urls_name_files() -> None:
    """A path is a path, with or without the scheme; other databases have none."""
    assert sqlite_path("sqlite:///icptest.db") == Path("icptest.db")
    assert sqlite_path("sqlite:////srv/icptest.db") == Path("/srv/icptest.db")
    assert sqlite_path("data/icptest.db") == Path("data/icptest.db")
    assert sqlite_path("postgresql://localhost/icptest") is None


def test_other_databases_need_their_driver() -> None:
    """What cannot be used is said before anything is read."""
    assert _code("mysql://localhost/x", write=False) in {"database-url", "database-driver-missing"}
    assert _code("nonsense://localhost/x", write=False) == "database-url"
    assert _code("postgresql+none://localhost/x", write=True) == "database-url"


def test_a_newer_database_is_refused(path: Path) -> None:
    """A program that does not know the tables neither reads nor writes them."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    assert _code(path, write=False) == "database-newer"
    assert _code(path, write=True) == "database-newer"
    assert path.read_bytes() == before


def test_an_older_database_is_copied_and_brought_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading asks for it, writing does it, and the copy is the owner's alone."""
    from icptest.store.engine import Database  # noqa: PLC0415 - what is patched

    def upgrade(database: Database) -> None:
        with database.writing() as writer:
            writer.execute("UPDATE alembic_version SET version_num = '9999'")

    version = opening.VERSIONS[-1]
    monkeypatch.setattr(opening, "VERSIONS", (*opening.VERSIONS, "9999"))
    monkeypatch.setattr(Database, "upgrade", upgrade)
    before = path.read_bytes()
    assert _code(path, write=False) == "database-older"
    open_store(str(path), write=True).close()
    open_store(str(path), write=False).close()
    copy = path.with_name(f"icptest.db.{version}.bak")
    assert _mode(copy) == 0o600
    assert copy.read_bytes()[100:] == before[100:]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Tables that are not ours are neither read nor added to."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")
    connection.close()
    before = path.read_bytes()
    assert _code(path, write=True) == "database-foreign"
    assert _code(path, write=False) == "database-foreign"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"PK\x03\x04" * 300, b"x" * 5000, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """A zip named .db is told, and not written over."""
    path = tmp_path / "icptest.db"
    path.write_bytes(content)
    assert _code(path, write=False) == "database-broken"
    assert _code(path, write=True) == "database-broken"
    assert path.read_bytes() == content


def test_a_read_only_folder_can_be_read(open_folder: Path) -> None:
    """A verdict can be had from an archive; a deed there is refused with a remedy."""
    path = open_folder / "icptest.db"
    with open_store(str(path), write=True) as store:
        number = register(store)
        store.save(number, batch(row(1, sent())), entry=entry())
    path.chmod(0o444)
    open_folder.chmod(0o555)

    def deed() -> str:
        with open_store(str(path), write=False) as store:
            said = str(len(store.record(number, as_of=day(99)).facts))
        new = path.with_name("new.db")
        return " ".join([said, _code(path, write=True), _code(new, write=True)])

    ended = in_child(deed, user=NOBODY)
    open_folder.chmod(0o755)
    assert ended == (0, "1 database-read-only database-read-only")


def test_a_file_nobody_may_read_is_told(open_folder: Path) -> None:
    """Permission denied is an answer, not a traceback."""
    path = open_folder / "icptest.db"
    open_store(str(path), write=True).close()
    path.chmod(0)
    assert in_child(lambda: _code(path, write=False), user=NOBODY) == (0, "database-unreadable")


def test_waiting_for_a_writer_has_an_end(path: Path, store: Store, experiment_id: int) -> None:
    """Someone else's lock is waited for, and then told, with nothing half done."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert _code(path, write=False, timeout=0.05) == "database-locked"
        assert _code(path, write=True, timeout=0.05) == "database-locked"
    finally:
        other.rollback()
    with open_store(str(path), write=True, timeout=0.05) as waiting:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="database-locked"):
            waiting.save(experiment_id, batch(row(1, sent())), entry=entry())
        assert waiting.batches(experiment_id) == ()  # reading goes on beside a writer
        other.rollback()
        other.close()
        waiting.save(experiment_id, batch(row(1, sent())), entry=entry())


def test_a_missing_table_is_a_broken_database(path: Path, store: Store) -> None:
    """What the driver says about SQL never reaches people without a remedy."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE sighting")
    connection.close()
    with pytest.raises(StoreError, match="database-broken"):
        store.record(1, as_of=day(1))


def test_a_word_nobody_wrote_is_a_broken_database(
    path: Path, store: Store, experiment_id: int
) -> None:
    """A value outside the vocabulary is told as damage, not as a KeyError."""
    for change in ("arm = 'xontrol'", "joined_at = 9223372036854775807", "arm = x'ff'"):
        with sqlite3.connect(path) as connection:
            connection.execute(f"UPDATE contact SET {change} WHERE contact_id = 1")  # noqa: S608
        connection.close()
        with pytest.raises(StoreError, match="database-broken"):
            store.arms(experiment_id)


def test_reading_imports_no_heavy_library(path: Path, store: Store) -> None:
    """A process that only reads pays for sqlite3, and for nothing larger."""
    register(store)
    code = (
        "import sys; from datetime import *; from icptest.store import open_store\n"
        f"store = open_store({str(path)!r}, write=False)\n"
        f"number = store.experiment({SLUG!r}).experiment_id\n"
        "store.record(number, as_of=datetime.now(UTC)); store.journal(); store.close()\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic', 'numpy', 'scipy', 'click'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = str(Path(icptest.__file__).parents[1])
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert run.stdout.strip() == "[]"


def test_a_database_that_fits_is_written_without_alembic(path: Path, store: Store) -> None:
    """Only creating or upgrading imports the migrations."""
    number = register(store)
    code = (
        "import sys; from datetime import *; from icptest.store import open_store\n"
        "from icptest.journal import make_entry\n"
        f"with open_store({str(path)!r}, write=True) as store:\n"
        "    made = make_entry(at=datetime.now(UTC), user='ada', action='done')\n"
        f"    store.set_sending_done({number}, at=datetime.now(UTC), entry=made)\n"
        "print('alembic' in sys.modules)"
    )
    root = str(Path(icptest.__file__).parents[1])
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert run.stdout.strip() == "False"
