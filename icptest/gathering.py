"""Gathering: a file, row by row: about somebody of the test, unrelated, or set aside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from icptest.accounts import account_of
from icptest.errors import Location, RowProblem, UnusableRowError
from icptest.events import Dating, Event, EventKind
from icptest.experiment import Arm
from icptest.reading.records import BadRow
from icptest.record import Joining
from icptest.row_text import row_text
from icptest.store import NewRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.contacts import Identifier
    from icptest.experiment import Experiment
    from icptest.reading.records import Object, Row
    from icptest.sources._base import Reader, Reading

# The clock of a mail server and that of the machine that saved the file may differ a little.
_CLOCK_TOLERANCE = timedelta(minutes=10)
AFTER_THE_EXPORT = "after-the-export"
_TOUCHES = frozenset({EventKind.SENT, EventKind.INVITE_SENT})
_IMPLY_A_TOUCH = _TOUCHES | {EventKind.BOUNCED, EventKind.REPLIED, EventKind.POSITIVE_REPLY}


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


def roster_of(
    experiment: Experiment, contacts: Mapping[Identifier, int], arms: Mapping[int, Arm]
) -> Roster:
    """Return who belongs to a test."""
    return Roster(
        contacts=contacts,
        arms=arms,
        campaigns={campaign: arm for arm in Arm for campaign in experiment.origin(arm).campaigns},
    )


class Gathering:
    """Goes through a file row by row and counts every one of them.

    Args:
        path: The file, for messages.
        reader: The layout, bound to the file.
        roster: Who belongs to the test.
        exported_at: When the file was exported; nothing in it can be later.
        sent_between: When the first mails went out, for rows that do not tell.
    """

    def __init__(
        self,
        path: str,
        reader: Reader,
        roster: Roster,
        *,
        exported_at: datetime,
        sent_between: tuple[datetime, datetime] | None,
    ) -> None:
        self._path = path
        self._reader = reader
        self._roster = roster
        self._sent_between = sent_between
        self._exported_at = exported_at
        self._latest = exported_at + _CLOCK_TOLERANCE
        self.rows: list[NewRow] = []
        self.set_aside: list[RowProblem] = []
        self.reasons: Counter[str] = Counter()
        self.events: Counter[EventKind] = Counter()
        self.seen: dict[Arm, set[object]] = {arm: set() for arm in Arm}
        self.n_read = 0
        self.n_unrelated = 0
        self.n_stated = 0
        self.newest: datetime | None = None
        self.newest_late: datetime | None = None
        self.n_of_test = 0
        self.reasons_of_test: Counter[str] = Counter()
        self.says_campaigns = False

    def take(self, row: Row | Object | BadRow) -> None:
        """Take one row: it is kept, counted as unrelated, or set aside."""
        self.n_read += 1
        if isinstance(row, BadRow):
            self._put_aside(row, row.reason, row.text)
            return
        try:
            who = self._who(self._reader.who(row))
        except UnusableRowError as problem:
            self._put_aside(row, problem.reason, row_text(row), problem)
            return
        if who is None:
            self.n_unrelated += 1
            return
        try:
            of_test = self._read(row, who)
        except UnusableRowError as problem:
            self._put_aside(row, problem.reason, row_text(row), problem)
            self.reasons_of_test[problem.reason] += 1
            of_test = True
        self.n_of_test += of_test

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

    def _read(self, row: Row | Object, who: int | tuple[Identifier, ...]) -> bool:
        """Keep a row, unless it turns out to be about nobody of the test."""
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
            return False
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
        return True

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
        between = self._sent_between
        if between is None or any(
            event.kind in _TOUCHES and event.dating is Dating.EXACT for event in events
        ):
            return events
        if not any(event.kind in _IMPLY_A_TOUCH for event in events):
            return events
        self.n_stated += 1
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
                late = [one.at for one in events if one.at is not None]
                self.newest_late = max([*late, self.newest_late or event.at])
                raise UnusableRowError(AFTER_THE_EXPORT, value=event.at.isoformat())
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
