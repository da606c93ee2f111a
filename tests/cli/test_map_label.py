"""`icptest map-label`."""

from __future__ import annotations

from tests.cli.world import NAME, POSITIVE, UNKNOWN, World


def test_maps_a_label(world: World) -> None:
    """A label gets its meaning, in any spelling of it, and how many people have it is said."""
    world.ingest(world.statistics(world.story(segment=[UNKNOWN] * 3)))
    words = ("map-label", NAME, "--from", "Smartlead", "call-me in MAY", "Positive Reply")
    done = world.run(*words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        'In spring, the smartlead label "call-me in MAY" now means positive reply (3\n'
        "people have it).\n\nNext:\n  icptest verdict spring\n"
    )
    assert world.verdict()["arms"]["segment"]["positive"] == 3
    facts = world.json(*words)
    assert facts == {
        "schema": "icptest.map-label/1",
        "experiment": NAME,
        "source": "smartlead",
        "label": "call-me in MAY",
        "kind": "positive_reply",
        "contacts": 3,
        "next": "icptest verdict spring",
    }
    (entry, *_) = [one for one in world.json("log")["entries"] if one["action"] == "map-label"]
    assert entry["detail"]["label"] == "call-me in MAY"


def test_the_last_word_holds(world: World) -> None:
    """A label can be given another meaning: the last one counts."""
    world.ingest(world.statistics(world.story(segment=[POSITIVE] * 3)))
    world.run("map-label", NAME, "--from", "smartlead", "Interested", "negative_reply")
    assert world.verdict()["arms"]["segment"]["positive"] == 0
    world.run("map-label", NAME, "--from", "smartlead", "Interested", "positive_reply")
    assert world.verdict()["arms"]["segment"]["positive"] == 3


def test_a_label_no_export_has_shown(world: World) -> None:
    """A label nobody has is mapped all the same, and a near one is named: it may be a slip."""
    world.ingest(world.statistics(world.story(segment=[UNKNOWN] * 3)))
    done = world.run("map-label", NAME, "--from", "smartlead", "Call me in Mai", "positive_reply")
    assert done.exit_code == 0
    assert 'Did you mean "call me in may"?' in done.stdout
    # The next command is the last thing said.
    assert done.output.endswith("\n\nNext:\n  icptest verdict spring\n")


def test_bad_words(world: World) -> None:
    """An unknown meaning, tool or test is refused with the nearest one."""
    for words, said in (
        (("map-label", NAME, "--from", "smartlead", "x", "positve"), '"positive_reply"?'),
        (("map-label", NAME, "--from", "smartled", "x", "positive_reply"), '"smartlead"?'),
        (("map-label", "sprin", "--from", "smartlead", "x", "replied"), '"spring"?'),
    ):
        done = world.run(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"Did you mean {said}" in " ".join(done.stderr.split())
    assert world.run("map-label", NAME, "x", "replied").exit_code == 2
