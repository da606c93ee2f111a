"""`icptest icp lint`."""

from __future__ import annotations

from pathlib import Path

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
from icptest.icp.evidence import market_of, won_of
from icptest.icp.lint import lint
from icptest.reading import open_table
from icptest.report.icp.lint import lint_data, lint_text


@click.command("lint")
@click.argument("name")
@click.option("--market", metavar="LIST", help="Count what the profile leaves of this list.")
@click.option("--won", metavar="LIST", help="Count how many of these closed deals it describes.")
@click.option("--on", "on_text", metavar="DATE", help="The day it is.  [default: today]")
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    name: str,
    market: str | None,
    won: str | None,
    on_text: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Name the traps a profile is in, each with its evidence and its remedy.

    Example: icptest icp lint heads-of-sales --market market.csv --won closed.csv
    """
    place = find_place(workspace)
    definition = definition_named(place, name)
    asked = columns_asked(place, columns)
    today = day_asked(on_text, place, option="--on")
    tables = {
        what: open_table(Path(file), encoding=encoding)
        for what, file in (("market", market), ("won", won))
        if file is not None
    }
    if tables:
        asked.require_there(list(tables.values()))
    findings = lint(
        definition,
        today=today,
        market=market_of(definition, tables["market"], asked.columns, on=today)
        if "market" in tables
        else None,
        won=won_of(definition, tables["won"], asked.columns, on=today) if "won" in tables else None,
    )
    if tables:
        asked.keep(place)
    if as_json:
        print_json(lint_data(definition, findings, today=today))
    else:
        say(lint_text(definition, findings))
