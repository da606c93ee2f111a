"""`icptest log`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, print_json, say, workspace_option
from icptest.journal import verify
from icptest.known_tests import open_database, require_known
from icptest.report.inventory import log_data, log_text
from icptest.workspace import find_workspace


@click.command("log")
@click.argument("name", required=False)
@workspace_option
@json_option
def command(name: str | None, workspace: str | None, as_json: bool) -> None:
    """Show who did what, when.

    Every entry is chained to the one before it: an entry that was changed afterwards shows.

    Example: icptest log hubspot-new-vp
    """
    place = find_workspace(workspace)
    with open_database(place, write=False) as store:
        if name is not None:
            require_known(place, store, name)
        everything = store.journal()
    at_fault = verify(everything)
    entries = [entry for entry in everything if name is None or entry.experiment == name]
    if as_json:
        print_json(log_data(entries, intact=at_fault is None))
    else:
        broken = None if at_fault is None else everything[at_fault]
        say(log_text(entries, place.zone, broken))
