"""How numbers, times and names are written for people."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

WIDTH = 80
_TOGETHER = re.compile(r"`[^`]*`|\d %")
_GLUE = "\x1f"
ARM_NAMES = {"control": "today's list", "segment": "new list"}
MEASURE_NAMES = {
    "positive": "positive replies",
    "replied": "replies",
    "meetings": "meetings",
}


def the(arm: str) -> str:
    """Return an arm inside a sentence: "today's list", "the new list"."""
    return ARM_NAMES[arm] if arm == "control" else f"the {ARM_NAMES[arm]}"


def percent(rate: float) -> str:
    """Return a rate as people read it: 0.0264 -> "2.6 %"."""
    return f"{100 * rate:.1f} %" if rate else "0 %"


def rate(value: float) -> str:
    """Return a rate with the digits it was given with: 0.01 -> "1 %", 0.0048 -> "0.48 %"."""
    return f"{100 * value:.4g} %"


def share(rate: float) -> str:
    """Return a share without decimals, never rounded to none or all: 0.184 -> "18 %"."""
    whole = round(100 * rate)
    if whole == 0 and rate > 0:
        return "under 1 %"
    if whole == 100 and rate < 1:  # noqa: PLR2004 - percent
        return "over 99 %"
    return f"{whole} %"


def small(rate: float) -> str:
    """Return a small chance with the digits that tell: 0.05 -> "5 %", 0.00557 -> "0.56 %"."""
    return f"{100 * rate:.2g} %"


def expected(number: float) -> str:
    """Return an expected number of people: 2.41 -> "2.4", 24.1 -> "24"."""
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"  # noqa: PLR2004 - two digits tell


def lift(ratio: float) -> str:
    """Return a lift: 2.6 -> "2.6x"."""
    return f"{ratio:.0f}x" if ratio >= 10 else f"{ratio:.1f}x"  # noqa: PLR2004 - two digits tell


def threshold(ratio: float) -> str:
    """Return a registered threshold as it was written: 2.0 -> "2x", 1.5 -> "1.5x"."""
    return f"{ratio:g}x"


def odds(chance: float) -> str:
    """Return a chance as odds: 0.184 -> "about 1 time in 5"."""
    if chance >= 0.95:  # noqa: PLR2004 - beyond this it is the rule
        return "nearly always"
    if chance > 0.5:  # noqa: PLR2004 - more often than not
        return f"about {round(10 * chance)} times in 10"
    if chance < 0.001:  # noqa: PLR2004 - nobody has a feeling for less
        return "less than 1 time in 1,000"
    return f"about 1 time in {round(1 / chance):,}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: 1 -> "1 person", 2 -> "2 people"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def are(number: int) -> str:
    """Return the verb of so many: 1 -> "is", 2 -> "are"."""
    return "is" if number == 1 else "are"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a time with its day of the week and zone: "Wed 2 Dec 2026 00:00 (Europe/Berlin)"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M} ({zone.key})"


def wrap(text: str, *, indent: str = "", first: str | None = None) -> str:
    """Return a paragraph folded to the width of a terminal; `a command` and "2 %" stay together."""
    folded = textwrap.fill(
        _TOGETHER.sub(lambda found: found[0].replace(" ", _GLUE), text),
        width=WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return folded.replace(_GLUE, " ")


def cut(text: str, width: int) -> str:
    """Return a text that fits a column: "a long nam..."."""
    return text if len(text) <= width else f"{text[: width - 3]}..."
