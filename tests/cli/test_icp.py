"""`icptest icp new`, `show` and `match`, as one types them."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from jsonschema import validate

from tests.cli.world import REPOSITORY, World, write_rows

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = REPOSITORY / "docs" / "reference" / "schemas"
HEADER = ["Company", "Email", "Industry", "# Employees", "Last Raised At", "Latest Funding"]
ROWS = [
    ["Alpha, Inc.", "ann@alpha.example", "Software", "120", "2026-11-10", "Series B"],
    ["Beta", "bob@beta.example", "Computer Software", "51-200", "2026-09-01", "Series B"],
    ["Gamma", "cy@gamma.example", "Retail", "120", "2026-11-10", "Seed"],
    ["Delta", "di@delta.example", "Software", "", "", ""],
    ["Eps", "ed@eps.example", "Software", "5", "", ""],
]
TRIGGER = '\n[[trigger]]\nevent = "funding"\nwhat = "Series B"\n'
ON = ("--on", "2026-11-27")


@pytest.fixture
def place(tmp_path: Path) -> World:
    """Return a workspace with a market and a profile that watches funding."""
    world = World(tmp_path)
    assert world.run("init", "--timezone", "America/New_York").exit_code == 0
    write_rows(tmp_path / "market.csv", [HEADER, *ROWS])
    done = world.run(
        *("icp", "new", "tight", "--owner", "Dana"),
        *("--add", "industry:Software", "--add", "employees:50-250"),
    )
    assert done.exit_code == 0, done.output
    with (tmp_path / "icp" / "tight.toml").open("a", encoding="utf-8") as file:
        file.write(TRIGGER)
    return world


def test_new_writes_a_file_that_show_reads(place: World) -> None:
    """The page begins with the sentence, and ends with the next command."""
    done = place.run("icp", "show", "tight")
    assert (done.exit_code, done.stderr) == (0, "")
    sentence = " ".join(done.stdout.split("\n\n")[1].split())
    assert sentence == ("Software companies, 50-250 employees, triggered by a recent Series B.")
    assert done.stdout.rstrip().endswith("icptest icp lint tight")
    assert place.json("icp", "show")["profiles"][0]["name"] == "tight"
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_new_does_not_write_over_a_profile(place: World) -> None:
    """What somebody has written stays."""
    before = (place.root / "icp" / "tight.toml").read_bytes()
    done = place.run("icp", "new", "tight")
    assert (done.exit_code, "error[icp-exists]" in done.stderr) == (1, True)
    assert (place.root / "icp" / "tight.toml").read_bytes() == before


def test_match_writes_who_is_in_with_their_signal(place: World) -> None:
    """Two are in, one of them with a signal; one may be in; the file has the list's columns."""
    facts = place.json("icp", "match", "market.csv", "--icp", "tight", *ON, "--out", "in.csv")
    assert (facts["rows"], facts["in"], facts["unknown"], facts["out"]) == (5, 2, 1, 2)
    # Mails go out until Sun 29 Nov; five business days later is Fri 4 Dec.
    assert facts["signals"] == {
        "live": 1,
        "expire_before_end": 0,
        "ends_on": "2026-12-04",
        "without_column": [],
    }
    with (place.root / "in.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Company"] for row in rows] == ["Alpha, Inc.", "Beta"]
    assert [row["icp_signal"] for row in rows] == ["funding: Series B", ""]
    assert (rows[0]["icp_signal_on"], rows[0]["icp_expires_on"]) == ("2026-11-10", "2026-12-10")
    assert (place.root / "in.csv").stat().st_mode & 0o777 == 0o600


