"""What a test can show: the numbers people are told, and that `new` tells the same."""

from __future__ import annotations

import pytest

from icptest.baselines import ASSUMED, PUBLISHED, Baseline
from icptest.break_even import BreakEven
from icptest.errors import InputError, RegistrationError
from icptest.plan import Plan, chance_to_scale, look_ahead, make_plan
from icptest.protocol import Protocol, Rule
from icptest.stats import NotReachable, SampleSize


@pytest.fixture(scope="module")
def usual() -> Plan:
    """Return the plan that no option changes."""
    return make_plan(Protocol())


def test_the_usual_plan_says_what_the_design_says(usual: Plan) -> None:
    """Scaled 4, 35, 74, 93 % at 1, 2, 3, 4x; by the plain rule 18, 55, 83 (docs, statistics)."""
    outlook = usual.outlook
    assert outlook.baseline == 0.01
    assert list(outlook.registered) == [1.0, 2.0, 3.0, 4.0]
    assert list(outlook.registered.values()) == pytest.approx([0.04, 0.35, 0.74, 0.93], abs=0.0051)
    assert [outlook.article[lift] for lift in (1.0, 2.0, 3.0)] == pytest.approx(
        [0.18, 0.55, 0.83], abs=0.0051
    )
    # Pin, by operating_characteristics.
    assert usual.ruled_out == pytest.approx(0.271, abs=5e-4)
    assert usual.exaggeration[2.0] == pytest.approx(1.786, abs=5e-4)


@pytest.mark.parametrize("rule", Rule)
def test_new_tells_the_same_chances(rule: Rule) -> None:
    """The short form is part of the long one, to the last digit that is shown."""
    protocol = Protocol(size=200, control_size=300, rule=rule)
    short, long = look_ahead(protocol), make_plan(protocol).outlook
    assert dict(short.registered) == pytest.approx(dict(long.registered), abs=1e-9)
    assert dict(short.article) == pytest.approx(dict(long.article), abs=1e-9)
    assert chance_to_scale(protocol, lift=3.0) == pytest.approx(long.registered[3.0], abs=1e-9)


def test_needed_positives_are_those_of_the_known_table(usual: Plan) -> None:
    """At 500 each: 10 for 2x and 12 for no luck beside 5 (tests/stats/oracles)."""
    row = next(row for row in usual.needed if row.control_events == 5)
    assert (row.lift, row.evidence, row.proof) == (10, 12, 22)
    assert [row.control_events for row in usual.needed][:3] == [0, 1, 2]


def test_needed_positives_are_about_what_will_come() -> None:
    """Of 2,000 at 2 % some 40 reply, give or take 16 (2.5 standard deviations of 6.3)."""
    plan = make_plan(
        Protocol(size=2000, rule=Rule.LIFT), baseline=Baseline(rate=0.02, assumed=True)
    )
    told = [row.control_events for row in plan.needed]
    assert (told[0], told[-1], len(told)) == (24, 56, 11)


def test_sends_say_how_many_or_why_not(usual: Plan) -> None:
    """2x is the threshold, so no number is enough; 3x takes 595 and 1,039 (test_sizing.py)."""
    found = {(one.lift, one.chance): one.needed for one in usual.sends}
    assert list(found) == [(2.0, 0.8), (2.0, 0.9), (3.0, 0.8), (3.0, 0.9)]
    for chance in (0.8, 0.9):
        none, some = found[2.0, chance], found[3.0, chance]
        assert isinstance(none, NotReachable)
        assert none.reason == "at-threshold"
        assert isinstance(some, SampleSize)
        assert some.power >= chance


def test_a_larger_control_buys_something(usual: Plan) -> None:
    """With twice and four times today's list a true 3x is scaled more often."""
    assert list(usual.larger_control) == [500, 1000, 2000]
    chances = [by_lift[3.0] for by_lift in usual.larger_control.values()]
    assert chances == sorted(chances)
    assert usual.larger_control[500] == usual.outlook.registered
    larger = make_plan(Protocol(size=50, control_size=100, rule=Rule.LIFT))
    assert list(larger.larger_control) == [100, 200]


def test_other_lifts_are_told_of_everywhere() -> None:
    """A lift that is asked for is in the odds and in the number of people."""
    plan = make_plan(Protocol(size=100, rule=Rule.LIFT), lifts=(2.5, 1.2, 2.5))
    assert [one.lift for one in plan.sends] == [1.2, 1.2, 2.5, 2.5]
    assert list(plan.outlook.registered) == [1.0, 1.2, 2.0, 2.5, 3.0, 4.0]


def test_lifts_beyond_everybody_are_left_out_or_refused() -> None:
    """At 40 % there is no 3x; asking for it is a mistake, not asking is none."""
    many = Baseline(rate=0.4, assumed=False)
    plan = make_plan(Protocol(size=20, rule=Rule.LIFT), baseline=many)
    assert list(plan.outlook.registered) == [1.0, 2.0]
    with pytest.raises(InputError, match="lift-too-high"):
        make_plan(Protocol(size=20), baseline=many, lifts=(3.0,))


def test_a_control_out_of_all_proportion_is_refused() -> None:
    """More than 100 of today's list for each of the new one is a slip of the keyboard."""
    with pytest.raises(RegistrationError, match="bad-protocol"):
        make_plan(Protocol(size=5, control_size=501))


def test_the_assumed_baseline_lies_among_the_published_ones() -> None:
    """Every published figure has a source, and 1 % is between the lowest and the highest."""
    assert ASSUMED.assumed
    assert min(one.low_rate for one in PUBLISHED) < ASSUMED.rate
    assert ASSUMED.rate < max(one.high_rate for one in PUBLISHED)
    assert all(one.address.startswith("https://") and one.name for one in PUBLISHED)


def test_break_even_by_hand() -> None:
    """At 1 %, half of them meetings, a person is worth 2 of a 400 meeting: costing 3 is 1.5x."""
    told = BreakEven(baseline_rate=0.01, cost_per_contact=3.0, value_per_meeting=400.0)
    assert told.meeting_rate == pytest.approx(0.005)
    assert told.value_per_contact == pytest.approx(2.0)
    assert told.lift == pytest.approx(1.5)
    # At that lift a person brings what it costs.
    assert told.lift * told.value_per_contact == pytest.approx(told.cost_per_contact)


def test_several_looks_are_told_together() -> None:
    """Two looks of 500 at 1 %: equal lists 4.5 %, a true 2x 52 %, a true 3x 90 %.

    The figures of `sequential_characteristics`, which tests/stats/test_sequential.py checks by
    enumerating every path. One look scales a true 2x 35 % of the time (docs, statistics).
    """
    chances = look_ahead(Protocol(looks=2)).registered
    assert [round(chances[lift], 2) for lift in (2.0, 3.0)] == [0.52, 0.90]
    assert chances[1.0] == pytest.approx(0.045, abs=5e-4)


def test_the_odds_of_a_share_of_alpha() -> None:
    """A test that has half of alpha does what one with half as large an alpha does."""
    half = look_ahead(Protocol(), share=0.5)
    assert half == look_ahead(Protocol(alpha=0.025))
    assert half.registered[1.0] < look_ahead(Protocol()).registered[1.0]
