"""The small world of `tests.cli.world`, as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.world import World, make_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a workspace with one registered test."""
    return make_world(tmp_path)