def test_matching_a_match_again_writes_its_columns_anew(place: World) -> None:
    """The three columns are there once, judged for the new day."""
    place.json("icp", "match", "market.csv", "--icp", "tight", *ON, "--out", "in.csv")
    again = ("icp", "match", "in.csv", "--icp", "tight", "--on", "2026-12-20", "--out", "b.csv")
    assert place.json(*again)["signals"]["live"] == 0
    header = (place.root / "b.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.count("icp_signal,") == 1


def test_who_may_be_in_is_written_where_asked(place: World) -> None:
    """`--keep-unknown` marks them in a column of their own."""
    words = ("icp", "match", "market.csv", "--icp", "tight", *ON, "--out", "in.csv")
    place.json(*words, "--keep-unknown")
    with (place.root / "in.csv").open(encoding="utf-8", newline="") as file:
        found = {row["Company"]: row["icp_unknown"] for row in csv.DictReader(file)}
    assert found == {"Alpha, Inc.": "", "Beta": "", "Delta": "yes"}


def test_the_page_says_what_is_not_told(place: World) -> None:
    """The funnel, who may be in, signals, the list's age, the next command; 80 columns."""
    page = place.run(
        *("icp", "match", "market.csv", "--icp", "tight", *ON),
        *("--list-date", "2026-11-01"),
    ).stdout
    assert page.startswith("2 of 5 rows are in tight, judged for Fri 27 Nov 2026.")
    flat = " ".join(page.split())
    assert 'the list does not tell "employees 50-250"' in flat
    assert "The list is of Sun 1 Nov 2026, 26 days before." in flat
    assert page.rstrip().endswith("icptest icp match market.csv --icp tight --out segment.csv")
    assert max(map(len, page.splitlines())) <= 80


def test_an_empty_match_says_which_filter_emptied_it(place: World) -> None:
    """Nobody is in: the page names the filter that took the last of them."""
    place.json("icp", "new", "huge", "--add", "industry:Software", "--add", "employees:5000+")
    page = " ".join(place.run("icp", "match", "market.csv", "--icp", "huge", *ON).stdout.split())
    assert 'of the 4 before it, the list has nobody left for "employees 5000+"' in page


def test_a_column_is_said_once(place: World) -> None:
    """What --column says is kept in icp/columns.toml, and holds for the next list."""
    rows = [[*row[:3], row[3]] for row in ROWS]
    write_rows(place.root / "other.csv", [["Company", "Email", "Field", "Heads"], *rows])
    words = ("icp", "match", "other.csv", "--icp", "tight", *ON)
    missing = place.run(*words, "--json")
    assert json.loads(missing.stdout)["code"] == "icp-column-missing"
    said = ("--column", "industry=Field", "--column", "employees=Heads")
    assert place.json(*words, *said)["in"] == 2
    assert place.json(*words)["in"] == 2
    kept = (place.root / "icp" / "columns.toml").read_text(encoding="utf-8")
    assert 'employees = [\n    "Heads",\n]' in kept


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("match", "market.csv", "--icp", "tigt"), "no-such-icp"),
        (("match", "nowhere.csv", "--icp", "tight"), "no-such-file"),
        (("match", "market.csv", "--icp", "tight", "--out", "market.csv"), "icp-out-is-list"),
        (("match", "market.csv", "--icp", "tight", "--out", "no/a.csv"), "file-not-writable"),
        (("match", "market.csv", "--icp", "tight", "--on", "27.11."), "bad-day"),
        (("match", "market.csv", "--icp", "tight", "--column", "heads"), "bad-column-option"),
        (("match", "market.csv", "--icp", "tight", "--column", "head=A"), "unknown-field"),
        (
            ("match", "market.csv", "--icp", "tight", "--column", "employees=Heads"),
            "icp-column-not-there",
        ),
        (("new", "x", "--add", "employee:5"), "unknown-criterion"),
        (("new", "x", "--add", "industry:A", "--add", "industry:B"), "criterion-twice"),
        (("lint", "tight", "--won", "nowhere.csv"), "no-such-file"),
        (("narrow", "tight", "--add", "raised:<90d", "--out", "x"), "option-needs-other"),
        (("narrow", "nope", "--add", "raised:<90d"), "no-such-icp"),
        (("diff", "tight", "tigt", "market.csv"), "no-such-icp"),
        (("show", "Tight One"), "bad-name"),
    ],
)
def test_what_is_wrong_is_said(place: World, words: tuple[str, ...], code: str) -> None:
    """One code, exit 1, and no file is written or changed."""
    before = sorted(path.name for path in place.root.rglob("*"))
    done = place.run("icp", *words, "--json")
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (1, code)
    assert sorted(path.name for path in place.root.rglob("*")) == before


def test_a_broken_file_is_said_with_its_place(place: World) -> None:
    """No TOML, and a key that is unknown: the file is named."""
    path = place.root / "icp" / "tight.toml"
    text = path.read_text(encoding="utf-8")
    for broken, code in (("x = [", "icp-unreadable"), ("[firmographik]\n", "unknown-key")):
        path.write_text(f"{text}\n{broken}", encoding="utf-8")
        done = place.run("icp", "show", "tight", "--json")
        facts = json.loads(done.stdout)
        assert (facts["code"], facts["file"]) == (code, str(path))


def test_a_list_is_of_the_day_it_was_written(place: World) -> None:
    """Without --list-date the file's own day counts, never one that lies ahead."""
    path = place.root / "market.csv"
    long_ago = datetime(2024, 3, 1, 12).timestamp()  # noqa: DTZ001 - noon is that day anywhere
    os.utime(path, (long_ago, long_ago))
    facts = place.json("icp", "match", "market.csv", "--icp", "tight", *ON)
    assert (facts["list_on"], facts["list_is_stale"]) == ("2024-03-01", True)
    ahead = datetime(2099, 3, 1, 12).timestamp()  # noqa: DTZ001
    os.utime(path, (ahead, ahead))
    facts = place.json("icp", "match", "market.csv", "--icp", "tight")
    assert date.fromisoformat(facts["list_on"]) <= date.fromisoformat(facts["on"])


