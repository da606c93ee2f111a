"""A copy of a list that is not the one people were drawn from."""

from __future__ import annotations

import json

import pytest

from tests.cli.world import AFTER, NAME, World


@pytest.mark.parametrize("swapped", [False, True])
def test_a_changed_copy_is_a_warning(world: World, *, swapped: bool) -> None:
    """Edited or swapped, verdict, status and show say so; the decision is the same."""
    world.settle()
    before = world.verdict()
    lists = world.folder / "lists"
    if swapped:
        (lists / "control.csv").rename(lists / "x.csv")
        (lists / "segment.csv").rename(lists / "control.csv")
        (lists / "x.csv").rename(lists / "segment.csv")
        said, arms = "today's list and the new list", ["control", "segment"]
    else:
        path = lists / "segment.csv"
        path.write_text(path.read_text(encoding="utf-8") + "x@y.example,X,Y\n", encoding="utf-8")
        said, arms = "the new list", ["segment"]
    after = world.verdict()
    (check,) = (one for one in after["checks"] if one["code"] == "registration-changed")
    assert check["status"] == "warn"
    assert f"The copy of {said} in lists/ is not the one" in check["detail"]
    assert {**after, "checks": 0} == {**before, "checks": 0}
    for words in (("verdict", NAME, "--as-of", AFTER), ("status", NAME), ("show", NAME)):
        done = world.run(*words)
        assert done.exit_code == 0
        assert f"The copy of {said} in lists/" in " ".join(done.stdout.split())
    shown = world.json("show", NAME)
    assert shown["registration_intact"] is True
    assert (shown["changed_lists"], shown["segment_left"]) == (arms, None)


@pytest.mark.parametrize("folder", ["lists", "send"])
def test_deleted_copies_are_no_fault(world: World, folder: str) -> None:
    """Lists hold addresses and may be deleted: nothing is said of them."""
    world.settle()
    before = world.verdict()
    for path in (world.folder / folder).iterdir():
        path.unlink()
    assert world.verdict() == before
    assert world.json("show", NAME)["changed_lists"] == []


def test_registering_again_with_another_list(world: World) -> None:
    """A registration that states the digest of its list is not registered with another one."""
    world.database.unlink()
    world.run("init")
    path = world.folder / "lists" / "segment.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "x@y.example,X,Y\n", encoding="utf-8")
    words = ("new", f"experiments/{NAME}/experiment.toml")
    done = world.run(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[list-not-as-stated]" in done.stderr
    assert "[arms.segment]" in json.loads(world.run(*words, "--json").stdout)["remedy"]
    path.write_text(text, encoding="utf-8")
    assert world.run(*words).exit_code == 0
