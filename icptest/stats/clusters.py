"""A ratio of two rates when several contacts belong to one account.

Two people of one company decide together more often than two strangers do, so that fifty
contacts of ten companies tell less than fifty of fifty. How much less is the design effect: the
variance of an arm's rate, as its accounts show it, over that of as many independent contacts.
Rao and Scott divide events and totals by it and go on as usual.

The design effect is itself an estimate, and from few events a poor one. Two rules keep it from
doing harm: it is never taken to be below 1, and the test is the weaker of the exact one on the
contacts as they are and the score test on the divided counts. Clustering may weaken the
evidence, never strengthen it.

References:
    Rao & Scott 1992 Biometrics 48:577; Kish 1965, Survey Sampling (design effect); Zou & Donner
    2013 Statistical Methods in Medical Research 22:661 and Liang & Zeger 1986 Biometrika 73:13
    (the cluster-robust error of a log ratio).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from icptest.stats._counts import Counts, check_choice, check_count, check_number
from icptest.stats._tables import Table
from icptest.stats.divided import divided_p_value
from icptest.stats.exact import judge
from icptest.stats.inversion import outer_matching_end
from icptest.stats.results import Alternative, NotEstimable

Clusters = Sequence[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class DesignEffect:
    """How much more an arm's rate varies than that of as many independent contacts.

    Attributes:
        used: what the counts are divided by, at least 1.
        pooled: as measured, both arms together and weighed by the variances that independent
            contacts would have; it may be below 1.
        treatment: Rao and Scott's of the treatment arm alone.
        control: Rao and Scott's of the control arm alone.
    """

    used: float
    pooled: float | NotEstimable
    treatment: float | NotEstimable
    control: float | NotEstimable


@dataclass(frozen=True, kw_only=True, slots=True)
class RobustInterval:
    """The interval of the log ratio with an error taken from the accounts themselves.

    Attributes:
        low: lower end, a ratio.
        high: upper end, a ratio.
        log_error: standard error of the natural logarithm of the ratio.
    """

    low: float
    high: float
    log_error: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusteredRatio:
    """A ratio of two rates of clustered contacts.

    Attributes:
        estimate: observed ratio.
        low: lower end of the interval: the lower one of the exact and the score interval's.
        high: upper end: the higher one of both.
        p_value: the larger of `exact_p_value` and `score_p_value`.
        exact_p_value: p-value of the exact test of all contacts, as if independent.
        score_p_value: p-value of the score test of the counts divided by the design effect.
        null_ratio: the ratio tested.
        alternative: the side tested.
        confidence_level: two-sided confidence, in (0, 1).
        design_effect: what the clusters cost.
        robust: a second opinion, not used for the others: it needs some forty clusters with
            events and is too narrow with fewer.
    """

    estimate: float | NotEstimable
    low: float | NotEstimable
    high: float | NotEstimable
    p_value: float
    exact_p_value: float
    score_p_value: float
    null_ratio: float
    alternative: Alternative
    confidence_level: float
    design_effect: DesignEffect
    robust: RobustInterval | NotEstimable


def clustered_ratio(
    *,
    treatment_clusters: Clusters,
    control_clusters: Clusters,
    null_ratio: float = 1.0,
    alternative: Alternative = "greater",
    confidence_level: float = 0.9,
    gamma: float = 1e-6,
) -> ClusteredRatio:
    """Estimate and test a ratio of two rates whose contacts come in clusters.

    Args:
        treatment_clusters: events and total of each account of the treatment arm, at least one;
            0 <= events <= total and total >= 1.
        control_clusters: the same of the control arm. An account in both arms counts as two.
        null_ratio: treatment rate / control rate under the null, above 0.
        alternative: `greater`: the null is ratio <= null_ratio; `less`: ratio >= null_ratio.
        confidence_level: two-sided confidence, in (0, 1).
        gamma: Berger-Boos error share of the exact test, in [0, (1 - confidence_level) / 2).

    Returns:
        Estimate, interval, p-values and design effects. Where the design effect cannot be
        measured (no events, or each arm one single account) it is used as 1 and `pooled` says
        why: the other numbers then say nothing about clustering.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against R aod 1.3.3 (design effects), R survey 4.1.1, R sandwich
        3.0.2 and statsmodels 0.15.0 (cluster-robust errors): tests/stats/oracles/clusters.json.
    """
    arms = (
        _Arm.of("treatment_clusters", treatment_clusters),
        _Arm.of("control_clusters", control_clusters),
    )
    theta = check_number("null_ratio", null_ratio, above=0.0)
    check_choice("alternative", alternative, ("greater", "less"))
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    tail = (1.0 - level) / 2.0
    share = check_number("gamma", gamma, at_least=0.0, below=tail)
    counts = Counts(
        treatment_events=arms[0].events,
        treatment_total=arms[0].total,
        control_events=arms[1].events,
        control_total=arms[1].total,
    )
    effect = _design_effect(arms)
    table = Table.of(counts, share)
    exact = judge(table, theta, alternative, share, None).p_value
    score = divided_p_value(counts, theta, alternative, effect.used)
    # As in score_interval: z has to stay above 0.
    z = max(NormalDist().inv_cdf(0.5 + level / 2.0), 1e-8)
    return ClusteredRatio(
        estimate=counts.estimate(),
        low=outer_matching_end(table, "greater", tail, share, effect.used),
        high=outer_matching_end(table, "less", tail, share, effect.used),
        p_value=max(exact, score),
        exact_p_value=exact,
        score_p_value=score,
        null_ratio=theta,
        alternative=alternative,
        confidence_level=level,
        design_effect=effect,
        robust=_robust(arms, counts, z),
    )


def design_effect(*, treatment_clusters: Clusters, control_clusters: Clusters) -> DesignEffect:
    """Measure what clusters cost, as `clustered_ratio` does.

    Args:
        treatment_clusters: as in `clustered_ratio`.
        control_clusters: as in `clustered_ratio`.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    return _design_effect(
        (
            _Arm.of("treatment_clusters", treatment_clusters),
            _Arm.of("control_clusters", control_clusters),
        )
    )


