"""`icptest status`."""

from __future__ import annotations

import sys

import click

from icptest.cli._common import as_of_option, json_option, print_json, say, workspace_option
from icptest.cli._progress import all_progress, one_progress, tell_broken
from icptest.report.progress import board_text, status_text, statuses_data


@click.command("status")
@click.argument("name", required=False)
@as_of_option
@workspace_option
@json_option
def command(name: str | None, as_of: str | None, workspace: str | None, as_json: bool) -> None:
    """Say how far the tests are, and what to do next.

    It shows who was mailed and when the replies are in, and never how the lists are doing.

    Example: icptest status hubspot-new-vp
    """
    if name is not None:
        one = one_progress(workspace, name, as_of)
        if as_json:
            print_json(statuses_data([one], "icptest.status/1"))
        else:
            say(status_text(one))
        return
    found = list(all_progress(workspace, as_of))
    code = tell_broken(found)
    if as_json:
        print_json(statuses_data(found, "icptest.status/1"))
    else:
        say(board_text(found))
    if code:
        sys.exit(code)
