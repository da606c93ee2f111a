"""What happened to each contact, counting only what happened inside its window.

The clock of most tests: first touch Mon 23 Nov 2026 9:00 in New York, US holidays, so the
window closes at Wed 2 Dec 00:00 there.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.coverage import cover
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.experiment import Arm
from icptest.outcomes import Touch, read_outcomes
from icptest.tallies import tally

from .strategies import (
    DAY,
    DEADLINE,
    MINUTE,
    MONDAY,
    SETTLED,
    Exports,
    booking,
    bounced,
    experiment,
    label,
    replied,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.experiment import Experiment
    from icptest.outcomes import Outcome, Sending

EXPERIMENT = experiment()
REPLY = MONDAY + DAY
BEFORE_END = DEADLINE - MINUTE


def outcomes(exports: Exports, of: Experiment = EXPERIMENT) -> tuple[list[Outcome], Sending]:
    """Return all outcomes of a record."""
    record = exports.record()
    found, sending = read_outcomes(of, record, cover(record))
    return list(found), sending


def outcome(*events: Event, of: Experiment = EXPERIMENT, **more: Any) -> Outcome:
    """Return the outcome of a contact in one export taken after the deadline."""
    return outcomes(Exports(Arm.CONTROL).add(SETTLED, {1: events}, **more), of)[0][0]


def said(found: Outcome) -> set[str]:
    """Return what an outcome says, by name."""
    names = (
        "replied",
        "positive",
        "meeting",
        "meeting_so_far",
        "unlabelled",
        "late_reply",
        "undated",
        "reply_before_send",
    )
    return {name for name in names if getattr(found, name)}


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (MONDAY, {"replied", "unlabelled"}),  # exactly at the first touch counts
        (BEFORE_END, {"replied", "unlabelled"}),
        (DEADLINE, {"late_reply"}),  # exactly at the deadline does not
        (DEADLINE + DAY / 2, {"late_reply"}),
        (MONDAY - MINUTE, {"reply_before_send"}),
    ],
)
def test_a_reply_counts_from_the_first_touch_to_the_deadline(at: Any, says: set[str]) -> None:
    """A reply counts if first_touch <= t < deadline."""
    found = outcome(sent(), replied(at))
    assert says == said(found)
    assert (
        found.touch and found.touch.latest,
        found.deadline,
        found.settled,
    ) == (MONDAY, DEADLINE, True)


def test_a_late_reply_beside_one_in_time_is_not_late() -> None:
    """Somebody who replied in time and again later has replied."""
    assert {"replied", "unlabelled"} == said(
        outcome(sent(), replied(REPLY), replied(DEADLINE + MINUTE))
    )


_EXACT = {"dating": Dating.EXACT}


@pytest.mark.parametrize(
    ("events", "says"),
    [
        # A label takes the time of the reply it describes, never the time it was set.
        ([replied(REPLY), label("Interested", DEADLINE + MINUTE)], {"replied", "positive"}),
        ([replied(REPLY), label("Interested")], {"replied", "positive"}),
        ([replied(DEADLINE), label("Interested", DEADLINE + MINUTE)], {"late_reply"}),
        ([replied(DEADLINE), label("Interested", BEFORE_END)], {"late_reply"}),
        ([replied(REPLY), label("Interested", REPLY, **_EXACT)], {"replied", "positive"}),
        # Undated, it belongs to the first human reply.
        ([replied(REPLY), replied(DEADLINE), label("Interested")], {"replied", "positive"}),
        # Paired with the later reply, the earlier one stays unlabelled.
        (
            [replied(REPLY), replied(DEADLINE), label("Interested", DEADLINE, **_EXACT)],
            {"replied", "unlabelled"},
        ),
        ([replied(REPLY), label("Not Interested")], {"replied"}),
        ([replied(REPLY), label("Wrong Person")], {"replied"}),
        ([replied(REPLY), label("Whatever")], {"replied", "unlabelled"}),
        ([replied(REPLY), label("Uncategorized")], {"replied", "unlabelled"}),
        (
            [replied(REPLY), label("Meeting Booked")],
            {"replied", "positive", "meeting", "meeting_so_far"},
        ),
        ([replied(DEADLINE), label("Meeting Booked")], {"meeting_so_far", "late_reply"}),
        # A label is not a reply.
        ([label("Not Interested")], set()),
        ([label("Whatever")], set()),
        # A positive label implies one; undated only if it may have come late.
        ([label("Interested", BEFORE_END)], {"replied", "positive"}),
        ([label("Interested", DEADLINE)], {"replied", "positive", "undated"}),
        ([label("Interested")], {"replied", "positive", "undated"}),
        # A label that tells the time of its reply tells of that reply.
        ([label("Interested", REPLY, **_EXACT)], {"replied", "positive"}),
        ([label("Interested", DEADLINE, **_EXACT)], {"late_reply"}),
        # An out-of-office is not a reply, a bounce is not a reply.
        ([replied(REPLY), label("Out of office", REPLY + MINUTE)], set()),
        ([replied(REPLY), label("Out of office", REPLY, **_EXACT)], set()),
        ([replied(REPLY), booking(REPLY, EventKind.OUT_OF_OFFICE)], set()),
        ([replied(REPLY), booking(REPLY + MINUTE / 2, EventKind.OUT_OF_OFFICE)], set()),
        # They disown replies up to when they were set; a later human reply counts.
        (
            [replied(REPLY), label("Out of office", REPLY + MINUTE), replied(REPLY + DAY)],
            {"replied", "unlabelled"},
        ),
        (
            [
                replied(REPLY),
                label("Out of office", REPLY, **_EXACT),
                replied(REPLY + DAY),
                label("Interested"),
            ],
            {"replied", "positive"},
        ),
        (
            [
                replied(REPLY),
                booking(REPLY, EventKind.OUT_OF_OFFICE),
                replied(REPLY + DAY),
                label("Interested", SETTLED),
            ],
            {"replied", "positive"},
        ),
        # Nothing at all.
        ([], set()),
        ([booking(REPLY, EventKind.OPENED), booking(REPLY, EventKind.CLICKED)], set()),
    ],
)
def test_what_was_said_of_replies(events: Sequence[Event], says: set[str]) -> None:
    """Every rule about labels and replies."""
    for order in itertools.permutations(events):
        assert says == said(outcome(sent(), *order))


def test_an_undated_reply_counts_and_is_marked_if_it_may_be_late() -> None:
    """It lies between the last export without it and the first export with it."""
    early, late, later = DEADLINE - DAY, SETTLED, SETTLED + DAY
    before = [sent()]
    after = [sent(), replied(None), label("Interested")]

    def read(*exports: tuple[Any, Sequence[Event]]) -> set[str]:
        made = Exports(Arm.CONTROL)
        for at, events in exports:
            made.add(at, {1: events})
        return said(outcomes(made)[0][0])

    assert {"replied", "positive"} == read((early, after))
    assert {"replied", "positive", "undated"} == read((late, after))
    assert {"replied", "positive", "undated"} == read((early, before), (late, after))
    assert {"late_reply"} == read((late, before), (later, after))
    # An export that does not tell replies is none without the reply.
    blind = Exports(Arm.CONTROL).add(late, {1: before}, tells={Tells.SENDS})
    assert {"replied", "positive", "undated"} == said(outcomes(blind.add(later, {1: after}))[0][0])


@pytest.mark.parametrize(
    ("told", "says"),
    [
        # Smartlead statistics date the reply, its leads export says "has replied" beside it.
        ([replied(DEADLINE + MINUTE), label("Interested")], {"late_reply"}),
        ([replied(REPLY), label("Interested")], {"replied", "positive"}),
        # What the snapshot takes for a reply is the automatic one that Instantly's e-mails date.
        ([booking(REPLY, EventKind.OUT_OF_OFFICE)], set()),
        # Nothing dates it: it counts, and is marked.
        ([label("Interested")], {"replied", "positive", "undated"}),
    ],
)
def test_an_undated_reply_is_the_dated_one_of_another_export(
    told: list[Event], says: set[str]
) -> None:
    """A snapshot that says "has replied" tells of no reply beside those that are dated."""
    exports = Exports(Arm.CONTROL).add(SETTLED + DAY, {1: [sent(), replied(None), *told]})
    assert says == said(outcomes(exports)[0][0])


def test_a_positive_label_that_first_shows_long_after_the_window_is_late() -> None:
    """An export after the deadline that tells replies showed none: the reply came later."""
    exports = Exports(Arm.CONTROL).add(SETTLED, {1: [sent()]})
    exports.add(SETTLED + DAY, {1: [sent(), label("Interested")]})
    assert {"late_reply"} == said(outcomes(exports)[0][0])


def test_a_positive_reply_known_in_time_stays_dated_when_its_label_moves_on() -> None:
    """It was "Interested" in an export inside the window, "Meeting Booked" in one long after."""
    exports = Exports(Arm.CONTROL).add(BEFORE_END, {1: [sent(), label("Interested")]})
    exports.add(SETTLED + DAY, {1: [sent(), label("Meeting Booked")]})
    assert {"replied", "positive", "meeting", "meeting_so_far"} == said(outcomes(exports)[0][0])


@pytest.mark.parametrize(
    ("day", "says"),
    [
        # By hand, New York: 1 Dec is the last day of the window, 2 Dec is after it.
        (-1, {"replied", "positive"}),
        (0, {"late_reply"}),
    ],
)
def test_a_reply_of_which_only_the_date_is_known(day: int, says: set[str]) -> None:
    """A date is a time between two: inside, or wholly after the window."""
    since = DEADLINE + day * DAY
    stated = {"dating": Dating.STATED, "since": since}
    until = since + DAY - MINUTE
    found = outcome(sent(), replied(until, **stated), label("Interested", until, **stated))
    assert says == said(found)


def test_a_reply_stated_over_the_deadline_counts_and_is_marked() -> None:
    """It may have come in time."""
    stated = {"dating": Dating.STATED, "since": DEADLINE - DAY}
    found = outcome(sent(), replied(DEADLINE + DAY, **stated))
    assert {"replied", "unlabelled", "undated"} == said(found)


def test_the_latest_label_of_a_contact_holds() -> None:
    """A label that was changed counts as it is now, in whatever order the files came."""
    first = (REPLY, [sent(), replied(REPLY), label("Interested")])
    then = (SETTLED, [sent(), replied(REPLY), label("Not Interested")])
    for order in ([first, then], [then, first]):
        exports = Exports(Arm.CONTROL)
        for at, events in order:
            exports.add(at, {1: events})
        assert {"replied"} == said(outcomes(exports)[0][0])
    dated = outcome(
        sent(), replied(REPLY), label("Not Interested", REPLY + DAY), label("Interested", SETTLED)
    )
    assert {"replied", "positive"} == said(dated)


@pytest.mark.parametrize(
    ("later", "says"),
    [
        ({}, {"replied", "unlabelled"}),
        # Another kind of file, another tool, a stream or a file without labels withdraw nothing.
        ({"layout": "statistics"}, {"replied", "positive"}),
        ({"source": "other"}, {"replied", "positive"}),
        ({"form": Form.STREAM}, {"replied", "positive"}),
        ({"tells": {Tells.SENDS, Tells.REPLIES}}, {"replied", "positive"}),
        # Nor does the same kind of file of another campaign.
        ({"campaign": "another"}, {"replied", "positive"}),
    ],
)
def test_a_label_that_a_later_snapshot_does_not_show_is_withdrawn(
    later: dict[str, Any], says: set[str]
) -> None:
    """A person took it back; only the same kind of file can show that."""
    exports = Exports(Arm.CONTROL)
    shown = [sent(), replied(REPLY), label("Interested", campaign="one")]
    exports.add(REPLY + DAY, {1: shown}, campaign="one")
    exports.add(SETTLED, {1: [sent(), replied(REPLY)]}, **{"campaign": "one", **later})
    assert says == said(outcomes(exports)[0][0])


def test_a_mapped_label_counts_as_it_was_mapped() -> None:
    """`map-label` gives a label of a source its meaning in this test, and of no other source."""
    exports = Exports(Arm.CONTROL).add(SETTLED, {1: [sent(), replied(REPLY), label("Hot Lead")]})
    exports.meanings["other", "hot lead"] = EventKind.POSITIVE_REPLY
    assert {"replied", "unlabelled"} == said(outcomes(exports)[0][0])
    exports.meanings["tool", "hot lead"] = EventKind.POSITIVE_REPLY
    assert {"replied", "positive"} == said(outcomes(exports)[0][0])


@pytest.mark.parametrize(
    ("positive", "written", "says"),
    [
        (("Interested", "Send pricing"), "send-pricing", {"replied", "positive"}),
        (("Interested",), "Information Request", {"replied"}),
        (("Interested",), "Send pricing", {"replied", "unlabelled"}),
    ],
)
def test_the_registration_names_the_positive_labels(
    positive: tuple[str, ...], written: str, says: set[str]
) -> None:
    """A label it adds counts, one it leaves out does not."""
    found = outcome(sent(), replied(REPLY), label(written), of=experiment(positive=positive))
    assert says == said(found)


# --- the first touch


@pytest.mark.parametrize(
    ("touches", "span"),
    [
        ([sent()], (MONDAY, MONDAY)),
        ([sent(step=1), sent(MONDAY + 3 * DAY, step=2)], (MONDAY, MONDAY)),
        ([sent(MONDAY + DAY), sent()], (MONDAY, MONDAY)),
        # A last touch never starts a clock.
        ([sent(dating=Dating.LAST_TOUCH)], None),
        ([sent(dating=Dating.LAST_TOUCH), sent(None)], None),
        ([sent(MONDAY + DAY, dating=Dating.LAST_TOUCH), sent()], (MONDAY, MONDAY)),
        # Nor does the second step, without the first.
        ([sent(step=2)], None),
        ([sent(None)], None),
        # A stated span does, and the other kinds bound it.
        ([sent(MONDAY, dating=Dating.STATED, since=MONDAY - DAY)], (MONDAY - DAY, MONDAY)),
        (
            [
                sent(MONDAY + 2 * DAY, dating=Dating.STATED, since=MONDAY),
                sent(MONDAY + DAY, step=2),
            ],
            (MONDAY, MONDAY + DAY),
        ),
        (
            [
                sent(MONDAY + 2 * DAY, dating=Dating.STATED, since=MONDAY),
                sent(MONDAY + DAY, dating=Dating.LAST_TOUCH),
            ],
            (MONDAY, MONDAY + DAY),
        ),
        # Of two spans the one that ends first holds the first touch.
        (
            [
                sent(MONDAY + 2 * DAY, dating=Dating.STATED, since=MONDAY, campaign="a"),
                sent(MONDAY + 3 * DAY, dating=Dating.STATED, since=MONDAY + DAY, campaign="b"),
            ],
            (MONDAY, MONDAY + 2 * DAY),
        ),
        (
            [
                sent(MONDAY + DAY, dating=Dating.STATED, since=MONDAY, campaign="a"),
                sent(MONDAY + 9 * DAY, dating=Dating.STATED, since=MONDAY + 8 * DAY, campaign="b"),
            ],
            (MONDAY, MONDAY + DAY),
        ),
        # An exact time goes before a stated one.
        (
            [sent(MONDAY + 2 * DAY, dating=Dating.STATED, since=MONDAY - DAY), sent()],
            (MONDAY, MONDAY),
        ),
    ],
)
def test_the_first_touch(touches: Sequence[Event], span: tuple[Any, Any] | None) -> None:
    """Exact first sends, else a stated span; last touches and later steps only bound it."""
    expected = None if span is None else Touch(earliest=span[0], latest=span[1])
    for order in itertools.permutations(touches):
        found = outcome(*order)
        assert expected == found.touch
        assert found.contacted
        assert (expected is None) == (found.deadline is None)
    assert expected is None or expected.exact == (expected.earliest == expected.latest)


def test_without_a_first_touch_nothing_settles() -> None:
    """The window is unknown, so the verdict waits, and says for whom."""
    found = outcome(sent(dating=Dating.LAST_TOUCH), replied(REPLY), label("Interested"))
    assert (found.contacted, found.touch, found.settled) == (True, None, False)
    assert tally([found]).undatable == 1


def test_the_clock_of_a_stated_send_starts_at_its_end() -> None:
    """The window closes late enough for the last of them; replies count from the first."""
    stated = sent(MONDAY, dating=Dating.STATED, since=MONDAY - 3 * DAY)
    found = outcome(stated, replied(MONDAY - 2 * DAY))
    assert ({"replied", "unlabelled"}, DEADLINE) == (said(found), found.deadline)
    assert {"reply_before_send"} == said(outcome(stated, replied(MONDAY - 4 * DAY)))


FIRST = experiment(steps="first")


@pytest.mark.parametrize(
    ("of", "at", "says"),
    [
        (FIRST, REPLY, {"replied", "unlabelled"}),
        (FIRST, MONDAY + 2 * DAY - MINUTE, {"replied", "unlabelled"}),
        (FIRST, MONDAY + 2 * DAY, {"late_reply"}),
        (EXPERIMENT, MONDAY + 2 * DAY, {"replied", "unlabelled"}),
    ],
)
def test_steps_first_counts_replies_until_the_second_step(
    of: Experiment, at: Any, says: set[str]
) -> None:
    """Replies count only until the contact's second step goes out."""
    found = outcome(sent(step=1), sent(MONDAY + 2 * DAY, step=2), replied(at), of=of)
    assert says == said(found)
    assert found.deadline == DEADLINE


