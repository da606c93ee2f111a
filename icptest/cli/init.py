"""`icptest init`."""

from __future__ import annotations

from pathlib import Path

import click

from icptest.cli._common import json_option, print_json
from icptest.report.words.commands import init_data, init_text
from icptest.store import open_store
from icptest.workspace import init_workspace


@click.command("init")
@click.argument("folder", required=False, default=".", type=click.Path(file_okay=False))
@click.option("--timezone", metavar="IANA", help="Where days begin and end; else the machine's.")
@click.option("--holidays", metavar="CC", help="Country whose holidays are no business days.")
@json_option
def command(folder: str, timezone: str | None, holidays: str | None, as_json: bool) -> None:
    """Make a workspace in this folder.

    It holds icptest.toml (settings), experiments/ (one folder per test) and icptest.db.

    Example: icptest init --timezone America/New_York --holidays US
    """
    workspace = init_workspace(Path(folder).resolve(), timezone=timezone, holidays=holidays)
    with open_store(workspace.database_url, write=True):
        pass
    if as_json:
        print_json(init_data(workspace))
    else:
        click.echo(init_text(workspace))
