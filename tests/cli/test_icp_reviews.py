"""`icptest status` says which profiles must be looked at again."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from jsonschema import validate

from tests.cli.world import REPOSITORY, World

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = REPOSITORY / "docs" / "reference" / "schemas" / "status.schema.json"
PROFILE = 'owner = "Dana"\nreviewed_on = {on}\n[firmographic]\nindustry = "Software"\n'
PERSONA = '[[buying.personas]]\nrole = "buyer"\ntitles = ["VP Sales"]\n'
AS_OF = ("--as-of", "2026-11-27")


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with a folder for profiles, and none in it."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    (tmp_path / "icp").mkdir()
    return world


def write(world: World, name: str, text: str) -> None:
    """Write a profile."""
    (world.root / "icp" / f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("on", "late"),
    # 90 days after 29 Aug is 27 Nov (2 + 30 + 31 + 27; by hand).
    [("2026-08-29", 0), ("2026-08-30", None), ("2026-08-01", 28)],
)
def test_a_review_is_due_after_90_days(place: World, on: str, late: int | None) -> None:
    """On the day itself, and every day after it; not before."""
    write(place, "tight", PROFILE.format(on=on))
    found = place.json("status", *AS_OF)["icp_reviews"]
    assert [one["days_late"] for one in found] == ([] if late is None else [late])


def test_the_page_has_one_line_for_each(place: World) -> None:
    """What is due, since when, and the command; a profile that is not due is not named."""
    write(place, "old", PROFILE.format(on="2026-08-01"))
    write(place, "new", PROFILE.format(on="2026-11-20"))
    done = place.run("status", *AS_OF)
    assert (done.exit_code, done.stderr) == (0, "")
    flat = " ".join(done.stdout.split())
    assert "Profile old: its review was due on Fri 30 Oct 2026, 28 days ago." in flat
    assert "`icptest icp drift DEALS.csv --icp old`" in flat
    assert "Profile new" not in flat
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("reviewed_on", "profile_on", "due"),
    # 180 days after 31 May is 27 Nov (30 + 31 + 31 + 30 + 31 + 27; by hand).
    [
        ("2026-05-31", "2026-11-20", 1),
        ("2026-06-01", "2026-11-20", 0),
        (None, "2026-11-20", 0),
        (None, "2026-05-31", 1),
    ],
)
def test_a_persona_is_due_after_180_days(
    place: World, reviewed_on: str | None, profile_on: str, due: int
) -> None:
    """By its own day; one without a day counts from the profile's."""
    persona = PERSONA + (f"reviewed_on = {reviewed_on}\n" if reviewed_on else "")
    write(place, "tight", PROFILE.format(on=profile_on) + persona)
    found = place.json("status", *AS_OF)["icp_reviews"]
    assert sum(one["personas_due"] for one in found) == due


def test_a_broken_profile_is_said_and_breaks_nothing(place: World) -> None:
    """Exit 0, its error in the JSON, its name on the page, the others beside it."""
    write(place, "broken", "x = [")
    write(place, "old", PROFILE.format(on="2026-08-01"))
    found = {one["icp"]: one for one in place.json("status", *AS_OF)["icp_reviews"]}
    assert found["broken"]["error"]["code"] == "icp-unreadable"
    assert found["old"]["error"] is None
    page = place.run("status", *AS_OF).stdout
    assert "Profile broken cannot be read: `icptest icp show broken` says why." in page


def test_json_follows_its_schema(place: World) -> None:
    """With a due profile and a broken one."""
    write(place, "broken", "x = [")
    write(place, "old", PROFILE.format(on="2026-08-01") + PERSONA)
    validate(place.json("status", *AS_OF), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_without_profiles_nothing_of_them_is_loaded(place: World) -> None:
    """A workspace that has no folder `icp` pays nothing, and has an empty list."""
    (place.root / "icp").rmdir()
    assert place.json("status")["icp_reviews"] == []
    program = (
        "import sys\nfrom icptest.cli import main\n"
        "try:\n    main(['status'])\n"
        "finally:\n    print([name for name in sys.modules if name.startswith('icptest.icp')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=place.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
