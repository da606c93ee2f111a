"""What `status` says of profiles that must be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.definition import PERSONA_REVIEW_DAYS
from icptest.report.words.icp.criteria import day
from icptest.report.words.numbers import count

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.reviews import Review


def review(one: Review, today: date) -> str:
    """Return one line of a profile that is due, or broken."""
    if one.error is not None:
        return f"Profile {one.icp} cannot be read: `icptest icp show {one.icp}` says why."
    said = []
    if one.due_on is not None:
        said.append(f"its review was due {_since(one.due_on, today)}")
    if one.personas_due_on is not None:
        which = "a persona was" if one.n_personas == 1 else f"{one.n_personas:,} personas were"
        said.append(
            f"{which} due {_since(one.personas_due_on, today)} (every {PERSONA_REVIEW_DAYS} days)"
        )
    if one.due_on is None:
        return f"Profile {one.icp}: {said[0]}. See `icptest icp show {one.icp}`."
    return f"Profile {one.icp}: {', and '.join(said)}. `{command(one)}`"


def command(one: Review) -> str:
    """Return what to do about it."""
    if one.error is not None or one.due_on is None:
        return f"icptest icp show {one.icp}"
    return f"icptest icp drift DEALS.csv --icp {one.icp}"


def _since(due_on: date, today: date) -> str:
    late = (today - due_on).days
    return "today" if not late else f"on {day(due_on)}, {count(late, 'day')} ago"
