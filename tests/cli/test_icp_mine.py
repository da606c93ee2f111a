"""`icptest icp mine`, as one types it."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from jsonschema import validate

from tests.cli.world import REPOSITORY, World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = REPOSITORY / "docs" / "reference" / "schemas" / "icp-mine.schema.json"
HEADER = ["Company", "Website", "Industry", "# Employees", "Technologies"]
MORE = ["LTV", "Churned", "Churn date", "Signed by", "Lead source"]
MINE = ("icp", "mine", "customers.csv", "--base", "market.csv", "--on", "2026-11-27")


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with 30 customers, of whom the best run HubSpot, and a market of 400."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "UTC").exit_code == 0
    rng = random.Random(6)  # noqa: S311 - no secret
    market = [
        [
            f"Company {n}",
            f"https://c{n}.example",
            rng.choice(["SaaS", "Retail", "Logistics", "Health"]),
            str(round(rng.lognormvariate(4.5, 1.2)) + 1),
            rng.choice(["HubSpot; Stripe", "Salesforce", "Apollo; Stripe", "Zendesk", "Segment"]),
        ]
        for n in range(400)
    ]
    customers = []
    for n in range(30):
        row = list(market[n])
        row[4] = "HubSpot" if n < 14 else row[4]
        left = ["yes", "2026-05-01"] if n == 29 else ["no", "2026-05-01" if n == 28 else ""]
        customers.append([*row, str(9000 - n), *left, "CFO" if n % 2 else "CEO", "referral"])
        market[n] = row
    write_rows(tmp_path / "market.csv", [HEADER, *market])
    write_rows(tmp_path / "customers.csv", [[*HEADER, *MORE], *customers])
    return world


def test_the_page_says_what_is_no_luck_and_writes_the_draft(place: World) -> None:
    """First the answer, last the next command; 80 columns; a file that `show` reads."""
    done = place.run(*MINE, "--name", "hubspot")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    said = " ".join(done.stdout.split())
    assert said.startswith("The best 15 of 30 customers against 400 companies of the market: 1 pa")
    assert "uses HubSpot 14 of 15" in said
    assert "not luck" in said
    assert 'Of 1 customer "Churned" and "Churn date" do not say the same of who left' in said
    assert "1 customer left" in said
    assert "signed: CEO 8 of 15, CFO 7 of 15" in said
    assert "Behavioral: cannot be answered: no column tells when they bought" in said
    assert "30 of 30 customers that tell (Lead source) came by referral" in said
    assert done.stdout.rstrip().endswith("Next:\n  icptest icp lint hubspot")
    shown = place.json("icp", "show", "hubspot")
    assert "HubSpot" in shown["statement"]


def test_long_names_go_on_in_the_next_line(place: World) -> None:
    """Nothing is wider than 80 columns, whatever a column is called."""
    for name in ("customers", "market"):
        path = place.root / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("Industry", f"What the company {'really ' * 6}does", 1), encoding="utf-8"
        )
    done = place.run(*MINE)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "really" in done.stdout


def test_a_draft_is_not_written_over(place: World) -> None:
    """What somebody has written stays, and nobody waits for the search first."""
    assert place.run(*MINE, "--name", "hubspot").exit_code == 0
    done = place.run(*MINE, "--name", "hubspot", "--best-by", "ltv")
    assert done.exit_code == 1
    assert "error[icp-exists]" in done.stderr


def test_without_a_name_the_command_that_writes_it_is_said(place: World) -> None:
    """Nothing is written, and no workspace is needed."""
    done = place.run(*MINE)
    assert done.stdout.rstrip().endswith(
        "icptest icp mine customers.csv --base market.csv --name NAME"
    )
    assert not (place.root / "icp").exists()


def test_json_follows_its_schema(place: World) -> None:
    """Patterns, how the best were chosen, the questions, the draft."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    data = place.json(*MINE, "--name", "tools")
    validate(data, schema)
    assert data["patterns"][0]["criteria"] == ["uses:HubSpot"]
    assert data["patterns"][0]["luck"] == "not-luck"
    assert data["best"]["by"] == {"ltv": "LTV"}
    assert (data["customers"]["left"], data["customers"]["churn_disagrees"]) == (1, 1)
    assert data["draft"]["icp"] == "tools"
    validate(place.json(*MINE, "--best", "5", "--best-by", "ltv"), schema)


def test_few_and_many_best_are_warned_of(place: World) -> None:
    """Under 8 nothing can be told from luck; or there are fewer than were asked for."""
    few = " ".join(place.run(*MINE, "--best", "5").stdout.split())
    assert "With fewer than 8 customers hardly any pattern can be told from luck" in few
    many = " ".join(place.run(*MINE, "--best", "40").stdout.split())
    assert "40 were asked for, and only 28 can be chosen" in many


def test_without_a_pattern_nothing_is_written(place: World) -> None:
    """A profile without a filter would let everybody in."""
    rows = (place.root / "market.csv").read_text(encoding="utf-8").splitlines()
    customers = [f"{rows[0]},LTV", *(f"{row},{n}" for n, row in enumerate(rows[100:120]))]
    (place.root / "dull.csv").write_text("\n".join(customers) + "\n", encoding="utf-8")
    done = place.run("icp", "mine", "dull.csv", "--base", "market.csv", "--name", "dull")
    assert done.exit_code == 0
    assert "Nothing was written." in " ".join(done.stdout.split())
    assert not (place.root / "icp" / "dull.toml").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--best-by", "fame"), "unknown-measure"),
        (("--on", "soon"), "bad-day"),
        (("--column", "tools=Nowhere"), "icp-column-not-there"),
    ],
)
def test_what_is_typed_wrong_is_said(place: World, words: tuple[str, ...], code: str) -> None:
    """One clear error, with its remedy."""
    done = place.run(*MINE[:5], *words)
    assert done.exit_code == 1
    assert f"error[{code}]" in done.stderr
