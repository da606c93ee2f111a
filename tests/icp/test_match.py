"""Who of a list is in, out, or not known; which signal counts on the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icptest.errors import InputError
from icptest.icp.binding import bind
from icptest.icp.columns import Columns, columns_said
from icptest.icp.fields import USUAL_NAMES, Field
from icptest.icp.match import fate_of, match_table
from tests.icp.lists import profile, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.icp.match import Funnel

ON = date(2026, 11, 30)
THREE = (
    "[firmographic]\nindustry='Software'\nemployees='50-250'\n[technographic]\nuses_any='HubSpot'\n"
)


def funnel_of(folder: Path, text: str, header: str, rows: Any, **more: Any) -> Funnel:
    """Match some rows against some lines of a definition."""
    return match_table(profile(text), table_of(folder, header, rows), Columns(), on=ON, **more)


def test_the_funnel_counts_every_row_once(tmp_path: Path) -> None:
    """Nine rows by hand: 2 in, 2 not known, the others out at the first filter that says no."""
    rows = [
        ("Software", "100", "HubSpot"),  # in
        ("Computer Software", "51-200", "Stripe; HubSpot CRM"),  # in
        ("Retail", "100", "HubSpot"),  # out: industry
        ("Retail", "5", ""),  # out: industry
        ("Software", "5", "HubSpot"),  # out: employees
        ("Software", "100", "Stripe"),  # out: tools
        ("", "100", "Stripe"),  # industry not told, but out: tools
        ("Software", "", "HubSpot"),  # not known
        ("", "201-500", "HubSpot"),  # not known
    ]
    funnel = funnel_of(tmp_path, THREE, "Industry,# Employees,Technologies", rows)
    assert (funnel.n_rows, funnel.n_in, funnel.n_unknown, funnel.n_out) == (9, 2, 2, 5)
    assert [(step.left, step.out, step.untold) for step in funnel.steps] == [
        (5, 2, 2),
        (3, 1, 1),
        (2, 2, 0),
    ]
    assert funnel.steps[-1].left == funnel.n_in


def test_a_disqualifier_takes_out_whom_it_is_told_of(tmp_path: Path) -> None:
    """Who runs the tool is out; where no tools are told the row stays in, and is counted."""
    rows = [("A", "Marketo"), ("B", "HubSpot"), ("C", "")]
    funnel = funnel_of(tmp_path, "[technographic]\nuses_none='Marketo'\n", "Company,Tools", rows)
    assert (funnel.n_in, funnel.n_unknown) == (2, 0)
    assert [(step.out, step.untold) for step in funnel.steps] == [(1, 1)]


@pytest.mark.parametrize(
    ("hired_on", "title", "fate"),
    [
        ("2026-11-01", "VP Sales", "in"),
        ("2026-09-01", "VP Sales", "in"),  # 90 days before 30 Nov
        ("2026-08-31", "VP Sales", "out"),  # 91 days
        ("2026-12-01", "VP Sales", "unknown"),  # lies ahead
        ("", "VP Sales", "unknown"),
        ("2026-11-01", "CTO", "out"),
        ("2026-11-01", "", "unknown"),
        ("2020-01-01", "", "out"),  # too long ago, whoever it was
        ("", "", "unknown"),
        ("soon", "VP Sales", "unknown"),
    ],
)
def test_an_event_is_judged_on_the_day_of_sending(
    tmp_path: Path, hired_on: str, title: str, fate: str
) -> None:
    """Within 90 days of 30 Nov 2026 is from 1 Sep on (by hand: 29 + 31 + 30 days)."""
    text = "[[behavioral]]\ndid='hired'\nwhat='VP Sales'\nwithin_days=90\n"
    rows = [("A", hired_on, title), ("B", "2026-11-02", "VP Sales")]
    funnel = funnel_of(tmp_path, text, "Company,Hired On,Hired Title", rows)
    counts = {"in": funnel.n_in - 1, "out": funnel.n_out, "unknown": funnel.n_unknown}
    assert counts == {one: int(one == fate) for one in counts}


def test_a_signal_expires_with_its_shelf_life(tmp_path: Path) -> None:
    """Funding counts for 30 days, its last day included; the latest event is the one told."""
    text = (
        "[[trigger]]\nevent='funding'\nwhat='Series B'\n"
        "[[trigger]]\nevent='launch'\nshelf_life_days=10\n"
    )
    header = "Company,Last Raised At,Latest Funding,Launch Date"
    rows = [
        ("last day", "2026-10-31", "Series B", ""),
        ("gone", "2026-10-30", "Series B", ""),
        ("other round", "2026-11-20", "Seed", ""),
        ("both", "2026-11-20", "Series B", "2026-11-25"),
        ("old launch", "", "", "2026-11-19"),
    ]
    kept: dict[str, Any] = {}
    funnel = funnel_of(
        tmp_path,
        text,
        header,
        rows,
        ends_on=date(2026, 12, 6),
        keep=lambda cells, signal, _: kept.update({cells[0]: signal}),
    )
    assert {name: signal and signal.name for name, signal in kept.items()} == {
        "last day": "funding: Series B",
        "gone": None,
        "other round": None,
        "both": "launch",
        "old launch": None,
    }
    assert kept["last day"].expires_on == ON
    assert kept["both"].expires_on == date(2026, 12, 5)
    # Both are over before the 6th of December.
    assert (funnel.n_signal, funnel.n_expiring) == (2, 2)


def test_dates_in_figures_are_decided_for_the_whole_column(tmp_path: Path) -> None:
    """One 25/11 makes 04/11 the fourth of November; without one the column is refused."""
    text = "[[behavioral]]\ndid='raised'\nwithin_days=30\n"
    rows = [("04/11/2026",), ("25/11/2026",), ("11/04/2026",)]
    funnel = funnel_of(tmp_path, text, "Last Raised At", rows)
    assert (funnel.n_in, funnel.n_out) == (2, 1)
    with pytest.raises(InputError, match="undecidable-dates"):
        funnel_of(tmp_path, text, "Last Raised At", rows[:1])


def test_a_filter_without_a_column_is_refused(tmp_path: Path) -> None:
    """Nobody could be known to be in: the message names the field and the columns there are."""
    with pytest.raises(InputError) as caught:
        funnel_of(tmp_path, THREE, "Industry,Head Count Band,Technologies", [("a", "b", "c")])
    assert caught.value.code == "icp-column-missing"
    assert caught.value.facts["field"] == "employees"
    assert "Head Count Band" in caught.value.facts["columns"]


def test_a_column_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Employees that are words in every row are no employees."""
    rows = [("Software", "a few", "HubSpot"), ("Software", "", "HubSpot")]
    with pytest.raises(InputError) as caught:
        funnel_of(tmp_path, THREE, "Industry,Employees,Technologies", rows)
    assert (caught.value.code, caught.value.facts["value"]) == ("icp-column-unfit", "a few")


