"""Odd words in every option and argument of every command: one clear message, or the work done."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import click
import pytest

from icptest.cli import COMMANDS, main
from icptest.cli.icp import ICP_COMMANDS
from icptest.cli.icp import command as icp
from tests.cli.world import AFTER, NAME, World, make_world, run_process, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "ada.lovelace@acme.example"
ODD = {
    "empty": "",
    "blank": " ",
    "line end": "a\nb",
    "zero byte": "ä\0b",
    "byte that is no UTF-8": "caf\udce9.csv",
    "half a character": "\ud800",
    "very long": "x" * 5000,
    "many digits": "9" * 5000,
    "negative": "-1",
    "not finite": "1e999",
    "terminal escape": "\x1b[31mred\x1b[0m\x07",
    "right to left": "\u202etxt.exe",
    "accent": "Zoë",
    "address": ADDRESS,
    "path of an address": f"exports/{ADDRESS}.csv",
    "first day": "0001-01-01",
    "last hour": "9999-12-31T23:59:59-14:00",
    "device": "/dev/null",
    "above": "..",
    "somebody's home": "~nobody-at-all/w",
    "braces": "{value} `x`",
    "codec that is no encoding": "idna",
}
FEW = ("line end", "byte that is no UTF-8", "very long", "terminal escape", "address")
"""For texts that are taken as they are, and need a whole draw to be tried."""
_names = count()


class Place(NamedTuple):
    """Where a word is typed: an option or an argument of a command."""

    command: str
    parameter: str

    def __str__(self) -> str:
        """Return the name of the case."""
        return f"{self.command} {self.parameter}"


def _places() -> Iterator[Place]:
    with click.Context(main) as context:
        named = [(name, main.get_command(context, name)) for name in COMMANDS]
        named += [(f"icp {name}", icp.get_command(context, name)) for name in ICP_COMMANDS]
        for name, command in named:
            assert command is not None
            for parameter in command.params:
                if not getattr(parameter, "is_flag", False):
                    yield Place(name, parameter.opts[0])


PLACES = list(_places())
LISTS = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "5")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return one workspace for all: nothing odd may harm the next command.

    Every odd path leads into its folder, or to the one above it, which is a test's own too.
    """
    world = make_world(tmp_path_factory.mktemp("odd") / "workspace")
    world.settle()
    world.sheet(world.story())
    write_rows(world.root / "market.csv", [["Company", "Industry"], ["Alpha", "Software"]])
    deals = [["Company", "Industry", "Stage", "Close Date"]]
    deals += [[f"C{n}", "Software", "Won", "2026-10-15"] for n in range(3)]
    write_rows(world.root / "deals.csv", deals)
    assert world.run("icp", "new", "odd", "--add", "industry:Software").exit_code == 0
    return world


def _words(world: World, place: Place, odd: str) -> list[str]:
    """Return a command that would do its work, but for the odd word."""
    command, parameter = place
    if command == "demo":
        with suppress(OSError, ValueError):  # it would run for seconds in a new folder
            (world.root / odd).mkdir(parents=True, exist_ok=True)
            (world.root / odd / "not-empty").touch()
    if command.startswith("icp "):
        return _icp_words(place, odd)
    usual: dict[str, list[str]] = {
        "init": [f"new-{next(_names)}"],
        "new": [f"test-{next(_names)}", *LISTS],
        "ingest": [NAME, "sheet.csv", "--from", "generic", "--yes", "--dry-run"],
        "verdict": [NAME, "--accept", "send-window", "--because", "a reason"],
        "map-label": [NAME, "Soon", "neutral_reply", "--from", "smartlead"],
    }
    words = list(usual.get(command, [NAME]))
    if command in {"learn", "list", "demo", "sources"}:
        words = []
    if not parameter.startswith("-"):
        index = {"name": 0, "folder": 0, "files": 1, "label": 1, "kind": 2, "search": 0}[parameter]
        words[index : index + 1] = [odd] if not odd.startswith("-") else ["--", odd]
        return [command, *words] if "--" not in words else [command, *words[index:]]
    if parameter in words:
        at = words.index(parameter)
        del words[at : at + 2]
    values = [odd, AFTER] if parameter == "--sent-between" else [odd]
    return [command, *words, parameter, *values]


