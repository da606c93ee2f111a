"""A small workspace: thirty people of each list, exports of any outcome, commands in process.

Mails go out on Mon 4 Mar 2024, 10:00 in New York, so the replies are in at Tue 12 Mar 0:00
there (five business days; by hand), which is 4:00 UTC, as clocks went forward on the 10th.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from icptest.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from click.testing import Result

REPOSITORY = Path(__file__).parents[2]
NAME = "spring"
SIZE = 30
SENT = "2024-03-04T15:00:00Z"
REPLIED = "2024-03-05T15:00:00Z"
MIDWAY = "2024-03-06T17:30:00Z"
AFTER = "2024-03-13T12:00:00Z"
"""When the export that settles the test was taken."""
STRANGER = "mallory@elsewhere.example"
REGISTRATION = f"""\
name = "{NAME}"
hypothesis = "Companies that just hired a VP Sales answer twice as often"
owner = "Ada"
created_at = 2024-03-01T09:00:00Z
seed = 7
timezone = "America/New_York"
holidays = "US"

[protocol]
size = {SIZE}

[arms.control]
list = "../../today.csv"

[arms.segment]
list = "../../narrowed.csv"
"""


def write_rows(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def listed(prefix: str, number: int) -> list[list[str]]:
    """Return a list of people, each at a company of their own."""
    people = [
        [f"{prefix}{place}@{prefix}{place}.example", f"Given{place}", f"{prefix} {place}"]
        for place in range(number)
    ]
    return [["Email", "First Name", "Company"], *people]


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What happened to one person: mailed, and perhaps more."""

    sent: str | None = SENT
    replied: str | None = None
    label: str | None = None
    bounced: bool = False


POSITIVE = Fate(replied=REPLIED, label="Interested")
NEGATIVE = Fate(replied=REPLIED, label="Not Interested")
UNKNOWN = Fate(replied=REPLIED, label="Call me in May")


class World:
    """A workspace in a folder, and what one does there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        """The folder of the test."""
        return self.root / "experiments" / NAME

    @property
    def database(self) -> Path:
        """The database."""
        return self.root / "icptest.db"

    def run(self, *words: object, typed: str | None = None) -> Result:
        """Run a command in the workspace, in this process."""
        with chdir(self.root):
            return CliRunner().invoke(main, [str(word) for word in words], input=typed)

    def json(self, *words: object) -> dict[str, Any]:
        """Run a command that must succeed with --json, and return what it printed."""
        done = self.run(*words, "--json")
        assert (done.exit_code, done.exception) == (0, None), done.output
        facts: dict[str, Any] = json.loads(done.stdout)
        return facts

    def verdict(self, as_of: str = AFTER, *words: str) -> dict[str, Any]:
        """Return the verdict as JSON."""
        return self.json("verdict", NAME, "--as-of", as_of, *words)

    def ingest(self, *files: Path, at: str = AFTER) -> dict[str, Any]:
        """Read files in; return the first one's entry."""
        facts = self.json("ingest", NAME, *files, "--exported-at", at)
        first: dict[str, Any] = facts["files"][0]
        return first

    def people(self, arm: str) -> list[str]:
        """Return who was drawn, in the order of the draw."""
        path = self.folder / "send" / f"send-{arm}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return [row["Email"] for row in csv.DictReader(file)]

    def everyone(self) -> list[str]:
        """Return everybody in the test, today's list first."""
        return self.people("control") + self.people("segment")

    def story(self, **fates: Sequence[Fate]) -> dict[str, Fate]:
        """Return everybody's fate: these for the first of each list, mailed for the others."""
        story = {}
        for arm in ("control", "segment"):
            given = list(fates.get(arm, ()))
            for place, email in enumerate(self.people(arm)):
                story[email] = given[place] if place < len(given) else Fate()
        return story

    def statistics(
        self, story: Mapping[str, Fate], *, name: str = "statistics.json", extra: object = None
    ) -> Path:
        """Write a Smartlead statistics export."""
        rows = [_statistic(email, fate) for email, fate in story.items() if fate.sent]
        rows += [extra] if isinstance(extra, dict) else []
        return self.write_json(rows, name=name)

    def write_json(self, rows: Sequence[object], *, name: str = "statistics.json") -> Path:
        """Write a page of Smartlead statistics."""
        path = self.root / name
        page = {"total_stats": len(rows), "data": list(rows), "offset": 0, "limit": 1000}
        path.write_text(json.dumps(page) + "\n", encoding="utf-8")
        return path

    def leads(self, story: Mapping[str, Fate], *, name: str = "leads.csv") -> Path:
        """Write a Smartlead leads export: states without any time."""
        columns = "id campaign_lead_map_id status category is_interested created_at email"
        header = [
            *columns.split(),
            *[
                "is_unsubscribed",
                "last_email_sequence_sent",
                "open_count",
                "click_count",
                "reply_count",
            ],
        ]
        rows = [
            [
                *(number, 1000 + number, "COMPLETED", fate.label or "", "false", "", email),
                *("false", 1 if fate.sent else 0, 0, 0, 1 if fate.replied else 0),
            ]
            for number, (email, fate) in enumerate(story.items())
        ]
        return write_rows(self.root / name, [header, *rows])

    def sheet(self, story: Mapping[str, Fate], *, name: str = "sheet.csv") -> Path:
        """Write a table of no known tool."""
        rows = [
            [email, fate.sent or "", fate.replied or "", fate.label or "", fate.bounced]
            for email, fate in story.items()
        ]
        header = ["Email", "Sent At", "Replied At", "Label", "Bounced"]
        return write_rows(self.root / name, [header, *rows])

    def settle(self, control: int = 1, segment: int = 9) -> None:
        """Read in an export, taken after the window, with so many positive replies."""
        story = self.story(control=[POSITIVE] * control, segment=[POSITIVE] * segment)
        self.ingest(self.statistics(story))


