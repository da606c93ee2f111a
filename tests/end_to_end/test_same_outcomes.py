"""One test, told by four tools in six forms: the same people and outcomes give the same verdict.

Only outcomes that every tool can express: mails, follow-ups, bounces, replies, positive and
negative labels, booked meetings, replies nobody has labelled, late replies, people never
mailed. Files are written with the sources' own `write`.
"""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from icptest.events import Dating, Event, EventKind
from icptest.sources import find_source
from icptest.sources._base import Sheet
from icptest.worked import copy_worked

from .conftest import WORKED, folder_of, icptest, well
from .people import between, lot, shuffled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "hubspot-new-vp"
FORMS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "smartlead": (("smartlead", "statistics", "json"),),
    "instantly": (("instantly", "emails", "json"), ("instantly", "leads", "json")),
    "lemlist": (("lemlist", "activities", "json"),),
    "webhooks of smartlead": (("smartlead", "webhooks", "jsonl"),),
    "webhooks of instantly": (("instantly", "webhooks", "jsonl"),),
    "generic": (("generic", "contacts", "csv"),),
}
EARLY = datetime(2026, 9, 8, 12, 0, tzinfo=UTC)
FINAL = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
# Mailed on Wed 2 or Thu 3 Sep, New York; Mon 7 Sep is Labor Day.
DEADLINES = {2: datetime(2026, 9, 11, 4, 0, tzinfo=UTC), 3: datetime(2026, 9, 12, 4, 0, tzinfo=UTC)}
POSITIVE, NEGATIVE = EventKind.POSITIVE_REPLY, EventKind.NEGATIVE_REPLY
BOOKED = EventKind.MEETING_BOOKED


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What happens to `n` people of each arm: control, segment.

    Attributes:
        n: How many of today's list, how many of the new list.
        reply: When the reply comes: "soon", "at the end" (its last minute), "too late" (at the
            deadline itself) or "late" (days after it).
        labels: What was said of it, one after the other; the last one holds.
        marked_late: The label is set only after the deadline.
    """

    n: tuple[int, int]
    reply: str = ""
    labels: tuple[EventKind, ...] = ()
    marked_late: bool = False
    bounced: bool = False
    never: bool = False


OUTCOMES = (
    Outcome(n=(3, 2), never=True),
    Outcome(n=(11, 9), bounced=True),
    Outcome(n=(2, 9), reply="soon", labels=(POSITIVE,)),
    Outcome(n=(1, 2), reply="soon", labels=(POSITIVE,), marked_late=True),
    Outcome(n=(1, 2), reply="at the end", labels=(POSITIVE,)),
    Outcome(n=(1, 3), reply="soon", labels=(BOOKED,)),
    Outcome(n=(1, 1), reply="soon", labels=(NEGATIVE, POSITIVE)),
    Outcome(n=(2, 1), reply="soon", labels=(POSITIVE, NEGATIVE)),
    Outcome(n=(9, 7), reply="soon", labels=(NEGATIVE,)),
    Outcome(n=(1, 3), reply="soon"),
    Outcome(n=(1, 2), reply="too late", labels=(POSITIVE,)),
    Outcome(n=(2, 1), reply="late", labels=(POSITIVE,)),
    Outcome(n=(1, 2), reply="late", labels=(NEGATIVE,)),
    Outcome(n=(1, 1), reply="late"),
)
# Counted from the table above, in its order.
COUNTS = {
    "control": {
        "assigned": 500,
        "not_sent": 3,
        "contacted": 497,
        "bounced": 11,
        "delivered": 486,
        "replied": 18,  # 2 + 1 + 1 + 1 + 1 + 2 + 9 + 1
        "positive": 6,  # 2 + 1 + 1 + 1 + 1
        "meetings": 1,
        "meetings_so_far": 1,
        "unlabelled": 1,
        "late_replies": 5,  # 1 + 2 + 1 + 1
    },
    "segment": {
        "assigned": 500,
        "not_sent": 2,
        "contacted": 498,
        "bounced": 9,
        "delivered": 489,
        "replied": 28,  # 9 + 2 + 2 + 3 + 1 + 1 + 7 + 3
        "positive": 17,  # 9 + 2 + 2 + 3 + 1
        "meetings": 3,
        "meetings_so_far": 3,
        "unlabelled": 3,
        "late_replies": 6,  # 2 + 1 + 2 + 1
    },
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with one test of 500 and 500 people, and nothing read in."""
    root = tmp_path_factory.mktemp("same")
    well(icptest(root, "init", "--timezone", "America/New_York", "--holidays", "US"))
    worked = next(one for one in WORKED if one.name == NAME)
    copy_worked(worked, root / folder_of(NAME))
    well(icptest(root, "new", f"{folder_of(NAME)}/experiment.toml"))
    return root


