"""Statistics in this process against scipy, in the same run: medians, and their ratio.

Part of `compare.py`, which prints it.
"""

from __future__ import annotations

import statistics
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scipy.stats import barnard_exact

from icptest.stats import exact_interval, exact_test, power

if TYPE_CHECKING:
    from collections.abc import Callable

_OUR_RUNS, _PEER_RUNS = 20, 3


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A function, and how fast it is promised to be.

    Attributes:
        name: What is run.
        ours: The function.
        seconds: What the median of 20 runs may take; None where nothing is promised.
        peer: What it is compared with.
        times: How many times faster than the peer's median of 3 runs it is to be.
    """

    name: str
    ours: Callable[[], object]
    seconds: float | None = None
    peer: Callable[[], object] | None = None
    times: float | None = None


def figures() -> list[Figure]:
    """Return what is promised: 1 % against 2.8 %, arms of equal size, the null that they agree."""
    return [
        Figure(
            name="exact_test, 500 / barnard_exact",
            ours=lambda: exact_test(**_table(500)),
            seconds=0.010,
            peer=lambda: _barnard(500),
            times=100,
        ),
        Figure(
            name="exact_test, 2,000 / barnard_exact",
            ours=lambda: exact_test(**_table(2000)),
            peer=lambda: _barnard(2000),
            times=500,
        ),
        Figure(
            name="exact_test, 5,000",
            ours=lambda: exact_test(**_table(5000)),
            seconds=0.040,
        ),
        Figure(
            name="exact_interval, 500",
            ours=lambda: exact_interval(**_table(500)),
            seconds=0.250,
        ),
        Figure(
            name="power, 500",
            ours=lambda: power(
                control_rate=0.01, ratio=3.0, treatment_total=500, control_total=500
            ),
            seconds=0.150,
        ),
    ]


def measured(figure: Figure) -> str:
    """Run a function and its peer, and return the line of the table.

    Judged by processor time: on a machine that has nothing else to do it is the wall's, which is
    shown beside it.
    """
    figure.ours()  # the first turn warms the caches
    ours, wall = _medians(figure.ours, _OUR_RUNS)
    line = f"{figure.name:36}{1000 * ours:9.1f} ms (wall {1000 * wall:.1f})"
    line += f"{_promised(figure.seconds, '<= {:.0f} ms', 1000):>12}"
    line += f"{_verdict(figure.seconds, ours <= (figure.seconds or 0.0)):>8}"
    if figure.peer is not None:
        peer, wall = _medians(figure.peer, _PEER_RUNS)
        line += f"{1000 * peer:10.0f} ms (wall {1000 * wall:.0f}){peer / ours:8.0f}x"
        line += f"{_promised(figure.times, '>= {:.0f}x'):>9}"
        line += f"{_verdict(figure.times, peer / ours >= (figure.times or 0.0)):>8}"
    return line


def _table(total: int) -> dict[str, Any]:
    return {
        "treatment_events": round(0.028 * total),
        "treatment_total": total,
        "control_events": total // 100,
        "control_total": total,
    }


def _barnard(total: int) -> object:
    cells = _table(total)
    x_t, x_c = cells["treatment_events"], cells["control_events"]
    table = [[x_t, x_c], [total - x_t, total - x_c]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return barnard_exact(table, alternative="greater")


def _medians(run: Callable[[], object], number: int) -> tuple[float, float]:
    """Return the median seconds of the processor and of the wall."""
    taken, passed = [], []
    for _ in range(number):
        started, processor = time.perf_counter(), time.process_time()
        run()
        taken.append(time.process_time() - processor)
        passed.append(time.perf_counter() - started)
    return statistics.median(taken), statistics.median(passed)


def _promised(value: float | None, form: str, factor: float = 1.0) -> str:
    return "-" if value is None else form.format(factor * value)


def _verdict(promised: float | None, kept: bool) -> str:
    if promised is None:
        return ""
    return "kept" if kept else "MISSED"
