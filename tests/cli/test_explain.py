"""`icptest explain`: from the lists of a test to its page."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

from icptest.experiment import Arm
from icptest.reading import file_digest
from icptest.traits import read_traits
from tests import strategies
from tests.cli.golden import hold
from tests.cli.world import (
    AFTER,
    MIDWAY,
    NAME,
    POSITIVE,
    REGISTRATION,
    UNKNOWN,
    Fate,
    World,
    make_world,
    write_rows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

GOLDEN = Path(__file__).parents[1] / "report" / "golden"
SIZE = 60
AT = ("--as-of", AFTER)


def people(prefix: str, *kinds: tuple[str, int, str, str]) -> list[list[str]]:
    """Return rows of people: so many with a title, of companies of that size and industry."""
    return [
        [f"{prefix}{kind}{place}@{prefix}{kind}{place}.example", title, size, industry]
        for kind, (title, number, size, industry) in enumerate(kinds)
        for place in range(number)
    ]


def story(world: World, control: Sequence[int], segment: Sequence[int]) -> dict[str, Fate]:
    """Return everybody's fate: so many positive replies of each kind on each list."""
    fates = {}
    for arm, wanted in (("control", control), ("segment", segment)):
        left = dict(enumerate(wanted))
        for email in sorted(world.people(arm)):
            kind = int(email.partition("@")[0].removeprefix("today").removeprefix("new")[0])
            fates[email] = POSITIVE if left.get(kind, 0) > 0 else Fate()
            left[kind] = left.get(kind, 0) - 1
    return fates


@cache
def _template() -> Path:
    """Register a test of lists with titles, employees and industries, once."""
    world = World(Path(mkdtemp(prefix="icptest-tests-")))
    today = people(
        *("today", ("Sales Manager", 90, "11-50", "Software")),
        *(("VP Sales", 20, "51-200", "software"), ("", 10, "", "n/a")),
    )
    narrowed = people(
        *("new", ("Account manager", 30, "20", "SOFTWARE "), ("V.P., Sales", 70, "120", "Freight")),
        ("CEO", 10, "1,200", ""),
    )
    write_rows(world.root / "today.csv", [["Email", "Title", "Employees", "Industry"], *today])
    write_rows(
        world.root / "narrowed.csv", [["Email", "Job Title", "Company Size", "Industry"], *narrowed]
    )
    world.run("init", "--timezone", "America/New_York", "--holidays", "US")
    world.folder.mkdir(mode=0o700)
    text = REGISTRATION.replace("size = 30", f"size = {SIZE}")
    (world.folder / "experiment.toml").write_text(text, encoding="utf-8")
    done = world.run("new", f"experiments/{NAME}/experiment.toml")
    assert done.exit_code == 0, done.output
    world.ingest(world.statistics(story(world, (2, 3), (2, 14))))
    return world.root


@pytest.fixture
def settled(tmp_path: Path) -> World:
    """Return a workspace with one settled test of such lists."""
    shutil.copytree(_template(), tmp_path, dirs_exist_ok=True)
    return World(tmp_path)


