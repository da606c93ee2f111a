"""Intake: a file, read for a test: the rows that concern it, and what could not be used.

Nothing is stored here. A row is about somebody of the test, unrelated, or set aside; a file
that cannot be trusted as a whole is refused.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from icptest.accounts import account_of
from icptest.business_days import business_days_between
from icptest.errors import InputError, Location, RowProblem, UnusableRowError
from icptest.events import Dating, Event, EventKind, Tells
from icptest.experiment import Arm
from icptest.reading import file_digest, open_export
from icptest.reading.records import BadRow
from icptest.record import Joining
from icptest.row_text import row_text
from icptest.sources import identify
from icptest.sources._base import Settings
from icptest.store import NewRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from icptest.contacts import Identifier
    from icptest.experiment import Experiment
    from icptest.reading.records import Object, Objects, Row, Table
    from icptest.sources._base import Layout, Reader, Reading, Source

# The clock of a mail server and that of the machine that saved the file may differ a little.
_CLOCK_TOLERANCE = timedelta(minutes=10)
_TOUCHES = frozenset({EventKind.SENT, EventKind.INVITE_SENT})
_IMPLY_A_TOUCH = _TOUCHES | {EventKind.BOUNCED, EventKind.REPLIED, EventKind.POSITIVE_REPLY}


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
class Roster:
    """Who belongs to the test, as far as rows can tell.

    Attributes:
        contacts: Contact id by identifier.
        arms: Arm by contact id.
        campaigns: Arm by the name or id of a campaign that already ran.
    """

    contacts: Mapping[Identifier, int]
    arms: Mapping[int, Arm]
    campaigns: Mapping[str, Arm] = field(default_factory=dict)


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
        exported_at: Aware UTC.
        exported_at_stated: Whether a person said so; else it is when the file was saved.
        rows: The rows that concern the test, in file order.
        set_aside: The rows that cannot be used.
        n_read: All rows.
        n_unrelated: Rows about nobody of the test.
        reasons: Why rows brought nothing, counted.
        events: Events by kind, repeats within the file included.
        contacts: People of the test seen in the file, by arm.
        context: What it takes to read a row of this file again.
    """

    path: Path
    source: Source
    layout: Layout
    digest: str
    content: str
    exported_at: datetime
    exported_at_stated: bool
    rows: tuple[NewRow, ...]
    set_aside: tuple[RowProblem, ...]
    n_read: int
    n_unrelated: int
    reasons: Mapping[str, int]
    events: Mapping[EventKind, int]
    contacts: Mapping[Arm, int]
    context: Mapping[str, Any] = field(default_factory=dict)


def roster_of(
    experiment: Experiment, contacts: Mapping[Identifier, int], arms: Mapping[int, Arm]
) -> Roster:
    """Return who belongs to a test."""
    return Roster(
        contacts=contacts,
        arms=arms,
        campaigns={campaign: arm for arm in Arm for campaign in experiment.origin(arm).campaigns},
    )


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
    gathering = _Gathering(export, reader, roster, said, exported_at)
    for row in export.rows():
        gathering.take(row)
    _require_usable(path, gathering, said)
    if roster.campaigns and Tells.SENDS in kind.tells and not gathering.says_campaigns:
        raise InputError("campaign-not-said", location=Location(file=str(path)))
    if said.exported_at is None and not said.trust_saved_at:
        _require_fresh(path, gathering, exported_at, zone)
    content = _content(path, said, times_in, (source.name, kind.name, mapping_text))
    return Parsed(
        path=path,
        source=source,
        layout=kind,
        digest=_digest(content, exported_at),
        content=content,
        exported_at=exported_at,
        exported_at_stated=said.exported_at is not None,
        rows=tuple(gathering.rows),
        set_aside=tuple(gathering.set_aside),
        n_read=gathering.n_read,
        n_unrelated=gathering.n_unrelated,
        reasons=dict(gathering.reasons),
        events=dict(gathering.events),
        contacts={arm: len(gathering.seen[arm]) for arm in Arm},
        context={
            "header": list(getattr(export, "header", ())),
            "campaign": said.campaign,
            "zone": times_in.key if times_in else None,
            "sent_between": [at.isoformat() for at in said.sent_between or ()],
            "mapping": mapping_text,
            "content": content,
        },
    )


