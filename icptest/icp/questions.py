"""The questions that are no filter: who took part in the purchase, and who came by referral."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.icp.days import date_orders, read_day
from icptest.icp.fields import Field
from icptest.icp.phrases import phrase_key, says_nothing
from icptest.stats import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.icp.columns import Columns
    from icptest.icp.criteria import Subject
    from icptest.icp.customers import Account
    from icptest.reading.records import Table
    from icptest.stats import RateInterval

REFERRAL_SHARE = 0.3
"""From here on the base mirrors the profile (icp-for-outbound, section 3)."""
BEFORE_DAYS = 90
"""How long before a purchase is looked at (icp-list-test-protocol)."""
_TITLES = 3
_CONFIDENCE = 0.9
_REFERRED = re.compile(r"\b(referr\w*|referenc\w*|word of mouth|recommend\w*|introduc\w*)\b")
_YES = frozenset(("true", "yes", "y", "1", "t"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Committee:
    """One part that people take in a purchase.

    Attributes:
        field: Champion, signer or payer.
        column: The column that tells.
        known: Of the best, how many it is told of.
        titles: The most common titles, and how often each stands.
    """

    field: Field
    column: str
    known: int
    titles: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Referrals:
    """How many customers came because another one sent them.

    Attributes:
        column: The column that tells.
        referred: Customers that did.
        known: Customers of which it is told.
        share: The share, with its interval.
    """

    column: str
    referred: int
    known: int
    share: RateInterval


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """An event before the purchase that the market does not date.

    Attributes:
        subject: What happened.
        having: Of the best, those to which it did in the 90 days before they bought.
        known: Of the best, those of which it is told.
    """

    subject: Subject
    having: int
    known: int


def committee_of(
    accounts: Sequence[Account], table: Table, columns: Columns
) -> tuple[Committee, ...]:
    """Return who took part in the purchases of some accounts, as far as a column tells."""
    found = []
    for one in (Field.CHAMPION, Field.SIGNER, Field.PAYER):
        place = columns.place(one, table.header)
        if place is None:
            continue
        cells = [account.cells[place] for account in accounts]
        said = [
            {phrase_key(title): title.strip() for title in cell.split(";")}
            for cell in cells
            if not says_nothing(cell)
        ]
        counts = Counter(key for titles in said for key in titles)
        spelt = {key: title for titles in reversed(said) for key, title in titles.items()}
        common = sorted(counts.items(), key=lambda pair: -pair[1])[:_TITLES]
        found.append(
            Committee(
                field=one,
                column=table.header[place],
                known=len(said),
                titles=tuple((spelt[key], n) for key, n in common),
            )
        )
    return tuple(found)


def referrals_of(accounts: Sequence[Account], table: Table, columns: Columns) -> Referrals | None:
    """Return how many customers came by referral; None where no column tells.

    A column of names, "referred by", says yes where it says anything; a flag says yes or no; a
    source says yes where it speaks of a referral, a recommendation or an introduction.
    """
    place = columns.place(Field.REFERRED, table.header)
    if place is None:
        return None
    name = table.header[place]
    named = phrase_key(name).strip().endswith(" by")
    cells = [account.cells[place] for account in accounts]
    told = cells if named else [cell for cell in cells if not says_nothing(cell)]
    if not any(not says_nothing(cell) for cell in told):
        return None
    referred = sum(_is_referral(cell, named=named) for cell in told)
    return Referrals(
        column=name,
        referred=referred,
        known=len(told),
        share=wilson_interval(events=referred, total=len(told), confidence_level=_CONFIDENCE),
    )


def _is_referral(cell: str, *, named: bool) -> bool:
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if named:
        return not says_nothing(cell) and word not in {"no", "none", "false", "0", "nobody"}
    return _REFERRED.search(word) is not None and not word.startswith(("no ", "not "))


def before_purchase(
    accounts: Sequence[Account], subjects: Sequence[Subject], table: Table, columns: Columns
) -> tuple[Before, ...]:
    """Return what customers did before they bought that the market does not date."""
    places = {
        subject: place
        for subject in subjects
        if subject.field is not None
        and (place := columns.place(subject.field, table.header)) is not None
    }
    orders = date_orders(table, sorted(set(places.values())))
    found = []
    for subject, place in places.items():
        days = [
            (account.bought_on - day).days
            for account in accounts
            if account.bought_on is not None
            and (day := read_day(account.cells[place], orders[place])) is not None
            and day <= account.bought_on
        ]
        if days:
            having = sum(one <= BEFORE_DAYS for one in days)
            found.append(Before(subject=subject, having=having, known=len(days)))
    return tuple(found)
