"""The catalogue of errors: an input that triggers each, and exactly what is said (golden)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.golden import hold
from tests.cli.world import AFTER, NAME

if TYPE_CHECKING:
    from tests.cli.world import World

GOLDEN = Path(__file__).parent / "golden"
AT = ("--exported-at", AFTER)
LISTS = ("--control", "today.csv", "--segment", "narrowed.csv")
LEADS = (
    "campaign_lead_map_id,email,is_interested,is_unsubscribed,last_email_sequence_sent,"
    "open_count,click_count,reply_count\n"
)
SHEET = "Email,Sent At,Replied At\n"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is there, and what is typed."""

    words: tuple[str, ...]
    files: dict[str, str | bytes] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "no-such-file": Case(words=("ingest", NAME, "nowhere.csv")),
    "not-a-file": Case(words=("ingest", NAME, "experiments")),
    "empty-file": Case(words=("ingest", NAME, "x.csv"), files={"x.csv": ""}),
    "not-a-table": Case(words=("ingest", NAME, "x.csv"), files={"x.csv": b"%PDF-1.7\n"}),
    "broken-json": Case(
        words=("ingest", NAME, "x.json"),
        files={
            "x.json": '{"total_stats": 1, "data": [\n{"stats_id" "s-1", "e": "ada@acme.example"}]}'
        },
    ),
    "wrong-encoding": Case(
        words=("ingest", NAME, "x.csv"),
        files={"x.csv": (LEADS + "1,zoë@acme.example,,,1,0,0,0\n").encode("cp1252")},
    ),
    "unknown-encoding": Case(
        words=("ingest", NAME, "x.csv", "--encoding", "utf_7"), files={"x.csv": LEADS}
    ),
    "argument-not-text": Case(words=("ingest", NAME, "caf\udce9.csv")),
    "bad-value": Case(
        words=("new", "x.toml"),
        files={"x.toml": 'name = "x"\ncreated_at = 9999-12-31T23:00:00-14:00\n'},
    ),
    "bad-prior": Case(
        words=("new", "x.toml"),
        files={
            "x.toml": 'name = "x"\n[prior]\nlog_lift_sd = 0\n'
            '[arms.control]\nlist = "a.csv"\n[arms.segment]\nlist = "b.csv"\n'
        },
    ),
    "broken-header": Case(words=("ingest", NAME, "x.csv"), files={"x.csv": '"Email,Sent\n'}),
    "duplicate-column": Case(
        words=("ingest", NAME, "x.csv"), files={"x.csv": "Email,Email\nada@acme.example,\n"}
    ),
    "unknown-tool": Case(
        words=("ingest", NAME, "x.csv"), files={"x.csv": "Email,Touch\nada@acme.example,yes\n"}
    ),
    "unknown-source": Case(
        words=("ingest", NAME, "x.csv", "--from", "smartled"), files={"x.csv": SHEET}
    ),
    "missing-column": Case(
        words=("ingest", NAME, "x.csv", "--from", "smartlead"),
        files={"x.csv": "email,reply_counts\nada@acme.example,0\n"},
    ),
    "no-identifier-column": Case(
        words=("ingest", NAME, "x.csv", "--from", "generic"),
        files={"x.csv": "Who,Touch\nada@acme.example,yes\n"},
    ),
    "mapping-needed": Case(
        words=("ingest", NAME, "x.csv", "--from", "generic"),
        files={"x.csv": "Email,Sent At,Label\nada@acme.example,2024-03-04T15:00Z,Soon\n"},
    ),
    "bad-mapping": Case(
        words=("ingest", NAME, "x.csv", "--map", "m.toml"),
        files={"x.csv": SHEET, "m.toml": 'schema = "icptest.mapping/1"\n[columns]\n'},
    ),
    "unknown-key": Case(
        words=("ingest", NAME, "x.csv", "--map", "m.toml"),
        files={"x.csv": SHEET, "m.toml": 'schema = "icptest.mapping/1"\n[columns]\nemial = "E"\n'},
    ),
    "missing-zone": Case(
        words=("ingest", NAME, "x.csv", "--from", "generic", "--yes", *AT),
        files={"x.csv": SHEET + "ada@acme.example,2024-03-04 10:00,\n"},
    ),
    "undecidable-dates": Case(
        words=("ingest", NAME, "x.csv", "--from", "generic", "--yes", "--tz", "UTC", *AT),
        files={"x.csv": SHEET + "ada@acme.example,03/04/2024 10:00,\n"},
    ),
    "mixed-date-orders": Case(
        words=("ingest", NAME, "x.csv", "--from", "generic", "--yes", "--tz", "UTC", *AT),
        files={
            "x.csv": SHEET
            + "ada@acme.example,13/04/2024 10:00,\nbob@acme.example,04/13/2024 10:00,\n"
        },
    ),
    "no-rows": Case(words=("ingest", NAME, "x.csv", *AT), files={"x.csv": LEADS}),
    "no-usable-row": Case(
        words=("ingest", NAME, "x.csv", *AT),
        files={"x.csv": LEADS + "1,ada at acme,,,1,0,0,0\n2,bob@acme.example>,,,1,0,0,0\n"},
    ),
    "mostly-unusable": Case(
        words=("ingest", NAME, "x.csv", *AT),
        files={
            "x.csv": LEADS
            + "".join(f"{n},ada at acme,,,1,0,0,0\n" for n in range(8))
            + "".join(f"{n},today{n}@today{n}.example,,,1,0,0,0\n" for n in range(4))
        },
    ),
    "mostly-after-the-export": Case(
        words=(
            *("ingest", NAME, "x.csv", "--from", "generic", "--yes"),
            *("--exported-at", "2024-03-01 10:00"),
        ),
        files={
            "x.csv": SHEET
            + "".join(f"today{n}@today{n}.example,2024-03-04T15:00Z,\n" for n in range(60))
        },
    ),
    "strict-rows": Case(
        words=("ingest", NAME, "x.csv", "--strict", *AT),
        files={
            "x.csv": LEADS + "1,ada@acme.example,,,1,0,0,0\n2,bob@acme.example,,,1,0,0\n"
            "3,cyd@acme.example,,,1,0,0,0"
        },
    ),
    "export-in-the-future": Case(
        words=("ingest", NAME, "x.csv", "--exported-at", "2099-01-01 10:00"),
        files={"x.csv": LEADS + "1,ada@acme.example,,,1,0,0,0\n"},
    ),
    "bad-time": Case(words=("ingest", NAME, "x.csv", "--exported-at", "13 o'clock")),
    "time-of-day-missing": Case(words=("ingest", NAME, "x.csv", "--exported-at", "2024-03-13")),
    "sent-between-order": Case(
        words=("ingest", NAME, "x.csv", "--sent-between", "2024-03-05", "2024-03-04")
    ),
    "sent-after-the-export": Case(
        words=(
            *("ingest", NAME, "x.csv", "--exported-at", "2024-03-13 10:00"),
            *("--sent-between", "2024-03-14", "2024-03-15"),
        ),
        files={"x.csv": LEADS + "1,today1@today1.example,,,1,0,0,0\n"},
    ),
    "unknown-zone": Case(words=("ingest", NAME, "x.csv", "--tz", "Europe/Berln")),
    "experiment-unknown": Case(words=("verdict", "sprin")),
    "file-for-name": Case(words=("ingest", "x.csv", NAME), files={"x.csv": LEADS}),
    "experiment-exists": Case(words=("new", NAME, *LISTS)),
    "bad-name": Case(words=("new", "Q1 VPs", *LISTS)),
    "empty-list": Case(
        words=("new", "fall", "--control", "today.csv", "--segment", "x.csv"),
        files={"x.csv": "Email,Name\n"},
    ),
    "no-identifying-column": Case(
        words=("new", "fall", "--control", "today.csv", "--segment", "x.csv"),
        files={"x.csv": "Whom,Name\nada@acme.example,Ada\n"},
    ),
    "nobody-left": Case(words=("new", "fall", *LISTS, "--exclude", "narrowed.csv", "--size", "20")),
    "too-few-people": Case(
        words=("new", "fall", "--control", "today.csv", "--segment", "long.csv", "--size", "61"),
        files={"long.csv": "Email\n" + "".join(f"a{n}@b{n}.example\n" for n in range(60))},
    ),
    "too-few-people-on-the-new-list": Case(
        words=("new", "fall", "--control", "long.csv", "--segment", "narrowed.csv"),
        files={"long.csv": "Email\n" + "".join(f"a{n}@b{n}.example\n" for n in range(300))},
    ),
    "ceiling-too-low": Case(
        words=("new", "fall", "--control", "today.csv", "--segment", "today.csv")
    ),
    "bad-protocol": Case(words=("new", "fall", *LISTS, "--size", "30", "--control-size", "20")),
    "arm-missing": Case(words=("new", "fall", "--control", "today.csv")),
    "campaign-on-both-sides": Case(
        words=("new", "fall", "--control-campaign", "Q1", "--segment-campaign", "Q1")
    ),
    "accept-needs-because": Case(words=("verdict", NAME, "--accept", "send-window")),
    "because-needs-accept": Case(words=("verdict", NAME, "--because", "why not")),
    "unknown-check": Case(words=("verdict", NAME, "--accept", "peeks", "--because", "x")),
    "parts-too-early": Case(words=("explain", NAME)),
    "unknown-label-kind": Case(
        words=("map-label", NAME, "--from", "smartlead", "Soon", "positive")
    ),
    "rate-unclear": Case(words=("plan", "--baseline", "0.8")),
    "bad-amount": Case(words=("plan", "--baseline", "1")),
    "lift-too-high": Case(words=("plan", "--baseline", "40%", "--lift", "3")),
    "option-needs-other": Case(words=("plan", "--cost-per-contact", "1.20")),
    "nothing-to-replay": Case(words=("set-aside", NAME, "--replay")),
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(world: World, code: str) -> None:
    """Exit code 1, nothing on stdout, on stderr one message; the same facts as JSON."""
    case = CASES[code]
    for name, content in case.files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (world.root / name).write_bytes(raw)
    before = world.database.read_bytes()
    done = world.run(*case.words)
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith(f"icptest: error[{code}]")
    for whole in ("ada@acme", "bob@acme", "cyd@acme", "zoë@", "Traceback"):
        assert whole not in done.stderr
    assert before == world.database.read_bytes()
    text = _clockless(done.stderr)
    for line in text.splitlines():
        assert len(line) <= 80 or "`" in line or "sha256:" in line, line
    hold(GOLDEN / f"{code}.txt", text)
    told = world.run(*case.words, "--json")
    facts = json.loads(told.stdout)
    assert (told.exit_code, facts["schema"], facts["code"]) == (1, "icptest.error/1", code)
    assert " ".join(facts["message"].split()) in " ".join(done.stderr.split())


