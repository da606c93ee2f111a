"""`icptest new`."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from icptest.cli._common import json_option, now, print_json, user, workspace_option
from icptest.errors import RegistrationError
from icptest.experiment import HIGHEST_SEED, ArmOrigin, DrawRules, Experiment, require_slug
from icptest.known_tests import open_database
from icptest.plan import look_ahead, verdict_expected_at
from icptest.protocol import Protocol, Rule
from icptest.register import Request, random_seed, register, request_from_file
from icptest.report.registration import registration_data, registration_text
from icptest.workspace import find_workspace

_DEFAULT_SIZE = 500


@click.command("new")
@click.argument("name", metavar="NAME|FILE.toml")
@click.option("--control", metavar="FILE", help="Today's list, CSV or XLSX.")
@click.option("--segment", metavar="FILE", help="The new, narrowed list, CSV or XLSX.")
@click.option(
    "--control-campaign",
    multiple=True,
    metavar="NAME",
    help="Instead of lists: a campaign that already ran on today's list, by name or id.",
)
@click.option(
    "--segment-campaign",
    multiple=True,
    metavar="NAME",
    help="Instead of lists: the campaign that already ran on the new list.",
)
@click.option("--hypothesis", default="", metavar="TEXT", help="What you believe, and why.")
@click.option(
    "--size",
    type=click.IntRange(min=1),
    metavar="N",
    help="People of the new list.  [default: 500]",
)
@click.option(
    "--control-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="People of today's list, if more.",
)
@click.option("--take-all", is_flag=True, help="Mail everyone on both lists; draw nobody.")
@click.option("--exclude", multiple=True, metavar="FILE", help="People to leave out.")
@click.option("--exclude-companies", multiple=True, metavar="FILE", help="Companies to leave out.")
@click.option(
    "--prefer-title", multiple=True, metavar="TITLE", help="Who goes first within a company."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help='Name a column: email, linkedin, website, company, title ("email=Work address").',
)
@click.option("--encoding", metavar="NAME", help="Encoding of the lists, if not UTF-8.")
@click.option("--client", default="", metavar="NAME", help="For whom, at an agency.")
@click.option("--owner", default="", metavar="WHO", help="Who decides.")
@click.option(
    "--rule",
    type=click.Choice([str(rule) for rule in Rule]),
    default=str(Rule.LIFT_AND_EVIDENCE),
    show_default=True,
    help="When to scale.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=HIGHEST_SEED),
    metavar="N",
    help="Draw again as it was.",
)
@workspace_option
@json_option
def command(
    name: str,
    control: str | None,
    segment: str | None,
    control_campaign: tuple[str, ...],
    segment_campaign: tuple[str, ...],
    hypothesis: str,
    size: int | None,
    control_size: int | None,
    take_all: bool,
    exclude: tuple[str, ...],
    exclude_companies: tuple[str, ...],
    prefer_title: tuple[str, ...],
    columns: tuple[str, ...],
    encoding: str | None,
    client: str,
    owner: str,
    rule: str,
    seed: int | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Register a test: draw two fair samples and write the send lists.

    NAME is a short name for the test; FILE.toml a registration written by hand.

    Example: icptest new hubspot-new-vp --control today.csv --segment narrowed.csv
    --hypothesis "HubSpot users with a new VP Sales answer twice as often"
    """
    place = find_workspace(workspace)
    if name.endswith(".toml"):
        _require_file_alone()
        request = request_from_file(Path(name), place)
    else:
        protocol = Protocol.from_mapping(
            {
                "size": _DEFAULT_SIZE if size is None else size,
                "control_size": control_size or 0,
                "rule": rule,
            }
        )
        experiment = Experiment(
            name=require_slug(name),
            hypothesis=hypothesis,
            created_at=now().replace(microsecond=0),
            seed=random_seed() if seed is None else seed,
            timezone=place.timezone,
            holidays=place.holidays,
            control=_origin(control, control_campaign),
            segment=_origin(segment, segment_campaign),
            protocol=protocol,
            draw=DrawRules(
                take_all=take_all,
                prefer_titles=prefer_title,
                exclude=exclude,
                exclude_companies=exclude_companies,
                columns=columns,
                encoding=encoding or "",
            ),
            owner=owner,
            client=client or place.client,
        )
        request = Request(experiment=experiment, folder=Path())
    with open_database(place, write=True, create=True) as store:
        registration = register(place, store, request, user=user())
    experiment = registration.experiment
    outlook = look_ahead(experiment.protocol)
    expected_at = verdict_expected_at(experiment, starts_at=now())
    if as_json:
        print_json(registration_data(registration, outlook=outlook, expected_at=expected_at))
        return
    files = {key: _from_here(path) for key, path in registration.send_lists.items()}
    click.echo(
        registration_text(registration, outlook=outlook, expected_at=expected_at, files=files)
    )


def _require_file_alone() -> None:
    """Refuse options beside a registration file: the file says everything."""
    context = click.get_current_context()
    beside = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in {"name", "workspace", "as_json"}
        and context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
    ]
    if beside:
        raise RegistrationError("options-beside-file", options=", ".join(beside))


def _origin(path: str | None, campaigns: tuple[str, ...]) -> ArmOrigin:
    return ArmOrigin(list=path, campaigns=campaigns)


def _from_here(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
