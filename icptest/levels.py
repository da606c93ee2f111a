"""Levels: the share of alpha that one look of one test of a family may use.

A test that is registered for several looks spends alpha over them (Lan and DeMets, the spending
function like O'Brien and Fleming's); its information at look k of K is the planned share k / K.
Tests of one family share alpha by Holm's method: of m tests that nobody has decided, each has
alpha / m; what one of them rejects leaves its share to the others. First the family shares alpha,
then each test spends its part over its looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from icptest import stats
from icptest.evidence import passes_quickly
from icptest.protocol import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icptest.evidence import Counts
    from icptest.protocol import Protocol

LEAST_LEVEL = 1e-5
"""Ten times the share of error that the exact tests set aside (gamma, 1e-6): a look whose level
is lower cannot stop a test."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Levels:
    """One-sided levels of the tests of one look.

    Attributes:
        rule: Level of the tests of "lift <= 1" and "lift <= threshold", and of the intervals.
        misses: Level of the test of "lift >= threshold".
        may_stop: Whether this look may scale at all: not where its level is below `LEAST_LEVEL`,
            which then stands for it.
    """

    rule: float
    misses: float
    may_stop: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where one test of a family stands.

    Attributes:
        protocol: Its rules.
        look: Number of the batch it has come to, from 1.
        counts: Its positive replies and people reached; None before its replies are in, when
            none of its tests is rejected.
    """

    protocol: Protocol
    look: int
    counts: Counts | None


def levels_of(name: str, family: Mapping[str, Standing]) -> Levels:
    """Return the levels of one test.

    Args:
        name: The test.
        family: The tests that share alpha with it, itself included, by name.
    """
    protocol, look = family[name].protocol, family[name].look
    rule = look_level(protocol, look, share=holm(_rejections(family, misses=False))[name])
    misses = look_level(protocol, look, share=holm(_rejections(family, misses=True))[name])
    return Levels(
        rule=max(rule, LEAST_LEVEL),
        misses=max(misses, LEAST_LEVEL),
        may_stop=rule >= LEAST_LEVEL,
    )


def look_level(protocol: Protocol, look: int, *, share: float = 1.0) -> float:
    """Return the level of one look, given the test's share of its family's alpha.

    Args:
        protocol: For alpha and the number of looks.
        look: From 1 to `protocol.looks`.
        share: In (0, 1].
    """
    return _spent(protocol.looks, protocol.alpha * share)[look - 1]


def holm(rejections: Mapping[str, Callable[[float], bool]]) -> dict[str, float]:
    """Return the share of alpha at which Holm's method rejected each test, or stopped.

    The tests that are rejected at alpha / m leave m' others, which then have alpha / m' each, and
    so on until none is rejected. It asks for decisions, not p-values, because a test passes only
    where its interval agrees.

    Args:
        rejections: By name, whether the test is rejected at a share of alpha.

    References:
        Holm 1979 Scandinavian Journal of Statistics 6:65.
    """
    shares: dict[str, float] = {}
    left = dict(rejections)
    while left:
        share = 1.0 / len(left)
        rejected = [name for name, at in left.items() if at(share)]
        if not rejected:
            return shares | dict.fromkeys(left, share)
        for name in rejected:
            shares[name] = share
            del left[name]
    return shares


def _rejections(
    family: Mapping[str, Standing], *, misses: bool
) -> dict[str, Callable[[float], bool]]:
    if len(family) == 1:
        # Alone, a test has all of alpha, whatever it finds.
        return dict.fromkeys(family, lambda _share: False)
    return {name: _Rejection(one, misses=misses) for name, one in family.items()}


class _Rejection:
    """Whether the test that the rule asks for, or that of missing, is rejected at a share."""

    def __init__(self, standing: Standing, *, misses: bool) -> None:
        self._standing = standing
        self._misses = misses

    def __call__(self, share: float) -> bool:
        """Tell whether it is."""
        protocol, counts = self._standing.protocol, self._standing.counts
        if counts is None:
            return False
        level = look_level(protocol, self._standing.look, share=share)
        if level < LEAST_LEVEL:
            return False
        if self._misses:
            return passes_quickly(counts, ratio=protocol.threshold, level=level, alternative="less")
        ratio = protocol.threshold if protocol.rule is Rule.PROVEN else 1.0
        return passes_quickly(counts, ratio=ratio, level=level)


@lru_cache(maxsize=64)
def _spent(looks: int, alpha: float) -> tuple[float, ...]:
    if looks == 1:
        return (alpha,)
    return stats.spending_boundaries(
        information=[(look + 1) / looks for look in range(looks)], alpha=alpha
    ).levels
