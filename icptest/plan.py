"""Plan: what a test can show, before it is run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from icptest import stats
from icptest.business_days import deadline
from icptest.protocol import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.experiment import Experiment
    from icptest.protocol import Protocol

ASSUMED_BASELINE = 0.01
"""Positive replies per person reached, until a workspace knows its own.

Published figures run from 0.5 % to 1.4 % (Instantly 2026 with Prospeo; averages compiled by
Saleshandy and others); 1 % is the round number between them, and is said to be assumed.
"""

TRUE_LIFTS = (1.0, 2.0, 3.0, 4.0)


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


def look_ahead(protocol: Protocol, *, baseline: float = ASSUMED_BASELINE) -> Outlook:
    """Return the chances of a protocol, by exact enumeration."""
    lifts = tuple(lift for lift in TRUE_LIFTS if lift * baseline <= 1)
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


def verdict_expected_at(experiment: Experiment, *, starts_at: datetime) -> datetime:
    """Return when the replies are in if sending starts at a time and takes its whole window."""
    return deadline(
        starts_at + timedelta(hours=experiment.protocol.send_window_hours),
        business_days=experiment.protocol.settle_business_days,
        zone=experiment.zone,
        country=experiment.holidays,
    )


def _chances(
    protocol: Protocol, baseline: float, lifts: tuple[float, ...], rule: Rule
) -> dict[float, float]:
    chances = stats.power_many(
        control_rate=baseline,
        ratios=lifts,
        treatment_total=protocol.size,
        control_total=protocol.control_size,
        rule=rule.value,
        alpha=protocol.alpha,
        threshold=protocol.threshold,
    )
    return dict(zip(lifts, chances, strict=True))
