"""What the profile's commands share: where definitions are, the columns of lists, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from icptest.cli._common import now
from icptest.errors import InputError, WorkspaceError
from icptest.icp.columns import (
    Columns,
    columns_said,
    read_columns,
    require_columns_there,
    write_columns,
)
from icptest.icp.definition_file import find_definition, read_definition
from icptest.workspace import find_workspace, system_timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from icptest.icp.definition import Definition
    from icptest.icp.fields import Field
    from icptest.reading.records import Table
    from icptest.workspace import Workspace

_SEND_HOURS = 48
_SETTLE_DAYS = 5
"""The protocol: mails go out within two days, and replies have five business days."""

icp_option = click.option(
    "--icp", "icp_name", required=True, metavar="NAME", help="The profile, or its file."
)
on_option = click.option(
    "--on", "on_text", metavar="DATE", help="The day the mails go out.  [default: today]"
)
encoding_option = click.option(
    "--encoding", metavar="NAME", help="Encoding of the lists, if not UTF-8."
)


def column_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --column to a command."""
    return click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=NAME",
        help='Say once which column holds what ("employees=Team size"); kept in icp/columns.toml.',
    )(command)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a command works: a workspace, or none where everything is named by file.

    Attributes:
        workspace: The workspace, if there is one.
        zone: Where days begin and end.
        holidays: Country whose holidays are no business days.
    """

    workspace: Workspace | None
    zone: ZoneInfo
    holidays: str | None

    @property
    def today(self) -> date:
        """The day it is here."""
        return now().astimezone(self.zone).date()


def find_place(workspace: str | None) -> Place:
    """Return the workspace, or the machine's clock where there is none.

    Raises:
        WorkspaceError: A workspace was named that is none.
    """
    try:
        found = find_workspace(workspace)
    except WorkspaceError as error:
        if workspace is not None or error.code != "no-workspace":
            raise
        return Place(workspace=None, zone=_system_zone(), holidays=None)
    return Place(workspace=found, zone=found.zone, holidays=found.holidays)


def _system_zone() -> ZoneInfo:
    try:
        return ZoneInfo(system_timezone())
    except WorkspaceError:
        return ZoneInfo("UTC")


def definition_named(place: Place, name: str) -> Definition:
    """Return a definition; without a workspace it must be named by its file.

    Raises:
        WorkspaceError: There is no workspace, and the name is no file.
        RegistrationError: There is no such definition, or it cannot be used.
    """
    if place.workspace is not None:
        return find_definition(place.workspace, name)
    if name.endswith(".toml") and Path(name).is_file():
        return read_definition(Path(name))
    raise WorkspaceError("no-workspace", where=str(Path.cwd()))


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnsAsked:
    """The columns of lists: what the workspace knows, and what was said just now.

    Attributes:
        columns: Both together.
        said: What was said just now.
    """

    columns: Columns
    said: dict[Field, str]

    def require_there(self, tables: Sequence[Table]) -> None:
        """Refuse a column that none of the lists has.

        Raises:
            InputError: Nobody has it ("icp-column-not-there").
        """
        for field, name in self.said.items():
            header = [column for table in tables for column in table.header]
            require_columns_there({field: name}, header, file=str(tables[0].path))

    def keep(self, place: Place) -> str | None:
        """Keep what was said in the workspace; return the file, or None where nothing was."""
        if not self.said or place.workspace is None:
            return None
        return str(write_columns(place.workspace, self.columns))


def columns_asked(place: Place, options: tuple[str, ...]) -> ColumnsAsked:
    """Return the columns of lists.

    Raises:
        InputError: What was said is no FIELD=NAME.
        RegistrationError: `icp/columns.toml` cannot be used.
    """
    said = columns_said(options)
    known = Columns() if place.workspace is None else read_columns(place.workspace)
    return ColumnsAsked(columns=known.saying(said), said=said)


def day_asked(text: str | None, place: Place, *, option: str) -> date:
    """Return the day that was typed, else today.

    Raises:
        InputError: It is no day ("bad-day").
    """
    if text is None:
        return place.today
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError("bad-day", option=option, value=text) from error


def last_day_of_test(on: date, place: Place) -> date:
    """Return the last day on which a reply counts, if sending starts on a day."""
    from icptest.business_days import deadline  # noqa: PLC0415 - not every command counts days

    last_touch = datetime.combine(on, time(12), tzinfo=place.zone) + timedelta(hours=_SEND_HOURS)
    closes_at = deadline(
        last_touch, business_days=_SETTLE_DAYS, zone=place.zone, country=place.holidays
    )
    return (closes_at - timedelta(seconds=1)).astimezone(place.zone).date()


def written_on(path: Path, place: Place) -> date:
    """Return the day of a file: when it was last written, never after today."""
    changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).astimezone(place.zone).date()
    return min(changed, place.today)
