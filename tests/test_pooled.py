"""A test read together with those it repeats."""

from __future__ import annotations

import pytest

from icptest.evidence import Counts
from icptest.pooled import pool
from icptest.stats import NotEstimable


def counts(control: int, segment: int, total: int = 500) -> Counts:
    """Return positive replies of equally many people on both lists."""
    return Counts(
        control_events=control, control_total=total, segment_events=segment, segment_total=total
    )


def test_equal_tests_pool_to_what_each_says() -> None:
    """Mantel and Haenszel's ratio of two tests of the same size and counts is that of one."""
    found = pool(counts(5, 12), {"first": counts(5, 12)}, confidence=0.9)
    assert found.names == ("first",)
    assert (found.control_events, found.control_total) == (10, 1000)
    assert (found.segment_events, found.segment_total) == (24, 1000)
    assert found.lift.estimate == pytest.approx(2.4)


def test_more_tests_make_the_range_narrower() -> None:
    """Twice as many replies tell more of the same lift."""
    alone = pool(counts(5, 12), {"a": counts(0, 0)}, confidence=0.9).lift
    both = pool(counts(5, 12), {"a": counts(5, 12)}, confidence=0.9).lift
    for lift in (alone, both):
        assert not isinstance(lift.low, NotEstimable)
        assert not isinstance(lift.high, NotEstimable)
    assert alone.low < both.low < 2.4 < both.high < alone.high  # type: ignore[operator]


def test_different_baselines_are_strata() -> None:
    """A week with twice the replies on both lists leaves the lift as it is: 2x and 2x are 2x."""
    found = pool(counts(5, 10), {"good-week": counts(10, 20)}, confidence=0.9)
    assert found.lift.estimate == pytest.approx(2.0)


def test_no_positive_reply_has_no_lift() -> None:
    """Nothing to read is said, not invented."""
    found = pool(counts(0, 0), {"first": counts(0, 0)}, confidence=0.9)
    assert isinstance(found.lift.estimate, NotEstimable)
