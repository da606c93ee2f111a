"""Lists of companies and definitions for the tests of the profile."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from icptest.icp.definition_keys import definition_from_mapping
from icptest.reading import open_table
from icptest.toml_keys import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from icptest.icp.definition import Definition
    from icptest.reading.records import Table

OWNED = 'owner = "Dana"\nreviewed_on = 2026-11-02\n'


def profile(text: str, name: str = "tight") -> Definition:
    """Return the definition that some lines make, with an owner and a day of review."""
    return definition_from_mapping(parse_toml(OWNED + text), file=f"{name}.toml", name=name)


def table_of(folder: Path, header: str, rows: Iterable[Sequence[object]]) -> Table:
    """Write a list of companies and open it."""
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(header.split(","))
        for row in rows:
            write(row)
    return open_table(path)
