"""`icptest show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from icptest.cli._common import Loaded, json_option, loaded, print_json, workspace_option
from icptest.errors import IcptestError
from icptest.register import redraw
from icptest.report.inventory import show_data, show_text

if TYPE_CHECKING:
    from icptest.draw import Draw


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
        draw = _redraw(test) if test.intact else None
        if as_json:
            digest = test.registered.digest
            print_json(show_data(test.experiment, digest, batches, draw, intact=test.intact))
        else:
            click.echo(show_text(test.experiment, batches, draw, intact=test.intact))


def _redraw(test: Loaded) -> Draw | None:
    try:
        return redraw(test.workspace, test.experiment)
    except IcptestError:
        # The copies of the lists are in no repository, and may have been deleted on purpose.
        return None
