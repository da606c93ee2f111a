"""The figures that the explanations print are those that the code computes.

The page of calibration takes a minute or two to write. Here some of its cells are counted out
again with the public functions, outcome by outcome, which shares nothing with docs/calibrate.py.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from icptest.stats import (
    exact_test,
    needed_events,
    operating_characteristics,
    posterior,
    power,
    ratio_exceeds,
    ratio_passes,
    sample_size,
    score_interval,
    spending_boundaries,
    wilson_interval,
)
from icptest.stats.prior import Prior
from icptest.stats.sequential import sequential_characteristics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXPLANATION = Path(__file__).parents[1] / "docs" / "explanation"
STATISTICS = EXPLANATION / "statistics.md"
CALIBRATION = EXPLANATION / "calibration.md"
# What a share printed as 12.34 % may be off by, and one printed as 12.3 %.
TWO_DIGITS, ONE_DIGIT = 0.51e-4, 0.51e-3


def tables(page: Path) -> list[list[list[str]]]:
    """Return the cells of a page's tables, heads first."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    return [
        [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in block.splitlines()
            if not line.startswith("| ---")
        ]
        for block in blocks
    ]


def table(page: Path, *heads: str) -> list[dict[str, str]]:
    """Return the rows of the one table that begins with these heads."""
    (found,) = [each for each in tables(page) if tuple(each[0][: len(heads)]) == heads]
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


def share(cell: str) -> float:
    """Return a share printed as percent."""
    number, sign = cell.split()[:2]
    assert sign == "%"
    return float(number) / 100.0


def binomial(events: int, total: int, rate: float) -> float:
    """Return a binomial probability."""
    return math.comb(total, events) * rate**events * (1.0 - rate) ** (total - events)


def outcomes(
    treatment: tuple[int, float], control: tuple[int, float], rare: float = 1e-7
) -> Iterator[tuple[dict[str, Any], float]]:
    """Give every outcome of two arms (total, rate) that is not rare, with its probability."""
    for x_c in range(control[0] + 1):
        for x_t in range(treatment[0] + 1):
            chance = binomial(x_c, *control) * binomial(x_t, *treatment)
            if chance > rare:
                yield (
                    {
                        "treatment_events": x_t,
                        "treatment_total": treatment[0],
                        "control_events": x_c,
                        "control_total": control[0],
                    },
                    chance,
                )
            elif x_t > treatment[0] * treatment[1]:
                break
        if binomial(x_c, *control) < rare and x_c > control[0] * control[1]:
            break


def holds(cell: str, found: float, asked: float) -> bool:
    """Tell whether a printed share fits what was found among outcomes of a probability."""
    return found - TWO_DIGITS <= share(cell) <= found + (1.0 - asked) + TWO_DIGITS


# --- calibration ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ratio", "alternative"),
    [
        ("exact, lift <= 1", 1.0, "greater"),
        ("exact, lift <= 2", 2.0, "greater"),
        ("exact, lift >= 2", 2.0, "less"),
    ],
)
def test_sizes_of_exact_tests_outcome_by_outcome(name: str, ratio: float, alternative: Any) -> None:
    """500 against 500 at 0.3 %: what `ratio_passes` lets through adds up to the printed size."""
    (row,) = [
        each
        for each in table(CALIBRATION, "sizes", "test")
        if (each["sizes"], each["test"]) == ("500 v 500", name)
    ]
    asked = wrong = 0.0
    for counts, chance in outcomes((500, 0.003 * ratio), (500, 0.003)):
        asked += chance
        if ratio_passes(**counts, null_ratio=ratio, alternative=alternative, level=0.05):
            wrong += chance
    assert asked > 1.0 - 1e-5
    assert holds(row["0.3 %"], wrong, asked)


def misses_exactly(counts: dict[str, Any], ratio: float) -> tuple[bool, bool]:
    """Tell whether the exact interval starts above a ratio, or ends below it.

    It cannot where the p-value at the ratio is above its level; elsewhere the end is searched.
    """
    low, high = (
        ratio_exceeds(
            **counts, null_ratio=ratio, alternative=alternative, level=0.05, need_end=False
        ).end
        for alternative in ("greater", "less")
    )
    return isinstance(low, float) and low > ratio, isinstance(high, float) and high < ratio


def misses_by_score(method: Any) -> Callable[[dict[str, Any], float], tuple[bool, bool]]:
    """Return what tells the same of a score interval."""

    def misses(counts: dict[str, Any], ratio: float) -> tuple[bool, bool]:
        interval = score_interval(**counts, method=method)
        low, high = interval.low, interval.high
        return isinstance(low, float) and low > ratio, isinstance(high, float) and high < ratio

    return misses