def test_steps_first_without_a_second_step_ends_at_the_deadline() -> None:
    """Whoever got one mail has the whole window."""
    assert {"replied", "unlabelled"} == said(outcome(sent(), replied(BEFORE_END), of=FIRST))
    assert {"late_reply"} == said(outcome(sent(), replied(DEADLINE), of=FIRST))
    assert {"replied", "unlabelled"} == said(
        outcome(sent(dating=Dating.LAST_TOUCH), replied(BEFORE_END), of=FIRST)
    )


# --- bounces, and people who were never mailed


@pytest.mark.parametrize(
    ("events", "reached"),
    [
        ([sent(), bounced()], False),
        ([bounced(MONDAY)], False),  # a bounce implies a send
        ([sent(), bounced(step=1)], False),
        ([sent(), bounced(step=2)], True),  # the first mail arrived
        ([sent(), label("Bounced")], False),
        ([sent(), bounced(), replied(REPLY)], False),  # the "reply" is the bounce itself
        ([sent(), bounced(), replied(REPLY), label("Interested")], True),
        ([sent(), bounced(), replied(REPLY), label("Whatever")], False),
        ([sent(), replied(REPLY), label("Sender Originated Bounce", REPLY + MINUTE)], False),
    ],
)
def test_a_contact_whose_first_mail_bounced_is_not_reached(
    events: Sequence[Event], reached: bool
) -> None:
    """Delivered is contacted without a bounce; a judged reply proves that the mail arrived."""
    found = outcome(*events)
    assert (True, not reached, reached) == (found.contacted, found.bounced, found.delivered)
    assert reached or not said(found)


