"""Used: the companies and people that earlier batches have taken; nobody is mailed twice."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from icptest.contacts import Contact, Identifier


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """Who was drawn before.

    A company is used as soon as one of its people is: colleagues talk.

    Attributes:
        accounts: Companies.
        identifiers: People, by every address and profile they are known by.
    """

    accounts: frozenset[str] = frozenset()
    identifiers: frozenset[Identifier] = frozenset()

    def holds(self, contact: Contact) -> bool:
        """Return whether a contact, or its company, was drawn before."""
        return contact.account in self.accounts or not self.identifiers.isdisjoint(
            contact.identifiers
        )

    def __or__(self, other: Used) -> Used:
        """Return everyone that either has used."""
        return Used(
            accounts=self.accounts | other.accounts,
            identifiers=self.identifiers | other.identifiers,
        )


NOBODY = Used()
_HEADER = ("kind", "name")
_COMPANY, _PERSON = "company", "person"


def used_by(contacts: Iterable[Contact]) -> Used:
    """Return what a draw of these contacts uses up."""
    people = list(contacts)
    return Used(
        accounts=frozenset(contact.account for contact in people),
        identifiers=frozenset(key for contact in people for key in contact.identifiers),
    )


def render_used(used: Used) -> str:
    """Return the text of the file that keeps with a test who was used before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows((_COMPANY, name) for name in sorted(used.accounts))
    writer.writerows((_PERSON, name) for name in sorted(used.identifiers))
    return out.getvalue()


def read_used(path: Path) -> Used:
    """Read that file.

    Raises:
        InputError: It is not as it was written ("used-unreadable").
    """
    found: dict[str, set[str]] = {_COMPANY: set(), _PERSON: set()}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        for kind, name in rows:
            found[kind].add(name)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise InputError("used-unreadable", location=Location(file=str(path))) from error
    if tuple(header) != _HEADER:
        raise InputError("used-unreadable", location=Location(file=str(path)))
    return Used(accounts=frozenset(found[_COMPANY]), identifiers=frozenset(found[_PERSON]))
