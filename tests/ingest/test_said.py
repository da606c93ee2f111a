"""What a person says of a file: it is not said twice in two ways, and never silently ignored."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.world import AFTER, MIDWAY, NAME, POSITIVE, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

AT = ("--exported-at", AFTER)
SPAN = ("--sent-between", "2024-03-04", "2024-03-05")
OTHER_SPAN = ("--sent-between", "2024-03-06", "2024-03-07")
CAMPAIGN = ("--campaign", "Q1")
OTHER_CAMPAIGN = ("--campaign", "Q2")


def _read(world: World, *words: str) -> Result:
    return world.run("ingest", NAME, "leads.csv", *words)


def _oneline(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def leads(world: World) -> World:
    """Return a workspace with an export that tells no times."""
    world.leads(world.story(segment=[POSITIVE]))
    return world


@pytest.mark.parametrize(
    ("first", "second"), [(SPAN, OTHER_SPAN), (CAMPAIGN, OTHER_CAMPAIGN)], ids=["span", "campaign"]
)
def test_another_answer_for_the_same_file_is_refused(
    leads: World, first: Sequence[str], second: Sequence[str]
) -> None:
    """Both would count: nothing is stored, and it is said what stays and what to do."""
    assert _read(leads, *first, *AT).exit_code == 0
    before = leads.verdict()
    done = _read(leads, *second, *AT)
    assert (done.exit_code, done.stdout) == (1, "")
    said = _oneline(done.stderr)
    assert "error[read-otherwise]" in said
    assert f"with {first[0]} " in said
    assert "fix-an-export" in said
    assert before == leads.verdict()
    assert len(leads.json("show", NAME)["files"]) == 1
    assert _read(leads, *first, *AT).exit_code == 0


def test_another_zone_for_the_same_file_is_refused(world: World) -> None:
    """Every event would be there twice, hours apart."""
    story = world.story()
    for fate in story:
        story[fate] = POSITIVE
    path = world.sheet(story)
    path.write_text(path.read_text(encoding="utf-8").replace("Z,", ","), encoding="utf-8")
    words = ("ingest", NAME, path, "--from", "generic", "--yes", *AT)
    assert world.run(*words, "--tz", "America/New_York").exit_code == 0
    done = world.run(*words, "--tz", "Europe/Berlin")
    assert done.exit_code == 1
    assert "with --tz America/New_York; now it is given with --tz Europe/Berlin" in _oneline(
        done.stderr
    )


def test_an_answer_that_was_missing_may_be_added(leads: World) -> None:
    """That is how a verdict that waits for send times gets them."""
    assert _read(leads, *AT).exit_code == 0
    done = _read(leads, *SPAN, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    assert leads.verdict()["arms"]["segment"]["contacted"] == 30


def test_what_stays_is_said(leads: World) -> None:
    """Leaving an option out, or an earlier export time, takes back nothing: it is said."""
    assert _read(leads, *SPAN, *AT).exit_code == 0
    done = _read(leads, "--exported-at", MIDWAY)
    said = _oneline(done.stderr)
    assert done.exit_code == 0
    assert "stays: --sent-between" in said
    assert "--exported-at Wed 13 Mar 2024 08:00 (America/New_York)" in said
    facts = leads.json("ingest", NAME, "leads.csv", "--exported-at", MIDWAY)
    assert facts["files"][0]["cautions"] == ["said-before"]


def test_a_later_time_of_the_same_file_says_that_nothing_changed(leads: World) -> None:
    """No caution: an export taken again, byte for byte, tells of more time."""
    assert _read(leads, *SPAN, "--exported-at", MIDWAY).exit_code == 0
    assert _read(leads, *SPAN, *AT).stderr == ""


def test_a_span_that_ends_after_the_export_is_cut(leads: World) -> None:
    """It is said for whom; on the day of the export itself there is nothing to say."""
    done = _read(leads, "--sent-between", "2024-03-04", "2024-03-20", *AT)
    assert done.exit_code == 0
    assert "--sent-between ends after this export was made" in _oneline(done.stderr)
    world = leads
    world.leads(world.story())  # other bytes, so another file
    done = _read(world, "--sent-between", "2024-03-04", "2024-03-13", *AT)
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_span_that_begins_after_the_export_is_refused(leads: World) -> None:
    """Nobody the export shows as mailed can have been mailed then."""
    done = _read(leads, "--sent-between", "2024-03-14", "2024-03-15", *AT)
    assert done.exit_code == 1
    assert "error[sent-after-the-export]" in done.stderr
    assert leads.json("show", NAME)["files"] == []


def test_a_trial_keeps_no_row(world: World) -> None:
    """A dry run says which rows would be set aside, and not that they are kept anywhere."""
    rows = json.loads(world.statistics(world.story()).read_text(encoding="utf-8"))["data"]
    rows[0]["sent_time"] = "someday"
    path = world.write_json(rows)
    done = world.run("ingest", NAME, path, "--dry-run", *AT)
    assert done.exit_code == 0
    assert "1  set aside: could not be read\n" in done.stdout
    assert "1 row could not be read, and would be set aside:" in done.stderr
    assert "kept" not in done.output
    assert "icptest set-aside" not in done.output


def test_no_address_of_a_file_s_name_is_kept(world: World) -> None:
    """The journal and the list of files hold the masked name."""
    path = world.statistics(world.story(), name="ada@acme.example")
    done = world.run("ingest", NAME, path, *AT)
    assert (done.exit_code, "ada@" in done.output) == (0, False)
    for words in (("show", NAME), ("log",), ("show", NAME, "--json"), ("log", "--json")):
        said = world.run(*words).stdout
        assert "a...@acme.example" in said
        assert "ada@" not in said


def test_the_way_out_draws_the_same_people(leads: World) -> None:
    """The registration under another name is the same draw, and reads the exports afresh."""
    assert _read(leads, *OTHER_SPAN, *AT).exit_code == 0
    again = leads.root / "experiments" / "spring-2"
    shutil.copytree(leads.folder, again)
    file = again / "experiment.toml"
    text = file.read_text(encoding="utf-8")
    assert f'name = "{NAME}"' in text
    file.write_text(text.replace(f'name = "{NAME}"', 'name = "spring-2"'), encoding="utf-8")
    done = leads.run("new", "experiments/spring-2/experiment.toml")
    assert done.exit_code == 0, done.output
    for arm in ("control", "segment"):
        first, second = (
            (folder / "send" / f"send-{arm}.csv").read_text(encoding="utf-8")
            for folder in (leads.folder, again)
        )
        assert first.replace(f",{NAME},", ",spring-2,") == second
    done = leads.run("ingest", "spring-2", "leads.csv", *SPAN, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    facts = leads.json("verdict", "spring-2", "--as-of", AFTER)
    # Tue 5 Mar and five business days: Tue 12 Mar 24:00 in New York.
    assert facts["settles_at"] == "2024-03-13T04:00:00Z"
    assert len(leads.json("show", NAME)["files"]) == 1
