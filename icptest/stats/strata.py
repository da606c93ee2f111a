"""A ratio of two rates within strata: the lift at equal mix.

When one arm has more of the contacts that reply anyway (of a title, a mail provider), the plain
ratio mixes that into the lift. Here the arms are compared inside each stratum only, and what is
compared is put together with Mantel and Haenszel's weights n_t n_c / (n_t + n_c).

References:
    Mantel & Haenszel 1959 JNCI 22:719; Greenland & Robins 1985 Biometrics 41:55 (variance);
    Miettinen & Nurminen 1985 Statistics in Medicine 4:213 (stratified score); Laud 2017
    Pharmaceutical Statistics 16:334 (with these weights).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from icptest.stats._counts import Counts, check_choice, check_count, check_number
from icptest.stats.results import NotEstimable
from icptest.stats.score import constrained_rate, normal_p_value
from icptest.stats.score_inversion import falls_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.stats.results import ScoreAlternative

StratifiedMethod = Literal["score", "mantel-haenszel"]
_METHODS = ("score", "mantel-haenszel")
# As in score.py: where the variance is 0, so is the difference.
_VARIANCE_FLOOR = 1e-30


@dataclass(frozen=True, kw_only=True, slots=True)
class Stratum:
    """Counts of both arms in one stratum; an arm may have no contacts there.

    Attributes:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm.

    Raises:
        ValueError: a count is out of bounds; the message names it, its value and the bound.
    """

    treatment_events: int
    treatment_total: int
    control_events: int
    control_total: int

    def __post_init__(self) -> None:
        """Check the counts, and keep them as Python integers."""
        for arm in ("treatment", "control"):
            total = check_count(f"{arm}_total", getattr(self, f"{arm}_total"))
            events = check_count(f"{arm}_events", getattr(self, f"{arm}_events"))
            if events > total:
                msg = f"{arm}_events == {events}, must be <= {arm}_total == {total}."
                raise ValueError(msg)
            object.__setattr__(self, f"{arm}_total", total)
            object.__setattr__(self, f"{arm}_events", events)


@dataclass(frozen=True, kw_only=True, slots=True)
class StratifiedRatio:
    """A ratio of two rates within strata.

    Attributes:
        estimate: Mantel and Haenszel's ratio, common to the strata.
        low: lower end of its confidence interval.
        high: upper end.
        statistic: standard normal under the null; positive when the treatment looks better.
        p_value: in [0, 1].
        null_ratio: the ratio tested.
        alternative: the side tested.
        confidence_level: two-sided confidence, in (0, 1).
        method: which test and interval.
        used: strata with contacts of both arms; the others tell nothing and are left out.
        contacts_left_out: contacts of both arms in the strata left out.
    """

    estimate: float | NotEstimable
    low: float | NotEstimable
    high: float | NotEstimable
    statistic: float | NotEstimable
    p_value: float | NotEstimable
    null_ratio: float
    alternative: ScoreAlternative
    confidence_level: float
    method: StratifiedMethod
    used: int
    contacts_left_out: int


def stratified_ratio(
    *,
    strata: Sequence[Stratum],
    null_ratio: float = 1.0,
    alternative: ScoreAlternative = "greater",
    confidence_level: float = 0.9,
    method: StratifiedMethod = "score",
) -> StratifiedRatio:
    """Estimate and test a ratio of two rates that is common to strata.

    Args:
        strata: counts of both arms in each stratum, in any order; there may be none.
        null_ratio: treatment rate / control rate under the null, above 0.
        alternative: `greater`: the null is ratio <= null_ratio; `less`: ratio >= null_ratio;
            `two-sided`: ratio == null_ratio.
        confidence_level: two-sided confidence, in (0, 1).
        method: `score`: Miettinen and Nurminen's stratified score, which holds for rare events
            and zero cells and is at null_ratio 1 the Cochran-Mantel-Haenszel test;
            `mantel-haenszel`: the normal distribution of the log ratio with Greenland and
            Robins' variance, for events in both arms only.

    Returns:
        Estimate, interval and test, those of `method`. The score interval without treatment
        events starts at 0.0, and without control events has no high end.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        See the module. Checked against R metafor 3.8.1, R ratesci 1.0.0 and statsmodels 0.15.0
        StratifiedTable (tests/stats/oracles/strata.json).
    """
    for place, stratum in enumerate(strata):
        if not isinstance(stratum, Stratum):
            msg = f"strata[{place}] == {stratum!r}, must be a Stratum."
            raise ValueError(msg)  # noqa: TRY004 - one error type for all bad input
    theta = check_number("null_ratio", null_ratio, above=0.0)
    check_choice("alternative", alternative, ("greater", "less", "two-sided"))
    level = check_number("confidence_level", confidence_level, above=0.0, below=1.0)
    check_choice("method", method, _METHODS)
    tables = _Strata(
        tuple(
            Counts(
                treatment_events=each.treatment_events,
                treatment_total=each.treatment_total,
                control_events=each.control_events,
                control_total=each.control_total,
            )
            for each in strata
            if each.treatment_total and each.control_total
        )
    )
    # Without control events the statistic falls to 0 only at infinity: z has to stay above it.
    z = max(NormalDist().inv_cdf(0.5 + level / 2.0), 1e-8)
    if method == "score":
        low, high, statistic = tables.by_score(theta, z)
    else:
        low, high, statistic = tables.by_logarithm(theta, z)
    contacts = sum(each.treatment_total + each.control_total for each in strata)
    return StratifiedRatio(
        estimate=tables.estimate(),
        low=low,
        high=high,
        statistic=statistic,
        p_value=(
            statistic
            if isinstance(statistic, NotEstimable)
            else normal_p_value(statistic, alternative)
        ),
        null_ratio=theta,
        alternative=alternative,
        confidence_level=level,
        method=method,
        used=len(tables.tables),
        contacts_left_out=contacts - tables.contacts(),
    )


_Found = tuple[float | NotEstimable, float | NotEstimable, float | NotEstimable]


@dataclass(frozen=True, slots=True)
class _Strata:
    """The strata with contacts of both arms."""

    tables: tuple[Counts, ...]

    def contacts(self) -> int:
        """Count the contacts of both arms."""
        return sum(table.treatment_total + table.control_total for table in self.tables)

    def weighed(self) -> tuple[float, float]:
        """Give both arms' rates, weighed by Mantel and Haenszel's weights and added."""
        treatment = control = 0.0
        for table in self.tables:
            both = table.treatment_total + table.control_total
            treatment += table.treatment_events * table.control_total / both
            control += table.control_events * table.treatment_total / both
        return treatment, control

    def missing(self) -> NotEstimable | None:
        """Tell why there is no logarithm of the ratio, or None."""
        treatment, control = self.weighed()
        if not self.tables:
            return NotEstimable(reason="no-common-stratum")
        if control == 0.0:
            return NotEstimable(reason="no-control-events" if treatment else "no-events")
        return None if treatment else NotEstimable(reason="no-treatment-events")

    def estimate(self) -> float | NotEstimable:
        """Give Mantel and Haenszel's ratio, or why there is none."""
        missing = self.missing()
        if missing is None:
            treatment, control = self.weighed()
            return treatment / control
        return 0.0 if missing.reason == "no-treatment-events" else missing

    def statistic(self, theta: float) -> float:
        """Give the stratified score statistic: positive where the ratio looks larger."""
        difference = variance = 0.0
        for table in self.tables:
            n_t, n_c = table.treatment_total, table.control_total
            weight = n_t * n_c / (n_t + n_c)
            rate = constrained_rate(table, theta)
            spread = rate * ((1.0 / n_t + theta / n_c) - rate * (1.0 / n_t + 1.0 / n_c))
            difference += weight * (
                table.treatment_events / n_t - theta * table.control_events / n_c
            )
            variance += weight * weight * spread * (n_t + n_c) / (n_t + n_c - 1)
        return difference / math.sqrt(max(variance, _VARIANCE_FLOOR))

    def low_end(self, z: float) -> float:
        """Find the ratio at which the statistic falls to z; 0.0 where none is too small."""
        treatment, control = self.weighed()
        if treatment == 0.0:
            return 0.0
        least = 0.25 / self.contacts()
        start = treatment / max(control, least)
        return falls_to(lambda log: self.statistic(math.exp(log)), z, start)

    def by_score(self, theta: float, z: float) -> _Found:
        """Give both ends and the statistic of the stratified score."""
        if not self.tables:
            nothing = NotEstimable(reason="no-common-stratum")
            return nothing, nothing, nothing
        swapped = _Strata(tuple(table.swapped() for table in self.tables))
        reverse = swapped.low_end(z)
        high = NotEstimable(reason="no-upper-bound") if reverse == 0.0 else 1.0 / reverse
        return self.low_end(z), high, self.statistic(theta)

    def by_logarithm(self, theta: float, z: float) -> _Found:
        """Give both ends and the statistic of the normal log ratio."""
        missing = self.missing()
        if missing is not None:
            return missing, missing, missing
        treatment, control = self.weighed()
        spread = 0.0
        for table in self.tables:
            n_t, n_c = table.treatment_total, table.control_total
            events = table.treatment_events + table.control_events
            product = table.treatment_events * table.control_events
            spread += (n_t * n_c * events - product * (n_t + n_c)) / (n_t + n_c) ** 2
        deviation = math.sqrt(spread / (treatment * control))
        middle = math.log(treatment / control)
        if deviation == 0.0:
            nothing = NotEstimable(reason="no-variation")
            return nothing, nothing, nothing
        return (
            math.exp(middle - z * deviation),
            math.exp(middle + z * deviation),
            (middle - math.log(theta)) / deviation,
        )
