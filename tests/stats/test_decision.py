"""Test and interval have to agree before a test passes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.stats import (
    NotEstimable,
    clustered_ratio,
    exact_interval,
    exact_test,
    ratio_exceeds,
    ratio_passes,
)


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return {
        "treatment_events": x_t,
        "treatment_total": n_t,
        "control_events": x_c,
        "control_total": n_c,
    }


@pytest.mark.parametrize(
    ("cells", "low"),
    [((11, 400, 6, 1000), 1.9749), ((18, 60, 4, 60), 1.9634), ((9, 34, 1, 34), 1.9565)],
)
def test_a_p_value_that_dips_does_not_pass(cells: tuple[int, ...], low: float) -> None:
    """Where p at null 2 is below .05 but the interval holds 2, the test does not pass."""
    found = ratio_exceeds(**table(*cells), null_ratio=2.0, alternative="greater", level=0.05)
    assert found.p_value <= 0.05
    assert found.end == pytest.approx(low, rel=1e-4)
    assert not found.passes


def test_three_against_none_passes() -> None:
    """0/500 against 3/500: p = .0484 (docs, statistics) and a low end above 1."""
    found = ratio_exceeds(
        **table(3, 500, 0, 500), null_ratio=1.0, alternative="greater", level=0.05
    )
    assert found.passes
    assert found.p_value == pytest.approx(0.0484, abs=5e-5)
    assert isinstance(found.end, float)
    assert found.end > 1.0


def test_close_p_values_are_proved() -> None:
    """Within .001 of the level the proved upper value decides; further away none is made."""
    close = ratio_exceeds(
        **table(11, 400, 6, 1000), null_ratio=2.0, alternative="greater", level=0.05
    )
    assert close.proved_upper is not None
    assert close.p_value <= close.proved_upper <= close.p_value + 1.1e-6
    far = ratio_exceeds(**table(14, 500, 5, 500), null_ratio=1.0, alternative="greater", level=0.05)
    assert far.proved_upper is None
    assert far.passes
    # The level itself: the p-value is below it, the proved value is not.
    p_value = exact_test(**table(14, 500, 5, 500), certify=1e-9).p_value
    edge = ratio_exceeds(
        **table(14, 500, 5, 500), null_ratio=1.0, alternative="greater", level=p_value + 1e-13
    )
    assert edge.proved_upper is not None
    assert edge.proved_upper > edge.level
    assert not edge.passes


def test_less_uses_the_high_end() -> None:
    """5/500 against 0/500 rules out a ratio of 2 and of 1, and the end says so."""
    found = ratio_exceeds(**table(0, 500, 5, 500), null_ratio=1.0, alternative="less", level=0.05)
    assert found.passes
    assert found.end == exact_interval(**table(0, 500, 5, 500)).high
    nothing = ratio_exceeds(**table(3, 500, 0, 500), null_ratio=2.0, alternative="less", level=0.05)
    assert not nothing.passes
    assert nothing.end == NotEstimable(reason="no-upper-bound")


@pytest.mark.parametrize("alternative", ["greater", "less"])
def test_an_end_nobody_needs_is_skipped(alternative: Any) -> None:
    """With need_end=False a p-value above the level ends it; otherwise the end is there."""
    common = {"null_ratio": 1.0, "alternative": alternative, "level": 0.05}
    skipped = ratio_exceeds(**table(6, 500, 5, 500), **common, need_end=False)
    given_ = ratio_exceeds(**table(6, 500, 5, 500), **common)
    assert (skipped.passes, skipped.end) == (False, None)
    assert (given_.passes, given_.p_value) == (False, skipped.p_value)
    assert isinstance(given_.end, float)


@settings(max_examples=16, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 40), st.data(), st.sampled_from([1.0, 2.0]),
    st.sampled_from(["greater", "less"]),
)  # fmt: skip
def test_passing_means_both(
    n_t: int, n_c: int, data: st.DataObject, null: float, alternative: Any
) -> None:
    """A test passes exactly when p and the interval of `exact_interval` both say so."""
    cells = table(data.draw(st.integers(0, n_t)), n_t, data.draw(st.integers(0, n_c)), n_c)
    found = ratio_exceeds(**cells, null_ratio=null, alternative=alternative, level=0.1)
    interval = exact_interval(**cells, confidence_level=0.8)
    end = interval.low if alternative == "greater" else interval.high
    if isinstance(end, float):
        # (1 - 0.8) / 2 is not 0.1 to the last bit.
        assert found.end == pytest.approx(end, rel=1e-12)
    else:
        assert found.end == end
    right = isinstance(end, float) and (end > null if alternative == "greater" else end < null)
    assert found.passes is (right and (found.proved_upper or found.p_value) <= 0.1)


@given(
    counts=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    totals=st.tuples(st.integers(9, 60), st.integers(9, 60)),
    null=st.sampled_from([1.0, 1.5, 2.0, 3.0]),
    side=st.sampled_from(["greater", "less"]),
    level=st.sampled_from([0.05, 0.01]),
)
@settings(max_examples=25, deadline=None)
def test_passing_is_the_same_with_and_without_the_end(
    counts: tuple[int, int], totals: tuple[int, int], null: float, side: Any, level: float
) -> None:
    """`ratio_passes` is `ratio_exceeds` without the interval's end."""
    cells = table(counts[0], totals[0], counts[1], totals[1])
    given_: dict[str, Any] = {"null_ratio": null, "alternative": side, "level": level}
    assert ratio_passes(**cells, **given_) == ratio_exceeds(**cells, **given_).passes


