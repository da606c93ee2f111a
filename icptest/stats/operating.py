"""How often a rule says "scale", before the test is run: exact, by enumeration.

For every control count that matters there is a smallest treatment count from which the rule says
scale. It depends on the totals and the rule, not on the rates, so it is found once and serves
any number of ratios.
"""

from __future__ import annotations

from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import Counts, check_choice, check_count, check_counts, check_number
from icptest.stats._tables import Arms, Table
from icptest.stats.binomial import pmf_rows, window
from icptest.stats.decision import CERTIFY, CLOSE
from icptest.stats.exact import worst_case
from icptest.stats.inversion import none_passes
from icptest.stats.score import statistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from icptest.stats.results import Rule

_RULES = ("lift", "lift-and-evidence", "proven")
_GAMMA = 1e-6
# Probability of control counts that are not looked at, on either side together.
_IGNORED = 1e-9


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
    bar = Fraction(repr(check_number("threshold", threshold, above=0.0)))
    needed = _needed_for_lift(counts.control_events, _totals(counts), bar)
    return counts.treatment_events >= needed


def power(
    *,
    control_rate: float,
    ratio: float,
    treatment_total: int,
    control_total: int,
    rule: Rule = "lift-and-evidence",
    alpha: float = 0.05,
    threshold: float = 2.0,
) -> float:
    """Give the probability that a rule says scale.

    Args:
        control_rate: true rate of the control arm, in (0, 1).
        ratio: true treatment rate / control rate, above 0, with ratio x control_rate <= 1.
        treatment_total: contacts in the treatment arm, at least 1.
        control_total: contacts in the control arm, at least 1.
        rule: `lift`: the observed ratio is at least the threshold; `lift-and-evidence`: that,
            and the exact test of "ratio <= 1" passes; `proven`: the exact test of
            "ratio <= threshold" passes.
        alpha: one-sided level of the exact test, in (0.000001, 0.5).
        threshold: the ratio that justifies scaling, above 0.

    Returns:
        A probability; control counts with less than 1e-9 together are left out.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Suissa & Shuster 1985 JRSS A 148:317 (power by enumeration). Checked against full
        enumeration (oracles `power_enum_*`).
    """
    return power_many(
        control_rate=control_rate,
        ratios=(ratio,),
        treatment_total=treatment_total,
        control_total=control_total,
        rule=rule,
        alpha=alpha,
        threshold=threshold,
    )[0]


