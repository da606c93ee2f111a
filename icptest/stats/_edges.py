"""From how many treatment events on the exact test passes, for many control counts at once.

Decided as `ratio_exceeds` decides: p-value at most the level, and the interval's end beyond the
null. Nearly all of it is decided on grids that neighbouring tables share; what a grid leaves open
is decided table by table.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._batch import Batch
from icptest.stats._staircase import reaching
from icptest.stats.decision import CERTIFY
from icptest.stats.exact import worst_case
from icptest.stats.inversion import none_passes, start_of_search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from icptest.stats._tables import Arms

GAMMA = 1e-6
# Grid points per standard deviation.
_FINE = 3.0
# What a bound may be of the level to count as below it: more than a grid can miss.
_ROOM = 0.9995
# A p-value this close to the level is decided on its proved value. `ratio_exceeds` asks for the
# proof from .001 on, and it cannot change a decision before a millionth.
_CLOSE = 1e-5
# Tables that share a grid: at most so many, and of similar control counts.
_MOST_TABLES, _SPREAD = 48, 24
# Log of null / ratio at the rungs down which tables are cleared; the last is ratio 0.
_LADDER = np.concatenate(([0.0], 0.0004 * 1.6 ** np.arange(20.0), [math.inf]))
_GROWTH = 3.5


def smallest_passing(
    arms: Arms,
    control: NDArray[np.intp],
    floor: NDArray[np.intp],
    top: int,
    null: float,
    alpha: float,
    *,
    confirmed: bool = True,
) -> NDArray[np.intp]:
    """Find the smallest treatment counts at which the exact test of "ratio <= null" passes.

    The score test says where to look; from there the search goes down as long as the test passes,
    or up until it does.

    Args:
        arms: the totals.
        control: control events, in ascending order.
        floor: smallest treatment count of interest, for each of them.
        top: largest treatment count of interest, at most the total.
        null: the ratio tested.
        alpha: one-sided level, above GAMMA and below 0.5.
        confirmed: whether the interval's end has to agree; without that it is quicker, and no
            count is larger.

    Returns:
        One treatment count for each control count; top + 1 where none passes.
    """
    rare = control.astype(np.float64)
    edge = by_score(arms, control, floor, top, null, alpha)
    p_values = np.ones(len(edge))

    def ask(chosen: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.bool_]:
        batch = Batch.of(arms, counts.astype(np.float64), rare[chosen], GAMMA)
        found, p_values[chosen] = _small(batch, null, alpha)
        return found

    passed = np.zeros(len(edge), dtype=np.bool_)
    open_ = np.flatnonzero(edge <= top)
    if len(open_):
        passed[open_] = ask(open_, edge[open_])
    # Down from those that pass ...
    open_ = np.flatnonzero(passed & (edge > floor))
    while len(open_):
        before = p_values[open_]
        lower = ask(open_, edge[open_] - 1)
        p_values[open_] = np.where(lower, p_values[open_], before)
        open_ = open_[lower]
        edge[open_] -= 1
        open_ = open_[edge[open_] > floor[open_]]
    # ... up from the others, and from those where the interval's end does not agree.
    agreed = np.zeros(len(edge), dtype=np.bool_)
    while True:
        open_ = np.flatnonzero(~passed & (edge <= top))
        while len(open_):
            edge[open_] += 1
            open_ = open_[edge[open_] <= top]
            if len(open_):
                passed[open_] = ask(open_, edge[open_])
                open_ = open_[~passed[open_]]
        open_ = np.flatnonzero(passed & ~agreed)
        if not len(open_) or not confirmed:
            return edge
        batch = Batch.of(arms, edge[open_].astype(np.float64), rare[open_], GAMMA)
        agreed[open_] = _cleared(batch, null, alpha - GAMMA, p_values[open_])
        passed[open_] = agreed[open_]


def by_score(
    arms: Arms,
    control: NDArray[np.intp],
    floor: NDArray[np.intp],
    top: int,
    null: float,
    alpha: float,
) -> NDArray[np.intp]:
    """Give the smallest treatment counts at which the score test passes: about the same.

    Arguments and result are those of `smallest_passing`.
    """
    bar = np.array(NormalDist().inv_cdf(1.0 - alpha))
    found = reaching(arms.totals, control.astype(np.float64), (0, top), np.array(null), bar)
    return np.minimum(np.maximum(found, floor), top + 1)


def _groups(control: NDArray[np.float64]) -> Iterator[slice]:
    """Cut ascending control counts into neighbours."""
    start = 0
    while start < len(control):
        reach = 1.5 * control[start] + _SPREAD
        end = min(int(np.searchsorted(control, reach, side="right")), start + _MOST_TABLES)
        yield slice(start, end)
        start = end


def _small(
    batch: Batch, null: float, alpha: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Tell which p-values are at most alpha, and give about what they are, gamma not added."""
    passed = np.zeros(len(batch), dtype=np.bool_)
    values = np.ones(len(batch))
    better = np.flatnonzero(batch.statistics(null) > 0.0)
    level = alpha - batch.gamma
    for part in _groups(batch.control[better]):
        chosen = better[part]
        group = batch.pick(chosen)
        least, most = group.bounds(np.full(len(group), null), null, _FINE)
        # What a grid may have missed, and what only a proof can decide.
        clear = min(_ROOM * level, level - _CLOSE)
        passed[chosen] = most <= clear
        values[chosen] = most
        for number in map(int, np.flatnonzero((least <= level) & (most > clear))):
            passed[chosen[number]] = _small_alone(group, number, null, alpha)
    return passed, values


