"""Calendly: Scheduled events > Export. Seen 2025-03; older files (2017-2019) write m/d/Y.

User Name,Team,Invitee Name,...,Invitee Email,...,Event Created Date & Time,Canceled,...
Host,,Ada,...,ada@example.com,...,2026-03-04 04:22 pm,false,...
One row per booking. Times have no zone: they are in the exporting person's. As many pairs
`Question n`, `Response n` as the form had. Missing: when a booking was canceled, whether the
meeting was held. Somebody who never booked is absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.errors import UnusableRowError
from icptest.events import Event, EventKind, Form, Tells
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import address, flag
from icptest.sources._export import Columns, for_table, table_claims
from icptest.sources._facts import dated
from icptest.sources._times import read_times
from icptest.sources._writing import unknown_layout, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Row, Table

EMAIL = "Invitee Email"
BOOKED = "Event Created Date & Time"
CANCELED = "Canceled"
NO_SHOW = "Marked as No-Show"
INVITEE = "Invitee UUID"
NEEDS = (EMAIL, "Event Type Name", "Start Date & Time", BOOKED, CANCELED)


class _Events:
    """Reader of `events`."""

    def __init__(self, table: Table, settings: Settings) -> None:
        columns = Columns(table)
        self._campaign = settings.campaign
        self._email = columns.need(EMAIL)
        self._canceled = columns.need(CANCELED)
        self._no_show = columns.find(NO_SHOW)  # not in older files
        self._invitee = columns.find(INVITEE)  # not in older files
        booked = columns.need(BOOKED)
        self._booked = read_times(table, [booked], settings)[booked]

    def who(self, row: Row) -> tuple[Identifier, ...]:
        """Return the invitee's address."""
        return (address(row.cells[self._email], EMAIL),)

    def what(self, row: Row) -> Reading:
        """Return the booking, dated when it was made, not when the meeting takes place."""
        cells, campaign = row.cells, self._campaign
        at = self._booked.read(row)
        if at is None:
            raise UnusableRowError("no-date", column=BOOKED)
        canceled = flag(cells[self._canceled], CANCELED)
        missed = self._no_show is not None and flag(cells[self._no_show], NO_SHOW)
        booking = None
        if self._invitee is not None:
            booking = cells[self._invitee].strip() or None
        # When it was canceled is not said: `at` is when the booking was made that has been
        # canceled since. A reschedule leaves a canceled row and a new one.
        kind = EventKind.MEETING_CANCELED if canceled else EventKind.MEETING_BOOKED
        events = [dated(kind, at, campaign=campaign, provider_id=booking)]
        if missed:
            events.append(
                dated(EventKind.MEETING_NO_SHOW, None, campaign=campaign, provider_id=booking)
            )
        return Reading(events=tuple(events), campaign=campaign)


EVENTS = Layout(
    name="events",
    form=Form.STREAM,
    tells=frozenset({Tells.MEETINGS}),
    claims=table_claims(NEEDS),
    open=for_table(_Events),
    needs=NEEDS,
)

_HEADER = (
    "User Name",
    "Team",
    "Invitee Name",
    EMAIL,
    "Invitee Time Zone",
    "Event Type Name",
    "Start Date & Time",
    "End Date & Time",
    "Location",
    BOOKED,
    CANCELED,
    "Question 1",
    "Response 1",
    NO_SHOW,
    "User Email",
    "Event UUID",
    INVITEE,
)


def _clock(at: datetime) -> str:
    """Return a time as Calendly writes it, in the zone it is in: "2025-03-03 11:00 am"."""
    return at.strftime("%Y-%m-%d %I:%M %p").lower()


def _rows(sheets: Iterable[Sheet]) -> Iterator[list[str]]:
    for number, sheet in enumerate(sheets, start=1):
        missed = {
            event.provider_id for event in sheet.events if event.kind is EventKind.MEETING_NO_SHOW
        }
        bookings: list[Event] = [
            event
            for event in sheet.events
            if event.kind in {EventKind.MEETING_BOOKED, EventKind.MEETING_CANCELED} and event.at
        ]
        for order, event in enumerate(bookings, start=1):
            if event.at is None:
                continue
            values = {
                "User Name": "Host",
                EMAIL: sheet.identifier,
                "Event Type Name": "30 Minute Meeting",
                "Start Date & Time": _clock(event.at),
                BOOKED: _clock(event.at),
                CANCELED: str(event.kind is EventKind.MEETING_CANCELED).lower(),
                NO_SHOW: "Yes" if event.provider_id in missed else "No",
                "User Email": "host@example.com",
                INVITEE: event.provider_id or f"invitee-{number}-{order}",
            }
            yield [values.get(column, "") for column in _HEADER]


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:  # noqa: ARG001 - a calendar knows no campaign
    """Write what a layout can express of the sheets, with times in UTC."""
    if layout != EVENTS.name:
        raise unknown_layout("calendly", layout, (EVENTS.name,))
    write_csv(path, _HEADER, _rows(sheets))


GUIDE = """\
Calendly tells only of meetings: read it beside an export of the tool that sends.

1. calendly.com > Scheduled events (Meetings) > Filter: the dates of the test, every event type,
   and "Canceled" too.
2. Export. You get a CSV.
3. Its times have no zone: they are in the time zone of your own Calendly profile. Say which:

    icptest ingest EXPERIMENT calendly.csv --tz Europe/Berlin

People who book with another address than the one you mailed are not found; look at the
"unrelated" count, and map them by hand if there are many.
"""

SOURCE = Source(name="calendly", title="Calendly", layouts=(EVENTS,), guide=GUIDE, write=write)
