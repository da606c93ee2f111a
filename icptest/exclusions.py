"""Exclusions: people and companies that must not be mailed by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.accounts import FREE_MAIL, account_of, registrable_domain
from icptest.contacts import identifiers_of
from icptest.errors import InputError, Location
from icptest.reading import open_table
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from icptest.contacts import Contact, Identifier


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusions:
    """Who is left out of a draw.

    Attributes:
        identifiers: People, by address or profile.
        accounts: Companies, by registrable domain.
    """

    identifiers: frozenset[Identifier] = frozenset()
    accounts: frozenset[str] = frozenset()

    def reason(self, contact: Contact) -> str | None:
        """Return why a contact is left out, or None."""
        if any(key in self.identifiers for key in contact.identifiers):
            return "excluded-person"
        return "excluded-company" if contact.account in self.accounts else None


def read_exclusions(*, people: Iterable[Path], companies: Iterable[Path]) -> Exclusions:
    """Read files of people and of companies to leave out.

    Every cell that is an address or a LinkedIn profile names a person; in a file of
    companies every cell that is an address, a website or a domain names a company. A file
    of one bare column without a header works: its first line is read like the others.

    Raises:
        InputError: A file names nobody ("nothing-to-exclude"): a silent empty exclusion
            would mail people who must not be mailed.
    """
    identifiers: set[Identifier] = set()
    for path in people:
        found = {key for cells in _cells(path) for key in identifiers_of(cells)}
        _require_some(found, path, "people")
        identifiers |= found
    accounts: set[str] = set()
    for path in companies:
        found = {name for cells in _cells(path) for name in _accounts_of(cells)}
        _require_some(found, path, "companies")
        accounts |= found
    return Exclusions(identifiers=frozenset(identifiers), accounts=frozenset(accounts))


def _cells(path: Path) -> Iterable[Iterable[str]]:
    table = open_table(path)
    yield table.header
    for row in table.rows():
        if isinstance(row, BadRow):
            # A bare list of addresses often ends without a newline; its text still counts.
            yield [cell.strip('" ') for cell in row.text.replace(";", ",").split(",")]
        else:
            yield row.cells


def _accounts_of(cells: Iterable[str]) -> set[str]:
    found = set()
    for cell in cells:
        text = cell.strip()
        if not text or " " in text or "linkedin.com" in text.lower():
            continue
        domain = (
            registrable_domain(text.rpartition("@")[2]) if "@" in text else account_of(None, text)
        )
        if domain is not None and domain not in FREE_MAIL:
            found.add(domain)
    return found


def _require_some(found: set[str], path: Path, what: str) -> None:
    if not found:
        raise InputError("nothing-to-exclude", location=Location(file=str(path)), what=what)
