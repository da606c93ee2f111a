"""Adjusted p-values against statsmodels, and what has to hold of them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.stats import adjust

ORACLE = json.loads(
    (Path(__file__).parent / "oracles/multiplicity.json").read_text(encoding="utf-8")
)
P_VALUES = st.lists(st.floats(0.0, 1.0), max_size=12)
METHODS = st.sampled_from(["holm", "bh"])


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ORACLE["rows"]])
def test_agrees_with_statsmodels(row: dict[str, Any]) -> None:
    """Holm and Benjamini-Hochberg, ties and ends included."""
    found = adjust(row["p_values"], method=row["method"])
    assert found == pytest.approx(row["adjusted"], abs=ORACLE["absolute_tolerance"])


def test_three_segments_by_hand() -> None:
    """Of .01, .04, .03 Holm makes 3 x .01, 2 x .03 and again .06; BH .03, .04, .04."""
    assert adjust([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert adjust([0.01, 0.04, 0.03], method="bh") == pytest.approx((0.03, 0.04, 0.04))


@given(P_VALUES, METHODS)
def test_never_below_the_p_value_and_in_its_order(p_values: list[float], method: Any) -> None:
    """Adjusting only raises, at most to 1, and a smaller p-value stays smaller or ties."""
    found = adjust(p_values, method=method)
    assert len(found) == len(p_values)
    assert all(p <= adjusted <= 1.0 for p, adjusted in zip(p_values, found, strict=True))
    ranked = sorted(zip(p_values, found, strict=True))
    assert [adjusted for _, adjusted in ranked] == sorted(found)


@given(P_VALUES)
def test_holm_is_at_most_bonferroni_and_at_least_bh(p_values: list[float]) -> None:
    """Holm rejects all that Bonferroni does, and BH all that Holm does."""
    holm, bh = adjust(p_values), adjust(p_values, method="bh")
    for p, strict, loose in zip(p_values, holm, bh, strict=True):
        assert loose <= strict * (1 + 1e-15) + 5e-324
        assert strict <= min(1.0, len(p_values) * p)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8), METHODS, st.randoms())
def test_the_order_given_does_not_matter(p_values: list[float], method: Any, random: Any) -> None:
    """The same p-values in another order are adjusted to the same numbers, in that order."""
    places = list(range(len(p_values)))
    random.shuffle(places)
    found = adjust(p_values, method=method)
    moved = adjust([p_values[place] for place in places], method=method)
    assert moved == tuple(found[place] for place in places)


def test_none_and_one() -> None:
    """Nothing is adjusted to nothing, and a single test needs no adjustment."""
    assert adjust([]) == ()
    assert adjust([0.04]) == adjust([0.04], method="bh") == (0.04,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.1, 1.5],), "p_values[1] == 1.5, must be finite and >= 0.0 and <= 1.0."),
        (([math.nan],), "p_values[0] == nan, must be finite"),
        ((["0.1"],), "p_values[0] == '0.1', must be a number"),
    ],
)
def test_wrong_p_values_are_named(arguments: tuple[Any], message: str) -> None:
    """A p-value that is none is a ValueError with its place, its value and the bound."""
    with pytest.raises(ValueError, match="must") as caught:
        adjust(*arguments)
    assert message in str(caught.value)


def test_an_unknown_method_is_named() -> None:
    """So is a method that is not one of the two."""
    wrong: Any = "hommel"
    with pytest.raises(ValueError, match=r"method == 'hommel', must be one of 'holm', 'bh'"):
        adjust([0.1], method=wrong)
