"""`icptest new`, stopped at every moment in which it changes something."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import pytest

from icptest.experiment_folder import NewFolder
from icptest.register import register
from tests.cli.world import REGISTRATION, World, make_world
from tests.store.builders import in_child

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

BY_NAME = "new fall --control today.csv --segment narrowed.csv --size 5 --seed 3"
IN_PLACE = "new experiments/fall/experiment.toml"
CHANGES = frozenset({"mkdir", "rename", "replace", "unlink", "rmdir"})
STOPPED = "\n\nStopped. What was not finished was not stored; `icptest log` shows what was.\n"


def _changes_something(function: Any) -> bool:
    """Whether a function of C changes a folder or the database."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, (sqlite3.Connection, sqlite3.Cursor)):
        return function.__name__ in {"execute", "commit", "rollback"}
    return function.__name__ in CHANGES and getattr(owner, "__name__", "") == "posix"


def _stop(moment: int, name: signal.Signals) -> None:
    """Have this process get a signal right before (SIGINT: or after) so many of its changes.

    Counted from the moment the folder is written, until the test is registered or refused. What
    SIGKILL leaves after one change is what it leaves before the next.
    """
    count = 0
    counting = False
    events = {"c_call"} if name == signal.SIGKILL else {"c_call", "c_return"}

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count, counting
        if event == "call" and frame.f_code is NewFolder.put.__code__:
            counting = True
        elif event == "return" and frame.f_code is register.__code__:
            counting = False
        elif counting and event in events and _changes_something(argument):
            count += 1
            if count == moment:
                sys.setprofile(None)
                os.kill(os.getpid(), name)

    sys.setprofile(watch)


def _stopped(world: World, command: str, moment: int, name: signal.Signals) -> tuple[int, str]:
    """Run a command that is stopped; return its exit code and what it said on stderr."""

    def deed() -> str:
        _stop(moment, name)
        done = world.run(*command.split())
        sys.setprofile(None)
        return json.dumps([done.exit_code, done.stderr])

    code, said = in_child(deed)
    if code == 0:
        code, said = json.loads(said)
    return code, said


def _files(world: World) -> dict[str, bytes]:
    """Return what lies in the folders of the tests; the time of registration left out."""
    return {
        str(path.relative_to(world.root)): re.sub(rb"created_at = .*", b"", path.read_bytes())
        for path in (world.root / "experiments").rglob("*")
        if path.is_file()
    }


def _world(root: Path, command: str) -> World:
    world = make_world(root)
    if command == IN_PLACE:
        path = world.root / "experiments" / "fall" / "experiment.toml"
        path.parent.mkdir(mode=0o700)
        text = REGISTRATION.replace("spring", "fall").replace("size = 30", "size = 5")
        path.write_text(text, encoding="utf-8")
    return world


def _state(world: World) -> str:
    """Return what the next command says of the test: nothing, its stage, or its error."""
    done = world.run("list", "--json")
    for one in json.loads(done.stdout)["experiments"]:
        if one["experiment"] == "fall":
            assert done.exit_code == ("error" in one)
            return str(one["error"]["code"] if "error" in one else one["stage"])
    assert done.exit_code == 0
    return "none"


def _mend(world: World, command: str) -> None:
    """Do what the program says is to be done."""
    if _state(world) == "none":
        assert world.run(*command.split()).exit_code == 0
    for asked in ("show", "verdict"):
        done = world.run(asked, "fall", "--json")
        if done.exit_code == 0:
            continue
        remedy = re.search(r"`icptest ([^`]+)`", json.loads(done.stdout)["remedy"])
        assert remedy is not None
        done = world.run(*shlex.split(remedy[1]))
        assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "command"),
    [(signal.SIGKILL, BY_NAME), (signal.SIGINT, BY_NAME), (signal.SIGKILL, IN_PLACE)],
)
def test_stopped_at_any_moment(tmp_path: Path, name: signal.Signals, command: str) -> None:
    """There is no test, or a whole one, or one that the next command says how to complete."""
    whole = _world(tmp_path / "whole", command)
    assert whole.run(*command.split()).exit_code == 0
    expected = _files(whole)
    ends: dict[tuple[str, tuple[str, ...]], int] = {}
    for moment in range(1, 1000):
        world = _world(tmp_path / str(moment), command)
        before = _files(world)
        code, said = _stopped(world, command, moment, name)
        if code == 0:
            break
        state = _state(world)
        if state == "registered":
            assert _files(world) == expected
        elif name == signal.SIGINT and command == BY_NAME:
            assert (state, _files(world)) == ("none", before)
        assert (code, said) == ((130, STOPPED) if name == signal.SIGINT else (-name, ""))
        end = (state, tuple(sorted(_files(world))))
        ends[end] = ends.get(end, 0) + 1
        if ends[end] > 1:
            continue  # what mends it was seen
        _mend(world, command)
        assert _files(world) == expected
        assert world.json("show", "fall")["registration_intact"] is True
        log = world.json("log")
        assert log["intact"] is True
        assert [one["experiment"] for one in log["entries"]] == ["spring", "fall"]
    assert moment > 10
    # Only who is killed between the move into place and COMMIT leaves a folder to register.
    half = {"not-registered"} if name == signal.SIGKILL else set()
    assert {state for state, _ in ends} - {"none"} == {"registered"} | half
