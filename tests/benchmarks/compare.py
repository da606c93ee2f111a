"""Functions and whole commands against a named peer, in the same run: medians and their ratio.

    python -m tests.benchmarks.compare [--runs 7] [--only WORD]

Prints, for each promise, what was run, both medians, the ratio and what is promised. `--only`
keeps those whose name holds a word. Needs the `sqlite3` command-line program for `ingest`. It is
no test: a busy machine is slow, but it is slow for both sides, so read the ratio and not the
seconds. docs/explanation/speed.md has what was measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.in_process import figures, measured

_ICPTEST = str(Path(sysconfig.get_path("scripts")) / "icptest")
_LEADS_EXPORT = """
id campaign_lead_map_id status category is_interested created_at first_name last_name email
phone_number company_name website location custom_fields linkedin_profile company_url
is_unsubscribed unsubscribed_client_id_map last_email_sequence_sent open_count click_count
reply_count
"""
_EXPORT_ROWS = 300_000
_LIST_HEADER = ["First Name", "Email", "Company", "Website", "Title"]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A command, its peer, and the ratio of medians that is promised."""

    name: str
    ours: list[str]
    peer: list[str]
    at_most: float
    fresh: Path | None = None
    """A database to put back before each of our runs."""


def main() -> None:
    """Measure every promise and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="", metavar="WORD")
    asked = parser.parse_args()
    chosen = [figure for figure in figures() if asked.only in figure.name]
    if chosen:
        print("in this process (median of 20; scipy: of 3)")
        for figure in chosen:
            print(measured(figure))
        print()
    with tempfile.TemporaryDirectory(prefix="icptest-bench-") as name:
        folder = Path(name)
        promises = [each for each in _promises(folder) if asked.only in each.name]
        if not promises:
            return
        _prepare(folder)
        print(f"whole processes (median of {asked.runs})")
        print(f"{'':36}{'ours':>9}{'peer':>9}{'ratio':>8}{'promised':>10}")
        for promise in promises:
            ours, peer, peak = _measure(promise, folder, asked.runs)
            print(
                f"{promise.name:36}{ours:8.3f}s{peer:8.3f}s{ours / peer:8.2f}"
                f"{promise.at_most:10.2f}   peak {peak / 1024:.0f} MB"
            )


def _prepare(folder: Path) -> None:
    """Make a workspace with a settled test, and the files to read in."""
    workspace = folder / "workspace"
    _write_lists(folder)
    _run([_ICPTEST, "init", str(workspace), "--timezone", "UTC"], folder)
    new = ["new", "bench", "--control", "today.csv", "--segment", "new.csv", "--seed", "1"]
    _run([_ICPTEST, "--workspace", str(workspace), *new], folder)
    people = _addresses(workspace / "experiments/bench/send/send-both.csv")
    _write_leads_export(folder / "leads.csv", people)
    statistics_file = folder / "statistics.json"
    _write_statistics(statistics_file, people)
    shutil.copyfile(workspace / "icptest.db", folder / "fresh.db")
    _run([*_ingest(folder), str(statistics_file), "--yes"], folder)
    shutil.copyfile(workspace / "icptest.db", folder / "judged.db")


def _ingest(folder: Path) -> list[str]:
    return [_ICPTEST, "--workspace", str(folder / "workspace"), "ingest", "bench"]


def _promises(folder: Path) -> list[Promise]:
    python, big = sys.executable, folder / "leads.csv"
    return [
        Promise(
            name="icptest --help / click",
            ours=[_ICPTEST, "--help"],
            peer=[python, "-c", "import click"],
            at_most=2.0,
        ),
        Promise(
            name="plan / statsmodels.api",
            ours=[_ICPTEST, "plan"],
            peer=[python, "-c", "import statsmodels.api"],
            at_most=1.0,
        ),
        Promise(
            name="verdict, 1,000 people / statsmodels",
            ours=[_ICPTEST, "--workspace", str(folder / "workspace"), "verdict", "bench"],
            peer=[python, "-c", "import statsmodels.stats.proportion"],
            at_most=1.0,
            fresh=folder / "judged.db",
        ),
        Promise(
            name="ingest, 300,000 rows / sqlite3",
            ours=[*_ingest(folder), str(big), "--yes"],
            peer=["sqlite3", str(folder / "peer.db"), f".import --csv {big} t"],
            at_most=3.0,
            fresh=folder / "fresh.db",
        ),
    ]


def _measure(promise: Promise, folder: Path, runs: int) -> tuple[float, float, int]:
    ours, peer, peak = [], [], 0
    for turn in range(runs + 1):
        if promise.fresh is not None:
            shutil.copyfile(promise.fresh, folder / "workspace/icptest.db")
        (folder / "peer.db").unlink(missing_ok=True)
        seconds, memory = _timed(promise.ours, folder)
        other, _ = _timed(promise.peer, folder)
        if turn:  # the first turn warms the caches
            ours.append(seconds)
            peer.append(other)
            peak = max(peak, memory)
    return statistics.median(ours), statistics.median(peer), peak


def _timed(command: list[str], folder: Path) -> tuple[float, int]:
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - started, usage.ru_maxrss


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _write_lists(folder: Path) -> None:
    for name, first, number in (("today.csv", 0, 2000), ("new.csv", 5000, 900)):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_LIST_HEADER)
            for i in range(first, first + number):
                site = f"co{i}.test"
                writer.writerow([f"First{i}", f"p{i}@{site}", f"Company {i}", site, "VP Sales"])


def _addresses(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row["Email"] for row in csv.DictReader(file)]


def _write_leads_export(path: Path, people: list[str]) -> None:
    places = dict(
        zip(random.Random(1).sample(range(_EXPORT_ROWS), len(people)), people, strict=True)  # noqa: S311 - no secret
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_LEADS_EXPORT.split())
        for i in range(_EXPORT_ROWS):
            site = f"https://other{i % 90_000}.example"
            email = places.get(i, f"p{i}@other{i % 90_000}.example")
            custom = json.dumps({"a": i, "title": "VP Sales"})
            writer.writerow(
                [
                    i,
                    i,
                    "COMPLETED",
                    "",
                    "",
                    "2026-03-02T10:00:00.000Z",
                    f"F{i}",
                    f"L{i}",
                    email,
                    "",
                    f"Company {i}",
                    site,
                    "NY",
                    custom,
                    f"https://www.linkedin.com/in/p{i}",
                    site,
                    "false",
                    "{}",
                    1,
                    0,
                    0,
                    0,
                ]
            )


def _write_statistics(path: Path, people: list[str]) -> None:
    sent = datetime.now(UTC) - timedelta(days=20)
    rows = []
    for i, email in enumerate(people):
        replied = i % 40 == 0
        rows.append(
            {
                "stats_id": f"s{i}",
                "lead_email": email,
                "lead_category": "Interested" if replied else None,
                "sequence_number": 1,
                "sent_time": (sent + timedelta(minutes=i)).isoformat(),
                "reply_time": (sent + timedelta(days=1, minutes=i)).isoformat()
                if replied
                else None,
                "open_time": None,
                "click_time": None,
                "open_count": 0,
                "click_count": 0,
                "is_unsubscribed": False,
                "is_bounced": False,
            }
        )
    path.write_text(json.dumps({"total_stats": len(rows), "data": rows}), encoding="utf-8")


if __name__ == "__main__":
    main()