@pytest.mark.parametrize("dating", [Dating.EXACT, Dating.UNDATED, Dating.LABEL_SET])
def test_a_reply_that_a_label_calls_a_bounce_is_a_bounce(dating: Dating) -> None:
    """Smartlead files a bounce as a reply of the category Sender Originated Bounce."""
    at = None if dating is Dating.UNDATED else REPLY
    bounce = Event(kind=EventKind.BOUNCED, at=at, dating=dating, label="Sender Originated Bounce")
    found = outcome(sent(), bounce)
    assert (found.contacted, found.bounced, found.delivered) == (True, True, False)


def test_a_bounced_contact_need_not_settle() -> None:
    """There is nothing to wait for, whatever the time."""
    exports = Exports(Arm.CONTROL).add(MONDAY + MINUTE, {1: [sent(), bounced()]})
    assert outcomes(exports)[0][0].settled


@pytest.mark.parametrize(
    ("event", "contacted"),
    [
        (sent(), True),
        (sent(None), True),
        (replied(REPLY), True),
        (booking(REPLY, EventKind.INVITE_SENT), True),
        (booking(REPLY, EventKind.OPENED), True),
        (label("Interested"), True),  # a reply implies a send
        (booking(None, EventKind.UNSUBSCRIBED), False),  # stamped on people never mailed
        (label("Not Interested"), False),
        (label("Unsubscribed"), False),
        (label("Out of office"), False),
        (label("Bounced"), True),  # what bounced was sent
        (booking(REPLY), False),  # a booking by somebody nobody has mailed
    ],
)
def test_what_proves_that_somebody_was_mailed(event: Event, contacted: bool) -> None:
    """Being unsubscribed or labelled does not; a reply, an opening or a click does."""
    found = outcome(event)
    assert contacted == found.contacted
    assert contacted or not tally([found]).delivered


