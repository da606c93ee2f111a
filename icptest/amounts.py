"""Amounts: rates, lifts and money as people type them."""

from __future__ import annotations

import math
import re

from icptest.errors import InputError

_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MONEY = re.compile(r"[^\d.,\s-]{0,3}\s*([\d.,]+)\s*[^\d.,\s-]{0,3}")
_HIGHEST = 1e9


def read_rate(text: str, *, option: str, usual: float = 1.0) -> float:
    """Return a rate between none and all: "1%", "1 %", "0,5 %" or "0.01".

    Args:
        text: What was typed.
        option: The option it was typed for.
        usual: Below what such rates are: from there on a bare number may mean per cent.

    Raises:
        InputError: It is no rate ("bad-amount"), or one that can be read in two ways
            ("rate-unclear"). A bare 1 or more is none.
    """
    number, sign, rest = text.strip().partition("%")
    rate = _number(number)
    if rate is not None and not rest:
        rate = rate / 100 if sign else rate
        if 0 < rate < 1 and not sign and rate >= usual:
            raise InputError(
                "rate-unclear",
                option=option,
                value=text,
                low=f"{rate:.12g}%",
                bare=f"{rate / 100:.12g}",
                high=f"{100 * rate:.12g}%",
            )
        if 0 < rate < 1:
            return rate
    raise _bad_amount(text, option, expected="a rate above 0 % and below 100 %", example="1%")


def read_lift(text: str, *, option: str) -> float:
    """Return a lift: "2", "2x" or "1.5x".

    Args:
        text: What was typed.
        option: The option it was typed for.

    Raises:
        InputError: It is no lift ("bad-amount").
    """
    lift = _number(text.strip().lower().removesuffix("x"))
    if lift is not None and 0 < lift <= _HIGHEST:
        return lift
    raise _bad_amount(text, option, expected="a lift above 0, where 2 is twice", example="2")


def read_money(text: str, *, option: str) -> float:
    """Return an amount of money: "1.20", "$1,200" or "80 EUR". The currency is not kept.

    Args:
        text: What was typed.
        option: The option it was typed for.

    Raises:
        InputError: It is no amount above 0 ("bad-amount").
    """
    found = _MONEY.fullmatch(text.strip())
    if found is not None:
        plain = found[1].replace(",", "") if _THOUSANDS.fullmatch(found[1]) else found[1]
        amount = _number(plain)
        if amount is not None and 0 < amount <= _HIGHEST:
            return amount
    raise _bad_amount(text, option, expected="an amount of money above 0", example="1.20")


def _bad_amount(text: str, option: str, *, expected: str, example: str) -> InputError:
    return InputError("bad-amount", option=option, value=text, expected=expected, example=example)


def _number(text: str) -> float | None:
    """Return a plain number, with a point or a comma before its decimals, or None."""
    plain = text.strip().replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return None
    number = float(plain)
    return number if math.isfinite(number) else None
