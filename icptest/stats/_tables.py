"""The tables at least as extreme as the observed one, and how likely they are.

Everything here is for the alternative `greater`; `less` is the same with the arms exchanged.
Because the score statistic grows with treatment events and falls with control events (Barnard's
convexity), the tables at least as extreme form a staircase: one smallest treatment count per
control count describes them, and no table of all outcomes is ever built.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._staircase import reaching, tied
from icptest.stats.binomial import clopper_pearson, log_choose, pmf_rows, upper_tails, window
from icptest.stats.score import statistic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats._counts import Counts

    Numbers = float | NDArray[np.float64]

# A table with so large a share of events at most, in either arm, changes its order with any other
# at most once as the ratio grows: the one with more control events falls behind. In the Poisson
# limit the difference of two statistics is c / u - d u with u^2 the ratio, which has one zero. For
# binomials it is measured, up to 80 % events, not proved: tests/stats/test_score.py.
_ONE_CHANGE = 0.75
# Rates per matrix: neighbours share one window of counts, which stays narrow and small.
_CHUNK = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Arms:
    """The totals of both arms with what depends on them alone, made once per call."""

    treatment_total: int
    control_total: int
    treatment_choose: NDArray[np.float64]
    control_choose: NDArray[np.float64]

    @classmethod
    def of(cls, treatment_total: int, control_total: int) -> Arms:
        """Tabulate the log binomial coefficients of both arms."""
        treatment = log_choose(treatment_total)
        same = treatment_total == control_total
        return cls(
            treatment_total=treatment_total,
            control_total=control_total,
            treatment_choose=treatment,
            control_choose=treatment if same else log_choose(control_total),
        )

    @property
    def totals(self) -> tuple[int, int]:
        """Give treatment and control total."""
        return self.treatment_total, self.control_total

    def swapped(self) -> Arms:
        """Exchange the arms."""
        return Arms(
            treatment_total=self.control_total,
            control_total=self.treatment_total,
            treatment_choose=self.control_choose,
            control_choose=self.treatment_choose,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Staircase:
    """A set of tables: from `steps[i]` treatment events on, at `first + i` control events."""

    first: int
    steps: NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class Border:
    """The control rates in [low, high] whose treatment rate, `ratio` times them, is in the box."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Table:
    """One observed table with its Berger-Boos box.

    Attributes:
        counts: the observed counts.
        arms: the totals and their coefficients.
        control_box: rates the control arm may have, by its counts alone.
        treatment_box: the same for the treatment arm.
    """

    counts: Counts
    arms: Arms
    control_box: tuple[float, float] = field(default=(0.0, 1.0))
    treatment_box: tuple[float, float] = field(default=(0.0, 1.0))

    @classmethod
    def of(cls, counts: Counts, gamma: float, arms: Arms | None = None) -> Table:
        """Make the box: each arm's Clopper-Pearson interval at 1 - gamma / 2."""
        return cls(
            counts,
            arms or Arms.of(counts.treatment_total, counts.control_total),
            clopper_pearson(counts.control_events, counts.control_total, gamma / 2.0),
            clopper_pearson(counts.treatment_events, counts.treatment_total, gamma / 2.0),
        )

    def swapped(self) -> Table:
        """Exchange the arms."""
        return Table(
            self.counts.swapped(), self.arms.swapped(), self.treatment_box, self.control_box
        )

    def outside_null(self, ratio: float) -> bool:
        """Tell whether the whole box has treatment rate > ratio x control rate."""
        return self.treatment_box[0] > ratio * self.control_box[1]

    def inside_null(self, ratio: float) -> bool:
        """Tell whether the whole box has treatment rate < ratio x control rate."""
        return self.treatment_box[1] < ratio * self.control_box[0]

    def border(self, ratio: float) -> Border:
        """Give the border of the null inside the box.

        The supremum over the null within the box lies here: from any point of it, a lower
        control rate or a higher treatment rate only makes a staircase more likely.
        """
        low = max(self.control_box[0], self.treatment_box[0] / ratio)
        high = min(self.control_box[1], self.treatment_box[1] / ratio, 1.0, 1.0 / ratio)
        return Border(ratio=ratio, low=min(low, high), high=high)

    def staircase(
        self,
        ratios: tuple[float, float],
        control_rates: tuple[float, float],
        treatment_rates: tuple[float, float],
    ) -> Staircase:
        """Give the tables that are extreme at some ratio in a range [a, b].

        A statistic falls as the ratio grows. So a table whose statistic reaches the observed
        one's at some ratio in the range has, at a, at least the observed one's at b. With a = b
        that gives exactly the extreme tables.

        For a < b it is too many. Unless an arm is nearly full, a table with more control events
        than the observed one only falls behind it as the ratio grows, so it is extreme somewhere
        in the range if and only if it is at a; one with fewer if and only if it is at b.

        Only counts that matter at the given ranges of rates are looked at: below the window a
        step means "every table", above it "none".
        """
        rows = window(self.arms.control_total, *control_rates)
        columns = window(self.arms.treatment_total, *treatment_rates)
        control = np.arange(rows[0], rows[1] + 1, dtype=np.float64)
        at, goal = np.array(ratios[0]), np.array(statistic(self.counts, ratios[1]))
        observed = self.counts.treatment_events, self.counts.control_events
        once = order_changes_once(self.arms.totals, *observed)
        if ratios[0] < ratios[1] and once:
            fewer = control < self.counts.control_events
            at = np.where(fewer, ratios[1], ratios[0])
            goal = np.where(fewer, goal, statistic(self.counts, ratios[0]))
        steps = reaching(self.arms.totals, control, columns, at, tied(goal))
        return Staircase(first=rows[0], steps=steps)

    def probability(
        self,
        stairs: Staircase,
        control_rates: NDArray[np.float64],
        treatment_rates: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Give the probability of a staircase at each pair of rates, both sorted upwards."""
        out = np.empty(len(control_rates))
        for start in range(0, len(out), _CHUNK):
            part = slice(start, start + _CHUNK)
            out[part] = self._probability(stairs, control_rates[part], treatment_rates[part])
        return out

    def _probability(
        self,
        stairs: Staircase,
        control_rates: NDArray[np.float64],
        treatment_rates: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        first, last = window(
            self.arms.control_total, float(control_rates[0]), float(control_rates[-1])
        )
        first = max(first, stairs.first)
        last = min(last, stairs.first + len(stairs.steps) - 1)
        bottom, top = window(
            self.arms.treatment_total, float(treatment_rates[0]), float(treatment_rates[-1])
        )
        control = pmf_rows(self.arms.control_choose, first, last, control_rates)
        tails = upper_tails(self.arms.treatment_choose, bottom, top, treatment_rates)
        steps = stairs.steps[first - stairs.first : last - stairs.first + 1]
        columns = np.clip(steps - bottom, 0, top - bottom + 1)
        # Both arms are divided by their own sum: that takes out the rounding of the largest
        # terms (n log q), which is common to a row.
        joint = np.einsum("ij,ij->i", control, tails[:, columns])
        share: NDArray[np.float64] = joint / (control.sum(axis=1) * tails[:, 0])
        return np.minimum(share, 1.0)


def order_changes_once(
    totals: tuple[int, int], treatment: Numbers, control: Numbers
) -> bool | NDArray[np.bool_]:
    """Tell whether a table's order with any other changes at most once as the ratio grows.

    Args:
        totals: treatment and control total.
        treatment: treatment events, one table's or many tables'.
        control: control events.
    """
    return (treatment <= _ONE_CHANGE * totals[0]) & (control <= _ONE_CHANGE * totals[1])
