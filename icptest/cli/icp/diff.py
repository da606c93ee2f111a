"""`icptest icp diff`."""

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
    on_option,
)
from icptest.icp.diff import change_of
from icptest.icp.match_file import ChangeFile
from icptest.reading import open_table
from icptest.report.icp.diff import diff_data, diff_text


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.argument("list_file", metavar="LIST")
@on_option
@click.option("--out", metavar="FILE", help="Write who enters and who leaves, as CSV.")
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    old: str,
    new: str,
    list_file: str,
    on_text: str | None,
    out: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Say who of a list enters and who leaves with another profile.

    Example: icptest icp diff saas saas-narrow market.csv
    """
    place = find_place(workspace)
    before, after = definition_named(place, old), definition_named(place, new)
    asked_columns = columns_asked(place, columns)
    table = open_table(Path(list_file), encoding=encoding)
    asked_columns.require_there([table])
    on = day_asked(on_text, place, option="--on")
    with ChangeFile(out, table) as file:
        change = change_of(before, after, table, asked_columns.columns, on=on, keep=file.keep)
    asked_columns.keep(place)
    if as_json:
        print_json(diff_data(before, after, change, list_file=list_file, on=on, out=out))
    else:
        say(diff_text(before, after, change, list_file=list_file, on=on, out=out))
