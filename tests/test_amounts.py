"""Amounts as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.amounts import read_lift, read_money, read_rate
from icptest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        *(("1%", 0.01), ("1 %", 0.01), (" 0.8% ", 0.008), ("0,5 %", 0.005), ("0.01", 0.01)),
        *((".5%", 0.005), ("99.9%", 0.999), ("0.00003", 0.00003)),
    ],
)
def test_rates(text: str, rate: float) -> None:
    """Per cent or a share, with a point or a comma."""
    assert read_rate(text, option="--baseline") == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "1",
        "0",
        "0%",
        "100%",
        "-1%",
        "1%%",
        "1% of all",
        "1e-2",
        "nan",
        "½",
        "1.2.3%",
        "1%x",
    ],
)
def test_what_is_no_rate(text: str) -> None:
    """A bare 1 may mean 1 % or everybody, so it is refused; nobody and everybody are no rates."""
    with pytest.raises(InputError, match="bad-amount") as caught:
        read_rate(text, option="--baseline")
    assert caught.value.facts["option"] == "--baseline"
    assert caught.value.facts["value"] == text


def test_a_rate_that_may_mean_per_cent_is_refused() -> None:
    """Above what is usual, a number without a % sign is refused with all it may mean."""
    with pytest.raises(InputError, match="rate-unclear") as caught:
        read_rate("0.8", option="--baseline", usual=0.2)
    facts = caught.value.facts
    assert (facts["low"], facts["bare"], facts["high"]) == ("0.8%", "0.008", "80%")
    for text, rate in (("0.19", 0.19), ("80%", 0.8), ("0.8%", 0.008)):
        assert read_rate(text, option="--baseline", usual=0.2) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(("text", "lift"), [("2", 2.0), ("2x", 2.0), ("1.5X", 1.5), ("2,5", 2.5)])
def test_lifts(text: str, lift: float) -> None:
    """A lift is written with or without its x."""
    assert read_lift(text, option="--lift") == lift


@pytest.mark.parametrize("text", ["", "0", "x", "-2", "two", "2 %", "inf", "9" * 400])
def test_what_is_no_lift(text: str) -> None:
    """Nothing, zero, words and what no float holds are refused."""
    with pytest.raises(InputError, match="bad-amount"):
        read_lift(text, option="--lift")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(("1.20", 1.2), ("1,20", 1.2), ("$1.20", 1.2), ("€ 80", 80.0), ("80 EUR", 80.0)),
        *(("1,200", 1200.0), ("$1,234,567.50", 1234567.5), ("400", 400.0)),
    ],
)
def test_money(text: str, amount: float) -> None:
    """A currency may stand on either side; a comma before three digits parts thousands."""
    assert read_money(text, option="--cost-per-contact") == amount


@pytest.mark.parametrize("text", ["", "$", "0", "-5", "1.2.3", "12 dollars", "1,23,456", "9" * 400])
def test_what_is_no_money(text: str) -> None:
    """Nothing, less than something, and what can be read in two ways are refused."""
    with pytest.raises(InputError, match="bad-amount"):
        read_money(text, option="--cost-per-contact")


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    """Nothing else is raised, and what is read is in bounds."""
    readers: list[Callable[..., float]] = [read_rate, read_lift, read_money]
    for reader in readers:
        try:
            amount = reader(text, option="--x")
        except InputError:
            continue
        assert 0 < amount <= 1e9
