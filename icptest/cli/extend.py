"""`icptest extend`."""

from __future__ import annotations

import click

from icptest.cli._common import (
    as_of_option,
    from_here,
    json_option,
    loaded,
    print_json,
    read_clock,
    say,
    user,
    workspace_option,
)
from icptest.extend import extend
from icptest.plan import verdict_expected_at
from icptest.report.extension import extension_data, extension_text


@click.command("extend")
@click.argument("name")
@as_of_option
@workspace_option
@json_option
def command(name: str, as_of: str | None, workspace: str | None, as_json: bool) -> None:
    """Draw the next batch of a test that was registered with --looks.

    It is drawn from people nobody of the test has mailed, once the replies to the batch before
    are in and the answer is not to scale.

    Example: icptest extend hubspot-new-vp
    """
    with loaded(workspace, name, write=True) as test:
        clock = read_clock(as_of, test.experiment.zone)
        extension = extend(
            test.workspace,
            test.store,
            test.experiment,
            test.registered,
            intact=test.intact,
            as_of=clock,
            user=user(),
        )
    expected_at = verdict_expected_at(extension.experiment, starts_at=clock)
    if as_json:
        print_json(extension_data(extension, expected_at=expected_at))
        return
    files = {key: from_here(path) for key, path in extension.send_lists.items()}
    say(extension_text(extension, expected_at=expected_at, files=files))
