"""Binomial building blocks in numpy and math alone.

Importing scipy.stats takes longer than every test in this folder together, so the few things
needed from it are here: log binomial coefficients, the range of counts that matters, and the
Clopper-Pearson interval.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Probability left out on each side of a window, as -log: 1e-20, far below the rounding of a sum.
_WINDOW_LOG = 46.0
# Rates are kept this far from 0 and 1 so that their logarithms exist; the probability that
# moves is below one rounding error.
_SMALLEST_RATE = 1e-300
_LARGEST_RATE = 1.0 - 2.0**-53
# Newton's steps square their error: after one this small, rounding is all that is left.
_LAST_STEP = 1e-9


def log_choose(total: int) -> NDArray[np.float64]:
    """Give log C(total, x) for x = 0..total, by a running sum of log ratios.

    For the small counts of rare events this is more accurate than a difference of three
    log-gammas, each of which is large: the terms added are only as many as the events.
    """
    steps = np.arange(1, total + 1, dtype=np.float64)
    out = np.zeros(total + 1)
    np.cumsum(np.log((total + 1.0 - steps) / steps), out=out[1:])
    return out


def window(total: int, low_rate: float, high_rate: float) -> tuple[int, int]:
    """Give the counts, both included, outside which a binomial has less than 1e-20.

    Bernstein's inequality, which unlike "so many standard deviations" also holds for the
    skewed counts of rare events.

    Args:
        total: number of trials.
        low_rate: smallest success rate to cover, in [0, 1].
        high_rate: largest success rate to cover, in [0, 1].

    Returns:
        Smallest and largest count.

    References:
        Bernstein's inequality: Boucheron, Lugosi, Massart 2013, Concentration Inequalities, 2.8.
    """
    third = _WINDOW_LOG / 3.0

    def reach(rate: float) -> float:
        variance = total * rate * (1.0 - rate)
        return third + math.sqrt(third * third + 2.0 * _WINDOW_LOG * variance)

    low = math.floor(total * low_rate - reach(low_rate))
    high = math.ceil(total * high_rate + reach(high_rate))
    return max(0, low), min(total, high)


def pmf_rows(
    choose: NDArray[np.float64], first: int, last: int, rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give binomial probabilities of the counts first..last, one row per rate.

    Args:
        choose: `log_choose(total)`.
        first: first count.
        last: last count, included.
        rates: success rates, in [0, 1].

    Returns:
        A matrix, rates by counts.
    """
    clipped = np.clip(rates, _SMALLEST_RATE, _LARGEST_RATE)
    log_q = np.log1p(-clipped)
    rows = np.outer(np.log(clipped) - log_q, np.arange(first, last + 1, dtype=np.float64))
    rows += choose[first : last + 1]
    rows += ((len(choose) - 1) * log_q)[:, None]
    np.exp(rows, out=rows)
    return rows


