"""`icptest show`."""

from __future__ import annotations

import json
import shutil

from tests.cli.world import AFTER, MIDWAY, NAME, World


def test_shows_registration_and_files(world: World) -> None:
    """The page has what was registered, who is left, and every file that was read in."""
    world.settle()
    done = world.run("show", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    for said in (
        "  hypothesis       Companies that just hired a VP Sales answer twice as often\n",
        "  registered       Fri 1 Mar 2024 04:00 (America/New_York)\n",
        "  scale when       the new list brings 2x or more, and is better beyond luck\n",
        "10 companies of the new list are left to scale to.\n",
        "  statistics.json  smartlead statistics  2024-03-13 08:00      60            0\n",
    ):
        assert said in done.stdout
    assert done.stdout.endswith(f"  icptest status {NAME}\n")


def test_json(world: World) -> None:
    """With --json it comes as `icptest.show/1`, without an address."""
    world.settle()
    facts = world.json("show", NAME)
    assert facts["schema"] == "icptest.show/1"
    assert facts["registration_intact"] is True
    assert facts["segment_left"] == 10
    assert facts["files"][0]["rows"]["added"] == 60
    assert "@" not in json.dumps(facts)


def test_without_the_copies_of_the_lists(world: World) -> None:
    """The lists are in no repository: everything is shown without them."""
    shutil.rmtree(world.folder / "lists")
    done = world.run("show", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "10 companies of the new list are left to scale to." in done.stdout
    assert world.json("show", NAME)["segment_left"] == 10


def test_a_changed_registration_is_said_to_be(world: World) -> None:
    """Somebody has edited the registration: the page and the JSON say so."""
    path = world.folder / "experiment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("seed = 7", "seed = 8"), "utf-8")
    done = world.run("show", NAME)
    assert done.exit_code == 0
    assert "is not the one that was frozen" in done.stdout
    assert world.json("show", NAME)["registration_intact"] is False


def test_a_file_read_twice_stands_there_once(world: World) -> None:
    """As of two times it is two entries in JSON, and one line with a note on the page."""
    path = world.statistics(world.story())
    world.ingest(path, at=MIDWAY)
    world.ingest(path, at=AFTER)
    page = world.run("show", NAME).stdout
    assert page.count("  statistics.json  smartlead statistics  2024-03-13 08:00") == 1
    assert page.count("  statistics.json  ") == 1
    assert "statistics.json was read in 2 times" in page
    assert len(world.json("show", NAME)["files"]) == 2