@pytest.fixture(scope="module")
def sheets(empty: Path) -> list[Sheet]:
    """Return what happened to everyone drawn, in the order in which they were mailed."""
    arm_of: dict[str, str] = {}
    for arm in ("control", "segment"):
        path = empty / folder_of(NAME) / "send" / f"send-{arm}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            arm_of |= {row["Email"].strip().lower(): arm for row in csv.DictReader(file)}
    mixed = shuffled(arm_of, str, "mailed")
    day_of = {email: 2 + (2 * place >= len(mixed)) for place, email in enumerate(mixed)}
    found: dict[str, Outcome] = {}
    for index, arm in enumerate(("control", "segment")):
        free = shuffled([email for email in mixed if arm_of[email] == arm], str, "outcome")
        for outcome in OUTCOMES:
            for _ in range(outcome.n[index]):
                found[free.pop()] = outcome
    quiet = Outcome(n=(0, 0))
    return [_sheet(email, day_of[email], found.get(email, quiet)) for email in mixed]


def _sheet(email: str, day: int, outcome: Outcome) -> Sheet:
    if outcome.never:
        return Sheet(identifier=email)
    sent_at = datetime(2026, 9, day, 13, 0, tzinfo=UTC) + timedelta(
        minutes=between(0, 400, "sent", email)
    )
    events = [Event(kind=EventKind.SENT, at=sent_at, step=1)]
    if outcome.bounced:
        # Nobody but lemlist dates a bounce.
        events.append(Event(kind=EventKind.BOUNCED, at=sent_at + timedelta(minutes=1), step=1))
        return Sheet(identifier=email, events=tuple(events))
    reply_at = _reply_at(email, day, sent_at, outcome)
    follow_up_at = sent_at + timedelta(days=5)
    if lot("follow-up", email) % 3 == 0 and (reply_at is None or reply_at > follow_up_at):
        events.append(Event(kind=EventKind.SENT, at=follow_up_at, step=2))
    if reply_at is not None:
        events.append(Event(kind=EventKind.REPLIED, at=reply_at))
        at = DEADLINES[day] + timedelta(hours=9) if outcome.marked_late else reply_at
        for number, kind in enumerate(outcome.labels):
            # The first label comes with the reply; what corrects it, after the early export.
            set_at = at + timedelta(minutes=20) if number == 0 else EARLY + timedelta(hours=20)
            events.append(Event(kind=kind, at=set_at, dating=Dating.LABEL_SET))
    return Sheet(identifier=email, events=tuple(events))


def _reply_at(email: str, day: int, sent_at: datetime, outcome: Outcome) -> datetime | None:
    if outcome.reply == "soon":
        return sent_at + timedelta(minutes=between(5, 2000, "reply", email))
    return {
        "": None,
        "at the end": DEADLINES[day] - timedelta(minutes=1),
        "too late": DEADLINES[day],
        "late": DEADLINES[day] + timedelta(hours=between(6, 30, "late", email)),
    }[outcome.reply]


def _until(sheets: Sequence[Sheet], at: datetime) -> list[Sheet]:
    """Return what an export taken at a time can hold."""
    return [
        replace(sheet, events=tuple(one for one in sheet.events if one.at and one.at <= at))
        for sheet in sheets
    ]


