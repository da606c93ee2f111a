"""The tables at least as extreme as each of many observed ones, and how likely they are.

What `Table` is for one observed table this is for neighbours: the same sums on the same border of
the null, but the probabilities of the arms are computed once for all of them, and one search
finds all staircases. Everything is for the alternative `greater`, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import Counts
from icptest.stats._staircase import reaching, tied
from icptest.stats._supremum import grid
from icptest.stats._tables import Border, Table, order_changes_once
from icptest.stats.binomial import clopper_pearson_rows, pmf_rows, upper_tails, window
from icptest.stats.score import statistic_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats._tables import Arms

# Rates that share one window of counts.
_CHUNK = 12
# Added at a top between three points, as a share of their bend: what a parabola may lack.
_SPARE = 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """Observed tables of the same arms, one element each, with their Berger-Boos boxes.

    Attributes:
        arms: the totals and their coefficients.
        treatment: treatment events.
        control: control events.
        treatment_box: lowest and highest rate the treatment arm may have, by its counts alone.
        control_box: the same for the control arm.
        gamma: what the boxes were made with.
    """

    arms: Arms
    treatment: NDArray[np.float64]
    control: NDArray[np.float64]
    treatment_box: NDArray[np.float64]
    control_box: NDArray[np.float64]
    gamma: float

    @classmethod
    def of(
        cls,
        arms: Arms,
        treatment: NDArray[np.float64],
        control: NDArray[np.float64],
        gamma: float,
    ) -> Batch:
        """Make the boxes as `Table.of` does; `gamma` above 0."""
        return cls(
            arms,
            treatment,
            control,
            _boxes(treatment, arms.treatment_total, gamma / 2.0),
            _boxes(control, arms.control_total, gamma / 2.0),
            gamma,
        )

    def __len__(self) -> int:
        """Count the tables."""
        return len(self.control)

    def pick(self, chosen: NDArray[np.intp] | slice) -> Batch:
        """Give some of the tables."""
        return Batch(
            self.arms,
            self.treatment[chosen],
            self.control[chosen],
            self.treatment_box[:, chosen],
            self.control_box[:, chosen],
            self.gamma,
        )

    def table(self, number: int) -> Table:
        """Give one table by itself."""
        counts = Counts(
            treatment_events=int(self.treatment[number]),
            treatment_total=self.arms.treatment_total,
            control_events=int(self.control[number]),
            control_total=self.arms.control_total,
        )
        return Table.of(counts, self.gamma, self.arms)

    def statistics(self, ratio: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the score statistic of each table, at one ratio or each at its own."""
        return statistic_rows(self.treatment, self.control, self.arms.totals, ratio)

    def bounds(
        self, ratios: NDArray[np.float64], base: float, per_deviation: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bound p-values over ranges of ratios, each table's own, gamma not added.

        For table k it is about the supremum, over the null at `base`, of the tables extreme
        somewhere in [ratios[k], base]: its p-value at `base` where the two are equal, and no less
        than its p-value anywhere in the range otherwise.

        Args:
            ratios: lower ends of the ranges.
            base: upper end of all of them.
            per_deviation: points of the grid per standard deviation.

        Returns:
            The largest value on grid points in the table's box, which the supremum is at least;
            and that value carried to the tops between points of the grid, which it is at most
            unless the probability bends more sharply than a normal curve.
        """
        low = np.maximum(self.control_box[0], self.treatment_box[0] / base)
        high = np.minimum(self.control_box[1], self.treatment_box[1] / base)
        high = np.minimum(high, min(1.0, 1.0 / base))
        outside = self.treatment_box[0] > base * self.control_box[1]
        inside = self.treatment_box[1] < base * self.control_box[0]
        # Outside the null there is nothing to sum. Inside it `Table` knows what to do.
        least, most = np.zeros(len(self)), np.where(inside, 1.0, 0.0)
        asked = np.flatnonzero(~outside & ~inside)
        if not len(asked):
            return least, most
        low, high = np.minimum(low, high)[asked], high[asked]
        border = Border(ratio=base, low=float(low.min()), high=float(high.max()))
        rates = grid(self.arms, border, per_deviation)
        values = self.pick(asked)._probabilities(ratios[asked], base, rates)  # noqa: SLF001
        first = np.searchsorted(rates, low)
        last = np.searchsorted(rates, high, side="right") - 1
        place = np.arange(len(rates))[:, None]
        least[asked] = np.where((place >= first) & (place <= last), values, 0.0).max(axis=0)
        nearby = (place >= first - 1) & (place <= last + 1)
        most[asked] = np.where(nearby, _tops(values), 0.0).max(axis=0)
        return least, most

    def _probabilities(
        self, ratios: NDArray[np.float64], base: float, rates: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give the probability of each table's staircase (columns) at each rate (rows)."""
        n_t, n_c = self.arms.totals
        treatment_rates = np.minimum(1.0, base * rates)
        rows = window(n_c, float(rates[0]), float(rates[-1]))
        columns = window(n_t, float(treatment_rates[0]), float(treatment_rates[-1]))
        steps = self._staircases(ratios, base, rows, columns)
        out = np.empty((len(rates), len(self)))
        for start in range(0, len(rates), _CHUNK):
            part = slice(start, start + _CHUNK)
            first, last = window(n_c, float(rates[part][0]), float(rates[part][-1]))
            bottom, top = window(
                n_t, float(treatment_rates[part][0]), float(treatment_rates[part][-1])
            )
            control = pmf_rows(self.arms.control_choose, first, last, rates[part])
            tails = upper_tails(self.arms.treatment_choose, bottom, top, treatment_rates[part])
            places = np.clip(
                steps[:, first - rows[0] : last - rows[0] + 1] - bottom, 0, top - bottom + 1
            )
            # For each rate: tables by control counts, times the probabilities of those counts.
            joint = np.matmul(np.take(tails, places, axis=1), control[:, :, None])[:, :, 0]
            out[part] = joint / (control.sum(axis=1) * tails[:, 0])[:, None]
        return np.minimum(out, 1.0)

    def _staircases(
        self,
        ratios: NDArray[np.float64],
        base: float,
        rows: tuple[int, int],
        columns: tuple[int, int],
    ) -> NDArray[np.intp]:
        """Give each table's staircase over a window, as `Table.staircase` does."""
        control = np.arange(rows[0], rows[1] + 1, dtype=np.float64)
        at_low, at_base = self.statistics(ratios), self.statistics(base)
        once = np.asarray(order_changes_once(self.arms.totals, self.treatment, self.control))
        behind = control < self.control[:, None]
        at = np.where(behind & once[:, None], base, ratios[:, None])
        goal = np.where(behind | ~once[:, None], at_base[:, None], at_low[:, None])
        every = np.broadcast_to(control, at.shape)
        return reaching(self.arms.totals, every, columns, at, tied(goal))


def _boxes(events: NDArray[np.float64], total: int, error: float) -> NDArray[np.float64]:
    """Give the Clopper-Pearson intervals of counts, lower ends in the first row."""
    counts, places = np.unique(events, return_inverse=True)
    return np.stack(clopper_pearson_rows(counts, total, error))[:, places]


def _tops(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Carry each column's local maxima to the top of the parabola through three points.

    At an end of the grid the top may lie between the last point and the one before it.
    """
    out = values.copy()
    left, middle, right = values[:-2], values[1:-1], values[2:]
    bend = 2.0 * middle - left - right
    peak = (middle >= left) & (middle >= right) & (bend > 0.0)
    lift = np.divide((right - left) ** 2, 8.0 * bend, out=np.zeros_like(bend), where=peak)
    out[1:-1] += lift + np.where(peak, _SPARE * bend, 0.0)
    if len(bend):
        for end, inwards, far, bent in ((0, 1, 2, bend[0]), (-1, -2, -3, bend[-1])):
            slope = (4.0 * values[inwards] - 3.0 * values[end] - values[far]) / 2.0
            peak = (values[end] >= values[inwards]) & (bent > 0.0)
            rise = np.maximum(slope, 0.0) ** 2
            lift = np.divide(rise, 2.0 * bent, out=np.zeros_like(bent), where=peak)
            out[end] += lift + np.where(peak, _SPARE * bent, 0.0)
    return out
