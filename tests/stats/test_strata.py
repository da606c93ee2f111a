"""A ratio within strata against metafor, ratesci and statsmodels, and against itself."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icptest.stats import NotEstimable, Stratum, score_interval, score_test, stratified_ratio

ORACLE = json.loads((Path(__file__).parent / "oracles/strata.json").read_text(encoding="utf-8"))
NAMES = ("treatment_events", "treatment_total", "control_events", "control_total")


def strata(rows: list[list[int]]) -> list[Stratum]:
    """Make strata of rows of four counts."""
    return [Stratum(**dict(zip(NAMES, row, strict=True))) for row in rows]


def rows_of(name: str) -> list[Any]:
    """Give the rows of one table of the oracle file."""
    return [pytest.param(row, id=row["id"]) for row in ORACLE[name]]


@st.composite
def rows(draw: st.DrawFn, most: int = 4) -> list[list[int]]:
    """Draw strata, with arms without contacts, zero cells and full arms."""
    out = []
    for _ in range(draw(st.integers(1, most))):
        n_t, n_c = draw(st.integers(0, 300)), draw(st.integers(0, 300))
        rare = draw(st.booleans())
        x_t = draw(st.integers(0, min(n_t, 5) if rare else n_t))
        x_c = draw(st.integers(0, min(n_c, 5) if rare else n_c))
        out.append([x_t, n_t, x_c, n_c])
    return out


@pytest.mark.parametrize("row", rows_of("rows"))
def test_interval_agrees_with_metafor_and_ratesci(row: dict[str, Any]) -> None:
    """The ratio and both ends, of the logarithm (metafor) and of the score (ratesci)."""
    found = stratified_ratio(
        strata=strata(row["strata"]),
        confidence_level=row["confidence_level"],
        method=row["method"],
    )
    within = row["relative_tolerance"]
    assert found.estimate == pytest.approx(row["estimate"], rel=within)
    assert found.low == pytest.approx(row["low"], rel=within)
    assert found.high == pytest.approx(row["high"], rel=within)


@pytest.mark.parametrize("row", rows_of("cmh"))
def test_the_score_at_one_is_the_cmh_test(row: dict[str, Any]) -> None:
    """At ratio 1 the squared statistic is Cochran, Mantel and Haenszel's (statsmodels)."""
    found = stratified_ratio(strata=strata(row["strata"]), alternative="two-sided")
    within = ORACLE["cmh_relative_tolerance"]
    assert found.statistic**2 == pytest.approx(row["chi_square"], rel=within)  # type: ignore[operator]
    assert found.p_value == pytest.approx(row["p_value"], rel=within)
    if row["ratio"] is None:
        assert found.estimate == NotEstimable(reason="no-control-events")
    else:
        assert found.estimate == pytest.approx(row["ratio"], rel=within)


