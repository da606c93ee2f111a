"""Exclusions: people and companies that must not be mailed by a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icptest.accounts import FREE_MAIL, account_of, registrable_domain
from icptest.contacts import identifiers_of, is_usual_name
from icptest.errors import InputError, Location
from icptest.reading import open_table
from icptest.reading.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from icptest.contacts import Contact, Identifier

PEOPLE, COMPANIES = "people", "companies"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExclusionFile:
    """What was read from one file of people or of companies.

    Attributes:
        path: The file.
        kind: "people" or "companies".
        entries: What every row names that was understood: addresses and profiles, or domains.
        unread: Lines of the rows that name nobody, counted from 1.
    """

    path: Path
    kind: str
    entries: tuple[frozenset[str], ...]
    unread: tuple[int, ...]

    def n_among(self, contacts: Iterable[Contact]) -> int:
        """Return how many of the entries that were understood are among some contacts."""
        there: set[str] = set()
        for contact in contacts:
            there.update(contact.identifiers if self.kind == PEOPLE else (contact.account,))
        return sum(not there.isdisjoint(entry) for entry in self.entries)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusions:
    """Who is left out of a draw.

    Attributes:
        identifiers: People, by address or profile.
        accounts: Companies, by registrable domain.
        files: What was read from which file.
    """

    identifiers: frozenset[Identifier] = frozenset()
    accounts: frozenset[str] = frozenset()
    files: tuple[ExclusionFile, ...] = field(default=(), compare=False)

    def reason(self, contact: Contact) -> str | None:
        """Return why a contact is left out, or None."""
        if any(key in self.identifiers for key in contact.identifiers):
            return "excluded-person"
        return "excluded-company" if contact.account in self.accounts else None


def read_exclusions(*, people: Iterable[Path], companies: Iterable[Path]) -> Exclusions:
    """Read files of people and of companies to leave out.

    Every cell that is an address or a LinkedIn profile names a person; in a file of
    companies every cell that is an address, a website or a domain names a company. A row
    without such a cell is kept as unread: a company's name alone is no domain. A file of one
    bare column without a header works: its first line is read like the others.

    Raises:
        InputError: A file names nobody ("nothing-to-exclude"): a silent empty exclusion
            would mail people who must not be mailed.
    """
    files = [
        *(_read(path, PEOPLE, identifiers_of) for path in people),
        *(_read(path, COMPANIES, _accounts_of) for path in companies),
    ]
    named: dict[str, set[str]] = {PEOPLE: set(), COMPANIES: set()}
    for one in files:
        named[one.kind].update(*one.entries)
    return Exclusions(
        identifiers=frozenset(named[PEOPLE]),
        accounts=frozenset(named[COMPANIES]),
        files=tuple(files),
    )


def _read(path: Path, kind: str, named_by: Callable[[Iterable[str]], set[str]]) -> ExclusionFile:
    entries: list[frozenset[str]] = []
    unread: list[int] = []
    for line, cells in _rows(path):
        found = frozenset(named_by(cells))
        if found:
            entries.append(found)
        elif any(cell.strip() for cell in cells) and not (line == 1 and _is_header(cells)):
            unread.append(line)
    if not entries:
        raise InputError("nothing-to-exclude", location=Location(file=str(path)), what=kind)
    return ExclusionFile(path=path, kind=kind, entries=tuple(entries), unread=tuple(unread))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    table = open_table(path)
    yield 1, list(table.header)
    for row in table.rows():
        if isinstance(row, BadRow):
            # A bare list of addresses often ends without a newline; its text still counts.
            yield row.line, [cell.strip('" \r\n') for cell in row.text.replace(";", ",").split(",")]
        else:
            yield row.line, row.cells


def _is_header(cells: list[str]) -> bool:
    """Tell whether a first line that names nobody names the columns.

    Of a bare column it may as well be a company that is written by its name: a word that is
    usual for a column decides.
    """
    return len(cells) > 1 or is_usual_name(cells[0])


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
