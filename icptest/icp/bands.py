"""Bands: where numbers may be cut, without a look at who is one of the best.

The cuts come from all companies alike, at round numbers near their sixteenths. Every band between
two cuts, and every open one, is looked at; all of them pay for having been.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from icptest.icp.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_CUTS = 16
_MOST_ENDS = 24
_COARSE = 4
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_WIDE = 8.0
"""From here on numbers are spread over magnitudes, and cuts are round by their first figure."""


def cut_points(values: NDArray[np.float64], *, ends: Sequence[float] = ()) -> list[float]:
    """Return where numbers may be cut.

    Args:
        values: The numbers of all companies.
        ends: Ends of the ranges that the lists themselves write ("51-200"), if they do: no
            other cut is possible then.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return []
    if ends:
        return sorted({end for end in ends if math.isfinite(end)})[:_MOST_ENDS]
    different = np.unique(known)
    if len(different) <= _CUTS:
        return [float(value) for value in different]
    marks = np.quantile(known, np.arange(1, _CUTS + 1) / (_CUTS + 1))
    low, high = float(marks[0]), float(marks[-1])
    if low > 0 and high / low > _WIDE:
        cuts = {_round_figure(float(mark)) for mark in marks}
    else:
        step = _round_up((high - low) / _CUTS or float(different[-1] - different[0]) / _CUTS)
        cuts = {float(f"{round(float(mark) / step) * step:.12g}") for mark in marks}
    if bool(np.all(different == np.floor(different))):
        cuts = {float(round(cut)) for cut in cuts}
    return sorted(cuts)


def _round_figure(value: float) -> float:
    scale = 10.0 ** math.floor(math.log10(value))
    figure = min(_ROUND, key=lambda one: abs(math.log(one * scale / value)))
    return float(f"{figure * scale:.12g}")


def _round_up(step: float) -> float:
    scale = 10.0 ** math.floor(math.log10(step))
    return float(next(one for one in (1.0, 2.0, 5.0, 10.0) if one * scale >= step * 0.999) * scale)


class Bands:
    """All bands between some cuts; both ends of a band are in it.

    Args:
        cuts: Where numbers may be cut, from small to large.
        open_above: Whether only bands without an upper end are wanted, as for growth.
    """

    def __init__(self, cuts: Sequence[float], *, open_above: bool = False) -> None:
        n = len(cuts)
        top = 2 * n
        # Place 2i + 1 is the cut i itself, 2i what lies below it and above the one before.
        self._cuts = np.asarray(cuts, dtype=np.float64)
        spans = [(2 * i + 1, top, Range(low=cut, high=math.inf)) for i, cut in enumerate(cuts)]
        if not open_above:
            spans += [(0, 2 * i + 1, Range(low=-math.inf, high=cut)) for i, cut in enumerate(cuts)]
            spans += [
                (2 * i + 1, 2 * j + 1, Range(low=low, high=cuts[j]))
                for i, low in enumerate(cuts)
                for j in range(i, n)
            ]
        self._spans = spans
        coarse = set(cuts[_COARSE // 2 :: _COARSE]) if n > _COARSE else set(cuts)
        self.coarse = [
            place
            for place, (_, _, span) in enumerate(spans)
            if all(end in coarse for end in (span.low, span.high) if math.isfinite(end))
        ]

    @property
    def ranges(self) -> list[Range]:
        """The bands."""
        return [span for _, _, span in self._spans]

    def places(self, values: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return where numbers lie between the cuts; -1: there is no number."""
        below = np.searchsorted(self._cuts, values, side="left")
        above = np.searchsorted(self._cuts, values, side="right")
        found = (below + above).astype(np.int32)
        found[~np.isfinite(values)] = -1
        return found

    def by_place(self) -> list[list[int]]:
        """Return the bands that hold each place."""
        held: list[list[int]] = [[] for _ in range(2 * len(self._cuts) + 1)]
        for number, (low, high, _) in enumerate(self._spans):
            for place in range(low, high + 1):
                held[place].append(number)
        return held
