"""What the store survives: kills, full disks, damaged files, writers at once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import alembic.command  # noqa: F401 - a child that is killed should not import it first
import pytest

from icptest.errors import Location, RowProblem, StoreError
from icptest.journal import verify
from icptest.report.words.errors import ERRORS
from icptest.store import NewBatch, Store, engine, open_store
from icptest.store.connection import connect_sqlite

from .builders import (
    NOBODY,
    batch,
    day,
    entry,
    facts,
    in_child,
    in_children,
    joining,
    register,
    row,
    sent,
    undated,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

NEVER = day(1000)


def _batch() -> NewBatch:
    """Return a file of every kind of row: new, known, joining, set aside."""
    problem = RowProblem(reason="bad-date", location=Location(line=9), text="raw")
    return batch(
        row(1, sent(), undated()),
        row(2, sent()),
        row(3),
        row(joining("x@a.example", "in/x"), sent()),
        set_aside=(problem,),
    )


def _die_before(statement: int) -> None:
    """Have this process killed before so many statements of the writing connection ran."""
    count = 0

    def trace(_: str) -> None:
        nonlocal count
        if count == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

    def connect_and_trace(path: Path, *, mode: str, timeout: float) -> sqlite3.Connection:
        connection = connect_sqlite(path, mode=mode, timeout=timeout)
        connection.set_trace_callback(trace)
        return connection

    pytest.MonkeyPatch().setattr(engine, "connect_sqlite", connect_and_trace)


def _sound(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def _save(path: Path, number: int, new: NewBatch) -> str:
    with open_store(str(path), write=True) as store:
        return "already" if store.save(number, new, entry=entry()).already else "new"


def test_a_kill_before_any_statement_of_a_save_leaves_all_or_nothing(
    path: Path, tmp_path: Path
) -> None:
    """The file is whole or absent, the journal with it, and saving again completes it."""
    with open_store(str(path), write=True) as store:
        number = register(store)
        store.save(number, batch(row(2, sent()), digest="sha256:zero"), entry=entry())
    untouched = path.read_bytes()
    _save(path, number, _batch())
    with open_store(str(path), write=False) as store:
        expected = store.record(number, as_of=NEVER)
    for statement in range(1000):
        killed = tmp_path / "killed.db"
        killed.write_bytes(untouched)

        def deed(statement: int = statement, killed: Path = killed) -> str:
            _die_before(statement)
            return _save(killed, number, _batch())

        code, said = in_child(deed)
        with open_store(str(killed), write=False) as store:
            n_batches, n_entries = len(store.batches(number)), len(store.journal())
            assert store.facts_intact(number)
        _sound(killed)
        if code == 0:
            break
        assert (code, said) == (-signal.SIGKILL, "")
        assert (n_batches, n_entries) == (1, 2)
        assert _save(killed, number, _batch()) == "new"
        with open_store(str(killed), write=False) as store:
            assert store.record(number, as_of=NEVER) == expected
            assert verify(store.journal()) is None
    assert statement > 20  # every statement was hit
    assert (n_batches, n_entries) == (2, 3)


def test_a_kill_before_any_statement_of_creating_leaves_nothing(tmp_path: Path) -> None:
    """A database is there with all of its tables, or it is created the next time."""
    path = tmp_path / "icptest.db"
    for statement in range(1000):
        path.unlink(missing_ok=True)

        def deed(statement: int = statement) -> str:
            _die_before(statement)
            open_store(str(path), write=True).close()
            return "created"

        code, _ = in_child(deed)
        if code == 0:
            break
        with pytest.raises(StoreError, match="no-database"):
            open_store(str(path), write=False)
    assert statement > 10
    open_store(str(path), write=False).close()
    _sound(path)


@pytest.fixture
def interrupted() -> Path:
    """Return a database whose writer was killed when half of its pages were written."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    path = folder / "icptest.db"
    with open_store(str(path), write=True) as store:
        register(store)

    def deed() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE contact SET account = hex(randomblob(4000))")
        connection.execute("DELETE FROM identifier")
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(deed)[0] == -signal.SIGKILL
    assert path.with_name("icptest.db-journal").read_bytes()[:1] != b"\0"
    return path


def test_reading_undoes_what_was_half_written(interrupted: Path) -> None:
    """The next reader rolls the journal back, though it opens the file for reading only."""
    with open_store(str(interrupted), write=False) as store:
        assert len(store.identifiers(1)) == 8
    _sound(interrupted)
    shutil.rmtree(interrupted.parent)


def test_half_written_in_a_read_only_folder_is_told(interrupted: Path) -> None:
    """Where it cannot be undone nothing is answered from it."""
    interrupted.chmod(0o444)
    interrupted.with_name("icptest.db-journal").chmod(0o444)
    interrupted.parent.chmod(0o555)

    def deed() -> str:
        with pytest.raises(StoreError) as caught:
            open_store(str(interrupted), write=False)
        return caught.value.code

    assert in_child(deed, user=NOBODY) == (0, "database-interrupted")
    shutil.rmtree(interrupted.parent)


