"""Ingested files, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.experiment import Arm
from icptest.ingest import Caution
from icptest.report.data import reasons_data, stamp
from icptest.report.failure import failure_data, problem_lines
from icptest.report.words import ingestion as words
from icptest.report.words.numbers import count, wrap
from icptest.report.words.reasons import REASONS
from icptest.row_text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from icptest.errors import IcptestError
    from icptest.ingest import Ingested

_SHOWN = 5


def ingested_text(done: Ingested, zone: ZoneInfo) -> str:
    """Return the balance sheet of one file."""
    counts, parsed = done.counts, done.parsed
    rows = [
        [f"{getattr(counts, f'n_{name}'):,}", title + _kept(name, done)]
        for name, title in words.ROWS.items()
        if getattr(counts, f"n_{name}") or name == "added"
    ]
    rows.insert(0, [f"{counts.n_read:,}", "rows read"])
    width = max(len(number) for number, _ in rows)
    lines = [words.recognised(done, zone)]
    lines += [f"  {number:>{width}}  {title}" for number, title in rows]
    for reason, number in reasons_data(parsed.reasons).items():
        why = REASONS.get(reason, reason)
        lines.append(wrap(f"{count(number, 'row')}: {why}", first="    ", indent="      "))
    if done.newer_at is not None and done.first_read_at is None:
        lines.append(words.older_than(done.newer_at, zone))
    lines.append(words.people_line(*(parsed.contacts.get(arm, 0) for arm in Arm)))
    events = ", ".join(
        count(number, *words.EVENTS[kind]) for kind, number in _counted(parsed.events).items()
    )
    if events:
        lines.append(wrap(f"Events: {events}.", indent="  ", first=""))
    return "\n".join(lines)


def _kept(rows: str, done: Ingested) -> str:
    return words.KEPT[done.dry_run] if rows == "set_aside" else ""


def warnings_text(done: Ingested, name: str, zone: ZoneInfo) -> str:
    """Return what must be said on stderr about a file that was read."""
    lines = []
    if Caution.CONCERNS_NOBODY in done.cautions:
        lines.append(words.concerns_nobody(name))
    if Caution.CUT_OFF in done.cautions:
        lines.append(words.cut_off(done.parsed))
    if Caution.SENT_BETWEEN_CUT in done.cautions:
        lines.append(words.sent_between_cut(done.parsed.exported_at, zone))
    if Caution.SAID_BEFORE in done.cautions:
        lines.append(words.said_before(done.stays, zone))
    problems = done.parsed.set_aside
    if problems:
        lines.append(words.set_aside_line(len(problems), name, dry_run=done.dry_run))
        lines += problem_lines(problems)
    return "\n".join(lines)


def ingested_data(done: Ingested) -> dict[str, Any]:
    """Return one file of `icptest.ingest/1`."""
    counts, parsed = done.counts, done.parsed
    reasons = dict(parsed.reasons)
    for problem in parsed.set_aside:
        reasons[problem.reason] = reasons.get(problem.reason, 0) + 1
    return {
        "file": shown(str(parsed.path)),
        "source": parsed.source.name,
        "layout": parsed.layout.name,
        "exported_at": stamp(parsed.exported_at),
        "already_ingested": done.first_read_at is not None,
        "dry_run": done.dry_run,
        "rows": {
            "read": counts.n_read,
            "added": counts.n_added,
            "updated": counts.n_updated,
            "unchanged": counts.n_unchanged,
            "unrelated": counts.n_unrelated,
            "set_aside": counts.n_set_aside,
        },
        "cautions": [str(caution) for caution in done.cautions],
        "reasons": reasons_data(reasons),
        "events": {str(kind): number for kind, number in _counted(parsed.events).items()},
        "contacts": {str(arm): parsed.contacts.get(arm, 0) for arm in Arm},
    }


def ingestion_data(
    name: str, files: Sequence[Ingested | tuple[str, IcptestError]]
) -> dict[str, Any]:
    """Return `icptest.ingest/1`; a file that failed has its error in place of its rows."""
    return {
        "schema": "icptest.ingest/1",
        "experiment": name,
        "files": [
            {"file": shown(one[0]), "error": failure_data(one[1])}
            if isinstance(one, tuple)
            else ingested_data(one)
            for one in files
        ],
        "next": next_command(name),
    }


def next_command(name: str) -> str:
    """Return the command that follows."""
    return f"icptest status {name}"


def _counted(events: Mapping[Any, int]) -> dict[Any, int]:
    order = list(words.EVENTS)
    return dict(sorted(events.items(), key=lambda item: order.index(item[0])))