# --- meetings


HELD, CANCELLED = EventKind.MEETING_HELD, EventKind.MEETING_CANCELED
DIRECT = {"positive", "meeting", "meeting_so_far"}


@pytest.mark.parametrize(
    ("events", "says"),
    [
        # A booking made directly counts as positive and as a meeting, not as a reply.
        ([booking(REPLY)], DIRECT),
        ([booking(BEFORE_END)], DIRECT),
        ([booking(DEADLINE)], {"meeting_so_far"}),
        ([booking(MONDAY - MINUTE)], set()),  # booked before the send
        ([booking(MONDAY)], DIRECT),
        ([booking(REPLY, provider_id="1"), booking(SETTLED, HELD, provider_id="1")], DIRECT),
        ([booking(REPLY, EventKind.MEETING_NO_SHOW, provider_id="1")], DIRECT),
        # Cancelled; and a reschedule is a cancelled booking and a new one.
        ([booking(REPLY, provider_id="1"), booking(SETTLED, CANCELLED, provider_id="1")], set()),
        (
            [booking(REPLY, CANCELLED, provider_id="1"), booking(DEADLINE, provider_id="2")],
            DIRECT,
        ),
        (
            [booking(DEADLINE, CANCELLED, provider_id="1"), booking(SETTLED, provider_id="2")],
            {"meeting_so_far"},
        ),
        # A meeting that was booked and cancelled before the send is not this one's beginning.
        (
            [booking(MONDAY - DAY, CANCELLED, provider_id="1"), booking(REPLY, provider_id="2")],
            DIRECT,
        ),
        # With an unlabelled reply: the booking says what the reply was.
        ([replied(REPLY), booking(REPLY + MINUTE)], DIRECT | {"replied"}),
        ([replied(REPLY), booking(DEADLINE)], {"replied", "unlabelled", "meeting_so_far"}),
        ([replied(REPLY), label("Not Interested"), booking(BEFORE_END)], DIRECT | {"replied"}),
        # Undated, it counts, and is marked if it may have come late.
        ([booking(None)], DIRECT | {"undated"}),
        ([booking(DEADLINE, dating=Dating.STATED, since=BEFORE_END)], DIRECT | {"undated"}),
        ([booking(SETTLED, dating=Dating.STATED, since=DEADLINE)], {"meeting_so_far"}),
    ],
)
def test_meetings_of_a_calendar(events: Sequence[Event], says: set[str]) -> None:
    """Meetings are reported in the window and so far."""
    for order in itertools.permutations(events):
        assert says == said(outcome(sent(), *order))


