"""Files twice, late, overlapping and in any order: one state."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cli.world import (
    AFTER,
    MIDWAY,
    NAME,
    NEGATIVE,
    POSITIVE,
    STRANGER,
    UNKNOWN,
    Fate,
    World,
    make_world,
    moment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _zero(rows: dict[str, int]) -> bool:
    return rows["added"] == rows["updated"] == rows["set_aside"] == 0


def test_the_same_file_twice(world: World) -> None:
    """The second time adds and changes nothing, says when it was read in, and keeps the verdict."""
    path = world.statistics(world.story(control=[POSITIVE], segment=[POSITIVE] * 9))
    first = world.ingest(path)
    assert (first["already_ingested"], first["rows"]["added"]) == (False, 60)
    before = world.verdict()
    second = world.ingest(path)
    assert second["already_ingested"] is True
    assert _zero(second["rows"])
    assert second["rows"]["unchanged"] == 60
    page = world.run("ingest", NAME, path, "--exported-at", AFTER).stdout
    assert "The same file was read in before, on" in " ".join(page.split())
    assert len(world.json("show", NAME)["files"]) == 1
    assert world.verdict() == before


def test_the_same_file_renamed(world: World) -> None:
    """A file is known by its content, not its name."""
    path = world.statistics(world.story())
    world.ingest(path)
    path = path.rename(world.root / "other.json")
    again = world.ingest(path)
    assert again["already_ingested"] is True
    assert _zero(again["rows"])


def test_the_same_content_exported_again_later_settles_the_test(world: World) -> None:
    """Nothing has changed since the last export: the new one still says so up to its own time."""
    path = world.statistics(world.story(control=[POSITIVE], segment=[POSITIVE] * 9))
    world.ingest(path, at=MIDWAY)
    assert world.verdict()["decision"] == "not-yet"
    os.utime(path, (moment(AFTER), moment(AFTER)))
    done = world.run("ingest", NAME, path, "--yes")
    assert (done.exit_code, done.stderr) == (0, "")
    assert " 0  added" in done.stdout
    assert world.verdict()["decision"] == "scale"
    assert world.verdict(MIDWAY)["decision"] == "not-yet"


def test_an_older_export_says_that_it_is_one(world: World) -> None:
    """What it adds or updates is explained where it stands; the newest export says nothing."""
    early = world.statistics(world.story(segment=[UNKNOWN]), name="early.json")
    late = world.statistics(world.story(segment=[POSITIVE]), name="late.json")
    note = "A newer export of this tool, of Wed 13 Mar 2024 08:00"
    newest = world.run("ingest", NAME, late, "--exported-at", AFTER).stdout
    older = world.run("ingest", NAME, early, "--exported-at", MIDWAY).stdout
    assert note not in " ".join(newest.split())
    assert note in " ".join(older.split())
    again = world.run("ingest", NAME, early, "--exported-at", MIDWAY).stdout
    assert note not in " ".join(again.split())


def test_every_row_is_accounted_for(world: World) -> None:
    """Rows read are those added, updated, unchanged, unrelated and set aside, in every file."""
    story = world.story(control=[POSITIVE], segment=[UNKNOWN, Fate(bounced=True)])
    early = {one: Fate() for one in story} | {STRANGER: Fate()}
    world.ingest(world.statistics(early, name="a.json"), at=MIDWAY)
    story |= {STRANGER: POSITIVE, "nobody": Fate()}
    world.ingest(world.statistics(story, name="b.json"))
    world.ingest(world.leads(story | {"more": Fate()}))
    files = world.json("show", NAME)["files"]
    assert [one["rows"]["read"] for one in files] == [61, 62, 63]
    for one in files:
        rows = dict(one["rows"])
        assert rows.pop("read") == sum(rows.values())
    assert files[1]["rows"] == {
        "read": 62,
        "added": 3,
        "updated": 0,
        "unchanged": 57,
        "unrelated": 1,
        "set_aside": 1,
    }


def test_unrelated_people_are_never_stored(world: World) -> None:
    """An address of nobody of the test is in no byte of the database, whatever its row said."""
    story = {**world.story(segment=[POSITIVE]), STRANGER: POSITIVE}
    for path in (world.statistics(story), world.leads(story)):
        assert world.ingest(path)["rows"]["unrelated"] == 1
    stored = world.database.read_bytes().lower()
    assert b"mallory" not in stored
    assert b"elsewhere" not in stored
    assert world.people("segment")[0].encode() in stored


@dataclass(frozen=True, kw_only=True)
class Shared:
    """One workspace for many orders of the same files.

    Attributes:
        fresh: Its database before any file was read in.
        files: The files, and when each was exported.
        told: What the test says after all of them, each once and as time went by.
    """

    world: World
    fresh: bytes
    files: list[tuple[Path, str]]
    told: str


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    """Return a workspace in which the files were read in as time went by."""
    root = Path(tempfile.mkdtemp(prefix="icptest-orders-"))
    world = make_world(root)
    fresh = world.database.read_bytes()
    files = _exports(world)
    yield Shared(world=world, fresh=fresh, files=files, told=_told(world, files))
    shutil.rmtree(root)


def _exports(world: World) -> list[tuple[Path, str]]:
    """Return exports of one test, as time goes by: labels change, parts overlap, times lack."""
    early = world.story(segment=[UNKNOWN, Fate(replied="2024-03-05T09:00:00Z")])
    late = world.story(
        control=[POSITIVE, NEGATIVE],
        segment=[POSITIVE, POSITIVE, Fate(bounced=True), *[POSITIVE] * 4],
    )
    half = dict(list(late.items())[20:])
    return [
        (world.statistics(early, name="early.json"), MIDWAY),
        (world.statistics(late, name="late.json"), AFTER),
        (world.statistics(half, name="half.json"), AFTER),
        (world.leads(early, name="early.csv"), MIDWAY),
        (world.leads(late, name="late.csv"), "2024-03-14T12:00:00Z"),
    ]


def _told(world: World, files: Iterable[tuple[Path, str]]) -> str:
    for path, at in files:
        world.ingest(path, at=at)
    as_of = "2024-03-15T12:00:00Z"
    return json.dumps(world.verdict(as_of) | {"before": world.verdict(MIDWAY)})


@settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(5)),
    repeats=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=2),
)
def test_any_order_and_any_repeat(
    shared: Shared, order: list[int], repeats: list[tuple[int, int]]
) -> None:
    """An older export after a newer one, overlapping ones, repeats: the verdict is one and same."""
    order = list(order)
    for place, file in repeats:
        order.insert(place, file)
    shared.world.database.write_bytes(shared.fresh)
    assert _told(shared.world, [shared.files[place] for place in order]) == shared.told
