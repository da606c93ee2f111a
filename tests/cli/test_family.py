"""`icptest new --family`: several new lists against one sample of today's list."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.world import AFTER, Fate, World, listed, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 20


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a workspace with today's list and two new ones, a company on both of these."""
    world = World(tmp_path)
    write_rows(tmp_path / "today.csv", listed("today", 200))
    header, *today = listed("today", 60)
    first = [*listed("vp", 60)[1:], *today[:30], ["x@both.example", "X", "Both"]]
    second = [*listed("cto", 60)[1:], *today[20:50], ["y@both.example", "Y", "Both"]]
    write_rows(tmp_path / "vp.csv", [header, *first])
    # Its columns are named otherwise.
    write_rows(tmp_path / "cto.csv", [["Work Email", "Vorname", "Company"], *second])
    assert world.run("init", "--timezone", "America/New_York", "--holidays", "US").exit_code == 0
    return world


def join(world: World, name: str, *more: str) -> dict[str, Any]:
    """Register a test of the family with the list of its name."""
    options = ("--family", "autumn", "--segment", f"{name}.csv", "--size", str(SIZE))
    return world.json("new", name, *options, *more)


def begin(world: World) -> dict[str, Any]:
    """Register the first test."""
    return join(world, "vp", "--control", "today.csv", "--seed", "3")


def people(world: World, name: str, arm: str, column: str = "Email") -> list[str]:
    """Return who was drawn for a side of a test."""
    path = world.root / "experiments" / name / "send" / f"send-{arm}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def test_the_second_list_has_the_same_people_of_today(world: World) -> None:
    """Seed, today's list and rules come from the first test; nobody is in two new lists."""
    assert begin(world)["family"] == ["vp"]
    facts = join(world, "cto")
    assert facts["family"] == ["vp", "cto"]
    assert facts["seed"] == 3
    control = people(world, "vp", "control")
    assert control == people(world, "cto", "control")
    drawn = [control, people(world, "vp", "segment"), people(world, "cto", "segment", "Work Email")]
    assert [len(group) for group in drawn] == [SIZE] * 3
    everyone = {email.rpartition("@")[2] for group in drawn for email in group}
    assert len(everyone) == 3 * SIZE
    assert facts["arms"]["segment"]["left_out"]["in-the-family"] > 0


def test_the_odds_are_those_of_its_share(world: World) -> None:
    """Of two tests each has half of the 5 %; what luck alone scales is rarer than for one alone."""
    first, second = begin(world), join(world, "cto")
    assert (first["level"], second["level"]) == (0.05, 0.025)
    equal = [facts["odds"]["registered_rule"]["1"] for facts in (first, second)]
    assert equal[1] < equal[0]
    article = [facts["odds"]["article_rule"] for facts in (first, second)]
    assert article[0] == article[1]


def test_the_page_tells_of_the_share_and_of_companies_on_two_new_lists(world: World) -> None:
    """The first test says what every further one costs, the second what it has, and who stays."""
    new = ("--family", "autumn", "--size", str(SIZE), "--segment")
    first = world.run("new", "vp", *new, "vp.csv", "--control", "today.csv", "--seed", "3")
    assert "joins the family autumn takes its share of the 5 % risk" in plain(first.stdout)
    assert "in another test of the family" not in first.stdout
    second = plain(world.run("new", "cto", *new, "cto.csv").stdout)
    assert "The 2 tests of the family autumn share the 5 % risk" in second
    assert "Each has 2.5 % of it until another one passes" in second
    assert "a company on two new lists stays with the test that drew it first" in second


