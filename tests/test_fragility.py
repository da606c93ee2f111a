"""How few replies, judged otherwise, turn a decision."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.decision import scales
from icptest.evidence import Counts
from icptest.experiment import Arm
from icptest.fragility import Fragility, fragility
from icptest.levels import Levels
from icptest.protocol import Protocol, Rule
from icptest.tallies import Tally

LEVELS = Levels(rule=0.05, misses=0.05)


def found(
    control: tuple[int, int, int],
    segment: tuple[int, int, int],
    *,
    rule: Rule = Rule.LIFT_AND_EVIDENCE,
    booked: int = 0,
) -> Fragility:
    """Return the fragility of two arms: positive, replied, reached.

    `booked` of the segment's positives came without a reply.
    """
    tallies = {
        Arm.CONTROL: Tally(positive=control[0], positive_replied=control[0], replied=control[1]),
        Arm.SEGMENT: Tally(
            positive=segment[0], positive_replied=segment[0] - booked, replied=segment[1]
        ),
    }
    counts = Counts(
        control_events=control[0],
        control_total=control[2],
        segment_events=segment[0],
        segment_total=segment[2],
    )
    return fragility(
        counts, tallies, scales=partial(scales, protocol=Protocol(rule=rule), levels=LEVELS)
    )


def test_one_reply_can_be_all_there_is() -> None:
    """12 against 5 of 500 scales; 11 against 5 does not (the test passes from 12 on)."""
    assert found((5, 20, 500), (12, 30, 500)) == Fragility(
        n_replies=1, changes={Arm.CONTROL: 0, Arm.SEGMENT: -1}
    )


def test_a_no_scale_turns_by_more_in_the_segment() -> None:
    """10 against 5 needs 12 (see above): two more. With one fewer in control, 11 suffice."""
    turned = found((5, 20, 500), (10, 30, 500))
    assert turned.n_replies == 2
    assert turned.changes == {Arm.CONTROL: 0, Arm.SEGMENT: 2}


def test_without_other_replies_in_the_segment_control_has_to_turn() -> None:
    """9 against 5, nobody else replied: 9 suffice against 3 (the edges are 3: 9, 4: 11)."""
    turned = found((5, 20, 500), (9, 9, 500))
    assert turned.changes == {Arm.CONTROL: -2, Arm.SEGMENT: 0}


def test_meetings_booked_without_a_reply_stay() -> None:
    """12 against 5 of 500, all twelve booked: only control's other replies can turn it."""
    turned = found((5, 20, 500), (12, 12, 500), booked=12)
    assert turned.changes == {Arm.CONTROL: 1, Arm.SEGMENT: 0}
    assert found((5, 5, 500), (12, 12, 500), booked=12).n_replies is None


def test_no_reply_turns_what_no_reply_could_change() -> None:
    """0 against 0 without a single reply stays a no-scale."""
    nothing = found((0, 0, 500), (0, 0, 500))
    assert nothing == Fragility(n_replies=None, changes={Arm.CONTROL: 0, Arm.SEGMENT: 0})


@given(
    control=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    segment=st.tuples(st.integers(0, 10), st.integers(0, 6)),
    total=st.integers(20, 200),
    rule=st.sampled_from(list(Rule)),
)
@settings(max_examples=30, deadline=None)
def test_no_fewer_replies_turn_it(
    control: tuple[int, int], segment: tuple[int, int], total: int, rule: Rule
) -> None:
    """Every smaller change in the same directions leaves the decision as it is."""
    protocol = Protocol(rule=rule)
    turned = found((control[0], sum(control), total), (segment[0], sum(segment), total), rule=rule)

    def answer(in_segment: int, in_control: int) -> bool:
        cell = Counts(
            control_events=control[0] + in_control,
            control_total=total,
            segment_events=segment[0] + in_segment,
            segment_total=total,
        )
        return scales(cell, protocol, levels=LEVELS)

    now = answer(0, 0)
    toward = -1 if now else 1
    rooms = ((segment[0], control[1]) if now else (segment[1], control[0]),)[0]
    others = [
        n_segment + n_control
        for n_segment in range(rooms[0] + 1)
        for n_control in range(rooms[1] + 1)
        if answer(toward * n_segment, -toward * n_control) != now
    ]
    assert turned.n_replies == min(others, default=None)
    if turned.n_replies is not None:
        assert answer(turned.changes[Arm.SEGMENT], turned.changes[Arm.CONTROL]) != now
        assert sum(map(abs, turned.changes.values())) == turned.n_replies


@pytest.mark.parametrize(("control", "segment"), [(15, 27), (40, 90)])
def test_large_counts_are_no_burden(control: int, segment: int) -> None:
    """The search halves: what it finds for many replies turns it, and one fewer does not."""
    turned = found((control, 200, 500), (segment, 200, 500))
    assert turned.n_replies is not None
    protocol = Protocol()

    def answer(events: int) -> bool:
        cell = Counts(
            control_events=control + turned.changes[Arm.CONTROL],
            control_total=500,
            segment_events=events,
            segment_total=500,
        )
        return scales(cell, protocol, levels=LEVELS)

    end = segment + turned.changes[Arm.SEGMENT]
    step = 1 if turned.changes[Arm.SEGMENT] < 0 else -1
    if turned.changes[Arm.SEGMENT]:
        assert answer(end) != answer(end + step)
