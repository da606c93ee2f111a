"""`icptest new --aa`: today's list against itself."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.world import AFTER, REPLIED, SENT, Fate, World, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "same"
TOML = """\
name = "same"
created_at = 2024-03-01T09:00:00Z
seed = 7
aa = true

[protocol]
size = 20

[arms.control]
list = "today.csv"
"""


def drawn(world: World, arm: str) -> list[str]:
    """Return who was drawn for a side."""
    path = world.root / "experiments" / NAME / "send" / f"send-{arm}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["Email"] for row in csv.DictReader(file)]


def verdict(world: World, positive: Sequence[int]) -> dict[str, Any]:
    """Register from a file, read in so many positive replies of each side, and judge."""
    (world.root / "same.toml").write_text(TOML, encoding="utf-8")
    assert world.run("new", "same.toml").exit_code == 0
    fates = {}
    for arm, number in zip(("control", "segment"), positive, strict=True):
        for place, email in enumerate(drawn(world, arm)):
            answered = Fate(sent=SENT, replied=REPLIED, label="Interested")
            fates[email] = answered if place < number else Fate()
    path = world.statistics(fates, name="same.json")
    world.json("ingest", NAME, path, "--exported-at", AFTER)
    return world.json("verdict", NAME, "--as-of", AFTER)


def test_both_sides_come_from_one_list(world: World) -> None:
    """Nobody is on both sides, no ceiling is asked for, and the page says what it is for."""
    done = world.run("new", NAME, "--aa", "--control", "today.csv", "--size", "20", "--seed", "3")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Registered same, an A/A test: 20 people of today's list")
    assert "The test mails 40 of the 60 companies on today's list; 20 are left" in done.stdout
    assert "its lift cannot exceed" not in done.stdout
    control, segment = drawn(world, "control"), drawn(world, "segment")
    assert len(set(control) | set(segment)) == 40
    told = world.json("show", NAME)
    assert told["registration"]["aa"] is True
    assert told["segment_left"] is None
    arms = told["registration"]["arms"]
    assert arms["control"]["sha256"] == arms["segment"]["sha256"]


@pytest.mark.parametrize(
    ("positive", "decision", "begins", "follow"),
    [
        ((3, 4), "no-scale", "As it should be: today's list", "icptest new NAME --control"),
        ((1, 12), "scale", "Something may be wrong: today's list", "icptest show same"),
    ],
)
def test_what_the_answer_of_an_aa_test_means(
    world: World, positive: tuple[int, int], decision: str, begins: str, follow: str
) -> None:
    """A no-scale is as it should be; a scale is luck or a fault, and is worth nothing."""
    found = verdict(world, positive)
    assert (found["decision"], found["aa"]) == (decision, True)
    assert found["sentence"].startswith(begins)
    assert found["next"].startswith(follow)
    page = world.run("verdict", NAME, "--as-of", AFTER).stdout
    assert "Mail the rest" not in page


def test_it_can_be_registered_once_more_and_repeated(world: World) -> None:
    """From its own folder, and on people nobody has mailed."""
    verdict(world, (1, 1))
    before = [*drawn(world, "control"), *drawn(world, "segment")]
    world.json("new", "same-2", "--replicates", NAME, "--size", "8")
    assert world.json("show", "same-2")["registration"]["aa"] is True
    world.database.unlink()
    world.run("init")
    assert world.run("new", "experiments/same/experiment.toml").exit_code == 0
    assert before == [*drawn(world, "control"), *drawn(world, "segment")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--control", "today.csv", "--segment", "narrowed.csv"), "aa-lists-differ"),
        (("--control-campaign", "A", "--segment-campaign", "B"), "aa-of-campaigns"),
        ((), "arm-missing"),
        (("--control", "today.csv", "--take-all"), "take-all-overlap"),
    ],
)
def test_what_is_no_aa_test(world: World, options: tuple[str, ...], code: str) -> None:
    """Two lists, campaigns, no list, and everyone on both sides are refused."""
    done = world.run("new", NAME, "--aa", *options, "--size", "20")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr


def test_a_list_named_twice_is_one_list(world: World) -> None:
    """Today's list given as both, under another name, is an A/A test too."""
    text = (world.root / "today.csv").read_text(encoding="utf-8")
    write_rows(world.root / "copy.csv", [line.split(",") for line in text.splitlines()])
    lists = ("--control", "today.csv", "--segment", "copy.csv")
    assert world.run("new", NAME, "--aa", *lists, "--size", "20").exit_code == 0
