"""A verdict that knows of other tests: the ones it repeats, and those of its family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_extend import SECOND_AFTER, batch, make, story
from tests.cli.test_family import begin, join, people
from tests.cli.test_family import world as family  # noqa: F401 - a fixture
from tests.cli.world import AFTER, NAME, POSITIVE, Fate

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


def settle_family(world: World, **positive: int) -> None:
    """Read the export of a family into each of its tests: so many positive in each new list."""
    fates = {email: Fate() for email in people(world, "vp", "control")}
    for name, column in (("vp", "Email"), ("cto", "Work Email")):
        for place, email in enumerate(people(world, name, "segment", column)):
            fates[email] = POSITIVE if place < positive.get(name, 0) else Fate()
    path = world.statistics(fates, name="family.json")
    for name in ("vp", "cto"):
        world.json("ingest", name, path, "--exported-at", AFTER)


@pytest.mark.parametrize(
    ("cto", "level", "decision"), [(0, 0.025, "no-scale"), (12, 0.05, "scale")]
)
def test_a_family_shares_its_luck(
    family: World,  # noqa: F811 - the fixture
    cto: int,
    level: float,
    decision: str,
) -> None:
    """3 against 0 of 20 has p between .025 and .05: it needs what a winner leaves (Holm)."""
    begin(family)
    join(family, "cto")
    settle_family(family, vp=3, cto=cto)
    found = family.json("verdict", "vp", "--as-of", AFTER)
    assert found["family_size"] == 2
    assert 0.025 < found["tests"]["better"]["p_value"] <= 0.05
    assert found["look"]["level"] == pytest.approx(level)
    assert found["decision"] == decision
    page = family.run("verdict", "vp", "--as-of", AFTER).stdout
    assert "shared between 2 tests against one list" in " ".join(page.split())


def test_a_family_waits_for_nobody(family: World) -> None:  # noqa: F811 - the fixture
    """A test whose replies are not in keeps its share; the other is judged all the same."""
    begin(family)
    join(family, "cto")
    fates = {email: Fate() for email in people(family, "vp", "control")}
    mailed = people(family, "vp", "segment")
    fates |= {email: POSITIVE if place < 9 else Fate() for place, email in enumerate(mailed)}
    path = family.statistics(fates, name="family.json")
    family.json("ingest", "vp", path, "--exported-at", AFTER)
    found = family.json("verdict", "vp", "--as-of", AFTER)
    assert (found["decision"], found["look"]["level"]) == ("scale", 0.025)
    assert family.json("verdict", "cto", "--as-of", AFTER)["decision"] == "not-yet"
