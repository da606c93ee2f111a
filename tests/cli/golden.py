"""Golden texts: compared, or written anew with ICPTEST_BLESS=1 (then read what changed)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BLESS = "ICPTEST_BLESS"


def hold(path: Path, text: str) -> None:
    """Hold a text against its golden file; write the file if so asked."""
    if os.environ.get(BLESS):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path} is missing: look at what comes out, then set {BLESS}=1"
    assert text == path.read_text(encoding="utf-8")
