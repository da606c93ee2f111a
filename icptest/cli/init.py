"""`icptest init`."""

from __future__ import annotations

from pathlib import Path

import click

from icptest.cli._common import json_option, print_json, say
from icptest.errors import StoreError, WorkspaceError
from icptest.report.words.commands import init_data, init_text, repaired_text
from icptest.store import open_store
from icptest.workspace import Workspace, init_workspace, read_workspace


@click.command("init")
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.option("--timezone", metavar="IANA", help="Where days begin and end; else the machine's.")
@click.option("--holidays", metavar="CC", help="Country whose holidays are no business days.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    folder: str | None,
    timezone: str | None,
    holidays: str | None,
    as_json: bool,
) -> None:
    """Make a workspace in this folder.

    It holds icptest.toml (settings), experiments/ (one folder per test) and icptest.db. In a
    workspace whose database is missing or of an older version, it mends that.

    Example: icptest init --timezone America/New_York --holidays US
    """
    # `icptest --workspace DIR init` names the folder before the command.
    root = Path(folder or ctx.find_root().obj or ".").resolve()
    is_new = True
    try:
        workspace = init_workspace(root, timezone=timezone, holidays=holidays)
    except WorkspaceError as error:
        if error.code != "workspace-exists" or timezone or holidays:
            raise
        workspace = read_workspace(root)
        if _fits(workspace):
            raise
        is_new = False
    with open_store(workspace.database_url, write=True):
        pass
    if as_json:
        print_json(init_data(workspace))
    else:
        say(init_text(workspace) if is_new else repaired_text(workspace))


def _fits(workspace: Workspace) -> bool:
    """Whether the database is there, and neither older than this program nor half written."""
    try:
        with open_store(workspace.database_url, write=False):
            return True
    except StoreError as error:
        if error.code not in {"no-database", "database-older", "database-interrupted"}:
            raise
        return False