def plain(text: str) -> str:
    """Return a page without its line breaks."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_one_send_list_has_the_whole_family(world: World) -> None:
    """Today's people once, every new list, mixed; the page says to upload that one instead."""
    begin(world)
    done = world.run("new", "cto", "--family", "autumn", "--segment", "cto.csv", "--size", "20")
    assert done.exit_code == 0
    assert "INSTEAD" in done.stdout
    path = world.root / "experiments" / "cto" / "send" / "send-both.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sides = (
        people(world, "vp", "control"),
        people(world, "vp", "segment"),
        people(world, "cto", "segment", "Work Email"),
    )
    assert sorted(row["Email"] for row in rows) == sorted(email for side in sides for email in side)
    assert {row["icptest_experiment"] for row in rows} == {"autumn"}
    assert "icptest_arm" not in rows[0]
    # In every beginning the three lists have gone out nearly alike: blocks hold two of each.
    for end in range(6, len(rows) + 1, 6):
        emails = [row["Email"] for row in rows[:end]]
        counts = [sum(email in side for email in emails) for side in sides]
        assert max(counts) - min(counts) <= 3


def test_each_test_reads_the_exports_of_the_family(world: World) -> None:
    """The same file is read into every test; people of the other new list are unrelated."""
    begin(world)
    join(world, "cto")
    emails = [*people(world, "vp", "control"), *people(world, "vp", "segment")]
    emails += people(world, "cto", "segment", "Work Email")
    path = world.statistics({email: Fate() for email in emails}, name="all.json")
    for name in ("vp", "cto"):
        read = world.json("ingest", name, path, "--exported-at", AFTER)["files"][0]
        assert read["contacts"] == {"control": SIZE, "segment": SIZE}
        assert read["rows"]["unrelated"] == SIZE
    third = world.run("new", "late", "--family", "autumn", "--segment", "cto.csv", "--size", "20")
    assert "error[family-has-begun]" in third.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--looks", "2"), "family-with-looks"),
        (("--take-all",), "family-without-draw"),
        (("--rule", "proven"), "family-rules-differ"),
        (("--control-size", "30"), "family-rules-differ"),
        (("--seed", "4"), "family-control-differs"),
        (("--control", "vp.csv"), "family-control-differs"),
    ],
)
def test_what_cannot_join(world: World, options: tuple[str, ...], code: str) -> None:
    """Other rules, another draw of today's list, or more batches than one."""
    begin(world)
    add = ("--family", "autumn", "--segment", "cto.csv", "--size", str(SIZE))
    done = world.run("new", "cto", *add, *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert not (world.root / "experiments" / "cto").exists()


def test_a_test_of_a_family_can_be_registered_once_more(world: World) -> None:
    """From its folder alone the same people come out, in whatever order the tests are read."""
    begin(world)
    join(world, "cto")
    before = people(world, "cto", "segment", "Work Email")
    world.database.unlink()
    world.run("init")
    for name in ("cto", "vp"):
        done = world.run("new", f"experiments/{name}/experiment.toml")
        assert done.exit_code == 0, done.stderr
    assert before == people(world, "cto", "segment", "Work Email")


def test_a_changed_list_of_another_test(world: World) -> None:
    """The list of the whole family cannot be written when another test's copies were changed."""
    begin(world)
    path = world.root / "experiments" / "vp" / "lists" / "segment.csv"
    path.write_text("Email\nnew@fresh.example\n", encoding="utf-8")
    done = world.run("new", "cto", "--family", "autumn", "--segment", "cto.csv", "--size", "20")
    assert done.exit_code == 1
    assert not (world.root / "experiments" / "cto").exists()


def test_a_test_that_repeats_one_of_a_family(world: World) -> None:
    """It stands alone, and has nobody of the whole family."""
    begin(world)
    join(world, "cto")
    world.json("new", "vp-2", "--replicates", "vp", "--size", "10")
    assert world.json("show", "vp-2")["registration"]["family"] == ""
    used = {*people(world, "vp", "control"), *people(world, "vp", "segment")}
    used |= {*people(world, "cto", "segment", "Work Email")}
    again = {*people(world, "vp-2", "control"), *people(world, "vp-2", "segment")}
    assert not used & again
