"""`icptest plan`."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from icptest.cli import main
from icptest.contacts import Role
from tests.cli.world import World, listed, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("plan", "--size", "20", "--rule", "lift", "--baseline", "5%")


def test_needs_no_workspace_and_writes_nothing(tmp_path: Path) -> None:
    """In an empty folder the page comes, and the folder stays empty."""
    with chdir(tmp_path):
        done = CliRunner().invoke(main, [*SMALL, "--inboxes", "2"])
    assert (done.exit_code, done.stderr) == (0, "")
    first = done.stdout.partition("\n\n")[0]
    assert first.startswith("If 5 % of today's list reply positively, mailing 20 people of each")
    assert "two identical lists about 1 time in" in " ".join(first.split())
    assert done.stdout.rstrip().endswith(
        "icptest new NAME --control TODAY.csv --segment NEW.csv --size 20 --rule lift"
    )
    assert list(tmp_path.iterdir()) == []


def test_two_numbers_say_which_list_each_is_of(tmp_path: Path) -> None:
    """With a larger control the sends are two numbers, and their heading says whose is first."""
    with chdir(tmp_path):
        done = CliRunner().invoke(main, [*SMALL, "--control-size", "30", "--lift", "4"])
    text = " ".join(done.stdout.split())
    assert "scales a list that is truly better, today's list + new list:" in text
    (sends,) = [line for line in done.stdout.splitlines() if line.startswith("  truly 4x")]
    control, segment = map(int, sends.split()[2:5:2])
    assert control > segment


def test_what_new_says_is_what_plan_said(world: World) -> None:
    """The odds that `new` prints for a test are those of its plan."""
    words = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
    plan = world.json("plan", *words)
    new = world.json("new", "fall", *words)
    for rule in ("registered_rule", "article_rule"):
        assert new["odds"][rule] == pytest.approx(plan["odds"][rule], abs=1e-9)
    assert plan["lists"]["share_of_control"] == new["share_of_control"]
    assert plan["lists"]["ceiling"] == new["ceiling"]
    assert plan["lists"]["segment_left"] == new["segment_left"]
    assert plan["next"].endswith("--control today.csv --segment narrowed.csv --size 20")


def test_a_list_that_is_too_much_of_today_is_refused(world: World) -> None:
    """`plan` refuses what `new` would refuse, with the same remedy."""
    done = world.run(*SMALL, "--control", "today.csv", "--segment", "today.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[ceiling-too-low]" in done.stderr


def test_lists_that_are_too_short_are_told(world: World) -> None:
    """Too short is no failure of a plan: it names the size that fits, and leads on with it."""
    facts = world.json("plan", "--control", "today.csv", "--segment", "narrowed.csv", "--rule",
                       "lift")  # fmt: skip
    assert facts["lists"]["fits"] is False
    largest = facts["lists"]["largest_size"]
    assert facts["next"].endswith(f"--size {largest}")
    assert world.run("new", "fall", *facts["next"].split()[3:]).exit_code == 0


def test_columns_of_the_lists_can_be_named(world: World) -> None:
    """A list with an unusual header is read as `new` reads it; a column nobody has is refused."""
    rows = [["Whom", "Company"], *([row[0], row[2]] for row in listed("t", 60)[1:])]
    write_rows(world.root / "odd.csv", rows)
    words = (*SMALL, "--control", "odd.csv", "--segment", "narrowed.csv")
    assert "error[no-identifying-column]" in world.run(*words).stderr
    assert world.json(*words, "--column", "email=Whom")["lists"]["control_accounts"] == 60
    assert "error[column-nowhere]" in world.run(
        *words, "--column", "email=Whom", "--column", "title=Rank"
    ).stderr  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--baseline", "1"), "bad-amount"),
        (("--lift", "two"), "bad-amount"),
        (("--cost-per-contact", "nothing", "--value-per-meeting", "3"), "bad-amount"),
        (("--lift", "30"), "lift-too-high"),
        (("--per-inbox", "30"), "option-needs-other"),
        (("--control", "today.csv"), "option-needs-other"),
        (("--segment", "today.csv"), "option-needs-other"),
        (("--column", "email=E"), "option-needs-other"),
        (("--encoding", "cp1252"), "option-needs-other"),
        (("--value-per-meeting", "300"), "option-needs-other"),
        (("--meeting-share", "50%"), "option-needs-other"),
        (("--control-size", "10"), "bad-protocol"),
        (("--control-size", "5000"), "bad-protocol"),
        (("--control", "nowhere.csv", "--segment", "today.csv"), "no-such-file"),
        (("--workspace", "nowhere", "--inboxes", "1"), "no-workspace"),
    ],
)
def test_bad_input_is_a_sentence_with_a_remedy(
    world: World, words: tuple[str, ...], code: str
) -> None:
    """Exit code 1, the error on stderr, nothing on stdout; as JSON the same."""
    done = world.run(*SMALL, *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"icptest: error[{code}]")
    told = world.run(*SMALL, *words, "--json")
    assert json.loads(told.stdout)["code"] == code


@pytest.mark.parametrize("words", [("--size", "0"), ("--inboxes", "-1"), ("--rule", "hope")])
def test_what_click_refuses_is_usage(world: World, words: tuple[str, ...]) -> None:
    """A number out of range, or a rule nobody knows, is exit code 2."""
    assert world.run("plan", *words).exit_code == 2


def test_the_calendar_knows_the_holidays_of_the_workspace(world: World) -> None:
    """Inside a workspace its zone and holidays are used; its dates are all working days."""
    facts = world.json(*SMALL, "--inboxes", "1", "--per-inbox", "1")["calendar"]
    assert (facts["people"], facts["working_days"], facts["fits_window"]) == (40, 40, False)
    assert facts["inboxes_for_window"] == 20
    assert facts["starts_on"] < facts["ends_on"] < facts["replies_until"]


def test_loads_numpy_and_nothing_heavier(world: World) -> None:
    """A plan, lists and all, loads neither scipy, statsmodels, pandas nor SQLAlchemy."""
    program = (
        "import sys\nfrom icptest.cli import main\n"
        "try:\n    main(prog_name='icptest')\nfinally:\n"
        "    heavy = {'scipy', 'statsmodels', 'pandas', 'sqlalchemy', 'alembic', 'sqlmodel'}\n"
        "    assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", program, *SMALL, "--inboxes", "3"),
            *("--control", "today.csv", "--segment", "narrowed.csv"),
        ],
        cwd=world.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_next_command_reads_the_lists_alike(world: World) -> None:
    """Columns and the encoding that were given are part of the command that follows."""
    rows = [["Whom to write", "Company"], *([row[0], row[2]] for row in listed("t", 60)[1:])]
    write_rows(world.root / "odd.csv", rows)
    words = (*SMALL, "--control", "odd.csv", "--segment", "narrowed.csv")
    facts = world.json(*words, "--column", "email=Whom to write", "--encoding", "utf-8")
    assert "--column 'email=Whom to write' --encoding utf-8" in facts["next"]
    command = shlex.split(facts["next"])
    assert world.run("new", "fall", *command[3:]).exit_code == 0


@pytest.mark.parametrize("command", ["new", "plan"])
def test_every_role_of_a_column_is_in_the_help(world: World, command: str) -> None:
    """What --column accepts can be read where it is explained."""
    page = " ".join(world.run(command, "--help").stdout.split())
    assert ", ".join(Role) in page
