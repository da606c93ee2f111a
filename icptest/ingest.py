"""Ingest: file -> identify -> events -> store, with the balance sheet of its rows.

One file is one batch is one transaction. Every row of the file is added, updated, unchanged,
unrelated or set aside, and the numbers add up or nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.events import Tells
from icptest.intake import Said, parse_file, roster_of
from icptest.journal import make_entry
from icptest.store import NewBatch

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from icptest.experiment import Experiment
    from icptest.intake import Parsed
    from icptest.sources._base import Layout, Source
    from icptest.store import BatchCounts, Registered, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingested:
    """One file, and where its rows went.

    Attributes:
        parsed: The file as it was read.
        counts: Its balance.
        concerns_nobody: Whether a file that tells who was mailed names nobody of the test.
        dry_run: Whether nothing was stored.
    """

    parsed: Parsed
    counts: BatchCounts
    concerns_nobody: bool
    dry_run: bool


def ingest_file(
    store: Store,
    experiment: Experiment,
    registered: Registered,
    path: Path,
    said: Said,
    *,
    now: datetime,
    user: str,
    chosen: tuple[Source, Layout, str] | None = None,
    dry_run: bool = False,
) -> Ingested:
    """Read a file and store what it says of a test.

    Args:
        store: Opened for writing.
        experiment: The registration.
        registered: The test in the store.
        path: The file.
        said: What a person says about it.
        now: The clock.
        user: Who, for the journal.
        chosen: Source, layout and digest of a mapping, where a mapping reads the file.
        dry_run: Say what would be stored, and store nothing.

    Raises:
        InputError: The file cannot be used; nothing of it is stored.
        StoreError: The database cannot take it; nothing of it is stored.
    """
    number = registered.experiment_id
    roster = roster_of(experiment, store.identifiers(number), store.arms(number))
    parsed = parse_file(
        path,
        roster,
        said,
        now=now,
        zone=experiment.zone,
        layout=None if chosen is None else (chosen[0], chosen[1]),
        mapping_digest="" if chosen is None else chosen[2],
    )
    entry = make_entry(
        at=now,
        user=user,
        experiment=experiment.name,
        action="ingest",
        file=path.name,
        digest_of_file=parsed.digest,
        source=parsed.source.name,
        exported_at=parsed.exported_at.isoformat(),
    )
    counts = store.save(number, _batch(parsed, now), entry=entry, dry_run=dry_run)
    return Ingested(
        parsed=parsed,
        counts=counts,
        concerns_nobody=not parsed.rows and Tells.SENDS in parsed.layout.tells,
        dry_run=dry_run,
    )


def say_sending_done(
    store: Store, registered: Registered, *, at: datetime, now: datetime, user: str
) -> None:
    """Put on record that sending is over: whoever has no first mail by then was never mailed.

    Args:
        store: Opened for writing.
        registered: The test.
        at: Time of the export that shows it.
        now: The clock.
        user: Who says so.
    """
    entry = make_entry(
        at=now,
        user=user,
        experiment=registered.slug,
        action="sending-done",
        exported_at=at.isoformat(),
    )
    store.set_sending_done(registered.experiment_id, at=at, entry=entry)


def _batch(parsed: Parsed, now: datetime) -> NewBatch:
    return NewBatch(
        source=parsed.source.name,
        layout=parsed.layout.name,
        form=parsed.layout.form,
        tells=parsed.layout.tells,
        file=parsed.path.name,
        digest=parsed.digest,
        exported_at=parsed.exported_at,
        ingested_at=now,
        rows=parsed.rows,
        set_aside=parsed.set_aside,
        n_read=parsed.n_read,
        n_unrelated=parsed.n_unrelated,
        reasons=parsed.reasons,
    )