@pytest.mark.parametrize(
    ("events", "n"),
    [
        ([replied(REPLY), label("Interested"), booking(None)], 0),
        ([replied(REPLY), label("Interested", REPLY, **_EXACT), replied(None, campaign="b")], 0),
        ([booking(REPLY), label("Interested")], 0),
        ([booking(None)], 1),
        ([label("Interested")], 1),
        ([replied(None)], 0),  # not positive
    ],
)
def test_a_positive_outcome_is_undated_only_if_nothing_dates_it(
    events: Sequence[Event], n: int
) -> None:
    """Leaving out an undated event takes no outcome away that a dated one shows too."""
    assert tally([outcome(sent(), *events)]).undated_positive == n


# --- settling, and never mailed


def test_settled_means_an_export_after_the_deadline_that_covers_the_contact() -> None:
    """An export taken a moment earlier does not settle, one at the deadline does."""
    for at, settled in ((DEADLINE - MINUTE, False), (DEADLINE, True)):
        exports = Exports(Arm.CONTROL, Arm.SEGMENT).add(MONDAY + DAY, {1: [sent()], 2: [sent()]})
        exports.add(at, {1: [sent()]})
        assert [settled, False] == [one.settled for one in outcomes(exports)[0]]


def test_an_export_without_replies_settles_nothing() -> None:
    """Only a source that reports replies for that contact can settle it."""
    exports = Exports(Arm.CONTROL).add(SETTLED, {1: [sent()]}, tells={Tells.SENDS, Tells.BOUNCES})
    assert not outcomes(exports)[0][0].settled


