"""Parts: the people of both lists that have one value of a trait, and whether they can be read.

Everybody who was reached is in one part, those of whom nothing is known too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from icptest.attributes import GROUPS
from icptest.clustering import design_effect
from icptest.evidence import Counts, counts_of
from icptest.experiment import Arm
from icptest.tallies import Measure, by_arm, tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.outcomes import Outcome
    from icptest.stats import RatioInterval
    from icptest.traits import Trait

FEWEST_POSITIVE = 5
"""Positive replies, of both lists together, that a part needs to be read.

Of four, all on one of two equally large parts happens by luck 1 time in 16; of five 1 time in 32,
which is the first number below 1 in 20.
"""
MOST_GROUPS = 8
"""Values of a column that are shown one by one."""
SMALLEST_GROUP = 10
"""People reached, of both lists together, that a value of a column needs to be shown alone."""


class Kind(StrEnum):
    """What a part holds."""

    GROUP = "group"
    OTHERS = "others"
    UNKNOWN = "unknown"


class Readable(StrEnum):
    """Whether the lift of a part can be read."""

    YES = "yes"
    TOO_FEW = "too-few"
    ONE_LIST = "one-list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The people of both lists that have one value of a trait.

    Attributes:
        kind: One value, the values too small to stand alone, or nobody knows.
        group: The value; "" where it is not one.
        n_values: How many values it holds.
        counts: Positive replies and people reached, of both lists.
        lift: The lift in this part; None where it cannot be read.
    """

    kind: Kind
    group: str
    n_values: int
    counts: Counts
    lift: RatioInterval | None = None

    @property
    def readable(self) -> Readable:
        """Whether its lift can be read."""
        if not self.counts.comparable:
            return Readable.ONE_LIST
        n_positive = self.counts.control_events + self.counts.segment_events
        return Readable.YES if n_positive >= FEWEST_POSITIVE else Readable.TOO_FEW


def parts_of(trait: Trait, reached: Iterable[Outcome]) -> tuple[Part, ...]:
    """Return the parts of a trait that hold anybody: groups, then others, then the unknown."""
    members: dict[str | None, list[Outcome]] = defaultdict(list)
    for outcome in reached:
        members[trait.values.get(outcome.contact.contact_id)].append(outcome)
    unknown = members.pop(None, None)
    groups = {value: people for value, people in members.items() if value is not None}
    shown = _shown_alone(trait, {value: len(people) for value, people in groups.items()})
    parts = [
        Part(kind=Kind.GROUP, group=one, n_values=1, counts=_counted(groups.pop(one)))
        for one in shown
    ]
    if groups:
        rest = _counted(chain.from_iterable(groups.values()))
        parts.append(Part(kind=Kind.OTHERS, group="", n_values=len(groups), counts=rest))
    if unknown is not None:
        parts.append(Part(kind=Kind.UNKNOWN, group="", n_values=0, counts=_counted(unknown)))
    return tuple(parts)


def _counted(people: Iterable[Outcome]) -> Counts:
    """Return the counts of a part, with what several people of one company cost in it."""
    arms = by_arm(people)
    return counts_of(
        {arm: tally(arms[arm]) for arm in Arm}, Measure.POSITIVE, design_effect=design_effect(arms)
    )


def _shown_alone(trait: Trait, sizes: Mapping[str, int]) -> list[str]:
    """Return the groups that stand alone: all of an attribute, the largest of a column."""
    if trait.attribute is not None:
        return [group for group in GROUPS[trait.attribute] if group in sizes]
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:MOST_GROUPS]
    return [group for group in largest if sizes[group] >= SMALLEST_GROUP]


def sum_of(counts: Iterable[Counts]) -> Counts:
    """Return the counts of several parts together."""
    every = list(counts)
    return Counts(
        control_events=sum(one.control_events for one in every),
        control_total=sum(one.control_total for one in every),
        segment_events=sum(one.segment_events for one in every),
        segment_total=sum(one.segment_total for one in every),
    )