def _statistic(email: str, fate: Fate) -> dict[str, object]:
    return {
        "stats_id": f"id-{email}",
        "lead_email": email,
        "lead_category": fate.label,
        "sequence_number": 1,
        "sent_time": fate.sent,
        "open_time": None,
        "click_time": None,
        "reply_time": fate.replied,
        "open_count": 0,
        "click_count": 0,
        "is_unsubscribed": False,
        "is_bounced": fate.bounced,
    }


@cache
def _template() -> Path:
    """Make a workspace with one registered test, once; copying it is quicker."""
    world = World(Path(mkdtemp(prefix="icptest-tests-")))
    write_rows(world.root / "today.csv", listed("today", 60))
    write_rows(world.root / "narrowed.csv", listed("new", 40))
    done = world.run("init", "--timezone", "America/New_York", "--holidays", "US")
    assert done.exit_code == 0, done.output
    world.folder.mkdir(mode=0o700)
    (world.folder / "experiment.toml").write_text(REGISTRATION, encoding="utf-8")
    done = world.run("new", f"experiments/{NAME}/experiment.toml")
    assert done.exit_code == 0, done.output
    return world.root


def make_world(root: Path) -> World:
    """Return a workspace with one registered test, in a folder that is empty."""
    shutil.copytree(_template(), root, dirs_exist_ok=True)
    return World(root)


_POWERLESS = """
import ctypes, os
if os.geteuid() == 0:
    # capset(2) of Linux: give up every capability, those to write and read anywhere among them.
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    assert ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) == 0
from icptest.cli import main
"""
_ONE = """
main(prog_name="icptest")
"""
_SEVERAL = """
import json, sys
from click.testing import CliRunner
said = [CliRunner().invoke(main, words) for words in json.loads(sys.argv[1])]
print(json.dumps([[one.exit_code, one.stdout, one.stderr] for one in said]))
"""


def run_process(
    root: Path, *words: str, environment: Mapping[str, str] | None = None, powerless: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own.

    Root may write everywhere, whatever the mode of a folder says; `powerless` takes that from
    it, so that a read-only folder is one in a container too.
    """
    program = ["-c", _POWERLESS + _ONE] if powerless else ["-m", "icptest"]
    return _run([*program, *words], root, environment or {})


def run_powerless(
    root: Path, commands: Sequence[Sequence[str]]
) -> list[subprocess.CompletedProcess[str]]:
    """Run commands one after the other in one process that may write only where modes let it."""
    done = _run(["-c", _POWERLESS + _SEVERAL, json.dumps(commands)], root, {})
    assert done.returncode == 0, done.stderr
    return [
        subprocess.CompletedProcess(words, code, out, err)
        for words, (code, out, err) in zip(commands, json.loads(done.stdout), strict=True)
    ]


def _run(
    words: Sequence[str], root: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env={
            **{key: value for key, value in os.environ.items() if key != "ICPTEST_WORKSPACE"},
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make_read_only(root: Path) -> None:
    """Take the right to write from everything in a folder; everybody may read."""
    for path in [root, *root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def make_writable(root: Path) -> None:
    """Give it back, so that the folder can be deleted."""
    for path in [root, *root.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IRWXU)


def moment(text: str) -> float:
    """Return a time as a file has it."""
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()
