"""Coverage: up to when the exports speak of each contact.

A snapshot speaks of the contacts that stand in it. A stream speaks of every contact its tool
has shown in the same campaign: silence in it is an answer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from icptest.events import Form, Tells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.experiment import Arm
    from icptest.record import Batch, Record

_Key = TypeVar("_Key")


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What the exports of a record speak of.

    Attributes:
        replies_until: Latest export that would show a contact's replies, by contact.
        tells: Everything that the exports a contact stands in can tell, by contact.
        snapshots: The snapshots a contact stands in, by contact, oldest first.
        sends_of_arm: Export times of files that tell sends and show anyone of the arm.
    """

    replies_until: Mapping[int, datetime]
    tells: Mapping[int, frozenset[Tells]]
    snapshots: Mapping[int, tuple[Batch, ...]]
    sends_of_arm: Mapping[Arm, tuple[datetime, ...]]


def cover(record: Record) -> Coverage:
    """Return what the exports of a record speak of."""
    until: dict[int, datetime] = {}
    tells: dict[int, frozenset[Tells]] = defaultdict(frozenset)
    snapshots: dict[int, set[int]] = defaultdict(set)
    sends: dict[Arm, set[datetime]] = defaultdict(set)
    streams: dict[tuple[str, str | None], datetime] = {}
    shown: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for sighting in record.sightings:
        batch = record.batches[sighting.batch_id]
        contact = record.contacts.get(sighting.contact_id)
        if contact is None:
            continue
        tells[contact.contact_id] |= batch.tells
        if Tells.SENDS in batch.tells:
            sends[contact.arm].add(batch.exported_at)
        campaign = (batch.source, sighting.campaign)
        shown[campaign].add(contact.contact_id)
        if batch.form is Form.SNAPSHOT:
            snapshots[contact.contact_id].add(batch.batch_id)
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
                sorted((record.batches[key] for key in keys), key=lambda batch: batch.exported_at)
            )
            for contact_id, keys in snapshots.items()
        },
        sends_of_arm={arm: tuple(sorted(times)) for arm, times in sends.items()},
    )


def _later(times: dict[_Key, datetime], key: _Key, at: datetime) -> None:
    if key not in times or times[key] < at:
        times[key] = at