def test_a_stream_settles_everyone_its_tool_has_shown_in_the_campaign() -> None:
    """Silence in a stream is an answer for people of the campaign, and for no others."""
    arms = (Arm.CONTROL,) * 4
    exports = Exports(*arms)
    exports.stream(MONDAY + DAY, {1: [sent()], 2: [sent()]}, campaign="a")
    exports.stream(MONDAY + DAY, {3: [sent()]}, campaign="b")
    exports.stream(MONDAY + DAY, {4: [sent()]}, campaign="a", source="other")
    exports.stream(SETTLED, {1: [replied(REPLY)]}, campaign="a")
    assert [one.settled for one in outcomes(exports)[0]] == [True, True, False, False]


def test_a_snapshot_settles_only_those_who_stand_in_it() -> None:
    """Two campaigns of one tool, of which one was exported again."""
    exports = Exports(Arm.CONTROL, Arm.SEGMENT)
    exports.add(MONDAY + DAY, {1: [sent()]}, campaign="a")
    exports.add(MONDAY + DAY, {2: [sent()]}, campaign="b")
    exports.add(SETTLED, {2: [sent()]}, campaign="b")
    assert [one.settled for one in outcomes(exports)[0]] == [False, True]


def test_never_mailed_is_known_only_after_the_send_window_and_for_that_arm() -> None:
    """An export inside the window, or of the other list, does not tell who was left out."""
    over = MONDAY + 2 * DAY  # by hand: 48 hours after the first touch
    arms = (Arm.CONTROL, Arm.CONTROL, Arm.SEGMENT, Arm.SEGMENT)

    def not_sent(*exports: tuple[Any, dict[int, Sequence[Event]]]) -> list[bool]:
        made = Exports(*arms)
        for at, rows in exports:
            made.add(at, rows)
        return [one.not_sent for one in outcomes(made)[0]]

    control: dict[int, Sequence[Event]] = {1: [sent()], 2: []}
    segment: dict[int, Sequence[Event]] = {3: [sent()]}
    assert not_sent((over - MINUTE, control | segment)) == [False] * 4
    assert not_sent((over - MINUTE, segment), (over, control)) == [False, True, False, False]
    assert not_sent((over, control | segment)) == [False, True, False, True]


