"""Score intervals of a ratio of two rates: the score statistic, inverted."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from icptest.stats._bisection import bisect
from icptest.stats._counts import check_choice, check_counts, check_number
from icptest.stats.results import NotEstimable, RatioInterval
from icptest.stats.score import scale, statistic
from icptest.stats.skewness import corrected, corrected_limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from icptest.stats._counts import Counts
    from icptest.stats.results import IntervalMethod

_METHODS = ("miettinen-nurminen", "koopman", "skewness-corrected")
# Beyond any ratio of interest.
_SMALLEST_LOG = math.log(1e-12)


def score_interval(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    confidence_level: float = 0.9,
    method: IntervalMethod = "miettinen-nurminen",
    design_effect: float = 1.0,
) -> RatioInterval:
    """Give the asymptotic score interval of a ratio of two rates.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        confidence_level: two-sided confidence, in (0, 1).
        method: `miettinen-nurminen` and `koopman` as in `score_test`; `skewness-corrected` is
            Laud's SCAS, whose two errors are more nearly equal.
        design_effect: how much more the arms' rates vary than those of independent contacts, at
            least 1 (`clustered_ratio` measures it). Above 1 the statistic is that of the divided
            counts; Miettinen and Nurminen's N / (N - 1) takes the divided N. 1 for
            `skewness-corrected`.

    Returns:
        Both ends and the observed ratio. Without treatment events the low end is 0.0; without
        control events there is no high end. The skewness-corrected statistic is bounded, so
        that with few events an end may be missing at a high confidence (with 1 event, above
        99 %), and with none be there at a low one (below 68 %); at a low confidence the interval
        may also miss the observed ratio, which is not its centre.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Koopman 1984 Biometrics 40:513; Miettinen & Nurminen 1985 Statistics in Medicine 4:213;
        Nam 1995 Biometrical Journal 37:375; Laud 2017 Pharmaceutical Statistics 16:334 with its
        corrigendum 2018, 17:290. Checked against R ratesci 1.0.0 (oracles `ci_mn_*`,
        `ci_koopman_*`, `ci_scas_*`), PropCIs, contingencytables and the tables of Laud 2017 and
        Koopman 1984. statsmodels takes the wrong root of Nam's cubic when an arm is all events;
        this does not use it.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    check_choice("method", method, _METHODS)
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    # What dividing does to skewness nobody has worked out.
    most = 1.0 if method == "skewness-corrected" else math.inf
    effect = check_number("design_effect", design_effect, at_least=1.0, at_most=most)
    # Without control events the statistic falls to 0 only at infinity: z has to stay above it.
    z = max(NormalDist().inv_cdf(0.5 + level / 2.0), 1e-8)
    low = _low_end(counts, z, method, effect)
    reverse = _low_end(counts.swapped(), z, method, effect)
    return RatioInterval(
        low=low,
        high=NotEstimable(reason="no-upper-bound") if reverse == 0.0 else 1.0 / reverse,
        estimate=counts.estimate(),
        confidence_level=level,
        method=method,
    )


def _low_end(counts: Counts, z: float, method: IntervalMethod, effect: float) -> float:
    """Find the ratio at which the statistic falls to z; 0.0 where none is too small."""
    if method == "skewness-corrected":
        if z >= corrected_limit(counts):
            return 0.0
        return _falls_to(lambda log: corrected(counts, math.exp(log)), z, counts)
    factor = scale(counts, method, effect)
    if counts.treatment_events == 0 or factor == 0.0:
        return 0.0
    return _falls_to(lambda log: statistic(counts, math.exp(log)), z / factor, counts)


def _falls_to(at: Callable[[float], float], bar: float, counts: Counts) -> float:
    """Find where the statistic of a table falls to a bar, from near the observed ratio on."""
    start = (
        max(counts.treatment_events, 0.5)
        * counts.control_total
        / (max(counts.control_events, 0.5) * counts.treatment_total)
    )
    return falls_to(at, bar, start)


def falls_to(at: Callable[[float], float], bar: float, start: float) -> float:
    """Find the ratio at which a statistic, as a function of the log ratio, falls to a bar.

    The statistic falls from above the bar to something not above 0 as the ratio grows, so a
    bracket always exists; bisection then cannot pick a wrong root, as a cubic's can.

    Args:
        at: the statistic at a log ratio.
        bar: what it falls to, above 0.
        start: a ratio to look around.

    Returns:
        The ratio; 0.0 where the statistic is below the bar at every one.
    """
    above = below = math.log(start)
    step = 1.0
    while at(below) < bar:
        if below < _SMALLEST_LOG:
            return 0.0
        above, below, step = below, below - step, 2.0 * step
    step = 1.0
    while at(above) >= bar:
        below, above, step = above, above + step, 2.0 * step
    return math.exp(bisect(lambda log: at(log) >= bar, below, above))
