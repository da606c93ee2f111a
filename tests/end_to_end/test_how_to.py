"""How-to pages are executed: every command says what its page says it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .how_to import PAGES, Page
from .tutorial import matches, run_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.name))
def test_every_command_of_a_page_says_what_the_page_says(page: Page, tmp_path: Path) -> None:
    """Whoever follows the page in the folder it speaks of sees what it shows."""
    page.prepare(tmp_path)
    runs = run_page(page.path.read_text(encoding="utf-8"), tmp_path)
    assert len(runs) > 3
    for run in runs:
        shown = [f"$ {run.step.written}", *run.step.output, "--- but it says:", *run.got]
        shows_an_error = any("error[" in line for line in run.step.output)
        assert run.code == int(shows_an_error), "\n".join(shown)
        assert matches(run.step.output, run.got), "\n".join(
            [*shown, "--- python -m tests.end_to_end.how_to writes it down anew"]
        )
