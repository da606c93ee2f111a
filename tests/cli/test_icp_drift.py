"""`icptest icp drift`, as one types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import validate

from tests.cli.world import REPOSITORY, World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = REPOSITORY / "docs" / "reference" / "schemas" / "icp-drift.schema.json"
HEADER = ["Account Name", "Industry", "Technologies", "Deal Stage", "Create Date", "Close Date"]
CHURN = ["Churned", "Churn Date"]
ON = ("--on", "2026-11-27")


def deals() -> list[list[str]]:
    """Return deals of which the recent wins lack the tool, and whose customers left with it."""
    rows: list[list[str]] = []
    for number, tool, stage, closed, left in (
        (4, "HubSpot", "Closed Won", "2026-10-15", ""),
        (8, "Salesforce", "Closed Won", "2026-10-15", "2026-11-01"),
        (6, "HubSpot", "Closed Lost", "2026-10-15", ""),
        (20, "HubSpot", "Closed Won", "2026-03-15", ""),
        (1, "Salesforce", "Closed Won", "2026-03-15", ""),
        (9, "HubSpot", "Closed Lost", "2026-03-15", ""),
    ):
        for _ in range(number):
            churned = ["yes" if left else "no", left]
            rows.append([f"C{len(rows)}", "Software", tool, stage, "2026-01-05", closed, *churned])
    rows.append(["O", "Software", "HubSpot", "Demo", "2026-01-05", "2026-12-15", "", ""])
    rows.append(["D", "Software", "HubSpot", "Closed Won", "2026-01-05", "2026-03-15", "yes", ""])
    return [[*HEADER, *CHURN], *rows]


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with one profile, and deals."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    write_rows(tmp_path / "deals.csv", deals())
    done = world.run("icp", "new", "tight", "--add", "industry:Software", "--add", "uses:HubSpot")
    assert done.exit_code == 0, done.output
    return world


def signals(world: World, *words: str) -> dict[str, Any]:
    """Return the signals of a command that must succeed."""
    found: dict[str, Any] = world.json("icp", "drift", *words)["signals"]
    return found


def test_the_page_names_the_signals_and_their_layer(place: World) -> None:
    """One sentence, two periods, what moved, what was left out, the next command; 80 columns."""
    done = place.run("icp", "drift", "deals.csv", *ON)
    assert (done.exit_code, done.stderr) == (0, "")
    flat = " ".join(done.stdout.split())
    assert flat.startswith("tight has drifted: wins outside and churn clustering are beyond luck.")
    for said in (
        "wins outside 8 of 12 1 of 22 rising beyond luck",
        "losses inside 6 of 10 9 of 30 rising, could be luck",
        (
            'Wins outside fail "uses HubSpot" most: 8 of 12 (before: 1 of 22), beyond luck. The '
            "technographic layer moved."
        ),
        "Churn: 8 of 33 customers left (24 %), as Churned and Churn Date tell; 2 attributes tried.",
        "Technologies Salesforce: 8 of 9 left, others 0 of 24",
        "Churned and Churn Date disagree about who left: 1 said to have left without a day",
        "Recent: Sun 30 Aug 2026 to Fri 27 Nov 2026, 18 deals. Before: Sun 15 Mar 2026 to",
        "to Sat 29 Aug 2026, 31 deals in 168 days.",
        "Deals in no share: 1 open.",
    ):
        assert said in flat, flat
    assert done.stdout.rstrip().endswith(
        "icptest icp backtest tight --won deals.csv --lost deals.csv"
    )
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_follows_its_schema(place: World) -> None:
    """With drift, with too few deals, with churn alone, and with a second list."""
    rows = deals()
    write_rows(place.root / "few.csv", rows[:3])
    write_rows(place.root / "customers.csv", [[row[0], row[2], row[6]] for row in rows])
    write_rows(place.root / "bare.csv", [[row[0], *row[3:6]] for row in rows])
    write_rows(place.root / "accounts.csv", [[row[0], *row[1:3]] for row in rows[:-3]])
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = {}
    for name, *more in (
        ("deals.csv",),
        ("few.csv",),
        ("customers.csv",),
        ("bare.csv",),
        ("bare.csv", "--accounts", "accounts.csv"),
    ):
        facts = place.json("icp", "drift", name, *ON, *more)
        validate(facts, schema)
        found[name, *more] = facts
    assert found["deals.csv",]["drifting"]
    assert found["deals.csv",]["layer"] == "technographic"
    assert found["few.csv",]["signals"]["wins_outside"]["result"] == "cannot-tell"
    assert found["customers.csv",]["deals"] is None
    assert found["bare.csv",]["signals"]["wins_outside"] is None
    joined = found["bare.csv", "--accounts", "accounts.csv"]
    assert joined["signals"]["wins_outside"]["recent"] == {"n": 8, "of": 12}
    assert joined["next"].endswith(" --accounts accounts.csv")
    assert (joined["accounts"]["companies"], joined["accounts"]["found"]) == (50, 47)


def test_few_deals_say_what_it_would_take(place: World) -> None:
    """No empty table: the sentence, why, and how many it would take."""
    rows = deals()
    write_rows(place.root / "few.csv", [*rows[:2], *rows[20:26]])
    page = place.run("icp", "drift", "few.csv", *ON).stdout
    flat = " ".join(page.split())
    assert flat.startswith("Nothing can be told yet about tight")
    assert "1 won company recently and 6 before cannot show a rise" in flat
    assert "It takes at least" in flat
    assert "last 90 days before" not in flat


def test_old_deals_say_which_day_to_ask_for(place: World) -> None:
    """An export of last year is not "no drift": the day of its newest deal is named."""
    page = " ".join(place.run("icp", "drift", "deals.csv", "--on", "2027-11-27").stdout.split())
    assert "`--on 2026-10-15` judges the time up to it" in page


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("deals.csv", "--icp", "tigt"), "no-such-icp"),
        (("nowhere.csv",), "no-such-file"),
        (("names.csv",), "icp-no-outcome"),
        (("deals.csv", "--since", "soon"), "bad-since"),
        (("deals.csv", "--since", "0d"), "bad-since"),
        (("deals.csv", "--on", "27.11."), "bad-day"),
        (("deals.csv", "--accounts", "nowhere.csv"), "no-such-file"),
        (("deals.csv", "--column", "outcome=Nope"), "icp-column-not-there"),
    ],
)
def test_what_is_wrong_is_said(place: World, words: tuple[str, ...], code: str) -> None:
    """One code, exit 1."""
    write_rows(place.root / "names.csv", [["Company", "Status"], ["A", "Gewonnen"]])
    done = place.run("icp", "drift", *words, "--json")
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (1, code)


def test_the_profile_is_named_where_there_are_several(place: World) -> None:
    """With one it may be left out; with two, or none, it is asked for."""
    assert place.json("icp", "drift", "deals.csv", *ON)["icp"] == "tight"
    place.json("icp", "new", "other")
    assert place.run("icp", "drift", "deals.csv").stderr.count("Known") == 0
    assert "error[icp-not-named]" in place.run("icp", "drift", "deals.csv").stderr
    for path in (place.root / "icp").glob("*.toml"):
        path.unlink()
    assert "icptest icp new NAME" in place.run("icp", "drift", "deals.csv").stderr
