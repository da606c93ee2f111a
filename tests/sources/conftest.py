"""Reading a fixture as ingest does, and the goldens that hold what was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from icptest.errors import UnusableRowError
from icptest.reading.opening import open_export
from icptest.reading.records import BadRow
from icptest.sources import GENERIC, find_source, identify
from icptest.sources._base import Settings
from icptest.sources.generic import from_toml, layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.events import Event
    from icptest.sources._base import Layout, Source

SETTINGS = Settings(zone=ZoneInfo("America/New_York"), campaign="Said campaign")


@dataclass(kw_only=True)
class Told:
    """Everything a file told: what ingest would store, and its balance of rows."""

    source: Source
    layout: Layout
    rows: int = 0
    with_events: int = 0
    events: list[tuple[int, tuple[Identifier, ...], Event]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    aside: list[UnusableRowError | BadRow] = field(default_factory=list)

    def facts(self) -> list[str]:
        """The events without the place they were read at, sorted."""
        return sorted(f"{who} {event}" for _, who, event in self.events)

    def keys(self) -> set[tuple[Any, ...]]:
        """The keys events are stored under."""
        return {
            (who, event.kind, event.provider_id)
            if event.provider_id
            else (who, event.kind, event.campaign, event.step, event.at, event.label)
            for _, who, event in self.events
        }

    def of(self, who: Identifier) -> list[Event]:
        """The events of one contact, in the order of the file."""
        return [event for _, names, event in self.events if who in names]


def mapping_of(path: Path) -> Path:
    """The file beside a generic fixture that holds its mapping."""
    return path.with_name(f"{path.stem}.mapping.toml")


def read_export(
    path: Path,
    settings: Settings = SETTINGS,
    *,
    source: str | None = None,
    known: Layout | None = None,
    order: Callable[[Iterator[Any]], Any] = iter,
) -> Told:
    """Read a file whole, as ingest does for contacts of the test."""
    export = open_export(path)
    if known is None and mapping_of(path).exists():
        known = layout(from_toml(mapping_of(path).read_text(encoding="utf-8")))
    found = (find_source(source or GENERIC), known) if known else identify(export, source=source)
    told = Told(source=found[0], layout=found[1])
    reader = told.layout.open(export, settings)
    for row in order(iter(export.rows())):
        told.rows += 1
        if isinstance(row, BadRow):
            told.set_aside[row.reason] += 1
            told.aside.append(row)
            continue
        try:
            who = reader.who(row)
            reading = reader.what(row)
        except UnusableRowError as error:
            told.set_aside[error.reason] += 1
            told.aside.append(error)
            continue
        told.with_events += bool(reading.events)
        assert bool(reading.events) != bool(reading.note), (row, reading)
        assert who or not reading.events, (row, reading)
        if reading.note:
            told.notes[reading.note] += 1
        told.events += [(row.record, who, event) for event in reading.events]
    return told


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--bless`: write goldens that are missing; `--bless=replace`: write them all."""
    parser.addoption(
        "--bless",
        nargs="?",
        const="missing",
        default=None,
        choices=("missing", "replace"),
        help="write missing golden files of sources; --bless=replace replaces those there are",
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> str | None:
    """What `--bless` says: None, "missing" or "replace"."""
    said: str | None = request.config.getoption("--bless", default=None)
    return said


@pytest.fixture(scope="session")
def read() -> Callable[..., Told]:
    """The function that reads a file whole."""
    return read_export


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., Told]:
    """A function that writes a text to a file and reads it whole."""

    def write_and_read(text: str, settings: Settings = SETTINGS, **how: Any) -> Told:
        path = tmp_path / "export"
        path.write_text(text, encoding="utf-8", newline="")
        return read_export(path, settings, **how)

    return write_and_read
