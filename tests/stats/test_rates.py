"""Rates from list to list: against scipy, against known truth, and with few lists."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from icptest.stats import Prior, learn_rates
from icptest.stats.rates import USUAL_RATE, USUAL_SD, VARIATION_SCALE, _log_gamma


def by_scipy(events: list[int], totals: list[int]) -> tuple[float, float]:
    """Give mean and standard deviation of the next rate by plain sums over beta-binomials."""
    means = np.exp(np.linspace(-4.0, 4.0, 801) * USUAL_SD)[:, None] * USUAL_RATE
    means = np.minimum(means, 0.9)
    variations = np.linspace(1e-3, 2.0, 101)[None, :]
    weight = np.maximum((1.0 - means) / (variations**2 * means) - 1.0, 0.05)
    a, b = means * weight, (1.0 - means) * weight
    logs = stats.norm.logpdf(np.linspace(-4.0, 4.0, 801))[:, None]
    logs = logs + stats.halfnorm.logpdf(variations, scale=VARIATION_SCALE)
    for hits, total in zip(events, totals, strict=True):
        logs = logs + stats.betabinom.logpmf(hits, total, a, b)
    share = np.exp(logs - logs.max())
    share /= share.sum()
    mean = float((share * means).sum())
    second = float((share * (means**2 + means * (1.0 - means) / (weight + 1.0))).sum())
    return mean, math.sqrt(second - mean * mean)


@pytest.mark.parametrize(
    ("events", "totals"),
    [([5, 3, 9, 4], [500, 480, 510, 500]), ([0, 0], [500, 300]), ([40, 2, 11], [900, 400, 500])],
)
def test_the_next_rate_is_that_of_scipy(events: list[int], totals: list[int]) -> None:
    """Mean and standard deviation by other sums, to half a percent."""
    found = learn_rates(events=events, totals=totals)
    mean, deviation = by_scipy(events, totals)
    assert found.mean == pytest.approx(mean, rel=5e-3)
    a, b = found.control
    if a > 0.5:  # else the belief is kept within what a prior allows
        assert a / (a + b) == pytest.approx(mean, rel=5e-3)
        of_beta = math.sqrt(a * b / (a + b + 1.0)) / (a + b)
        assert of_beta == pytest.approx(deviation, rel=1e-2)
    assert (found.low, found.high) == pytest.approx(
        tuple(stats.beta.ppf([0.05, 0.95], a, b)), rel=1e-2
    )


def test_the_log_gamma_is_that_of_scipy() -> None:
    """From a thousandth to a million, to 1e-12 of its size."""
    x = np.geomspace(1e-3, 1e6, 400)
    assert _log_gamma(x) == pytest.approx(special.gammaln(x), rel=1e-12, abs=1e-11)


def test_every_belief_can_be_a_prior() -> None:
    """No events, everybody, one list, none: what comes out is within the bounds of a prior."""
    for events, totals in (([], []), ([0], [5000]), ([50], [50]), ([0, 50], [50, 50])):
        found = learn_rates(events=events, totals=totals)
        assert Prior(control=found.control).control == found.control
        assert 0.0 < found.low < found.high < 1.0


def test_lists_that_agree_are_believed_more() -> None:
    """Ten lists near 2 % give a narrow belief at 2 %; ten from 0.2 to 6 % a wide one."""
    alike = learn_rates(events=[10] * 10, totals=[500] * 10)
    apart = learn_rates(events=[1, 1, 2, 4, 6, 8, 12, 20, 25, 30], totals=[500] * 10)
    assert alike.mean == pytest.approx(0.02, rel=0.05)
    assert alike.variation < 0.3 < apart.variation
    assert sum(apart.control) < sum(alike.control) / 4


def test_the_interval_holds_the_next_rate() -> None:
    """Of 60 workspaces of six lists around 1 %, the next true rate is inside 90 of 100 times.

    Within three standard errors, 0.117; more often at will, as the prior is wider than the truth.
    """
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(60):
        rates = rng.beta(6.0, 594.0, size=7)
        found = learn_rates(events=[*map(int, rng.binomial(500, rates[:6]))], totals=[500] * 6)
        held += found.low <= rates[6] <= found.high
    assert held / 60 > 0.9 - 0.117


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": [1], "totals": []}, "events has 1, must have as many as totals, 0."),
        ({"events": [3], "totals": [2]}, "events == 3, must be <= total == 2."),
        ({"events": [0], "totals": [0]}, "total == 0, must be >= 1."),
        ({"events": [], "totals": [], "confidence_level": 0}, "confidence_level == 0.0, must"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    """A wrong argument is a ValueError with its name, its value and the bound."""
    with pytest.raises(ValueError, match="must") as caught:
        learn_rates(**arguments)
    assert message in str(caught.value)
