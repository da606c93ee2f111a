"""The exact test against peers, against full enumeration, and against itself."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icptest.stats import exact_test

ORACLES = Path(__file__).parent / "oracles"


def rows(name: str) -> list[Any]:
    """Read an oracle table; its header says where the numbers are from."""
    loaded: list[Any] = json.loads((ORACLES / name).read_text(encoding="utf-8"))["rows"]
    return [pytest.param(row, id=row["id"]) for row in loaded]


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return {
        "treatment_events": x_t,
        "treatment_total": n_t,
        "control_events": x_c,
        "control_total": n_c,
    }


def textbook_statistic(cells: tuple[int, int, int, int], theta: float) -> float:
    """Give Farrington and Manning's statistic by the textbook quadratic."""
    x_t, n_t, x_c, n_c = cells
    if x_t + x_c == 0 or (theta == 1 and x_t + x_c == n_t + n_c):
        return 0.0
    a = theta * (n_t + n_c)
    b = -(theta * (n_t + x_c) + x_t + n_c)
    p_c = (-b - math.sqrt(max(b * b - 4 * a * (x_t + x_c), 0.0))) / (2 * a)
    p_t = theta * p_c
    variance = p_t * (1 - p_t) / n_t + theta**2 * p_c * (1 - p_c) / n_c
    return (x_t / n_t - theta * x_c / n_c) / math.sqrt(variance)


def enumerated(
    cells: tuple[int, int, int, int], theta: float, gamma: float, points: int = 20001
) -> float:
    """Give the p-value for `greater` from all tables and a dense grid: a lower bound of it."""
    x_t, n_t, x_c, n_c = cells
    observed = textbook_statistic(cells, theta)
    extreme = np.array(
        [
            [textbook_statistic((t, n_t, c, n_c), theta) >= observed - 1e-9 for t in range(n_t + 1)]
            for c in range(n_c + 1)
        ]
    )
    low, high = 0.0, min(1.0, 1.0 / theta)
    if gamma > 0.0:
        boxes = []
        for x, n in ((x_c, n_c), (x_t, n_t)):
            start = stats.beta.ppf(gamma / 4, x, n - x + 1) if x else 0.0
            end = stats.beta.ppf(1 - gamma / 4, x + 1, n - x) if x < n else 1.0
            boxes.append((start, end))
        if boxes[1][0] > theta * boxes[0][1]:
            return gamma
        low, high = (
            max(boxes[0][0], boxes[1][0] / theta),
            min(high, boxes[0][1], boxes[1][1] / theta),
        )
        if low > high:
            low = high = boxes[0][0]
            rates_t = np.array([boxes[1][1]])
            rates_c = np.array([low])
        else:
            turn = np.linspace(math.asin(math.sqrt(low)), math.asin(math.sqrt(high)), points)
            rates_c = np.sin(turn) ** 2
            rates_t = np.minimum(theta * rates_c, 1.0)
    else:
        rates_c = high * np.sin(np.linspace(0.0, math.pi / 2, points)) ** 2
        rates_t = np.minimum(theta * rates_c, 1.0)
    control = stats.binom.pmf(np.arange(n_c + 1)[:, None], n_c, rates_c)
    treatment = stats.binom.pmf(np.arange(n_t + 1)[:, None], n_t, rates_t)
    sums = np.einsum("cp,ct,tp->p", control, extreme.astype(float), treatment)
    return min(1.0, float(sums.max()) + gamma)


@st.composite
def tables(draw: st.DrawFn, largest: int = 60) -> dict[str, Any]:
    """Draw any table."""
    n_t, n_c = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return table(draw(st.integers(0, n_t)), n_t, draw(st.integers(0, n_c)), n_c)


@pytest.mark.parametrize("row", rows("exact_test.json"))
def test_agrees_with_peers(row: dict[str, Any]) -> None:
    """The p-value is the peer's; where the peer is known to differ, ours, never below it."""
    names = ("treatment_events", "treatment_total", "control_events", "control_total")
    found = exact_test(
        **{name: row[name] for name in names},
        null_ratio=row["null_ratio"],
        alternative=row["alternative"],
        gamma=row["gamma"],
    ).p_value
    assert found >= row["p_value"] - 1e-9
    assert found == pytest.approx(row.get("ours", row["p_value"]), abs=row["absolute_tolerance"])


