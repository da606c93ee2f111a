"""Send lists: what is uploaded to the outreach tool."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from icptest.draw import interleave
from icptest.experiment import Arm
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from icptest.draw import Assignment, Draw

OWN_COLUMNS = ("icptest_experiment", "icptest_arm", "icptest_batch")

# A spreadsheet runs a cell that begins so (OWASP, CSV injection); numbers and phone numbers,
# which begin with + or - by right, are left alone.
_FORMULA = re.compile(r"[=@\t\r\n]|[+-](?![\d\s().-]*$)")


def write_send_lists(
    folder: Path,
    draw: Draw,
    *,
    experiment: str,
    seed: int,
    headers: Mapping[Arm, tuple[str, ...]],
) -> dict[str, Path]:
    """Write `send-both.csv` and one file per arm; return their paths by name.

    `send-both.csv` mixes the arms in small balanced blocks and does not name them, so that it
    is one campaign and nobody in the tool sees who is who.
    """
    make_private_folder(folder)
    control, segment = draw.control.assignments, draw.segment.assignments
    union = _union(headers[Arm.CONTROL], headers[Arm.SEGMENT])
    mixed = interleave(control, segment, seed=seed)
    texts = {
        "both": _text(mixed, union, headers, experiment, with_arm=False),
        "control": _text(control, _union(headers[Arm.CONTROL]), headers, experiment, with_arm=True),
        "segment": _text(segment, _union(headers[Arm.SEGMENT]), headers, experiment, with_arm=True),
    }
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"send-{name}.csv"
        write_private(paths[name], text)
    return paths


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _union(*headers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(name for header in headers for name in header if name not in OWN_COLUMNS)
    )


def _text(
    assignments: Sequence[Assignment],
    columns: tuple[str, ...],
    headers: Mapping[Arm, tuple[str, ...]],
    experiment: str,
    *,
    with_arm: bool,
) -> str:
    own = OWN_COLUMNS if with_arm else tuple(name for name in OWN_COLUMNS if "arm" not in name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(name) for name in columns] + list(own))
    for assignment in assignments:
        cells = dict(zip(headers[assignment.arm], assignment.contact.cells, strict=True))
        row = [harmless(cells.get(name, "")) for name in columns]
        values = {
            "icptest_experiment": experiment,
            "icptest_arm": str(assignment.arm),
            "icptest_batch": str(assignment.look),
        }
        writer.writerow(row + [values[name] for name in own])
    return out.getvalue()
