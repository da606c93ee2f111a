"""What can be asked of a list of deals: each criterion, judged on the day of each deal.

Filters, then disqualifiers, then triggers; what no column tells is asked of nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.icp.binding import bind
from icptest.icp.criteria import TRIGGERS, Criterion, Kind, Layer, Subject
from icptest.icp.fields import Field
from icptest.icp.outcome import DECIDED, read_outcome
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.definition import Definition, Trigger
    from icptest.icp.judging import Answer, Judge
    from icptest.reading.records import Table

_DATED = frozenset((Kind.EVENT, Kind.AGE))
Answers = tuple["Answer", ...]
"""What a list says of one company: an answer for each criterion."""


def as_criterion(trigger: Trigger) -> Criterion:
    """Return a trigger as something a company can be asked: did it happen, and not too long ago?"""
    on_field, what_field = TRIGGERS[trigger.event]
    subject = Subject(
        word=trigger.event, layer=Layer.TRIGGER, kind=Kind.EVENT, field=on_field, what=what_field
    )
    return Criterion(subject=subject, values=trigger.what, within_days=trigger.shelf_life_days)


def criteria_of(definition: Definition) -> tuple[Criterion, ...]:
    """Return all that a definition asks: filters, disqualifiers, triggers."""
    asked = (*definition.filters, *definition.disqualifiers)
    return (*asked, *(as_criterion(one) for one in definition.triggers))


def together(one: Answers, other: Answers) -> Answers:
    """Return what two rows say of one company: yes where either does, else no where either does."""
    return tuple(
        True if True in pair else False if False in pair else None
        for pair in zip(one, other, strict=True)
    )


class AskedOf:
    """A definition and a list, ready to judge its rows on any day.

    Args:
        definition: What is asked.
        table: The list.
        columns: What people have said about columns.
        today: The day on which the age of a company is judged that has no day of its own.
        outcome: Where the column stands that says what became of a deal. It is no column of
            anything else: "Stage: Closed Won" is no stage of funding.

    Attributes:
        criteria: What is asked, in order.
        told: Of each criterion, whether a column tells anything of it.

    Raises:
        InputError: As `bind`, but for filters without a column.
    """

    def __init__(
        self,
        definition: Definition,
        table: Table,
        columns: Columns,
        *,
        today: date,
        outcome: int | None = None,
    ) -> None:
        self.criteria = criteria_of(definition)
        # `bind` asks in the order filters, disqualifiers; a trigger is asked like a filter here.
        n_filters, n_triggers = len(definition.filters), len(definition.triggers)
        filters = (*definition.filters, *(as_criterion(one) for one in definition.triggers))
        asked = replace(definition, filters=filters, triggers=())
        bound = bind(asked, table, columns, today, strict=False).judges
        judges = {one.criterion: one for one in bound}
        self._judges = tuple(judges[one] for one in self.criteria)
        self._timed = tuple(one.subject.kind is Kind.EVENT for one in self.criteria)
        self.told = tuple(
            _tells(one) and (outcome is None or one.place != outcome) for one in self._judges
        )
        self._days: dict[date | None, tuple[Judge | None, ...]] = {}
        self.n_filters = n_filters
        self.n_in_or_out = len(self.criteria) - n_triggers

    @property
    def tells_events(self) -> bool:
        """Whether the list tells anything that is judged on a day."""
        return any(told and timed for told, timed in zip(self.told, self._timed, strict=True))

    def without_events(self) -> tuple[bool, ...]:
        """Return what is told where no day is known on which events could be judged."""
        return tuple(told and not timed for told, timed in zip(self.told, self._timed, strict=True))

    def answers(self, cells: Sequence[str], day: date | None) -> Answers:
        """Return what a row says, on a day; without one, events are not known."""
        return tuple([None if judge is None else judge.answer(cells) for judge in self._on(day)])

    def _on(self, day: date | None) -> tuple[Judge | None, ...]:
        """Return the judges of a day, each None where it has nothing to judge by."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = tuple(
                None
                if not told or (timed and day is None)
                else judge.on_day(day)
                if day is not None and judge.criterion.subject.kind in _DATED
                else judge
                for judge, told, timed in zip(self._judges, self.told, self._timed, strict=True)
            )
        return found


def _tells(judge: Judge) -> bool:
    """Tell whether a list can ever say yes: an event in so many days needs its date and details."""
    criterion = judge.criterion
    if criterion.subject.kind is not Kind.EVENT:
        return judge.can_be_told
    has_day = judge.place is not None or criterion.within_days is None
    has_details = judge.what is not None or not criterion.values
    return judge.can_be_told and has_day and has_details


def outcome_place(table: Table, columns: Columns) -> int | None:
    """Return where the column stands that says what became of a deal.

    A column of a usual name counts when one of its cells says won or lost ("stage" and "status"
    may be other things); one that somebody has named counts always.
    """
    place = columns.place(Field.OUTCOME, table.header)
    if place is None or columns.named.get(Field.OUTCOME):
        return place
    name = table.header[place]
    for row in table.rows():
        if not isinstance(row, BadRow) and read_outcome(row.cells[place], name) in DECIDED:
            return place
    return None
