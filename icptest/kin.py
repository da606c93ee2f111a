"""Kin: tests that draw from the same people, so that none of them may mail whom another has.

A test is kin of the one it repeats, of those that repeat it and of its family, and of their kin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.errors import RegistrationError
from icptest.experiment import Arm, ArmOrigin
from icptest.known_tests import find_test
from icptest.toml_keys import parse_toml
from icptest.used import NOBODY, Used

if TYPE_CHECKING:
    from icptest.experiment import Experiment
    from icptest.store import Store
    from icptest.workspace import Workspace


def kin_of(store: Store, name: str) -> tuple[str, ...]:
    """Return the tests that are kin of one, itself included, sorted.

    What they repeat is read from the registrations as they were frozen, whatever became of
    their folders.
    """
    repeats: dict[str, set[str]] = {}
    families: dict[str, set[str]] = {}
    for one in store.experiments():
        text = store.registration(one.experiment_id)
        said = parse_toml(text) if text is not None else {}
        if other := said.get("replicates"):
            repeats.setdefault(one.slug, set()).add(other)
            repeats.setdefault(other, set()).add(one.slug)
        if family := said.get("family"):
            families.setdefault(family, set()).add(one.slug)
    for tests in families.values():
        for one_name in tests:
            repeats.setdefault(one_name, set()).update(tests)
    found, waiting = {name}, [name]
    while waiting:
        others = repeats.get(waiting.pop(), set()) - found
        found |= others
        waiting += others
    return tuple(sorted(found))


def used_by_kin(store: Store, name: str) -> Used:
    """Return every person and company that a test and its kin have used."""
    used = NOBODY
    for one in kin_of(store, name):
        registered = store.experiment(one)
        if registered is not None:
            used |= store.used(registered.experiment_id)
    return used


def repeated(workspace: Workspace, store: Store, name: str) -> Experiment:
    """Return the registration of a test as one that repeats it begins: same lists, same rules.

    Its lists are the copies that are kept with it.

    Raises:
        RegistrationError: There is no such test, or nobody was drawn for it.
    """
    experiment = find_test(workspace, store, name).experiment
    if any(experiment.origin(arm).already_ran for arm in Arm):
        raise RegistrationError("replicates-without-draw", value=name)
    folder = workspace.folder(name)
    control, segment = (
        ArmOrigin(list=str(folder / str(experiment.origin(arm).list))) for arm in Arm
    )
    kept = experiment.draw
    return replace(
        experiment,
        draw=replace(
            kept,
            exclude=tuple(str(folder / file) for file in kept.exclude),
            exclude_companies=tuple(str(folder / file) for file in kept.exclude_companies),
            used="",
            taken="",
        ),
        family="",
        replicates=name,
        control=control,
        segment=segment,
    )


def used_before(workspace: Workspace, store: Store, asked: Experiment) -> Used:
    """Return whom the test that this one repeats, and its kin, have used.

    Raises:
        RegistrationError: There is no such test, or nobody was drawn for it.
    """
    if not asked.replicates or asked.draw.used:
        # What is kept with a test that is registered once more says it.
        return NOBODY
    find_test(workspace, store, asked.replicates)
    used = used_by_kin(store, asked.replicates)
    if any(asked.origin(arm).already_ran for arm in Arm) or not used.accounts:
        raise RegistrationError("replicates-without-draw", value=asked.replicates)
    return used
