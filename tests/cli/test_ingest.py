"""`icptest ingest`: the command; what it does to a test is in `tests/ingest`."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from icptest import sources
from tests.cli.world import (
    AFTER,
    MIDWAY,
    NAME,
    POSITIVE,
    REPLIED,
    SENT,
    STRANGER,
    UNKNOWN,
    Fate,
    World,
    make_read_only,
    make_writable,
    run_powerless,
    write_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

AT = ("--exported-at", AFTER)


def _refused(done: Result, code: str) -> str:
    """Hold that a command was refused as it must be; return what it said, on one line."""
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert f"icptest: error[{code}]" in done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def _nothing_stored(world: World) -> None:
    assert world.json("show", NAME)["files"] == []


def test_prints_the_balance_sheet(world: World) -> None:
    """The page says what the file is, where its rows went, and what to do next."""
    story = world.story(segment=[POSITIVE, Fate(bounced=True)])
    path = world.statistics(story | {STRANGER: Fate()})
    done = world.run("ingest", NAME, path, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "statistics.json: Smartlead statistics, exported Wed 13 Mar 2024 08:00\n"
        "(America/New_York).\n"
        "  61  rows read\n"
        "  60  added: they tell something new\n"
        "   1  unrelated: nobody of this test (not stored)\n"
        "People of this test in it: 30 of today's list, 30 of the new list.\n"
        "Events: 60 mails sent, 1 bounce, 1 reply, 1 positive label.\n"
        "\n"
        "Next:\n"
        f"  icptest status {NAME}\n"
    )


def test_json(world: World) -> None:
    """With --json the balance comes as `icptest.ingest/1`, without an address."""
    facts = world.json("ingest", NAME, world.statistics(world.story(segment=[POSITIVE])), *AT)
    assert {key: facts[key] for key in ("schema", "experiment", "next")} == {
        "schema": "icptest.ingest/1",
        "experiment": NAME,
        "next": f"icptest status {NAME}",
    }
    (one,) = facts["files"]
    assert one["rows"] == {
        "read": 60,
        "added": 60,
        "updated": 0,
        "unchanged": 0,
        "unrelated": 0,
        "set_aside": 0,
    }
    assert one["exported_at"] == AFTER
    assert one["contacts"] == {"control": 30, "segment": 30}
    assert one["events"] == {"sent": 60, "replied": 1, "positive_reply": 1}
    assert "@" not in json.dumps(one | {"file": ""})


def test_unknown_experiment(world: World) -> None:
    """A name nobody registered is refused with the nearest one that is."""
    said = _refused(world.run("ingest", "sprin", "x.json"), "experiment-unknown")
    assert 'There is no test named "sprin". There are: spring. Did you mean "spring"?' in said
    _refused(world.run("ingest", "a" * 300, "x.json"), "experiment-unknown")


def test_a_file_where_the_name_should_be(world: World) -> None:
    """A file in place of the name is seen as what it is, and the right order is shown."""
    path = world.statistics(world.story())
    said = _refused(world.run("ingest", path.name, path.name), "file-for-name")
    assert f"`icptest ingest NAME {path.name}`" in said


def test_unknown_tool(world: World) -> None:
    """A table of no known tool is refused with its columns, and a way to read it."""
    path = write_rows(world.root / "x.csv", [["Email", "Touch"], [STRANGER, "yes"]])
    said = _refused(world.run("ingest", NAME, path, *AT), "unknown-tool")
    assert "Email, Touch" in said
    assert "`--from generic`" in said
    _nothing_stored(world)


def test_unknown_objects(world: World) -> None:
    """JSON of no known tool is not advised to be read as a table, which it is not."""
    path = world.root / "x.json"
    path.write_text('[{"whom": 1}, {"whom": 2}]', encoding="utf-8")
    said = _refused(world.run("ingest", NAME, path, *AT), "unknown-tool")
    assert "these keys: whom" in said
    assert "save the data as a table (CSV or XLSX) and map" in said


def test_unknown_source(world: World) -> None:
    """A tool nobody knows is refused with the nearest one."""
    done = world.run("ingest", NAME, world.statistics(world.story()), "--from", "smartled", *AT)
    assert 'Did you mean "smartlead"?' in _refused(done, "unknown-source")


def test_missing_column(world: World) -> None:
    """A file of a named tool that lacks a column is refused with what is missing."""
    path = write_rows(world.root / "x.csv", [["email", "reply_count"], [STRANGER, "0"]])
    done = world.run("ingest", NAME, path, "--from", "smartlead", *AT)
    said = _refused(done, "missing-column")
    assert "campaign_lead_map_id" in said
    assert "The file has: email, reply_count." in said


def test_a_file_of_another_tool_than_was_named(world: World) -> None:
    """It is said whose it is; JSON of nobody is not sent to a mapping, which reads tables only."""
    path = world.statistics(world.story())
    said = _refused(world.run("ingest", NAME, path, "--from", "lemlist", *AT), "missing-column")
    assert "It is an export of smartlead: leave `--from` out" in said
    path.write_text('[{"a": 1}]', encoding="utf-8")
    said = _refused(world.run("ingest", NAME, path, "--from", "lemlist", *AT), "missing-column")
    assert "`icptest sources`" in said
    assert "--from generic" not in said


def test_two_tools_claiming(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that two tools claim is refused with both names, until --from says which."""
    smartlead = sources.find_source("smartlead")
    twin = replace(smartlead, name="twin", title="Twin")
    monkeypatch.setattr(sources, "all_sources", lambda: {"smartlead": smartlead, "twin": twin})
    path = world.statistics(world.story())
    said = _refused(world.run("ingest", NAME, path, *AT), "two-tools-claim")
    assert "smartlead (statistics), twin (statistics)" in said
    assert "`--from smartlead`" in said
    assert world.run("ingest", NAME, path, "--from", "twin", *AT).exit_code == 0


