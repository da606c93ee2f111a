"""What is believed of a ratio after the data: "after allowing for luck".

A prior on the control rate p and on the log ratio L (`prior.py`), the two binomial likelihoods,
and the posterior by quadrature. No sampling, so the same counts always give the same numbers.

For a given L the rate runs from 0 to the largest that keeps both rates at most 1. Written as that
limit times a logistic function of v, what is integrated falls off on both sides without a corner
anywhere, zero cells and full arms included; a further sinh stretches its tails, and then the
plain trapezoidal rule has an error that falls exponentially with the number of points. Over L,
where the integral up to any point is needed, there are panels of Gauss-Legendre points instead.

References:
    Trefethen & Weideman 2014 SIAM Review 56:385 (trapezoidal rule); Takahasi & Mori 1974
    Publications of RIMS 9:721 (sinh).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre

from icptest.stats._counts import check_counts, check_number
from icptest.stats.prior import DEFAULT_PRIOR, Prior

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats._counts import Counts

# The log density may be this far below its top before it is left out: 1e-17.
_DROP = 40.0
_PANELS, _POINTS = 12, 14
# With fewer contacts than this without the event the density has a corner at ratio 1, and with
# a wider prior it has long flat parts: then more panels are needed.
_NEARLY_FULL, _WIDE, _MORE_PANELS = 20.0, 3.0, 96
# A grid with so many points inside shows where the ends are.
_ENOUGH = 12
# Trapezoidal points of the rate, in standard deviations: up to 45 to either side, which half an
# event in both arms together needs.
_INNER = np.sinh(np.linspace(-4.5, 4.5, 73))
_INNER_WEIGHTS = np.sqrt(1.0 + _INNER * _INNER)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogRatioDensity:
    """A density of the log ratio, a polynomial on each of neighbouring panels.

    Attributes:
        edges: ends of the panels, ascending, one more than panels.
        coefficients: of each panel, those of the Legendre polynomials of its integral, from its
            left end on, over [-1, 1].
        masses: probability of each panel.
    """

    edges: tuple[float, ...]
    coefficients: tuple[tuple[float, ...], ...]
    masses: tuple[float, ...]

    def above(self, log_ratio: float) -> float:
        """Give the probability of larger log ratios."""
        if log_ratio <= self.edges[0]:
            return 1.0
        if log_ratio >= self.edges[-1]:
            return 0.0
        panel = bisect_right(self.edges, log_ratio) - 1
        left, right = self.edges[panel], self.edges[panel + 1]
        place = 2.0 * (log_ratio - left) / (right - left) - 1.0
        below = float(legendre.legval(place, self.coefficients[panel]))
        rest = self.masses[panel] - below + math.fsum(self.masses[panel + 1 :])
        return min(1.0, max(0.0, rest))

    def quantile(self, share: float) -> float:
        """Give the log ratio below which a share, in (0, 1), of the probability lies."""
        panel, below = 0, 0.0
        while panel < len(self.masses) - 1 and below + self.masses[panel] < share:
            below += self.masses[panel]
            panel += 1
        low, high = -1.0, 1.0
        for _ in range(3):
            places = np.linspace(low, high, 129)
            reached = legendre.legval(places, self.coefficients[panel]) - (share - below)
            first = min(max(int(np.searchsorted(reached, 0.0)), 1), len(places) - 1)
            low, high = float(places[first - 1]), float(places[first])
        miss, over = float(reached[first - 1]), float(reached[first])
        part = min(1.0, max(0.0, -miss / (over - miss))) if over > miss else 0.5
        place = low + part * (high - low)
        left, right = self.edges[panel], self.edges[panel + 1]
        return left + 0.5 * (place + 1.0) * (right - left)


@dataclass(frozen=True, kw_only=True, slots=True)
class Posterior:
    """What is believed of a ratio after the data.

    Attributes:
        median: as likely exceeded as not, a ratio; the "lift after allowing for luck".
        low: exceeded with probability 1/2 + confidence_level / 2, a ratio.
        high: exceeded with probability 1/2 - confidence_level / 2, a ratio.
        treatment_rate: mean of the treatment rate, in [0, 1]: of so many contacts more, this
            share is expected to have the event.
        control_rate: mean of the control rate, in [0, 1].
        confidence_level: probability between `low` and `high`.
        prior: what was believed before.
        density: the density of the log ratio behind it.
    """

    median: float
    low: float
    high: float
    treatment_rate: float
    control_rate: float
    confidence_level: float
    prior: Prior
    density: LogRatioDensity = field(repr=False)

    def prob_ratio_above(self, ratio: float) -> float:
        """Give the probability that the ratio is above a number.

        Args:
            ratio: treatment rate / control rate, above 0.

        Raises:
            ValueError: the ratio is out of bounds; the message names it and the bound.
        """
        return self.density.above(math.log(check_number("ratio", ratio, above=0.0)))


def posterior(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    prior: Prior = DEFAULT_PRIOR,
    confidence_level: float = 0.9,
) -> Posterior:
    """Give what is believed of a ratio of two rates after the data.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        prior: what was believed before.
        confidence_level: probability between `low` and `high`, in (0, 1).

    Returns:
        Median, interval, chances and mean rates; all of them exist for any counts.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against nested adaptive quadrature of scipy over both rates,
        which shares nothing with this (tests/stats/oracles/posterior.json), to 1e-9.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    if not isinstance(prior, Prior):
        msg = f"prior == {prior!r}, must be a Prior."
        raise ValueError(msg)  # noqa: TRY004 - one error type for all bad input
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    integrand = _Integrand.of(counts, prior)
    edges = integrand.panels()
    points, weights, to_integral = _gauss()
    half = np.diff(edges) / 2.0
    logs = ((edges[:-1] + edges[1:]) / 2.0)[:, None] + half[:, None] * points
    heights, control_means = integrand.over_rates(logs.ravel())
    heights = heights.reshape(logs.shape) * half[:, None]
    control_means = control_means.reshape(logs.shape)
    shares = heights * weights
    total = float(shares.sum())
    density = LogRatioDensity(
        edges=tuple(edges.tolist()),
        coefficients=tuple(map(tuple, (heights / total @ to_integral).tolist())),
        masses=tuple((shares.sum(axis=1) / total).tolist()),
    )
    tail = (1.0 - level) / 2.0
    return Posterior(
        median=math.exp(density.quantile(0.5)),
        low=math.exp(density.quantile(tail)),
        high=math.exp(density.quantile(1.0 - tail)),
        treatment_rate=min(1.0, float((shares * control_means * np.exp(logs)).sum()) / total),
        control_rate=min(1.0, float((shares * control_means).sum()) / total),
        confidence_level=level,
        prior=prior,
        density=density,
    )


