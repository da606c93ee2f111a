"""A shared column, counted: which of its attributes every member has.

Its attributes are numbered; each comes to a filter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from icptest.icp.apart import country_name
from icptest.icp.criteria import Criterion, make_criterion
from icptest.icp.ranges import written_range
from icptest.icp.shared import SharedColumn, TraitKind
from icptest.stats import TraitColumn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NONE = -1
"""The code of a member of whom nothing is told."""
_LEAST_PAIRED, _MOST_PAIRED = 0.02, 0.8
_PAIRED = 25


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Attributes:
    """One shared column, counted.

    Attributes:
        column: Which.
        traits: What it says of every member, as the statistics take it.
        names: What each attribute is: an entry, a country's code or region, a band, or an
            event's days and details.
        is_list: Whether one cell often has several entries.
        spelt: Entries as the lists spell them.
    """

    column: SharedColumn
    traits: TraitColumn
    names: tuple[Any, ...]
    is_list: bool
    spelt: Mapping[str, str] = field(default_factory=dict)

    @property
    def nested(self) -> bool:
        """Whether its attributes hold each other, so that one of them is enough to say."""
        return self.column.kind is not TraitKind.ENTRIES


def who_has(attributes: Attributes, trait: int) -> NDArray[np.bool_]:
    """Tell of every member whether it is known to have an attribute."""
    found: NDArray[np.bool_] = attributes.traits.having(trait)[attributes.traits.codes]
    return found


def common_traits(
    codes: NDArray[np.int32],
    offsets: NDArray[np.int64],
    traits: NDArray[np.int32],
    n_traits: int,
    least: int,
) -> tuple[TraitColumn, NDArray[np.int64]]:
    """Return a column of the attributes that at least so many members have, and which they are.

    Args:
        codes: Of each member, which of the different cells it has; -1 where it says nothing.
        offsets: Where the attributes of each different cell begin, and the end of the last.
        traits: The attributes of the different cells, one after the other.
        n_traits: How many attributes there are.
        least: How many members must have one.
    """
    whole = TraitColumn(
        codes=codes,
        offsets=offsets,
        traits=traits,
        n_traits=n_traits,
        paired=np.zeros(0, dtype=np.int32),
    )
    kept = np.flatnonzero(whole.counts() >= least)
    number = np.full(n_traits, NONE, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    left = number[traits] >= 0
    ends = np.concatenate(([0], np.cumsum(left)))[offsets]
    column = TraitColumn(
        codes=codes,
        offsets=ends.astype(np.int64),
        traits=number[traits[left]],
        n_traits=len(kept),
        paired=np.zeros(0, dtype=np.int32),
    )
    return column, kept


def paired(
    column: TraitColumn, *, only: NDArray[np.bool_] | None = None, within: bool = False
) -> TraitColumn:
    """Choose the attributes that are looked at in pairs: the commonest, by the market alone."""
    known = int((column.codes >= 0).sum())
    counts = column.counts()
    fit = (counts >= _LEAST_PAIRED * known) & (counts <= _MOST_PAIRED * known)
    if only is not None:
        fit &= only
    chosen = np.flatnonzero(fit)
    chosen = np.sort(chosen[np.argsort(-counts[chosen], kind="stable")][:_PAIRED])
    return TraitColumn(
        codes=column.codes,
        offsets=column.offsets,
        traits=column.traits,
        n_traits=column.n_traits,
        paired=chosen.astype(np.int32),
        pairs_within=within,
    )


def criterion_of(attributes: Attributes, trait: int) -> Criterion:
    """Return the filter that an attribute comes to."""
    name, subject = attributes.names[trait], attributes.column.subject
    kind = attributes.column.kind
    if kind in {TraitKind.NUMBERS, TraitKind.AGE}:
        return make_criterion(subject, (written_range(name),), excludes=False)
    if kind is TraitKind.EVENT:
        within, what = name
        asked = () if what is None else (attributes.spelt.get(what, what),)
        return make_criterion(subject, asked, within_days=within, excludes=False)
    if kind is TraitKind.PLACES:
        return make_criterion(subject, (country_name(name),), excludes=False)
    if kind is TraitKind.CODES:
        return make_criterion(subject, (name,), excludes=False)
    return make_criterion(subject, (_entry(attributes, name),), excludes=False)


def _entry(attributes: Attributes, name: str) -> str:
    """Return an entry as a filter asks for it: "=" where other entries hold its words too."""
    spelt = attributes.spelt.get(name, name)
    inside = any(f" {name} " in f" {other} " for other in attributes.names if other != name)
    return f"={spelt}" if inside else spelt
