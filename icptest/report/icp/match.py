"""A match: its page and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.report.terminal import table
from icptest.report.words.icp import match as words
from icptest.report.words.icp.criteria import criterion
from icptest.report.words.numbers import cut, wrap
from icptest.report.words.reasons import REASONS

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.definition import Definition
    from icptest.icp.match import Funnel

_FILTER_WIDTH = 46


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a match was asked for.

    Attributes:
        list: The list, as typed.
        on: The day the mails go out.
        ends_on: The day the test ends.
        list_on: The day the list is of.
        out: The file of matches, as typed, if one was asked for.
        keeps_unknown: Whether who may be in is in the file too.
    """

    list: str
    on: date
    ends_on: date
    list_on: date
    out: str | None
    keeps_unknown: bool


def match_text(definition: Definition, funnel: Funnel, asked: Asked) -> str:
    """Return a match as a page: how many are in, the funnel, what is not known."""
    notes = [
        words.emptied(funnel),
        words.unknown(funnel, kept=asked.keeps_unknown),
        *words.untold_disqualifiers(funnel),
        *words.signals(funnel, asked.ends_on),
        words.stale(asked.list_on, asked.on) if funnel.has_signals else None,
        words.set_aside(funnel, [REASONS[reason] for reason in sorted(funnel.set_aside)]),
    ]
    parts = [
        wrap(words.headline(funnel, definition.name, asked.on)),
        _table(funnel),
        "\n".join(wrap(note) for note in notes if note),
        f"Written: {asked.out}" if asked.out else "",
        f"Next:\n  {next_command(definition, funnel, asked)}",
    ]
    return "\n\n".join(part for part in parts if part)


def match_data(definition: Definition, funnel: Funnel, asked: Asked) -> dict[str, Any]:
    """Return `icptest.icp-match/1`."""
    return {
        "schema": "icptest.icp-match/1",
        "icp": definition.name,
        "version": definition.version,
        "digest": definition.digest,
        "list": asked.list,
        "on": asked.on.isoformat(),
        "list_on": asked.list_on.isoformat(),
        "list_is_stale": funnel.has_signals and words.stale(asked.list_on, asked.on) is not None,
        "rows": funnel.n_rows,
        "in": funnel.n_in,
        "out": funnel.n_out,
        "unknown": funnel.n_unknown,
        "set_aside": dict(funnel.set_aside),
        "steps": [
            {
                "criterion": str(step.criterion),
                "layer": str(step.criterion.layer),
                "left": step.left,
                "out": step.out,
                "unknown": step.unknown,
                "not_told": step.untold,
                "has_column": step.criterion not in funnel.untold,
            }
            for step in funnel.steps
        ],
        "signals": {
            "live": funnel.n_signal if funnel.has_signals else None,
            "expire_before_end": funnel.n_expiring if funnel.has_signals else None,
            "ends_on": asked.ends_on.isoformat(),
            "without_column": [one.event for one in funnel.unwatched],
        },
        "out_file": asked.out,
        "next": next_command(definition, funnel, asked),
    }


def next_command(definition: Definition, funnel: Funnel, asked: Asked) -> str:
    """Return what to do next: register a test, or look at the definition."""
    if not funnel.n_in:
        return f"icptest icp show {definition.name}"
    if asked.out:
        return f"icptest new NAME --control TODAY.csv --segment {asked.out}"
    return f"icptest icp match {asked.list} --icp {definition.name} --out segment.csv"


def _table(funnel: Funnel) -> str:
    steps = [
        [
            cut(criterion(step.criterion), _FILTER_WIDTH),
            f"{step.left:,}",
            f"{step.out:,}",
            f"{step.untold:,}" if step.untold else "",
        ]
        for step in funnel.steps
    ]
    rows = [[words.EVERYBODY, f"{funnel.n_rows:,}", "", ""], *steps]
    return table(rows, words.HEADS)
