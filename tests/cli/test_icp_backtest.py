"""`icptest icp backtest`, as one types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import validate

from tests.cli.world import REPOSITORY, World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = REPOSITORY / "docs" / "reference" / "schemas" / "icp-backtest.schema.json"
HEADER = ["Company", "Industry", "Tools", "Deal Stage", "Engage Date", "Close Date"]
MARKET = [["Company", "Industry", "Tools"]] + [
    [f"M{n}", "Software" if n < 40 else "Retail", "HubSpot" if n < 10 else "Stripe"]
    for n in range(100)
]


def deal(name: str, tools: str, stage: str) -> list[str]:
    """Return one deal with a software company."""
    return [name, "Software", tools, stage, "2026-03-01", "2026-05-01"]


DEALS = [
    HEADER,
    *(deal(f"W{n}, Inc.", "HubSpot" if n < 7 else "Stripe", "Closed Won") for n in range(10)),
    *(deal(f"L{n}", "HubSpot" if n < 4 else "Stripe", "Closed Lost") for n in range(12)),
    deal("W0", "HubSpot", "Closed Won"),
    deal("W1", "HubSpot", "Closed Lost"),
    deal("O1", "HubSpot", "Demo"),
    deal("O2", "HubSpot", "Zombie"),
]


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with deals, a market and a profile of two filters."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    write_rows(tmp_path / "deals.csv", DEALS)
    write_rows(tmp_path / "market.csv", MARKET)
    done = world.run(
        *("icp", "new", "tight", "--owner", "Dana", "--add", "industry:Software"),
        *("--add", "uses:HubSpot", "--add", "hired:VP Sales<90d", "--add", "not uses:Stripe"),
    )
    assert done.exit_code == 0, done.output
    return world


BOTH = ("icp", "backtest", "tight", "--won", "deals.csv", "--lost", "deals.csv")
ALL = (*BOTH, "--market", "market.csv", "--on", "2026-11-27")


def test_the_page_says_what_passes_and_what_costs(place: World) -> None:
    """One sentence, the shares, the price of each filter, what is left out; 80 columns."""
    done = place.run(*ALL)
    assert (done.exit_code, done.stderr) == (0, "")
    flat = " ".join(done.stdout.split())
    assert flat.startswith(
        "7 of 10 won companies (70 %) pass tight, against 10 % of the market: 7.0x, beyond luck."
    )
    for said in (
        'The disqualifier "not: uses Stripe" takes out 3 of 10 won companies',
        "Left out of won deals, by what deals.csv says of the deal: 13 lost, 1 still open and 1",
        'and 1 of unknown outcome ("Zombie").',
        "Won deals: 11 rows of 10 companies; 1 merged.",
        'Not compared: "hired VP Sales in the last 90 days", because no column of won deals, lost',
        "lost deals or the market tells it.",
        "1 company is in both won and lost deals, and counted in both.",
    ):
        assert said in flat, flat
    assert done.stdout.rstrip().endswith("icptest icp show tight")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_follows_its_schema(place: World) -> None:
    """With a market and without one; the lift over each other list is there."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for words, against in ((ALL, "market"), (BOTH, "lost")):
        facts = place.json(*words)
        validate(facts, schema)
        assert facts["against"] == against
    assert facts["lists"]["won"]["in"] == 7
    assert facts["lists"]["lost"]["companies"] == 13
    assert set(facts["lift"]) == {"over_lost"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--won", "deals.csv"), "icp-nothing-to-compare"),
        (("--won", "empty.csv", "--lost", "deals.csv"), "icp-list-empty"),
        (("--won", "deals.csv", "--lost", "none-lost.csv"), "icp-list-empty"),
        (("--won", "deals.csv", "--lost", "nowhere.csv"), "no-such-file"),
        ((*BOTH[3:], "--on", "soon"), "bad-day"),
        ((*BOTH[3:], "--column", "tools=Nope"), "icp-column-not-there"),
    ],
)
def test_what_is_wrong_is_said(place: World, words: tuple[str, ...], code: str) -> None:
    """One code, exit 1."""
    write_rows(place.root / "empty.csv", [HEADER, ["", "", "", "", "", ""]])
    write_rows(place.root / "none-lost.csv", [HEADER, DEALS[1]])
    done = place.run("icp", "backtest", "tight", *words, "--json")
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (1, code)


def test_lists_that_tell_nothing_together_are_said(place: World) -> None:
    """No shares, no zeros: the sentence says that nothing can be compared."""
    write_rows(place.root / "names.csv", [["Company"], ["A"], ["B"]])
    done = place.run("icp", "backtest", "tight", "--won", "deals.csv", "--market", "names.csv")
    assert done.exit_code == 0
    assert done.stdout.startswith("tight cannot be held against these lists: there is no filter")


def test_attributes_come_from_a_second_list(place: World) -> None:
    """Deals that name companies alone are told by --accounts; the market stays as it is."""
    write_rows(place.root / "bare.csv", [[row[0], *row[3:]] for row in DEALS])
    write_rows(place.root / "accounts.csv", [row[:3] for row in DEALS[:-3]])
    words = ("icp", "backtest", "tight", "--won", "bare.csv", "--market", "market.csv")
    facts = place.json(*words, "--accounts", "accounts.csv")
    assert (facts["lists"]["won"]["in"], facts["lists"]["won"]["told"]) == (7, 10)
    assert facts["lists"]["won"]["accounts"]["found"] == 22
    assert facts["lists"]["market"]["accounts"] is None
    page = place.run(*words, "--accounts", "accounts.csv").stdout
    assert 'companies of bare.csv are in accounts.csv. Not found: "o1"' in " ".join(page.split())
