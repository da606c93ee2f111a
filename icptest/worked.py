"""Worked experiments: finished tests of invented people, each with the verdict it must lead to.

They lie in `experiments/` of a checkout and in `icptest/_experiments` of a wheel. A folder is
laid out as in a workspace, and `expected.toml` beside it says what it shows, which exports are
read in how, and what comes out, counted by hand. The demo runs them, and so do the tests.
"""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icptest.errors import WorkspaceError
from icptest.experiment import REGISTRATION, Arm
from icptest.toml_keys import TomlKeys
from icptest.workspace import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTED = "expected.toml"
PROFILE = "customers-to-verdict"
"""Customers, a market and deals: from which a profile is made, tested and watched."""
_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "_experiments", _HERE.parent / "experiments")


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestRun:
    """One `icptest ingest`.

    Attributes:
        files: Exports, relative to the folder of the experiment.
        arguments: What is said about them on the command line.
    """

    files: tuple[str, ...]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Worked:
    """A worked experiment.

    Attributes:
        name: Slug, and name of its folder.
        folder: Where its registration, lists and exports are.
        place: Its place in the demo, from 1.
        shows: What it shows, in one sentence.
        ingests: How its exports are read in.
        as_of: The clock of the verdict, in the zone of the experiment.
        decision: The decision that must come out.
        reason: Its reason.
        settles_at: When the last window closes, as JSON has it.
        counts: Counts of each arm by their names in JSON; before the replies are in, only
            those that are shown.
    """

    name: str
    folder: Path
    place: int
    shows: str
    ingests: tuple[IngestRun, ...]
    as_of: str
    decision: str
    reason: str
    settles_at: str
    counts: Mapping[Arm, Mapping[str, int]]


def worked_experiments() -> tuple[Worked, ...]:
    """Return the worked experiments in the order of the demo.

    Raises:
        WorkspaceError: They did not come with this installation ("worked-missing").
    """
    for root in _PLACES:
        found = [read_worked(path.parent) for path in root.glob(f"*/{EXPECTED}")]
        if found:
            return tuple(sorted(found, key=lambda worked: worked.place))
    raise WorkspaceError("worked-missing", path=str(_PLACES[0]))


def read_worked(folder: Path) -> Worked:
    """Return the worked experiment of a folder.

    Raises:
        RegistrationError: Its `expected.toml` lacks a key, or has one too many.
    """
    path = folder / EXPECTED
    keys = TomlKeys(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
    arms = keys.sub("arms")
    worked = Worked(
        name=folder.name,
        folder=folder,
        place=keys.integer("place", default=None),
        shows=keys.text("shows", required=True),
        ingests=tuple(_run(one, str(path)) for one in keys.optional("ingest", list, "tables")),
        as_of=keys.text("as_of", required=True),
        decision=keys.text("decision", required=True),
        reason=keys.text("reason", required=True),
        settles_at=keys.text("settles_at", required=True),
        counts={arm: arms.table(str(arm)) for arm in Arm},
    )
    keys.refuse_others()
    arms.refuse_others()
    return worked


def copy_profile(into: Path) -> None:
    """Copy the files that a profile is made from into a folder of their own below `into`."""
    make_private_folder(into / PROFILE)
    root = next((root for root in _PLACES if (root / PROFILE).is_dir()), None)
    if root is None:
        raise WorkspaceError("worked-missing", path=str(_PLACES[0]))
    for path in sorted((root / PROFILE).iterdir()):
        shutil.copyfile(path, into / PROFILE / path.name)
        (into / PROFILE / path.name).chmod(0o600)


def copy_worked(worked: Worked, into: Path) -> None:
    """Copy registration, lists and exports into a folder, which is made."""
    make_private_folder(into)
    names = [REGISTRATION]
    for part in ("lists", "exports"):
        make_private_folder(into / part)
        names += [f"{part}/{path.name}" for path in sorted((worked.folder / part).iterdir())]
    for name in names:
        shutil.copyfile(worked.folder / name, into / name)
        (into / name).chmod(0o600)


def _run(table: dict[str, Any], file: str) -> IngestRun:
    keys = TomlKeys(table, file, "ingest.")
    run = IngestRun(files=keys.texts("files"), arguments=keys.texts("arguments"))
    keys.refuse_others()
    return run
