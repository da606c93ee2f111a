"""Elsewhere: people of a draw whom another test of the workspace has too.

Mailed by both, they are asked twice, and a reply to one counts in the other as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Collection

    from icptest.draw import Draw
    from icptest.store import Store
    from icptest.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """People of a draw who are in another test.

    Attributes:
        test: Its name.
        n_people: How many.
        files: Its send lists, one for each batch, from the folder of the workspace.
    """

    test: str
    n_people: int
    files: tuple[str, ...]


def also_in(
    workspace: Workspace, store: Store, draw: Draw | None, *, besides: Collection[str]
) -> tuple[Elsewhere, ...]:
    """Return the tests that have people of a draw, the oldest first.

    Args:
        workspace: Where the tests lie.
        store: Where it is known who is in them.
        draw: The draw; nobody where campaigns already ran.
        besides: Tests that are meant to share people with it, and itself.
    """
    if draw is None:
        return ()
    people = [one.contact.identifiers for arm in Arm for one in draw.arm(arm).assignments]
    found = []
    for one in store.experiments():
        if one.slug in besides:
            continue
        theirs = store.identifiers(one.experiment_id)
        n_people = sum(any(key in theirs for key in keys) for keys in people)
        if n_people:
            send = workspace.folder(one.slug) / "send"
            files = [*send.glob("send-both.csv"), *sorted(send.glob("batch-*/send-both.csv"))]
            place = workspace.experiments.parent
            found.append(
                Elsewhere(
                    test=one.slug,
                    n_people=n_people,
                    files=tuple(path.relative_to(place).as_posix() for path in files),
                )
            )
    return tuple(found)
