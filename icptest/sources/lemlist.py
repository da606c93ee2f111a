"""lemlist: activities, from the API or from webhooks (the same object). Seen 2018-08 to 2026.

activities  GET /api/activities?campaignId=..., a JSON array; or one object a line, as posted:
            [{"_id": "act_1", "type": "emailsSent", "isFirst": true,
              "createdAt": "2026-03-02T09:10:00.000Z", "leadEmail": "ada@example.com",
              "campaignId": "cam_1", "campaignName": "Q1", "sequenceStep": 1}, ...]
            One object per activity. Missing: leads never mailed, the reply a mark describes
            (`...Interested` is dated when it was set), automatic replies (they come as replies).

The CSV exports' columns are not published: use `--from generic` for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.errors import UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.sources._base import Layout, Reading, Settings, Sheet, Source
from icptest.sources._cells import address, campaign_of, known_instant, profile, text, whole
from icptest.sources._export import for_objects, object_claims
from icptest.sources._facts import STEPPED, dated
from icptest.sources._writing import iso, unknown_layout, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Object

# Whole names only: "emailsNotInterested" contains "Interested".
FACTS = {
    "emailsSent": EventKind.SENT,
    "emailsOpened": EventKind.OPENED,
    "emailsClicked": EventKind.CLICKED,
    "emailsReplied": EventKind.REPLIED,
    "emailsBounced": EventKind.BOUNCED,
    "emailsUnsubscribed": EventKind.UNSUBSCRIBED,
    "linkedinInviteDone": EventKind.INVITE_SENT,
    "linkedinInviteAccepted": EventKind.INVITE_ACCEPTED,
    "linkedinSent": EventKind.SENT,
    "linkedinReplied": EventKind.REPLIED,
}
"""https://developer.lemlist.com/api-reference/objects-definitions/webhook, which lists names."""

_INTERESTED = ("Interested", EventKind.POSITIVE_REPLY)
_NOT_INTERESTED = ("Not Interested", EventKind.NEGATIVE_REPLY)
_BOOKED = ("Meeting Booked", EventKind.MEETING_BOOKED)
LABELS = {
    "interested": _INTERESTED,
    "emailsInterested": _INTERESTED,
    "linkedinInterested": _INTERESTED,
    "aircallInterested": _INTERESTED,
    "apiInterested": _INTERESTED,
    "manualInterested": _INTERESTED,
    "notInterested": _NOT_INTERESTED,
    "emailsNotInterested": _NOT_INTERESTED,
    "linkedinNotInterested": _NOT_INTERESTED,
    "aircallNotInterested": _NOT_INTERESTED,
    "apiNotInterested": _NOT_INTERESTED,
    "manualNotInterested": _NOT_INTERESTED,
    # A lead state of the newer API; the activity's name is seen in one code base only.
    "meetingBooked": _BOOKED,
    "meetingsBooked": _BOOKED,
}
NOT_SENT = frozenset({"emailsFailed", "emailsSendFailed", "linkedinSendFailed"})
IGNORED = frozenset(
    {
        # States that sum up other activities: counting them too would count twice.
        "contacted",
        "hooked",
        "attracted",
        "warmed",
        # Work and administration.
        "aircallCreated",
        "aircallDone",
        "aircallEnded",
        "annotated",
        "apiDone",
        "apiFailed",
        "callRecordingDone",
        "callTranscriptDone",
        "campaignComplete",
        "connectionIssue",
        "customDomainErrors",
        "enrichmentDone",
        "enrichmentError",
        "inboxLabelUpdated",
        "lemwarmPaused",
        "linkedinInviteFailed",
        "linkedinOpened",
        "linkedinVisitDone",
        "linkedinVisitFailed",
        "linkedinVoiceNoteDone",
        "linkedinVoiceNoteFailed",
        "manualDone",
        "opportunitiesDone",
        "paused",
        "resumed",
        "sendLimitReached",
        "skipped",
        "snoozed",
        "stopped",
    }
)
NEEDS = ("_id", "type", "createdAt")
_PROFILES = ("linkedinUrl", "leadLinkedinUrl")


