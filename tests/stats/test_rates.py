"""Wilson's interval, Fisher's test and the binomial building blocks, against scipy's."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from statsmodels.stats.proportion import proportion_confint

from icptest.stats import fisher_test, wilson_interval
from icptest.stats.binomial import (
    clopper_pearson,
    clopper_pearson_rows,
    log_choose,
    pmf_rows,
    window,
)

ORACLES = Path(__file__).parent / "oracles"


def rows(name: str) -> list[Any]:
    """Read an oracle table; its header says where the numbers are from."""
    loaded: list[Any] = json.loads((ORACLES / name).read_text(encoding="utf-8"))["rows"]
    return [pytest.param(row, id=row["id"]) for row in loaded]


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 5000), st.data(), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.999]))
def test_wilson_agrees_with_statsmodels(total: int, data: st.DataObject, level: float) -> None:
    """Both ends are statsmodels' to rounding, and inside [0, 1]."""
    events = data.draw(st.integers(0, total))
    found = wilson_interval(events=events, total=total, confidence_level=level)
    low, high = proportion_confint(events, total, alpha=1.0 - level, method="wilson")
    assert found.low == pytest.approx(max(low, 0.0), abs=1e-12)
    assert found.high == pytest.approx(min(high, 1.0), abs=1e-12)
    assert 0.0 <= found.low <= found.estimate <= found.high <= 1.0


def test_wilson_ends_are_exact_at_the_edges() -> None:
    """No event gives a low end of exactly 0, all events a high end of exactly 1."""
    assert wilson_interval(events=0, total=500).low == 0.0
    assert wilson_interval(events=7, total=7).high == 1.0
    assert wilson_interval(events=0, total=1).high < 1.0


@pytest.mark.parametrize("row", rows("fisher.json"))
def test_fisher_agrees_with_r(row: dict[str, Any]) -> None:
    """The two-sided p-value is R's, 1e-9 relative: both only round."""
    names = ("treatment_events", "treatment_total", "control_events", "control_total")
    found = fisher_test(**{name: row[name] for name in names})
    assert found.p_value == pytest.approx(row["p_value"], rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_fisher_agrees_with_scipy(n_t: int, n_c: int, data: st.DataObject) -> None:
    """The two-sided p-value is scipy's for any table."""
    x_t, x_c = data.draw(st.integers(0, n_t)), data.draw(st.integers(0, n_c))
    found = fisher_test(
        treatment_events=x_t, treatment_total=n_t, control_events=x_c, control_total=n_c
    )
    peer = stats.fisher_exact([[x_t, n_t - x_t], [x_c, n_c - x_c]]).pvalue
    assert found.p_value == pytest.approx(peer, rel=1e-9)


@pytest.mark.parametrize("cells", [(0, 1, 0, 1), (1, 1, 1, 1), (0, 90, 0, 10), (90, 90, 10, 10)])
def test_fisher_without_information_is_one(cells: tuple[int, int, int, int]) -> None:
    """With one possible table only, p is 1."""
    x_t, n_t, x_c, n_c = cells
    found = fisher_test(
        treatment_events=x_t, treatment_total=n_t, control_events=x_c, control_total=n_c
    )
    assert found.p_value == 1.0


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 5000), st.data(), st.sampled_from([1e-9, 5e-7, 1e-4, 0.05, 0.5, 0.95]))
def test_clopper_pearson_agrees_with_the_beta_quantile(
    total: int, data: st.DataObject, error: float
) -> None:
    """Both ends are the beta quantiles of scipy, which has had defects only in statsmodels."""
    events = data.draw(st.integers(0, total))
    low, high = clopper_pearson(events, total, error)
    expected_low = stats.beta.ppf(error / 2, events, total - events + 1) if events else 0.0
    expected_high = stats.beta.isf(error / 2, events + 1, total - events) if events < total else 1.0
    assert low == pytest.approx(expected_low, rel=1e-9)
    assert high == pytest.approx(expected_high, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20000), st.data(), st.sampled_from([1e-9, 5e-7, 0.05, 0.9]))
def test_many_clopper_pearson_intervals_are_those_one_by_one(
    total: int, data: st.DataObject, error: float
) -> None:
    """The intervals of many counts of one total are those of each count."""
    counts = data.draw(st.lists(st.integers(0, total), min_size=1, max_size=5))
    low, high = clopper_pearson_rows(np.array(counts, dtype=np.float64), total, error)
    alone = [clopper_pearson(count, total, error) for count in counts]
    assert low == pytest.approx([end for end, _ in alone], rel=1e-9)
    assert high == pytest.approx([end for _, end in alone], rel=1e-9)


def test_clopper_pearson_without_events_is_closed_form() -> None:
    """No event: high end 1 - (error / 2)^(1 / n) (statsmodels issues 9141 and 9549)."""
    low, high = clopper_pearson(0, 500, 5e-7)
    assert low == 0.0
    assert high == pytest.approx(-math.expm1(math.log(2.5e-7) / 500), rel=1e-14)
    assert clopper_pearson(3, 9, 0.0) == (0.0, 1.0)


@pytest.mark.parametrize("total", [1, 2, 37, 500, 5000])
def test_log_binomial_coefficients(total: int) -> None:
    """The running sum is scipy's difference of log-gammas, to the rounding of the latter."""
    x = np.arange(total + 1.0)
    peer = special.gammaln(total + 1) - special.gammaln(x + 1) - special.gammaln(total - x + 1)
    assert np.abs(log_choose(total) - peer).max() < 1e-10


@pytest.mark.parametrize("total", [1, 12, 500, 5000])
@pytest.mark.parametrize("rate", [0.0, 1e-5, 0.01, 0.3, 0.5, 0.99, 1.0])
def test_windows_leave_nothing_out(total: int, rate: float) -> None:
    """Outside a window is less than 1e-19, inside the probabilities are scipy's."""
    first, last = window(total, rate, rate)
    outside = stats.binom.cdf(first - 1, total, rate) + stats.binom.sf(last, total, rate)
    assert outside < 1e-19
    found = pmf_rows(log_choose(total), first, last, np.array([rate]))[0]
    peer = stats.binom.pmf(np.arange(first, last + 1), total, rate)
    assert found == pytest.approx(peer, rel=1e-10, abs=1e-12)
