"""Stories as the tools export them, with the fields and the traps their files have."""

from __future__ import annotations

import csv
import json
import uuid
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .people import lot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from .stories import Story

PAGE = 1000
_STRANGERS = tuple(f"{name}@ours.example" for name in ("test", "seed1", "seed2", "founder"))
"""Our own addresses, to which every campaign is sent as a test."""


def iso(at: datetime | None) -> str | None:
    """Return a time as the tools' APIs write it."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def identity(*parts: str) -> str:
    """Return a UUID that these words decide."""
    return str(uuid.UUID(int=(lot("id1", *parts) << 64) | lot("id2", *parts), version=4))


def _write_lines(path: Path, head: str, objects: Iterable[dict[str, Any]], tail: str) -> None:
    body = ",\n".join(json.dumps(one, separators=(",", ":")) for one in objects)
    path.write_text(f"{head}\n{body}\n{tail}\n", encoding="utf-8")


# --- Smartlead


def smartlead_statistics(paths: Sequence[Path], slug: str, stories: Iterable[Story]) -> None:
    """Write the pages of a campaign's statistics: one row per e-mail sent, a thousand a page.

    The category stands on every row of its lead, and so does the time of the reply.
    """
    rows = [*_statistics(slug, stories), *_strangers(slug, stories)]
    rows.sort(key=lambda row: (row["sent_time"], row["stats_id"]))
    pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
    for number, (path, page) in enumerate(zip(paths, pages, strict=True)):
        head = (
            f'{{"total_stats": "{len(rows)}", "offset": {number * PAGE}, "limit": {PAGE}, "data": ['
        )
        _write_lines(path, head, page, "]}")


def _row(slug: str, story: Story, step: int, sent_at: datetime | None) -> dict[str, Any]:
    opened_at = story.opened_at if step == 1 else None
    clicked_at = story.clicked_at if step == 1 else None
    return {
        "stats_id": identity(slug, story.email, str(step))[:13],
        "lead_email": story.email,
        "lead_category": story.label,
        "sequence_number": step,
        "sent_time": iso(sent_at),
        "open_time": iso(opened_at),
        "click_time": iso(clicked_at),
        "reply_time": iso(story.reply_at),
        "open_count": int(opened_at is not None),
        "click_count": int(clicked_at is not None),
        "is_unsubscribed": False,
        "is_bounced": story.fate.bounced,
    }


def _statistics(slug: str, stories: Iterable[Story]) -> Iterator[dict[str, Any]]:
    for story in stories:
        if story.first_at is not None:
            yield _row(slug, story, 1, story.first_at)
        if story.follow_up_at is not None:
            yield _row(slug, story, 2, story.follow_up_at)


def _strangers(slug: str, stories: Iterable[Story]) -> Iterator[dict[str, Any]]:
    first = next(story for story in stories if story.first_at is not None)
    for number, email in enumerate(_STRANGERS):
        assert first.first_at is not None
        row = _row(slug, first, 1, first.first_at - timedelta(minutes=9 - number))
        yield row | {
            "stats_id": identity(slug, email)[:13],
            "lead_email": email,
            "lead_category": None,
            "open_time": None,
            "click_time": None,
            "reply_time": None,
            "open_count": 0,
            "click_count": 0,
            "is_bounced": False,
        }


# --- Instantly

INTEREST = {
    "Interested": 1,
    "Meeting Booked": 2,
    "Out of Office": 0,
    "Not Interested": -1,
    "Wrong Person": -2,
}


def instantly_emails(path: Path, slug: str, stories: Iterable[Story]) -> None:
    """Write a campaign's e-mails: one object each, ours (1) and theirs (2)."""
    objects = []
    for story in stories:
        theirs = (story.reply_at, 2)
        for at, way in ((story.first_at, 1), (story.follow_up_at, 1), theirs):
            if at is None:
                continue
            objects.append(
                {
                    "id": identity(slug, story.email, iso(at) or ""),
                    "timestamp_created": iso(at + timedelta(seconds=5)),
                    "timestamp_email": iso(at),
                    "campaign_id": identity(slug),
                    "lead": story.email,
                    "ue_type": way,
                    "is_auto_reply": int(way == 2 and story.fate.automatic),
                }
            )
    objects.sort(key=lambda one: (str(one["timestamp_email"]), str(one["id"])))
    _write_lines(path, '{"items": [', objects, '], "next_starting_after": null}')


