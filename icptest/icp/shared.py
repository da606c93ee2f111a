"""Shared columns: what two lists both tell of a company, and which columns say nothing of it.

A name, an address or an identifier is told of a company and is no attribute of it: nothing of it
repeats. What a customer was worth is no attribute either: it is what the best were chosen by.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from icptest.contacts import column_key
from icptest.icp.criteria import SUBJECTS, Kind, Subject, other_column, scale_of
from icptest.icp.customers import MEASURES
from icptest.icp.days import read_day
from icptest.icp.fields import Field
from icptest.icp.phrases import entries_key, says_nothing
from icptest.icp.places import countries_in
from icptest.icp.ranges import read_range, read_scaled
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.icp.columns import Columns
    from icptest.reading.records import Table

_LOOKED_AT = 5_000
_IDENTIFIERS = frozenset(
    (
        *("id", "ids", "uuid", "guid", "key", "slug", "url", "urls", "link", "website", "domain"),
        *("email", "emails", "mail", "phone", "telephone", "mobile", "fax", "zip", "postcode"),
        *("name", "linkedin", "twitter", "facebook", "crunchbase", "logo", "address", "street"),
        *("latitude", "longitude", "code"),
    )
)
_OF_CUSTOMERS = (
    *(*MEASURES, Field.OUTCOME, Field.CLOSED_ON, Field.OPENED_ON, Field.BOUGHT_ON),
    *(Field.CHURNED_ON, Field.CHURNED, Field.REFERRED, Field.CHAMPION, Field.SIGNER, Field.PAYER),
)
_NUMBERS = 0.95
_MOSTLY = 0.8
_UNIQUE = 0.5
_FEW_ENTRIES = 40
_PROSE_WORDS = 6
_RANGES = 0.1
_FEW_NUMBERS = 3


class TraitKind(StrEnum):
    """How a column is taken apart into attributes."""

    ENTRIES = "entries"
    PLACES = "places"
    CODES = "codes"
    NUMBERS = "numbers"
    AGE = "age"
    EVENT = "event"


class LeftOut(StrEnum):
    """Why a column that both lists have is no attribute."""

    IDENTIFIER = "identifier"
    UNIQUE = "near-unique"
    PROSE = "prose"
    DATE = "date"
    EMPTY = "empty"
    CUSTOMER = "of-customers"
    NO_PURCHASE = "no-purchase-date"


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedColumn:
    """A column that both lists have.

    Attributes:
        subject: What can be asked of it.
        kind: How it is taken apart.
        customers: Where it stands among the customers' columns.
        market: Where it stands among the market's.
        what: Where the details of an event stand, in both; None where a list has none.
        name: As the market calls it.
        ends: Ends of the ranges its cells are written in; empty where they are numbers.
        scales: How many each one stands for, among the customers and in the market.
    """

    subject: Subject
    kind: TraitKind
    customers: int
    market: int
    what: tuple[int, int] | None = None
    name: str
    ends: tuple[float, ...] = ()
    scales: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """What two lists both tell.

    Attributes:
        columns: The columns that become attributes.
        left_out: Columns of both that do not, with the reason.
        events_of_customers: Events that only the customers' file dates.
    """

    columns: tuple[SharedColumn, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    events_of_customers: tuple[Subject, ...]


def find_shared(
    customers: Table, market: Table, columns: Columns, *, keys: Iterable[int], tells_purchase: bool
) -> Shared:
    """Find the columns that two lists share, by what they hold, else by their names.

    Args:
        customers: The customers.
        market: The base they are held against; its first rows are looked at.
        columns: What people have said about columns.
        keys: Columns of the market that name a company.
        tells_purchase: Whether the customers' file tells when they bought.
    """
    search = _Search(customers, market, columns)
    named = set(keys)
    for subject in SUBJECTS.values():
        search.add_subject(subject, tells_purchase=tells_purchase)
    for place, name in enumerate(market.header):
        if place in search.taken:
            continue
        other = search.same_name(name)
        if other is None:
            continue
        last = column_key(name).split()[-1:]
        if place in named or set(last) & _IDENTIFIERS:
            search.left_out.append((name, LeftOut.IDENTIFIER))
        elif search.is_of_customers(other, place):
            search.left_out.append((name, LeftOut.CUSTOMER))
        else:
            search.add_other(place, other, name)
    return Shared(
        columns=tuple(search.found),
        left_out=tuple(search.left_out),
        events_of_customers=tuple(search.only_customers),
    )


class _Search:
    def __init__(self, customers: Table, market: Table, columns: Columns) -> None:
        self._customers, self._market = customers.header, market.header
        self._columns = columns
        self._cells = (_sample(customers), _sample(market))
        self.found: list[SharedColumn] = []
        self.left_out: list[tuple[str, LeftOut]] = []
        self.only_customers: list[Subject] = []
        self.taken: set[int] = set()
        self._said = {
            place
            for one in _OF_CUSTOMERS
            if (place := columns.place(one, self._customers)) is not None
        }

    def _both(self, one: Field) -> tuple[int | None, int | None]:
        return self._columns.place(one, self._customers), self._columns.place(one, self._market)

    def same_name(self, name: str) -> int | None:
        """Return where the customers' file has a column of that name."""
        key = column_key(name)
        return next((i for i, one in enumerate(self._customers) if column_key(one) == key), None)

    def is_of_customers(self, other: int, place: int) -> bool:
        """Tell whether a column says what became of a customer."""
        usual = {self._columns.place(one, (self._market[place],)) for one in _OF_CUSTOMERS}
        return other in self._said or 0 in usual

    def add_subject(self, subject: Subject, *, tells_purchase: bool) -> None:
        """Add the column that tells what can be asked, where both lists have it."""
        if subject.field is None:
            return
        ours, theirs = self._both(subject.field)
        is_event = subject.kind is Kind.EVENT
        if ours is not None and theirs is None and is_event:
            self.only_customers.append(subject)
        if ours is None or theirs is None or theirs in self.taken:
            return
        name = self._market[theirs]
        if self._means_its_own_worth(subject, ours, name):
            return
        self.taken.add(theirs)
        what = None
        if is_event and subject.what is not None:
            details = self._both(subject.what)
            if details[1] is not None:
                self.taken.add(details[1])
                what = None if details[0] is None else (details[0], details[1])
        told = [
            _told(cells, place) for cells, place in zip(self._cells, (ours, theirs), strict=True)
        ]
        if not all(told):
            self.left_out.append((name, LeftOut.EMPTY))
        elif is_event and not tells_purchase:
            self.left_out.append((name, LeftOut.NO_PURCHASE))
        else:
            kind = _kind(subject, told[1])
            scales = (
                scale_of(subject, self._customers[ours]),
                scale_of(subject, name),
            )
            self.found.append(
                SharedColumn(
                    subject=subject,
                    kind=kind,
                    customers=ours,
                    market=theirs,
                    what=what,
                    name=name,
                    ends=_ends(told[1], scales[1]) if kind is TraitKind.NUMBERS else (),
                    scales=scales,
                )
            )

    def _means_its_own_worth(self, subject: Subject, ours: int, name: str) -> bool:
        """Tell whether "ARR" is what a customer pays, and the market's column what it earns."""
        called = column_key(self._customers[ours])
        return subject.field is Field.REVENUE and called == "arr" != column_key(name)

    def add_other(self, place: int, other: int, name: str) -> None:
        """Add a column that both lists call by the same name."""
        ours, theirs = _told(self._cells[0], other), _told(self._cells[1], place)
        if not ours or not theirs:
            self.left_out.append((name, LeftOut.EMPTY))
            return
        kind: TraitKind | LeftOut = _other_kind([*ours, *theirs], theirs)
        if isinstance(kind, LeftOut):
            self.left_out.append((name, kind))
            return
        self.found.append(
            SharedColumn(
                subject=other_column(name),
                kind=kind,
                customers=other,
                market=place,
                name=name,
                ends=_ends(theirs, 1.0) if kind is TraitKind.NUMBERS else (),
            )
        )


