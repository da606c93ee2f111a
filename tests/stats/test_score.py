"""The score test and the score interval against their peers and against themselves."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.stats import NotEstimable, score_interval, score_test
from icptest.stats.score import statistic_rows

ORACLES = Path(__file__).parent / "oracles"


def rows(name: str) -> list[Any]:
    """Read an oracle table; its header says where the numbers are from."""
    loaded: list[Any] = json.loads((ORACLES / name).read_text(encoding="utf-8"))["rows"]
    return [pytest.param(row, id=row["id"]) for row in loaded]


def counts(row: dict[str, Any]) -> dict[str, Any]:
    """Take the four counts out of an oracle row."""
    names = ("treatment_events", "treatment_total", "control_events", "control_total")
    return {name: row[name] for name in names}


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return {
        "treatment_events": x_t,
        "treatment_total": n_t,
        "control_events": x_c,
        "control_total": n_c,
    }


@st.composite
def tables(draw: st.DrawFn, largest: int = 600) -> dict[str, Any]:
    """Draw any table, with zero cells and full arms as likely as rare events."""
    n_t, n_c = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return table(draw(st.integers(0, n_t)), n_t, draw(st.integers(0, n_c)), n_c)


@pytest.mark.parametrize("row", rows("score_test.json"))
def test_score_test_agrees_with_ratesci_and_gsdesign(row: dict[str, Any]) -> None:
    """Statistic and both one-sided p-values are the peer's (2e-8: ratesci's own constant)."""
    common = {"null_ratio": row["null_ratio"], "method": row["method"]}
    greater = score_test(**counts(row), **common, alternative="greater")
    less = score_test(**counts(row), **common, alternative="less")
    assert greater.statistic == pytest.approx(row["statistic"], abs=2e-8)
    if "p_greater" in row:
        assert greater.p_value == pytest.approx(row["p_greater"], abs=1e-8)
        assert less.p_value == pytest.approx(row["p_less"], abs=1e-8)


@pytest.mark.parametrize("row", rows("score_interval.json"))
def test_score_interval_agrees_with_peers(row: dict[str, Any]) -> None:
    """Both ends are the peer's, to the tolerance and for the reason in the row."""
    found = score_interval(
        **counts(row), confidence_level=row["confidence_level"], method=row["method"]
    )
    assert found.low == pytest.approx(row["low"], rel=row["relative_tolerance"], abs=1e-12)
    if row["high"] is None:
        assert found.high == NotEstimable(reason="no-upper-bound")
    else:
        assert found.high == pytest.approx(row["high"], rel=row["relative_tolerance"])


@pytest.mark.parametrize(
    ("cells", "null"),
    [((1, 500, 0, 500), 2), ((5, 500, 0, 500), 2), ((3, 500, 3, 500), 2), ((12, 300, 3, 1000), 2)],
)
def test_statistic_is_right_to_the_last_digits(cells: tuple[int, ...], null: int) -> None:
    """Where ratesci differs by 1e-8, fifty-digit arithmetic gives our statistic."""
    with localcontext() as context:
        context.prec = 50
        x_t, n_t, x_c, n_c = (Decimal(cell) for cell in cells)
        theta = Decimal(null)
        a = theta * (n_t + n_c)
        b = -(theta * (n_t + x_c) + x_t + n_c)
        p_c = (-b - (b * b - 4 * a * (x_t + x_c)).sqrt()) / (2 * a)
        p_t = theta * p_c
        variance = p_t * (1 - p_t) / n_t + theta**2 * p_c * (1 - p_c) / n_c
        exact = (x_t / n_t - theta * x_c / n_c) / variance.sqrt()
    found = score_test(**table(*cells), null_ratio=null, method="koopman")
    assert found.statistic == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        # statsmodels 0.15.0 gives (.505, .505); ratesci 1.0.0 (.00428, .0232).
        ((5, 500, 500, 500), 0.00428, 0.0232),
        # statsmodels 1.0010 and PropCIs .9109 for the low end; ratesci .9943.
        ((500, 500, 499, 500), 0.9943, 1.0114),
    ],
)
def test_full_arms_do_not_take_the_wrong_root(
    cells: tuple[int, ...], low: float, high: float
) -> None:
    """With an arm of all events the cubic's wrong root is not taken, as statsmodels does."""
    found = score_interval(**table(*cells), confidence_level=0.95, method="koopman")
    assert found.low == pytest.approx(low, rel=2e-3)
    assert found.high == pytest.approx(high, rel=2e-3)


