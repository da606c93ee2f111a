"""Running commands in this process, and the worked experiments judged once for all tests."""

from __future__ import annotations

import io
import json
import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from icptest.cli import main
from icptest.worked import copy_worked, worked_experiments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WORKED = worked_experiments()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command printed, and how it ended."""

    out: str
    err: str
    code: int

    def data(self) -> dict[str, Any]:
        """Return its JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def icptest(where: Path, *arguments: str) -> Said:
    """Run `icptest` as if standing in a folder."""
    out, err = io.StringIO(), io.StringIO()
    code: int | str | None = 0
    with chdir(where), redirect_stdout(out), redirect_stderr(err):
        try:
            main.main(args=list(arguments), prog_name="icptest")
        except SystemExit as ended:
            code = ended.code
    return Said(out=out.getvalue(), err=err.getvalue(), code=code if isinstance(code, int) else 1)


def well(said: Said) -> Said:
    """Hold that a command succeeded."""
    assert said.code == 0, said.err or said.out
    return said


def folder_of(name: str) -> str:
    """Return where a test lies, as seen from its workspace."""
    return f"experiments/{name}"


def ingest_all(where: Path, name: str, runs: Sequence[tuple[tuple[str, ...], ...]]) -> None:
    """Read exports in: each run is its files and its arguments."""
    for files, arguments in runs:
        paths = [f"{folder_of(name)}/{file}" for file in files]
        well(icptest(where, "ingest", name, *paths, *arguments))


@pytest.fixture(autouse=True)
def _no_workspace_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a workspace named outside from being used."""
    monkeypatch.delenv("ICPTEST_WORKSPACE", raising=False)


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a workspace with every worked experiment registered, and nothing read in."""
    named = os.environ.pop("ICPTEST_WORKSPACE", None)
    root = tmp_path_factory.mktemp("worked")
    well(icptest(root, "init", "--timezone", "America/New_York", "--holidays", "US"))
    for worked in WORKED:
        copy_worked(worked, root / folder_of(worked.name))
        well(icptest(root, "new", f"{folder_of(worked.name)}/experiment.toml"))
    yield root
    if named is not None:
        os.environ["ICPTEST_WORKSPACE"] = named


@pytest.fixture(scope="session")
def judged(registered: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return the verdict of every worked experiment, all exports read in, and its workspace."""
    verdicts = {}
    for worked in WORKED:
        ingest_all(registered, worked.name, [(run.files, run.arguments) for run in worked.ingests])
        said = icptest(registered, "verdict", worked.name, "--as-of", worked.as_of, "--json")
        verdicts[worked.name] = (registered, well(said).data())
    return verdicts
