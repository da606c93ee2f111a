"""`icptest list`."""

from __future__ import annotations

import sys

import click

from icptest.cli._common import as_of_option, json_option, print_json, say, workspace_option
from icptest.cli._progress import all_progress, tell_broken
from icptest.report.progress import list_text, statuses_data


@click.command("list")
@as_of_option
@workspace_option
@json_option
def command(as_of: str | None, workspace: str | None, as_json: bool) -> None:
    """List the tests of this workspace.

    Example: icptest list --json
    """
    found = list(all_progress(workspace, as_of))
    code = tell_broken(found)
    if as_json:
        print_json(statuses_data(found, "icptest.list/1"))
    else:
        say(list_text(found))
    if code:
        sys.exit(code)
