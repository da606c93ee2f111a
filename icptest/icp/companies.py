"""Companies: by what the rows of different lists are known to be of the same one.

The domain of a website or of a work address comes first, else the name: without case, signs and
legal form, so that "Acme, Inc." and "ACME" are one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from icptest.accounts import FREE_MAIL, account_of
from icptest.icp.fields import Field
from icptest.icp.phrases import phrase_key, says_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.icp.columns import Columns

_LEGAL_FORMS = frozenset(
    (
        *("inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation"),
        *("co", "company", "plc", "pte", "pty", "gmbh", "ag", "kg", "ug", "se", "sa", "sas"),
        *("sarl", "srl", "spa", "bv", "nv", "ab", "as", "aps", "oy", "oyj", "kk", "sl"),
    )
)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_PLAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+\.[a-z]{2,})(?:[/:?#].*)?")
_DOMAIN, _NAME = "d:", "n:"


def name_key(name: str) -> str:
    """Return what a company's name is compared by: "Acme, Inc." -> "acme"; "" for none."""
    if says_nothing(name):
        return ""
    words = phrase_key(_DOTTED.sub("", name)).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


class CompanyKeys:
    """Where a list says which company a row is of.

    Args:
        header: Its columns.
        columns: What people have said about columns.
    """

    def __init__(self, header: Sequence[str], columns: Columns) -> None:
        self._website = columns.place(Field.WEBSITE, header)
        self._email = columns.place(Field.EMAIL, header)
        self._name = columns.place(Field.COMPANY, header)

    @property
    def places(self) -> frozenset[int]:
        """The columns that say it."""
        found = (self._website, self._email, self._name)
        return frozenset(place for place in found if place is not None)

    def keys(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Return what a row's company is known by, the surest first; nothing where it is not."""
        domain, name = self.domain(cells), name_key(self.name(cells))
        found = [] if domain is None else [_DOMAIN + domain]
        return (*found, _NAME + name) if name else tuple(found)

    def key(self, cells: Sequence[str]) -> str | None:
        """Return the surest of them."""
        domain = self.domain(cells)
        if domain is not None:
            return _DOMAIN + domain
        name = name_key(self.name(cells))
        return _NAME + name if name else None

    def name(self, cells: Sequence[str]) -> str:
        """Return the name of a row's company as it is written, "" where there is none."""
        return "" if self._name is None else cells[self._name].strip()

    def domain(self, cells: Sequence[str]) -> str | None:
        """Return the domain of a row's company: of its website, else of a work address."""
        website = "" if self._website is None else cells[self._website].strip().lower()
        found = _registered(website, None, website) if website else None
        if found is not None:
            return found
        address = "" if self._email is None else cells[self._email].strip().lower()
        if "@" not in address:
            return None
        return _registered(address.rpartition("@")[2], address, None)


def _registered(host: str, address: str | None, website: str | None) -> str | None:
    """Return the domain of an address or a website; free mail and LinkedIn are no company.

    Most are plain, and the list of public suffixes is slow to be asked a million times.
    """
    plain = _PLAIN.fullmatch(host)
    if plain is None:
        return account_of(address, website)
    return None if plain[1] in FREE_MAIL or plain[1] == "linkedin.com" else plain[1]