def _sample(table: Table) -> list[list[str]]:
    rows = (row.cells for row in table.rows() if not isinstance(row, BadRow))
    return list(islice(rows, _LOOKED_AT))


def _told(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows if not says_nothing(row[place])]


def _kind(subject: Subject, told: Sequence[str]) -> TraitKind:
    if subject.kind is Kind.PLACES:
        known = sum(bool(countries_in(cell)) for cell in told)
        return TraitKind.PLACES if known >= len(told) / 2 else TraitKind.ENTRIES
    return {
        Kind.CODES: TraitKind.CODES,
        Kind.RANGE: TraitKind.NUMBERS,
        Kind.GROWTH: TraitKind.NUMBERS,
        Kind.AGE: TraitKind.AGE,
        Kind.EVENT: TraitKind.EVENT,
    }.get(subject.kind, TraitKind.ENTRIES)


def _other_kind(cells: Sequence[str], market: Sequence[str]) -> TraitKind | LeftOut:
    """Tell what an unknown column holds, by its cells."""
    spans = [read_range(cell) for cell in cells]
    if sum(span is not None for span in spans) >= _NUMBERS * len(cells):
        numbers = [span.low for span in map(read_range, market) if span is not None]
        if len(numbers) > _FEW_ENTRIES and all(one < more for one, more in pairwise(numbers)):
            return LeftOut.IDENTIFIER  # counted up, row by row
        return TraitKind.NUMBERS if len(set(numbers)) >= _FEW_NUMBERS else TraitKind.ENTRIES
    if sum(map(_is_day, cells[:200])) >= _MOSTLY * len(cells[:200]):
        return LeftOut.DATE
    return _text_kind(
        [entry for cell in market for entry in entries_key(cell).split(" | ") if entry]
    )


def _text_kind(entries: Sequence[str]) -> TraitKind | LeftOut:
    if not entries:
        return LeftOut.EMPTY
    if sum(len(entry.split()) for entry in entries) > _PROSE_WORDS * len(entries):
        return LeftOut.PROSE
    if len(entries) > _FEW_ENTRIES and len(set(entries)) > _UNIQUE * len(entries):
        return LeftOut.UNIQUE
    return TraitKind.ENTRIES


def _is_day(cell: str) -> bool:
    figures = sum(character.isdigit() for character in cell)
    apart = cell.count("-") == 2 or cell.count("/") == 2 or cell.count(".") == 2  # noqa: PLR2004
    return figures >= 6 and (apart or read_day(cell, None) is not None)  # noqa: PLR2004 - 1/2/2026


def _ends(cells: Sequence[str], scale: float) -> tuple[float, ...]:
    """Return the ends of the ranges that cells are written in, the most common first."""
    spans = [span for cell in cells if (span := read_scaled(cell, scale)) is not None]
    wide = Counter((span.low, span.high) for span in spans if span.low != span.high)
    if not spans or sum(wide.values()) < _RANGES * len(spans):
        return ()
    return tuple(dict.fromkeys(end for span, _ in wide.most_common(12) for end in span))
