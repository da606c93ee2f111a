"""From which counts on a rule says "scale", and a lift is ruled out.

For every control count there is a smallest treatment count from which a rule says scale. It
depends on the totals and the rule, not on the rates, so it is found once and serves any number of
ratios. That no larger count fails again is not a theorem, because an exact unconditional p-value
can dip; tests/stats/test_rules.py looks for exceptions over the treatment count and finds none.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from icptest.stats._counts import check_choice, check_counts, check_number
from icptest.stats._edges import GAMMA, by_score, smallest_passing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats._tables import Arms
    from icptest.stats.results import Rule

Care = Literal["score", "p-value", "confirmed"]
"""How closely a smallest count is looked for."""

_RULES = ("lift", "lift-and-evidence", "proven")


def lift_reached(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    threshold: float = 2.0,
) -> bool:
    """Tell whether the observed ratio is at least the threshold, without dividing.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        threshold: a ratio above 0, taken as the decimal it is written as: 1.1 is 11/10.

    Returns:
        Whether treatment_events x control_total >= threshold x control_events x treatment_total
        and treatment_events > 0.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    bar = check_number("threshold", threshold, above=0.0)
    totals = counts.treatment_total, counts.control_total
    needed = needed_for_lift([counts.control_events], totals, bar)[0]
    return counts.treatment_events >= int(needed)


def check_rule(rule: object, alpha: object, threshold: object) -> tuple[float, float]:
    """Check a rule with its level and its threshold, and give these two as numbers."""
    check_choice("rule", rule, _RULES)
    level = check_number("alpha", alpha, above=GAMMA, below=0.5)
    return level, check_number("threshold", threshold, above=0.0)


def needed_for_lift(
    control: NDArray[np.intp] | list[int], totals: tuple[int, int], threshold: float
) -> NDArray[np.intp]:
    """Give the smallest treatment counts that reach the lift; they may be above the total.

    Args:
        control: control events.
        totals: treatment and control total.
        threshold: the ratio to reach, taken as the decimal it is written as.
    """
    share = Fraction(repr(threshold)) * totals[0] / totals[1]
    top, bottom = share.numerator, share.denominator
    return np.array([max(1, -(-int(events) * top // bottom)) for events in control], dtype=np.intp)


def scale_from(
    arms: Arms,
    control: NDArray[np.intp],
    top: int,
    rule: Rule,
    alpha: float,
    threshold: float,
    *,
    care: Care = "confirmed",
) -> NDArray[np.intp]:
    """Give the smallest treatment counts at which a rule says scale.

    Args:
        arms: the totals.
        control: control events, in ascending order.
        top: largest treatment count of interest, at most the total.
        rule: as in `power`, as are the others.
        alpha: one-sided level.
        threshold: the ratio that justifies scaling.
        care: `confirmed`: as the rule decides; `p-value`: the interval's end is not asked
            whether it agrees, so no count is larger; `score`: by the score test, about the same.

    Returns:
        One treatment count for each control count; top + 1 where none up to `top` does.
    """
    null = threshold
    floor = np.zeros(len(control), dtype=np.intp)
    if rule != "proven":
        null = 1.0
        floor = np.minimum(needed_for_lift(control, arms.totals, threshold), top + 1)
    if rule == "lift":
        return floor
    if care == "score":
        return by_score(arms, control, floor, top, null, alpha)
    return smallest_passing(arms, control, floor, top, null, alpha, confirmed=care == "confirmed")


def ruled_out_from(
    arms: Arms,
    treatment: NDArray[np.intp],
    control_range: tuple[int, int],
    alpha: float,
    threshold: float,
) -> NDArray[np.intp]:
    """Give the smallest control counts at which the test of "ratio >= threshold" passes.

    Args:
        arms: the totals.
        treatment: treatment events, in ascending order.
        control_range: smallest and largest control count of interest.
        alpha: one-sided level.
        threshold: the ratio tested.

    Returns:
        One control count for each treatment count, not below the first of interest; one more
        than the last where none up to it does.
    """
    floor = np.full(len(treatment), control_range[0], dtype=np.intp)
    return smallest_passing(
        arms.swapped(), treatment, floor, control_range[1], 1.0 / threshold, alpha
    )