def test_unknown_label(world: World) -> None:
    """A label nobody knows is kept as no label, and status asks for it with the command."""
    world.ingest(world.statistics(world.story(segment=[UNKNOWN])))
    assert world.verdict()["arms"]["segment"]["unlabelled"] == 1
    page = " ".join(world.run("status", NAME, "--as-of", AFTER).stdout.split())
    assert (
        'The label "Call me in May" (1 person) is unknown; until you say what it means it counts '
        f'as no label: icptest map-label {NAME} --from smartlead "Call me in May" KIND'
    ) in page


def _leads_text(world: World) -> str:
    return world.leads(world.story()).read_text(encoding="utf-8")


def test_broken_quote(world: World) -> None:
    """A row with a broken quote is set aside with its line; the others are stored."""
    lines = _leads_text(world).splitlines()
    lines[3] = lines[3].replace("COMPLETED", '"COMPLETED')
    path = world.root / "leads.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = world.run("ingest", NAME, path, *AT)
    assert done.exit_code == 0
    assert "1  set aside: could not be read (kept)" in done.stdout
    assert "line 4 (record 3): A quote is opened and not closed" in done.stderr
    assert "@today" not in done.stderr.replace("...@today", "")


def test_truncated_last_row(world: World) -> None:
    """A last row without a line end may be cut off: it is set aside, --strict refuses it."""
    path = world.root / "leads.csv"
    path.write_text(_leads_text(world).removesuffix(",0\n"), encoding="utf-8")
    done = world.run("ingest", NAME, path, "--strict", *AT)
    assert "1 of 60 rows cannot be used" in _refused(done, "strict-rows")
    _nothing_stored(world)
    done = world.run("ingest", NAME, path, *AT)
    assert done.exit_code == 0
    assert "line 61 (record 60): The last row may be cut off" in done.stderr
    assert world.json("set-aside", NAME)["rows"][0]["line"] == 61


def test_damage_inside_a_json_page(world: World) -> None:
    """One broken record of a page is set aside; the others tell what the whole page tells."""
    story = world.story(control=[POSITIVE], segment=[POSITIVE] * 9)
    path = world.statistics(story)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(', "sequence_number"', ' "sequence_number"', 1), encoding="utf-8")
    said = _refused(world.run("ingest", NAME, path, "--strict", *AT), "strict-rows")
    assert "1 of 60 rows cannot be used" in said
    _nothing_stored(world)
    done = world.run("ingest", NAME, path, *AT)
    assert done.exit_code == 0
    assert "line 1 (record 1): It is not valid JSON." in done.stderr
    (stored,) = world.json("show", NAME)["files"]
    assert stored["rows"] == {
        "read": 60,
        "added": 59,
        "updated": 0,
        "unchanged": 0,
        "unrelated": 0,
        "set_aside": 1,
    }
    done = world.run("set-aside", NAME, "--replay")
    assert "0 rows could be read now; 1 still cannot." in done.stdout
    path.write_text(whole, encoding="utf-8")
    assert world.ingest(path)["rows"]["added"] == 1
    assert world.verdict()["arms"]["segment"]["positive"] == 9
    assert world.verdict()["arms"]["control"]["positive"] == 1


