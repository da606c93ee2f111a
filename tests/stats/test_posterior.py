"""The posterior against nested quadrature of scipy, and against what has to hold of it."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from icptest.stats import Prior, posterior

ORACLE = json.loads((Path(__file__).parent / "oracles/posterior.json").read_text(encoding="utf-8"))
NAMES = ("treatment_events", "treatment_total", "control_events", "control_total")


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return dict(zip(NAMES, (x_t, n_t, x_c, n_c), strict=True))


def of_row(row: dict[str, Any]) -> Any:
    """Give the posterior of a row of the oracle file."""
    prior = Prior(control=tuple(row["control"]), log_lift_sd=row["log_lift_sd"])
    return posterior(**{name: row[name] for name in NAMES}, prior=prior)


@st.composite
def tables(draw: st.DrawFn, largest: int = 2000) -> dict[str, Any]:
    """Draw any table, with zero cells and full arms as likely as rare events."""
    n_t, n_c = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    rare = st.booleans()
    x_t = draw(st.integers(0, min(n_t, 9) if draw(rare) else n_t))
    x_c = draw(st.integers(0, min(n_c, 9) if draw(rare) else n_c))
    return table(x_t, n_t, x_c, n_c)


@st.composite
def priors(draw: st.DrawFn) -> Prior:
    """Draw a prior from all that are allowed."""
    a, b = draw(st.floats(0.5, 20.0)), draw(st.floats(1.0, 1000.0))
    return Prior(control=(a, b), log_lift_sd=draw(st.floats(0.001, 10.0)))


def by_scipy(row: dict[str, Any]) -> tuple[float, float]:
    """Give chance above the ratio and mean treatment rate by adaptive quadrature, cut at peaks.

    Over the log control rate within the log ratio, straight from the definition.
    """
    x_t, n_t, x_c, n_c = (row[name] for name in NAMES)
    (a, b), sd, bar = row["control"], row["log_lift_sd"], math.log(row["ratio"])

    def log_density(u: float, log: float) -> float:
        p, q = math.exp(u), math.exp(u + log)
        if p >= 1.0 or q >= 1.0:
            return -math.inf
        value: float = (a + x_c) * u + (b - 1 + n_c - x_c) * math.log1p(-p) - 0.5 * (log / sd) ** 2
        value += x_t * (u + log) + (n_t - x_t) * math.log1p(-q)
        return value

    # Where the mass is: the best point of a grid.
    u = np.linspace(-25.0, -1e-4, 1200)
    logs = np.linspace(-6.0 * sd, 6.0 * sd, 401)
    with np.errstate(all="ignore"):
        q = u[:, None] + logs
        heights = (a + x_c) * u + (b - 1 + n_c - x_c) * np.log1p(-np.exp(u))
        heights = heights[:, None] - 0.5 * (logs / sd) ** 2 + x_t * q
        heights += np.where(q < 0.0, (n_t - x_t) * np.log1p(-np.exp(q)), -np.inf)
    at = np.unravel_index(np.nanargmax(heights), heights.shape)
    centre, peak = float(u[at[0]]), float(logs[at[1]])
    top = float(heights[at])
    width = 1.0 / math.sqrt(a + x_c + x_t)

    def inner(log: float, shift: float) -> float:
        end = min(0.0, -log)
        near = min(centre, end - 1e-3)
        cuts = [max(end - 80.0 / (a + x_c + x_t) - 10.0, -700.0), end]
        cuts += [near + step * width for step in (-12, -6, -3, -1, 0, 1, 3, 6, 12)]
        cuts += [end - step for step in (1e-3, 1e-2, 0.1)]
        cuts = sorted({min(cut, end) for cut in cuts})
        return math.fsum(
            integrate.quad(
                lambda u: math.exp(log_density(u, log) - top + shift * (u + log)),
                *ends,
                epsabs=1e-14,
                epsrel=1e-11,
                limit=200,
            )[0]
            for ends in pairwise(cuts)
        )

    ends = {-9.0 * sd - 1.0, max(9.0 * sd, peak + 1.0) + 1.0, 0.0, bar}
    ends |= {peak + step * sd for step in (-3.0, -1.0, -0.3, 0.0, 0.3, 1.0, 3.0)}

    def outer(shift: float, cuts: list[float]) -> float:
        return math.fsum(
            integrate.quad(inner, *each, args=(shift,), epsabs=1e-14, epsrel=1e-10, limit=200)[0]
            for each in pairwise(cuts)
        )

    above = outer(0.0, sorted(end for end in ends if end >= bar))
    whole = above + outer(0.0, sorted(end for end in ends if end <= bar))
    return above / whole, outer(1.0, sorted(ends)) / whole


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ORACLE["rows"]])
def test_posterior_agrees_with_scipy(row: dict[str, Any]) -> None:
    """Chances and mean rates are those of nested adaptive quadrature."""
    found = of_row(row)
    within = row["absolute_tolerance"]
    assert found.prob_ratio_above(row["ratio"]) == pytest.approx(row["prob_above"], abs=within)
    assert found.treatment_rate == pytest.approx(row["treatment_rate"], abs=within)


@pytest.mark.parametrize("number", [0, 5])
def test_the_oracle_file_is_what_scipy_says(number: int) -> None:
    """Two rows of the file, computed again here: it is not our own answer written down."""
    row = ORACLE["rows"][number]
    assert by_scipy(row) == pytest.approx((row["prob_above"], row["treatment_rate"]), abs=1e-11)


@pytest.mark.parametrize(("width", "chance"), [(0.5, 0.24), (0.7, 0.40), (1.0, 0.52)])
def test_the_chance_of_twice_depends_on_the_prior(width: float, chance: float) -> None:
    """5/500 against 12/500: 0.24, 0.40 or 0.52, as people are told."""
    prior = Prior(log_lift_sd=width)
    found = posterior(**table(12, 500, 5, 500), prior=prior)
    assert found.prob_ratio_above(2.0) == pytest.approx(chance, abs=0.005)


def test_the_worked_reading_of_the_product() -> None:
    """13 of 488 against 5 of 491 reads 2.6x: after allowing for luck, about 1.6x."""
    assert posterior(**table(13, 488, 5, 491)).median == pytest.approx(1.6, abs=0.05)


def test_what_the_width_means_before_the_data() -> None:
    """Sd 0.5: 95 % of lists from 0.37 to 2.7, half from 0.71 to 1.4, 8 % above 2 (normal)."""
    spread = stats.norm(0.0, Prior().log_lift_sd)
    assert np.exp(spread.ppf([0.025, 0.975])) == pytest.approx([0.375, 2.66], abs=0.006)
    assert np.exp(spread.ppf([0.25, 0.75])) == pytest.approx([0.714, 1.40], abs=0.002)
    assert spread.sf(math.log(2.0)) == pytest.approx(0.083, abs=5e-4)
    # One contact per arm without an event teaches next to nothing.
    nothing = posterior(**table(0, 1, 0, 1))
    assert nothing.prob_ratio_above(2.0) == pytest.approx(0.083, abs=0.003)
    assert nothing.median == pytest.approx(1.0, abs=0.01)


def test_what_is_behind_a_reading_of_two() -> None:
    """Baseline 1 %, 500 each: of tests that read 2x, 24 % are; the median is 1.45x.

    By enumeration over lifts from the default prior: nothing here but binomials.
    """
    logs = np.linspace(-2.5, 2.5, 251)
    x = np.arange(120)
    control = stats.binom.pmf(x, 500, 0.01)
    treatment = stats.binom.pmf(x[:, None], 500, np.minimum(1.0, 0.01 * np.exp(logs)))
    reads_two = (x >= 2 * x[:, None]) & (x > 0)
    weight = stats.norm.pdf(logs, 0.0, 0.5) * (control @ reads_two @ treatment)
    weight /= weight.sum()
    assert weight[logs >= math.log(2.0)].sum() == pytest.approx(0.24, abs=0.01)
    median = math.exp(float(logs[np.searchsorted(weight.cumsum(), 0.5)]))
    assert median == pytest.approx(1.45, abs=0.03)


@settings(max_examples=80, deadline=None)
@given(tables(), priors(), st.floats(0.01, 0.999))
def test_ends_put_back_give_the_level(cells: dict[str, Any], prior: Prior, level: float) -> None:
    """The chance above each end and the median is what it was made for; all are finite."""
    found = posterior(**cells, prior=prior, confidence_level=level)
    assert 0.0 < found.low < found.median < found.high < math.inf
    assert found.prob_ratio_above(found.median) == pytest.approx(0.5, abs=1e-9)
    assert found.prob_ratio_above(found.low) == pytest.approx(0.5 + level / 2, abs=1e-9)
    assert found.prob_ratio_above(found.high) == pytest.approx(0.5 - level / 2, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(tables(), priors())
def test_chances_fall_and_rates_are_rates(cells: dict[str, Any], prior: Prior) -> None:
    """The chance of more never rises with the ratio, from 1 to 0; mean rates are in [0, 1]."""
    found = posterior(**cells, prior=prior)
    ratios = [1e-300, 1e-6, 0.1, 0.5, 1.0, 1.001, 2.0, 3.0, 50.0, 1e6, 1e300]
    chances = [found.prob_ratio_above(ratio) for ratio in ratios]
    assert (chances[0], chances[-1]) == (1.0, 0.0)
    assert all(right <= left + 1e-12 for left, right in pairwise(chances))
    assert 0.0 < found.control_rate < 1.0
    assert 0.0 < found.treatment_rate < 1.0


@settings(max_examples=60, deadline=None)
@given(tables(largest=800))
def test_more_events_never_lower_the_lift(cells: dict[str, Any]) -> None:
    """One treatment event more never lowers median and chance, one control event never raises.

    Up to 1e-9: with 1 of 1 in the treatment the control's rate is irrelevant, and they tie.
    """
    found = posterior(**cells)
    for name, sign in (("treatment_events", 1.0), ("control_events", -1.0)):
        if cells[name] == cells[name.replace("events", "total")]:
            continue
        more = posterior(**(cells | {name: cells[name] + 1}))
        assert sign * (more.median - found.median) >= -1e-9 * found.median
        assert sign * (more.prob_ratio_above(2.0) - found.prob_ratio_above(2.0)) >= -1e-9


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_prior_without_width_knows_the_lift(cells: dict[str, Any]) -> None:
    """With hardly any spread the lift stays 1, whatever is seen of counts this small."""
    if cells["treatment_events"] + cells["control_events"] < 20:
        found = posterior(**cells, prior=Prior(log_lift_sd=0.001))
        assert found.median == pytest.approx(1.0, abs=1e-3)


def test_much_data_outweigh_the_prior() -> None:
    """100 against 300 of 5,000 with a flat lift: the median is the observed 3, the sd Katz's."""
    found = posterior(**table(300, 5000, 100, 5000), prior=Prior(log_lift_sd=10.0))
    assert found.median == pytest.approx(3.0, rel=0.01)
    katz = math.sqrt(1 / 300 - 1 / 5000 + 1 / 100 - 1 / 5000)
    assert math.log(found.high / found.low) == pytest.approx(2 * 1.6449 * katz, rel=0.01)


