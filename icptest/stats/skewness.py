"""The score statistic of a ratio, corrected for skewness.

The score statistic of rare events is skewed, most where the arms' sizes differ: at one end too
many ratios are kept, at the other too few. Laud corrects it by the first term of a
Cornish-Fisher series: with A = third central moment / (6 x variance^1.5), both at the
constrained rates, the corrected z solves

    z + A (z^2 - 1) = score statistic.

References:
    Gart & Nam 1988 Biometrics 44:323; Laud 2017 Pharmaceutical Statistics 16:334 and its
    corrigendum 2018, 17:290.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from icptest.stats.score import constrained_rate, statistic

if TYPE_CHECKING:
    from icptest.stats._counts import Counts


def corrected(counts: Counts, theta: float) -> float:
    """Give the corrected score statistic at a ratio.

    Where the quadratic has no real root, and the statistic with it no corrected value, it is the
    vertex of the quadratic: every z on one side of it is reached, none on the other.
    """
    z, skew = _score_and_skew(counts, theta)
    inside = 1.0 + 4.0 * skew * (z + skew)
    if inside < 0.0:
        return -0.5 / skew
    # The root that is z itself without skewness, written without a difference.
    return 2.0 * (z + skew) / (1.0 + math.sqrt(inside))


def _score_and_skew(counts: Counts, theta: float) -> tuple[float, float]:
    """Give Miettinen and Nurminen's statistic and A."""
    n_t, n_c = counts.treatment_total, counts.control_total
    widened = (n_t + n_c) / (n_t + n_c - 1)
    p_t = constrained_rate(counts, theta)
    p_c = p_t / theta
    spread_t = p_t * (1.0 - p_t) / n_t
    spread_c = theta * theta * p_c * (1.0 - p_c) / n_c
    third = spread_t * (1.0 - 2.0 * p_t) / n_t - spread_c * theta * (1.0 - 2.0 * p_c) / n_c
    variance = (spread_t + spread_c) * widened
    z = statistic(counts, theta) / math.sqrt(widened)
    if third == 0.0 or variance <= 0.0:
        return z, 0.0
    return z, third / (6.0 * variance**1.5)


def corrected_limit(counts: Counts) -> float:
    """Give what the corrected statistic grows to as the ratio goes to 0.

    The uncorrected one grows without end if there is a treatment event. Here both it and A do, at
    the same pace: their quotient goes to 6 x (treatment events) x N / (N - 1), N being both
    totals, and the quadratic to z^2 = 1 + that.
    """
    n = counts.treatment_total + counts.control_total
    return math.sqrt(1.0 + 6.0 * counts.treatment_events * n / (n - 1))
