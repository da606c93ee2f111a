"""Lint: the traps that a profile can be in, each judged by what there is.

The traps, the numbers and the habits are those of the two articles: icp-list-test-protocol ("The 4
Traps That Kill ICP Quality", "The 5 Layer ICP Framework") and icp-for-outbound (sections 3 to 6).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.icp.criteria import Layer
from icptest.icp.definition import BuyingRole
from icptest.icp.findings import Finding, Rule, not_judged, ok, warn
from icptest.icp.phrases import phrase_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition

WORKABLE = (600, 1_200)
"""How many accounts a complete profile comes to."""
TOO_MANY_ACCOUNTS = 10_000
"""From here on a profile leaves "tens of thousands of equally valid targets"."""
MOST_FILTERS = 5
FEW_MATCH = 0.5
"""Below this share of closed deals the profile describes somebody else."""
IDLE_SHARE = 0.95
"""A filter that keeps so many of those it is told of excludes next to nobody."""
WIDE = 50
"""A range whose end is so many times its beginning is an "or" of all segments."""
MANY_VALUES = 6
DATA_PERCENT = (50, 90)
"""The 70/30 of data and conversation, taken loosely."""

_VAGUE = {
    phrase_key(word)
    for word in (
        *("mid-market", "midmarket", "mid market", "SMB", "SMBs", "SME", "SMEs", "enterprise"),
        *("enterprises", "small business", "small businesses", "large", "small", "big", "medium"),
        *("tech-forward", "tech forward", "tech-savvy", "tech savvy", "modern", "innovative"),
        *("forward-thinking", "forward thinking", "progressive", "digital-first", "digital first"),
        *("data-driven", "data driven", "growth-minded", "growth minded", "fast-growing"),
        *("fast growing", "high-growth", "high growth", "hyper-growth", "scaling", "scale-up"),
        *("scaleup", "startup", "startups", "start-up", "ambitious", "leading", "mature"),
        *("sophisticated", "established", "any", "all", "everyone", "anyone", "b2b company"),
        *("any B2B company", "companies with a sales team", "with a sales team"),
    )
}
_CARES = re.compile(
    r"\b(?:care about|cares about|value|values|believe in|passionate about|need more)\b"
)
_SEVERAL_OWNERS = re.compile(r",|;|&|\+|/|\band\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Market:
    """What a profile leaves of a market.

    Attributes:
        n_rows: Rows of the list.
        n_in: Rows known to be in.
        n_unknown: Rows that may be.
        kept: Of each filter by itself: how many it keeps, of how many it is told.
        said: Words of a definition that stand in the list, so that they can be searched for.
    """

    n_rows: int
    n_in: int
    n_unknown: int
    kept: dict[Criterion, tuple[int, int]]
    said: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Won:
    """How many of the closed deals a profile describes.

    Attributes:
        n_in: Accounts that meet every filter that could be judged.
        n_out: Accounts that fail one.
        n_unknown: Accounts of which the list does not tell enough.
        judged: The filters that could be judged.
        costly: The filter that most of them fail, if any do.
        n_costly: How many fail it.
    """

    n_in: int
    n_out: int
    n_unknown: int
    judged: tuple[Criterion, ...]
    costly: Criterion | None
    n_costly: int


def lint(
    definition: Definition, *, today: date, market: Market | None = None, won: Won | None = None
) -> tuple[Finding, ...]:
    """Hold a profile against every rule, in the order of `Rule`.

    Args:
        definition: The profile.
        today: The day it is.
        market: What it leaves of a list, if one was given.
        won: How many closed deals it describes, if a list of them was given.
    """
    return (
        _catch_all(definition, market),
        _aspirational(won),
        _static(definition, today),
        _committee(definition),
        _vague_words(definition, market),
        _too_many(definition),
        _idle(market),
        _layers(definition),
        _roles(definition),
        ok(Rule.NO_DISQUALIFIERS) if definition.disqualifiers else warn(Rule.NO_DISQUALIFIERS),
        _shelf_life(definition),
        _interviews(definition),
        ok(Rule.NO_JOB) if definition.job else warn(Rule.NO_JOB),
        _personas(definition, today),
    )


def _catch_all(definition: Definition, market: Market | None) -> Finding:
    if not definition.filters:
        return warn(Rule.CATCH_ALL, "no-filters")
    if market is None:
        return not_judged(Rule.CATCH_ALL, "unjudged")
    facts = {"n_in": market.n_in, "n_rows": market.n_rows, "n_unknown": market.n_unknown}
    if market.n_rows and market.n_in == market.n_rows:
        return warn(Rule.CATCH_ALL, "excludes-nobody", **facts)
    if market.n_in > TOO_MANY_ACCOUNTS:
        return warn(Rule.CATCH_ALL, "too-many", **facts)
    return ok(Rule.CATCH_ALL, **facts)


def _aspirational(won: Won | None) -> Finding:
    if won is None:
        return not_judged(Rule.ASPIRATIONAL, "no-list")
    known = won.n_in + won.n_out
    if not won.judged or not known:
        return not_judged(Rule.ASPIRATIONAL, "not-told", n_unknown=won.n_unknown)
    facts: dict[str, Any] = {
        "n_in": won.n_in,
        "known": known,
        "n_unknown": won.n_unknown,
        "costly": won.costly,
        "n_costly": won.n_costly,
        "judged": won.judged,
    }
    few = won.n_in < FEW_MATCH * known
    return warn(Rule.ASPIRATIONAL, **facts) if few else ok(Rule.ASPIRATIONAL, **facts)


def _static(definition: Definition, today: date) -> Finding:
    facts: dict[str, Any] = {
        "reviewed_on": definition.reviewed_on,
        "days": (today - definition.reviewed_on).days,
        "review_days": definition.review_days,
    }
    if definition.reviewed_on > today:
        return warn(Rule.STATIC, "ahead", **facts)
    due = definition.review_due_on <= today
    return warn(Rule.STATIC, **facts) if due else ok(Rule.STATIC, **facts)


def _committee(definition: Definition) -> Finding:
    owners = [
        name.strip()
        for owner in definition.owners
        for name in _SEVERAL_OWNERS.split(owner)
        if name.strip()
    ]
    if len(owners) > 1:
        return warn(Rule.COMMITTEE, "owners", owners=tuple(owners))
    if not owners:
        return warn(Rule.COMMITTEE, "nobody")
    wide = [one for one in definition.filters if _is_everything(one)]
    if wide:
        return warn(Rule.COMMITTEE, "or-of-everything", criteria=tuple(wide))
    return ok(Rule.COMMITTEE)


def _is_everything(criterion: Criterion) -> bool:
    """Tell whether a filter is the "or" of every segment somebody wanted."""
    if criterion.spans:
        low = min(span.low for span in criterion.spans)
        high = max(span.high for span in criterion.spans)
        return math.isfinite(low) and low > 0 and high / low >= WIDE and math.isfinite(high)
    return len(criterion.values) > MANY_VALUES and criterion.layer is Layer.FIRMOGRAPHIC


def _vague_words(definition: Definition, market: Market | None) -> Finding:
    searchable = frozenset() if market is None else market.said
    vague = [
        value
        for one in (*definition.filters, *definition.disqualifiers)
        for value in one.values
        if is_vague(value) and value not in searchable
    ]
    if not vague:
        return ok(Rule.VAGUE_WORDS)
    return warn(Rule.VAGUE_WORDS, words=tuple(dict.fromkeys(vague)))


def is_vague(text: str) -> bool:
    """Tell whether a word is a mood and not something a list can be searched for."""
    return phrase_key(text) in _VAGUE or _CARES.search(text.casefold()) is not None


def _too_many(definition: Definition) -> Finding:
    n = len(definition.filters)
    if n > MOST_FILTERS:
        return warn(Rule.TOO_MANY_FILTERS, n=n)
    return ok(Rule.TOO_MANY_FILTERS, n=n)


def _idle(market: Market | None) -> Finding:
    if market is None:
        return not_judged(Rule.IDLE_FILTERS, "unjudged")
    idle = {
        one: (kept, told)
        for one, (kept, told) in market.kept.items()
        if told and kept >= IDLE_SHARE * told
    }
    return warn(Rule.IDLE_FILTERS, filters=idle) if idle else ok(Rule.IDLE_FILTERS)


def _layers(definition: Definition) -> Finding:
    in_filters = {one.layer for one in definition.filters}
    there = in_filters | (definition.layers & {Layer.BUYING, Layer.TRIGGER})
    missing = tuple(layer for layer in Layer if layer not in there)
    return warn(Rule.MISSING_LAYERS, layers=missing) if missing else ok(Rule.MISSING_LAYERS)


def _roles(definition: Definition) -> Finding:
    missing = tuple(role for role in BuyingRole if not definition.buying.titles(role))
    return warn(Rule.MISSING_ROLES, roles=missing) if missing else ok(Rule.MISSING_ROLES)


def _shelf_life(definition: Definition) -> Finding:
    endless: Iterable[object] = [
        *(one for one in definition.triggers if one.shelf_life_days is None),
        *(
            one
            for one in definition.filters
            if one.layer is Layer.BEHAVIORAL and one.within_days is None
        ),
    ]
    found = tuple(endless)
    return warn(Rule.NO_SHELF_LIFE, signals=found) if found else ok(Rule.NO_SHELF_LIFE)


def _interviews(definition: Definition) -> Finding:
    said = definition.interviews
    if not said.customers and not said.answers:
        return warn(Rule.NO_INTERVIEWS, "none")
    missing = 4 - len(said.answers)
    if missing:
        return warn(Rule.NO_INTERVIEWS, "unanswered", n=missing, customers=said.customers)
    low, high = DATA_PERCENT
    if said.data_percent is not None and not low <= said.data_percent <= high:
        return warn(Rule.NO_INTERVIEWS, "balance", percent=said.data_percent)
    return ok(Rule.NO_INTERVIEWS)


def _personas(definition: Definition, today: date) -> Finding:
    late = tuple(
        one
        for one in definition.buying.personas
        if (due := one.review_due_on()) is None or due <= today
    )
    return warn(Rule.PERSONAS_DUE, personas=late) if late else ok(Rule.PERSONAS_DUE)