def instantly_leads(path: Path, slug: str, stories: Iterable[Story]) -> None:
    """Write a campaign's leads: the latest state of each, also of those never mailed."""
    objects = [
        {
            "email": story.email,
            "campaign": identity(slug),
            "status": -1 if story.fate.bounced else 3 if story.first_at else 1,
            "email_open_count": int(story.opened_at is not None),
            "email_click_count": int(story.clicked_at is not None),
            "email_reply_count": int(story.reply_at is not None),
            "lt_interest_status": INTEREST[story.label] if story.label else None,
            "timestamp_created": "2026-10-02T08:00:00.000Z",
            "timestamp_last_contact": iso(story.follow_up_at or story.first_at),
            "timestamp_last_reply": iso(story.reply_at),
            "timestamp_last_interest_change": iso(_labelled_at(story)),
        }
        for story in stories
    ]
    strangers = [
        objects[0] | {"email": email, "status": 3, "lt_interest_status": None}
        for email in _STRANGERS
    ]
    _write_lines(path, '{"items": [', [*strangers, *objects], '], "next_starting_after": null}')


def _labelled_at(story: Story) -> datetime | None:
    """Return when somebody labelled the answer: some time after it came."""
    return story.reply_at + timedelta(minutes=42) if story.label and story.reply_at else None


_EVENT_OF = {
    "Interested": "lead_interested",
    "Meeting Booked": "lead_meeting_booked",
    "Not Interested": "lead_not_interested",
    "Wrong Person": "lead_wrong_person",
    "Out of Office": "lead_out_of_office",
}


def instantly_webhooks(path: Path, slug: str, stories: Iterable[Story], exported: datetime) -> None:
    """Write what a webhook receiver has kept: one fact a line."""
    facts: list[dict[str, Any]] = []
    for story in stories:
        heard = [("email_sent", story.first_at), ("email_sent", story.follow_up_at)]
        if story.fate.bounced and story.first_at:
            heard.append(("email_bounced", story.first_at + timedelta(seconds=20)))
        came = "auto_reply_received" if story.fate.automatic else "reply_received"
        heard += [(came, story.reply_at), ("email_opened", story.opened_at)]
        heard += [("link_clicked", story.clicked_at)]
        if story.label:
            heard.append((_EVENT_OF[story.label], _labelled_at(story)))
        facts += [
            {
                "timestamp": iso(at),
                "event_type": name,
                "workspace": identity(slug, "workspace"),
                "campaign_name": slug,
                "lead_email": story.email,
                **({"step": 2 if at == story.follow_up_at else 1} if "sent" in name else {}),
            }
            for name, at in heard
            if at is not None and at <= exported
        ]
    facts.sort(key=lambda one: (str(one["timestamp"]), str(one["lead_email"]), one["event_type"]))
    path.write_text(
        "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in facts), encoding="utf-8"
    )


# --- lemlist


