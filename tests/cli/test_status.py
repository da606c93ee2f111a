"""`icptest status`."""

from __future__ import annotations

import json

from tests.cli.world import AFTER, MIDWAY, NAME, NEGATIVE, POSITIVE, UNKNOWN, Fate, World


def test_follows_a_test_from_registration_to_verdict(world: World) -> None:
    """Status names the stage a test is in and the command that leads on from it."""

    def stage(as_of: str) -> tuple[str, str]:
        (one,) = world.json("status", NAME, "--as-of", as_of)["experiments"]
        return one["stage"], one["next"]

    read_in = f"icptest ingest {NAME} EXPORT"
    assert stage(MIDWAY) == ("registered", read_in)
    story = world.story(segment=[POSITIVE])
    few = {one: fate for place, (one, fate) in enumerate(story.items()) if place % 2}
    world.ingest(world.statistics(few), at="2024-03-05T17:00:00Z")
    assert stage("2024-03-05T18:00:00Z") == ("sending", read_in)
    world.ingest(world.statistics(story), at=MIDWAY)
    assert stage(MIDWAY) == ("settling", read_in)
    assert stage(AFTER) == ("export-due", read_in)
    world.ingest(world.statistics(story), at=AFTER)
    assert stage(AFTER) == ("ready", f"icptest verdict {NAME}")


def test_export_without_send_times(world: World) -> None:
    """Exports that date no first mail lead to --sent-between."""
    world.ingest(world.leads(world.story()))
    done = world.run("status", NAME, "--as-of", AFTER)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{NAME}: send times are missing.\n")
    assert f'icptest ingest {NAME} EXPORT --sent-between "FIRST MAIL" "LAST MAIL"' in done.stdout


def test_shows_no_outcome_of_either_list(world: World) -> None:
    """Whoever answered what, the page is the same but for labels that wait for a meaning."""
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 9, control=[NEGATIVE])))
    one = world.run("status", NAME, "--as-of", AFTER).stdout
    facts = world.json("status", NAME, "--as-of", AFTER)
    assert "replied" not in one
    assert "positive" not in json.dumps(facts)
    assert set(facts["experiments"][0]["arms"]["segment"]) == {
        *("assigned", "contacted", "not_sent", "bounced"),
    }


def test_unlabelled_replies_are_not_told_by_list(world: World) -> None:
    """Before the replies are in nobody learns from the checks which list replied more."""
    world.ingest(world.statistics(world.story(segment=[UNKNOWN] * 7)), at=MIDWAY)
    for words in (("status", NAME), ("verdict", NAME)):
        page = " ".join(world.run(*words, "--as-of", MIDWAY).stdout.split())
        assert "unlabelled-replies: 7 replies have no label yet." in page
        assert "7 on the new list" not in page


def test_board_of_all_tests(world: World) -> None:
    """Without a name every test is listed with its stage; the next command is of one of them."""
    lists = ("--control", "today.csv", "--segment", "narrowed.csv", "--size", "20")
    world.run("new", "fall", *lists)
    world.settle()
    done = world.run("status", "--as-of", AFTER)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "  test    where it stands                replies are in\n"
        "  fall    registered, nobody mailed yet\n"
        "  spring  the verdict is ready           Tue 12 Mar 2024 00:00\n"
        "\n"
        "Next:\n"
        "  icptest status fall\n"
    )


def test_a_broken_test_hides_no_other(world: World) -> None:
    """A registration that cannot be read is said on stderr, exit 1; the others are listed."""
    folder = world.root / "experiments" / "broken"
    folder.mkdir()
    (folder / "experiment.toml").write_text("name = ", encoding="utf-8")
    for command in ("status", "list"):
        done = world.run(command, "--as-of", AFTER)
        assert done.exit_code == 1
        assert "broken" in done.stdout
        assert done.output.endswith(done.stdout)
        assert "cannot be read" in done.stdout
        assert f"\n  {NAME}" in done.stdout
        assert "error[registration-unreadable]" in done.stderr
        done = world.run(command, "--json")
        assert done.exit_code == 1
        broken, whole = json.loads(done.stdout)["experiments"]
        assert broken["error"]["code"] == "registration-unreadable"
        assert whole["experiment"] == NAME


def test_empty_workspace(tmp_path_factory: object, world: World) -> None:
    """Without a test, status and list say how one is registered."""
    empty = World(world.root / "empty")
    world.run("init", "empty", "--timezone", "UTC")
    for command in ("status", "list"):
        done = empty.run(command)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.startswith("There is no test in this workspace yet.\n")
        assert "icptest new NAME --control TODAY.csv" in done.stdout
        assert empty.json(command)["experiments"] == []


def test_no_workspace(tmp_path_factory: object, world: World) -> None:
    """Outside a workspace the two ways into one are named; --workspace is one of them."""
    done = world.run("--workspace", "/tmp", "status")  # noqa: S108 - a folder that is none
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[no-workspace]" in done.stderr
    assert "`icptest init`" in done.stderr
    inner = World(world.folder)
    assert inner.run("status").exit_code == 0
    assert inner.run("status", "--workspace", str(world.root)).exit_code == 0


def test_bad_clock(world: World) -> None:
    """--as-of takes a time or a date; another word is refused with how it is written."""
    for text in ("soon", "2024-13-01"):
        done = world.run("status", NAME, "--as-of", text)
        assert (done.exit_code, done.stdout) == (1, "")
        assert f'"{text}" is no time for --as-of.' in done.stderr
    assert world.run("status", NAME, "--as-of", "2024-03-13").exit_code == 0


def test_never_mailed_people_are_shown(world: World) -> None:
    """People whom an export after the window shows as never mailed are counted as that."""
    story = world.story(control=[Fate(sent=None)])
    world.ingest(world.leads(story, name="leads.csv"))
    world.ingest(world.statistics(story))
    (one,) = world.json("status", NAME, "--as-of", AFTER)["experiments"]
    assert one["arms"]["control"] == {
        "assigned": 30,
        "contacted": 29,
        "not_sent": 1,
        "bounced": 0,
    }


def test_a_send_list_that_was_edited(world: World) -> None:
    """Rows taken out and put in are counted; a column more, or a list that is gone, is no edit."""
    assert world.json("status", NAME)["experiments"][0]["edited_send_lists"] == []
    both = world.folder / "send" / "send-both.csv"
    header, first, _, *rows = both.read_text(encoding="utf-8").splitlines()
    strange = first.replace(first.partition(",")[0], "who@else.example")
    both.write_text("\n".join([header, *rows, strange]) + "\n", encoding="utf-8")
    one = world.folder / "send" / "send-control.csv"
    lines = one.read_text(encoding="utf-8").splitlines()
    one.write_text("\n".join(f"{line},x" for line in lines) + "\n", encoding="utf-8")
    (world.folder / "send" / "send-segment.csv").unlink()
    facts = world.json("status", NAME)["experiments"][0]
    assert facts["edited_send_lists"] == [{"file": "send/send-both.csv", "missing": 2, "added": 1}]
    page = " ".join(world.run("status", NAME).stdout.split())
    assert (
        "send/send-both.csv was changed after it was written: 2 of its people are gone and 1 who "
        "was not drawn for it is in it."
    ) in page
    both.write_text("", encoding="utf-8")
    facts = world.json("status", NAME)["experiments"][0]
    assert facts["edited_send_lists"] == [{"file": "send/send-both.csv", "missing": 60, "added": 0}]
