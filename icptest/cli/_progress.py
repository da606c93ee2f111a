"""Progress of one test or of all, as `status` and `list` show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from icptest.assess import assess, unknown_labels
from icptest.cli._common import loaded, read_clock
from icptest.edited import edited_lists
from icptest.errors import RegistrationError, StoreError
from icptest.known_tests import known_tests
from icptest.progress import Progress, progress_of
from icptest.report.failure import failure_text
from icptest.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icptest.errors import IcptestError

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
            changed_lists=test.changed_lists(),
        )
        edited = edited_lists(
            test.workspace.folder(name),
            test.experiment,
            record.contacts,
            test.store.identifiers(test.registered.experiment_id),
        )
        return progress_of(verdict, record, unknown_labels(test.experiment, record), edited)


def all_progress(
    workspace_dir: str | None, as_of: str | None
) -> Iterator[Progress | tuple[str, IcptestError]]:
    """Return how far every test of the workspace is; one that cannot be read hides no other."""
    for name in known_tests(find_workspace(workspace_dir)):
        try:
            yield one_progress(workspace_dir, name, as_of)
        except RegistrationError as error:
            yield name, error
        except StoreError as error:
            if error.code != "database-gone":
                raise
            yield name, error


def tell_broken(found: Iterable[Progress | tuple[str, IcptestError]]) -> int:
    """Say on stderr which tests could not be read and why; return the exit code.

    It is said first: the next command is the last thing a page says.
    """
    said = [failure_text(one[1]) for one in found if isinstance(one, tuple)]
    for text in dict.fromkeys(said):  # a lost database is one loss
        click.echo(f"{text}\n", err=True)
    return _FAILED if said else 0
