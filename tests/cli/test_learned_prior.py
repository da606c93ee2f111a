"""What finished tests teach becomes the default of `plan` and of tests registered afterwards."""

from __future__ import annotations

import shutil
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from icptest.experiment import experiment_from_mapping, read_registration
from tests.cli.past import Told, add, make_place, tell
from tests.cli.world import World

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
PLAN = ("plan", "--size", "20", "--rule", "lift")
USUAL = {"control": [0.5, 50.0], "log_lift_sd": 0.5, "learned_from": None}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace with two finished tests; it is copied, not changed."""
    world = make_place(tmp_path_factory.mktemp("prior") / "w")
    add(world, Told(name="first", positive=(3, 9)))
    add(world, Told(name="second", positive=(2, 1)))
    return world.root


@pytest.fixture
def world(made: Path, tmp_path: Path) -> World:
    """Return a workspace with two finished tests."""
    shutil.copytree(made, tmp_path / "w")
    return World(tmp_path / "w")


def prior_in(world: World, name: str) -> dict[str, Any]:
    """Return the table [prior] of a registration, as its file says it."""
    path = world.root / "experiments" / name / "experiment.toml"
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["prior"]
    return found


def test_plan_reckons_with_the_learned_baseline(world: World) -> None:
    """It says from how many tests; --baseline still wins."""
    learned = world.json("learn")
    baseline = world.json(*PLAN)["baseline"]
    # 5 positive replies of 60 people: 8.3 %, drawn a little towards the usual 1 %.
    assert 0.03 < baseline["rate"] < 0.083
    assert (baseline["assumed"], baseline["learned_from"]) == (False, 2)
    assert baseline["rate"] == pytest.approx(learned["baseline"]["rate"], rel=0.05)
    page = " ".join(world.run(*PLAN).stdout.split())
    assert "is learned from 2 finished tests (`icptest learn`)" in page
    said = world.json(*PLAN, "--baseline", "5%")["baseline"]
    assert (said["rate"], said["assumed"], said["learned_from"]) == (0.05, False, None)


def test_plan_outside_and_with_one_test_is_as_ever(tmp_path: Path) -> None:
    """No workspace, no test, one test: the assumed 1 %."""
    world = make_place(tmp_path / "w")
    for told in (None, Told(name="one", positive=(3, 9))):
        if told is not None:
            add(world, told)
        baseline = world.json(*PLAN)["baseline"]
        assert (baseline["rate"], baseline["assumed"]) == (0.01, True)
        assert baseline["learned_from"] is None
    assert world.json("new", "next", *LISTS)["prior"] == USUAL
    assert prior_in(world, "next") == {"control": [0.5, 50.0], "log_lift_sd": 0.5}


def test_a_new_test_is_registered_with_what_was_learned(world: World) -> None:
    """Frozen in its file, said in its odds, and the same after more tests have finished."""
    new = world.json("new", "third", *LISTS)
    learned = world.json("learn")["prior"]
    assert new["prior"]["learned_from"] == 2
    assert new["prior"] == {key: learned[key] for key in new["prior"]}
    assert prior_in(world, "third") == new["prior"]
    assert new["odds"]["baseline"] == world.json("plan", "--size", "20")["baseline"]["rate"]
    assert "(learned from 2 finished tests)" in " ".join(
        world.run("new", "fourth", *LISTS).stdout.split()
    )
    add(world, Told(name="fifth", positive=(9, 20)))
    assert world.json("learn")["prior"] != learned
    assert prior_in(world, "third") == new["prior"]


def test_an_old_verdict_does_not_change(world: World) -> None:
    """Registration, digest and the whole verdict of a test are the same after another one."""
    at = ("--as-of", "2024-03-20T12:00:00Z")
    before = world.json("verdict", "first", *at)
    assert before["posterior"]["prior"] == {"control": [0.5, 50.0], "log_lift_sd": 0.5}
    add(world, Told(name="third", positive=(12, 2)))
    world.json("new", "fourth", *LISTS)
    assert world.json("verdict", "first", *at) == before


def test_a_new_export_is_learned_from(world: World) -> None:
    """The baseline of the next plan is that of what was read in since."""
    before = world.json(*PLAN)["baseline"]["rate"]
    tell(world, "second", (15, 16), export="b")
    assert world.json(*PLAN)["baseline"]["rate"] > 1.5 * before


def test_files_repeats_and_families_have_what_is_said_there(world: World) -> None:
    """A file by hand has the usual prior or its own; a test that repeats has that of the first."""
    add(world, Told(name="by-file"))
    assert prior_in(world, "by-file") == {"control": [0.5, 50.0], "log_lift_sd": 0.5}
    again = world.json("new", "again", "--replicates", "first", "--size", "5")
    assert again["prior"] == USUAL


def test_clients_teach_themselves(tmp_path: Path) -> None:
    """A client's own two tests; of fewer all clients', if two others have some; else nothing."""
    world = make_place(tmp_path / "w")
    for name, client, positive in (
        ("a-one", "Acme", (3, 4)),
        ("a-two", "Acme", (2, 5)),
        ("b-one", "Bolt", (9, 9)),
    ):
        add(world, Told(name=name, client=client, positive=positive))
    assert world.json("new", "x-acme", *LISTS, "--client", "acme")["prior"]["learned_from"] == 2
    # Bolt has one test, and there is one other client: nothing of Acme's reaches Bolt.
    assert world.json("new", "x-bolt", *LISTS, "--client", "Bolt")["prior"] == USUAL
    add(world, Told(name="c-one", client="Coil", positive=(1, 1)))
    assert world.json("new", "y-bolt", *LISTS, "--client", "Bolt")["prior"]["learned_from"] == 4
    assert world.json("learn", "--client", "Bolt")["prior"]["all_clients"]
    assert "Acme" not in (world.root / "experiments/y-bolt/experiment.toml").read_text("utf-8")


def test_a_database_that_cannot_be_read_hinders_no_plan(world: World) -> None:
    """A plan then reckons with the assumed rate, as it does outside of a workspace."""
    world.database.write_bytes(b"no database at all" * 400)
    assert world.json(*PLAN)["baseline"]["assumed"]


def test_a_learned_prior_survives_its_file(world: World) -> None:
    """What is written is read again; a file without the number is a prior nobody learned."""
    world.json("new", "third", *LISTS)
    path = world.root / "experiments" / "third" / "experiment.toml"
    experiment, _ = read_registration(path)
    assert experiment.prior_from == 2
    assert experiment_from_mapping(experiment.to_mapping(), file="x") == experiment
    first, _ = read_registration(world.root / "experiments" / "first" / "experiment.toml")
    assert first.prior_from == 0
    assert "learned_from" not in first.to_mapping()["prior"]
