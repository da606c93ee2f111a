"""What `icp narrow` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.narrow import FEWEST, MOST, is_usual
from icptest.protocol import Protocol
from icptest.report.words.icp.criteria import criterion
from icptest.report.words.numbers import are, count, lift, share, threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.narrow import Narrowing

__all__ = ["HEADS", "criterion", "headline", "rows", "test_of", "unusual"]

HEADS = ("profile", "in", "not told")
_FAR = 10
"""A lift that no list reaches: a ceiling above it keeps nobody from anything."""
_FEWEST = 100
"""Fewer people of a new list show nothing that a larger control could mend."""


def headline(loose: Definition, narrow: Definition, found: Narrowing | None) -> str:
    """Return what is left, in one sentence."""
    if found is None:
        return f"{narrow.name} is {loose.name} with more asked of each company."
    return (
        f"{narrow.name} leaves {found.narrow.n_in:,} of the {found.loose.n_in:,} in {loose.name} "
        f"({share(found.share)}){_at_most(found)}."
    )


def _at_most(found: Narrowing) -> str:
    if found.ceiling > _FAR:
        return ""
    return f", so its lift over them cannot exceed {lift(found.ceiling)}"


def rows(loose: Definition, narrow: Definition, found: Narrowing) -> list[list[str]]:
    """Return the table of both profiles."""
    return [
        [name, f"{funnel.n_in:,}", f"{funnel.n_unknown:,}"]
        for name, funnel in ((loose.name, found.loose), (narrow.name, found.narrow))
    ]


def unusual(added: Sequence[Criterion]) -> str | None:
    """Return that this is not the narrowing that the protocol tests."""
    if is_usual(added):
        return None
    return (
        f"The protocol narrows by {FEWEST} or {MOST} technographic or behavioural filters at a "
        "time: with fewer the lists hardly differ, with more nobody knows which one worked."
    )


def test_of(found: Narrowing) -> list[str]:
    """Return what test it implies, and what stands in its way."""
    protocol = Protocol()
    bar = threshold(protocol.threshold)
    lines = []
    if found.ceiling <= protocol.threshold:
        lines.append(
            f"No test can show {bar}: everybody who replies to the loose list would have to be in "
            "the narrow one, and that is not enough. Narrow it further."
        )
    if found.narrow.n_in < _FEWEST:
        lines.append(
            f"{count(found.narrow.n_in, 'row')} {are(found.narrow.n_in)} too few for any test: "
            "ask less, or look in a larger list."
        )
    elif found.narrow.n_in < protocol.size:
        lines.append(
            f"A test takes {protocol.size} people of the new list, and {found.narrow.n_in:,} are "
            f"left: `icptest plan --size {found.narrow.n_in} --control-size {2 * protocol.size}` "
            "says what more people of today's list would make of that."
        )
    else:
        left = found.narrow.n_in - protocol.size
        lines.append(
            f"The test it implies: {protocol.size} of {found.loose.n_in:,} as today's list against "
            f"{protocol.size} of {found.narrow.n_in:,} as the new list; "
            f"{count(left, 'row')} {are(left)} left to scale to."
        )
    if found.narrow.n_unknown:
        lines.append(
            f"{count(found.narrow.n_unknown, 'row')} more may be in: the list does not tell a "
            "filter for them."
        )
    return lines
