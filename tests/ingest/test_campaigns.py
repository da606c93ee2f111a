"""Campaigns that already ran: nobody was drawn, contacts join by the campaign that mailed them."""

from __future__ import annotations

import pytest

from tests.cli.world import AFTER, NAME, POSITIVE, SENT, Fate, World

LATER = "2024-03-05T20:00:00Z"


@pytest.fixture
def ran(world: World) -> World:
    """Return a workspace with a test of two campaigns that already ran, of twenty people each."""
    text = """\
name = "ran"
created_at = 2024-03-20T09:00:00Z
timezone = "America/New_York"
[protocol]
size = 20
[arms.control]
campaigns = ["All shippers"]
[arms.segment]
campaigns = ["New VPs", "New VPs 2"]
"""
    (world.root / "ran.toml").write_text(text, encoding="utf-8")
    done = world.run("new", "ran.toml")
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr
    assert "Registered ran: campaigns that already ran." in done.stdout
    return world


def _mailed(prefix: str, number: int = 20, **fates: Fate) -> dict[str, Fate]:
    story = {f"{prefix}{place}@{prefix}{place}.example": Fate() for place in range(number)}
    story[f"{prefix}0@{prefix}0.example"] = Fate(sent=SENT)
    story[f"{prefix}1@{prefix}1.example"] = Fate(sent=LATER)
    return story | fates


def _ingest(world: World, story: dict[str, Fate], campaign: str, name: str) -> dict[str, object]:
    path = world.statistics(story, name=name)
    facts = world.json(
        "ingest", "ran", path, "--campaign", campaign, "--exported-at", "2024-03-14T12:00:00Z"
    )
    one: dict[str, object] = facts["files"][0]
    return one


def test_end_to_end(ran: World) -> None:
    """Contacts join the arm of their campaign; the verdict says that nobody was drawn."""
    control = _mailed("c")
    segment = _mailed("s") | {f"s{n}@s{n}.example": POSITIVE for n in range(2, 9)}
    one = _ingest(ran, control, "All shippers", "c.json")
    assert one["contacts"] == {"control": 20, "segment": 0}
    _ingest(ran, dict(list(segment.items())[:10]), "New VPs", "s.json")
    _ingest(ran, dict(list(segment.items())[10:]), "New VPs 2", "t.json")
    facts = ran.json("verdict", "ran", "--as-of", "2024-03-15")
    assert (facts["decision"], facts["arms"]["segment"]["positive"]) == ("scale", 7)
    checks = {one["code"]: one for one in facts["checks"]}
    assert checks["draw-not-made-here"]["status"] == "warn"
    assert checks["never-mailed"]["status"] == "unknown"
    assert "Does not apply" in checks["never-mailed"]["detail"]


def test_contacts_mailed_at_another_time_stand_apart(ran: World) -> None:
    """Control contacts mailed outside the segment's span are counted apart and in no rate."""
    control = _mailed("c", 23)
    for place in (20, 21, 22):
        control[f"c{place}@c{place}.example"] = Fate(sent="2024-02-19T15:00:00Z")
    _ingest(ran, control, "All shippers", "c.json")
    _ingest(ran, _mailed("s"), "New VPs", "s.json")
    facts = ran.json("verdict", "ran", "--as-of", "2024-03-15")
    assert facts["arms"]["control"]["apart"] == 3
    assert facts["arms"]["control"]["assigned"] == 20
    said = next(one for one in facts["checks"] if one["code"] == "draw-not-made-here")
    assert "3 mailed at another time stand apart" in said["detail"]


def test_a_contact_in_both_campaigns(ran: World) -> None:
    """Who was mailed by both campaigns is seen as an overlap, and over one percent stops."""
    both = {"b@both.example": Fate()}
    _ingest(ran, _mailed("c", 19) | both, "All shippers", "c.json")
    _ingest(ran, _mailed("s", 19) | both, "New VPs", "s.json")
    facts = ran.json("verdict", "ran", "--as-of", "2024-03-15")
    assert (facts["decision"], facts["reason"]) == ("invalid", "contact-overlap")
    assert "1 person was mailed in both lists" in facts["sentence"]


def test_the_order_of_the_campaigns_does_not_matter(ran: World) -> None:
    """Whichever campaign is read in first, the verdict is the same."""
    both = {"b@both.example": Fate()}
    files = [
        (_mailed("c", 19) | both, "All shippers", "c.json"),
        (_mailed("s", 19) | both, "New VPs", "s.json"),
    ]
    before = ran.database.read_bytes()
    told = []
    for order in (files, files[::-1]):
        ran.database.write_bytes(before)
        for one in order:
            _ingest(ran, *one)
        told.append(ran.json("verdict", "ran", "--as-of", "2024-03-15"))
    assert told[0] == told[1]


def test_a_file_without_a_campaign(ran: World) -> None:
    """An export that names no campaign is refused until --campaign says which it is of."""
    done = ran.run("ingest", "ran", ran.statistics(_mailed("c")), "--exported-at", AFTER)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error[campaign-not-said]" in done.stderr
    assert "`--campaign NAME`" in done.stderr
    assert ran.json("show", "ran")["files"] == []


def test_another_campaign_is_nobodys(ran: World) -> None:
    """People of a campaign that is not of the test are unrelated, and not stored."""
    one = _ingest(ran, _mailed("z"), "Summer", "z.json")
    assert one["rows"] == {
        "read": 20,
        "added": 0,
        "updated": 0,
        "unchanged": 0,
        "unrelated": 20,
        "set_aside": 0,
    }
    assert b"z3.example" not in ran.database.read_bytes()


def test_the_next_test_after_campaigns(ran: World) -> None:
    """After a no-scale the next command names no send list, for there is none."""
    _ingest(ran, _mailed("c"), "All shippers", "c.json")
    _ingest(ran, _mailed("s"), "New VPs", "s.json")
    facts = ran.json("verdict", "ran", "--as-of", "2024-03-15")
    assert facts["decision"] == "no-scale"
    assert facts["next"] == "icptest new ran-2 --control LIST --segment LIST"


def test_show_names_the_campaigns(ran: World) -> None:
    """The page of such a test names its campaigns."""
    page = ran.run("show", "ran").stdout
    assert "All shippers" in page
    assert "New VPs, New VPs 2" in page
    assert ran.run("show", NAME).exit_code == 0
