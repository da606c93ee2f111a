"""The traps, each shown by a profile that is in it and one that is not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from icptest.icp.columns import Columns
from icptest.icp.definition_keys import definition_from_mapping
from icptest.icp.evidence import market_of, won_of
from icptest.icp.findings import TRAPS, Finding, Rule, Status
from icptest.icp.lint import TOO_MANY_ACCOUNTS, Market, is_vague, lint
from icptest.report.words.icp.lint import TITLES, evidence, headline, remedy
from icptest.toml_keys import parse_toml
from tests.icp.lists import profile, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.icp.definition import Definition

TODAY = date(2026, 11, 27)
WHOLE = """\
[firmographic]
industry = "SaaS"
employees = "50-250"
[technographic]
uses_any = ["HubSpot", "Salesforce"]
uses_none = "Marketo"
[[behavioral]]
did = "hired"
what = "VP Sales"
within_days = 90
[[trigger]]
event = "funding"
[[buying.personas]]
role = "buyer"
titles = "VP Sales"
reviewed_on = 2026-11-02
[[buying.personas]]
role = "influencer"
titles = "Director"
reviewed_on = 2026-11-02
[[buying.personas]]
role = "budget-holder"
titles = "CFO"
reviewed_on = 2026-11-02
[job]
problem = "Deals get lost between two tools"
[interviews]
customers = 4
data_percent = 70
how_found = "A friend"
pushed = "A lost deal"
in_the_room = "The CFO"
nearly_stopped = "The migration"
"""


def found(definition: Definition, rule: Rule, **more: object) -> Finding:
    """Return what one rule finds."""
    return next(
        one
        for one in lint(definition, today=TODAY, **more)  # type: ignore[arg-type]
        if one.rule is rule
    )


def market(definition: Definition, n_rows: int, n_in: int) -> Market:
    """Return a market of which so many rows are in; no filter is idle."""
    kept = dict.fromkeys(definition.filters, (n_in // 2, n_rows))
    return Market(n_rows=n_rows, n_in=n_in, n_unknown=0, kept=kept, said=frozenset())


def test_a_whole_profile_is_in_no_trap(tmp_path: Path) -> None:
    """With both lists everything is judged, and nothing is wrong."""
    definition = profile(WHOLE)
    won = won_of(
        definition,
        table_of(
            tmp_path,
            "Company,Industry,Employees,Tools",
            [(f"C{n}", "SaaS", "100", "HubSpot") for n in range(3)],
        ),
        Columns(),
        on=TODAY,
    )
    findings = lint(definition, today=TODAY, market=market(definition, 40_000, 900), won=won)
    assert {one.status for one in findings} == {Status.OK}
    assert [one.rule for one in findings] == list(Rule)
    assert headline("tight", findings) == (
        "tight is in none of the 4 traps, and nothing else is to mend."
    )


@pytest.mark.parametrize(
    ("change", "rule", "case"),
    [
        (
            ('[firmographic]\nindustry = "SaaS"\nemployees = "50-250"\n', ""),
            Rule.MISSING_LAYERS,
            "",
        ),
        (("[interviews]\ncustomers = 4", "[interviews]\ncustomers = 0"), None, ""),
        (('how_found = "A friend"', ""), Rule.NO_INTERVIEWS, "unanswered"),
        (("data_percent = 70", "data_percent = 100"), Rule.NO_INTERVIEWS, "balance"),
        (('problem = "Deals get lost between two tools"', ""), Rule.NO_JOB, ""),
        (('uses_none = "Marketo"', ""), Rule.NO_DISQUALIFIERS, ""),
        (("within_days = 90", ""), Rule.NO_SHELF_LIFE, ""),
        (('event = "funding"', 'event = "launch"'), Rule.NO_SHELF_LIFE, ""),
        (('[[trigger]]\nevent = "funding"', ""), Rule.MISSING_LAYERS, ""),
        (('role = "influencer"', 'role = "buyer"'), Rule.MISSING_ROLES, ""),
        (
            ("reviewed_on = 2026-11-02\n[job]", "reviewed_on = 2026-05-31\n[job]"),
            Rule.PERSONAS_DUE,
            "",
        ),
        (("reviewed_on = 2026-11-02\n[job]", "reviewed_on = 2026-06-01\n[job]"), None, ""),
        (('industry = "SaaS"', 'industry = "tech-forward"'), Rule.VAGUE_WORDS, ""),
        (
            ('industry = "SaaS"', 'industry = "companies who care about growth"'),
            Rule.VAGUE_WORDS,
            "",
        ),
        (
            ('employees = "50-250"', 'employees = ["1-50", "51-250", "251-5000"]'),
            Rule.COMMITTEE,
            "or-of-everything",
        ),
        (
            ('industry = "SaaS"', 'industry = ["A","B","C","D","E","F","G"]'),
            Rule.COMMITTEE,
            "or-of-everything",
        ),
        (
            ('employees = "50-250"', 'employees = "50-250"\nrevenue = "5M-25M"'),
            None,
            "",
        ),
        (
            (
                'employees = "50-250"',
                'employees = "50-250"\nrevenue = "5M-25M"\nage_years = "3+"',
            ),
            Rule.TOO_MANY_FILTERS,
            "",
        ),
    ],
)
def test_one_change_is_one_finding(change: tuple[str, str], rule: Rule | None, case: str) -> None:
    """Only the rule that a change breaks says so; 31 May + 180 days is 27 Nov 2026 (by hand)."""
    assert change[0] in WHOLE
    findings = lint(profile(WHOLE.replace(*change)), today=TODAY)
    broken = [(one.rule, one.case) for one in findings if one.status is Status.WARN]
    assert broken == ([(rule, case)] if rule else [])


def test_a_profile_is_static_from_the_90th_day_on() -> None:
    """2 Nov 2026 and 90 days is 31 Jan 2027 (by hand)."""
    definition = profile(WHOLE)
    for day, status in ((date(2027, 1, 30), Status.OK), (date(2027, 1, 31), Status.WARN)):
        one = next(f for f in lint(definition, today=day) if f.rule is Rule.STATIC)
        assert one.status is status
    ahead = next(f for f in lint(definition, today=date(2026, 11, 1)) if f.rule is Rule.STATIC)
    assert (ahead.status, ahead.case) == (Status.WARN, "ahead")


@pytest.mark.parametrize(
    ("owner", "case"),
    [
        ('"Dana"', None),
        ('["Dana", "Lee"]', "owners"),
        ('"Dana and Lee"', "owners"),
        ('"Sales, Marketing"', "owners"),
        ('""', "nobody"),
        ('"Alexandra Anders"', None),
    ],
)
def test_one_owner_writes_it(owner: str, case: str | None) -> None:
    """Two names in one text are two owners; "and" within a name is none."""
    text = f"owner = {owner}\nreviewed_on = 2026-11-02\n{WHOLE}"
    definition = definition_from_mapping(parse_toml(text), file="p.toml", name="p")
    one = found(definition, Rule.COMMITTEE)
    assert (one.case if one.status is Status.WARN else None) == case


def test_a_catch_all_leaves_more_than_can_be_worked() -> None:
    """No filter, everybody in, or tens of thousands; without a list it is not judged."""
    definition = profile(WHOLE)
    assert found(definition, Rule.CATCH_ALL).status is Status.NOT_JUDGED
    for n_rows, n_in, case in (
        (50_000, 40_000, "too-many"),
        (50_000, TOO_MANY_ACCOUNTS, ""),
        (300, 300, "excludes-nobody"),
        (40_000, 900, ""),
    ):
        one = found(definition, Rule.CATCH_ALL, market=market(definition, n_rows, n_in))
        assert (one.case, one.status is Status.WARN) == (case, bool(case))
    assert found(profile(""), Rule.CATCH_ALL).case == "no-filters"


def test_an_aspirational_profile_describes_few_of_the_closed_deals(tmp_path: Path) -> None:
    """Two of six match; the filter most of them fail is named; without a day no event is judged."""
    facts = [
        ("SaaS", "100"),
        ("SaaS", "60"),
        *[("SaaS", "5000")] * 3,
        ("Retail", "100"),
        ("", "70"),
    ]
    rows = [(f"C{n}", *one, "Won") for n, one in enumerate(facts)]
    # A second deal of the first company, and one that was lost: neither counts.
    rows += [("C0", "SaaS", "100", "Won"), ("C9", "SaaS", "100", "Lost")]
    definition = profile(WHOLE)
    table = table_of(tmp_path, "Company,Industry,Employees,Outcome", rows)
    won = won_of(definition, table, Columns(), on=TODAY)
    one = found(definition, Rule.ASPIRATIONAL, won=won)
    assert one.status is Status.WARN
    assert evidence(one) == (
        '2 of 6 closed deals match it; 3 fail "employees 50-250"; 1 more is not told.'
    )
    assert found(definition, Rule.ASPIRATIONAL).status is Status.NOT_JUDGED
    nothing = won_of(definition, table_of(tmp_path, "Company", [("A",)]), Columns(), on=TODAY)
    assert found(definition, Rule.ASPIRATIONAL, won=nothing).case == "not-told"


def test_a_filter_that_keeps_everybody_is_idle(tmp_path: Path) -> None:
    """Of 20 rows that tell it, one filter keeps all and the other half."""
    rows = [("SaaS", "100" if n % 2 else "5") for n in range(20)]
    definition = profile("[firmographic]\nindustry='SaaS'\nemployees='50-250'\n")
    table = table_of(tmp_path, "Industry,Employees", rows)
    found_market = market_of(definition, table, Columns(), on=TODAY)
    assert (found_market.n_rows, found_market.n_in) == (20, 10)
    one = found(definition, Rule.IDLE_FILTERS, market=found_market)
    assert evidence(one) == '"industry SaaS" keeps 20 of 20.'


def test_a_vague_word_that_stands_in_the_list_can_be_searched_for(tmp_path: Path) -> None:
    """Some providers have a column with "Enterprise" in it: then it is a criterion."""
    definition = profile("[firmographic]\nstage='Enterprise'\n")
    assert found(definition, Rule.VAGUE_WORDS).status is Status.WARN
    table = table_of(tmp_path, "Company,Stage", [("A", "Enterprise"), ("B", "Seed")])
    seen = market_of(definition, table, Columns(), on=TODAY)
    assert found(definition, Rule.VAGUE_WORDS, market=seen).status is Status.OK


@pytest.mark.parametrize("word", ["mid-market", "Mid Market", "tech-forward", "SMBs"])
def test_vibes_are_no_criteria(word: str) -> None:
    """The articles' own examples, however they are spelt."""
    assert is_vague(word)


def test_every_finding_has_its_words() -> None:
    """Each rule has a title; what is broken has evidence and a remedy that is a sentence."""
    assert set(TITLES) == set(Rule)
    assert tuple(Rule)[:4] == TRAPS
    for text in ("", WHOLE):
        for one in lint(profile(text), today=date(2027, 6, 1)):
            if one.status is not Status.OK:
                assert evidence(one).endswith(".")
                assert remedy(one).rstrip("`").endswith((".", "CSV"))
                assert "{" not in evidence(one) + remedy(one)
