"""`icptest show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from icptest.cli._common import (
    Loaded,
    json_option,
    loaded,
    now,
    print_json,
    user,
    workspace_option,
)
from icptest.errors import IcptestError
from icptest.known_tests import open_database, restore_registration
from icptest.register import redraw
from icptest.report.inventory import restored_data, show_data, show_text
from icptest.report.words.commands import restored_text
from icptest.workspace import find_workspace

if TYPE_CHECKING:
    from icptest.draw import Draw
    from icptest.known_tests import Restored


@click.command("show")
@click.argument("name")
@click.option(
    "--restore", is_flag=True, help="First write experiment.toml again as it was registered."
)
@workspace_option
@json_option
def command(name: str, restore: bool, workspace: str | None, as_json: bool) -> None:
    """Show what was registered and what was read in.

    Example: icptest show hubspot-new-vp
    """
    restored = _restore(workspace, name) if restore else None
    with loaded(workspace, name, write=False) as test:
        batches = test.store.batches(test.registered.experiment_id)
        # A registration or list that was changed would draw other people: nothing is said of them.
        changed = test.changed_lists() if test.intact else ()
        draw = _redraw(test) if test.intact and not changed else None
        if as_json:
            digest = test.registered.digest
            data = show_data(
                test.experiment, digest, batches, draw, intact=test.intact, changed=changed
            )
            print_json(data if restored is None else data | restored_data(restored))
        else:
            if restored is not None:
                click.echo(f"{restored_text(restored)}\n")
            click.echo(
                show_text(test.experiment, batches, draw, intact=test.intact, changed=changed)
            )


def _restore(workspace_dir: str | None, name: str) -> Restored:
    workspace = find_workspace(workspace_dir)
    with open_database(workspace, write=True) as store:
        return restore_registration(workspace, store, name, now=now(), user=user())


def _redraw(test: Loaded) -> Draw | None:
    try:
        return redraw(test.workspace, test.experiment)
    except IcptestError:
        # The copies of the lists are in no repository, and may have been deleted on purpose.
        return None