ADDRESS = "ada@acme.example"
MASKED = "a...@acme.example"
NAMED = {
    "no-such-file": Case(words=("ingest", NAME, f"exports/{ADDRESS}.csv")),
    "not-a-table": Case(
        words=("ingest", NAME, f"{ADDRESS}.csv"), files={f"{ADDRESS}.csv": b"%PDF"}
    ),
    "duplicate-column": Case(
        words=("ingest", NAME, "x.csv"), files={"x.csv": f"{ADDRESS},{ADDRESS}\n1,2\n"}
    ),
    "unknown-tool": Case(
        words=("ingest", NAME, "x.csv"), files={"x.csv": f"Email,{ADDRESS}\nx,\n"}
    ),
    "column-nowhere": Case(words=("new", "fall", *LISTS, "--column", f"email={ADDRESS}")),
    "experiment-unknown": Case(words=("verdict", ADDRESS)),
    "no-workspace": Case(words=("list", "--workspace", ADDRESS)),
    "unknown-zone": Case(words=("ingest", NAME, "x.csv", "--tz", ADDRESS)),
    "unknown-key": Case(
        words=("new", "x.toml"), files={"x.toml": f'name = "x"\n"{ADDRESS}" = 1\n'}
    ),
}


@pytest.mark.parametrize("code", NAMED)
def test_no_address_in_a_name_is_printed(world: World, code: str) -> None:
    """One that names a column, a file, a folder or a key is masked in text and JSON alike."""
    for name, content in NAMED[code].files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (world.root / name).write_bytes(raw)
    for form in ((), ("--json",)):
        done = world.run(*NAMED[code].words, *form)
        assert (done.exit_code, f"error[{code}]" in done.stderr) == (1, True), done.output
        assert MASKED in done.output
        assert ADDRESS not in done.output
        if form:
            assert ADDRESS not in json.dumps(json.loads(done.stdout))


def test_a_path_stays_readable_around_an_address(world: World) -> None:
    """Only the name is masked: folders, domain and ending lead a person to the file."""
    done = world.run("ingest", NAME, f"exports/q1/{ADDRESS}.csv", "--json")
    assert json.loads(done.stdout)["file"] == f"exports/q1/{MASKED}.csv"


def test_usage_shows_no_address_either(world: World) -> None:
    """What click says of a word too many is masked as well, and a word without end is cut."""
    done = world.run("verdict", NAME, ADDRESS)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "...@acme.example" in done.stderr
    assert ADDRESS not in done.stderr
    assert len(world.run("new", "fall", "--seed", "9" * 5000).stderr) < 500


def _clockless(text: str) -> str:
    """Return a message without the time it was printed at."""
    head, found, rest = text.partition(", but it is ")
    return f"{head}{found}NOW.{rest.partition('.')[2]}" if found else text


def test_the_catalogue_is_whole() -> None:
    """Every golden message belongs to a case."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)
