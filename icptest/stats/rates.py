"""How large rates are from list to list: what is believed of the next one before its data.

Each list has a true rate of its own, Beta distributed; its events are binomial. Mean and spread
of the rates have weak priors and are integrated over on a grid, so that few lists give a wide
belief, and lists that agree a narrow one.

References:
    Skellam 1948 JRSS B 10:257 (beta-binomial); Gelman et al. 2013 Bayesian Data Analysis, 5.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.legendre import leggauss

from icptest.stats._counts import check_arm, check_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

USUAL_RATE, USUAL_SD = 0.01, 1.0
"""Prior of the mean rate: log normal around 1 %; 95 of 100 between 0.14 % and 7 %."""
VARIATION_SCALE = 0.5
"""Prior of the rates' coefficient of variation: half normal."""
_REACH, _MEANS = 4.0, 321
_WIDEST, _SPREADS = 2.0, 24
_LEAST_WEIGHT = 0.05
_HIGHEST_MEAN = 0.9
_FEWEST_EVENTS, _FEWEST_OTHERS, _MOST = 0.5, 1.0, 1e9
"""What a `Prior` allows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnedRates:
    """What lists say of the rate of the next one.

    Attributes:
        mean: expected rate of the next list, in (0, 1).
        low: lower end of the interval of the next list's true rate.
        high: its upper end.
        control: a and b of the Beta distribution of the next list's rate: the `control` of a
            `Prior`.
        variation: standard deviation of true rates over their mean, posterior mean.
        confidence_level: probability between the ends.
        lists: how many lists.
    """

    mean: float
    low: float
    high: float
    control: tuple[float, float]
    variation: float
    confidence_level: float
    lists: int


def learn_rates(
    *, events: Sequence[int], totals: Sequence[int], confidence_level: float = 0.9
) -> LearnedRates:
    """Learn what to believe of the next list's rate.

    Args:
        events: of each list the contacts with the event; there may be no list.
        totals: of each list its contacts, at least 1.
        confidence_level: probability between the ends, in (0, 1).

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against `scipy.stats.betabinom` and adaptive quadrature.
    """
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    if len(events) != len(totals):
        msg = f"events has {len(events)}, must have as many as totals, {len(totals)}."
        raise ValueError(msg)
    arms = [check_arm("", *pair) for pair in zip(events, totals, strict=True)]
    points, weights = leggauss(_SPREADS)
    variations = (_WIDEST * (points + 1.0) / 2.0)[None, :]
    deviations = np.linspace(-_REACH, _REACH, _MEANS)[:, None]
    means = np.minimum(USUAL_RATE * np.exp(USUAL_SD * deviations), _HIGHEST_MEAN)
    logs = -0.5 * deviations**2 - 0.5 * (variations / VARIATION_SCALE) ** 2 + np.log(weights)
    weight = np.maximum((1.0 - means) / (variations**2 * means) - 1.0, _LEAST_WEIGHT)
    a, b = means * weight, (1.0 - means) * weight
    before = _log_beta(a, b)
    for hits, total in arms:
        logs = logs + _log_beta(a + hits, b + total - hits) - before
    share = np.exp(logs - logs.max())
    share /= share.sum()
    mean = float((share * means).sum())
    # The variance of the next rate: that within each pair and that of the means.
    second = float((share * means * (means + (1.0 - means) / (weight + 1.0))).sum())
    control = _beta_of(mean, second - mean * mean)
    low, high = _beta_ends(control, level)
    return LearnedRates(
        mean=mean,
        low=low,
        high=high,
        control=control,
        variation=float((share * variations).sum()),
        confidence_level=level,
        lists=len(arms),
    )


def _beta_of(mean: float, variance: float) -> tuple[float, float]:
    """Give a and b of the Beta distribution of a mean and a variance, as a `Prior` allows them."""
    weight = mean * (1.0 - mean) / variance - 1.0
    least = max(_FEWEST_EVENTS / mean, _FEWEST_OTHERS / (1.0 - mean))
    weight = min(max(weight, least), _MOST)
    # Rounded: it is written into registrations, where people read it.
    return float(f"{mean * weight:.4g}"), float(f"{(1.0 - mean) * weight:.6g}")


def _beta_ends(control: tuple[float, float], level: float) -> tuple[float, float]:
    """Give both ends of a Beta distribution, from its density over the logarithm of the odds."""
    a, b = control
    odds = np.linspace(-30.0, 12.0, 6001)
    logs = a * odds - (a + b) * np.logaddexp(0.0, odds)
    share = np.exp(logs - logs.max())
    share /= share.sum()
    tail = (1.0 - level) / 2.0
    ends = np.interp([tail, 1.0 - tail], np.cumsum(share) - 0.5 * share, odds)
    low, high = (1.0 / (1.0 + math.exp(-float(end))) for end in ends)
    return low, high


def _log_beta(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)


def _log_gamma(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log-gamma of positive numbers: Stirling's series, ten further on."""
    product = x.copy()
    for step in range(1, 10):
        product *= x + step
    y = x + 10.0
    inverse = 1.0 / y
    square = inverse * inverse
    last = 1.0 / 1260.0 - square / 1680.0
    series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * last))
    out: NDArray[np.float64] = (
        (y - 0.5) * np.log(y) - y + 0.5 * math.log(2.0 * math.pi) + series - np.log(product)
    )
    return out
