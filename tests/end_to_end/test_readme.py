"""What the README shows is what the program says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .conftest import icptest, well

ROOT = Path(__file__).parents[2]


def test_the_verdict_of_the_readme_is_real(judged: dict[str, tuple[Path, dict[str, Any]]]) -> None:
    """The picture in the README is the worked verdict, to the letter."""
    found = re.search(
        r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    workspace, _ = judged["hubspot-new-vp"]
    words = ("verdict", "hubspot-new-vp", "--as-of", "2026-09-14 10:00")
    assert well(icptest(workspace, *words)).out == found[1]
