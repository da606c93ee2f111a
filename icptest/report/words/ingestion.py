"""What `ingest` says: what was recognised, where the rows went, what stands aside."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from icptest.report.words.numbers import count, moment, the, wrap
from icptest.row_text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from icptest.ingest import Ingested
    from icptest.intake import Parsed

ROWS = {
    "added": "added: they tell something new",
    "updated": "updated: they change something known",
    "unchanged": "unchanged: nothing new",
    "unrelated": "unrelated: nobody of this test (not stored)",
    "set_aside": "set aside: could not be read",
}
KEPT = {False: " (kept)", True: ""}
"""What follows it: nothing is kept of a trial."""
EVENTS = {
    "sent": ("mail sent", "mails sent"),
    "bounced": ("bounce", "bounces"),
    "replied": ("reply", "replies"),
    "positive_reply": ("positive label", "positive labels"),
    "negative_reply": ("negative label", "negative labels"),
    "neutral_reply": ("neutral label", "neutral labels"),
    "out_of_office": ("out-of-office", "out-of-office"),
    "unknown_label": ("unknown label", "unknown labels"),
    "unsubscribed": ("unsubscribed", "unsubscribed"),
    "meeting_booked": ("meeting booked", "meetings booked"),
    "meeting_held": ("meeting held", "meetings held"),
    "meeting_canceled": ("meeting canceled", "meetings canceled"),
    "meeting_no_show": ("no-show", "no-shows"),
    "opened": ("open", "opens"),
    "clicked": ("click", "clicks"),
    "invite_sent": ("invitation", "invitations"),
    "invite_accepted": ("invitation accepted", "invitations accepted"),
}
"""What an event is called, once and more often."""


EXPORTED_WHEN_SAVED = "Was it exported when it was saved?"


def recognised(done: Ingested, zone: ZoneInfo) -> str:
    """Return what a file was recognised as, and when it was exported."""
    parsed = done.parsed
    when = moment(parsed.exported_at, zone)
    how = "exported" if parsed.exported_at_stated else "saved, taken as exported,"
    already = ""
    if done.first_read_at is not None:
        already = f" The same file was read in before, on {moment(done.first_read_at, zone)}."
    trial = " Nothing was stored (--dry-run)." if done.dry_run else ""
    return wrap(
        f"{shown(parsed.path.name)}: {parsed.source.title} {parsed.layout.name}, {how} {when}."
        f"{already}{trial}"
    )


def older_than(newer_at: datetime, zone: ZoneInfo) -> str:
    """Return what "added" and "updated" mean of an export that is not the newest one."""
    return wrap(
        f"A newer export of this tool, of {moment(newer_at, zone)}, was read in before: what it "
        "says of these people stays. Rows added or updated here only tell what it does not hold, "
        "or since when something is known.",
        first="  ",
        indent="  ",
    )


def people_line(control: int, segment: int) -> str:
    """Return how many people of the test stand in the file."""
    return (
        f"People of this test in it: {control:,} of {the('control')}, "
        f"{segment:,} of {the('segment')}."
    )


def concerns_nobody(name: str) -> str:
    """Return the warning about a file that names nobody of the test."""
    return wrap(
        f"Nobody in this file belongs to {name}. Is it of another campaign, or were other "
        f"people uploaded? `icptest show {name}` says who is in the test."
    )


def set_aside_line(number: int, name: str, *, dry_run: bool) -> str:
    """Return the heading above rows set aside."""
    rows = f"{count(number, 'row')} could not be read"
    if dry_run:
        return wrap(f"{rows}, and would be set aside:")
    return wrap(
        f"{rows} and {'is' if number == 1 else 'are'} kept; "
        f"`icptest set-aside {name}` shows all of them:"
    )


def cut_off(parsed: Parsed) -> str:
    """Return the warning that a file ends too early, and what it lacks where it says so."""
    whole = parsed.n_whole or 0
    holds = ""
    if parsed.total is not None and parsed.total > whole:
        rows = count(parsed.total, "row")
        holds = f", and holds {whole:,} of the {rows} that it says there are"
    return wrap(
        f"{shown(parsed.path.name)} is cut off: it ends in the middle of a record{holds}. People "
        "who were mailed may be missing from it. Export it again, wait until the download is "
        "complete, and read the whole file in before you do anything else."
    )


def sent_between_cut(exported_at: datetime, zone: ZoneInfo) -> str:
    """Return the warning that the time of the first mails ends after the export."""
    return wrap(
        "--sent-between ends after this export was made. Whom it shows as mailed was mailed "
        f"before it: for them the time ends with the export, {moment(exported_at, zone)}."
    )


def said_before(stays: Mapping[str, str | datetime], zone: ZoneInfo) -> str:
    """Return the warning that something else was said of the same file before, and stays."""
    said = ", ".join(
        f"{option} {moment(value, zone) if isinstance(value, datetime) else shown(value)}"
        for option, value in stays.items()
    )
    return wrap(
        f"What was said of this very file when it was read in before stays: {said}. If that was "
        'wrong: docs/how-to/fix-an-export.md, "Something wrong was said of a file".'
    )


def unknown_label_line(name: str, source: str, label: str, number: int) -> str:
    """Return the question about a label nobody has mapped."""
    return wrap(
        f'The label "{label}" ({count(number, "person", "people")}) is unknown; until you say '
        f"what it means it counts as no label: icptest map-label {name} --from {source} "
        f'"{label}" KIND (positive_reply, negative_reply, neutral_reply, out_of_office, ...)',
        indent="  ",
        first="",
    )
