"""Where a condition turns false."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def bisect(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Find where `holds`, true at `low` and false at `high`, turns false, to the last bit.

    Returns:
        The last number at which it holds.
    """
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return low
        if holds(middle):
            low = middle
        else:
            high = middle
