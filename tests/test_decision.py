"""The rule and nothing else: counts in, scale or no-scale and why, out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.decision import Answer, Decision, decide, lift_reached, scales
from icptest.evidence import Counts, chance_of_luck, counts_of, exceeds, weigh
from icptest.experiment import Arm
from icptest.levels import Levels
from icptest.protocol import Protocol, Rule
from icptest.stats import NotEstimable, Prior
from icptest.tallies import Measure, Tally

LEVEL = 0.05
LEVELS = Levels(rule=LEVEL, misses=LEVEL)


def counts(control: tuple[int, int], segment: tuple[int, int]) -> Counts:
    """Return events and totals of both arms."""
    return Counts(
        control_events=control[0],
        control_total=control[1],
        segment_events=segment[0],
        segment_total=segment[1],
    )


def answer(
    control: tuple[int, int], segment: tuple[int, int], rule: Rule, threshold: float = 2.0
) -> tuple[str, str]:
    """Return the answer and its reason."""
    found = decide(
        counts(control, segment), Protocol(rule=rule, threshold=threshold), levels=LEVELS
    )
    return str(found.answer), found.reason


@pytest.mark.parametrize(
    ("control", "segment", "by_rule"),
    [
        # 5/500 against 25/500, five times: beyond 2x by every rule (pin).
        ((5, 500), (25, 500), ("scale proven", "scale proven", "scale proven")),
        # 5/491 against 13/492 (2.6x): better beyond luck, 2x seen, not proven.
        ((5, 491), (13, 492), ("scale likely", "scale likely", "no-scale could-be-luck")),
        # 0/500 against 3/500 scales: p = .0484 (docs, statistics).
        ((0, 500), (3, 500), ("scale likely", "scale likely", "no-scale could-be-luck")),
        # 3/500 against 6/500: exactly 2x, and equal lists do that often.
        (
            (3, 500),
            (6, 500),
            ("scale unproven", "no-scale could-be-luck", "no-scale could-be-luck"),
        ),
        (
            (0, 500),
            (1, 500),
            ("scale unproven", "no-scale could-be-luck", "no-scale could-be-luck"),
        ),
        # Below 2x, and 2x not ruled out.
        ((6, 500), (8, 500), ("no-scale below-threshold",) * 3),
        ((0, 500), (0, 500), ("no-scale below-threshold",) * 3),
        # 2x is very unlikely.
        ((20, 500), (12, 500), ("no-scale ruled-out",) * 3),
        ((5, 500), (0, 500), ("no-scale ruled-out",) * 3),
        # p = .0499 but the interval holds 2 (low = 1.975): not proven (docs, statistics).
        (
            (6, 1000),
            (11, 400),
            ("scale likely", "scale likely", "no-scale could-be-luck"),
        ),
        # Unequal arms: rates are compared, not numbers.
        ((2, 1000), (6, 300), ("scale proven", "scale proven", "scale proven")),
        (
            (10, 1000),
            (6, 300),
            ("scale unproven", "no-scale could-be-luck", "no-scale could-be-luck"),
        ),
    ],
)
def test_every_reason_under_every_rule(
    control: tuple[int, int], segment: tuple[int, int], by_rule: tuple[str, str, str]
) -> None:
    """Each rule on counts that tell them apart."""
    found = tuple(" ".join(answer(control, segment, rule)) for rule in Rule)
    assert by_rule == found


@pytest.mark.parametrize(
    ("control", "segment", "threshold", "reached"),
    [
        ((5, 491), (10, 491), 2.0, True),  # exactly 2x, in integers
        ((5, 491), (10, 492), 2.0, False),  # one more reached: 10 x 491 < 2 x 5 x 492
        ((5, 492), (10, 491), 2.0, True),
        ((1, 3), (1, 1), 3.0, True),  # 1/(1/3) is not 3 in floats of every order
        ((10, 1000), (11, 1000), 1.1, True),  # the threshold is the decimal that was written
        ((100, 1000), (110, 1000), 1.1, True),
        ((100, 1000), (109, 1000), 1.1, False),
        ((0, 500), (1, 500), 2.0, True),
        ((0, 500), (0, 500), 2.0, False),  # nobody is not twice nobody
        ((0, 500), (0, 500), 1.5, False),
    ],
)
def test_the_lift_is_reached_in_integers(
    control: tuple[int, int], segment: tuple[int, int], threshold: float, reached: bool
) -> None:
    """No division, and a segment without a positive reply never reaches it."""
    assert reached == lift_reached(counts(control, segment), threshold)


def test_the_documented_p_values() -> None:
    """0/500 against 3/500 at null 1: .0484; 6/1000 against 11/400 at null 2: .0499."""
    zero = exceeds(counts((0, 500), (3, 500)), ratio=1.0, alternative="greater", level=LEVEL)
    assert (zero.passes, round(zero.p_value, 4)) == (True, 0.0484)
    dips = exceeds(counts((6, 1000), (11, 400)), ratio=2.0, alternative="greater", level=LEVEL)
    assert (dips.passes, round(dips.p_value, 4)) == (False, 0.0499)


_counts = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda totals: st.builds(
        lambda a, b: counts((a, totals[0]), (b, totals[1])),
        st.integers(0, totals[0]),
        st.integers(0, totals[1]),
    )
)


@settings(max_examples=60, deadline=None)
@given(cell=_counts, rule=st.sampled_from(Rule), threshold=st.sampled_from([1.5, 2.0, 3.0]))
def test_a_reason_fits_its_answer(cell: Counts, rule: Rule, threshold: float) -> None:
    """Every reason belongs to one answer, and unproven to the rule of the article alone."""
    protocol = Protocol(rule=rule, threshold=threshold)
    found = decide(cell, protocol, levels=LEVELS)
    assert (found.answer is Answer.SCALE) == scales(cell, protocol, levels=LEVELS)
    reasons = {
        Answer.SCALE: {"proven", "likely", "unproven"},
        Answer.NO_SCALE: {"ruled-out", "could-be-luck", "below-threshold"},
    }
    assert found.reason in reasons[found.answer]
    assert found.reason != "unproven" or rule is Rule.LIFT
    reached = lift_reached(cell, threshold)
    assert found.answer is Answer.NO_SCALE or reached
    assert found.reason != "below-threshold" or not reached
    assert found.reason != "could-be-luck" or reached
    # Stricter rules scale less.
    strict = [scales(cell, Protocol(rule=one, threshold=threshold), levels=LEVELS) for one in Rule]
    assert sorted(strict, reverse=True) == strict


@settings(max_examples=25, deadline=None)
@given(cell=_counts)
def test_more_for_the_segment_never_loses_the_lift(cell: Counts) -> None:
    """The article's rule is monotone in the events of either arm."""
    protocol = Protocol(rule=Rule.LIFT)
    answers = [
        scales(replace(cell, segment_events=events), protocol, levels=LEVELS)
        for events in range(cell.segment_total + 1)
    ]
    assert sorted(answers) == answers
    answers = [
        scales(replace(cell, control_events=events), protocol, levels=LEVELS)
        for events in range(cell.control_total + 1)
    ]
    assert sorted(answers, reverse=True) == answers


