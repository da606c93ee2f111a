"""What `new` says of the profile that made the new list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.report.words.icp.criteria import day
from icptest.report.words.icp.match import stale
from icptest.report.words.numbers import count

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.match import Funnel
    from icptest.profile import Profile

__all__ = ["expiring", "origin", "stale"]


def origin(profile: Profile, funnel: Funnel) -> str:
    """Return which profile made the new list of which list."""
    said = (
        f"The new list is {profile.name} (version {profile.version}): {funnel.n_in:,} of "
        f"{count(funnel.n_rows, 'row')} of {profile.list} are in."
    )
    if funnel.n_unknown:
        said += f" {funnel.n_unknown:,} more may be: the list does not tell a filter for them."
    return said


def expiring(n_expiring: int, n_signal: int, ends_on: date) -> str:
    """Return of how many people drawn the signal is over before the verdict."""
    if not n_signal:
        return "Nobody drawn from the new list has a signal that counts today."
    return (
        f"{count(n_signal, 'person', 'people')} drawn from the new list {_have(n_signal)} a signal "
        f"that ends; for {n_expiring:,} of them it is over before the verdict on {day(ends_on)}."
    )


def _have(n: int) -> str:
    return "has" if n == 1 else "have"
