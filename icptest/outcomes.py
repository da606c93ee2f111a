"""Outcomes: what happened to each contact, counting only what happened inside its window.

The window of a contact opens at its first touch and closes at its own deadline
(`business_days`). A reply counts if first_touch <= t < deadline.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from icptest.business_days import deadline
from icptest.events import Dating, EventKind, Tells
from icptest.experiment import Arm
from icptest.labels import IMPLIES_MEETING, IMPLIES_POSITIVE, UNJUDGED, label_key
from icptest.protocol import Steps
from icptest.replies import read_replies, span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from icptest.coverage import Coverage, Snapshot
    from icptest.experiment import Experiment
    from icptest.record import Fact, Member, Record
    from icptest.replies import Reply

_TOUCHES = frozenset({EventKind.SENT, EventKind.INVITE_SENT})
# Being unsubscribed or labelled proves nothing: a tool stamps both on people it never mailed.
_IMPLY_A_TOUCH = _TOUCHES | {
    EventKind.BOUNCED,
    EventKind.REPLIED,
    EventKind.OUT_OF_OFFICE,
    EventKind.OPENED,
    EventKind.CLICKED,
    EventKind.INVITE_ACCEPTED,
}
_MEETINGS = frozenset(
    {
        EventKind.MEETING_BOOKED,
        EventKind.MEETING_HELD,
        EventKind.MEETING_CANCELED,
        EventKind.MEETING_NO_SHOW,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """The first touch of a contact: it happened between `earliest` and `latest`."""

    earliest: datetime
    latest: datetime

    @property
    def exact(self) -> bool:
        """Whether its time is known, not only stated as a span."""
        return self.earliest == self.latest


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What happened to one contact.

    Attributes:
        contact: Who.
        touch: First touch, or None: never mailed, or mailed at a time nobody knows.
        contacted: Whether the contact was mailed.
        not_sent: Whether an export taken after the send window shows no first touch.
        bounced: Whether the first touch bounced.
        deadline: When the window closes; None without a first touch.
        settled: Whether the replies are in.
        replied: A human reply inside the window.
        positive: A positive reply, or a meeting booked directly, inside the window.
        meeting: A meeting booked inside the window.
        meeting_so_far: A meeting booked at any time after the first touch.
        unlabelled: Replied inside the window, and nobody has said what the reply was.
        late_reply: A human reply, but only after the window.
        undated: A counted outcome that may have happened after the window: nothing dates it.
        positive_dated: Positive by something that certainly happened inside the window.
        reply_before_send: A dated reply before the first touch; it does not count.
    """

    contact: Member
    touch: Touch | None
    contacted: bool
    bounced: bool
    deadline: datetime | None
    not_sent: bool = False
    settled: bool = False
    replied: bool = False
    positive: bool = False
    meeting: bool = False
    meeting_so_far: bool = False
    unlabelled: bool = False
    late_reply: bool = False
    undated: bool = False
    positive_dated: bool = False
    reply_before_send: bool = False

    @property
    def arm(self) -> Arm:
        """The arm the contact belongs to."""
        return self.contact.arm

    @property
    def delivered(self) -> bool:
        """Whether the contact was reached: the denominator of every rate."""
        return self.contacted and not self.bounced


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """How far the sending of the newest batch is.

    Attributes:
        started_at: Earliest first touch of the batch, or None.
        over_at: When the send window closes, or when a person said that sending was over.
        is_over: Whether an export taken then or later was ingested.
        earlier: The same of the batches before it, the first one first.
    """

    started_at: datetime | None
    over_at: datetime | None
    is_over: bool
    earlier: tuple[Sending, ...] = ()

    def of(self, look: int) -> Sending:
        """Return how far the sending of a batch is."""
        return (*self.earlier, self)[look - 1]


