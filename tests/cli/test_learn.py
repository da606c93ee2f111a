"""`icptest learn`: what finished tests teach, whose names are shown, and what is searched."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from icptest.kept import FILE
from tests.cli.past import SIZE, Told, add, make_place, tell
from tests.cli.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HUBSPOT = "uses:HubSpot"
OWN = (
    Told(
        name="hubspot-vp",
        filters=(HUBSPOT, "hired:VP Sales<90d"),
        positive=(2, 14),
        hypothesis="HubSpot users with a new VP answer twice as often",
    ),
    Told(name="hubspot-only", filters=("uses:hubspot",), positive=(4, 13), owner="Grace"),
    Told(name="software", filters=("industry:Software",), positive=(3, 3)),
    Told(name="by-hand", positive=(0, 1)),
    Told(name="equal", aa=True, positive=(2, 2)),
    Told(name="open", filters=(HUBSPOT,)),
)
OTHERS = (
    Told(name="zeta-one", client="Zeta GmbH", filters=("uses:SecretTool",), positive=(1, 2)),
    Told(name="zeta-two", client="zeta gmbh ", filters=("uses:SecretTool",), positive=(2, 5)),
    Told(name="omega-one", client="Omega Ltd", filters=("industry:Fishing",), positive=(3, 4)),
)
SECRETS = ("zeta", "omega", "secrettool", "fishing")


def place_with(tests: Iterable[Told], root: Path) -> World:
    """Return a workspace with these tests."""
    world = make_place(root)
    for told in tests:
        add(world, told)
    return world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace with all tests; it is copied, not changed."""
    return place_with((*OWN, *OTHERS), tmp_path_factory.mktemp("learn") / "w").root


@pytest.fixture
def world(made: Path, tmp_path: Path) -> World:
    """Return a workspace with all tests."""
    shutil.copytree(made, tmp_path / "w")
    return World(tmp_path / "w")


def test_filters_and_layers_have_their_records(world: World) -> None:
    """Each with its tests, the scaled ones and a lift; however a filter was spelled."""
    facts = world.json("learn")
    assert facts["tests"] == {
        "registered": 6,
        "finished": 4,
        "scaled": 2,
        "without_profile": 1,
        "left_out": {"aa": 1, "not-yet": 1},
    }
    filters = {one["filter"].casefold(): one for one in facts["filters"]}
    assert [(key, one["tests"], one["scaled"]) for key, one in filters.items()] == [
        ("uses:hubspot", 2, 2),
        ("hired:vp sales<90d", 1, 1),
        ("industry:software", 1, 0),
    ]
    assert filters["uses:hubspot"]["lift"]["median"] > 1.5
    # One test is not a record.
    assert filters["industry:software"]["lift"] is None
    layers = {one["layer"]: one["tests"] for one in facts["layers"]}
    assert layers == {"firmographic": 1, "technographic": 2, "behavioral": 1}
    assert facts["looked_at"] == 6
    # 2 + 4 + 3 + 0 positive replies of 120 people: 7.5 %; the A/A test is not among them.
    assert facts["baseline"]["lists"] == 4
    assert facts["baseline"]["rate"] == pytest.approx(0.07, abs=0.02)


def test_the_page_is_honest_about_luck(world: World) -> None:
    """One sentence first, how many were looked at, no claim that two tests cannot carry."""
    done = world.run("learn")
    assert done.exit_code == 0, done.output
    first = " ".join(done.stdout.split("\n\n")[0].split())
    assert first.startswith("Over 4 finished tests, narrowing by the tools they run has brought ")
    assert "by luck alone" in first
    said = " ".join(done.stdout.split())
    assert "6 filters and layers were looked at. None of them stands out beyond luck." in said
    assert "1 finished test was registered without a profile" in said
    assert "Left out: 1 without a verdict yet, 1 A/A." in said
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.rstrip().splitlines()[-1] == "  icptest plan"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_other_clients_are_numbers_alone(world: World, form: tuple[str, ...]) -> None:
    """No name of another client, of its tests, filters or lists, in whatever is printed."""
    for words in (("learn",), ("learn", "uses"), ("learn", "zeta"), ("learn", "--client", "Zeta")):
        done = world.run(*words, *form)
        assert done.exit_code == 0, done.output
        said = done.stdout.casefold()
        if "zeta" in words:
            said = said.replace('"zeta"', "")
        assert [secret for secret in SECRETS if secret in said] == [], words


def test_all_clients_together(world: World) -> None:
    """With two other clients: counts, rates and layers of all; with one: nothing of it."""
    facts = world.json("learn")["all_clients"]
    assert (facts["tests"], facts["clients"], facts["scaled"]) == (7, 3, 2)
    assert {one["filter"] for one in facts["layers"]} == {None}
    own = world.json("learn", "--client", "ZETA  GmbH")
    assert own["tests"]["finished"] == 2
    assert own["filters"][0]["filter"] == "uses:SecretTool"
    assert [own["all_clients"]["tests"], own["all_clients"]["clients"]] == [7, 3]


def test_one_other_client_is_not_shown(tmp_path: Path) -> None:
    """What all have less one's own would be that client's: it is not told."""
    world = place_with((*OWN[:2], OTHERS[0]), tmp_path / "w")
    assert world.json("learn")["all_clients"] is None
    assert "clients together" not in world.run("learn").stdout


def test_the_client_of_the_workspace_is_the_usual_one(world: World) -> None:
    """`client` in icptest.toml says whose tests are shown without --client."""
    settings = world.root / "icptest.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('client = ""', 'client = "Zeta GmbH"'), encoding="utf-8")
    assert world.json("learn")["tests"]["finished"] == 2
    assert world.json("learn", "--client", "")["tests"]["finished"] == 4


