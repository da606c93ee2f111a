"""`icptest new --icp NAME --from LIST`: the new list made by a profile."""

from __future__ import annotations

import csv
import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.cli.world import World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["Company", "Email", "Title", "Industry", "Last Raised At", "Latest Funding"]
PROFILE = """\
owner = "Dana"
version = 4
reviewed_on = 2026-11-02
[firmographic]
industry = "Software"
[[trigger]]
event = "funding"
[[buying.personas]]
role = "buyer"
titles = ["VP Sales"]
[[buying.personas]]
role = "influencer"
titles = ["Director"]
"""
BY_ICP = ("--control", "today.csv", "--icp", "tight", "--from", "market.csv", "--size", "20")
ON = ("--on", "2026-11-27")


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace, today's list, and a market of 60 companies of which half fit."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    today = [[f"T{n}", f"p@t{n}.example", "CEO", "Retail", "", ""] for n in range(100)]
    write_rows(tmp_path / "today.csv", [HEADER, *today])
    market = [
        [
            f"C{n}",
            f"{who}@c{n}.example",
            title,
            "Computer Software" if n % 2 else "Retail",
            "2026-11-20" if n % 4 == 1 else "2026-11-01",
            "Seed",
        ]
        for n in range(60)
        for who, title in (("ann", "Director"), ("bob", "VP Sales"))
    ]
    write_rows(tmp_path / "market.csv", [HEADER, *market])
    (tmp_path / "icp").mkdir()
    (tmp_path / "icp" / "tight.toml").write_text(PROFILE, encoding="utf-8")
    return world


def test_the_segment_is_drawn_from_those_who_are_in(place: World) -> None:
    """Only companies that fit go out, their buyers first, with the signals of the profile."""
    facts = place.json("new", "fall", *BY_ICP, *ON)
    assert facts["arms"]["segment"]["listed"] == 60
    with (place.root / "experiments" / "fall" / "send" / "send-segment.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    assert {row["Industry"] for row in rows} == {"Computer Software"}
    assert {row["Title"] for row in rows} == {"VP Sales"}
    assert {row["icp_signal"] for row in rows} == {"funding: Seed"}


def test_the_registration_keeps_the_profile(place: World) -> None:
    """Name, version, digest, filters, the list and the days; the digest covers them."""
    facts = place.json("new", "fall", *BY_ICP, *ON)
    text = (place.root / "experiments" / "fall" / "experiment.toml").read_text(encoding="utf-8")
    kept = tomllib.loads(text)["icp"]
    shown = place.json("icp", "show", "tight")
    assert (kept["name"], kept["version"], kept["digest"]) == ("tight", 4, shown["digest"])
    assert (kept["filters"], kept["list"], kept["judged_on"]) == (
        ["industry:Software"],
        "market.csv",
        "2026-11-27",
    )
    assert facts["icp"]["in"] == 60
    # Changing the profile afterwards changes no test.
    (place.root / "icp" / "tight.toml").write_text(PROFILE + "[job]\nproblem='x'\n", "utf-8")
    checks = place.json("verdict", "fall")["checks"]
    assert {c["status"] for c in checks if c["code"] == "registration-changed"} <= {"pass"}


def test_new_says_what_expires_before_the_verdict(place: World) -> None:
    """Funding of 1 Nov counts to 1 Dec; a verdict is there in eight days at the earliest.

    The list was written today, so it is not stale; the days are counted from the real clock, and
    every signal of 2026 is over once that year is past.
    """
    facts = place.json("new", "fall", *BY_ICP, *ON)
    assert facts["signals"]["drawn"] == 20
    assert 0 < facts["signals"]["expire_before_verdict"] <= 20


def test_a_list_that_match_wrote_is_told_likewise(place: World) -> None:
    """`--segment` with the columns of `icp match` counts what expires, too."""
    place.json("icp", "match", "market.csv", "--icp", "tight", *ON, "--out", "in.csv")
    facts = place.json(
        *("new", "fall", "--control", "today.csv", "--segment", "in.csv", "--size", "20")
    )
    assert facts["signals"]["drawn"] == 20
    assert "icp" not in facts


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--icp", "tight"), "option-needs-other"),
        (("--from", "market.csv"), "option-needs-other"),
        (("--on", "2026-11-27", "--segment", "market.csv"), "option-needs-other"),
        (("--icp", "tight", "--from", "market.csv", "--segment", "today.csv"), "icp-and-segment"),
        (("--icp", "tight", "--from", "today.csv"), "icp-nobody-in"),
        (("--icp", "nope", "--from", "market.csv"), "no-such-icp"),
        (("--icp", "tight", "--from", "nowhere.csv"), "no-such-file"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_registered(
    place: World, words: tuple[str, ...], code: str
) -> None:
    """One code, exit 1, no folder of a test."""
    done = place.run("new", "fall", "--control", "today.csv", "--size", "20", *words, "--json")
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (1, code)
    assert not (place.root / "experiments" / "fall").exists()


def test_a_fault_of_the_list_names_the_list(place: World) -> None:
    """A market without addresses: the message names it, not a file that is gone."""
    write_rows(place.root / "firms.csv", [["Company", "Industry"], ["A", "Software"]])
    words = ("new", "fall", "--control", "today.csv", "--icp", "tight", "--from", "firms.csv")
    facts = json.loads(place.run(*words, "--json").stdout)
    assert facts["code"] == "no-identifying-column"
    assert facts["file"] == "firms.csv (those in tight)"
    # Where today's list is no better, both are told, and each by its own name.
    write_rows(place.root / "today.csv", [["Company"], ["A"]])
    facts = json.loads(place.run(*words, "--json").stdout)
    told = [facts["file"], *(one["file"] for one in facts["others"])]
    assert told == ["today.csv", "firms.csv (those in tight)"]


def test_another_new_list_is_by_no_profile(place: World) -> None:
    """A test that repeats one, but on a list of its own, does not keep the profile's name."""
    place.json("new", "fall", *BY_ICP, *ON)
    more = [[f"N{n}", f"q@n{n}.example", "CEO", "Retail", "", ""] for n in range(60)]
    write_rows(place.root / "more.csv", [HEADER, *more])
    place.json("new", "again", "--replicates", "fall", "--segment", "more.csv")
    text = (place.root / "experiments" / "again" / "experiment.toml").read_text(encoding="utf-8")
    assert "icp" not in tomllib.loads(text)
