"""`icptest verdict`."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.world import (
    AFTER,
    MIDWAY,
    NAME,
    NEGATIVE,
    POSITIVE,
    SENT,
    UNKNOWN,
    Fate,
    World,
)

OUTCOMES = ("replied", "positive", "meetings", "meetings_so_far", "unlabelled", "late_replies")


def test_scale(world: World) -> None:
    """Nine of thirty against one of thirty scales; the page begins with the answer."""
    world.settle(control=1, segment=9)
    done = world.run("verdict", NAME, "--as-of", AFTER)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "SCALE  spring\n\n"
        "Scale the new list: 2x or more is proven (9.0x: 9 of 30 against 1 of 30). On the\n"
    )
    assert done.stdout.endswith("\n  icptest show spring\n")


def test_json(world: World) -> None:
    """The JSON follows the design: decision, settling time, counts, lifts, tests, checks."""
    world.settle(control=1, segment=9)
    facts = world.verdict()
    assert {key: facts[key] for key in ("schema", "experiment", "as_of", "decision", "reason")} == {
        "schema": "icptest.verdict/1",
        "experiment": NAME,
        "as_of": AFTER,
        "decision": "scale",
        "reason": "proven",
    }
    # Five business days after Mon 4 Mar end on Tue 12 Mar 0:00 in New York, by then EDT.
    assert facts["settles_at"] == "2024-03-12T04:00:00Z"
    assert facts["article_rule"] == "scale"
    assert facts["arms"]["segment"]["positive"] == 9
    assert facts["arms"]["control"]["rates"]["positive"]["estimate"] == pytest.approx(1 / 30)
    assert facts["lift"]["positive"]["estimate"] == pytest.approx(9.0)
    assert facts["lift"]["meetings"]["undefined"] == "no-meetings"
    assert facts["lift"]["meetings"]["estimate"] is None
    # Less than was seen: a lift of 9 from ten positive replies is mostly luck.
    assert 2 < facts["posterior"]["lift_median"] < 4
    assert facts["rule_odds"]["scaled"][0]["lift"] == 1.0
    assert (facts["look"]["number"], facts["look"]["of"], facts["look"]["level"]) == (1, 1, 0.05)
    assert facts["look"]["may_stop"]
    assert (facts["family_size"], facts["design_effect"]) == (1, 1.0)
    assert facts["peeks"] == 0
    assert "@" not in json.dumps(facts)


@pytest.mark.parametrize(
    ("control", "segment", "decision", "reason", "code"),
    [
        (1, 9, "scale", "proven", 0),
        # By hand: 5 : 2 is 2.5 times, and five of thirty against two is not beyond luck.
        (2, 5, "no-scale", "could-be-luck", 10),
        (9, 1, "no-scale", "ruled-out", 10),
    ],
)
def test_exit_code(
    world: World, control: int, segment: int, decision: str, reason: str, code: int
) -> None:
    """--exit-code makes the answer count; without it a verdict of any kind is a success."""
    world.settle(control=control, segment=segment)
    facts = world.verdict()
    assert (facts["decision"], facts["reason"]) == (decision, reason)
    assert world.run("verdict", NAME, "--as-of", AFTER, "--exit-code").exit_code == code
    assert world.run("verdict", NAME, "--as-of", AFTER).exit_code == 0


def test_not_yet_shows_no_outcome(world: World) -> None:
    """Before the replies are in no outcome of either list is printed, whoever asks how."""
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 9 + [UNKNOWN])), at=MIDWAY)
    done = world.run("verdict", NAME, "--as-of", MIDWAY, "--stats", "--exit-code")
    assert done.exit_code == 11
    assert done.stdout.startswith(
        "NOT YET  spring\n\n"
        "Not yet: the replies are in on Tue 12 Mar 2024 00:00 (America/New_York). Nobody\n"
    )
    for word in ("positive", "lift", "9", "likely"):
        assert word not in done.stdout.replace("2x", "")
    facts = world.verdict(MIDWAY)
    assert (facts["decision"], facts["reason"]) == ("not-yet", "not-settled")
    assert facts["lift"] is facts["tests"] is facts["article_rule"] is None
    for arm in facts["arms"].values():
        assert set(arm) == {"assigned", "not_sent", "contacted", "bounced", "delivered"}


def test_what_is_printed_before_settling_does_not_depend_on_outcomes(world: World) -> None:
    """Two tests that differ in their replies alone look the same until the replies are in."""
    pages = []
    for name, fates in (("a", [POSITIVE] * 9), ("b", [NEGATIVE] * 9)):
        twin = World(world.root.parent / f"{world.root.name}-{name}")
        shutil.copytree(world.root, twin.root)
        twin.ingest(twin.statistics(twin.story(segment=fates)), at=MIDWAY)
        pages.append((twin.run("verdict", NAME, "--as-of", MIDWAY).stdout, twin.verdict(MIDWAY)))
    assert pages[0] == pages[1]


def test_peek_is_journaled_and_told_ever_after(world: World) -> None:
    """--peek shows the outcomes, is on record, and every later report says how often."""
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 9)), at=MIDWAY)
    done = world.run("verdict", NAME, "--as-of", MIDWAY, "--peek")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "You are looking before the replies are in." in done.stdout
    assert "positive replies" in done.stdout
    facts = world.verdict(MIDWAY, "--peek")
    assert (facts["peeks"], facts["decision"]) == (2, "not-yet")
    assert facts["arms"]["segment"]["positive"] == 9
    assert world.verdict(MIDWAY)["lift"] is None
    world.settle()
    facts = world.verdict()
    assert facts["peeks"] == 2
    (check,) = [one for one in facts["checks"] if one["code"] == "peeks"]
    assert check["status"] == "warn"
    assert check["detail"] == "The outcomes were looked at 2 times before the replies were in."
    assert "looked at 2 times" in world.run("status", NAME, "--as-of", AFTER).stdout
    assert [entry["action"] for entry in world.json("log", NAME)["entries"]].count("peek") == 2


def test_peek_when_the_replies_are_in_is_no_peek(world: World) -> None:
    """Once the verdict is there, --peek shows nothing early and is not held against the test."""
    world.settle()
    assert world.verdict(AFTER, "--peek")["peeks"] == 0


def _late(world: World) -> None:
    """Mail the new list a week after today's list."""
    story = {one: Fate(sent="2024-03-11T15:00:00Z") for one in world.people("segment")}
    story |= {one: Fate() for one in world.people("control")}
    world.ingest(world.statistics(story), at="2024-03-25T12:00:00Z")


