"""A workspace with finished tests: registered, mailed, read in, in this process."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.cli.world import AFTER, NEGATIVE, POSITIVE, Fate, World, listed, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 30
_FILE = """\
name = "{name}"
hypothesis = "{hypothesis}"
owner = "{owner}"
client = "{client}"
created_at = 2024-03-01T09:00:00Z
seed = 7
timezone = "America/New_York"
aa = {aa}

[protocol]
size = {size}

[arms.control]
list = "today.csv"
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A test to be made: its filters, and the positive replies of both lists; None: no export."""

    name: str
    filters: tuple[str, ...] | None = None
    positive: tuple[int, int] | None = None
    client: str = ""
    hypothesis: str = "They answer more"
    owner: str = "Ada"
    aa: bool = False


def make_place(root: Path) -> World:
    """Return a workspace with two lists and no test."""
    root.mkdir(exist_ok=True)
    write_rows(root / "today.csv", listed("today", 70))
    write_rows(root / "narrowed.csv", listed("new", 40))
    world = World(root)
    done = world.run("init", "--timezone", "America/New_York")
    assert done.exit_code == 0, done.output
    return world


def add(world: World, told: Told) -> None:
    """Register a test and tell its story."""
    text = _FILE.format(
        name=told.name,
        hypothesis=told.hypothesis,
        owner=told.owner,
        client=told.client,
        aa=str(told.aa).lower(),
        size=SIZE,
    )
    if not told.aa:
        text += '\n[arms.segment]\nlist = "narrowed.csv"\n'
    if told.filters is not None:
        filters = ", ".join(f'"{one}"' for one in told.filters)
        text += f'\n[icp]\nname = "tight"\nversion = 1\nfilters = [{filters}]\n'
    (world.root / f"{told.name}.toml").write_text(text, encoding="utf-8")
    done = world.run("new", f"{told.name}.toml")
    assert done.exit_code == 0, done.output
    if told.positive is not None:
        tell(world, told.name, told.positive)


def tell(world: World, name: str, positive: tuple[int, int], *, export: str = "a") -> None:
    """Read in an export, taken after the window, with so many positive replies on each list."""
    story: dict[str, Fate] = {}
    for arm, number in zip(("control", "segment"), positive, strict=True):
        path = world.root / "experiments" / name / "send" / f"send-{arm}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            people = [row["Email"] for row in csv.DictReader(file)]
        for place, email in enumerate(people):
            story[email] = POSITIVE if place < number else NEGATIVE if place < 20 else Fate()
    file_name = world.statistics(story, name=f"{name}-{export}.json")
    done = world.run("ingest", name, file_name, "--exported-at", AFTER)
    assert done.exit_code == 0, done.output