@settings(max_examples=60, deadline=None)
@given(rows(most=1), st.floats(0.3, 5.0), st.floats(0.5, 0.99))
def test_one_stratum_is_the_plain_score(one: list[list[int]], theta: float, level: float) -> None:
    """With one stratum, test and interval are Miettinen and Nurminen's."""
    assume(one[0][1] and one[0][3])
    cells: dict[str, Any] = dict(zip(NAMES, one[0], strict=True))
    found = stratified_ratio(strata=strata(one), null_ratio=theta, confidence_level=level)
    test = score_test(**cells, null_ratio=theta)
    assert found.p_value == pytest.approx(test.p_value, rel=1e-9, abs=1e-15)
    interval = score_interval(**cells, confidence_level=level)
    for here, there in ((found.low, interval.low), (found.high, interval.high)):
        if isinstance(there, NotEstimable):
            assert here == there
        else:
            assert here == pytest.approx(there, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(rows(), st.floats(0.5, 0.99))
def test_bound_put_back_gives_the_level(several: list[list[int]], level: float) -> None:
    """The statistic at an end is the z it was made for."""
    found = stratified_ratio(strata=strata(several), confidence_level=level)
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    for end, goal in ((found.low, z), (found.high, -z)):
        if isinstance(end, float) and 1e-11 < end < 1e11:
            there = stratified_ratio(strata=strata(several), null_ratio=end)
            assert there.statistic == pytest.approx(goal, rel=1e-6, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(rows(), st.sampled_from(["score", "mantel-haenszel"]))
def test_everything_is_a_number_or_has_a_reason(several: list[list[int]], method: Any) -> None:
    """No NaN, no infinity, ends in order; arms exchanged turn the interval over."""
    found = stratified_ratio(strata=strata(several), method=method)
    numbers = [
        value
        for value in (found.low, found.estimate, found.high)
        if not isinstance(value, NotEstimable)
    ]
    assert all(math.isfinite(number) and number >= 0.0 for number in numbers)
    assert numbers == pytest.approx(sorted(numbers), rel=1e-12)
    assert isinstance(found.p_value, NotEstimable) or 0.0 <= found.p_value <= 1.0
    turned = stratified_ratio(
        strata=strata([row[2:] + row[:2] for row in several]), method=method, alternative="less"
    )
    if isinstance(found.high, float):
        assert turned.low == pytest.approx(1.0 / found.high, rel=1e-9)
    if isinstance(found.p_value, float):
        assert turned.p_value == pytest.approx(found.p_value, rel=1e-9, abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(rows(), st.integers(0, 9), st.integers(1, 9))
def test_a_stratum_of_one_arm_changes_nothing(
    several: list[list[int]], events: int, more: int
) -> None:
    """Contacts without anybody to compare them with are left out, and counted."""
    here = stratified_ratio(strata=strata(several))
    there = stratified_ratio(strata=strata([[events, events + more, 0, 0], *several]))
    assert (there.low, there.high, there.p_value) == (here.low, here.high, here.p_value)
    assert there.used == here.used
    assert there.contacts_left_out == here.contacts_left_out + events + more


def test_equal_mix_by_hand() -> None:
    """2 % against 1 % in one stratum, 4 % against 2 % in the other, mixed apart: the lift is 2.

    The plain ratio, 44/1100 against 11/1000 (4 % and 1.1 %), is 3.6: most of it is the mix.
    """
    mixed = strata([[2, 100, 9, 900], [40, 1000, 2, 100]])
    assert stratified_ratio(strata=mixed).estimate == pytest.approx(2.0)


def test_zero_cells_are_typed() -> None:
    """What cannot be estimated says why, by either method."""
    nothing = NotEstimable(reason="no-common-stratum")
    for none in ([], strata([[3, 10, 0, 0], [0, 0, 1, 9]])):
        found = stratified_ratio(strata=none)
        assert found.estimate == found.low == found.high == found.p_value == nothing
    no_control = strata([[3, 100, 0, 90], [1, 50, 0, 60]])
    score = stratified_ratio(strata=no_control)
    assert score.estimate == NotEstimable(reason="no-control-events")
    assert score.high == NotEstimable(reason="no-upper-bound")
    assert isinstance(score.low, float)
    assert score.low > 0.0
    log = stratified_ratio(strata=no_control, method="mantel-haenszel")
    assert log.low == log.high == log.p_value == NotEstimable(reason="no-control-events")
    no_treatment = strata([[0, 100, 2, 90]])
    assert stratified_ratio(strata=no_treatment).estimate == 0.0
    assert stratified_ratio(strata=no_treatment).low == 0.0
    log = stratified_ratio(strata=no_treatment, method="mantel-haenszel")
    assert log.estimate == 0.0
    assert log.low == log.statistic == NotEstimable(reason="no-treatment-events")
    neither = stratified_ratio(strata=strata([[0, 100, 0, 90]]))
    assert neither.estimate == NotEstimable(reason="no-events")
    assert (neither.low, neither.p_value) == (0.0, 0.5)
    full = stratified_ratio(strata=strata([[5, 5, 7, 7]]), method="mantel-haenszel")
    assert full.estimate == 1.0
    assert full.low == full.p_value == NotEstimable(reason="no-variation")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"strata": [(3, 10, 1, 9)]}, "strata[0] == (3, 10, 1, 9), must be a Stratum."),
        ({"null_ratio": 0.0}, "null_ratio == 0.0, must be finite and > 0.0."),
        ({"alternative": "more"}, "alternative == 'more', must be one of"),
        ({"confidence_level": 1.0}, "confidence_level == 1.0, must be finite"),
        ({"method": "odds"}, "method == 'odds', must be one of 'score', 'mantel-haenszel'."),
    ],
)
def test_wrong_arguments_are_named(wrong: dict[str, Any], message: str) -> None:
    """A wrong argument is a ValueError with the argument, its value and the bound."""
    with pytest.raises(ValueError, match="must be") as caught:
        stratified_ratio(**({"strata": []} | wrong))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([3, 2, 1, 9], "treatment_events == 3, must be <= treatment_total == 2."),
        ([0, -1, 1, 9], "treatment_total == -1, must be >= 0."),
        ([0, 1, 1.0, 9], "control_events == 1.0, must be an integer >= 0."),
    ],
)
def test_wrong_counts_are_named(row: list[Any], message: str) -> None:
    """So is a wrong count of a stratum."""
    with pytest.raises(ValueError, match="must be") as caught:
        strata([row])
    assert message in str(caught.value)
