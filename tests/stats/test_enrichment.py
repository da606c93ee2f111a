"""Hypergeometric tails against scipy, and what has to hold of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom, nchypergeom_fisher

from icptest.stats import association_tail, enrichment_tails


@pytest.mark.parametrize(
    ("population", "having", "drawn"),
    [(40, 12, 15), (85, 0, 15), (85, 85, 15), (20, 3, 20), (1_000_000, 310_000, 15), (9, 4, 0)],
)
def test_tails_agree_with_scipy(population: int, having: int, drawn: int) -> None:
    """Every number in the sample, those that cannot happen included."""
    found = enrichment_tails(population=population, having=[having], drawn=drawn)[0]
    known = hypergeom.sf(np.arange(drawn + 1) - 1, population, having, drawn)
    # Sums of logarithms of a million: their rounding is near 1e-10.
    assert found == pytest.approx(known, rel=1e-8, abs=1e-300)


def test_twelve_of_fifteen_against_31_percent() -> None:
    """By hand, binomially: C(15,12) .31^12 .69^3 + ... = 1.31e-4 in a market that is large."""
    found = enrichment_tails(population=10**9, having=[310_000_000], drawn=15)[0, 12]
    terms = ((455, 12, 3), (105, 13, 2), (15, 14, 1), (1, 15, 0))
    assert found == pytest.approx(sum(n * 0.31**a * 0.69**b for n, a, b in terms), rel=1e-5)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 20))
def test_tails_fall_from_one(population: int, having: int, drawn: int) -> None:
    """At least none is certain, and more is never likelier."""
    having, drawn = min(having, population), min(drawn, population)
    found = enrichment_tails(population=population, having=[having], drawn=drawn)[0]
    assert found[0] == 1.0
    assert bool(np.all(np.diff(found) <= 0.0))
    assert bool(np.all(found[min(having, drawn) + 1 :] == 0.0))


@pytest.mark.parametrize("odds", [0.3, 1.0, 2.5])
def test_association_agrees_with_scipy(odds: float) -> None:
    """Two traits in a sample of 12 of which 7 and 8 have one; at least 3 have both."""
    found = [association_tail(both=x, first=7, second=8, total=12, odds=odds) for x in range(3, 8)]
    known = nchypergeom_fisher.sf(np.arange(3, 8) - 1, 12, 7, 8, odds)
    assert found == pytest.approx(known)


def test_bad_counts_are_refused() -> None:
    """More than there are cannot be drawn, have a trait, or have both."""
    with pytest.raises(ValueError, match="population == 3"):
        enrichment_tails(population=3, having=[1], drawn=4)
    with pytest.raises(ValueError, match="having"):
        enrichment_tails(population=3, having=[4], drawn=2)
    with pytest.raises(ValueError, match="no such table"):
        association_tail(both=5, first=4, second=6, total=9)
