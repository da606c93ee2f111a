"""Start-up: what a command loads before it does anything."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

import pytest

from tests.cli.world import AFTER, NAME, World, make_world

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = """
import json, sys
from icptest.cli import main
try:
    main(prog_name="icptest")
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
_OURS = {"icptest", "__main__", "__mp_main__"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a workspace with a settled test."""
    world = make_world(tmp_path)
    world.settle()
    return world


def _loaded(world: World, *words: str) -> tuple[set[str], set[str]]:
    """Run a command in a process of its own; return the packages and the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=world.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    packages, modules = done.stderr.splitlines()[-2:]
    return set(json.loads(packages)), set(json.loads(modules))


def _third_parties(packages: set[str]) -> set[str]:
    known = packages_distributions()
    return {
        name
        for name in packages - _OURS - sys.stdlib_module_names
        if name in known and not name.startswith("_")
    }


def test_help_loads_click_alone(world: World) -> None:
    """`icptest --help` loads no third party but click, and none of our commands."""
    packages, modules = _loaded(world, "--help")
    assert _third_parties(packages) == {"click"}
    ours = {name for name in modules if name.startswith("icptest")}
    assert ours == {"icptest", "icptest.cli", "icptest.cli._lazy", "icptest.errors"}


def test_verdict_loads_nothing_heavy(world: World) -> None:
    """`icptest verdict` loads neither scipy, statsmodels, pandas, SQLAlchemy nor Alembic."""
    heavy = {"scipy", "statsmodels", "pandas", "sqlmodel", "sqlalchemy", "alembic", "pydantic"}
    for words in (("--stats",), ("--json",)):
        packages, _ = _loaded(world, "verdict", NAME, "--as-of", AFTER, *words)
        assert packages & heavy == set()


def test_reading_commands_load_no_writing_side(world: World) -> None:
    """What only reads does without SQLAlchemy and Alembic."""
    heavy = {"sqlmodel", "sqlalchemy", "alembic", "statsmodels", "pandas"}
    reading = (("status",), ("list",), ("show", NAME), ("log",), ("set-aside", NAME))
    for words in (*reading, ("learn",), ("plan", "--rule", "lift")):
        packages, _ = _loaded(world, *words)
        assert packages & heavy == set(), words
