"""`icptest extend`, and `icptest new --looks` and `--replicates`: more people, nobody twice."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest

from icptest.store import Store, open_store
from icptest.workspace import find_workspace
from tests.cli.world import (
    AFTER,
    NAME,
    REGISTRATION,
    SIZE,
    Fate,
    World,
    listed,
    write_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECOND_SENT = "2024-03-18T14:00:00Z"
"""Mon 18 Mar 2024, 10:00 in New York: the replies are in on Tue 26 Mar, 0:00 there."""
SECOND_AFTER = "2024-03-27T12:00:00Z"
LOOKS = 3


def make(
    root: Path,
    *,
    looks: int = LOOKS,
    positive: tuple[int, int] = (1, 1),
    upside_down: bool = False,
) -> World:
    """Return a workspace with a test of several batches, the first one settled."""
    shutil.copytree(_template(looks, positive, upside_down=upside_down), root, dirs_exist_ok=True)
    return World(root)


@cache
def _template(looks: int, positive: tuple[int, int], *, upside_down: bool) -> Path:
    """Make such a workspace once; copying it is quicker."""
    root = Path(mkdtemp(prefix="icptest-extend-"))
    world = World(root)
    header, *today = listed("today", 260)
    # A third of the new list is on today's list too.
    narrowed = [*listed("new", 120)[1:], *today[:60]]
    for name, rows in (("today.csv", today), ("narrowed.csv", narrowed)):
        write_rows(root / name, [header, *(reversed(rows) if upside_down else rows)])
    assert world.run("init", "--timezone", "America/New_York", "--holidays", "US").exit_code == 0
    world.folder.mkdir(mode=0o700)
    text = REGISTRATION.replace(f"size = {SIZE}\n", f"size = {SIZE}\nlooks = {looks}\n")
    (world.folder / "experiment.toml").write_text(text, encoding="utf-8")
    done = world.run("new", f"experiments/{NAME}/experiment.toml")
    assert done.exit_code == 0, done.output
    world.settle(*positive)
    return root


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a test of three batches whose first one shows nothing."""
    return make(tmp_path)


