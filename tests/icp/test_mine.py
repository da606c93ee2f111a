"""Mining: what is planted is found, what is not is not, and counts are those of `icp match`."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from icptest.errors import InputError
from icptest.icp.columns import Columns
from icptest.icp.customers import MEASURES, read_customers
from icptest.icp.draft import draft_definition, draft_filters
from icptest.icp.match import match_table
from icptest.icp.mine import Mined, mine
from icptest.icp.pattern import ALPHA, Luck
from icptest.icp.questions import before_purchase, committee_of, referrals_of
from icptest.icp.shared import LeftOut
from icptest.reading import open_table
from tests.icp.lists import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from icptest.icp.customers import Account
    from icptest.reading.records import Table

ON = date(2026, 11, 27)
HEADER = "Company,Website,Industry,Employees,Country,Tools,Founded,Hired On,Hired"
OF_CUSTOMERS = f"{HEADER},LTV,Customer since"
INDUSTRIES = ("SaaS", "Retail", "Logistics", "Healthcare", "Education")
COUNTRIES = ("United States", "Germany", "France", "Brazil")
TOOLS = ("HubSpot", "Salesforce", "Apollo", "Segment", "Stripe")
Row = list[object]


def numbers(seed: int) -> random.Random:
    """Return random numbers that are the same in every run."""
    return random.Random(seed)  # noqa: S311 - no secret


def company(rng: random.Random, number: int) -> Row:
    """Return a row of a market in which nothing depends on anything."""
    hired_on = ON - timedelta(days=rng.randint(0, 720))
    return [
        f"Company {number}",
        f"https://c{number}.example",
        rng.choice(INDUSTRIES) if rng.random() < 0.9 else "",
        round(rng.lognormvariate(4.5, 1.2)) + 1,
        rng.choice(COUNTRIES),
        "; ".join(rng.sample(TOOLS, rng.randint(0, 3))),
        rng.randint(1985, 2024),
        hired_on.isoformat() if rng.random() < 0.6 else "",
        rng.choice(("VP Sales", "CTO", "CFO")),
    ]


def customer(row: Row, worth: int, *, hired: int | None = None) -> Row:
    """Return a company that bought on 1 June, and hired so many days before."""
    bought = date(2026, 6, 1)
    when = (bought - timedelta(days=hired)).isoformat() if hired is not None else ""
    return [*row[:7], when, row[8], worth, bought.isoformat()]


def tables(
    folder: Path, customers: Sequence[Row], market: Sequence[Row], header: str = OF_CUSTOMERS
) -> tuple[Table, Table]:
    """Write both files and open them."""
    (folder / "c").mkdir(exist_ok=True)
    return table_of(folder / "c", header, customers), table_of(folder, HEADER, market)


def accounts_of(table: Table) -> tuple[Account, ...]:
    """Return the accounts of a file of customers."""
    return read_customers(table, Columns(), on=ON).accounts


def mined(customers: Table, market: Table, *, draws: int = 1000, best: int = 15) -> Mined:
    """Mine for 27 November 2026."""
    return mine(customers, market, Columns(), n_best=best, measures=MEASURES, on=ON, draws=draws)


def planted(folder: Path, *, apart: bool) -> tuple[Table, Table]:
    """Return 40 customers of whom the 15 most valuable run HubSpot and have 50 to 250 people.

    Args:
        folder: Where the files go.
        apart: Whether the market does not have the customers.
    """
    rng = numbers(11)
    market = [company(rng, number) for number in range(1500)]
    best = [company(rng, number) for number in range(5000, 5015)]
    for row in best[:13]:
        row[3], row[5] = rng.randint(50, 250), "Stripe; HubSpot"
    others = [company(rng, number) for number in range(6000, 6025)]
    rows = [customer(row, 9000 - place, hired=300) for place, row in enumerate([*best, *others])]
    return tables(folder, rows, market if apart else [*market, *best, *others])


@pytest.mark.parametrize("apart", [True, False])
def test_a_planted_pattern_is_found(tmp_path: Path, apart: bool) -> None:
    """Tool and band, whether the market has the customers or not; the draft has both."""
    found = mined(*planted(tmp_path, apart=apart))
    certain = [one.finding for one in found.singles if one.finding.luck is not Luck.COULD_BE]
    said = {str(one.criteria[0]): one for one in certain}
    # Stripe too, of the same thirteen: it is another tool, and the market tells them apart.
    assert {"uses:HubSpot", "uses:Stripe"} <= set(said)
    assert said["uses:HubSpot"].best.having >= 13
    (band,) = [span for one in certain for span in one.criteria[0].spans]
    # The cuts are round numbers, so the band is near 50 to 250, and its own 13 are in it.
    assert 30 <= band.low <= 60
    assert 150 <= band.high <= 400
    assert found.census.n_contained == (0 if apart else 15)
    assert found.census.n_market == (1500 if apart else 1540)
    draft = draft_filters(found)
    assert {one.subject.word for one in draft.filters} >= {"uses", "employees"}


def test_parts_that_explain_a_pair_are_not_said_again(tmp_path: Path) -> None:
    """HubSpot and the band go together in the best only because both are in nearly all."""
    assert mined(*planted(tmp_path, apart=True)).pairs == ()


def test_a_pair_is_found_that_says_more_than_its_parts(tmp_path: Path) -> None:
    """Of the best 11 are logistics in Brazil, which 5 % are; one alone is in 20 to 25 %."""
    rng = numbers(4)
    market = [company(rng, number) for number in range(2000)]
    rows = [company(rng, number) for number in range(5000, 5015)]
    for place, row in enumerate(rows):
        row[2], row[4] = ("Logistics", "Brazil") if place < 11 else ("Retail", "France")
    found = mined(*tables(tmp_path, [customer(row, 1) for row in rows], market))
    pair = found.pairs[0]
    assert {str(one) for one in pair.criteria} == {"industry:Logistics", "geography:Brazil"}
    assert (pair.best.having, pair.best.known) == (11, 15)


def test_nothing_planted_is_found_no_more_often_than_the_level(tmp_path: Path) -> None:
    """Of 40 files of customers drawn at random at most 5 % show anything, but for counting."""
    n, hits = 40, 0
    for seed in range(n):
        rng = numbers(seed)
        market = [company(rng, number) for number in range(300)]
        rows = [customer(row, 1, hired=rng.randint(0, 700)) for row in rng.sample(market, 15)]
        found = mined(*tables(tmp_path, rows, market), draws=200)
        hits += bool(found.pairs) or found.singles[0].finding.adjusted <= ALPHA
    # Three standard errors of 40 counts at 5 %: 0.05 + 0.103.
    assert hits / n <= ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / n)


def test_counts_are_those_of_match(tmp_path: Path) -> None:
    """A filter that mining counts lets as many of the market through as `icp match` does."""
    customers, market = planted(tmp_path, apart=True)
    found = mined(customers, market)
    draft = draft_filters(found)
    definition = draft_definition(draft, (), name="x", owner="Dana", reviewed_on=ON)
    funnel = match_table(definition, market, Columns(), on=ON)
    assert (funnel.n_rows, funnel.n_in) == (1500, draft.n_market)
    for one in [trait.finding for trait in found.singles]:
        alone = draft_definition(
            type(draft)(filters=one.criteria, n_best=0, n_market=0),
            (),
            name="x",
            owner="Dana",
            reviewed_on=ON,
        )
        funnel = match_table(alone, market, Columns(), on=ON)
        assert (str(one.criteria[0]), funnel.n_in) == (str(one.criteria[0]), one.market.having)


def test_ranges_of_a_provider_are_kept_whole(tmp_path: Path) -> None:
    """The market writes "51-200" and the CRM 120: the band is the provider's, as `match` counts."""
    rng = numbers(3)
    sizes = ("1-10", "11-50", "51-200", "201-500", "501-1,000", "10,001+")
    market = [company(rng, number) for number in range(600)]
    for row in market:
        row[3] = rng.choice(sizes)
    rows = [customer(company(rng, 5000 + n), 1) for n in range(15)]
    for row in rows:
        row[3] = rng.randint(60, 190)
    customers, base = tables(tmp_path, rows, market)
    found = mined(customers, base)
    band = next(one.finding for one in found.singles if one.finding.criteria[0].spans)
    assert (str(band.criteria[0]), band.best.having) == ("employees:51-200", 15)
    assert band.market.having == sum(row[3] == "51-200" for row in market)


