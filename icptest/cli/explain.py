"""`icptest explain`."""

from __future__ import annotations

import click

from icptest.assess import assess
from icptest.cli._common import (
    as_of_option,
    json_option,
    loaded,
    print_json,
    read_clock,
    say,
    workspace_option,
)
from icptest.explain import explain


@click.command("explain")
@click.argument("name")
@click.option(
    "--by",
    metavar="COLUMN",
    multiple=True,
    help="A column of the lists, or title-level, mail-provider, company-size; repeatable.",
)
@as_of_option
@workspace_option
@json_option
def command(
    name: str, by: tuple[str, ...], as_of: str | None, workspace: str | None, as_json: bool
) -> None:
    """Show the lift of a settled test in parts, and at equal mix.

    By title level, mail provider and company size, as far as both lists tell them, or by any
    column of the lists. The verdict stays as it is.

    Example: icptest explain hubspot-new-vp --by Industry
    """
    with loaded(workspace, name, write=False) as test:
        verdict, record = assess(
            test.store,
            test.experiment,
            test.registered,
            as_of=read_clock(as_of, test.experiment.zone),
            intact=test.intact,
        )
        explanation = explain(
            verdict,
            record,
            test.store.identifiers(test.registered.experiment_id),
            test.workspace.folder(name),
            by=by,
        )
    from icptest.report import explanation as report  # noqa: PLC0415 - not before a refusal

    if as_json:
        print_json(report.explanation_data(explanation))
    else:
        say(report.explanation_text(explanation))
