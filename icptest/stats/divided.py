"""The score test and interval of counts divided by a design effect.

Divided by d, counts leave the rates as they are and the variance d times as large: the statistic
becomes smaller by the square root of d, and Miettinen and Nurminen's N / (N - 1) takes the
divided N.

References:
    Rao & Scott 1992 Biometrics 48:577; Miettinen & Nurminen 1985 Statistics in Medicine 4:213.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from icptest.stats.results import NotEstimable
from icptest.stats.score import normal_p_value, scale, statistic
from icptest.stats.score_inversion import falls_to

if TYPE_CHECKING:
    from icptest.stats._counts import Counts
    from icptest.stats.results import Alternative


def divided_p_value(counts: Counts, ratio: float, alternative: Alternative, effect: float) -> float:
    """Give the one-sided p-value of the score test of the divided counts.

    Args:
        counts: the counts as they are.
        ratio: the ratio tested.
        alternative: the side tested.
        effect: the design effect, at least 1.
    """
    return normal_p_value(
        statistic(counts, ratio) * scale(counts, "miettinen-nurminen", effect), alternative
    )


def divided_end(
    counts: Counts, alternative: Alternative, tail: float, effect: float
) -> float | NotEstimable:
    """Give the score interval's low end (`greater`) or high end (`less`), one-sided error `tail`.

    Args:
        counts: the counts as they are.
        alternative: which end.
        tail: one-sided error, in (0, 0.5).
        effect: the design effect, at least 1.
    """
    # As in score_interval: z has to stay above 0.
    z = max(NormalDist().inv_cdf(1.0 - tail), 1e-8)
    if alternative == "greater":
        return _low_end(counts, z, effect)
    reverse = _low_end(counts.swapped(), z, effect)
    return NotEstimable(reason="no-upper-bound") if reverse == 0.0 else 1.0 / reverse


def outer_end(
    one: float | NotEstimable, other: float | NotEstimable, alternative: Alternative
) -> float | NotEstimable:
    """Give the outer one of two low ends (`greater`) or high ends (`less`).

    A low end always exists; a high end that does not is beyond any that does.
    """
    if isinstance(one, NotEstimable):
        return one
    if isinstance(other, NotEstimable):
        return other
    return min(one, other) if alternative == "greater" else max(one, other)


def _low_end(counts: Counts, z: float, effect: float) -> float:
    """Find the ratio at which the divided statistic falls to z; 0.0 where none is too small."""
    factor = scale(counts, "miettinen-nurminen", effect)
    if counts.treatment_events == 0 or factor == 0.0:
        return 0.0
    start = (
        counts.treatment_events
        * counts.control_total
        / (max(counts.control_events, 0.5) * counts.treatment_total)
    )
    return falls_to(lambda log: statistic(counts, math.exp(log)), z / factor, start)
