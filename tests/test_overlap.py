"""What two lists share: told without drawing, and as the draw then has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.contacts import Contact, ContactList
from icptest.draw import draw_arms
from icptest.errors import RegistrationError
from icptest.overlap import Overlap, compare_lists
from icptest.protocol import Protocol


def listed(names: range) -> ContactList:
    """Return a list with one person at each of some companies."""
    people = tuple(
        Contact(
            identifiers=(f"p@c{name}.example",), account=f"c{name}.example", title="", cells=("",)
        )
        for name in names
    )
    return ContactList(
        path=Path("list.csv"), header=("Email",), roles={}, n_rows=len(people), contacts=people,
        left_out={},
    )  # fmt: skip


def test_a_segment_that_is_part_of_today() -> None:
    """812 of 3,000 companies: w = .27, no lift above 3.69; control is expected to use 135."""
    told = compare_lists(listed(range(3000)), listed(range(812)), Protocol())
    assert (told.n_control, told.n_segment, told.n_shared) == (3000, 812, 812)
    assert told.is_part
    assert told.ceiling == pytest.approx(3000 / 812)
    # 500 x 812 / 3000 = 135.3; 812 - 135 - 500 = 177.
    assert (told.n_in_control, told.n_left, told.fits) == (135, 177, True)


def test_lists_that_share_nothing() -> None:
    """There is no ceiling, and control takes nothing of the new list."""
    told = compare_lists(listed(range(600)), listed(range(1000, 1700)), Protocol())
    assert (told.share, told.ceiling, told.is_part) == (0.0, None, False)
    assert (told.n_in_control, told.n_left, told.largest) == (0, 200, 600)


def test_too_much_of_today_is_refused() -> None:
    """A new list that is half of today's cannot reach 2x; `new` refuses it in the same words."""
    with pytest.raises(RegistrationError, match="ceiling-too-low"):
        compare_lists(listed(range(1000)), listed(range(500)), Protocol())
    with pytest.raises(RegistrationError, match="nobody-left"):
        compare_lists(listed(range(1000)), listed(range(0)), Protocol())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 90), st.integers(10, 200), st.integers(1, 60), st.integers(0, 9))
def test_a_draw_uses_about_what_was_told(shared: int, more: int, size: int, seed: int) -> None:
    """Nothing is told that the draw of the same lists contradicts."""
    today, new = listed(range(300)), listed(range(300 - shared, 300 + more))
    protocol = Protocol(size=size, control_size=max(size, 100))
    told = compare_lists(today, new, protocol)
    # Of 100 of 300 companies the shared ones vary by a standard deviation of 4: leave six.
    if told.n_left < 24:
        return
    drawn = draw_arms(control=today, segment=new, size=size, control_size=max(size, 100), seed=seed)
    assert (drawn.share, drawn.is_part) == (told.share, told.is_part)
    assert abs(drawn.n_segment_in_control - told.n_in_control) <= 24
    assert abs(drawn.n_segment_left - told.n_left) <= 24


def test_the_largest_size_is_what_fits() -> None:
    """At the largest equal size both lists are just long enough."""
    short = Overlap(n_control=400, n_segment=300, n_shared=100, size=500, control_size=500)
    assert not short.fits
    assert short.largest == 240
    fitting = Overlap(n_control=400, n_segment=300, n_shared=100, size=240, control_size=240)
    assert fitting.fits
    assert (fitting.n_in_control, fitting.n_left) == (60, 0)
