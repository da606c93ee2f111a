"""`icptest icp show`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, print_json, say, workspace_option
from icptest.cli.icp._common import definition_named, find_place
from icptest.icp.definition_file import find_definition, known_definitions
from icptest.report.icp.definition import (
    definition_data,
    definition_text,
    definitions_data,
    definitions_text,
)
from icptest.workspace import find_workspace


@click.command("show")
@click.argument("name", required=False)
@workspace_option
@json_option
def command(name: str | None, workspace: str | None, as_json: bool) -> None:
    """Show a profile in one sentence, and its layers.

    Without a name: every profile of the workspace, and when its review is due.

    Example: icptest icp show heads-of-sales
    """
    if name is None:
        place = find_workspace(workspace)
        found = [find_definition(place, one) for one in known_definitions(place)]
        today = find_place(workspace).today
        if as_json:
            print_json(definitions_data(found, today=today))
        else:
            say(definitions_text(found, today=today))
        return
    here = find_place(workspace)
    definition = definition_named(here, name)
    if as_json:
        print_json(definition_data(definition, today=here.today))
    else:
        say(definition_text(definition, today=here.today))
