"""What a layout can express comes back from its own writer: read(write(x)) == x."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icptest.events import Dating, Event, EventKind
from icptest.reading.opening import open_export
from icptest.sources import all_sources
from icptest.sources._base import Settings, Sheet
from icptest.sources.generic import guess
from icptest.sources.generic import layout as mapped

if TYPE_CHECKING:
    from collections.abc import Callable

K = EventKind
CAMPAIGN = "Q1 Outreach"
SAID = Settings(zone=ZoneInfo("UTC"), campaign=CAMPAIGN)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

minutes = st.integers(0, 20_000).map(lambda n: START + timedelta(minutes=n))


def _undated(kind: EventKind, **more: Any) -> Event:
    return Event(kind=kind, dating=Dating.UNDATED, campaign=CAMPAIGN, **more)


def _exact(kind: EventKind, at: datetime, **more: Any) -> Event:
    return Event(kind=kind, at=at, campaign=CAMPAIGN, **more)


SMARTLEAD_LABELS = {
    "Interested": K.POSITIVE_REPLY,
    "Information Request": K.POSITIVE_REPLY,
    "Not Interested": K.NEGATIVE_REPLY,
    "Wrong Person": K.NEUTRAL_REPLY,
    "Meeting-Booked": K.MEETING_BOOKED,
    'Call back, "soon"': K.UNKNOWN_LABEL,
}


@st.composite
def smartlead_leads(draw: st.DrawFn) -> list[Event]:
    """A lead's state without any time."""
    kinds = draw(st.sets(st.sampled_from([K.REPLIED, K.UNSUBSCRIBED, K.OPENED, K.CLICKED])))
    events = [_undated(kind) for kind in kinds]
    if label := draw(st.none() | st.sampled_from([*SMARTLEAD_LABELS, "Out Of Office"])):
        kind = SMARTLEAD_LABELS.get(label, K.OUT_OF_OFFICE)
        events.append(_undated(kind, label=label))
        if kind is K.OUT_OF_OFFICE:
            events = [event for event in events if event.kind is not K.REPLIED]
    return [*events, _undated(K.SENT, step=1)] if draw(st.booleans()) else events


@st.composite
def smartlead_statistics(draw: st.DrawFn) -> list[Event]:
    """A lead's e-mails, at most one reply, and what is said of the lead."""
    times = sorted(draw(st.sets(minutes, min_size=1, max_size=3)))
    events = [
        _exact(K.SENT, at, step=step, provider_id=f"s-{at:%d%H%M}")
        for step, at in enumerate(times, start=1)
    ]
    steps = st.sets(st.integers(1, len(times)))
    events += [_exact(K.OPENED, times[step - 1], step=step) for step in draw(steps)]
    events += [_exact(K.CLICKED, times[step - 1], step=step) for step in draw(steps)]
    events += [_undated(K.BOUNCED, step=step) for step in draw(steps)]
    if draw(st.booleans()):
        events.append(_undated(K.UNSUBSCRIBED))
    if draw(st.booleans()):
        events.append(_exact(K.REPLIED, draw(st.sampled_from(times)) + timedelta(hours=1)))
    elif draw(st.booleans()):
        at = draw(st.sampled_from(times)) + timedelta(minutes=1)
        return [*events, _exact(K.OUT_OF_OFFICE, at, label="Out Of Office"), *_repeated(times)]
    if label := draw(st.none() | st.sampled_from([*SMARTLEAD_LABELS])):
        events.append(_undated(SMARTLEAD_LABELS[label], label=label))
    return events


def _repeated(times: list[datetime]) -> list[Event]:
    """The category as the lead's other rows repeat it, where there are others."""
    return [_undated(K.OUT_OF_OFFICE, label="Out Of Office")] if len(times) > 1 else []


