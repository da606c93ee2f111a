"""Golden files of sources: read a fixture, write what it tells, compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--bless`: write goldens that are missing; `--bless=replace`: write them all."""
    parser.addoption(
        "--bless",
        nargs="?",
        const="missing",
        default=None,
        choices=("missing", "replace"),
        help="write missing golden files; --bless=replace replaces those there are",
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> str | None:
    """What `--bless` says: None, "missing" or "replace"."""
    said: str | None = request.config.getoption("--bless")
    return said


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Path of a file a test may write."""
    return tmp_path / "export"
