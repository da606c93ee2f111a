"""Plan: what a test can show, before it is run."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from icptest import stats
from icptest.baselines import ASSUMED, Baseline, baseline_from
from icptest.business_days import deadline
from icptest.errors import InputError, RegistrationError
from icptest.protocol import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from icptest.break_even import BreakEven
    from icptest.capacity import SendCalendar
    from icptest.experiment import Experiment
    from icptest.overlap import Overlap
    from icptest.protocol import Protocol

ASSUMED_BASELINE = ASSUMED.rate
"""Positive replies per person reached, until somebody says their own; see `baselines`."""

TRUE_LIFTS = (1.0, 2.0, 3.0, 4.0)
ASKED_LIFTS = (2.0, 3.0)
"""The lifts for which it is said how many people they take, unless others are asked for."""

ASKED_CHANCES = (0.8, 0.9)
_LARGER = (2, 4)
_FEW_POSITIVES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15)
# Standard deviations to either side of the positives that are expected.
_DEVIATIONS = 2.5
_MOST_CONTROL = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """How often the rules say scale, by the true lift of the new list.

    Attributes:
        baseline: Assumed rate of positive replies on today's list.
        registered: Chance that the registered rule scales, by true lift.
        article: Chance that the article's rule (the threshold alone) scales, by true lift.
    """

    baseline: float
    registered: Mapping[float, float]
    article: Mapping[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sends:
    """How many people make the registered rule scale a list often enough.

    Attributes:
        lift: True lift of the new list.
        chance: How often it should be scaled.
        needed: How many people, or why no number is enough.
    """

    lift: float
    chance: float
    needed: stats.SampleSize | stats.NotReachable


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a test can show.

    Attributes:
        protocol: The rules and sizes.
        baseline: Rate of positive replies on today's list.
        outlook: How often the rules say scale.
        ruled_out: Chance that the threshold is ruled out, for a list that is no better.
        exaggeration: By what factor a lift that the rule scales reads too high, by true lift;
            a lift that is never scaled is not there.
        needed: Positives that the new list needs, by positives of today's list.
        sends: People needed, by lift and chance.
        larger_control: Chance that the registered rule scales, by control size and true lift;
            the first entry is the size planned.
        calendar: How long it takes, if the capacity is known.
        overlap: What the lists share, if they are there.
        break_even: From which lift on it pays, if the costs are known.
    """

    protocol: Protocol
    baseline: Baseline
    outlook: Outlook
    ruled_out: float
    exaggeration: Mapping[float, float]
    needed: tuple[stats.NeededEvents, ...]
    sends: tuple[Sends, ...]
    larger_control: Mapping[int, Mapping[float, float]]
    calendar: SendCalendar | None = None
    overlap: Overlap | None = None
    break_even: BreakEven | None = None


def make_plan(
    protocol: Protocol,
    *,
    baseline: Baseline = ASSUMED,
    lifts: Sequence[float] = (),
    calendar: SendCalendar | None = None,
    overlap: Overlap | None = None,
    break_even: BreakEven | None = None,
) -> Plan:
    """Return what a test can show, by exact enumeration.

    Args:
        protocol: The rules and sizes.
        baseline: Rate of positive replies on today's list.
        lifts: True lifts for which it is said how many people they take; by default 2x and 3x,
            as far as such rates exist.
        calendar: How long it takes, if the capacity is known.
        overlap: What the lists share, if they are there.
        break_even: From which lift on it pays, if the costs are known.

    Raises:
        InputError: At such a lift more than everybody would reply ("lift-too-high").
        RegistrationError: Today's list is more than 100 times the new one ("bad-protocol").
    """
    if protocol.control_size > _MOST_CONTROL * protocol.size:
        raise RegistrationError(
            "bad-protocol",
            field="control_size",
            value=protocol.control_size,
            expected=f"at most {_MOST_CONTROL} times the size of the new list",
        )
    for lift in lifts:
        if lift * baseline.rate > 1:
            raise InputError(
                "lift-too-high", lift=lift, baseline=baseline.rate, highest=1 / baseline.rate
            )
    asked = tuple(sorted(set(lifts))) or _possible(ASKED_LIFTS, baseline.rate)
    true = _possible(tuple(sorted({*TRUE_LIFTS, *asked})), baseline.rate)
    found = stats.operating_characteristics(
        control_rate=baseline.rate,
        ratios=true,
        treatment_total=protocol.size,
        control_total=protocol.control_size,
        rule=protocol.rule.value,
        alpha=protocol.alpha,
        threshold=protocol.threshold,
    )
    registered = dict(zip(true, found.prob_scale, strict=True))
    return Plan(
        protocol=protocol,
        baseline=baseline,
        outlook=Outlook(
            baseline=baseline.rate,
            registered=registered,
            article=_chances(protocol, baseline.rate, true, Rule.LIFT),
        ),
        ruled_out=found.prob_ruled_out[true.index(1.0)],
        exaggeration={
            lift: factor
            for lift, factor in zip(true, found.exaggeration, strict=True)
            if isinstance(factor, float)
        },
        needed=stats.needed_events(
            treatment_total=protocol.size,
            control_total=protocol.control_size,
            alpha=protocol.alpha,
            threshold=protocol.threshold,
            control_events=_likely_positives(protocol.control_size, baseline.rate),
        ),
        sends=_sends(protocol, baseline.rate, asked),
        larger_control=_larger_control(protocol, baseline.rate, true, registered),
        calendar=calendar,
        overlap=overlap,
        break_even=break_even,
    )


