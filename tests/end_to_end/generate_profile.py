"""Write the files of the page "From customers to a verdict", from what is decided below.

    python -m tests.end_to_end.generate_profile        # writes experiments/customers-to-verdict/

A seller of a sales tool mails SaaS companies. Its best customers run HubSpot and have 50 to 250
employees, far more often than the market: that is planted, and the page finds it. Every company
and person is invented; what is left to chance, SHA-256 decides.
"""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .conftest import icptest, well
from .people import ADJECTIVES, FIRST_NAMES, LAST_NAMES, NOUNS, lot, pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER = Path(__file__).resolve().parents[2] / "experiments" / "customers-to-verdict"
ON = date(2026, 9, 14)
"""The day the mails go out: a Monday."""
FILES = ("customers.csv", "market.csv", "deals.csv", "triggers.toml", "smartlead-statistics.json")
N_MARKET, N_CUSTOMERS, N_DEALS = 4_500, 60, 200
INDUSTRIES = (
    *("SaaS",) * 7,
    *("Retail", "Logistics", "Financial Services", "Hospital & Health Care", "Construction"),
    *("Education", "Manufacturing", "Marketing & Advertising"),
)
COUNTRIES = (*("United States",) * 5, "Canada", "Germany", "United Kingdom", "Australia")
TOOLS = ("Apollo", "Intercom", "Marketo", "Outreach", "Salesforce", "Segment", "Stripe", "Zendesk")
LEADERS = ("VP Sales", "Head of Sales", "CTO", "CFO", "Head of Marketing")
ROUNDS = ("Seed", "Series A", "Series B", "Series C")
TITLES = ("VP Sales", "Head of Sales", "CEO", "RevOps Manager")
BEST = 20

TRIGGERS = """\

[[trigger]]
event = "funding"
what = ["Series A", "Series B"]

[[trigger]]
event = "leadership-change"
what = ["VP Sales", "Head of Sales"]
shelf_life_days = 60

[disqualify.other]
"Status" = ["closed down"]
"""


def chance(percent: int, *parts: str) -> bool:
    """Tell whether something is so, by lot."""
    return lot(*parts) % 100 < percent


def company(name: str, *, is_best: bool) -> dict[str, str]:
    """Return what lists tell of a company."""
    hubspot = chance(90 if is_best else 31, name, "hubspot")
    tools = [tool for tool in TOOLS if chance(22, name, tool)]
    if hubspot:
        tools.append("HubSpot")
    in_band = chance(90 if is_best else 30, name, "band")
    size = (
        50 + lot(name, "size") % 201 if in_band else pick((8, 15, 30, 40, 400, 900), name, "size")
    )
    raised = chance(25, name, "raised")
    hired = chance(35, name, "hired")
    return {
        "Company": name,
        "Website": f"https://{name.lower().replace(' ', '')}.example",
        "Industry": "SaaS" if is_best and chance(90, name, "saas") else pick(INDUSTRIES, name),
        "Employees": "" if chance(3, name, "told") else str(size),
        "Country": pick(COUNTRIES, name, "country"),
        "Technologies": "; ".join(sorted(tools)),
        "Last Raised At": str(ON - timedelta(days=lot(name, "on") % 400)) if raised else "",
        "Latest Funding": pick(ROUNDS, name, "round") if raised else "",
        "Hired On": str(ON - timedelta(days=lot(name, "in") % 300)) if hired else "",
        "Hired Title": pick(LEADERS, name, "leader") if hired else "",
        "Status": "closed down" if chance(2, name, "status") else "active",
    }


def names() -> list[str]:
    """Return the names of companies, each once, in an order decided by lot."""
    found = [f"{one} {other}" for one in ADJECTIVES for other in NOUNS]
    found += [f"{name} {where}" for name in found for where in ("North", "Labs")]
    return sorted(found, key=lambda name: lot("order", name))


def customers(found: Sequence[str]) -> Iterable[dict[str, str]]:
    """Yield the customers; the first ones closed fast, stayed, expanded and referred others."""
    for number, name in enumerate(found):
        best = number < BEST
        bought = ON - timedelta(days=(700 if best else 200) + lot(name, "bought") % 150)
        yield company(name, is_best=best) | {
            "LTV": str((60_000 if best else 9_000) + lot(name, "ltv") % 8_000),
            "Days to close": str((20 if best else 70) + lot(name, "close") % 30),
            "Bought on": str(bought),
            "Expansion %": str((30 if best else 0) + lot(name, "more") % 15),
            "Referrals": str((2 if best else 0) + lot(name, "refer") % 2),
            "How they found us": "referral" if chance(35, name, "how") else "outbound",
            "Champion": pick(("Head of Sales", "RevOps Manager"), name, "champion"),
            "Signed by": "VP Sales" if chance(70, name, "signed") else "CEO",
            "Paid by": "CFO",
        }


