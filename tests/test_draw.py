"""Two fair samples from two lists, control first."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icptest.draw import Draw, draw_arms, interleave
from icptest.errors import RegistrationError
from icptest.exclusions import Exclusions
from icptest.experiment import Arm

from .strategies import companies, people, person

if TYPE_CHECKING:
    from icptest.contacts import ContactList


def draw(control: ContactList, segment: ContactList, size: int = 2, **more: Any) -> Draw:
    """Draw with a seed of 7 unless another is given."""
    return draw_arms(
        control=control,
        segment=segment,
        **{"size": size, "control_size": size, "seed": 7, "threshold": 2.0, **more},
    )


def names(drawn: Draw, arm: Arm) -> list[str]:
    """Return the main identifiers of an arm, in the order of the draw."""
    return [one.contact.identifiers[0] for one in drawn.arm(arm).assignments]


TODAY = companies(range(40))
NEW = companies(range(100, 120))

# A list of people, several at a company, some with a profile that stands on both lists.
_person = st.builds(
    lambda company, number, profile, title: person(
        f"p{number}@c{company}.example",
        *([f"in/{profile}"] if profile is not None else []),
        title=title,
    ),
    st.integers(0, 14),
    st.integers(0, 3),
    st.none() | st.integers(0, 40),
    st.sampled_from(["", "CEO", "VP Sales"]),
)
_list = st.lists(_person, min_size=4, max_size=25, unique_by=lambda one: one.identifiers[0]).map(
    lambda found: people(*found)
)


@settings(max_examples=40)
@given(
    control=_list,
    segment=_list,
    seed=st.integers(0, 2**32),
    random=st.randoms(use_true_random=False),
    titles=st.sampled_from([(), ("VP",)]),
)
def test_a_draw_does_not_depend_on_the_order_of_the_rows(
    control: ContactList, segment: ContactList, seed: int, random: Any, titles: tuple[str, ...]
) -> None:
    """The same people in the same order, however the two lists are sorted."""
    rules: dict[str, Any] = {"size": 1, "threshold": 1.0001, "seed": seed, "prefer_titles": titles}
    try:
        one = draw(control, segment, **rules)
    except RegistrationError as error:
        assume(error.code not in {"ceiling-too-low", "too-few-people"})
        raise
    shuffled = []
    for listed in (control, segment):
        contacts = list(listed.contacts)
        random.shuffle(contacts)
        shuffled.append(replace(listed, contacts=tuple(contacts)))
    assert one == draw(shuffled[0], shuffled[1], **rules)


@settings(max_examples=50)
@given(control=_list, segment=_list, n=st.integers(1, 3), seed=st.integers(0, 99))
def test_the_segment_has_no_company_and_nobody_of_control(
    control: ContactList, segment: ContactList, n: int, seed: int
) -> None:
    """One person a company, no company and no identifier in both arms, and every row accounted."""
    try:
        drawn = draw(control, segment, size=n, seed=seed, threshold=1.0001)
    except RegistrationError as error:
        assume(error.code not in {"ceiling-too-low", "too-few-people"})
        raise
    accounts, identifiers = {}, {}
    for arm in Arm:
        chosen = [one.contact for one in drawn.arm(arm).assignments]
        accounts[arm] = [one.account for one in chosen]
        identifiers[arm] = {key for one in chosen for key in one.identifiers}
        assert n == len(chosen) == len(set(accounts[arm]))
        of_arm = drawn.arm(arm)
        assert of_arm.n_listed == n + sum(of_arm.left_out.values())
    assert not set(accounts[Arm.CONTROL]) & set(accounts[Arm.SEGMENT])
    assert not identifiers[Arm.CONTROL] & identifiers[Arm.SEGMENT]


def test_the_order_is_the_digest_of_seed_and_company() -> None:
    """SHA-256(seed, identifier) decides, the same on every machine."""

    def rank(name: str) -> bytes:
        return hashlib.sha256(f"7\x1f{name}".encode()).digest()

    drawn = draw(TODAY, NEW, size=5)
    in_order = sorted((one.account for one in TODAY.contacts), key=rank)
    assert in_order[:5] == [one.contact.account for one in drawn.control.assignments]


def test_a_draw_is_pinned() -> None:
    """The same seed draws the same people in every version (pin)."""
    drawn = draw(TODAY, NEW, size=3)
    assert {arm: names(drawn, arm) for arm in Arm} == PINNED


PINNED = {
    Arm.CONTROL: ["c0@c0.example", "c17@c17.example", "c38@c38.example"],
    Arm.SEGMENT: ["c102@c102.example", "c117@c117.example", "c112@c112.example"],
}


def test_another_seed_draws_other_people() -> None:
    """The seed changes both arms."""
    one, other = draw(TODAY, NEW, size=8), draw(TODAY, NEW, size=8, seed=8)
    assert set(names(one, Arm.CONTROL)) != set(names(other, Arm.CONTROL))
    assert set(names(one, Arm.SEGMENT)) != set(names(other, Arm.SEGMENT))


def _chances(control: ContactList, segment: ContactList, size: int, runs: int) -> dict[Arm, Any]:
    """Return how often each company was drawn, by arm."""
    seen: dict[Arm, Counter[str]] = {arm: Counter() for arm in Arm}
    for seed in range(runs):
        drawn = draw(control, segment, size=size, seed=seed, threshold=1.01)
        for arm in Arm:
            seen[arm].update(one.contact.account for one in drawn.arm(arm).assignments)
    return seen


@pytest.mark.parametrize(
    ("today", "new"),
    [
        (range(12), range(12, 24)),
        (range(16), range(8)),  # the new list is part of today's
        (range(14), range(10, 22)),  # a third of the new list is on today's
        (range(12), range(4, 16)),  # two thirds of it
    ],
)
def test_every_company_of_a_list_is_equally_likely(today: range, new: range) -> None:
    """Both arms are simple random samples of their lists' companies, whatever the overlap."""
    runs, size = 1500, 3
    seen = _chances(companies(today), companies(new), size, runs)
    for arm, listed in ((Arm.CONTROL, today), (Arm.SEGMENT, new)):
        expected = Fraction(runs * size, len(listed))
        chi_square = sum(
            (seen[arm][f"c{name}.example"] - expected) ** 2 / expected for name in listed
        )
        # The mean of chi-square is its degrees of freedom, its variance twice that; draws
        # without replacement vary less. 5 standard deviations above is beyond chance.
        degrees = len(listed) - 1
        assert chi_square < degrees + 5 * (2 * degrees) ** 0.5


