"""What many tests say of the ratio: its mean, how far true ratios spread, and by group of tests.

Random effects: each test has a true log ratio of its own, normal around a mean. The likelihood is
exact in the counts (`_marginal.py`); mean and spread have weak priors, and every interval is one
of the posterior, on a grid, so that not knowing the spread widens it. With two or three tests the
likelihood is often highest at no spread at all, and an interval that took that for the truth
would be far too narrow.

A group (the tests that had a property) has a mean of its own, believed to lie near that of the
other tests: how near is integrated over too. That is what draws a group of few tests to the rest.
Which group looks best is another question, because the best of many looks good by luck. It is
answered by exchanging the results between the tests: how often would the best group look as good?

References:
    Stijnen, Hamza & Ozdemir 2010 Statistics in Medicine 29:3046; Friede, Roever, Wandel &
    Neuenschwander 2017 Research Synthesis Methods 8:79 (half-normal prior of the spread, few
    studies); Westfall & Young 1993 (the best of many, by permutation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.legendre import leggauss

from icptest.stats._counts import Counts, check_number
from icptest.stats._marginal import LOGS, kernel, log_marginals
from icptest.stats.strata import Stratum

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MEAN_SD = 1.0
"""Prior of the mean log ratio: normal around 0; 95 of 100 between 0.14 and 7."""
SPREAD_SCALE = 0.5
"""Prior of the spread between tests: half normal, so that its median is 0.34."""
GROUP_SCALE = 0.35
"""Prior of how far a group's mean lies from that of the other tests: half normal likewise."""
_FIRST, _LAST = 40, 201
"""The means, among the log ratios: -4 to 4."""
_WIDEST, _SPREADS = 2.0, 16
_GROUP_SPREADS = 16
_SHUFFLES = 1999
_FEWEST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PooledEffect:
    """The mean ratio of many tests.

    Attributes:
        median: as likely exceeded as not.
        low: lower end of the interval of the mean ratio.
        high: its upper end.
        next_low: lower end of the interval for the true ratio of one test more.
        next_high: its upper end.
        spread: standard deviation of true log ratios between tests, its posterior mean.
        spread_around_one: the same around ratio 1 instead of the mean: the `log_lift_sd` of a
            `Prior`; 0.5 before there is any test.
        confidence_level: probability between the ends.
        studies: how many tests; those without events count and say nothing.
    """

    median: float
    low: float
    high: float
    next_low: float
    next_high: float
    spread: float
    spread_around_one: float
    confidence_level: float
    studies: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupEffect:
    """The mean ratio of a group of tests, drawn to that of the others.

    Attributes:
        median: as likely exceeded as not.
        low: lower end of the interval of the mean ratio.
        high: its upper end.
        p_adjusted: how often the best of all groups would stand out by this much if no group did;
            None where all tests or none are in the group.
        studies: how many tests are in it.
    """

    median: float
    low: float
    high: float
    p_adjusted: float | None
    studies: int


def pool_effects(*, studies: Sequence[Stratum], confidence_level: float = 0.9) -> PooledEffect:
    """Pool the ratios of tests.

    Args:
        studies: counts of both arms of each test; there may be none.
        confidence_level: probability between the ends, in (0, 1).

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. The likelihood is checked against the published fit of Stijnen et al.
        (Table VIII), the posterior against adaptive quadrature of scipy.
    """
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    return _Surface.of(studies).pooled(level)