def test_an_export_that_tells_no_sends_says_nothing_of_never_mailed() -> None:
    """A calendar shows who booked, not who was mailed."""
    exports = Exports(Arm.CONTROL, Arm.CONTROL).add(MONDAY, {1: [sent()]})
    exports.stream(SETTLED, {1: [booking(REPLY)]}, tells={Tells.MEETINGS}, source="calendar")
    found, sending = outcomes(exports)
    assert not found[1].not_sent
    assert not sending.is_over


def test_sending_done_ends_the_sending() -> None:
    """`--sending-done` says that nobody else will be mailed, before the window is over."""
    exports = Exports(Arm.CONTROL, Arm.SEGMENT, Arm.SEGMENT)
    exports.add(MONDAY + DAY, {1: [sent()], 2: [sent()]})
    assert not outcomes(exports)[1].is_over
    exports.more["sending_done_at"] = MONDAY + DAY
    found, sending = outcomes(exports)
    assert (sending.is_over, sending.over_at, sending.started_at) == (True, MONDAY + DAY, MONDAY)
    assert [one.not_sent for one in found] == [False, False, True]


def test_sending_is_over_when_both_lists_were_exported_after_the_window() -> None:
    """When each list is a campaign of its own, one file says nothing of the other."""
    exports = Exports().add(SETTLED, {1: [sent()]})
    assert not outcomes(exports)[1].is_over
    exports.add(SETTLED, {2: [sent()]})
    assert outcomes(exports)[1].is_over


