"""The share of alpha of one look, and of one test of a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.evidence import Counts
from icptest.levels import LEAST_LEVEL, Levels, Standing, holm, levels_of, look_level
from icptest.protocol import Protocol, Rule
from icptest.stats import adjust

if TYPE_CHECKING:
    from collections.abc import Callable


def standing(control: int, segment: int, **rules: object) -> Standing:
    """Return a settled test with so many positive replies of 500 each."""
    counts = Counts(
        control_events=control, control_total=500, segment_events=segment, segment_total=500
    )
    return Standing(protocol=Protocol(**rules), look=1, counts=counts)  # type: ignore[arg-type]


def test_alone_a_test_has_all_of_alpha() -> None:
    """Whatever it finds."""
    for segment in (0, 12, 40):
        found = levels_of("a", {"a": standing(5, segment)})
        assert found == Levels(rule=0.05, misses=0.05)


@pytest.mark.parametrize(
    ("looks", "levels"),
    # Lan-DeMets, O'Brien-Fleming-like, one-sided 0.05 (gsDesign; tests/stats/oracles/spending).
    [(1, [0.05]), (2, [0.00557, 0.04825])],
)
def test_looks_share_alpha(looks: int, levels: list[float]) -> None:
    """Next to nothing at first, nearly all at the end."""
    protocol = Protocol(looks=looks)
    found = [look_level(protocol, look + 1) for look in range(looks)]
    assert found == pytest.approx(levels, abs=5e-6)


def test_a_look_whose_level_is_next_to_nothing_cannot_stop() -> None:
    """Five looks leave the first 1.17e-5; three tests that share it leave less than 1e-5 each."""
    one = Standing(protocol=Protocol(looks=5), look=1, counts=None)
    alone = levels_of("a", {"a": one})
    assert alone.may_stop
    assert alone.rule == pytest.approx(1.17e-5, abs=1e-7)
    shared = levels_of("a", {"a": one, "b": one, "c": one})
    assert shared == Levels(rule=LEAST_LEVEL, misses=LEAST_LEVEL, may_stop=False)


def test_a_family_shares_alpha_by_holm() -> None:
    """A clear winner (40 against 5) leaves its share to the other; 12 against 5 then has .05.

    12 against 5 has p = .048 (the test passes from 12 on at .05): not at half of alpha alone.
    """
    family = {"clear": standing(5, 40), "close": standing(5, 12)}
    assert levels_of("clear", family).rule == pytest.approx(0.025)
    assert levels_of("close", family).rule == pytest.approx(0.05)
    both_close = {"one": standing(5, 12), "two": standing(5, 12)}
    assert levels_of("one", both_close).rule == pytest.approx(0.025)


def test_who_is_not_settled_keeps_its_share() -> None:
    """A test whose replies are not in is not decided, and its alpha is not given away."""
    waiting = Standing(protocol=Protocol(), look=1, counts=None)
    family = {"close": standing(5, 12), "waiting": waiting}
    assert levels_of("close", family).rule == pytest.approx(0.025)


def test_ruled_out_has_its_own_holm() -> None:
    """What is ruled out leaves its share of "lift >= 2", and nothing of "lift <= 1"."""
    family = {"bad": standing(30, 5), "open": standing(5, 12)}
    assert levels_of("open", family) == Levels(rule=0.025, misses=0.05)


def test_rule_proven_shares_the_test_of_the_threshold() -> None:
    """14 against 5 beats today's list beyond luck, but does not prove 2x: nothing is rejected."""
    family = {
        "a": standing(5, 14, rule=Rule.PROVEN),
        "b": standing(5, 14, rule=Rule.PROVEN),
    }
    assert levels_of("a", family).rule == pytest.approx(0.025)


@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=8), st.floats(0.001, 0.4))
def test_it_rejects_what_holm_rejects(p_values: list[float], alpha: float) -> None:
    """Of plain p-values: those whose adjusted one (checked in tests/stats) is at most alpha."""
    names = [str(number) for number in range(len(p_values))]
    of = dict(zip(names, p_values, strict=True))

    def rejected_at(name: str) -> Callable[[float], bool]:
        return lambda share: of[name] <= alpha * share

    shares = holm({name: rejected_at(name) for name in names})
    rejected = [of[name] <= alpha * shares[name] for name in names]
    adjusted = adjust(p_values, method="holm")
    # Rounding: alpha x (1 / m) against p x m.
    for is_rejected, p_value in zip(rejected, adjusted, strict=True):
        if abs(p_value - alpha) > 1e-12:
            assert is_rejected == (p_value <= alpha)
