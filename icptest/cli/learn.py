"""`icptest learn`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, now, print_json, say, workspace_option
from icptest.learn import learn
from icptest.learn import search as find
from icptest.past import past_tests
from icptest.report.learning import found_text, learning_data, learning_text
from icptest.workspace import find_workspace


@click.command("learn")
@click.argument("search", metavar="[SEARCH]...", nargs=-1)
@click.option(
    "--client",
    metavar="NAME",
    help="Whose tests, at an agency.  [default: the workspace's client]",
)
@workspace_option
@json_option
def command(
    search: tuple[str, ...], client: str | None, workspace: str | None, as_json: bool
) -> None:
    """Say what the finished tests teach; with words, find past tests.

    It shows each filter's record, the lift of narrowing, and your own baseline. Names and
    filters are those of one client's tests; other clients count as numbers alone.

    Example: icptest learn hubspot vp
    """
    place = find_workspace(workspace)
    tests = past_tests(place, as_of=now())
    learning = learn(tests, client=place.client if client is None else client)
    found_of = find(learning.tests, search) if any(word.split() for word in search) else None
    if as_json:
        print_json(learning_data(learning, found=found_of, asked=search))
    elif found_of is None:
        say(learning_text(learning))
    else:
        say(found_text(learning, found_of, search))
