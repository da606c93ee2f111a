"""The worked experiments lead to the verdicts that were counted by hand."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from icptest.experiment import Arm
from icptest.worked import PROFILE

from .conftest import WORKED, folder_of, icptest, ingest_all, well
from .generate_experiments import EXPERIMENTS, PLANS, generate

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.worked import Worked

NAMES = [worked.name for worked in WORKED]
each = pytest.mark.parametrize("worked", WORKED, ids=NAMES)


@each
def test_a_worked_experiment_leads_to_its_verdict(
    worked: Worked, judged: dict[str, tuple[Path, dict[str, Any]]]
) -> None:
    """Decision, reason, deadline and every count are those of `expected.toml`."""
    _, verdict = judged[worked.name]
    said = (verdict["decision"], verdict["reason"], verdict["settles_at"])
    assert said == (worked.decision, worked.reason, worked.settles_at)
    for arm in Arm:
        shown = {name: n for name, n in verdict["arms"][str(arm)].items() if name != "rates"}
        assert shown == worked.counts[arm], f"{worked.name}, {arm}"


@each
def test_the_numbers_of_a_verdict_agree_with_each_other(
    worked: Worked, judged: dict[str, tuple[Path, dict[str, Any]]]
) -> None:
    """Lift and tests follow from the counts, and no interval excludes its own estimate."""
    _, verdict = judged[worked.name]
    if worked.reason == "not-settled":
        assert verdict["lift"] is verdict["tests"] is verdict["article_rule"] is None
        return
    control, segment = verdict["arms"]["control"], verdict["arms"]["segment"]
    rates = [arm["positive"] / arm["delivered"] for arm in (segment, control)]
    lift = verdict["lift"]["positive"]
    assert lift["estimate"] == pytest.approx(rates[0] / rates[1])
    assert lift["low"] < lift["estimate"] < lift["high"]
    reached = segment["positive"] * control["delivered"] >= 2 * (
        control["positive"] * segment["delivered"]
    )
    assert verdict["article_rule"] == ("scale" if reached else "no-scale")
    tests = {name: test["p_value"] for name, test in verdict["tests"].items()}
    assert tests["better"] <= tests["reaches_threshold"], tests
    assert all(
        test["passes"] <= (test["p_value"] <= verdict["look"]["level"])
        for test in verdict["tests"].values()
    ), verdict["tests"]


def test_every_decision_is_shown() -> None:
    """The worked experiments show all four decisions, from at least four kinds of export."""
    assert {worked.decision for worked in WORKED} == {"scale", "no-scale", "not-yet", "invalid"}
    assert {worked.reason for worked in WORKED} >= {
        "likely",
        "could-be-luck",
        "ruled-out",
        "not-settled",
        "send-window",
        "label-first",
    }
    assert [worked.place for worked in WORKED] == list(range(1, len(WORKED) + 1))


@each
def test_exports_read_twice_and_in_reverse_give_the_same_bytes(
    worked: Worked, judged: dict[str, tuple[Path, dict[str, Any]]], tmp_path: Path
) -> None:
    """The order of the files and their repetition leave no trace in the verdict."""
    root, verdict = judged[worked.name]
    again = tmp_path / "again"
    shutil.copytree(root, again)
    # A fresh registration of the same file: nothing has been read in yet.
    (again / "icptest.db").unlink()
    shutil.rmtree(again / "sources", ignore_errors=True)
    place = folder_of(worked.name)
    shutil.copyfile(worked.folder / "experiment.toml", again / place / "experiment.toml")
    well(icptest(again, "init"))
    well(icptest(again, "new", f"{place}/experiment.toml"))
    runs = [((file,), run.arguments) for run in worked.ingests for file in run.files]
    ingest_all(again, worked.name, runs[::-1])
    ingest_all(again, worked.name, runs)
    ask = ("verdict", worked.name, "--as-of", worked.as_of, "--json")
    assert icptest(again, *ask).out == icptest(root, *ask).out
    assert icptest(again, *ask).data() == verdict


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_generating_a_worked_experiment_again_gives_the_same_bytes(
    slug: str, tmp_path: Path
) -> None:
    """The lists and exports in the repository are those the generator writes."""
    shutil.copyfile(EXPERIMENTS / slug / "experiment.toml", tmp_path / "experiment.toml")
    generate(slug, tmp_path)
    made = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    kept = {
        str(path.relative_to(EXPERIMENTS / slug)): path.read_bytes()
        for path in (EXPERIMENTS / slug).rglob("*")
        if path.is_file() and path.name != "expected.toml"
    }
    assert made.keys() == kept.keys()
    differing = [name for name in made if made[name] != kept[name]]
    assert not differing, f"{slug}: run tests/end_to_end/generate_experiments.py for {differing}"


def test_worked_experiments_name_only_reserved_domains() -> None:
    """No address in a list or an export could belong to anybody."""
    for path in EXPERIMENTS.rglob("*"):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8").casefold()
        hosts = {
            word.split("@", 1)[1].rstrip(".").rpartition(".")[2]
            for word in text.replace(",", " ").replace('"', " ").split()
            if word.count("@") == 1
        }
        assert hosts <= {"example", "test"}, f"{path}: {hosts}"


def test_worked_experiments_stay_small() -> None:
    """They travel in the wheel: below 3.5 MB together; no file above 300 kB but one market."""
    sizes = {path: path.stat().st_size for path in EXPERIMENTS.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 3_500_000
    market = EXPERIMENTS / PROFILE / "market.csv"
    assert sizes.pop(market) < 600_000
    assert max(sizes.values()) < 300_000, max(sizes, key=lambda path: sizes[path])


@each
def test_what_a_worked_experiment_shows_is_said_in_one_short_sentence(worked: Worked) -> None:
    """The demo prints it above the commands; it speaks of lists, not of statistics."""
    assert worked.shows.endswith(".")
    assert len(worked.shows) <= 120, worked.shows
    assert not {"control", "segment", "significant", "p-value"} & set(worked.shows.split())
