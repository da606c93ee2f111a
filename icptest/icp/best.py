"""The best customers: those who closed quickly, stayed, expanded and referred others.

"Not the biggest logos, the best" (icp-for-outbound, section 3). Each measure ranks the accounts;
the mean of the ranks decides. Whoever left is none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.icp.customers import MEASURES, Churn
from icptest.icp.fields import USUAL_NAMES, Field
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icptest.icp.customers import Account, Customers

BEST = 15
"""How many: "your ten to fifteen best accounts" (icp-for-outbound, section 3)."""
FEWEST, MOST = 8, 30
"""Below, patterns cannot be told from luck; above, "the best" is everybody."""
_MIDDLE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The best accounts, and how they were found.

    Attributes:
        accounts: The best first.
        asked: How many were asked for.
        used: Measures that rank them, with the column each comes from.
        without_column: Measures that no column tells.
        missing: Of the measures used, how many of the candidates each is not told of.
        n_candidates: Accounts that could be among them.
        n_left: Accounts that left.
        n_disagree: Accounts whose churn flag and churn date, or rows, disagree.
        n_unmeasured: Accounts of which no measure is told.
        n_tied: Accounts as good as the last one chosen, that were not.
    """

    accounts: tuple[Account, ...]
    asked: int
    used: Mapping[Field, str]
    without_column: tuple[Field, ...]
    missing: Mapping[Field, int]
    n_candidates: int
    n_left: int
    n_disagree: int
    n_unmeasured: int
    n_tied: int


def measures_asked(text: str | None, *, option: str) -> tuple[Field, ...]:
    """Return the measures of `--best-by`, each once; None: all.

    Raises:
        InputError: One is none ("unknown-measure").
    """
    if text is None:
        return MEASURES
    found = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        key = word.casefold().replace("_", "-").replace(" ", "-")
        if key not in MEASURES:
            raise InputError(
                "unknown-measure",
                option=option,
                value=word,
                nearest=nearest(key, MEASURES),
                allowed=", ".join(MEASURES),
            )
        found.append(Field(key))
    return tuple(dict.fromkeys(found)) or MEASURES


def choose_best(customers: Customers, *, asked: int, measures: Sequence[Field], file: str) -> Best:
    """Choose the best customers.

    Each measure ranks those of whom it is told, ties sharing their mean rank; whoever it is not
    told of stands in the middle. Of equals, the one of whom more is told comes first, then the
    order of the file.

    Args:
        customers: All of them.
        asked: How many.
        measures: What ranks them, as far as the file tells.
        file: The file, for messages.

    Raises:
        InputError: Nothing ranks them and they are too many ("icp-no-measure"), or all of them
            left ("icp-all-churned").
    """
    left = [one for one in customers.accounts if one.churn is Churn.LEFT]
    torn = [one for one in customers.accounts if one.churn is Churn.DISAGREES]
    staying = [one for one in customers.accounts if one.churn in {Churn.STAYED, Churn.UNKNOWN}]
    if not staying:
        raise InputError("icp-all-churned", location=Location(file=file), n=len(left) + len(torn))
    used = {
        one: customers.sources[one]
        for one in measures
        if one in customers.sources and any(one in account.measures for account in staying)
    }
    without = tuple(one for one in measures if one not in used)
    if not used and len(staying) > MOST:
        raise InputError(
            "icp-no-measure",
            location=Location(file=file, line=1),
            n=len(staying),
            most=MOST,
            wanted=", ".join(f'{one} ("{USUAL_NAMES[one][0]}")' for one in without),
        )
    if not used:
        chosen, tied, unmeasured = staying, 0, 0
    else:
        told = [one for one in staying if used.keys() & one.measures.keys()]
        unmeasured = len(staying) - len(told)
        chosen, tied = _ranked(told, tuple(used), asked)
    return Best(
        accounts=tuple(chosen),
        asked=asked,
        used=used,
        without_column=without,
        missing={one: sum(one not in account.measures for account in staying) for one in used},
        n_candidates=len(staying),
        n_left=len(left),
        n_disagree=len(torn),
        n_unmeasured=unmeasured,
        n_tied=tied,
    )


def _ranked(
    accounts: Sequence[Account], measures: Sequence[Field], asked: int
) -> tuple[list[Account], int]:
    """Return the best, and how many more are as good as the last of them."""
    scores = [0.0] * len(accounts)
    for one in measures:
        known = [place for place, account in enumerate(accounts) if one in account.measures]
        values = [
            -accounts[place].measures[one]
            if one is Field.DAYS_TO_CLOSE
            else accounts[place].measures[one]
            for place in known
        ]
        ranks = dict(zip(known, _shares(values), strict=True))
        for place in range(len(accounts)):
            scores[place] += ranks.get(place, _MIDDLE) / len(measures)
    order = sorted(
        range(len(accounts)),
        key=lambda place: (
            -round(scores[place], 12),
            -len(accounts[place].measures.keys() & set(measures)),
            place,
        ),
    )
    chosen = order[:asked]
    last = round(scores[chosen[-1]], 12) if chosen else None
    tied = sum(round(scores[place], 12) == last for place in order[asked:])
    return [accounts[place] for place in chosen], tied


def _shares(values: Sequence[float]) -> list[float]:
    """Return ranks as shares from 0 (worst) to 1 (best); equal values share their mean."""
    ordered = sorted(values)
    spread = max(len(values) - 1, 1)
    first: dict[float, int] = {}
    count: dict[float, int] = {}
    for place, value in enumerate(ordered):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    if len(values) == 1:
        return [_MIDDLE]
    return [(first[value] + (count[value] - 1) / 2) / spread for value in values]
