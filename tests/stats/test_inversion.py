"""The exact interval: pins, its definition put to the test, zero cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from icptest.stats import NotEstimable, exact_interval, exact_test
from icptest.stats._counts import Counts
from icptest.stats._tables import Table
from icptest.stats.inversion import none_passes


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return {
        "treatment_events": x_t,
        "treatment_total": n_t,
        "control_events": x_c,
        "control_total": n_c,
    }


@st.composite
def tables(draw: st.DrawFn, largest: int = 40) -> dict[str, Any]:
    """Draw any table."""
    n_t, n_c = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return table(draw(st.integers(0, n_t)), n_t, draw(st.integers(0, n_c)), n_c)


PINS = [
    # Chan & Zhang's published interval of Perondi's data (1.22, 181), Fagerland et al. 2015.
    ((7, 34, 1, 34), 0.95, 1e-6, 1.22, 181.0, 0.005),
    # Without a Berger-Boos set a spike of p at 1.086 takes the low end (exact2x2, gamma 0).
    ((7, 34, 1, 34), 0.95, 0.0, 1.0863, 180.5, 1e-4),
    # By a separate program: Berger-Boos exact, 5/500 against 14/500.
    ((14, 500, 5, 500), 0.95, 1e-6, 1.0562, 12.03, 3e-4),
    # docs/explanation/statistics.md: p at null 2 is .0499, yet the interval starts below 2.
    ((11, 400, 6, 1000), 0.9, 1e-6, 1.975, 14.457, 1e-4),
    # Also below 2 at 90 %, found by this code, 2026-11-22.
    ((18, 60, 4, 60), 0.9, 1e-6, 1.96339, 12.6989, 1e-4),
    ((9, 34, 1, 34), 0.9, 1e-6, 1.95652, 117.340, 1e-4),
]


@pytest.mark.parametrize(("cells", "level", "gamma", "low", "high", "tolerance"), PINS)
def test_pinned_intervals(
    cells: tuple[int, ...], level: float, gamma: float, low: float, high: float, tolerance: float
) -> None:
    """Both ends are the published ones, to the digits published."""
    found = exact_interval(**table(*cells), confidence_level=level, gamma=gamma)
    assert found.low == pytest.approx(low, rel=tolerance)
    assert found.high == pytest.approx(high, rel=tolerance)
    assert found.confidence_level == level


@pytest.mark.parametrize(
    "cells",
    [(14, 500, 5, 500), (11, 400, 6, 1000), (7, 34, 1, 34), (9, 34, 1, 34), (9, 500, 13, 500),
     (18, 60, 4, 60), (5, 5, 2, 9), (4, 450, 5, 50)],
)  # fmt: skip
def test_no_ratio_outside_passes(cells: tuple[int, ...]) -> None:
    """No ratio on a dense scan outside the interval is compatible, just inside one is."""
    tail = 0.05
    found = exact_interval(**table(*cells), confidence_level=1.0 - 2.0 * tail)
    assert isinstance(found.low, float)
    assert isinstance(found.high, float)
    for share in np.concatenate((np.linspace(0.3, 0.98, 25), np.linspace(0.981, 1.0, 25))):
        below = exact_test(**table(*cells), null_ratio=found.low * share)
        above = exact_test(**table(*cells), null_ratio=found.high / share, alternative="less")
        assert below.p_value <= tail + 1e-9
        assert above.p_value <= tail + 1e-9
    # Rounding outwards is at most a millionth: a few millionths inside, p passes.
    inside = exact_test(**table(*cells), null_ratio=found.low * (1 + 3e-6))
    assert inside.p_value > tail - 1e-6
    inside = exact_test(**table(*cells), null_ratio=found.high / (1 + 3e-6), alternative="less")
    assert inside.p_value > tail - 1e-6


def test_low_end_is_not_the_last_crossing() -> None:
    """1/34 against 7/34, gamma 0: p passes .025 at 1.0863, falls back, and passes again."""
    values = [
        exact_test(**table(7, 34, 1, 34), null_ratio=ratio, gamma=0.0).p_value
        for ratio in (1.08, 1.0864, 1.10, 1.25)
    ]
    assert [value > 0.025 for value in values] == [False, True, False, True]


def test_one_sided_ends_are_given() -> None:
    """0/500 against 3/500 has a low end only; 5/500 against 0/500 has 0.0 and a high end."""
    only_low = exact_interval(**table(3, 500, 0, 500))
    # p at null 1 is .0484, so 1 is just outside.
    assert isinstance(only_low.low, float)
    assert 1.0 < only_low.low < 1.03
    assert only_low.high == NotEstimable(reason="no-upper-bound")
    assert only_low.estimate == NotEstimable(reason="no-control-events")
    only_high = exact_interval(**table(0, 500, 5, 500))
    assert (only_high.low, only_high.estimate) == (0.0, 0.0)
    assert isinstance(only_high.high, float)
    assert 0.5 < only_high.high < 0.6
    nothing = exact_interval(**table(0, 500, 0, 500))
    assert nothing.low == 0.0
    assert nothing.high == NotEstimable(reason="no-upper-bound")
    assert nothing.estimate == NotEstimable(reason="no-events")


def test_one_contact_per_arm_by_hand() -> None:
    """1/1 against 0/1: max r p (1 - p) = r/4 for r <= 2, so p = .05 at r = .2."""
    found = exact_interval(**table(1, 1, 0, 1), gamma=0.0)
    assert found.low == pytest.approx(0.2, rel=2e-6)


def test_exchanging_arms_turns_the_interval_over() -> None:
    """The interval of control / treatment is one over the interval, ends exchanged."""
    here = exact_interval(**table(12, 450, 3, 50))
    there = exact_interval(**table(3, 50, 12, 450))
    assert isinstance(here.low, float)
    assert isinstance(here.high, float)
    assert there.low == pytest.approx(1.0 / here.high, rel=1e-12)
    assert there.high == pytest.approx(1.0 / here.low, rel=1e-12)


@pytest.mark.parametrize(
    ("n_t", "n_c", "rate", "ratio"), [(23, 31, 0.04, 2.0), (37, 19, 0.06, 0.9)]
)
def test_each_end_misses_the_truth_at_most_one_time_in_20(
    n_t: int, n_c: int, rate: float, ratio: float
) -> None:
    """Added up over all tables, at odd and unequal sizes; what is left out counts as missed."""
    above = below = left_out = 0.0
    for x_t in range(n_t + 1):
        for x_c in range(n_c + 1):
            chance = float(
                stats.binom.pmf(x_t, n_t, ratio * rate) * stats.binom.pmf(x_c, n_c, rate)
            )
            if chance < 1e-5:
                left_out += chance
                continue
            found = exact_interval(**table(x_t, n_t, x_c, n_c))
            above += chance * (isinstance(found.low, float) and found.low > ratio)
            below += chance * (isinstance(found.high, float) and found.high < ratio)
    assert above + left_out <= 0.05
    assert below + left_out <= 0.05
    assert above + below > 0.01, "an interval that never misses says nothing"


def test_more_confidence_is_wider() -> None:
    """Ends move outwards as the confidence grows."""
    ends = [exact_interval(**table(9, 300, 4, 350), confidence_level=c) for c in (0.5, 0.8, 0.95)]
    lows = [end.low for end in ends if isinstance(end.low, float)]
    highs = [end.high for end in ends if isinstance(end.high, float)]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)
    assert len(lows) == len(highs) == 3


@settings(max_examples=15, deadline=None)
@given(tables(), st.sampled_from([0.6, 0.9, 0.99]))
def test_ends_are_ordered_finite_and_agree_with_the_test(
    cells: dict[str, Any], level: float
) -> None:
    """Low, observed ratio and high come in order; just outside an end the test rejects."""
    found = exact_interval(**cells, confidence_level=level)
    numbers = [end for end in (found.low, found.estimate, found.high) if isinstance(end, float)]
    assert numbers == sorted(numbers)
    assert all(math.isfinite(number) for number in numbers)
    tail = (1.0 - level) / 2.0
    if isinstance(found.low, float) and found.low > 0.0:
        assert exact_test(**cells, null_ratio=found.low * 0.999).p_value <= tail + 1e-9
    if isinstance(found.high, float):
        beyond = exact_test(**cells, null_ratio=found.high * 1.001, alternative="less")
        assert beyond.p_value <= tail + 1e-9


@settings(max_examples=15, deadline=None)
@given(
    tables(),
    st.sampled_from([0.5, 1.0, 1.5, 2.0]),
    st.sampled_from([0.025, 0.05, 0.2]),
    st.floats(0.0, 0.2),
)
def test_clearing_a_range_says_what_the_end_says(
    cells: dict[str, Any], ratio: float, tail: float, guess: float
) -> None:
    """`none_passes` up to a ratio is true when the low end is above it, and not below it."""
    found = exact_interval(**cells, confidence_level=1.0 - 2.0 * tail)
    assert isinstance(found.low, float)
    assume(abs(found.low / ratio - 1.0) > 1e-5)
    checked = Table.of(Counts(**cells), 1e-6)
    assert none_passes(checked, ratio, tail - 1e-6, guess) is (found.low > ratio)
