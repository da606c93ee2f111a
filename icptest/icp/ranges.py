"""Ranges of numbers, as people write them: "50-250", "10k+", "$5M to $25M", "20%"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_MARK = r"[,.' \u00a0\u202f]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_MARK}\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:[.,]\d+)?|[.]\d+)"
_SCALES = {
    **dict.fromkeys(("k", "thousand", "tsd"), 1e3),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mil", "million", "millions"), 1e6),
    **dict.fromkeys(("b", "bn", "bil", "mrd", "billion", "billions"), 1e9),
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_MONEY = r"(?:[$\u20ac\u00a3\u00a5\u20b9]|usd|eur|gbp|us\$)?\s*"
_AMOUNT = (
    rf"{_MONEY}({_DIGITS})\s*({_SCALE})?(?![a-z])[.]?\s*"
    r"(?:[$\u20ac\u00a3\u00a5\u20b9%]|usd|eur|gbp)?"
)
_AFTER = (
    r"(\+|or more|and more|and above|and over|plus)?\s*"
    r"(?:employees|people|staff|fte|ftes|persons|years?|days?|arr|revenue|a year|per year)?"
)
_RANGE = re.compile(
    r"(>=|\u2265|>|over|more than|above|at least|from|min\.?|<=|\u2264|<|under|below|less than|"
    r"up to|at most|max\.?|~|about|approx\.?)?\s*(-(?=\s*\d))?\s*"
    rf"{_AMOUNT}(?:\s*(?:-|\u2013|\u2014|to|until|\.\.)\s*{_AMOUNT})?\s*{_AFTER}"
)
_AT_LEAST = frozenset((">=", "\u2265", "at least", "from", "min", "min."))
_ABOVE = frozenset((">", "over", "more than", "above"))
_AT_MOST = frozenset(("<=", "\u2264", "up to", "at most", "max", "max."))
_BELOW = frozenset(("<", "under", "below", "less than"))
_THOUSANDS = re.compile(rf"\d{{1,3}}(?:{_MARK}\d{{3}})+")
_DECIMALS = re.compile(r"[.,](\d+)$")
_LONGEST = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """Numbers from one to another, both included; an open end is infinite.

    Attributes:
        low: The least number in it.
        high: The greatest.
    """

    low: float
    high: float

    def holds(self, other: Range) -> bool | None:
        """Tell whether a number is in it: yes, no, or None where only a part of `other` is.

        Args:
            other: The number, or the range that a list writes for one: "51-200".
        """
        if self.low <= other.low and other.high <= self.high:
            return True
        if other.high < self.low or self.high < other.low:
            return False
        return None


def read_range(text: str) -> Range | None:
    """Return the numbers that a text means, or None when it means none.

    One number is a range of its own. Currencies, per cent signs and units are dropped: both
    sides of a comparison are taken to mean the same. "1,200" and "1.200" are 1200: three digits
    behind a mark are thousands, unless a scale follows ("1.200M").
    """
    plain = text.strip().casefold()
    if not plain or len(plain) > _LONGEST:
        return None
    if plain.isascii() and plain.isdigit():  # most cells, by far
        number = float(plain)
        return Range(low=number, high=number)
    found = _RANGE.fullmatch(plain)
    if found is None:
        return None
    before, minus, digits, scale, more_digits, more_scale, after = found.groups()
    high = None if more_digits is None else _number(more_digits, more_scale)
    # "5-25M" is 5M to 25M; "500-1k" is 500 to 1,000.
    low = _number(digits, scale)
    if high is not None and scale is None and more_scale is not None:
        scaled = _number(digits, more_scale)
        low = scaled if scaled <= high else low
    if minus:
        low = -low
    return _between(low, high, before or "", open_end=after is not None)


def read_scaled(text: str, scale: float) -> Range | None:
    """Return the numbers that a cell means in a column whose name says that it counts thousands.

    Args:
        text: The cell; one with a scale of its own ("$5M") is taken at its word.
        scale: What the name says, as `scale_said` reads it.
    """
    found = read_range(text)
    if found is None or scale == 1 or _OWN_SCALE.search(text):
        return found
    return Range(low=found.low * scale, high=found.high * scale)


def scale_said(name: str) -> float:
    """Return how many each one in a column stands for: 1000 in "Revenue (in 000s USD)"."""
    for scale, said in _SAID.items():
        if said.search(name):
            return scale
    return 1.0


_OWN_SCALE = re.compile(r"(?<=[\d\s])(?:[kmb]|tsd)", re.IGNORECASE)
_SAID = {
    1e3: re.compile(
        r"\b(?:in )?(?:'?000s?|thousands?|tsd)\b|[(](?:in )?[$\u20ac\u00a3]?k[)]", re.IGNORECASE
    ),
    1e6: re.compile(
        r"\b(?:in )?(?:millions?|mio|mn|mm)\b|[(](?:in )?[$\u20ac\u00a3]?m[)]", re.IGNORECASE
    ),
}


def _between(low: float, high: float | None, before: str, *, open_end: bool) -> Range | None:
    if high is not None:
        return None if before in _BELOW | _AT_MOST or high < low else Range(low=low, high=high)
    if open_end or before in _AT_LEAST:
        return Range(low=low, high=math.inf)
    if before in _ABOVE:
        return Range(low=math.nextafter(low, math.inf), high=math.inf)
    if before in _AT_MOST:
        return Range(low=-math.inf, high=low)
    if before in _BELOW:
        return Range(low=-math.inf, high=math.nextafter(low, -math.inf))
    return Range(low=low, high=low)


def _number(digits: str, scale: str | None) -> float:
    if scale is None and _THOUSANDS.fullmatch(digits):
        whole, decimals = digits, ""
    else:
        found = _DECIMALS.search(digits)
        whole, decimals = (digits[: found.start()], found[1]) if found else (digits, "")
    plain = re.sub(r"\D", "", whole) or "0"
    return float(f"{plain}.{decimals or 0}") * (_SCALES[scale] if scale else 1.0)


def written_range(span: Range) -> str:
    """Return a range as a definition writes it: "50-250", "5M+", "up to 10"."""
    low, high = span.low, span.high
    if low == high:
        return _written(low)
    if math.isinf(high):
        below = math.nextafter(low, -math.inf)
        return f"over {_written(below)}" if _is_rounder(below, low) else f"{_written(low)}+"
    if math.isinf(low):
        above = math.nextafter(high, math.inf)
        return f"under {_written(above)}" if _is_rounder(above, high) else f"up to {_written(high)}"
    return f"{_written(low)}-{_written(high)}"


def _is_rounder(one: float, other: float) -> bool:
    return one.is_integer() and not other.is_integer()


def _written(number: float) -> str:
    for letter, scale in (("B", 1e9), ("M", 1e6)):
        if abs(number) >= scale and f"{number / scale:.4g}" == f"{number / scale:.12g}":
            return f"{number / scale:.4g}{letter}"
    return f"{number:.12g}"
