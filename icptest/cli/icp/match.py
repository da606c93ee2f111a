"""`icptest icp match`."""

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
    icp_option,
    last_day_of_test,
    on_option,
    written_on,
)
from icptest.icp.match import match_table
from icptest.icp.match_file import MatchFile
from icptest.reading import open_table
from icptest.report.icp.match import Asked, match_data, match_text


@click.command("match")
@click.argument("list_file", metavar="LIST")
@icp_option
@on_option
@click.option("--out", metavar="FILE", help="Write who is in, with their signals, as CSV.")
@click.option(
    "--keep-unknown", is_flag=True, help="Write those too of whom the list does not tell enough."
)
@click.option(
    "--list-date",
    "list_text",
    metavar="DATE",
    help="When the list was pulled.  [default: when the file was last written]",
)
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    list_file: str,
    icp_name: str,
    on_text: str | None,
    out: str | None,
    keep_unknown: bool,
    list_text: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Say who of a list is in, and who is out because of what.

    Every row gets icp_signal, icp_signal_on and icp_expires_on in the file that --out names.

    Example: icptest icp match market.csv --icp heads-of-sales --out segment.csv
    """
    place = find_place(workspace)
    definition = definition_named(place, icp_name)
    asked_columns = columns_asked(place, columns)
    path = Path(list_file)
    table = open_table(path, encoding=encoding)
    asked_columns.require_there([table])
    on = day_asked(on_text, place, option="--on")
    asked = Asked(
        list=list_file,
        on=on,
        ends_on=last_day_of_test(on, place),
        list_on=day_asked(list_text, place, option="--list-date")
        if list_text
        else written_on(path, place),
        out=out,
        keeps_unknown=keep_unknown,
    )
    with MatchFile(out, table, keeps_unknown=keep_unknown) as file:
        funnel = match_table(
            definition,
            table,
            asked_columns.columns,
            on=on,
            ends_on=asked.ends_on,
            keep=file.keep,
        )
    asked_columns.keep(place)
    if as_json:
        print_json(match_data(definition, funnel, asked))
    else:
        say(match_text(definition, funnel, asked))
