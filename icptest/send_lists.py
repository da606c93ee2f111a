"""Send lists: what is uploaded to the outreach tool."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.contacts import column_key, find_roles
from icptest.csv_lines import csv_line
from icptest.draw import interleave
from icptest.errors import InputError
from icptest.experiment import Arm
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.contacts import Contact, Role
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
    roles: Mapping[Arm, Mapping[Role, int]] | None = None,
) -> dict[str, Path]:
    """Write `send-both.csv` and one file per arm; return their paths by name.

    `send-both.csv` mixes the arms in small balanced blocks and does not name them, so that it
    is one campaign and nobody in the tool sees who is who. What the two lists name differently
    ("Email", "work_email") is one column of it, named as in control.

    Args:
        folder: Where to.
        draw: Both arms.
        experiment: Name of the test.
        seed: Decides the order of `send-both.csv`, with the identifiers.
        headers: Columns of the lists.
        roles: Which column of each list holds what; by their usual names when not given.
    """
    make_private_folder(folder)
    control, segment = draw.control.assignments, draw.segment.assignments
    known = roles or {arm: _usual_roles(headers[arm]) for arm in Arm}
    own = {arm: {name: name for name in headers[arm] if not _is_ours(name)} for arm in Arm}
    both = {**own, Arm.SEGMENT: _renamed(headers, known)}
    mixed = interleave(control, segment, seed=seed)
    texts = {
        "both": _text(mixed, both, headers, experiment, with_arm=False),
        "control": _text(
            control, {Arm.CONTROL: own[Arm.CONTROL]}, headers, experiment, with_arm=True
        ),
        "segment": _text(
            segment, {Arm.SEGMENT: own[Arm.SEGMENT]}, headers, experiment, with_arm=True
        ),
    }
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"send-{name}.csv"
        write_private(paths[name], text)
    return paths


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _is_ours(column: str) -> bool:
    return column.strip().casefold() in OWN_COLUMNS


def _usual_roles(header: tuple[str, ...]) -> Mapping[Role, int]:
    try:
        return find_roles(header, named={}, file="")
    except InputError:
        # A person named the columns of this list; they are matched by their names alone.
        return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """People of one list, for a send list of several.

    Attributes:
        assignments: Who goes out.
        header: Columns of the list.
        roles: Which column holds what.
    """

    assignments: Sequence[Assignment]
    header: tuple[str, ...]
    roles: Mapping[Role, int]


def render_mixed(groups: Sequence[Group], *, name: str, seed: int) -> str:
    """Return the text of one send list of today's people and several new lists.

    Args:
        groups: Today's list first. Its columns give the names of those that mean the same.
        name: What stands as the experiment: the people of today's list are in several.
        seed: Decides the order, with the identifiers.
    """
    control = groups[0]
    columns = [{column: column for column in control.header if not _is_ours(column)}]
    for group in groups[1:]:
        headers = {Arm.CONTROL: control.header, Arm.SEGMENT: group.header}
        roles = {Arm.CONTROL: control.roles, Arm.SEGMENT: group.roles}
        columns.append(_renamed(headers, roles))
    union = tuple(dict.fromkeys(column for names in columns for column in names.values()))
    of_group = {one: place for place, group in enumerate(groups) for one in group.assignments}
    lines = [csv_line([*map(harmless, union), "icptest_experiment", "icptest_batch"])]
    for one in interleave(*(group.assignments for group in groups), seed=seed):
        place = of_group[one]
        cells = {
            columns[place][column]: cell
            for column, cell in zip(groups[place].header, one.contact.cells, strict=True)
            if column in columns[place]
        }
        lines.append(
            csv_line([*(harmless(cells.get(column, "")) for column in union), name, str(one.look)])
        )
    return "".join(lines)


def render_people(contacts: Iterable[Contact]) -> str:
    """Return the text of a file of people to leave out elsewhere, one identifier a row."""
    names = sorted({name for contact in contacts for name in contact.identifiers})
    return "".join(csv_line([cell]) for cell in ("contact", *map(harmless, names)))


def _renamed(
    headers: Mapping[Arm, tuple[str, ...]], roles: Mapping[Arm, Mapping[Role, int]]
) -> dict[str, str]:
    """Return under which name each column of the segment stands in the file of both lists.

    That of control's column with the same role, else with the same name, else its own; a
    column of control takes in one of the segment at most.
    """
    control, segment = headers[Arm.CONTROL], headers[Arm.SEGMENT]
    same = {
        segment[place]: control[roles[Arm.CONTROL][role]]
        for role, place in roles[Arm.SEGMENT].items()
        if role in roles[Arm.CONTROL]
    }
    free = [name for name in control if not _is_ours(name) and name not in same.values()]
    names = {}
    for name in segment:
        if _is_ours(name):
            continue
        alike = [other for other in free if column_key(other) == column_key(name)]
        if name not in same and alike:
            same[name] = name if name in alike else alike[0]
            free.remove(same[name])
        names[name] = same.get(name, name)
    taken = set(control)
    for name, goes_under in names.items():
        if name not in same and goes_under in taken:
            # Control has another column of this name.
            names[name] = f"{name} (new list)"
    return names


def _text(
    assignments: Sequence[Assignment],
    columns: Mapping[Arm, Mapping[str, str]],
    headers: Mapping[Arm, tuple[str, ...]],
    experiment: str,
    *,
    with_arm: bool,
) -> str:
    own = OWN_COLUMNS if with_arm else tuple(name for name in OWN_COLUMNS if "arm" not in name)
    union = tuple(dict.fromkeys(name for names in columns.values() for name in names.values()))
    lines = [csv_line([harmless(name) for name in union] + list(own))]
    for assignment in assignments:
        goes_under = columns[assignment.arm]
        cells = {
            goes_under[name]: cell
            for name, cell in zip(headers[assignment.arm], assignment.contact.cells, strict=True)
            if name in goes_under
        }
        row = [harmless(cells.get(name, "")) for name in union]
        values = {
            "icptest_experiment": experiment,
            "icptest_arm": str(assignment.arm),
            "icptest_batch": str(assignment.look),
        }
        lines.append(csv_line(row + [values[name] for name in own]))
    return "".join(lines)