def test_words_that_the_market_does_not_use_are_no_pattern(tmp_path: Path) -> None:
    """The CRM's "Fintech" is nowhere in the market: said, not found; nor is ARR a revenue."""
    rng = numbers(3)
    market = [[*company(rng, number), rng.randint(1, 10**7)] for number in range(600)]
    rows = [[*company(rng, 5000 + n), 100 + n, n] for n in range(15)]
    for row in rows:
        row[2] = "Fintech"
    (tmp_path / "c").mkdir()
    customers = table_of(tmp_path / "c", f"{HEADER},ARR,LTV", rows)
    found = mined(customers, table_of(tmp_path, f"{HEADER},Annual Revenue", market))
    assert [str(one.criteria[0]) for one in found.unmatched] == ["industry:Fintech"]
    assert "industry:Fintech" not in {str(one.finding.criteria[0]) for one in found.singles}
    assert draft_filters(found).filters == ()
    assert "revenue" not in {one.subject.word for one in found.shared.columns}


def test_events_are_counted_back_from_the_purchase(tmp_path: Path) -> None:
    """All hired in the 30 days before they bought; of the market 4 % lately: not luck."""
    rng = numbers(8)
    market = [company(rng, number) for number in range(2000)]
    rows = [customer(company(rng, 5000 + n), 1, hired=n) for n in range(15)]
    found = mined(*tables(tmp_path, rows, market))
    event = next(one.finding for one in found.singles if "hired" in str(one.finding.criteria[0]))
    assert (str(event.criteria[0]), event.luck) == ("hired:<30d", Luck.NOT_LUCK)
    assert event.best.having == event.best.known == 15