def lemlist_activities(path: Path, slug: str, stories: Iterable[Story]) -> None:
    """Write a campaign's activities; the mark of an answer is dated when it was set."""
    marks = {"Interested": "emailsInterested", "Not Interested": "emailsNotInterested"}
    objects: list[dict[str, Any]] = []
    for number, story in enumerate(stories):
        bounced_at = story.first_at if story.fate.bounced else None
        happened = [
            ("emailsSent", story.first_at, 1),
            ("emailsSent", story.follow_up_at, 2),
            ("emailsBounced", bounced_at and bounced_at + timedelta(seconds=30), 1),
            ("emailsOpened", story.opened_at, 1),
            ("emailsClicked", story.clicked_at, 1),
            ("emailsReplied", story.reply_at, None),
            ("warmed", story.reply_at, None),
            (marks.get(story.label or "", "meetingBooked"), _labelled_at(story), None),
        ]
        objects += [
            {
                "_id": f"act_{identity(slug, story.email, name, str(step))[:13]}",
                "type": name,
                "createdAt": iso(at),
                "leadId": f"lea_{number}",
                "leadEmail": story.email,
                "campaignId": "cam_7f3",
                "campaignName": slug,
                **({"sequenceStep": step} if step else {}),
            }
            for name, at, step in happened
            if at is not None
        ]
    objects.sort(key=lambda one: (str(one["createdAt"]), one["_id"]))
    _write_lines(path, "[", objects, "]")


# --- a sheet of one's own, and the calendar


def own_sheet(path: Path, slug: str, stories: Iterable[Story], zone: str) -> None:
    """Write the sheet somebody keeps by hand, in local times; one row has no address."""
    rows: list[list[str]] = [
        [
            story.email,
            _clock(story.first_at, zone),
            _clock(story.reply_at, zone),
            story.label or "",
            "yes" if story.fate.bounced else "no",
            slug,
        ]
        for story in stories
    ]
    rows.insert(200, ["see Maria's note", "", "", "", "no", slug])
    header = ("Email", "First sent at", "Replied at", "Label", "Bounced", "Campaign")
    _write_csv(path, header, [*rows, *([mail, "", "", "", "no", slug] for mail in _STRANGERS)])


def calendly(path: Path, slug: str, stories: Iterable[Story], zone: str) -> None:
    """Write a calendar's bookings, in local times without a zone; others book there too."""
    rows = []
    guests = [(story.email, at, off) for story in stories for at, off in story.bookings]
    first = next(story.first_at for story in stories if story.first_at)
    for number, company in enumerate(("customer.example", "partner.test", "friend.example")):
        guests.append((f"guest@{company}", first + timedelta(hours=31 * number), False))
    guests.sort(key=lambda one: (one[1], one[0]))
    for email, at, canceled in guests:
        start = (at + timedelta(days=6)).astimezone(ZoneInfo(zone)).replace(minute=0)
        values = {
            "User Name": "Founder",
            "Invitee Email": email,
            "Event Type Name": "30 Minute Meeting",
            "Start Date & Time": _hands(start),
            "End Date & Time": _hands(start + timedelta(minutes=30)),
            "Event Created Date & Time": _hands(at.astimezone(ZoneInfo(zone))),
            "Canceled": str(canceled).lower(),
            "Marked as No-Show": "No",
            "User Email": "founder@ours.example",
            "Invitee UUID": identity(slug, email, str(iso(at))),
        }
        rows.append([values.get(column, "") for column in _CALENDLY])
    _write_csv(path, _CALENDLY, rows)


_CALENDLY = (
    "User Name",
    "Team",
    "Invitee Name",
    "Invitee First Name",
    "Invitee Last Name",
    "Invitee Email",
    "Invitee Time Zone",
    "Event Type Name",
    "Start Date & Time",
    "End Date & Time",
    "Location",
    "Event Created Date & Time",
    "Canceled",
    "Canceled By",
    "Cancellation reason",
    "Question 1",
    "Response 1",
    "Marked as No-Show",
    "User Email",
    "Event UUID",
    "Invitee UUID",
)


def _hands(at: datetime) -> str:
    """Return a time as Calendly writes it: "2026-09-02 03:32 pm"."""
    return f"{at:%Y-%m-%d %I:%M} {'pm' if at.hour >= 12 else 'am'}"


def _clock(at: datetime | None, zone: str) -> str:
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
