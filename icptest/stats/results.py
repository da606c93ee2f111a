"""What the functions of `icptest.stats` return: frozen, keyword-only values.

A number that the data cannot give is a `NotEstimable` with its reason, never a NaN or an infinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alternative = Literal["greater", "less"]
ScoreAlternative = Literal["greater", "less", "two-sided"]
ScoreMethod = Literal["miettinen-nurminen", "koopman"]
IntervalMethod = Literal["miettinen-nurminen", "koopman", "skewness-corrected"]
Rule = Literal["lift", "lift-and-evidence", "proven"]
Reason = Literal[
    "never-scaled",
    "no-common-stratum",
    "no-control-events",
    "no-events",
    "no-treatment-events",
    "no-upper-bound",
    "no-variation",
    "one-cluster",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEstimable:
    """A number that these counts cannot give.

    Attributes:
        reason: a stable kebab word. `no-control-events`: the ratio would divide by zero;
            `no-events`: neither arm has an event; `no-upper-bound`: no ratio is too large for
            these counts; `never-scaled`: no outcome makes the rule say scale;
            `no-treatment-events`: there is no logarithm of a ratio of 0; `no-common-stratum`: no
            stratum has contacts of both arms; `no-variation`: nothing differs
            that could be measured, as where every contact or none has the event; `one-cluster`:
            with a single cluster nobody knows how clusters differ.
    """

    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class RatioInterval:
    """A confidence interval of the ratio treatment rate / control rate.

    Attributes:
        low: lower end, a ratio.
        high: upper end, a ratio.
        estimate: observed ratio.
        confidence_level: two-sided confidence, in (0, 1); each end alone is one-sided at half of
            what is left.
        method: which interval it is.
    """

    low: float | NotEstimable
    high: float | NotEstimable
    estimate: float | NotEstimable
    confidence_level: float
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RateInterval:
    """A confidence interval of one rate.

    Attributes:
        low: lower end, in [0, 1].
        high: upper end, in [0, 1].
        estimate: observed rate, in [0, 1].
        confidence_level: two-sided confidence, in (0, 1).
        method: which interval it is.
    """

    low: float
    high: float
    estimate: float
    confidence_level: float
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreTest:
    """An asymptotic score test of a ratio.

    Attributes:
        statistic: standard normal under the null; positive when the treatment looks better.
        p_value: in [0, 1].
        null_ratio: the ratio tested.
        alternative: the side tested.
        method: which variance was used.
    """

    statistic: float
    p_value: float
    null_ratio: float
    alternative: ScoreAlternative
    method: ScoreMethod


@dataclass(frozen=True, kw_only=True, slots=True)
class ExactTest:
    """An exact unconditional test of a ratio.

    Attributes:
        p_value: in [gamma, 1]; supremum found, plus gamma.
        nuisance: control rate at which the supremum was found; None when the whole Berger-Boos
            set lies in the alternative, where there is nothing to search.
        null_ratio: the ratio tested.
        proved_upper: a value the p-value provably does not exceed (up to rounding near 1e-12);
            None unless the test was called with `certify`.
        alternative: the side tested.
        gamma: Berger-Boos error share, included in both values.
        method: which test it is.
    """

    p_value: float
    nuisance: float | None
    null_ratio: float
    proved_upper: float | None
    alternative: Alternative
    gamma: float
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RatioDecision:
    """Whether an exact test passes, test and interval agreeing.

    Attributes:
        p_value: p-value of the exact test.
        proved_upper: proved upper value of the p-value, used for the decision when the p-value
            is within 0.001 of the level; otherwise None.
        passes: p at most the level, and the interval end on the right side of `null_ratio`.
        end: the end that matters (`greater`: low; `less`: high) of the exact interval at
            confidence 1 - 2 x level; None when it was neither needed nor asked for.
        level: one-sided level.
        null_ratio: the ratio tested.
        alternative: the side tested.
        method: which test it is.
    """

    p_value: float
    proved_upper: float | None
    passes: bool
    end: float | NotEstimable | None
    level: float
    null_ratio: float
    alternative: Alternative
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FisherTest:
    """Fisher's exact test of two arms.

    Attributes:
        p_value: two-sided p-value, in (0, 1].
    """

    p_value: float
