"""`icptest sources`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.sources import all_sources

if TYPE_CHECKING:
    from tests.cli.world import World


def test_lists_every_tool(world: World) -> None:
    """Every tool whose exports can be read is listed, also outside a workspace."""
    done = world.run("sources")
    assert (done.exit_code, done.stderr) == (0, "")
    for name in all_sources():
        assert f"\n  {name}" in done.stdout
    facts = world.json("sources")
    assert facts["schema"] == "icptest.sources/1"
    assert [one["name"] for one in facts["sources"]] == list(all_sources())


def test_says_how_to_get_the_data(world: World) -> None:
    """One tool's guide is folded at 80 columns; only commands to paste may be longer."""
    for name in all_sources():
        done = world.run("sources", name)
        assert (done.exit_code, done.stderr) == (0, "")
        for line in done.stdout.splitlines():
            assert len(line) <= 80 or line.startswith("    "), line
    assert "SMARTLEAD_API_KEY" in world.run("sources", "smartlead").stdout


def test_unknown_tool(world: World) -> None:
    """A tool nobody knows is refused with the nearest one."""
    done = world.run("sources", "lemlst")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "There is no source" in done.stderr
    assert 'Did you mean "lemlist"?' in done.stderr