def group_effects(
    *,
    studies: Sequence[Stratum],
    groups: Sequence[Sequence[int]],
    confidence_level: float = 0.9,
) -> tuple[GroupEffect, ...]:
    """Give the ratio of groups of tests, and whether the best stands out from the rest.

    Args:
        studies: counts of both arms of each test.
        groups: of each group the places of its tests; a test may be in several.
        confidence_level: probability between the ends, in (0, 1).

    Returns:
        The groups in the order given. The p-values come of exchanging results 1,999 times with a
        fixed seed: the same input always gives the same.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    surface = _Surface.of(studies)
    inside = np.zeros((len(groups), len(studies)), dtype=bool)
    for place, group in enumerate(groups):
        for study in group:
            if not 0 <= study < len(studies):
                msg = f"groups[{place}] has {study}, must be >= 0 and < {len(studies)}."
                raise ValueError(msg)
            inside[place, study] = True
    p_values = _stand_out(surface.scores(), inside)
    return tuple(
        surface.group(mask, p_value, level) for mask, p_value in zip(inside, p_values, strict=True)
    )


def studies_needed(
    *, studies: Sequence[Stratum], factor: float, confidence_level: float = 0.9
) -> int:
    """Give about how many tests like these tell their mean ratio to within a factor.

    Args:
        studies: the tests to go by, at least one.
        factor: how far the ends may lie from the middle, above 1: 1.5 is 1.5x either way.
        confidence_level: probability between the ends, in (0, 1).

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    width = math.log(check_number("factor", factor, above=1.0))
    if not studies:
        msg = "studies == (), must have at least one."
        raise ValueError(msg)
    surface = _Surface.of(studies)
    # Half an event more on each side: a test without any still tells next to nothing.
    within = sum(
        1.0 / (one.treatment_events + 0.5) + 1.0 / (one.control_events + 0.5) for one in studies
    ) / len(studies)
    spread = surface.pooled(level).spread
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    return max(_FEWEST, math.ceil((z / width) ** 2 * (within + spread * spread)))