@st.composite
def smartlead_webhooks(draw: st.DrawFn) -> list[Event]:
    """Any facts, dated or not, and any labels, paired with their reply or not."""
    facts = st.builds(
        Event,
        kind=st.sampled_from([K.SENT, K.OPENED, K.CLICKED, K.BOUNCED]),
        at=minutes,
        step=st.integers(1, 5),
        campaign=st.just(CAMPAIGN),
    ) | st.builds(_exact, st.sampled_from([K.REPLIED, K.UNSUBSCRIBED]), minutes)
    labels = st.builds(
        lambda label, at, dating: Event(
            kind=SMARTLEAD_LABELS[label], at=at, dating=dating, label=label, campaign=CAMPAIGN
        ),
        st.sampled_from([*SMARTLEAD_LABELS]),
        minutes,
        st.sampled_from([Dating.EXACT, Dating.LABEL_SET]),
    )
    return draw(st.lists(facts | labels, min_size=1, max_size=6))


INSTANTLY_LABELS = {
    "Interested": K.POSITIVE_REPLY,
    "Won": K.POSITIVE_REPLY,
    "Meeting Booked": K.MEETING_BOOKED,
    "Not Interested": K.NEGATIVE_REPLY,
    "Lost": K.NEGATIVE_REPLY,
    "Wrong Person": K.NEUTRAL_REPLY,
    "No Show": K.MEETING_NO_SHOW,
    "interest status 7": K.UNKNOWN_LABEL,
}


@st.composite
def instantly_leads(draw: st.DrawFn) -> list[Event]:
    """A lead's latest state."""
    events = []
    if draw(st.booleans()):
        events.append(_exact(K.SENT, draw(minutes), dating=Dating.LAST_TOUCH))
    if draw(st.booleans()):
        dating = draw(st.sampled_from([Dating.EXACT, Dating.LAST_TOUCH]))
        events.append(_exact(K.REPLIED, draw(minutes), dating=dating))
    if label := draw(st.none() | st.sampled_from([*INSTANTLY_LABELS])):
        kind = INSTANTLY_LABELS[label]
        events.append(_exact(kind, draw(minutes), dating=Dating.LABEL_SET, label=label))
    if kind_or_none := draw(st.sampled_from([None, K.BOUNCED, K.UNSUBSCRIBED])):
        events.append(_undated(kind_or_none))
    if draw(st.booleans()):
        events.append(_exact(K.OPENED, draw(minutes), dating=Dating.LAST_TOUCH))
    return events


def _numbered(events: list[Event]) -> list[Event]:
    """The same events, each with an id of its own."""
    return [
        Event(
            kind=event.kind,
            at=event.at,
            dating=event.dating,
            label=event.label,
            campaign=event.campaign,
            step=event.step,
            provider_id=f"id-{number}",
        )
        for number, event in enumerate(events)
    ]


instantly_emails = st.lists(
    st.builds(_exact, st.sampled_from([K.SENT, K.REPLIED, K.OUT_OF_OFFICE]), minutes),
    min_size=1,
    max_size=5,
).map(_numbered)

WEBHOOK_LABELS = {
    "Interested": K.POSITIVE_REPLY,
    "Closed": K.POSITIVE_REPLY,
    "Not Interested": K.NEGATIVE_REPLY,
    "Neutral": K.NEUTRAL_REPLY,
    "Out of Office": K.OUT_OF_OFFICE,
    "Meeting Completed": K.MEETING_HELD,
    "Wants a video": K.UNKNOWN_LABEL,
}
instantly_webhooks = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([K.SENT, K.OPENED, K.CLICKED, K.BOUNCED]),
        at=minutes,
        step=st.integers(1, 5),
        campaign=st.just(CAMPAIGN),
    )
    | st.builds(_exact, st.sampled_from([K.REPLIED, K.OUT_OF_OFFICE, K.UNSUBSCRIBED]), minutes)
    | st.builds(
        lambda label, at: _exact(WEBHOOK_LABELS[label], at, dating=Dating.LABEL_SET, label=label),
        st.sampled_from([*WEBHOOK_LABELS]),
        minutes,
    ),
    min_size=1,
    max_size=6,
)

lemlist_activities = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([K.SENT, K.OPENED, K.CLICKED, K.BOUNCED]),
        at=minutes,
        step=st.integers(1, 5),
        campaign=st.just(CAMPAIGN),
    )
    | st.builds(
        _exact,
        st.sampled_from([K.REPLIED, K.UNSUBSCRIBED, K.INVITE_SENT, K.INVITE_ACCEPTED]),
        minutes,
    )
    | st.builds(
        lambda label, at: _exact(label[1], at, dating=Dating.LABEL_SET, label=label[0]),
        st.sampled_from(
            [
                ("Interested", K.POSITIVE_REPLY),
                ("Not Interested", K.NEGATIVE_REPLY),
                ("Meeting Booked", K.MEETING_BOOKED),
            ]
        ),
        minutes,
    ),
    min_size=1,
    max_size=6,
).map(_numbered)


