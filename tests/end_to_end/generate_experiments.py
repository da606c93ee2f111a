"""Write the lists and exports of the worked experiments, from what is decided below.

    python -m tests.end_to_end.generate_experiments          # writes into experiments/

`experiment.toml` and `expected.toml` of each are written by hand and only read here. Every
person, company and answer is invented; addresses are on domains reserved for examples.
The same files come out on every machine: what is left to chance, SHA-256 decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icptest.contacts import read_contacts
from icptest.draw import draw_arms, interleave
from icptest.experiment import read_registration

from .people import Lists, make_lists, write_control, write_segment
from .stories import Calendar, Fate, tell_stories
from .tool_exports import (
    calendly,
    instantly_emails,
    instantly_leads,
    instantly_webhooks,
    lemlist_activities,
    own_sheet,
    smartlead_statistics,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .stories import Story

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"
NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
BERLIN, LONDON = "Europe/Berlin", "Europe/London"
SALES = (
    "VP Sales",
    "Head of Sales",
    "Sales Director",
    "CRO",
    "RevOps Manager",
    "Founder",
    "CEO",
    "COO",
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One worked experiment: its lists, what happens to whom, and which files tell it."""

    lists: Lists
    calendar: Calendar
    fates: Mapping[str, Sequence[Fate]]
    write: Callable[[Path, str, Sequence[Story]], None]
    """Writes the exports into a folder."""


