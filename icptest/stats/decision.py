"""Whether a test passes: p-value and interval have to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.stats._counts import check_choice, check_counts, check_number
from icptest.stats._tables import Table
from icptest.stats.divided import divided_p_value
from icptest.stats.exact import METHOD, judge
from icptest.stats.inversion import none_passes, outer_matching_end
from icptest.stats.results import NotEstimable, RatioDecision

if TYPE_CHECKING:
    from icptest.stats.results import Alternative, ExactTest

# A p-value this close to the level it is compared with is decided on its proved upper value.
CLOSE = 1e-3
# How close the proved value then is.
CERTIFY = 1e-6


def ratio_exceeds(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    null_ratio: float,
    alternative: Alternative,
    level: float,
    gamma: float = 1e-6,
    design_effect: float = 1.0,
    need_end: bool = True,
) -> RatioDecision:
    """Decide whether the exact test of a ratio passes.

    It passes when its p-value is at most the level and the matching end of the exact interval at
    confidence 1 - 2 x level is on the right side of `null_ratio`: the low end above it for
    `greater`, the high end below it for `less`. The p-value of such a test can dip as the ratio
    grows; asking for both keeps test and interval from ever disagreeing. A p-value within 0.001
    of the level is decided on its proved upper value.

    With a design effect above 1 the p-value is the larger of that and the score test's of the
    divided counts, and the end the outer one of both: clustering may weaken the evidence, never
    strengthen it.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        null_ratio: treatment rate / control rate under the null, above 0.
        alternative: `greater`: the null is ratio <= null_ratio; `less`: ratio >= null_ratio.
        level: one-sided level, in (0, 0.5).
        gamma: Berger-Boos error share, in [0, level).
        design_effect: how much more the arms' rates vary than those of independent contacts, at
            least 1 (`clustered_ratio` measures it).
        need_end: whether the interval end is wanted even when the p-value alone already says
            that the test does not pass.

    Returns:
        The decision with its p-value and, unless skipped, the interval end.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        As `exact_test` and `exact_interval`. 6/1000 against 11/400, null 2: p = 0.0499 but the
        interval starts at 1.975, so it does not pass.
    """
    asked = _asked(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
        null_ratio=null_ratio,
        alternative=alternative,
        level=level,
        gamma=gamma,
        design_effect=design_effect,
    )
    test, p_value, decides = asked.judged()
    passes = decides <= asked.level
    end = None
    if passes or need_end:
        end = outer_matching_end(
            asked.table, alternative, asked.level, asked.gamma, asked.design_effect
        )
    return RatioDecision(
        p_value=p_value,
        proved_upper=test.proved_upper,
        passes=passes and _on_right_side(end, asked.null_ratio, alternative),
        end=end,
        level=asked.level,
        null_ratio=asked.null_ratio,
        alternative=alternative,
        method=METHOD,
    )


def ratio_passes(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    null_ratio: float,
    alternative: Alternative,
    level: float,
    gamma: float = 1e-6,
    design_effect: float = 1.0,
) -> bool:
    """Tell whether `ratio_exceeds` passes, in a tenth of the time: for counts that might have been.

    The end of the interval is not searched; it is asked only on which side of `null_ratio` it
    is. Where it is within a millionth of `null_ratio`, to which it is rounded outwards, the two
    may differ.

    Args:
        treatment_events: contacts with the event in the treatment arm.
        treatment_total: contacts in the treatment arm, at least 1.
        control_events: contacts with the event in the control arm.
        control_total: contacts in the control arm, at least 1.
        null_ratio: as in `ratio_exceeds`, as are the others.
        alternative: `greater` or `less`.
        level: one-sided level, in (0, 0.5).
        gamma: Berger-Boos error share, in [0, level).
        design_effect: how much more the arms' rates vary than those of independent contacts, at
            least 1 (`clustered_ratio` measures it).

    Returns:
        Whether the test passes.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.
    """
    asked = _asked(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
        null_ratio=null_ratio,
        alternative=alternative,
        level=level,
        gamma=gamma,
        design_effect=design_effect,
    )
    test, _, decides = asked.judged()
    if decides > asked.level:
        return False
    table, ratio = asked.table, asked.null_ratio
    if alternative == "less":
        table, ratio = table.swapped(), 1.0 / ratio
    return none_passes(table, ratio, asked.level - asked.gamma, test.p_value - asked.gamma)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """What is asked of the counts, checked."""

    table: Table
    null_ratio: float
    alternative: Alternative
    level: float
    gamma: float
    design_effect: float

    def judged(self) -> tuple[ExactTest, float, float]:
        """Give the exact test, the p-value, and the one that decides.

        The p-value is the larger of the exact test's and that of the divided counts. Where the
        exact one is close to the level, its proved value decides.
        """
        test = judge(self.table, self.null_ratio, self.alternative, self.gamma, None)
        if abs(test.p_value - self.level) <= CLOSE:
            test = judge(self.table, self.null_ratio, self.alternative, self.gamma, CERTIFY)
        sure = test.p_value if test.proved_upper is None else test.proved_upper
        divided = 0.0
        if self.design_effect > 1.0:
            divided = divided_p_value(
                self.table.counts, self.null_ratio, self.alternative, self.design_effect
            )
        return test, max(test.p_value, divided), max(sure, divided)


def _asked(
    *,
    treatment_events: int,
    treatment_total: int,
    control_events: int,
    control_total: int,
    null_ratio: float,
    alternative: Alternative,
    level: float,
    gamma: float,
    design_effect: float,
) -> _Question:
    """Check the arguments of `ratio_exceeds` and `ratio_passes`."""
    counts = check_counts(
        treatment_events=treatment_events,
        treatment_total=treatment_total,
        control_events=control_events,
        control_total=control_total,
    )
    ratio = check_number("null_ratio", null_ratio, above=0.0)
    check_choice("alternative", alternative, ("greater", "less"))
    tail = check_number("level", level, above=0.0, below=0.5)
    share = check_number("gamma", gamma, at_least=0.0, below=tail)
    effect = check_number("design_effect", design_effect, at_least=1.0)
    return _Question(
        table=Table.of(counts, share),
        null_ratio=ratio,
        alternative=alternative,
        level=tail,
        gamma=share,
        design_effect=effect,
    )


def _on_right_side(end: float | NotEstimable | None, ratio: float, alternative: str) -> bool:
    """Tell whether an interval end excludes the null ratio."""
    if end is None or isinstance(end, NotEstimable):
        return False
    return end > ratio if alternative == "greater" else end < ratio