def upper_tails(
    choose: NDArray[np.float64], first: int, last: int, rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum `pmf_rows` from each count up to `last`; one more column, 0, stands for "none".

    Summed from the small end so that tiny probabilities keep their digits.
    """
    rows = pmf_rows(choose, first, last, rates)
    tails = np.zeros((len(rows), last - first + 2))
    np.cumsum(rows[:, ::-1], axis=1, out=tails[:, -2::-1])
    return tails


def likely_counts(
    choose: NDArray[np.float64], rate: float, ignored: float
) -> tuple[int, NDArray[np.float64]]:
    """Give the counts that matter: the first one, and the probability of each.

    Args:
        choose: `log_choose(total)`.
        rate: success rate, in [0, 1].
        ignored: probability left out, on either side together.
    """
    low, high = window(len(choose) - 1, rate, rate)
    row = pmf_rows(choose, low, high, np.array([rate]))[0]
    row /= row.sum()
    from_below, from_above = np.cumsum(row), np.cumsum(row[::-1])[::-1]
    kept = np.flatnonzero((from_below > ignored / 2.0) & (from_above > ignored / 2.0))
    return low + int(kept[0]), row[kept[0] : kept[-1] + 1]


def clopper_pearson(events: int, total: int, error: float) -> tuple[float, float]:
    """Give the exact interval of one rate.

    Args:
        events: successes.
        total: trials, at least 1.
        error: two-sided error, in [0, 1); half goes to each end. With 0 the interval is [0, 1].

    Returns:
        Lower and upper end, in [0, 1].

    References:
        Clopper & Pearson 1934 Biometrika 26:404. Checked against scipy.stats.beta.ppf.
    """
    if error <= 0.0:
        return 0.0, 1.0
    low = _lower_rate(events, total, error / 2.0)
    high = 1.0 - _lower_rate(total - events, total, error / 2.0)
    return low, high


def clopper_pearson_rows(
    events: NDArray[np.float64], total: int, error: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give `clopper_pearson` of many counts of one total; `error` above 0."""
    low = _lower_rates(events, total, error / 2.0)
    return low, 1.0 - _lower_rates(total - events, total, error / 2.0)


def _lower_rates(events: NDArray[np.float64], total: int, tail: float) -> NDArray[np.float64]:
    """Do what `_lower_rate` does, for many counts at once."""
    out = np.zeros(len(events))
    out[events == total] = math.exp(math.log(tail) / total)
    inside = np.flatnonzero((events > 0) & (events < total))
    if not len(inside):
        return out
    x = events[inside]
    choose = log_choose(total)[x.astype(np.intp)]
    odds = np.array([_wilson_odds(int(count), total, tail) for count in x])
    # Beyond this many standard deviations of counts nothing is left of the tail.
    rare = np.minimum(x, total - x).max()
    ahead = np.arange(min(float(total), 12.0 * math.sqrt(rare) + 60.0))
    shrink = np.maximum(total - x[:, None] - ahead, 0.0) / (x[:, None] + ahead + 1.0)
    for _ in range(200):
        small = np.exp(-np.abs(odds))
        near, far = 1.0 / (1.0 + small), small / (1.0 + small)
        p, q = np.where(odds > 0, (near, far), (far, near))
        series = 1.0 + np.cumprod(shrink * (p / q)[:, None], axis=1).sum(axis=1)
        log_tail = choose + x * np.log(p) + (total - x) * np.log(q) + np.log(series)
        step = (math.log(tail) - log_tail) * series / (x * q)
        odds = odds + step
        if (np.abs(step) <= _LAST_STEP).all():
            break
    out[inside] = 1.0 / (1.0 + np.exp(-odds))
    return out


def _lower_rate(events: int, total: int, tail: float) -> float:
    """Solve P(X >= events) = tail for the success rate.

    Newton's method on log P as a function of the log odds. That function is increasing and
    concave (truncating a binomial from below never raises its variance), so from any start the
    first step ends left of the root, and the others approach it from there and cannot overshoot.
    """
    if events == 0:
        return 0.0
    if events == total:
        return math.exp(math.log(tail) / total)
    choose = math.lgamma(total + 1) - math.lgamma(events + 1) - math.lgamma(total - events + 1)
    goal = math.log(tail)
    odds = _wilson_odds(events, total, tail)
    for _ in range(200):
        p, q = _both(odds)
        series = _tail_series(events, total, p / q)
        log_tail = choose + events * math.log(p) + (total - events) * math.log(q)
        log_tail += math.log(series)
        step = (goal - log_tail) * series / (events * q)
        odds += step
        if abs(step) <= _LAST_STEP:
            break
    return _both(odds)[0]


def _wilson_odds(events: int, total: int, tail: float) -> float:
    """Give the log odds of Wilson's low end: near the exact one, which saves steps."""
    z = NormalDist().inv_cdf(tail)
    rate, square = events / total, z * z / total
    half = z * math.sqrt(rate * (1.0 - rate) / total + square / (4.0 * total))
    centre = rate + square / 2.0
    # (centre + half) / (1 + square) is the rate, its numerator written without a difference.
    numerator = rate * rate * (1.0 + square) / (centre - half)
    return math.log(numerator / (1.0 - rate + square / 2.0 - half))


def _both(odds: float) -> tuple[float, float]:
    """Give a rate and its complement from the log odds, neither by subtraction."""
    small = math.exp(-abs(odds))
    near, far = 1.0 / (1.0 + small), small / (1.0 + small)
    return (near, far) if odds > 0 else (far, near)


def _tail_series(events: int, total: int, odds: float) -> float:
    """Sum P(X = k) / P(X = events) over k >= events."""
    term = sum_ = 1.0
    for k in range(events, total):
        term *= (total - k) / (k + 1.0) * odds
        sum_ += term
        if term < 1e-18 * sum_ and (total - k) * odds < k + 1.0:
            break
    return sum_