@dataclass(frozen=True, slots=True)
class _Arm:
    """One arm: its contacts, and how its clusters scatter around its rate."""

    events: int
    total: int
    clusters: int
    squares: float
    """Squared distances of the clusters' events from what the arm's rate expects of them."""

    @classmethod
    def of(cls, name: str, clusters: Clusters) -> _Arm:
        """Check the clusters of one arm and add them up."""
        pairs = []
        for place, pair in enumerate(clusters):
            if not isinstance(pair, tuple) or len(pair) != 2:  # noqa: PLR2004
                msg = f"{name}[{place}] == {pair!r}, must be a pair (events, total)."
                raise ValueError(msg)
            total = check_count(f"{name}[{place}][1]", pair[1], at_least=1)
            events = check_count(f"{name}[{place}][0]", pair[0])
            if events > total:
                msg = f"{name}[{place}] == {pair!r}, must have events <= total."
                raise ValueError(msg)
            pairs.append((events, total))
        if not pairs:
            msg = f"{name} == {clusters!r}, must have at least 1 cluster."
            raise ValueError(msg)
        events, total = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        # In integers up to the last division, so that the order of the clusters is all one.
        squares = sum((x * total - events * n) ** 2 for x, n in pairs) / total**2
        return cls(events, total, len(pairs), squares)

    def scatter(self) -> float:
        """Give the variance of the arm's events as its clusters show it."""
        return self.squares * self.clusters / (self.clusters - 1)

    def independent(self) -> float:
        """Give what the variance would be of independent contacts."""
        return self.events * (self.total - self.events) / self.total

    def design_effect(self) -> float | NotEstimable:
        """Give Rao and Scott's design effect of the arm, or why there is none."""
        if self.clusters == 1:
            return NotEstimable(reason="one-cluster")
        if self.events in {0, self.total}:
            return NotEstimable(reason="no-variation")
        return self.scatter() / self.independent()


def _design_effect(arms: tuple[_Arm, _Arm]) -> DesignEffect:
    """Pool the arms' design effects, each contact its own cluster being exactly 1."""
    scatter = independent = 0.0
    for arm in arms:
        if arm.clusters > 1:
            scatter += arm.scatter()
            independent += arm.independent() * arm.total / (arm.total - 1)
    pooled: float | NotEstimable
    if all(arm.clusters == arm.total for arm in arms):
        pooled = 1.0
    elif independent > 0.0:
        pooled = scatter / independent
    else:
        alone = all(arm.clusters == 1 for arm in arms)
        pooled = NotEstimable(reason="one-cluster" if alone else "no-variation")
    return DesignEffect(
        used=1.0 if isinstance(pooled, NotEstimable) else max(1.0, pooled),
        pooled=pooled,
        treatment=arms[0].design_effect(),
        control=arms[1].design_effect(),
    )


def _robust(arms: tuple[_Arm, _Arm], counts: Counts, z: float) -> RobustInterval | NotEstimable:
    """Give the cluster-robust interval of the log ratio, or why there is none."""
    ratio = counts.estimate()
    if isinstance(ratio, NotEstimable):
        return ratio
    if ratio == 0.0:
        return NotEstimable(reason="no-treatment-events")
    if min(arm.clusters for arm in arms) == 1:
        return NotEstimable(reason="one-cluster")
    if max(arm.squares for arm in arms) == 0.0:
        return NotEstimable(reason="no-variation")
    clusters = sum(arm.clusters for arm in arms)
    variance = sum(arm.squares / arm.events**2 for arm in arms) * clusters / (clusters - 1)
    error = math.sqrt(variance)
    return RobustInterval(
        low=ratio * math.exp(-z * error), high=ratio * math.exp(z * error), log_error=error
    )
