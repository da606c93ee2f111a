"""A change of profile: its page and its JSON."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from icptest.report.terminal import table
from icptest.report.words.icp import diff as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.diff import Change

_FATES = {"in": True, "unknown": None, "out": False}


def diff_text(
    old: Definition,
    new: Definition,
    change: Change,
    *,
    list_file: str,
    on: date,
    out: str | None,
) -> str:
    """Return a change as a page: how many enter and leave, and because of what."""
    rows = [
        [words.WAS[name], *(f"{change.n(was, now):,}" for now in _FATES.values())]
        for name, was in _FATES.items()
    ]
    parts = [
        wrap(words.headline(old, new, change, on)),
        "\n".join(words.differences(change)),
        table(rows, words.HEADS),
        "\n".join(wrap(line, first="- ", indent="  ") for line in words.because(change)),
        f"Written: {out}" if out else "",
        f"Next:\n  {_next(new, list_file)}",
    ]
    return "\n\n".join(part for part in parts if part)


def diff_data(
    old: Definition,
    new: Definition,
    change: Change,
    *,
    list_file: str,
    on: date,
    out: str | None,
) -> dict[str, Any]:
    """Return `icptest.icp-diff/1`."""
    return {
        "schema": "icptest.icp-diff/1",
        "old": old.name,
        "new": new.name,
        "list": list_file,
        "on": on.isoformat(),
        "rows": sum(change.fates.values()),
        "enter": change.n_entered,
        "leave": change.n_left,
        "stay": change.n(True, True),
        "added": [str(one) for one in change.added],
        "removed": [str(one) for one in change.removed],
        "enter_by": _by(change.entered_by),
        "leave_by": _by(change.left_by),
        "fates": {
            f"{before}-{after}": change.n(was, now)
            for before, was in _FATES.items()
            for after, now in _FATES.items()
        },
        "set_aside": dict(change.set_aside),
        "out_file": out,
        "next": _next(new, list_file),
    }


def _by(counts: Mapping[Criterion, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [{"criterion": str(one), "rows": n} for one, n in ordered]


def _next(new: Definition, list_file: str) -> str:
    return f"icptest icp match {shlex.quote(list_file)} --icp {new.name} --out segment.csv"
