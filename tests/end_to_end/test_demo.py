"""`icptest demo`, as somebody runs it who has just installed the package."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from icptest.cli import COMMANDS
from icptest.cli.demo import command
from icptest.errors import WorkspaceError
from icptest.report.words.demo import shell
from icptest.report.words.errors import ERRORS
from icptest.worked import worked_experiments

from .conftest import WORKED, icptest, well

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the workspace and the output of a demo run as a program from an empty folder."""
    root = tmp_path_factory.mktemp("empty")
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "icptest", "demo", "--into", "demo"],
        cwd=root,
        env=environment | {"TMPDIR": str(root), "ICPTEST_WORKSPACE": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return root / "demo", done.stdout


def test_the_demo_shows_every_decision(shown: tuple[Path, str]) -> None:
    """A demo from an empty folder shows what each verdict looks like, and of which test."""
    _, text = shown
    headings = {"scale": "SCALE", "no-scale": "NO-SCALE", "not-yet": "NOT YET"}
    for worked in WORKED:
        heading = headings.get(worked.decision, worked.decision.upper())
        assert f"\n{heading}  {worked.name}\n" in text, worked.name
        assert worked.shows in " ".join(text.split()), worked.name


def test_the_demo_is_a_pleasure_to_read(shown: tuple[Path, str]) -> None:
    """No line is wider than a terminal, except where a path stands, and it ends soon."""
    _, text = shown
    wide = [line for line in text.splitlines() if len(line) > 80 and "/demo" not in line]
    assert not wide, wide
    assert len(text.splitlines()) < 300


def test_every_command_the_demo_prints_can_be_typed(shown: tuple[Path, str]) -> None:
    """The commands are complete: those that only read say the same when typed again."""
    root, text = shown
    folded = text.replace(" \\\n    ", " ")
    commands = re.findall(r"^\$ icptest (.*)$", folded, flags=re.MULTILINE)
    assert [words.split()[0] for words in commands[:2]] == ["init", "new"]
    assert {words.split()[0] for words in commands} == {
        "init",
        "new",
        "ingest",
        "verdict",
        "status",
    }
    verdict = next(words for words in commands if words.startswith("verdict"))
    name, option, when = re.fullmatch(r'verdict (\S+) (--as-of) "(.*)"', verdict).groups()  # type: ignore[union-attr]
    again = well(icptest(root, "verdict", name, option, when)).out
    assert again.strip() in text


def test_the_last_commands_of_the_demo_lead_on(shown: tuple[Path, str]) -> None:
    """Saying what the unknown label means turns the last test into a verdict."""
    root, text = shown
    assert f"cd {root}" in text
    label = ("plant-managers", "--from", "generic", "Send info")
    well(icptest(root, "map-label", *label, "positive_reply"))
    ask = ("verdict", "plant-managers", "--as-of", "2026-10-22 11:00", "--json")
    verdict = well(icptest(root, *ask)).data()
    assert (verdict["decision"], verdict["reason"]) == ("scale", "likely")
    positives = [verdict["arms"][arm]["positive"] for arm in ("control", "segment")]
    assert positives == [5, 14]


def test_the_demo_in_json_says_what_came_out(tmp_path: Path) -> None:
    """Programs get the same decisions, and nothing else on standard output."""
    data = well(icptest(tmp_path, "demo", "--into", "here", "--json")).data()
    assert data["schema"] == "icptest.demo/1"
    assert data["workspace"] == str(tmp_path.resolve() / "here")
    said = [(one["experiment"], one["decision"], one["reason"]) for one in data["experiments"]]
    assert said == [(worked.name, worked.decision, worked.reason) for worked in WORKED]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """The demo refuses a folder that is not empty, and names the option."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = icptest(tmp_path, "demo", "--into", ".", "--json")
    assert said.code == 1
    error = json.loads(said.out)
    assert error["code"] == "demo-folder-not-empty"
    assert "--into DIR" in error["remedy"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_table_of_commands_says_what_the_demo_says_of_itself() -> None:
    """The summary in `icptest --help` is the first line of the command's own help."""
    assert command.help is not None
    assert COMMANDS["demo"][1] == command.help.splitlines()[0]


def test_an_installation_without_worked_tests_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken installation gets a sentence, not a traceback."""
    monkeypatch.setattr("icptest.worked._PLACES", (tmp_path / "none",))
    with pytest.raises(WorkspaceError, match="worked-missing"):
        worked_experiments()
    assert "worked-missing" in ERRORS


def test_long_commands_are_folded_where_a_shell_allows_it() -> None:
    """An option stays with its value, words with blanks are quoted, flags take no value."""
    words = ("ingest", "x" * 60, "--yes", "file.csv", "--exported-at", "2026-09-14 09:00")
    assert shell(words) == (
        f'$ icptest ingest {"x" * 60} \\\n    --yes file.csv --exported-at "2026-09-14 09:00"'
    )
