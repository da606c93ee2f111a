"""Joined: a list of deals with what a second list says of the same companies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from icptest.contacts import column_key
from icptest.icp.companies import CompanyKeys
from icptest.icp.phrases import says_nothing
from icptest.reading.records import BadRow, Row
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from icptest.icp.columns import Columns
    from icptest.reading.records import Table

_SHOWN = 3


class Joined:
    """Two lists as one table: the deals, with the columns of the companies behind theirs.

    A company is found by its domain, else by its name. A column that both have is the deals'
    own, and is filled where a deal says nothing. A name that two companies of different domains
    have finds neither.

    Args:
        deals: The list whose rows are kept.
        companies: The list that says more of their companies.
        columns: What people have said about columns.

    Attributes:
        path: The file of the deals.
        header: The columns of both.
        n_companies: Companies that the deals name.
        n_found: Of those, companies that the second list has.
        unmatched: Some that it does not have, with the nearest name that it does have.
        n_nameless: Deals that name no company.
    """

    def __init__(self, deals: Table, companies: Table, columns: Columns) -> None:
        self._deals = deals
        self.path: Path = deals.path
        own = {column_key(name): place for place, name in enumerate(deals.header)}
        self._filled = [
            (own[column_key(name)], place)
            for place, name in enumerate(companies.header)
            if column_key(name) in own
        ]
        self._added = [
            place for place, name in enumerate(companies.header) if column_key(name) not in own
        ]
        self.header = (*deals.header, *(companies.header[place] for place in self._added))
        self._keys = CompanyKeys(deals.header, columns)
        self._known: dict[str, list[str] | None] = {}
        self._names: dict[str, str] = {}
        self._read(companies, CompanyKeys(companies.header, columns))
        self._count()

    def rows(self) -> Iterator[Row | BadRow]:
        """Read the deals, each with what is said of its company."""
        nothing = [""] * len(self._added)
        for row in self._deals.rows():
            if isinstance(row, BadRow):
                yield row
                continue
            more = self._find(self._keys.keys(row.cells))
            if more is None:
                yield row._replace(cells=[*row.cells, *nothing])
                continue
            cells = list(row.cells)
            for place, other in self._filled:
                if says_nothing(cells[place]):
                    cells[place] = more[other]
            yield row._replace(cells=[*cells, *(more[place] for place in self._added)])

    def _read(self, companies: Table, keys: CompanyKeys) -> None:
        surest: dict[str, str] = {}
        for row in companies.rows():
            if isinstance(row, BadRow):
                continue
            found = keys.keys(row.cells)
            for key in found:
                if surest.setdefault(key, found[0]) != found[0]:
                    self._known[key] = None
                elif key in self._known and (known := self._known[key]) is not None:
                    self._known[key] = _filled(known, row.cells)
                else:
                    self._known.setdefault(key, list(row.cells))

    def _find(self, keys: Sequence[str]) -> list[str] | None:
        return next((found for key in keys if (found := self._known.get(key)) is not None), None)

    def _count(self) -> None:
        missing: Counter[str] = Counter()
        seen: dict[str, bool] = {}
        self.n_nameless = 0
        for row in self._deals.rows():
            if isinstance(row, BadRow):
                continue
            keys = self._keys.keys(row.cells)
            if not keys:
                self.n_nameless += not all(map(says_nothing, row.cells))
                continue
            seen[keys[0]] = self._find(keys) is not None
            if not seen[keys[0]]:
                missing[keys[-1]] += 1
        self.n_companies = len(seen)
        self.n_found = sum(seen.values())
        known = [key[2:] for key in self._known]
        self.unmatched = tuple(
            (key[2:], nearest(key[2:], known)) for key, _ in missing.most_common(_SHOWN)
        )


def _filled(cells: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return the cells of a company's first row, filled from a later one."""
    return [other if says_nothing(one) else one for one, other in zip(cells, more, strict=True)]
