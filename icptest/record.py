"""What is known of a test: facts, the batches they came from, and who was seen in which.

Facts are merged so that files may come twice, overlapping, in any order, and the record is
the same: every rule below is commutative, associative and idempotent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from icptest.events import Dating, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.contacts import Identifier
    from icptest.events import Event, Form, Tells
    from icptest.experiment import Arm

_KEY_BITS = 63
_TOUCHES = frozenset({EventKind.SENT, EventKind.INVITE_SENT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person of the test, as the store knows them.

    Attributes:
        contact_id: Counted from 1 within the experiment.
        arm: The list the person was drawn from, or whose campaign mailed them.
        account: Registrable domain of the company, or the contact itself.
        look: Batch of the test the contact was drawn in, from 1.
        joined_at: For campaigns that already ran, the earliest export that names the
            contact; for a later batch, when it was drawn; None in the first batch.
    """

    contact_id: int
    arm: Arm
    account: str
    look: int = 1
    joined_at: datetime | None = None

    @property
    def drawn_at(self) -> datetime | None:
        """When the contact was drawn into a later batch; None for all others."""
        return self.joined_at if self.look > 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """An event of a contact, with where it is known from.

    Attributes:
        contact_id: Whom it is about.
        event: The event; an UNDATED one has the time of the first export that shows it.
        source: Name of the tool.
        first_seen_at: Export time of the earliest batch that shows it.
        last_seen_at: Export time of the latest batch that shows it.
    """

    contact_id: int
    event: Event
    source: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """One ingested file.

    Attributes:
        batch_id: Counted from 1 within the experiment.
        source: Name of the tool.
        layout: Kind of file.
        form: Snapshot or stream.
        tells: What it can tell.
        file: Name of the file, without its folder.
        digest: "sha256:<hex>" of the file and of what was said about it at ingest.
        exported_at: When it was exported.
        ingested_at: When it was read.
    """

    batch_id: int
    source: str
    layout: str
    form: Form
    tells: frozenset[Tells]
    file: str
    digest: str
    exported_at: datetime
    ingested_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A contact stood in a batch, with or without a fact."""

    contact_id: int
    batch_id: int
    campaign: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """All that is known of one test as of a time.

    Attributes:
        contacts: Everyone assigned, by id.
        facts: Facts first seen by then.
        batches: Batches exported by then, by id.
        sightings: Who stood in which of these batches.
        label_meanings: What a person said a label means, by (source, label key).
        n_set_aside: Rows of these batches that could not be used and still stand aside; those
            of batches that a newer export has replaced left out.
        n_cut_off: How many of these batches are of files that were cut off, likewise.
        n_later: How many batches were exported after that time.
        sending_done_at: When a person said that sending is over, if so.
    """

    contacts: Mapping[int, Member]
    facts: tuple[Fact, ...]
    batches: Mapping[int, Batch]
    sightings: tuple[Sighting, ...]
    label_meanings: Mapping[tuple[str, str], EventKind]
    n_set_aside: int = 0
    n_cut_off: int = 0
    n_later: int = 0
    sending_done_at: datetime | None = None

    @property
    def look(self) -> int:
        """Number of the newest batch."""
        return max((contact.look for contact in self.contacts.values()), default=1)


def fact_key(event: Event, source: str) -> int:
    """Return the 63-bit identity of an event among those of one contact and kind.

    The provider's own id where there is one; for a touch its campaign and step (a tool tells
    the first send twice, seconds apart); otherwise campaign and time. An event without a time
    is one fact however often it is exported.
    """
    if event.provider_id is not None:
        parts = ["id", event.provider_id]
    elif event.dating in {Dating.UNDATED, Dating.LAST_TOUCH, Dating.STATED}:
        parts = [event.dating, event.campaign or "", event.label or ""]
    elif event.kind in _TOUCHES and event.step is not None:
        parts = ["step", event.campaign or "", str(event.step)]
    else:
        parts = [event.dating, event.campaign or "", event.label or "", _iso(event.at)]
    text = "\x1f".join([source, event.kind, *parts])
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _KEY_BITS)


def merge_facts(one: Fact, other: Fact) -> Fact:
    """Return what two sightings of the same fact (same contact, kind and key) say together.

    The better dating holds, and of equally good ones the earlier time (of two bounds on a
    first touch it is the tighter; of two records of one send the first). Other fields are
    those of the newer export.
    """
    newer = max(one, other, key=_age)
    first_seen_at = min(one.first_seen_at, other.first_seen_at)
    dating, at, since = min(_time(one), _time(other), key=_goodness)
    if dating is Dating.UNDATED:
        at = first_seen_at
    return Fact(
        contact_id=one.contact_id,
        event=replace(newer.event, dating=dating, at=at, since=since),
        source=one.source,
        first_seen_at=first_seen_at,
        last_seen_at=max(one.last_seen_at, other.last_seen_at),
    )


def known_by(
    as_of: datetime,
    facts: Iterable[Fact],
    batches: Mapping[int, Batch],
    sightings: Iterable[Sighting],
) -> tuple[Fact, ...]:
    """Return facts as they were known at a time, of which only the batches until then are given.

    A fact that later exports still show was last seen, by then, in the newest export of its
    tool in which its contact stands.
    """
    newest: dict[tuple[int, str], datetime] = {}
    for sighting in sightings:
        batch = batches[sighting.batch_id]
        key = (sighting.contact_id, batch.source)
        newest[key] = max(newest.get(key, batch.exported_at), batch.exported_at)
    return tuple(
        fact
        if fact.last_seen_at <= as_of
        else replace(
            fact,
            last_seen_at=max(
                fact.first_seen_at, newest.get((fact.contact_id, fact.source), fact.first_seen_at)
            ),
        )
        for fact in facts
    )


def replaced_batches(
    batches: Mapping[int, Batch], sightings: Iterable[Sighting], n_rows: Mapping[int, int]
) -> frozenset[int]:
    """Return the batches that a newer export of the same kind has replaced.

    It shows everybody they show and has no fewer rows, so a row that could not be read in them
    was read there, or stands aside there.
    """
    shown: dict[int, set[int]] = {batch_id: set() for batch_id in batches}
    for sighting in sightings:
        shown[sighting.batch_id].add(sighting.contact_id)
    newest_first = sorted(
        batches.values(), key=lambda batch: (batch.exported_at, batch.batch_id), reverse=True
    )
    return frozenset(
        old.batch_id
        for place, old in enumerate(newest_first)
        if any(
            (new.source, new.layout) == (old.source, old.layout)
            and set() < shown[old.batch_id] <= shown[new.batch_id]
            and n_rows[old.batch_id] <= n_rows[new.batch_id]
            for new in newest_first[:place]
        )
    )


_Time: TypeAlias = "tuple[Dating, datetime | None, datetime | None]"
_BEST_FIRST = (
    Dating.EXACT,
    Dating.LABEL_SET,
    Dating.LAST_TOUCH,
    Dating.STATED,
    Dating.UNDATED,
)


def _time(fact: Fact) -> _Time:
    return fact.event.dating, fact.event.at, fact.event.since


def _goodness(time: _Time) -> tuple[int, str, str]:
    dating, at, since = time
    return _BEST_FIRST.index(dating), _iso(at), _iso(since)


def _age(fact: Fact) -> tuple[datetime, str]:
    # A tie on export times is broken by what the event says, so that order never matters;
    # its times are left out, because they are merged by rules of their own.
    event = replace(fact.event, at=None, since=None, dating=Dating.UNDATED)
    return fact.last_seen_at, repr(event)


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """A contact to be created because a row of a registered campaign names it."""

    identifiers: tuple[Identifier, ...]
    arm: Arm
    account: str