def test_search_finds_tests_with_all_words(world: World) -> None:
    """In name, hypothesis, filters and owner, whatever the case; with answer and lift."""
    found = world.json("learn", "HubSpot", "vp")["found"]
    assert [one["experiment"] for one in found] == ["hubspot-vp"]
    assert found[0]["decision"] == "scale"
    assert found[0]["lift"]["estimate"] == pytest.approx(7.0)  # 14 against 2, of 30 each
    by_filter = world.json("learn", "hubspot")["found"]
    assert [one["experiment"] for one in by_filter] == ["hubspot-vp", "hubspot-only", "open"]
    # Before the replies are in no outcome is told.
    assert (by_filter[2]["decision"], by_filter[2]["lift"]) == (None, None)
    assert [one["experiment"] for one in world.json("learn", "grace")["found"]] == ["hubspot-only"]
    assert world.json("learn", "nothing-like-it")["found"] == []
    page = world.run("learn", "hubspot vp").stdout
    (line,) = [line for line in page.splitlines() if line.startswith("  hubspot-vp")]
    assert "scale" in line
    assert "7.0x" in line
    assert page.rstrip().splitlines()[-1] == "  icptest show hubspot-vp"


def test_no_test_and_one(tmp_path: Path) -> None:
    """Nothing to learn from; then one test, which is not a record."""
    world = make_place(tmp_path / "w")
    nothing = world.json("learn")
    assert (nothing["tests"]["registered"], nothing["lift"], nothing["baseline"]) == (0, None, None)
    assert nothing["next"].startswith("icptest new")
    assert "nothing to learn from" in world.run("learn").stdout
    assert world.json("learn", "word")["found"] == []
    add(world, OWN[0])
    one = world.json("learn")
    assert (one["tests"]["finished"], one["lift"]) == (1, None)
    assert [track["lift"] for track in one["filters"]] == [None, None]
    assert "one test is not a record" in world.run("learn").stdout


def test_long_names_fit_the_page(tmp_path: Path) -> None:
    """Names of 63 letters and filters of a hundred leave room for the numbers, at 80 columns."""
    long = ("industry:" + "Software and services " * 5,)
    tests = [Told(name=letter * 63, filters=long, positive=(1, 5)) for letter in "ab"]
    world = place_with(tests, tmp_path / "w")
    for words in (("learn",), ("learn", "software")):
        done = world.run(*words)
        assert done.exit_code == 0, done.output
        rows = done.stdout.splitlines()
        # The next command names a test in full.
        assert max(len(row) for row in rows if "icptest" not in row) <= 80, done.stdout


def test_a_test_whose_registration_is_gone_hides_no_other(world: World) -> None:
    """It is counted, and the others are learned from."""
    (world.root / "experiments" / "software" / "experiment.toml").unlink()
    facts = world.json("learn")["tests"]
    assert (facts["finished"], facts["left_out"]["unreadable"]) == (3, 1)


def test_answers_are_kept_and_found_again_when_something_was_done(world: World) -> None:
    """The file of kept answers changes no number, and an export read in later is counted."""
    kept = world.root / "experiments" / FILE
    first = world.json("learn")
    assert set(json.loads(kept.read_text(encoding="utf-8"))["tests"]) >= {"software", "by-hand"}
    assert "@" not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert world.json("learn") == first
    tell(world, "software", (3, 4), export="b")
    after = world.json("learn", "software")["found"][0]
    assert after["lift"]["estimate"] == pytest.approx(4 / 3)
    for text in ("", "{}", '{"tests": {"software": {"state": 1}}}', "[1]"):
        kept.write_text(text, encoding="utf-8")
        assert world.json("learn", "software")["found"][0] == after
    # A test that a person has stopped by changing its registration is no longer finished.
    path = world.root / "experiments" / "software" / "experiment.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"Ada"', '"Bob"'), encoding="utf-8")
    assert world.json("learn")["tests"]["left_out"] == {"aa": 1, "not-yet": 1, "invalid": 1}


def test_kept_answers_are_those_of_the_verdict(world: World) -> None:
    """What is learned from is what `verdict` says, counts and answer."""
    found = {one["experiment"]: one for one in world.json("learn", "a")["found"]}
    for name in ("hubspot-vp", "software", "by-hand"):
        verdict = world.json("verdict", name)
        assert found[name]["decision"] == verdict["decision"]
        assert found[name]["lift"]["estimate"] == verdict["lift"]["positive"]["estimate"]
        assert verdict["arms"]["control"]["delivered"] == SIZE


def test_an_open_test_is_kept_for_the_day(world: World) -> None:
    """It is judged once a day; what was kept on another day, or in foreign words, is not used."""
    kept = world.root / "experiments" / FILE
    first = world.json("learn")["tests"]["left_out"]
    said = json.loads(kept.read_text(encoding="utf-8"))
    name = next(name for name, one in said["tests"].items() if one["answer"] == "not-yet")
    assert said["tests"][name]["control"] is None
    for change, counted in (
        # Somebody has written into the file: only what is of today and in our words is believed.
        ({"answer": "invalid"}, first | {"not-yet": first["not-yet"] - 1, "invalid": 1}),
        ({"answer": "invalid", "day": "2024-03-13"}, first),
        ({"answer": "perhaps"}, first),
        ({"day": ""}, first),
    ):
        told = json.loads(json.dumps(said))
        told["tests"][name].update(change)
        kept.write_text(json.dumps(told), encoding="utf-8")
        found = world.json("learn")["tests"]["left_out"]
        assert {one: n for one, n in found.items() if n} == {
            one: n for one, n in counted.items() if n
        }, change
