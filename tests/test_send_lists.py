"""What is uploaded to the outreach tool."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from icptest.contacts import read_contacts
from icptest.draw import draw_arms
from icptest.experiment import Arm
from icptest.send_lists import harmless, write_send_lists

if TYPE_CHECKING:
    from pathlib import Path


def send_lists(folder: Path, control: str, segment: str) -> dict[str, list[dict[str, str]]]:
    """Draw everyone of two lists and return the rows of the files that are written."""
    lists = {}
    for arm, text in ((Arm.CONTROL, control), (Arm.SEGMENT, segment)):
        path = folder / f"{arm}.csv"
        path.write_text(text, encoding="utf-8")
        lists[arm] = read_contacts(path)
    drawn = draw_arms(
        control=lists[Arm.CONTROL],
        segment=lists[Arm.SEGMENT],
        size=1,
        control_size=1,
        seed=3,
        take_all=True,
    )
    paths = write_send_lists(
        folder / "send",
        drawn,
        experiment="q4-icp",
        seed=3,
        headers={arm: lists[arm].header for arm in Arm},
    )
    assert {f"send-{name}.csv" for name in paths} == {path.name for path in paths.values()}
    files = {}
    for name, path in paths.items():
        assert path.stat().st_mode & 0o777 == 0o600
        with path.open(encoding="utf-8", newline="") as file:
            files[name] = list(csv.DictReader(file))
    assert (folder / "send").stat().st_mode & 0o777 == 0o700
    return files


CONTROL = "Email,Phone,City\nada@acme.example,+1 (415) 555-2671,Paris\nbob@beta.example,,Rome\n"
SEGMENT = "Email,Title\neve@gamma.example,CEO\nmia@delta.example,=1+1\n"


def test_every_column_of_the_input_and_three_of_our_own(tmp_path: Path) -> None:
    """send-both has no arm column: nobody in the tool sees who is who."""
    files = send_lists(tmp_path, CONTROL, SEGMENT)
    own = ["icptest_experiment", "icptest_arm", "icptest_batch"]
    assert ["Email", "Phone", "City", *own] == list(files["control"][0])
    assert ["Email", "Title", *own] == list(files["segment"][0])
    assert ["Email", "Phone", "City", "Title", own[0], own[2]] == list(files["both"][0])
    assert {("q4-icp", "control", "1")} == {
        tuple(row[name] for name in own) for row in files["control"]
    }
    assert {"segment"} == {row["icptest_arm"] for row in files["segment"]}


def test_the_files_hold_the_same_people(tmp_path: Path) -> None:
    """Both arms together are in send-both, each person with the cells of the own list."""
    files = send_lists(tmp_path, CONTROL, SEGMENT)
    both = {row["Email"]: row for row in files["both"]}
    assert {row["Email"] for name in ("control", "segment") for row in files[name]} == set(both)
    assert both["ada@acme.example"]["City"] == "Paris"
    assert both["ada@acme.example"]["Title"] == ""
    assert both["eve@gamma.example"]["Title"] == "CEO"


def test_one_column_for_what_two_lists_name_differently(tmp_path: Path) -> None:
    """An upload maps one e-mail column: "Email" of one list and "work_email" of the other."""
    files = send_lists(
        tmp_path,
        "Email,job title,First Name\nada@acme.example,CEO,Ada\n",
        "first_name,work_email,Title,Notes\nEve,eve@gamma.example,VP,hi\n",
    )
    rows = {row["Email"]: row for row in files["both"]}
    assert list(files["both"][0])[:4] == ["Email", "job title", "First Name", "Notes"]
    eve = rows["eve@gamma.example"]
    assert (eve["job title"], eve["First Name"], eve["Notes"]) == ("VP", "Eve", "hi")
    assert "work_email" in files["segment"][0]


def test_two_columns_of_one_list_stay_two(tmp_path: Path) -> None:
    """Columns of one list are never merged, not even when their names differ in case only."""
    files = send_lists(
        tmp_path,
        "Email,Note,note\nada@acme.example,a,b\n",
        "email,NOTE\neve@gamma.example,c\n",
    )
    rows = {row["Email"]: row for row in files["both"]}
    assert (rows["ada@acme.example"]["Note"], rows["ada@acme.example"]["note"]) == ("a", "b")
    assert "c" in rows["eve@gamma.example"].values()
    assert list(files["both"][0]) == [
        "Email",
        "Note",
        "note",
        "icptest_experiment",
        "icptest_batch",
    ]


def test_a_name_that_stands_for_something_else_in_control_stays_apart(tmp_path: Path) -> None:
    """The segment's "title" is control's "Job Title"; its own "Job Title" is another column."""
    files = send_lists(
        tmp_path,
        "Email,Job Title\nada@acme.example,CEO\n",
        "Email,title,Job Title\neve@gamma.example,VP,old\n",
    )
    eve = next(row for row in files["both"] if row["Email"] == "eve@gamma.example")
    assert (eve["Job Title"], eve["Job Title (new list)"]) == ("VP", "old")
    assert list(files["segment"][0])[:3] == ["Email", "title", "Job Title"]


@pytest.mark.parametrize("said", [True, False])
def test_columns_a_person_named_are_matched_where_they_are_said(tmp_path: Path, said: bool) -> None:
    """Unusual names are matched by what they hold when `roles` says so, else by name alone."""
    lists = {}
    for arm, text in (
        (Arm.CONTROL, "Kontakt\nada@acme.example\n"),
        (Arm.SEGMENT, "Adresse\neve@gamma.example\n"),
    ):
        path = tmp_path / f"{arm}.csv"
        path.write_text(text, encoding="utf-8")
        lists[arm] = read_contacts(path, named={"email": [text.partition("\n")[0]]})
    drawn = draw_arms(
        control=lists[Arm.CONTROL], segment=lists[Arm.SEGMENT], size=1, control_size=1, seed=3
    )
    paths = write_send_lists(
        tmp_path / "send",
        drawn,
        experiment="q4",
        seed=3,
        headers={arm: lists[arm].header for arm in Arm},
        roles={arm: lists[arm].roles for arm in Arm} if said else None,
    )
    header = paths["both"].read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert header[:-2] == (["Kontakt"] if said else ["Kontakt", "Adresse"])


def test_a_list_that_was_sent_before_loses_its_old_marks(tmp_path: Path) -> None:
    """The columns of an earlier test would name the wrong test and give the arms away."""
    files = send_lists(
        tmp_path,
        "Email,icptest_arm,Icptest_Experiment,icptest_batch\nada@acme.example,segment,old,1\n",
        "icptest_experiment,Email\nold,eve@gamma.example\n",
    )
    assert list(files["both"][0]) == ["Email", "icptest_experiment", "icptest_batch"]
    assert {"q4-icp"} == {row["icptest_experiment"] for row in files["both"]}
    assert [row["icptest_arm"] for row in files["control"]] == ["control"]
    assert "old" not in {value for row in files["control"] for value in row.values()}


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1", "=HYPERLINK(1)", "\n="],
)
def test_a_formula_is_made_harmless(cell: str) -> None:
    """A spreadsheet shows it instead of running it."""
    assert f"'{cell}" == harmless(cell)


@pytest.mark.parametrize(
    "cell",
    ["+1 (415) 555-2671", "+49.30.123", "-12.5", "-", "", "Ada", "a=b", "1-2", "ada@acme.example"],
)
def test_a_phone_number_and_a_number_are_kept(cell: str) -> None:
    """What begins with a sign by right goes out as it came."""
    assert cell == harmless(cell)


def test_formulas_are_harmless_in_every_file(tmp_path: Path) -> None:
    """Cells and column names alike, while phone numbers stay dialable."""
    files = send_lists(tmp_path, CONTROL.replace("City", "=City"), SEGMENT)
    cells = {cell for rows in files.values() for row in rows for cell in [*row, *row.values()]}
    assert {"'=1+1", "'=City", "+1 (415) 555-2671"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
