"""How far an answer can be trusted: what other labels, or other chances, would have made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.experiment import Arm
from icptest.report.words.numbers import count, the
from icptest.verdict import LABEL_FIRST

if TYPE_CHECKING:
    from icptest.bounds import Bounds
    from icptest.fragility import Fragility
    from icptest.verdict import Verdict


def trust_lines(verdict: Verdict) -> list[str]:
    """Return what would have turned the answer, one line each."""
    lines = []
    if verdict.bounds is not None:
        lines.append(_bounds(verdict, verdict.bounds))
    if verdict.fragility is not None:
        lines.append(_fragility(verdict.fragility))
    return lines


def _bounds(verdict: Verdict, bounds: Bounds) -> str:
    """Return what the unlabelled replies could make of the counts."""
    best, worst = bounds.best, bounds.worst
    return (
        "With the unlabelled replies, positive ones could be anything from "
        f"{best.segment_events} against {best.control_events} to "
        f"{worst.segment_events} against {worst.control_events}"
        + ("." if verdict.decision.reason == LABEL_FIRST else ": the answer is the same.")
    )


def _fragility(found: Fragility) -> str:
    """Return how few replies, judged otherwise, turn the answer."""
    if found.n_replies is None:
        return "No reply, judged otherwise, would turn the answer."
    changes = " and ".join(
        f"{abs(found.changes[arm])} {'more' if found.changes[arm] > 0 else 'fewer'} "
        f"positive on {the(arm)}"
        for arm in (Arm.SEGMENT, Arm.CONTROL)
        if found.changes[arm]
    )
    return (
        f"{count(found.n_replies, 'reply', 'replies')} judged otherwise would turn the answer: "
        f"{changes}."
    )
