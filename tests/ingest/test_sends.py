"""When the first mails went out, where an export does not say it; when sending is over."""

from __future__ import annotations

import pytest

from tests.cli.world import AFTER, MIDWAY, NAME, POSITIVE, Fate, World

BETWEEN = "--sent-between"


def _leads(world: World) -> str:
    return str(world.leads(world.story(control=[POSITIVE], segment=[POSITIVE] * 9)))


def test_undatable_sends_wait(world: World) -> None:
    """People mailed at a time no export tells are never settled; the page says what to say."""
    world.json("ingest", NAME, _leads(world), "--exported-at", AFTER)
    facts = world.verdict("2024-06-01T00:00:00Z")
    assert (facts["decision"], facts["reason"]) == ("not-yet", "not-settled")
    assert "do not tell when 60 people were first mailed" in facts["sentence"]
    assert "--sent-between" in facts["sentence"]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2024-03-04 09:00", "2024-03-04 17:00"),
        ("2024-03-04T14:00:00Z", "2024-03-04T22:00:00Z"),
        ("2024-03-04", "2024-03-04"),
        ("4 Mar 2024", "Mar 4, 2024"),
    ],
)
def test_stated_sends_start_the_clock(world: World, since: str, until: str) -> None:
    """Times or dates alone: the clock starts on that day, for a date with the whole of it."""
    world.json("ingest", NAME, _leads(world), "--exported-at", AFTER, BETWEEN, since, until)
    facts = world.verdict()
    assert facts["settles_at"] == "2024-03-12T04:00:00Z"
    assert facts["decision"] == "scale"


def test_the_last_day_counts_whole(world: World) -> None:
    """Somebody may have been mailed at the end of the last day: the window starts from that."""
    world.json(
        "ingest", NAME, _leads(world), "--exported-at", AFTER, BETWEEN, "2024-03-04", "2024-03-05"
    )
    assert world.verdict()["settles_at"] == "2024-03-13T04:00:00Z"


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2024-03-05", "2024-03-04", "sent-between-order"),
        ("soon", "2024-03-04", "bad-time"),
        ("2099-03-04", "2099-03-05", "sent-in-the-future"),
        ("03/04/2024", "03/05/2024", "bad-time"),
    ],
)
def test_spans_that_are_none(world: World, since: str, until: str, code: str) -> None:
    """A span that ends before it begins, lies ahead, or is no time, is refused."""
    done = world.run("ingest", NAME, _leads(world), BETWEEN, since, until)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr


def test_a_span_that_reaches_past_the_export_ends_with_it(world: World) -> None:
    """The same file with the same span, whatever the time of day, is the same file."""
    words = ("ingest", NAME, _leads(world), "--exported-at", "2024-03-05T15:00:00Z", "--yes")
    world.json(*words, BETWEEN, "2024-03-04", "2024-03-20")
    again = world.json(*words, BETWEEN, "2024-03-04", "2024-03-20")
    assert again["files"][0]["already_ingested"] is True
    # The send window of a test whose sending may still go on ends on Wed 6 Mar at 0:00.
    assert world.verdict("2024-03-05T16:00:00Z")["settles_at"] == "2024-03-14T04:00:00Z"


def test_a_dated_send_beats_a_stated_one(world: World) -> None:
    """Where an export dates the first mail, what was stated about it is not used."""
    story = world.story(control=[POSITIVE], segment=[POSITIVE] * 9)
    world.json("ingest", NAME, world.statistics(story), "--exported-at", AFTER, BETWEEN,
               "2024-02-01", "2024-02-02")  # fmt: skip
    assert world.verdict()["settles_at"] == "2024-03-12T04:00:00Z"


def test_sending_done(world: World) -> None:
    """--sending-done settles who was never mailed before the send window has passed."""
    story = world.story(control=[Fate(sent=None)])
    path = world.statistics(story)
    done = world.run("ingest", NAME, path, "--exported-at", "2024-03-04T22:00:00Z")
    assert done.exit_code == 0
    early = "2024-03-04T23:00:00Z"
    (one,) = world.json("status", NAME, "--as-of", early)["experiments"]
    assert (one["stage"], one["arms"]["control"]["not_sent"]) == ("sending", 0)
    world.json("ingest", NAME, path, "--exported-at", "2024-03-04T22:00:00Z", "--sending-done")
    (one,) = world.json("status", NAME, "--as-of", early)["experiments"]
    assert (one["stage"], one["arms"]["control"]["not_sent"]) == ("settling", 1)


def test_sending_done_in_any_order(world: World) -> None:
    """Said of two exports, the earlier time holds, whichever came first."""
    story = world.story()
    early = world.statistics(story, name="early.json")
    for at in (MIDWAY, "2024-03-05T15:30:00Z", AFTER):
        world.json("ingest", NAME, early, "--exported-at", at, "--sending-done")
    said = [one for one in world.json("log")["entries"] if one["action"] == "sending-done"]
    assert [one["detail"]["exported_at"] for one in said] == [
        "2024-03-06T17:30:00+00:00",
        "2024-03-05T15:30:00+00:00",
        "2024-03-05T15:30:00+00:00",
    ]
