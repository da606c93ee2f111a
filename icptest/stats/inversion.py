"""Exact confidence interval of a ratio: both one-sided exact tests, inverted.

The p-value of the test of "ratio <= r" rises with r as long as the same tables are counted as
extreme, and falls where a table drops out: it can pass the level, come back and pass it again.
The low end is the first passing, so that no ratio below it is compatible with the data; a
bisection on p alone may land on a later one.

The search keeps a bound over whole ranges of r. The null at r lies inside the null at b, hence

    p(r) <= sup over the null at b of P(tables extreme somewhere in [a, b]) + gamma

for every r in [a, b], and a range whose bound is at most the level cannot hide a passing.
("Extreme at a or at b" would not do: near all events some statistics cross the observed one
three times. `Table.staircase` says what is done instead.)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_counts, check_number
from icptest.stats._supremum import border_staircase, supremum
from icptest.stats._tables import Table
from icptest.stats.divided import divided_end, outer_end
from icptest.stats.exact import METHOD, corner_probability
from icptest.stats.results import NotEstimable, RatioInterval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats.results import Alternative

    Numbers = float | NDArray[np.float64]

# An end is given to this relative width, on its outer side.
_TOLERANCE = 1e-6
# A range this narrow that is neither cleared nor passed counts as passed: again the outer side.
_NARROWEST = 1e-9
# Ranges too narrow for a loose bound: from here on p itself is asked too.
_SUSPICIOUS = 1e-3
# Beyond any ratio of interest; keeps the arithmetic finite when everything passes.
_SMALLEST_RATIO = 1e-12


def exact_interval(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    confidence_level: float = 0.9,
    gamma: float = 1e-6,
    design_effect: float = 1.0,
) -> RatioInterval:
    """Give the exact interval of a ratio of two rates.

    With a = (1 - confidence_level) / 2, the low end is the smallest ratio r at which the exact
    test of "ratio <= r" has p > a, the high end the largest at which that of "ratio >= r" has;
    each alone is an exact one-sided bound. Both are rounded outwards by at most a millionth.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        confidence_level: two-sided confidence, in (0, 1).
        gamma: Berger-Boos error share, in [0, a), as in `exact_test`.
        design_effect: how much more the arms' rates vary than those of independent contacts, at
            least 1 (`clustered_ratio` measures it).

    Returns:
        Both ends and the observed ratio. With a design effect above 1 each end is the outer one
        of this interval and the score interval of the divided counts. Without treatment events
        the low end is 0.0; without control events there is no high end.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Chan & Zhang 1999 Biometrics 55:1202; Berger & Boos 1994 JASA 89:1012; Fagerland,
        Lydersen & Laake 2015 Statistical Methods in Medical Research 24:224 (oracle: 1/34
        against 7/34 is 1.22 to 181).
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    tail = (1.0 - level) / 2.0
    share = check_number("gamma", gamma, at_least=0.0, below=tail)
    effect = check_number("design_effect", design_effect, at_least=1.0)
    table = Table.of(counts, share)
    return RatioInterval(
        low=outer_matching_end(table, "greater", tail, share, effect),
        high=outer_matching_end(table, "less", tail, share, effect),
        estimate=counts.estimate(),
        confidence_level=level,
        method=METHOD,
    )


def matching_end(
    table: Table, alternative: Alternative, tail: float, gamma: float
) -> float | NotEstimable:
    """Give the interval's low end (`greater`) or high end (`less`), one-sided error `tail`."""
    if alternative == "greater":
        return _low_end(table, tail - gamma)
    reverse = _low_end(table.swapped(), tail - gamma)
    return NotEstimable(reason="no-upper-bound") if reverse == 0.0 else 1.0 / reverse


def outer_matching_end(
    table: Table, alternative: Alternative, tail: float, gamma: float, effect: float
) -> float | NotEstimable:
    """Give the matching end, or that of the divided counts where it is further out."""
    end = matching_end(table, alternative, tail, gamma)
    if effect == 1.0:
        return end
    return outer_end(end, divided_end(table.counts, alternative, tail, effect), alternative)


