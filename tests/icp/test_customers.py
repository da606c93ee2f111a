"""Customers: one account per company, who left, and who are the best."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.errors import InputError
from icptest.icp.best import Best, _shares, choose_best, measures_asked
from icptest.icp.columns import Columns
from icptest.icp.customers import MEASURES, Churn, Customers, read_customers
from icptest.icp.fields import Field
from tests.icp.lists import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ON = date(2026, 11, 27)


def read(folder: Path, header: str, rows: Sequence[Sequence[object]]) -> Customers:
    """Read a file of customers."""
    return read_customers(table_of(folder, header, rows), Columns(), on=ON)


def best(customers: Customers, asked: int = 15, measures: Sequence[Field] = MEASURES) -> Best:
    """Choose the best."""
    return choose_best(customers, asked=asked, measures=measures, file="customers.csv")


def names(found: Best) -> list[str]:
    """Return their names."""
    return [one.name for one in found.accounts]


def test_rows_of_a_company_make_one_account(tmp_path: Path) -> None:
    """By domain, whatever the host or the address; only without one by name, not by legal form."""
    found = read(
        tmp_path,
        "Company,Website,Email,Tools",
        [
            ["Acme", "https://www.acme.example/about", "", "HubSpot"],
            ["Acme Inc", "", "ann@mail.acme.example", "Segment"],
            ["Acme", "", "bob@gmail.com", "Apollo"],
            ["ACME, Inc.", "", "", "HubSpot"],
            ["Beta", "beta.example:8080", "", ""],
        ],
    )
    assert [one.name for one in found.accounts] == ["Acme", "Acme", "Beta"]
    assert found.accounts[0].keys == ("acme.example", "acme")
    assert found.accounts[0].cells[3] == "HubSpot; Segment"
    assert (found.n_rows, found.n_merged) == (5, 2)


def test_deals_add_up_and_what_is_said_twice_counts_once(tmp_path: Path) -> None:
    """Two deals of one company are worth their sum; two people say one worth twice."""
    found = read(
        tmp_path,
        "Company,LTV,Days to close,Tenure",
        [
            ["Acme", "1,000", "10", "5"],
            ["Acme", "500", "20", "9"],
            ["Beta", 7, 3, 1],
            ["Beta", 7, 3, 1],
        ],
    )
    acme, beta = found.accounts
    assert acme.measures == {Field.LTV: 1500, Field.DAYS_TO_CLOSE: 15, Field.TENURE: 9}
    assert beta.measures == {Field.LTV: 7, Field.DAYS_TO_CLOSE: 3, Field.TENURE: 1}


def test_tenure_and_days_to_close_come_from_dates(tmp_path: Path) -> None:
    """From the purchase to today, or to the day they left; from the first touch to the close."""
    found = read(
        tmp_path,
        "Company,Opened on,Customer since,Churned on",
        [
            ["Acme", "2026-10-01", "2026-11-07", ""],
            ["Beta", "2026-10-20", "2026-11-07", "2026-11-17"],
        ],
    )
    acme, beta = found.accounts
    assert acme.measures == {Field.TENURE: 20, Field.DAYS_TO_CLOSE: 37}
    assert beta.measures[Field.TENURE] == 10
    assert found.sources[Field.TENURE] == "days since Customer since"


def test_a_churn_flag_and_date_that_disagree_are_said(tmp_path: Path) -> None:
    """Neither is picked: a date with "no", "yes" without a date; a date ahead is no churn."""
    found = read(
        tmp_path,
        "Company,Churn flag,Churn date,LTV",
        [
            ["Stays", "FALSE", "", 1],
            ["Left", "TRUE", "2026-10-01", 9],
            ["Torn", "FALSE", "2026-10-01", 9],
            ["Undated", "TRUE", "", 9],
            ["Ahead", "no", "2027-01-31", 2],
            ["Unsaid", "", "", 3],
        ],
    )
    churn = [one.churn for one in found.accounts]
    assert churn == [
        *(Churn.STAYED, Churn.LEFT, Churn.DISAGREES, Churn.DISAGREES),
        *(Churn.STAYED, Churn.STAYED),
    ]
    chosen = best(found)
    assert names(chosen) == ["Unsaid", "Ahead", "Stays"]
    assert (chosen.n_left, chosen.n_disagree) == (1, 2)


def test_the_mean_of_the_ranks_decides(tmp_path: Path) -> None:
    """Of the days to close few are better; whoever lacks a number stands in its middle."""
    found = read(
        tmp_path,
        "Company,LTV,Days to close",
        [["A", 10, 10], ["B", 30, 30], ["C", 20, ""], ["D", 5, 40]],
    )
    # LTV ranks 1/3, 1, 2/3, 0; days 1, .5, (.5), 0: means .67, .75, .58, 0.
    assert names(best(found, 3)) == ["B", "A", "C"]
    chosen = best(found, 3)
    assert chosen.missing == {Field.LTV: 0, Field.DAYS_TO_CLOSE: 1}
    assert chosen.without_column == (Field.TENURE, Field.EXPANSION, Field.REFERRALS)
    assert names(best(found, 1, [Field.DAYS_TO_CLOSE])) == ["A"]


def test_ties_at_the_end_are_counted(tmp_path: Path) -> None:
    """Who is as good as the last one chosen is said to have been left out."""
    found = read(tmp_path, "Company,LTV", [["A", 9], ["B", 5], ["C", 5], ["D", 5], ["E", 1]])
    chosen = best(found, 2)
    assert (names(chosen), chosen.n_tied) == (["A", "B"], 2)


def test_without_a_measure_few_customers_all_count(tmp_path: Path) -> None:
    """Up to 30 are the best by being there; of more the file must say which."""
    few = read(tmp_path, "Company,Tools", [[f"C{i}", ""] for i in range(30)])
    assert len(best(few).accounts) == 30
    many = read(tmp_path, "Company,Tools", [[f"C{i}", ""] for i in range(31)])
    with pytest.raises(InputError) as caught:
        best(many)
    assert caught.value.code == "icp-no-measure"
    assert '"ltv"' in str(caught.value.facts["wanted"])


def test_no_customer_and_none_left_are_refused(tmp_path: Path) -> None:
    """A file without rows, and one whose customers all left."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, "Company,LTV", [])
    assert caught.value.code == "icp-no-customers"
    gone = read(tmp_path, "Company,Churned", [["A", "yes"]])
    with pytest.raises(InputError) as caught:
        best(gone)
    assert caught.value.code == "icp-all-churned"


def test_measures_are_named_in_any_spelling() -> None:
    """Each once, in the order typed; what is none is refused with the nearest."""
    assert measures_asked("Days_to_close, ltv,ltv", option="--best-by") == (
        Field.DAYS_TO_CLOSE,
        Field.LTV,
    )
    assert measures_asked(None, option="--best-by") == MEASURES
    with pytest.raises(InputError) as caught:
        measures_asked("tenur", option="--best-by")
    assert (caught.value.code, caught.value.facts["nearest"]) == ("unknown-measure", "tenure")


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_ranks_share_their_mean(values: list[int]) -> None:
    """Ranks lie in [0, 1], average a half, and equal values have equal ones."""
    found = _shares([float(value) for value in values])
    assert sum(found) == pytest.approx(len(values) / 2)
    assert all(0.0 <= one <= 1.0 for one in found)
    by = dict(zip(values, found, strict=True))
    assert [by[value] for value in values] == found
    assert sorted(by) == sorted(by, key=by.__getitem__)