def deals(found: Sequence[str]) -> Iterable[dict[str, str]]:
    """Yield the deals of a year: lately most are won outside of what the profile says."""
    for number, name in enumerate(found):
        closed = ON - timedelta(days=1 + lot(name, "closed") % 360)
        lately = (ON - closed).days <= 90
        facts = company(name, is_best=number % 3 == 0 if lately else number % 4 != 0)
        won = chance(40, name, "won")
        yield facts | {"Outcome": "Won" if won else "Lost", "Close Date": str(closed)}


def market(found: Sequence[str]) -> Iterable[dict[str, str]]:
    """Yield one person of each company."""
    for name in found:
        facts = company(name, is_best=False)
        first, last = pick(FIRST_NAMES, name, "f"), pick(LAST_NAMES, name, "l")
        domain = facts.pop("Website").removeprefix("https://")
        yield {
            "First Name": first,
            "Title": pick(TITLES, name, "t"),
            "Email": f"{first}.{last}@{domain}".lower(),
        } | facts


def write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Write a CSV file."""
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def write_statistics(path: Path, send: Path) -> None:
    """Write what the tool tells of the people drawn: 1 in 100 likes it, of the new list 4."""
    started = datetime(2026, 9, 14, 13, tzinfo=UTC)
    rows = []
    for arm, every in (("control", 100), ("segment", 26)):
        with (send / f"send-{arm}.csv").open(encoding="utf-8", newline="") as file:
            people = [row["Email"] for row in csv.DictReader(file)]
        for number, email in enumerate(people):
            sent = started + timedelta(minutes=2 * number)
            positive, negative = number % every == 3, number % 40 == 7
            replied = sent + timedelta(days=1, minutes=lot(email) % 900)
            rows.append(
                {
                    "stats_id": f"{lot(email, 'id'):016x}",
                    "lead_email": email,
                    "lead_category": "Interested"
                    if positive
                    else "Not Interested"
                    if negative
                    else None,
                    "sequence_number": 1,
                    "sent_time": f"{sent:%Y-%m-%dT%H:%M:%S.000Z}",
                    "reply_time": f"{replied:%Y-%m-%dT%H:%M:%S.000Z}"
                    if positive or negative
                    else None,
                    "open_time": None,
                    "click_time": None,
                    "open_count": 0,
                    "click_count": 0,
                    "is_unsubscribed": False,
                    "is_bounced": number % 60 == 11,
                }
            )
    rows.sort(key=lambda row: (row["sent_time"], row["stats_id"]))
    path.write_text(
        json.dumps({"total_stats": len(rows), "data": rows}, indent=0) + "\n", encoding="utf-8"
    )


def generate(folder: Path) -> None:
    """Write every file into a folder that is there."""
    found = names()
    write(folder / "customers.csv", customers(found[:N_CUSTOMERS]))
    write(folder / "market.csv", market(found[N_CUSTOMERS : N_CUSTOMERS + N_MARKET]))
    write(folder / "deals.csv", deals(found[N_CUSTOMERS : N_CUSTOMERS + N_DEALS]))
    (folder / "triggers.toml").write_text(TRIGGERS, encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        # Who is drawn is known by drawing: the same seed draws the same people on the page.
        there = Path(scratch)
        for name in FILES[:4]:
            (there / name).write_bytes((folder / name).read_bytes())
        for line in COMMANDS:
            well(icptest(there, *line))
        with (there / "icp" / "hubspot-saas.toml").open("a", encoding="utf-8") as file:
            file.write(TRIGGERS)
        well(icptest(there, *NEW))
        write_statistics(
            folder / "smartlead-statistics.json", there / "experiments" / NEW[1] / "send"
        )


COMMANDS = (
    ("init", "--timezone", "America/New_York", "--holidays", "US"),
    (
        "icp",
        "mine",
        "customers.csv",
        "--base",
        "market.csv",
        "--best",
        "20",
        "--on",
        "2026-09-14",
        "--name",
        "hubspot-saas",
    ),
    ("icp", "new", "saas", "--add", "industry:SaaS"),
    ("icp", "match", "market.csv", "--icp", "saas", "--on", "2026-09-14", "--out", "today.csv"),
)
NEW = (
    *("new", "hubspot-saas-fall", "--control", "today.csv", "--icp", "hubspot-saas"),
    *("--from", "market.csv", "--on", "2026-09-14", "--size", "120", "--control-size", "480"),
    *("--hypothesis", "Our best customers run HubSpot", "--seed", "20260914"),
)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    generate(FOLDER)
