"""How much of the level each look at a growing test may use.

Who looks several times and stops at the first p-value below the level is wrong more often than
the level says. Lan and DeMets fix in advance what share of the level may have been spent by the
time a share of the information is in; the bound of each look then follows from the joint normal
distribution of the statistics at the looks, by integrating over what has not stopped before.

References:
    Lan & DeMets 1983 Biometrika 70:659; O'Brien & Fleming 1979 Biometrics 35:549; Pocock 1977
    Biometrika 64:191; Armitage, McPherson & Rowe 1969 JRSS A 132:235 (the recursion); Jennison &
    Turnbull 2000, Group Sequential Methods, chapters 7 and 19.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.polynomial import legendre

from icptest.stats._bisection import bisect
from icptest.stats._counts import check_choice, check_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Spending = Literal["obrien-fleming", "pocock"]
_SPENDING = ("obrien-fleming", "pocock")
# What the integration is made for: looks this many, and this far apart as shares of the whole.
_MOST_LOOKS, _CLOSEST = 20, 0.01
# Gauss-Legendre points on panels as long as one standard deviation of the step to the next look.
_POINTS = 12
# Standard deviations after which nothing is left: on the lower side of what goes on, 1e-19 of a
# chance; on the upper side of anything that a float can hold.
_LOWEST, _HIGHEST = 9.0, 38.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendingBoundaries:
    """What the looks of a test may use of its level.

    Attributes:
        alpha_spent: how much of the level may have been used up to each look, that one included;
            the last is alpha.
        levels: what the one-sided p-value of each look, of all data up to then, may be at most
            for stopping.
        information: information at each look as a share of that at the last, in (0, 1].
        alpha: one-sided level of all looks together.
        spending: the spending function.
    """

    alpha_spent: tuple[float, ...]
    levels: tuple[float, ...]
    information: tuple[float, ...]
    alpha: float
    spending: Spending


def spending_boundaries(
    *,
    information: Sequence[float],
    alpha: float = 0.05,
    spending: Spending = "obrien-fleming",
) -> SpendingBoundaries:
    """Share a one-sided level between the looks of a test.

    With t the share of the information, by t may have been spent

        obrien-fleming: 2 (1 - Phi(z / sqrt(t))), z the normal quantile of 1 - alpha / 2: next to
            nothing early, so that the last look uses nearly the level of a single one;
        pocock: alpha log(1 + (e - 1) t): about evenly.

    Args:
        information: what is known at each look, ascending, in any unit: contacts per arm, say,
            or 1, 2, 3. Only the shares of the last count; at most 20 looks, each at least 0.01 of
            the last after the one before.
        alpha: one-sided level of all looks together, in (0, 0.5).
        spending: the spending function.

    Returns:
        Levels and what is spent. A level is 0.0, and that look cannot stop, only where what
        may be spent is too small for a float.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against R gsDesign 3.10.1, rpact 3.3.4 and ldbounds 2.0.2
        (tests/stats/oracles/spending.json), and by putting the bounds back into scipy's
        multivariate normal distribution.
    """
    shares = _check_information(information)
    level = check_number("alpha", alpha, above=0.0, below=0.5)
    check_choice("spending", spending, _SPENDING)
    spent = [_spent(share, level, spending) for share in shares[:-1]] + [level]
    return SpendingBoundaries(
        alpha_spent=tuple(spent),
        levels=tuple(_levels(shares, spent)),
        information=tuple(shares),
        alpha=level,
        spending=spending,
    )


def _check_information(information: Sequence[float]) -> list[float]:
    """Check the looks and give their shares of the last."""
    if not 1 <= len(information) <= _MOST_LOOKS:
        msg = f"information == {information!r}, must have 1 to {_MOST_LOOKS} numbers."
        raise ValueError(msg)
    numbers = [
        check_number(f"information[{place}]", value, above=0.0)
        for place, value in enumerate(information)
    ]
    least = _CLOSEST * numbers[-1]
    for place, (before, here) in enumerate(pairwise([0.0, *numbers])):
        # A look that is a hundredth after the one before may miss it by rounding.
        if here - before < least * (1.0 - 1e-9):
            msg = (
                f"information[{place}] == {here!r}, must be at least {_CLOSEST} of the last "
                f"({least!r}) above the one before ({before!r})."
            )
            raise ValueError(msg)
    return [number / numbers[-1] for number in numbers]


def _spent(share: float, alpha: float, spending: Spending) -> float:
    """Give what may be spent by a share of the information."""
    if spending == "pocock":
        return alpha * math.log1p((math.e - 1.0) * share)
    return 2.0 * _tail(-NormalDist().inv_cdf(alpha / 2.0) / math.sqrt(share))


def _tail(z: float) -> float:
    """Give the probability of a standard normal above z, its digits kept when it is tiny."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def _levels(shares: list[float], spent: list[float]) -> list[float]:
    """Give the nominal level of each look.

    Followed is the sum of normal steps (a Brownian motion seen at the looks) whose value at a
    look, divided by the root of the information there, is the look's statistic.
    """
    levels = []
    # All that has not stopped: values of the sum, and probability at each.
    places, weights = np.zeros(1), np.ones(1)
    for look, (share, goal) in enumerate(zip(shares, np.diff([0.0, *spent]), strict=True)):
        root = math.sqrt(share)
        step = math.sqrt(share - (shares[look - 1] if look else 0.0))
        bound = _bound(places, weights, step, float(goal), root)
        # Nothing was stopped before the first look: its level is what it may spend.
        later = _tail(bound / root) if bound < _HIGHEST * root else 0.0
        levels.append(later if look else float(goal))
        if look + 1 < len(shares):
            next_step = math.sqrt(shares[look + 1] - share)
            ahead, width = _panels(-_LOWEST * root, bound, min(step, next_step))
            moves = (ahead[:, None] - places) / step
            density = np.exp(-0.5 * moves * moves) @ weights / (step * math.sqrt(2.0 * math.pi))
            places, weights = ahead, density * width
    return levels


def _bound(
    places: NDArray[np.float64],
    weights: NDArray[np.float64],
    step: float,
    goal: float,
    root: float,
) -> float:
    """Find the bound that the sum passes with probability `goal` in the next step."""

    def passes_more(bound: float) -> bool:
        tails = np.array([_tail(gap) for gap in ((bound - places) / step).tolist()])
        return float(tails @ weights) > goal

    highest = _HIGHEST * root
    if goal <= 0.0 or passes_more(highest):
        return highest
    return bisect(passes_more, -_LOWEST * root, highest)


def _panels(
    low: float, high: float, longest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give Gauss-Legendre points and weights on [low, high], on panels not longer than asked."""
    points, weights = legendre.leggauss(_POINTS)
    edges = np.linspace(low, high, math.ceil((high - low) / longest) + 1)
    half = np.diff(edges)[:, None] / 2.0
    middle = (edges[:-1] + edges[1:])[:, None] / 2.0
    return (middle + half * points).ravel(), (half * weights).ravel()
