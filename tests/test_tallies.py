"""The outcomes of each arm, counted; and the arms of campaigns that already ran."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.coverage import cover
from icptest.experiment import Arm
from icptest.outcomes import Outcome, read_outcomes
from icptest.record import Member
from icptest.tallies import Measure, arms_by_campaign, by_arm, join_in_time, tally

from .strategies import DAY, MONDAY, SETTLED, Exports, booking, experiment, label, replied, sent

if TYPE_CHECKING:
    from icptest.outcomes import Touch

RAN = experiment(campaigns=(("Old",), ("New", "4711")))

_outcome = st.builds(
    Outcome,
    contact=st.sampled_from(Arm).map(lambda arm: Member(contact_id=1, arm=arm, account="a.com")),
    touch=st.none(),
    contacted=st.booleans(),
    bounced=st.booleans(),
    deadline=st.none(),
    replied=st.booleans(),
    positive=st.booleans(),
    meeting=st.booleans(),
    meeting_so_far=st.booleans(),
    unlabelled=st.booleans(),
    late_reply=st.booleans(),
    settled=st.booleans(),
    not_sent=st.booleans(),
)


@given(st.lists(_outcome, max_size=12))
def test_a_tally_is_bounded_by_its_denominator(outcomes: list[Outcome]) -> None:
    """Delivered is contacted without bounces, and no outcome counts outside of it."""
    one = tally(outcomes)
    reached = [outcome for outcome in outcomes if outcome.contacted and not outcome.bounced]
    assert (len(outcomes), len(reached)) == (one.assigned, one.delivered)
    assert all(0 <= one.events(measure) <= one.delivered for measure in Measure)
    assert max(one.unlabelled, one.late_replies, one.meetings_so_far) <= one.delivered
    assert one.unsettled == sum(not (each.settled or each.not_sent) for each in outcomes)
    groups = by_arm(outcomes)
    assert sum(map(len, groups.values())) == len(outcomes)
    assert all(each.arm is arm for arm, group in groups.items() for each in group)


def test_every_number_of_a_tally_counts_contacts() -> None:
    """Five people counted by hand: one positive, one late, one bounced, one never mailed."""
    exports = Exports(*[Arm.CONTROL] * 5)
    exports.add(
        SETTLED,
        {
            1: [
                sent(),
                replied(MONDAY + DAY),
                replied(MONDAY + 2 * DAY),
                label("Interested"),
                booking(MONDAY + 3 * DAY),
            ],
            2: [sent(), replied(SETTLED - DAY / 2)],
            3: [sent(), booking(None, kind=label("Bounced").kind)],
            4: [],
            5: [sent(), replied(MONDAY + DAY), booking(SETTLED - DAY / 2)],
        },
    )
    record = exports.record()
    outcomes, _ = read_outcomes(experiment(), record, cover(record))
    one = tally(outcomes, apart=9)
    assert (
        one.assigned,
        one.not_sent,
        one.contacted,
        one.bounced,
        one.delivered,
    ) == (5, 1, 4, 1, 3)
    assert (
        one.replied,
        one.positive,
        one.meetings,
        one.meetings_so_far,
        one.unlabelled,
        one.late_replies,
    ) == (2, 1, 1, 2, 1, 1)
    assert tuple(
        one.events(measure) for measure in (Measure.REPLIED, Measure.POSITIVE, Measure.MEETINGS)
    ) == (2, 1, 1)
    assert (one.unsettled, one.apart) == (0, 9)


# --- campaigns that already ran


def _ran(times: dict[Arm, list[datetime | None]]) -> tuple[dict[Arm, list[Touch | None]], int]:
    arms = [arm for arm in Arm for _ in times[arm]]
    at = [each for arm in Arm for each in times[arm]]
    exports = Exports(*arms)
    exports.add(
        SETTLED + 30 * DAY,
        {number: [] if each is None else [sent(each)] for number, each in enumerate(at, start=1)},
    )
    record = exports.record()
    outcomes, _ = read_outcomes(RAN, record, cover(record))
    groups, n_apart = join_in_time(RAN, by_arm(outcomes))
    return {arm: [each.touch for each in group] for arm, group in groups.items()}, n_apart


def test_control_joins_between_the_first_and_last_touch_of_the_segment() -> None:
    """Both ends are inside; who was mailed in another week stands apart."""
    last = MONDAY + 3 * DAY
    tick = timedelta(microseconds=1)
    groups, n_apart = _ran(
        {
            Arm.SEGMENT: [MONDAY, last, MONDAY + DAY],
            Arm.CONTROL: [MONDAY - tick, MONDAY, MONDAY + DAY, last, last + tick, None],
        }
    )
    assert n_apart == 2
    assert [MONDAY, MONDAY + DAY, last, None] == [
        touch and touch.latest for touch in groups[Arm.CONTROL]
    ]
    assert len(groups[Arm.SEGMENT]) == 3


def test_before_the_segment_was_mailed_nobody_stands_apart() -> None:
    """Without a first touch of the segment there is no span."""
    groups, n_apart = _ran({Arm.SEGMENT: [None], Arm.CONTROL: [MONDAY, None]})
    assert (len(groups[Arm.CONTROL]), n_apart) == (2, 0)


def test_drawn_arms_are_not_joined_in_time() -> None:
    """A drawn contact belongs to its arm whenever it was mailed."""
    exports = Exports().add(SETTLED, {1: [sent(MONDAY - 9 * DAY)], 2: [sent()]})
    record = exports.record()
    outcomes, _ = read_outcomes(experiment(), record, cover(record))
    groups, n_apart = join_in_time(experiment(), by_arm(outcomes))
    assert (by_arm(outcomes), 0) == (groups, n_apart)


@pytest.mark.parametrize(
    ("old", "new", "arm"),
    [
        (MONDAY, MONDAY + DAY, Arm.CONTROL),
        (MONDAY + DAY, MONDAY, Arm.SEGMENT),
        # By hand: September is before November, the 9th before the 10th.
        (datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC), Arm.SEGMENT),
        (datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC), Arm.CONTROL),
    ],
)
def test_who_stands_in_both_campaigns_belongs_to_the_one_that_mailed_first(
    old: datetime, new: datetime, arm: Arm
) -> None:
    """Times are compared as times; and how many stand in both is counted."""
    rows = [("Old", old), ("4711", new)]
    for order in itertools.permutations(rows):
        for assigned in Arm:
            exports = Exports(assigned, Arm.CONTROL)
            for campaign, at in order:
                exports.add(SETTLED, {1: [sent(at, campaign=campaign)]}, campaign=campaign)
            exports.add(SETTLED, {2: [sent(campaign="Old")]}, campaign="Old")
            record, n_in_both = arms_by_campaign(RAN, exports.record())
            assert [arm, Arm.CONTROL] == [record.contacts[number].arm for number in (1, 2)]
            assert n_in_both == 1


def test_other_campaigns_of_the_tool_are_not_this_test() -> None:
    """Facts of a campaign nobody registered are left out; those without one stay."""
    exports = Exports(Arm.CONTROL)
    exports.add(
        SETTLED,
        {1: [sent(campaign="Old"), sent(MONDAY - DAY, campaign="Newsletter"), booking(SETTLED)]},
        campaign="Old",
    )
    record, n_in_both = arms_by_campaign(RAN, exports.record())
    assert {"Old", None} == {fact.event.campaign for fact in record.facts}
    assert n_in_both == 0


def test_drawn_contacts_are_known_by_assignment_not_by_campaign() -> None:
    """Nothing changes where both arms are lists."""
    exports = Exports().add(SETTLED, {1: [sent(campaign="x")]}, campaign="x")
    record = exports.record()
    assert (record, 0) == arms_by_campaign(experiment(), record)
