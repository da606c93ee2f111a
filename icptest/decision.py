"""Decision: the rule and nothing else. Counts in; scale or no-scale and why, out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest import stats
from icptest.evidence import exceeds, passes_quickly
from icptest.protocol import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from icptest.evidence import Counts
    from icptest.levels import Levels
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
        **counts.table,
        threshold=threshold,
    )


def scales(counts: Counts, protocol: Protocol, *, levels: Levels) -> bool:
    """Return whether the rule says scale: for counts that might have been, quickly."""
    return levels.may_stop and _scales(
        counts,
        protocol,
        lambda ratio: passes_quickly(counts, ratio=ratio, level=levels.rule),
    )


def decide(counts: Counts, protocol: Protocol, *, levels: Levels) -> Decision:
    """Apply the rule of a protocol to settled counts.

    Args:
        counts: Positive replies and contacts reached, per arm.
        protocol: The registered rule and threshold.
        levels: One-sided levels of the tests: alpha, or this look's and this family's share.
    """

    def passes(ratio: float) -> bool:
        return exceeds(counts, ratio=ratio, alternative="greater", level=levels.rule).passes

    if levels.may_stop and _scales(counts, protocol, passes):
        if passes(protocol.threshold):
            return Decision(answer=Answer.SCALE, reason="proven")
        return Decision(answer=Answer.SCALE, reason="likely" if passes(1.0) else "unproven")
    misses = exceeds(counts, ratio=protocol.threshold, alternative="less", level=levels.misses)
    if misses.passes:
        reason = "ruled-out"
    elif lift_reached(counts, protocol.threshold):
        reason = "could-be-luck"
    else:
        reason = "below-threshold"
    return Decision(answer=Answer.NO_SCALE, reason=reason)


def _scales(counts: Counts, protocol: Protocol, passes: Callable[[float], bool]) -> bool:
    """Apply the rule; a test is run only where it is asked for."""
    if protocol.rule is Rule.PROVEN:
        return passes(protocol.threshold)
    if not lift_reached(counts, protocol.threshold):
        return False
    return protocol.rule is Rule.LIFT or passes(1.0)
