"""Ingest: file -> identify -> events -> store, with the balance sheet of its rows.

One file is one batch is one transaction. Every row of the file is added, updated, unchanged,
unrelated or set aside, and the numbers add up or nothing is stored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from icptest.events import Tells
from icptest.gathering import roster_of
from icptest.intake import Said, parse_file
from icptest.journal import make_entry
from icptest.store import NewBatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
        first_read_at: When the same file was first read in; None: never before.
        concerns_nobody: Whether a file that tells who was mailed names nobody of the test.
        dry_run: Whether nothing was stored.
    """

    parsed: Parsed
    counts: BatchCounts
    first_read_at: datetime | None
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
        chosen: Source, layout and text of a mapping, where a mapping reads the file.
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
        mapping_text="" if chosen is None else chosen[2],
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
    batch = batch_of(
        [parsed],
        file=path.name,
        digest=parsed.digest,
        exported_at=parsed.exported_at,
        now=now,
        context=parsed.context,
    )
    before = [
        known.batch.ingested_at
        for known in store.batches(number)
        if known.context.get("content") == parsed.content
    ]
    counts = store.save(number, batch, entry=entry, dry_run=dry_run)
    if counts.already:
        # The balance in the store is that of the first time.
        n_known = counts.n_added + counts.n_updated + counts.n_unchanged
        counts = replace(counts, n_added=0, n_updated=0, n_unchanged=n_known)
    return Ingested(
        parsed=parsed,
        counts=counts,
        first_read_at=min(before, default=None),
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
    if registered.sending_done_at is not None:
        # It was over when somebody first said so, whatever order files come in.
        at = min(at, registered.sending_done_at)
    entry = make_entry(
        at=now,
        user=user,
        experiment=registered.slug,
        action="sending-done",
        exported_at=at.isoformat(),
    )
    store.set_sending_done(registered.experiment_id, at=at, entry=entry)


def batch_of(
    parts: Sequence[Parsed],
    *,
    file: str,
    digest: str,
    exported_at: datetime,
    now: datetime,
    context: Mapping[str, Any],
) -> NewBatch:
    """Return parts of one file as the batch that is stored."""
    layout = parts[0].layout
    reasons: Counter[str] = Counter()
    for part in parts:
        reasons.update(part.reasons)
    return NewBatch(
        source=parts[0].source.name,
        layout=layout.name,
        form=layout.form,
        tells=layout.tells,
        file=file,
        digest=digest,
        exported_at=exported_at,
        ingested_at=now,
        rows=[row for part in parts for row in part.rows],
        set_aside=tuple(problem for part in parts for problem in part.set_aside),
        n_read=sum(part.n_read for part in parts),
        n_unrelated=sum(part.n_unrelated for part in parts),
        reasons=dict(reasons),
        context=context,
    )
