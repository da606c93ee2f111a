"""Pooled ratios: a published fit, brute force by scipy, and simulations with known truth."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import optimize, special, stats

from icptest.stats import Stratum, group_effects, pool_effects, studies_needed
from icptest.stats._marginal import kernel, log_marginals
from icptest.stats.effects import MEAN_SD, SPREAD_SCALE, tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ORACLE = json.loads((Path(__file__).parent / "oracles/effects.json").read_text(encoding="utf-8"))
NAMES = ("treatment_events", "treatment_total", "control_events", "control_total")
PUBLISHED: list[list[int]] = ORACLE["studies"]
ZEROS = [[0, 500, 0, 500], [3, 500, 0, 500], [0, 400, 2, 800]]


def studies(rows: Sequence[Sequence[int]]) -> list[Stratum]:
    """Make studies of rows of four counts."""
    return [Stratum(**dict(zip(NAMES, map(int, row), strict=True))) for row in rows]


def simulated(
    rng: np.random.Generator, shifts: Sequence[float], *, mean: float, spread: float
) -> list[Stratum]:
    """Draw tests of 500 + 500 at about 1 %, with true log lifts around the mean plus a shift."""
    rows = []
    for shift in shifts:
        rate = 0.01 * math.exp(0.3 * rng.standard_normal())
        lift = math.exp(mean + shift + spread * rng.standard_normal())
        rows.append([rng.binomial(500, min(1.0, rate * lift)), 500, rng.binomial(500, rate), 500])
    return studies(rows)


def by_scipy(rows: Sequence[Sequence[int]], level: float) -> tuple[float, float, float]:
    """Give the posterior of the mean ratio by Gauss-Hermite points and plain sums."""
    means, spreads = np.linspace(-4.5, 4.5, 361), np.linspace(1e-4, 2.0, 61)
    points, weights = special.roots_hermitenorm(40)
    logs = stats.norm.logpdf(means, scale=MEAN_SD)[:, None]
    logs = logs + stats.halfnorm.logpdf(spreads, scale=SPREAD_SCALE)
    for x_t, n_t, x_c, n_c in rows:
        total = np.zeros_like(logs)
        for point, weight in zip(points, weights, strict=True):
            odds = np.exp(means[:, None] + spreads * point) * n_t / n_c
            total += weight * stats.binom.pmf(x_t, x_t + x_c, odds / (1.0 + odds))
        logs = logs + np.log(total)
    share = np.exp(logs - logs.max())
    share[:, [0, -1]] /= 2.0
    reached = np.cumsum(share.sum(axis=1))
    reached = (reached - share.sum(axis=1) / 2.0) / reached[-1]
    tail = (1.0 - level) / 2.0
    low, middle, high = np.exp(np.interp([tail, 0.5, 1.0 - tail], reached, means))
    return float(low), float(middle), float(high)


def test_the_likelihood_is_highest_where_the_published_fit_is() -> None:
    """Mean and spread by maximum likelihood are those of Stijnen et al., Table VIII."""
    tables = tables_of(studies(PUBLISHED))

    def loss(at: Any) -> float:
        return -float(log_marginals(tables, kernel(np.array([at[0]]), abs(at[1]))).sum())

    found = optimize.minimize(loss, [-0.3, 0.2], method="Nelder-Mead").x
    assert found == pytest.approx([ORACLE["mean"], ORACLE["spread"]], abs=ORACLE["tolerance"])


@pytest.mark.parametrize("rows", [PUBLISHED, ZEROS, [[12, 500, 5, 500]]], ids=["nine", "0", "one"])
def test_the_interval_is_that_of_brute_force(rows: list[list[int]]) -> None:
    """Median and both ends to a thousandth: other points, other sums, zero cells too."""
    found = pool_effects(studies=studies(rows), confidence_level=0.9)
    assert (found.low, found.median, found.high) == pytest.approx(by_scipy(rows, 0.9), rel=2e-3)
    assert found.next_low < found.low < found.high < found.next_high


def test_no_test_and_tests_without_events_leave_what_was_believed() -> None:
    """Nothing is learned from nothing: the median is 1, the spread around 1 the usual 0.5."""
    nothing = pool_effects(studies=[])
    assert nothing.median == pytest.approx(1.0)
    # Normal with sd 1: 1.645 standard deviations to either side.
    assert (nothing.low, nothing.high) == pytest.approx(
        (math.exp(-1.645), math.exp(1.645)), rel=0.01
    )
    assert nothing.spread_around_one == pytest.approx(0.5, abs=0.01)
    empty = pool_effects(studies=studies([[0, 500, 0, 500]] * 5))
    assert (empty.low, empty.high) == pytest.approx((nothing.low, nothing.high))


def test_two_tests_that_agree_are_not_believed_to_have_no_spread() -> None:
    """Where maximum likelihood finds no spread at all, the interval is wider than without one."""
    rows = [[12, 500, 5, 500]] * 2
    found = pool_effects(studies=studies(rows))
    fixed = 1.645 * math.sqrt((1 / 12 + 1 / 5) / 2)  # of a common log ratio, by hand
    assert found.spread > 0.3
    assert math.log(found.high / found.low) / 2 > 1.1 * fixed


def test_spread_of_true_lifts_is_learned() -> None:
    """Of many tests whose true lifts are all 1 a small one, of lifts up to 4x a large one."""
    rng = np.random.default_rng(11)
    alike = pool_effects(studies=simulated(rng, [0.0] * 40, mean=0.0, spread=0.0))
    apart = pool_effects(studies=simulated(rng, [0.0] * 40, mean=0.5, spread=0.8))
    assert alike.spread_around_one < 0.3
    assert 0.7 < apart.spread_around_one < 1.3


@pytest.mark.parametrize(("number", "runs"), [(3, 80), (6, 80), (20, 80)])
def test_the_interval_holds_the_truth_as_often_as_it_says(number: int, runs: int) -> None:
    """At 3, 6 and 20 tests, true lifts around 1.3x: 90 of 100, within three standard errors.

    With three tests what was believed before (a lift near 1) makes it hold more often, not less.
    """
    rng = np.random.default_rng(number)
    truth = 1.3
    held = 0
    for _ in range(runs):
        tests = simulated(rng, [0.0] * number, mean=math.log(truth), spread=0.3)
        found = pool_effects(studies=tests)
        held += found.low <= truth <= found.high
    allowed = 3.0 * math.sqrt(0.9 * 0.1 / runs)
    assert held / runs > 0.9 - allowed
    assert number < 20 or held / runs < 0.9 + allowed


def test_a_planted_group_is_found_and_none_where_there_is_none() -> None:
    """Four groups of 16 tests: one worth 3x stands out mostly; of equal ones any 5 in 100.

    The rate of false finds is held exactly by exchanging results; 0.05 + 3 standard errors.
    """
    rng = np.random.default_rng(3)
    runs, found, false = 40, 0, 0
    for planted in (math.log(3.0), 0.0):
        for _ in range(runs):
            groups = [[*range(0, 16, 2)]]
            groups += [[*map(int, np.flatnonzero(rng.random(16) < 0.4))] for _ in range(3)]
            shifts = [planted if place in groups[0] else 0.0 for place in range(16)]
            tests = simulated(rng, shifts, mean=0.0, spread=0.2)
            effects = group_effects(studies=tests, groups=groups)
            out = [one.p_adjusted is not None and one.p_adjusted <= 0.05 for one in effects]
            found += bool(planted) and out[0]
            false += not planted and any(out)
    assert found / runs > 0.6
    assert false / runs <= 0.05 + 3.0 * math.sqrt(0.05 * 0.95 / runs)


def test_a_group_of_one_test_is_drawn_to_the_others() -> None:
    """One test that reads 4x among nine that read 1x is believed to be far less than 4x."""
    tests = studies([[20, 500, 5, 500], *([[8, 500, 8, 500]] * 9)])
    one, rest = group_effects(studies=tests, groups=[[0], range(1, 10)])
    assert 1.0 < rest.median < one.median < 2.2
    assert one.studies == 1
    assert one.high / one.low > 2.0 * rest.high / rest.low


def test_all_tests_in_a_group_are_the_pooled_ratio() -> None:
    """There is nothing to be compared with, so no p-value, and the interval is that of all."""
    tests = studies(PUBLISHED)
    (group,) = group_effects(studies=tests, groups=[range(9)])
    pooled = pool_effects(studies=tests)
    assert group.p_adjusted is None
    assert (group.low, group.median, group.high) == pytest.approx(
        (pooled.low, pooled.median, pooled.high)
    )


def test_three_tests_can_prove_nothing_about_groups() -> None:
    """Three results can be exchanged so that one of three leads: no p-value below a third."""
    tests = studies([[40, 500, 5, 500], [5, 500, 5, 500], [4, 500, 5, 500]])
    first, second = group_effects(studies=tests, groups=[[0], [1]])
    assert first.p_adjusted is not None
    assert second.p_adjusted is not None
    # Of two groups of one test each, one has the best of three results 2 times in 3.
    assert first.p_adjusted == pytest.approx(2 / 3, abs=0.04)
    assert second.p_adjusted > first.p_adjusted


def test_the_same_input_gives_the_same_output() -> None:
    """The exchanges have a fixed seed, and the order of groups does not matter."""
    tests = studies(PUBLISHED)
    groups = [[0, 1, 2], [3, 4], [5]]
    once = group_effects(studies=tests, groups=groups)
    assert group_effects(studies=tests, groups=groups) == once
    assert group_effects(studies=tests, groups=groups[::-1]) == once[::-1]


def test_how_many_tests_it_takes() -> None:
    """Of 12 + 5 events: (1.645 / log 1.5)^2 x (1/12.5 + 1/5.5 + spread^2), by hand."""
    tests = studies([[12, 500, 5, 500]] * 4)
    spread = pool_effects(studies=tests).spread
    wanted = (1.645 / math.log(1.5)) ** 2 * (1 / 12.5 + 1 / 5.5 + spread**2)
    assert studies_needed(studies=tests, factor=1.5) == math.ceil(wanted)
    assert studies_needed(studies=tests, factor=100.0) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"studies": [1]}, "studies[0] == 1, must be a Stratum."),
        ({"studies": studies([[0, 0, 1, 9]])}, "must have contacts in both arms"),
        ({"studies": [], "confidence_level": 1.0}, "confidence_level == 1.0, must be"),
        ({"studies": [], "groups": [[0]]}, "groups[0] has 0, must be >= 0 and < 0."),
        ({"studies": [], "factor": 1.5}, "studies == (), must have at least one."),
        ({"studies": studies(ZEROS), "factor": 1.0}, "factor == 1.0, must be finite and > 1.0."),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    """A wrong argument is a ValueError with its name, its value and the bound."""
    function: Any = pool_effects
    if "groups" in arguments:
        function = group_effects
    if "factor" in arguments:
        function = studies_needed
    with pytest.raises(ValueError, match="must") as caught:
        function(**arguments)
    assert message in str(caught.value)
