"""`icptest show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from icptest.cli._common import (
    json_option,
    loaded,
    now,
    print_json,
    say,
    user,
    workspace_option,
)
from icptest.known_tests import open_database, restore_registration
from icptest.left import left_of_segment
from icptest.report.inventory import restored_data, show_data, show_text
from icptest.report.words.commands import restored_text
from icptest.workspace import find_workspace

if TYPE_CHECKING:
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
        changed = test.changed_lists() if test.intact else ()
        # A registration that was changed may say anything, and other lists have other people.
        left = (
            left_of_segment(test.experiment, test.store.journal(test.registered.slug))
            if test.intact and not changed
            else None
        )
        if as_json:
            digest = test.registered.digest
            data = show_data(
                test.experiment, digest, batches, left, intact=test.intact, changed=changed
            )
            print_json(data if restored is None else data | restored_data(restored))
        else:
            if restored is not None:
                say(f"{restored_text(restored)}\n")
            say(show_text(test.experiment, batches, left, intact=test.intact, changed=changed))


def _restore(workspace_dir: str | None, name: str) -> Restored:
    workspace = find_workspace(workspace_dir)
    with open_database(workspace, write=True) as store:
        return restore_registration(workspace, store, name, now=now(), user=user())
