"""How-to pages that are executed like the tutorial, and what lies in their folder before.

python -m tests.end_to_end.how_to      # after a sentence has changed: write them down anew
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .conftest import icptest, well
from .tutorial import refreshed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to"
REGISTRATION = """\
name = "hubspot-new-vp"
hypothesis = "HubSpot users with a new VP Sales answer twice as often"
created_at = 2024-03-01T09:00:00Z
seed = 7

[protocol]
size = 40
looks = 3

[arms.control]
list = "today.csv"

[arms.segment]
list = "narrowed.csv"
"""
NAME = "hubspot-new-vp"
AA = """\
name = "aa-0"
hypothesis = "We treat both sides alike"
created_at = 2024-03-01T09:00:00Z
seed = 7
aa = true

[protocol]
size = 80

[arms.control]
list = "today.csv"
"""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, and what makes the files its commands find."""

    path: Path
    prepare: Callable[[Path], None]

    def refresh(self) -> None:
        """Write down what its commands say now."""
        with tempfile.TemporaryDirectory() as folder:
            self.prepare(Path(folder))
            text = refreshed(self.path.read_text(encoding="utf-8"), Path(folder))
        self.path.write_text(text, encoding="utf-8")


def write_list(path: Path, companies: Iterable[str]) -> None:
    """Write a list with one person at each company."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Email", "First Name", "Company"])
        writer.writerows([f"dana@{name}.example", "Dana", name.capitalize()] for name in companies)


def write_statistics(
    path: Path, send: Path, *, sent_at: str, replied_at: str, positive: Mapping[str, int]
) -> None:
    """Write what Smartlead says of a batch: so many of each list reply positively."""
    rows = []
    for arm in ("control", "segment"):
        with (send / f"send-{arm}.csv").open(encoding="utf-8", newline="") as file:
            people = [row["Email"] for row in csv.DictReader(file)]
        for place, email in enumerate(people):
            answers = place < positive.get(arm, 0)
            rows.append(_sent(email, sent_at=sent_at, replied_at=replied_at if answers else None))
    _write_page(path, rows)


def _sent(email: str, *, sent_at: str, replied_at: str | None) -> dict[str, object]:
    """Return what Smartlead says of a first mail, and of a positive reply to it."""
    return {
        "stats_id": f"id-{email}",
        "lead_email": email,
        "lead_category": "Interested" if replied_at else None,
        "sequence_number": 1,
        "sent_time": sent_at,
        "open_time": None,
        "click_time": None,
        "reply_time": replied_at,
        "open_count": 0,
        "click_count": 0,
        "is_unsubscribed": False,
        "is_bounced": False,
    }


def _write_page(path: Path, rows: list[dict[str, object]]) -> None:
    page = {"total_stats": len(rows), "data": rows, "offset": 0, "limit": 1000}
    path.write_text(json.dumps(page) + "\n", encoding="utf-8")


def prepare_extension(folder: Path) -> None:
    """Write lists, registration, and the exports of the two batches that will be drawn."""
    write_list(folder / "today.csv", [f"today{number}" for number in range(360)])
    narrowed = [f"new{number}" for number in range(160)]
    write_list(folder / "narrowed.csv", [*narrowed, *(f"today{n}" for n in range(90))])
    (folder / f"{NAME}.toml").write_text(REGISTRATION, encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        # Who is drawn is known by drawing: the same seed draws the same people on the page.
        there = Path(scratch)
        for path in folder.iterdir():
            shutil.copy(path, there)
        well(icptest(there, "init", "--timezone", "America/New_York", "--holidays", "US"))
        well(icptest(there, "new", f"{NAME}.toml"))
        send = there / "experiments" / NAME / "send"
        write_statistics(
            folder / "batch-1.json",
            send,
            sent_at="2024-03-04T15:00:00Z",
            replied_at="2024-03-05T15:00:00Z",
            positive={"control": 2, "segment": 5},
        )
        export = str(folder / "batch-1.json")
        well(icptest(there, "ingest", NAME, export, "--exported-at", "2024-03-13 08:00"))
        well(icptest(there, "extend", NAME, "--as-of", "2024-03-13 09:00"))
        write_statistics(
            folder / "batch-2.json",
            send / "batch-2",
            sent_at="2024-03-18T14:00:00Z",
            replied_at="2024-03-19T14:00:00Z",
            positive={"control": 1, "segment": 9},
        )


def prepare_aa(folder: Path) -> None:
    """Write today's list, the registration of an A/A test that ran, and its export."""
    write_list(folder / "today.csv", [f"today{number}" for number in range(360)])
    (folder / "aa-0.toml").write_text(AA, encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        there = Path(scratch)
        for path in folder.iterdir():
            shutil.copy(path, there)
        well(icptest(there, "init", "--timezone", "America/New_York", "--holidays", "US"))
        well(icptest(there, "new", "aa-0.toml"))
        write_statistics(
            folder / "aa-0.json",
            there / "experiments" / "aa-0" / "send",
            sent_at="2024-03-04T15:00:00Z",
            replied_at="2024-03-05T15:00:00Z",
            positive={"control": 3, "segment": 4},
        )


def prepare_family(folder: Path) -> None:
    """Write today's list, two new ones, and an export of all that were mailed."""
    write_list(folder / "today.csv", [f"today{number}" for number in range(360)])
    write_list(folder / "new-vp.csv", [f"vp{number}" for number in range(160)])
    write_list(folder / "new-cto.csv", [f"cto{number}" for number in range(160)])
    # The seed is chosen on the page, so anybody may be drawn: the export holds them all.
    everyone = [f"today{n}" for n in range(360)]
    everyone += [f"{kind}{n}" for kind in ("vp", "cto") for n in range(160)]
    rows = [
        _sent(f"dana@{name}.example", sent_at="2024-03-04T15:00:00Z", replied_at=None)
        for name in everyone
    ]
    _write_page(folder / "export.json", rows)


PAGES = (
    Page(path=DOCS / "extend-a-test.md", prepare=prepare_extension),
    Page(path=DOCS / "run-an-aa-test.md", prepare=prepare_aa),
    Page(path=DOCS / "test-several-lists.md", prepare=prepare_family),
)

if __name__ == "__main__":
    for page in PAGES:
        page.refresh()
