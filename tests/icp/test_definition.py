"""The file of a definition: read, refused, written."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icptest.errors import RegistrationError
from icptest.icp.criteria import SUBJECTS, TRIGGERS, Kind, Layer, parse_criterion
from icptest.icp.definition import Buying, BuyingRole, Definition, Interviews, Persona, Trigger
from icptest.icp.definition_file import read_definition, write_definition
from icptest.icp.definition_keys import definition_from_mapping
from icptest.icp.definition_text import render_definition
from icptest.toml_keys import parse_toml

if TYPE_CHECKING:
    from pathlib import Path

REVIEWED = date(2026, 11, 2)
ARTICLE = """\
owner = "Dana"
reviewed_on = 2026-11-02
[firmographic]
business_model = "B2B"
industry = ["SaaS"]
employees = "50-250"
revenue = "5M-25M"
geography = "North America"
[technographic]
uses_any = ["HubSpot", "Salesforce"]
uses_none = ["Marketo"]
[[behavioral]]
did = "hired"
what = ["Head of Sales", "VP Revenue"]
within_days = 90
[[trigger]]
event = "funding"
what = "Series B"
[[trigger]]
event = "expansion"
what = "a second geography"
shelf_life_days = 60
[[buying.personas]]
role = "buyer"
titles = "VP Revenue"
[[buying.personas]]
role = "budget holder"
titles = ["CFO"]
reviewed_on = 2026-06-01
"""
"""The article's complete statement (icp-list-test-protocol, "The 5 Layer ICP Framework")."""


def made(text: str, name: str = "vp-revenue") -> Definition:
    """Return the definition of a text."""
    return definition_from_mapping(parse_toml(text), file=f"icp/{name}.toml", name=name)


def test_the_articles_statement_has_all_five_layers() -> None:
    """Filters in the order of the file, the disqualifying tool apart, funding for 30 days."""
    definition = made(ARTICLE)
    assert definition.layers == set(Layer)
    assert [str(one) for one in definition.filters] == [
        "industry:SaaS",
        "employees:50-250",
        "revenue:5M-25M",
        "geography:North America",
        "business-model:B2B",
        "uses:HubSpot|Salesforce",
        "hired:Head of Sales|VP Revenue<90d",
    ]
    assert [str(one) for one in definition.disqualifiers] == ["not uses:Marketo"]
    assert [one.shelf_life_days for one in definition.triggers] == [30, 60]
    assert definition.buying.titles(BuyingRole.BUYER) == ("VP Revenue",)
    assert definition.buying.titles(BuyingRole.BUDGET_HOLDER) == ("CFO",)


def test_reviews_are_due_by_the_calendar() -> None:
    """90 days behind 2 Nov 2026 is 31 Jan 2027; 180 behind 1 Jun 2026 is 28 Nov 2026 (by hand)."""
    definition = made(ARTICLE)
    assert definition.review_due_on == date(2027, 1, 31)
    assert definition.buying.personas[1].review_due_on() == date(2026, 11, 28)
    assert definition.buying.personas[0].review_due_on() is None


