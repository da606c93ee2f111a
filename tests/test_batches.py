"""Batch after batch from two lists: nobody twice, and every batch a fair sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icptest.draw import Draw, draw_arms
from icptest.errors import RegistrationError
from icptest.experiment import Arm
from icptest.used import NOBODY, Used, used_by

from .strategies import companies, people, person

if TYPE_CHECKING:
    from icptest.contacts import Contact, ContactList

# People of both lists: several at a company, some with a profile that stands on both.
_person = st.builds(
    lambda company, number, profile: person(
        f"p{number}@c{company}.example", *([f"in/{profile}"] if profile is not None else [])
    ),
    st.integers(0, 20),
    st.integers(0, 2),
    st.none() | st.integers(0, 40),
)
# A list that was read holds nobody twice: neither by address nor by profile.
_list = st.lists(
    _person,
    min_size=8,
    max_size=40,
    unique_by=(lambda one: one.identifiers[0], lambda one: one.identifiers[-1]),
).map(lambda found: people(*found))


def drawn_people(drawn: Draw) -> list[Contact]:
    """Return everyone of a batch, control first."""
    return [one.contact for arm in Arm for one in drawn.arm(arm).assignments]


def batches(
    control: ContactList, segment: ContactList, number: int, *, used: Used = NOBODY, **rules: Any
) -> list[Draw]:
    """Draw so many batches, each passing over whoever was used before."""
    found = []
    for look in range(1, number + 1):
        drawn = draw_arms(
            control=control,
            segment=segment,
            **{"size": 1, "control_size": 1, "seed": 7, "threshold": 1.0001, **rules},
            used=used,
            look=look,
        )
        used |= used_by(drawn_people(drawn))
        found.append(drawn)
    return found


def _drawable(error: RegistrationError) -> bool:
    return error.code not in {"ceiling-too-low", "too-few-people", "nobody-left"}


@settings(max_examples=40)
@given(
    control=_list,
    segment=_list,
    sizes=st.sampled_from([(1, 1), (1, 2), (2, 3)]),
    number=st.integers(2, 4),
    seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)),
)
def test_no_company_and_nobody_is_drawn_twice(
    control: ContactList,
    segment: ContactList,
    sizes: tuple[int, int],
    number: int,
    seeds: tuple[int, int],
) -> None:
    """Over batches of a test and of one that repeats it, each company and person comes once."""
    size, control_size = sizes
    rules: dict[str, Any] = {"size": size, "control_size": control_size}
    try:
        first = batches(control, segment, number, seed=seeds[0], **rules)
        used = used_by(one for drawn in first for one in drawn_people(drawn))
        again = batches(control, segment, 1, seed=seeds[1], used=used, **rules)
    except RegistrationError as error:
        assume(_drawable(error))
        raise
    everyone = [one for drawn in [*first, *again] for one in drawn_people(drawn)]
    assert len(everyone) == (number + 1) * (size + control_size)
    assert len({one.account for one in everyone}) == len(everyone)
    keys = [key for one in everyone for key in one.identifiers]
    assert len(set(keys)) == len(keys)
    for look, drawn in enumerate(first, start=1):
        assert {one.look for arm in Arm for one in drawn.arm(arm).assignments} == {look}
        for arm, wanted in ((Arm.CONTROL, control_size), (Arm.SEGMENT, size)):
            assert len(drawn.arm(arm).assignments) == wanted
            of_arm = drawn.arm(arm)
            assert of_arm.n_listed == wanted + sum(of_arm.left_out.values())


@settings(max_examples=40)
@given(
    control=_list, segment=_list, seed=st.integers(0, 99), random=st.randoms(use_true_random=False)
)
def test_later_batches_do_not_depend_on_the_order_of_the_rows(
    control: ContactList, segment: ContactList, seed: int, random: Any
) -> None:
    """The same seed draws the same batches, however the two lists are sorted."""
    try:
        one = batches(control, segment, 3, seed=seed)
    except RegistrationError as error:
        assume(_drawable(error))
        raise
    shuffled = []
    for listed in (control, segment):
        contacts = list(listed.contacts)
        random.shuffle(contacts)
        shuffled.append(replace(listed, contacts=tuple(contacts)))
    assert one == batches(shuffled[0], shuffled[1], 3, seed=seed)


def test_who_is_left_is_counted() -> None:
    """The companies of the new list that nobody has used, and the people at them."""
    segment = people(
        *(person(f"{name}@c{number}.example") for number in range(10, 20) for name in "abc")
    )
    first, second = batches(companies(range(10)), segment, 2, size=3, control_size=3)
    # By hand: ten companies of three people; three are used by each batch.
    assert (first.left[Arm.SEGMENT], second.left[Arm.SEGMENT]) == ((7, 21), (4, 12))
    assert (first.left[Arm.CONTROL], second.left[Arm.CONTROL]) == ((7, 7), (4, 4))
    assert second.segment.left_out["already-used"] == 9


@pytest.mark.parametrize(
    ("today", "new"),
    [
        (range(24), range(24, 48)),
        (range(30), range(14)),  # the new list is part of today's
        (range(24), range(18, 36)),  # a third of the new list is on today's
    ],
)
def test_every_company_is_equally_likely_in_a_later_batch(today: range, new: range) -> None:
    """The second batch is a simple random sample of the whole lists, and so are both together.

    Without care today's later samples would hold too few of the new list's companies: the first
    new sample has taken some of them.
    """
    runs, size = 800, 3
    seen: dict[tuple[int, Arm], Counter[str]] = {}
    for seed in range(runs):
        for look, drawn in enumerate(
            batches(companies(today), companies(new), 2, size=size, control_size=size, seed=seed)
        ):
            for arm in Arm:
                seen.setdefault((look, arm), Counter()).update(
                    one.contact.account for one in drawn.arm(arm).assignments
                )
    for arm, listed in ((Arm.CONTROL, today), (Arm.SEGMENT, new)):
        second, both = seen[1, arm], seen[0, arm] + seen[1, arm]
        for counted, n_drawn in ((second, size), (both, 2 * size)):
            expected = Fraction(runs * n_drawn, len(listed))
            chi_square = sum(
                (counted[f"c{name}.example"] - expected) ** 2 / expected for name in listed
            )
            # The mean of chi-square is its degrees of freedom, its variance twice that; draws
            # without replacement vary less. 5 standard deviations above is beyond chance.
            degrees = len(listed) - 1
            assert chi_square < degrees + 5 * (2 * degrees) ** 0.5


def test_a_test_that_repeats_another_has_its_share_of_the_new_list() -> None:
    """Today's second sample holds the new list's companies as often as today's list does."""
    today, new = companies(range(60)), companies(range(28))
    runs, size, shared = 800, 6, 0
    for seed in range(runs):
        (first,) = batches(today, new, 1, size=size, control_size=size, seed=seed)
        (again,) = batches(
            today,
            new,
            1,
            size=size,
            control_size=size,
            seed=seed + runs,
            used=used_by(drawn_people(first)),
        )
        shared += sum(
            int(one.contact.account.removesuffix(".example")[1:]) < 28
            for one in again.control.assignments
        )
    # By hand: 28 of 60; 6 draws without replacement a run, standard error of the mean share
    # below sqrt(.467 * .533 / 4800) = .0072, five of them.
    assert abs(shared / (runs * size) - 28 / 60) < 0.036