def test_pairs_are_as_likely_as_in_a_simple_random_sample() -> None:
    """The number of companies shared with today's list varies as chance would have it."""
    today, new = companies(range(10)), companies(range(5, 15))
    runs, size = 1500, 3
    shared: Counter[int] = Counter()
    for seed in range(runs):
        drawn = draw(today, new, size=size, seed=seed, threshold=1.01)
        shared[
            sum(
                int(one.contact.account.removesuffix(".example")[1:]) < 10
                for one in drawn.segment.assignments
            )
        ] += 1
    # Hypergeometric by hand, 3 of 5 + 5: 10, 50, 50, 10 of 120; five standard errors.
    for number, ways in enumerate((10, 50, 50, 10)):
        share = ways / 120
        assert abs(shared[number] / runs - share) < 5 * (share * (1 - share) / runs) ** 0.5


def test_a_company_is_drawn_once_however_many_people_it_has() -> None:
    """A company with 30 people is as likely as one with a single person."""
    crowd = [person(f"p{number}@big.example") for number in range(30)]
    today = people(*crowd, *(person(f"c{number}") for number in range(9)))
    hits = 0
    for seed in range(1000):
        drawn = draw(today, NEW, size=2, seed=seed)
        hits += "big.example" in {one.contact.account for one in drawn.control.assignments}
    # By hand: 2 of 10 companies; 5 standard errors of a share of .2 in 1000 are .063.
    assert abs(hits / 1000 - 0.2) < 0.063