def _is_activity(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an activity of a campaign."""
    return all(key in fields for key in NEEDS) and ("campaignId" in fields or "leadId" in fields)


class _Activities:
    """Reader of `activities`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def who(self, row: Object) -> tuple[Identifier, ...]:
        """Return the address and the LinkedIn profile, whichever the lead has.

        The address is optional for LinkedIn-only leads, and the official sample itself has
        "jeanne" in it: such a lead is known by its profile, if it has one.
        """
        fields = row.fields
        linkedin = next(
            (found for path in _PROFILES if (found := profile(text(fields, path) or ""))), None
        )
        email = text(fields, "leadEmail")
        if email is None and linkedin is None and _is_administrative(fields):
            return ()
        try:
            mailed = address(email or "", "leadEmail")
        except UnusableRowError:
            if linkedin is None:
                raise
            return (linkedin,)
        return (mailed,) if linkedin is None else (mailed, linkedin)

    def what(self, row: Object) -> Reading:
        """Return the one activity."""
        fields = row.fields
        campaign, aliases = campaign_of(
            fields, self._settings, name="campaignName", number="campaignId"
        )
        name = text(fields, "type") or ""
        events: tuple[Event, ...] = ()
        note = None
        if name in FACTS or name in LABELS:
            at = known_instant(fields, self._settings, "createdAt")
            events = (self._event(fields, name, campaign, at),)
        elif name in NOT_SENT:
            note = "send-failed"
        elif name in IGNORED:
            note = "ignored-event"
        else:
            raise UnusableRowError("unknown-event", column="type", value=name)
        return Reading(events=events, campaign=campaign, campaign_aliases=aliases, note=note)

    def _event(self, fields: Mapping[str, Any], name: str, campaign: str | None, at: Any) -> Event:
        provider_id = text(fields, "_id")
        if name in LABELS:
            # `createdAt` is when the mark was set, by a person or the AI, not when the reply came.
            label, kind = LABELS[name]
            return dated(
                kind,
                at,
                dating=Dating.LABEL_SET,
                label=label,
                campaign=campaign,
                provider_id=provider_id,
            )
        kind = FACTS[name]
        step = None
        if kind in STEPPED:
            # Counted from 1: the official sample's earlier e-mail is step 1, its later one 2.
            # A 0 would contradict it, so it is taken for "not said".
            step = whole(fields.get("sequenceStep"), "sequenceStep") or None
        return dated(kind, at, campaign=campaign, step=step, provider_id=provider_id)


def _is_administrative(fields: Mapping[str, Any]) -> bool:
    """Whether a record without a lead is about none: a campaign, a mailbox, a limit."""
    return text(fields, "type") in IGNORED and not text(fields, "leadId")


ACTIVITIES = Layout(
    name="activities",
    form=Form.STREAM,
    # Not MEETINGS: that a meeting is an activity is not documented.
    tells=frozenset(Tells) - {Tells.MEETINGS},
    claims=object_claims(_is_activity),
    open=for_objects(_Activities),
    needs=NEEDS,
)


# --- writing

_NAMES = {kind: name for name, kind in FACTS.items() if not name.startswith("linkedin")} | {
    EventKind.INVITE_SENT: "linkedinInviteDone",
    EventKind.INVITE_ACCEPTED: "linkedinInviteAccepted",
}
_LABEL_NAMES = {
    EventKind.POSITIVE_REPLY: "emailsInterested",
    EventKind.NEGATIVE_REPLY: "emailsNotInterested",
    EventKind.MEETING_BOOKED: "meetingBooked",
}


def _objects(sheets: Iterable[Sheet], campaign: str | None) -> Iterator[dict[str, Any]]:
    for number, sheet in enumerate(sheets, start=1):
        for order, event in enumerate(sheet.events, start=1):
            name = _NAMES.get(event.kind) or _LABEL_NAMES.get(event.kind)
            if name is None or event.at is None:
                continue
            linkedin = "@" not in sheet.identifier
            if linkedin and event.kind in {EventKind.SENT, EventKind.REPLIED}:
                name = name.replace("emails", "linkedin")
            yield {
                "_id": event.provider_id or f"act_{number}_{order}",
                "type": name,
                "createdAt": iso(event.at),
                "leadId": f"lea_{number}",
                **(
                    {"linkedinUrl": f"https://www.linkedin.com/{sheet.identifier}"}
                    if linkedin
                    else {"leadEmail": sheet.identifier}
                ),
                "campaignId": "cam_1",
                "campaignName": event.campaign or campaign,
                **({"sequenceStep": event.step} if event.step else {}),
            }


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write what a layout can express of the sheets."""
    if layout != ACTIVITIES.name:
        raise unknown_layout("lemlist", layout, (ACTIVITIES.name,))
    write_json(path, list(_objects(sheets, campaign)))


GUIDE = """\
Use the campaign's activities: every e-mail sent, every reply and every mark, with its time.
The CSV exports hold only each lead's latest state.

The key is in Settings > Integrations > API, the campaign's id (cam_...) in its address. Paste
this into a shell (curl only; the key stays out of the process list):

    export LEMLIST_API_KEY=...
    CAMPAIGN=cam_...
    (
      set -eu
      : > lemlist-activities.jsonl
      offset=0
      while :; do
        page=$(printf 'user = ":%s"' "$LEMLIST_API_KEY" | curl -fsS -K - -G \\
          -d campaignId=$CAMPAIGN -d limit=100 -d offset=$offset https://api.lemlist.com/api/activities)
        case $page in *'"_id"'*) ;; *) break ;; esac
        printf '%s\\n' "$page" >> lemlist-activities.jsonl
        offset=$((offset + 100))
        sleep 1
      done
    )
    icptest ingest EXPERIMENT lemlist-activities.jsonl

Automatic replies come as replies: label them, or they count as replies nobody has judged.
Compare the number of sends with lemlist's own: one public user says activities omit some.
"""
# https://developer.lemlist.com/api-reference/endpoints/activities/get-many-activities.md
# (100 a page, offset; basic auth with an empty user; 20 requests in 2 s).

SOURCE = Source(name="lemlist", title="lemlist", layouts=(ACTIVITIES,), guide=GUIDE, write=write)