@pytest.mark.parametrize("cells", [(11, 400, 6, 1000), (18, 60, 4, 60), (9, 34, 1, 34)])
def test_a_dip_does_not_pass_without_the_end_either(cells: tuple[int, ...]) -> None:
    """The tables whose interval holds the null although p at the null is below .05."""
    given_: dict[str, Any] = {"null_ratio": 2.0, "alternative": "greater", "level": 0.05}
    assert not ratio_passes(**table(*cells), **given_)


PAIRS = [(2, 2), (2, 3), (1, 2), (0, 3), (0, 2), (0, 4), (3, 4), (0, 1), (0, 20)]
OTHERS = [(1, 1), (0, 2), (0, 3), (0, 4), (1, 2), (0, 30), (0, 10)]


@pytest.mark.parametrize("side", ["greater", "less"])
def test_a_design_effect_does_what_clustered_ratio_does(side: Any) -> None:
    """Same p-value and same interval, given the effect that it measures (well above 1 here)."""
    found = clustered_ratio(
        treatment_clusters=PAIRS, control_clusters=OTHERS, null_ratio=1.5, alternative=side
    )
    effect = found.design_effect.used
    assert effect > 1.2
    cells = table(8, 41, 2, 52)
    decision = ratio_exceeds(
        **cells, null_ratio=1.5, alternative=side, level=0.05, design_effect=effect
    )
    assert decision.p_value == pytest.approx(found.p_value, abs=1e-12)
    assert decision.end == (found.low if side == "greater" else found.high)
    interval = exact_interval(**cells, design_effect=effect)
    assert (interval.low, interval.high) == (found.low, found.high)


@given(
    counts=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    total=st.integers(9, 60),
    null=st.sampled_from([1.0, 2.0]),
    side=st.sampled_from(["greater", "less"]),
    effect=st.floats(1.0, 6.0),
)
@settings(deadline=None, max_examples=25)
def test_a_design_effect_never_strengthens(
    counts: tuple[int, int], total: int, null: float, side: Any, effect: float
) -> None:
    """The p-value does not fall, and what passes with it passes without."""
    cells = table(counts[0], total, counts[1], total)
    given_: dict[str, Any] = {"null_ratio": null, "alternative": side, "level": 0.05}
    short: dict[str, Any] = {**given_, "need_end": False}
    plain = ratio_exceeds(**cells, **short)
    divided = ratio_exceeds(**cells, **short, design_effect=effect)
    assert divided.p_value >= plain.p_value
    assert divided.passes <= plain.passes
    assert ratio_passes(**cells, **given_, design_effect=effect) == divided.passes


def test_a_design_effect_below_1_is_refused() -> None:
    """It is never taken to be below 1."""
    given_: dict[str, Any] = {"null_ratio": 1.0, "alternative": "greater", "level": 0.05}
    with pytest.raises(ValueError, match=r"design_effect == 0\.5"):
        ratio_passes(**table(3, 9, 1, 9), **given_, design_effect=0.5)
