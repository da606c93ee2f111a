"""`icptest new`."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from icptest.store import Store
from tests.cli.world import (
    NAME,
    World,
    listed,
    make_read_only,
    make_writable,
    run_process,
    write_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("--control", "today.csv", "--segment", "narrowed.csv")


def test_draws_and_writes_the_send_lists(world: World) -> None:
    """Both lists are drawn and written, and the page says who, how many and what to do now."""
    done = world.run("new", "fall", *LISTS, "--size", "20", "--seed", "3", "--hypothesis", "x")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "Registered fall: 20 people of today's list against 20 of the new list.\n"
    )
    for said in (
        "  rows on the list                      60          40\n",
        "  drawn                                 20          20\n",
        "Left out of today's list: 40 not drawn.",
        "The test mails 20 of the 40 companies on the new list; 20 are left to scale to.",
        "two equal lists: scaled ",
        "If sending starts now and is over within 48 hours, the replies are in on",
        "Today's people must be ones your running campaign has not mailed",
        "  experiments/fall/send/send-both.csv\n",
    ):
        assert said in done.stdout
    assert done.stdout.endswith("  icptest ingest fall EXPORT\n")
    with (world.root / "experiments/fall/send/send-both.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    assert "icptest_arm" not in rows[0]
    assert {row["icptest_experiment"] for row in rows} == {"fall"}


def test_json(world: World) -> None:
    """With --json the draw comes as `icptest.new/1`, arms as the design names their keys."""
    facts = world.json("new", "fall", *LISTS, "--size", "20", "--control-size", "30", "--seed", "3")
    assert facts["schema"] == "icptest.new/1"
    assert (facts["experiment"], facts["seed"]) == ("fall", 3)
    control = facts["arms"]["control"]
    assert (control["listed"], control["eligible"], control["drawn"]) == (60, 60, 30)
    assert control["left_out"] == {"not-drawn": 30}
    assert facts["arms"]["segment"]["drawn"] == 20
    assert facts["registration_digest"].startswith("sha256:")
    assert facts["send_both"].endswith("experiments/fall/send/send-both.csv")
    assert facts["next"] == "icptest ingest fall EXPORT"
    assert "@" not in json.dumps(facts)


def test_a_registration_written_by_hand(world: World) -> None:
    """A .toml is a registration: its protocol, seed and time hold, and its paths are its own."""
    facts = world.json("show", NAME)
    assert facts["registration"]["created_at"] == "2024-03-01T09:00:00Z"
    assert facts["registration"]["seed"] == 7
    assert facts["registration"]["protocol"]["size"] == 30
    assert facts["registration"]["arms"]["control"]["list"] == "lists/control.csv"


def test_second_test_of_the_same_name(world: World) -> None:
    """A name that is taken is refused, and the first test keeps its registration and draw."""
    before = {path: path.read_bytes() for path in world.folder.rglob("*") if path.is_file()}
    done = world.run("new", NAME, *LISTS, "--size", "20")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[experiment-exists]" in done.stderr
    assert f"`icptest verdict {NAME}`" in done.stderr
    assert before == {path: path.read_bytes() for path in world.folder.rglob("*") if path.is_file()}


def test_a_folder_that_is_not_registered_is_not_overwritten(world: World) -> None:
    """A folder that `new` left behind when it was killed is kept, and can be registered."""
    world.database.unlink()
    world.run("init")
    before = (world.folder / "experiment.toml").read_bytes()
    done = world.run("new", NAME, *LISTS, "--size", "20")
    assert done.exit_code == 1
    assert "error[experiment-folder-exists]" in done.stderr
    assert before == (world.folder / "experiment.toml").read_bytes()
    remedy = f"experiments/{NAME}/experiment.toml"
    assert world.run("new", remedy).exit_code == 0


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_nothing_is_left_of_a_test_that_was_not_registered(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    """Interrupted before it is in the database, `new` takes its folder away again."""

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Store, "register", fail)
    done = world.run("new", "fall", *LISTS, "--size", "20")
    assert done.exit_code in {1, 130}
    assert "Traceback" not in done.stderr
    assert [path.name for path in (world.root / "experiments").iterdir()] == [NAME]


def test_a_faster_process_of_the_same_name_wins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two `new` of one name at once: the second leaves the folder of the first as it is."""

    def other(*_: object) -> None:
        """Register the name right after the first process has looked whether it is free."""
        done = run_process(world.root, "new", "fall", *LISTS, "--size", "25", "--seed", "1")
        assert done.returncode == 0, done.stderr

    monkeypatch.setattr("icptest.register._require_new", other)
    done = world.run("new", "fall", *LISTS, "--size", "20")
    assert done.exit_code == 1
    assert "error[experiment-exists]" in done.stderr
    shown = world.json("show", "fall")
    assert shown["registration_intact"] is True
    assert shown["registration"]["protocol"]["size"] == 25


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Email", "Name"]], "empty-list"),
        ([["Whom", "Name"], ["1", "Ada"]], "no-identifying-column"),
        ([["Email", "Name"], ["ada at acme.example", "Ada"]], "nobody-left"),
        ([["Email", "Email"], ["a@b.example", "c@d.example"]], "duplicate-column"),
    ],
)
def test_a_list_that_is_none(world: World, rows: list[list[str]], code: str) -> None:
    """A list without people, addresses or sound columns is refused, and nothing registered."""
    write_rows(world.root / "bad.csv", rows)
    done = world.run("new", "fall", "--control", "today.csv", "--segment", "bad.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert [path.name for path in (world.root / "experiments").iterdir()] == [NAME]


def test_wrong_encoding_of_a_list(world: World) -> None:
    """A list that is not UTF-8 is refused with the option that reads it, which then works."""
    text = "Email,Name\n" + "".join(f"a{i}@m{i}.example,Zoë\n" for i in range(30))
    (world.root / "windows.csv").write_bytes(text.encode("cp1252"))
    lists = ("--control", "today.csv", "--segment", "windows.csv", "--size", "20")
    done = world.run("new", "fall", *lists)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[wrong-encoding]: windows.csv" in done.stderr
    assert "--encoding cp1252" in done.stderr
    assert world.run("new", "fall", *lists, "--encoding", "cp1252").exit_code == 0


def test_a_column_with_an_unusual_name(world: World) -> None:
    """--column names it; a role nobody knows is refused with the nearest one."""
    rows = listed("late", 30)
    rows[0][0] = "Whom to write"
    write_rows(world.root / "odd.csv", rows)
    lists = ("--control", "today.csv", "--segment", "odd.csv", "--size", "20")
    done = world.run("new", "fall", *lists, "--column", "emial=Whom to write")
    assert done.exit_code == 1
    assert 'Did you mean "email"?' in done.stderr
    done = world.run("new", "fall", *lists, "--column", "email=Whom to write")
    assert done.exit_code == 0, done.stderr


def test_too_few_people_says_what_a_larger_control_buys(world: World) -> None:
    """Fewer people than --size: how many there are, and the command that makes the best of it."""
    write_rows(world.root / "long.csv", listed("long", 300))
    lists = ("--control", "long.csv", "--segment", "narrowed.csv")
    done = world.run("new", "fall", *lists)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[too-few-people-on-the-new-list]" in done.stderr
    assert "they have 40 for each" in " ".join(done.stderr.split())
    assert "`--size 40 --control-size 300`" in done.stderr
    done = world.run("new", "fall", *lists, "--size", "40", "--control-size", "300")
    assert done.exit_code == 0


def test_too_few_people_says_what_fits(world: World) -> None:
    """Where a larger control buys nothing, the size that the lists have is named, and works."""
    lists = ("--control", "today.csv", "--segment", "today-too.csv")
    rows = listed("late", 60)
    write_rows(world.root / "today-too.csv", rows)
    done = world.run("new", "fall", *lists, "--size", "61")
    assert "error[too-few-people]" in done.stderr
    assert "`--size 60`" in done.stderr
    assert world.run("new", "fall", *lists, "--size", "60").exit_code == 0


def test_the_sizes_that_are_offered_can_be_drawn(world: World) -> None:
    """Control takes people of the new list too: what is left for it is known by drawing only."""
    rows = listed("today", 60)
    write_rows(world.root / "part.csv", rows[:21])
    lists = ("--control", "today.csv", "--segment", "part.csv", "--seed", "3")
    done = world.run("new", "fall", *lists)
    assert done.exit_code == 1
    found = re.search(r"`(--size \d+(?: --control-size \d+)?)`", " ".join(done.stderr.split()))
    assert found is not None, done.stderr
    assert world.run("new", "fall", *lists, *found[1].split()).exit_code == 0


def test_nothing_left_after_exclusions(world: World) -> None:
    """A list that the exclusions empty is refused; so is an exclusion that names nobody."""
    done = world.run("new", "fall", *LISTS, "--exclude", "narrowed.csv", "--size", "20")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[nobody-left]" in done.stderr
    assert "--exclude" in done.stderr
    (world.root / "none.csv").write_text("Notes\nnobody\n", encoding="utf-8")
    done = world.run("new", "fall", *LISTS, "--exclude", "none.csv", "--size", "20")
    assert done.exit_code == 1
    assert "error[nothing-to-exclude]: none.csv" in done.stderr


def test_nothing_left_after_overlap(world: World) -> None:
    """A new list that is too much of today's list cannot reach the threshold, and is refused."""
    done = world.run("new", "fall", "--control", "today.csv", "--segment", "today.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[ceiling-too-low]" in done.stderr
    assert "The new list holds 100% of today's companies" in done.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("Fall Test", *LISTS), "bad-name"),
        (("fall", "--control", "today.csv"), "arm-missing"),
        (("fall", "--control", "today.csv", "--segment", "nowhere.csv"), "no-such-file"),
        (("fall", "--control", "today.csv", "--segment", "experiments"), "not-a-file"),
        (("fall", *LISTS, "--control-campaign", "A"), "list-and-campaign"),
        (
            ("fall", "--control-campaign", "A", "--segment", "narrowed.csv"),
            "list-against-campaign",
        ),
        (
            ("fall", "--control-campaign", "A", "--segment-campaign", "A"),
            "campaign-on-both-sides",
        ),
        (("fall", *LISTS, "--size", "30", "--control-size", "20"), "bad-protocol"),
        (("nowhere.toml",), "registration-missing"),
    ],
)
def test_requests_that_make_no_test(world: World, words: tuple[str, ...], code: str) -> None:
    """A request that makes no test is refused by its code, and leaves nothing behind."""
    done = world.run("new", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert [path.name for path in (world.root / "experiments").iterdir()] == [NAME]


def test_options_are_named_as_they_are_typed(world: World) -> None:
    """A field that is out of bounds is mended with an option that exists."""
    done = world.run("new", "fall", *LISTS, "--size", "30", "--control-size", "20")
    assert "`--control-size`" in done.stderr
    for option in ("--size", "--control-size"):
        assert world.run("new", "fall", *LISTS, option, "0").exit_code == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("size = 30", "sise = 30"), "unknown-key"),
        (("size = 30", 'size = "30"'), "bad-protocol"),
        (('timezone = "America/New_York"', 'timezone = "New York"'), "unknown-zone"),
        (("seed = 7", "seed = "), "registration-unreadable"),
    ],
)
def test_a_registration_that_says_something_impossible(
    world: World, tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    """A hand-written registration is read strictly, and is left as it was when refused."""
    text = (world.folder / "experiment.toml").read_text(encoding="utf-8").replace(*change)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    done = world.run("new", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert path.read_text(encoding="utf-8") == text


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(world: World) -> None:
    """A name that is a formula gets an apostrophe in every send list."""
    rows = listed("late", 30)
    for row in rows[1:]:
        row[1] = '=HYPERLINK("http://evil.example")'
    write_rows(world.root / "formula.csv", rows)
    done = world.run("new", "fall", "--control", "today.csv", "--segment", "formula.csv",
                     "--size", "20")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    for path in (world.root / "experiments/fall/send").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            for cells in csv.DictReader(file):
                assert not cells["First Name"].startswith("=")


def test_read_only_workspace(world: World) -> None:
    """In a workspace that may not be written nothing is drawn, and the database is named."""
    make_read_only(world.root)
    try:
        done = run_process(world.root, "new", "fall", *LISTS, "--size", "20", powerless=True)
    finally:
        make_writable(world.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[database-read-only]" in done.stderr
    assert "Traceback" not in done.stderr


def test_options_beside_a_registration_file_are_refused(world: World) -> None:
    """The file says everything: an option that would be ignored is named."""
    (world.root / "two.toml").write_text('name = "fall"\n', encoding="utf-8")
    done = world.run("new", "two.toml", "--size", "40", "--rule", "proven")
    assert done.exit_code == 1
    assert "error[options-beside-file]" in done.stderr
    assert "--size, --rule" in done.stderr
