"""How often a test that is read several times says "scale": exact, look by look.

At each look the rule is asked of all contacts so far, at that look's share of the level
(`spending.py`). Followed is the probability of every pair of counts that has not been scaled
before: a new batch adds its binomial counts to both arms, what the rule scales is taken out. The
levels come from normal theory, the tests are exact, and this says what both together do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_count, check_number
from icptest.stats._edges import GAMMA
from icptest.stats._tables import Arms
from icptest.stats.binomial import likely_counts, log_choose, pmf_rows, window
from icptest.stats.operating import IGNORED, check_ratio
from icptest.stats.rules import check_rule, scale_from
from icptest.stats.spending import spending_boundaries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from icptest.stats.results import Rule
    from icptest.stats.spending import Spending

_MOST_LOOKS = 5
# The share of a level that the exact test may use up as Berger and Boos' gamma.
_GAMMA_SHARE = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class SequentialCharacteristics:
    """What a rule does that is asked at several looks, by the true ratio.

    Attributes:
        ratios: true ratios treatment rate / control rate.
        prob_scale: probability that some look says scale, one per ratio.
        prob_scale_at: for each ratio, the probability that each look is the first to say scale.
        mean_looks: for each ratio, how many looks there are on average; a test ends when it
            scales, or after the last.
        size: probability that some look says scale where both rates are the same.
        levels: one-sided level of each look.
        can_stop: whether each look can say scale: its level must be at least ten times the exact
            test's gamma of 0.000001.
    """

    ratios: tuple[float, ...]
    prob_scale: tuple[float, ...]
    prob_scale_at: tuple[tuple[float, ...], ...]
    mean_looks: tuple[float, ...]
    size: float
    levels: tuple[float, ...]
    can_stop: tuple[bool, ...]


def sequential_characteristics(
    *,
    control_rate: float,
    treatment_per_look: int,
    control_per_look: int,
    looks: int,
    rule: Rule = "lift-and-evidence",
    alpha: float = 0.05,
    threshold: float = 2.0,
    spending: Spending = "obrien-fleming",
    ratios: Sequence[float] = (1, 1.5, 2, 3, 4),
) -> SequentialCharacteristics:
    """Tell how often a rule scales at each of several looks, at several true ratios.

    Args:
        control_rate: true rate of the control arm, in (0, 1).
        treatment_per_look: contacts that each look adds to the treatment arm, at least 1.
        control_per_look: contacts that each look adds to the control arm, at least 1.
        looks: number of looks, 1 to 5, evenly spaced.
        rule: as in `power`; `lift` is asked at every look, without any level.
        alpha: one-sided level of all looks together, in (0.000001, 0.5).
        threshold: the ratio that justifies scaling, above 0.
        spending: how the level is shared, as in `spending_boundaries`.
        ratios: true ratios, each as in `power`.

    Returns:
        Probabilities by ratio and look; counts with less than 1e-9 together at a look are left
        out.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Jennison & Turnbull 2000, Group Sequential Methods, chapter 12 (exact recursion for
        binomial counts). With one look it is `operating_characteristics`; small designs are
        checked by enumerating every path (tests/stats/test_sequential.py).
    """
    rate = check_number("control_rate", control_rate, above=0.0, below=1.0)
    checked = [check_ratio(ratio, rate) for ratio in ratios]
    rates = [min(1.0, ratio * rate) for ratio in (1.0, *checked)]
    design = SequentialDesign.of(
        treatment_per_look=treatment_per_look,
        control_per_look=control_per_look,
        looks=looks,
        rule=rule,
        alpha=alpha,
        threshold=threshold,
        spending=spending,
        control_rates=(rate, rate),
        highest_treatment_rate=max(rates),
    )
    at = [design.first_scaled(rate, treatment_rate) for treatment_rate in rates]
    total = [min(1.0, sum(each)) for each in at]
    return SequentialCharacteristics(
        ratios=tuple(checked),
        prob_scale=tuple(total[1:]),
        prob_scale_at=tuple(at[1:]),
        mean_looks=tuple(
            looks - sum((looks - look) * stopped for look, stopped in enumerate(each, start=1))
            for each in at[1:]
        ),
        size=total[0],
        levels=design.levels,
        can_stop=design.can_stop,
    )


@dataclass(frozen=True, slots=True)
class SequentialDesign:
    """From which counts on each look says scale, for a range of control rates.

    Attributes:
        per_look: contacts that each look adds to the treatment and to the control arm.
        levels: one-sided level of each look.
        can_stop: whether each look can say scale.
        first: smallest control count looked at, one for each look.
        edges: for each look, the smallest treatment count that scales, from `first` on.
    """

    per_look: tuple[int, int]
    levels: tuple[float, ...]
    can_stop: tuple[bool, ...]
    first: tuple[int, ...]
    edges: tuple[NDArray[np.intp], ...]

    @classmethod
    def of(
        cls,
        *,
        treatment_per_look: int,
        control_per_look: int,
        looks: int,
        rule: Rule,
        alpha: float,
        threshold: float,
        spending: Spending,
        control_rates: tuple[float, float],
        highest_treatment_rate: float,
    ) -> SequentialDesign:
        """Find the counts; rates outside those named here are not to be asked for."""
        n_t = check_count("treatment_per_look", treatment_per_look, at_least=1)
        n_c = check_count("control_per_look", control_per_look, at_least=1)
        number = check_count("looks", looks, at_least=1)
        if number > _MOST_LOOKS:
            msg = f"looks == {number}, must be <= {_MOST_LOOKS}."
            raise ValueError(msg)
        level, bar = check_rule(rule, alpha, threshold)
        shared = spending_boundaries(
            information=range(1, number + 1), alpha=level, spending=spending
        )
        # The plain lift knows no level, so nothing keeps it from being reached at any look.
        can_stop = tuple(rule == "lift" or each * _GAMMA_SHARE >= GAMMA for each in shared.levels)
        first, edges = [], []
        for look, (each, may) in enumerate(zip(shared.levels, can_stop, strict=True), start=1):
            arms = Arms.of(look * n_t, look * n_c)
            lowest, _ = likely_counts(arms.control_choose, control_rates[0], IGNORED)
            start, row = likely_counts(arms.control_choose, control_rates[1], IGNORED)
            control = np.arange(lowest, start + len(row))
            _, top = window(arms.treatment_total, 0.0, highest_treatment_rate)
            first.append(lowest)
            edges.append(
                scale_from(arms, control, top, rule, each, bar)
                if may
                else np.full(len(control), top + 1, dtype=np.intp)
            )
        return cls((n_t, n_c), shared.levels, can_stop, tuple(first), tuple(edges))

    def first_scaled(self, control_rate: float, treatment_rate: float) -> tuple[float, ...]:
        """Give the probability that each look is the first to say scale."""
        n_t, n_c = self.per_look
        treatment, control = _batch(n_t, treatment_rate), _batch(n_c, control_rate)
        # Control counts by treatment counts, both from 0 on: what has not been scaled.
        going_on = np.ones((1, 1))
        out = []
        for first, edge in zip(self.first, self.edges, strict=True):
            going_on = _added(_added(going_on, control).T, treatment).T
            last = min(first + len(edge), len(going_on))
            rows = going_on[first:last]
            scaled = np.arange(rows.shape[1]) >= edge[: len(rows), None]
            out.append(float(rows[scaled].sum()))
            rows[scaled] = 0.0
            going_on = going_on[:last]
        return tuple(out)


def _batch(total: int, rate: float) -> NDArray[np.float64]:
    """Give the probabilities of a batch's counts, from 0 to where nothing is left."""
    _, last = window(total, rate, rate)
    row = pmf_rows(log_choose(total), 0, last, np.array([rate]))[0]
    out: NDArray[np.float64] = row / row.sum()
    return out


def _added(rows: NDArray[np.float64], batch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the counts of a batch to the counts along the first axis."""
    out = np.zeros((len(rows) + len(batch) - 1, rows.shape[1]))
    for count, chance in enumerate(batch.tolist()):
        out[count : count + len(rows)] += chance * rows
    return out
