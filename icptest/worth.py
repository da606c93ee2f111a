"""Worth: what mailing the rest of the new list should bring, beside today's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icptest.stats import Posterior


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth:
    """What scaling brings, in positive replies.

    Attributes:
        n_left: Companies of the new list that the test has not used.
        from_segment: Positive replies expected of one person at each, at the rate of the new
            list after allowing for luck.
        from_control: Positive replies that as many people of today's list would bring.
    """

    n_left: int
    from_segment: float
    from_control: float


def worth_of(n_left: int, belief: Posterior) -> Worth:
    """Return what the rest of the new list is worth.

    Args:
        n_left: Companies that are left.
        belief: Rates after allowing for luck.
    """
    return Worth(
        n_left=n_left,
        from_segment=n_left * belief.treatment_rate,
        from_control=n_left * belief.control_rate,
    )
