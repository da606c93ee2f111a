"""`icptest init`."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

from tests.cli.world import NAME, World, make_read_only, make_writable, run_process

if TYPE_CHECKING:
    from pathlib import Path


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_makes_a_workspace_only_its_owner_can_read(tmp_path: Path) -> None:
    """A new workspace has settings, a folder of tests and a database, closed to others."""
    done = World(tmp_path).run("init", "--timezone", "Europe/Berlin", "--holidays", "de")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Days begin and end in Europe/Berlin; public holidays in DE are" in done.stdout
    assert done.stdout.endswith("  icptest new NAME --control TODAY.csv --segment NEW.csv "
                                "--hypothesis WHY\n")  # fmt: skip
    assert _mode(tmp_path / "icptest.db") == 0o600
    assert _mode(tmp_path / "icptest.toml") == 0o600
    assert _mode(tmp_path / "experiments") == 0o700
    assert "experiments/*/lists/" in (tmp_path / ".gitignore").read_text(encoding="utf-8")


def test_says_the_same_as_json(tmp_path: Path) -> None:
    """With --json the facts come as `icptest.init/1`."""
    facts = World(tmp_path).json("init", "here", "--timezone", "UTC")
    assert facts == {
        "schema": "icptest.init/1",
        "workspace": str((tmp_path / "here").resolve()),
        "timezone": "UTC",
        "holidays": None,
        "database": "sqlite:///icptest.db",
        "next": "icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY",
    }


def test_refuses_a_second_time(world: World) -> None:
    """A workspace that is whole is left as it is, and said to be there."""
    before = (world.root / "icptest.toml").read_bytes(), world.database.read_bytes()
    for words in ((), ("--timezone", "UTC")):
        done = world.run("init", *words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "error[workspace-exists]" in done.stderr
        assert "icptest list" in done.stderr
    assert before == ((world.root / "icptest.toml").read_bytes(), world.database.read_bytes())


def test_mends_a_database_that_is_missing(world: World) -> None:
    """What other commands say of a missing database, "run icptest init", works."""
    world.database.unlink()
    told = world.run("list")
    assert told.exit_code == 1
    assert "error[database-gone]" in told.stderr
    assert "icptest init" in told.stderr
    done = world.run("init")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "database of the workspace" in done.stdout
    told = world.run("verdict", NAME)
    assert "error[not-registered]" in told.stderr
    again = world.run("new", world.folder / "experiment.toml")
    assert (again.exit_code, again.stderr) == (0, "")


def test_unknown_zone_and_country(tmp_path: Path) -> None:
    """A zone and a country nobody knows are refused with the nearest one, and nothing is made."""
    done = World(tmp_path).run("init", "--timezone", "Europe/Berln")
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'Did you mean "Europe/Berlin"?' in done.stderr
    done = World(tmp_path).run("init", "--timezone", "UTC", "--holidays", "Germany")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[unknown-country]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_read_only_folder(tmp_path: Path) -> None:
    """Where nothing may be written the folder is named, and no traceback shown."""
    make_read_only(tmp_path)
    try:
        done = run_process(tmp_path, "init", "--timezone", "UTC", powerless=True)
    finally:
        make_writable(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[folder-not-writable]" in done.stderr
    assert str(tmp_path) in done.stderr
    assert "`icptest init FOLDER`" in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_are_json_too(world: World) -> None:
    """On failure --json prints `icptest.error/1` on stdout, and the sentence on stderr."""
    done = world.run("init", "--json")
    facts = json.loads(done.stdout)
    assert done.exit_code == 1
    assert facts["schema"] == "icptest.error/1"
    assert facts["code"] == "workspace-exists"
    assert set(facts) == {
        *("schema", "code", "message", "file", "record", "line", "column", "remedy"),
    }
    assert "error[workspace-exists]" in done.stderr


def test_workspace_before_the_command_is_the_folder(tmp_path: Path) -> None:
    """`icptest --workspace DIR init` makes the workspace there; a folder named after it wins."""
    world = World(tmp_path)
    done = world.run("--workspace", "there", "init", "--timezone", "UTC")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there" / "icptest.toml").is_file()
    assert world.run("--workspace", "no", "init", "here", "--timezone", "UTC").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "there"]


def test_demo_names_its_own_option_where_nothing_may_be_written(tmp_path: Path) -> None:
    """What stands in the way is told with a remedy that the command has."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = World(tmp_path).run("demo", "--into", "file/demo")
    assert done.exit_code == 1
    assert "error[folder-not-writable]" in done.stderr
    assert "`icptest demo --into FOLDER`" in done.stderr
