"""Taking cells apart: the entries, places, codes, numbers and days that they mean."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from icptest.icp.days import read_day
from icptest.icp.phrases import entries_key, phrase_key
from icptest.icp.places import countries_in, countries_of
from icptest.icp.ranges import Range, read_range, read_scaled
from icptest.icp.shared import TraitKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from icptest.reading.times import DateOrder

REGIONS = (
    *("North America", "DACH", "Nordics", "Benelux", "European Union", "Europe", "EMEA"),
    *("Middle East", "Africa", "Latin America", "Oceania", "Asia", "APAC"),
)
_MEMBERS = {name: countries_of(name) or frozenset() for name in REGIONS}
_YEARS = Range(low=1500, high=2200)
_ENTRY_ENDS = re.compile(r"->|[;|,\n]")
_SHORTEST, _LONGEST = 2, 6


def entries_of(cell: str) -> list[str]:
    """Return the entries of a cell, as they are compared."""
    entries = entries_key(cell).strip(" |").split(" | ")
    return list(dict.fromkeys(entry for entry in entries if entry))


def spelling_of(cell: str) -> dict[str, str]:
    """Return the entries of a cell as it spells them, by what they are compared as."""
    spelt = {
        phrase_key(entry).strip(): " ".join(entry.split()) for entry in _ENTRY_ENDS.split(cell)
    }
    spelt.pop("", None)
    return spelt


def places_of(cell: str) -> list[str]:
    """Return the countries of a cell by their codes, and the regions that hold them."""
    found = countries_in(cell)
    codes = [next(iter(one)) for one in found if len(one) == 1]
    regions = [name for name in REGIONS if any(one <= _MEMBERS[name] for one in found)]
    return list(dict.fromkeys([*codes, *regions]))


def codes_of(cell: str) -> list[str]:
    """Return the beginnings of codes, from two digits on: NAICS codes are nested so."""
    words = "".join(sign if sign.isdigit() else " " for sign in cell).split()
    lengths = range(_SHORTEST, _LONGEST + 1)
    return list(dict.fromkeys(word[:n] for word in words for n in lengths if n <= len(word)))


APART: dict[TraitKind, Callable[[str], list[str]]] = {
    TraitKind.ENTRIES: entries_of,
    TraitKind.PLACES: places_of,
    TraitKind.CODES: codes_of,
    TraitKind.EVENT: entries_of,
}


def number_of(cell: str, scale: float = 1.0) -> float:
    """Return the number of a cell, of a range one inside it; NaN where there is none."""
    span = read_scaled(cell, scale)
    if span is None:
        return math.nan
    if math.isinf(span.high):
        return span.low
    return span.high if math.isinf(span.low) else (span.low + span.high) / 2


def age_of(cell: str, order: DateOrder | None, on: date) -> float:
    """Return how many whole years old a company is; NaN where the cell does not tell."""
    founded = read_range(cell)
    if founded is not None and founded.low == founded.high and _YEARS.holds(founded):
        years = on.year - founded.low
    else:
        day = read_day(cell, order)
        if day is None:
            return math.nan
        years = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return float(years) if years >= 0 else math.nan


def days_ago(cell: str, order: DateOrder | None, on: date) -> int:
    """Return how many days before another a day lies; -1 where it does not, or none is said."""
    day = read_day(cell, order)
    return -1 if day is None or day > on else (on - day).days


def country_name(name: str) -> str:
    """Return the name of a country's code as people write it; a region stays as it is."""
    if name in _MEMBERS:
        return name
    import pycountry  # noqa: PLC0415 - reads its tables

    country = pycountry.countries.get(alpha_2=name)
    if country is None:
        return name
    written: str = getattr(country, "common_name", country.name)
    return written if countries_of(written) == frozenset((name,)) else name