@pytest.mark.parametrize(
    ("preferred", "chosen"),
    [
        (("VP Sales", "CEO"), "vp@acme.example"),
        (("ceo",), "ceo@acme.example"),
        # "Director" holds the letters of CTO, and is none.
        (("CTO", "CEO"), "ceo@acme.example"),
    ],
)
def test_the_preferred_title_goes_out(preferred: tuple[str, ...], chosen: str) -> None:
    """Within a company the best title goes first, by whole words, whatever the case."""
    acme = people(
        person("dir@acme.example", title="Director of Sales"),
        person("ceo@acme.example", title="CEO & Founder"),
        person("vp@acme.example", title="vp sales EMEA"),
    )
    for seed in range(8):
        drawn = draw(acme, NEW, size=1, seed=seed, prefer_titles=preferred)
        assert [chosen] == names(drawn, Arm.CONTROL)


def test_without_a_preferred_title_lot_decides() -> None:
    """Within a company without a preferred title everyone is drawn at some seed."""
    acme = people(*(person(f"{name}@acme.example", title="Clerk") for name in "abc"))
    drawn = {
        names(draw(acme, NEW, size=1, seed=seed, prefer_titles=("CEO",)), Arm.CONTROL)[0]
        for seed in range(40)
    }
    assert {"a@acme.example", "b@acme.example", "c@acme.example"} == drawn


def test_what_was_left_out_adds_up() -> None:
    """Rows and people that do not go out are counted, each under one reason."""
    today = people(
        person("a@one.example"),
        person("b@one.example"),
        person("a@two.example"),
        person("a@three.example"),
        person("x@gone.example"),
        left_out={"bad-address": 2},
    )
    rules = Exclusions(accounts=frozenset({"gone.example"}))
    drawn = draw(today, NEW, size=1, exclusions=rules)
    # By hand: 7 rows = 2 bad + 1 excluded + 1 drawn + 3 others, at most one a colleague.
    left_out = drawn.control.left_out
    assert (left_out["bad-address"], left_out["excluded-company"]) == (2, 1)
    assert left_out.get("colleague-drawn", 0) + left_out["not-drawn"] == 3
    assert (drawn.control.n_listed, drawn.control.n_eligible, drawn.control.n_accounts) == (7, 4, 3)


@pytest.mark.parametrize(
    ("both", "refused"),
    [(19, False), (20, True), (40, True)],  # of 40: a share of 1/2 and more is refused
)
def test_a_ceiling_at_or_below_the_threshold_is_refused(both: int, refused: bool) -> None:
    """A list that is a share w of today's cannot show more than 1/w: w >= 1/threshold fails."""
    part = companies(range(both))
    if not refused:
        drawn = draw(TODAY, part)
        assert drawn.is_part
        assert drawn.ceiling == pytest.approx(40 / 19)
        return
    with pytest.raises(RegistrationError, match="ceiling-too-low") as caught:
        draw(TODAY, part)
    assert caught.value.facts["share"] == both / 40


def test_what_control_takes_of_the_segment_is_said() -> None:
    """Companies of the new list in control, drawn for the segment, and left: all of them."""
    drawn = draw(TODAY, companies(range(15)), size=5)
    assert drawn.n_segment_in_control + 5 + drawn.n_segment_left == 15
    apart = draw(TODAY, NEW)
    assert (apart.ceiling, apart.n_segment_in_control, apart.is_part) == (None, 0, False)


def test_too_few_people_are_refused_with_how_many_there_are() -> None:
    """The numbers the advice needs are in the error."""
    with pytest.raises(RegistrationError, match="too-few-people") as caught:
        draw(TODAY, companies(range(100, 103)), size=5)
    facts = caught.value.facts
    assert (
        facts["size"],
        facts["segment"],
        facts["control"],
        facts["control_accounts"],
    ) == (5, 3, 5, 40)