def test_without_a_purchase_date_events_are_not_looked_at(tmp_path: Path) -> None:
    """Nobody knows before what they hired."""
    rng = numbers(8)
    market = [company(rng, number) for number in range(300)]
    rows = [customer(company(rng, 5000 + n), 1, hired=n)[:-1] for n in range(15)]
    found = mined(*tables(tmp_path, rows, market, header=f"{HEADER},LTV"))
    assert ("Hired On", LeftOut.NO_PURCHASE) in found.shared.left_out


def test_empty_cells_are_in_no_denominator(tmp_path: Path) -> None:
    """Of 15 of whom 5 do not tell their tools, 10 are told."""
    rng = numbers(2)
    market = [company(rng, number) for number in range(500)]
    rows = [customer(company(rng, 5000 + n), 1) for n in range(15)]
    for place, row in enumerate(rows):
        row[5] = "" if place < 5 else "HubSpot"
    found = mined(*tables(tmp_path, rows, market))
    tool = next(
        one.finding for one in found.singles if str(one.finding.criteria[0]) == "uses:HubSpot"
    )
    assert (tool.best.having, tool.best.known) == (10, 10)
    assert tool.market.known == sum(bool(row[5]) for row in market)


def test_rows_of_one_company_count_once_in_the_market_too(tmp_path: Path) -> None:
    """The market lists people; a company is as much as one row says."""
    rng = numbers(2)
    market = [company(rng, number) for number in range(200)]
    rows = [customer(row, 1) for row in market[:15]]
    found = mined(*tables(tmp_path, rows, [*market, *market[:50]]))
    assert (found.census.n_rows, found.census.n_market, found.census.n_merged) == (250, 200, 50)
    assert found.census.n_contained == 15


def test_a_market_of_names_has_a_customer_whatever_its_legal_form(tmp_path: Path) -> None:
    """A customer named Northwind 1, Inc. is the NORTHWIND 1 GmbH of the market."""
    rng = numbers(2)
    market = [company(rng, number) for number in range(200)]
    for number, row in enumerate(market):
        row[0], row[1] = f"NORTHWIND {number} GmbH", ""
    rows = [customer(row, 1) for row in market[:15]]
    for number, row in enumerate(rows):
        row[0] = f"Northwind {number}, Inc."
    found = mined(*tables(tmp_path, rows, market))
    assert (found.census.n_contained, found.census.population) == (15, 200)


def test_names_and_what_a_customer_is_worth_are_no_attributes(tmp_path: Path) -> None:
    """They identify a company, or are what the best were chosen by."""
    rng = numbers(2)
    header = f"{HEADER},LTV,CRM Id,Notes,Segment code word"
    market = [
        [*company(rng, n), n, 1000 + n, f"Note {n} was written by somebody on day {n}", "alpha"]
        for n in range(200)
    ]
    (tmp_path / "c").mkdir()
    customers = table_of(tmp_path / "c", header, market[:15])
    found = mined(customers, table_of(tmp_path, header, market))
    left = dict(found.shared.left_out)
    assert left["Company"] is left["Website"] is left["CRM Id"] is LeftOut.IDENTIFIER
    assert left["LTV"] is LeftOut.CUSTOMER
    assert left["Notes"] in {LeftOut.PROSE, LeftOut.UNIQUE}
    assert "Segment code word" in {one.name for one in found.shared.columns}


