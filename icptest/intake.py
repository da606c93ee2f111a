"""Intake: a file, read for a test: the rows that concern it, and what could not be used.

Nothing is stored here. A row is about somebody of the test, unrelated, or set aside; a file
that cannot be trusted as a whole is refused.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from icptest.business_days import business_days_between
from icptest.errors import CUT_OFF, InputError, Location
from icptest.events import Tells
from icptest.experiment import Arm
from icptest.gathering import AFTER_THE_EXPORT, Gathering
from icptest.reading import file_digest, open_export
from icptest.reading.years import FIRST_YEAR
from icptest.sources import identify
from icptest.sources._base import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from icptest.errors import RowProblem
    from icptest.events import EventKind
    from icptest.gathering import Roster
    from icptest.sources._base import Layout, Source
    from icptest.store import NewRow


_ENOUGH = 10
_SAID_LATER = frozenset({"unknown-event", "unknown-status"})
"""Rows that were read and wait for somebody to say what a word of the tool means."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a person says of a file that the file does not.

    Attributes:
        source: Name of the tool, where the file could be of several or of none.
        campaign: Campaign of every row.
        zone: Zone of times written without one.
        kept_zones: Such zones that were said before, by source.
        exported_at: When it was exported; None: when the file was last saved.
        trust_saved_at: The time of the file is the time of the export, however old its
            newest event is.
        sent_between: Earliest and latest time the first mails went out.
        strict: Refuse the file if any row would be set aside.
        encoding: Text encoding, where it is not UTF-8.
    """

    source: str | None = None
    campaign: str | None = None
    zone: ZoneInfo | None = None
    kept_zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    exported_at: datetime | None = None
    trust_saved_at: bool = False
    sent_between: tuple[datetime, datetime] | None = None
    strict: bool = False
    encoding: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """A file, read but not stored.

    Attributes:
        path: The file.
        source: Whose it is.
        layout: Of which kind.
        digest: "sha256:<hex>" of the content and of when it was exported: the same bytes,
            exported again later, say that nothing has changed until then.
        content: "sha256:<hex>" of the file and of what was said about it.
        bytes_digest: "sha256:<hex>" of the file alone.
        exported_at: Aware UTC.
        exported_at_stated: Whether a person said so; else it is when the file was saved.
        rows: The rows that concern the test, in file order.
        set_aside: The rows that cannot be used.
        n_read: All rows.
        n_unrelated: Rows about nobody of the test.
        reasons: Why rows brought nothing, counted.
        events: Events by kind, repeats within the file included.
        contacts: People of the test seen in the file, by arm.
        sent_between_cut: Whether the time said for the first mails ended days after the export,
            so that for these people it ends with the export.
        n_whole: Records that are whole, where the file is cut off; None where it is not.
        total: How many the file itself says that there are, where it does.
        context: What it takes to read a row of this file again.
    """

    path: Path
    source: Source
    layout: Layout
    digest: str
    content: str
    bytes_digest: str
    exported_at: datetime
    exported_at_stated: bool
    rows: tuple[NewRow, ...]
    set_aside: tuple[RowProblem, ...]
    n_read: int
    n_unrelated: int
    reasons: Mapping[str, int]
    events: Mapping[EventKind, int]
    contacts: Mapping[Arm, int]
    sent_between_cut: bool = False
    n_whole: int | None = None
    total: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def parse_file(
    path: Path,
    roster: Roster,
    said: Said,
    *,
    now: datetime,
    zone: ZoneInfo,
    layout: tuple[Source, Layout] | None = None,
    mapping_text: str = "",
) -> Parsed:
    """Read a file for a test, storing nothing.

    Args:
        path: The file.
        roster: Who belongs to the test.
        said: What a person says about the file.
        now: The clock; no export is later.
        zone: Zone of the test, for business days.
        layout: Source and layout, where they are known already (a mapping).
        mapping_text: That mapping, as its file says it.

    Raises:
        InputError: The file as a whole cannot be used; nothing of it is stored.
    """
    export = open_export(path, encoding=said.encoding)
    source, kind = layout or identify(export, source=said.source)
    times_in = said.zone or said.kept_zones.get(source.name)
    reader = kind.open(export, Settings(zone=times_in, campaign=said.campaign))
    exported_at = _exported_at(path, said, now)
    gathering = Gathering(
        str(path),
        reader,
        roster,
        exported_at=exported_at,
        sent_between=said.sent_between,
    )
    for row in export.rows():
        gathering.take(row)
    _require_sent_before(path, gathering, said, exported_at, zone)
    _require_usable(path, gathering, said, exported_at, zone)
    if roster.campaigns and Tells.SENDS in kind.tells and not gathering.says_campaigns:
        raise InputError("campaign-not-said", location=Location(file=str(path)))
    if said.exported_at is None and not said.trust_saved_at:
        _require_fresh(path, gathering, exported_at, zone)
    bytes_digest = file_digest(path)
    content = _content(bytes_digest, said, times_in, (source.name, kind.name, mapping_text))
    return Parsed(
        path=path,
        source=source,
        layout=kind,
        digest=_digest(content, exported_at),
        content=content,
        bytes_digest=bytes_digest,
        exported_at=exported_at,
        exported_at_stated=said.exported_at is not None,
        rows=tuple(gathering.rows),
        set_aside=tuple(gathering.set_aside),
        n_read=gathering.n_read,
        n_unrelated=gathering.n_unrelated,
        reasons=dict(gathering.reasons),
        events=dict(gathering.events),
        contacts={arm: len(gathering.seen[arm]) for arm in Arm},
        sent_between_cut=_is_cut(gathering, said, exported_at, zone),
        n_whole=_n_whole(gathering),
        total=getattr(export, "total", None),
        context={
            "header": list(getattr(export, "header", ())),
            "campaign": said.campaign,
            "zone": times_in.key if times_in else None,
            "sent_between": [at.isoformat() for at in said.sent_between or ()],
            "mapping": mapping_text,
            "content": content,
            "bytes": bytes_digest,
        },
    )


def _exported_at(path: Path, said: Said, now: datetime) -> datetime:
    if said.exported_at is not None:
        if said.exported_at > now:
            raise InputError(
                "export-in-the-future",
                location=Location(file=str(path)),
                value=said.exported_at,
                now=now,
            )
        return said.exported_at
    return min(_saved_at(path), now)


def _saved_at(path: Path) -> datetime:
    """Return when a file was last saved.

    Raises:
        InputError: It bears the date of nothing ("saved-at-unknown"): an archive that keeps no
            times, or a disk whose clock was not set.
    """
    seconds = path.stat().st_mtime
    with suppress(ValueError, OverflowError, OSError):
        saved = datetime.fromtimestamp(seconds, tz=UTC)
        if saved.year >= FIRST_YEAR:
            return saved
    raise InputError("saved-at-unknown", location=Location(file=str(path)), year=FIRST_YEAR)


def _require_sent_before(
    path: Path, gathering: Gathering, said: Said, exported_at: datetime, zone: ZoneInfo
) -> None:
    """Refuse a time of the first mails that begins after the export that shows them as mailed."""
    if said.sent_between is None or not gathering.n_stated:
        return
    since = said.sent_between[0]
    if since > exported_at:
        raise InputError(
            "sent-after-the-export",
            location=Location(file=str(path)),
            value=since.astimezone(zone),
            exported_at=exported_at.astimezone(zone),
        )


def _is_cut(gathering: Gathering, said: Said, exported_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the time of the first mails ends on a later day than that of the export.

    On the same day there is nothing to say: whoever names a day means the whole of it, and
    deadlines are counted from the day.
    """
    if said.sent_between is None or not gathering.n_stated:
        return False
    until = said.sent_between[1]
    return until.astimezone(zone).date() > exported_at.astimezone(zone).date()


