"""Smartlead's leads export: one row per lead, no times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.events import Event, EventKind, Form, Tells
from icptest.labels import NOT_HUMAN, label_key
from icptest.sources._base import Layout, Reading, Settings, Sheet
from icptest.sources._cells import flag, identifiers, whole
from icptest.sources._export import Columns, for_table, table_claims
from icptest.sources._facts import dated, first
from icptest.sources._writing import write_csv
from icptest.sources.smartlead.categories import category_of, lead_events, meaning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from icptest.contacts import Identifier
    from icptest.reading.records import Row, Table

LEADS_NEEDS = (
    "campaign_lead_map_id",
    "email",
    "is_interested",
    "is_unsubscribed",
    "last_email_sequence_sent",
    "open_count",
    "click_count",
    "reply_count",
)


class _Leads:
    """Reader of `leads-export`."""

    def __init__(self, table: Table, settings: Settings) -> None:
        columns = Columns(table)
        self._campaign = settings.campaign
        self._email = columns.need("email")
        self._linkedin = columns.find("linkedin_profile")
        self._category = columns.find("category")  # not in the older, 20-column form
        self._unsubscribed = columns.need("is_unsubscribed")
        self._step = columns.need("last_email_sequence_sent")
        self._opens = columns.need("open_count")
        self._clicks = columns.need("click_count")
        self._replies = columns.need("reply_count")

    def who(self, row: Row) -> tuple[Identifier, ...]:
        """Return the address, and the profile as a second identifier: this tool mails addresses."""
        cells = row.cells
        linkedin = "" if self._linkedin is None else cells[self._linkedin]
        return identifiers(cells[self._email], linkedin, "email")

    def what(self, row: Row) -> Reading:
        """Return the lead's state; everything is undated."""
        cells = row.cells
        campaign = self._campaign
        step = whole(cells[self._step], "last_email_sequence_sent") or 0
        category = "" if self._category is None else cells[self._category].strip()
        events: list[Event] = []
        if step >= 1:
            # `last_email_sequence_sent` is how far the lead came; what is certain is step 1.
            events.append(dated(EventKind.SENT, None, campaign=campaign, step=1))
        # An automatic reply and a bounce also count in `reply_count`; only the category says so.
        if whole(cells[self._replies], "reply_count") and (
            not category or meaning(category) not in NOT_HUMAN
        ):
            events.append(dated(EventKind.REPLIED, None, campaign=campaign))
        unsubscribed = flag(cells[self._unsubscribed], "is_unsubscribed")
        events += lead_events(category, unsubscribed=unsubscribed, campaign=campaign)
        if whole(cells[self._opens], "open_count"):
            events.append(dated(EventKind.OPENED, None, campaign=campaign))
        if whole(cells[self._clicks], "click_count"):
            events.append(dated(EventKind.CLICKED, None, campaign=campaign))
        note = None if events else "never-mailed"
        return Reading(events=tuple(events), campaign=campaign, note=note)


LEADS = Layout(
    name="leads-export",
    form=Form.SNAPSHOT,
    # Not BOUNCES: a bounce shows only where the AI filed the bounce message as a reply
    # ("Sender Originated Bounce"), so most bounced leads look delivered here.
    tells=frozenset({Tells.SENDS, Tells.REPLIES, Tells.LABELS}),
    claims=table_claims(LEADS_NEEDS),
    open=for_table(_Leads),
    needs=LEADS_NEEDS,
)

HEADER = (
    "id",
    "campaign_lead_map_id",
    "status",
    "category",
    "is_interested",
    "created_at",
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "company_name",
    "website",
    "location",
    "custom_fields",
    "linkedin_profile",
    "company_url",
    "is_unsubscribed",
    "unsubscribed_client_id_map",
    "last_email_sequence_sent",
    "open_count",
    "click_count",
    "reply_count",
)


def write_leads(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write one row per lead: its latest state, without any time."""
    rows = []
    for number, sheet in enumerate(sheets, start=1):
        sent = [event.step or 1 for event in sheet.events if event.kind is EventKind.SENT]
        category = category_of(sheet)
        automatic = category is not None and meaning(category) is EventKind.OUT_OF_OFFICE
        values = {
            "id": number,
            "campaign_lead_map_id": 1_000_000 + number,
            "status": "COMPLETED" if sent else "STARTED",
            "category": category,
            "is_interested": str(first(sheet.events, EventKind.POSITIVE_REPLY) is not None).lower(),
            "email": sheet.identifier,
            "custom_fields": "{}",
            "is_unsubscribed": str(
                first(sheet.events, EventKind.UNSUBSCRIBED) is not None
                and label_key(category or "") != "do not contact"
            ).lower(),
            "last_email_sequence_sent": max(sent, default=None),
            "open_count": int(first(sheet.events, EventKind.OPENED) is not None),
            "click_count": int(first(sheet.events, EventKind.CLICKED) is not None),
            "reply_count": int(automatic or first(sheet.events, EventKind.REPLIED) is not None),
        }
        rows.append([values.get(column) for column in HEADER])
    write_csv(path, HEADER, rows)