@pytest.mark.parametrize(
    ("line", "code", "fact"),
    [
        ("[firmographic]\nindustri = ['x']", "unknown-key", "industry"),
        ("[technographic]\nuses = ['x']", "unknown-key", "uses_"),
        ("[firmographic]\nemployees = '250-50'", "bad-value", "smaller one"),
        ("[firmographic]\nemployees = true", "bad-value", "a text, or a list"),
        ("[firmographic]\nnaics = 'tech'", "bad-value", "digits"),
        ("[[behavioral]]\ndid = 'hire'", "bad-value", 'did you mean "hired"'),
        ("[[behavioral]]\ndid = 'hired'\nwithin_days = 0", "bad-value", "from 1 to"),
        ("[[behavioral]]\nwhat = 'x'", "missing-key", "behavioral.did"),
        ("[behavioral]\ndid = 'hired'", "bad-value", "a"),
        ("[[trigger]]\nevent = 'fundng'", "bad-value", 'did you mean "funding"'),
        ("[[trigger]]\nevent = 'funding'\nshelf_life_days = -1", "bad-value", "from 1 to"),
        ("[[buying.personas]]\nrole = 'boss'\ntitles = 'CEO'", "bad-value", "influencer"),
        ("[[buying.personas]]\nrole = 'buyer'\ntitles = []", "bad-value", "job titles"),
        ("[interviews]\ndata_percent = 170", "bad-value", "0 to 100"),
        (
            "[firmographic]\nindustry='A'\n[disqualify]\nindustry='a'",
            "icp-contradiction",
            "industry:a",
        ),
        (
            "[firmographic]\nemployees='50-250'\n[disqualify]\nemployees='up to 500'",
            "icp-contradiction",
            "up to 500",
        ),
        (
            "[technographic]\nuses_all=['HubSpot']\nuses_none=['hubspot']",
            "icp-contradiction",
            "hubspot",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(line: str, code: str, fact: str) -> None:
    """With the key, what was expected, and the nearest word where there is one."""
    with pytest.raises(RegistrationError) as caught:
        made(f"owner = 'Dana'\nreviewed_on = 2026-11-02\n{line}\n")
    assert caught.value.code == code
    assert fact in str(caught.value)


def test_a_review_day_is_asked_for() -> None:
    """A profile nobody has dated cannot be told to be stale."""
    with pytest.raises(RegistrationError) as caught:
        made("owner = 'Dana'")
    assert (caught.value.code, caught.value.facts["key"]) == ("missing-key", "reviewed_on")


def test_a_disqualifier_may_leave_room() -> None:
    """Ranges that overlap in part, and tools that differ, contradict nothing."""
    definition = made(
        ARTICLE + "[disqualify]\nemployees = 'up to 60'\nindustry = 'Staffing'\n"
        "[disqualify.other]\n'Pricing page' = 'no'\n"
    )
    assert [str(one) for one in definition.disqualifiers] == [
        "not uses:Marketo",
        "not industry:Staffing",
        "not employees:up to 60",
        "not column.Pricing page:no",
    ]


def test_a_new_file_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """The commented file of an empty profile is a profile, and only its owner can read it."""
    path = tmp_path / "icp" / "mine.toml"
    write_definition(path, Definition(name="mine", owners=("Dana",), reviewed_on=REVIEWED))
    definition = read_definition(path)
    assert (definition.name, definition.owners, definition.filters) == ("mine", ("Dana",), ())
    assert path.stat().st_mode & 0o777 == 0o600
    assert "# did = " in path.read_text(encoding="utf-8")


def test_every_example_in_a_new_file_can_be_used() -> None:
    """The lines behind "# " are lines of the file: without their "#" they are read."""
    text = render_definition(Definition(name="mine", owners=("Dana",), reviewed_on=REVIEWED))
    example = re.compile(r"^# (?=\[|[\w\"][\w \"]* = )", re.MULTILINE)
    definition = made(example.sub("", text))
    assert len(definition.filters) >= 8
    assert definition.layers >= {Layer.FIRMOGRAPHIC, Layer.BEHAVIORAL, Layer.TRIGGER}


_words = st.lists(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=1, max_size=3
).map(tuple)
_spans = st.sampled_from(["50-250", "50+", "up to 10", "5M-25M", "1000"])


@st.composite
def _criteria(draw: st.DrawFn) -> list[Any]:
    """Return filters, one of each subject at most, in the order of the file."""
    found = []
    for subject in SUBJECTS.values():
        if not draw(st.booleans()):
            continue
        days = draw(st.none() | st.integers(1, 400))
        if subject.kind in {Kind.RANGE, Kind.AGE}:
            asked = draw(_spans)
        elif subject.kind is Kind.GROWTH:
            asked = "20%+"
        elif subject.kind is Kind.CODES:
            asked = "5112|42"
        else:
            asked = "|".join(draw(_words))
        timed = subject.kind in {Kind.EVENT, Kind.GROWTH} and days is not None
        within = f"<{days}d" if timed else ""
        found.append(parse_criterion(f"{subject.word}:{asked}{within}", option="--add"))
    return found


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_criteria(), _words, st.sampled_from(sorted(TRIGGERS)), st.none() | st.integers(1, 99))
def test_a_definition_is_written_as_it_is_read(
    filters: list[Any], titles: tuple[str, ...], event: str, life: int | None
) -> None:
    """Every filter, trigger, persona and answer comes back; order, version and days too."""
    definition = Definition(
        name="any",
        version=3,
        owners=("Dana", "Lee"),
        reviewers=("Kim",),
        reviewed_on=REVIEWED,
        review_days=30,
        filters=tuple(filters),
        disqualifiers=(parse_criterion("not uses:Zzz", option="--add"),),
        triggers=(
            Trigger(event=event, what=titles, shelf_life_days=30 if event == "funding" else life),
        ),
        buying=Buying(
            personas=(Persona(role=BuyingRole.BUYER, titles=titles, reviewed_on=REVIEWED),),
            deal_size="50K",
            cycle_days="30-60",
        ),
        job='They "lose" track\nof deals',
        interviews=Interviews(customers=4, data_percent=70, pushed="Churn"),
    )
    read = made(render_definition(definition), "any")
    written = {**{one: getattr(definition, one) for one in definition.__slots__}}
    for name, value in written.items():
        if name != "digest":
            assert getattr(read, name) == value, name