def test_what_was_said_of_columns_comes_first(tmp_path: Path) -> None:
    """A named column wins over a usual one, whatever its case and signs."""
    columns = Columns().saying(columns_said(["employees=team_size"]))
    table = table_of(tmp_path, "Employees,Team Size", [("5", "100")])
    funnel = match_table(profile("[firmographic]\nemployees='50-250'"), table, columns, on=ON)
    assert funnel.n_in == 1


def test_every_field_has_usual_names_that_differ() -> None:
    """No field lists a name twice, and each is spelt as names are compared."""
    for field in Field:
        names = USUAL_NAMES[field]
        assert len(set(names)) == len(names) > 0
        assert all(name == " ".join(name.casefold().split()) for name in names)


_rows = st.lists(
    st.tuples(
        st.sampled_from(["Software", "Retail", "", "n/a"]),
        st.sampled_from(["5", "100", "51-200", "201-500", "0", "x", ""]),
        st.sampled_from(["HubSpot", "Marketo; HubSpot", "Stripe", ""]),
        st.integers(0, 200).map(lambda days: f"{ON - timedelta(days=days):%Y-%m-%d}") | st.just(""),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_rows)
def test_the_funnel_agrees_with_judging_one_by_one(tmp_path: Path, rows: list[Any]) -> None:
    """Every row is in, out or not known; the funnel counts what `fate_of` says of each."""
    text = (
        f"{THREE}uses_none='Marketo'\n"
        "[[behavioral]]\ndid='raised'\nwithin_days=90\n[[trigger]]\nevent='funding'\n"
    )
    rows = [*rows, ("Software", "100", "HubSpot", f"{ON}")]
    table = table_of(tmp_path, "Industry,Employees,Tools,Last Raised At", rows)
    definition = profile(text)
    kept: list[bool] = []
    funnel = match_table(
        definition, table, Columns(), on=ON, keep=lambda _cells, _signal, is_in: kept.append(is_in)
    )
    judges = bind(definition, table, Columns(), ON).judges
    fits = [fate_of(judges, row.cells)[0] for row in table.rows()]  # type: ignore[union-attr]
    assert (funnel.n_in, funnel.n_unknown, funnel.n_out) == (
        fits.count(True),
        fits.count(None),
        fits.count(False),
    )
    assert kept == [fit is True for fit in fits if fit is not False]
    assert sum(step.out for step in funnel.steps) == funnel.n_out
    lefts = [funnel.n_rows, *(step.left for step in funnel.steps)]
    assert lefts == sorted(lefts, reverse=True)
    assert lefts[-1] == funnel.n_in


@pytest.mark.parametrize(
    ("header", "cells", "text"),
    [
        ("Company,Revenue (in 000s USD)", ("A", "9000"), "[firmographic]\nrevenue='5M-25M'\n"),
        (
            "Company,Revenue Range (in USD)",
            ("A", "$5 mil. - $10 mil."),
            "[firmographic]\nrevenue='5M-25M'\n",
        ),
        ("Company name,Country/Region", ("A", "Canada"), "[firmographic]\ngeography='Canada'\n"),
        (
            "Unternehmen,Branche,Anzahl der Mitarbeiter",
            ("A", "SaaS", "1.200"),
            "[firmographic]\nindustry='SaaS'\nemployees='1000-1500'\n",
        ),
        (
            "Unternehmen,Land,Jahresumsatz",
            ("A", "Deutschland", "3 Mio. \u20ac"),
            "[firmographic]\ngeography='DACH'\nrevenue='1M-5M'\n",
        ),
    ],
)
def test_the_columns_of_data_providers_are_known(
    tmp_path: Path, header: str, cells: tuple[str, ...], text: str
) -> None:
    """ZoomInfo counts revenue in thousands; HubSpot and a German export have names of their own."""
    assert funnel_of(tmp_path, text, header, [cells]).n_in == 1
