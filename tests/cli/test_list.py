"""`icptest list`."""

from __future__ import annotations

from tests.cli.world import AFTER, NAME, World


def test_lists_tests_and_outcomes(world: World) -> None:
    """Every test is listed with its day, its people and what came out."""
    world.settle()
    lists = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
    world.run("new", "fall", *lists, "--client", "Acme")
    done = world.run("list", "--as-of", AFTER)
    assert (done.exit_code, done.stderr) == (0, "")
    head, fall, spring, *rest = done.stdout.splitlines()
    assert head.split() == ["test", "client", "registered", "people", "outcome"]
    assert fall.split()[:2] == ["fall", "Acme"]
    assert spring.split() == ["spring", "2024-03-01", "30", "+", "30", "scale"]
    assert rest == ["", "Next:", "  icptest show fall"]


def test_json(world: World) -> None:
    """With --json the tests come as `icptest.list/1`."""
    world.settle()
    facts = world.json("list", "--as-of", AFTER)
    assert facts["schema"] == "icptest.list/1"
    (one,) = facts["experiments"]
    assert (one["experiment"], one["stage"], one["decision"]) == (NAME, "ready", "scale")


def test_a_column_nobody_uses_is_left_out(world: World) -> None:
    """Without clients there is no column of clients."""
    assert "client" not in world.run("list").stdout