def test_json_damaged_before_any_record(world: World) -> None:
    """The error says where the JSON is broken, not that the tool is unknown."""
    path = world.root / "statistics.json"
    path.write_text('{"total_stats": 1,\n "data": [{"stats_id" "a@acme.example"}]}', "utf-8")
    for more in ((), ("--from", "smartlead")):
        done = world.run("ingest", NAME, path, *more, *AT)
        said = _refused(done, "broken-json")
        assert "statistics.json:2" in said
        assert "at line 2, character 23" in said
        assert "a...@acme.example" in said
        assert "Export the file again" in said


def test_wrong_encoding(world: World) -> None:
    """A file that is not UTF-8 is refused with the option that reads it, which then works."""
    path = world.root / "leads.csv"
    path.write_bytes(_leads_text(world).replace("COMPLETED", "Über").encode("cp1252"))
    said = _refused(world.run("ingest", NAME, path, *AT), "wrong-encoding")
    assert "--encoding cp1252" in said
    assert world.run("ingest", NAME, path, "--encoding", "cp1252", *AT).exit_code == 0
    done = world.run("ingest", NAME, path, "--encoding", "klingon", *AT)
    _refused(done, "unknown-encoding")


def test_an_email_that_is_none(world: World) -> None:
    """A row whose e-mail is none is set aside with record, line and column."""
    story = world.story()
    path = world.leads({"ada at acme.example": Fate()} | story)
    done = world.run("ingest", NAME, path, *AT)
    assert done.exit_code == 0
    assert 'line 2 (record 1), column "email": The e-mail address is none.' in done.stderr
    (row,) = world.json("set-aside", NAME)["rows"]
    assert (row["record"], row["line"], row["column"], row["reason"]) == (
        *(1, 2, "email"),
        "bad-address",
    )


def test_no_row_can_be_used(world: World) -> None:
    """A file whose every row is bad is refused with the first few, and nothing is stored."""
    path = world.leads({f"nobody {place}": Fate() for place in range(25)})
    done = world.run("ingest", NAME, path, *AT)
    assert "None of the 25 rows of the file can be used:" in _refused(done, "no-usable-row")
    assert done.stderr.count("The e-mail address is none.") == 5
    assert "... and 20 more, 25 in all." in done.stderr
    _nothing_stored(world)


def _sheet(world: World, write: str = "2024-03-04 10:00", *, name: str = "sheet.csv") -> Path:
    return world.sheet({one: Fate(sent=write) for one in world.everyone()}, name=name)


def test_dates_that_could_be_read_two_ways(world: World) -> None:
    """A column whose every date is ambiguous is refused with file, line and column."""
    path = _sheet(world, "03/04/2024 10:00")
    done = world.run("ingest", NAME, path, "--from", "generic", "--yes", "--tz", "UTC", *AT)
    said = _refused(done, "undecidable-dates")
    assert 'sheet.csv, column "Sent At"' in said
    assert "may be day/month or month/day" in said
    assert not (world.root / "sources").exists()


def test_a_time_without_a_zone_is_asked_once(world: World) -> None:
    """Times without a zone need --tz once per kind of table; then the answer is kept."""
    generic = ("--from", "generic", "--yes", *AT)
    said = _refused(world.run("ingest", NAME, _sheet(world), *generic), "missing-zone")
    assert 'sheet.csv:2 (record 1), column "Sent At"' in said
    assert "`--tz America/New_York`" in said
    _nothing_stored(world)
    done = world.run("ingest", NAME, _sheet(world), *generic, "--tz", "America/New_York")
    assert done.exit_code == 0, done.stderr
    later = _sheet(world, "2024-03-04 11:00", name="later.csv")
    assert world.run("ingest", NAME, later, *AT).exit_code == 0
    other = write_rows(
        world.root / "other.csv",
        [
            ["Mail", "Email", "Sent At"],
            *([one, one, "2024-03-04 10:00"] for one in world.everyone()),
        ],
    )
    _refused(world.run("ingest", NAME, other, *generic), "missing-zone")
    done = world.run("ingest", NAME, other, *generic, "--tz", "Mars")
    assert "--timezone" not in _refused(done, "unknown-zone")


