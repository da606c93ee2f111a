"""Validation of what comes in: every refusal names the argument, its value and the bound."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING

from icptest.stats.results import NotEstimable

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Checked counts of two arms, as Python integers."""

    treatment_events: int
    treatment_total: int
    control_events: int
    control_total: int

    def swapped(self) -> Counts:
        """Give the same table with the arms exchanged: its ratio is one over the ratio."""
        return Counts(
            treatment_events=self.control_events,
            treatment_total=self.control_total,
            control_events=self.treatment_events,
            control_total=self.treatment_total,
        )

    def estimate(self) -> float | NotEstimable:
        """Give the observed ratio, or why there is none."""
        if self.control_events == 0:
            if self.treatment_events == 0:
                return NotEstimable(reason="no-events")
            return NotEstimable(reason="no-control-events")
        return (self.treatment_events * self.control_total) / (
            self.control_events * self.treatment_total
        )


def check_count(name: str, value: object, *, at_least: int = 0) -> int:
    """Check one count and give it as a Python integer.

    Args:
        name: the argument's name, for the message.
        value: what was given; Python and numpy integers pass, booleans and floats do not.
        at_least: smallest allowed value.

    Returns:
        The count.

    Raises:
        ValueError: not an integer, or below the bound.
    """
    # numpy booleans are not registered as numbers.Integral, Python's are.
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        msg = f"{name} == {value!r}, must be an integer >= {at_least}."
        raise ValueError(msg)  # noqa: TRY004 - one error type for all bad input
    count = index(value)
    if count < at_least:
        msg = f"{name} == {count}, must be >= {at_least}."
        raise ValueError(msg)
    return count


def check_arm(prefix: str, events: object, total: object) -> tuple[int, int]:
    """Check the events and the total of one arm; `prefix` is `treatment_`, `control_` or empty."""
    checked_total = check_count(f"{prefix}total", total, at_least=1)
    checked_events = check_count(f"{prefix}events", events)
    if checked_events > checked_total:
        msg = f"{prefix}events == {checked_events}, must be <= {prefix}total == {checked_total}."
        raise ValueError(msg)
    return checked_events, checked_total


def check_counts(
    *,
    treatment_events: object,
    treatment_total: object,
    control_events: object,
    control_total: object,
) -> Counts:
    """Check the four counts of a table."""
    treatment = check_arm("treatment_", treatment_events, treatment_total)
    control = check_arm("control_", control_events, control_total)
    return Counts(
        treatment_events=treatment[0],
        treatment_total=treatment[1],
        control_events=control[0],
        control_total=control[1],
    )


def check_number(
    name: str,
    value: object,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """Check a real number against its bounds; NaN and infinities are refused."""
    bounds = [
        f"{sign} {bound}"
        for sign, bound in ((">", above), (">=", at_least), ("<", below), ("<=", at_most))
        if bound is not None
    ]
    allowed = f"must be {' and '.join(['finite', *bounds])}."
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        msg = f"{name} == {value!r}, must be a number; {allowed}"
        raise ValueError(msg)  # noqa: TRY004 - one error type for all bad input
    number = float(value)
    inside = (
        math.isfinite(number)
        and (above is None or number > above)
        and (at_least is None or number >= at_least)
        and (below is None or number < below)
        and (at_most is None or number <= at_most)
    )
    if not inside:
        msg = f"{name} == {number!r}, {allowed}"
        raise ValueError(msg)
    return number


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Check that a word is one of those allowed."""
    if value not in choices:
        msg = f"{name} == {value!r}, must be one of {', '.join(map(repr, choices))}."
        raise ValueError(msg)
