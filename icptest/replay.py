"""Replay: rows that were set aside, read again.

A label that was mapped, a mapping that was mended or a newer icptest may read what could not
be read before. Each row is read alone, so that one broken quote cannot hide the next row.
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icptest.answers import kept_mapping, mapped_layout
from icptest.errors import InputError
from icptest.gathering import roster_of
from icptest.ingest import batch_of
from icptest.intake import Said, parse_file
from icptest.journal import make_entry
from icptest.sources import GENERIC, find_source
from icptest.sources.generic import from_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from icptest.experiment import Experiment
    from icptest.gathering import Roster
    from icptest.intake import Parsed
    from icptest.journal import Entry
    from icptest.sources._base import Layout, Source
    from icptest.store import NewBatch, Registered, SetAside, Store, StoredBatch
    from icptest.workspace import Workspace

_CUT = frozenset({"no-final-newline", "truncated"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What a replay did: how many rows can be used now, and how many still cannot."""

    n_read: int
    n_left: int


def replay_set_aside(
    workspace: Workspace,
    store: Store,
    experiment: Experiment,
    registered: Registered,
    *,
    now: datetime,
    user: str,
) -> Replayed:
    """Read every row again that is set aside, and store those that can be used now.

    A table is read by the mapping that is kept for its columns now, not by the one of then.
    """
    number = registered.experiment_id
    waiting = [row for row in store.set_aside(number) if row.replayed_at is None]
    # A row that may be cut off looks whole when it stands alone: only the file can tell.
    to_read = [row for row in waiting if row.problem.reason not in _CUT]
    if not waiting:
        raise InputError("nothing-to-replay", name=experiment.name)
    roster = roster_of(experiment, store.identifiers(number), store.arms(number))
    batches = {stored.batch.batch_id: stored for stored in store.batches(number)}
    of_batch: dict[int, list[SetAside]] = defaultdict(list)
    for row in to_read:
        of_batch[row.batch_id].append(row)
    n_read = 0
    for batch_id, rows in of_batch.items():
        stored = batches[batch_id]
        layout = _layout(workspace, stored)
        n_read += _replay_batch(
            store, experiment, registered, stored, layout, rows, roster, now=now, user=user
        )
    return Replayed(n_read=n_read, n_left=len(waiting) - n_read)


def _replay_batch(
    store: Store,
    experiment: Experiment,
    registered: Registered,
    stored: StoredBatch,
    layout: tuple[Source, Layout, str],
    rows: Sequence[SetAside],
    roster: Roster,
    *,
    now: datetime,
    user: str,
) -> int:
    read: list[tuple[int, Parsed]] = []
    for row in rows:
        parsed = _read_again(experiment, stored, layout, row.problem.text, roster, now)
        if parsed is None:
            continue
        # The store has the last word: a row that names two people stays aside, once.
        batch, entry = _batch(experiment, stored, [(row.set_aside_id, parsed)], now, user)
        tried = store.save(registered.experiment_id, batch, entry=entry, dry_run=True)
        if tried.n_set_aside == 0:
            read.append((row.set_aside_id, parsed))
    if not read:
        return 0
    ids = [set_aside_id for set_aside_id, _ in read]
    batch, entry = _batch(experiment, stored, read, now, user)
    store.save(registered.experiment_id, batch, entry=entry)
    facts = {"file": stored.batch.file, "rows": len(ids)}
    entry = make_entry(at=now, user=user, experiment=experiment.name, action="replayed", **facts)
    store.mark_replayed(registered.experiment_id, ids=ids, at=now, entry=entry)
    return len(ids)


def _batch(
    experiment: Experiment,
    stored: StoredBatch,
    read: Sequence[tuple[int, Parsed]],
    now: datetime,
    user: str,
) -> tuple[NewBatch, Entry]:
    """Return rows of a file that were read again as a batch of their own, and its entry."""
    joined = "\x1f".join([stored.batch.digest, *(str(set_aside_id) for set_aside_id, _ in read)])
    batch = batch_of(
        [parsed for _, parsed in read],
        file=stored.batch.file,
        digest="sha256:" + hashlib.sha256(joined.encode()).hexdigest(),
        exported_at=stored.batch.exported_at,
        now=now,
        context=read[0][1].context,
    )
    facts = {"file": stored.batch.file, "rows": len(read)}
    entry = make_entry(at=now, user=user, experiment=experiment.name, action="replay", **facts)
    return batch, entry


def _read_again(
    experiment: Experiment,
    stored: StoredBatch,
    layout: tuple[Source, Layout, str],
    text: str,
    roster: Roster,
    now: datetime,
) -> Parsed | None:
    """Return the row as a file of its own, or None while it still cannot be used."""
    context = stored.context
    header = context.get("header") or []
    said = Said(
        source=stored.batch.source,
        campaign=context.get("campaign"),
        zone=ZoneInfo(context["zone"]) if context.get("zone") else None,
        exported_at=stored.batch.exported_at,
        sent_between=_span(context),
    )
    with tempfile.TemporaryDirectory(prefix="icptest-") as folder:
        path = Path(folder) / ("row.csv" if header else "row.json")
        with path.open("w", encoding="utf-8", newline="") as file:
            if header:
                csv.writer(file, lineterminator="\n").writerow(header)
            file.write(text + "\n")
        try:
            parsed = parse_file(
                path,
                roster,
                said,
                now=now,
                zone=experiment.zone,
                layout=layout[:2],
                mapping_text=layout[2],
            )
        except InputError:
            return None
    return None if parsed.set_aside else parsed


def _layout(workspace: Workspace, stored: StoredBatch) -> tuple[Source, Layout, str]:
    if stored.batch.source == GENERIC:
        kept = kept_mapping(workspace, stored.context.get("header") or ())
        return mapped_layout(kept or from_toml(stored.context["mapping"]))
    source = find_source(stored.batch.source)
    layout = next(one for one in source.layouts if one.name == stored.batch.layout)
    return source, layout, ""


def _span(context: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    times = [datetime.fromisoformat(text) for text in context.get("sent_between") or ()]
    return (times[0], times[1]) if times else None
