"""`icptest icp narrow`."""

from __future__ import annotations

from pathlib import Path

import click

from icptest.cli._common import from_here, json_option, print_json, say, workspace_option
from icptest.cli.icp._common import (
    column_option,
    columns_asked,
    day_asked,
    encoding_option,
    find_place,
    last_day_of_test,
    on_option,
)
from icptest.errors import InputError, RegistrationError
from icptest.icp.criteria import parse_criterion
from icptest.icp.definition_file import (
    definition_path,
    find_definition,
    read_definition,
    write_definition,
)
from icptest.icp.match_file import MatchFile
from icptest.icp.narrow import narrower, narrowing_of
from icptest.reading import open_table
from icptest.report.icp.narrow import Asked, narrow_data, narrow_text
from icptest.workspace import find_workspace


@click.command("narrow")
@click.argument("loose")
@click.option(
    "--add",
    "added",
    multiple=True,
    required=True,
    metavar="CRITERION",
    help='What to ask besides: "uses:HubSpot", "hired:VP Sales<90d"; repeat it.',
)
@click.option("--name", metavar="NAME", help="The narrower profile.  [default: LOOSE-narrow]")
@click.option("--list", "list_file", metavar="LIST", help="Say what is left of this list.")
@click.option(
    "--out", metavar="PREFIX", help="Write PREFIX-control.csv and PREFIX-segment.csv of it."
)
@on_option
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    loose: str,
    added: tuple[str, ...],
    name: str | None,
    list_file: str | None,
    out: str | None,
    on_text: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Write a narrower profile, and say what it leaves to test.

    The test it implies: those in the loose profile are today's list, those in the narrower one
    the new list.

    Example: icptest icp narrow saas --add "uses:HubSpot" --add "hired:VP Sales<90d" --list m.csv
    """
    home = find_workspace(workspace)
    place = find_place(workspace)
    definition = find_definition(home, loose)
    criteria = [parse_criterion(text, option="--add") for text in added]
    path = definition_path(home, name or f"{definition.name}-narrow"[:63])
    if path.exists():
        raise RegistrationError("icp-exists", path=str(path))
    narrow = narrower(definition, criteria, name=path.stem, reviewed_on=place.today)
    asked_columns = columns_asked(place, columns)
    found = None
    if list_file is None:
        for option, given in (("--out", out), ("--on", on_text), ("--column", columns)):
            if given:
                raise InputError(
                    "option-needs-other", option=option, other="--list", example="LIST.csv"
                )
    else:
        table = open_table(Path(list_file), encoding=encoding)
        asked_columns.require_there([table])
        on = day_asked(on_text, place, option="--on")
        files = [None if out is None else f"{out}-{arm}.csv" for arm in ("control", "segment")]
        with MatchFile(files[0], table) as control, MatchFile(files[1], table) as segment:
            found = narrowing_of(
                definition,
                narrow,
                table,
                asked_columns.columns,
                on=on,
                ends_on=last_day_of_test(on, place),
                keep=(control.keep, segment.keep),
            )
        asked_columns.keep(place)
    write_definition(path, narrow)
    asked = Asked(added=tuple(criteria), path=from_here(path), list=list_file, out=out)
    written = read_definition(path)
    if as_json:
        print_json(narrow_data(definition, written, found, asked))
    else:
        say(narrow_text(definition, written, found, asked))
