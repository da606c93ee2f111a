"""The skewness-corrected score interval against ratesci, against Laud's tables, and itself."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.stats import NotEstimable, score_interval
from icptest.stats._counts import Counts
from icptest.stats.skewness import corrected, corrected_limit

ORACLE = json.loads(
    (Path(__file__).parent / "oracles/skewness_corrected.json").read_text(encoding="utf-8")
)
NAMES = ("treatment_events", "treatment_total", "control_events", "control_total")


def rows(name: str) -> list[Any]:
    """Give the rows of one table of the oracle file; its header says where they are from."""
    return [pytest.param(row, id=row["id"]) for row in ORACLE[name]]


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return dict(zip(NAMES, (x_t, n_t, x_c, n_c), strict=True))


def interval(cells: dict[str, Any], level: float) -> Any:
    """Give the skewness-corrected interval."""
    return score_interval(**cells, confidence_level=level, method="skewness-corrected")


@st.composite
def tables(draw: st.DrawFn, largest: int = 600) -> dict[str, Any]:
    """Draw any table, with zero cells and full arms as likely as rare events."""
    n_t, n_c = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return table(draw(st.integers(0, n_t)), n_t, draw(st.integers(0, n_c)), n_c)


@pytest.mark.parametrize("row", rows("rows"))
def test_interval_agrees_with_ratesci_and_laud(row: dict[str, Any]) -> None:
    """Both ends are ratesci's or Laud's; a missing one is typed where they say infinite."""
    found = interval({name: row[name] for name in NAMES}, row["confidence_level"])
    assert found.low == pytest.approx(row["low"], rel=row["relative_tolerance"], abs=1e-12)
    if row["high"] is None:
        assert found.high == NotEstimable(reason="no-upper-bound")
    else:
        assert found.high == pytest.approx(row["high"], rel=row["relative_tolerance"])
    assert found.method == "skewness-corrected"


@pytest.mark.parametrize("row", rows("statistics"))
def test_statistic_agrees_with_ratesci(row: dict[str, Any]) -> None:
    """The corrected z that the interval inverts is ratesci's, zero cells included."""
    counts = Counts(**{name: row[name] for name in NAMES})
    found = corrected(counts, row["null_ratio"])
    assert found == pytest.approx(row["statistic"], abs=row["absolute_tolerance"])


@pytest.mark.parametrize("row", [row for row in rows("rows") if "middle" in row.values[0]])
def test_an_interval_of_no_confidence_is_the_middle(row: Any) -> None:
    """As the confidence goes to 0 both ends go to ratesci's median-unbiased estimate."""
    found = interval({name: row[name] for name in NAMES}, 1e-9)
    assert found.low == pytest.approx(row["middle"], rel=1e-6)
    assert found.high == pytest.approx(row["middle"], rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(tables(), st.floats(0.01, 0.999))
def test_bound_put_back_gives_the_level(cells: dict[str, Any], level: float) -> None:
    """The corrected statistic at an end is the z it was made for, on the right side."""
    found = interval(cells, level)
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    counts = Counts(**cells)
    if isinstance(found.low, float) and found.low > 1e-11:
        assert corrected(counts, found.low) == pytest.approx(z, rel=1e-6, abs=1e-7)
    if isinstance(found.high, float) and found.high < 1e11:
        assert corrected(counts, found.high) == pytest.approx(-z, rel=1e-6, abs=1e-7)


@settings(max_examples=80, deadline=None)
@given(tables(), st.floats(0.01, 0.999))
def test_exchanging_arms_turns_the_interval_over(cells: dict[str, Any], level: float) -> None:
    """The interval of control / treatment is one over the interval, ends exchanged."""
    turned = table(*(cells[name] for name in NAMES[2:] + NAMES[:2]))
    here, there = interval(cells, level), interval(turned, level)
    low = None if here.low == 0.0 else here.low
    high = None if there.high == NotEstimable(reason="no-upper-bound") else 1.0 / there.high
    assert low == (high if high is None else pytest.approx(high, rel=1e-9))


@settings(max_examples=60, deadline=None)
@given(tables(), st.floats(0.7, 0.99))
def test_ends_are_finite_and_ordered(cells: dict[str, Any], level: float) -> None:
    """No end is NaN or infinite, zero cells and full arms included, and low is below high."""
    found = interval(cells, level)
    numbers = [end for end in (found.low, found.high) if isinstance(end, float)]
    assert all(math.isfinite(number) and number >= 0.0 for number in numbers)
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("level", [0.7, 0.9, 0.95, 0.99])
def test_zero_cells_are_typed(level: float) -> None:
    """At every confidence in use an end that does not exist says why."""
    none = interval(table(0, 500, 0, 500), level)
    assert (none.low, none.high) == (0.0, NotEstimable(reason="no-upper-bound"))
    assert none.estimate == NotEstimable(reason="no-events")
    only_treatment = interval(table(3, 500, 0, 500), level)
    assert isinstance(only_treatment.low, float)
    assert only_treatment.low > 0.0
    assert only_treatment.high == NotEstimable(reason="no-upper-bound")
    only_control = interval(table(0, 500, 5, 500), level)
    assert only_control.low == 0.0
    assert isinstance(only_control.high, float)


def test_the_bounded_statistic_runs_out() -> None:
    """With 1 event z cannot pass the root of 1 + 6 N / (N - 1) = 2.647 (hand): 99.19 %."""
    counts = Counts(**table(1, 500, 5, 500))
    assert corrected_limit(counts) == pytest.approx(math.sqrt(1 + 6 * 1000 / 999), rel=1e-15)
    assert corrected(counts, 1e-9) == pytest.approx(corrected_limit(counts), rel=1e-3)
    assert 0.0 < interval(table(1, 500, 5, 500), 0.9918).low < 0.01
    assert interval(table(1, 500, 5, 500), 0.992).low == 0.0
    # Without events the limit is 1: 68.27 %.
    assert interval(table(0, 500, 5, 500), 0.68).low > 0.0
    assert interval(table(0, 500, 5, 500), 0.69).low == 0.0


def test_full_arms_have_ends_around_one() -> None:
    """500/500 twice: nothing is known against 1, and both ends are as far from it."""
    found = interval(table(500, 500, 500, 500), 0.9)
    assert found.low < 1.0 < found.high
    assert found.low * found.high == pytest.approx(1.0, rel=1e-12)