def test_the_page(settled: World) -> None:
    """One sentence, one table for each way, at 80 columns; the verdict stays as it was."""
    before = settled.verdict()
    done = settled.run("explain", NAME, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    hold(GOLDEN / "explain.txt", done.stdout)
    by_column = settled.run("explain", NAME, "--by", "industry", *AT)
    hold(GOLDEN / "explain-by-column.txt", by_column.stdout)
    assert settled.verdict() == before


def test_json_adds_up_to_the_verdict(settled: World) -> None:
    """Each way of parting people holds everybody once, with the verdict's lift beside it."""
    verdict = settled.verdict()
    facts = settled.json("explain", NAME, *AT)
    assert facts["lift"] == verdict["lift"]["positive"]
    assert (facts["decision"], facts["reason"]) == (verdict["decision"], verdict["reason"])
    assert [by["by"] for by in facts["by"]] == ["title-level", "mail-provider", "company-size"]
    for by in facts["by"]:
        for arm in ("control", "segment"):
            for name in ("delivered", "positive"):
                assert sum(part[arm][name] for part in by["parts"]) == verdict["arms"][arm][name]
        assert by["equal_mix"]["p_value"] <= by["equal_mix"]["p_adjusted"] <= 1
    assert facts["by"][0]["columns"] == ["Title", "Job Title"]
    assert facts["by"][2]["columns"] == ["Employees", "Company Size"]
    assert "@" not in json.dumps(facts)


def test_values_of_a_column_are_joined_whatever_their_case_and_blanks(settled: World) -> None:
    """Software, "software" and "SOFTWARE " are one value; "n/a" and blanks are not known."""
    (by,) = settled.json("explain", NAME, "--by", "Industry", *AT)["by"]
    assert [(part["kind"], part["value"]) for part in by["parts"]] == [
        ("group", "Software"),
        ("group", "Freight"),
        ("unknown", None),
    ]


def test_a_column_of_employees_is_read_in_bands(settled: World) -> None:
    """By whichever of its names; the same thing asked for twice is shown once."""
    words = ("--by", "company-size", "--by", "company-size", *AT)
    (bands,) = settled.json("explain", NAME, *words)["by"]
    assert [part["value"] for part in bands["parts"]] == ["11-50", "51-200", "over-1000", None]
    (one,) = settled.json("explain", NAME, "--by", "company_size", *AT)["by"]
    assert (one["by"], one["columns"]) == ("company-size", ["Company Size"])
    # Only the new list has it under this name.
    assert {part["reading"] for part in one["parts"]} == {"one-list"}
    assert one["equal_mix"] is None


def test_a_blank_cell_is_filled_from_the_other_list(tmp_path: Path) -> None:
    """Who stands on both lists is known as far as either tells; one's own list goes first."""
    own, other = (
        _listed(tmp_path / "own.csv", "Freight", ""),
        _listed(tmp_path / "other.csv", "Software", "Retail"),
    )
    experiment = strategies.experiment()
    experiment = replace(
        experiment,
        control=replace(experiment.control, list=own.name),
        segment=replace(experiment.segment, list=other.name),
    )
    identifiers = {"p0@c.example": 1, "p1@c.example": 2}
    for arm, values in (
        (Arm.CONTROL, {1: "Freight", 2: "Retail"}),
        (Arm.SEGMENT, {1: "Software", 2: "Retail"}),
    ):
        arms = {1: arm, 2: arm}
        names = ["Industry", "industry "]
        (trait,) = read_traits(experiment, tmp_path, identifiers, arms, by=names)
        assert trait.values == values


def _listed(path: Path, *industries: str) -> Path:
    rows = [[f"p{place}@c.example", industry] for place, industry in enumerate(industries)]
    return write_rows(path, [["Email", "Industry"], *rows])


def test_odd_values_are_shown_harmless(tmp_path: Path) -> None:
    """An address is masked, an escape sequence is spelt out, a long value is cut."""
    world = make_world(tmp_path)
    odd = ["ada@acme.example", "\N{ESCAPE}[31mred", "x" * 5000]
    for name in ("control", "segment"):
        path = world.folder / "lists" / f"{name}.csv"
        rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        values = [odd[place % 3] for place in range(len(rows))]
        write_rows(
            path,
            [
                [*row, value if place else "A very long name of a column"]
                for place, (row, value) in enumerate(zip(rows, values, strict=True))
            ],
        )
    # The copies are changed: register what they are now.
    registration = world.folder / "experiment.toml"
    text = registration.read_text(encoding="utf-8")
    for name in ("control", "segment"):
        digest = file_digest(world.folder / "lists" / f"{name}.csv")
        text = re.sub(rf'(list = "lists/{name}.csv"\n.*\nsha256 = ")[^"]+', rf"\g<1>{digest}", text)
    registration.write_text(text, encoding="utf-8")
    world.settle()
    because = ("--accept", "registration-changed", "--because", "The lists got a column")
    assert world.run("verdict", NAME, *AT, *because).exit_code == 0
    words = ("explain", NAME, "--by", "A very long name of a column", *AT)
    page = world.run(*words)
    assert page.exit_code == 0, page.output
    for said in (
        "  A very long nam...  ",
        "  a...@acme.example  ",
        "  \\x1b[31mred  ",
        "xxx...  ",
    ):
        assert said in page.stdout
    assert "\N{ESCAPE}" not in page.stdout
    assert max(map(len, page.stdout.splitlines())) <= 80
    facts = world.json(*words)
    assert "ada@" not in json.dumps(facts)
    assert "a...@acme.example" in [part["value"] for part in facts["by"][0]["parts"]]


def test_outcomes_are_as_covered_as_the_verdict_has_them(tmp_path: Path) -> None:
    """Before the replies are in, and of a test that a check stops, there are no parts."""
    world = make_world(tmp_path)
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 9)), at=MIDWAY)
    early = world.run("explain", NAME, "--as-of", MIDWAY)
    assert (early.exit_code, early.stdout) == (1, "")
    assert "error[parts-too-early]" in early.stderr
    path = world.folder / "experiment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("seed = 7", "seed = 8"), "utf-8")
    world.settle()
    stopped = world.run("explain", NAME, *AT)
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert "error[parts-of-a-stopped-test]" in stopped.stderr
    assert "registration-changed" in stopped.stderr


def test_unlabelled_replies_are_counted_and_said_to_be(tmp_path: Path) -> None:
    """The verdict waits for labels but shows its numbers, so the parts are shown too."""
    world = make_world(tmp_path)
    world.ingest(world.statistics(world.story(control=[POSITIVE], segment=[UNKNOWN] * 9)))
    page = world.run("explain", NAME, *AT)
    assert page.exit_code == 0
    assert "9 replies have no label yet and count as not positive." in page.stdout
    # `listed` has no titles and no employees.
    assert "Not compared by title level: neither list has a column of titles." in page.stdout


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda path: path.unlink(), "list-copy-gone"),
        (lambda path: path.write_text("Email\nada@acme.example\n"), "list-copy-changed"),
    ],
)
def test_a_copy_that_is_gone_or_changed(settled: World, harm: object, code: str) -> None:
    """It is said which, and what can be compared without it; addresses need no list."""
    assert callable(harm)
    harm(settled.folder / "lists" / "control.csv")
    done = settled.run("explain", NAME, *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert "today's list" in done.stderr
    assert settled.run("explain", NAME, "--by", "mail-provider", *AT).exit_code == 0


def test_a_column_that_neither_list_has(settled: World) -> None:
    """The nearest name is offered, and what there is."""
    done = settled.run("explain", NAME, "--by", "Industri", *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'Did you mean "Industry"?' in " ".join(done.stderr.split())


def test_an_attribute_that_neither_list_tells(tmp_path: Path) -> None:
    """Asked for by name it is an error, not a page of people of whom nothing is known."""
    world = make_world(tmp_path)
    world.settle()
    done = world.run("explain", NAME, "--by", "title-level", *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'Neither list has a column for "title-level".' in " ".join(done.stderr.split())
    assert "Did you mean" not in done.stderr
