"""The rules of a test, and their bounds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.errors import RegistrationError
from icptest.protocol import Protocol, Rule, Steps


def test_the_defaults_are_the_articles() -> None:
    """Every default of docs/reference/registration.md."""
    assert Protocol().to_mapping() == {
        "size": 500,
        "control_size": 500,
        "send_window_hours": 48,
        "settle_business_days": 5,
        "steps": "all",
        "threshold": 2.0,
        "alpha": 0.05,
        "rule": "lift-and-evidence",
        "looks": 1,
    }


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("size", 1, 1_000_000),
        ("send_window_hours", 1, 1440),
        ("settle_business_days", 1, 60),
        ("looks", 1, 5),
    ],
)
def test_a_whole_number_is_held_to_its_bounds(field: str, low: int, high: int) -> None:
    """Both bounds are inside, one beyond them is not, and neither is a fraction or a flag (pin)."""
    for value in (low, high):
        assert getattr(Protocol.from_mapping({field: value}), field) == value
    wrong: tuple[Any, ...] = (low - 1, high + 1, True, float(low), str(low), None)
    for value in wrong:
        with pytest.raises(RegistrationError, match="bad-protocol") as caught:
            Protocol.from_mapping({field: value})
        assert (field, value) == (caught.value.facts["field"], caught.value.facts["value"])


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("threshold", (1.01, 1.5, 2, 100), (1, 1.0, 0.5, 100.1, float("nan"), float("inf"), "2")),
        # The tests need a level below .5 and above their own Berger-Boos share of 1e-6.
        ("alpha", (0.0001, 0.05, 0.49), (0, 0.0, 0.00009, 0.5, 1, -0.1, float("nan"), True)),
    ],
)
def test_a_number_is_held_to_its_bounds(
    field: str, good: tuple[Any, ...], bad: tuple[Any, ...]
) -> None:
    """What the exact tests cannot use is refused at registration, not at the verdict."""
    for value in good:
        assert getattr(Protocol.from_mapping({field: value}), field) == value
    for value in bad:
        with pytest.raises(RegistrationError, match="bad-protocol"):
            Protocol.from_mapping({field: value})


def test_control_is_never_smaller_than_the_segment() -> None:
    """It defaults to the size of the segment, may be larger, and not smaller."""
    assert Protocol(size=40).control_size == 40
    assert Protocol(size=40, control_size=90).control_size == 90
    with pytest.raises(RegistrationError, match="bad-protocol") as caught:
        Protocol(size=40, control_size=39)
    assert caught.value.facts["field"] == "control_size"
    with pytest.raises(RegistrationError, match="bad-protocol"):
        Protocol.from_mapping({"control_size": False})


@pytest.mark.parametrize(
    ("field", "written", "nearest"), [("rule", "prooven", "proven"), ("steps", "firsts", "first")]
)
def test_an_unknown_word_is_refused_with_the_nearest(
    field: str, written: str, nearest: str
) -> None:
    """The words that are allowed are in the error."""
    with pytest.raises(RegistrationError, match="bad-protocol") as caught:
        Protocol.from_mapping({field: written})
    assert caught.value.facts["nearest"] == nearest
    assert nearest in caught.value.facts["expected"]


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    """A "treshold" is told to be "threshold"."""
    with pytest.raises(RegistrationError, match="unknown-key") as caught:
        Protocol.from_mapping({"treshold": 2})
    assert (
        caught.value.facts["key"],
        caught.value.facts["nearest"],
    ) == ("protocol.treshold", "threshold")


@given(
    size=st.integers(1, 1000),
    more=st.integers(0, 1000),
    threshold=st.floats(1.0001, 99),
    alpha=st.floats(0.001, 0.4),
    rule=st.sampled_from(Rule),
    steps=st.sampled_from(Steps),
)
def test_a_protocol_survives_its_mapping(
    size: int, more: int, threshold: float, alpha: float, rule: Rule, steps: Steps
) -> None:
    """Written as plain values and read again, a protocol is the same."""
    protocol = Protocol(
        size=size,
        control_size=size + more,
        threshold=threshold,
        alpha=alpha,
        rule=rule,
        steps=steps,
    )
    mapping = protocol.to_mapping()
    assert {str, int, float} >= {type(value) for value in mapping.values()}
    assert protocol == Protocol.from_mapping(mapping)
