"""What `new` says of the profile that made the new list, and of signals that expire."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from icptest.experiment import Arm
from icptest.icp.match_file import SIGNAL_COLUMNS
from icptest.report.words.icp import segment as words

if TYPE_CHECKING:
    from datetime import datetime

    from icptest.icp.segment import Segment
    from icptest.register import Registration


def profile_notes(
    registration: Registration, made: Segment | None, *, expected_at: datetime
) -> list[str]:
    """Return what is to be said, one sentence each; nothing where no profile was used."""
    notes: list[str | None] = []
    profile = registration.experiment.icp
    if made is not None and profile is not None:
        notes.append(words.origin(profile, made.funnel))
        if made.uses_signals:
            notes.append(
                words.stale(
                    date.fromisoformat(profile.list_on), date.fromisoformat(profile.judged_on)
                )
            )
    expiring = _expiring(registration, expected_at)
    if expiring is not None:
        notes.append(words.expiring(*expiring))
    return [note for note in notes if note]


def profile_data(
    registration: Registration, made: Segment | None, *, expected_at: datetime
) -> dict[str, Any]:
    """Return the part of `icptest.new/1` about the profile; empty where none was used."""
    profile = registration.experiment.icp
    expiring = _expiring(registration, expected_at)
    data: dict[str, Any] = {}
    if expiring is not None:
        data["signals"] = {"drawn": expiring[1], "expire_before_verdict": expiring[0]}
    if made is not None and profile is not None:
        data["icp"] = {
            **profile.to_mapping(),
            "rows": made.funnel.n_rows,
            "in": made.funnel.n_in,
            "unknown": made.funnel.n_unknown,
        }
    return data


def _expiring(registration: Registration, expected_at: datetime) -> tuple[int, int, date] | None:
    """Return of how many drawn people the signal is over before the verdict, and of how many."""
    experiment = registration.experiment
    listed = registration.lists.get(Arm.SEGMENT)
    if listed is None or registration.draw is None or SIGNAL_COLUMNS[2] not in listed.header:
        return None
    place = listed.header.index(SIGNAL_COLUMNS[2])
    ends_on = expected_at.astimezone(experiment.zone).date()
    days = [
        found
        for one in registration.draw.segment.assignments
        if (found := _day(one.contact.cells[place])) is not None
    ]
    return sum(day < ends_on for day in days), len(days), ends_on


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        return None