def test_the_zone_of_a_tool_is_kept(world: World) -> None:
    """--tz for a known tool is kept in sources/<tool>.toml; a broken file of it is named."""
    header = ["Invitee Email", "Event Type Name", "Start Date & Time"]
    header += ["Event Created Date & Time", "Canceled"]
    person = world.people("segment")[0]
    row = [person, "Intro", "2024-03-07 03:00 pm", "2024-03-05 11:00 am", "false"]
    path = write_rows(world.root / "calendly.csv", [header, row])
    _refused(world.run("ingest", NAME, path, *AT), "missing-zone")
    assert world.run("ingest", NAME, path, "--tz", "Europe/Berlin", *AT).exit_code == 0
    kept = world.root / "sources" / "calendly.toml"
    assert 'timezone = "Europe/Berlin"' in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    assert world.json("ingest", NAME, path, *AT)["files"][0]["already_ingested"] is True
    kept.write_text("timezone = ", encoding="utf-8")
    said = _refused(world.run("ingest", NAME, path, *AT), "settings-unreadable")
    assert "calendly.toml" in said


def test_a_guessed_mapping_is_shown_and_confirmed(world: World) -> None:
    """--from generic shows what it guesses and stores nothing before somebody agrees."""
    path = world.sheet(world.story(segment=[POSITIVE]))
    done = world.run("ingest", NAME, path, "--from", "generic", *AT)
    _refused(done, "mapping-needed")
    assert "\n  e-mail address        <- Email\n  first mailed at       <- Sent At\n" in done.stderr
    assert '\n  "Interested" means positive reply\n' in done.stderr
    assert '\n[columns]\nemail = "Email"\nsent_at = "Sent At"\n' in done.stderr
    _nothing_stored(world)
    assert not (world.root / "sources").exists()


def test_the_mapping_that_the_error_shows_can_be_used(world: World) -> None:
    """What the error prints as TOML is a file --map takes; it is kept and used again."""
    path = world.sheet(world.story(segment=[POSITIVE, replace(UNKNOWN, label="Soon")]))
    said = world.run("ingest", NAME, path, "--from", "generic", *AT).stderr
    mapping = world.root / "mine.toml"
    text = "schema" + said.partition("\nschema")[2]
    mapping.write_text(text.replace('"unknown_label"', '"positive_reply"'), encoding="utf-8")
    done = world.run("ingest", NAME, path, "--map", mapping, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    assert '"Soon" means positive reply' in done.stdout
    assert world.verdict()["arms"]["segment"]["positive"] == 2
    (kept,) = (world.root / "sources").glob("generic-*.toml")
    assert "Soon" in kept.read_text(encoding="utf-8")
    second = world.sheet(world.story(segment=[POSITIVE]), name="second.csv")
    done = world.run("ingest", NAME, second, *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "<-" not in done.stdout


def test_yes_agrees_to_the_guess(world: World) -> None:
    """--yes takes the guessed mapping, prints it once, and keeps it; a dry run keeps nothing."""
    path = world.sheet(world.story())
    generic = ("--from", "generic", "--yes", *AT)
    done = world.run("ingest", NAME, path, *generic, "--dry-run")
    assert (done.exit_code, done.stderr) == (0, "")
    assert not (world.root / "sources").exists()
    done = world.run("ingest", NAME, path, *generic)
    assert done.stdout.count("e-mail address        <- Email") == 1
    assert len(list((world.root / "sources").glob("generic-*.toml"))) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("schema = ", "bad-mapping"),
        ('schema = "icptest.mapping/1"\n[columns]\nemial = "Email"\n', "unknown-key"),
        (
            'schema = "icptest.mapping/1"\n[columns]\nemail = "Email"\n[labels]\nYes = "good"\n',
            "unknown-kind",
        ),
        ('schema = "icptest.mapping/1"\n[columns]\nemail = "Address"\n', "missing-column"),
    ],
)
def test_a_mapping_that_is_none(world: World, text: str, code: str) -> None:
    """A mapping file that cannot be used is refused, and is not kept."""
    mapping = world.root / "mine.toml"
    mapping.write_text(text, encoding="utf-8")
    done = world.run("ingest", NAME, world.sheet(world.story()), "--map", mapping, *AT)
    _refused(done, code)
    assert not (world.root / "sources").exists()


def test_several_files_one_bad(world: World) -> None:
    """A bad file is reported, the others are stored, and the exit code is 1."""
    good = world.statistics(world.story())
    bad = world.root / "bad.json"
    bad.write_text("{", encoding="utf-8")
    done = world.run("ingest", NAME, bad, good, "nowhere.csv", *AT)
    assert done.exit_code == 1
    assert "bad.json" in done.stderr
    assert "error[no-such-file]" in done.stderr
    assert "60  added" in done.stdout
    assert len(world.json("show", NAME)["files"]) == 1
    done = world.run("ingest", NAME, bad, good, "--json", *AT)
    facts = json.loads(done.stdout)
    assert done.exit_code == 1
    assert facts["files"][0]["error"]["schema"] == "icptest.error/1"
    assert facts["files"][1]["already_ingested"] is True


