"""Files of which much is missing or cannot be used: said as what they are, with a way out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.world import AFTER, NAME, POSITIVE, SENT, SIZE, Fate, World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

AT = ("--exported-at", AFTER)
PEOPLE = 2 * SIZE


def _oneline(text: str) -> str:
    return " ".join(text.split())


def _refused(world: World, done: Result, code: str) -> str:
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert f"icptest: error[{code}]" in done.stderr
    assert world.json("show", NAME)["files"] == []
    return _oneline(done.stderr)


def _cut(world: World) -> Path:
    """Return a page of which the second half did not arrive."""
    path = world.statistics(world.story(segment=[POSITIVE]))
    content = path.read_bytes()
    cut = world.root / "cut.json"
    cut.write_bytes(content[: len(content) // 2])
    return cut


def test_a_cut_off_page_is_said_to_be_one(world: World) -> None:
    """It holds fewer rows than it states itself, and the way out is to export it again."""
    done = world.run("ingest", NAME, _cut(world), *AT)
    assert done.exit_code == 0
    # Half of sixty records of about one length.
    said = _oneline(done.stderr)
    assert "cut.json is cut off: it ends in the middle of a record, and holds 29 of the 60" in said
    assert "Export it again" in said
    facts = world.json("ingest", NAME, "cut.json", *AT, "--dry-run")
    assert facts["files"][0]["cautions"] == ["cut-off"]


def test_a_cut_off_list_states_no_total(world: World) -> None:
    """Where nothing says how many there should be, only the cut is told."""
    page = json.loads(world.statistics(world.story()).read_text(encoding="utf-8"))
    path = world.root / "list.json"
    path.write_text(json.dumps(page["data"])[:-9], encoding="utf-8")
    said = _oneline(world.run("ingest", NAME, path, *AT).stderr)
    assert "list.json is cut off: it ends in the middle of a record. People" in said


def test_who_stands_behind_a_cut_is_not_to_be_mailed_again(world: World) -> None:
    """The verdict first asks for the whole export; once it is read in, nothing is left of it."""
    assert world.run("ingest", NAME, _cut(world), *AT, "--sending-done").exit_code == 0
    facts = world.verdict()
    assert facts["reason"] == "size-reached"
    assert "A file that was read in is cut off" in facts["sentence"]
    assert (
        "before sending anything. After that: send the rest if your tool shows"
        in (facts["sentence"])
    )
    assert facts["next"] == f"icptest ingest {NAME} EXPORT"
    assert world.run("ingest", NAME, "statistics.json", *AT).exit_code == 0
    assert world.verdict()["decision"] in {"scale", "no-scale"}


def test_rows_set_aside_may_hide_who_was_mailed(world: World) -> None:
    """With too few mailed and rows that could not be read, these come first."""
    story = world.story()
    for email in list(story)[:12]:
        story[email] = Fate(sent="some day")
    path = world.statistics(story)
    assert world.run("ingest", NAME, path, *AT, "--sending-done").exit_code == 0
    facts = world.verdict()
    assert facts["reason"] == "size-reached"
    assert (
        "12 rows could not be read, and may show who was mailed: export again"
        in (facts["sentence"])
    )


def test_without_such_rows_sending_still_asks_the_tool(world: World) -> None:
    """No remedy says to mail people unless the tool shows that nobody did."""
    story = dict(list(world.story().items())[:20])
    path = world.statistics(story)
    assert world.run("ingest", NAME, path, *AT, "--sending-done").exit_code == 0
    facts = world.verdict()
    assert "Send the rest if your tool shows that they were not mailed" in facts["sentence"]
    assert "--accept" in facts["next"]


def test_an_export_dated_too_early_is_asked_about(world: World) -> None:
    """One wrong option, not sixty wrong rows: the newest date of the file is named."""
    path = world.statistics(world.story(segment=[POSITIVE]))
    done = world.run("ingest", NAME, path, "--exported-at", "2024-03-04 09:00")
    said = _refused(world, done, "mostly-after-the-export")
    # The mails went out at 10:00 in New York, the reply came a day later.
    assert f"{PEOPLE} of the {PEOPLE} rows about people of this test" in said
    assert "the newest date is 2024-03-05 10:00 EST" in said
    assert "Is `--exported-at` right?" in said
    assert "line 1 (record 1)" in said


@pytest.mark.parametrize(
    ("n_rows", "n_bad", "refused"), [(10, 6, True), (10, 5, False), (9, 8, False), (60, 31, True)]
)
def test_a_mostly_unreadable_file_is_refused(
    world: World, n_rows: int, n_bad: int, refused: bool
) -> None:
    """More than half of at least ten rows, for one reason; a few odd rows only stand aside."""
    emails = list(world.story())[:n_rows]
    rows = [[email, "16.11.26" if n < n_bad else SENT] for n, email in enumerate(emails)]
    path = write_rows(world.root / "x.csv", [["Email", "Sent At"], *rows])
    done = world.run("ingest", NAME, path, "--from", "generic", "--yes", "--tz", "UTC", *AT)
    if refused:
        said = _refused(world, done, "mostly-unusable")
        assert f"{n_bad} of {n_rows} rows cannot be used, all for one reason:" in said
        assert "Format the column as 2026-03-31 09:30" in said
        assert 'line 2 (record 1), column "Sent At"' in said
    else:
        assert done.exit_code == 0, done.output
        assert f"{n_bad}  set aside" in done.stdout


def test_rows_about_nobody_do_not_hide_that_nothing_of_the_test_was_read(world: World) -> None:
    """What counts are the rows about people of the test."""
    emails = list(world.story())[:10]
    rows = [[email, "16.11.26"] for email in emails]
    rows += [[f"a{n}@b{n}.example", SENT] for n in range(100)]
    path = write_rows(world.root / "x.csv", [["Email", "Sent At"], *rows])
    done = world.run("ingest", NAME, path, "--from", "generic", "--yes", "--tz", "UTC", *AT)
    assert "10 of 10 rows" in _refused(world, done, "mostly-unusable")


def test_words_that_are_no_yes_and_no_no(world: World) -> None:
    """It is said which words are understood, and that the column must use them."""
    emails = list(world.story())
    rows = [[email, SENT, "nein" if n else "ja"] for n, email in enumerate(emails)]
    path = write_rows(world.root / "x.csv", [["Email", "Sent At", "Bounced"], *rows])
    done = world.run("ingest", NAME, path, "--from", "generic", "--yes", *AT)
    said = _refused(world, done, "no-usable-row")
    assert "(true, yes, y, 1, x) nor a no (false, no, n, 0, or an empty cell)" in said
    assert "Write yes or no in the column instead" in said
