"""Progress of one test or of all, as `status` and `list` show it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from icptest.assess import assess, unknown_labels
from icptest.cli._common import loaded, read_clock
from icptest.errors import RegistrationError
from icptest.progress import Progress, progress_of
from icptest.report.failure import failure_text
from icptest.workspace import find_workspace, known_experiments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FAILED = 1


def one_progress(workspace_dir: str | None, name: str, as_of: str | None) -> Progress:
    """Return how far a test is."""
    with loaded(workspace_dir, name, write=False) as test:
        verdict, record = assess(
            test.store,
            test.experiment,
            test.registered,
            as_of=read_clock(as_of, test.experiment.zone),
            intact=test.intact,
        )
        return progress_of(verdict, record, unknown_labels(test.experiment, record))


def all_progress(
    workspace_dir: str | None, as_of: str | None
) -> Iterator[Progress | tuple[str, RegistrationError]]:
    """Return how far every test of the workspace is; one that cannot be read hides no other."""
    for name in known_experiments(find_workspace(workspace_dir)):
        try:
            yield one_progress(workspace_dir, name, as_of)
        except RegistrationError as error:
            yield name, error


def tell_broken(found: Iterable[Progress | tuple[str, RegistrationError]]) -> None:
    """Say on stderr which tests could not be read and why, and end with exit code 1 if any."""
    errors = [one[1] for one in found if isinstance(one, tuple)]
    for error in errors:
        click.echo(f"\n{failure_text(error)}", err=True)
    if errors:
        sys.exit(_FAILED)
