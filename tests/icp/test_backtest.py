"""A profile held against won deals, lost deals and the market."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from icptest.errors import InputError
from icptest.icp.backtest import Answered, Backtest, Share, backtest
from icptest.icp.columns import Columns
from icptest.icp.companies import CompanyKeys, name_key
from icptest.icp.outcome import Outcome, read_outcome
from icptest.icp.panel import Panel, read_panel
from icptest.stats import exact_interval, wilson_interval
from tests.icp.lists import profile, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.icp.definition import Definition

TODAY = date(2026, 11, 30)
TWO = "[firmographic]\nindustry='Software'\n[technographic]\nuses_any='HubSpot'\n"
HIRED = "[[behavioral]]\ndid='hired'\nwithin_days=90\n"
HEADER = "Company,Industry,Tools"
_OUTCOME = {"won": Outcome.WON, "lost": Outcome.LOST, "market": None}


def panel_of(
    folder: Path, definition: Definition, header: str, rows: Any, name: str, **more: Any
) -> Panel:
    """Judge the companies of a list that is written on the spot."""
    return read_panel(
        definition,
        table_of(folder, header, rows),
        Columns(),
        today=TODAY,
        on=more.get("on", TODAY if name == "market" else None),
        outcome=_OUTCOME[name],
    )


def held(folder: Path, text: str, lists: dict[str, tuple[str, Any]]) -> Backtest:
    """Hold some lines of a definition against lists."""
    definition = profile(text)
    return backtest(
        definition,
        {
            name: panel_of(folder, definition, header, rows, name)
            for name, (header, rows) in lists.items()
        },
    )


def companies(*groups: tuple[int, str, str]) -> list[tuple[str, str, str]]:
    """Return so many companies of an industry that run a tool, each with a name of its own."""
    return [
        (f"{industry} {tool} {n}", industry, tool)
        for number, industry, tool in groups
        for n in range(number)
    ]


def test_shares_and_lift_by_hand(tmp_path: Path) -> None:
    """Won: 6 of 9 told pass, one is not told; market: 10 of 100; the lift is 6.7."""
    won = companies(
        (6, "Software", "HubSpot"),
        (2, "Software", "Stripe"),
        (1, "Retail", "HubSpot"),
        (1, "Software", ""),
    )
    market = companies(
        (10, "Software", "HubSpot"), (30, "Software", "Stripe"), (60, "Retail", "Stripe")
    )
    found = held(tmp_path, TWO, {"won": (HEADER, won), "market": (HEADER, market)})
    assert found.shares["won"] == Share(
        n_told=9,
        n_in=6,
        n_untold=1,
        n_untold_out=0,
        interval=wilson_interval(events=6, total=9, confidence_level=0.9),
    )
    assert (found.shares["market"].n_in, found.shares["market"].n_told) == (10, 100)
    assert found.lifts["market"] == exact_interval(
        treatment_events=6, treatment_total=9, control_events=10, control_total=100
    )


def test_a_filter_costs_whom_it_alone_keeps_out(tmp_path: Path) -> None:
    """Two won companies fail the tool alone, one the industry alone, one both.

    Without the tool 8 of 10 won companies pass against 40 of 100: a lift of 2.
    """
    won = companies(
        (6, "Software", "HubSpot"),
        (2, "Software", "Stripe"),
        (1, "Retail", "HubSpot"),
        (1, "Retail", "Stripe"),
    )
    market = companies(
        (10, "Software", "HubSpot"), (30, "Software", "Stripe"), (60, "Retail", "Stripe")
    )
    found = held(tmp_path, TWO, {"won": (HEADER, won), "market": (HEADER, market)})
    industry, tool = found.prices
    assert (industry.alone, industry.fails) == (
        {"won": 1, "market": 0},
        {"won": 2, "market": 60},
    )
    assert (tool.alone, tool.fails) == ({"won": 2, "market": 30}, {"won": 3, "market": 90})
    assert tool.lift_without == pytest.approx(2.0)
    assert found.dearest is tool


def test_a_list_without_a_column_leaves_the_filter_out(tmp_path: Path) -> None:
    """Lost deals tell no tools: shares compare the industry alone, and say so."""
    won = companies((3, "Software", "Stripe"), (1, "Retail", "HubSpot"))
    lost = [("A", "Software"), ("B", "Retail")]
    found = held(tmp_path, TWO, {"won": (HEADER, won), "lost": ("Company,Industry", lost)})
    assert found.left_out == {1: ("lost",)}
    assert (found.shares["won"].n_in, found.shares["lost"].n_in) == (3, 1)
    assert found.answered["lost"][1] is None
    assert found.answered["won"][1] == Answered(yes=1, no=3, unknown=0)


def test_nothing_in_common_gives_no_shares(tmp_path: Path) -> None:
    """One list tells the industry, the other the tools: nothing is compared, nothing is zero."""
    found = held(
        tmp_path,
        TWO,
        {"won": ("Company,Industry", [("A", "Software")]), "lost": ("Company,Tools", [("B", "x")])},
    )
    assert (found.shares, found.lifts, found.prices) == ({}, {}, ())


def test_a_disqualifier_that_fires_on_won_deals_is_counted(tmp_path: Path) -> None:
    """Two of three won companies run the tool; where no tools are told it takes nobody out."""
    rows = [("A", "Software", "Marketo"), ("B", "Software", "Marketo"), ("C", "Software", "")]
    text = "[firmographic]\nindustry='Software'\n[technographic]\nuses_none='Marketo'\n"
    found = held(tmp_path, text, {"won": (HEADER, rows), "lost": (HEADER, rows)})
    assert found.answered["won"][1] == Answered(yes=2, no=0, unknown=1)
    assert (found.shares["won"].n_in, found.shares["won"].n_told) == (1, 3)


@pytest.mark.parametrize(
    ("opened", "closed", "on", "met"),
    [
        ("2026-03-01", "2026-06-01", None, True),  # 59 days after the hire
        ("", "2026-03-01", None, True),  # the day it was closed, where no other is told
        ("2026-06-01", "2026-07-01", None, False),  # 151 days after
        ("2025-12-01", "2026-06-01", None, None),  # before: a later hire tells nothing
        ("2026-06-01", "2026-03-01", None, None),  # closed before it was opened: no day
        ("", "", None, None),
        ("", "", date(2026, 2, 1), True),
    ],
)
def test_events_are_judged_on_the_day_of_the_deal(
    tmp_path: Path, opened: str, closed: str, on: date | None, met: bool | None
) -> None:
    """Somebody was hired on 1 Jan 2026: within 90 days of the deal, or not, or not known."""
    rows = [("A", "2026-01-01", opened, closed)]
    panel = panel_of(
        tmp_path, profile(HIRED), "Company,Hired On,Opened On,Close Date", rows, "won", on=on
    )
    assert panel.answers == {(met,): 1}
    assert panel.days.n_contradicting == (opened > closed > "")


def test_events_without_any_day_are_not_judged(tmp_path: Path) -> None:
    """A won list without dates tells no event, unless a day is said for all."""
    rows = [("A", "2026-11-01")]
    for on, told in ((None, False), (TODAY, True)):
        panel = panel_of(tmp_path, profile(HIRED), "Company,Hired On", rows, "won", on=on)
        assert panel.told == (told,)


def test_rows_of_a_company_count_once(tmp_path: Path) -> None:
    """By domain, else name; legal forms and case do not tell companies apart; yes wins."""
    rows = [
        ("Acme, Inc.", "www.acme.example", "", "Retail"),
        ("Acme Europe", "", "bo@mail.acme.example", "Software"),
        ("Beta GmbH", "", "x@gmail.com", "Retail"),
        ("BETA", "", "", "Retail"),
        ("", "", "", "Retail"),
        ("", "", "", "Retail"),
    ]
    panel = panel_of(
        tmp_path,
        profile("[firmographic]\nindustry='Software'\n"),
        "Company,Website,Email,Industry",
        rows,
        "market",
    )
    assert (panel.n_rows, panel.n_companies, panel.n_merged, panel.n_nameless) == (6, 4, 2, 2)
    assert panel.answers == {(True,): 1, (False,): 3}


def test_a_list_of_deals_counts_the_outcome_it_is_named_for(tmp_path: Path) -> None:
    """One export serves both: lost and open deals are no won ones; an unknown word is none."""
    rows = [
        ("A", "Software", "Closed Won"),
        ("B", "Software", "closed lost"),
        ("C", "Software", "Negotiation"),
        ("D", "Software", "Zombie"),
        ("E", "Software", ""),
    ]
    definition = profile("[firmographic]\nindustry='Software'\n")
    panel = panel_of(tmp_path, definition, "Company,Industry,Deal Stage", rows, "won")
    assert panel.n_companies == 1
    assert panel.n_other == {Outcome.LOST: 1, Outcome.OPEN: 1}
    assert panel.unknown_words == {"Zombie": 1, "": 1}
    with pytest.raises(InputError, match="icp-list-empty"):
        panel_of(tmp_path, definition, "Company,Industry,Deal Stage", rows[1:], "won")


def test_the_stage_of_a_deal_is_no_stage_of_a_company(tmp_path: Path) -> None:
    """A stage of "Closed Won" says nothing about Series B: not told, never a no."""
    definition = profile("[firmographic]\nstage='Series B'\n")
    panel = panel_of(tmp_path, definition, "Company,Stage", [("A", "Closed Won")], "won")
    assert panel.told == (False,)
    panel = panel_of(tmp_path, definition, "Company,Stage", [("A", "Series B")], "won")
    assert panel.answers == {(True,): 1}


@pytest.mark.parametrize(
    ("cell", "column", "outcome"),
    [
        ("Closed Won", "Stage", Outcome.WON),
        ("closedwon", "dealstage", Outcome.WON),
        ("6 - Closed Lost", "Stage", Outcome.LOST),
        ("TRUE", "Is won", Outcome.WON),
        ("0", "Won", Outcome.LOST),
        ("TRUE", "Is lost", None),
        ("Engaging", "deal_stage", Outcome.OPEN),
        ("Wonderful", "Stage", None),
        ("", "Stage", None),
    ],
)
def test_the_words_for_an_outcome(cell: str, column: str, outcome: Outcome | None) -> None:
    """A small table of words; nothing else is guessed."""
    assert read_outcome(cell, column) is outcome


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme, Inc.", "acme"),
        ("ACME Co. Ltd", "acme"),
        ("Müller GmbH & Co. KG", "müller"),
        ("Acme S.A.", "acme"),
        ("Inc", "inc"),
        ("n/a", ""),
    ],
)
def test_legal_forms_are_no_part_of_a_name(name: str, key: str) -> None:
    """What is left is what people call the company."""
    assert name_key(name) == key


def test_a_free_mailbox_names_no_company() -> None:
    """Two people at gmail.com are not colleagues; a website is surer than an address."""
    keys = CompanyKeys(("Email", "Website"), Columns())
    assert keys.key(["a@gmail.com", ""]) is None
    assert keys.key(["a@acme.co.uk", "https://shop.beta.co.uk/x"]) == "d:beta.co.uk"
