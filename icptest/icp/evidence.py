"""Evidence for lint: what a profile leaves of a market, and how many closed deals it describes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.icp.binding import bind
from icptest.icp.criteria import Kind
from icptest.icp.lint import Market, Won, is_vague
from icptest.icp.outcome import Outcome
from icptest.icp.panel import read_panel
from icptest.icp.phrases import Phrases
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.reading.records import Table


def market_of(definition: Definition, table: Table, columns: Columns, *, on: date) -> Market:
    """Hold a profile against a market, and each of its filters by itself.

    Args:
        definition: The profile.
        table: The market.
        columns: What people have said about columns.
        on: The day on which events are judged.

    Raises:
        InputError: As `bind`, or it has no row ("icp-list-empty").
    """
    judges = bind(definition, table, columns, on).judges
    vague = {
        (judge.place, value): Phrases((f"={value}",))
        for judge in judges
        for value in judge.criterion.values
        if is_vague(value) and judge.criterion.subject.kind is Kind.PHRASES
    }
    kept: Counter[Criterion] = Counter()
    told: Counter[Criterion] = Counter()
    said: set[str] = set()
    n_rows = n_in = n_unknown = 0
    for row in table.rows():
        if isinstance(row, BadRow):
            continue
        n_rows += 1
        out, unknown = False, False
        for judge in judges:
            met, asked = judge.answer(row.cells), judge.criterion
            if met is None:
                unknown = unknown or not asked.excludes
                continue
            told[asked] += 1
            kept[asked] += met
            out = out or met is asked.excludes
        n_in += not out and not unknown
        n_unknown += not out and unknown
        said.update(
            value
            for (place, value), phrases in vague.items()
            if place is not None and value not in said and phrases.said_by(row.cells[place])
        )
    if not n_rows:
        # Of no company nothing can be said, also not that the profile is in no trap.
        raise InputError("icp-list-empty", location=Location(file=str(table.path)))
    return Market(
        n_rows=n_rows,
        n_in=n_in,
        n_unknown=n_unknown,
        kept={one: (kept[one], told[one]) for one in definition.filters},
        said=frozenset(said),
    )


def won_of(definition: Definition, table: Table, columns: Columns, *, on: date) -> Won:
    """Count how many closed deals a profile describes, each company once.

    What a customer had done is judged on the day of its deal, where a column tells that day; else
    it is not judged. Where a column says what became of a deal, only the won ones count.

    Args:
        definition: The profile.
        table: The closed deals.
        columns: What people have said about columns.
        on: The day on which ages are judged.

    Raises:
        InputError: No row counts ("icp-list-empty"), a column holds nothing of its kind, or its
            dates can be read in two ways.
    """
    panel = read_panel(definition, table, columns, today=on, on=None, outcome=Outcome.WON)
    judged = [place for place in range(len(definition.filters)) if panel.told[place]]
    fails: Counter[Criterion] = Counter()
    counts: Counter[bool | None] = Counter()
    for answers, n in panel.answers.items():
        met = [answers[place] for place in judged]
        fails.update({definition.filters[place]: n for place in judged if answers[place] is False})
        counts[False if False in met else None if None in met or not judged else True] += n
    worst = fails.most_common(1)
    return Won(
        n_in=counts[True],
        n_out=counts[False],
        n_unknown=counts[None],
        judged=tuple(definition.filters[place] for place in judged),
        costly=worst[0][0] if worst else None,
        n_costly=worst[0][1] if worst else 0,
    )