def batch(world: World, look: int, name: str = NAME) -> dict[str, list[str]]:
    """Return who was drawn for a batch, by arm."""
    folder = world.root / "experiments" / name / "send"
    folder = folder if look == 1 else folder / f"batch-{look}"
    people = {}
    for arm in ("control", "segment"):
        with (folder / f"send-{arm}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["icptest_batch"] for row in rows} == {str(look)}
        people[arm] = [row["Email"] for row in rows]
    return people


def story(people: Mapping[str, Sequence[str]], *, at: str = SECOND_SENT, **positive: int) -> Any:
    """Return the fate of a batch: so many of each arm reply positively the day after."""
    answered = Fate(sent=at, replied=at.replace("18T", "19T"), label="Interested")
    return {
        email: answered if place < positive.get(arm, 0) else Fate(sent=at)
        for arm, emails in people.items()
        for place, email in enumerate(emails)
    }


def extend(world: World, at: str = AFTER) -> dict[str, Any]:
    """Add a batch."""
    return world.json("extend", NAME, "--as-of", at)


def test_a_second_batch_from_registration_to_verdict(world: World) -> None:
    """No-scale, extend, mail and ingest: the verdict is of both batches together."""
    first = world.verdict()
    assert (first["decision"], first["look"]["number"], first["look"]["of"]) == ("no-scale", 1, 3)
    assert first["next"] == f"icptest extend {NAME}"
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert (done.exit_code, done.stderr) == (0, "")
    for said in (
        "Batch 2 of 3 of spring: 30 more people of today's list against 30 of the new\n",
        f"  experiments/{NAME}/send/batch-2/send-both.csv\n",
        "companies of the new list are left to scale to.",
    ):
        assert said in done.stdout
    assert done.stdout.endswith(f"  icptest ingest {NAME} EXPORT\n")
    waiting = world.verdict()
    assert (waiting["decision"], waiting["look"]["number"]) == ("not-yet", 2)
    assert waiting["arms"]["control"]["assigned"] == 2 * SIZE
    second = story(batch(world, 2), control=0, segment=14)
    path = world.statistics(second, name="second.json")
    assert world.ingest(path, at=SECOND_AFTER)["rows"]["unrelated"] == 0
    both = world.verdict(SECOND_AFTER)
    assert (both["decision"], both["look"]["number"]) == ("scale", 2)
    assert both["arms"]["segment"]["positive"] == 15
    assert {one["status"] for one in both["checks"] if one["code"] == "send-window"} == {"pass"}
    # A past verdict stays as it was: the batch was drawn after it.
    assert world.verdict("2024-03-13T11:59:00Z")["look"]["number"] == 1


def test_nobody_and_no_company_is_drawn_twice(world: World) -> None:
    """Over three batches and two tests that repeat it, everybody comes once; sizes hold."""
    extend(world)
    second = story(batch(world, 2))
    world.ingest(world.statistics(second, name="second.json"), at=SECOND_AFTER)
    world.json("new", "again", "--replicates", NAME, "--size", "20", "--looks", "1")
    extend(world, SECOND_AFTER)
    world.json("new", "thrice", "--replicates", "again", "--size", "10", "--looks", "1")
    drawn = [*(batch(world, look) for look in (1, 2, 3))]
    drawn += [batch(world, 1, "again"), batch(world, 1, "thrice")]
    sizes = [(len(one["control"]), len(one["segment"])) for one in drawn]
    assert sizes == [(SIZE, SIZE)] * 3 + [(20, 20), (10, 10)]
    everyone = [email for one in drawn for emails in one.values() for email in emails]
    assert len(set(everyone)) == len(everyone)


def test_the_same_batch_comes_out_whatever_the_order_of_the_rows(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another workspace with the lists upside down draws the same second batch."""
    other = make(tmp_path_factory.mktemp("other"), upside_down=True)
    one, two = extend(world), extend(other)
    assert batch(world, 2) == batch(other, 2)
    assert one["segment_left"] == two["segment_left"]
    assert one["look"] == {"number": 2, "of": 3}


def test_what_is_left_is_told(world: World) -> None:
    """`show` says how many companies of the new list the newest batch has left."""
    before = world.json("show", NAME)["segment_left"]
    facts = extend(world)
    left = facts["segment_left"]
    assert left["accounts"] == left["people"]
    # By hand: thirty of the new list, and between none and thirty that today's list took of it.
    assert before - 60 <= left["accounts"] <= before - 30
    assert world.json("show", NAME)["segment_left"] == left["accounts"]
    assert "@" not in json.dumps(facts)


def test_an_extension_is_journaled_and_leaves_the_registration_alone(world: World) -> None:
    """The digest is the frozen one; the log says which batch, how many, and what is left."""
    before = (world.folder / "experiment.toml").read_bytes()
    extend(world)
    assert before == (world.folder / "experiment.toml").read_bytes()
    assert world.json("show", NAME)["registration_intact"] is True
    entry = world.json("log", NAME)["entries"][-1]
    assert entry["action"] == "extend"
    assert entry["detail"]["look"] == 2
    assert (entry["detail"]["control"], entry["detail"]["segment"]) == (SIZE, SIZE)


def test_people_to_keep_for_later_are_those_who_are_drawn_later(world: World) -> None:
    """The file of `new` names exactly the people of later batches."""
    kept = (world.folder / "send" / "keep-for-later.csv").read_text(encoding="utf-8")
    extend(world)
    world.ingest(world.statistics(story(batch(world, 2)), name="second.json"), at=SECOND_AFTER)
    extend(world, SECOND_AFTER)
    later = [email for look in (2, 3) for emails in batch(world, look).values() for email in emails]
    assert sorted(later) == sorted(kept.split()[1:])


@pytest.mark.parametrize(
    ("positive", "code", "remedy"),
    [((1, 12), "extension-of-scale", f"`icptest show {NAME}`")],
)
def test_a_clear_yes_is_not_extended(
    tmp_path: Path, positive: tuple[int, int], code: str, remedy: str
) -> None:
    """Where the answer is scale another batch is refused."""
    world = make(tmp_path, positive=positive)
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert remedy in done.stderr


def test_a_batch_that_is_not_over_is_not_extended(world: World) -> None:
    """Before the replies are in, and right after a batch was added."""
    early = world.run("extend", NAME, "--as-of", "2024-03-06T12:00:00Z")
    assert "error[batch-not-over]: " not in early.stderr
    assert "error[batch-not-over]" in early.stderr
    extend(world)
    again = world.run("extend", NAME, "--as-of", AFTER)
    assert again.exit_code == 1
    assert "Batch 2 of spring has no answer yet" in again.stderr


def test_a_stopped_test_is_not_extended(world: World) -> None:
    """A changed registration stops the verdict, and the extension."""
    path = world.folder / "experiment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("looks = 3", "looks = 5"), "utf-8")
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert done.exit_code == 1
    assert "error[extension-of-invalid]" in done.stderr


def test_an_extension_that_was_not_registered_is_refused(tmp_path: Path) -> None:
    """One batch was registered: the way out is a fresh test on people nobody has mailed."""
    world = make(tmp_path, looks=1)
    assert world.verdict()["next"] == f"icptest new {NAME}-2 --replicates {NAME}"
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert "error[extension-not-registered]" in done.stderr
    assert f"`icptest new {NAME}-2 --replicates {NAME}`" in done.stderr


def test_when_every_batch_is_drawn(tmp_path: Path) -> None:
    """After the last registered batch the remedy is the same."""
    world = make(tmp_path, looks=2)
    extend(world)
    world.ingest(world.statistics(story(batch(world, 2)), name="second.json"), at=SECOND_AFTER)
    done = world.run("extend", NAME, "--as-of", SECOND_AFTER)
    assert "error[every-batch-drawn]" in done.stderr
    assert f"`icptest new {NAME}-2 --replicates {NAME}`" in done.stderr


def test_lists_that_are_not_the_registered_ones(world: World) -> None:
    """A copy that was changed or deleted would draw other people; both are said."""
    path = world.folder / "lists" / "segment.csv"
    text = path.read_bytes()
    path.write_bytes(text + b"x@x.example,X,X\n")
    assert "error[list-copy-changed]" in world.run("extend", NAME, "--as-of", AFTER).stderr
    path.unlink()
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert "error[list-copy-missing]" in done.stderr
    path.write_bytes(text)
    extend(world)


def test_a_batch_that_cannot_be_stored_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted while it is written, `extend` leaves neither people nor send lists."""

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("icptest.extend.make_durable", fail)
        assert world.run("extend", NAME, "--as-of", AFTER).exit_code == 130
    assert not (world.folder / "send" / "batch-2").exists()
    assert world.verdict()["look"]["number"] == 1
    extend(world)


def test_only_one_of_two_processes_adds_a_batch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second is told so, and the batch of the first stays."""
    faster = Store.extend

    def both(self: Store, *arguments: Any, **more: Any) -> None:
        faster(self, *arguments, **more)
        faster(self, *arguments, **more)

    monkeypatch.setattr(Store, "extend", both)
    done = world.run("extend", NAME, "--as-of", AFTER)
    assert done.exit_code == 1
    assert "error[batch-exists]" in done.stderr
    assert batch(world, 2)
    assert world.verdict()["look"]["number"] == 2


def test_each_batch_is_judged_by_itself(world: World) -> None:
    """A second batch whose lists went out a week apart stops the test; a reason speaks of it.

    What was accepted of the first batch is no excuse for the second.
    """
    extend(world)
    people = batch(world, 2)
    late = story({"segment": people["segment"]}, at="2024-03-25T14:00:00Z")
    fates = {**story({"control": people["control"]}), **late}
    world.ingest(world.statistics(fates, name="second.json"), at="2024-04-03T12:00:00Z")
    stopped = world.verdict("2024-04-03T12:00:00Z")
    assert (stopped["decision"], stopped["reason"]) == ("invalid", "send-window")
    assert stopped["sentence"].startswith("Invalid: batch 2: the first mails took 168 hours")
    accepted = world.verdict(
        "2024-04-03T12:00:00Z", "--accept", "send-window", "--because", "a holiday"
    )
    assert accepted["decision"] == "no-scale"
    # A third batch, sent as badly: the reason was given for two.
    assert extend(world, "2024-04-03T12:00:00Z")["look"]["number"] == 3
    people = batch(world, 3)
    fates = {
        **story({"control": people["control"]}, at="2024-04-08T14:00:00Z"),
        **story({"segment": people["segment"]}, at="2024-04-15T14:00:00Z"),
    }
    world.ingest(world.statistics(fates, name="third.json"), at="2024-04-24T12:00:00Z")
    assert world.verdict("2024-04-24T12:00:00Z")["reason"] == "send-window"


def test_sending_done_speaks_of_the_batches_there_were(world: World) -> None:
    """What was said of the first batch does not end the sending of the second."""
    path = world.statistics(world.story(), name="more.json")
    world.run("ingest", NAME, path, "--exported-at", AFTER, "--sending-done")
    later = "2024-03-14T12:00:00Z"
    extend(world, later)
    size = next(
        check for check in world.verdict(later)["checks"] if check["code"] == "size-reached"
    )
    assert (size["status"], size["detail"]) == (
        "pending",
        "Batch 2: cannot be judged before sending is over.",
    )


def test_who_was_mailed_before_the_batch_was_drawn(world: World) -> None:
    """Another campaign has mailed somebody of the second batch: it is said."""
    extend(world)
    fates = story(batch(world, 2))
    fates[next(iter(fates))] = Fate(sent="2024-03-08T15:00:00Z")
    world.ingest(world.statistics(fates, name="second.json"), at=SECOND_AFTER)
    found = next(
        check
        for check in world.verdict(SECOND_AFTER)["checks"]
        if check["code"] == "registered-after-sending"
    )
    assert found["status"] == "warn"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--looks", "5", "--size", "60"), "too-few-people-for-looks"),
        (("--looks", "2", "--size", "20", "--rule", "lift"), "looks-need-evidence"),
    ],
)
def test_looks_that_cannot_be(world: World, options: tuple[str, ...], code: str) -> None:
    """What is registered must be drawable, and must have an error to share between looks."""
    lists = ("--control", "today.csv", "--segment", "narrowed.csv")
    done = world.run("new", "fall", *lists, *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
    assert not (world.root / "experiments" / "fall").exists()


def test_looks_with_everyone_in_the_first_batch(world: World) -> None:
    """With --take-all, and for campaigns that already ran, nobody is left for a second one."""
    write_rows(world.root / "apart.csv", listed("apart", 50))
    everyone = ("--control", "today.csv", "--segment", "apart.csv", "--take-all")
    ran = ("--control-campaign", "A", "--segment-campaign", "B")
    for options in (everyone, ran):
        done = world.run("new", "fall", *options, "--looks", "2")
        assert "error[looks-without-draw]" in done.stderr


def test_a_test_that_repeats_another_takes_its_lists_and_rules(world: World) -> None:
    """Name and seed are its own; what is given is given, the rest is as it was."""
    world.json("new", "again", "--replicates", NAME, "--size", "20", "--looks", "1", "--seed", "9")
    told = world.json("show", "again")["registration"]
    like = world.json("show", NAME)["registration"]
    assert (told["replicates"], told["seed"], told["draw"]["used"]) == (
        NAME,
        9,
        "lists/used.csv",
    )
    assert {**like["protocol"], "size": 20, "control_size": 20, "looks": 1} == told["protocol"]
    assert told["hypothesis"] == like["hypothesis"]
    assert told["arms"]["control"]["sha256"] == like["arms"]["control"]["sha256"]
    used = (world.root / "experiments" / "again" / "lists" / "used.csv").read_text("utf-8")
    # By hand: a header, sixty people at sixty companies.
    assert len(used.splitlines()) == 1 + 2 * 2 * SIZE


def test_a_test_that_repeats_another_can_be_registered_once_more(world: World) -> None:
    """From its folder alone the same people come out, also when the database is a new one."""
    world.json("new", "again", "--replicates", NAME, "--size", "20", "--looks", "1")
    before = batch(world, 1, "again")
    world.database.unlink()
    world.run("init")
    path = "experiments/again/experiment.toml"
    assert world.run("new", path).exit_code == 0
    assert before == batch(world, 1, "again")
    (world.root / "experiments" / "again" / "lists" / "used.csv").write_text("no,list\n1\n")
    world.database.unlink()
    world.run("init")
    assert "error[used-unreadable]" in world.run("new", path).stderr


def test_what_cannot_be_repeated(world: World) -> None:
    """A test that does not exist, and one for which nobody was drawn."""
    world.json("new", "ran", "--control-campaign", "A", "--segment-campaign", "B")
    for name, code in (("ran", "replicates-without-draw"), ("sprign", "experiment-unknown")):
        done = world.run("new", "again", "--replicates", name)
        assert f"error[{code}]" in done.stderr


def test_members_of_a_batch_know_when_they_were_drawn(world: World) -> None:
    """The store keeps batch and time, whatever file names the people of the batch."""
    extend(world)
    fates = story(batch(world, 2), at="2024-03-08T15:00:00Z")
    # An export that is older than the batch, from a person's other campaign.
    world.ingest(world.statistics(fates, name="second.json"), at="2024-03-12T12:00:00Z")
    with open_store(find_workspace(str(world.root)).database_url, write=False) as store:
        registered = store.experiment(NAME)
        assert registered is not None
        record = store.record(registered.experiment_id, as_of=datetime(2024, 4, 1, tzinfo=UTC))
    assert record.look == 2
    drawn_at = {one.drawn_at for one in record.contacts.values() if one.look == 2}
    assert drawn_at == {datetime.fromisoformat(AFTER)}


def test_no_send_list_of_a_batch_is_taken_for_edited(world: World) -> None:
    """Every batch is held against those drawn for it, and at an earlier time not at all."""
    assert world.run("extend", NAME).exit_code == 0
    for asked in ((), ("--as-of", AFTER)):
        (facts,) = world.json("status", NAME, *asked)["experiments"]
        assert facts["edited_send_lists"] == []
    path = world.folder / "send" / "batch-2" / "send-control.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    (facts,) = world.json("status", NAME)["experiments"]
    assert facts["edited_send_lists"] == [
        {"file": "send/batch-2/send-control.csv", "missing": 1, "added": 0}
    ]
