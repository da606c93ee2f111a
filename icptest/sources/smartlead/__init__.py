"""Smartlead: campaign statistics, leads export, webhooks. Seen 2026-07-22 and 2025-01.

statistics     GET /campaigns/{id}/statistics, JSON pages {total_stats, data, offset, limit}:
               {"stats_id": "a1", "lead_email": "ada@example.com", "lead_category": "Interested",
                "sequence_number": 1, "sent_time": "2026-03-02T09:10:00.000Z",
                "reply_time": "2026-03-04T16:22:00.000Z", "is_bounced": false, ...}
               One row per e-mail sent. Missing: leads never mailed, the time of a bounce or of
               an unsubscription, which reply the category describes, the campaign's name.
leads-export   GET /campaigns/{id}/leads-export, CSV, 20 columns, since 2026 22 of them:
               id,campaign_lead_map_id,status,category,is_interested,created_at,first_name,...
               One row per lead, also of those never mailed. Missing: every time, bounces (but
               for those that came back as a "reply"), the campaign's name.
webhooks       One JSON object a line, as posted to your receiver; both documented families
               (`event_type` EMAIL_REPLY, `event` EMAIL_REPLIED) and both generations of time
               fields (`time_replied`, `event_timestamp`).
               {"event_type": "EMAIL_SENT", "to_email": "ada@example.com", "time_sent": ...}
               Missing: what happened before the webhook was set up; leads never mailed.

The UI's own "download CSV" was never seen: use `--from generic` for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.sources._base import Sheet, Source
from icptest.sources._writing import unknown_layout
from icptest.sources.smartlead.categories import meaning
from icptest.sources.smartlead.leads import LEADS, write_leads
from icptest.sources.smartlead.statistics import STATISTICS, write_statistics
from icptest.sources.smartlead.webhooks import WEBHOOKS, write_webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["LEADS", "SOURCE", "STATISTICS", "WEBHOOKS", "meaning", "write"]


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write what a layout can express of the sheets."""
    if layout == LEADS.name:
        write_leads(path, sheets)
    elif layout == STATISTICS.name:
        write_statistics(path, sheets)
    elif layout == WEBHOOKS.name:
        write_webhooks(path, sheets, campaign)
    else:
        raise unknown_layout("smartlead", layout, (known.name for known in SOURCE.layouts))


GUIDE = """\
Best: the campaign's statistics (when each e-mail went out and when the reply came), together
with the leads export (the leads that were never mailed, which statistics leave out).
Take both on the day the test settles; taking them again later does no harm.

The key is in Settings > Smartlead API, the campaign's number in its address. Paste this into
a shell (curl only; the key stays out of the process list):

    export SMARTLEAD_API_KEY=...
    CAMPAIGN=123456
    (
      set -eu
      api=https://server.smartlead.ai/api/v1/campaigns/$CAMPAIGN
      get() { printf %s "$SMARTLEAD_API_KEY" | curl -fsS -G --data-urlencode api_key@- "$@"; }
      : > smartlead-statistics.jsonl
      offset=0
      while :; do
        page=$(get -d limit=1000 -d offset=$offset "$api/statistics")
        case $page in *'"stats_id"'*) ;; *) break ;; esac
        printf '%s\\n' "$page" >> smartlead-statistics.jsonl
        offset=$((offset + 1000))
        sleep 1
      done
      get "$api/leads-export" > smartlead-leads.csv
    )
    icptest ingest EXPERIMENT smartlead-statistics.jsonl smartlead-leads.csv --campaign "NAME"

Neither file names its campaign: `--campaign` does. The leads export also says
who was never mailed. Webhooks, if you keep them as JSON Lines, can be read instead of
statistics; they hold nothing from before they were set up.
"""
# https://help.smartlead.ai/API-Documentation-a0d223bdd3154a77b3735497aad9419f (api_key in the
# query, 10 requests in 2 s); https://api.smartlead.ai/api-reference/campaigns/statistics
# (limit, offset); .../campaigns/export-leads.

SOURCE = Source(
    name="smartlead",
    title="Smartlead",
    layouts=(STATISTICS, LEADS, WEBHOOKS),
    guide=GUIDE,
    write=write,
)
