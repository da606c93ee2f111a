"""Clustering: what it costs that several people of one company were mailed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from icptest import stats
from icptest.experiment import Arm
from icptest.tallies import Measure, happened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.outcomes import Outcome


def design_effect(
    outcomes: Mapping[Arm, Iterable[Outcome]], measure: Measure = Measure.POSITIVE
) -> float:
    """Return how much more the rates of one measure vary than those of single people.

    Measured over both arms together, never below 1; 1 where no company has two people, where
    nobody was reached, or where it cannot be measured. People without a company are their own.

    Args:
        outcomes: By arm.
        measure: What is counted: people of one company may all reply, and one book a meeting.
    """
    clusters = {arm: _clusters(outcomes[arm], measure) for arm in Arm}
    if not all(clusters.values()):
        return 1.0
    if all(total == 1 for group in clusters.values() for _, total in group):
        return 1.0
    return stats.design_effect(
        treatment_clusters=clusters[Arm.SEGMENT], control_clusters=clusters[Arm.CONTROL]
    ).used


def _clusters(outcomes: Iterable[Outcome], measure: Measure) -> list[tuple[int, int]]:
    """Return the people with an outcome and the people reached of each company."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for outcome in outcomes:
        if outcome.delivered:
            of_account = counts[outcome.contact.account]
            of_account[0] += happened(outcome, measure)
            of_account[1] += 1
    return [(events, total) for events, total in counts.values()]
