"""Lot: the order of a draw, decided by seed and identifiers alone.

It is SHA-256(seed, identifier): the same whatever the order of the rows, the machine or the
version.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.contacts import Contact


class Lot:
    """Puts companies and people in order.

    Args:
        seed: Decides the order, with the identifiers.
        prefer_titles: Titles that go first within a company, the best first.
    """

    def __init__(self, seed: int, prefer_titles: Sequence[str] = ()) -> None:
        self._seed = str(seed)
        # Whole words: "Director" holds the letters of "CTO".
        self._titles = [
            re.compile(rf"(?<!\w){re.escape(title.strip())}(?!\w)", re.IGNORECASE)
            for title in prefer_titles
        ]

    def rank(self, *parts: str) -> bytes:
        """Return the place of something in the order."""
        return hashlib.sha256("\x1f".join((self._seed, *parts)).encode()).digest()

    def accounts(self, names: Iterable[str], *, order: str = "") -> list[str]:
        """Return companies in their order, or in another one that has a name."""
        if not order:
            return sorted(names, key=self.rank)
        return sorted(names, key=lambda name: self.rank(order, name))

    def people(self, contacts: Iterable[Contact]) -> list[Contact]:
        """Return people in their order."""
        return sorted(contacts, key=lambda contact: self.rank(contact.identifiers[0]))

    def best(self, contacts: Iterable[Contact]) -> Contact:
        """Return one contact of an account: by preferred title, else by lot."""
        return min(contacts, key=lambda one: (self._preference(one), self.rank(one.identifiers[0])))

    def _preference(self, contact: Contact) -> int:
        for place, wanted in enumerate(self._titles):
            if wanted.search(contact.title):
                return place
        return len(self._titles)
