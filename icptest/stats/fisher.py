"""Fisher's exact test of two arms."""

from __future__ import annotations

import numpy as np

from icptest.stats._counts import check_counts
from icptest.stats.results import FisherTest

# Probabilities closer than this are equal: the rule of R's fisher.test and scipy's fisher_exact.
_TIE = 1e-7


def fisher_test(
    *, treatment_events: int, treatment_total: int, control_events: int, control_total: int
) -> FisherTest:
    """Test whether two arms have the same rate, conditioning on the number of events.

    Two-sided: the probabilities of all tables no likelier than the observed one, added up.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.

    Returns:
        The two-sided p-value.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Fisher 1935 The Design of Experiments. Checked against R 4.2.2 fisher.test (oracles
        `fisher_*`) and scipy.stats.fisher_exact.
    """
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    n_t, n_c = counts.treatment_total, counts.control_total
    events = counts.treatment_events + counts.control_events
    lowest, highest = max(0, events - n_c), min(n_t, events)
    # Hypergeometric probabilities by their ratios, from the smallest possible count on.
    x = np.arange(lowest, highest, dtype=np.float64)
    steps = np.log((n_t - x) / (x + 1.0) * ((events - x) / (n_c - events + x + 1.0)))
    weights = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(weights - weights.max())
    bar = weights[counts.treatment_events - lowest] * (1.0 + _TIE)
    extreme = np.sort(weights[weights <= bar])
    return FisherTest(p_value=min(1.0, float(extreme.sum() / weights.sum())))
