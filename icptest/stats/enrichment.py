"""How surprising it is that many of a few drawn from many have a trait.

A finite population of which some members have the trait, and a sample without replacement: the
number in the sample is hypergeometric. Where the sample stands beside the population instead of
in it, the population is both together, and the test is Fisher's exact test, one-sided.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_count, check_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def enrichment_tails(
    *, population: ArrayLike, having: ArrayLike, drawn: int
) -> NDArray[np.float64]:
    """Give the chance that at least so many of a sample have a trait, for many traits at once.

    Args:
        population: members of the population, at least `drawn`; one number, or one per trait.
        having: members with the trait; one number per trait, 0 to `population`.
        drawn: members in the sample.

    Returns:
        One row per trait, and in it P(X >= x) for x = 0 to `drawn`; 0 where x cannot happen.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Fisher 1935 The Design of Experiments. Checked against scipy.stats.hypergeom.sf.
    """
    n = check_count("drawn", drawn)
    traits = np.atleast_1d(np.asarray(having, dtype=np.int64))
    members = np.broadcast_to(np.asarray(population, dtype=np.int64), traits.shape)
    if members.size and int(members.min()) < n:
        msg = f"population == {int(members.min())}, must be >= drawn == {n}."
        raise ValueError(msg)
    if bool(np.any((traits < 0) | (traits > members))):
        msg = "having must be in [0, population] for every trait."
        raise ValueError(msg)
    # log of K (K-1) ... (K-x+1) for x = 0 to n, of those with the trait and of those without.
    steps = np.arange(n, dtype=np.float64)
    with_trait = _falling(traits, steps)
    without = _falling(members - traits, steps)
    whole = _falling(members, steps)[:, -1:]
    ways = np.array([math.log(math.comb(n, x)) for x in range(n + 1)])
    chances = np.exp(ways + with_trait + without[:, ::-1] - whole)
    tails = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1]
    tails[:, 0] = 1.0
    capped: NDArray[np.float64] = np.minimum(tails, 1.0)
    return capped


def _falling(numbers: NDArray[np.int64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    left = np.maximum(numbers[:, None] - steps, 0.0)
    with np.errstate(divide="ignore"):
        logs = np.log(left)
    return np.concatenate((np.zeros((len(numbers), 1)), np.cumsum(logs, axis=1)), axis=1)


def association_tail(*, both: int, first: int, second: int, total: int, odds: float = 1.0) -> float:
    """Give the chance that so many have two traits together, given how many have each.

    Args:
        both: members of the sample with both traits.
        first: members with the first.
        second: members with the second.
        total: members of the sample, at least 1.
        odds: odds ratio of the two traits under the null, above 0; 1: they have nothing to do
            with each other.

    Returns:
        P(X >= both) of Fisher's noncentral hypergeometric distribution, in [0, 1].

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Fisher 1935 JRSS 98:39; Fog 2008 Communications in Statistics 37:241. Checked against
        scipy.stats.nchypergeom_fisher.sf.
    """
    n = check_count("total", total, at_least=1)
    a, b, x = check_count("first", first), check_count("second", second), check_count("both", both)
    ratio = check_number("odds", odds, above=0.0)
    lowest, highest = max(0, a + b - n), min(a, b)
    if a > n or b > n or not lowest <= x <= highest:
        msg = f"both == {x}, first == {a}, second == {b}, total == {n}: no such table."
        raise ValueError(msg)
    logs = np.array(
        [
            math.log(math.comb(a, i) * math.comb(n - a, b - i)) + i * math.log(ratio)
            for i in range(lowest, highest + 1)
        ]
    )
    weights = np.exp(logs - logs.max())
    return min(1.0, float(weights[x - lowest :].sum() / weights.sum()))