def _ingest(root: Path, form: str, sheets: Sequence[Sheet], at: datetime) -> None:
    """Write the export that the tools of a form give at a time, and read it in."""
    for tool, layout, ending in FORMS[form]:
        path = root / f"{layout}-{at:%d}.{ending}"
        find_source(tool).write(path, _until(sheets, at), layout=layout, campaign="Autumn")
        extra = ("--from", "generic", "--yes") if tool == "generic" else ()
        said = ("--exported-at", at.isoformat(), *extra)
        done = well(icptest(root, "ingest", NAME, path.name, *said, "--json")).data()
        rows = done["files"][0]["rows"]
        assert rows["set_aside"] == rows["unrelated"] == 0, (path.name, done["files"][0])


def _verdict(
    empty: Path, into: Path, form: str, sheets: Sequence[Sheet], exports: Sequence[datetime]
) -> dict[str, Any]:
    """Return the verdict on exports of one form, read in the order given."""
    root = into / form
    shutil.copytree(empty, root)
    for at in exports:
        _ingest(root, form, sheets, at)
    return well(icptest(root, "verdict", NAME, "--as-of", "2026-09-15T13:00:00Z", "--json")).data()


def _differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Return where two verdicts differ, for the message."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        return [
            line
            for key in keys
            for line in _differences(one.get(key), other.get(key), f"{path}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for n, (a, b) in pairs for line in _differences(a, b, f"{path}[{n}]")]
    return [] if one == other else [f"{path}: {one!r} != {other!r}"]


READINGS = {
    "once, after the deadline": (FINAL,),
    "early and after the deadline": (EARLY, FINAL),
    "after the deadline, then an older export": (FINAL, EARLY),
}


@pytest.mark.parametrize("exports", READINGS.values(), ids=READINGS)
def test_the_same_outcomes_give_the_same_verdict_in_every_form(
    empty: Path, sheets: list[Sheet], tmp_path: Path, exports: tuple[datetime, ...]
) -> None:
    """Six kinds of export tell the same test; every word and number of the verdict is the same."""
    verdicts = {form: _verdict(empty, tmp_path, form, sheets, exports) for form in FORMS}
    for form, verdict in verdicts.items():
        counted = {
            arm: {name: n for name, n in verdict["arms"][arm].items() if name != "rates"}
            for arm in COUNTS
        }
        assert counted == COUNTS, (form, _differences(counted, COUNTS))
        differing = _differences(verdicts["smartlead"], verdict)
        assert not differing, (form, differing)
    assert (verdicts["lemlist"]["decision"], verdicts["lemlist"]["reason"]) == ("scale", "likely")


def test_before_the_deadline_every_form_waits_alike(
    empty: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    """An export taken too early says not-yet in every form, with the same time and counts."""
    verdicts = {form: _verdict(empty, tmp_path, form, sheets, (EARLY,)) for form in FORMS}
    for form, verdict in verdicts.items():
        assert (verdict["decision"], verdict["reason"]) == ("not-yet", "not-settled"), form
        assert verdict["settles_at"] == "2026-09-12T04:00:00Z", form
        differing = _differences(verdicts["smartlead"], verdict)
        assert not differing, (form, differing)


def test_switching_the_form_between_two_exports_changes_nothing(
    empty: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    """The early export of one tool and the last one of another agree on every person."""
    want = json.dumps(_verdict(empty, tmp_path, "smartlead", sheets, (FINAL,)), sort_keys=True)
    for early, final in (("lemlist", "instantly"), ("generic", "smartlead")):
        root = tmp_path / f"{early}-{final}"
        shutil.copytree(empty, root)
        _ingest(root, early, sheets, EARLY)
        _ingest(root, final, sheets, FINAL)
        ask = ("verdict", NAME, "--as-of", "2026-09-15T13:00:00Z", "--json")
        got = well(icptest(root, *ask)).data()
        assert json.dumps(got, sort_keys=True) == want, _differences(json.loads(want), got)