def test_a_check_that_stops_is_invalid_until_accepted(world: World) -> None:
    """A stop names its remedy and how to go on; the reason given is in every later report."""
    _late(world)
    as_of = "2024-03-25T13:00:00Z"
    done = world.run("verdict", NAME, "--as-of", as_of, "--exit-code")
    assert done.exit_code == 12
    assert done.stdout.startswith("INVALID  spring\n\nInvalid: the first mails took 168 hours")
    assert 'icptest verdict spring --accept send-window --because "..."' in done.stdout
    assert "positive replies" not in done.stdout
    because = ("--accept", "send-window", "--because", "The sender was blocked")
    done = world.run("verdict", NAME, "--as-of", as_of, *because)
    assert (done.exit_code, done.stderr) == (0, "")
    page = " ".join(world.run("verdict", NAME, "--as-of", as_of).stdout.split())
    assert 'Accepted, on record: "The sender was blocked"' in page
    facts = world.verdict(as_of)
    assert facts["decision"] == "no-scale"
    (check,) = [one for one in facts["checks"] if one["code"] == "send-window"]
    assert (check["status"], check["accepted"]) == ("warn", "The sender was blocked")
    (entry,) = [one for one in world.json("log")["entries"] if one["action"] == "accept"]
    assert entry["detail"] == {"because": "The sender was blocked", "code": "send-window"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--accept", "send-window"), "accept-needs-because"),
        (("--accept", "send-window", "--because", "  "), "accept-needs-because"),
        (("--because", "why not"), "because-needs-accept"),
        (("--accept", "peeks", "--because", "why not"), "unknown-check"),
    ],
)
def test_accepting_has_rules(world: World, words: tuple[str, ...], code: str) -> None:
    """A stop is accepted by its code and with a reason, or not at all."""
    done = world.run("verdict", NAME, *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert [entry["action"] for entry in world.json("log")["entries"]] == ["new"]


def test_nobody_reached_cannot_be_accepted(world: World) -> None:
    """No reason makes a rate out of nobody: the next command is another export, not --accept."""
    story = world.story()
    story |= {one: Fate(sent=None) for one in world.people("segment")}
    world.ingest(world.leads(story))
    world.run("ingest", NAME, world.statistics(story), "--exported-at", AFTER, "--sending-done")
    for code in ("size-reached", "never-mailed"):
        world.run("verdict", NAME, "--accept", code, "--because", "I insist")
    facts = world.verdict()
    assert (facts["decision"], facts["reason"]) == ("invalid", "size-reached")
    assert facts["next"] == f"icptest ingest {NAME} EXPORT"


def test_as_of_ignores_later_exports(world: World) -> None:
    """--as-of before an export's time answers as if it had not been read in."""
    world.ingest(world.statistics(world.story(segment=[POSITIVE])), at=MIDWAY)
    before = world.verdict(MIDWAY)
    world.settle()
    assert world.verdict(MIDWAY) == before
    assert world.verdict()["decision"] == "scale"
    assert world.verdict("2024-03-12T03:59:59Z")["decision"] == "not-yet"


def test_label_first(world: World) -> None:
    """Unlabelled replies that could turn the answer wait for a label, with the command."""
    world.ingest(world.statistics(world.story(control=[POSITIVE], segment=[UNKNOWN] * 9)))
    facts = world.verdict()
    assert (facts["decision"], facts["reason"]) == ("not-yet", "label-first")
    command = f'icptest map-label {NAME} --from smartlead "Call me in May" KIND'
    assert facts["next"] == command
    assert "Not yet: 9 replies have no label" in facts["sentence"]
    world.run("map-label", NAME, "--from", "smartlead", "Call me in May", "positive_reply")
    assert world.verdict()["decision"] == "scale"


@pytest.mark.parametrize(
    "change",
    [("threshold = 2.0", "threshold = 1.5"), (f'name = "{NAME}"', 'name = "other"')],
)
def test_a_changed_registration_is_invalid(world: World, change: tuple[str, str]) -> None:
    """Whoever edits the frozen registration, be it its name, gets no verdict from it."""
    world.settle()
    path = world.folder / "experiment.toml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    facts = world.verdict()
    assert (facts["experiment"], facts["decision"]) == (NAME, "invalid")
    assert facts["reason"] == "registration-changed"
    assert f"`icptest show {NAME} --restore`" in facts["sentence"]


def test_a_comment_changes_nothing(world: World) -> None:
    """Comments and blank lines of the registration may change."""
    world.settle()
    path = world.folder / "experiment.toml"
    before = world.verdict()
    path.write_text("# Mine.\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert world.verdict() == before


def test_a_verdict_writes_nothing(world: World) -> None:
    """Reading a verdict leaves every file of the workspace as it was."""
    world.settle()

    def files() -> dict[str, tuple[bytes, int]]:
        return {
            str(path): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in world.root.rglob("*")
            if path.is_file()
        }

    before = files()
    world.run("verdict", NAME)
    world.run("verdict", NAME, "--as-of", AFTER, "--json")
    assert files() == before


def test_the_registered_rule_decides(world: World) -> None:
    """Under the article's rule alone 5 : 2 scales, and is said to be unproven."""
    text = (world.folder / "experiment.toml").read_text(encoding="utf-8")
    path = world.root / "rule.toml"
    text = text.replace('name = "spring"', 'name = "bold"').replace("lift-and-evidence", "lift")
    text = text.replace("lists/control.csv", "today.csv").replace(
        "lists/segment.csv", "narrowed.csv"
    )
    path.write_text(text, encoding="utf-8")
    done = world.run("new", path)
    assert done.exit_code == 0, done.stderr
    fates = world.story(control=[POSITIVE] * 2, segment=[POSITIVE] * 5)
    world.json("ingest", "bold", world.statistics(fates), "--exported-at", AFTER)
    facts = world.json("verdict", "bold", "--as-of", AFTER)
    assert (facts["decision"], facts["reason"]) == ("scale", "unproven")


def test_a_reply_before_its_send_is_set_aside(world: World) -> None:
    """A reply dated before the first mail answers something else, and is not counted."""
    world.ingest(world.statistics(world.story(segment=[Fate(replied="2024-03-03T10:00:00Z")] * 1)))
    (row,) = world.json("set-aside", NAME)["rows"]
    assert row["reason"] == "reply-before-send"
    assert world.json("status", NAME)["experiments"][0]["arms"]["segment"]["contacted"] == 29
    assert SENT > "2024-03-03"


def test_unknown_name(world: World) -> None:
    """An unknown test is refused with those there are."""
    done = world.run("verdict", "sprong")
    assert (done.exit_code, done.stdout) == (1, "")
    assert 'There are: spring. Did you mean "spring"?' in " ".join(done.stderr.split())


def test_what_does_not_stop_cannot_be_accepted(world: World) -> None:
    """A reason given in advance would excuse anything; nothing of it is put on record."""
    world.ingest(world.statistics(world.story()))
    done = world.run("verdict", NAME, "--accept", "send-window", "--because", "just in case")
    assert done.exit_code == 1
    assert "error[nothing-to-accept]" in done.stderr
    assert "accept" not in {entry["action"] for entry in world.json("log", NAME)["entries"]}


def test_a_clock_that_leaves_out_exports_says_so(world: World) -> None:
    """Before the only export there is nothing to see: no look is held against the test."""
    world.settle()
    facts = world.verdict("2024-03-03T12:00:00Z", "--peek")
    assert facts["sentence"] == (
        "Not yet: no export shows a first mail of this test. 1 export taken later is ignored "
        "(--as-of)."
    )
    assert facts["peeks"] == 0
    actions = [entry["action"] for entry in world.json("log", NAME)["entries"]]
    assert "peek" not in actions
