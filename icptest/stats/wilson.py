"""Wilson's interval of one rate."""

from __future__ import annotations

import math
from statistics import NormalDist

from icptest.stats._counts import check_arm, check_number
from icptest.stats.results import RateInterval


def wilson_interval(*, events: int, total: int, confidence_level: float = 0.9) -> RateInterval:
    """Give Wilson's score interval of one rate.

    Args:
        events: contacts with the event.
        total: contacts, at least 1.
        confidence_level: two-sided confidence, in (0, 1).

    Returns:
        Both ends and the observed rate, in [0, 1]; exactly 0 or 1 where no contact or every
        contact has the event.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Wilson 1927 JASA 22:209. Checked against statsmodels proportion_confint("wilson").
    """
    x, n = check_arm("", events, total)
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    rate = x / n
    spread = 1.0 + z * z / n
    centre = (rate + z * z / (2.0 * n)) / spread
    half = z / spread * math.sqrt(rate * (1.0 - rate) / n + z * z / (4.0 * n * n))
    return RateInterval(
        low=0.0 if x == 0 else max(0.0, centre - half),
        high=1.0 if x == n else min(1.0, centre + half),
        estimate=rate,
        confidence_level=level,
        method="wilson",
    )
