"""Tallies: the outcomes of each arm, counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.events import EventKind
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from icptest.experiment import Experiment
    from icptest.outcomes import Outcome
    from icptest.record import Record


class Measure(StrEnum):
    """What is compared between the arms."""

    POSITIVE = "positive"
    REPLIED = "replied"
    MEETINGS = "meetings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The outcomes of one arm, as numbers of contacts.

    `delivered` is the denominator of every rate. `apart` counts contacts of a campaign that
    already ran who were mailed outside the span in which the segment was; they are in no
    other number. `unsettled` is everyone the verdict still waits for, `undatable` those of
    them who were mailed at a time no export tells. `positive_replied` are the positive ones who
    replied: who booked a meeting without a reply is not among them.
    """

    assigned: int = 0
    not_sent: int = 0
    contacted: int = 0
    bounced: int = 0
    delivered: int = 0
    replied: int = 0
    positive: int = 0
    positive_replied: int = 0
    meetings: int = 0
    meetings_so_far: int = 0
    unlabelled: int = 0
    late_replies: int = 0
    undated_positive: int = 0
    reply_before_send: int = 0
    unsettled: int = 0
    undatable: int = 0
    apart: int = 0

    def events(self, measure: Measure) -> int:
        """Return how many contacts had an outcome."""
        return {
            Measure.POSITIVE: self.positive,
            Measure.REPLIED: self.replied,
            Measure.MEETINGS: self.meetings,
        }[measure]


def happened(outcome: Outcome, measure: Measure) -> bool:
    """Tell whether somebody who was reached had an outcome."""
    return {
        Measure.POSITIVE: outcome.positive,
        Measure.REPLIED: outcome.replied,
        Measure.MEETINGS: outcome.meeting,
    }[measure]


def tally(outcomes: Iterable[Outcome], *, apart: int = 0) -> Tally:
    """Count the outcomes of one arm."""
    group = list(outcomes)
    reached = [outcome for outcome in group if outcome.delivered]
    return Tally(
        assigned=len(group),
        not_sent=sum(outcome.not_sent for outcome in group),
        contacted=sum(outcome.contacted for outcome in group),
        bounced=sum(outcome.bounced for outcome in group),
        delivered=len(reached),
        replied=sum(outcome.replied for outcome in reached),
        positive=sum(outcome.positive for outcome in reached),
        positive_replied=sum(outcome.positive and outcome.replied for outcome in reached),
        meetings=sum(outcome.meeting for outcome in reached),
        meetings_so_far=sum(outcome.meeting_so_far for outcome in reached),
        unlabelled=sum(outcome.unlabelled for outcome in reached),
        late_replies=sum(outcome.late_reply for outcome in reached),
        undated_positive=sum(
            outcome.positive and not outcome.positive_dated for outcome in reached
        ),
        reply_before_send=sum(outcome.reply_before_send for outcome in reached),
        unsettled=sum(not (outcome.settled or outcome.not_sent) for outcome in group),
        undatable=sum(outcome.contacted and outcome.touch is None for outcome in reached),
        apart=apart,
    )


def by_arm(outcomes: Iterable[Outcome]) -> dict[Arm, tuple[Outcome, ...]]:
    """Return the outcomes of each arm."""
    arms: dict[Arm, list[Outcome]] = {arm: [] for arm in Arm}
    for outcome in outcomes:
        arms[outcome.arm].append(outcome)
    return {arm: tuple(group) for arm, group in arms.items()}


def join_in_time(
    experiment: Experiment, arms: Mapping[Arm, tuple[Outcome, ...]]
) -> tuple[dict[Arm, tuple[Outcome, ...]], int]:
    """Return the arms of campaigns that already ran, and how many control contacts stand apart.

    Contacts of a control campaign join the arm when they were first touched between the
    segment's first and last first-touch: others were mailed in another week.
    """
    if not experiment.control.already_ran:
        return dict(arms), 0
    touches = [outcome.touch for outcome in arms[Arm.SEGMENT] if outcome.touch is not None]
    if not touches:
        return dict(arms), 0
    first = min(touch.earliest for touch in touches)
    last = max(touch.latest for touch in touches)
    inside = tuple(
        outcome
        for outcome in arms[Arm.CONTROL]
        if outcome.touch is None
        or (first <= outcome.touch.earliest and outcome.touch.latest <= last)
    )
    n_apart = len(arms[Arm.CONTROL]) - len(inside)
    return {Arm.CONTROL: inside, Arm.SEGMENT: arms[Arm.SEGMENT]}, n_apart


def arms_by_campaign(experiment: Experiment, record: Record) -> tuple[Record, int]:
    """Return the record with the contacts of campaigns in the arm that mailed them first.

    Also returns how many contacts stand in the campaigns of both arms.
    """
    arm_of = {campaign: arm for arm in Arm for campaign in experiment.origin(arm).campaigns}
    if not arm_of:
        return record, 0
    seen: dict[int, set[Arm]] = defaultdict(set)
    for sighting in record.sightings:
        if sighting.campaign in arm_of:
            seen[sighting.contact_id].add(arm_of[sighting.campaign])
    both = {contact_id for contact_id, arms in seen.items() if len(arms) > 1}
    first: dict[int, tuple[datetime, Arm]] = {}
    facts = []
    for fact in record.facts:
        event = fact.event
        arm = arm_of.get(event.campaign or "")
        if event.campaign is not None and arm is None:
            # The same person in another campaign of the tool: not this test.
            continue
        facts.append(fact)
        if fact.contact_id in both and arm and event.at and event.kind is EventKind.SENT:
            mailed = event.at, arm
            first[fact.contact_id] = min(first.get(fact.contact_id, mailed), mailed)
    contacts = {
        contact_id: replace(contact, arm=first[contact_id][1]) if contact_id in first else contact
        for contact_id, contact in record.contacts.items()
    }
    return replace(record, contacts=contacts, facts=tuple(facts)), len(both)
