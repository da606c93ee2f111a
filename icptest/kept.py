"""Kept: answers of tests beside the database, so that a plan need not judge them again.

An answer is kept with the state it rests on: the registration as frozen and as it stands, the
newest journal entries of the test and of its relatives, the copies of the lists. Every deed has
its journal entry, so that whatever is read in, labelled or accepted makes the state another one.
What is not finished is kept for the day it was judged on: its clock goes on. The file has counts of
finished tests alone, no people; it may be deleted at any time, and where it cannot be written
nothing is.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from icptest.experiment import Arm
from icptest.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from icptest.experiment import Experiment
    from icptest.journal import Entry
    from icptest.known_tests import Known
    from icptest.workspace import Workspace

FILE = ".finished.json"
_FORM = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The answer of a test.

    Attributes:
        state: Digest of what it rests on.
        answer: The answer, as JSON has it.
        stage: Where the test stands, likewise.
        day: The day it was judged on; "": it is finished, and stays so.
        control: Positive replies on today's list, and people reached; None before it is finished.
        segment: Those of the new list.
    """

    state: str
    answer: str
    stage: str
    day: str = ""
    control: tuple[int, int] | None = None
    segment: tuple[int, int] | None = None

    def holds(self, state: str, day: str) -> bool:
        """Tell whether it is the answer of a state, on a day."""
        return self.state == state and self.day in {"", day}


def state_of(
    workspace: Workspace, known: Known, journal: Iterable[Entry], relatives: Iterable[str]
) -> str:
    """Return a digest of everything that the answer of a test rests on.

    Args:
        workspace: Where its folder is.
        known: The test.
        journal: All entries.
        relatives: Tests whose deeds can change its answer, itself among them.
    """
    names = {*relatives, known.experiment.name}
    newest = {entry.experiment: entry.digest for entry in journal if entry.experiment in names}
    folder = workspace.folder(known.experiment.name)
    said = {
        "form": _FORM,
        "program": version("icptest"),
        "registration": known.registered.digest,
        "intact": known.intact,
        "journal": sorted((str(name), digest) for name, digest in newest.items()),
        "lists": [_stamp(folder, known.experiment, arm) for arm in Arm],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_kept(workspace: Workspace) -> dict[str, Kept]:
    """Return the answers that are kept, by test; none where there is no file one can use."""
    try:
        said = json.loads(_path(workspace).read_text(encoding="utf-8"))
        return {str(name): _kept(one) for name, one in said["tests"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_kept(workspace: Workspace, kept: Mapping[str, Kept]) -> None:
    """Keep answers, if that can be: nothing depends on it."""
    tests = {
        name: {
            "state": one.state,
            "answer": one.answer,
            "stage": one.stage,
            "day": one.day,
            "control": one.control,
            "segment": one.segment,
        }
        for name, one in sorted(kept.items())
    }
    with suppress(OSError):
        write_private(_path(workspace), json.dumps({"tests": tests}, indent=1) + "\n")


def _kept(said: Any) -> Kept:
    control, segment = (_pair(said[name]) for name in ("control", "segment"))
    texts = {name: str(said[name]) for name in ("state", "answer", "stage", "day")}
    if (control is None) != (segment is None) or (control is None) != bool(texts["day"]):
        raise ValueError(said)
    return Kept(**texts, control=control, segment=segment)


def _pair(said: Any) -> tuple[int, int] | None:
    if said is None:
        return None
    events, total = said
    if not (type(events) is type(total) is int and 0 <= events <= total and total > 0):
        raise ValueError(said)
    return events, total


def _path(workspace: Workspace) -> Path:
    return workspace.experiments / FILE


def _stamp(folder: Path, experiment: Experiment, arm: Arm) -> list[int] | None:
    """Return size and time of the copy of a list; reading it would take too long."""
    name = experiment.origin(arm).list
    if name is None:
        return None
    try:
        found = (folder / name).stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]
