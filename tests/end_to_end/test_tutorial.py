"""The tutorial is executed: every command on its page says what the page says it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .generate_profile import FILES, FOLDER, generate
from .tutorial import BLOCK, EXECUTED, PAGE, PROFILE, matches, refreshed, run_page, steps_of

if TYPE_CHECKING:
    from pathlib import Path

_TERMS = re.compile(
    r"\b(p-value|significan\w+|hypothes[ie]s|null|confidence|sample)\b", re.IGNORECASE
)


@pytest.mark.parametrize("page", EXECUTED, ids=lambda page: page.stem)
def test_every_command_of_the_page_says_what_the_page_says(page: Path, tmp_path: Path) -> None:
    """A founder who follows the page from an empty folder sees exactly what it shows."""
    runs = run_page(page.read_text(encoding="utf-8"), tmp_path)
    assert len(runs) > 7
    for run in runs:
        shown = [f"$ {run.step.written}", *run.step.output, "--- but it says:", *run.got]
        shows_an_error = any("error[" in line for line in run.step.output)
        assert run.code == int(shows_an_error), "\n".join(shown)
        assert matches(run.step.output, run.got), "\n".join(
            [*shown, "--- python -m tests.end_to_end.tutorial writes it down anew"]
        )


def test_the_tutorial_goes_from_lists_to_a_verdict() -> None:
    """It runs init, new, ingest, status, verdict and show, and shows every kind of answer."""
    text = PAGE.read_text(encoding="utf-8")
    steps = [step for block in BLOCK.findall(text) for step in steps_of(block)]
    commands = {step.command.split()[1] for step in steps if step.command.startswith("icptest ")}
    assert {"init", "new", "ingest", "status", "verdict", "show"} <= commands
    assert all(f"\n{word}  " in text for word in ("SCALE", "NO-SCALE", "NOT YET", "INVALID"))


def test_the_page_of_profiles_goes_from_customers_to_the_next_review() -> None:
    """It mines, lints, matches, tests and watches a profile, and the profile wins."""
    text = PROFILE.read_text(encoding="utf-8")
    steps = [step for block in BLOCK.findall(text) for step in steps_of(block)]
    commands = {" ".join(step.command.split()[1:3]) for step in steps}
    assert {"icp mine", "icp show", "icp lint", "icp match", "icp drift"} <= commands
    assert "\nSCALE  " in text


@pytest.mark.parametrize("page", [PAGE, PROFILE], ids=lambda page: page.stem)
def test_the_tutorial_speaks_plainly(page: Path) -> None:
    """Outside the console blocks there is no term of statistics, and no long sentence."""
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    assert not _TERMS.findall(prose), _TERMS.findall(prose)
    sentences = re.split(r"(?<=[.:?!])\s|\n\n", re.sub(r"`[^`]*`|\*\*", "", prose))
    long = [sentence for sentence in sentences if len(sentence.split()) > 32]
    assert not long, long


def test_dots_stand_for_what_is_left_out() -> None:
    """The comparison is exact but for the dots."""
    assert matches(("a", "...", "b ... d"), ("a", "x", "y", "b c d"))
    assert not matches(("a", "b"), ("a", "x", "b"))
    assert not matches(("a b",), ("a  b",))
    assert matches((), ())


def test_a_refreshed_page_holds_what_the_commands_say(tmp_path: Path) -> None:
    """Writing the page anew mends wrong lines and leaves the dots where they were."""
    page = "Hi\n\n```console\n$ printf 'a\\nb\\nc\\nd\\n'\nwrong\n...\nc\nd\n```\n"
    assert refreshed(page, tmp_path) == page.replace("wrong\n...\nc", "a\n...\nc")
    whole = "```console\n$ echo \\\n    hello\nhello\n```\n"
    assert refreshed(whole, tmp_path) == whole


def test_the_files_of_the_page_are_those_that_the_generator_writes(tmp_path: Path) -> None:
    """The demo's customers, market, deals and replies come out the same on every machine."""
    generate(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
