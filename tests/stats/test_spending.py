"""Levels of looks against three R packages, against scipy's normal, and themselves."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icptest.stats import spending_boundaries
from icptest.stats._bisection import bisect

if TYPE_CHECKING:
    from icptest.stats import SpendingBoundaries

ORACLE = json.loads((Path(__file__).parent / "oracles/spending.json").read_text(encoding="utf-8"))
SPENDING = st.sampled_from(["obrien-fleming", "pocock"])


@st.composite
def looks(draw: st.DrawFn, most: int = 5) -> list[float]:
    """Draw information at some looks, each at least 0.02 after the one before."""
    steps = draw(st.lists(st.floats(0.1, 1.0), min_size=1, max_size=most))
    return [float(number) for number in np.cumsum(steps)]


def z_of(found: SpendingBoundaries) -> list[float]:
    """Give the bounds of the statistics."""
    return [-NormalDist().inv_cdf(level) for level in found.levels]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ORACLE["rows"]])
def test_bounds_agree_with_gsdesign_rpact_ldbounds_and_scipy(row: dict[str, Any]) -> None:
    """Every bound is the peer's within what the peer computes to."""
    found = spending_boundaries(**{key: row[key] for key in ("information", "alpha", "spending")})
    assert z_of(found) == pytest.approx(row["z"], abs=row["absolute_tolerance"])


def test_levels_that_a_registered_test_uses() -> None:
    """Two looks at 0.05: .00557 and .04825; the first of five 1.17e-5 (scipy, closed form)."""
    two = spending_boundaries(information=(1, 2))
    assert two.levels == pytest.approx((0.00557, 0.04825), abs=5e-6)
    first = 2 * stats.norm.sf(stats.norm.isf(0.025) / np.sqrt([0.5, 0.2]))
    assert two.levels[0] == pytest.approx(first[0], rel=1e-12)
    five = spending_boundaries(information=(500, 1000, 1500, 2000, 2500))
    assert five.levels[0] == pytest.approx(first[1], rel=1e-12) == pytest.approx(1.17e-5, rel=5e-3)
    assert five.information == pytest.approx((0.2, 0.4, 0.6, 0.8, 1.0))


def test_the_first_of_ten_keeps_its_digits() -> None:
    """1.36e-12 of 0.025 is spent at the first of ten looks (mpmath, closed form)."""
    found = spending_boundaries(information=range(1, 11), alpha=0.025)
    assert found.alpha_spent[0] == pytest.approx(1.3612514892298917e-12, rel=1e-12)
    assert z_of(found)[0] == pytest.approx(6.991351707077417, abs=1e-9)


@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock"])
@pytest.mark.parametrize("information", [(1, 2), (1, 2, 3), (2, 3, 9, 10), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_putting_the_bounds_back_gives_what_was_spent(
    spending: Any, information: tuple[float, ...], alpha: float
) -> None:
    """In scipy's multivariate normal some look passes with alpha, and by each look with its."""
    found = spending_boundaries(information=information, alpha=alpha, spending=spending)
    shares = np.array(found.information)
    correlation = np.sqrt(np.minimum.outer(shares, shares) / np.maximum.outer(shares, shares))
    for last in range(1, len(shares) + 1):
        joint = stats.multivariate_normal(cov=correlation[:last, :last], seed=1)
        stopped = 1.0 - joint.cdf(z_of(found)[:last])
        # scipy integrates at random from three looks on, to about 1e-5.
        assert stopped == pytest.approx(found.alpha_spent[last - 1], abs=3e-5)


@settings(max_examples=60, deadline=None)
@given(looks(), st.floats(1e-4, 0.49), SPENDING)
def test_levels_and_spending_are_in_order(
    information: list[float], alpha: float, spending: Any
) -> None:
    """Spending only grows, to alpha; no level is above what is spent by then or alpha."""
    found = spending_boundaries(information=information, alpha=alpha, spending=spending)
    assert found.alpha_spent[-1] == alpha
    assert all(here < there for here, there in pairwise((0.0, *found.alpha_spent)))
    assert found.levels[0] == found.alpha_spent[0]
    for level, spent, before in zip(
        found.levels, found.alpha_spent, (0.0, *found.alpha_spent), strict=False
    ):
        # What a look adds is less than it would spend alone, and all is at most the sum.
        assert (spent - before) * (1.0 - 1e-9) <= level <= spent * (1.0 + 1e-9)


@settings(max_examples=30, deadline=None)
@given(looks(), st.floats(0.1, 1000.0), SPENDING)
def test_only_shares_of_the_information_count(
    information: list[float], factor: float, spending: Any
) -> None:
    """Contacts, thousands of contacts or shares: the levels are the same."""
    here = spending_boundaries(information=information, spending=spending)
    there = spending_boundaries(information=[factor * x for x in information], spending=spending)
    assert there.levels == pytest.approx(here.levels, rel=1e-6)


def test_one_look_has_the_whole_level() -> None:
    """A test that is read once spends all of its level then."""
    assert spending_boundaries(information=[7], alpha=0.05).levels == (0.05,)


def test_what_is_too_little_for_a_float_cannot_stop() -> None:
    """A hundredth of the information at a level of 1e-5: no p-value is that small."""
    found = spending_boundaries(information=(1, 50, 100), alpha=1e-5)
    assert found.levels[0] == found.alpha_spent[0] == 0.0
    alone = spending_boundaries(information=(50, 100), alpha=1e-5)
    assert found.levels[1:] == pytest.approx(alone.levels, rel=1e-9)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"information": ()}, "information == (), must have 1 to 20 numbers."),
        ({"information": [1] * 21}, "must have 1 to 20 numbers."),
        ({"information": (0, 1)}, "information[0] == 0.0, must be finite and > 0.0."),
        ({"information": (1, math.nan)}, "information[1] == nan, must be finite"),
        ({"information": (2, 2)}, "at least 0.01 of the last (0.02) above the one before (2.0)."),
        ({"information": (0.5, 99)}, "information[0] == 0.5, must be at least 0.01 of the last"),
        ({"alpha": 0.5}, "alpha == 0.5, must be finite and > 0.0 and < 0.5."),
        ({"spending": "linear"}, "spending == 'linear', must be one of 'obrien-fleming', 'pocock'"),
    ],
)
def test_wrong_looks_are_named(wrong: dict[str, Any], message: str) -> None:
    """A wrong argument is a ValueError with the argument, its value and the bound."""
    with pytest.raises(ValueError, match="must") as caught:
        spending_boundaries(**({"information": (1, 2)} | wrong))
    assert message in str(caught.value)


def test_bisection_ends_at_the_last_bit() -> None:
    """The last number whose square is at most 2, and the next float is not."""
    found = bisect(lambda x: x * x <= 2.0, 0.0, 2.0)
    assert found**2 <= 2.0 < math.nextafter(found, 2.0) ** 2