def _n_whole(gathering: Gathering) -> int | None:
    """Return how many records stand before the cut of a file that is cut off."""
    n_cut = sum(problem.reason == CUT_OFF for problem in gathering.set_aside)
    return gathering.n_read - n_cut if n_cut else None


def _require_usable(
    path: Path, gathering: Gathering, said: Said, exported_at: datetime, zone: ZoneInfo
) -> None:
    location = Location(file=str(path))
    if gathering.n_read == 0:
        raise InputError("no-rows", location=location)
    _require_exported_after(path, gathering, said, exported_at, zone)
    problems = tuple(gathering.set_aside)
    if len(problems) == gathering.n_read:
        reasons = {problem.reason for problem in problems}
        raise InputError(
            "no-usable-row",
            location=location,
            problems=problems,
            case=reasons.pop() if len(reasons) == 1 else None,
            n=len(problems),
        )
    if (mostly := _mostly_for(gathering)) is not None:
        reason, n_rows = mostly
        alike = tuple(problem for problem in problems if problem.reason == reason)
        raise InputError(
            "mostly-unusable",
            location=location,
            problems=alike,
            case=reason,
            n=len(alike),
            n_rows=n_rows,
        )
    if problems and said.strict:
        raise InputError(
            "strict-rows",
            location=location,
            problems=problems,
            n=len(problems),
            n_read=gathering.n_read,
        )


