"""How often a rule says "scale", before the test is run: exact, by enumeration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_count, check_number
from icptest.stats._tables import Arms
from icptest.stats.binomial import likely_counts, pmf_rows, upper_tails, window
from icptest.stats.results import NotEstimable
from icptest.stats.rules import check_rule, ruled_out_from, scale_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from icptest.stats.results import Rule

# Probability of counts that are not looked at, on either side together.
IGNORED = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatingCharacteristics:
    """What a rule does, by the true ratio.

    Attributes:
        ratios: true ratios treatment rate / control rate.
        prob_scale: probability that the rule says scale, one per ratio.
        prob_ruled_out: probability that the exact test of "ratio >= threshold" passes and the
            rule does not say scale, one per ratio.
        size: probability that the rule says scale where both rates are the same.
        exaggeration: by what factor the observed ratio overstates the true one where the rule
            says scale, one per ratio: the geometric mean of the observed ratio, 0.5 added to
            each count, over those outcomes, divided by the true ratio.
    """

    ratios: tuple[float, ...]
    prob_scale: tuple[float, ...]
    prob_ruled_out: tuple[float, ...]
    size: float
    exaggeration: tuple[float | NotEstimable, ...]


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
    level, bar = check_rule(rule, alpha, threshold)
    rates = [min(1.0, check_ratio(ratio, rate) * rate) for ratio in ratios]
    if not rates:
        return ()
    arms = Arms.of(n_t, n_c)
    first, chances = likely_counts(arms.control_choose, rate, IGNORED)
    _, top = window(n_t, 0.0, max(rates))
    edge = scale_from(arms, np.arange(first, first + len(chances)), top, rule, level, bar)
    return tuple(
        min(1.0, float(chances @ at_least(arms, edge, treatment_rate))) for treatment_rate in rates
    )


def operating_characteristics(
    *,
    control_rate: float,
    treatment_total: int,
    control_total: int,
    rule: Rule = "lift-and-evidence",
    alpha: float = 0.05,
    threshold: float = 2.0,
    ratios: Sequence[float] = (1, 1.5, 2, 3, 4),
) -> OperatingCharacteristics:
    """Tell how often a rule scales, rules out and exaggerates, at several true ratios.

    Args:
        control_rate: true rate of the control arm, in (0, 1).
        treatment_total: contacts in the treatment arm, at least 1.
        control_total: contacts in the control arm, at least 1.
        rule: as in `power`.
        alpha: one-sided level of the exact tests, in (0.000001, 0.5).
        threshold: the ratio that justifies scaling, above 0.
        ratios: true ratios, each as in `power`.

    Returns:
        One of each per ratio. Counts with less than 1e-9 together are left out. The exaggeration
        is NotEstimable where the rule never says scale.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Suissa & Shuster 1985 JRSS A 148:317 (enumeration); Gelman & Carlin 2014 Perspectives on
        Psychological Science 9:641 (exaggeration, "type M").
    """
    rate = check_number("control_rate", control_rate, above=0.0, below=1.0)
    n_t = check_count("treatment_total", treatment_total, at_least=1)
    n_c = check_count("control_total", control_total, at_least=1)
    level, bar = check_rule(rule, alpha, threshold)
    checked = [check_ratio(ratio, rate) for ratio in ratios]
    arms = Arms.of(n_t, n_c)
    first, chances = likely_counts(arms.control_choose, rate, IGNORED)
    control = np.arange(first, first + len(chances))
    rates = [min(1.0, ratio * rate) for ratio in (1.0, *checked)]
    arm = [likely_counts(arms.treatment_choose, each, IGNORED) for each in rates]
    lowest = min(start for start, _ in arm)
    highest = max(start + len(row) - 1 for start, row in arm)
    edge = scale_from(arms, control, highest, rule, level, bar)
    treatment = np.arange(lowest, highest + 1)
    out_from = ruled_out_from(arms, treatment, (first, int(control[-1])), level, bar)
    ruled_out = (control[:, None] >= out_from) & (treatment < edge[:, None])
    scaled, out, exaggeration = [], [], []
    for ratio, treatment_rate in zip((1.0, *checked), rates, strict=True):
        row = pmf_rows(arms.treatment_choose, lowest, highest, np.array([treatment_rate]))[0]
        scaled.append(min(1.0, float(chances @ at_least(arms, edge, treatment_rate))))
        out.append(min(1.0, float(chances @ ruled_out @ row)))
        weights = chances[:, None] * row * (treatment >= edge[:, None])
        exaggeration.append(_exaggeration(weights, control, treatment, ratio * n_t / n_c))
    return OperatingCharacteristics(
        ratios=tuple(checked),
        prob_scale=tuple(scaled[1:]),
        prob_ruled_out=tuple(out[1:]),
        size=scaled[0],
        exaggeration=tuple(exaggeration[1:]),
    )


def check_ratio(ratio: object, rate: float) -> float:
    """Check a true ratio against the control rate: the treatment rate is at most 1."""
    return check_number("ratio", ratio, above=0.0, at_most=1.0 / rate)


def at_least(arms: Arms, edge: NDArray[np.intp], treatment_rate: float) -> NDArray[np.float64]:
    """Give the probabilities of at least so many treatment events."""
    low, high = window(arms.treatment_total, treatment_rate, treatment_rate)
    tails = upper_tails(arms.treatment_choose, low, high, np.array([treatment_rate]))[0]
    out: NDArray[np.float64] = tails[np.clip(edge - low, 0, len(tails) - 1)]
    return out


def _exaggeration(
    weights: NDArray[np.float64],
    control: NDArray[np.intp],
    treatment: NDArray[np.intp],
    expected: float,
) -> float | NotEstimable:
    """Give the geometric mean of the ratio of counts over weighted tables, over its expected."""
    total = float(weights.sum())
    if total <= 0.0:
        return NotEstimable(reason="never-scaled")
    logs = weights.sum(axis=0) @ np.log(treatment + 0.5) - weights.sum(axis=1) @ np.log(
        control + 0.5
    )
    return math.exp(float(logs) / total) / expected
