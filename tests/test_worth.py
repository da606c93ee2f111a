"""What scaling is worth, and what the rule does at this baseline."""

from __future__ import annotations

import pytest

from icptest.evidence import Counts
from icptest.protocol import Protocol, Rule
from icptest.report.words.trust import worth_line, worth_of_scaling
from icptest.rule_odds import rule_odds
from icptest.stats import posterior
from icptest.worth import Worth, worth_of

COUNTS = Counts(control_events=5, control_total=500, segment_events=14, segment_total=500)


def test_worth_is_companies_times_the_rate_believed() -> None:
    """Not the rate that was seen: 14 of 500 are 2.8 %, believed is less."""
    belief = posterior(
        treatment_events=14, treatment_total=500, control_events=5, control_total=500
    )
    found = worth_of(1000, belief)
    assert found.from_segment == pytest.approx(1000 * belief.treatment_rate)
    assert found.from_control == pytest.approx(1000 * belief.control_rate)
    assert found.from_control < found.from_segment < 28


def test_few_companies_left_are_worth_few_replies() -> None:
    """A good list with 100 companies left says that it brings one reply more."""
    worth = Worth(n_left=100, from_segment=2.4, from_control=1.4)
    assert worth_of_scaling(worth) == (
        " On the 100 companies left of it that brings about 1.0 positive replies more than "
        "today's list would."
    )
    assert worth_line(worth) == (
        "100 companies of the new list are left, worth about 2.4 positive replies; as many of "
        "today's list, about 1.4."
    )


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        (None, ""),
        (Worth(n_left=0, from_segment=0.0, from_control=0.0), " Nobody of it is left to mail."),
        (
            Worth(n_left=1, from_segment=0.02, from_control=0.01),
            " On the 1 company left of it that brings no more than today's list would.",
        ),
    ],
)
def test_a_scale_says_what_it_is_worth(worth: Worth | None, said: str) -> None:
    """Also when that is nothing; and nothing where nobody knows."""
    assert worth_of_scaling(worth) == said


def test_odds_are_those_of_the_registered_rule() -> None:
    """At 500 each and 1 %: equal lists 4 %, a true 2x 35 %, a true 3x 74 %."""
    found = rule_odds(COUNTS, Protocol(), baseline=0.01, level=0.05)
    assert list(found.scaled) == [1.0, 2.0, 3.0]
    assert [round(chance, 2) for chance in found.scaled.values()] == [0.04, 0.35, 0.74]
    plain = rule_odds(COUNTS, Protocol(rule=Rule.LIFT), baseline=0.01, level=0.05)
    assert [round(chance, 2) for chance in plain.scaled.values()][:2] == [0.18, 0.55]


def test_no_lift_beyond_everybody() -> None:
    """At a baseline of 40 % a lift of 3 does not exist."""
    assert list(rule_odds(COUNTS, Protocol(), baseline=0.4, level=0.05).scaled) == [1.0, 2.0]