def test_all_files_bad(world: World) -> None:
    """With --json a command that stored nothing prints `icptest.error/1`."""
    done = world.run("ingest", NAME, "nowhere.csv", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["code"] == "no-such-file"


def test_dry_run(world: World) -> None:
    """A dry run says what would be stored, and stores nothing."""
    path = world.statistics(world.story())
    before = world.database.read_bytes()
    done = world.run("ingest", NAME, path, "--dry-run", "--sending-done", *AT)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Nothing was stored (--dry-run)." in " ".join(done.stdout.split())
    assert "60  added" in done.stdout
    assert before == world.database.read_bytes()


def test_a_file_about_nobody(world: World) -> None:
    """A file that names nobody of the test is stored with a warning."""
    done = world.run("ingest", NAME, world.statistics({STRANGER: Fate()}), *AT)
    assert done.exit_code == 0
    assert f"Nobody in this file belongs to {NAME}." in " ".join(done.stderr.split())


def test_exported_at_rules(world: World) -> None:
    """A future time, a date alone and a word are no time of an export."""
    path = world.statistics(world.story())
    done = world.run("ingest", NAME, path, "--exported-at", "2099-01-01 10:00")
    _refused(done, "export-in-the-future")
    _refused(world.run("ingest", NAME, path, "--exported-at", "2024-03-13"), "time-of-day-missing")
    for text in ("yesterday", "03/04/2024 10:00"):
        said = _refused(world.run("ingest", NAME, path, "--exported-at", text), "bad-time")
        assert f'"{text}" is no time for --exported-at.' in said
    _nothing_stored(world)


def _saved(path: Path, at: str) -> Path:
    from tests.cli.world import moment  # noqa: PLC0415 - a test reads better without it above

    os.utime(path, (moment(at), moment(at)))
    return path


def test_the_time_of_the_file_is_taken_and_printed(world: World) -> None:
    """Without --exported-at the time the file was saved holds, and is said to."""
    path = _saved(world.statistics(world.story()), "2024-03-05T12:00:00Z")
    done = world.run("ingest", NAME, path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "saved, taken as exported, Tue 5 Mar 2024 07:00" in " ".join(done.stdout.split())


def test_an_old_file_saved_late_is_a_question(world: World) -> None:
    """A file saved over a business day after its newest event needs --exported-at or --yes."""
    path = _saved(world.statistics(world.story()), AFTER)
    said = _refused(world.run("ingest", NAME, path), "export-time-unclear")
    assert "--exported-at TIME" in said
    assert "`--yes`" in said
    _nothing_stored(world)
    assert world.run("ingest", NAME, path, "--yes").exit_code == 0
    assert world.json("show", NAME)["files"][0]["exported_at"] == AFTER


def test_locked_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program writes, a command waits, then says so and stores nothing."""
    path = world.statistics(world.story())
    monkeypatch.setattr("icptest.store.opening.open_store.__kwdefaults__", {"timeout": 0.2})
    with closing(sqlite3.connect(world.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = _refused(world.run("ingest", NAME, path, *AT), "database-locked")
        assert "Wait until the other icptest command is done" in said
        assert world.run("verdict", NAME).exit_code == 0
        other.execute("ROLLBACK")
    _nothing_stored(world)


def test_newer_database(world: World) -> None:
    """A database of a newer version is refused with the command that helps, and left alone."""
    with closing(sqlite3.connect(world.database)) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    before = world.database.read_bytes()
    path = world.statistics(world.story())
    for words in (("ingest", NAME, path, *AT), ("verdict", NAME), ("init",)):
        said = _refused(world.run(*words), "database-newer")
        assert "`pip install --upgrade icptest`" in said
    assert before == world.database.read_bytes()


def test_read_only_workspace(world: World) -> None:
    """In a workspace that may not be written ingest is refused, and verdict still answers."""
    world.settle()
    path = world.root / "statistics.json"
    make_read_only(world.root)
    try:
        asked = run_powerless(
            world.root,
            (
                ("verdict", NAME, "--as-of", AFTER),
                *(("status",), ("status", NAME), ("list",), ("show", NAME), ("log",)),
                *(("set-aside", NAME), ("sources",), ("sources", "smartlead")),
            ),
        )
        refused = run_powerless(
            world.root,
            (
                ("ingest", NAME, path.name, *AT),
                ("verdict", NAME, "--as-of", MIDWAY, "--peek"),
                ("map-label", NAME, "--from", "smartlead", "Soon", "positive_reply"),
                ("set-aside", NAME, "--replay"),
            ),
        )
    finally:
        make_writable(world.root)
    assert [one.stderr for one in asked] == [""] * len(asked)
    assert {one.returncode for one in asked} == {0}
    assert asked[0].stdout.startswith("SCALE  spring")
    for one in refused:
        assert (one.returncode, one.stdout) == (1, "")
        assert "error[database-read-only]" in one.stderr
        assert "Traceback" not in one.stderr


def test_usage(world: World) -> None:
    """A command without its arguments is a mistake of usage: exit code 2."""
    for words in (("ingest",), ("ingest", NAME), ("ingest", NAME, "x", "--nonsense")):
        done = world.run(*words)
        assert (done.exit_code, done.stdout) == (2, "")
    assert "Missing argument 'FILE...'" in world.run("ingest", NAME).stderr


def test_no_address_in_any_error(world: World) -> None:
    """Excerpts, values and near matches of errors mask addresses."""
    story = {f"ada{place}@secret.example": Fate() for place in range(3)}
    headless = write_rows(world.root / "headless.csv", [[one, SENT] for one in story])
    broken = world.leads({f"{one}>": Fate() for one in story}, name="broken.csv")
    early = world.sheet({world.everyone()[0]: Fate(sent=REPLIED, replied=SENT)}, name="early.csv")
    for words in (
        ("ingest", NAME, headless, *AT),
        ("ingest", NAME, headless, "--from", "generic", *AT),
        ("ingest", NAME, headless, "--from", "smartlead", *AT),
        ("ingest", NAME, broken, *AT),
        ("ingest", NAME, early, "--from", "generic", "--yes", *AT),
        ("new", "fall", "--control", headless, "--segment", headless),
        ("verdict", "ada0@secret.example"),
        ("map-label", NAME, "--from", "ada0@secret.example", "x", "positive_reply"),
    ):
        done = world.run(*words, "--json")
        assert done.exit_code == 1, words
        for said in (done.stdout, done.stderr):
            assert "ada0@secret" not in said, words
            assert world.everyone()[0] not in said, words


@pytest.mark.parametrize("saved_at", [0, -86400], ids=["1970", "1969"])
def test_a_file_that_does_not_know_when_it_was_saved(world: World, saved_at: int) -> None:
    """An archive may keep no times: then the time of the export is asked for, not guessed."""
    path = world.statistics(world.story())
    os.utime(path, (saved_at, saved_at))
    said = _refused(world.run("ingest", NAME, path), "saved-at-unknown")
    assert "`--exported-at TIME`" in said
    assert world.ingest(path)["rows"]["added"] == 60


ENDS = (
    *("0001-01-01T00:00:00+14:00", "0001-01-02", "9999-12-31T23:59:59-14:00", "9999-12-31"),
    *(
        "10000-01-01T00:00:00Z",
        "253402300799",
        "2099-12-31T23:59:59-14:00",
        "2000-01-01T00:00+14:00",
    ),
)


@pytest.mark.parametrize("at", ENDS)
def test_times_at_the_ends_of_the_calendar(world: World, at: str) -> None:
    """A row with such a time is set aside or read, in every tool, and the verdict still comes."""
    story = world.story(segment=[POSITIVE])
    odd = dict.fromkeys(world.people("control")[:2], Fate(sent=at, replied=at, label="Interested"))
    for path, words in (
        (world.statistics(story | odd), ()),
        (world.sheet(story | odd), ("--from", "generic", "--yes", "--tz", "America/New_York")),
    ):
        facts = world.json("ingest", NAME, path, *words, *AT)
        rows = facts["files"][0]["rows"]
        assert rows["read"] == 60
        assert sum(rows.values()) == 2 * 60
    for as_of in (AFTER, "2099-12-31T23:59:59-14:00", "2000-01-01"):
        assert world.verdict(as_of)["schema"] == "icptest.verdict/1"
        world.json("status", NAME, "--as-of", as_of)
    for option in ("--exported-at", "--sent-between"):
        typed = [at, at] if option == "--sent-between" else [at]
        done = world.run("ingest", NAME, "sheet.csv", option, *typed)
        assert "error[internal]" not in done.output
