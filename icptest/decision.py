"""Decision: the rule and nothing else. Counts in; scale or no-scale and why, out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest import stats
from icptest.evidence import exceeds
from icptest.protocol import Rule

if TYPE_CHECKING:
    from icptest.evidence import Counts
    from icptest.protocol import Protocol


class Answer(StrEnum):
    """What the program answers."""

    SCALE = "scale"
    NO_SCALE = "no-scale"
    NOT_YET = "not-yet"
    INVALID = "invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Scale or no-scale, and why: one of the reasons of `report.words`."""

    answer: Answer
    reason: str


def lift_reached(counts: Counts, threshold: float) -> bool:
    """Return whether the observed lift is at least the threshold, decided in integers."""
    return stats.lift_reached(
        treatment_events=counts.segment_events,
        treatment_total=counts.segment_total,
        control_events=counts.control_events,
        control_total=counts.control_total,
        threshold=threshold,
    )


def scales(counts: Counts, protocol: Protocol, *, level: float) -> bool:
    """Return whether the rule says scale; computes no more than that takes."""
    if protocol.rule is Rule.PROVEN:
        return _passes(counts, protocol.threshold, level)
    if not lift_reached(counts, protocol.threshold):
        return False
    return protocol.rule is Rule.LIFT or _passes(counts, 1.0, level)


def decide(counts: Counts, protocol: Protocol, *, level: float) -> Decision:
    """Apply the rule of a protocol to settled counts.

    Args:
        counts: Positive replies and contacts reached, per arm.
        protocol: The registered rule and threshold.
        level: One-sided level of the tests: alpha, or this look's share of it.
    """
    if scales(counts, protocol, level=level):
        if _passes(counts, protocol.threshold, level):
            reason = "proven"
        else:
            reason = "likely" if _passes(counts, 1.0, level) else "unproven"
        return Decision(answer=Answer.SCALE, reason=reason)
    misses = exceeds(counts, ratio=protocol.threshold, alternative="less", level=level)
    if misses.passes:
        reason = "ruled-out"
    elif lift_reached(counts, protocol.threshold):
        reason = "could-be-luck"
    else:
        reason = "below-threshold"
    return Decision(answer=Answer.NO_SCALE, reason=reason)


def _passes(counts: Counts, ratio: float, level: float) -> bool:
    return exceeds(counts, ratio=ratio, alternative="greater", level=level).passes
