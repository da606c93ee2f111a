"""`icptest log`."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing

from tests.cli.world import NAME, World


def test_says_who_did_what(world: World) -> None:
    """Every deed is one entry, the oldest first, with digests cut short."""
    world.settle()
    done = world.run("log", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "new spring: digest of registration" in lines[0]
    sha256 = hashlib.sha256((world.root / "statistics.json").read_bytes()).hexdigest()
    assert f"sha256 of file {sha256[:12]}..." in " ".join(done.stdout.split())
    assert "file statistics.json" in " ".join(done.stdout.split())
    assert max(map(len, lines)) <= 80
    assert "@" not in done.stdout


def test_json(world: World) -> None:
    """With --json the entries come whole, each chained to the one before."""
    world.settle()
    facts = world.json("log")
    assert (facts["schema"], facts["intact"]) == ("icptest.log/1", True)
    new, ingest = facts["entries"]
    assert (new["action"], new["experiment"]) == ("new", NAME)
    assert ingest["previous"] == new["digest"]
    # What `sha256sum statistics.json` prints.
    sha256 = hashlib.sha256((world.root / "statistics.json").read_bytes()).hexdigest()
    assert ingest["detail"]["sha256_of_file"] == f"sha256:{sha256}"


def test_a_changed_entry_shows(world: World) -> None:
    """An entry that was changed behind the program's back is marked."""
    world.settle()
    with closing(sqlite3.connect(world.database)) as database, database:
        database.execute("UPDATE journal SET user_name = 'nobody' WHERE id = 2")
    done = world.run("log")
    assert done.exit_code == 0
    assert " ! nobody" in done.stdout
    assert "The journal has been changed from outside" in done.stdout
    assert world.json("log")["intact"] is False


def test_empty_and_unknown(world: World) -> None:
    """A workspace in which nothing was done says so; an unknown test is refused."""
    world.run("init", "empty", "--timezone", "UTC")
    done = World(world.root / "empty").run("log")
    assert (done.exit_code, done.stdout) == (0, "Nothing has been done in this workspace yet.\n")
    done = world.run("log", "sprin")
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'Did you mean "spring"?' in done.stderr.replace("\n", " ")