@pytest.mark.parametrize("method", ["miettinen-nurminen", "koopman"])
def test_a_design_effect_is_the_interval_of_the_divided_counts(method: Any) -> None:
    """With an effect of 2, 20 of 200 against 10 of 100 say what 10 of 100 against 5 of 50 do."""
    whole = score_interval(
        treatment_events=20, treatment_total=200, control_events=10, control_total=100,
        method=method, design_effect=2.0,
    )  # fmt: skip
    half = score_interval(
        treatment_events=10, treatment_total=100, control_events=5, control_total=50, method=method
    )
    assert (whole.low, whole.high) == pytest.approx((half.low, half.high), rel=1e-9)
    nothing = score_interval(
        treatment_events=1, treatment_total=2, control_events=1, control_total=2,
        method="miettinen-nurminen", design_effect=4.0,
    )  # fmt: skip
    assert nothing.low == 0.0
    assert isinstance(nothing.high, NotEstimable)


def test_both_arms_full_has_a_closed_form() -> None:
    """500/500 twice, where statsmodels turns complex: theta = n / (n + z^2), n = 500, z = 1.96."""
    found = score_interval(**table(500, 500, 500, 500), confidence_level=0.95, method="koopman")
    assert found.low == pytest.approx(500 / (500 + 1.959963984540054**2), rel=1e-12)
    assert found.high == pytest.approx((500 + 1.959963984540054**2) / 500, rel=1e-12)


def test_zero_cells_are_typed() -> None:
    """An end that exists is given, one that does not says why."""
    none = score_interval(**table(0, 500, 0, 500))
    assert (none.low, none.high) == (0.0, NotEstimable(reason="no-upper-bound"))
    assert none.estimate == NotEstimable(reason="no-events")
    only_treatment = score_interval(**table(3, 500, 0, 500))
    assert isinstance(only_treatment.low, float)
    assert only_treatment.low > 0.0
    assert only_treatment.high == NotEstimable(reason="no-upper-bound")
    assert only_treatment.estimate == NotEstimable(reason="no-control-events")
    only_control = score_interval(**table(0, 500, 5, 500))
    assert (only_control.low, only_control.estimate) == (0.0, 0.0)
    assert isinstance(only_control.high, float)


def test_statistic_without_information_is_zero() -> None:
    """No events at all, or nothing but events at null 1, says nothing either way."""
    assert score_test(**table(0, 9, 0, 5), null_ratio=3.0).statistic == 0.0
    assert score_test(**table(9, 9, 5, 5), null_ratio=1.0).statistic == 0.0


def test_symmetric_tables_tie() -> None:
    """At null 1 and equal totals, exchanging arms and outcomes leaves the statistic alone."""
    n = 500
    treatment, control = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    found = statistic_rows(treatment, control, (n, n), 1.0)
    mirrored = statistic_rows(n - control, n - treatment, (n, n), 1.0)
    # Far below the relative 1e-9 that the exact test treats as a tie.
    assert np.abs(found - mirrored).max() < 1e-11


