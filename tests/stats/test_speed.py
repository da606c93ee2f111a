"""The promises about time, in process, with room for a slow machine."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

import pytest

from icptest.stats import exact_interval, exact_test, power, ratio_exceeds

if TYPE_CHECKING:
    from collections.abc import Callable


def table(x_t: int, n_t: int, x_c: int, n_c: int) -> dict[str, Any]:
    """Name four counts."""
    return {
        "treatment_events": x_t,
        "treatment_total": n_t,
        "control_events": x_c,
        "control_total": n_c,
    }


DECISION: dict[str, Any] = {"alternative": "greater", "level": 0.05}
LIFT: dict[str, Any] = {
    "control_rate": 0.01,
    "ratio": 2.0,
    "treatment_total": 500,
    "control_total": 500,
}


@pytest.mark.parametrize(
    ("function", "arguments", "seconds"),
    [
        # Measured on this machine, 2026-11-22: 0.7, 1.3, 50, 25 and 90 ms.
        (exact_test, table(14, 500, 5, 500) | {"null_ratio": 2.0}, 0.010),
        (exact_test, table(140, 5000, 50, 5000) | {"null_ratio": 2.0}, 0.040),
        (exact_interval, table(14, 500, 5, 500), 0.250),
        (ratio_exceeds, table(14, 500, 5, 500) | {"null_ratio": 1.0} | DECISION, 0.120),
        (power, LIFT, 1.0),
    ],
)
def test_is_fast_enough(
    function: Callable[..., Any], arguments: dict[str, Any], seconds: float
) -> None:
    """The median of seven runs is below the promised time."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        function(**arguments)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < seconds
