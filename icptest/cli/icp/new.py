"""`icptest icp new`."""

from __future__ import annotations

import click

from icptest.cli._common import from_here, json_option, now, print_json, say, user, workspace_option
from icptest.errors import RegistrationError
from icptest.icp.criteria import parse_criterion
from icptest.icp.definition import Definition
from icptest.icp.definition_file import definition_path, read_definition, write_definition
from icptest.icp.narrow import require_distinct
from icptest.report.icp.definition import made_data, made_text
from icptest.workspace import find_workspace


@click.command("new")
@click.argument("name")
@click.option("--owner", metavar="WHO", help="Who writes it: one person.  [default: you]")
@click.option("--reviewer", "reviewers", multiple=True, metavar="WHO", help="Who may object.")
@click.option(
    "--add",
    "added",
    multiple=True,
    metavar="CRITERION",
    help='A filter to begin with: "industry:SaaS", "employees:50-250", "uses:HubSpot", '
    '"hired:VP Sales<90d", "not industry:Staffing".',
)
@workspace_option
@json_option
def command(
    name: str,
    owner: str | None,
    reviewers: tuple[str, ...],
    added: tuple[str, ...],
    workspace: str | None,
    as_json: bool,
) -> None:
    """Write a commented profile, to be filled in.

    Example: icptest icp new heads-of-sales --add "industry:SaaS" --add "employees:50-250"
    """
    place = find_workspace(workspace)
    path = definition_path(place, name)
    if path.exists():
        raise RegistrationError("icp-exists", path=str(path))
    criteria = [parse_criterion(text, option="--add") for text in added]
    require_distinct(criteria)
    definition = Definition(
        name=path.stem,
        owners=(owner or user(),),
        reviewers=reviewers,
        reviewed_on=now().astimezone(place.zone).date(),
        filters=tuple(one for one in criteria if not one.excludes),
        disqualifiers=tuple(one for one in criteria if one.excludes),
    )
    write_definition(path, definition)
    written = read_definition(path)
    if as_json:
        print_json(made_data(written, str(path)))
    else:
        say(made_text(written, from_here(path)))
