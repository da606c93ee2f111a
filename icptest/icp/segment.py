"""The new list of a test, made by a profile: who of a larger list is in, on the day of sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.icp.match import match_table
from icptest.icp.match_file import MatchFile
from icptest.icp.signals import clocks_of
from icptest.profile import Profile

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from icptest.icp.columns import Columns
    from icptest.icp.definition import Definition
    from icptest.icp.match import Funnel
    from icptest.reading.records import Table

FILE = "segment.csv"


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A new list.

    Attributes:
        path: Its file, with the columns of the list and those of the signals.
        funnel: Who was in, and who was not.
        profile: What the registration keeps of it.
        uses_signals: Whether the profile asks for events, so that the list's age matters.
    """

    path: Path
    funnel: Funnel
    profile: Profile
    uses_signals: bool


def make_segment(
    definition: Definition,
    table: Table,
    columns: Columns,
    *,
    on: date,
    ends_on: date,
    list_on: date,
    folder: Path,
) -> Segment:
    """Write who of a list is in.

    Args:
        definition: Who is in.
        table: The list.
        columns: What people have said about columns.
        on: The day the mails go out.
        ends_on: The day the test ends.
        list_on: The day the list is of.
        folder: Where the new list is written.

    Raises:
        InputError: As `match_table`.
    """
    path = folder / FILE
    with MatchFile(str(path), table) as file:
        funnel = match_table(definition, table, columns, on=on, ends_on=ends_on, keep=file.keep)
    return Segment(
        path=path,
        funnel=funnel,
        profile=Profile(
            name=definition.name,
            version=definition.version,
            digest=definition.digest,
            filters=tuple(map(str, definition.filters)),
            disqualifiers=tuple(map(str, definition.disqualifiers)),
            judged_on=on.isoformat(),
            list=str(table.path),
            list_on=list_on.isoformat(),
        ),
        uses_signals=bool(clocks_of(definition)),
    )
