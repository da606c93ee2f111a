"""What the writers of all sources share: the inverse of reading, the same bytes every time."""

from __future__ import annotations

import csv
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from icptest.errors import InputError
from icptest.sources._export import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path


def iso(at: datetime | None) -> str | None:
    """Return a UTC time as APIs write it: "2026-03-02T09:10:00Z"."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a CSV file: UTF-8, LF, quotes only where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_lines(path: Path, objects: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for fields in objects:
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value, indented for people."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def unknown_layout(source: str, layout: str, allowed: Iterable[str]) -> InputError:
    """Return the error for a layout a source does not write."""
    allowed = tuple(allowed)
    return InputError(
        "unknown-layout",
        source=source,
        value=layout,
        allowed=listed(allowed),
        nearest=nearest(layout, allowed),
    )
