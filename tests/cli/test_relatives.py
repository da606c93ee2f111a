"""A verdict that knows of other tests: the ones it repeats, and those of its family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_extend import SECOND_AFTER, batch, make, story
from tests.cli.world import NAME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.world import World


@pytest.fixture
def repeated(tmp_path: Path) -> World:
    """Return a test that showed 1 against 1 of 30, and "again", which repeats it on 20 each."""
    world = make(tmp_path, looks=1)
    world.json("new", "again", "--replicates", NAME, "--size", "20", "--looks", "1")
    return world


def settle(world: World, **positive: Any) -> None:
    """Read in what became of the fresh test."""
    path = world.statistics(story(batch(world, 1, "again"), **positive), name="again.json")
    world.json("ingest", "again", path, "--exported-at", SECOND_AFTER)


def verdict(world: World, name: str = "again") -> dict[str, Any]:
    """Return a verdict after both tests."""
    return world.json("verdict", name, "--as-of", SECOND_AFTER)


def test_a_test_that_repeats_another_shows_both_together(repeated: World) -> None:
    """9 of 20 and 1 of 30 against 1 of 20 and 1 of 30; the answer is the fresh test's."""
    settle(repeated, control=1, segment=9)
    found = verdict(repeated)
    pooled = found["pooled"]
    assert pooled["repeats"] == [NAME]
    assert (pooled["segment"]["positive"], pooled["control"]["positive"]) == (10, 2)
    assert pooled["segment"]["delivered"] == found["arms"]["segment"]["delivered"] + 30
    assert found["lift"]["positive"]["estimate"] == pytest.approx(9.0)
    assert 1 < pooled["lift"]["estimate"] < 9
    assert found["decision"] == "scale"
    page = repeated.run("verdict", "again", "--as-of", SECOND_AFTER).stdout
    assert f"Together with {NAME}, which it repeats" in page
    assert verdict(repeated, NAME)["pooled"] is None


def test_nothing_is_pooled_before_the_replies_are_in(repeated: World) -> None:
    """A covered test stays covered."""
    assert verdict(repeated)["pooled"] is None