def look_ahead(
    protocol: Protocol, *, baseline: float = ASSUMED_BASELINE, share: float = 1.0
) -> Outlook:
    """Return the chances of a protocol, by exact enumeration.

    Args:
        protocol: The rules and sizes.
        baseline: Rate of positive replies on today's list.
        share: The test's share of its family's alpha, in (0, 1].
    """
    protocol = replace(protocol, alpha=protocol.alpha * share)
    lifts = _possible(TRUE_LIFTS, baseline)
    article = _chances(protocol, baseline, lifts, Rule.LIFT)
    registered = (
        article
        if protocol.rule is Rule.LIFT
        else _chances(protocol, baseline, lifts, protocol.rule)
    )
    return Outlook(baseline=baseline, registered=registered, article=article)


def chance_to_scale(
    protocol: Protocol, *, lift: float, baseline: float = ASSUMED_BASELINE
) -> float:
    """Return how often the registered rule scales a list of a true lift."""
    return _chances(protocol, baseline, (lift,), protocol.rule)[lift]


def baseline_of(experiment: Experiment) -> Baseline:
    """Return the rate that a registration reckons with: learned from finished tests, or assumed."""
    if not experiment.prior_from:
        return ASSUMED
    return baseline_from(experiment.prior, experiment.prior_from)


def verdict_expected_at(experiment: Experiment, *, starts_at: datetime) -> datetime:
    """Return when the replies are in if sending starts at a time and takes its whole window."""
    return deadline(
        starts_at + timedelta(hours=experiment.protocol.send_window_hours),
        business_days=experiment.protocol.settle_business_days,
        zone=experiment.zone,
        country=experiment.holidays,
    )


def _possible(lifts: tuple[float, ...], baseline: float) -> tuple[float, ...]:
    """Return the lifts at which no more than everybody replies."""
    return tuple(lift for lift in lifts if lift * baseline <= 1)


def _chances(
    protocol: Protocol,
    baseline: float,
    lifts: tuple[float, ...],
    rule: Rule,
    *,
    control_size: int | None = None,
) -> dict[float, float]:
    """Return how often a rule scales by true lift; over all looks, where there are several."""
    if protocol.looks > 1 and rule.value != "lift":
        looks = stats.sequential_characteristics(
            control_rate=baseline,
            ratios=lifts,
            treatment_per_look=protocol.size,
            control_per_look=control_size or protocol.control_size,
            looks=protocol.looks,
            rule=rule.value,
            alpha=protocol.alpha,
            threshold=protocol.threshold,
        )
        return dict(zip(lifts, looks.prob_scale, strict=True))
    chances = stats.power_many(
        control_rate=baseline,
        ratios=lifts,
        treatment_total=protocol.size,
        control_total=control_size or protocol.control_size,
        rule=rule.value,
        alpha=protocol.alpha,
        threshold=protocol.threshold,
    )
    return dict(zip(lifts, chances, strict=True))


def _likely_positives(control_size: int, baseline: float) -> Sequence[int]:
    """Return the positives of today's list that are worth telling of: about what will come."""
    expected = control_size * baseline
    spread = _DEVIATIONS * math.sqrt(expected * (1 - baseline))
    low, high = max(0, math.floor(expected - spread)), math.ceil(expected + spread)
    if high <= _FEW_POSITIVES[-1]:
        return _FEW_POSITIVES
    steps = len(_FEW_POSITIVES) - 1
    return [round(low + (high - low) * step / steps) for step in range(steps + 1)]


def _sends(protocol: Protocol, baseline: float, lifts: tuple[float, ...]) -> tuple[Sends, ...]:
    """Return how many people each lift takes; what no number reaches is found once per lift."""
    sends = []
    for lift in lifts:
        needed: stats.SampleSize | stats.NotReachable | None = None
        for chance in ASKED_CHANCES:
            if needed is None or isinstance(needed, stats.SampleSize):
                needed = stats.sample_size(
                    control_rate=baseline,
                    ratio=lift,
                    power=chance,
                    rule=protocol.rule.value,
                    alpha=protocol.alpha,
                    threshold=protocol.threshold,
                    allocation=protocol.size / protocol.control_size,
                )
            sends.append(Sends(lift=lift, chance=chance, needed=needed))
    return tuple(sends)


def _larger_control(
    protocol: Protocol,
    baseline: float,
    lifts: tuple[float, ...],
    planned: Mapping[float, float],
) -> dict[int, Mapping[float, float]]:
    sizes = [times * protocol.size for times in _LARGER]
    larger = {
        size: _chances(protocol, baseline, lifts, protocol.rule, control_size=size)
        for size in sizes
        if size > protocol.control_size
    }
    return {protocol.control_size: planned, **larger}
