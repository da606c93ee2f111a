"""`icptest icp drift`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icptest.cli._common import json_option, print_json, say, workspace_option
from icptest.cli.icp._common import (
    column_option,
    columns_asked,
    day_asked,
    definition_named,
    encoding_option,
    find_place,
)
from icptest.errors import InputError, Location, WorkspaceError
from icptest.icp.asked_of import outcome_place
from icptest.icp.churn import read_churn
from icptest.icp.criteria import MOST_DAYS
from icptest.icp.deals import read_deals
from icptest.icp.definition_file import known_definitions
from icptest.icp.drift import find_drift, with_intervals
from icptest.icp.joined import Joined
from icptest.reading import open_table
from icptest.report.icp.drift import DriftAsked, drift_data, drift_text

if TYPE_CHECKING:
    from icptest.cli.icp._common import Place
    from icptest.icp.definition import Definition
    from icptest.reading.records import Table

_DAYS = re.compile(r"([0-9]{1,6})\s*(?:d|days?)?", re.IGNORECASE)


@click.command("drift")
@click.argument("deals", metavar="DEALS")
@click.option(
    "--icp",
    "icp_name",
    metavar="NAME",
    help="The profile, or its file.  [default: the only one of the workspace]",
)
@click.option(
    "--since",
    metavar="DAYS",
    default="90d",
    show_default=True,
    help="How long the recent period is; all before it is what it is held against.",
)
@click.option(
    "--on", "on_text", metavar="DATE", help="The last day of the period.  [default: today]"
)
@click.option(
    "--accounts", metavar="FILE", help="A list that says more of the companies of the deals."
)
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    deals: str,
    icp_name: str | None,
    since: str,
    on_text: str | None,
    accounts: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Say whether a profile has parted from reality, by your deals.

    Three signals: wins outside it, losses inside it, churn that clusters on an attribute.

    Example: icptest icp drift deals.csv --accounts accounts.csv
    """
    place = find_place(workspace)
    definition = _definition(place, icp_name)
    asked = columns_asked(place, columns)
    since_days = _since(since)
    on = day_asked(on_text, place, option="--on")
    table: Table = open_table(Path(deals), encoding=encoding)
    tables, joined = [table], None
    outcome = outcome_place(table, asked.columns)
    if accounts is not None:
        tables.append(open_table(Path(accounts), encoding=encoding))
    asked.require_there(tables)
    if accounts is not None:
        table = joined = Joined(table, tables[1], asked.columns)
    churn = read_churn(table, asked.columns, outcome=outcome, on=on)
    if outcome is None and churn is None:
        raise InputError(
            "icp-no-outcome",
            location=Location(file=deals, line=1),
            columns=", ".join(table.header),
        )
    decided = None
    if outcome is not None:
        decided = read_deals(
            definition, table, asked.columns, outcome=outcome, on=on, since_days=since_days
        )
    drift = with_intervals(find_drift(definition, decided, churn))
    asked.keep(place)
    about = DriftAsked(deals=deals, accounts=accounts, joined=joined)
    if as_json:
        print_json(drift_data(definition, drift, about))
    else:
        say(drift_text(definition, drift, about))


def _definition(place: Place, name: str | None) -> Definition:
    """Return the profile that was named, else the only one there is."""
    if name is not None:
        return definition_named(place, name)
    if place.workspace is None:
        raise WorkspaceError("no-workspace", where=str(Path.cwd()))
    known = known_definitions(place.workspace)
    if len(known) != 1:
        raise InputError(
            "icp-not-named", known=", ".join(known) or "none", case=None if known else "none"
        )
    return definition_named(place, known[0])


def _since(text: str) -> int:
    found = _DAYS.fullmatch(text.strip())
    if found is None or not 0 < int(found[1]) <= MOST_DAYS:
        raise InputError("bad-since", option="--since", value=text, most=MOST_DAYS)
    return int(found[1])