@pytest.mark.parametrize(
    ("cells", "null", "gamma", "right", "wrong"),
    [
        # scipy 1.17.1 barnard_exact, n=32, misses the supremum (oracle: direct sum at .00276885).
        ((12, 400, 10, 1000), 1.0, 0.0, 0.0075302, 0.004640),
        ((12, 400, 10, 1000), 1.0, 1e-6, 0.0065943, 0.004640),
        ((6, 500, 1, 500), 1.0, 0.0, 0.0349438, 0.0310116),
        ((7, 800, 2, 400), 1.0, 0.0, 0.26588, 0.24455),
        ((4, 500, 0, 500), 1.0, 0.0, 0.0232717, 0.0231456),
        # exact2x2 1.7.0 with its default grid of 100 rates.
        ((14, 500, 5, 500), 2.0, 0.0, 0.386818, 0.2698),
        ((14, 500, 5, 500), 2.0, 1e-6, 0.3095, 0.2698),
    ],
)
def test_finds_the_supremum_that_peers_miss(
    cells: tuple[int, ...], null: float, gamma: float, right: float, wrong: float
) -> None:
    """At low rates a grid even in the rate steps over the maximum; ours does not."""
    found = exact_test(**table(*cells), null_ratio=null, gamma=gamma).p_value
    assert found == pytest.approx(right, rel=5e-4 if gamma else 2e-5)
    assert found > wrong


def test_tiny_p_values_keep_their_digits() -> None:
    """50/5000 against 140/5000: 2.1710e-11 by direct summation (scipy, n=32: 2.1648e-11)."""
    found = exact_test(**table(140, 5000, 50, 5000), gamma=0.0)
    assert found.p_value == pytest.approx(2.1710e-11, rel=1e-4)


def test_three_against_none_in_five_hundred() -> None:
    """0/500 against 3/500 is p = 0.0484, as how-the-verdict-is-reached.md says."""
    assert exact_test(**table(3, 500, 0, 500)).p_value == pytest.approx(0.0484, abs=5e-5)


@pytest.mark.parametrize("gamma", [1e-4, 1e-3])
def test_deep_inside_the_null_is_not_gamma(gamma: float) -> None:
    """30/60 against 1/60, null 2: exact2x2 1.7.0 says p = gamma; the data favour the null."""
    assert exact_test(**table(1, 60, 30, 60), null_ratio=2.0, gamma=gamma).p_value > 0.999


def test_far_outside_the_null_is_gamma() -> None:
    """Where no rate in the Berger-Boos set is in the null, gamma alone remains."""
    found = exact_test(**table(500, 500, 0, 500))
    assert (found.p_value, found.nuisance) == (1e-6, None)


def test_a_p_value_beyond_resolution_is_zero_for_all_purposes() -> None:
    """62/62 against 11/20 at null 0.2, all rates: near 1e-46, which nothing can refine."""
    found = exact_test(**table(62, 62, 11, 20), null_ratio=0.2, gamma=0.0, certify=1e-9)
    assert found.proved_upper is not None
    assert 0.0 <= found.p_value <= found.proved_upper < 2e-9


@pytest.mark.parametrize("cells", list(itertools.product((0, 1), (1,), (0, 1), (1,))))
@pytest.mark.parametrize("null", [0.5, 1.0, 2.0])
def test_one_contact_per_arm(cells: tuple[int, int, int, int], null: float) -> None:
    """One contact per arm can be summed by hand: 1 against 0 is max of r p (1 - p)."""
    found = exact_test(**table(*cells), null_ratio=null, gamma=0.0).p_value
    if cells == (1, 1, 0, 1):
        top = min(0.5, 1.0 / null)
        assert found == pytest.approx(null * top * (1.0 - top), abs=1e-12)
    else:
        assert found == pytest.approx(enumerated(cells, null, 0.0), abs=1e-6)


@pytest.mark.parametrize("alternative", ["greater", "less"])
@pytest.mark.parametrize("cells", [(0, 40, 0, 9), (40, 40, 9, 9), (0, 1, 0, 1), (0, 9, 0, 5000)])
def test_arms_without_information_give_one(cells: tuple[int, ...], alternative: Any) -> None:
    """No events, or nothing but events, is evidence of nothing at null 1."""
    assert exact_test(**table(*cells), alternative=alternative).p_value == 1.0


SMALL = [
    ((5, 7, 1, 9), 1.0), ((5, 7, 1, 9), 2.0), ((0, 12, 3, 12), 0.5), ((12, 12, 3, 12), 2.0),
    ((12, 12, 12, 12), 3.7), ((1, 1, 0, 12), 1.0), ((1, 12, 0, 1), 2.0), ((3, 4, 1, 12), 1.3),
    ((2, 12, 6, 10), 0.2), ((6, 10, 0, 3), 3.7), ((4, 12, 0, 12), 2.0), ((11, 12, 12, 12), 0.9),
]  # fmt: skip


