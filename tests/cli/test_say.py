"""What people typed or exported does nothing to the terminal it is shown on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.world import AFTER, NAME, Fate, listed, make_world, write_rows

if TYPE_CHECKING:
    from pathlib import Path

RED = "\x1b[31mRed"


def test_a_label_is_shown_with_its_escape_character_written_out(tmp_path: Path) -> None:
    """On every page that shows it; the JSON keeps it as it is."""
    world = make_world(tmp_path)
    at = Fate().sent
    label = Fate(sent=at, replied="2024-03-05T14:00:00Z", label=RED)
    world.ingest(world.statistics(world.story(segment=[label] * 3)))
    for words in (("status", NAME, "--as-of", AFTER), ("verdict", NAME, "--as-of", AFTER)):
        page = world.run(*words).stdout
        assert "\x1b" not in page
        assert r"\x1b[31mRed" in page
    facts = world.json("status", NAME, "--as-of", AFTER)
    assert RED in {one["label"] for one in facts["experiments"][0]["unknown_labels"]}


def test_a_hypothesis_is_shown_with_its_escape_character_written_out(tmp_path: Path) -> None:
    """As `show` prints it."""
    world = make_world(tmp_path)
    write_rows(world.root / "today.csv", listed("other", 60))
    write_rows(world.root / "narrowed.csv", listed("some", 60))
    lists = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
    done = world.run("new", "red", *lists, "--hypothesis", RED)
    assert done.exit_code == 0
    page = world.run("show", "red").stdout
    assert r"\x1b[31mRed" in page
    assert "\x1b" not in page + done.stdout
