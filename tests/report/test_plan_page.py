"""The page of a plan: golden, at 80 columns, on a fixed day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from icptest.baselines import Baseline
from icptest.break_even import BreakEven
from icptest.capacity import Capacity, send_calendar
from icptest.overlap import Overlap
from icptest.plan import make_plan
from icptest.protocol import Protocol, Rule
from icptest.report.plan import Lists, plan_text
from icptest.report.words import plan as words
from tests.cli.golden import hold

GOLDEN = Path(__file__).parent / "golden" / "plan"
OWN = Baseline(rate=0.02, assumed=False)
FRIDAY = date(2026, 11, 27)


def test_the_whole_page() -> None:
    """Everything is asked about: lists, capacity, costs (500 each, 1 %)."""
    protocol = Protocol()
    plan = make_plan(
        protocol,
        calendar=send_calendar(
            protocol, Capacity(inboxes=6), after=FRIDAY, zone=ZoneInfo("Europe/Berlin")
        ),
        overlap=Overlap(n_control=3000, n_segment=812, n_shared=812, size=500, control_size=500),
        break_even=BreakEven(baseline_rate=0.01, cost_per_contact=3.0, value_per_meeting=400.0),
    )
    hold(
        GOLDEN / "whole.txt",
        plan_text(plan, lists=Lists(control="today.csv", segment="my list.csv")) + "\n",
    )


def test_the_plain_rule_and_a_larger_control() -> None:
    """The rule is the lift alone, the baseline one's own, control larger, lifts of one's own."""
    plan = make_plan(
        Protocol(size=150, control_size=300, rule=Rule.LIFT), baseline=OWN, lifts=(1.5, 2.0, 2.5)
    )
    hold(GOLDEN / "lift.txt", plan_text(plan) + "\n")


def test_proof() -> None:
    """The rule asks for proof, and so few people can hardly give it."""
    plan = make_plan(Protocol(size=40, rule=Rule.PROVEN), baseline=OWN, lifts=(2.0, 2.1))
    hold(GOLDEN / "proven.txt", plan_text(plan) + "\n")


def test_a_list_that_cannot_be_bettered() -> None:
    """Where 60 % reply there is no 2x, and the page says so instead of an empty table."""
    plan = make_plan(Protocol(size=1, rule=Rule.LIFT), baseline=Baseline(rate=0.6, assumed=False))
    text = plan_text(plan)
    assert words.NO_LIFT in " ".join(text.split())
    assert "How many people" not in text
    assert "mailing 1 person of each list" in " ".join(text.split())


@pytest.mark.parametrize(("inboxes", "said"), [(17, "That fits"), (16, "it would take 17")])
def test_sending(inboxes: int, said: str) -> None:
    """Whether 1,000 mails fit in two days is said, and what it would take."""
    told = send_calendar(Protocol(), Capacity(inboxes=inboxes), after=FRIDAY, zone=ZoneInfo("UTC"))
    assert said in words.calendar(told)[0]


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (1.0, "0.50x: even a list as good as today's pays"),
        (3.0, "1.5x: below it mailing loses money"),
        (9.0, "4.5x: a list that is just 2x would be scaled at a loss"),
    ],
)
def test_money(cost: float, said: str) -> None:
    """The break-even lift is set beside the threshold."""
    told = BreakEven(baseline_rate=0.01, cost_per_contact=cost, value_per_meeting=400.0)
    assert said in words.break_even(told, 2.0)[-1]


def test_lists() -> None:
    """Lists that are too short name a size; companies from elsewhere weaken the ceiling."""
    short = Overlap(n_control=400, n_segment=300, n_shared=100, size=500, control_size=500)
    assert "`--size 240`" in words.overlap(short, 2.0)[-1]
    assert "if they answer like the rest" in words.overlap(short, 2.0)[1]
    apart = Overlap(n_control=900, n_segment=800, n_shared=0, size=500, control_size=500)
    said = words.overlap(apart, 2.0)
    assert len(said) == 2
    assert said[-1].endswith("; 300 are left to scale to.")