def power_many(
    *,
    control_rate: float,
    ratios: Sequence[float],
    treatment_total: int,
    control_total: int,
    rule: Rule = "lift-and-evidence",
    alpha: float = 0.05,
    threshold: float = 2.0,
) -> tuple[float, ...]:
    """Give `power` at several true ratios; the tests are run once for all of them.

    Args:
        control_rate: true rate of the control arm, in (0, 1).
        ratios: true ratios, each as in `power`.
        treatment_total: as in `power`.
        control_total: as in `power`.
        rule: as in `power`.
        alpha: as in `power`.
        threshold: as in `power`.

    Returns:
        One probability per ratio, in order.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    rate = check_number("control_rate", control_rate, above=0.0, below=1.0)
    n_t = check_count("treatment_total", treatment_total, at_least=1)
    n_c = check_count("control_total", control_total, at_least=1)
    check_choice("rule", rule, _RULES)
    level = check_number("alpha", alpha, above=_GAMMA, below=0.5)
    bar = check_number("threshold", threshold, above=0.0)
    rates = [check_number("ratio", ratio, above=0.0, at_most=1.0 / rate) * rate for ratio in ratios]
    if not rates:
        return ()
    arms = Arms.of(n_t, n_c)
    first, chances = _control_counts(arms, rate)
    _, top = window(n_t, 0.0, min(1.0, max(rates)))
    edge = _edge(arms, (first, first + len(chances) - 1), top, rule, level, bar)
    out = []
    for treatment_rate in rates:
        low, high = window(n_t, treatment_rate, min(1.0, treatment_rate))
        row = pmf_rows(arms.treatment_choose, low, high, np.array([min(1.0, treatment_rate)]))[0]
        tails = np.append(np.cumsum(row[::-1])[::-1], 0.0)
        joint = chances @ tails[np.clip(edge - low, 0, len(row))]
        out.append(min(1.0, float(joint)))
    return tuple(out)


def _totals(counts: Counts) -> tuple[int, int]:
    return counts.treatment_total, counts.control_total


def _needed_for_lift(control_events: int, totals: tuple[int, int], bar: Fraction) -> int:
    """Give the smallest treatment count that reaches the lift; may be above the total."""
    share = bar * control_events * totals[0] / totals[1]
    return max(1, -(-share.numerator // share.denominator))


def _control_counts(arms: Arms, rate: float) -> tuple[int, NDArray[np.float64]]:
    """Give the control counts that matter: the first one, and the probability of each."""
    low, high = window(arms.control_total, rate, rate)
    row = pmf_rows(arms.control_choose, low, high, np.array([rate]))[0]
    row /= row.sum()
    from_below, from_above = np.cumsum(row), np.cumsum(row[::-1])[::-1]
    kept = np.flatnonzero((from_below > _IGNORED / 2.0) & (from_above > _IGNORED / 2.0))
    return low + int(kept[0]), row[kept[0] : kept[-1] + 1]


def _edge(
    arms: Arms, counts: tuple[int, int], top: int, rule: Rule, alpha: float, threshold: float
) -> NDArray[np.intp]:
    """Give the smallest treatment count that says scale, per control count.

    Above `top`, which no ratio asked for reaches, the search ends: top + 1 means never.
    """
    totals = arms.treatment_total, arms.control_total
    bar = Fraction(repr(threshold))
    edge = []
    null = threshold if rule == "proven" else 1.0
    previous = 0
    for control_events in range(counts[0], counts[1] + 1):
        floor = 0 if rule == "proven" else _needed_for_lift(control_events, totals, bar)
        if rule != "lift" and floor <= top:
            floor = _smallest_passing(arms, control_events, (floor, top), null, alpha, previous)
            previous = floor
        edge.append(min(floor, top + 1))
    return np.array(edge, dtype=np.intp)


def _smallest_passing(
    arms: Arms,
    control_events: int,
    span: tuple[int, int],
    null: float,
    alpha: float,
    previous: int,
) -> int:
    """Find the smallest treatment count in a span at which the exact test passes.

    The score test says where to look, the exact test is asked there and at the neighbours.
    """
    floor, top = span

    def table(treatment_events: int) -> Counts:
        return Counts(
            treatment_events=treatment_events,
            treatment_total=arms.treatment_total,
            control_events=control_events,
            control_total=arms.control_total,
        )

    z = NormalDist().inv_cdf(1.0 - alpha)
    low, high = max(floor, previous), top + 1
    while low < high:
        middle = (low + high) // 2
        if statistic(table(middle), null) >= z:
            high = middle
        else:
            low = middle + 1
    guess = low
    if guess > top or not _test_passes(arms, table(guess), null, alpha):
        while guess < top:
            guess += 1
            if _test_passes(arms, table(guess), null, alpha):
                return guess
        return top + 1
    while guess > floor and _test_passes(arms, table(guess - 1), null, alpha):
        guess -= 1
    return guess


def _test_passes(arms: Arms, counts: Counts, null: float, alpha: float) -> bool:
    """Decide as `ratio_exceeds` does with `greater`, without finding the interval's end."""
    if statistic(counts, null) <= 0.0:
        return False
    table = Table.of(counts, _GAMMA, arms)
    found, _ = worst_case(table, null)
    p_value = (0.0 if found is None else found.value) + _GAMMA
    if abs(p_value - alpha) <= CLOSE:
        _, proved = worst_case(table, null, CERTIFY)
        p_value = (proved or 0.0) + _GAMMA
    return p_value <= alpha and none_passes(table, null, alpha - _GAMMA, p_value)
