"""`icptest new`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from icptest.cli._common import from_here, json_option, now, print_json, say, user, workspace_option
from icptest.cli._segment import made_by_profile
from icptest.errors import RegistrationError
from icptest.experiment import HIGHEST_SEED, ArmOrigin, Experiment, against_itself, require_slug
from icptest.family import as_in_family
from icptest.kin import repeated
from icptest.known_tests import open_database
from icptest.learned import learned_in
from icptest.plan import baseline_of, look_ahead, verdict_expected_at
from icptest.protocol import MOST_LOOKS, Protocol, Rule
from icptest.register import Request, random_seed, register, request_from_file
from icptest.report.icp.segment import profile_data, profile_notes
from icptest.report.registration import registration_data, registration_text
from icptest.workspace import find_workspace

if TYPE_CHECKING:
    from icptest.workspace import Workspace


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
@click.option("--icp", "icp", metavar="NAME", help="Instead of --segment: draw by this profile ...")
@click.option("--from", "from_list", metavar="LIST", help="... from this list.")
@click.option(
    "--on",
    metavar="DATE",
    help="With --icp: the day the mails go out, for its events.  [default: today]",
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
    help="Name a column: email, linkedin, first-name, last-name, name, company, website, title "
    '("email=Work address").',
)
@click.option("--encoding", metavar="NAME", help="Encoding of the lists, if not UTF-8.")
@click.option("--client", default="", metavar="NAME", help="For whom, at an agency.")
@click.option("--owner", default="", metavar="WHO", help="Who decides.")
@click.option(
    "--rule",
    type=click.Choice([str(rule) for rule in Rule]),
    help=f"When to scale.  [default: {Rule.LIFT_AND_EVIDENCE}]",
)
@click.option(
    "--looks",
    type=click.IntRange(min=1, max=MOST_LOOKS),
    metavar="K",
    help=f"Batches, this one included, up to {MOST_LOOKS}; `extend` adds them.  [default: 1]",
)
@click.option(
    "--aa", is_flag=True, help="Today's list against itself, to test how you send and label."
)
@click.option(
    "--family",
    default="",
    metavar="NAME",
    help="Test several lists against the same people of today's list; register each with it.",
)
@click.option(
    "--replicates",
    default="",
    metavar="TEST",
    help="Repeat a test on people nobody has mailed; its lists and rules unless you give others.",
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
    icp: str | None,
    from_list: str | None,
    on: str | None,
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
    rule: str | None,
    looks: int | None,
    aa: bool,
    family: str,
    replicates: str,
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
        rules = {"size": size, "control_size": control_size, "rule": rule, "looks": looks}
        asked = {
            "control": _origin(control, control_campaign),
            "segment": _origin(segment, segment_campaign),
            "hypothesis": hypothesis,
            "owner": owner,
            "client": client,
        }
        drawing = {
            "take_all": take_all,
            "prefer_titles": prefer_title,
            "exclude": exclude,
            "exclude_companies": exclude_companies,
            "columns": columns,
            "encoding": encoding or "",
        }
        like = _like(place, replicates, family)
        experiment = replace(
            like,
            name=require_slug(name),
            created_at=now().replace(microsecond=0),
            seed=_seed(like, seed),
            family=require_slug(family) if family else "",
            protocol=_protocol(like.protocol, rules),
            icp=None if "segment" in _given(asked) else like.icp,
            draw=replace(like.draw, **_given(drawing)),
            **_given(asked),
        )
        if not like.replicates and not like.family:
            experiment = _as_learned(place, experiment)
        if aa:
            experiment = against_itself(experiment)
        request = Request(experiment=experiment, folder=Path())
    with (
        made_by_profile(
            place,
            request.experiment,
            icp=icp,
            from_list=from_list,
            on=on,
            segment_given=bool(segment or segment_campaign or aa),
        ) as (experiment, made),
        open_database(place, write=True, create=True) as store,
    ):
        request = replace(request, experiment=experiment)
        registration = register(place, store, request, user=user())
    experiment = registration.experiment
    outlook = look_ahead(
        experiment.protocol, baseline=baseline_of(experiment).rate, share=registration.share
    )
    expected_at = verdict_expected_at(experiment, starts_at=now())
    if as_json:
        data = registration_data(registration, outlook=outlook, expected_at=expected_at)
        print_json(data | profile_data(registration, made, expected_at=expected_at))
        return
    files = {key: from_here(path) for key, path in registration.send_lists.items()}
    excludes = {
        path: from_here(place.experiments.parent / path)
        for one in registration.elsewhere
        for path in one.files
    }
    say(
        registration_text(
            registration,
            outlook=outlook,
            expected_at=expected_at,
            files=files,
            excludes=excludes,
            notes=profile_notes(registration, made, expected_at=expected_at),
        )
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


def _like(place: Workspace, replicates: str, family: str) -> Experiment:
    """Return the test that this one is like where no option says otherwise."""
    if not replicates and not family:
        return _usual(place)
    with open_database(place, write=False) as store:
        if replicates:
            return repeated(place, store, replicates)
        return as_in_family(place, store, family) or _usual(place)


def _seed(like: Experiment, seed: int | None) -> int:
    """Return the seed: that of its family, which has drawn with it, else one nobody has chosen."""
    if seed is not None:
        return seed
    return like.seed if like.family else random_seed()


def _usual(place: Workspace) -> Experiment:
    """Return what a test is where nobody says otherwise."""
    return Experiment(
        name="",
        hypothesis="",
        created_at=now(),
        seed=0,
        timezone=place.timezone,
        holidays=place.holidays,
        control=ArmOrigin(),
        segment=ArmOrigin(),
        client=place.client,
    )


def _as_learned(place: Workspace, experiment: Experiment) -> Experiment:
    """Return a test that begins with what the finished tests of its client teach."""
    learned = learned_in(place, client=experiment.client, as_of=now())
    if learned is None:
        return experiment
    return replace(experiment, prior=learned.prior, prior_from=learned.n_tests)


def _protocol(like: Protocol, rules: dict[str, Any]) -> Protocol:
    """Return the rules that were given, the others as they are elsewhere."""
    given = _given(rules)
    if "size" in given and "control_size" not in given:
        given["control_size"] = 0
    return Protocol.from_mapping(like.to_mapping() | given)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {name: value for name, value in values.items() if value}


def _origin(path: str | None, campaigns: tuple[str, ...]) -> ArmOrigin | None:
    return ArmOrigin(list=path, campaigns=campaigns) if path or campaigns else None
