"""`icptest sources`."""

from __future__ import annotations

import click

from icptest.cli._common import json_option, print_json, say
from icptest.report.inventory import source_text, sources_data, sources_text
from icptest.sources import all_sources, find_source


@click.command("sources")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Say which tools' exports can be read, and how to get them.

    Example: icptest sources smartlead
    """
    found = [find_source(name)] if name is not None else list(all_sources().values())
    if as_json:
        print_json(sources_data(found))
    elif name is not None:
        say(source_text(found[0]))
    else:
        say(sources_text(found))
