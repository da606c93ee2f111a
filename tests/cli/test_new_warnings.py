"""What `new` says about entries it could not use and people it should not mail."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from tests.cli.world import NAME, World, listed, write_rows

if TYPE_CHECKING:
    from click.testing import Result

LISTS = ("--control", "today.csv", "--segment", "narrowed.csv")
FALL = ("new", "fall", *LISTS, "--size", "20", "--seed", "3")


def said(done: Result) -> str:
    """Return what was printed, without its line breaks."""
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def fresh_lists(world: World) -> tuple[str, ...]:
    """Write lists of people whom no test has; return the options that give them."""
    write_rows(world.root / "a.csv", listed("a", 40))
    write_rows(world.root / "b.csv", listed("b", 40))
    return ("--control", "a.csv", "--segment", "b.csv", "--size", "10")


def test_entries_that_name_nobody_are_said_with_their_lines(world: World) -> None:
    """A company written by its name is not left out, and the page says so and why."""
    text = "today1.example\nelse.example\nFirm 300 GmbH\nAcme Inc\n"
    (world.root / "comp.txt").write_text(text, encoding="utf-8")
    page = said(world.run(*FALL, "--exclude-companies", "comp.txt"))
    assert (
        "comp.txt: 4 entries, 2 read, 2 not understood (lines 3, 4: a company is named by its "
        "domain, its website or a work address, not by its name). Of those read, 1 is on your "
        "lists."
    ) in page


def test_a_file_that_matches_nobody_says_so(world: World) -> None:
    """Nothing left out is said, in the JSON too; without such a file there is nothing to say."""
    (world.root / "mailed.csv").write_text("Email\nx@else.example\nfoo\n", encoding="utf-8")
    facts = world.json(*FALL, "--exclude", "mailed.csv")
    assert facts["exclusions"] == [
        {
            "file": "mailed.csv",
            "kind": "people",
            "entries": 2,
            "read": 1,
            "on_the_lists": 0,
            "lines_not_understood": [3],
        }
    ]
    (world.root / "other.csv").write_text("Email\nx@else.example\n", encoding="utf-8")
    page = said(world.run("new", "more", *FALL[2:], "--exclude", "other.csv"))
    assert "other.csv: 1 entry, all read. Of those read, none is on your lists." in page
    assert world.json("new", "none", *FALL[2:])["exclusions"] == []


def test_many_lines_are_cut_short(world: World) -> None:
    """Ten lines are named, the others counted."""
    text = "today1.example\n" + "Some Firm Ltd\n" * 13
    (world.root / "comp.txt").write_text(text, encoding="utf-8")
    page = said(world.run(*FALL, "--exclude-companies", "comp.txt"))
    assert "(lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more: " in page


def test_people_of_another_test_are_said_with_the_cure(world: World) -> None:
    """Whoever is in two tests is counted; the option that is named leaves them all out."""
    lists = fresh_lists(world)
    assert world.json("new", "first", *lists)["also_in"] == []
    facts = world.json("new", "second", *lists, "--size", "20")
    (shared,) = facts["also_in"]
    assert shared["experiment"] == "first"
    assert 1 <= shared["people"] <= 20
    (path,) = shared["send_lists"]
    assert path == "experiments/first/send/send-both.csv"
    page = said(world.run("new", "third", *lists, "--size", "20", "--exclude", path))
    assert "in test first" not in page
    assert "in test second too; leave them out with" in page
    assert "`--exclude experiments/second/send/send-both.csv`" in page


def test_two_lists_that_cannot_be_read_are_told_of_at_once(world: World) -> None:
    """Each has its message and its remedy; JSON has the second in `others`, whole."""
    for name in ("w.csv", "x.csv"):
        write_rows(world.root / name, [["Whom", "Name"], ["a", "Ada"]])
    words = ("new", "fall", "--control", "w.csv", "--segment", "x.csv")
    done = world.run(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("icptest: error[no-identifying-column]: ") == 2
    assert done.stderr.index("w.csv") < done.stderr.index("x.csv")
    facts = json.loads(world.run(*words, "--json").stdout)
    (other,) = facts["others"]
    assert (facts["file"], facts["code"]) == ("w.csv", other["code"])
    assert (other["schema"], other["file"]) == ("icptest.error/1", "x.csv")
    # One list given for both is one error.
    done = world.run("new", "fall", "--control", "w.csv", "--segment", "w.csv")
    assert done.stderr.count("error[") == 1


def test_the_path_to_leave_out_can_be_typed_from_where_one_stands(world: World) -> None:
    """Below the workspace, and in a folder with a blank, the option of the warning works."""
    lists = fresh_lists(world)
    world.json("new", "first", *lists)
    below = World(world.root / "my lists")
    below.root.mkdir()
    for name in (lists[1], lists[3]):
        (below.root / name).write_bytes((world.root / name).read_bytes())
    page = said(below.run("new", "second", *lists, "--size", "20"))
    option = re.search(r"leave them out with `([^`]*)`", page)
    assert option is not None
    page = said(below.run("new", "third", *lists, "--size", "20", *shlex.split(option[1])))
    assert "in test first" not in page
    assert "in test second" in page


def test_a_family_and_a_repeated_test_share_on_purpose(world: World) -> None:
    """Tests of one family have the same control; one that repeats another has nobody of it."""
    write_rows(world.root / "c.csv", listed("c", 40))
    lists = fresh_lists(world)
    world.json("new", "one", *lists, "--family", "fall")
    joined = world.json("new", "two", "--segment", "c.csv", "--size", "10", "--family", "fall")
    assert joined["also_in"] == []
    again = world.json("new", f"{NAME}-2", "--replicates", NAME, "--size", "5")
    assert again["also_in"] == []


def test_columns_that_may_be_one_are_merged_by_an_option(world: World) -> None:
    """A column under a foreign name is named with the option that merges it, which works."""
    rows = listed("b", 40)
    rows[0] = ["Email", "Vorname", "Company"]
    lists = fresh_lists(world)
    write_rows(world.root / "b.csv", rows)
    page = said(world.run("new", "apart", *lists))
    assert "Only one of the lists has: First Name, Vorname." in page
    assert (
        'If Vorname is what the other list calls First Name, `--column "first-name=Vorname"` '
        "merges them"
    ) in page
    page = said(world.run("new", "merged", *lists, "--column", "first-name=Vorname"))
    assert "Only one of the lists" not in page


def test_columns_that_are_hardly_one_are_not_paired(world: World) -> None:
    """Where no two names are alike, the option is named and the column left open."""
    rows = listed("b", 40)
    rows[0] = ["Email", "X1", "Company"]
    lists = fresh_lists(world)
    write_rows(world.root / "b.csv", rows)
    page = said(world.run("new", "apart", *lists))
    assert 'calls First Name, `--column "first-name=COLUMN"` merges them' in page


def test_damaged_rows_are_named_by_their_lines(world: World) -> None:
    """Rows left out because the file is damaged can be found, so that they can be mended."""
    lists = fresh_lists(world)
    path = world.root / "a.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    rows[3] = 'who@firm.example,"Ada,Firm'
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    page = said(world.run("new", "broken", *lists))
    assert "1 with a broken quote (line 4)" in page
    facts = world.json("new", "again", *lists)
    assert facts["arms"]["control"]["damaged_lines"] == {"broken-quote": [4]}
    assert facts["arms"]["segment"]["damaged_lines"] == {}


def test_a_test_without_a_hypothesis_says_so(world: World) -> None:
    """One line says that it is empty and how to note it; with one there is nothing to say."""
    lists = fresh_lists(world)
    empty = "No hypothesis was noted; note the next one with `--hypothesis TEXT`."
    assert empty in said(world.run("new", "first", *lists))
    assert empty not in said(world.run("new", "second", *lists, "--hypothesis", "VPs answer"))
