"""Two profiles against one list: who enters, who leaves, and because of which criterion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.icp.binding import bind
from icptest.icp.match import fate_of
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.judging import Answer
    from icptest.reading.records import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a change of profile does to a list.

    Attributes:
        added: Criteria that only the new profile has.
        removed: Criteria that only the old one has.
        fates: Rows by what they were and what they are now: in (True), out (False), or not
            known (None).
        left_by: Rows that were in and are no more, by the first criterion of the new profile
            that they fail, or that is not told for them.
        entered_by: Rows that are in and were not, by the criterion of the old one likewise.
        set_aside: Rows that could not be read, by reason.
    """

    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    fates: Mapping[tuple[Answer, Answer], int]
    left_by: Mapping[Criterion, int]
    entered_by: Mapping[Criterion, int]
    set_aside: Mapping[str, int]

    def n(self, before: Answer, after: Answer) -> int:
        """Return how many rows were the one and are the other."""
        return self.fates.get((before, after), 0)

    @property
    def n_entered(self) -> int:
        """Rows that are in and were not known to be."""
        return self.n(False, True) + self.n(None, True)

    @property
    def n_left(self) -> int:
        """Rows that were in and are not known to be any more."""
        return self.n(True, False) + self.n(True, None)


def change_of(
    old: Definition,
    new: Definition,
    table: Table,
    columns: Columns,
    *,
    on: date,
    keep: Callable[[Sequence[str], bool], object] | None = None,
) -> Change:
    """Hold every row of a list against both profiles.

    Args:
        old: The profile as it was.
        new: As it is to be.
        table: The list.
        columns: What people have said about columns.
        on: The day on which events are judged.
        keep: Called with the cells of a row that changes sides, and whether it enters.

    Raises:
        InputError: As `bind`.
    """
    before, after = (bind(one, table, columns, on).judges for one in (old, new))
    fates: Counter[tuple[Answer, Answer]] = Counter()
    left_by: Counter[Criterion] = Counter()
    entered_by: Counter[Criterion] = Counter()
    set_aside: Counter[str] = Counter()
    for row in table.rows():
        if isinstance(row, BadRow):
            set_aside[row.reason] += 1
            continue
        was, was_by = fate_of(before, row.cells)
        now, now_by = fate_of(after, row.cells)
        fates[was, now] += 1
        if (was is True) == (now is True):
            continue
        if now is True and was_by is not None:
            entered_by[was_by] += 1
        elif now_by is not None:
            left_by[now_by] += 1
        if keep is not None:
            keep(row.cells, now is True)
    asked = [(*one.filters, *one.disqualifiers) for one in (old, new)]
    return Change(
        added=tuple(one for one in asked[1] if one not in asked[0]),
        removed=tuple(one for one in asked[0] if one not in asked[1]),
        fates=dict(fates),
        left_by=dict(left_by),
        entered_by=dict(entered_by),
        set_aside=dict(set_aside),
    )
