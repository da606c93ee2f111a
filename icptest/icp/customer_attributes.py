"""Attributes of customers: industries, countries, tools, bands, and what is said in few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from icptest.attributes import company_size
from icptest.icp.criteria import Layer
from icptest.icp.fields import Field
from icptest.icp.phrases import phrase_key, says_nothing
from icptest.icp.places import country_of
from icptest.icp.ranges import read_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icptest.icp.columns import Columns

MOST_VALUES = 12
"""A column of no known kind is an attribute where it has at most so many different values."""
_LAYERS = {
    Field.INDUSTRY: Layer.FIRMOGRAPHIC,
    Field.GEOGRAPHY: Layer.FIRMOGRAPHIC,
    Field.EMPLOYEES: Layer.FIRMOGRAPHIC,
    Field.REVENUE: Layer.FIRMOGRAPHIC,
    Field.OWNERSHIP: Layer.FIRMOGRAPHIC,
    Field.STAGE: Layer.FIRMOGRAPHIC,
    Field.BUSINESS_MODEL: Layer.FIRMOGRAPHIC,
    Field.TOOLS: Layer.TECHNOGRAPHIC,
}
_NOT_ATTRIBUTES = (
    *(Field.OUTCOME, Field.CLOSED_ON, Field.OPENED_ON, Field.BOUGHT_ON, Field.CHURNED_ON),
    *(Field.CHURNED, Field.COMPANY, Field.WEBSITE, Field.EMAIL, Field.TENURE),
)
_ENTRY_ENDS = re.compile(r"[;|,\n]")
_LEAVING = re.compile(r"churn|cancel|\bended\b|\bend date\b|reason|refund|reactivat", re.IGNORECASE)
_BANDS = 3
_WHOLE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """Something that customers have or have not.

    Attributes:
        column: The column that tells it.
        value: What it says: "Salesforce", "51-200".
        layer: The layer of a profile that it belongs to.
    """

    column: str
    value: str
    layer: Layer


Found = tuple[Attribute, set[int], set[int]]


def attributes_of(
    rows: Sequence[list[list[str]]],
    header: Sequence[str],
    columns: Columns,
    outcome: int | None,
) -> Iterator[Found]:
    """Give every attribute with who has it and of whom its column tells anything.

    Args:
        rows: The rows of every customer.
        header: Their columns.
        columns: What people have said about columns.
        outcome: Where the column stands that says what became of a deal, which is no attribute.
    """
    used = {columns.place(one, header) for one in _NOT_ATTRIBUTES} | {outcome}
    for one, layer in _LAYERS.items():
        place = columns.place(one, header)
        if place is None or place in used:
            continue
        used.add(place)
        cells = [[row[place] for row in group] for group in rows]
        yield from _of_column(_values(one, cells), header[place], layer)
    for place, name in enumerate(header):
        if place in used or _LEAVING.search(name):
            continue
        cells = [[row[place] for row in group] for group in rows]
        said = [{_plain(cell) for cell in group if not says_nothing(cell)} for group in cells]
        if len(set().union(*said)) <= MOST_VALUES:
            yield from _of_column(said, name, Layer.FIRMOGRAPHIC)


def _of_column(said: Sequence[set[str]], name: str, layer: Layer) -> Iterator[Found]:
    telling = {place for place, values in enumerate(said) if values}
    having: dict[str, set[int]] = {}
    for place, values in enumerate(said):
        for value in values:
            having.setdefault(value, set()).add(place)
    for value, places in sorted(having.items()):
        yield Attribute(column=name, value=value, layer=layer), places, telling


def _values(one: Field, cells: Sequence[Sequence[str]]) -> list[set[str]]:
    """Return what the rows of each company say: entries, countries or bands."""
    if one is Field.EMPLOYEES:
        return [{band for cell in group if (band := company_size(cell))} for group in cells]
    if one is Field.REVENUE:
        return _thirds(cells)
    if one is Field.GEOGRAPHY:
        return [{_place(cell) for cell in group if not says_nothing(cell)} for group in cells]
    spelt: dict[str, str] = {}
    found = []
    for group in cells:
        entries = [entry for cell in group for entry in _ENTRY_ENDS.split(cell)]
        told = [entry for entry in entries if not says_nothing(entry)]
        found.append({spelt.setdefault(phrase_key(entry), _plain(entry)) for entry in told})
    return found


def _thirds(cells: Sequence[Sequence[str]]) -> list[set[str]]:
    """Return bands of a number in which about as many customers are."""
    numbers = [_first_number(group) for group in cells]
    told = sorted(number for number in numbers if number is not None)
    cuts = sorted({told[len(told) * part // _BANDS] for part in range(1, _BANDS)}) if told else []
    names = _band_names(cuts)
    return [
        set() if number is None else {names[sum(number >= cut for cut in cuts)]}
        for number in numbers
    ]


def _band_names(cuts: Sequence[float]) -> list[str]:
    written = [f"{cut:,.0f}" if cut >= _WHOLE else f"{cut:g}" for cut in cuts]
    if not written:
        return ["any"]
    between = [f"{low} to {high}" for low, high in pairwise(written)]
    return [f"under {written[0]}", *between, f"{written[-1]} or more"]


def _first_number(group: Iterable[str]) -> float | None:
    for cell in group:
        span = read_range(cell)
        if span is not None and abs(span.low) != float("inf"):
            return span.low
    return None


def _place(cell: str) -> str:
    """Return the country of a location, else the location as written."""
    last = cell.rpartition(",")[2]
    return country_of(cell) or country_of(last) or _plain(cell)


def _plain(cell: str) -> str:
    return " ".join(cell.split())
