"""Baselines: how many people reply positively, until one knows it of one's own list.

Published averages disagree by a factor of five or more and mix denominators. They are here only
to start from; whoever has a finished campaign uses its rate instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icptest.stats import Prior


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What somebody has published.

    Attributes:
        name: Who says it.
        address: Where.
        published_on: When the page is dated; None where it is not.
        low_rate: Positive replies per person mailed: the average, or the lower end of a range.
        high_rate: The upper end; the same as `low_rate` for an average.
    """

    name: str
    address: str
    published_on: date | None
    low_rate: float
    high_rate: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """The rate of positive replies on today's list that a plan reckons with.

    Attributes:
        rate: Positive replies per person reached.
        assumed: Whether it is a published figure, not one's own.
        n_tests: From how many finished tests it is learned; 0: it is not.
    """

    rate: float
    assumed: bool
    n_tests: int = 0


def baseline_from(prior: Prior, n_tests: int) -> Baseline:
    """Return the rate that was learned from finished tests, to the digits that are said."""
    a, b = prior.control
    return Baseline(rate=float(f"{a / (a + b):.2g}"), assumed=False, n_tests=n_tests)


PUBLISHED = (
    # 3.43 % reply (Instantly's benchmark report 2026), 14.1 % of replies are positive (Prospeo).
    Published(
        name="Instantly and Prospeo, in growthengineer.ai",
        address="https://growthengineer.ai/blog/cold-email-reply-rate-benchmarks-2026",
        published_on=None,
        low_rate=0.0048,
        high_rate=0.0048,
    ),
    # Average; 0.2 % in the bottom tenth, 4 to 6 % in the top tenth.
    Published(
        name="Cleanlist",
        address="https://www.cleanlist.ai/blog/2026-02-18-cold-email-response-rate-statistics",
        published_on=date(2026, 2, 18),
        low_rate=0.014,
        high_rate=0.014,
    ),
    # Called healthy; below 0.5 % underperforming, from 3 % strong.
    Published(
        name="Prymatica",
        address="https://www.prymatica.com/blog/cold-email-metrics",
        published_on=None,
        low_rate=0.01,
        high_rate=0.02,
    ),
)
ASSUMED = Baseline(rate=0.01, assumed=True)
"""The round number among the published figures."""

MEETING_SHARE = 0.5
"""Positive replies that become a meeting: 0.7 % of 1.4 % of the people mailed (Cleanlist)."""