@settings(max_examples=80, deadline=None)
@given(tables(), st.floats(0.01, 0.999), st.sampled_from(["miettinen-nurminen", "koopman"]))
def test_bound_put_back_gives_the_level(cells: dict[str, Any], level: float, method: Any) -> None:
    """Testing an end of the interval recovers the one-sided level it was made for."""
    found = score_interval(**cells, confidence_level=level, method=method)
    tail = (1.0 - level) / 2.0
    if isinstance(found.low, float) and found.low > 0.0:
        back = score_test(**cells, null_ratio=found.low, alternative="greater", method=method)
        assert back.p_value == pytest.approx(tail, rel=1e-6, abs=1e-9)
    if isinstance(found.high, float):
        back = score_test(**cells, null_ratio=found.high, alternative="less", method=method)
        assert back.p_value == pytest.approx(tail, rel=1e-6, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(tables(), st.floats(0.05, 20.0))
def test_exchanging_arms_turns_the_ratio_over(cells: dict[str, Any], null: float) -> None:
    """The test of r on the arms is the test of 1/r on the exchanged arms, other side."""
    turned = table(
        cells["control_events"],
        cells["control_total"],
        cells["treatment_events"],
        cells["treatment_total"],
    )
    here = score_test(**cells, null_ratio=null, alternative="greater")
    there = score_test(**turned, null_ratio=1.0 / null, alternative="less")
    assert here.p_value == pytest.approx(there.p_value, rel=1e-9, abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(tables(), st.floats(0.5, 0.99))
def test_interval_holds_the_estimate(cells: dict[str, Any], level: float) -> None:
    """Low end, observed ratio and high end come in this order, where they exist."""
    found = score_interval(**cells, confidence_level=level)
    numbers = [end for end in (found.low, found.estimate, found.high) if isinstance(end, float)]
    assert numbers == sorted(numbers)
    assert all(np.isfinite(numbers))


@pytest.mark.parametrize(
    ("n_t", "n_c"), [(1, 1), (3, 5), (12, 4), (1, 9), (9, 1), (60, 60), (1, 300), (300, 1)]
)
def test_statistic_moves_one_way(n_t: int, n_c: int) -> None:
    """More treatment events raise it, more control events and a larger ratio lower it.

    The exact test's staircase, its proved bound and the interval's scan all rest on this.
    """
    treatment, control = np.meshgrid(np.arange(n_t + 1.0), np.arange(n_c + 1.0), indexing="ij")
    before = None
    for ratio in np.exp(np.linspace(np.log(1e-3), np.log(1e3), 301)):
        now = statistic_rows(treatment, control, (n_t, n_c), float(ratio))
        assert (np.diff(now, axis=0) > 0.0).all()
        assert (np.diff(now, axis=1) < 0.0).all()
        if before is not None:
            assert (now <= before + 1e-12 * np.maximum(1.0, np.abs(before))).all()
        before = now


def overtakes(
    pairs: tuple[Any, Any, Any, Any], totals: tuple[int, int]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell where a second table, with more control events, comes from behind as ratios grow."""
    x_t, x_c, y_t, y_c = pairs
    behind = caught_up = np.zeros(len(x_t), dtype=bool)
    for ratio in np.exp(np.linspace(-8.0, 8.0, 401)):
        first = statistic_rows(x_t, x_c, totals, float(ratio))
        apart = statistic_rows(y_t, y_c, totals, float(ratio)) - first
        tie = 1e-9 * np.maximum(1.0, np.abs(first))
        caught_up = caught_up | (behind & (apart > tie))
        behind = behind | (apart < -tie)
    return np.asarray(caught_up & (y_c > x_c))


def one_is_not_full(
    pairs: tuple[Any, Any, Any, Any], totals: tuple[int, int]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell of which pairs one table has at most 80 % events in either arm."""
    x_t, x_c, y_t, y_c = pairs
    first = np.maximum(x_t / totals[0], x_c / totals[1])
    second = np.maximum(y_t / totals[0], y_c / totals[1])
    return np.asarray(np.minimum(first, second) <= 0.8)


@pytest.mark.parametrize(("n_t", "n_c"), [(12, 12), (7, 20), (20, 7), (3, 25), (30, 5)])
def test_of_two_tables_that_with_more_control_events_only_falls_behind(n_t: int, n_c: int) -> None:
    """All pairs of which one has at most 80 % events: their order changes once, in this direction.

    The staircase of a range of ratios rests on it where the observed table is not nearly full.
    """
    t, c = (each.ravel() for each in np.meshgrid(np.arange(n_t + 1.0), np.arange(n_c + 1.0)))
    first, second = np.meshgrid(np.arange(len(t)), np.arange(len(t)))
    x, y = first.ravel(), second.ravel()
    pairs = t[x], c[x], t[y], c[y]
    asked = one_is_not_full(pairs, (n_t, n_c))
    x_t, x_c, y_t, y_c = (each[asked] for each in pairs)
    assert not overtakes((x_t, x_c, y_t, y_c), (n_t, n_c)).any()
    # Where both tables are nearly full it fails, so the test can see a failure.
    full = (np.array([0.0]), np.array([11.0]), np.array([1.0]), np.array([12.0]))
    assert overtakes(full, (12, 12)).any()


@pytest.mark.parametrize(
    ("n_t", "n_c"), [(62, 62), (500, 500), (5000, 5000), (500, 4500), (4500, 500), (100, 900)]
)
def test_the_order_of_tables_changes_once_in_large_arms(n_t: int, n_c: int) -> None:
    """Thousands of pairs, near each other and apart, one at most 80 % events: as for small ones."""
    generator = np.random.default_rng(n_t + n_c)
    x_t, y_t = generator.random((2, 6000)) ** [[2.0], [1.0]] * n_t
    x_c, y_c = generator.random((2, 6000)) ** [[2.0], [1.0]] * n_c
    near = generator.random(6000) < 0.5
    y_t = np.where(near, np.clip(x_t + generator.integers(-9, 10, 6000), 0, n_t), y_t)
    y_c = np.where(near, np.clip(x_c + generator.integers(2, 10, 6000), 0, n_c), y_c)
    rounded = tuple(np.floor(each) for each in (x_t, x_c, y_t, y_c))
    asked = one_is_not_full((rounded[0], rounded[1], rounded[2], rounded[3]), (n_t, n_c))
    x_t, x_c, y_t, y_c = (each[asked] for each in rounded)
    assert not overtakes((x_t, x_c, y_t, y_c), (n_t, n_c)).any()
