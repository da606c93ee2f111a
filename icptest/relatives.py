"""Relatives: the tests that a verdict has to know of, beside the one it is about.

Tests of one family share today's people and alpha; a test that repeats another is read together
with it. Both are asked of the database as it was at the time of the verdict, by the registrations
that were frozen there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icptest.case import case_of
from icptest.experiment import experiment_from_mapping
from icptest.toml_keys import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from icptest.case import Case
    from icptest.evidence import Counts
    from icptest.experiment import Experiment
    from icptest.levels import Standing
    from icptest.store import Registered, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Relatives:
    """What is known of the tests beside one.

    Attributes:
        rivals: Where the other tests of its family stand, by name.
        repeated: Settled counts of the tests it repeats, by name, the newest first.
    """

    rivals: Mapping[str, Standing] = field(default_factory=dict)
    repeated: Mapping[str, Counts] = field(default_factory=dict)


def relatives_of(store: Store, experiment: Experiment, *, as_of: datetime) -> Relatives:
    """Return the relatives of a test; most have none.

    Args:
        store: Opened for reading or writing.
        experiment: The registration of the test.
        as_of: The time the verdict speaks of. A family is registered before its first mail, so
            that all of it was there whenever there is anything to judge.
    """
    if not experiment.family and not experiment.replicates:
        return Relatives()
    others = {
        other.name: (other, registered)
        for other, registered in _registrations(store)
        if other.name != experiment.name
    }
    rivals = {
        name: _case(store, other, registered, as_of).standing
        for name, (other, registered) in others.items()
        if experiment.family and other.family == experiment.family
    }
    repeated: dict[str, Counts] = {}
    name = experiment.replicates
    while name in others and name not in repeated:
        other, registered = others[name]
        counts = _case(store, other, registered, as_of).standing.counts
        if counts is not None:
            repeated[name] = counts
        name = other.replicates
    return Relatives(rivals=rivals, repeated=repeated)


def _case(store: Store, other: Experiment, registered: Registered, as_of: datetime) -> Case:
    return case_of(other, store.record(registered.experiment_id, as_of=as_of))


def _registrations(store: Store) -> Iterator[tuple[Experiment, Registered]]:
    """Give every test whose registration is kept; older ones belong to no family."""
    for registered in store.experiments():
        text = store.registration(registered.experiment_id)
        if text is not None:
            yield experiment_from_mapping(parse_toml(text), file=registered.slug), registered