@pytest.mark.parametrize("arm", ["control", "segment"])
def test_a_list_where_nobody_is_left_is_refused(arm: str) -> None:
    """After exclusions a list can be empty; the error says which."""
    rules = Exclusions(accounts=frozenset({"gone.example"}))
    lists = {"control": TODAY, "segment": NEW} | {arm: people(person("a@gone.example"))}
    with pytest.raises(RegistrationError, match="nobody-left") as caught:
        draw(lists["control"], lists["segment"], exclusions=rules)
    assert caught.value.facts["arm"] == arm


def test_take_all_takes_everyone_once() -> None:
    """Everybody on both lists goes out, colleagues too; shared companies go to one arm by lot."""
    today = people(
        *(person(f"{name}@c{number}.example") for number in range(30) for name in "ab"),
    )
    new = people(
        *(person(f"{name}@c{number}.example") for number in range(29, 60) for name in "xy"),
    )
    arms_of_shared = set()
    for seed in range(20):
        drawn = draw(today, new, seed=seed, take_all=True)
        accounts = {arm: {one.contact.account for one in drawn.arm(arm).assignments} for arm in Arm}
        assert not accounts[Arm.CONTROL] & accounts[Arm.SEGMENT]
        assert len(accounts[Arm.CONTROL] | accounts[Arm.SEGMENT]) == 60
        arms_of_shared.add("c29.example" in accounts[Arm.CONTROL])
        for arm in Arm:
            of_arm = drawn.arm(arm)
            assert of_arm.n_listed == len(of_arm.assignments) + sum(of_arm.left_out.values())
    assert {True, False} == arms_of_shared


@pytest.mark.parametrize(("shared", "refused"), [(1, False), (2, True)])
def test_take_all_refuses_lists_that_overlap(shared: int, refused: bool) -> None:
    """More than 5 % of the smaller list on both (pin): cut lists are no samples then."""
    today, new = companies(range(40)), companies(range(40 - shared, 60 - shared))
    if not refused:
        assert len(draw(today, new, take_all=True).control.assignments) in {39, 40}
        return
    with pytest.raises(RegistrationError, match="take-all-overlap") as caught:
        draw(today, new, take_all=True)
    assert (caught.value.facts["overlap"], caught.value.facts["smaller"]) == (2, 20)


@pytest.mark.parametrize(("control", "segment"), [(20, 20), (31, 10), (7, 7), (3, 3), (5, 1)])
def test_every_beginning_of_the_mixed_list_is_balanced(control: int, segment: int) -> None:
    """Wherever a tool stops, both arms went out in nearly their registered proportion."""
    drawn = draw(
        companies(range(50)), companies(range(100, 150)), size=segment, control_size=control
    )
    mixed = interleave(drawn.control.assignments, drawn.segment.assignments, seed=7)
    assert {*drawn.control.assignments, *drawn.segment.assignments} == set(mixed)
    assert control + segment == len(mixed)
    seen: Counter[Arm] = Counter()
    for one in mixed:
        seen[one.arm] += 1
        # Blocks hold two or three of the smaller arm; within one the order is by lot.
        assert abs(seen[Arm.SEGMENT] - len(mixed[: seen.total()]) * segment / len(mixed)) <= 3


def test_the_mixed_list_does_not_tell_the_arms_by_their_order() -> None:
    """Within the blocks lot decides: neither arm always goes first, and the seed changes it."""
    drawn = draw(companies(range(100)), companies(range(100, 200)), size=40)
    arms = drawn.control.assignments, drawn.segment.assignments
    one, other = (interleave(*arms, seed=seed) for seed in (1, 2))
    assert one != other
    firsts = Counter(one[place].arm for place in range(0, 80, 4))
    assert min(firsts[Arm.CONTROL], firsts[Arm.SEGMENT]) >= 3  # of 20; below 3 is p < .0004