class _Gathering:
    """Goes through a file row by row and counts every one of them."""

    def __init__(
        self,
        export: Table | Objects,
        reader: Reader,
        roster: Roster,
        said: Said,
        exported_at: datetime,
    ) -> None:
        self._path = str(export.path)
        self._reader = reader
        self._roster = roster
        self._said = said
        self._exported_at = exported_at
        self._latest = exported_at + _CLOCK_TOLERANCE
        self.rows: list[NewRow] = []
        self.set_aside: list[RowProblem] = []
        self.reasons: Counter[str] = Counter()
        self.events: Counter[EventKind] = Counter()
        self.seen: dict[Arm, set[object]] = {arm: set() for arm in Arm}
        self.n_read = 0
        self.n_unrelated = 0
        self.newest: datetime | None = None
        self.says_campaigns = False

    def take(self, row: Row | Object | BadRow) -> None:
        """Take one row: it is kept, counted as unrelated, or set aside."""
        self.n_read += 1
        if isinstance(row, BadRow):
            self._put_aside(row, row.reason, row.text)
            return
        try:
            who = self._who(self._reader.who(row))
            if who is None:
                self.n_unrelated += 1
            else:
                self._read(row, who)
        except UnusableRowError as problem:
            self._put_aside(row, problem.reason, row_text(row), problem)

    def _who(self, identifiers: tuple[Identifier, ...]) -> int | tuple[Identifier, ...] | None:
        if self._roster.campaigns:
            # The store decides who is who: it must not depend on which file came first.
            return identifiers or None
        known = self._roster.contacts
        found = None
        for identifier in identifiers:
            contact = known.get(identifier)
            if contact is not None:
                if found is not None and found != contact:
                    raise UnusableRowError("two-contacts", value=identifier)
                found = contact
        return found

    def _read(self, row: Row | Object, who: int | tuple[Identifier, ...]) -> None:
        reading = self._reader.what(row)
        campaign = self._campaign(reading)
        self.says_campaigns |= campaign is not None
        if isinstance(who, int):
            arm = self._roster.arms[who]
        elif campaign is not None and campaign in self._roster.campaigns:
            arm = self._roster.campaigns[campaign]
        elif campaign is None and (known := self._known(who)) is not None:
            # A calendar names no campaign, but it may speak of somebody of the test.
            arm, who = self._roster.arms[known], known
        else:
            self.n_unrelated += 1
            return
        events = tuple(
            replace(event, campaign=campaign) if event.campaign else event
            for event in self._with_stated_send(reading.events, campaign)
        )
        self._check_times(events)
        member = who if isinstance(who, int) else _joining(who, arm)
        location = Location(file=self._path, record=row.record, line=row.line)
        text = "" if isinstance(who, int) else row_text(row)
        self.rows.append(
            NewRow(who=member, campaign=campaign, events=events, location=location, text=text)
        )
        self.events.update(event.kind for event in events)
        if not events:
            self.reasons[reading.note or "nothing-new"] += 1
        self.seen[arm].add(who)

    def _known(self, identifiers: tuple[Identifier, ...]) -> int | None:
        found = (self._roster.contacts.get(identifier) for identifier in identifiers)
        return next((contact for contact in found if contact is not None), None)

    def _campaign(self, reading: Reading) -> str | None:
        """Return the campaign under the name the registration uses for it."""
        for name in (reading.campaign, *reading.campaign_aliases):
            if name is not None and name in self._roster.campaigns:
                return name
        return reading.campaign

    def _with_stated_send(
        self, events: tuple[Event, ...], campaign: str | None
    ) -> tuple[Event, ...]:
        between = self._said.sent_between
        if between is None or any(
            event.kind in _TOUCHES and event.dating is Dating.EXACT for event in events
        ):
            return events
        if not any(event.kind in _IMPLY_A_TOUCH for event in events):
            return events
        since, until = between
        # What an export shows as mailed was mailed before it was taken.
        until = max(since, min(until, self._exported_at))
        stated = Event(
            kind=EventKind.SENT, at=until, since=since, dating=Dating.STATED, campaign=campaign
        )
        return (*events, stated)

    def _check_times(self, events: tuple[Event, ...]) -> None:
        sent_at = None
        newest = None
        for event in events:
            if event.at is None:
                continue
            if (event.since or event.at) > self._latest:
                raise UnusableRowError("after-the-export", value=event.at.isoformat())
            if event.dating is not Dating.STATED:
                newest = event.at if newest is None else max(newest, event.at)
            if event.kind in _TOUCHES and event.dating is Dating.EXACT and event.step in {None, 1}:
                sent_at = event.at if sent_at is None else min(sent_at, event.at)
        for event in events:
            if (
                event.kind is EventKind.REPLIED
                and event.dating is Dating.EXACT
                and event.at is not None
                and sent_at is not None
                and event.at < sent_at
            ):
                raise UnusableRowError("reply-before-send", value=event.at.isoformat())
        if newest is not None and (self.newest is None or self.newest < newest):
            self.newest = newest

    def _put_aside(
        self,
        row: Row | Object | BadRow,
        reason: str,
        text: str,
        problem: UnusableRowError | None = None,
    ) -> None:
        location = Location(
            file=self._path,
            record=row.record,
            line=row.line,
            column=problem.column if problem else None,
        )
        value = problem.value if problem else None
        self.set_aside.append(RowProblem(reason=reason, location=location, text=text, value=value))


def _joining(identifiers: tuple[Identifier, ...], arm: Arm) -> Joining:
    address = next((key for key in identifiers if "@" in key), None)
    account = account_of(address, None) or identifiers[0]
    return Joining(identifiers=identifiers, arm=arm, account=account)


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
    saved = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    return min(saved, now)


def _require_usable(path: Path, gathering: _Gathering, said: Said) -> None:
    location = Location(file=str(path))
    if gathering.n_read == 0:
        raise InputError("no-rows", location=location)
    problems = tuple(gathering.set_aside)
    if len(problems) == gathering.n_read:
        raise InputError("no-usable-row", location=location, problems=problems, n=len(problems))
    if problems and said.strict:
        raise InputError(
            "strict-rows",
            location=location,
            problems=problems,
            n=len(problems),
            n_read=gathering.n_read,
        )


def _require_fresh(
    path: Path, gathering: _Gathering, exported_at: datetime, zone: ZoneInfo
) -> None:
    newest = gathering.newest
    if newest is None or business_days_between(newest, exported_at, zone=zone) <= 1:
        return
    raise InputError(
        "export-time-unclear",
        location=Location(file=str(path)),
        newest=newest,
        saved=exported_at,
    )


def _digest(content: str, exported_at: datetime) -> str:
    """Return the identity of a batch."""
    text = "\x1f".join([content, exported_at.astimezone(UTC).isoformat()])
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _content(
    path: Path, said: Said, times_in: ZoneInfo | None, read_as: tuple[str, str, str]
) -> str:
    """Return the identity of a file; read in another way it is another one."""
    parts = [
        file_digest(path),
        *read_as,
        said.campaign or "",
        str(times_in or ""),
        *(at.isoformat() for at in said.sent_between or ()),
    ]
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
