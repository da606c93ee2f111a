"""What is installed: metadata, version, types, entry point."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import icptest
from icptest.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_is_one() -> None:
    """pyproject, the installed package, the changelog and `--version` agree."""
    said = PROJECT["version"]
    assert version("icptest") == said
    done = subprocess.run(
        [sys.executable, "-m", "icptest", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"icptest {said}\n", "")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d[^\]]*)\]", changelog, flags=re.MULTILINE)
    assert "## [Unreleased]" in changelog or released
    # Nothing is released before its version is: the newest heading is this one, or none is there.
    assert released[:1] in ([], [said])


def test_types_are_shipped() -> None:
    """The package says that it is typed."""
    assert (Path(icptest.__file__).parent / "py.typed").is_file()
    assert "Typing :: Typed" in PROJECT["classifiers"]


def test_metadata_is_whole() -> None:
    """Name, licence, readme, Python and the command are said."""
    assert PROJECT["name"] == "icptest"
    assert PROJECT["license"] == "MIT"
    assert (ROOT / PROJECT["readme"]).is_file()
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])
    assert PROJECT["requires-python"] == ">=3.11"
    (point,) = entry_points(group="console_scripts", name="icptest")
    assert point.value == PROJECT["scripts"]["icptest"] == "icptest.cli:main"


def test_every_dependency_has_a_lowest_version() -> None:
    """No dependency is taken at any version, and none is pinned to one."""
    for needed in PROJECT["dependencies"]:
        assert re.match(r"[a-z0-9-]+>=[0-9.]+(; .+)?$", needed), needed


def test_what_the_wheel_takes_along_is_there() -> None:
    """The worked experiments that the demo runs lie where the wheel takes them from."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    taken = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in taken:
        assert any((ROOT / name).iterdir())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_they_say(name: str) -> None:
    """`--help` prints summaries from a table; they are those of the commands themselves."""
    module, summary = COMMANDS[name]
    command = import_module(f"icptest.cli.{module}").command
    assert command.name == name
    assert command.get_short_help_str(200) == summary or command.help.startswith(summary)
    assert len(summary) <= 68