def none_passes(
    table: Table, ratio: float, level: float, at_ratio: float, *, down_to: float = 0.0
) -> bool:
    """Tell whether p(r) for `greater`, gamma not added, is at most `level` for every r <= ratio.

    Clears ranges from `ratio` downwards, longer ones the further p is below the level. Says no
    also where p comes so near the level that a billionth of a range cannot be cleared.

    Args:
        table: the observed table.
        ratio: end of the range.
        level: what p must not pass, gamma taken off.
        at_ratio: p at `ratio`, for the length of the first range.
        down_to: ratios below this are not looked at.
    """
    if table.counts.treatment_events == 0:
        return False
    start = max(_never_passes_below(table, level), down_to)
    right, width = ratio, max(0.002, 0.5 * (1.0 - at_ratio / level))
    while right > start:
        left = max(start, right * math.exp(-width))
        if not _above(table, (left, right), level):
            right, width = left, 2.0 * width
            continue
        width = 0.4 * width
        # Usually the bound is too wide, not p too high; asking early would be asking twice.
        if width < _NARROWEST or (width < _SUSPICIOUS and passes(table, left, level)):
            return False
    return True


def passes(table: Table, ratio: float, level: float) -> bool:
    """Tell whether p for `greater`, gamma not added, is above `level` at this ratio."""
    return _above(table, (ratio, ratio), level)


def _above(table: Table, ratios: tuple[float, float], level: float) -> bool:
    """Tell whether p, or its bound over a range of ratios, is above the level."""
    ratio = ratios[1]
    if table.outside_null(ratio):
        return False
    if table.inside_null(ratio):
        return corner_probability(table, ratios).value > level
    border = table.border(ratio)
    stairs = border_staircase(table, ratios, border)
    return supremum(table, stairs, border, beyond=level).value > level


def start_of_search(
    counts: tuple[Numbers, Numbers],
    totals: tuple[int, int],
    boxes: tuple[Numbers, Numbers],
    level: float,
) -> NDArray[np.float64]:
    """Give ratios below which p cannot pass, needing at least one treatment event.

    Either the whole box is outside the null there; or the observed statistic is positive, so
    that every extreme table has a treatment event, and at treatment rates up to r x (largest
    control rate) no event at all is too likely. (For r below the observed ratio it is positive.)

    Args:
        counts: treatment and control events, one table's or many tables'.
        totals: treatment and control total.
        boxes: lowest treatment rate and highest control rate of the Berger-Boos boxes.
        level: what p must not pass, gamma taken off.
    """
    low, high = boxes
    rare = -math.expm1(math.log1p(-level) / totals[0]) / high
    observed = counts[0] * totals[1] / (np.maximum(counts[1], 1) * totals[0])
    out: NDArray[np.float64] = np.maximum(low / high, np.minimum(rare, 0.5 * observed))
    return np.maximum(out, _SMALLEST_RATIO)


def _never_passes_below(table: Table, level: float) -> float:
    """Give `start_of_search` of one table."""
    counts = table.counts
    return float(
        start_of_search(
            (counts.treatment_events, counts.control_events),
            (counts.treatment_total, counts.control_total),
            (table.treatment_box[0], table.control_box[1]),
            level,
        )
    )


def _low_end(table: Table, level: float) -> float:
    """Find inf{r: p(r) > level} for `greater`, gamma taken off the level already."""
    if table.counts.treatment_events == 0:
        return 0.0
    low = high = _never_passes_below(table, level)
    step = 2.0
    # p reaches 1 as r grows (the box ends up inside the null, or has no treatment rate below 1
    # left), so this ends.
    while True:
        high, step = high * step, step * step
        if passes(table, high, level):
            break
    found = _first_passing(table, low, high, level, known=True)
    return high if found is None else found


def _first_passing(
    table: Table, low: float, high: float, level: float, *, known: bool
) -> float | None:
    """Find the first ratio in [low, high] where p passes, from below; None if there is none.

    Args:
        table: the observed table.
        low: p does not pass here.
        high: end of the range.
        level: what p has to pass, gamma taken off.
        known: whether p passes at `high`; if it is not known to, it is known not to.

    Returns:
        A ratio below which p is cleared, at most a millionth below the first passing.
    """
    ranges = [(low, high, known)]
    while ranges:
        left, right, right_passes = ranges.pop()
        if not right_passes and not _above(table, (left, right), level):
            continue
        if right <= left * (1.0 + (_TOLERANCE if right_passes else _NARROWEST)):
            return left
        middle = math.sqrt(left * right)
        if passes(table, middle, level):
            ranges = [(left, middle, True)]
        else:
            ranges += [(middle, right, right_passes), (left, middle, False)]
    return None
