"""The likelihood of a mean log ratio and its spread, each test's own log ratio integrated out.

Given how many events both arms of a test have together, those of the treatment are binomial with
odds ratio * treatment_total / control_total: exact for Poisson counts, and for rare events of two
binomials close to it (where they are not rare it takes them for noisier than they are). Today's
rate, which differs from test to test, drops out, and an arm without events needs no correction.

The log ratio of a test is normal around the mean. It is integrated out by the trapezoidal rule on
one even grid for all tests: both factors fall off without a corner, so that its error falls
exponentially, and a spread that is narrower than the grid becomes no spread at all.

References:
    Stijnen, Hamza & Ozdemir 2010 Statistics in Medicine 29:3046 (the model); Trefethen & Weideman
    2014 SIAM Review 56:385 (the rule).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from icptest.stats._counts import Counts

LOGS = np.linspace(-6.0, 6.0, 241)
"""True log ratios: 0.0025 to 403. Steps of 0.05 are as wide as one standard deviation of a test
with 1,600 events."""
_LEAST = 1e-300


def kernel(means: NDArray[np.float64], spread: float) -> NDArray[np.float64]:
    """Give the chances of each true log ratio, one row for each mean.

    Args:
        means: where the log ratios lie around; of a spread below the step, points of `LOGS`.
        spread: their standard deviation, above 0.
    """
    distance = (means[:, None] - LOGS) / spread
    chances = np.exp(-0.5 * distance * distance)
    out: NDArray[np.float64] = chances / chances.sum(axis=1, keepdims=True)
    return out


def log_marginals(tables: Sequence[Counts], kernels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log likelihood of every test, up to a constant of its own.

    Args:
        tables: counts of both arms of each test.
        kernels: chances of each true log ratio: (..., log ratios).

    Returns:
        (tests, ...).
    """
    flat = kernels.reshape(-1, len(LOGS))
    likelihoods = np.array([_likelihood(table) for table in tables]).reshape(-1, len(LOGS))
    found = np.log(np.maximum(likelihoods @ flat.T, _LEAST))
    out: NDArray[np.float64] = found.reshape(len(tables), *kernels.shape[:-1])
    return out


def _likelihood(table: Counts) -> NDArray[np.float64]:
    """Give the likelihood of one test at every log ratio; its top is 1."""
    events = table.treatment_events + table.control_events
    log_odds = LOGS + math.log(table.treatment_total / table.control_total)
    heights = table.treatment_events * log_odds - events * np.logaddexp(0.0, log_odds)
    out: NDArray[np.float64] = np.exp(heights - heights.max())
    return out
