"""A first test by somebody who has nothing but the wheel: lists -> new -> ingest -> verdict.

    python first_test.py PATH_TO_ICPTEST

Uses the standard library only, in the folder it is run in.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

_START = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
_POSITIVE = {"control": 4, "segment": 16}


def main() -> None:
    """Run it, and stop at the first thing that is not as it should be."""
    icptest = sys.argv[1]
    _write_list(Path("today.csv"), first=0, number=800)
    _write_list(Path("new.csv"), first=5000, number=700)
    _run(icptest, "init", "--timezone", "America/New_York", "--holidays", "US")
    made = _run(
        *(icptest, "new", "first-test", "--control", "today.csv", "--segment", "new.csv"),
        *("--hypothesis", "The narrowed list answers more", "--json"),
    )
    arms = json.loads(made)["arms"]
    _write_statistics(Path("statistics.json"), arms)
    exported = "2026-10-20T09:00:00Z"
    _run(icptest, "ingest", "first-test", "statistics.json", "--exported-at", exported)
    verdict = json.loads(_run(icptest, "verdict", "first-test", "--json"))
    found = (
        verdict["decision"],
        verdict["arms"]["control"]["positive"],
        verdict["arms"]["segment"]["positive"],
        verdict["arms"]["segment"]["delivered"],
    )
    # 16 of 500 against 4 of 500 is 4x; 500 were drawn and mailed, nobody bounced.
    expected = ("scale", 4, 16, 500)
    if found != expected:
        sys.exit(f"expected {expected}, found {found}")
    print(_run(icptest, "verdict", "first-test"))


def _run(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _write_list(path: Path, *, first: int, number: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Email", "Company", "Title"])
        for i in range(first, first + number):
            writer.writerow([f"someone@company{i}.test", f"Company {i}", "VP Sales"])


def _write_statistics(path: Path, arms: dict[str, dict[str, str]]) -> None:
    rows = []
    for arm, positive in _POSITIVE.items():
        with Path(arms[arm]["send_list"]).open(newline="", encoding="utf-8") as file:
            people = [row["Email"] for row in csv.DictReader(file)]
        for place, email in enumerate(people):
            sent = _START + timedelta(minutes=place)
            replied = place < positive
            rows.append(
                {
                    "stats_id": f"{arm}-{place}",
                    "lead_email": email,
                    "lead_category": "Interested" if replied else None,
                    "sequence_number": 1,
                    "sent_time": sent.isoformat(),
                    "reply_time": (sent + timedelta(hours=5)).isoformat() if replied else None,
                    "open_time": None,
                    "click_time": None,
                    "is_unsubscribed": False,
                    "is_bounced": False,
                }
            )
    path.write_text(json.dumps({"total_stats": len(rows), "data": rows}), encoding="utf-8")


if __name__ == "__main__":
    main()
