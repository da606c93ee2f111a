"""Edited: send lists that no longer hold the people who were drawn for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.contacts import read_contacts
from icptest.errors import InputError
from icptest.experiment import Arm
from icptest.sampling import columns_by_role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.experiment import Experiment
    from icptest.record import Member

_BOTH = "send-both"


@dataclass(frozen=True, kw_only=True, slots=True)
class EditedList:
    """A send list that somebody has changed since it was written.

    Attributes:
        file: Its path from the folder of the test.
        n_missing: People who were drawn for it and do not stand in it.
        n_added: People who stand in it and were not drawn for it.
    """

    file: str
    n_missing: int
    n_added: int


def edited_lists(
    folder: Path,
    experiment: Experiment,
    contacts: Mapping[int, Member],
    identifiers: Mapping[Identifier, int],
) -> tuple[EditedList, ...]:
    """Return the send lists of a test that have other people than were drawn for them.

    Columns may come and go; a list that is gone, or is a family's and holds other tests' people
    too, is not judged.

    Args:
        folder: The folder of the test.
        experiment: The registration.
        contacts: Who is in the test, by number.
        identifiers: Whom every address and profile names.
    """
    found = []
    for path in sorted([*folder.glob("send/send-*.csv"), *folder.glob("send/batch-*/send-*.csv")]):
        if path.stem == _BOTH and experiment.family:
            continue
        look = int(path.parent.name.removeprefix("batch-")) if path.parent.name != "send" else 1
        arms = [arm for arm in Arm if path.stem in {_BOTH, f"send-{arm}"}]
        drawn = {number for number, one in contacts.items() if one.look == look and one.arm in arms}
        if not drawn:
            continue  # a batch that was drawn after the time that is asked about
        there, n_strangers = _who_stands_in(path, experiment, identifiers)
        missing, added = drawn - there, len(there - drawn) + n_strangers
        if missing or added:
            found.append(
                EditedList(
                    file=path.relative_to(folder).as_posix(),
                    n_missing=len(missing),
                    n_added=added,
                )
            )
    return tuple(found)


def _who_stands_in(
    path: Path, experiment: Experiment, identifiers: Mapping[Identifier, int]
) -> tuple[set[int], int]:
    """Return the people of the test in a list, and how many others; nobody if it is no list."""
    try:
        listed = read_contacts(path, named=columns_by_role(experiment.draw.columns))
    except InputError:
        return set(), 0
    numbers = [
        next((identifiers[key] for key in one.identifiers if key in identifiers), None)
        for one in listed.contacts
    ]
    return {number for number in numbers if number is not None}, numbers.count(None)