@pytest.mark.parametrize("gamma", [0.0, 1e-3])
@pytest.mark.parametrize(("cells", "null"), SMALL)
def test_agrees_with_full_enumeration(
    cells: tuple[int, int, int, int], null: float, gamma: float
) -> None:
    """On small arms the p-value is that of every table summed over 20001 rates."""
    found = exact_test(**table(*cells), null_ratio=null, gamma=gamma, certify=1e-7)
    dense = enumerated(cells, null, gamma)
    # The grid is a lower bound; between its points a maximum gains less than 1e-6.
    assert dense - 1e-10 <= found.p_value <= dense + 1e-6
    assert found.proved_upper is not None
    assert dense <= found.proved_upper <= dense + 1e-6


@pytest.mark.parametrize("gamma", [0.0, 1e-6])
@pytest.mark.parametrize(
    ("cells", "null"),
    [((14, 500, 5, 500), 2.0), ((14, 500, 5, 500), 1.0), ((12, 400, 10, 1000), 1.0),
     ((3, 500, 0, 500), 1.0), ((11, 400, 6, 1000), 2.0), ((9, 900, 0, 100), 1.0),
     ((2, 100, 3, 900), 2.0)],
)  # fmt: skip
def test_certificate_covers_what_is_found(
    cells: tuple[int, ...], null: float, gamma: float
) -> None:
    """The proved value is at least the p-value found, and within the tolerance of it."""
    found = exact_test(**table(*cells), null_ratio=null, gamma=gamma, certify=1e-6)
    plain = exact_test(**table(*cells), null_ratio=null, gamma=gamma)
    assert found.proved_upper is not None
    assert plain.proved_upper is None
    assert found.p_value <= found.proved_upper <= found.p_value + 1.001e-6
    # The search without proof already finds it.
    assert plain.p_value == pytest.approx(found.p_value, abs=1e-8)


def test_certificate_of_a_flat_curve_is_affordable() -> None:
    """5/500 against 14/500, null 1, all rates: the curve is flat at its top, .0198896401."""
    found = exact_test(**table(14, 500, 5, 500), gamma=0.0, certify=1e-5)
    assert found.proved_upper == pytest.approx(0.019889640107466255, abs=1.1e-5)
    assert found.proved_upper is not None
    assert found.proved_upper >= 0.019889640107466255


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from([0.5, 1.0, 1.7, 2.0, 5.0]), st.sampled_from([0.0, 1e-6, 1e-3]))
def test_is_a_probability_and_less_is_greater_exchanged(
    cells: dict[str, Any], null: float, gamma: float
) -> None:
    """The p-value is in [gamma, 1], and `less` at r is `greater` at 1/r with arms exchanged."""
    here = exact_test(**cells, null_ratio=null, alternative="less", gamma=gamma)
    turned = table(
        cells["control_events"],
        cells["control_total"],
        cells["treatment_events"],
        cells["treatment_total"],
    )
    there = exact_test(**turned, null_ratio=1.0 / null, alternative="greater", gamma=gamma)
    assert gamma <= here.p_value <= 1.0
    assert here.p_value == pytest.approx(there.p_value, abs=1e-12)
    assert here.nuisance is None or 0.0 <= here.nuisance <= 1.0


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from([0.5, 1.0, 2.0]))
def test_more_treatment_events_are_more_evidence(cells: dict[str, Any], null: float) -> None:
    """One more treatment event, or one control event less, never raises the p-value."""
    here = exact_test(**cells, null_ratio=null, gamma=0.0).p_value
    if cells["treatment_events"] < cells["treatment_total"]:
        more = cells | {"treatment_events": cells["treatment_events"] + 1}
        assert exact_test(**more, null_ratio=null, gamma=0.0).p_value <= here + 1e-9
    if cells["control_events"] > 0:
        fewer = cells | {"control_events": cells["control_events"] - 1}
        assert exact_test(**fewer, null_ratio=null, gamma=0.0).p_value <= here + 1e-9


@settings(max_examples=40, deadline=None)
@given(tables(12), st.sampled_from([0.5, 1.0, 2.0, 3.3]), st.sampled_from([0.0, 1e-4]))
def test_never_below_a_dense_grid(cells: dict[str, Any], null: float, gamma: float) -> None:
    """No rate on a grid of 4001 makes the extreme tables likelier than the supremum."""
    found = exact_test(**cells, null_ratio=null, gamma=gamma).p_value
    four = tuple(cells.values())
    assert len(four) == 4
    dense = enumerated((four[0], four[1], four[2], four[3]), null, gamma, points=4001)
    assert dense - 1e-9 <= found <= dense + 1e-5