def _require_exported_after(
    path: Path, gathering: Gathering, said: Said, exported_at: datetime, zone: ZoneInfo
) -> None:
    """Refuse a time of the export that most of what the file tells of the test comes after.

    It is one answer that is wrong then, not many rows.
    """
    late = tuple(one for one in gathering.set_aside if one.reason == AFTER_THE_EXPORT)
    n_rows = gathering.n_of_test
    few = n_rows < _ENOUGH and len(late) < n_rows
    if gathering.newest_late is None or few or 2 * len(late) <= n_rows:
        return
    raise InputError(
        "mostly-after-the-export",
        location=Location(file=str(path)),
        problems=late,
        case="stated" if said.exported_at is not None else "saved",
        n=len(late),
        n_rows=n_rows,
        exported_at=exported_at.astimezone(zone),
        newest=gathering.newest_late.astimezone(zone),
    )


def _mostly_for(gathering: Gathering) -> tuple[str, int] | None:
    """Return for which one reason most rows are set aside, and of how many; None: for none.

    Most rows of people of the test, or most of all rows: a file of a whole workspace may have
    much to set aside that concerns nobody. Of fewer than ten rows each may be odd in its way.
    """
    for n_rows, reasons in (
        (gathering.n_of_test, gathering.reasons_of_test),
        (gathering.n_read, Counter(problem.reason for problem in gathering.set_aside)),
    ):
        for reason, number in reasons.most_common(1):
            if n_rows >= _ENOUGH and 2 * number > n_rows and reason not in _SAID_LATER:
                return reason, n_rows
    return None


def _require_fresh(path: Path, gathering: Gathering, exported_at: datetime, zone: ZoneInfo) -> None:
    newest = gathering.newest
    if newest is None or business_days_between(newest, exported_at, zone=zone) <= 1:
        return
    raise InputError(
        "export-time-unclear",
        location=Location(file=str(path)),
        newest=newest.astimezone(zone),
        saved=exported_at.astimezone(zone),
    )


def _digest(content: str, exported_at: datetime) -> str:
    """Return the identity of a batch."""
    text = "\x1f".join([content, exported_at.astimezone(UTC).isoformat()])
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _content(
    bytes_digest: str, said: Said, times_in: ZoneInfo | None, read_as: tuple[str, str, str]
) -> str:
    """Return the identity of a file; read in another way it is another one."""
    parts = [
        bytes_digest,
        *read_as,
        said.campaign or "",
        str(times_in or ""),
        *(at.isoformat() for at in said.sent_between or ()),
    ]
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
