"""Pages as people read them: golden, at 80 columns, at a fixed clock."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from icptest.decision import Answer
from icptest.report.words.verdict import HEADINGS
from tests.cli.golden import hold
from tests.cli.world import (
    AFTER,
    MIDWAY,
    NAME,
    NEGATIVE,
    POSITIVE,
    UNKNOWN,
    Fate,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent / "golden"
LATER = "2024-03-25T12:00:00Z"


def _counts(control: int, segment: int) -> Callable[[World], str]:
    def make(world: World) -> str:
        world.settle(control=control, segment=segment)
        return AFTER

    return make


def _not_yet(world: World) -> str:
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 9)), at=MIDWAY)
    return MIDWAY


def _export_due(world: World) -> str:
    _not_yet(world)
    return AFTER


def _label_first(world: World) -> str:
    world.ingest(world.statistics(world.story(control=[POSITIVE], segment=[UNKNOWN] * 9)))
    return AFTER


def _undatable(world: World) -> str:
    world.ingest(world.leads(world.story()))
    return AFTER


def _only_control(world: World) -> str:
    story = world.story()
    world.ingest(world.statistics({one: story[one] for one in world.people("control")}))
    return AFTER


def _send_window(world: World) -> str:
    story = {one: Fate(sent="2024-03-11T15:00:00Z") for one in world.people("segment")}
    story |= {one: Fate() for one in world.people("control")}
    world.ingest(world.statistics(story), at=LATER)
    return LATER


def _never_mailed(world: World) -> str:
    story = world.story(segment=[Fate(sent=None)] * 15)
    world.ingest(world.leads(story))
    world.ingest(world.statistics(story))
    return AFTER


def _changed(world: World) -> str:
    world.settle()
    path = world.folder / "experiment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("seed = 7", "seed = 8"), "utf-8")
    return AFTER


def _rule(name: str) -> Callable[[World], str]:
    def make(world: World) -> str:
        text = (world.folder / "experiment.toml").read_text(encoding="utf-8")
        text = text.replace("lists/control", "../../today").replace(
            "lists/segment", "../../narrowed"
        )
        other = World(world.root / "other")
        world.run("init", "other", "--timezone", "America/New_York", "--holidays", "US")
        folder = other.folder
        folder.mkdir()
        text = text.replace('"../../', '"../../../').replace("lift-and-evidence", name)
        (folder / "experiment.toml").write_text(text, encoding="utf-8")
        done = other.run("new", folder / "experiment.toml")
        assert done.exit_code == 0, done.stderr
        other.settle(control=2, segment=5)
        world.root = other.root
        return AFTER

    return make


# Name of the page: how the test came to be, decision, reason, and words of the command.
PAGES: dict[str, tuple[Callable[[World], str], str, str]] = {
    "proven": (_counts(1, 9), "scale", "proven"),
    "likely": (_counts(1, 7), "scale", "likely"),
    "unproven": (_rule("lift"), "scale", "unproven"),
    "ruled-out": (_counts(9, 1), "no-scale", "ruled-out"),
    "could-be-luck": (_counts(2, 5), "no-scale", "could-be-luck"),
    "below-threshold": (_counts(4, 6), "no-scale", "below-threshold"),
    "nobody-positive": (_counts(0, 0), "no-scale", "below-threshold"),
    "no-control-positives": (_counts(0, 5), "scale", "likely"),
    "registered": (lambda _: AFTER, "not-yet", "not-settled"),
    "not-yet": (_not_yet, "not-yet", "not-settled"),
    "export-due": (_export_due, "not-yet", "not-settled"),
    "undatable": (_undatable, "not-yet", "not-settled"),
    "only-control": (_only_control, "not-yet", "not-settled"),
    "label-first": (_label_first, "not-yet", "label-first"),
    "send-window": (_send_window, "invalid", "send-window"),
    "never-mailed": (_never_mailed, "invalid", "size-reached"),
    "registration-changed": (_changed, "invalid", "registration-changed"),
}


@pytest.mark.parametrize("name", PAGES)
def test_verdict(world: World, name: str) -> None:
    """Each answer and each reason has its page, whose first line is the answer."""
    make, decision, reason = PAGES[name]
    as_of = make(world)
    facts = world.verdict(as_of)
    assert (facts["decision"], facts["reason"]) == (decision, reason)
    done = world.run("verdict", NAME, "--as-of", as_of)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(HEADINGS[Answer(decision)])
    assert " ".join(done.stdout.split()).count(facts["sentence"]) == 1
    assert facts["next"] in done.stdout
    assert "@" not in json.dumps(facts)
    hold(GOLDEN / "verdict" / f"{name}.txt", done.stdout)


def test_every_reason_has_a_page() -> None:
    """No reason of the design's list goes without a golden page."""
    said = {reason for _, _, reason in PAGES.values()}
    reasons = (
        "proven likely unproven ruled-out below-threshold could-be-luck not-settled label-first"
    )
    assert set(reasons.split()) <= said
    assert {decision for _, decision, _ in PAGES.values()} == {str(one) for one in Answer}