@pytest.mark.parametrize(
    ("header", "n_market", "code"),
    [(OF_CUSTOMERS, 10, "icp-base-too-small"), ("Name,LTV", 100, "icp-nothing-shared")],
)
def test_files_that_cannot_be_held_against_each_other(
    tmp_path: Path, header: str, n_market: int, code: str
) -> None:
    """A market smaller than the customers; files that tell nothing of a company in common."""
    rng = numbers(2)
    width = len(header.split(","))
    rows = [customer(company(rng, n), 1)[:width] for n in range(15)]
    market = [company(rng, n) for n in range(n_market)]
    with pytest.raises(InputError) as caught:
        mined(*tables(tmp_path, rows, market, header=header))
    assert caught.value.code == code


def test_who_took_part_and_who_was_referred(tmp_path: Path) -> None:
    """The most common titles; a source that speaks of a referral; an interval that holds 30 %."""
    table = table_of(
        tmp_path,
        "Company,Champion,Signer,Lead source",
        [
            ["A", "Head of Sales", "CFO", "Customer referral"],
            ["B", "head of sales", "", "Outbound"],
            ["C", "RevOps", "CFO", "word of mouth"],
            ["D", "", "", "Not a referral"],
            ["E", "Head of Sales", "CEO", ""],
        ],
    )
    found = accounts_of(table)
    champion, signer = committee_of(found, table, Columns())
    assert (champion.titles[0], champion.known) == (("Head of Sales", 3), 4)
    assert (signer.titles[0], signer.known) == (("CFO", 2), 3)
    referrals = referrals_of(found, table, Columns())
    assert referrals is not None
    assert (referrals.referred, referrals.known) == (2, 4)
    assert referrals.share.low < 0.3 < referrals.share.high


def test_a_column_of_who_referred_says_yes_where_it_names_somebody(tmp_path: Path) -> None:
    """Such a column is empty for whoever came by themselves."""
    table = table_of(tmp_path, "Company,Referred by", [["A", "Acme"], ["B", ""], ["C", "no"]])
    referrals = referrals_of(accounts_of(table), table, Columns())
    assert referrals is not None
    assert (referrals.referred, referrals.known) == (1, 3)


def test_events_that_the_market_does_not_date_are_counted_alone(tmp_path: Path) -> None:
    """What they did in the 90 days before they bought, with nothing to hold it against."""
    rng = numbers(2)
    rows = [customer(company(rng, 5000 + n), 1, hired=20 * n) for n in range(15)]
    customers, _ = tables(tmp_path, rows, [])
    path = tmp_path / "bare.csv"
    lines = ["Company,Industry\n", *(f"M{n},{rng.choice(INDUSTRIES)}\n" for n in range(100))]
    path.write_text("".join(lines), encoding="utf-8")
    found = mined(customers, open_table(path))
    (hired,) = before_purchase(
        found.best.accounts, found.shared.events_of_customers, customers, Columns()
    )
    # 0, 20, 40, 60 and 80 days before.
    assert (hired.having, hired.known) == (5, 15)


def test_a_market_that_counts_revenue_in_thousands_is_held_against_plain_numbers(
    tmp_path: Path,
) -> None:
    """The same revenues, written otherwise, are no pattern; the draft means plain numbers."""
    rng = numbers(5)
    told = [round(rng.lognormvariate(16, 1)) // 1000 for _ in range(400)]
    market = table_of(
        tmp_path,
        "Company,Revenue (in 000s USD),Country",
        [(f"C{place}", number, rng.choice(COUNTRIES)) for place, number in enumerate(told)],
    )
    (tmp_path / "ours").mkdir()
    ours = table_of(
        tmp_path / "ours",
        "Company,Annual Revenue,Country",
        [(f"B{place}", number * 1000, "France") for place, number in enumerate(told[:15])],
    )
    found = mined(ours, market)
    revenue = [
        one
        for trait in found.singles
        if (one := trait.finding).criteria[0].subject.word == "revenue"
    ]
    assert revenue
    assert all(one.luck is Luck.COULD_BE for one in revenue)
    ends = [
        end for one in revenue for span in one.criteria[0].spans for end in (span.low, span.high)
    ]
    assert (
        min(end for end in ends if end > 0) > 1e5
    )  # exp(16) is 8.9 million, less than 1e5 is rare
