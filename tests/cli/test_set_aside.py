"""`icptest set-aside`."""

from __future__ import annotations

import csv
import json

from icptest.sources.smartlead.leads import HEADER
from tests.cli.world import AFTER, NAME, REPLIED, SENT, Fate, World, write_rows


def _log(world: World) -> None:
    """Read in an event-per-row table in which one event's name is of nobody's knowledge."""
    who = world.everyone()
    rows = [[one, "email sent", SENT] for one in who[1:]] + [[who[1], "replied", REPLIED]]
    rows += [[who[0], "email sent", SENT], [who[0], "waved", REPLIED]]
    path = write_rows(world.root / "log.csv", [["Email", "Event", "Timestamp"], *rows])
    world.json("ingest", NAME, path, "--from", "generic", "--yes", "--exported-at", AFTER)


def test_lists_the_rows(world: World) -> None:
    """Rows set aside are shown with file, line, column, masked excerpt and the next command."""
    _log(world)
    done = world.run("set-aside", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "spring: 1 row set aside.\n\n"
        '  log.csv, line 63 (record 62), column "Event": Nobody has said what this kind\n'
        "    of event means.\n"
        f"    | t...@{world.everyone()[0].partition('@')[2]},waved,2024-03-05T15:00:00Z\n\n"
        "Next, when the cause is mended:\n  icptest set-aside spring --replay\n"
    )
    facts = world.json("set-aside", NAME)
    assert facts["schema"] == "icptest.set-aside/1"
    assert facts["rows"] == [
        {
            "id": 1,
            "file": "log.csv",
            "source": "generic",
            "record": 62,
            "line": 63,
            "column": "Event",
            "reason": "unknown-event",
            "replayed_at": None,
        }
    ]
    assert "@" not in json.dumps(facts)


def test_replay_after_the_mapping_was_mended(world: World) -> None:
    """A row that a mended mapping explains is read and leaves the list; its check passes."""
    _log(world)
    done = world.run("set-aside", NAME, "--replay")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("0 rows could be read now; 1 still cannot.\n")
    (mapping,) = (world.root / "sources").glob("generic-*.toml")
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('waved = "unknown_label"', 'waved = "replied"'), "utf-8")
    done = world.run("set-aside", NAME, "--replay")
    assert (done.exit_code, done.stderr) == (0, "")
    assert (
        done.stdout
        == "1 row could be read now; 0 still cannot.\n\nNext:\n  icptest verdict spring\n"
    )
    assert "nothing is set aside" in world.run("set-aside", NAME).stdout
    assert world.verdict()["arms"]["control"]["replied"] == 2
    checks = world.json("verdict", NAME)["checks"]
    assert {one["status"] for one in checks if "aside" in one["code"]} == {"pass"}
    assert [one["replayed_at"] is None for one in world.json("set-aside", NAME)["rows"]] == [False]


def test_nothing_to_replay(world: World) -> None:
    """Where nothing is set aside, the list says so, and a replay has nothing to do."""
    done = world.run("set-aside", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Every row of every file could be read; nothing is set aside.\n")
    done = world.run("set-aside", NAME, "--replay")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[nothing-to-replay]" in done.stderr


def test_a_row_that_is_still_bad_stays(world: World) -> None:
    """A replay keeps what it cannot use, and changes nothing."""
    world.ingest(world.leads({"nobody": Fate()} | world.story()))
    before = world.json("show", NAME)["files"]
    done = world.run("set-aside", NAME, "--replay", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["rows"][0]["replayed_at"] is None
    assert world.json("show", NAME)["files"] == before


def test_a_row_that_names_two_people_is_kept_aside_once(world: World) -> None:
    """The store sets it aside; reading it again neither uses it nor keeps it twice."""
    name = "past"
    campaigns = ("--control-campaign", "A", "--segment-campaign", "B", "--size", "1")
    assert world.run("new", name, *campaigns).exit_code == 0
    for number, people in enumerate(([("a1", "one"), ("a2", "two")], [("a1", "two")]), start=1):
        path = world.root / f"j{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER, restval="")
            writer.writeheader()
            writer.writerows(
                {
                    "email": f"{who}@{who}.example",
                    "linkedin_profile": f"https://linkedin.com/in/{profile}",
                    "last_email_sequence_sent": 1,
                    "reply_count": 0,
                }
                for who, profile in people
            )
        exported = ("--exported-at", f"2024-03-1{number}T09:00")
        done = world.run("ingest", name, path, "--campaign", "A", *exported)
        assert done.exit_code == 0, done.stderr
    for _ in range(2):
        assert (
            "0 rows could be read now; 1 still cannot."
            in world.run("set-aside", name, "--replay").stdout
        )
    assert len(world.json("set-aside", name)["rows"]) == 1
