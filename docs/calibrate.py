"""Write the page of how often the tests and intervals are wrong: counted out, not simulated.

python docs/calibrate.py           writes docs/explanation/calibration.md
python docs/calibrate.py --check   writes nothing; exits 1 when it is out of date

It takes a minute or two, so tests/test_calibration.py recomputes a few cells of the page, in
another way, instead of the page.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from icptest.stats import power_many, wilson_interval
from icptest.stats._counts import Counts
from icptest.stats._edges import smallest_passing
from icptest.stats._staircase import reaching
from icptest.stats._tables import Arms
from icptest.stats.binomial import likely_counts, window
from icptest.stats.operating import IGNORED, at_least
from icptest.stats.score import scale
from icptest.stats.sequential import SequentialDesign
from icptest.stats.skewness import corrected, corrected_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    # Treatment and control total, the ratio, the highest control rate to be asked for.
    Region = Callable[[int, int, float, float], "Passing"]

PAGE = Path(__file__).parent / "explanation" / "calibration.md"
BASELINES = (0.003, 0.005, 0.01, 0.02, 0.03, 0.05)
LIFTS = (1.5, 2.0, 3.0, 4.0)
RATIOS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
# Segment and control.
SIZES = ((500, 500), (500, 1000))
COVERED = ((200, 200), (500, 500), (500, 1000))
LEVEL = 0.05
# Baselines between the first and the last of the tables, for their worst.
_BETWEEN = 400
_HEADER = "<!-- Written by `python docs/calibrate.py`. Change the code, not this page. -->\n\n"
_INTRODUCTION = """\
# Calibration

A test at 5 % promises to be wrong at most 5 % of the time; a 90 % interval promises to miss the
true lift on either side at most 5 % of the time. This page says how often they are wrong at the
sizes and rates of cold mail. No number is simulated: every outcome that matters (at most a
billionth of the probability is left out) is decided by the code that decides real tests, and the
probabilities of the wrong ones are added up. [Statistics](statistics.md) explains the methods.

Sizes are people of the new list against people of today's list. The baseline is the true rate of
positive replies on today's list. "Worst" is the largest of 400 baselines from 0.3 % to 5 %.

For each number of positives on today's list the smallest number on the new list that passes is
searched, and all larger ones are counted as passing. If one of them failed, the true error would be
smaller than printed. The tests of icptest look for one and find none.
"""
_SIZE = """\
## The tests

How often each test is wrong when the truth is on the border of what it doubts, where it is wrong
most often. Its level is 5 %. An exact test stays below; how far depends on how many positives there
are to count, because whole numbers come in steps. The score test is no exact test; it stands here
for comparison.
"""
_RULE = """\
## The default rule

How often `lift-and-evidence` says scale, by the true lift. The column "1x" is how often it scales
an identical list. At high rates that is far below 5 %, because 2x is then rarely seen by luck.
"""
_LOOKS = """\
## Several looks

