"""Contacts: who can be mailed, and what makes two rows the same person.

A list is read whole: it is registered, drawn from and copied. Every row that cannot be used
is counted under its reason; none is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from icptest.accounts import account_of
from icptest.errors import InputError, Location, RowProblem
from icptest.reading import open_table
from icptest.reading.records import BadRow
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.reading.records import Row, Table

Identifier: TypeAlias = str
"""A normalised e-mail address (it holds an "@") or LinkedIn profile ("in/ada-lovelace")."""

# Linear by construction: one "@", no blanks, a dot in the domain; 320 is RFC 3696's limit.
_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"_]+\.[^@\s.,;:<>()\[\]\\\"_]+")
_ADDRESS_LIMIT = 320
_LOOKED_AT = 100
"""Rows that are looked at to find the column of addresses for a message."""
_LINKEDIN = re.compile(r"(?:https?:)?/{0,2}(?:[a-z]{1,3}\.)?linkedin\.com/(.*)", re.IGNORECASE)
# Pasted along from web pages and spreadsheets; no tool shows them.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def normalise_address(text: str) -> Identifier | None:
    """Return the address in the form it is compared in, or None when it is none.

    Trimmed, NFKC, lower case; a "+tag" is kept: it is another inbox to the tool that mailed it.
    """
    address = text.strip()
    if not address.isascii():
        address = unicodedata.normalize("NFKC", address.strip(_INVISIBLE)).strip()
    address = address.lower()
    if len(address) > _ADDRESS_LIMIT or not _ADDRESS.fullmatch(address) or ".." in address:
        return None
    return address


def normalise_linkedin(text: str) -> Identifier | None:
    """Return "in/<slug>" for a LinkedIn profile URL, or None when it is none.

    Scheme, host, locale, query, trailing slash and case are removed.
    """
    found = _LINKEDIN.fullmatch(text.strip())
    if found is None:
        return None
    path = unicodedata.normalize("NFKC", unquote(found[1])).casefold()
    parts = [part for part in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if part]
    if len(parts) < 2 or parts[0] not in {"in", "pub"}:  # noqa: PLR2004 - "in" and a slug
        return None
    if parts[0] == "pub" and len(parts) >= 5:  # noqa: PLR2004 - a name and three numbers
        # The numbers tell people of one name apart; LinkedIn writes them so in the new form.
        return f"in/{parts[1]}-{parts[4]:0>3}{parts[3]:0>3}{parts[2]}"
    return f"in/{parts[1]}"


class Role(StrEnum):
    """What a column of a list holds, as far as a draw needs it."""

    EMAIL = "email"
    LINKEDIN = "linkedin"
    FIRST_NAME = "first-name"
    LAST_NAME = "last-name"
    NAME = "name"
    COMPANY = "company"
    WEBSITE = "website"
    TITLE = "title"


_USUAL_NAMES: dict[Role, tuple[str, ...]] = {
    # In the order of preference: a work address before any address.
    Role.EMAIL: (
        *("work email", "business email", "email", "e mail", "email address", "e mail address"),
        *("work email address", "contact email", "lead email", "person email", "primary email"),
        *("professional email", "mail", "recipient", "to"),
    ),
    Role.LINKEDIN: (
        *("linkedin", "linkedin url", "linkedin profile", "linkedin profile url", "linkedin link"),
        *("person linkedin url", "contact linkedin url", "profile url", "profile link"),
        *("linkedin member profile url", "li url"),
    ),
    Role.FIRST_NAME: ("first name", "firstname", "first", "given name"),
    Role.LAST_NAME: ("last name", "lastname", "last", "surname", "family name"),
    Role.NAME: ("name", "full name", "fullname", "contact name", "lead name"),
    Role.COMPANY: (
        *("company", "company name", "account", "account name", "organization", "organisation"),
        *("organization name", "employer", "company name for emails"),
    ),
    Role.WEBSITE: (
        *("website", "company website", "company domain", "domain", "web site", "company url"),
        *("url", "web", "homepage", "website url"),
    ),
    Role.TITLE: ("title", "job title", "position", "role", "jobtitle", "headline"),
}
_MORE_NAMES = {"contact", "customer", "person", "people", "lead", "address", "site", "note"}
"""What a column is called too; no role goes by these."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A person on a list, whatever number of rows they stood on.

    Attributes:
        identifiers: Every address and profile the list gives, the first one the main one.
        account: Registrable domain of the company; else the main identifier.
        title: Job title, or "".
        cells: The row that goes out, as many cells as the list has columns.
    """

    identifiers: tuple[Identifier, ...]
    account: str
    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactList:
    """A list as it was read.

    Attributes:
        path: The file.
        header: Its columns.
        roles: Which column holds what.
        n_rows: Data rows, usable or not.
        contacts: The people, each once.
        left_out: Rows that make no contact of their own, by reason.
        problems: The rows that could not be read or joined, for the message.
    """

    path: Path
    header: tuple[str, ...]
    roles: Mapping[Role, int]
    n_rows: int
    contacts: tuple[Contact, ...]
    left_out: Mapping[str, int]
    problems: tuple[RowProblem, ...] = field(default=())


def read_contacts(
    path: Path, *, named: Mapping[str, Sequence[str]] | None = None, encoding: str | None = None
) -> ContactList:
    """Read a list of people from CSV or XLSX.

    Args:
        path: The file; columns in any order.
        named: Column names by role ("email", "website", ...), for columns with unusual names;
            of several the first that the list has.
        encoding: Text encoding, where it is not UTF-8.

    Raises:
        InputError: The file is none, has no column that identifies a person, or no row.
    """
    table = open_table(path, encoding=encoding)
    try:
        roles = find_roles(table.header, named=named or {}, file=str(path))
    except InputError as error:
        if error.code in {"no-identifying-column", "column-not-there"}:
            # What stands in a column tells more than its name.
            error.facts["nearest"] = _column_of_addresses(table) or error.facts.get("nearest")
        raise
    left_out: Counter[str] = Counter()
    problems: list[RowProblem] = []
    people = _People()
    n_rows = 0
    for row in table.rows():
        n_rows += 1
        if isinstance(row, BadRow):
            left_out[row.reason] += 1
            problems.append(_problem(path, row.reason, row.record, row.line, row.text))
            continue
        reason = people.add(row, roles)
        if reason is not None:
            left_out[reason] += 1
            text = ",".join(row.cells)
            problems.append(_problem(path, reason, row.record, row.line, text))
    if n_rows == 0:
        raise InputError("empty-list", location=Location(file=str(path), line=1))
    contacts = people.contacts(roles)
    duplicates = people.n_rows - len(contacts)
    if duplicates:
        left_out["duplicate"] = duplicates
    return ContactList(
        path=path,
        header=table.header,
        roles=roles,
        n_rows=n_rows,
        contacts=contacts,
        left_out=dict(left_out),
        problems=tuple(problems),
    )


def find_roles(
    header: tuple[str, ...], *, named: Mapping[str, Sequence[str]], file: str
) -> dict[Role, int]:
    """Return which column holds what, by the names a person gave, else by the usual ones.

    Raises:
        InputError: A named column is not there ("column-not-there"), or no column identifies
            a person ("no-identifying-column").
    """
    keys = [column_key(name) for name in header]
    # "linkedinUrl" and "LinkedIn URL" are one name.
    joined = [key.replace(" ", "") for key in keys]
    roles: dict[Role, int] = {}
    for role_name, columns in named.items():
        role = _require_role(role_name)
        if isinstance(columns, str):
            raise TypeError(f"named[{role_name!r}] is a text, must be a sequence of texts")
        # Two lists may name the same thing differently: the other one may have it.
        there = next((name for name in map(column_key, columns) if name in keys), None)
        if there is not None:
            roles[role] = keys.index(there)
    for role, names in _USUAL_NAMES.items():
        if role not in roles:
            found = (name.replace(" ", "") for name in names)
            place = next((joined.index(name) for name in found if name in joined), None)
            if place is not None:
                roles[role] = place
    if Role.EMAIL not in roles and Role.LINKEDIN not in roles:
        missing = ", ".join(name for columns in named.values() for name in columns)
        raise InputError(
            "column-not-there" if named else "no-identifying-column",
            location=Location(file=file, line=1),
            columns=", ".join(header),
            value=missing,
            nearest=nearest(missing, header) if missing else None,
        )
    return roles


def _column_of_addresses(table: Table) -> str | None:
    """Return the column that holds addresses, by what stands in it, or None."""
    seen: Counter[str] = Counter()
    for row in islice(table.rows(), _LOOKED_AT):
        if not isinstance(row, BadRow):
            seen.update(
                name
                for name, cell in zip(table.header, row.cells, strict=True)
                if normalise_address(cell) is not None
            )
    return seen.most_common(1)[0][0] if seen else None


def column_key(name: str) -> str:
    """Return the form in which column names are compared: "E-Mail_Address" -> "e mail address"."""
    return re.sub(r"[\s_\-.]+", " ", name).strip().casefold()


def is_usual_name(name: str) -> bool:
    """Tell whether a column is usually called so, in the singular or the plural."""
    key = column_key(name)
    usual = {one for names in _USUAL_NAMES.values() for one in names} | _MORE_NAMES
    return bool({key, key.removesuffix("s"), f"{key.removesuffix('ies')}y"} & usual)


def identifiers_of(values: Iterable[str]) -> set[Identifier]:
    """Return the identifiers among some cells: addresses and LinkedIn profiles."""
    found = set()
    for value in values:
        identifier = normalise_address(value) if "@" in value else normalise_linkedin(value)
        if identifier is not None:
            found.add(identifier)
    return found


class _People:
    """Rows gathered into people: two rows that share an identifier are one person."""

    def __init__(self) -> None:
        self._groups: dict[int, list[tuple[tuple[Identifier, ...], tuple[str, ...]]]] = {}
        self._group_of: dict[Identifier, int] = {}
        self.n_rows = 0

    def add(self, row: Row, roles: Mapping[Role, int]) -> str | None:
        """Take a row in; return the reason when it names nobody who can be mailed."""
        identifiers: list[Identifier] = []
        if Role.EMAIL in roles:
            written = row.cells[roles[Role.EMAIL]].strip()
            address = normalise_address(written) if written else None
            if address is None:
                # The list has addresses; without one this person cannot be mailed with it.
                return "bad-address" if written else "no-address"
            identifiers.append(address)
        if Role.LINKEDIN in roles:
            profile = normalise_linkedin(row.cells[roles[Role.LINKEDIN]])
            if profile is not None:
                identifiers.append(profile)
        if not identifiers:
            return "no-identifier"
        self.n_rows += 1
        known = {self._group_of[key] for key in identifiers if key in self._group_of}
        group = min(known, default=self.n_rows)
        rows = self._groups.setdefault(group, [])
        rows.append((tuple(identifiers), tuple(row.cells)))
        for other in known - {group}:
            rows.extend(self._groups.pop(other))
        for keys, _ in rows if len(known) > 1 else rows[-1:]:
            for key in keys:
                self._group_of[key] = group
        return None

    def contacts(self, roles: Mapping[Role, int]) -> tuple[Contact, ...]:
        """Return the people; of several rows the first by content goes out, in any row order."""
        return tuple(_contact(rows, roles) for rows in self._groups.values())


def _contact(
    rows: list[tuple[tuple[Identifier, ...], tuple[str, ...]]], roles: Mapping[Role, int]
) -> Contact:
    rows = sorted(rows)
    identifiers = tuple(dict.fromkeys(key for keys, _ in rows for key in keys))
    cells = rows[0][1]
    return Contact(
        identifiers=identifiers,
        account=_account(identifiers, rows, roles) or identifiers[0],
        title=cells[roles[Role.TITLE]].strip() if Role.TITLE in roles else "",
        cells=cells,
    )


def _account(
    identifiers: Iterable[Identifier],
    rows: Iterable[tuple[tuple[Identifier, ...], tuple[str, ...]]],
    roles: Mapping[Role, int],
) -> str | None:
    """Return the company of a person: by any work address, else by any website."""
    found = [account_of(key, None) for key in identifiers if "@" in key]
    if Role.WEBSITE in roles:
        found += [account_of(None, cells[roles[Role.WEBSITE]]) for _, cells in rows]
    return next((account for account in found if account is not None), None)


def _require_role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise InputError(
            "unknown-role",
            value=name,
            allowed=", ".join(Role),
            nearest=nearest(name, [str(role) for role in Role]),
        ) from None


def _problem(path: Path, reason: str, record: int, line: int, text: str) -> RowProblem:
    location = Location(file=str(path), record=record, line=line)
    return RowProblem(reason=reason, location=location, text=text)