def test_the_evidence_can_dip_as_events_are_added() -> None:
    """One event more in control can turn no-scale into scale: the searched range moves (pin).

    So whoever asks whether leaving events out turns a decision must try every number of them.
    """
    answers = [
        scales(counts((events, 40), (3, 3)), Protocol(), levels=LEVELS) for events in range(12, 16)
    ]
    assert answers == [True, False, False, True]


@pytest.mark.parametrize("alpha", [0.0001, 0.05, 0.49])
def test_every_alpha_that_can_be_registered_can_be_decided(alpha: float) -> None:
    """The bounds of the protocol are inside those of the tests."""
    protocol = Protocol(alpha=alpha)
    tallies = {
        Arm.CONTROL: Tally(delivered=50, positive=1, replied=3, meetings=0),
        Arm.SEGMENT: Tally(delivered=40, positive=4, replied=9, meetings=1),
    }
    counts = {measure: counts_of(tallies, measure) for measure in Measure}
    positive, levels = counts[Measure.POSITIVE], Levels(rule=alpha, misses=alpha)
    found = decide(positive, protocol, levels=levels)
    assert isinstance(found, Decision)
    weighed = weigh(tallies, counts, protocol, Prior(), level=alpha, misses_level=alpha)
    assert weighed.better.level == alpha


def test_evidence_has_every_measure_of_both_arms() -> None:
    """Rates with Wilson intervals, lifts with intervals, and the three tests."""
    tallies = {
        Arm.CONTROL: Tally(delivered=500, positive=5, replied=21, meetings=0),
        Arm.SEGMENT: Tally(delivered=400, positive=12, replied=20, meetings=2),
    }
    protocol = Protocol()
    counts = {measure: counts_of(tallies, measure) for measure in Measure}
    found = weigh(tallies, counts, protocol, Prior(), level=LEVEL, misses_level=LEVEL)
    for arm, measure in itertools.product(Arm, Measure):
        rate = found.rates[arm][measure]
        events = tallies[arm].events(measure)
        assert rate.estimate == events / tallies[arm].delivered
        assert rate.low <= rate.estimate <= rate.high
        assert rate.confidence_level == pytest.approx(0.9)  # 1 - 2 x alpha
    assert found.lifts[Measure.POSITIVE].estimate == pytest.approx(3.0)  # (12/400) / (5/500)
    assert isinstance(found.lifts[Measure.MEETINGS].estimate, NotEstimable)
    assert (
        found.better.null_ratio,
        found.reaches_threshold.null_ratio,
        found.misses_threshold.null_ratio,
    ) == (1.0, 2.0, 2.0)
    assert (
        found.better.alternative,
        found.reaches_threshold.alternative,
        found.misses_threshold.alternative,
    ) == ("greater", "greater", "less")


def test_how_often_equal_lists_do_this() -> None:
    """Two equal lists of 500 at 1 % show 2x or more 18 % of the time (docs, statistics)."""
    luck = chance_of_luck(counts((5, 500), (5, 500)), Protocol())
    assert luck is not None
    assert round(luck, 2) == 0.18
    assert chance_of_luck(counts((0, 500), (0, 500)), Protocol()) is None
    assert chance_of_luck(counts((5, 5), (5, 5)), Protocol()) is None
