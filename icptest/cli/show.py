"""`icptest show`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, loaded, print_json, workspace_option
from icptest.register import redraw
from icptest.report.inventory import show_data, show_text


@click.command("show")
@click.argument("name")
@workspace_option
@json_option
def command(name: str, workspace: str | None, as_json: bool) -> None:
    """Show what was registered and what was read in.

    Example: icptest show hubspot-new-vp
    """
    with loaded(workspace, name, write=False) as test:
        batches = test.store.batches(test.registered.experiment_id)
        # A registration that was changed would draw other people: nothing is said of them.
        draw = redraw(test.workspace, test.experiment) if test.intact else None
        if as_json:
            digest = test.registered.digest
            print_json(show_data(test.experiment, digest, batches, draw, intact=test.intact))
        else:
            click.echo(show_text(test.experiment, batches, draw, intact=test.intact))
