"""What programs read: every command's --json against its schema in docs/reference/schemas."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from icptest.checks import CODES
from icptest.cli import main
from icptest.events import EventKind, Tells
from icptest.progress import Stage
from icptest.protocol import Protocol
from icptest.report.words.checks import REMEDIES

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).parents[1] / "docs" / "reference" / "schemas"
SIZE = 20
EXPORTED = "2026-10-20 12:00"
START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)

# The names that others read, literally. A name may be added, never taken away.
DESIGNED: dict[str, Any] = {
    "verdict": {
        "schema": None,
        "experiment": None,
        "as_of": None,
        "decision": None,
        "reason": None,
        "sentence": None,
        "next": None,
        "article_rule": None,
        "settles_at": None,
        "protocol": {"size": None, "threshold": None, "alpha": None, "rule": None},
        "registration_digest": None,
        "arms": {
            arm: {
                "assigned": None,
                "not_sent": None,
                "contacted": None,
                "bounced": None,
                "delivered": None,
                "replied": None,
                "positive": None,
                "meetings": None,
                "meetings_so_far": None,
                "unlabelled": None,
                "late_replies": None,
                "rates": {
                    rate: {"estimate": None, "low": None, "high": None, "confidence": None}
                    for rate in ("replied", "positive", "meetings")
                },
            }
            for arm in ("control", "segment")
        },
        "lift": {
            measure: {
                "estimate": None,
                "low": None,
                "high": None,
                "confidence": None,
                "method": None,
            }
            for measure in ("positive", "replied", "meetings")
        },
        "tests": {
            "better": {"null": None, "p_value": None, "passes": None, "method": None},
            "reaches_threshold": {"null": None, "p_value": None, "passes": None},
            "misses_threshold": {"null": None, "p_value": None, "passes": None},
        },
        "posterior": None,
        "checks": None,
        "look": {"number": None, "of": None, "level": None},
        "peeks": None,
    },
    "new": {
        "schema": None,
        "experiment": None,
        "registration": None,
        "registration_digest": None,
        "seed": None,
        "arms": {
            arm: {
                "listed": None,
                "eligible": None,
                "drawn": None,
                "send_list": None,
                "left_out": None,
            }
            for arm in ("control", "segment")
        },
        "send_both": None,
        "next": None,
    },
    "ingest": {"schema": None, "experiment": None, "files": None, "next": None},
    "error": {
        "schema": None,
        "code": None,
        "message": None,
        "file": None,
        "record": None,
        "line": None,
        "column": None,
        "remedy": None,
    },
}
DESIGNED_FILE: dict[str, Any] = {
    "file": None,
    "source": None,
    "exported_at": None,
    "already_ingested": None,
    "rows": {
        "read": None,
        "added": None,
        "updated": None,
        "unchanged": None,
        "unrelated": None,
        "set_aside": None,
    },
    "reasons": None,
    "events": None,
    "contacts": {"control": None, "segment": None},
}


class Place:
    """A workspace, and the commands run in it."""

    def __init__(self, root: Path) -> None:
        """Write two lists of 30 people, each at a company of their own."""
        self.root = root
        for name, letter in (("today", "c"), ("new", "s")):
            rows = [f"P{n},p{n}@{letter}{n:02}.example,{letter.upper()}{n}" for n in range(30)]
            text = "\n".join(["First Name,Email,Company", *rows]) + "\n"
            (root / f"{name}.csv").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> Any:
        """Return the JSON a command prints, held against the schema it names."""
        result = CliRunner().invoke(main, [*arguments, "--json"])
        assert code == result.exit_code, result.output
        data = json.loads(result.stdout)
        name = data["schema"].removeprefix("icptest.").removesuffix("/1")
        validate(name, data)
        return data

    def test_of(self, name: str, **answers: tuple[int, int]) -> str:
        """Register a test, tell its story in Smartlead's statistics, and read that in.

        `positive` and `unlabelled` are replies on today's list and on the new list.
        """
        self.run(
            *("new", name, "--control", "today.csv", "--segment", "new.csv"),
            *("--size", str(SIZE), "--hypothesis", "They answer more", "--seed", "1"),
        )
        self.write_statistics(name, **answers)
        self.run("ingest", name, f"{name}.json", "--exported-at", EXPORTED)
        return name

    def write_statistics(
        self, name: str, positive: tuple[int, int] = (0, 0), unlabelled: tuple[int, int] = (0, 0)
    ) -> None:
        """Write what Smartlead's API says of a campaign, one row an e-mail."""
        data = []
        for place, arm in enumerate(("control", "segment")):
            path = self.root / "experiments" / name / "send" / f"send-{arm}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                people = [row["Email"] for row in csv.DictReader(file)]
            for number, address in enumerate(people):
                sent_at = START + timedelta(minutes=number)
                judged = number < positive[place]
                replied = number < positive[place] + unlabelled[place]
                replied_at = (sent_at + timedelta(hours=3)).isoformat() if replied else None
                data.append(
                    {
                        "stats_id": f"{arm}-{number}",
                        "lead_email": address,
                        "lead_category": "Interested" if judged else None,
                        "sequence_number": 1,
                        "sent_time": sent_at.isoformat(),
                        "open_time": None,
                        "click_time": None,
                        "reply_time": replied_at,
                        "open_count": 0,
                        "click_count": 0,
                        "is_unsubscribed": False,
                        "is_bounced": number == len(people) - 1,
                    }
                )
        text = json.dumps({"total_stats": len(data), "offset": 0, "limit": 1000, "data": data})
        (self.root / f"{name}.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Stand in a new workspace."""
    root = tmp_path_factory.mktemp("workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("ICPTEST_WORKSPACE", raising=False)
        made = Place(root)
        made.run("init", "--timezone", "Europe/Berlin", "--holidays", "US")
        yield made


def schema(name: str) -> dict[str, Any]:
    """Return a schema of the docs."""
    loaded: dict[str, Any] = json.loads(
        (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    )
    return loaded


def validate(name: str, data: Any) -> None:
    """Hold data against a schema of the docs."""
    errors = [
        f"{error.json_path}: {error.message[:300]}"
        for error in Draft202012Validator(schema(name)).iter_errors(data)
    ]
    assert not errors, errors


def missing(designed: dict[str, Any], data: Any, path: str = "$") -> list[str]:
    """Return the designed names that the data do not have."""
    lost = []
    for name, inner in designed.items():
        if name not in data:
            lost.append(f"{path}.{name}")
        elif inner is not None:
            lost += missing(inner, data[name], f"{path}.{name}")
    return lost


@pytest.mark.parametrize("path", sorted(SCHEMAS.iterdir()), ids=lambda path: str(path.name))
def test_every_schema_is_a_schema_and_has_its_paragraph(path: Path) -> None:
    """A schema is valid draft 2020-12, is named as it says, and json.md links to it."""
    data = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(data)
    name = path.name.removesuffix(".schema.json")
    assert f"icptest.{name}/1" == data["$id"] == data["properties"]["schema"]["const"]
    page = (SCHEMAS.parent / "json.md").read_text(encoding="utf-8")
    assert f"(schemas/{path.name})" in page


def test_schemas_list_what_the_code_knows() -> None:
    """The closed lists of words in the schemas are those of the code."""
    verdict, status, ingest = schema("verdict"), schema("status"), schema("ingest")
    assert list(CODES) == verdict["$defs"]["check"]["properties"]["code"]["enum"]
    assert set(REMEDIES) <= set(verdict["properties"]["reason"]["enum"])
    assert list(Protocol().to_mapping()) == verdict["$defs"]["protocol"]["required"]
    test = status["$defs"]["test"]["properties"]
    assert [str(stage) for stage in Stage] == test["stage"]["enum"]
    kinds = ingest["$defs"]["file"]["properties"]["events"]["propertyNames"]["enum"]
    assert [str(kind) for kind in EventKind] == kinds
    layout = schema("sources")["properties"]["sources"]["items"]["properties"]["layouts"]
    tells = layout["items"]["properties"]["tells"]["items"]["enum"]
    assert [str(what) for what in Tells] == tells


def test_a_plan_with_everything_and_with_nothing(place: Place) -> None:
    """What is not asked about is null; a lift that no number reaches has its reason."""
    small = ("plan", "--size", "20", "--rule", "lift", "--baseline", "10%")
    plan = place.run(*small)
    assert [plan[name] for name in ("calendar", "lists", "break_even")] == [None] * 3
    assert {one["lift"]: one["reason"] for one in plan["sends"]} == {2.0: "at-threshold", 3.0: None}
    whole = place.run(
        *(*small, "--inboxes", "2", "--control", "today.csv", "--segment", "new.csv"),
        *("--cost-per-contact", "1", "--value-per-meeting", "80"),
    )
    assert whole["break_even"]["lift"] == pytest.approx(0.25)
    assert whole["lists"]["ceiling"] is None
    assert whole["calendar"]["working_days"] == 1


def test_new_and_ingest_have_the_designed_names(place: Place) -> None:
    """A registration and a file that was read have every name of the design."""
    new = place.run(
        *("new", "designed", "--control", "today.csv", "--segment", "new.csv"),
        *("--size", str(SIZE), "--hypothesis", "x"),
    )
    assert missing(DESIGNED["new"], new) == []
    place.write_statistics("designed", positive=(1, 2))
    read = place.run("ingest", "designed", "designed.json", "--exported-at", EXPORTED)
    assert missing(DESIGNED["ingest"], read) == []
    assert missing(DESIGNED_FILE, read["files"][0]) == []
    assert 2 * SIZE == read["files"][0]["rows"]["read"] == read["files"][0]["rows"]["added"]


def test_scale_has_every_designed_name(place: Place) -> None:
    """A decided verdict has every name of the design, and a lift that is a number."""
    name = place.test_of("better", positive=(1, 12))
    verdict = place.run("verdict", name)
    assert (verdict["decision"], verdict["article_rule"]) == ("scale", "scale")
    assert missing(DESIGNED["verdict"], verdict) == []
    # 12 of 19 reached (one of 20 bounced) against 1 of 19.
    assert verdict["lift"]["positive"]["estimate"] == 12.0
    assert {"code", "status", "detail"} == set(verdict["checks"][0])
    # No meeting was booked on either list.
    assert verdict["lift"]["meetings"]["undefined"] == "no-meetings"


def test_no_scale(place: Place) -> None:
    """Equal answers are no-scale, below the threshold."""
    verdict = place.run("verdict", place.test_of("equal", positive=(4, 4)))
    assert (verdict["decision"], verdict["reason"]) == ("no-scale", "below-threshold")
    assert verdict["article_rule"] == "no-scale"


def test_not_yet_shows_no_outcomes(place: Place) -> None:
    """Before the replies are in, nothing tells how a list is doing."""
    name = place.test_of("early", positive=(1, 9))
    verdict = place.run("verdict", name, "--as-of", "2026-10-06")
    assert (verdict["decision"], verdict["reason"]) == ("not-yet", "not-settled")
    outcomes = {"lift", "tests", "article_rule", "equal_lists_reach_threshold"}
    outcomes |= {"bounds", "fragility", "posterior", "rule_odds", "worth"}
    assert {None} == {verdict[outcome] for outcome in outcomes}
    allowed = {"assigned", "not_sent", "contacted", "bounced", "delivered"}
    assert allowed == set(verdict["arms"]["control"]) == set(verdict["arms"]["segment"])


def test_a_peek_shows_outcomes_and_is_counted(place: Place) -> None:
    """A peek shows what a verdict shows, and the next verdict counts it."""
    name = place.test_of("peeked", positive=(1, 9))
    # An export of before the deadline, which is all there is at that time.
    place.write_statistics(name, positive=(1, 8))
    place.run("ingest", name, f"{name}.json", "--exported-at", "2026-10-06 12:00")
    early = place.run("verdict", name, "--as-of", "2026-10-06 12:01", "--peek")
    assert early["peeks"] == 1
    assert place.run("verdict", name)["peeks"] == 1
    assert "peek" in {entry["action"] for entry in place.run("log", name)["entries"]}


def test_unlabelled_replies_come_first(place: Place) -> None:
    """Replies nobody has judged, which could turn the decision, make it not-yet."""
    verdict = place.run("verdict", place.test_of("unjudged", positive=(1, 2), unlabelled=(0, 5)))
    assert (verdict["decision"], verdict["reason"]) == ("not-yet", "label-first")
    assert verdict["arms"]["segment"]["unlabelled"] == 5
    # 2 positive and 5 unlabelled against 1: from 2 to 7.
    ends = verdict["bounds"]
    assert (ends["worst"]["segment_positive"], ends["worst"]["decision"]) == (2, "no-scale")
    assert (ends["best"]["segment_positive"], ends["best"]["decision"]) == (7, "scale")
    assert verdict["fragility"] is None


def test_a_lift_without_control_positives_is_undefined(place: Place) -> None:
    """With no positive reply on today's list the lift is null and says why."""
    lift = place.run("verdict", place.test_of("zero", positive=(0, 5)))["lift"]["positive"]
    assert (lift["estimate"], lift["high"]) == (None, None)
    assert lift["undefined"] == "no-control-positives"
    assert lift["low"] > 0


def test_invalid_names_its_check(place: Place) -> None:
    """A changed registration is invalid; accepted with a reason it is a warning on record."""
    name = place.test_of("changed", positive=(1, 12))
    path = place.root / "experiments" / name / "experiment.toml"
    path.write_text(path.read_text().replace("They answer more", "They answer much more"))
    verdict = place.run("verdict", name)
    assert (verdict["decision"], verdict["reason"]) == ("invalid", "registration-changed")
    reason = "A word of the hypothesis was mended"
    accepted = place.run("verdict", name, "--accept", "registration-changed", "--because", reason)
    assert accepted["decision"] == "scale"
    assert reason == accepted["checks"][0]["accepted"]
    shown = place.run("show", name)
    assert (shown["registration_intact"], shown["segment_left"]) == (False, None)
    restored = place.run("show", name, "--restore")
    assert (restored["registration_intact"], restored["restored"]["was_intact"]) == (True, False)


def test_campaigns_that_already_ran(place: Place) -> None:
    """Nothing is drawn, so the arms name campaigns and there is no send list."""
    new = place.run(
        *("new", "past", "--control-campaign", "Q3 all", "--segment-campaign", "Q3 narrow"),
        *("--hypothesis", "x", "--size", "10"),
    )
    assert (new["send_both"], new["arms"]["control"]["campaigns"]) == (None, ["Q3 all"])
    assert place.run("verdict", "past")["decision"] == "not-yet"


def test_a_file_that_failed_stands_beside_one_that_was_read(place: Place) -> None:
    """One bad file of two: exit 1, the good one's rows, the bad one's error."""
    place.test_of("mixed")
    (place.root / "empty.csv").write_text("")
    place.write_statistics("mixed", positive=(1, 1))
    data = place.run(
        *("ingest", "mixed", "empty.csv", "mixed.json", "--exported-at", EXPORTED), code=1
    )
    failed, read = data["files"]
    assert missing(DESIGNED["error"], failed["error"]) == []
    assert failed["error"]["code"] == "empty-file"
    assert read["rows"]["read"] == 2 * SIZE


def test_rows_set_aside(place: Place) -> None:
    """A row that cannot be read is counted by its reason, and listed without its text."""
    place.test_of("damaged")
    path = place.root / "damaged.json"
    data = json.loads(path.read_text())
    data["data"][0]["lead_email"] = "nobody"
    path.write_text(json.dumps(data))
    read = place.run("ingest", "damaged", "damaged.json", "--exported-at", EXPORTED)
    assert read["files"][0]["reasons"] == {"bad-address": 1}
    aside = place.run("set-aside", "damaged")
    assert [row["reason"] for row in aside["rows"]] == ["bad-address"]
    replayed = place.run("set-aside", "damaged", "--replay")
    assert [row["replayed_at"] for row in replayed["rows"]] == [None]


def test_explain(place: Place) -> None:
    """The parts follow their schema, whether they can be read or not, and add up."""
    name = place.test_of("parts", positive=(3, 9))
    found = place.run("explain", name, "--by", "mail-provider", "--by", "company", "--by", "email")
    assert found["looked_at"] == {"ways": 3, "groups": 3}
    for by in found["by"]:
        # One of 20 bounced on each list.
        assert sum(part["control"]["delivered"] for part in by["parts"]) == SIZE - 1
        assert sum(part["segment"]["positive"] for part in by["parts"]) == 9
    assert [part["reading"] for part in found["by"][0]["parts"]] == ["read"]
    assert "@" not in json.dumps(found)
    unread = place.run("explain", place.test_of("silent", positive=(0, 1)))
    assert unread["by"][0]["parts"][0]["lift"] is None
    assert unread["not_compared"] == [
        {"by": "title-level", "told_by": []},
        {"by": "company-size", "told_by": []},
    ]


def test_learn(place: Place) -> None:
    """The records follow their schema, and what is found too."""
    for name, positive in (("first", (1, 12)), ("second", (2, 3))):
        place.test_of(name, positive=positive)
    learned = place.run("learn")
    assert learned["tests"]["finished"] >= 2
    assert learned["found"] is None
    assert [one["experiment"] for one in place.run("learn", "first")["found"]] == ["first"]


def test_a_batch_that_is_added(place: Place) -> None:
    """`extend` says which batch, who was drawn and what is left; `new --looks` whom to keep."""
    new = place.run(
        *("new", "longer", "--control", "today.csv", "--segment", "new.csv"),
        *("--size", "8", "--looks", "2", "--seed", "1", "--hypothesis", "x"),
    )
    assert new["kept_for_later"] == 16
    place.write_statistics("longer", positive=(1, 1))
    place.run("ingest", "longer", "longer.json", "--exported-at", EXPORTED)
    added = place.run("extend", "longer")
    assert added["look"] == {"number": 2, "of": 2}
    assert [added["arms"][arm]["drawn"] for arm in ("control", "segment")] == [8, 8]
    assert place.run("extend", "longer", code=1)["code"] == "every-batch-drawn"
    assert place.run("verdict", "longer")["look"]["number"] == 2


def test_status_list_log_sources_and_map_label(place: Place) -> None:
    """The commands without a verdict follow their schemas too."""
    name = place.test_of("others", positive=(1, 2))
    assert [name] == [one["experiment"] for one in place.run("status", name)["experiments"]]
    everyone = {one["experiment"] for one in place.run("status")["experiments"]}
    assert everyone == {one["experiment"] for one in place.run("list")["experiments"]}
    assert place.run("log")["intact"]
    assert [entry["action"] for entry in place.run("log", name)["entries"]] == ["new", "ingest"]
    assert "generic" in {source["name"] for source in place.run("sources")["sources"]}
    mapped = place.run("map-label", name, "--from", "smartlead", "Call Booked", "meeting_booked")
    assert mapped["kind"] == "meeting_booked"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verdict", "nope"), "experiment-unknown"),
        (("ingest", "today.csv", "today.csv"), "file-for-name"),
        (("new", "My Test", "--control", "today.csv"), "bad-name"),
        (("sources", "nope"), "unknown-source"),
        (("init",), "workspace-exists"),
        (("--workspace", "nowhere", "list"), "no-workspace"),
    ],
)
def test_a_failure_is_json_too(place: Place, arguments: tuple[str, ...], code: str) -> None:
    """With --json a failure prints its envelope on stdout and exits 1."""
    error = place.run(*arguments, code=1)
    assert missing(DESIGNED["error"], error) == []
    assert code == error["code"]


def test_an_error_in_a_file_says_where(place: Place) -> None:
    """An error about a cell has its file, record, line and column."""
    rows = ["Email,Sent at,Replied at", "p0@c00.example,2026-10-05 10:00,"]
    (place.root / "table.csv").write_text("\n".join(rows) + "\n")
    place.test_of("located")
    error = place.run(
        *("ingest", "located", "table.csv", "--from", "generic", "--yes"),
        *("--exported-at", EXPORTED),
        code=1,
    )
    assert error["code"] == "missing-zone"
    assert (error["file"], error["record"], error["line"]) == ("table.csv", 1, 2)


def test_the_demo(tmp_path: Path) -> None:
    """The demo's JSON names every decision there is."""
    result = CliRunner().invoke(main, ["demo", "--into", str(tmp_path / "demo"), "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    validate("demo", data)
    decisions = {one["decision"] for one in data["experiments"]}
    assert {"scale", "no-scale", "not-yet", "invalid"} == decisions