def _at(zone: str, year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def _both(*days: date) -> dict[str, Sequence[date]]:
    return {"control": days, "segment": days}


def _write_new_vp(folder: Path, slug: str, stories: Sequence[Story]) -> None:
    pages = [folder / f"smartlead-statistics-{number}.json" for number in (1, 2)]
    smartlead_statistics(pages, slug, stories)
    calendly(folder / "calendly.csv", slug, stories, NEW_YORK)


def _write_series_b(folder: Path, slug: str, stories: Sequence[Story]) -> None:
    instantly_emails(folder / "instantly-emails.json", slug, stories)
    instantly_leads(folder / "instantly-leads.json", slug, stories)


def _write_logistics(folder: Path, slug: str, stories: Sequence[Story]) -> None:
    for arm in ("control", "segment"):
        group = [story for story in stories if story.arm == arm]
        smartlead_statistics([folder / f"smartlead-{arm}.json"], f"{slug} {arm}", group)


# --- a better list, and the numbers to say so

NEW_VP = Plan(
    lists=Lists(
        control_companies=1370,
        segment_companies=690,
        shared=96,
        control_titles=SALES,
        segment_titles=("VP Sales", "VP of Sales", "Chief Revenue Officer"),
        crm="HubSpot",
    ),
    calendar=Calendar(
        zone=NEW_YORK,
        days=_both(date(2026, 9, 2), date(2026, 9, 3)),
        follow_up=6,
        last_day=_at(NEW_YORK, 2026, 9, 10, 15, 0),
        late=_at(NEW_YORK, 2026, 9, 14, 7, 30),
        exported=_at(NEW_YORK, 2026, 9, 14, 9, 0),
    ),
    fates={
        "control": (
            Fate(n=3, never=True),
            Fate(n=11, bounced=True),
            Fate(n=2, reply="soon", label="Interested"),
            Fate(n=1, reply="after-follow-up", label="Information Request"),
            Fate(n=2, reply="soon", label="Meeting Request", booking="window"),
            Fate(n=8, reply="soon", label="Not Interested"),
            Fate(n=1, reply="soon", label="Do Not Contact"),
            Fate(n=3, reply="soon", label="Wrong Person"),
            Fate(n=9, reply="soon", label="Out Of Office", automatic=True),
            Fate(n=1, reply="late", label="Interested"),
            Fate(n=1, reply="late", label="Not Interested"),
        ),
        "segment": (
            Fate(n=2, never=True),
            Fate(n=9, bounced=True),
            Fate(n=5, reply="soon", label="Interested"),
            Fate(n=1, reply="soon", label="Information Request"),
            Fate(n=1, reply="last-day", label="Information Request"),
            Fate(n=3, reply="soon", label="Meeting Request", booking="window"),
            Fate(n=1, reply="after-follow-up", label="Meeting Request", booking="late"),
            Fate(n=1, reply="soon", label="Interested", booking="canceled"),
            Fate(n=1, reply="soon", label="Interested", booking="rescheduled"),
            Fate(n=1, booking="direct"),
            Fate(n=6, reply="soon", label="Not Interested"),
            Fate(n=1, reply="soon", label="Do Not Contact"),
            Fate(n=3, reply="soon", label="Wrong Person"),
            Fate(n=11, reply="soon", label="Out Of Office", automatic=True),
            Fate(n=1, reply="late", label="Interested"),
        ),
    },
    write=_write_new_vp,
)

# --- twice as many answers, and luck does that

SERIES_B = Plan(
    lists=Lists(
        control_companies=1530,
        segment_companies=740,
        shared=0,
        control_titles=("COO", "Head of Operations", "Operations Manager", "CFO", "CEO"),
        segment_titles=("COO", "VP Operations", "Head of Operations"),
        crm="",
    ),
    calendar=Calendar(
        zone=CHICAGO,
        days=_both(date(2026, 10, 6), date(2026, 10, 7)),
        follow_up=7,
        late=_at(CHICAGO, 2026, 10, 16, 8, 0),
        exported=_at(CHICAGO, 2026, 10, 16, 9, 30),
    ),
    fates={
        "control": (
            Fate(n=3, never=True),
            Fate(n=7, bounced=True),
            Fate(n=2, reply="soon", label="Interested"),
            Fate(n=1, reply="soon", label="Meeting Booked"),
            Fate(n=2, reply="after-follow-up", label="Interested"),
            Fate(n=7, reply="soon", label="Not Interested"),
            Fate(n=3, reply="soon", label="Wrong Person"),
            Fate(n=8, reply="soon", label="Out of Office", automatic=True),
            Fate(n=1, reply="late", label="Interested"),
            Fate(n=1, reply="late", label="Not Interested"),
        ),
        "segment": (
            Fate(n=2, never=True),
            Fate(n=6, bounced=True),
            Fate(n=6, reply="soon", label="Interested"),
            Fate(n=3, reply="soon", label="Meeting Booked"),
            Fate(n=2, reply="after-follow-up", label="Interested"),
            Fate(n=6, reply="soon", label="Not Interested"),
            Fate(n=2, reply="soon", label="Wrong Person"),
            Fate(n=7, reply="soon", label="Out of Office", automatic=True),
            Fate(n=1, reply="late", label="Not Interested"),
        ),
    },
    write=_write_series_b,
)

# --- a list that is no better, and the test says so

FINTECH = Plan(
    lists=Lists(
        control_companies=1230,
        segment_companies=660,
        shared=60,
        control_titles=("CFO", "Head of Finance", "Compliance Officer", "COO", "Legal Counsel"),
        segment_titles=("Head of Compliance", "MLRO", "Chief Compliance Officer"),
        crm="",
    ),
    calendar=Calendar(
        zone=BERLIN,
        days=_both(date(2026, 10, 20), date(2026, 10, 21)),
        follow_up=6,
        late=_at(BERLIN, 2026, 10, 29, 7, 45),
        exported=_at(BERLIN, 2026, 10, 29, 9, 0),
    ),
    fates={
        "control": (
            Fate(n=2, never=True),
            Fate(n=8, bounced=True),
            Fate(n=8, reply="soon", label="Interested"),
            Fate(n=2, reply="after-follow-up", label="Interested"),
            Fate(n=4, reply="soon", label="Meeting Booked"),
            Fate(n=12, reply="soon", label="Not Interested"),
            Fate(n=1, reply="soon"),
            Fate(n=1, reply="late", label="Interested"),
        ),
        "segment": (
            Fate(n=3, never=True),
            Fate(n=7, bounced=True),
            Fate(n=6, reply="soon", label="Interested"),
            Fate(n=1, reply="after-follow-up", label="Interested"),
            Fate(n=2, reply="soon", label="Meeting Booked"),
            Fate(n=13, reply="soon", label="Not Interested"),
            Fate(n=2, reply="soon"),
            Fate(n=2, reply="late", label="Not Interested"),
        ),
    },
    write=lambda folder, slug, stories: lemlist_activities(
        folder / "lemlist-activities.json", slug, stories
    ),
)

# --- the replies are not in yet

NEW_CFO = Plan(
    lists=Lists(
        control_companies=1120,
        segment_companies=650,
        shared=70,
        control_titles=("CFO", "VP Finance", "Controller", "Finance Director"),
        segment_titles=("CFO", "Chief Financial Officer"),
        crm="",
    ),
    calendar=Calendar(
        zone=NEW_YORK,
        days=_both(date(2026, 11, 3), date(2026, 11, 4)),
        late=_at(NEW_YORK, 2026, 11, 16, 8, 0),
        exported=_at(NEW_YORK, 2026, 11, 9, 8, 0),
    ),
    fates={
        "control": (
            Fate(n=2, never=True),
            Fate(n=6, bounced=True),
            Fate(n=2, reply="soon", label="Interested"),
            Fate(n=5, reply="soon", label="Not Interested"),
            Fate(n=4, reply="soon", label="Out of Office", automatic=True),
        ),
        "segment": (
            Fate(n=3, never=True),
            Fate(n=5, bounced=True),
            Fate(n=6, reply="soon", label="Interested"),
            Fate(n=1, reply="soon", label="Meeting Booked"),
            Fate(n=4, reply="soon", label="Not Interested"),
            Fate(n=5, reply="soon", label="Out of Office", automatic=True),
        ),
    },
    write=lambda folder, slug, stories: instantly_webhooks(
        folder / "instantly-webhooks.jsonl",
        slug,
        stories,
        _at(NEW_YORK, 2026, 11, 9, 8, 0),
    ),
)

# --- one list this week, the other one the next

LOGISTICS = Plan(
    lists=Lists(
        control_companies=1160,
        segment_companies=670,
        shared=40,
        control_titles=("Operations Director", "Head of Logistics", "Supply Chain Manager", "COO"),
        segment_titles=("VP Supply Chain", "Head of Logistics"),
        crm="",
    ),
    calendar=Calendar(
        zone=NEW_YORK,
        days={
            "control": (date(2026, 9, 14), date(2026, 9, 15)),
            "segment": (date(2026, 9, 21), date(2026, 9, 22)),
        },
        late=_at(NEW_YORK, 2026, 9, 30, 7, 30),
        exported=_at(NEW_YORK, 2026, 9, 30, 9, 0),
    ),
    fates={
        "control": (
            Fate(n=3, never=True),
            Fate(n=6, bounced=True),
            Fate(n=4, reply="soon", label="Interested"),
            Fate(n=6, reply="soon", label="Not Interested"),
            Fate(n=2, reply="soon", label="Wrong Person"),
            Fate(n=5, reply="soon", label="Out Of Office", automatic=True),
        ),
        "segment": (
            Fate(n=2, never=True),
            Fate(n=7, bounced=True),
            Fate(n=9, reply="soon", label="Interested"),
            Fate(n=3, reply="soon", label="Meeting Request"),
            Fate(n=5, reply="soon", label="Not Interested"),
            Fate(n=4, reply="soon", label="Out Of Office", automatic=True),
            Fate(n=1, reply="late", label="Interested"),
        ),
    },
    write=_write_logistics,
)

# --- a label nobody has explained decides it

PLANTS = Plan(
    lists=Lists(
        control_companies=1130,
        segment_companies=655,
        shared=50,
        control_titles=("Plant Manager", "Operations Manager", "Head of Production", "CEO"),
        segment_titles=("Plant Manager", "Plant Director", "Site Manager"),
        crm="",
    ),
    calendar=Calendar(
        zone=LONDON,
        days=_both(date(2026, 10, 13), date(2026, 10, 14)),
        late=_at(LONDON, 2026, 10, 22, 8, 10),
        exported=_at(LONDON, 2026, 10, 22, 10, 0),
    ),
    fates={
        "control": (
            Fate(n=2, never=True),
            Fate(n=5, bounced=True),
            Fate(n=4, reply="soon", label="Interested"),
            Fate(n=1, reply="soon", label="Send info"),
            Fate(n=7, reply="soon", label="Not interested"),
            Fate(n=2, reply="soon", label="Wrong person"),
            Fate(n=5, reply="soon", label="Out of office", automatic=True),
            Fate(n=1, reply="late", label="Not interested"),
        ),
        "segment": (
            Fate(n=1, never=True),
            Fate(n=6, bounced=True),
            Fate(n=8, reply="soon", label="Interested"),
            Fate(n=6, reply="soon", label="Send info"),
            Fate(n=5, reply="soon", label="Not interested"),
            Fate(n=1, reply="soon", label="Wrong person"),
            Fate(n=4, reply="soon", label="Out of office", automatic=True),
            Fate(n=1, reply="late", label="Interested"),
        ),
    },
    write=lambda folder, slug, stories: own_sheet(folder / "our-sheet.csv", slug, stories, LONDON),
)

PLANS = {
    "hubspot-new-vp": NEW_VP,
    "series-b-operations": SERIES_B,
    "fintech-compliance": FINTECH,
    "new-cfo-90-days": NEW_CFO,
    "midmarket-logistics": LOGISTICS,
    "plant-managers": PLANTS,
}


def generate(slug: str, into: Path) -> None:
    """Write the lists and exports of one experiment into a folder with its registration."""
    plan = PLANS[slug]
    for name in ("lists", "exports"):
        (into / name).mkdir(parents=True, exist_ok=True)
    control, segment = make_lists(slug, plan.lists)
    write_control(into / "lists" / "control.csv", control)
    write_segment(into / "lists" / "segment.csv", segment)
    order = _drawn(into, in_one_campaign=len(set(plan.calendar.days.values())) == 1)
    plan.write(into / "exports", slug, tell_stories(slug, order, plan.fates, plan.calendar))


def _drawn(folder: Path, *, in_one_campaign: bool) -> list[tuple[str, str]]:
    """Return address and arm of everybody drawn, in the order of the send lists."""
    experiment, _ = read_registration(folder / "experiment.toml")
    protocol = experiment.protocol
    draw = draw_arms(
        control=read_contacts(folder / "lists" / "control.csv"),
        segment=read_contacts(folder / "lists" / "segment.csv"),
        size=protocol.size,
        control_size=protocol.control_size,
        seed=experiment.seed,
        threshold=protocol.threshold,
    )
    arms = (draw.control.assignments, draw.segment.assignments)
    people = interleave(*arms, seed=experiment.seed) if in_one_campaign else [*arms[0], *arms[1]]
    return [(person.contact.identifiers[0], str(person.arm)) for person in people]


if __name__ == "__main__":
    for name in PLANS:
        generate(name, EXPERIMENTS / name)
