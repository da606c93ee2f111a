"""Rows as lines of a CSV file, quickly: a million of them go into the file of a match.

The standard writer looks at every letter. Most rows have nothing to quote, and one look at the
whole line says so. It also leaves a lone carriage return as it is, which then ends the row for
whoever reads the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def csv_line(cells: Sequence[str]) -> str:
    """Return a row as one line, its end included, in quotes only where they are needed."""
    line = ",".join(cells)
    if '"' in line or "\n" in line or "\r" in line:
        return ",".join(map(_quoted, cells)) + "\n"
    if line.count(",") != len(cells) - 1:
        return ",".join([f'"{cell}"' if "," in cell else cell for cell in cells]) + "\n"
    return f"{line}\n" if line else '""\n'


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
