"""How many contacts a rule needs to say "scale" often enough: exact, before the test is run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from icptest.stats._counts import check_number
from icptest.stats._tables import Arms
from icptest.stats.binomial import likely_counts, pmf_rows, window
from icptest.stats.operating import IGNORED, at_least, check_ratio
from icptest.stats.rules import check_rule, scale_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from icptest.stats.results import Rule
    from icptest.stats.rules import Care

LIMIT = 20_000
"""The largest treatment arm that is looked at."""

# Expected control events of the sizes tried where no size is enough.
_TRIED = (3, 10, 50)
# Of a lift exactly at the threshold about half the outcomes are on either side.
_HALF = 0.5
# How many times the first guess is corrected before the sizes around it are gone through.
_CORRECTIONS = 6
# How far the smallest count of the exact test may be from that of the score test, with much to
# spare, and the probability of tables in between that no power shows.
_NEAR = 4
_NOTHING = 1e-15


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSize:
    """How many contacts are enough.

    Attributes:
        treatment_total: contacts in the treatment arm.
        control_total: contacts in the control arm.
        power: probability that the rule says scale with these, at least what was asked for.
    """

    treatment_total: int
    control_total: int
    power: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NotReachable:
    """No number of contacts is enough, or none that is looked at.

    Attributes:
        reason: a stable kebab word. `at-threshold`: the true ratio is the threshold, so the
            observed one is on either side of it about half the time; `below-threshold`: the true
            ratio is less than the threshold, so the more contacts, the rarer it is reached;
            `no-better-than-null`: the ratio that the rule's exact test has to exceed is not
            exceeded, so it passes at most alpha of the time; `too-many`: more than 20,000
            contacts in the treatment arm.
        best_power: largest power among the sizes tried. Those are the largest size looked at
            where the reason is `too-many`, else those with 3, 10 and 50 expected control events.
        treatment_total: size of the treatment arm at which it was found.
        control_total: size of the control arm at which it was found.
    """

    reason: Literal["at-threshold", "below-threshold", "no-better-than-null", "too-many"]
    best_power: float
    treatment_total: int
    control_total: int


def sample_size(
    *,
    control_rate: float,
    ratio: float,
    power: float,
    rule: Rule = "lift-and-evidence",
    alpha: float = 0.05,
    threshold: float = 2.0,
    allocation: float = 1.0,
) -> SampleSize | NotReachable:
    """Find how many contacts make a rule say scale often enough.

    The power of an exact rule is a saw-tooth: it can fall when a contact is added. So what is
    returned is not the first size that reaches the power, but the smallest from which on it stays
    reached: at every size up to a tenth more contacts, and at least 25 more. Larger sizes are not
    looked at. From which count on a test passes is found by `power` at the sizes where it
    matters; a count that is the same at two sizes is taken to be the same in between.

    Args:
        control_rate: true rate of the control arm, in (0, 1).
        ratio: true treatment rate / control rate, above 0, with ratio x control_rate <= 1.
        power: probability asked for, in (0, 1).
        rule: as in `power`.
        alpha: one-sided level of the exact test, in (0.000001, 0.5).
        threshold: the ratio that justifies scaling, above 0.
        allocation: treatment contacts per control contact, in [0.01, 100]; the control arm is
            rounded up.

    Returns:
        The size, or why there is none.

    Raises:
        ValueError: an argument is out of bounds; the message names it, its value and the bound.

    References:
        Suissa & Shuster 1985 JRSS A 148:317 (power by enumeration); Farrington & Manning 1990
        Statistics in Medicine 9:1447 (where the search starts). Checked against `power` at every
        size (tests/stats/test_sizing.py).
    """
    rate = check_number("control_rate", control_rate, above=0.0, below=1.0)
    true = check_ratio(ratio, rate)
    target = check_number("power", power, above=0.0, below=1.0)
    level, bar = check_rule(rule, alpha, threshold)
    share = check_number("allocation", allocation, at_least=0.01, at_most=100.0)
    search = _Search(
        rate=rate,
        treatment_rate=min(1.0, true * rate),
        rule=rule,
        alpha=level,
        threshold=bar,
        allocation=share,
        target=target,
    )
    null = {"lift": 0.0, "lift-and-evidence": 1.0, "proven": bar}[rule]
    if true <= null:
        return search.hopeless("no-better-than-null")
    if true < bar:
        return search.hopeless("below-threshold")
    if true == bar and target > _HALF:
        return search.hopeless("at-threshold")
    return search.run(_first_guess(search, true, null))


def _first_guess(search: _Search, ratio: float, null: float) -> float:
    """Give the size by a normal approximation: for the test, and for the lift to be seen."""
    bend = NormalDist()
    z_power = bend.inv_cdf(search.target)
    z_test = bend.inv_cdf(1.0 - search.alpha)
    found = 1.0
    for bar, z in ((null, z_test + z_power), (search.threshold, z_power)):
        if bar in {0.0, ratio} or z <= 0.0:
            continue
        variance = search.treatment_rate * (1.0 - search.treatment_rate)
        variance += bar * bar * search.rate * (1.0 - search.rate) * search.allocation
        found = max(found, variance * (z / ((ratio - bar) * search.rate)) ** 2)
    return found


@dataclass(kw_only=True, slots=True)
class _Search:
    """The sizes looked at, and from which counts on the rule says scale at each of them."""

    rate: float
    treatment_rate: float
    rule: Rule
    alpha: float
    threshold: float
    allocation: float
    target: float
    covered: tuple[int, int] = (1, 0)
    control: tuple[int, int] = (0, 0)
    top: int = 0
    edges: dict[Care, dict[int, NDArray[np.intp]]] = field(default_factory=dict)

    @property
    def even(self) -> bool:
        """Tell whether the control arm grows by the same with every treatment contact."""
        return (1.0 / self.allocation).is_integer()

    def arms(self, size: int) -> Arms:
        """Give both arms at a size of the treatment arm."""
        return Arms.of(size, math.ceil(size / self.allocation - 1e-9))

    def cover(self, low: int, high: int) -> None:
        """Forget all edges, and find from now on those for all counts that matter in a range."""
        first, _ = likely_counts(self.arms(low).control_choose, self.rate, IGNORED)
        start, chances = likely_counts(self.arms(high).control_choose, self.rate, IGNORED)
        self.covered = (low, high)
        self.control = (first, start + len(chances) - 1)
        self.top = window(high, 0.0, self.treatment_rate)[1]
        self.edges = {}

    def edge(self, size: int, care: Care = "confirmed") -> NDArray[np.intp]:
        """Give the smallest treatment counts at which the rule says scale, all covered counts.

        By the score test where so few tables turn on it that no power is another; and where it
        is the same at a smaller and a larger size, the same here.
        """
        known = self.edges.setdefault(care, {})
        if size not in known:
            arms = self.arms(size)
            first, last = self.control
            counts = np.arange(first, min(last, arms.control_total) + 1)
            top = min(size, self.top)
            steps = self._steps(arms, counts, top, "score")
            if care != "score":
                asked = self._matter(size, counts, steps)
                smaller = known.get(max((n for n in known if n < size), default=0))
                larger = known.get(min((n for n in known if n > size), default=0))
                if self.even and smaller is not None and larger is not None:
                    same = (smaller == larger)[: len(counts)]
                    steps = np.where(same, smaller[: len(counts)], steps)
                    asked &= ~same
                if asked.any():
                    steps[asked] = self._steps(arms, counts[asked], top, care)
            found = np.full(last - first + 1, self.top + 1, dtype=np.intp)
            found[: len(steps)] = np.where(steps > top, self.top + 1, steps)
            known[size] = found
        return known[size]

    def _steps(
        self, arms: Arms, counts: NDArray[np.intp], top: int, care: Care
    ) -> NDArray[np.intp]:
        return scale_from(arms, counts, top, self.rule, self.alpha, self.threshold, care=care)

    def _matter(
        self, size: int, counts: NDArray[np.intp], steps: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Tell where a smallest count a few larger or smaller moves the power of covered sizes."""
        out = np.zeros(len(counts), dtype=np.bool_)
        for total in {size, *self.covered}:
            arms = self.arms(total)
            some = counts[counts <= arms.control_total]
            ends = int(some[0]), int(some[-1])
            chances = pmf_rows(arms.control_choose, *ends, np.array([self.rate]))[0]
            below, above = (
                at_least(arms, steps[: len(some)] + by, self.treatment_rate)
                for by in (-_NEAR, _NEAR)
            )
            out[: len(some)] |= chances * (below - above) > _NOTHING
        return out

    def power(self, size: int, edge: NDArray[np.intp] | None = None) -> float:
        """Give the power at a size, by its own smallest counts or by given ones."""
        steps = self.edge(size) if edge is None else edge
        arms = self.arms(size)
        first, chances = likely_counts(arms.control_choose, self.rate, IGNORED)
        steps = steps[first - self.control[0] :][: len(chances)]
        return min(1.0, float(chances @ at_least(arms, steps, self.treatment_rate)))

    def hopeless(
        self, reason: Literal["at-threshold", "below-threshold", "no-better-than-null"]
    ) -> NotReachable:
        """Say that no size is enough, with the best of a few."""
        sizes = {
            min(LIMIT, max(1, round(events * self.allocation / self.rate))) for events in _TRIED
        }
        return self._refused(reason, sorted(sizes))

    def run(self, guess: float) -> SampleSize | NotReachable:
        """Find the size, from a guess on."""
        if guess > 2 * LIMIT:
            return self._refused("too-many", [LIMIT])
        size = min(LIMIT, max(1, int(guess)))
        # Where it is about, by the score test; then nearly, by one size's p-values.
        for care in ("score", "p-value"):
            size = self._corrected(size, care)
        below = self._too_small(size)
        while below < LIMIT:
            size, end = below + 1, _reach(below + 1)
            if not self.covered[0] <= size <= end <= self.covered[1]:
                self.cover(max(1, size - size // 50), end + size // 50)
            last = self._last_below(size, end)
            if last is None:
                return self._result(size)
            below = last
        return self._refused("too-many", [LIMIT])

    def _corrected(self, size: int, care: Care) -> int:
        """Move a size to where the target is reached, by smallest counts of so much care."""
        spread = 0.5 if care == "score" else 0.05
        for _ in range(_CORRECTIONS):
            low = max(1, math.floor(size / (1.0 + spread)))
            high = min(math.ceil(size * (1.0 + spread)) + 30, 2 * LIMIT)
            self.cover(low, high)
            better = self._first_enough(low, high, self.edge(size, care))
            if low < better < high or better in {1, 2 * LIMIT}:
                return min(better, LIMIT)
            size, spread = min(better, LIMIT), 0.5
        return size

    def _too_small(self, size: int) -> int:
        """Give a size below this one at which the power is too small, 0 if there is none."""
        step = 1
        while (size := size - step) > 0:
            self.cover(size, size)
            if self.power(size, self.edge(size, "p-value")) < self.target:
                return size
            step *= 2
        return 0

    def _first_enough(self, low: int, high: int, edge: NDArray[np.intp]) -> int:
        """Bisect for the smallest size whose power by given counts is enough, or `high`."""
        while low < high:
            middle = (low + high) // 2
            if self.power(middle, edge) >= self.target:
                high = middle
            else:
                low = middle + 1
        return low

    def _last_below(self, low: int, high: int) -> int | None:
        """Give the largest size in a range at which the power is less than the target."""
        at_low, at_high = self.edge(low), self.edge(high)
        worst = np.maximum(at_low, at_high)
        if not self.even and low < high:
            # Where arms are rounded, neighbours differ more than sizes far apart.
            for near in (low + 1, high - 1):
                worst = np.maximum(worst, self.edge(near, "p-value"))
        last = self._last_suspect(low, high, worst)
        if last is None:
            return None
        if self.even and self.power(last, np.minimum(at_low, at_high)) < self.target:
            return last
        if self.power(last) < self.target:
            return last
        if last - low <= 1:
            return low if last > low and self.power(low) < self.target else None
        middle = (low + last) // 2
        later = self._last_below(middle, last)
        return self._last_below(low, middle) if later is None else later

    def _last_suspect(self, low: int, high: int, edge: NDArray[np.intp]) -> int | None:
        """Give the largest size at which the power by given counts is less than the target.

        A contact more in each arm moves the power by no more than the probability that it has
        the event and stands where one event decides. So sizes are skipped that cannot be it.
        """
        steepest = 1.2 * sum(
            rate * per * self._likeliest(total, rate)
            for rate, per, total in (
                (self.treatment_rate, 1, low),
                (self.rate, math.ceil(1.0 / self.allocation), self.arms(low).control_total),
            )
        )
        size = high
        while size >= low:
            margin = self.power(size, edge) - self.target
            if margin < 0.0:
                return size
            size -= max(1, math.floor(margin / steepest))
        return None

    @staticmethod
    def _likeliest(total: int, rate: float) -> float:
        """Bound the probability of the likeliest count of an arm."""
        return min(1.0, 1.0 / math.sqrt(2.0 * total * rate * (1.0 - rate) + 1e-9))

    def _result(self, size: int) -> SampleSize:
        return SampleSize(
            treatment_total=size,
            control_total=self.arms(size).control_total,
            power=self.power(size),
        )

    def _refused(
        self,
        reason: Literal["at-threshold", "below-threshold", "no-better-than-null", "too-many"],
        sizes: list[int],
    ) -> NotReachable:
        tried = []
        for size in sizes:
            self.cover(size, size)
            tried.append(self._result(size))
        best = max(tried, key=lambda found: found.power)
        return NotReachable(
            reason=reason,
            best_power=best.power,
            treatment_total=best.treatment_total,
            control_total=best.control_total,
        )


def _reach(size: int) -> int:
    """Give the last size at which the power has to hold for a size to be returned."""
    return size + max(25, math.ceil(size / 10))
