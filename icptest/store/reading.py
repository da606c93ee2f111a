"""From rows to domain types: every question the store can answer, as portable SQL.

These functions take any `Connection`, so that they serve both ways into the database, and
the writing side inside its own transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from icptest.errors import CUT_OFF, Location, RowProblem
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.experiment import Arm
from icptest.journal import Entry
from icptest.record import Batch, Fact, Member, Record, Sighting, known_by, replaced_batches
from icptest.store.times import from_micros, from_micros_or_none, to_micros
from icptest.store.values import BatchCounts, Registered, SetAside, StoredBatch

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from icptest.contacts import Identifier
    from icptest.store.connection import Connection
    from icptest.store.values import FactId

# Far faster than calling the classes, which a record would do thousands of times; a word
# nobody ever wrote is a KeyError, which the store tells as a broken database.
_KINDS = {str(kind): kind for kind in EventKind}
_DATINGS = {str(dating): dating for dating in Dating}
_ARMS = {str(arm): arm for arm in Arm}
_FOREVER = 2**63 - 1
_LAST_ID = 2**31 - 1
_EXPERIMENT = "SELECT id, slug, digest, created_at, sending_done_at FROM experiment"
_BATCH = """
    SELECT batch_id, source, layout, form, tells, file, digest, exported_at, ingested_at,
           n_read, n_added, n_updated, n_unchanged, n_unrelated, n_set_aside, reasons,
           content_digest, context
    FROM batch WHERE experiment_id = :experiment_id
"""
_ENTRY = "SELECT at, user_name, experiment, action, detail, digest, previous FROM journal"
_FACT = """
    SELECT contact_id, kind, at, dating, since, label, campaign, step, provider_id, source,
           first_seen_at, last_seen_at, key
    FROM event WHERE experiment_id = :experiment_id
