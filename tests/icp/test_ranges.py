"""Ranges of numbers: what a text means, and which numbers it holds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.icp.ranges import Range, read_range, read_scaled, scale_said, written_range

INF = math.inf


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("120", 120, 120),
        ("1,200", 1200, 1200),
        ("1.200", 1200, 1200),
        ("10'000", 10000, 10000),
        ("1,234,567.89", 1234567.89, 1234567.89),
        ("\u20ac1.200,50", 1200.5, 1200.5),
        ("12.5", 12.5, 12.5),
        ("12,5", 12.5, 12.5),
        ("51-200 employees", 51, 200),
        ("51 \u2013 200", 51, 200),
        ("51 to 200", 51, 200),
        ("10k+", 10_000, INF),
        ("5001+", 5001, INF),
        ("200 or more", 200, INF),
        (">= 50", 50, INF),
        ("at least 50", 50, INF),
        ("up to 10", -INF, 10),
        ("<= 10", -INF, 10),
        ("$5M to $25M", 5e6, 25e6),
        ("5-25M", 5e6, 25e6),
        ("500-1k", 500, 1000),
        ("1.5M", 1.5e6, 1.5e6),
        ("$1.2 billion", 1.2e9, 1.2e9),
        ("1.200M", 1.2e6, 1.2e6),
        ("20%", 20, 20),
        ("20 %+", 20, INF),
        ("-5%", -5, -5),
        ("~120", 120, 120),
        ("$10 mil. - $25 mil.", 10e6, 25e6),
        ("$1 bil. - $5 bil.", 1e9, 5e9),
        ("Over $5 bil.", math.nextafter(5e9, INF), INF),
        ("3 Mio. \u20ac", 3e6, 3e6),
        ("1,5 Mrd. EUR", 1.5e9, 1.5e9),
    ],
)
def test_what_people_write_is_read(text: str, low: float, high: float) -> None:
    """Marks between thousands, scales, currencies and open ends, by hand."""
    assert read_range(text) == Range(low=low, high=high)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "mid-market",
        "250-50",
        "5x",
        "1-2-3",
        "50 - ",
        "up to 5-10",
        "1" * 81,
        "12/40",
    ],
)
def test_what_is_no_range_is_none(text: str) -> None:
    """Words, turned ranges and cells that are too long mean no number."""
    assert read_range(text) is None


def test_under_and_over_leave_the_number_itself_out() -> None:
    """Under 50 does not hold 50, and holds 49.9; over 50 the other way round."""
    under, over = read_range("under 50"), read_range("over 50")
    assert under is not None
    assert over is not None
    for span, number, held in [
        (under, 50, False),
        (under, 49.9, True),
        (over, 50, False),
        (over, 50.1, True),
    ]:
        assert span.holds(Range(low=number, high=number)) is held


@pytest.mark.parametrize(
    ("cell", "held"),
    [("51-200", True), ("201-500", None), ("251-500", False), ("11-50", None), ("1-10", False)],
)
def test_a_range_in_a_cell_is_in_out_or_not_known(cell: str, held: bool | None) -> None:
    """Of 50-250: 51-200 lies in it, 251-500 outside, 201-500 may be either."""
    span = read_range(cell)
    assert span is not None
    assert Range(low=50, high=250).holds(span) is held


_numbers = st.one_of(
    st.integers(0, 10**9).map(float),
    st.floats(0.01, 1e6, allow_nan=False).map(lambda number: round(number, 2)),
)


@given(_numbers, _numbers, st.sampled_from(["-", "+", "up to", "over", "under", "="]))
def test_a_written_range_is_read_as_itself(one: float, other: float, form: str) -> None:
    """What a definition writes is what it reads again."""
    low, high = min(one, other), max(one, other)
    span = {
        "-": Range(low=low, high=high),
        "+": Range(low=low, high=INF),
        "up to": Range(low=-INF, high=high),
        "over": Range(low=math.nextafter(float(int(low)), INF), high=INF),
        "under": Range(low=-INF, high=math.nextafter(float(int(high)), -INF)),
        "=": Range(low=low, high=low),
    }[form]
    assert read_range(written_range(span)) == span


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    """Any cell is a range in order, or none."""
    span = read_range(text)
    assert span is None or span.low <= span.high


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("Revenue (in 000s USD)", 1e3),
        ("Revenue in thousands", 1e3),
        ("Umsatz (Tsd. EUR)", 1e3),
        ("Revenue ($K)", 1e3),
        ("ARR (m)", 1e6),
        ("Revenue in millions", 1e6),
        ("Umsatz Mio EUR", 1e6),
        ("Annual Revenue", 1),
        ("Revenue (m/m)", 1),
        ("Revenue 2000s", 1),
    ],
)
def test_a_column_may_count_thousands(name: str, scale: float) -> None:
    """As data providers and accountants name such columns, by hand."""
    assert scale_said(name) == scale


@pytest.mark.parametrize(
    ("text", "low"), [("25,000", 25e6), ("25000 USD", 25e6), ("$5M", 5e6), ("5 mil.", 5e6)]
)
def test_a_cell_with_a_scale_of_its_own_is_taken_at_its_word(text: str, low: float) -> None:
    """In a column of thousands."""
    assert read_scaled(text, 1e3) == Range(low=low, high=low)
