"""What commands share: options, the workspace they stand in, the clock."""

from __future__ import annotations

import getpass
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from icptest.errors import InputError, UnusableRowError
from icptest.known_tests import changed_lists, find_test, open_database
from icptest.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from icptest.experiment import Arm, Experiment
    from icptest.store import Registered, Store
    from icptest.workspace import Workspace

_TICK = timedelta(microseconds=1)

json_option = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
as_of_option = click.option(
    "--as-of",
    metavar="TIME",
    help="Set the clock; exports taken after it are ignored.",
)


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --workspace to a command; it may also stand before the command."""

    def choose(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
        outer: str | None = ctx.find_root().obj
        return value or outer

    return click.option(
        "--workspace", metavar="DIR", callback=choose, help="Folder with icptest.toml."
    )(command)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A test that was found: its registration, its frozen digest, its place in the store."""

    workspace: Workspace
    store: Store
    experiment: Experiment
    registered: Registered
    intact: bool

    def changed_lists(self) -> tuple[Arm, ...]:
        """Return the arms of which the copy of the list is not the one that was registered."""
        return changed_lists(self.workspace.folder(self.experiment.name), self.experiment)


@contextmanager
def loaded(workspace_dir: str | None, name: str, *, write: bool) -> Iterator[Loaded]:
    """Open the workspace and the test of that name.

    Raises:
        RegistrationError: There is no such test, or its folder and the database do not say the
            same.
        StoreError: The database is gone, or cannot be used.
    """
    workspace = find_workspace(workspace_dir)
    with open_database(workspace, write=write) as store:
        known = find_test(workspace, store, name)
        yield Loaded(
            workspace=workspace,
            store=store,
            experiment=known.experiment,
            registered=known.registered,
            intact=known.intact,
        )


def now() -> datetime:
    """Return the time, aware UTC."""
    return datetime.now(UTC)


def user() -> str:
    """Return who is at the keyboard, as far as the machine knows."""
    try:
        return getpass.getuser().encode(errors="replace").decode()
    except (KeyError, OSError):
        return "unknown"


def read_clock(text: str | None, zone: ZoneInfo) -> datetime:
    """Return the clock a person sets with --as-of, else the time it is."""
    return now() if text is None else read_time(text, zone, option="--as-of", dates_ok=True)


def read_time(
    text: str, zone: ZoneInfo, *, option: str, dates_ok: bool | Literal["end"] = False
) -> datetime:
    """Return a time from the command line; without a zone it is meant in the workspace's.

    Args:
        text: What was typed.
        zone: Zone of a time that says none.
        option: The option it was typed for.
        dates_ok: Whether a date alone will do: it means the first moment of that day, or
            with "end" its last.

    Raises:
        InputError: It is no time ("bad-time"), or a date alone ("time-of-day-missing").
    """
    from icptest.reading.times import parse_time  # noqa: PLC0415 - few commands read times

    try:
        return parse_time(text, zone=zone, order=None)
    except UnusableRowError as error:
        if error.reason != "date-without-time":
            raise InputError("bad-time", option=option, value=text) from error
        if not dates_ok:
            raise InputError("time-of-day-missing", option=option, value=text) from error
    except InputError as error:
        raise InputError("bad-time", option=option, value=text) from error
    day = parse_time(text, zone=zone, order=None, dates_ok=True)
    if dates_ok != "end":
        return day
    tomorrow = day.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone).astimezone(UTC) - _TICK


def from_here(path: Path) -> str:
    """Return a path as one types it from where one stands."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def say(text: str) -> None:
    """Print a page for people; nothing in it acts on their terminal, whoever wrote it."""
    from icptest.row_text import visible  # noqa: PLC0415 - `--json` needs none of it

    click.echo(visible(text))


def print_json(data: dict[str, Any]) -> None:
    """Print facts for programs."""
    click.echo(json.dumps(data, indent=2))