@st.composite
def calendly_events(draw: st.DrawFn) -> list[Event]:
    """Bookings, some canceled, some missed."""
    kinds = st.sampled_from([K.MEETING_BOOKED, K.MEETING_CANCELED])
    bookings = draw(st.lists(st.builds(_exact, kinds, minutes), min_size=1, max_size=3))
    events = _numbered(bookings)
    missed = draw(st.sets(st.sampled_from([event.provider_id for event in events])))
    return events + [
        _undated(K.MEETING_NO_SHOW, provider_id=one) for one in sorted(missed, key=str)
    ]


@st.composite
def generic_contacts(draw: st.DrawFn) -> list[Event]:
    """One row's worth: a send, a reply with or without its label, a bounce."""
    sent = draw(minutes)
    events = [_exact(K.SENT, sent)]
    if draw(st.booleans()):
        at = sent + timedelta(minutes=draw(st.integers(0, 9999)))
        label = draw(
            st.sampled_from(
                [
                    None,
                    ("Interested", K.POSITIVE_REPLY),
                    ("Not Interested", K.NEGATIVE_REPLY),
                    ("Out of office", K.OUT_OF_OFFICE),
                    ("Purple; or not", K.UNKNOWN_LABEL),
                ]
            )
        )
        if label is None or label[1] is not K.OUT_OF_OFFICE:
            events.append(_exact(K.REPLIED, at))
        if label:
            events.append(_exact(label[1], at, label=label[0]))
    if draw(st.booleans()):
        events.append(_undated(K.BOUNCED))
    return events


EXPRESSIBLE: dict[tuple[str, str], st.SearchStrategy[list[Event]]] = {
    ("smartlead", "leads-export"): smartlead_leads(),
    ("smartlead", "statistics"): smartlead_statistics(),
    ("smartlead", "webhooks"): smartlead_webhooks(),
    ("instantly", "leads"): instantly_leads(),
    ("instantly", "emails"): instantly_emails,
    ("instantly", "webhooks"): instantly_webhooks,
    ("lemlist", "activities"): lemlist_activities,
    ("calendly", "events"): calendly_events(),
    ("generic", "contacts"): generic_contacts(),
}


def test_every_layout_has_a_round_trip() -> None:
    """No layout is left out of the round trips below."""
    layouts = {(name, one.name) for name, source in all_sources().items() for one in source.layouts}
    assert set(EXPRESSIBLE) == layouts | {("generic", "contacts")}


@pytest.mark.parametrize(("source", "layout"), list(EXPRESSIBLE))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_a_layout_can_express_comes_back(
    source: str, layout: str, data: st.DataObject, read: Callable[..., Any]
) -> None:
    """Events written in a tool's form are read back the same, contact by contact."""
    people = ["ada@example.com", "ben@example.com", "cleo+x@example.com"]
    if source == "lemlist":
        people[1] = "in/ben-bent"
    sheets = [
        Sheet(identifier=one, events=tuple(data.draw(EXPRESSIBLE[source, layout])))
        for one in people[: data.draw(st.integers(1, 3))]
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "written"
        again = Path(folder) / "again"
        all_sources()[source].write(path, sheets, layout, CAMPAIGN)
        all_sources()[source].write(again, sheets, layout, CAMPAIGN)
        assert path.read_bytes() == again.read_bytes()
        if not any(sheet.events for sheet in sheets) and layout != "leads-export":
            return
        known = mapped(guess(open_export(path))) if source == "generic" else None  # type: ignore[arg-type]
        told = read(path, SAID, known=known)
    assert not told.set_aside
    assert (told.source.name, told.layout.name) == (source, layout)
    for sheet in sheets:
        assert {str(event) for event in told.of(sheet.identifier)} == {
            str(event) for event in sheet.events
        }
