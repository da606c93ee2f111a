"""From domain types to rows: every deed of the store, each inside one transaction.

A deed appends its entry to the journal itself, in the same transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from icptest.errors import StoreError
from icptest.journal import FIRST, chain
from icptest.record import Joining
from icptest.store.folding import Effect, Facts, find_people
from icptest.store.reading import (
    read_batch,
    read_contacts,
    read_experiment,
    read_identifiers,
    read_known_facts,
)
from icptest.store.tables import (
    BatchRow,
    ContactRow,
    EventRow,
    ExperimentRow,
    IdentifierRow,
    JournalRow,
    LabelMeaningRow,
    RegistrationRow,
    SetAsideRow,
    SightingRow,
)
from icptest.store.times import to_micros
from icptest.store.values import BatchCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from icptest.contacts import Identifier
    from icptest.errors import RowProblem
    from icptest.events import EventKind
    from icptest.journal import Entry
    from icptest.record import Fact, Member
    from icptest.store.engine import Writer
    from icptest.store.values import NewBatch


def append_entry(writer: Writer, entry: Entry) -> None:
    """Chain an entry to the last one and write it."""
    last = writer.execute("SELECT digest FROM journal ORDER BY id DESC LIMIT 1")
    chained = chain(entry, last[0][0] if last else FIRST)
    values = {
        "at": chained.at,
        "user_name": chained.user,
        "experiment": chained.experiment,
        "action": chained.action,
        "detail": _json(chained.detail),
        "digest": chained.digest,
        "previous": chained.previous,
    }
    writer.insert(JournalRow, [values])


def register(
    writer: Writer,
    *,
    slug: str,
    digest: str,
    registration: str,
    created_at: datetime,
    contacts: Iterable[tuple[Member, tuple[Identifier, ...]]],
    entry: Entry,
) -> None:
    """Write a test and its contacts.

    Raises:
        StoreError: The name is taken, or two contacts share an identifier.
    """
    if read_experiment(writer, slug) is not None:
        raise StoreError("experiment-exists", name=slug)
    writer.insert(ExperimentRow, [{"slug": slug, "digest": digest, "created_at": created_at}])
    registered = read_experiment(writer, slug)
    if registered is None:  # pragma: no cover - it was written one line above
        raise StoreError("database-broken", file="", problem="a row written is not there")
    number = registered.experiment_id
    writer.insert(RegistrationRow, [{"experiment_id": number, "text": registration}])
    _write_drawn(writer, number, contacts, known={})
    append_entry(writer, entry)


def extend(
    writer: Writer,
    experiment_id: int,
    *,
    look: int,
    contacts: Iterable[tuple[Member, tuple[Identifier, ...]]],
    entry: Entry,
) -> None:
    """Add a batch to a test.

    Raises:
        StoreError: The batch is there, or somebody in it is in the test already.
    """
    there = read_contacts(writer, experiment_id).values()
    if max((contact.look for contact in there), default=0) != look - 1:
        raise StoreError("batch-exists", look=look)
    first_id = max((contact.contact_id for contact in there), default=0) + 1
    _write_drawn(
        writer,
        experiment_id,
        [
            (replace(contact, contact_id=number), identifiers)
            for number, (contact, identifiers) in enumerate(contacts, start=first_id)
        ],
        known=read_identifiers(writer, experiment_id),
    )
    append_entry(writer, entry)


def save(
    writer: Writer, experiment_id: int, new: NewBatch, entry: Entry, *, dry_run: bool = False
) -> BatchCounts:
    """Write one file: its facts, who was seen in it, its rows set aside, its balance.

    A file whose digest is there writes nothing; nor does a dry run, which only counts.

    Raises:
        StoreError: A row of the file is not accounted for.
    """
    stored = read_batch(writer, experiment_id, new.digest)
    if stored is not None:
        return replace(stored.counts, already=True)
    people = find_people(
        new.rows,
        contacts=read_contacts(writer, experiment_id),
        # Looked up only when somebody may join: the caller knows the others by number.
        identifiers=(
            read_identifiers(writer, experiment_id)
            if any(isinstance(row.who, Joining) for row in new.rows)
            else {}
        ),
        exported_at=new.exported_at,
    )
    rows = [
        (contact_id, row)
        for contact_id, row in zip(people.who, new.rows, strict=True)
        if contact_id is not None
    ]
    known = read_known_facts(writer, experiment_id, among={contact_id for contact_id, _ in rows})
    facts = Facts(known, source=new.source, exported_at=new.exported_at)
    effects = Counter(facts.fold(contact_id, row.events) for contact_id, row in rows)
    set_aside = new.set_aside + people.set_aside
    last_id, digest_before = _last_batch(writer, experiment_id)
    counts = BatchCounts(
        batch_id=last_id + 1,
        n_read=new.n_read,
        n_added=effects[Effect.ADDED],
        n_updated=effects[Effect.UPDATED],
        n_unchanged=effects[Effect.UNCHANGED],
        n_unrelated=new.n_unrelated,
        n_set_aside=len(set_aside),
        reasons=dict(new.reasons),
    )
    if counts.n_counted != counts.n_read:
        raise StoreError(
            "balance-broken",
            file=new.file,
            n_read=counts.n_read,
            n_counted=counts.n_counted,
        )
    if dry_run:
        return counts
    _write_people(writer, experiment_id, people.contacts.values(), people.identifiers)
    _write_batch(writer, experiment_id, new, counts, facts.digest_after(digest_before))
    sightings = {(contact_id, row.campaign or "") for contact_id, row in rows}
    writer.insert(
        SightingRow,
        [
            {
                "experiment_id": experiment_id,
                "contact_id": contact_id,
                "batch_id": counts.batch_id,
                "campaign": campaign,
            }
            for contact_id, campaign in sorted(sightings)
        ],
    )
    writer.upsert(
        EventRow,
        [_event_values(experiment_id, *place, fact) for place, fact in facts.changed.items()],
    )
    writer.insert(
        SetAsideRow,
        [_set_aside_values(experiment_id, counts.batch_id, problem) for problem in set_aside],
    )
    append_entry(writer, entry)
    return counts


def set_sending_done(writer: Writer, experiment_id: int, at: datetime, entry: Entry) -> None:
    """Write that sending is over, because a person says so."""
    writer.execute(
        "UPDATE experiment SET sending_done_at = :at WHERE id = :experiment_id",
        {"at": to_micros(at), "experiment_id": experiment_id},
    )
    append_entry(writer, entry)


def map_label(
    writer: Writer,
    experiment_id: int,
    *,
    source: str,
    label_key: str,
    kind: EventKind,
    at: datetime,
    entry: Entry,
) -> None:
    """Write what a label of a tool means; the latest word holds."""
    values = {
        "experiment_id": experiment_id,
        "source": source,
        "label_key": label_key,
        "kind": kind.value,
        "mapped_at": at,
    }
    writer.upsert(LabelMeaningRow, [values])
    append_entry(writer, entry)


def mark_replayed(
    writer: Writer, experiment_id: int, ids: Iterable[int], at: datetime, entry: Entry
) -> None:
    """Write that rows set aside were read again with success."""
    for set_aside_id in ids:
        writer.execute(
            """
            UPDATE set_aside SET replayed_at = :at
            WHERE id = :id AND experiment_id = :experiment_id AND replayed_at IS NULL
            """,
            {"at": to_micros(at), "id": set_aside_id, "experiment_id": experiment_id},
        )
    append_entry(writer, entry)


def _last_batch(writer: Writer, experiment_id: int) -> tuple[int, str]:
    rows = writer.execute(
        """
        SELECT batch_id, content_digest FROM batch WHERE experiment_id = :experiment_id
        ORDER BY batch_id DESC LIMIT 1
        """,
        {"experiment_id": experiment_id},
    )
    return (rows[0][0], rows[0][1]) if rows else (0, "")


def _write_drawn(
    writer: Writer,
    experiment_id: int,
    contacts: Iterable[tuple[Member, tuple[Identifier, ...]]],
    *,
    known: Mapping[Identifier, int],
) -> None:
    """Write people that were drawn; nobody is drawn twice."""
    people: list[Member] = []
    owners: dict[Identifier, int] = {}
    for contact, identifiers in contacts:
        people.append(contact)
        for value in identifiers:
            owner = owners.setdefault(value, known.get(value, contact.contact_id))
            if owner != contact.contact_id:
                raise StoreError("identifier-twice", one=owner, other=contact.contact_id)
    _write_people(writer, experiment_id, people, owners)


def _write_people(
    writer: Writer,
    experiment_id: int,
    contacts: Iterable[Member],
    identifiers: Mapping[Identifier, int],
) -> None:
    writer.upsert(
        ContactRow,
        [
            {
                "experiment_id": experiment_id,
                "contact_id": contact.contact_id,
                "arm": contact.arm.value,
                "account": contact.account,
                "look": contact.look,
                "joined_at": contact.joined_at,
            }
            for contact in contacts
        ],
    )
    writer.insert(
        IdentifierRow,
        [
            {"experiment_id": experiment_id, "value": value, "contact_id": contact_id}
            for value, contact_id in identifiers.items()
        ],
    )


def _write_batch(
    writer: Writer, experiment_id: int, new: NewBatch, counts: BatchCounts, content_digest: str
) -> None:
    values = {
        "experiment_id": experiment_id,
        "batch_id": counts.batch_id,
        "source": new.source,
        "layout": new.layout,
        "form": new.form.value,
        "tells": " ".join(sorted(new.tells)),
        "file": new.file,
        "digest": new.digest,
        "exported_at": new.exported_at,
        "ingested_at": new.ingested_at,
        "n_read": counts.n_read,
        "n_added": counts.n_added,
        "n_updated": counts.n_updated,
        "n_unchanged": counts.n_unchanged,
        "n_unrelated": counts.n_unrelated,
        "n_set_aside": counts.n_set_aside,
        "reasons": _json(counts.reasons),
        "content_digest": content_digest,
        "context": _json(new.context),
    }
    writer.insert(BatchRow, [values])


def _event_values(
    experiment_id: int, contact_id: int, kind: str, key: int, fact: Fact
) -> dict[str, Any]:
    event = fact.event
    return {
        "experiment_id": experiment_id,
        "contact_id": contact_id,
        "kind": kind,
        "key": key,
        "at": event.at,
        "since": event.since,
        "dating": event.dating.value,
        "source": fact.source,
        "campaign": event.campaign,
        "step": event.step,
        "label": event.label,
        "provider_id": event.provider_id,
        "first_seen_at": fact.first_seen_at,
        "last_seen_at": fact.last_seen_at,
    }


def _set_aside_values(experiment_id: int, batch_id: int, problem: RowProblem) -> dict[str, Any]:
    return {
        "experiment_id": experiment_id,
        "batch_id": batch_id,
        "record": problem.location.record,
        "line": problem.location.line,
        "column_name": problem.location.column,
        "reason": problem.reason,
        "value": problem.value,
        "text": problem.text,
        "replayed_at": None,
    }


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
