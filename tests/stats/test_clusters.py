"""A ratio of clustered contacts against aod, survey and statsmodels, and against itself."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icptest.stats import (
    NotEstimable,
    clustered_ratio,
    exact_interval,
    exact_test,
    score_interval,
    score_test,
)
from icptest.stats.clusters import _Arm

ORACLE = json.loads((Path(__file__).parent / "oracles/clusters.json").read_text(encoding="utf-8"))
ROWS = [pytest.param(row, id=row["id"]) for row in ORACLE["rows"]]
Clusters = list[tuple[int, int]]


def pairs(rows: list[list[int]]) -> Clusters:
    """Give the clusters of one arm of an oracle row."""
    return [(events, total) for events, total in rows]


def table(treatment: Clusters, control: Clusters) -> dict[str, Any]:
    """Add clusters up to the four counts."""
    return {
        "treatment_events": sum(events for events, _ in treatment),
        "treatment_total": sum(total for _, total in treatment),
        "control_events": sum(events for events, _ in control),
        "control_total": sum(total for _, total in control),
    }


@st.composite
def clusters(draw: st.DrawFn) -> Clusters:
    """Draw an arm of a few accounts, most without events."""
    totals = draw(st.lists(st.integers(1, 6), min_size=1, max_size=25))
    return [(draw(st.integers(0, total if draw(st.booleans()) else 0)), total) for total in totals]


def test_design_effects_agree_with_aod() -> None:
    """Rao and Scott's design effect of either arm, 90 clusters each."""
    row, aod = ORACLE["rows"][0], ORACLE["aod"]
    found = clustered_ratio(
        treatment_clusters=pairs(row["treatment"]), control_clusters=pairs(row["control"])
    ).design_effect
    within = aod["relative_tolerance"]
    assert found.treatment == pytest.approx(aod["treatment"], rel=within)
    assert found.control == pytest.approx(aod["control"], rel=within)
    # Both arms have a rate of 5.4 %; the pooled one lies between theirs, 295 and 315 contacts.
    weighed = (295 * aod["control"] + 315 * aod["treatment"]) / 610
    assert found.pooled == pytest.approx(weighed, rel=5e-3)
    assert found.used == found.pooled


@pytest.mark.parametrize("row", ROWS)
def test_robust_errors_agree_with_statsmodels_and_survey(row: dict[str, Any]) -> None:
    """The error of the log ratio is that of the sandwich, with survey's small-sample factor."""
    treatment, control = pairs(row["treatment"]), pairs(row["control"])
    found: Any = clustered_ratio(treatment_clusters=treatment, control_clusters=control)
    n = len(treatment) + len(control)
    within = row["relative_tolerance"]
    assert found.robust.log_error == pytest.approx(row["hc0"] * math.sqrt(n / (n - 1)), rel=within)
    assert row["gee"] == pytest.approx(row["hc0"], rel=within)
    if "survey" in row:
        assert found.robust.log_error == pytest.approx(row["survey"], rel=within)
    assert math.log(found.estimate) == pytest.approx(row["log_ratio"], abs=1e-9)
    middle = math.sqrt(found.robust.low * found.robust.high)
    assert middle == pytest.approx(found.estimate, rel=1e-12)
    wide = math.log(found.robust.high / found.robust.low)
    assert wide == pytest.approx(2 * stats.norm.isf(0.05) * found.robust.log_error, rel=1e-9)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(("theta", "alternative"), [(1.0, "greater"), (2.0, "less")])
def test_the_score_is_that_of_divided_counts(
    row: dict[str, Any], theta: float, alternative: Any
) -> None:
    """By hand: divide x and n by the design effect, find the constrained rates by a search.

    The likeliest control rate on a fine grid instead of the quadratic, and the ends put back.
    """
    treatment, control = pairs(row["treatment"]), pairs(row["control"])
    found: Any = clustered_ratio(
        treatment_clusters=treatment,
        control_clusters=control,
        null_ratio=theta,
        alternative=alternative,
    )
    cells = table(treatment, control)
    x_t, n_t, x_c, n_c = (
        cells[name] / found.design_effect.used
        for name in ("treatment_events", "treatment_total", "control_events", "control_total")
    )
    low, high = 0.0, min(1.0, 1.0 / theta)
    for _ in range(9):
        p_c = np.linspace(low, high, 2003)[1:-1]
        p_t = theta * p_c
        likely = x_t * np.log(p_t) + (n_t - x_t) * np.log1p(-p_t)
        likely += x_c * np.log(p_c) + (n_c - x_c) * np.log1p(-p_c)
        best = int(np.argmax(likely))
        low, high = p_c[max(best - 2, 0)], p_c[min(best + 2, len(p_c) - 1)]
    rate_c, rate_t = p_c[best], theta * p_c[best]
    variance = rate_t * (1 - rate_t) / n_t + theta**2 * rate_c * (1 - rate_c) / n_c
    variance *= (n_t + n_c) / (n_t + n_c - 1)
    z = (x_t / n_t - theta * x_c / n_c) / math.sqrt(variance)
    tail = stats.norm.sf(z) if alternative == "greater" else stats.norm.cdf(z)
    assert found.score_p_value == pytest.approx(tail, rel=1e-5)


