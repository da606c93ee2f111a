"""Score test of a ratio of two rates.

With the ratio fixed at theta, both rates are estimated under "treatment rate = theta x control
rate", and the distance of the data from it is divided by its standard deviation there. The
interval (`score_inversion.py`) inverts the same statistic, so that they agree.

References:
    Koopman 1984 Biometrics 40:513; Miettinen & Nurminen 1985 Statistics in Medicine 4:213;
    Farrington & Manning 1990 Statistics in Medicine 9:1447; Nam 1995 Biometrical Journal 37:375.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import Counts, check_choice, check_counts, check_number
from icptest.stats.results import ScoreTest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats.results import ScoreAlternative, ScoreMethod

_METHODS = ("miettinen-nurminen", "koopman")
# Only where both arms are all or nothing is the variance zero, and the difference with it; the
# floor makes that 0 / small = 0. Real variances are many orders larger.
_VARIANCE_FLOOR = 1e-30


def statistic_rows(
    treatment: NDArray[np.float64],
    control: NDArray[np.float64],
    totals: tuple[int, int],
    theta: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the score statistic (Koopman's variance) of many tables.

    The constrained rate is the smaller root of a quadratic. Its discriminant is written as a sum
    of two terms that are never negative and the root as a quotient, so nothing cancels; that is
    what makes tables that tie in exact arithmetic tie here to about 1e-12.

    Args:
        treatment: events of the treatment arm.
        control: events of the control arm.
        totals: treatment and control total.
        theta: the ratio, or one for each table.

    Returns:
        One statistic per table; 0 where neither arm has an event, and where every contact in
        both arms has one and theta is 1.
    """
    n_t, n_c = totals
    left = n_c + treatment
    right = theta * (n_t + control)
    apart = left - right
    root = np.sqrt(apart * apart + 4.0 * theta * (n_c - control) * (n_t - treatment))
    p_t = 2.0 * theta * (treatment + control) / (left + right + root)
    # p_t (1 - p_t) / n_t + theta^2 p_c (1 - p_c) / n_c, with p_c = p_t / theta.
    variance = p_t * ((1.0 / n_t + theta / n_c) - p_t * (1.0 / n_t + 1.0 / n_c))
    difference = treatment / n_t - theta * control / n_c
    out: NDArray[np.float64] = difference / np.sqrt(np.maximum(variance, _VARIANCE_FLOOR))
    return out


def constrained_rate(counts: Counts, theta: float) -> float:
    """Give the likeliest treatment rate under a ratio, as `statistic_rows` does."""
    x_t, n_t = counts.treatment_events, counts.treatment_total
    x_c, n_c = counts.control_events, counts.control_total
    left = n_c + x_t
    right = theta * (n_t + x_c)
    root = math.sqrt((left - right) ** 2 + 4.0 * theta * (n_c - x_c) * (n_t - x_t))
    return 2.0 * theta * (x_t + x_c) / (left + right + root)


def statistic(counts: Counts, theta: float) -> float:
    """Give the score statistic of one table, as `statistic_rows` does."""
    x_t, n_t = counts.treatment_events, counts.treatment_total
    x_c, n_c = counts.control_events, counts.control_total
    p_t = constrained_rate(counts, theta)
    variance = p_t * ((1.0 / n_t + theta / n_c) - p_t * (1.0 / n_t + 1.0 / n_c))
    return (x_t / n_t - theta * x_c / n_c) / math.sqrt(max(variance, _VARIANCE_FLOOR))


def scale(counts: Counts, method: ScoreMethod, effect: float = 1.0) -> float:
    """Give the factor on Koopman's z: Miettinen and Nurminen's variance is N/(N-1) of his.

    Counts divided by a design effect leave the rates and make the variance so much larger; N is
    then the divided one. Below one contact nothing is known.
    """
    left = (counts.treatment_total + counts.control_total) / effect
    bessel = 1.0 if method == "koopman" else max(0.0, (left - 1.0) / left)
    return math.sqrt(bessel / effect)


def normal_p_value(z: float, alternative: ScoreAlternative) -> float:
    """Give the p-value of a statistic that is standard normal under the null."""
    if alternative == "two-sided":
        return math.erfc(abs(z) / math.sqrt(2.0))
    side = z if alternative == "greater" else -z
    return 0.5 * math.erfc(side / math.sqrt(2.0))


def score_test(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    null_ratio: float = 1.0,
    alternative: ScoreAlternative = "greater",
    method: ScoreMethod = "miettinen-nurminen",
) -> ScoreTest:
    """Test a ratio of two rates with the asymptotic score test.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        null_ratio: treatment rate / control rate under the null, above 0.
        alternative: `greater`: the null is ratio <= null_ratio; `less`: ratio >= null_ratio;
            `two-sided`: ratio == null_ratio.
        method: variance; `koopman` is N - 1 over N of `miettinen-nurminen`'s.

    Returns:
        Statistic and p-value.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against R ratesci 1.0.0 (oracles `test1_*`, `test2_*`), gsDesign
        3.10.1 and statsmodels.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    theta = check_number("null_ratio", null_ratio, above=0.0)
    check_choice("alternative", alternative, ("greater", "less", "two-sided"))
    check_choice("method", method, _METHODS)
    z = statistic(counts, theta) * scale(counts, method)
    return ScoreTest(
        statistic=z,
        p_value=normal_p_value(z, alternative),
        null_ratio=theta,
        alternative=alternative,
        method=method,
    )
