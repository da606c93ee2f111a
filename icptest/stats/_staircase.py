"""From which treatment count on the score statistic reaches a bar, for many control counts.

The statistic grows with treatment events (Barnard's convexity), so a search finds it and no table
of all outcomes is ever built.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats.score import statistic_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Two statistics closer than this are the same number that rounding tore apart (Barnard ties).
_TIE = 1e-9
# Tables whose statistics are asked for at once, and from how many control counts on it is worth
# guessing first.
_ASKED = 800
_MANY = 400


def tied(goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the bars that what ties with goals still reaches."""
    return goal - _TIE * np.maximum(1.0, np.abs(goal))


def reaching(
    totals: tuple[int, int],
    control: NDArray[np.float64],
    columns: tuple[int, int],
    ratio: NDArray[np.float64],
    bar: NDArray[np.float64],
) -> NDArray[np.intp]:
    """Give the smallest treatment counts whose statistic reaches a bar.

    Args:
        totals: treatment and control total.
        control: control events, any shape.
        columns: first and last treatment count looked at.
        ratio: the ratio, one or as many as `control`.
        bar: the bar, one or as many as `control`.

    Returns:
        One count for each element of `control`; one more than the last where none reaches it.
    """
    if control.size > _MANY:
        low, high = _brackets(totals, control, columns, ratio, bar)
    else:
        low = np.full(control.shape, float(columns[0]))
        high = np.full(control.shape, columns[1] + 1.0)
    left = np.nonzero(low < high)
    if len(left[0]):
        control, ratio, bar = (
            np.broadcast_to(each, low.shape)[left] for each in (control, ratio, bar)
        )
        high[left] = _searched(totals, (low[left], high[left]), control, ratio, bar)
    return high.astype(np.intp)


def _searched(
    totals: tuple[int, int],
    brackets: tuple[NDArray[np.float64], NDArray[np.float64]],
    control: NDArray[np.float64],
    ratio: NDArray[np.float64],
    bar: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Search each bracket at several places at once: few calls for few control counts."""
    low, high = brackets
    widest = int((high - low).max())
    places = min(max(1, _ASKED // control.size), math.isqrt(widest + 1))
    parts = places + 1.0
    share = np.arange(1, places + 1)[:, None] / parts
    while (low < high).any():
        width = high - low
        missed = _missed(totals, low + np.floor(share * width), control, ratio, bar).sum(axis=0)
        reached = low + np.floor((missed + 1) / parts * width)
        low = np.where(missed > 0, low + np.floor(missed / parts * width) + 1.0, low)
        high = np.where(missed < places, reached, high)
        low = np.minimum(low, high)
    return high


def _brackets(
    totals: tuple[int, int],
    control: NDArray[np.float64],
    columns: tuple[int, int],
    ratio: NDArray[np.float64],
    bar: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Guess where a bar is reached and ask there: most guesses close their bracket."""
    n_t, n_c = totals
    # For Poisson events it is a quadratic in the root of all events.
    scale = np.sqrt(n_t * n_c * ratio)
    tilt = bar * scale
    root = (tilt + np.sqrt(tilt * tilt + 4.0 * n_c * control * (n_c + ratio * n_t))) / (2.0 * n_c)
    guess = np.clip(root * root - control, *columns)
    # One step towards the binomial answer, by the Poisson slope.
    here = statistic_rows(guess, control, totals, ratio)
    events = np.maximum(guess + control, 0.5)
    steep = n_c / (scale * np.sqrt(events))
    guess += (bar - here) / np.maximum(steep - 0.5 * here / events, 0.2 * steep)
    found = np.clip(np.ceil(guess), columns[0], columns[1] + 1.0)
    enough = ~_missed(totals, found, control, ratio, bar) | (found > columns[1])
    least = _missed(totals, found - 1.0, control, ratio, bar) | (found == columns[0])
    low = np.where(enough, np.where(least, found, float(columns[0])), found + 1.0)
    high = np.where(enough, np.where(least, found, found - 1.0), columns[1] + 1.0)
    # Most of the others are off by one.
    left = np.nonzero(low < high)
    if len(left[0]):
        down = enough[left]
        next_ = np.where(down, high[left] - 1.0, low[left])
        inside = (next_ >= columns[0]) & (next_ <= columns[1])
        there = tuple(np.broadcast_to(each, low.shape)[left] for each in (control, ratio, bar))
        short = _missed(totals, next_, *there)
        high[left] = np.where(inside & ~down & ~short, next_, high[left])
        low[left] = np.where(inside & down & short, high[left], low[left])
    return low, high


def _missed(
    totals: tuple[int, int],
    treatment: NDArray[np.float64],
    control: NDArray[np.float64],
    ratio: NDArray[np.float64],
    bar: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Tell which tables do not reach the bar; counts outside the arm stand for its ends."""
    inside = np.clip(treatment, 0.0, totals[0])
    return statistic_rows(inside, control, totals, ratio) < bar