"""


def read_experiments(connection: Connection) -> tuple[Registered, ...]:
    """Return all tests, the oldest first."""
    return tuple(_registered(row) for row in connection.execute(f"{_EXPERIMENT} ORDER BY id"))


def read_experiment(connection: Connection, slug: str) -> Registered | None:
    """Return the test of that name, if there is one."""
    rows = connection.execute(f"{_EXPERIMENT} WHERE slug = :slug", {"slug": slug})
    return _registered(rows[0]) if rows else None


def read_registration_text(connection: Connection, experiment_id: int) -> str | None:
    """Return the registration of a test as it was frozen; None where no copy was kept."""
    rows = connection.execute(
        "SELECT text FROM registration WHERE experiment_id = :experiment_id",
        {"experiment_id": experiment_id},
    )
    return rows[0][0] if rows else None


def read_identifiers(connection: Connection, experiment_id: int) -> dict[Identifier, int]:
    """Return whom every address and profile of a test names."""
    rows = connection.execute(
        "SELECT value, contact_id FROM identifier WHERE experiment_id = :experiment_id",
        {"experiment_id": experiment_id},
    )
    return {value: contact_id for value, contact_id in rows}  # noqa: C416 - rows are untyped


def read_contacts(
    connection: Connection, experiment_id: int, *, as_of: datetime | None = None
) -> dict[int, Member]:
    """Return the contacts of a test, less those who joined later."""
    rows = connection.execute(
        """
        SELECT contact_id, arm, account, look, joined_at FROM contact
        WHERE experiment_id = :experiment_id AND (joined_at IS NULL OR joined_at <= :as_of)
        ORDER BY contact_id
        """,
        {"experiment_id": experiment_id, "as_of": _until(as_of)},
    )
    return {
        contact_id: Member(
            contact_id=contact_id,
            arm=_ARMS[arm],
            account=account,
            look=look,
            joined_at=from_micros_or_none(joined_at),
        )
        for contact_id, arm, account, look, joined_at in rows
    }


def read_facts(connection: Connection, experiment_id: int, *, as_of: datetime) -> tuple[Fact, ...]:
    """Return the facts of a test first seen by then, by contact and time."""
    rows = connection.execute(
        f"{_FACT} AND first_seen_at <= :as_of ORDER BY contact_id, at, kind, key",
        {"experiment_id": experiment_id, "as_of": to_micros(as_of)},
    )
    return tuple(_fact(row) for row in rows)


def read_known_facts(
    connection: Connection, experiment_id: int, *, among: Collection[int] | None = None
) -> dict[FactId, Fact]:
    """Return the facts of these contacts (None: of all) by their place."""
    if among is not None and not among:
        return {}
    # A range, because no list of thousands of ids fits into every database's statement.
    rows = connection.execute(
        f"{_FACT} AND contact_id BETWEEN :low AND :high",
        {
            "experiment_id": experiment_id,
            "low": 0 if among is None else min(among),
            "high": _LAST_ID if among is None else max(among),
        },
    )
    return {
        (row[0], row[1], row[-1]): _fact(row) for row in rows if among is None or row[0] in among
    }


def read_batches(
    connection: Connection, experiment_id: int, *, as_of: datetime | None = None
) -> tuple[StoredBatch, ...]:
    """Return the files of a test, in the order they were ingested."""
    rows = connection.execute(
        f"{_BATCH} AND exported_at <= :as_of ORDER BY batch_id",
        {"experiment_id": experiment_id, "as_of": _until(as_of)},
    )
    return tuple(_stored_batch(row) for row in rows)


def read_batch(connection: Connection, experiment_id: int, digest: str) -> StoredBatch | None:
    """Return the file of that digest, if it was ever ingested."""
    rows = connection.execute(
        f"{_BATCH} AND digest = :digest", {"experiment_id": experiment_id, "digest": digest}
    )
    return _stored_batch(rows[0]) if rows else None


def read_record(connection: Connection, experiment_id: int, *, as_of: datetime) -> Record:
    """Return all that was known of a test at a time."""
    scope = {"experiment_id": experiment_id, "as_of": to_micros(as_of)}
    batches = read_batches(connection, experiment_id, as_of=as_of)
    sightings = connection.execute(
        """
        SELECT s.contact_id, s.batch_id, s.campaign FROM sighting s
        JOIN batch b ON b.experiment_id = s.experiment_id AND b.batch_id = s.batch_id
        WHERE s.experiment_id = :experiment_id AND b.exported_at <= :as_of
        ORDER BY s.contact_id, s.batch_id, s.campaign
        """,
        scope,
    )
    meanings = connection.execute(
        """
        SELECT source, label_key, kind FROM label_meaning
        WHERE experiment_id = :experiment_id ORDER BY source, label_key
        """,
        {"experiment_id": experiment_id},
    )
    set_aside = connection.execute(
        """
        SELECT r.batch_id, count(*), sum(CASE WHEN r.reason = :cut_off THEN 1 ELSE 0 END)
        FROM set_aside r
        JOIN batch b ON b.experiment_id = r.experiment_id AND b.batch_id = r.batch_id
        WHERE r.experiment_id = :experiment_id AND b.exported_at <= :as_of
          AND (r.replayed_at IS NULL OR r.replayed_at > :as_of)
        GROUP BY r.batch_id
        """,
        {**scope, "cut_off": CUT_OFF},
    )
    done = connection.execute(
        "SELECT sending_done_at FROM experiment "
        "WHERE id = :experiment_id AND sending_done_at <= :as_of",
        scope,
    )
    later = connection.execute(
        "SELECT count(*) FROM batch WHERE experiment_id = :experiment_id AND exported_at > :as_of",
        scope,
    )
    by_id = {stored.batch.batch_id: stored.batch for stored in batches}
    seen = tuple(
        Sighting(contact_id=contact_id, batch_id=batch_id, campaign=campaign or None)
        for contact_id, batch_id, campaign in sightings
    )
    facts = read_facts(connection, experiment_id, as_of=as_of)
    rows_of = {stored.batch.batch_id: stored.counts.n_read for stored in batches}
    replaced = replaced_batches(by_id, seen, rows_of) if set_aside else frozenset()
    return Record(
        contacts=read_contacts(connection, experiment_id, as_of=as_of),
        facts=known_by(as_of, facts, by_id, seen),
        batches=by_id,
        sightings=seen,
        label_meanings={(source, key): _KINDS[kind] for source, key, kind in meanings},
        n_set_aside=sum(number for batch_id, number, _ in set_aside if batch_id not in replaced),
        n_cut_off=sum(n_cut > 0 for batch_id, _, n_cut in set_aside if batch_id not in replaced),
        n_later=later[0][0],
        sending_done_at=from_micros(done[0][0]) if done else None,
    )


def read_set_aside(connection: Connection, experiment_id: int) -> tuple[SetAside, ...]:
    """Return the rows of a test that could not be used, replayed or not."""
    rows = connection.execute(
        """
        SELECT r.id, r.batch_id, b.source, b.file, r.record, r.line, r.column_name, r.reason,
               r.value, r.text, r.replayed_at
        FROM set_aside r
        JOIN batch b ON b.experiment_id = r.experiment_id AND b.batch_id = r.batch_id
        WHERE r.experiment_id = :experiment_id ORDER BY r.id
        """,
        {"experiment_id": experiment_id},
    )
    return tuple(
        SetAside(
            set_aside_id=set_aside_id,
            batch_id=batch_id,
            source=source,
            file=file,
            problem=RowProblem(
                reason=reason,
                location=Location(file=file, record=record, line=line, column=column),
                text=text,
                value=value,
            ),
            replayed_at=from_micros_or_none(replayed_at),
        )
        for (
            set_aside_id,
            batch_id,
            source,
            file,
            record,
            line,
            column,
            reason,
            value,
            text,
            replayed_at,
        ) in rows
    )


def read_journal(connection: Connection, slug: str | None) -> tuple[Entry, ...]:
    """Return the entries about one test, or all of them, the oldest first."""
    where, params = ("", {}) if slug is None else ("WHERE experiment = :slug", {"slug": slug})
    rows = connection.execute(f"{_ENTRY} {where} ORDER BY id", params)
    return tuple(
        Entry(
            at=from_micros(at),
            user=user,
            experiment=experiment,
            action=action,
            detail=json.loads(detail),
            digest=digest,
            previous=previous,
        )
        for at, user, experiment, action, detail, digest, previous in rows
    )


def _until(as_of: datetime | None) -> int:
    return _FOREVER if as_of is None else to_micros(as_of)


def _registered(row: tuple[Any, ...]) -> Registered:
    experiment_id, slug, digest, created_at, sending_done_at = row
    return Registered(
        experiment_id=experiment_id,
        slug=slug,
        digest=digest,
        created_at=from_micros(created_at),
        sending_done_at=from_micros_or_none(sending_done_at),
    )


def _fact(row: tuple[Any, ...]) -> Fact:
    contact_id, kind, at, dating, since, label, campaign, step, provider_id, source, *seen = row
    return Fact(
        contact_id=contact_id,
        event=Event(
            kind=_KINDS[kind],
            at=from_micros_or_none(at),
            dating=_DATINGS[dating],
            since=from_micros_or_none(since),
            label=label,
            campaign=campaign,
            step=step,
            provider_id=provider_id,
        ),
        source=source,
        first_seen_at=from_micros(seen[0]),
        last_seen_at=from_micros(seen[1]),
    )


def _stored_batch(row: tuple[Any, ...]) -> StoredBatch:
    batch_id, source, layout, form, tells, file, digest, exported_at, ingested_at = row[:9]
    n_read, n_added, n_updated, n_unchanged, n_unrelated, n_set_aside = row[9:15]
    reasons, content_digest, context = row[15:]
    return StoredBatch(
        batch=Batch(
            batch_id=batch_id,
            source=source,
            layout=layout,
            form=Form(form),
            tells=frozenset(Tells(word) for word in tells.split()),
            file=file,
            digest=digest,
            exported_at=from_micros(exported_at),
            ingested_at=from_micros(ingested_at),
        ),
        counts=BatchCounts(
            batch_id=batch_id,
            n_read=n_read,
            n_added=n_added,
            n_updated=n_updated,
            n_unchanged=n_unchanged,
            n_unrelated=n_unrelated,
            n_set_aside=n_set_aside,
            reasons=json.loads(reasons),
        ),
        content_digest=content_digest,
        context=json.loads(context),
    )