@settings(max_examples=8, deadline=None)
@given(clusters(), clusters(), st.sampled_from([1.0, 2.0]), st.sampled_from(["greater", "less"]))
def test_clustering_never_strengthens(
    treatment: Clusters, control: Clusters, theta: float, alternative: Any
) -> None:
    """The p-value is at least the exact and the score test's of the counts without clusters.

    And the interval holds the exact and the score interval of them.
    """
    found = clustered_ratio(
        treatment_clusters=treatment,
        control_clusters=control,
        null_ratio=theta,
        alternative=alternative,
    )
    cells = table(treatment, control)
    exact = exact_test(**cells, null_ratio=theta, alternative=alternative)
    score = score_test(**cells, null_ratio=theta, alternative=alternative)
    assert found.design_effect.used >= 1.0
    assert found.exact_p_value == exact.p_value
    assert found.p_value >= exact.p_value
    # Dividing moves the statistic towards 0: a p-value below one half only grows.
    assert found.score_p_value >= min(score.p_value, 0.5) - 1e-12
    for plain in (exact_interval(**cells), score_interval(**cells)):
        assert found.low <= plain.low * (1 + 1e-12)  # type: ignore[operator]
        if isinstance(found.high, float):
            assert isinstance(plain.high, float)
            assert found.high >= plain.high * (1 - 1e-12)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_contacts_of_their_own_cost_nothing(n_t: int, n_c: int, data: st.DataObject) -> None:
    """With one contact per account the design effect is exactly 1, and score is score_test."""
    x_t, x_c = data.draw(st.integers(0, n_t)), data.draw(st.integers(0, n_c))
    treatment = [(int(place < x_t), 1) for place in range(n_t)]
    control = [(int(place < x_c), 1) for place in range(n_c)]
    found = clustered_ratio(treatment_clusters=treatment, control_clusters=control)
    assert (found.design_effect.used, found.design_effect.pooled) == (1.0, 1.0)
    score = score_test(**table(treatment, control)).p_value
    assert found.score_p_value == pytest.approx(score, rel=1e-12)


@given(clusters(), st.randoms())
def test_the_order_of_accounts_does_not_matter(arm: Clusters, random: Any) -> None:
    """The same accounts in another order add up to the same, to the last bit."""
    moved = random.sample(arm, len(arm))
    assert _Arm.of("treatment_clusters", moved) == _Arm.of("treatment_clusters", arm)


def test_accounts_that_decide_together() -> None:
    """Ten accounts of five that all say the same: five times fewer contacts, nearly.

    By hand: with every account all or nothing the squares are 5 times those of single contacts;
    the factor is 5 x (10 / 9) / (50 / 49) = 5.44 with 10 instead of 50 to estimate from.
    """
    treatment = [(5, 5)] * 4 + [(0, 5)] * 6
    control = [(5, 5)] + [(0, 5)] * 9
    found = clustered_ratio(treatment_clusters=treatment, control_clusters=control)
    assert found.design_effect.used == pytest.approx(5 * (10 / 9) / (50 / 49))
    # As if independent, 20/50 against 5/50 is clear; as 10 accounts each it is not.
    assert found.exact_p_value < 0.001
    assert found.p_value == found.score_p_value > 0.05


def test_what_cannot_be_measured_is_typed() -> None:
    """No events, one account, all events: counted as independent, and said so."""
    none = clustered_ratio(treatment_clusters=[(0, 3), (0, 2)], control_clusters=[(0, 4), (0, 1)])
    assert none.design_effect.pooled == NotEstimable(reason="no-variation")
    assert none.design_effect.used == 1.0
    assert none.robust == NotEstimable(reason="no-events")
    assert (none.low, none.high) == (0.0, NotEstimable(reason="no-upper-bound"))
    alone = clustered_ratio(treatment_clusters=[(2, 9)], control_clusters=[(1, 9)])
    assert alone.design_effect.pooled == NotEstimable(reason="one-cluster")
    assert alone.design_effect.treatment == NotEstimable(reason="one-cluster")
    assert alone.robust == NotEstimable(reason="one-cluster")
    half = clustered_ratio(treatment_clusters=[(2, 9)], control_clusters=[(1, 4), (0, 4), (2, 2)])
    assert half.design_effect.pooled == pytest.approx(
        half.design_effect.control * 9 / 10  # type: ignore[operator]
    )
    full = clustered_ratio(treatment_clusters=[(2, 2), (3, 3)], control_clusters=[(1, 1), (4, 4)])
    assert full.design_effect.pooled == NotEstimable(reason="no-variation")
    assert full.robust == NotEstimable(reason="no-variation")
    nobody = clustered_ratio(treatment_clusters=[(0, 2), (0, 3)], control_clusters=[(1, 2), (0, 4)])
    assert nobody.robust == NotEstimable(reason="no-treatment-events")
    assert (nobody.estimate, nobody.low) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"treatment_clusters": []}, "treatment_clusters == [], must have at least 1 cluster."),
        ({"control_clusters": [(0, 1), (2, 1)]}, "control_clusters[1] == (2, 1), must have events"),
        ({"control_clusters": [3]}, "control_clusters[0] == 3, must be a pair (events, total)."),
        ({"control_clusters": [(0, 0)]}, "control_clusters[0][1] == 0, must be >= 1."),
        ({"control_clusters": [(-1, 2)]}, "control_clusters[0][0] == -1, must be >= 0."),
        ({"null_ratio": -1.0}, "null_ratio == -1.0, must be finite and > 0.0."),
        ({"alternative": "two-sided"}, "alternative == 'two-sided', must be one of"),
        ({"confidence_level": 0.0}, "confidence_level == 0.0, must be finite"),
        ({"gamma": 0.06}, "gamma == 0.06, must be finite and >= 0.0 and <"),
    ],
)
def test_wrong_arguments_are_named(wrong: dict[str, Any], message: str) -> None:
    """A wrong argument is a ValueError with the argument, its value and the bound."""
    good: dict[str, Any] = {"treatment_clusters": [(1, 2)], "control_clusters": [(0, 2)]}
    with pytest.raises(ValueError, match="must") as caught:
        clustered_ratio(**(good | wrong))
    assert message in str(caught.value)
