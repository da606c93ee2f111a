"""Backtest: the profile held against deals that were won, deals that were lost, and the market.

Only what all lists tell is compared. Of companies of which a list does not tell a filter, nobody
knows whether they pass: they are counted apart, and shares are of the others. A disqualifier that
is not told takes nobody out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.icp.asked_of import criteria_of
from icptest.stats import RateInterval, RatioInterval, exact_interval, wilson_interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icptest.icp.asked_of import Answers
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.panel import Panel

CONFIDENCE = 0.9
"""Of every interval: each end alone is wrong 1 time in 20, as the one-sided tests are."""
WON, LOST, MARKET = "won", "lost", "market"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many of a list pass what is compared.

    Attributes:
        n_told: Companies of which every compared filter is told.
        n_in: Of those, companies that pass.
        n_untold: Companies of which one is not told.
        n_untold_out: Of those, companies that are out all the same, because of another one.
        interval: The share of `n_told`; None where there is none.
    """

    n_told: int
    n_in: int
    n_untold: int
    n_untold_out: int
    interval: RateInterval | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one compared criterion costs and what it is good for.

    Attributes:
        criterion: Which.
        alone: By list, companies that pass everything else and are out because of it alone.
        fails: By list, companies that it keeps out, whatever else does.
        told: By list, companies of which it is told.
        lift_without: Won over the market (without one: over lost) if it were dropped; None where
            nobody else passes.
    """

    criterion: Criterion
    alone: Mapping[str, int]
    fails: Mapping[str, int]
    told: Mapping[str, int]
    lift_without: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a list says of one criterion, compared or not.

    Attributes:
        yes: Companies that meet it.
        no: Companies that do not.
        unknown: Companies of which it is not told.
    """

    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Backtest:
    """A profile and the deals.

    Attributes:
        panels: The lists, by name: won, lost, market, as far as they were given.
        criteria: Filters, disqualifiers, triggers.
        n_filters: How many of them are filters: the first ones.
        n_in_or_out: How many are filters or disqualifiers; the rest are triggers.
        answered: By list, what it says of each criterion; None where no column tells it.
        compared: Numbers of the criteria that every list tells, triggers aside.
        against: The list that prices are counted against: the market, else lost deals.
        shares: By list; empty where no filter can be compared.
        lifts: Won over each other list; a list without an estimate is left out.
        prices: Of every compared criterion.
        n_won_and_lost: Companies in both of these lists.
    """

    panels: Mapping[str, Panel]
    criteria: tuple[Criterion, ...]
    n_filters: int
    n_in_or_out: int
    answered: Mapping[str, tuple[Answered | None, ...]]
    compared: tuple[int, ...]
    against: str
    shares: Mapping[str, Share]
    lifts: Mapping[str, RatioInterval]
    prices: tuple[Price, ...]
    n_won_and_lost: int

    @property
    def left_out(self) -> dict[int, tuple[str, ...]]:
        """By number of a filter or disqualifier that is not compared, the lists that lack it."""
        return {
            place: tuple(name for name, one in self.panels.items() if not one.told[place])
            for place in range(self.n_in_or_out)
            if place not in self.compared
        }

    @property
    def dearest(self) -> Price | None:
        """The filter that keeps out most won companies by itself, if any does."""
        filters = [one for one in self.prices if not one.criterion.excludes]
        found = max(filters, key=lambda one: one.alone[WON], default=None)
        return found if found is not None and found.alone[WON] else None


def backtest(definition: Definition, panels: Mapping[str, Panel]) -> Backtest:
    """Compare the lists.

    Args:
        definition: What was asked of them.
        panels: The lists by name, `won` and at least one of `lost` and `market`.
    """
    criteria = criteria_of(definition)
    n_filters = len(definition.filters)
    n_in_or_out = n_filters + len(definition.disqualifiers)
    compared = tuple(
        place for place in range(n_in_or_out) if all(one.told[place] for one in panels.values())
    )
    shares = {}
    if any(place < n_filters for place in compared):
        shares = {name: _share(one, compared, criteria) for name, one in panels.items()}
    keys = [panels[name].keys for name in (WON, LOST) if name in panels]
    against = MARKET if MARKET in panels else LOST
    priced = compared if shares else ()
    return Backtest(
        panels=panels,
        criteria=criteria,
        n_filters=n_filters,
        n_in_or_out=n_in_or_out,
        answered={name: _answered(one) for name, one in panels.items()},
        compared=compared,
        against=against,
        shares=shares,
        lifts=_lifts(shares) if shares else {},
        prices=tuple(_price(panels, place, compared, criteria, against) for place in priced),
        n_won_and_lost=len(keys[0] & keys[1]) if len(keys) > 1 else 0,
    )


def _share(panel: Panel, compared: Sequence[int], criteria: Sequence[Criterion]) -> Share:
    told = n_in = untold = untold_out = 0
    for answers, n in panel.answers.items():
        out = _out(answers, compared, criteria)
        if _all_told(answers, compared, criteria):
            told += n
            n_in += n * (not out)
        else:
            untold += n
            untold_out += n * bool(out)
    interval = (
        wilson_interval(events=n_in, total=told, confidence_level=CONFIDENCE) if told else None
    )
    return Share(
        n_told=told, n_in=n_in, n_untold=untold, n_untold_out=untold_out, interval=interval
    )


def _out(answers: Answers, compared: Sequence[int], criteria: Sequence[Criterion]) -> list[int]:
    """Return which criteria keep a company out."""
    return [place for place in compared if answers[place] is criteria[place].excludes]


def _all_told(answers: Answers, compared: Sequence[int], criteria: Sequence[Criterion]) -> bool:
    return all(answers[place] is not None or criteria[place].excludes for place in compared)


def _lifts(shares: Mapping[str, Share]) -> dict[str, RatioInterval]:
    won = shares[WON]
    return {
        name: exact_interval(
            treatment_events=won.n_in,
            treatment_total=won.n_told,
            control_events=other.n_in,
            control_total=other.n_told,
            confidence_level=CONFIDENCE,
        )
        for name, other in shares.items()
        if name != WON and won.n_told and other.n_told
    }


def _price(
    panels: Mapping[str, Panel],
    place: int,
    compared: Sequence[int],
    criteria: Sequence[Criterion],
    against: str,
) -> Price:
    others = [one for one in compared if one != place]
    excludes = criteria[place].excludes
    alone, fails, told, rates = {}, {}, {}, {}
    for name, panel in panels.items():
        alone[name] = fails[name] = told[name] = n_in = n_all = 0
        for answers, n in panel.answers.items():
            told[name] += n * (answers[place] is not None)
            fails[name] += n * (answers[place] is excludes)
            if not _all_told(answers, compared, criteria):
                continue
            passes = not _out(answers, others, criteria)
            n_all += n
            n_in += n * passes
            alone[name] += n * (passes and answers[place] is excludes)
        rates[name] = n_in / n_all if n_all else 0.0
    return Price(
        criterion=criteria[place],
        alone=alone,
        fails=fails,
        told=told,
        lift_without=rates[WON] / rates[against] if rates[against] else None,
    )


def _answered(panel: Panel) -> tuple[Answered | None, ...]:
    found: list[Answered | None] = []
    for place, told in enumerate(panel.told):
        counts = {True: 0, False: 0, None: 0}
        for answers, n in panel.answers.items():
            counts[answers[place]] += n
        found.append(
            Answered(yes=counts[True], no=counts[False], unknown=counts[None]) if told else None
        )
    return tuple(found)
