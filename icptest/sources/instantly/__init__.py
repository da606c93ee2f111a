"""Instantly: e-mails, leads, webhooks (API v2). Seen 2026-08-13.

emails     GET /api/v2/emails, JSON pages {items, next_starting_after}:
           {"id": "019f...", "timestamp_email": "2026-03-02T09:10:00.000Z", "ue_type": 1,
            "lead": "ada@example.com", "campaign_id": "...", "is_auto_reply": 0, ...}
           One object per e-mail. Missing: leads never mailed, labels, bounces.
leads      POST /api/v2/leads/list, JSON pages {items, next_starting_after}:
           {"email": "ada@example.com", "status": 1, "email_reply_count": 1,
            "lt_interest_status": 1, "timestamp_last_contact": "2026-03-02T09:10:00.000Z", ...}
           One object per lead. Missing: when a lead was first mailed (the last contact is not
           the first touch), when it first replied, what an earlier label was.
webhooks   One JSON object a line, as posted to your receiver:
           {"timestamp": "...", "event_type": "email_sent", "workspace": "...",
            "campaign_id": "...", "campaign_name": "Q1", "lead_email": "ada@example.com", "step": 1}
           Missing: what happened before the webhook was set up; leads never mailed.

A CSV from the UI was never seen: use `--from generic` for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.sources._base import Sheet, Source
from icptest.sources._writing import unknown_layout
from icptest.sources.instantly.emails import EMAILS, write_emails
from icptest.sources.instantly.leads import LEADS, write_leads
from icptest.sources.instantly.webhooks import WEBHOOKS, write_webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["EMAILS", "LEADS", "SOURCE", "WEBHOOKS", "write"]


def write(path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None) -> None:
    """Write what a layout can express of the sheets."""
    if layout == LEADS.name:
        write_leads(path, sheets, campaign)
    elif layout == EMAILS.name:
        write_emails(path, sheets, campaign)
    elif layout == WEBHOOKS.name:
        write_webhooks(path, sheets, campaign)
    else:
        raise unknown_layout("instantly", layout, (known.name for known in SOURCE.layouts))


GUIDE = """\
Best: the campaign's e-mails (when each went out, when each reply came), together with its
leads (labels, bounces, the leads that were never mailed). The leads alone date only the last
contact, which is not the first touch when a follow-up went out.

The key (scopes leads:read and emails:read) is in Settings > Integrations > API Keys, the
campaign's id in its address. Paste this into a shell (curl and python3; the key stays out of
the process list). The e-mails take a while: 20 requests a minute are allowed.

    export INSTANTLY_API_KEY=...
    CAMPAIGN=00000000-0000-0000-0000-000000000000
    (
      set -eu
      api=https://api.instantly.ai/api/v2
      get() { printf 'Authorization: Bearer %s' "$INSTANTLY_API_KEY" | curl -fsS -H @- "$@"; }
      next() { python3 -c 'import json,sys; print(json.load(sys.stdin).get("next_starting_after") or "")'; }
      : > instantly-emails.jsonl
      after=
      while :; do
        page=$(get -G -d campaign_id=$CAMPAIGN -d limit=100 ${after:+-dstarting_after=$after} $api/emails)
        printf '%s\\n' "$page" >> instantly-emails.jsonl
        after=$(printf %s "$page" | next)
        [ -n "$after" ] || break
        sleep 4
      done
      : > instantly-leads.jsonl
      after=
      while :; do
        body="{\\"campaign\\":\\"$CAMPAIGN\\",\\"limit\\":100${after:+,\\"starting_after\\":\\"$after\\"}}"
        page=$(get -H 'Content-Type: application/json' -d "$body" $api/leads/list)
        printf '%s\\n' "$page" >> instantly-leads.jsonl
        after=$(printf %s "$page" | next)
        [ -n "$after" ] || break
        sleep 1
      done
    )
    icptest ingest EXPERIMENT instantly-emails.jsonl instantly-leads.jsonl

Custom labels arrive as numbers ("interest status 7"); `icptest map-label` says what they mean.
"""  # noqa: E501 - a command is pasted whole
# https://developer.instantly.ai/api-reference/email/list-email.md (20 requests a minute; scopes),
# https://developer.instantly.ai/api/v2/lead (POST /api/v2/leads/list, cursor, 100 a page).

SOURCE = Source(
    name="instantly",
    title="Instantly",
    layouts=(EMAILS, LEADS, WEBHOOKS),
    guide=GUIDE,
    write=write,
)