def test_the_same_counts_give_the_same_value() -> None:
    """No sampling: results are equal, hashable and carry the prior they came from."""
    here, there = posterior(**table(3, 50, 1, 60)), posterior(**table(3, 50, 1, 60))
    assert here == there
    assert hash(here) == hash(there)
    assert here.prior == Prior() == Prior(control=(0.5, 50.0), log_lift_sd=0.5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"log_lift_sd": 0.0}, "log_lift_sd == 0.0, must be finite and >= 0.001 and <= 10.0."),
        ({"log_lift_sd": float("nan")}, "log_lift_sd == nan, must be finite"),
        ({"control": (0.4, 1.0)}, "control[0] == 0.4, must be finite and >= 0.5"),
        ({"control": (1, 0.5)}, "control[1] == 0.5, must be finite and >= 1.0"),
        ({"control": (1.0,)}, "control == (1.0,), must be a pair of numbers (a, b)."),
        ({"control": 0.01}, "control == 0.01, must be a pair of numbers (a, b)."),
        ({"control": ("1", 2)}, "control[0] == '1', must be a number"),
    ],
)
def test_wrong_priors_are_named(wrong: dict[str, Any], message: str) -> None:
    """A prior outside its bounds is a ValueError with the argument, its value and the bound."""
    with pytest.raises(ValueError, match="must be") as caught:
        Prior(**wrong)
    assert message in str(caught.value)


def test_wrong_ratios_are_named() -> None:
    """So is a ratio that is none."""
    with pytest.raises(ValueError, match=r"ratio == 0.0, must be finite and > 0.0"):
        posterior(**table(3, 50, 1, 60)).prob_ratio_above(0.0)
