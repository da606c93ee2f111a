"""What `icp match` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.signals import STALE_DAYS
from icptest.report.words.icp.criteria import both, criterion, day, trigger
from icptest.report.words.numbers import are, count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.match import Funnel

HEADS = ("asked in this order", "left", "out", "not told")
EVERYBODY = "rows of the list"
MAY_BE = (
    "may be in: the list does not tell {what} for them. They are in no file; look them up, or add "
    "them with `--keep-unknown`."
)
MAY_BE_KEPT = "may be in: the list does not tell {what} for them. They are in the file too."


def headline(funnel: Funnel, name: str, on: date) -> str:
    """Return how many are in."""
    of = count(funnel.n_rows, "row")
    if not funnel.n_rows:
        return f"The list has no row that can be read, so {name} finds nobody in it."
    return f"{funnel.n_in:,} of {of} {are(funnel.n_in)} in {name}, judged for {day(on)}."


def emptied(funnel: Funnel) -> str | None:
    """Return which criterion took the last of them, where nobody is in."""
    if funnel.n_in or not funnel.n_rows:
        return None
    before = funnel.n_rows
    for step in funnel.steps:
        if step.left == 0 and before:
            asked = criterion(step.criterion)
            if step.criterion.excludes:
                return f'Nobody is known to be in: "{asked}" takes out the last {before:,}.'
            # Whoever is out may not have been known before; whoever is not told here was.
            why = "does not tell" if 2 * step.untold > before else "has nobody left for"
            return (
                f'Nobody is known to be in: of the {before:,} before it, the list {why} "{asked}".'
            )
        before = step.left
    return None


def unknown(funnel: Funnel, *, kept: bool) -> str | None:
    """Return who may be in."""
    if not funnel.n_unknown:
        return None
    untold = [
        criterion(step.criterion)
        for step in funnel.steps
        if step.untold and not step.criterion.excludes
    ]
    text = (MAY_BE_KEPT if kept else MAY_BE).format(what=f'"{both(untold)}"')
    return f"{count(funnel.n_unknown, 'row')} {text}"


def untold_disqualifiers(funnel: Funnel) -> list[str]:
    """Return which disqualifiers could not be judged."""
    lines = []
    for step in funnel.steps:
        asked = step.criterion
        if asked.excludes and asked in funnel.untold:
            lines.append(f'No column tells "{criterion(asked)}": it takes nobody out.')
        elif asked.excludes and step.untold:
            lines.append(
                f'"{criterion(asked)}" is not told for {count(step.untold, "row")}: they stay in.'
            )
    return lines


def signals(funnel: Funnel, ends_on: date | None) -> list[str]:
    """Return how many have a signal that counts, and what of it expires."""
    lines = []
    if funnel.has_signals:
        said = f"With a signal that counts on that day: {funnel.n_signal:,} of those in"
        if ends_on is not None and funnel.n_signal:
            said += (
                f"; for {funnel.n_expiring:,} of them it is over before the test ends on "
                f"{day(ends_on)}"
            )
        lines.append(f"{said}.")
    if funnel.unwatched:
        named = both([trigger(one) for one in funnel.unwatched])
        lines.append(f"No column has the date of {named}: such signals cannot be seen here.")
    return lines


def stale(list_on: date, on: date) -> str | None:
    """Return that a list is too old to be used with signals."""
    age = (on - list_on).days
    if age <= STALE_DAYS:
        return None
    return (
        f"The list is of {day(list_on)}, {age} days before. With signals a list is stale after "
        f"{STALE_DAYS} days: whoever hired or raised since then is missing. Pull it again."
    )


def set_aside(funnel: Funnel, reasons: Sequence[str]) -> str | None:
    """Return that rows could not be read."""
    n = sum(funnel.set_aside.values())
    if not n:
        return None
    return f"{count(n, 'row')} could not be read and {are(n)} counted nowhere. {' '.join(reasons)}"
