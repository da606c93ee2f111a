"""Progress of one test or of all, as `status` and `list` show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.assess import assess, unknown_labels
from icptest.cli._common import loaded, read_clock
from icptest.progress import Progress, progress_of
from icptest.workspace import find_workspace, known_experiments

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def all_progress(workspace_dir: str | None, as_of: str | None) -> Iterator[Progress]:
    """Return how far every test of the workspace is."""
    for name in known_experiments(find_workspace(workspace_dir)):
        yield one_progress(workspace_dir, name, as_of)
