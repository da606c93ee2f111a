"""Attributes: what an address, a title or a number of employees tells of a person.

Each function returns the word of a group, or None where nothing is told. Nobody is looked up:
who keeps the mail of a work domain stands in the DNS, and is not guessed here.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise

from icptest.accounts import FREE_MAIL, registrable_domain


class Attribute(StrEnum):
    """What people of every list can be compared by."""

    TITLE_LEVEL = "title-level"
    MAIL_PROVIDER = "mail-provider"
    COMPANY_SIZE = "company-size"


TITLE_LEVELS = ("c-level", "vp", "director", "manager", "other")
MAIL_PROVIDERS = ("work", "microsoft-365", "google", "microsoft", "yahoo", "apple", "other-free")
COMPANY_SIZES = ("1-10", "11-50", "51-200", "201-1000", "over-1000")
GROUPS = {
    Attribute.TITLE_LEVEL: TITLE_LEVELS,
    Attribute.MAIL_PROVIDER: MAIL_PROVIDERS,
    Attribute.COMPANY_SIZE: COMPANY_SIZES,
}
"""The groups of each, in the order in which they are shown."""

# The second part of a free-mail domain's name tells its owner: "hotmail.co.uk", "live.nl".
_OWNERS = {
    **dict.fromkeys(("gmail", "googlemail"), "google"),
    **dict.fromkeys(("outlook", "hotmail", "live", "msn"), "microsoft"),
    **dict.fromkeys(("yahoo", "ymail", "rocketmail"), "yahoo"),
    **dict.fromkeys(("icloud", "me", "mac"), "apple"),
}
_TENANT = ".onmicrosoft.com"


def mail_provider(address: str) -> str | None:
    """Return who keeps the mail of a normalised address, as far as its domain alone tells."""
    host = address.rpartition("@")[2].rstrip(".")
    if host.endswith(_TENANT):
        return "microsoft-365"
    domain = registrable_domain(host)
    if domain is None:
        return None
    if domain not in FREE_MAIL:
        return "work"
    return _OWNERS.get(domain.partition(".")[0], "other-free")


_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_WORD = re.compile(r"[^\W_]+")
# "Assistant to the CEO", "Office of the CFO": the rest names whom somebody works for.
_FOR_SOMEBODY = re.compile(r"\b(?:to|office of)\b.*", re.DOTALL)
_CHIEFS = frozenset(
    (
        *("ceo", "cfo", "coo", "cto", "cmo", "cro", "cio", "ciso", "cso", "chro", "cpo", "cco"),
        *("cdo", "cao", "clo", "cxo", "cgo", "cbo"),
    )
)
_OWNERS_OF_A_COMPANY = frozenset(
    ("founder", "cofounder", "coowner", "chairman", "chairwoman", "chairperson")
)
# An owner of one of these is an employee.
_OWNED_AT_WORK = frozenset(
    ("product", "process", "service", "system", "data", "platform", "project", "risk", "task")
)
_VICE = frozenset(("vp", "svp", "evp", "avp", "gvp", "rvp"))


def title_level(title: str) -> str | None:
    """Return the level of a job title in English: by whole words, the highest that is named.

    "VP & Co-Founder" is a founder, "Vice President" no president, "Product Owner" no owner,
    "Chief of Staff" no chief officer, "Assistant to the CEO" none of these. Who heads a
    department ("Head of Sales") is a director.
    """
    text = _FOR_SOMEBODY.sub("", _INITIALS.sub("", title.casefold()))
    words = _WORD.findall(text)
    if not words:
        return "other" if _WORD.search(title) else None
    there = set(words)
    pairs = set(pairwise(words))
    if _leads_a_company(there, pairs):
        return "c-level"
    if there & _VICE or ("vice", "president") in pairs:
        return "vp"
    if there & {"director", "directors", "dir"} or ("head", "of") in pairs or words[-1] == "head":
        return "director"
    if there & {"manager", "mgr"} or pairs & {("team", "lead"), ("team", "leader")}:
        return "manager"
    return "other"


def _leads_a_company(there: set[str], pairs: set[tuple[str, str]]) -> bool:
    if there & {"assistant", "secretary"}:
        return False
    owns = "owner" in there and not any((thing, "owner") in pairs for thing in _OWNED_AT_WORK)
    presides = "president" in there and ("vice", "president") not in pairs
    chief = ("chief", "executive") in pairs or {"chief", "officer"} <= there
    managing = pairs & {("managing", "director"), ("managing", "partner")}
    return bool(owns or presides or chief or managing or there & (_CHIEFS | _OWNERS_OF_A_COMPANY))


_NUMBER = r"(\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d{1,9}(?:\.0{1,2})?|\d{1,6}\.\d(?=\s?k))(\s?k)?"
_EMPLOYEES = re.compile(
    rf"(>|over |more than |~|about )?\s*{_NUMBER}(?:\s*(?:-|\u2013|\u2014|to)\s*{_NUMBER})?\s*"
    r"(\+|or more)?\s*(?:employees|people|staff|fte)?"
)
_AT_LEAST = frozenset({">", "over ", "more than "})
_NO_END = 10**12


def company_size(text: str) -> str | None:
    """Return the band of a number of employees, as lists write it: "1,200", "51-200", "10k+".

    A range that begins where a band ends ("50-200", "1000+") is meant to begin behind it. One
    that lies in two bands tells none, and nor does 0, which tools write for "unknown".
    """
    found = _EMPLOYEES.fullmatch(text.strip().casefold())
    if found is None:
        return None
    before, digits, thousands, more_digits, more_thousands, after = found.groups()
    low = high = _number(digits, thousands)
    if more_digits:
        high = _number(more_digits, more_thousands)
    elif before in _AT_LEAST or after:
        high = _NO_END
    if high == 0 or high < low:
        return None
    first = _band(low + 1 if low < high and low in _BAND_ENDS else low)
    return COMPANY_SIZES[first] if first == _band(high) else None


_BAND_ENDS = (10, 50, 200, 1000)


def _band(number: int) -> int:
    return sum(number > end for end in _BAND_ENDS)


def _number(digits: str, thousands: str | None) -> int:
    if thousands:
        return round(1000 * float(re.sub(r"[^\d.]", "", digits)))
    # "500.0" is how a spreadsheet writes 500; three digits behind a dot are thousands.
    return int(re.sub(r"\D", "", re.sub(r"\.0{1,2}$", "", digits)))