def test_without_any_export_nothing_is_known() -> None:
    """Everybody is assigned, nobody mailed, nobody known as never mailed."""
    found, sending = outcomes(Exports())
    assert (sending.started_at, sending.over_at, sending.is_over) == (None, None, False)
    assert [(one.contacted, one.not_sent, one.settled) for one in found] == [
        (False, False, False)
    ] * 2


# --- whatever comes


_times = st.sampled_from([MONDAY - MINUTE, MONDAY, REPLY, BEFORE_END, DEADLINE, DEADLINE + DAY / 2])
_labels = st.sampled_from(
    ["Interested", "Not Interested", "Out of office", "Bounced", "Meeting Booked", "Whatever"]
)
_event = st.one_of(
    st.builds(sent, st.none() | _times, step=st.sampled_from([None, 1, 2])),
    st.builds(replied, st.none() | _times),
    st.builds(bounced, st.none() | _times, step=st.sampled_from([None, 2])),
    st.builds(label, _labels, st.none() | _times),
    st.builds(label, _labels, _times, dating=st.just(Dating.EXACT)),
    st.builds(booking, _times, st.sampled_from([EventKind.MEETING_BOOKED, CANCELLED])),
)


@settings(max_examples=100, deadline=None)
@given(events=st.lists(_event, max_size=6), random=st.randoms(use_true_random=False))
def test_every_outcome_is_consistent_whatever_the_order_of_facts(
    events: list[Event], random: Any
) -> None:
    """Outcomes imply each other as their names say, and no order of rows changes them."""
    found = outcome(*events)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert found == outcome(*shuffled)
    assert found.contacted or not (found.replied or found.bounced or found.settled)
    assert found.delivered or not (found.replied or found.meeting) or not found.contacted
    assert found.replied or not found.unlabelled
    assert found.meeting_so_far or not found.meeting
    assert found.positive or not found.meeting
    assert not (found.positive and found.unlabelled)
    assert not (found.late_reply and found.replied)
    assert not (found.settled and found.not_sent)
    assert found.touch is not None or found.deadline is None
    assert found.contacted or not found.touch
    assert found.arm is Arm.CONTROL
