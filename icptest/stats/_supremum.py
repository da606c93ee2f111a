"""The largest probability of a staircase over the border of the null.

The probability is a sum of binomial terms and, measured in standard deviations, bends no faster
than a normal curve. A grid that is even in standard deviations (the arcsine scale) therefore
cannot step over a maximum; a grid even in the rate, as peers use, can and does at low rates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats._tables import Arms, Border, Staircase, Table

# Grid points per standard deviation, both arms' deviations added.
_PER_DEVIATION = 3.0
# A maximum between two grid points exceeds them by a few per cent at most; this is what a local
# maximum may lack on the coarse grid and still be looked at closely.
_NEAR_TOP = 0.85
_CLOSER = 9
_ROUNDS = 3
# Rounding of a sum of binomial terms, added to what is called proved.
_ROUNDING = 1e-12
# The windows of counts leave out 1e-20: a value below this is "zero" and has no shape to refine.
_UNRESOLVED = 1e-17
_MOST_EVALUATIONS = 400_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Supremum:
    """The largest value found and the control rate where it was found."""

    value: float
    control_rate: float


def grid(arms: Arms, border: Border, per_deviation: float = _PER_DEVIATION) -> NDArray[np.float64]:
    """Give control rates over the border, evenly spaced in standard deviations."""
    larger = max(1.0, border.ratio)
    turn = np.linspace(
        math.asin(math.sqrt(min(1.0, border.low * larger))),
        math.asin(math.sqrt(min(1.0, border.high * larger))),
        65,
    )
    rates = np.clip(np.sin(turn) ** 2 / larger, border.low, border.high)
    deviations = 2.0 * math.sqrt(arms.control_total) * np.arcsin(np.sqrt(rates))
    deviations += (
        2.0
        * math.sqrt(arms.treatment_total)
        * np.arcsin(np.sqrt(np.minimum(1.0, border.ratio * rates)))
    )
    length = float(deviations[-1] - deviations[0])
    if length < 1e-6:  # noqa: PLR2004 - a millionth of a deviation: one point
        return np.array([border.low, border.high])
    points = max(9, math.ceil(per_deviation * length) + 1)
    even = np.interp(np.linspace(deviations[0], deviations[-1], points), deviations, turn)
    out: NDArray[np.float64] = np.sin(even) ** 2 / larger
    out[0], out[-1] = border.low, border.high
    return np.clip(out, border.low, border.high)


def on_border(
    table: Table, stairs: Staircase, ratio: float, rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the probability of a staircase at control rates on the border of the null."""
    return table.probability(stairs, rates, np.minimum(1.0, ratio * rates))


def border_staircase(table: Table, ratios: tuple[float, float], border: Border) -> Staircase:
    """Give the staircase of a range of ratios over the counts that matter on a border."""
    return table.staircase(
        ratios,
        (border.low, border.high),
        (min(1.0, border.ratio * border.low), min(1.0, border.ratio * border.high)),
    )


def supremum(
    table: Table, stairs: Staircase, border: Border, *, beyond: float | None = None
) -> Supremum:
    """Find the largest probability of a staircase over a border.

    Args:
        table: the observed table.
        stairs: the tables summed.
        border: the rates searched.
        beyond: when only the side of this value matters, stop as soon as it is clear.

    Returns:
        The largest value found, with its control rate.
    """
    rates = grid(table.arms, border)
    values = on_border(table, stairs, border.ratio, rates)
    best = int(np.argmax(values))
    found = Supremum(value=float(values[best]), control_rate=float(rates[best]))
    if beyond is not None and not _NEAR_TOP * beyond < found.value <= beyond:
        return found
    if found.value < _UNRESOLVED:
        return found
    padded = np.concatenate(([-1.0], values, [-1.0]))
    peaks = np.flatnonzero(
        (values >= padded[:-2]) & (values >= padded[2:]) & (values >= _NEAR_TOP * found.value)
    )
    # A plateau (everything is 1, or rounding noise around one value) is not many maxima.
    peaks = peaks[np.argsort(values[peaks])[::-1][:12]]
    peaks.sort()
    left = rates[np.maximum(peaks - 1, 0)]
    right = rates[np.minimum(peaks + 1, len(rates) - 1)]
    for _ in range(_ROUNDS):
        closer = np.linspace(left, right, _CLOSER, axis=1)
        order = np.argsort(closer, axis=None)
        flat = np.empty(closer.size)
        flat[order] = on_border(table, stairs, border.ratio, closer.ravel()[order])
        found = _better(found, closer.ravel(), flat)
        if beyond is not None and found.value > beyond:
            return found
        heights = flat.reshape(closer.shape)
        keep = heights.max(axis=1) >= 0.98 * found.value
        closer, heights = closer[keep], heights[keep]
        rows = np.arange(len(closer))
        tops = np.argmax(heights, axis=1)
        left = closer[rows, np.maximum(tops - 1, 0)]
        right = closer[rows, np.minimum(tops + 1, _CLOSER - 1)]
    vertex = _vertices(left, right, table, stairs, border)
    return _better(found, vertex, on_border(table, stairs, border.ratio, vertex))


