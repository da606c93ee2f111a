"""`icptest explain`: from the lists of a test to its page."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

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