def test_peek(world: World) -> None:
    """An early look says above the numbers that it is one."""
    as_of = _not_yet(world)
    page = world.run("verdict", NAME, "--as-of", as_of, "--peek").stdout
    hold(GOLDEN / "verdict" / "peek.txt", page)


def test_accepted(world: World) -> None:
    """A stop that was accepted stands in the page with its reason."""
    as_of = _send_window(world)
    page = world.run(
        *("verdict", NAME, "--as-of", as_of, "--accept", "send-window"),
        *("--because", "The sender was blocked for a week"),
    ).stdout
    hold(GOLDEN / "verdict" / "accepted.txt", page)


def test_statistics(world: World) -> None:
    """--stats adds p-values and the names of the methods."""
    as_of = _counts(1, 9)(world)
    page = world.run("verdict", NAME, "--as-of", as_of, "--stats").stdout
    hold(GOLDEN / "verdict" / "statistics.txt", page)


@pytest.mark.parametrize("name", ["registered", "not-yet", "export-due", "undatable", "proven",
                                  "label-first", "send-window"])  # fmt: skip
def test_status(world: World, name: str) -> None:
    """Each stage has its page."""
    as_of = PAGES[name][0](world)
    page = world.run("status", NAME, "--as-of", as_of).stdout
    hold(GOLDEN / "status" / f"{name}.txt", page)


def test_other_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `new`, `ingest`, `list`, `show` and `set-aside` print."""
    monkeypatch.setattr("icptest.cli.new.now", lambda: datetime(2024, 3, 1, 9, tzinfo=UTC))
    lists = ("--control", "today.csv", "--segment", "narrowed.csv")
    why = "Companies that just hired a VP Sales answer twice as often as those that did not"
    pages = {
        "new": world.run(
            *("new", "fall", *lists, "--size", "20", "--control-size", "30", "--seed", "3"),
            *("--hypothesis", why),
        ),
        "ingest": world.run(
            *("ingest", NAME, "--exported-at", AFTER),
            world.statistics(
                world.story(control=[NEGATIVE, Fate(bounced=True)], segment=[UNKNOWN])
            ),
            world.leads({"nobody at all": Fate()} | world.story(control=[NEGATIVE])),
        ),
        "list": world.run("list", "--as-of", AFTER),
        "board": world.run("status", "--as-of", AFTER),
        "show": world.run("show", NAME),
        "set-aside": world.run("set-aside", NAME),
        "sources": world.run("sources"),
    }
    for name, done in pages.items():
        assert done.exit_code == 0, done.output
        text = done.stdout + (f"--- stderr\n{done.stderr}" if done.stderr else "")
        hold(GOLDEN / f"{name}.txt", text)


def test_no_line_is_wider_than_a_terminal() -> None:
    """No golden line is longer than 80 columns, save a command, which must be on one line."""
    pages = sorted(GOLDEN.rglob("*.txt"))
    assert len(pages) > 25
    for path in pages:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert len(line) <= 80 or line.startswith("  icptest "), (path.name, line)


def test_every_page_ends_with_a_command() -> None:
    """Every page leads on: its last line is a command."""
    for path in GOLDEN.rglob("*.txt"):
        text = path.read_text(encoding="utf-8").partition("--- stderr")[0]
        assert re.search(r"\n  icptest [^\n]+\n+$", text), path.name
