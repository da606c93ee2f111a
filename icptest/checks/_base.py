"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from icptest import stats

if TYPE_CHECKING:
    from collections.abc import Mapping

STOP_BELOW = 0.0005
WARN_BELOW = 0.005


class Status(StrEnum):
    """What a check says."""

    PASS = "pass"  # noqa: S105 - a word of the report
    WARN = "warn"
    STOP = "stop"
    PENDING = "pending"
    """Cannot be judged yet."""
    UNKNOWN = "unknown"
    """The export cannot tell; never shown as a pass, never waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check of one test.

    Attributes:
        code: Stable kebab word.
        status: What it says.
        facts: What its sentence mentions (`report.words`).
        accepted: Why somebody went on in spite of a stop, if so; the status is then a warning.
    """

    code: str
    status: Status
    facts: Mapping[str, Any] = field(default_factory=dict)
    accepted: str | None = None


def arms_differ(*, control: tuple[int, int], segment: tuple[int, int]) -> float:
    """Return the two-sided p-value of Fisher's exact test on (events, total) of each arm."""
    if control[1] == 0 or segment[1] == 0:
        return 1.0
    return stats.fisher_test(
        treatment_events=segment[0],
        treatment_total=segment[1],
        control_events=control[0],
        control_total=control[1],
    ).p_value


def by_p_value(p_value: float, *, may_stop: bool) -> Status:
    """Return what a statistical check says."""
    if p_value < STOP_BELOW and may_stop:
        return Status.STOP
    return Status.WARN if p_value < WARN_BELOW else Status.PASS