def _better(found: Supremum, rates: NDArray[np.float64], values: NDArray[np.float64]) -> Supremum:
    """Give the better of what was found and the best of new values."""
    best = int(np.argmax(values))
    if values[best] <= found.value:
        return found
    return Supremum(value=float(values[best]), control_rate=float(rates[best]))


def _vertices(
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    table: Table,
    stairs: Staircase,
    border: Border,
) -> NDArray[np.float64]:
    """Give the tops of the parabolas through the ends and the middle of each interval."""
    three = np.stack((left, 0.5 * (left + right), right), axis=1)
    flat = three.ravel()
    order = np.argsort(flat)
    values = np.empty(len(flat))
    values[order] = on_border(table, stairs, border.ratio, flat[order])
    low, middle, high = values.reshape(three.shape).T
    bend = low - 2.0 * middle + high
    bent = bend < 0.0
    shift = np.zeros(len(left))
    shift[bent] = (0.25 * (low - high) * (right - left))[bent] / bend[bent]
    tops: NDArray[np.float64] = np.sort(np.clip(three[:, 1] + shift, left, right))
    return tops


def certified(
    table: Table, stairs: Staircase, border: Border, found: Supremum, tolerance: float
) -> tuple[Supremum, float]:
    """Prove an upper value of the supremum by branch and bound.

    Two bounds hold on control rates [a, c]. First, a staircase is the likelier the lower the
    control rate and the higher the treatment rate, so its probability is at most that at
    (a, ratio x c). Second, a function between two known ends exceeds the larger of them by at
    most width^2 / 8 times the largest second derivative D, and by Cauchy and Schwarz, with P at
    most the first bound,

        D <= sqrt(P (1 - P)) x sqrt(V),
        V p^2 = 2 n(n-1) / q^2 + 4 n m r / (q s) + 2 m(m-1) r^2 / s^2,

    where n, m are control and treatment total, r the ratio, q = 1 - p and s = 1 - r p: V is the
    variance of (second derivative of the likelihood) / likelihood, which for binomials is the
    norm of the second Krawtchouk polynomial. The first bound alone needs millions of cells
    where the curve is flat; with the second, thousands do.

    Args:
        table: the observed table.
        stairs: the tables summed.
        border: the rates to cover.
        found: the supremum as searched.
        tolerance: how far above the best value the proved one may be.

    Returns:
        The best value known, and the proved upper value. Where the budget of evaluations ends
        first, the proved value is valid but further above than `tolerance`.
    """
    edges = grid(table.arms, border)
    values = on_border(table, stairs, border.ratio, edges)
    best = _better(found, edges, values)
    proved = best.value
    left, right = edges[:-1], edges[1:]
    at_left, at_right = values[:-1], values[1:]
    spent = len(edges)
    while len(left):
        roof = table.probability(stairs, left, np.minimum(1.0, border.ratio * right))
        bound = np.minimum(
            roof,
            _bent_bound(table, border.ratio, (left, right), roof) + np.maximum(at_left, at_right),
        )
        spent += 2 * len(left)
        open_ = bound > best.value + tolerance
        if spent > _MOST_EVALUATIONS:
            return best, min(1.0, max(proved, float(bound.max())) + _ROUNDING)
        proved = max(proved, float(bound[~open_].max(initial=0.0)))
        left, right = left[open_], right[open_]
        middle = 0.5 * (left + right)
        at_middle = on_border(table, stairs, border.ratio, middle) if len(middle) else middle
        if len(middle):
            best = _better(best, middle, at_middle)
        at_left, at_right = at_left[open_], at_right[open_]
        left, right = _woven(left, middle), _woven(middle, right)
        at_left, at_right = _woven(at_left, at_middle), _woven(at_middle, at_right)
    return best, min(1.0, max(proved, best.value) + _ROUNDING)


def _woven(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take turns: first[0], second[0], first[1], ... which keeps cells sorted."""
    return np.stack((first, second), axis=1).ravel()


def _bent_bound(
    table: Table,
    ratio: float,
    cells: tuple[NDArray[np.float64], NDArray[np.float64]],
    roof: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Bound by how much a probability exceeds the larger of its values at the ends of a cell."""
    left, right = cells
    n, m = float(table.arms.control_total), float(table.arms.treatment_total)
    # The floors only matter for cells that touch rate 0 or 1: there the bound becomes huge, and
    # the other bound decides.
    p = np.maximum(left, 1e-100)
    q = np.maximum(1.0 - right, 1e-100)
    s = np.maximum(1.0 - ratio * right, 1e-100)
    half = np.minimum(roof, 0.5)
    bend = np.sqrt(
        2.0 * n * (n - 1.0) / q / q
        + 4.0 * n * m * ratio / q / s
        + 2.0 * m * (m - 1.0) * ratio * ratio / s / s
    )
    out: NDArray[np.float64] = (right - left) ** 2 / 8.0 * bend / p * np.sqrt(half * (1.0 - half))
    return out