How often the default rule scales an identical list at some look, when a test is registered for
several batches of 500 against 500. The levels of the looks come from the normal distribution (see
[looks](statistics.md#looking-more-than-once)); the tests at each look are exact, and so is this
count, which follows every pair of numbers from batch to batch.
"""
_COVERAGE = """\
## The intervals

How often an end of the 90 % interval is on the wrong side of the true lift: "above", the low end is
above the truth (the list is overrated), and "below", the high end is below it. Each should be 5 %
or less. Printed is the worst over the baselines of the first table, and the baseline where that is.

- **exact**: the interval of positive replies, on which the verdict rests.
- **score**: Miettinen and Nurminen's.
- **corrected**: the same with Laud's correction for skewness.

Read the last two as what an approximation costs. Neither keeps to 5 % everywhere.
"""
_BY_BASELINE = """\
The same by baseline, for 500 against 500 and a true lift of 2x:
"""
_WILSON = """\
## The rate of one list

How often Wilson's 90 % interval of a single rate misses it, at 500 people: "above", the low end is
above the true rate, and "below", the high end is below it. It decides nothing; it is printed beside
each list.
"""


@dataclass(frozen=True, slots=True)
class Passing:
    """The outcomes at which "ratio <= null" is rejected.

    Attributes:
        arms: the totals.
        edge: smallest treatment count that passes, for control counts from 0 on.
    """

    arms: Arms
    edge: NDArray[np.intp]

    def chance(self, control_rate: float, treatment_rate: float) -> float:
        """Add up their probabilities."""
        first, chances = likely_counts(self.arms.control_choose, control_rate, IGNORED)
        edge = self.edge[first : first + len(chances)]
        return float(chances @ at_least(self.arms, edge, treatment_rate))


def _room(arms: Arms, ratio: float, highest: float) -> tuple[NDArray[np.intp], int]:
    """Give the control counts, and the largest treatment count, that matter up to a baseline."""
    first, chances = likely_counts(arms.control_choose, highest, IGNORED)
    _, top = window(arms.treatment_total, 0.0, min(1.0, ratio * highest))
    return np.arange(first + len(chances)), top


def exact(n_t: int, n_c: int, ratio: float, highest: float) -> Passing:
    """Give where the exact test of "ratio <= null" passes: where the low end is above it."""
    arms = Arms.of(n_t, n_c)
    control, top = _room(arms, ratio, highest)
    return Passing(
        arms, smallest_passing(arms, control, np.zeros(len(control), int), top, ratio, LEVEL)
    )


def score(n_t: int, n_c: int, ratio: float, highest: float) -> Passing:
    """Give the same of Miettinen and Nurminen's score test and interval."""
    arms = Arms.of(n_t, n_c)
    control, top = _room(arms, ratio, highest)
    bar = NormalDist().inv_cdf(1.0 - LEVEL) / scale(_counts(arms, 0, 0), "miettinen-nurminen")
    edge = reaching(arms.totals, control.astype(float), (0, top), np.array(ratio), np.array(bar))
    return Passing(arms, edge)


def skewed(n_t: int, n_c: int, ratio: float, highest: float) -> Passing:
    """Give the same of the skewness-corrected interval."""
    arms = Arms.of(n_t, n_c)
    control, top = _room(arms, ratio, highest)
    bar = NormalDist().inv_cdf(1.0 - LEVEL)
    edge = np.full(len(control), top + 1)
    for x_c in control.tolist():
        for x_t in range(top, -1, -1):
            counts = _counts(arms, x_t, x_c)
            if bar >= corrected_limit(counts) or corrected(counts, ratio) <= bar:
                break
            edge[x_c] = x_t
    return Passing(arms, edge)


def _counts(arms: Arms, x_t: int, x_c: int) -> Counts:
    return Counts(
        treatment_events=x_t,
        treatment_total=arms.treatment_total,
        control_events=x_c,
        control_total=arms.control_total,
    )


def overrated(region: Region, sizes: tuple[int, int], ratio: float) -> Callable[[float], float]:
    """Give the chance, by baseline, that a low end is above the true ratio."""
    passing = region(*sizes, ratio, max(BASELINES))
    return lambda rate: passing.chance(rate, ratio * rate)


def underrated(region: Region, sizes: tuple[int, int], ratio: float) -> Callable[[float], float]:
    """Give the chance, by baseline, that a high end is below the true ratio: the arms exchanged."""
    passing = region(*sizes[::-1], 1.0 / ratio, ratio * max(BASELINES))
    return lambda rate: passing.chance(ratio * rate, rate)


def percent(share: float) -> str:
    """Write a share as percent with two digits."""
    return f"{100.0 * share:.2f} %"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---" for _ in heads], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _baselines() -> list[str]:
    return [f"{100.0 * rate:g} %" for rate in BASELINES]


def _named(sizes: tuple[int, int]) -> str:
    return "{:,} v {:,}".format(*sizes)


def sizes_of_tests() -> str:
    """Return the table of how often the tests are wrong on the border of their null."""
    spread = np.linspace(math.sqrt(BASELINES[0]), math.sqrt(BASELINES[-1]), _BETWEEN) ** 2
    rows = []
    for sizes in SIZES:
        for name, side, region, ratio in (
            ("exact, lift <= 1", overrated, exact, 1.0),
            ("exact, lift <= 2", overrated, exact, 2.0),
            ("exact, lift >= 2", underrated, exact, 2.0),
            ("score, lift <= 1", overrated, score, 1.0),
            ("score, lift <= 2", overrated, score, 2.0),
            ("score, lift >= 2", underrated, score, 2.0),
        ):
            chance = side(region, sizes, ratio)
            worst = max(map(chance, spread.tolist()))
            rows.append([_named(sizes), name, *map(percent, map(chance, BASELINES))])
            rows[-1].append(percent(worst))
    return _table(["sizes", "test", *_baselines(), "worst"], rows)


def powers_of_rule() -> str:
    """Return the table of what the default rule scales."""
    rows = []
    for n_t, n_c in SIZES:
        for rate, name in zip(BASELINES, _baselines(), strict=True):
            found = power_many(
                control_rate=rate, ratios=(1.0, *LIFTS), treatment_total=n_t, control_total=n_c
            )
            rows.append([_named((n_t, n_c)), name, *map(percent, found)])
    return _table(["sizes", "baseline", "1x", *(f"{lift:g}x" for lift in LIFTS)], rows)


def sizes_of_looks() -> str:
    """Return the table of how often several looks scale an identical list."""
    rows = []
    for looks in (1, 2, 3, 4, 5):
        design = SequentialDesign.of(
            treatment_per_look=500,
            control_per_look=500,
            looks=looks,
            rule="lift-and-evidence",
            alpha=LEVEL,
            threshold=2.0,
            spending="obrien-fleming",
            control_rates=(BASELINES[0], BASELINES[-1]),
            highest_treatment_rate=BASELINES[-1],
        )
        sizes = [sum(design.first_scaled(rate, rate)) for rate in BASELINES]
        levels = ", ".join(f"{100.0 * level:.3g} %" for level in design.levels)
        rows.append([str(looks), levels, *map(percent, sizes)])
    return _table(["looks", "their levels", *_baselines()], rows)


def ends_of_intervals() -> str:
    """Return the table of how often ends of intervals are on the wrong side."""
    rows = []
    for sizes in COVERED:
        for ratio in RATIOS:
            cells = []
            for region in (exact, score, skewed):
                for side in (overrated, underrated):
                    errors = list(map(side(region, sizes, ratio), BASELINES))
                    worst = int(np.argmax(errors))
                    cells.append(f"{percent(errors[worst])} at {_baselines()[worst]}")
            rows.append([_named(sizes), f"{ratio:g}x", *cells])
    return _table(["sizes", "true lift", *_sides()], rows)


def ends_by_baseline() -> str:
    """Return the table of the same for one size and ratio, baseline by baseline."""
    columns = [
        list(map(side(region, (500, 500), 2.0), BASELINES))
        for region in (exact, score, skewed)
        for side in (overrated, underrated)
    ]
    rows = [
        [name, *map(percent, errors)]
        for name, errors in zip(_baselines(), zip(*columns, strict=True), strict=True)
    ]
    return _table(["baseline", *_sides()], rows)


def _sides() -> list[str]:
    names = ("exact", "score", "corrected")
    return [f"{name}, {side}" for name in names for side in ("above", "below")]


def ends_of_rates() -> str:
    """Return the table of how often Wilson's interval misses a rate."""
    choose = Arms.of(500, 500).control_choose
    rows = []
    for rate, name in zip(BASELINES, _baselines(), strict=True):
        first, chances = likely_counts(choose, rate, IGNORED)
        ends = [
            wilson_interval(events=first + more, total=500, confidence_level=1.0 - 2.0 * LEVEL)
            for more in range(len(chances))
        ]
        above = math.fsum(p for p, end in zip(chances, ends, strict=True) if end.low > rate)
        below = math.fsum(p for p, end in zip(chances, ends, strict=True) if end.high < rate)
        rows.append([name, percent(above), percent(below)])
    return _table(["rate", "above", "below"], rows)


def page() -> str:
    """Return the page."""
    parts = (
        _INTRODUCTION,
        _SIZE,
        sizes_of_tests(),
        _RULE,
        powers_of_rule(),
        _LOOKS,
        sizes_of_looks(),
        _COVERAGE,
        ends_of_intervals(),
        _BY_BASELINE,
        ends_by_baseline(),
        _WILSON,
        ends_of_rates(),
    )
    return _HEADER + "\n".join(parts)


def run(arguments: list[str]) -> int:
    """Write the page, or say that it is out of date."""
    check = arguments == ["--check"]
    text = page()
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    print(f"docs/explanation/{PAGE.name}: " + ("out of date" if check else "written"))
    return int(check)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
