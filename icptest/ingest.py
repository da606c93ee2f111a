"""Ingest: file -> identify -> events -> store, with the balance sheet of its rows.

One file is one batch is one transaction. Every row of the file is added, updated, unchanged,
unrelated or set aside, and the numbers add up or nothing is stored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from icptest.errors import InputError, Location
from icptest.events import Tells
from icptest.gathering import roster_of
from icptest.intake import Said, parse_file
from icptest.journal import make_entry
from icptest.row_text import shown
from icptest.store import NewBatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.experiment import Experiment
    from icptest.intake import Parsed
    from icptest.sources._base import Layout, Source
    from icptest.store import BatchCounts, Registered, Store, StoredBatch


class Caution(StrEnum):
    """What a person should know of a file that was read."""

    CONCERNS_NOBODY = "concerns-nobody"
    """A file that tells who was mailed names nobody of the test."""
    CUT_OFF = "cut-off"
    """The file ends in the middle of a record: people are missing from it."""
    SENT_BETWEEN_CUT = "sent-between-cut"
    """The time said for the first mails ends days after the export; for its people, with it."""
    SAID_BEFORE = "said-before"
    """Something else was said of this very file before, and stays."""


_SAID = {"campaign": "--campaign", "zone": "--tz", "sent_between": "--sent-between"}
"""What is kept of an ingested file that a person said, and the option that says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingested:
    """One file, and where its rows went.

    Attributes:
        parsed: The file as it was read.
        counts: Its balance.
        first_read_at: When the same file was first read in; None: never before.
        cautions: What a person should know of the reading.
        stays: What was said of this very file before and stays, where it is not said now.
        newer_at: When the newest export of the same tool that was read in before was made, where
            that is after this one; None: this one is the newest.
        dry_run: Whether nothing was stored.
    """

    parsed: Parsed
    counts: BatchCounts
    first_read_at: datetime | None
    cautions: tuple[Caution, ...]
    stays: Mapping[str, str | datetime]
    newer_at: datetime | None
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
        file=shown(path.name),
        sha256_of_file=parsed.bytes_digest,
        source=parsed.source.name,
        exported_at=parsed.exported_at.isoformat(),
    )
    batch = batch_of(
        [parsed],
        file=shown(path.name),
        digest=parsed.digest,
        exported_at=parsed.exported_at,
        now=now,
        context=parsed.context,
    )
    earlier = store.batches(number)
    same_file = [known for known in earlier if known.context.get("bytes") == parsed.bytes_digest]
    for known in same_file:
        _require_same_words(known, parsed)
    stays = _what_stays(same_file, parsed)
    before = [
        known.batch.ingested_at
        for known in same_file
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
        cautions=_cautions(parsed, stays),
        stays=stays,
        newer_at=max(
            (
                known.batch.exported_at
                for known in earlier
                if known.batch.source == parsed.source.name
                and known.batch.exported_at > parsed.exported_at
            ),
            default=None,
        ),
        dry_run=dry_run,
    )


def _require_same_words(known: StoredBatch, parsed: Parsed) -> None:
    """Refuse to read a file again with another answer: both readings would count.

    What was not said before may be added: that is how a missing answer is given.

    Raises:
        InputError: The campaign, the zone or the time of the first mails differ
            ("read-otherwise").
    """
    for name, option in _SAID.items():
        then, now = known.context.get(name), parsed.context.get(name)
        if then and now and then != now:
            raise InputError(
                "read-otherwise",
                location=Location(file=str(parsed.path)),
                option=option,
                then=_as_typed(then),
                now=_as_typed(now),
                at=known.batch.ingested_at,
            )


def _what_stays(same_file: Iterable[StoredBatch], parsed: Parsed) -> dict[str, str | datetime]:
    """Return by option what was said of a file before and holds on, though now it is not said."""
    stays: dict[str, str | datetime] = {}
    for known in same_file:
        for name, option in _SAID.items():
            then = known.context.get(name)
            if then and not parsed.context.get(name):
                stays[option] = _as_typed(then)
        latest = stays.get("--exported-at", parsed.exported_at)
        if isinstance(latest, datetime) and known.batch.exported_at > latest:
            stays["--exported-at"] = known.batch.exported_at
    return stays


def _as_typed(said: str | list[str]) -> str:
    return said if isinstance(said, str) else " ".join(f'"{at}"' for at in said)


def _cautions(parsed: Parsed, stays: Mapping[str, object]) -> tuple[Caution, ...]:
    found = {
        Caution.CONCERNS_NOBODY: not parsed.rows and Tells.SENDS in parsed.layout.tells,
        Caution.CUT_OFF: parsed.n_whole is not None,
        Caution.SENT_BETWEEN_CUT: parsed.sent_between_cut,
        Caution.SAID_BEFORE: bool(stays),
    }
    return tuple(caution for caution, holds in found.items() if holds)


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