def test_writers_at_once_make_one_state(path: Path) -> None:
    """Eight processes, half of them with the same files: nothing lost, nothing twice."""
    with open_store(str(path), write=True) as store:
        number = register(store, n=8)

    def writer(worker: int) -> Callable[[], str]:
        def deed() -> str:
            said = []
            for turn in range(5):
                name = f"same-{turn}" if worker % 2 else f"own-{worker}-{turn}"
                new = batch(
                    row(joining(f"{name}@a.example"), sent()),
                    row(1 + turn, sent(day(turn)), undated()),
                    digest=name,
                )
                said.append(_save(path, number, new))
            return " ".join(said)

        return deed

    ended = in_children([writer(worker) for worker in range(8)])
    assert {code for code, _ in ended} == {0}
    words = " ".join(said for _, said in ended).split()
    assert (words.count("new"), words.count("already")) == (25, 15)
    with open_store(str(path), write=False) as store:
        record = store.record(number, as_of=NEVER)
        assert len(record.batches) == 25
        assert len(record.contacts) == 8 + 25
        assert len(record.facts) == 25 + 2 * 5
        assert len(store.journal()) == 1 + 25
        assert verify(store.journal()) is None
        assert store.facts_intact(number)
    _sound(path)


def test_creators_at_once_make_one_database(tmp_path: Path) -> None:
    """Several first commands in one workspace do not fall over each other."""
    path = tmp_path / "icptest.db"

    def deed() -> str:
        with open_store(str(path), write=True) as store:
            try:
                register(store)
            except StoreError as error:
                return error.code
        return "first"

    ended = in_children([deed] * 4)
    assert sorted(ended) == [(0, "experiment-exists")] * 3 + [(0, "first")]
    _sound(path)


def test_a_full_disk_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever page is one too many, the file is whole afterwards, and can be saved then."""
    with open_store(str(path), write=True) as store:
        number = register(store)
    rows = [row(joining(f"p{n}@a.example" * 20), sent()) for n in range(60)]
    pages = 0

    def connect_to_small_disk(path: Path, *, mode: str, timeout: float) -> sqlite3.Connection:
        connection = connect_sqlite(path, mode=mode, timeout=timeout)
        connection.execute(f"PRAGMA max_page_count={pages}")
        return connection

    monkeypatch.setattr(engine, "connect_sqlite", connect_to_small_disk)
    size = sqlite3.connect(path)
    ((first,),) = size.execute("PRAGMA page_count").fetchall()
    size.close()
    before = path.read_bytes()
    for pages in range(first, first + 100):  # noqa: B007 - the connection reads it
        try:
            _save(path, number, batch(*rows))
        except StoreError as error:
            assert error.code == "disk-full"  # noqa: PT017 - most turns end here
            assert path.read_bytes() == before
        else:
            break
    assert pages > first
    with open_store(str(path), write=False) as store:
        assert len(store.record(number, as_of=NEVER).facts) == 60
    _sound(path)


def _answer(path: Path, number: int) -> str:
    try:
        with open_store(str(path), write=False) as store:
            record = store.record(number, as_of=NEVER)
            intact = store.facts_intact(number)
            return repr((facts(record, store.identifiers(number)), intact))
    except StoreError as error:
        for sentence in ERRORS[error.code]:
            sentence.format(**error.facts)  # every fact a sentence mentions is there
        return error.code


def test_damage_is_told_or_harmless(path: Path, tmp_path: Path) -> None:
    """Random bytes over a page, or half of the file: an error with a remedy, or no effect."""
    with open_store(str(path), write=True) as store:
        number = register(store, n=60)
        rows = [row(n, sent(day(n)), undated(label="won")) for n in range(1, 61)]
        store.save(number, batch(*rows), entry=entry())
    sound, chance = path.read_bytes(), random.Random(7)  # noqa: S311
    expected = sorted(_answer(path, number))
    damaged = tmp_path / "damaged.db"
    n_told = 0
    for turn in range(60):
        content = bytearray(sound)
        if turn % 3 == 0:
            del content[chance.randrange(100, len(content)) :]
        else:
            start = 4096 * chance.randrange(len(content) // 4096) + chance.randrange(2000)
            content[start : start + 2000] = chance.randbytes(2000)
        damaged.write_bytes(content)
        answer = _answer(damaged, number)
        n_told += answer == "database-broken"
        assert answer == "database-broken" or sorted(answer) == expected
        assert damaged.read_bytes() == content
    assert n_told > 30


def test_an_interrupt_rolls_back(store: Store, experiment_id: int) -> None:
    """Ctrl-C in the middle of a deed leaves the state as before."""
    assert store._database is not None

    def deed(writer: engine.Writer) -> None:
        writer.execute("DELETE FROM identifier")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store._database.writing() as writer:
        deed(writer)
    assert len(store.identifiers(experiment_id)) == 8