def read_outcomes(
    experiment: Experiment, record: Record, coverage: Coverage
) -> tuple[tuple[Outcome, ...], Sending]:
    """Return the outcome of every contact of the record, and how far the sending is."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    for fact in record.facts:
        facts[fact.contact_id].append(fact)
    positive = frozenset(label_key(label) for label in experiment.positive_labels)
    outcomes = [
        _outcome(experiment, record, coverage, contact, facts[contact.contact_id], positive)
        for contact in record.contacts.values()
    ]
    sending = _sending(experiment, record, coverage, outcomes)
    return tuple(_settle(outcome, coverage, sending) for outcome in outcomes), sending


def _outcome(
    experiment: Experiment,
    record: Record,
    coverage: Coverage,
    contact: Member,
    facts: Sequence[Fact],
    positive: frozenset[str],
) -> Outcome:
    touches = [fact for fact in facts if fact.event.kind in _TOUCHES]
    touch = first_touch(touches)
    snapshots = coverage.snapshots.get(contact.contact_id, ())
    replies = read_replies(facts, record=record, snapshots=snapshots, positive=positive)
    contacted = (
        bool(replies.human)
        or replies.bounced
        or any(fact.event.kind in _IMPLY_A_TOUCH and fact.event.label is None for fact in facts)
    )
    first_bounced = replies.bounced or any(
        fact.event.kind is EventKind.BOUNCED
        and fact.event.label is None
        and fact.event.step in {None, 1}
        for fact in facts
    )
    # A reply that a person judged proves that the mail arrived; any other "reply" of an
    # address that bounced is the bounce itself, which some tools file as a reply.
    bounced = contacted and first_bounced and not replies.judged
    outcome = Outcome(
        contact=contact,
        touch=touch,
        contacted=contacted,
        bounced=bounced,
        deadline=_deadline(experiment, touch),
    )
    if bounced:
        return outcome
    closes_at = _closing(experiment, outcome, touches)
    outcome = _count_replies(outcome, replies.human, closes_at)
    return _count_bookings(outcome, facts, closes_at, snapshots)


def first_touch(touches: Iterable[Fact]) -> Touch | None:
    """Return the first touch, or None where no fact dates it.

    A last touch is never the first: it only bounds a stated span. A dated touch of a later
    step, without one of the first, bounds it likewise.
    """
    exact: list[datetime] = []
    bounds: list[datetime] = []
    stated: list[tuple[datetime, datetime]] = []
    for fact in touches:
        event = fact.event
        if event.at is None:
            continue
        if event.dating is Dating.EXACT:
            (exact if event.step in {None, 1} else bounds).append(event.at)
        elif event.dating is Dating.LAST_TOUCH:
            bounds.append(event.at)
        elif event.dating is Dating.STATED and event.since is not None:
            stated.append((event.since, event.at))
    if exact:
        return Touch(earliest=min(exact), latest=min(exact))
    if stated:
        # Of several spans the one that ends first holds the first touch.
        earliest, until = min(stated, key=lambda span: (span[1], span[0]))
        latest = min([until, *bounds])
        return Touch(earliest=min(earliest, latest), latest=latest)
    return None


def _deadline(experiment: Experiment, touch: Touch | None) -> datetime | None:
    if touch is None:
        return None
    return deadline(
        touch.latest,
        business_days=experiment.protocol.settle_business_days,
        zone=experiment.zone,
        country=experiment.holidays,
    )


def _closing(experiment: Experiment, outcome: Outcome, touches: Iterable[Fact]) -> datetime | None:
    """Return when replies stop to count: the deadline, or the second step if it comes first."""
    if experiment.protocol.steps is Steps.ALL or outcome.touch is None:
        return outcome.deadline
    later = [
        fact.event.at
        for fact in touches
        if fact.event.at is not None
        and fact.event.dating is Dating.EXACT
        and fact.event.at > outcome.touch.latest
        and (fact.event.step is None or fact.event.step > 1)
    ]
    return min([at for at in (outcome.deadline, *later) if at is not None], default=None)


def _count_replies(
    outcome: Outcome, replies: Iterable[Reply], closes_at: datetime | None
) -> Outcome:
    replied = positive = meeting = so_far = undated = late = before = False
    judged = dated = False
    for reply in replies:
        if outcome.touch is not None and reply.until < outcome.touch.earliest:
            before = True
            continue
        so_far |= reply.label in IMPLIES_MEETING
        if closes_at is not None and reply.since >= closes_at:
            late = True
            continue
        may_be_late = closes_at is not None and reply.until >= closes_at
        undated |= may_be_late
        dated |= reply.label in IMPLIES_POSITIVE and not may_be_late
        replied = True
        judged |= reply.label is not None and reply.label not in UNJUDGED
        positive |= reply.label in IMPLIES_POSITIVE
        meeting |= reply.label in IMPLIES_MEETING
    return replace(
        outcome,
        replied=replied,
        positive=positive,
        meeting=meeting,
        meeting_so_far=so_far,
        unlabelled=replied and not judged,
        late_reply=late and not replied,
        undated=undated,
        positive_dated=dated,
        reply_before_send=before,
    )


def _count_bookings(
    outcome: Outcome,
    facts: Iterable[Fact],
    closes_at: datetime | None,
    snapshots: Sequence[Snapshot],
) -> Outcome:
    """Count meetings of a calendar: a direct booking is positive and a meeting, not a reply."""
    booked = _booked((fact for fact in facts if fact.event.label is None), outcome.touch, snapshots)
    if booked is None:
        return outcome
    since, until = booked
    in_window = closes_at is not None and since < closes_at
    dated = closes_at is not None and until < closes_at
    return replace(
        outcome,
        positive=outcome.positive or in_window,
        meeting=outcome.meeting or in_window,
        meeting_so_far=True,
        unlabelled=outcome.unlabelled and not in_window,
        undated=outcome.undated or (in_window and not dated),
        positive_dated=outcome.positive_dated or dated,
    )


def _booked(
    facts: Iterable[Fact], touch: Touch | None, snapshots: Sequence[Snapshot]
) -> tuple[datetime, datetime] | None:
    """Return between which times a meeting that still stands was first booked, or None.

    A reschedule leaves a cancelled booking and a new one: the first of them is the booking.
    What was booked before the first touch is no answer to it.
    """
    bookings: dict[object, tuple[datetime, datetime]] = {}
    cancelled: set[object] = set()
    for fact in facts:
        event = fact.event
        if event.kind not in _MEETINGS or event.at is None:
            continue
        key = event.provider_id or event.at
        if event.kind is EventKind.MEETING_CANCELED:
            cancelled.add(key)
        span = span_of(fact, snapshots, Tells.MEETINGS)
        bookings[key] = min(span, bookings.get(key, span), key=_ends_first)
    answers = {
        key: span for key, span in bookings.items() if touch is None or span[1] >= touch.earliest
    }
    if not answers.keys() - cancelled:
        return None
    return min(answers.values(), key=_ends_first)


def _ends_first(span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return span[1], span[0]


def _sending(
    experiment: Experiment, record: Record, coverage: Coverage, outcomes: Sequence[Outcome]
) -> Sending:
    batches = [
        _sending_of(experiment, record, coverage, outcomes, look)
        for look in range(1, record.look + 1)
    ]
    return replace(batches[-1], earlier=tuple(batches[:-1]))


def _sending_of(
    experiment: Experiment,
    record: Record,
    coverage: Coverage,
    outcomes: Iterable[Outcome],
    look: int,
) -> Sending:
    batch = [outcome for outcome in outcomes if outcome.contact.look == look]
    touches = [outcome.touch for outcome in batch if outcome.touch is not None]
    started_at = min((touch.earliest for touch in touches), default=None)
    done_at = record.sending_done_at
    drawn_at = next((outcome.contact.drawn_at for outcome in batch), None)
    if done_at is not None and drawn_at is not None and done_at < drawn_at:
        # It was said of the batches there were.
        done_at = None
    ends = [done_at] if done_at is not None else []
    if started_at is not None:
        ends.append(started_at + timedelta(hours=experiment.protocol.send_window_hours))
    over_at = min(ends, default=None)
    # Both lists: when each is a campaign of its own, one file says nothing of the other.
    is_over = done_at is not None or (
        over_at is not None
        and all(any(at >= over_at for at in coverage.sends_of.get((arm, look), ())) for arm in Arm)
    )
    return Sending(started_at=started_at, over_at=over_at, is_over=is_over)


def _settle(outcome: Outcome, coverage: Coverage, sending: Sending) -> Outcome:
    if not outcome.contacted:
        look = outcome.contact.look
        shown = coverage.sends_of.get((outcome.arm, look), ())
        over_at = sending.of(look).over_at
        not_sent = over_at is not None and any(at >= over_at for at in shown)
        return replace(outcome, not_sent=not_sent)
    if outcome.bounced:
        return replace(outcome, settled=True)
    until = coverage.replies_until.get(outcome.contact.contact_id)
    settled = outcome.deadline is not None and until is not None and until >= outcome.deadline
    return replace(outcome, settled=settled)
