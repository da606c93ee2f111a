"""A test of which the folder, the registration or the database is gone."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.world import (
    AFTER,
    NAME,
    POSITIVE,
    World,
    make_read_only,
    make_writable,
    run_process,
)

LISTS = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
AT = ("--exported-at", AFTER)
RESTORE = f"`icptest show {NAME} --restore`"
ON_A_TEST = (
    ("show", NAME),
    ("status", NAME),
    ("verdict", NAME),
    ("verdict", NAME, "--peek"),
    ("ingest", NAME, "statistics.json", *AT),
    ("set-aside", NAME),
    ("map-label", NAME, "--from", "smartlead", "Soon", "positive_reply"),
)


def _fails(world: World, *words: str, code: str) -> dict[str, Any]:
    """Run a command that must fail with one error; return it as JSON."""
    done = world.run(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"icptest: error[{code}]")
    error: dict[str, Any] = json.loads(world.run(*words, "--json").stdout)
    assert error["code"] == code
    return error


def _listed(world: World, *, state: str, code: str) -> None:
    """Assert that `list` and `status` show the test with its state, and end with 1."""
    for command in ("list", "status"):
        done = world.run(command)
        assert done.exit_code == 1
        (line,) = (line for line in done.stdout.splitlines() if line.startswith(f"  {NAME} "))
        assert line.endswith(state)
        assert done.stderr.count("error[") == 1
        assert f"error[{code}]" in done.stderr
        (one,) = json.loads(world.run(command, "--json").stdout)["experiments"]
        assert (one["experiment"], one["error"]["code"]) == (NAME, code)


@pytest.mark.parametrize("part", ["experiment.toml", "."])
def test_a_registration_that_is_gone(world: World, part: str) -> None:
    """Every command says so, and the one that it names writes the registration again."""
    world.settle()
    text = (world.folder / "experiment.toml").read_text(encoding="utf-8")
    before = world.verdict()
    database = world.database.read_bytes()
    path = world.folder / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    _listed(world, state="its registration is gone", code="registration-gone")
    for words in (*ON_A_TEST, ("new", NAME, *LISTS)):
        assert RESTORE in _fails(world, *words, code="registration-gone")["remedy"]
    assert world.database.read_bytes() == database
    assert world.run("log", NAME).exit_code == 0
    done = world.run("show", NAME, "--restore")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("experiment.toml is as it was registered again.")
    assert ("Copies of the lists are missing." in done.stdout) == (part == ".")
    assert (world.folder / "experiment.toml").read_text(encoding="utf-8") == text
    assert world.verdict() == before
    assert world.run("list").exit_code == 0
    log = world.json("log", NAME)
    assert log["intact"] is True
    assert log["entries"][-1]["action"] == "restore"


def test_a_registration_that_cannot_be_read(world: World) -> None:
    """A spoiled file is told with its problem; restoring keeps it beside the frozen one."""
    world.settle()
    path = world.folder / "experiment.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("name = ", encoding="utf-8")
    _listed(world, state="cannot be read", code="registration-spoiled")
    for words in ON_A_TEST:
        assert RESTORE in _fails(world, *words, code="registration-spoiled")["remedy"]
    facts = world.json("show", NAME, "--restore")
    assert facts["registration_intact"] is True
    assert facts["restored"]["was_intact"] is False
    assert path.read_text(encoding="utf-8") == text
    (kept,) = world.folder.glob("experiment-until-*.toml")
    assert str(kept) == facts["restored"]["moved_to"]
    assert kept.read_text(encoding="utf-8") == "name = "


def test_a_registration_nobody_may_read(world: World) -> None:
    """A file without the right to read it is there, and is not said to be gone."""
    path = world.folder / "experiment.toml"
    path.chmod(0)
    done = run_process(world.root, "list", powerless=True)
    assert done.returncode == 1
    assert "error[registration-spoiled]" in done.stderr
    assert "Permission denied" in done.stderr
    path.chmod(0o600)
    world.folder.chmod(0)
    done = run_process(world.root, "list", powerless=True)
    world.folder.chmod(0o700)
    assert done.returncode == 1
    assert f"\n  {NAME} " in done.stdout
    assert "error[registration-spoiled]" in done.stderr


def test_a_changed_registration_is_restored(world: World) -> None:
    """The remedy of registration-changed is a command, and it works; twice changes nothing."""
    world.settle()
    before = world.verdict()
    path = world.folder / "experiment.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("seed = 7", "seed = 8"), encoding="utf-8")
    changed = world.verdict()
    assert changed["reason"] == "registration-changed"
    assert RESTORE in changed["sentence"]
    assert f"icptest show {NAME} --restore" in world.run("show", NAME).stdout
    assert world.json("show", NAME, "--restore")["registration_intact"] is True
    assert world.verdict() == before
    files = sorted(world.folder.iterdir())
    database = world.database.read_bytes()
    done = world.run("show", NAME, "--restore")
    assert done.stdout.startswith("experiment.toml is as it was registered; nothing was written.")
    assert sorted(world.folder.iterdir()) == files
    assert world.database.read_bytes() == database


def _change_database(world: World, statement: str) -> None:
    with closing(sqlite3.connect(world.database)) as connection, connection:
        connection.execute(statement)


def test_a_registration_of_which_no_copy_was_kept(world: World) -> None:
    """A test of an older version has no copy: the remedy is a backup, and no circle."""
    _change_database(world, "DELETE FROM registration")
    text = (world.folder / "experiment.toml").read_text(encoding="utf-8")
    (world.folder / "experiment.toml").unlink()
    _listed(world, state="its registration is gone", code="registration-not-kept")
    for words in (*ON_A_TEST, ("new", NAME, *LISTS), ("show", NAME, "--restore")):
        error = _fails(world, *words, code="registration-not-kept")
        assert "from a backup" in error["remedy"]
        assert "--restore" not in error["remedy"]
    (world.folder / "experiment.toml").write_text(text, encoding="utf-8")
    assert world.run("list").exit_code == 0
    assert world.run("show", NAME, "--restore").exit_code == 0


def test_a_copy_that_is_not_what_was_frozen(world: World) -> None:
    """A copy in the database that somebody has changed is never written as the frozen one."""
    _change_database(world, "UPDATE registration SET text = replace(text, 'seed = 7', 'seed = 8')")
    (world.folder / "experiment.toml").unlink()
    _fails(world, "show", NAME, "--restore", code="database-broken")
    assert not (world.folder / "experiment.toml").exists()


def test_a_folder_that_no_database_knows(world: World) -> None:
    """It is listed as that, and the command that is named registers the same people."""
    people = world.everyone()
    world.database.unlink()
    assert world.run("init").exit_code == 0
    _listed(world, state="not in the database", code="not-registered")
    for words in ON_A_TEST:
        error = _fails(world, *words, code="not-registered")
    remedy = error["remedy"].split("`")[1].removeprefix("icptest ")
    assert world.run(*shlex.split(remedy)).exit_code == 0
    assert world.everyone() == people
    assert world.run("list").exit_code == 0


def test_a_database_that_is_gone(world: World) -> None:
    """No command makes an empty one in its place; the way back that is named works."""
    path = world.statistics(world.story())
    backup = world.database.read_bytes()
    world.database.unlink()
    _listed(world, state="the database is gone", code="database-gone")
    registered = ("new", f"experiments/{NAME}/experiment.toml")
    for words in (*ON_A_TEST, ("new", "fall", *LISTS), registered, ("log",)):
        error = _fails(world, *words, code="database-gone")
    assert not world.database.exists()
    assert "`icptest init`" in error["remedy"]
    assert [one.name for one in (world.root / "experiments").iterdir()] == [NAME]
    world.database.write_bytes(backup)
    assert world.run("list").exit_code == 0
    world.database.unlink()
    for way in (("init",), registered, ("ingest", NAME, path.name, *AT), ("list",)):
        assert world.run(*way).exit_code == 0


def test_a_database_that_is_damaged(world: World) -> None:
    """Without a backup the test goes on from what lies in the folder, as the error says."""
    path = world.statistics(world.story(control=[POSITIVE], segment=[POSITIVE] * 9))
    world.ingest(path)
    before, people = world.verdict(), world.everyone()
    world.database.write_bytes(b"no database " * 1000)
    error = _fails(world, "verdict", NAME, code="database-broken")
    assert "Move it away, but keep it" in error["remedy"]
    world.database.rename(world.root / "damaged.db")
    for words in re.findall(r"`icptest ([^`]*)`", error["remedy"]):
        assert world.run(*words.replace("NAME", NAME).split()).exit_code == 0
    assert world.everyone() == people
    world.ingest(path)
    assert world.verdict() == before


def test_nothing_to_restore(world: World) -> None:
    """A name that is no test, or none of the database, is said as every command says it."""
    _fails(world, "show", "sprin", "--restore", code="experiment-unknown")
    world.database.unlink()
    world.run("init")
    _fails(world, "show", NAME, "--restore", code="not-registered")


def test_restoring_where_nothing_may_be_written(world: World) -> None:
    """In a read-only workspace it is refused in one message, and the test is as it was."""
    (world.folder / "experiment.toml").unlink()
    make_read_only(world.root)
    try:
        done = run_process(world.root, "show", NAME, "--restore", powerless=True)
    finally:
        make_writable(world.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[database-read-only]" in done.stderr


def test_names_come_from_both_sides(world: World) -> None:
    """An unknown name is answered with every test there is, also one that lost its folder."""
    world.run("new", "fall", *LISTS)
    shutil.rmtree(world.folder)
    error = _fails(world, "verdict", "sprin", code="experiment-unknown")
    assert "There are: fall, spring." in error["message"]
    assert 'Did you mean "spring"?' in error["message"]