@dataclass(frozen=True, slots=True)
class _Surface:
    """Log likelihoods of the tests over a grid of means and spreads."""

    logs: NDArray[np.float64]
    studies: int

    @classmethod
    def of(cls, studies: Sequence[Stratum]) -> _Surface:
        return cls(log_marginals(tables_of(studies), _kernels()), len(studies))

    def pooled(self, level: float) -> PooledEffect:
        """Give mean and spread of all tests."""
        means, spreads, log_weights = _grid()
        total = self.logs.sum(axis=0)
        joint = _normalised(total + _log_prior(means) + log_weights[:, None])
        of_mean, of_spread = joint.sum(axis=0), joint.sum(axis=1)
        # One test more: its own deviation added to every mean, by the spread that goes with it.
        of_next = joint.ravel() @ _kernels().reshape(-1, len(LOGS))
        low, median, high = _quantiles(of_mean, means, level)
        next_low, _, next_high = _quantiles(of_next, LOGS, level)
        return PooledEffect(
            median=median,
            low=low,
            high=high,
            next_low=next_low,
            next_high=next_high,
            spread=float(of_spread @ spreads),
            spread_around_one=self._around_one(total),
            confidence_level=level,
            studies=self.studies,
        )

    def _around_one(self, total: NDArray[np.float64]) -> float:
        """Give the spread around ratio 1: log normal around 0.5 before, geometric mean after."""
        _, spreads, _ = _grid()
        _, weights = leggauss(_SPREADS)
        logs = np.log(spreads)
        before = -0.5 * ((logs - math.log(0.5)) / 0.5) ** 2 - logs + np.log(weights)
        share = _normalised(total[:, (_LAST - _FIRST) // 2] + before)
        return math.exp(float(share @ logs))

    def scores(self) -> NDArray[np.float64]:
        """Give each test's slope of the log likelihood in the mean, where the mean is likely."""
        means, _, log_weights = _grid()
        joint = _normalised(self.logs.sum(axis=0) + _log_prior(means) + log_weights[:, None])
        slopes = np.gradient(self.logs, means, axis=2)
        out: NDArray[np.float64] = (slopes * joint).sum(axis=(1, 2))
        return out

    def group(self, mask: NDArray[np.bool_], p_value: float | None, level: float) -> GroupEffect:
        """Give the mean of a group of tests."""
        means, _, log_weights = _grid()
        own = self.logs[mask].sum(axis=0)
        others = self.logs[~mask].sum(axis=0) + _log_prior(means)
        if not mask.all():
            # All means of the others that are likely, each with what it makes of the group's.
            top = others.max(axis=1, keepdims=True)
            others = np.log(np.maximum(np.exp(others - top) @ _near(), 1e-300)) + top
        of_mean = _normalised(own + others + log_weights[:, None]).sum(axis=0)
        low, median, high = _quantiles(of_mean, means, level)
        return GroupEffect(
            median=median, low=low, high=high, p_adjusted=p_value, studies=int(mask.sum())
        )


def tables_of(studies: Iterable[Stratum]) -> list[Counts]:
    """Check tests, and give their counts.

    Raises:
        ValueError: one is no `Stratum`, or has an arm without contacts.
    """
    tables = []
    for place, study in enumerate(studies):
        if not isinstance(study, Stratum):
            msg = f"studies[{place}] == {study!r}, must be a Stratum."
            raise ValueError(msg)  # noqa: TRY004 - one error type for all bad input
        if not study.treatment_total or not study.control_total:
            msg = f"studies[{place}] == {study!r}, must have contacts in both arms."
            raise ValueError(msg)
        tables.append(
            Counts(
                treatment_events=study.treatment_events,
                treatment_total=study.treatment_total,
                control_events=study.control_events,
                control_total=study.control_total,
            )
        )
    return tables


def _stand_out(scores: NDArray[np.float64], inside: NDArray[np.bool_]) -> list[float | None]:
    """Give how often the best group of exchanged results stands out as much as each group does."""
    n_in = inside.sum(axis=1)
    n_all = len(scores)
    comparable = (n_in > 0) & (n_in < n_all)
    if not comparable.any():
        return [None] * len(inside)
    weights = inside[comparable] / np.sqrt(n_in * (n_all - n_in) / max(n_all, 1))[comparable, None]
    centred = scores - scores.mean()
    seen = weights @ centred
    shuffled = np.random.default_rng(1).permuted(
        np.broadcast_to(centred, (_SHUFFLES, n_all)), axis=1
    )
    # A hair is given back: an exchange that changes nothing must count as reaching.
    best = (shuffled @ weights.T).max(axis=1) + 1e-9 * (np.abs(centred).max() + 1e-300)
    reached = iter((1 + (best[:, None] >= seen).sum(axis=0)) / (1 + _SHUFFLES))
    return [float(next(reached)) if one else None for one in comparable]


@cache
def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give means, spreads, and the logs of the spreads' weights by their prior."""
    points, weights = leggauss(_SPREADS)
    spreads = _WIDEST * (points + 1.0) / 2.0
    log_weights = np.log(weights) - 0.5 * (spreads / SPREAD_SCALE) ** 2
    return LOGS[_FIRST:_LAST], spreads, log_weights


@cache
def _kernels() -> NDArray[np.float64]:
    """Give the chances of a test's log ratio, by spread and mean."""
    means, spreads, _ = _grid()
    return np.stack([kernel(means, float(spread)) for spread in spreads])


@cache
def _near() -> NDArray[np.float64]:
    """Give the chances of a group's mean, one row for each mean of the others."""
    means, _, _ = _grid()
    points, weights = leggauss(_GROUP_SPREADS)
    spreads = 2.0 * GROUP_SCALE * (points + 1.0)
    shares = weights * np.exp(-0.5 * (spreads / GROUP_SCALE) ** 2)
    near: NDArray[np.float64] = sum(
        share * kernel(means, float(spread))
        for share, spread in zip(shares / shares.sum(), spreads, strict=True)
    )[:, _FIRST:_LAST]
    return near


def _log_prior(means: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = -0.5 * (means / MEAN_SD) ** 2
    return out


def _normalised(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.exp(logs - logs.max())
    out: NDArray[np.float64] = shares / shares.sum()
    return out


def _quantiles(
    shares: NDArray[np.float64], logs: NDArray[np.float64], level: float
) -> tuple[float, float, float]:
    """Give low end, median and high end, as ratios."""
    # Each share lies around its point: half of it is reached there.
    reached = np.clip(np.cumsum(shares) - 0.5 * shares, 1e-15, 1.0 - 1e-15)
    tail = (1.0 - level) / 2.0
    low, median, high = (math.exp(_reach(share, reached, logs)) for share in (tail, 0.5, 1 - tail))
    return low, median, high


def _reach(share: float, reached: NDArray[np.float64], logs: NDArray[np.float64]) -> float:
    """Give where a share is reached, between points on the scale of a normal deviate.

    What is believed is nearly normal, so that on this scale the line between points is nearly
    straight.
    """
    normal = NormalDist()
    last = min(max(int(np.searchsorted(reached, share)), 1), len(logs) - 1)
    left, right = (normal.inv_cdf(float(reached[place])) for place in (last - 1, last))
    part = (normal.inv_cdf(share) - left) / (right - left) if right > left else 0.5
    return float(logs[last - 1] + part * (logs[last] - logs[last - 1]))
