"""Narrowing: a profile with a few more filters, and what that leaves of a list.

The protocol's second use (icp-list-test-protocol, "How to Test an ICP Before You Scale"): the loose
segment is today's list, the same with 2 or 3 more behavioural or technographic filters the new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.errors import InputError
from icptest.icp.criteria import Layer
from icptest.icp.match import match_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.match import Funnel
    from icptest.reading.records import Table

FEWEST, MOST = 2, 3
"""How many filters the protocol adds."""


def narrower(
    loose: Definition, added: Sequence[Criterion], *, name: str, reviewed_on: date
) -> Definition:
    """Return a profile with more criteria, everything else as it was.

    Args:
        loose: The profile to narrow.
        added: What it asks besides.
        name: What the narrower one is called.
        reviewed_on: The day it is made.

    Raises:
        InputError: A criterion is there already, or a file has room for one of its kind only
            ("criterion-twice").
    """
    criteria = (*loose.filters, *loose.disqualifiers)
    require_distinct(added, beside=criteria)
    return replace(
        loose,
        name=name,
        version=1,
        reviewed_on=reviewed_on,
        filters=(*loose.filters, *(one for one in added if not one.excludes)),
        disqualifiers=(*loose.disqualifiers, *(one for one in added if one.excludes)),
        digest="",
    )


def require_distinct(added: Sequence[Criterion], *, beside: Sequence[Criterion] = ()) -> None:
    """Refuse a criterion that stands there already.

    Of a company's attributes a file has one line each; tools and events may be asked again.

    Raises:
        InputError: It does ("criterion-twice", with the one that is there).
    """
    there = list(beside)
    for one in added:
        for other in there:
            one_line = one.layer is Layer.FIRMOGRAPHIC and one.subject == other.subject
            if one == other or (one_line and one.excludes == other.excludes):
                raise InputError("criterion-twice", value=str(one), other=str(other))
        there.append(one)


def is_usual(added: Sequence[Criterion]) -> bool:
    """Tell whether it is the narrowing that the protocol speaks of."""
    layers = {Layer.TECHNOGRAPHIC, Layer.BEHAVIORAL}
    return FEWEST <= len(added) <= MOST and all(one.layer in layers for one in added)


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """What a narrower profile leaves of a list.

    Attributes:
        loose: The list held against the loose profile.
        narrow: The same list against the narrower one.
    """

    loose: Funnel
    narrow: Funnel

    @property
    def share(self) -> float:
        """The part of the loose list that is known to be in the narrow one, 0 to 1."""
        return self.narrow.n_in / self.loose.n_in

    @property
    def ceiling(self) -> float:
        """How high the lift can be at most: all positive replies come from the narrow part."""
        return 1 / self.share


def narrowing_of(
    loose: Definition,
    narrow: Definition,
    table: Table,
    columns: Columns,
    *,
    on: date,
    ends_on: date,
    keep: tuple[Callable[..., object] | None, Callable[..., object] | None] = (None, None),
) -> Narrowing:
    """Hold a list against both profiles.

    Args:
        loose: The loose profile.
        narrow: The narrower one.
        table: The list.
        columns: What people have said about columns.
        on: The day the mails go out.
        ends_on: The day the test ends.
        keep: What takes the rows of the loose and of the narrow list, as `match_table` has it.

    Raises:
        InputError: Nobody is known to be left ("icp-narrow-empty"), or as `match_table`.
    """
    first, second = (
        match_table(one, table, columns, on=on, ends_on=ends_on, keep=taking)
        for one, taking in zip((loose, narrow), keep, strict=True)
    )
    if not second.n_in:
        emptying = next((step for step in second.steps if not step.left), None)
        raise InputError(
            "icp-narrow-empty",
            criterion="" if emptying is None else str(emptying.criterion),
            before=first.n_in,
            unknown=second.n_unknown,
            list=str(table.path),
        )
    return Narrowing(loose=first, narrow=second)
