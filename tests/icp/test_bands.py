"""Bands of numbers: their cuts are round, and a band holds what its range holds."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from icptest.icp.bands import Bands, cut_points
from icptest.icp.ranges import Range

NUMBERS = st.lists(
    st.floats(-1e6, 1e9, allow_nan=False) | st.integers(0, 3000).map(float), min_size=1, max_size=60
)


def test_cuts_are_round_and_few() -> None:
    """Employees are cut by their first figure, founding years by fives."""
    rng = np.random.default_rng(1)
    sizes = cut_points(np.floor(rng.lognormal(4.5, 1.5, 10_000)))
    assert {20.0, 50.0, 100.0, 200.0, 500.0} <= set(sizes)
    assert len(sizes) <= 16
    years = cut_points(rng.integers(1980, 2025, 1000).astype(float))
    assert {year % 5 for year in years} == {0.0}


def test_few_numbers_are_cut_at_each() -> None:
    """A score from 1 to 5 has five cuts."""
    assert cut_points(np.array([1.0, 2.0, 5.0, 3.0, 4.0, 1.0, math.nan])) == [1, 2, 3, 4, 5]
    assert cut_points(np.array([math.nan])) == []


def test_ranges_of_the_lists_are_not_cut_apart() -> None:
    """Where a provider writes "51-200", a cut at 100 would mean nothing."""
    assert cut_points(np.array([125.0]), ends=(51.0, 200.0, math.inf)) == [51, 200]


@given(NUMBERS)
def test_a_band_holds_what_its_range_holds(values: list[float]) -> None:
    """Both ends included, as `icp match` judges them."""
    numbers = np.array(values)
    bands = Bands(cut_points(numbers))
    held = bands.by_place()
    for value, place in zip(values, bands.places(numbers).tolist(), strict=True):
        one = Range(low=value, high=value)
        assert [n for n, span in enumerate(bands.ranges) if span.holds(one)] == sorted(held[place])


def test_growth_has_no_upper_end() -> None:
    """A profile asks for "20 % or more", never for less."""
    spans = Bands([10.0, 20.0], open_above=True).ranges
    assert spans == [Range(low=10, high=math.inf), Range(low=20, high=math.inf)]
