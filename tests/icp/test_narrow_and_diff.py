"""Narrower profiles, and what a change of profile does to a list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icptest.errors import InputError
from icptest.icp.columns import Columns
from icptest.icp.criteria import parse_criterion
from icptest.icp.definition_keys import definition_from_mapping
from icptest.icp.definition_text import render_definition
from icptest.icp.diff import change_of
from icptest.icp.match import match_table
from icptest.icp.narrow import is_usual, narrower, narrowing_of
from icptest.toml_keys import parse_toml
from tests.icp.lists import profile, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.icp.definition import Definition

ON = date(2026, 11, 27)
LOOSE = "[firmographic]\nindustry='Software'\n[technographic]\nuses_any=['HubSpot','Salesforce']\n"


def tighter(*added: str) -> Definition:
    """Return the loose profile with more asked."""
    criteria = [parse_criterion(text, option="--add") for text in added]
    return narrower(profile(LOOSE, "loose"), criteria, name="narrow", reviewed_on=ON)


def test_a_narrower_profile_asks_everything_and_more() -> None:
    """The filters of the loose one, then the added ones; its file says the same."""
    narrow = tighter("uses:HubSpot", "hired:VP Sales<90d", "not industry:Staffing")
    assert [str(one) for one in narrow.filters] == [
        "industry:Software",
        "uses:HubSpot|Salesforce",
        "uses:HubSpot",
        "hired:VP Sales<90d",
    ]
    again = definition_from_mapping(
        parse_toml(render_definition(narrow)), file="n.toml", name="narrow"
    )
    assert (again.filters, again.disqualifiers) == (narrow.filters, narrow.disqualifiers)
    assert (again.version, again.reviewed_on) == (1, ON)


def test_several_lists_of_tools_are_each_asked() -> None:
    """One of HubSpot and Salesforce, and one of Apollo and Outreach: a file keeps both."""
    narrow = tighter("uses:Apollo|Outreach", "uses:Stripe")
    text = render_definition(narrow)
    again = definition_from_mapping(parse_toml(text), file="n.toml", name="narrow")
    assert {str(one) for one in again.filters} == {str(one) for one in narrow.filters}


@pytest.mark.parametrize(
    "added", ["industry:Retail", "uses:HubSpot|Salesforce", "industry:Software"]
)
def test_what_is_asked_already_is_refused(added: str) -> None:
    """A file has one line for the industry; the same tools twice ask nothing new."""
    with pytest.raises(InputError, match="criterion-twice"):
        tighter(added)


@pytest.mark.parametrize(
    ("added", "usual"),
    [
        (("uses:A", "hired:B<90d"), True),
        (("uses:A", "uses:B", "raised:<90d"), True),
        (("uses:A",), False),
        (("uses:A", "employees:50-250"), False),
        (("uses:A", "uses:B", "uses:C", "uses:D"), False),
    ],
)
def test_the_protocol_adds_two_or_three(added: tuple[str, ...], usual: bool) -> None:
    """Technographic or behavioural filters (icp-list-test-protocol)."""
    assert is_usual([parse_criterion(text, option="--add") for text in added]) is usual


def test_what_is_left_and_the_ceiling(tmp_path: Path) -> None:
    """Of 8 in the loose profile 2 are left: a quarter, so the lift is 4 at most."""
    rows = [("Software", "HubSpot; Apollo" if n < 2 else "HubSpot") for n in range(8)]
    table = table_of(tmp_path, "Industry,Tools", [*rows, ("Retail", "HubSpot")])
    found = narrowing_of(
        profile(LOOSE), tighter("uses:Apollo"), table, Columns(), on=ON, ends_on=ON
    )
    assert (found.loose.n_in, found.narrow.n_in) == (8, 2)
    assert (found.share, found.ceiling) == (0.25, 4)


def test_a_profile_that_leaves_nobody_names_the_filter(tmp_path: Path) -> None:
    """The error says how many there were, and which filter none of them meets."""
    table = table_of(tmp_path, "Industry,Tools", [("Software", "HubSpot")] * 3)
    with pytest.raises(InputError) as caught:
        narrowing_of(profile(LOOSE), tighter("uses:Apollo"), table, Columns(), on=ON, ends_on=ON)
    assert caught.value.code == "icp-narrow-empty"
    assert (caught.value.facts["criterion"], caught.value.facts["before"]) == ("uses:Apollo", 3)


def test_a_change_says_who_enters_and_who_leaves(tmp_path: Path) -> None:
    """One stays, one leaves by its size, one enters that was out by its industry."""
    old = profile("[firmographic]\nindustry='Software'\n", "old")
    new = profile("[firmographic]\nemployees='50-250'\n", "new")
    rows = [("Software", "100"), ("Software", "5"), ("Retail", "100"), ("Retail", "5"), ("", "60")]
    table = table_of(tmp_path, "Industry,Employees", rows)
    kept: list[tuple[str, bool]] = []
    change = change_of(
        old,
        new,
        table,
        Columns(),
        on=ON,
        keep=lambda cells, enters: kept.append((cells[1], enters)),
    )
    assert (change.n_entered, change.n_left, change.n(True, True)) == (2, 1, 1)
    assert {str(one): n for one, n in change.left_by.items()} == {"employees:50-250": 1}
    assert {str(one): n for one, n in change.entered_by.items()} == {"industry:Software": 2}
    assert [str(one) for one in (*change.added, *change.removed)] == [
        "employees:50-250",
        "industry:Software",
    ]
    assert kept == [("5", False), ("100", True), ("60", True)]


_rows = st.lists(
    st.tuples(
        st.sampled_from(["Software", "Retail", ""]),
        st.sampled_from(["5", "100", "201-500", ""]),
        st.sampled_from(["HubSpot", "Salesforce; Apollo", ""]),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_rows)
def test_a_change_agrees_with_two_matches(tmp_path: Path, rows: list[Any]) -> None:
    """Who was in and is in are those that `match` finds; a narrower profile lets nobody enter."""
    rows = [*filter(any, rows), ("Software", "100", "HubSpot; Apollo")]  # blank lines are no rows
    table = table_of(tmp_path, "Industry,Employees,Tools", rows)
    old, new = profile(LOOSE), tighter("uses:Apollo", "employees:50-250")
    before, after = (match_table(one, table, Columns(), on=ON) for one in (old, new))
    change = change_of(old, new, table, Columns(), on=ON)
    assert sum(n for (was, _), n in change.fates.items() if was) == before.n_in
    assert sum(n for (_, now), n in change.fates.items() if now) == after.n_in
    assert sum(change.fates.values()) == len(rows)
    assert change.n_entered == 0
    assert sum(change.left_by.values()) == change.n_left == before.n_in - after.n_in