@pytest.mark.parametrize(
    ("name", "misses", "rare"),
    [
        # Searching an end takes tenths of a second.
        ("exact", misses_exactly, 3e-6),
        ("score", misses_by_score("miettinen-nurminen"), 1e-7),
        ("corrected", misses_by_score("skewness-corrected"), 1e-7),
    ],
)
def test_ends_of_intervals_outcome_by_outcome(
    name: str, misses: Callable[[dict[str, Any], float], tuple[bool, bool]], rare: float
) -> None:
    """500 against 500, 0.3 %, a true 2x: intervals that miss it are as frequent as printed."""
    (row,) = [
        each
        for each in table(CALIBRATION, "baseline", "exact, above")
        if each["baseline"] == "0.3 %"
    ]
    asked = above = below = 0.0
    for counts, chance in outcomes((500, 0.006), (500, 0.003), rare):
        asked += chance
        is_above, is_below = misses(counts, 2.0)
        above += chance * is_above
        below += chance * is_below
    assert asked > 1.0 - 100.0 * rare
    assert holds(row[f"{name}, above"], above, asked)
    assert holds(row[f"{name}, below"], below, asked)


def test_no_exact_figure_is_above_its_level() -> None:
    """Exact tests, the rule at every number of looks, and ends of exact intervals keep to 5 %."""
    cells = [
        row[column]
        for row in table(CALIBRATION, "sizes", "test")
        if row["test"].startswith("exact")
        for column in row
        if column not in {"sizes", "test"}
    ]
    cells += [row["1x"] for row in table(CALIBRATION, "sizes", "baseline")]
    for heads in (("sizes", "true lift"), ("baseline", "exact, above")):
        for row in table(CALIBRATION, *heads):
            cells += [row["exact, above"], row["exact, below"]]
    for row in table(CALIBRATION, "looks", "their levels"):
        cells += [cell for column, cell in row.items() if column.endswith("%")]
    assert len(cells) == 42 + 12 + 36 + 12 + 30
    assert max(map(share, cells)) <= 0.05


@pytest.mark.parametrize("baseline", ["0.3 %", "1 %"])
@pytest.mark.parametrize("control_total", [500, 1000])
def test_powers_are_those_of_power(baseline: str, control_total: int) -> None:
    """The default rule's powers are `power`, cell by cell."""
    (row,) = [
        each
        for each in table(CALIBRATION, "sizes", "baseline")
        if (each["sizes"], each["baseline"]) == (f"500 v {control_total:,}", baseline)
    ]
    for ratio in (1.0, 1.5, 2.0, 3.0, 4.0):
        found = power(
            control_rate=share(baseline),
            ratio=ratio,
            treatment_total=500,
            control_total=control_total,
        )
        assert share(row[f"{ratio:g}x"]) == pytest.approx(found, abs=TWO_DIGITS)


def test_looks_are_those_of_the_recursion() -> None:
    """Two looks of 500 at 0.5 %: levels and size are those of `sequential_characteristics`."""
    row = table(CALIBRATION, "looks", "their levels")[1]
    found = sequential_characteristics(
        control_rate=0.005, treatment_per_look=500, control_per_look=500, looks=2
    )
    assert row["looks"] == "2"
    assert row["their levels"] == ", ".join(f"{100 * level:.3g} %" for level in found.levels)
    assert share(row["0.5 %"]) == pytest.approx(found.size, abs=TWO_DIGITS)


@pytest.mark.parametrize("rate", ["0.3 %", "1 %", "5 %"])
def test_ends_of_rates_count_by_count(rate: str) -> None:
    """Wilson's interval misses a rate as often as printed."""
    (row,) = [each for each in table(CALIBRATION, "rate", "above") if each["rate"] == rate]
    above = below = 0.0
    for events in range(101):
        chance = binomial(events, 500, share(rate))
        interval = wilson_interval(events=events, total=500)
        above += chance * (interval.low > share(rate))
        below += chance * (interval.high < share(rate))
    assert share(row["above"]) == pytest.approx(above, abs=TWO_DIGITS)
    assert share(row["below"]) == pytest.approx(below, abs=TWO_DIGITS)


# --- statistics -------------------------------------------------------------------------------


@pytest.mark.parametrize("baseline", ["0.3 %", "1 %", "2 %"])
def test_the_table_of_the_rules(baseline: str) -> None:
    """What both rules do at 500 and 500 is what `operating_characteristics` says."""
    rows = [each for each in tables(STATISTICS)[0][1:] if each[0] == baseline]
    assert [row[1] for row in rows] == ["1x", "1.5x", "2x", "3x", "4x"]
    plain, default = (
        operating_characteristics(
            control_rate=share(baseline), treatment_total=500, control_total=500, rule=rule
        )
        for rule in ("lift", "lift-and-evidence")
    )
    for place, (_, _, *cells) in enumerate(rows):
        numbers = [*map(share, (cells[0], cells[2])), *map(float, (cells[1], cells[3]))]
        assert numbers[:2] == pytest.approx(
            [plain.prob_scale[place], default.prob_scale[place]], abs=ONE_DIGIT
        )
        assert numbers[2:] == pytest.approx(
            [plain.exaggeration[place], default.exaggeration[place]], abs=0.0051
        )
        for rule in (plain, default):
            assert share(cells[4]) == pytest.approx(rule.prob_ruled_out[place], abs=ONE_DIGIT)


