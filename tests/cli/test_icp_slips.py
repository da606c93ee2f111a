"""Slips of the pen in a profile, an option or a list: what icptest says of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.world import World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "owner = 'Dana'\nreviewed_on = 2026-11-02\n"


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with a market of three."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    rows = [("Acme", "SaaS", "Marketo"), ("Bolt", "Retail", "HubSpot"), ("Corp", "SaaS", "Marketo")]
    write_rows(tmp_path / "market.csv", [("Company", "Industry", "Tools"), *rows])
    (tmp_path / "icp").mkdir(exist_ok=True)
    return world


def write_profile(place: World, text: str) -> None:
    """Write the profile "tight"."""
    (place.root / "icp" / "tight.toml").write_text(HEAD + text, encoding="utf-8")


def failure(place: World, *words: str) -> Any:
    """Run a command that fails, and return its error."""
    done = place.run(*words, "--json")
    assert done.exit_code == 1, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n[firmografic]\nindustry = 'SaaS'\n", 4, '"firmographic"'),
        ("[firmographic]\nindustri = 'SaaS'\n", 4, '"industry"'),
        ("[firmographic]\n\nemployees = 'many'\n", 5, "'many'"),
        ("[[trigger]]\nevent = 'launch'\n[[trigger]]\nevent = 'fundin'\n", 6, '"funding"'),
        ("[disqualify]\nindustry = true\n", 4, "disqualify.industry"),
        ("[firmographic]\nindustry = SaaS\n", 4, "no TOML"),
    ],
)
def test_a_slip_in_a_profile_is_shown_with_its_line(
    place: World, text: str, line: int, said: str
) -> None:
    """The file has two lines before the text."""
    write_profile(place, text)
    error = failure(place, "icp", "show", "tight")
    assert (error["file"], error["line"]) == (str(place.root / "icp" / "tight.toml"), line)
    assert said in error["message"]


def test_a_name_that_no_profile_can_have_is_answered_with_a_profile(place: World) -> None:
    """The command that it names makes a profile, not a test."""
    error = failure(place, "icp", "new", "Heads of Sales")
    assert "a profile" in error["message"]
    assert "`icptest icp new heads-of-sales`" in error["remedy"]


@pytest.mark.parametrize("text", ["hired:VP Sales<90", "hired:VP<d", "raised:Series B<3 months"])
def test_a_time_without_its_unit_is_no_word(place: World, text: str) -> None:
    """Else the profile would look for somebody called "VP Sales<90"."""
    error = failure(place, "icp", "new", "tight", "--add", text)
    assert (error["code"], "<90d" in error["message"]) == ("bad-criterion", True)
    assert not (place.root / "icp" / "tight.toml").exists()


def test_all_columns_that_are_missing_are_named_at_once(place: World) -> None:
    """Whoever adds one would else be told of the next."""
    write_profile(place, "[firmographic]\nemployees = '50+'\nrevenue = '5M+'\nage_years = '3+'\n")
    error = failure(place, "icp", "match", "market.csv", "--icp", "tight")
    assert "No column tells employees" in error["message"]
    assert "Nor does one tell revenue, founded." in error["message"]


def test_a_disqualifier_that_takes_out_the_last_is_named_as_such(place: World) -> None:
    """The list tells of both that are left that they run Marketo."""
    write_profile(place, "[firmographic]\nindustry='SaaS'\n[technographic]\nuses_none='Marketo'\n")
    page = " ".join(place.run("icp", "match", "market.csv", "--icp", "tight").stdout.split())
    assert 'Nobody is known to be in: "not: uses Marketo" takes out the last 2.' in page


def test_a_market_of_nobody_is_refused_by_lint(place: World) -> None:
    """Of no company nothing can be judged."""
    write_rows(place.root / "empty.csv", [("Company", "Industry")])
    write_profile(place, "[firmographic]\nindustry = 'SaaS'\n")
    error = failure(place, "icp", "lint", "tight", "--market", "empty.csv")
    assert error["code"] == "icp-list-empty"


def test_rows_that_cannot_be_read_are_said_in_sentences(place: World) -> None:
    """One row has a cell too many."""
    with (place.root / "market.csv").open("a", encoding="utf-8") as file:
        file.write("Dyn,SaaS,HubSpot,more\n")
    write_profile(place, "[firmographic]\nindustry = 'SaaS'\n")
    page = " ".join(place.run("icp", "match", "market.csv", "--icp", "tight").stdout.split())
    assert "counted nowhere. The row has more cells than there are columns." in page
    assert ".." not in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[firmographic]\ngeography = 'Canada'\n", "Companies in Canada."),
        ("[[behavioral]]\ndid = 'raised'\n", "Companies that raised money."),
        (
            (
                "[firmographic]\nindustry = 'SaaS'\nemployees = '50+'\n[technographic]\n"
                "uses_none = 'Marketo'\n[disqualify]\nindustry = 'Staffing'\nrevenue = 'up to 10'\n"
            ),
            (
                "SaaS companies, 50+ employees, but not running Marketo, in Staffing or with "
                "up to 10 revenue."
            ),
        ),
    ],
)
def test_the_sentence_can_be_said_aloud(place: World, text: str, sentence: str) -> None:
    """No comma before what belongs to "companies", and each disqualifier with its own word."""
    write_profile(place, text)
    page = place.run("icp", "show", "tight").stdout
    assert " ".join(page.split("\n\n")[1].split()) == sentence
