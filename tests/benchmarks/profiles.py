"""`icp match` and `icp mine` on a large market: seconds, memory, a bare pass over the same file.

    python -m tests.benchmarks.profiles [--rows 1000000]

Promised for a million rows: `match` at most 5 times the bare pass of `csv.reader`, its matches
written, in flat memory; `mine` in under a minute and 1 GB. The time of the processor is printed
beside the wall's: on a busy machine they differ.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

_ICPTEST = str(Path(sysconfig.get_path("scripts")) / "icptest")
_HEADER = [
    *("Company", "Website", "Email", "Industry", "# Employees", "Annual Revenue"),
    *("Company Country", "Technologies", "Last Raised At", "Hired On", "Hired Title", "Founded"),
]
_INDUSTRIES = ("Software", "SaaS", "Retail", "Construction", "Logistics", "Education", "")
_COUNTRIES = ("United States", "Canada", "Germany", "France", "India", "Brazil", "")
_TOOLS = ("HubSpot", "Salesforce", "Apollo", "Outreach", "Marketo", "Segment", "Stripe", "AWS")
_TITLES = ("VP Sales", "Head of Sales", "CTO", "CFO", "Head of Marketing")
_PEER = "import csv,sys;sum(1 for _ in csv.reader(open(sys.argv[1],encoding='utf-8',newline='')))"


_PROFILE = """\
owner = "Dana"
reviewed_on = 2026-11-02
[firmographic]
industry = ["SaaS", "Software"]
employees = "50-250"
geography = "North America"
[technographic]
uses_any = ["HubSpot", "Salesforce"]
uses_none = "Marketo"
[[behavioral]]
did = "hired"
what = ["VP Sales", "Head of Sales"]
within_days = 180
[[trigger]]
event = "funding"
"""


def main() -> None:
    """Write a market and 30 customers, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="icptest-bench-") as name:
        folder = Path(name)
        _write(folder, asked.rows)
        peer = _measured([sys.executable, "-c", _PEER, "market.csv"], folder)
        match = ("icp", "match", "market.csv", "--icp", "profile.toml", "--out", "in.csv")
        matched = _measured([_ICPTEST, *match, "--on", "2026-11-27"], folder)
        mine = ("icp", "mine", "customers.csv", "--base", "market.csv")
        mined = _measured([_ICPTEST, *mine], folder)
    print(f"{'':24}{'wall':>9}{'processor':>11}{'ratio':>8}{'peak':>9}")
    rows = (("csv.reader", peer), ("icptest icp match", matched), ("icptest icp mine", mined))
    for what, (wall, processor, peak) in rows:
        ratio = processor / peer[1]
        print(f"{what:24}{wall:8.1f}s{processor:10.1f}s{ratio:8.1f}{peak:6.0f} MB")


def _write(folder: Path, rows: int) -> None:
    rng = random.Random(1)  # noqa: S311 - no secret
    (folder / "profile.toml").write_text(_PROFILE, encoding="utf-8")
    with (
        (folder / "market.csv").open("w", encoding="utf-8", newline="") as market,
        (folder / "customers.csv").open("w", encoding="utf-8", newline="") as customers,
    ):
        write, also = csv.writer(market).writerow, csv.writer(customers).writerow
        write(_HEADER)
        also([*_HEADER, "LTV", "Customer since"])
        for number in range(rows):
            row = _company(rng, number)
            write(row)
            if number % (rows // 30 or 1) == 0:
                also([*row, rng.randint(1, 9999), "2026-10-15"])


def _company(rng: random.Random, number: int) -> list[object]:
    def day() -> str:
        return f"2026-{rng.randint(1, 11):02}-{rng.randint(1, 28):02}" if rng.random() < 0.5 else ""

    return [
        *(f"Company {number}", f"https://c{number}.example", f"pat@c{number}.example"),
        *(rng.choice(_INDUSTRIES), int(rng.lognormvariate(4.5, 1.5)) or ""),
        *(int(rng.lognormvariate(15, 1.5)), rng.choice(_COUNTRIES)),
        *("; ".join(rng.sample(_TOOLS, rng.randint(0, 4))), day(), day(), rng.choice(_TITLES)),
        rng.randint(1980, 2025),
    ]


def _measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Return the seconds of the wall and of the processor, and the peak in MB."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")
    wall = time.perf_counter() - started
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
