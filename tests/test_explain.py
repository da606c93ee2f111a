"""The lift in parts: the verdict's counts cut another way, and the lift at equal mix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.attributes import Attribute
from icptest.errors import InputError, Refusal
from icptest.evidence import Counts
from icptest.experiment import Arm
from icptest.explain import break_down, explain
from icptest.outcomes import Outcome
from icptest.parts import (
    FEWEST_POSITIVE,
    MOST_GROUPS,
    SMALLEST_GROUP,
    Kind,
    Readable,
    parts_of,
)
from icptest.record import Member
from icptest.report.words.explanation import equal_mix_sentence
from icptest.stats import NotEstimable
from icptest.tallies import Measure
from icptest.traits import Trait

from .checks.builders import exports_of, sized
from .strategies import DAY, MONDAY, SETTLED
from .test_verdict import POSITIVE, SILENT, verdict

if TYPE_CHECKING:
    from datetime import datetime

    from icptest.explain import Breakdown, Explanation

GROUPS = {"work": "{0}@c{0}.example", "google": "p{0}@gmail.com", None: "in/p{0}"}
Cells = dict[str | None, tuple[int, int]]
"""Positive replies and people, by mail provider."""
BY_MAIL = ("mail-provider",)


def told(control: Cells, segment: Cells) -> Trait:
    """Return the mail providers of people numbered through both lists."""
    groups = [
        group for arm in (control, segment) for group, (_, n) in arm.items() for _ in range(n)
    ]
    return Trait(
        by="mail-provider",
        attribute=Attribute.MAIL_PROVIDER,
        columns=(),
        told_by=frozenset(Arm),
        values={number: group for number, group in enumerate(groups, start=1) if group},
    )


def outcome(number: int, arm: Arm, *, positive: bool = False) -> Outcome:
    """Return somebody who was reached."""
    member = Member(contact_id=number, arm=arm, account=f"a{number}.example")
    return Outcome(
        contact=member,
        touch=None,
        contacted=True,
        bounced=False,
        deadline=None,
        positive=positive,
    )


def broken_down(control: Cells, segment: Cells, *, per_company: int = 1) -> Breakdown:
    """Return the lift of these people by mail provider; so many of a company, but at google."""
    fates = [
        (arm, place < positive)
        for arm, cells in ((Arm.CONTROL, control), (Arm.SEGMENT, segment))
        for positive, people in cells.values()
        for place in range(people)
    ]
    trait = told(control, segment)
    reached = [
        outcome(number, arm, positive=positive)
        for number, (arm, positive) in enumerate(fates, start=1)
    ]
    for place, one in enumerate(reached):
        if trait.values.get(place + 1) == "work":
            account = f"company{place // per_company}.example"
            reached[place] = replace(one, contact=replace(one.contact, account=account))
    return break_down(trait, reached, level=0.05)


def test_a_part_has_the_design_effect_of_its_own_people() -> None:
    """Companies of 4 that answer alike count for about a quarter, in their part alone."""
    control: Cells = {"work": (4, 40), "google": (4, 40)}
    segment: Cells = {"work": (12, 40), "google": (12, 40)}
    apart = broken_down(control, segment, per_company=1)
    together = broken_down(control, segment, per_company=4)
    alone, of_four = apart.parts[0], together.parts[0]
    assert alone.counts.design_effect == 1.0
    assert of_four.counts.design_effect == pytest.approx(4, abs=0.6)
    assert alone.lift is not None
    assert of_four.lift is not None
    assert isinstance(alone.lift.low, float)
    assert isinstance(of_four.lift.low, float)
    assert of_four.lift.low < alone.lift.low
    assert together.parts[1].counts.design_effect == 1.0
    assert together.parts[1].lift == apart.parts[1].lift


def explained(control: Cells, segment: Cells, *, at: datetime = SETTLED) -> Explanation:
    """Explain a settled test of these people by their addresses, which needs no list."""
    fates = [
        [
            POSITIVE if place < positive else SILENT
            for positive, people in arm.values()
            for place in range(people)
        ]
        for arm in (control, segment)
    ]
    exports = exports_of(fates[0], fates[1], at=at)
    values = told(control, segment).values
    identifiers = {GROUPS[values.get(number)].format(number): number for number in exports.contacts}
    # The arms are of any size here.
    found = verdict(exports, sized(exports), accepted={"size-reached": "any size will do"})
    return explain(found, exports.record(), identifiers, Path("nowhere"), by=BY_MAIL)


def test_equal_mix_takes_out_what_the_mix_brings() -> None:
    """Twice as good in both groups is 2x, although it looks like 4.7x.

    By hand: (2 x 400/500 + 40 x 100/500) / (4 x 100/500 + 5 x 400/500) = 9.6 / 4.8.
    """
    breakdown = broken_down(
        {"work": (4, 400), "google": (5, 100)}, {"work": (2, 100), "google": (40, 400)}
    )
    assert breakdown.equal_mix.estimate == pytest.approx(2.0)
    assert breakdown.everybody.ratio == pytest.approx(42 / 9)
    assert equal_mix_sentence(breakdown) == (
        "At equal mix of mail providers the lift is 2.0x instead of 4.7x: part of the difference "
        "is that the new list has more people at Gmail."
    )


def test_a_mix_can_hide_a_difference_or_a_part_of_it() -> None:
    """The new list has more of the people who reply seldom."""
    hidden = broken_down(
        {"work": (2, 100), "google": (40, 400)}, {"work": (16, 400), "google": (20, 100)}
    )
    # By hand: (16 x 100/500 + 20 x 400/500) / (2 x 400/500 + 40 x 100/500) = 19.2 / 9.6.
    assert equal_mix_sentence(hidden) == (
        "At equal mix of mail providers the lift is 2.0x instead of 0.9x: the mix hides a "
        "difference, because the new list has more people at work domains."
    )
    smaller = broken_down(
        {"work": (10, 200), "google": (30, 300)}, {"work": (30, 300), "google": (40, 200)}
    )
    # By hand: (30 x 200/500 + 40 x 300/500) / (10 x 300/500 + 30 x 200/500) = 36 / 18.
    assert equal_mix_sentence(smaller) == (
        "At equal mix of mail providers the lift is 2.0x instead of 1.8x: the mix hides part of "
        "the difference, because the new list has more people at work domains."
    )


def test_with_equal_groups_the_mix_is_all_there_is() -> None:
    """1 % of both lists at work domains, 10 % at Gmail: 1.0x, although it looks like 2.9x."""
    breakdown = broken_down(
        {"work": (4, 400), "google": (10, 100)}, {"work": (1, 100), "google": (40, 400)}
    )
    assert breakdown.equal_mix.estimate == pytest.approx(1.0)
    assert equal_mix_sentence(breakdown) == (
        "At equal mix of mail providers the lift is 1.0x instead of 2.9x: the mix makes the "
        "difference, because the new list has more people at Gmail."
    )


def test_groups_that_one_list_has_alone_are_left_out_of_equal_mix_and_said_to_be() -> None:
    """And shown all the same: the unknown are a row of their own."""
    breakdown = broken_down(
        {"work": (5, 100), None: (0, 50)}, {"work": (10, 100), "google": (9, 30)}
    )
    assert [part.readable for part in breakdown.parts] == [
        Readable.YES,
        Readable.ONE_LIST,
        Readable.ONE_LIST,
    ]
    assert breakdown.parts[-1].kind is Kind.UNKNOWN
    assert breakdown.equal_mix.contacts_left_out == 80
    # 19 of 130 against 5 of 150 is 4.4x.
    assert equal_mix_sentence(breakdown) == (
        "At equal mix of mail providers the lift is 2.0x instead of 4.4x. 80 of 280 people are in "
        "groups that only one list has; among the others the lift is 2.0x, and the mix changes "
        "little."
    )


@pytest.mark.parametrize(
    ("control", "segment", "said"),
    [
        ({"work": (5, 50)}, {"work": (9, 50)}, "Everybody is in one group (work domain)"),
        ({"work": (5, 50)}, {"google": (9, 50)}, "no group is on both."),
        (
            {"work": (0, 50), "google": (0, 50)},
            {"work": (5, 50), "google": (5, 50)},
            "today's list has no positive reply.",
        ),
        (
            {"work": (0, 50), "google": (3, 50)},
            {"work": (0, 50), None: (5, 50)},
            "neither list has a positive reply in groups that both lists have.",
        ),
        (
            {"work": (3, 50), "google": (3, 50)},
            {"work": (0, 50), "google": (0, 50)},
            "the lift is 0.0x, about the 0.0x of everybody: the mix changes little.",
        ),
    ],
)
def test_where_there_is_no_lift_at_equal_mix_it_says_why(
    control: Cells, segment: Cells, said: str
) -> None:
    """In a sentence, without a number that does not exist."""
    assert said in equal_mix_sentence(broken_down(control, segment))


cells = st.dictionaries(
    st.sampled_from([*GROUPS]),
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
).filter(lambda arm: any(people for _, people in arm.values()))


@settings(max_examples=8, deadline=None)
@given(cells, cells)
def test_parts_add_up_to_the_verdict(control: Cells, segment: Cells) -> None:
    """Whoever is where: every person reached is in one part; equal mix of one part is crude."""
    found = explained(control, segment)
    (breakdown,) = found.breakdowns
    tallies = found.verdict.tallies
    assert breakdown.everybody == Counts(
        control_events=tallies[Arm.CONTROL].positive,
        control_total=tallies[Arm.CONTROL].delivered,
        segment_events=tallies[Arm.SEGMENT].positive,
        segment_total=tallies[Arm.SEGMENT].delivered,
    )
    for part in breakdown.parts:
        assert part.counts.people > 0
        assert (part.lift is None) == (part.readable is not Readable.YES)
    if len(breakdown.parts) == 1 and found.verdict.evidence is not None:
        crude = found.verdict.evidence.lifts[Measure.POSITIVE].estimate
        if isinstance(crude, NotEstimable):
            assert breakdown.equal_mix.estimate == crude
        else:
            assert breakdown.equal_mix.estimate == pytest.approx(crude)
            assert breakdown.parts[0].lift in {None, found.verdict.evidence.lifts[Measure.POSITIVE]}
    assert "nan" not in equal_mix_sentence(breakdown)


def column(values: dict[int, str]) -> Trait:
    """Return a column of the lists."""
    return Trait(
        by="Industry",
        attribute=None,
        columns=("Industry",),
        told_by=frozenset(Arm),
        values=values,
    )


def test_of_a_column_the_largest_values_stand_alone() -> None:
    """At most eight, each of ten people or more; the others are one row, the unknown another."""
    sizes = [SMALLEST_GROUP + place for place in range(MOST_GROUPS + 2)]
    names = [f"v{place}" for place, size in enumerate(sizes) for _ in range(size)]
    names += ["rare"] * (SMALLEST_GROUP - 1)
    values = dict(enumerate(names, start=1))
    reached = [
        outcome(number, Arm.CONTROL if number % 2 else Arm.SEGMENT)
        for number in range(1, len(names) + 4)
    ]
    parts = parts_of(column(values), reached)
    alone = [part.group for part in parts if part.kind is Kind.GROUP]
    assert alone == [f"v{place}" for place in range(MOST_GROUPS + 1, 1, -1)]
    others, unknown = parts[-2:]
    assert (others.kind, others.n_values, others.counts.people) == (Kind.OTHERS, 3, 9 + 10 + 11)
    assert (unknown.kind, unknown.counts.people) == (Kind.UNKNOWN, 3)
    assert sum(part.counts.people for part in parts) == len(reached)


def test_a_value_of_few_people_is_never_shown() -> None:
    """A column that differs for everybody, such as a name, is one row: nobody is singled out."""
    values = {number: f"Person {number}" for number in range(1, 41)}
    parts = parts_of(column(values), [outcome(number, Arm.CONTROL) for number in values])
    assert [(part.kind, part.n_values) for part in parts] == [(Kind.OTHERS, 40)]


@given(
    st.lists(st.tuples(st.sampled_from([*"abcdefghijkl", None]), st.booleans(), st.booleans())),
)
def test_no_column_loses_anybody(rows: list[tuple[str | None, bool, bool]]) -> None:
    """Whatever stands in it, the rows add up to the people reached and their positive replies."""
    values = {number: value for number, (value, _, _) in enumerate(rows) if value is not None}
    reached = [
        outcome(number, Arm.CONTROL if control else Arm.SEGMENT, positive=positive)
        for number, (_, control, positive) in enumerate(rows)
    ]
    parts = parts_of(column(values), reached)
    assert sum(part.counts.people for part in parts) == len(rows)
    n_positive = sum(part.counts.control_events + part.counts.segment_events for part in parts)
    assert n_positive == sum(positive for _, _, positive in rows)
    assert sum(part.n_values for part in parts) == len(set(values.values()))


def test_the_bound_is_the_first_number_that_could_tell() -> None:
    """All of them on one of two equally large parts: below 1 in 20 from five on."""
    assert 0.5**FEWEST_POSITIVE < 0.05 <= 0.5 ** (FEWEST_POSITIVE - 1)


def test_p_values_are_adjusted_for_the_traits_that_were_looked_at() -> None:
    """Of a single one nothing is added; it is the stratified score's."""
    (breakdown,) = explained({"work": (1, 30)}, {"work": (9, 30)}).breakdowns
    assert breakdown.p_adjusted == breakdown.equal_mix.p_value


def test_before_the_replies_are_in_there_are_no_parts() -> None:
    """Exactly where the verdict shows no outcomes."""
    with pytest.raises(Refusal, match="parts-too-early"):
        explained({"work": (5, 50)}, {"work": (9, 50)}, at=MONDAY + DAY)


def test_campaigns_that_already_ran_tell_addresses_alone() -> None:
    """They have no lists: nothing else is compared, and asking for a column is an error."""
    exports = exports_of([SILENT] * 20, [SILENT] * 20, campaign=None)
    of = sized(exports, campaigns=(("Q3 all",), ("Q3 new",)))
    found = verdict(exports, of, accepted={"size-reached": "x"})
    identifiers = {f"p{number}@c.example": number for number in exports.contacts}
    given = (found, exports.record(), identifiers, Path("nowhere"))
    (breakdown,) = explain(*given).breakdowns
    assert breakdown.trait.by == "mail-provider"
    with pytest.raises(InputError, match="no-lists-to-compare-by"):
        explain(*given, by=["Industry"])
