"""What the tests of the core are made of: lists, records, outcomes, and generators of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icptest.contacts import Contact, ContactList, Role
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.experiment import Arm, ArmOrigin, Experiment
from icptest.labels import common_meaning
from icptest.protocol import Protocol
from icptest.record import Batch, Fact, Member, Record, Sighting, fact_key, merge_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""Mon 23 Nov 2026, 9:00 in New York."""
DEADLINE = datetime(2026, 12, 2, 5, tzinfo=UTC)
"""When the window of a touch on that Monday closes: Wed 2 Dec 00:00 in New York."""
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SETTLED = DEADLINE + DAY
ALL_TELLS = frozenset(Tells)


def person(name: str, *more: str, account: str | None = None, title: str = "") -> Contact:
    """Return a contact whose row has its address, title and name."""
    address = name if "@" in name else f"{name}@{name}.example"
    return Contact(
        identifiers=(address, *more),
        account=account or address.rpartition("@")[2],
        title=title,
        cells=(address, title),
    )


def people(*contacts: Contact, left_out: Mapping[str, int] | None = None) -> ContactList:
    """Return a list of people."""
    gone = dict(left_out or {})
    return ContactList(
        path=Path("list.csv"),
        header=("Email", "Title"),
        roles={Role.EMAIL: 0, Role.TITLE: 1},
        n_rows=len(contacts) + sum(gone.values()),
        contacts=contacts,
        left_out=gone,
    )


def companies(names: Iterable[object]) -> ContactList:
    """Return a list with one person at each company."""
    return people(*(person(f"c{name}") for name in names))


def experiment(
    *,
    campaigns: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
    positive: tuple[str, ...] | None = None,
    zone: str = "America/New_York",
    holidays: str | None = "US",
    **protocol: Any,
) -> Experiment:
    """Return a registration: lists, or the campaigns of control and segment."""
    control, segment = campaigns or ((), ())
    more: dict[str, Any] = {} if positive is None else {"positive_labels": positive}
    return Experiment(
        name="q4-icp",
        hypothesis="New VPs answer more.",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        seed=7,
        timezone=zone,
        holidays=holidays,
        control=ArmOrigin(list=None if control else "lists/control.csv", campaigns=control),
        segment=ArmOrigin(list=None if segment else "lists/segment.csv", campaigns=segment),
        protocol=Protocol.from_mapping({"size": 1, **protocol}),
        **more,
    )


def sent(at: datetime | None = MONDAY, **more: Any) -> Event:
    """Return a send; undated where there is no time."""
    return _event(EventKind.SENT, at, **more)


def replied(at: datetime | None, **more: Any) -> Event:
    """Return a reply."""
    return _event(EventKind.REPLIED, at, **more)


def bounced(at: datetime | None = None, **more: Any) -> Event:
    """Return a bounce."""
    return _event(EventKind.BOUNCED, at, **more)


def label(text: str, at: datetime | None = None, **more: Any) -> Event:
    """Return a label, set at a time or a state of its export; paired with `dating=EXACT`."""
    more.setdefault("dating", Dating.UNDATED if at is None else Dating.LABEL_SET)
    return Event(kind=common_meaning(text), at=at, label=text, **more)


def booking(at: datetime | None, kind: EventKind = EventKind.MEETING_BOOKED, **more: Any) -> Event:
    """Return a meeting of a calendar."""
    return _event(kind, at, **more)


def _event(kind: EventKind, at: datetime | None, **more: Any) -> Event:
    more.setdefault("dating", Dating.UNDATED if at is None else Dating.EXACT)
    return Event(kind=kind, at=at, **more)


class Exports:
    """A record as ingesting exports makes it, one after the other.

    Args:
        arms: Arm of each contact, by its number from 1.
    """

    def __init__(self, *arms: Arm) -> None:
        self.contacts = {
            number: Member(contact_id=number, arm=arm, account=f"a{number}.example")
            for number, arm in enumerate(arms or (Arm.CONTROL, Arm.SEGMENT), start=1)
        }
        self.facts: dict[tuple[int, str, int], Fact] = {}
        self.batches: dict[int, Batch] = {}
        self.sightings: list[Sighting] = []
        self.meanings: dict[tuple[str, str], EventKind] = {}
        self.more: dict[str, Any] = {}

    def add(
        self,
        at: datetime,
        rows: Mapping[int, Sequence[Event]],
        *,
        source: str = "tool",
        layout: str = "leads",
        form: Form = Form.SNAPSHOT,
        tells: Iterable[Tells] = ALL_TELLS,
        campaign: str | None = None,
    ) -> Exports:
        """Ingest an export taken at a time: the events of every contact that stands in it."""
        number = len(self.batches) + 1
        self.batches[number] = Batch(
            batch_id=number,
            source=source,
            layout=layout,
            form=form,
            tells=frozenset(tells),
            file=f"{number}.csv",
            digest=f"sha256:{number}",
            exported_at=at,
            ingested_at=at,
        )
        for contact_id, events in rows.items():
            self.sightings.append(
                Sighting(contact_id=contact_id, batch_id=number, campaign=campaign)
            )
            for event in events:
                self._keep(contact_id, event, source, at)
        return self

    def stream(self, at: datetime, rows: Mapping[int, Sequence[Event]], **more: Any) -> Exports:
        """Ingest a stream of facts."""
        return self.add(at, rows, form=Form.STREAM, layout="events", **more)

    def record(self) -> Record:
        """Return what is known."""
        return Record(
            contacts=self.contacts,
            facts=tuple(self.facts.values()),
            batches=self.batches,
            sightings=tuple(self.sightings),
            label_meanings=self.meanings,
            **self.more,
        )

    def _keep(self, contact_id: int, event: Event, source: str, at: datetime) -> None:
        if event.dating is Dating.UNDATED and event.at is None:
            # As the store does (store/folding.py).
            event = Event(
                kind=event.kind,
                at=at,
                dating=event.dating,
                label=event.label,
                campaign=event.campaign,
                step=event.step,
                provider_id=event.provider_id,
            )
        fact = Fact(
            contact_id=contact_id, event=event, source=source, first_seen_at=at, last_seen_at=at
        )
        place = (contact_id, event.kind.value, fact_key(event, source))
        known = self.facts.get(place)
        self.facts[place] = fact if known is None else merge_facts(known, fact)
