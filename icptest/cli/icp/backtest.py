"""`icptest icp backtest`."""

from __future__ import annotations

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
from icptest.errors import InputError
from icptest.icp.backtest import LOST, MARKET, WON, backtest
from icptest.icp.joined import Joined
from icptest.icp.outcome import Outcome
from icptest.icp.panel import read_panel
from icptest.reading import open_table
from icptest.report.icp.backtest import backtest_data, backtest_text

if TYPE_CHECKING:
    from icptest.reading.records import Table

_OUTCOMES = {WON: Outcome.WON, LOST: Outcome.LOST, MARKET: None}


@click.command("backtest")
@click.argument("name")
@click.option("--won", metavar="FILE", required=True, help="Deals that were won.")
@click.option("--lost", metavar="FILE", help="Deals that were lost; may be the same file.")
@click.option("--market", metavar="FILE", help="The companies you could sell to.")
@click.option(
    "--on",
    "on_text",
    metavar="DATE",
    help="The day to judge events on where a deal tells none.  [default for the market: today]",
)
@click.option(
    "--accounts", metavar="FILE", help="A list that says more of the companies of the deals."
)
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    name: str,
    won: str,
    lost: str | None,
    market: str | None,
    on_text: str | None,
    accounts: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Hold a profile against won deals, lost deals and the market.

    It needs the won deals and at least one other list. Where a list has a column that says what
    became of a deal, only its won (lost) deals count.

    Example: icptest icp backtest heads-of-sales --won won.csv --lost lost.csv --market market.csv
    """
    place = find_place(workspace)
    definition = definition_named(place, name)
    asked = columns_asked(place, columns)
    files = {WON: won, LOST: lost, MARKET: market}
    tables: dict[str, Table] = {
        name: open_table(Path(file), encoding=encoding)
        for name, file in files.items()
        if file is not None
    }
    if len(tables) == 1:
        raise InputError("icp-nothing-to-compare")
    more = None if accounts is None else open_table(Path(accounts), encoding=encoding)
    asked.require_there([*tables.values(), *([] if more is None else [more])])
    joined: dict[str, Joined] = {}
    if more is not None:
        joined = {
            name: Joined(one, more, asked.columns) for name, one in tables.items() if name != MARKET
        }
    on = None if on_text is None else day_asked(on_text, place, option="--on")
    today = on or place.today
    panels = {
        name: read_panel(
            definition,
            joined.get(name, one),
            asked.columns,
            today=today,
            on=today if name == MARKET else on,
            outcome=_OUTCOMES[name],
        )
        for name, one in tables.items()
    }
    result = backtest(definition, panels)
    asked.keep(place)
    if as_json:
        print_json(backtest_data(definition, result, joined))
    else:
        say(backtest_text(definition, result, joined, accounts=accounts))