def test_a_profile_named_by_its_file_needs_no_workspace(tmp_path: Path) -> None:
    """One file, one list, no `init`."""
    world = World(tmp_path)
    write_rows(tmp_path / "market.csv", [HEADER, *ROWS])
    (tmp_path / "p.toml").write_text(
        'owner = "Dana"\nreviewed_on = 2026-11-02\n[firmographic]\nindustry = "Retail"\n',
        encoding="utf-8",
    )
    assert world.json("icp", "match", "market.csv", "--icp", "p.toml", *ON)["in"] == 1
    assert world.run("icp", "show", "p").exit_code == 1


def test_lint_names_the_traps_with_their_remedies(place: World) -> None:
    """One sentence, then a paragraph for each; the closed deals are judged where they are given."""
    done = place.run("icp", "lint", "tight", "--on", "2027-03-01", "--won", "market.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    first = " ".join(done.stdout.split("\n\n")[0].split())
    assert first == "tight is in 1 of the 4 traps: static; 5 other things to mend."
    assert "icptest icp drift DEALS.csv" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert place.json("icp", "lint", "tight", "--on", "2027-03-01")["traps"] == ["static"]


def test_narrow_writes_a_profile_and_the_two_lists(place: World) -> None:
    """The lists are those of both profiles; the next command is one that `new` takes."""
    rows = [
        [f"C{n}", f"p@c{n}.example", "Software", "120", f"2026-11-{1 + n % 28:02}", "Series B"]
        for n in range(280)
    ]
    write_rows(place.root / "big.csv", [HEADER, *rows])
    words = ("icp", "narrow", "tight", "--add", "raised:Series B<13d", "--list", "big.csv", *ON)
    facts = place.json(*words, "--out", "t")
    # The 14th to the 27th: fourteen days of 28, the 28th lies ahead and is not known.
    assert (facts["left"]["loose"], facts["left"]["narrow"]) == (280, 140)
    assert facts["left"]["unknown"] == 10
    for name, n in (("t-control.csv", 280), ("t-segment.csv", 140)):
        assert len((place.root / name).read_text(encoding="utf-8").splitlines()) == n + 1
    assert facts["next"] == (
        "icptest new tight-narrow --control t-control.csv --segment t-segment.csv"
    )
    again = place.run(*words)
    assert (again.exit_code, "error[icp-exists]" in again.stderr) == (1, True)


def test_narrow_writes_nothing_where_nobody_is_left(place: World) -> None:
    """The filter that empties it is named, and there is no profile afterwards."""
    done = place.run(
        *("icp", "narrow", "tight", "--add", "industry:x", "--list", "market.csv", *ON)
    )
    assert "error[criterion-twice]" in done.stderr
    done = place.run(
        *("icp", "narrow", "tight", "--add", "raised:Series Z<90d", "--list", "market.csv", *ON)
    )
    assert "error[icp-narrow-empty]" in done.stderr
    assert not (place.root / "icp" / "tight-narrow.toml").exists()


def test_diff_says_who_enters_and_who_leaves(place: World) -> None:
    """And writes them, each with its direction."""
    place.json("icp", "new", "retail", "--add", "industry:Retail")
    words = ("icp", "diff", "tight", "retail", "market.csv", *ON, "--out", "moved.csv")
    facts = place.json(*words)
    assert (facts["enter"], facts["leave"], facts["stay"]) == (1, 2, 0)
    with (place.root / "moved.csv").open(encoding="utf-8", newline="") as file:
        found = {row["Company"]: row["icp_change"] for row in csv.DictReader(file)}
    assert found == {"Alpha, Inc.": "leaves", "Beta": "leaves", "Gamma": "enters"}
    page = place.run(*words).stdout
    assert max(map(len, page.splitlines())) <= 80
    assert '2 leave because of "industry Retail".' in page


def test_json_follows_its_schema(place: World) -> None:
    """Each of the commands prints what its schema says."""
    for words, name in (
        (("show", "tight"), "icp"),
        (("show",), "icp-list"),
        (("new", "other", "--add", "industry:Retail"), "icp-new"),
        (("match", "market.csv", "--icp", "tight", "--out", "in.csv"), "icp-match"),
        (("lint", "tight", "--market", "market.csv"), "icp-lint"),
        (("narrow", "tight", "--add", "raised:<900d", "--list", "market.csv"), "icp-narrow"),
        (("narrow", "tight", "--add", "raised:<90d", "--name", "bare"), "icp-narrow"),
        (("diff", "tight", "other", "market.csv"), "icp-diff"),
    ):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
        validate(place.json("icp", *words), schema)
