"""Coverage: up to when the exports speak of each contact.

A snapshot speaks of the contacts that stand in it. A stream speaks of every contact of an arm
that its tool has shown in the same campaign: silence in it is an answer. Of an arm that it
shows nobody of, it says nothing: each arm may be a campaign of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from icptest.events import Form, Tells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.experiment import Arm
    from icptest.record import Batch, Fact, Record

_Key = TypeVar("_Key")
_Campaign: TypeAlias = "tuple[str, str | None, Arm]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A snapshot in which a contact stands, and the campaigns it stands in there."""

    batch: Batch
    campaigns: frozenset[str | None]

    def speaks_of(self, fact: Fact) -> bool:
        """Return whether it would show a fact: the same tool, and the same campaign if known."""
        campaign = fact.event.campaign
        return self.batch.source == fact.source and (
            campaign is None or None in self.campaigns or campaign in self.campaigns
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What the exports of a record speak of.

    Attributes:
        replies_until: Latest export that would show a contact's replies, by contact.
        tells: Everything that the exports a contact stands in can tell, by contact.
        snapshots: The snapshots a contact stands in, by contact, oldest first.
        sends_of: Export times of files that tell sends and show anyone of an arm's batch, the
            oldest first.
    """

    replies_until: Mapping[int, datetime]
    tells: Mapping[int, frozenset[Tells]]
    snapshots: Mapping[int, tuple[Snapshot, ...]]
    sends_of: Mapping[tuple[Arm, int], tuple[datetime, ...]]


def cover(record: Record) -> Coverage:
    """Return what the exports of a record speak of."""
    until: dict[int, datetime] = {}
    tells: dict[int, frozenset[Tells]] = defaultdict(frozenset)
    snapshots: dict[int, dict[int, set[str | None]]] = defaultdict(lambda: defaultdict(set))
    sends: dict[tuple[Arm, int], set[datetime]] = defaultdict(set)
    streams: dict[_Campaign, datetime] = {}
    shown: dict[_Campaign, set[int]] = defaultdict(set)
    for sighting in record.sightings:
        batch = record.batches[sighting.batch_id]
        contact = record.contacts.get(sighting.contact_id)
        if contact is None:
            continue
        tells[contact.contact_id] |= batch.tells
        if Tells.SENDS in batch.tells:
            sends[contact.arm, contact.look].add(batch.exported_at)
        campaign = (batch.source, sighting.campaign, contact.arm)
        shown[campaign].add(contact.contact_id)
        if batch.form is Form.SNAPSHOT:
            snapshots[contact.contact_id][batch.batch_id].add(sighting.campaign)
            if Tells.REPLIES in batch.tells:
                _later(until, contact.contact_id, batch.exported_at)
        elif Tells.REPLIES in batch.tells:
            _later(streams, campaign, batch.exported_at)
    for campaign, exported_at in streams.items():
        for contact_id in shown[campaign]:
            _later(until, contact_id, exported_at)
    return Coverage(
        replies_until=until,
        tells=tells,
        snapshots={
            contact_id: tuple(
                sorted(
                    (
                        Snapshot(batch=record.batches[key], campaigns=frozenset(campaigns))
                        for key, campaigns in of_contact.items()
                    ),
                    key=lambda snapshot: snapshot.batch.exported_at,
                )
            )
            for contact_id, of_contact in snapshots.items()
        },
        sends_of={batch: tuple(sorted(times)) for batch, times in sends.items()},
    )


def _later(times: dict[_Key, datetime], key: _Key, at: datetime) -> None:
    if key not in times or times[key] < at:
        times[key] = at
