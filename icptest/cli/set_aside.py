"""`icptest set-aside`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, loaded, now, print_json, say, user, workspace_option
from icptest.replay import replay_set_aside
from icptest.report.inventory import set_aside_data, set_aside_text
from icptest.report.words.commands import replayed_text


@click.command("set-aside")
@click.argument("name")
@click.option("--replay", is_flag=True, help="Read these rows again; use those that can be.")
@workspace_option
@json_option
def command(name: str, replay: bool, workspace: str | None, as_json: bool) -> None:
    """Show the rows that could not be read, or read them again.

    Example: icptest set-aside hubspot-new-vp --replay
    """
    with loaded(workspace, name, write=replay) as test:
        if replay:
            done = replay_set_aside(
                test.workspace,
                test.store,
                test.experiment,
                test.registered,
                now=now(),
                user=user(),
            )
            if not as_json:
                say(replayed_text(name, done.n_read, done.n_left))
                return
        rows = test.store.set_aside(test.registered.experiment_id)
    if as_json:
        print_json(set_aside_data(name, rows))
    else:
        say(set_aside_text(name, rows))