@dataclass(frozen=True, slots=True)
class _Integrand:
    """The joint density of log ratio and control rate, up to a factor.

    p^(control - 1) (1 - p)^control_left (r p)^treatment (1 - r p)^treatment_left for the ratio r,
    times the normal density of log r.
    """

    control: float
    control_left: float
    treatment: float
    treatment_left: float
    sd: float

    @classmethod
    def of(cls, counts: Counts, prior: Prior) -> _Integrand:
        a, b = prior.control
        return cls(
            a + counts.control_events,
            b - 1.0 + counts.control_total - counts.control_events,
            float(counts.treatment_events),
            float(counts.treatment_total - counts.treatment_events),
            prior.log_lift_sd,
        )

    def _tops(
        self, logs: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give the likeliest share s of the largest possible rate, the density there, its bend.

        With k = exp(-|log ratio|), the larger rate is s and the smaller k s, and the density in
        v = log(s / (1 - s)) is s^all (1 - s)^larger_left (1 - k s)^smaller_left.
        """
        every = self.control + self.treatment
        larger_left, smaller_left = self._left(logs)
        k = np.exp(-np.abs(logs))
        # The smaller root of a quadratic, without differences; as in score.py.
        ahead, behind = every + larger_left, k * (every + smaller_left)
        root = np.sqrt((ahead - behind) ** 2 + 4.0 * k * larger_left * smaller_left)
        s = 2.0 * every / (ahead + behind + root)
        s = np.minimum(s, every / ahead)
        rest = 1.0 - s
        odds = k * s / (1.0 - k * s)
        bend = ahead * s * rest + smaller_left * rest * odds * (rest - s + odds * rest)
        height = (
            every * np.log(s)
            + larger_left * np.log(rest)
            + smaller_left * np.log1p(-k * s)
            + self._outside(logs)
        )
        return s, height, bend

    def _left(self, logs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the powers of 1 - (larger rate), ds = s (1 - s) dv counted in, and of the other."""
        up = logs > 0.0
        larger = np.where(up, self.treatment_left, self.control_left) + 1.0
        smaller = np.where(up, self.control_left, self.treatment_left)
        return larger, smaller

    def _outside(self, logs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the part of the log density that depends on the ratio alone."""
        scaled = logs / self.sd
        out: NDArray[np.float64] = (
            np.where(logs > 0.0, -self.control * logs, self.treatment * logs)
            - 0.5 * scaled * scaled
        )
        return out

    def over_rates(
        self, logs: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Integrate over the control rate at each log ratio; give its mean there too."""
        s, height, bend = self._tops(logs)
        width = 1.0 / np.sqrt(np.maximum(bend, 0.05))
        v = np.log(s / (1.0 - s))[:, None] + width[:, None] * _INNER
        log_s = np.minimum(v, 0.0) - np.log1p(np.exp(-np.abs(v)))
        share = np.exp(log_s)
        k = np.exp(-np.abs(logs))[:, None]
        larger_left, smaller_left = self._left(logs)
        every = self.control + self.treatment
        density = (every + larger_left)[:, None] * log_s
        density -= larger_left[:, None] * v
        density += smaller_left[:, None] * np.log1p(-k * share)
        density += (self._outside(logs) - height.max())[:, None]
        np.exp(density, out=density)
        density *= _INNER_WEIGHTS
        sums = density.sum(axis=1)
        means = (density * share).sum(axis=1) / np.where(sums > 0.0, sums, 1.0)
        # The share is of the larger rate; the control rate is the smaller one above ratio 1.
        return sums * width, means * np.exp(-np.maximum(logs, 0.0))

    def panels(self) -> NDArray[np.float64]:
        """Give ends of panels that cover all log ratios with any probability to speak of.

        The density falls off on both sides of one top (its logarithm is concave, or nearly), so
        that a grid around the best point so far closes in on where it has fallen far enough. The
        rates lie in different ranges above and below ratio 1, so an end is put there.
        """
        low, high = -9.5 * self.sd, 9.5 * self.sd
        while True:
            logs = np.linspace(low, high, 65)
            _, height, bend = self._tops(logs)
            height = height - 0.5 * np.log(bend)
            inside = np.flatnonzero(height >= height.max() - _DROP)
            first, last = int(inside[0]), int(inside[-1])
            reach = high - low
            if first == 0:
                low -= reach
            if last == len(logs) - 1:
                high += reach
            if first == 0 or last == len(logs) - 1:
                continue
            low, high = float(logs[first - 1]), float(logs[last + 1])
            if last - first >= _ENOUGH:
                break
        unusual = self.sd > _WIDE or self.control_left + self.treatment_left < _NEARLY_FULL
        panels = _MORE_PANELS if unusual else _PANELS
        if not low < 0.0 < high:
            return np.linspace(low, high, panels + 1)
        left = min(max(round(panels * -low / (high - low)), 1), panels - 1)
        below = np.linspace(low, 0.0, left + 1)
        return np.concatenate((below, np.linspace(0.0, high, panels - left + 1)[1:]))


@cache
def _gauss() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give Gauss-Legendre points, weights, and the matrix from heights to their integral."""
    points, weights = legendre.leggauss(_POINTS)
    order = np.arange(_POINTS) + 0.5
    to_density = weights[:, None] * legendre.legvander(points, _POINTS - 1) * order
    return points, weights, to_density @ legendre.legint(np.eye(_POINTS), lbnd=-1, axis=1)
