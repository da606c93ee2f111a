"""Reviews that are due: lines of `status`, and their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.report.failure import failure_data
from icptest.report.words.icp import reviews as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.reviews import Review


def reviews_text(reviews: Sequence[Review], today: date) -> str:
    """Return one line for each profile; "" where none is due."""
    return "\n".join(wrap(words.review(one, today)) for one in reviews)


def reviews_data(reviews: Sequence[Review], today: date) -> list[dict[str, Any]]:
    """Return `icp_reviews` of `icptest.status/1`."""
    return [
        {
            "icp": one.icp,
            "due_on": None if one.due_on is None else one.due_on.isoformat(),
            "days_late": None if one.due_on is None else (today - one.due_on).days,
            "personas_due": one.n_personas,
            "personas_due_on": None
            if one.personas_due_on is None
            else one.personas_due_on.isoformat(),
            "error": None if one.error is None else failure_data(one.error),
            "next": words.command(one),
        }
        for one in reviews
    ]
