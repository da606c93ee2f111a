"""What `icp diff` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.report.words.icp.criteria import criterion, day
from icptest.report.words.numbers import count

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.definition import Definition
    from icptest.icp.diff import Change

HEADS = ("", "now in", "not told", "now out")
WAS = {"in": "was in", "unknown": "was not told", "out": "was out"}
SAME = "Both profiles ask the same."


def headline(old: Definition, new: Definition, change: Change, on: date) -> str:
    """Return how many enter and leave."""
    total = sum(change.fates.values())
    return (
        f"From {old.name} to {new.name}, of {count(total, 'row')} {change.n_entered:,} enter and "
        f"{change.n_left:,} leave; {change.n(True, True):,} stay in. Judged for {day(on)}."
    )


def differences(change: Change) -> list[str]:
    """Return which criteria were added and removed."""
    if not change.added and not change.removed:
        return [SAME]
    lines = [f"  - {criterion(one)}" for one in change.removed]
    return lines + [f"  + {criterion(one)}" for one in change.added]


def because(change: Change) -> list[str]:
    """Return because of what rows enter and leave."""
    lines = []
    for head, counts in (("leave", change.left_by), ("enter", change.entered_by)):
        for one, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0]))):
            verb = head if n != 1 else f"{head}s"
            old = " of the old profile, which they did not meet" if head == "enter" else ""
            lines.append(f'{n:,} {verb} because of "{criterion(one)}"{old}.')
    return lines