def _icp_words(place: Place, odd: str) -> list[str]:
    """Return one of the profile's commands with an odd word in it."""
    name = place.command.split()[1]
    usual: dict[str, list[str]] = {
        "new": [f"profile-{next(_names)}"],
        "show": ["odd"],
        "match": ["market.csv", "--icp", "odd"],
        "drift": ["deals.csv", "--icp", "odd", "--on", "2026-11-27"],
        "backtest": ["odd", "--won", "market.csv", "--market", "market.csv"],
        "mine": ["market.csv", "--base", "market.csv"],
        "lint": ["odd", "--market", "market.csv"],
        "narrow": ["odd", "--add", "uses:A", "--name", f"narrow-{next(_names)}"],
        "diff": ["odd", "odd", "market.csv"],
    }
    words = list(usual[name])
    if not place.parameter.startswith("-"):
        words[{"new": 1, "list_file": 2}.get(place.parameter, 0) if name == "diff" else 0] = odd
        return ["icp", name, *(["--", odd] if odd.startswith("-") else words)]
    if place.parameter in words:
        at = words.index(place.parameter)
        del words[at : at + 2]
    return ["icp", name, *words, place.parameter, odd]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_an_odd_word_is_no_fault_of_ours(shared: World, place: Place) -> None:
    """Exit 0, 1 or 2; on 1 JSON that can be read; never a fault, an address or a raw escape."""
    draws = place.command == "new" and place.parameter in {
        *("--hypothesis", "--client", "--owner", "--prefer-title")
    }
    for what, odd in ODD.items():
        if draws and what not in FEW:
            continue
        words = _words(shared, place, odd)
        done = shared.run(*words, "--json") if "--" not in words else shared.run(*words)
        assert done.exit_code in {0, 1, 2}, (what, done.output)
        assert done.exception is None or isinstance(done.exception, SystemExit), what
        for never in ("error[internal]", "Traceback", "\x1b", "\u202e", "\udce9"):
            assert never not in done.stderr, (what, done.stderr)
        assert len(done.stderr) < 10_000, what
        if done.exit_code:
            assert done.stderr, what
            assert ADDRESS not in done.output, (what, done.output)
        if "--json" in words and done.exit_code < 2:
            facts = json.loads(done.stdout)
            assert (facts["schema"] == "icptest.error/1") == (done.exit_code == 1), what


def test_every_parameter_is_tried() -> None:
    """The list is made from the commands themselves: an option that is new is in it."""
    icp_commands = {f"icp {name}" for name in ICP_COMMANDS}
    assert {place.command for place in PLACES} == set(COMMANDS) - {"icp"} | icp_commands
    assert Place("ingest", "--sent-between") in PLACES
    assert Place("new", "name") in PLACES


def test_odd_texts_that_are_taken_can_be_shown(world: World) -> None:
    """A hypothesis, a client and a reason with line ends and escapes break no page after them."""
    odd = "a\nb\x1b[31m\u202e" + "x" * 2000
    done = world.run("new", "odd", *LISTS, "--hypothesis", odd, "--client", odd, "--owner", odd)
    assert done.exit_code == 0, done.output
    for command in ("show", "status", "verdict", "log"):
        for form in ((), ("--json",)):
            done = world.run(command, "odd", *form)
            assert (done.exit_code, done.exception) == (0, None), done.output


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_bytes_that_are_no_text(world: World, form: tuple[str, ...]) -> None:
    """In a real process too: one message that shows the byte, and JSON for whoever asked."""
    (world.root / "caf\udce9.csv").write_bytes(b"Email\nada@acme.example\n")
    done = run_process(world.root, "ingest", NAME, "caf\udce9.csv", *form)
    assert done.returncode == 1
    assert r'The argument "caf\xe9.csv" is not text' in done.stderr
    assert "Traceback" not in done.stderr
    if form:
        assert json.loads(done.stdout)["code"] == "argument-not-text"


def test_a_folder_whose_name_is_no_text(world: World) -> None:
    """A workspace may lie in it all the same: nothing of the path is stored."""
    here = world.root / "caf\udce9"
    here.mkdir()
    made = make_world(here / "w")
    for words in (("list",), ("show", NAME), ("verdict", NAME), ("log",), ("ingest", NAME, "no")):
        for form in ((), ("--json",)):
            done = made.run(*words, *form)
            assert done.exit_code == (words[0] == "ingest"), done.stderr
            assert "error[internal]" not in done.stderr
            if form:
                json.loads(done.stdout)
    real = run_process(made.root, "verdict", NAME)
    assert (real.returncode, real.stderr) == (0, "")
