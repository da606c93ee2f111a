"""P-values of several tests at once.

Of twenty tests of nothing one passes at 0.05. An adjusted p-value is compared with the level as
if there had been one test.

References:
    Holm 1979 Scandinavian Journal of Statistics 6:65; Benjamini & Hochberg 1995 JRSS B 57:289.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from icptest.stats._counts import check_choice, check_number

if TYPE_CHECKING:
    from collections.abc import Sequence

Adjustment = Literal["holm", "bh"]
_METHODS = ("holm", "bh")


def adjust(p_values: Sequence[float], *, method: Adjustment = "holm") -> tuple[float, ...]:
    """Adjust p-values for being several.

    Args:
        p_values: p-values in [0, 1], in any order; there may be none.
        method: `holm`: the chance of even one false positive is at most the level, however the
            tests depend on each other; `bh` (Benjamini and Hochberg): of what passes, on average
            at most that share is false, for tests that are independent or positively dependent
            (segments that share a control are).

    Returns:
        One adjusted p-value for each, in the order given, in [0, 1], never below the p-value.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against statsmodels 0.15.0 multipletests (`holm`, `fdr_bh`).
    """
    check_choice("method", method, _METHODS)
    checked = [
        check_number(f"p_values[{place}]", value, at_least=0.0, at_most=1.0)
        for place, value in enumerate(p_values)
    ]
    order = sorted(range(len(checked)), key=checked.__getitem__)
    adjusted = [0.0] * len(checked)
    if method == "holm":
        # From the smallest on, each times how many are left, never below one before.
        reached = 0.0
        for rank, place in enumerate(order):
            reached = max(reached, min(1.0, (len(checked) - rank) * checked[place]))
            adjusted[place] = reached
    else:
        # From the largest down, each times all over its rank, never above one after.
        reached = 1.0
        for rank, place in reversed(list(enumerate(order, start=1))):
            reached = min(reached, max(checked[place], checked[place] * len(checked) / rank))
            adjusted[place] = reached
    return tuple(adjusted)
