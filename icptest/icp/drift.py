"""Drift: three signals that a profile has parted from reality, and the layer each points at.

1. Won companies that are outside the profile, recently against before.
2. Of decided companies inside it those that were lost, recently against before.
3. Churn that clusters on an attribute.

Each is a family of tests of its own, wrong 1 time in 20 at most: signals 1 and 2 together, the
filters that the outside wins fail, the attributes that churn may cluster on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.icp.asked_of import criteria_of
from icptest.icp.deals import Period
from icptest.icp.outcome import Outcome
from icptest.icp.trend import Part, Rise, Trend, judge_together, make_trend, with_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.icp.asked_of import Answers
    from icptest.icp.churn import Churn
    from icptest.icp.criteria import Criterion, Layer
    from icptest.icp.deals import Deals, Decided
    from icptest.icp.definition import Definition


@dataclass(frozen=True, kw_only=True, slots=True)
class Failing:
    """A filter or disqualifier, and how many won companies it would have kept out."""

    criterion: Criterion
    trend: Trend

    @property
    def layer(self) -> Layer:
        """The layer it belongs to."""
        return self.criterion.layer


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """The three signals.

    Attributes:
        deals: The deals; None where no column says what became of one.
        churn: Who left; None where no column tells it.
        asked: Criteria that the list tells, triggers aside.
        untold: Filters and disqualifiers that no column tells; they keep nobody out.
        wins_outside: Of won companies, those outside; None where nothing can be asked.
        losses_inside: Of decided companies inside, those whose last deal was lost.
        failing: What the won companies outside fail, the most telling first.
        n_unknown: By period, decided companies of which one of the filters is not told.
    """

    deals: Deals | None
    churn: Churn | None
    asked: tuple[Criterion, ...] = ()
    untold: tuple[Criterion, ...] = ()
    wins_outside: Trend | None = None
    losses_inside: Trend | None = None
    failing: tuple[Failing, ...] = ()
    n_unknown: Mapping[Period, int] | None = None

    @property
    def most_failed(self) -> Failing | None:
        """What moved beyond luck; else what most of the recent wins outside fail."""
        found = next(iter(self.failing), None)
        return found if found is not None and found.trend.first.n else None

    @property
    def is_drifting(self) -> bool:
        """Whether any signal is beyond luck."""
        trends = [one for one in (self.wins_outside, self.losses_inside) if one is not None]
        rises = [one.rise for one in trends]
        rises += [] if self.churn is None else [self.churn.rise]
        return Rise.BEYOND_LUCK in rises

    @property
    def tells_nothing(self) -> bool:
        """Whether no signal can be judged at all."""
        trends = [one for one in (self.wins_outside, self.losses_inside) if one is not None]
        rises = {one.rise for one in trends} | ({self.churn.rise} if self.churn else set())
        return rises <= {Rise.CANNOT_TELL}


def find_drift(definition: Definition, deals: Deals | None, churn: Churn | None) -> Drift:
    """Judge the signals.

    Args:
        definition: The profile.
        deals: Won and lost deals by period, if there are any.
        churn: Who left, if it is told.
    """
    if deals is None:
        return Drift(deals=None, churn=churn)
    criteria = criteria_of(definition)
    n_in_or_out = len(definition.filters) + len(definition.disqualifiers)
    places = [place for place in range(n_in_or_out) if deals.told[place]]
    untold = tuple(criteria[place] for place in range(n_in_or_out) if not deals.told[place])
    asked = tuple(criteria[place] for place in places)
    if not any(not one.excludes for one in asked):
        return Drift(deals=deals, churn=churn, asked=asked, untold=untold)
    counts = {period: _Counts() for period in Period}
    for period, companies in deals.companies.items():
        for one, n in companies.items():
            counts[period].add(one, n, places, asked)
    outside, losses = judge_together(
        [
            make_trend(*(counts[period].outside for period in Period)),
            make_trend(*(counts[period].losses for period in Period)),
        ]
    )
    trends = judge_together(
        [
            make_trend(
                *(Part(n=counts[period].fails[n], of=counts[period].won) for period in Period)
            )
            for n in range(len(asked))
        ]
    )
    failing = [
        Failing(criterion=one, trend=trend) for one, trend in zip(asked, trends, strict=True)
    ]
    failing.sort(key=lambda one: (one.trend.rise is not Rise.BEYOND_LUCK, -one.trend.first.n))
    return Drift(
        deals=deals,
        churn=churn,
        asked=asked,
        untold=untold,
        wins_outside=outside,
        losses_inside=losses,
        failing=tuple(failing),
        n_unknown={period: counts[period].unknown for period in Period},
    )


def with_intervals(drift: Drift) -> Drift:
    """Return drift with the intervals of what is shown."""
    churn = drift.churn
    if churn is not None:
        shown = [replace(one, trend=with_interval(one.trend)) for one in churn.clusters]
        churn = replace(churn, clusters=tuple(shown))
    return replace(
        drift,
        churn=churn,
        wins_outside=drift.wins_outside and with_interval(drift.wins_outside),
        losses_inside=drift.losses_inside and with_interval(drift.losses_inside),
    )


class _Counts:
    """What a period comes to; companies of which a filter is not told are in no share."""

    def __init__(self) -> None:
        self.won = self.won_outside = self.inside = self.lost_inside = self.unknown = 0
        self.fails: Counter[int] = Counter()

    def add(self, one: Decided, n: int, places: list[int], asked: tuple[Criterion, ...]) -> None:
        """Count so many companies of which the same is known."""
        if one.won is not None and (failed := _failed(one.won, places, asked)) is not None:
            self.won += n
            self.won_outside += n * bool(failed)
            self.fails.update(dict.fromkeys(failed, n))
        failed = _failed(one.last_answers, places, asked)
        if failed is None:
            self.unknown += n
        elif not failed:
            self.inside += n
            self.lost_inside += n * (one.last is Outcome.LOST)

    @property
    def outside(self) -> Part:
        return Part(n=self.won_outside, of=self.won)

    @property
    def losses(self) -> Part:
        return Part(n=self.lost_inside, of=self.inside)


def _failed(answers: Answers, places: list[int], asked: tuple[Criterion, ...]) -> list[int] | None:
    """Return which criteria keep a company out; None where one of the filters is not told."""
    pairs = [(answers[place], one) for place, one in zip(places, asked, strict=True)]
    if any(answer is None and not one.excludes for answer, one in pairs):
        return None
    return [number for number, (answer, one) in enumerate(pairs) if answer is one.excludes]
