"""Left: how much of the new list nobody has mailed yet, which is what scaling is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icptest.experiment import Experiment
    from icptest.journal import Entry

EXTEND = "extend"
"""What the journal calls a batch that was added."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What the newest batch has left of the new list.

    Attributes:
        accounts: Companies that no batch has mailed, for either arm.
        people: People at these companies.
    """

    accounts: int
    people: int


def left_of_segment(
    experiment: Experiment, entries: Iterable[Entry], *, look: int | None = None
) -> Left | None:
    """Return what is left of the new list after a batch; of the newest, where none is given.

    Args:
        experiment: The registration, which says it of the first batch.
        entries: The journal of the test, which says it of later ones.
        look: The batch up to which it is asked.

    Returns:
        None where nobody was drawn: how large the list behind a campaign is, nobody has said;
        and for an A/A test, which has no new list.
    """
    if experiment.aa:
        return None
    added = [
        entry.detail
        for entry in entries
        if entry.action == EXTEND and (look is None or entry.detail["look"] <= look)
    ]
    if added:
        newest = max(added, key=lambda detail: int(detail["look"]))
        return Left(
            accounts=int(newest["accounts_left"]),
            people=int(newest["people_left"]),
        )
    segment = experiment.segment
    if segment.accounts_left is None or segment.people_left is None:
        return None
    return Left(accounts=segment.accounts_left, people=segment.people_left)
