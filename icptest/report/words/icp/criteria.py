"""Criteria, triggers and people in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.criteria import OTHER, Kind, Layer
from icptest.icp.definition import BuyingRole
from icptest.icp.ranges import written_range

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Trigger
    from icptest.icp.signals import Clock

LAYERS = {
    Layer.FIRMOGRAPHIC: "firmographic",
    Layer.TECHNOGRAPHIC: "technographic",
    Layer.BEHAVIORAL: "behavioral",
    Layer.BUYING: "buying committee",
    Layer.TRIGGER: "trigger",
}
ROLES = {
    BuyingRole.BUYER: "buyer",
    BuyingRole.INFLUENCER: "influencer",
    BuyingRole.BUDGET_HOLDER: "budget holder",
}
EVENTS = {
    "funding": "a funding round",
    "leadership-change": "a new leader",
    "launch": "a launch",
    "expansion": "an expansion",
    "competitor-switch": "a move off another tool",
}
_DONE = {
    "hired": ("hired {what}", "hired anybody"),
    "raised": ("raised {what}", "raised money"),
    "launched": ("launched {what}", "launched something"),
    "expanded": ("expanded to {what}", "expanded"),
    "posted-job": ("posted a job for {what}", "posted a job"),
}


def either(words: Sequence[str]) -> str:
    """Return words as alternatives: "a, b or c"."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def both(words: Sequence[str]) -> str:
    """Return words as a list: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def spans(criterion: Criterion) -> str:
    """Return the ranges of a criterion: "50-250 or 1000+"."""
    return either([written_range(span) for span in criterion.spans])


def criterion(asked: Criterion) -> str:
    """Return what is asked, as a row of a table names it: "uses HubSpot or Salesforce"."""
    subject, values = asked.subject, either(asked.values)
    if subject.kind is Kind.EVENT:
        with_what, without = _DONE[subject.word]
        said = with_what.format(what=values) if asked.values else without
        said += _within(asked.within_days)
    elif subject.kind is Kind.GROWTH:
        said = f"headcount growth {_percent(spans(asked))}" + _over(asked.within_days)
    elif subject.kind is Kind.AGE:
        said = f"{spans(asked)} years old"
    else:
        name = (
            subject.word.removeprefix(OTHER).replace("-", " ")
            if subject.field
            else (subject.word.removeprefix(OTHER))
        )
        said = f"{name} {values or spans(asked)}"
    return f"not: {said}" if asked.excludes else said


def trigger(asked: Trigger | Clock) -> str:
    """Return an event that is watched: "a funding round (Series B)"."""
    said = EVENTS.get(asked.event) or _DONE[asked.event][1]
    return f"{said} ({either(asked.what)})" if asked.what else said


def day(on: date) -> str:
    """Return a day: "Fri 27 Nov 2026"."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def _within(days: int | None) -> str:
    return "" if days is None else f" in the last {days} days"


def _over(days: int | None) -> str:
    return "" if days is None else f" over {days} days"


def _percent(text: str) -> str:
    return f"{text.removesuffix('+')} % or more" if text.endswith("+") else f"{text} %"
