"""How many treatment events a lift, the evidence and the proof need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats._counts import check_count
from icptest.stats._edges import smallest_passing
from icptest.stats._tables import Arms
from icptest.stats.rules import check_rule, needed_for_lift

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class NeededEvents:
    """How many treatment events are enough beside so many of control.

    Attributes:
        control_events: contacts with the event in the control arm.
        lift: fewest treatment events at which the observed ratio is at least the threshold.
        evidence: fewest at which the exact test of "ratio <= 1" passes.
        proof: fewest at which the exact test of "ratio <= threshold" passes.

    Each is None where even all contacts of the treatment arm are not enough.
    """

    control_events: int
    lift: int | None
    evidence: int | None
    proof: int | None


def needed_events(
    *,
    treatment_total: int,
    control_total: int,
    alpha: float = 0.05,
    threshold: float = 2.0,
    control_events: Sequence[int] = range(16),
) -> tuple[NeededEvents, ...]:
    """Tell how many treatment events reach the lift, pass the evidence test, pass the proof.

    Args:
        treatment_total: contacts in the treatment arm, at least 1.
        control_total: contacts in the control arm, at least 1.
        alpha: one-sided level of the exact tests, in (0.000001, 0.5).
        threshold: the ratio that justifies scaling, above 0.
        control_events: control events to tell it for, none negative, by default 0 to 15; those
            above the control total are left out.

    Returns:
        One row per count of control events, in order, each once. A test passes as
        `ratio_exceeds` decides: p-value and interval agree.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        As `exact_test`. At 500 per arm the evidence test passes from 3, 6, 8, 9, 11, 12 on beside
        0 to 5 (tests/stats/oracles/needed_events.json).
    """
    n_t = check_count("treatment_total", treatment_total, at_least=1)
    n_c = check_count("control_total", control_total, at_least=1)
    level, bar = check_rule("proven", alpha, threshold)
    asked = {check_count("control_events", events) for events in control_events}
    control = np.array(sorted(events for events in asked if events <= n_c), dtype=np.intp)
    if not len(control):
        return ()
    arms = Arms.of(n_t, n_c)
    floor = np.zeros(len(control), dtype=np.intp)
    lift = needed_for_lift(control, arms.totals, bar)
    evidence = smallest_passing(arms, control, floor, n_t, 1.0, level)
    proof = evidence if bar == 1.0 else smallest_passing(arms, control, floor, n_t, bar, level)

    def possible(events: int) -> int | None:
        return events if events <= n_t else None

    return tuple(
        NeededEvents(
            control_events=events,
            lift=possible(first),
            evidence=possible(second),
            proof=possible(third),
        )
        for events, first, second, third in zip(
            control.tolist(), lift.tolist(), evidence.tolist(), proof.tolist(), strict=True
        )
    )