def _small_alone(batch: Batch, number: int, null: float, alpha: float) -> bool:
    """Decide on the p-value of one table as `ratio_exceeds` does."""
    table = batch.table(number)
    found, _ = worst_case(table, null)
    p_value = (0.0 if found is None else found.value) + batch.gamma
    if abs(p_value - alpha) <= _CLOSE:
        _, proved = worst_case(table, null, CERTIFY)
        p_value = (proved or 0.0) + batch.gamma
    return p_value <= alpha


def _cleared(
    batch: Batch, null: float, level: float, at_null: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell for which tables p is at most `level` at every ratio up to the null.

    What `none_passes` does, for neighbours together: each table is cleared down to some rung of
    a common ladder of ratios, and those on the same rung share a grid for the next step. A step
    that their grid cannot clear is cleared alone, and the table is back with its neighbours.
    """
    out = np.zeros(len(batch), dtype=np.bool_)
    for part in _groups(batch.control):
        group = batch.pick(part)
        start = start_of_search(
            (group.treatment, group.control),
            group.arms.totals,
            (group.treatment_box[0], group.control_box[1]),
            level,
        )
        rung = np.zeros(len(group), dtype=np.intp)
        # A bound over a range of log ratio w is about exp(_GROWTH w) times the p-value at its end.
        width = np.log(level / np.clip(at_null[part], 1e-300, level)) / _GROWTH
        done = np.zeros(len(group), dtype=np.bool_)
        failed = np.zeros(len(group), dtype=np.bool_)
        while not done.all():
            base = int(rung[~done].min())
            here = np.flatnonzero((rung == base) & ~done)
            reach = np.searchsorted(_LADDER, _LADDER[base] + width[here], side="right") - 1
            reach = np.clip(reach, base + 1, len(_LADDER) - 1)
            ratio = null * math.exp(-_LADDER[base])
            goal = np.maximum(null * np.exp(-_LADDER[reach]), start[here])
            _, most = group.pick(here).bounds(goal, ratio, _FINE)
            clear = most <= _ROOM * level
            for place in map(int, np.flatnonzero(~clear & (reach == base + 1))):
                number = here[place]
                clear[place] = none_passes(
                    group.table(number),
                    ratio,
                    level,
                    float(at_null[part][number]),
                    down_to=float(goal[place]),
                )
                failed[number] = done[number] = not clear[place]
            rung[here[clear]] = reach[clear]
            done[here[clear]] = goal[clear] <= start[here[clear]]
            width[here] *= np.where(clear, 1.7, 0.5)
        out[part] = ~failed
    return out
