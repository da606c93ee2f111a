"""How often a rule says scale: pinned facts, peers, and enumeration with the public test."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icptest.stats import lift_reached, power, power_many, ratio_exceeds

ORACLES = Path(__file__).parent / "oracles"


def rows(name: str) -> list[Any]:
    """Read an oracle table; its header says where the numbers are from."""
    loaded: list[Any] = json.loads((ORACLES / name).read_text(encoding="utf-8"))["rows"]
    return [pytest.param(row, id=row["id"]) for row in loaded]


@pytest.mark.parametrize(
    ("rule", "control_rate", "ratios", "chances"),
    [
        # design.md sections 1 and 4, whole per cents, 500 per arm.
        ("lift", 0.01, (1, 2, 3), (0.18, 0.55, 0.83)),
        ("lift", 0.005, (1, 2), (0.29, 0.57)),
        ("lift-and-evidence", 0.01, (1, 2, 3, 4), (0.04, 0.35, 0.74, 0.93)),
        # statistics.md section 5: proved above 2, 1 % baseline.
        ("proven", 0.01, (3, 4, 5, 6), (0.188, 0.43, 0.676, 0.849)),
    ],
)
def test_reproduces_the_facts_of_the_design(
    rule: Any, control_rate: float, ratios: tuple[float, ...], chances: tuple[float, ...]
) -> None:
    """The chances the product tells people are these."""
    found = power_many(
        control_rate=control_rate,
        ratios=ratios,
        treatment_total=500,
        control_total=500,
        rule=rule,
    )
    assert found == pytest.approx(chances, abs=0.0051)


@pytest.mark.parametrize("row", rows("power.json"))
def test_agrees_with_peers(row: dict[str, Any]) -> None:
    """The probability is that of R Exact 3.3 or of direct enumeration."""
    found = power(
        control_rate=row["control_rate"],
        ratio=row["treatment_rate"] / row["control_rate"],
        treatment_total=row["total"],
        control_total=row["total"],
        rule=row["rule"],
        threshold=row["threshold"],
    )
    assert found == pytest.approx(row["power"], abs=row["absolute_tolerance"])


@pytest.mark.parametrize("rule", ["lift", "lift-and-evidence", "proven"])
@pytest.mark.parametrize(("n_t", "n_c"), [(9, 9), (3, 27), (27, 3), (1, 1)])
def test_agrees_with_enumeration_by_the_public_test(rule: Any, n_t: int, n_c: int) -> None:
    """Summing every table whose `ratio_exceeds` and `lift_reached` say scale gives the same."""
    control_rate, ratio, threshold, alpha = 0.15, 3.0, 1.5, 0.2
    total = 0.0
    for x_c in range(n_c + 1):
        for x_t in range(n_t + 1):
            cells = {
                "treatment_events": x_t,
                "treatment_total": n_t,
                "control_events": x_c,
                "control_total": n_c,
            }
            scale = rule == "proven" or lift_reached(**cells, threshold=threshold)
            if scale and rule != "lift":
                scale = ratio_exceeds(
                    **cells,
                    null_ratio=threshold if rule == "proven" else 1.0,
                    alternative="greater",
                    level=alpha,
                    need_end=False,
                ).passes
            if scale:
                chance = stats.binom.pmf(x_c, n_c, control_rate)
                total += chance * stats.binom.pmf(x_t, n_t, control_rate * ratio)
    found = power(
        control_rate=control_rate,
        ratio=ratio,
        treatment_total=n_t,
        control_total=n_c,
        rule=rule,
        alpha=alpha,
        threshold=threshold,
    )
    assert found == pytest.approx(total, abs=2e-9)


@pytest.mark.parametrize("control_rate", [0.003, 0.01, 0.05])
@pytest.mark.parametrize(("rule", "ratio"), [("proven", 2.0), ("lift-and-evidence", 1.0)])
def test_error_is_at_most_alpha(rule: Any, ratio: float, control_rate: float) -> None:
    """At the edge of the null a rule with a test scales at most 5 % of the time."""
    found = power(
        control_rate=control_rate, ratio=ratio, treatment_total=300, control_total=400, rule=rule
    )
    assert found <= 0.05


def test_a_certain_treatment_rate_is_allowed() -> None:
    """With ratio x control rate = 1 every treatment contact has the event."""
    found = power(control_rate=0.1, ratio=10.0, treatment_total=50, control_total=50, rule="lift")
    assert found == pytest.approx(1.0, abs=1e-8)


def test_many_are_the_same_as_one_by_one() -> None:
    """Ratios asked together get the numbers they get alone; no ratio gets none."""
    common: dict[str, Any] = {"control_rate": 0.02, "treatment_total": 150, "control_total": 300}
    together = power_many(**common, ratios=(1.0, 2.5, 4.0))
    alone = [power(**common, ratio=ratio) for ratio in (1.0, 2.5, 4.0)]
    assert together == pytest.approx(alone, abs=1e-12)
    assert power_many(**common, ratios=()) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 300), st.integers(300, 900), st.integers(0, 300), st.integers(300, 900),
    st.sampled_from([1.1, 1.5, 2.0, 2, 3.0]),
)  # fmt: skip
def test_lift_is_decided_in_integers(
    x_t: int, n_t: int, x_c: int, n_c: int, threshold: float
) -> None:
    """The lift is reached exactly when the fractions say so, 1.1 meaning 11/10."""
    found = lift_reached(
        treatment_events=x_t,
        treatment_total=n_t,
        control_events=x_c,
        control_total=n_c,
        threshold=threshold,
    )
    bar = Fraction(str(threshold))
    assert found is (x_t > 0 and Fraction(x_t, n_t) >= bar * Fraction(x_c, n_c))


def test_lift_at_the_very_edge() -> None:
    """10/500 against 5/500 reaches 2, 9/500 does not; 11/100 against 10/100 reaches 1.1."""
    edge: dict[str, Any] = {"treatment_total": 500, "control_events": 5, "control_total": 500}
    assert lift_reached(treatment_events=10, **edge)
    assert not lift_reached(treatment_events=9, **edge)
    assert lift_reached(
        treatment_events=11, treatment_total=100, control_events=10, control_total=100,
        threshold=1.1,
    )  # fmt: skip
    assert not lift_reached(
        treatment_events=0, treatment_total=500, control_events=0, control_total=500
    )