def test_the_table_of_a_test_and_its_interval() -> None:
    """6/1000 against 11/400: the p-value passes 0.05, comes back, and passes again."""
    head, row = next(each for each in tables(STATISTICS) if each[0][0] == "doubt: lift <=")
    found = [
        exact_test(
            treatment_events=11,
            treatment_total=400,
            control_events=6,
            control_total=1000,
            null_ratio=float(ratio),
        ).p_value
        for ratio in head[1:]
    ]
    assert list(map(float, row[1:])) == pytest.approx(found, abs=0.51e-4)


def test_the_table_of_prior_widths() -> None:
    """5 against 12 of 500: the posterior by the width of the prior."""
    for row in table(STATISTICS, "width (`log_lift_sd`)"):
        width, median, better, twice = row.values()
        found = posterior(
            treatment_events=12,
            treatment_total=500,
            control_events=5,
            control_total=500,
            prior=Prior(log_lift_sd=float(width)),
        )
        assert float(median.removesuffix("x")) == pytest.approx(found.median, abs=0.0051)
        assert float(better) == pytest.approx(found.prob_ratio_above(1.0), abs=0.0051)
        assert float(twice) == pytest.approx(found.prob_ratio_above(2.0), abs=0.0051)


def test_the_table_of_needed_positives() -> None:
    """What the new list must bring is what `needed_events` says."""
    head, lift, evidence, proof = next(
        each for each in tables(STATISTICS) if each[0][0] == "today's list"
    )
    found = needed_events(
        treatment_total=500, control_total=500, control_events=list(map(int, head[1:]))
    )
    assert [int(cell) for cell in lift[1:]] == [each.lift for each in found]
    assert [int(cell) for cell in evidence[1:]] == [each.evidence for each in found]
    assert [int(cell) for cell in proof[1:]] == [each.proof for each in found]


def test_the_table_of_sizes() -> None:
    """How many people a true 3x and 4x take is what `sample_size` says."""
    for row in table(STATISTICS, "true lift", "80 % of the time")[2:]:
        for column, target in (("80 % of the time", 0.8), ("90 %", 0.9)):
            found = sample_size(
                control_rate=0.01,
                ratio=float(row["true lift"].removesuffix("x")),
                power=target,
                rule="lift-and-evidence",
                alpha=0.05,
                threshold=2.0,
            )
            printed = row[column].removesuffix(" of each").replace(",", "")
            assert int(printed) == getattr(found, "treatment_total", None)


def test_numbers_in_the_text_of_statistics() -> None:
    """The saw-tooth, the levels of looks and the proved p-value are as told."""
    text = " ".join(STATISTICS.read_text(encoding="utf-8").split())
    at = {
        sizes: power(control_rate=0.01, ratio=3, treatment_total=sizes[0], control_total=sizes[1])
        for sizes in ((200, 200), (210, 210), (500, 1000), (501, 1000))
    }
    told = [f"{100 * chance:.1f} %" for chance in at.values()]
    assert (
        f"200 against 200 are scaled {told[0]} of the time and 210 against 210 only {told[1]}"
        in text
    )
    assert f"500 on the new one reach {told[2]} and 501 only {told[3]}" in text
    two, three = (spending_boundaries(information=range(1, k + 1)).levels for k in (2, 3))
    assert "levels are {:.2f} % and {:.2f} %".format(*(100 * level for level in two)) in text
    assert "{:.2f} %, {:.2f} % and {:.2f} %".format(*(100 * level for level in three)) in text
    for arms, null, gamma, printed in (
        ((12, 400, 10, 1000), 1.0, 0.0, "0.00753"),
        ((12, 400, 10, 1000), 1.0, 1e-6, "0.00659"),
        ((14, 500, 5, 500), 2.0, 0.0, "0.387"),
        ((14, 500, 5, 500), 2.0, 1e-6, "0.310"),
    ):
        found = exact_test(
            treatment_events=arms[0],
            treatment_total=arms[1],
            control_events=arms[2],
            control_total=arms[3],
            null_ratio=null,
            gamma=gamma,
        ).p_value
        assert f"{found:.{len(printed) - 2}f}" == printed
        assert printed in text
