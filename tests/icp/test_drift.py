"""Whether a profile has parted from reality: the three signals, planted and not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from icptest.icp.asked_of import outcome_place
from icptest.icp.churn import Churn, read_churn
from icptest.icp.columns import Columns
from icptest.icp.criteria import Layer
from icptest.icp.deals import Deals, Decided, Period, read_deals
from icptest.icp.drift import Drift, find_drift, with_intervals
from icptest.icp.joined import Joined
from icptest.icp.outcome import Outcome
from icptest.icp.trend import Part, Rise, judge_together, make_trend
from icptest.reading import open_table
from icptest.stats import exact_interval, exact_test
from tests.icp.lists import profile, table_of

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2026, 11, 30)
TWO = "[firmographic]\nindustry='Software'\n[technographic]\nuses_any='HubSpot'\n"
HEADER = "Company,Industry,Tools,Deal Stage,Create Date,Close Date"
IN, NO_TOOL = ("Software", "HubSpot"), ("Software", "Salesforce")


def deals_of(*groups: tuple[int, tuple[str, str], str, str]) -> list[tuple[str, ...]]:
    """Return so many deals, each with a company of its own: attributes, outcome, day of closing."""
    return [
        (f"C{place}-{n}", *attributes, outcome, "2026-01-01", closed)
        for place, (number, attributes, outcome, closed) in enumerate(groups)
        for n in range(number)
    ]


def drift_of(folder: Path, rows: Any, text: str = TWO, header: str = HEADER) -> Drift:
    """Judge deals that are written on the spot."""
    table = table_of(folder, header, rows)
    outcome = outcome_place(table, Columns())
    assert outcome is not None
    definition = profile(text)
    deals = read_deals(definition, table, Columns(), outcome=outcome, on=ON, since_days=90)
    return find_drift(definition, deals, None)


NOW, BEFORE = "2026-10-15", "2026-05-15"


def test_the_two_signals_of_deals_by_hand(tmp_path: Path) -> None:
    """Wins outside 7 of 19 against 3 of 22, losses inside 9 of 21 against 5 of 24 (by hand).

    12 + 9 and 19 + 5 companies inside were decided; the numbers are those of the product's page.
    """
    found = drift_of(
        tmp_path,
        deals_of(
            (12, IN, "Won", NOW),
            (7, NO_TOOL, "Won", NOW),
            (9, IN, "Lost", NOW),
            (19, IN, "Won", BEFORE),
            (3, NO_TOOL, "Won", BEFORE),
            (5, IN, "Lost", BEFORE),
        ),
    )
    wins, losses = found.wins_outside, found.losses_inside
    assert wins is not None
    assert losses is not None
    assert (wins.first, wins.other) == (Part(n=7, of=19), Part(n=3, of=22))
    assert (losses.first, losses.other) == (Part(n=9, of=21), Part(n=5, of=24))
    assert (wins.rise, losses.rise) == (Rise.COULD_BE_LUCK, Rise.COULD_BE_LUCK)
    alone = exact_test(
        treatment_events=7, treatment_total=19, control_events=3, control_total=22
    ).p_value
    assert wins.p_value == alone
    assert wins.adjusted == pytest.approx(2 * alone)
    shown = with_intervals(found).wins_outside
    assert shown is not None
    assert shown.interval == exact_interval(
        treatment_events=7, treatment_total=19, control_events=3, control_total=22
    )
    worst = found.most_failed
    assert worst is not None
    assert (worst.layer, worst.trend.first) == (Layer.TECHNOGRAPHIC, Part(n=7, of=19))


def test_a_planted_shift_is_found_with_its_layer(tmp_path: Path) -> None:
    """Of 20 recent wins 15 lack the tool, of 30 before 3: the technographic layer moved."""
    found = drift_of(
        tmp_path,
        deals_of(
            (5, IN, "Won", NOW),
            (15, NO_TOOL, "Won", NOW),
            (27, IN, "Won", BEFORE),
            (3, NO_TOOL, "Won", BEFORE),
        ),
    )
    assert found.wins_outside is not None
    assert found.wins_outside.rise is Rise.BEYOND_LUCK
    worst = found.most_failed
    assert worst is not None
    assert (worst.layer, worst.trend.rise) == (Layer.TECHNOGRAPHIC, Rise.BEYOND_LUCK)
    assert found.is_drifting


def simulated(rng: np.random.Generator, rates: dict[Period, tuple[float, float]]) -> Drift:
    """Judge 40 companies decided recently and 60 before, by rates outside and lost inside."""
    companies = {}
    for period, (outside, lost) in rates.items():
        found: Counter[Decided] = Counter()
        n = 20 if period is Period.RECENT else 30
        out = int(rng.binomial(n, outside))
        for answers, number in (((True, False), out), ((True, True), n - out)):
            found[Decided(won=answers, last=Outcome.WON, last_answers=answers)] += number
        gone = int(rng.binomial(n, lost))
        # Losses are drawn among companies of their own, as many as there are wins inside.
        found[Decided(won=None, last=Outcome.LOST, last_answers=(True, True))] += gone
        companies[period] = found
    deals = Deals(
        on=ON,
        since_days=90,
        first_on=date(2026, 1, 1),
        last_on=ON,
        companies=companies,
        n_decided=dict.fromkeys(Period, 0),
        n_open=0,
        unknown_words={},
        n_undated=0,
        n_contradicting=0,
        n_ahead=0,
        set_aside={},
        told=(True, True),
        day_columns=(),
        outcome_column="Deal Stage",
    )
    return find_drift(profile(TWO), deals, None)


def test_where_nothing_changed_few_alarms_are_raised() -> None:
    """Of 300 pairs of equal periods at most 1 in 20 is called drift, give or take luck.

    Binomial(300, 0.05) is above 26 less than 1 time in 300.
    """
    rng = np.random.default_rng(20261127)
    rates = dict.fromkeys(Period, (0.2, 0.4))
    alarms = sum(simulated(rng, rates).is_drifting for _ in range(300))
    assert alarms <= 26


def test_what_changed_is_found() -> None:
    """Wins outside go from 1 in 10 to 7 in 10: found in most of 40 simulations."""
    rng = np.random.default_rng(7)
    rates = {Period.RECENT: (0.7, 0.4), Period.EARLIER: (0.1, 0.4)}
    assert sum(simulated(rng, rates).is_drifting for _ in range(40)) >= 36


def test_few_deals_tell_nothing_and_say_how_many_would(tmp_path: Path) -> None:
    """One recent win cannot show a rise over 5 of 20, even if outside; enough of them can."""
    found = drift_of(
        tmp_path,
        deals_of((1, NO_TOOL, "Won", NOW), (15, IN, "Won", BEFORE), (5, NO_TOOL, "Won", BEFORE)),
    )
    wins = found.wins_outside
    assert wins is not None
    assert (wins.rise, found.tells_nothing) == (Rise.CANNOT_TELL, True)
    assert wins.at_least is not None
    # At that many the same test passes, at one fewer it does not. Nobody
    # inside was decided recently, so that this test is the only one.
    for n, passes in ((wins.at_least, True), (wins.at_least - 1, False)):
        p_value = exact_test(
            treatment_events=n, treatment_total=n, control_events=5, control_total=20
        ).p_value
        assert (p_value <= 0.05) is passes


def test_nobody_to_compare_with_is_no_finding(tmp_path: Path) -> None:
    """Without an earlier period there is no p-value, and no rise."""
    found = drift_of(tmp_path, deals_of((9, NO_TOOL, "Won", NOW)))
    assert found.wins_outside is not None
    assert (found.wins_outside.p_value, found.wins_outside.rise) == (None, Rise.CANNOT_TELL)
    assert found.tells_nothing


def test_a_company_counts_once_in_a_period(tmp_path: Path) -> None:
    """Five deals with one company are one win; it is a loss where its last deal was lost."""
    rows = [
        ("Acme Inc", *IN, "Won", "2026-01-01", "2026-10-01"),
        ("Acme", *IN, "Lost", "2026-01-01", "2026-11-01"),
        ("ACME", *IN, "Won", "2026-01-01", "2026-09-15"),
        ("Beta", *IN, "Lost", "2026-01-01", "2026-10-01"),
        ("Beta GmbH", *IN, "Won", "2026-01-01", "2026-11-01"),
        ("Acme", *IN, "Won", "2026-01-01", BEFORE),
    ]
    found = drift_of(tmp_path, rows)
    assert found.wins_outside is not None
    assert found.losses_inside is not None
    assert (found.wins_outside.first, found.wins_outside.other) == (
        Part(n=0, of=2),
        Part(n=0, of=1),
    )
    assert found.losses_inside.first == Part(n=1, of=2)
    assert found.deals is not None
    assert found.deals.n_decided == {Period.RECENT: 5, Period.EARLIER: 1}


def test_the_recent_period_has_so_many_days(tmp_path: Path) -> None:
    """90 days up to 30 Nov begin on 2 Sep (30 + 31 + 29 days; by hand)."""
    for closed, period in (("2026-09-02", Period.RECENT), ("2026-09-01", Period.EARLIER)):
        deals = drift_of(tmp_path, deals_of((1, IN, "Won", closed))).deals
        assert deals is not None
        assert deals.n_decided[period] == 1


def test_deals_that_cannot_count_are_counted_apart(tmp_path: Path) -> None:
    """Open, of unknown outcome, undated, closed before opened, ahead: each is in no share."""
    rows = [
        *deals_of((1, IN, "Won", NOW)),
        ("O", *IN, "Negotiation", "2026-01-01", NOW),
        ("U", *IN, "Verloren", "2026-01-01", NOW),
        ("D", *IN, "Won", "2026-01-01", ""),
        ("B", *IN, "Won", "2026-11-01", NOW),
        ("A", *IN, "Won", "2026-01-01", "2026-12-01"),
    ]
    deals = drift_of(tmp_path, rows).deals
    assert deals is not None
    assert sum(deals.n_decided.values()) == 1
    assert (deals.n_open, deals.unknown_words, deals.n_undated) == (1, {"Verloren": 1}, 1)
    assert (deals.n_contradicting, deals.n_ahead) == (1, 1)


def test_who_is_not_told_is_in_no_share(tmp_path: Path) -> None:
    """An empty cell of a filter makes a company neither inside nor outside."""
    rows = deals_of((1, IN, "Won", NOW), (3, ("Retail", ""), "Won", NOW))
    found = drift_of(tmp_path, rows)
    assert found.wins_outside is not None
    assert found.wins_outside.first == Part(n=0, of=1)
    assert found.n_unknown == {Period.RECENT: 3, Period.EARLIER: 0}


CUSTOMERS = "Company,Industry,Country,Tools,Employees,Churned"


def churn_of(folder: Path, header: str, rows: Any) -> Churn:
    """Look for what those who left share, of customers that are written on the spot."""
    found = read_churn(table_of(folder, header, rows), Columns(), outcome=None, on=ON)
    assert found is not None
    return found


def test_planted_churn_is_found_with_its_layer(tmp_path: Path) -> None:
    """Of 20 customers with Salesforce 14 left, of 40 without it 3: the technographic layer."""
    rows = [
        (
            f"C{n}",
            ("Software", "Retail", "Health")[n % 3],
            ("US", "Germany")[n % 2],
            "Salesforce; Stripe" if n < 20 else "HubSpot",
            ("20", "100")[n // 2 % 2],
            "yes" if n < 14 or n >= 57 else "no",
        )
        for n in range(60)
    ]
    found = churn_of(tmp_path, CUSTOMERS, rows)
    first = found.clusters[0]
    assert (found.n_customers, found.n_churned, found.rise) == (60, 17, Rise.BEYOND_LUCK)
    # Stripe is where Salesforce is, and HubSpot where it is not: each set of customers counts once.
    assert found.n_tried == 3 + 2 + 2 + 2
    assert (first.attribute.value, first.attribute.layer) == ("Salesforce", Layer.TECHNOGRAPHIC)
    assert (first.trend.first, first.trend.other) == (Part(n=14, of=20), Part(n=3, of=40))


def test_churn_at_random_raises_few_alarms(tmp_path: Path) -> None:
    """Of 150 lists without any cluster at most 1 in 20 shows one, give or take luck.

    Binomial(150, 0.05) is above 15 less than 1 time in 100.
    """
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(150):
        gone = rng.random(30) < 0.3
        rows = [
            (f"C{n}", f"I{n % 3}", "", f"T{n // 10}", "", "yes" if gone[n] else "no")
            for n in range(30)
        ]
        alarms += churn_of(tmp_path, CUSTOMERS, rows).rise is Rise.BEYOND_LUCK
    assert alarms <= 15


def test_few_who_left_tell_nothing_and_say_how_many_would(tmp_path: Path) -> None:
    """One of 12 left: no attribute could be beyond luck; the number that could is said."""
    rows = [
        (f"C{n}", ("A", "B", "C")[n % 3], "", "", "", "yes" if n == 0 else "no") for n in range(12)
    ]
    found = churn_of(tmp_path, CUSTOMERS, rows)
    assert found.rise is Rise.CANNOT_TELL
    # Three attributes of 4 of 12: all four having left, and nobody else, is p = 0.001 times 3.
    assert found.at_least == 3
    alone = make_trend(Part(n=3, of=4), Part(n=0, of=8)).p_value
    assert alone is not None
    assert 3 * alone <= 0.05


@pytest.mark.parametrize(
    ("flag", "day", "counted"),
    [
        ("yes", "2026-05-01", (1, 1, 0, 0)),
        ("no", "", (1, 0, 0, 0)),
        ("", "2026-05-01", (1, 1, 0, 0)),
        ("no", "2026-05-01", (0, 0, 0, 1)),
        ("yes", "", (0, 0, 1, 0)),
        ("no", "2027-05-01", (1, 0, 0, 0)),  # a contract that ends later has not ended
    ],
)
def test_a_flag_and_a_day_that_disagree_are_not_believed(
    tmp_path: Path, flag: str, day: str, counted: tuple[int, ...]
) -> None:
    """Customers, churned, flagged without a day, dated without a flag."""
    found = churn_of(tmp_path, "Company,Churned,Churn Date", [("A", flag, day)])
    assert (
        found.n_customers,
        found.n_churned,
        found.n_flag_alone,
        found.n_day_alone,
    ) == counted


def test_a_second_list_is_joined_by_domain_or_name(tmp_path: Path) -> None:
    """Legal forms and case do not matter; a misspelt name is told with the nearest one."""
    (tmp_path / "a").mkdir()
    accounts = table_of(
        tmp_path / "a",
        "Name,Website,Industry,Tools",
        [
            ("Acme Inc", "acme.example", "Software", "HubSpot"),
            ("Betasoloin", "beta.example", "Retail", ""),
            ("Twin Ltd", "twin-a.example", "Retail", ""),
            ("Twin GmbH", "twin-b.example", "Software", ""),
        ],
    )
    deals = table_of(
        tmp_path,
        "Account,Website,Industry",
        [
            ("ACME", "", ""),
            ("whatever", "www.acme.example", "Health"),
            ("Betasolon", "", ""),
            ("Twin", "", ""),
            ("", "", ""),
        ],
    )
    joined = Joined(deals, accounts, Columns())
    cells = [row.cells for row in joined.rows()]  # type: ignore[union-attr]
    assert joined.header == ("Account", "Website", "Industry", "Name", "Tools")
    assert cells[0] == ["ACME", "acme.example", "Software", "Acme Inc", "HubSpot"]
    assert cells[1][2:] == ["Health", "Acme Inc", "HubSpot"]
    assert cells[2] == ["Betasolon", "", "", "", ""]
    # Two companies are called Twin: neither is guessed.
    assert cells[3] == ["Twin", "", "", "", ""]
    assert (joined.n_companies, joined.n_found, joined.n_nameless) == (4, 2, 0)
    assert ("betasolon", "betasoloin") in joined.unmatched


def test_correction_makes_each_harder_to_pass() -> None:
    """A p-value that passes alone does not among twenty."""
    one = make_trend(Part(n=10, of=15), Part(n=4, of=15))
    alone, *_ = judge_together([one])
    among, *_ = judge_together([one, *[make_trend(Part(n=3, of=15), Part(n=4, of=15))] * 19])
    assert (alone.rise, among.rise) == (Rise.BEYOND_LUCK, Rise.COULD_BE_LUCK)


def test_events_are_judged_on_the_day_of_the_deal(tmp_path: Path) -> None:
    """Hired 30 days before the deal was opened is inside, 200 days is not, whatever day it is."""
    opened = date(2026, 3, 1)
    rows = [(f"C{n}", f"{opened - timedelta(days=n)}", "Won", f"{opened}", NOW) for n in (30, 200)]
    found = drift_of(
        tmp_path,
        rows,
        "[[behavioral]]\ndid='hired'\nwithin_days=90\n",
        "Company,Hired On,Deal Stage,Create Date,Close Date",
    )
    assert found.wins_outside is not None
    assert found.wins_outside.first == Part(n=1, of=2)


def test_no_column_for_churn_is_no_churn(tmp_path: Path) -> None:
    """Nothing is judged, and nothing is zero."""
    table_of(tmp_path, "Company,Industry", [("A", "Software")])
    assert read_churn(open_table(tmp_path / "list.csv"), Columns(), outcome=None, on=ON) is None
