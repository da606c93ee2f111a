"""Exact unconditional test of a ratio of two rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_choice, check_counts, check_number
from icptest.stats._supremum import Supremum, border_staircase, certified, supremum
from icptest.stats._tables import Table
from icptest.stats.results import ExactTest

if TYPE_CHECKING:
    from icptest.stats.results import Alternative

METHOD = "exact unconditional, score ordering, Berger-Boos"


def exact_test(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    null_ratio: float = 1.0,
    alternative: Alternative = "greater",
    gamma: float = 1e-6,
    certify: float | None = None,
) -> ExactTest:
    """Test a ratio of two rates exactly.

    All tables whose score statistic at `null_ratio` is at least the observed one are summed
    under the pair of rates in the null that makes them likeliest. Berger and Boos: that pair is
    sought only where the data do not already rule it out (product of the arms' Clopper-Pearson
    intervals at 1 - gamma / 2), and gamma is added.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        null_ratio: treatment rate / control rate under the null, above 0.
        alternative: `greater`: the null is ratio <= null_ratio; `less`: ratio >= null_ratio.
        gamma: probability that the Berger-Boos set may miss, in [0, 1); 0 searches all rates.
        certify: how close the proved upper value should be, above 0; None: no proof.

    Returns:
        p-value, nuisance rate and, with `certify`, the proved upper value. With gamma = 0, values
        below about 1e-17 mean zero and are not resolved further.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Suissa & Shuster 1985 JRSS A 148:317; Berger & Boos 1994 JASA 89:1012; Chan 1998
        Statistics in Medicine 17:1403; Chan & Zhang 1999 Biometrics 55:1202. Checked against R
        Exact 3.3, exact2x2 1.7.0 on a fine grid, and full enumeration (oracles `uc_*`,
        `barnard_*`). scipy's barnard_exact and exact2x2's default grid miss the supremum at low
        rates, see tests/stats/test_exact.py.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    ratio = check_number("null_ratio", null_ratio, above=0.0)
    check_choice("alternative", alternative, ("greater", "less"))
    share = check_number("gamma", gamma, at_least=0.0, below=1.0)
    tolerance = None if certify is None else check_number("certify", certify, above=0.0, below=1.0)
    return judge(Table.of(counts, share), ratio, alternative, share, tolerance)


def judge(
    table: Table, ratio: float, alternative: Alternative, gamma: float, tolerance: float | None
) -> ExactTest:
    """Test a checked table; what `exact_test` does after reading its arguments."""
    if alternative == "less":
        found, proved = worst_case(table.swapped(), 1.0 / ratio, tolerance)
        nuisance = None if found is None else min(1.0, found.control_rate / ratio)
    else:
        found, proved = worst_case(table, ratio, tolerance)
        nuisance = None if found is None else found.control_rate
    value = 0.0 if found is None else found.value
    return ExactTest(
        p_value=min(1.0, value + gamma),
        nuisance=nuisance,
        null_ratio=ratio,
        proved_upper=None if proved is None else min(1.0, proved + gamma),
        alternative=alternative,
        gamma=gamma,
        method=METHOD,
    )


def worst_case(
    table: Table, ratio: float, tolerance: float | None = None
) -> tuple[Supremum | None, float | None]:
    """Find the supremum for `greater`, gamma not yet added.

    Returns:
        The supremum, None when the box has no point in the null; and the proved upper value,
        None without a tolerance.
    """
    if table.outside_null(ratio):
        return None, None if tolerance is None else 0.0
    if table.inside_null(ratio):
        corner = corner_probability(table, (ratio, ratio))
        return corner, None if tolerance is None else corner.value
    border = table.border(ratio)
    stairs = border_staircase(table, (ratio, ratio), border)
    found = supremum(table, stairs, border)
    if tolerance is None:
        return found, None
    return certified(table, stairs, border, found, tolerance)


def corner_probability(table: Table, ratios: tuple[float, float]) -> Supremum:
    """Give the probability at the corner of a box wholly inside the null.

    The border is not in the box, so the supremum is where the box comes nearest to it: lowest
    control rate, highest treatment rate. (Taking it as "nothing found", p = gamma, is the
    defect of exact2x2 1.7.0.) Tables extreme at any ratio in the range are summed.
    """
    low, high = table.control_box[0], table.treatment_box[1]
    stairs = table.staircase(ratios, (low, low), (high, high))
    value = table.probability(stairs, np.array([low]), np.array([high]))
    return Supremum(value=float(value[0]), control_rate=low)
