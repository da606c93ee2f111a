"""What was registered, read in, set aside and done: for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.report.data import plain, reasons_data, stamp
from icptest.report.failure import place
from icptest.report.terminal import table
from icptest.report.words import commands as words
from icptest.report.words.checks import changed_lists
from icptest.report.words.numbers import wrap
from icptest.report.words.reasons import REASONS
from icptest.row_text import excerpt, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from icptest.experiment import Arm, Experiment
    from icptest.journal import Entry
    from icptest.known_tests import Restored
    from icptest.left import Left
    from icptest.sources._base import Source
    from icptest.store import SetAside, StoredBatch

_FILE_WIDTH = 25
_SHA256 = "sha256:"
_DIGITS = 12
"""What is shown of a digest."""


def show_text(
    experiment: Experiment,
    batches: Sequence[StoredBatch],
    left: Left | None,
    *,
    intact: bool,
    changed: Sequence[Arm] = (),
) -> str:
    """Return what was registered and what was read in."""
    lines = words.show_lines(experiment)
    width = 2 + max(len(name) for name, _ in lines)
    facts = "\n".join(
        wrap(value, first=f"  {name:<{width}}", indent=" " * (width + 2)) for name, value in lines
    )
    parts = [experiment.name, facts]
    if not intact:
        parts.append(words.changed_line(experiment.name))
    if changed:
        parts.append(wrap(changed_lists([str(arm) for arm in changed])))
    if left is not None:
        parts.append(wrap(words.left_line(left.accounts)))
    if batches:
        parts.append(_files(experiment, batches))
    else:
        parts.append(words.NO_EXPORTS)
    parts.append(f"Next:\n  icptest status {experiment.name}")
    return "\n\n".join(parts)


def _files(experiment: Experiment, batches: Sequence[StoredBatch]) -> str:
    """Return what was read in, each file once, as the last of its exports."""
    files: dict[object, list[StoredBatch]] = {}
    for stored in batches:
        batch = stored.batch
        same = (batch.file, batch.source, batch.layout, stored.context.get("bytes", batch.digest))
        files.setdefault(same, []).append(stored)
    rows = []
    for readings in files.values():
        last = max(readings, key=lambda one: one.batch.exported_at)
        rows.append(
            [
                _shortened(last.batch.file),
                f"{last.batch.source} {last.batch.layout}",
                f"{last.batch.exported_at.astimezone(experiment.zone):%Y-%m-%d %H:%M}",
                f"{last.counts.n_read:,}",
                f"{last.counts.n_set_aside:,}",
            ]
        )
    listing = table(rows, ["file", "read as", "exported", "rows", "set aside"], right=3)
    notes = [
        wrap(words.read_again(shown(read[0].batch.file), len(read)))
        for read in files.values()
        if len(read) > 1
    ]
    return "\n".join([listing, *notes])


def _shortened(name: str) -> str:
    """Return a file name that leaves room for the other columns; its end tells files apart."""
    return name if len(name) <= _FILE_WIDTH else f"...{name[3 - _FILE_WIDTH :]}"


def show_data(
    experiment: Experiment,
    digest: str,
    batches: Sequence[StoredBatch],
    left: Left | None,
    *,
    intact: bool,
    changed: Sequence[Arm] = (),
) -> dict[str, Any]:
    """Return `icptest.show/1`."""
    return {
        "schema": "icptest.show/1",
        "experiment": experiment.name,
        "registration": plain(experiment.to_mapping()),
        "registration_digest": digest,
        "registration_intact": intact,
        "changed_lists": [str(arm) for arm in changed],
        "segment_left": None if left is None else left.accounts,
        "files": [
            {
                "file": stored.batch.file,
                "source": stored.batch.source,
                "layout": stored.batch.layout,
                "exported_at": stamp(stored.batch.exported_at),
                "ingested_at": stamp(stored.batch.ingested_at),
                "rows": {
                    "read": stored.counts.n_read,
                    "added": stored.counts.n_added,
                    "updated": stored.counts.n_updated,
                    "unchanged": stored.counts.n_unchanged,
                    "unrelated": stored.counts.n_unrelated,
                    "set_aside": stored.counts.n_set_aside,
                },
                "reasons": reasons_data(stored.counts.reasons),
            }
            for stored in batches
        ],
        "next": f"icptest status {experiment.name}",
    }


def restored_data(restored: Restored) -> dict[str, Any]:
    """Return what `show --restore` adds to `icptest.show/1`."""
    moved_to = restored.moved_to
    return {
        "restored": {
            "registration": str(restored.path),
            "was_intact": restored.was_intact,
            "moved_to": None if moved_to is None else str(moved_to),
            "lacks_lists": restored.lacks_lists,
        }
    }


def set_aside_text(name: str, rows: Sequence[SetAside]) -> str:
    """Return the rows of a test that could not be used and were not read since."""
    waiting = [row for row in rows if row.replayed_at is None]
    if not waiting:
        return f"{words.NOTHING_SET_ASIDE}\n\nNext:\n  icptest status {name}"
    lines = [words.set_aside_heading(name, len(waiting)), ""]
    for row in waiting:
        where = place(row.problem.location, with_file=False)
        said = REASONS.get(row.problem.reason, row.problem.reason)
        lines.append(wrap(f"{row.file}, {where}: {said}", first="  ", indent="    "))
        lines.append(f"    | {excerpt(row.problem.text)}")
    lines += ["", "Next, when the cause is mended:", f"  icptest set-aside {name} --replay"]
    return "\n".join(lines)


def set_aside_data(name: str, rows: Sequence[SetAside]) -> dict[str, Any]:
    """Return `icptest.set-aside/1`; the rows without their text, which holds addresses."""
    return {
        "schema": "icptest.set-aside/1",
        "experiment": name,
        "rows": [
            {
                "id": row.set_aside_id,
                "file": row.file,
                "source": row.source,
                "record": row.problem.location.record,
                "line": row.problem.location.line,
                "column": shown(row.problem.location.column or "") or None,
                "reason": row.problem.reason,
                "replayed_at": stamp(row.replayed_at),
            }
            for row in rows
        ],
        "next": f"icptest set-aside {name} --replay"
        if any(row.replayed_at is None for row in rows)
        else f"icptest status {name}",
    }


def log_text(entries: Sequence[Entry], zone: ZoneInfo, broken: Entry | None) -> str:
    """Return the journal, one line an entry."""
    if not entries:
        return words.JOURNAL_EMPTY
    lines = []
    for entry in entries:
        detail = ", ".join(
            f"{key.replace('_', ' ')} {_short(key, value)}" for key, value in entry.detail.items()
        )
        mark = " ! " if broken is not None and entry.digest == broken.digest else "   "
        at = entry.at.astimezone(zone)
        lines.append(
            wrap(
                f"{entry.action} {entry.experiment or ''}: {detail}".strip(": "),
                first=f"{at:%Y-%m-%d %H:%M}{mark}{entry.user}  ",
                indent=" " * 19,
            )
        )
    if broken is not None:
        lines += ["", wrap(words.JOURNAL_BROKEN)]
    return "\n".join(lines)


def _short(key: str, value: object) -> str:
    """Return a value of the journal; of a digest only its beginning, as `sha256sum` prints it."""
    text = str(value)
    if not text.startswith(_SHA256):
        return text
    start = text[: len(_SHA256) + _DIGITS]
    return f"{start.removeprefix(_SHA256) if key.startswith('sha256') else start}..."


def log_data(entries: Sequence[Entry], *, intact: bool) -> dict[str, Any]:
    """Return `icptest.log/1`."""
    return {
        "schema": "icptest.log/1",
        "intact": intact,
        "entries": [
            {
                "at": stamp(entry.at),
                "user": entry.user,
                "experiment": entry.experiment,
                "action": entry.action,
                "detail": plain(dict(entry.detail)),
                "digest": entry.digest,
                "previous": entry.previous,
            }
            for entry in entries
        ],
    }


def sources_text(sources: Sequence[Source]) -> str:
    """Return the tools whose exports can be read."""
    rows = [
        [source.name, source.title, ", ".join(layout.name for layout in source.layouts)]
        for source in sources
    ]
    listing = table(rows, ["name", "tool", "files"], right=3)
    return f"{listing}\n\nNext:\n  icptest sources {sources[0].name}"


def source_text(source: Source) -> str:
    """Return how to get the data of one tool."""
    told = "\n".join(
        wrap(words.tells_line(layout), first="  ", indent="    ") for layout in source.layouts
    )
    title = f"{source.title[0].upper()}{source.title[1:]}"
    return "\n\n".join(part for part in (title, told, _refold(source.guide.strip())) if part)


def _refold(text: str) -> str:
    """Return a text folded for a terminal; commands, which are indented, are left as they are."""
    paragraphs: list[str] = []
    is_open = False
    for line in text.splitlines():
        is_item = line.startswith("- ") or line[:1].isdigit()
        hangs = is_open and line.startswith("  ") and not line.startswith("    ")
        if is_open and line and not is_item and (hangs or not line.startswith(" ")):
            paragraphs[-1] += f" {line.strip()}"
            continue
        is_open = bool(line) and not line.startswith(" ")
        paragraphs.append(line)
    return "\n".join(
        line if line.startswith(" ") else wrap(line, first="", indent=" " * _hang(line))
        for line in paragraphs
    )


def _hang(line: str) -> int:
    """Return how far the lines of an item stand in."""
    marker = line.partition(" ")[0]
    return len(marker) + 1 if marker == "-" or marker.rstrip(".").isdigit() else 0


def sources_data(sources: Sequence[Source]) -> dict[str, Any]:
    """Return `icptest.sources/1`."""
    return {
        "schema": "icptest.sources/1",
        "sources": [
            {
                "name": source.name,
                "title": source.title,
                "layouts": [
                    {
                        "name": layout.name,
                        "form": str(layout.form),
                        "tells": sorted(str(what) for what in layout.tells),
                    }
                    for layout in source.layouts
                ],
                "guide": source.guide.strip(),
            }
            for source in sources
        ],
    }
