"""Learned: what the finished tests say of the next one, before it has any data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest import stats
from icptest.baselines import ASSUMED, Baseline, baseline_from
from icptest.errors import StoreError
from icptest.past import finished, past_tests, same_client
from icptest.stats import Prior, Stratum
from icptest.workspace import known_experiments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from icptest.past import PastTest
    from icptest.stats import LearnedRates
    from icptest.workspace import Workspace

FEWEST_TESTS = 2
"""One test is not a record."""
FEWEST_OTHERS = 2
"""Other clients' tests are pooled only from so many on: of one, what is pooled less one's own
would be that client's numbers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What is believed of the next test.

    Attributes:
        prior: Of the rate and the lift, as a registration keeps it.
        n_tests: From how many finished tests.
        all_clients: Whether other clients' tests are among them.
    """

    prior: Prior
    n_tests: int
    all_clients: bool


def learned_in(workspace: Workspace, *, client: str, as_of: datetime) -> Learned | None:
    """Return what the finished tests of a workspace teach; None where it is nothing yet.

    It is what a plan and a registration begin with, and hinders neither: a database that cannot
    be read teaches nothing.
    """
    if len(known_experiments(workspace)) < FEWEST_TESTS:
        return None
    try:
        tests = past_tests(workspace, as_of=as_of)
    except StoreError:
        return None
    return learned_from(tests, client=same_client(client))


def baseline_in(workspace: Workspace, *, as_of: datetime) -> Baseline:
    """Return the rate that a plan in a workspace reckons with."""
    learned = learned_in(workspace, client=workspace.client, as_of=as_of)
    if learned is None:
        return ASSUMED
    return baseline_from(learned.prior, learned.n_tests)


def learned_from(tests: Sequence[PastTest], *, client: str) -> Learned | None:
    """Return what a client's tests teach; of too few, all clients' together; else None.

    Args:
        tests: Of the whole workspace.
        client: Whose, as clients are compared; "": tests without a client.
    """
    done = finished(tests)
    own = [test for test in done if test.client == client]
    if len(own) >= FEWEST_TESTS:
        return _learned(own, all_clients=False)
    if n_others(done, client) >= FEWEST_OTHERS:
        return _learned(done, all_clients=True)
    return None


def n_others(tests: Iterable[PastTest], client: str) -> int:
    """Return how many other clients have tests among these; those without one are one too."""
    return len({test.client for test in tests} - {client})


def rates_of(tests: Iterable[PastTest]) -> LearnedRates:
    """Return what tests say of the rate of positive replies on the next list of today.

    Tests of one family share today's people, who are counted once.
    """
    families: set[tuple[str, str]] = set()
    pairs: list[tuple[int, int]] = []
    for test in tests:
        if test.counts is None or test.experiment is None:
            continue
        if test.experiment.family:
            family = (test.client, test.experiment.family)
            if family in families:
                continue
            families.add(family)
        pairs.append((test.counts.control_events, test.counts.control_total))
    return stats.learn_rates(events=[one for one, _ in pairs], totals=[one for _, one in pairs])


def strata_of(tests: Iterable[PastTest]) -> list[Stratum]:
    """Return the counts of finished tests."""
    return [Stratum(**test.counts.table) for test in tests if test.counts is not None]


def _learned(tests: Sequence[PastTest], *, all_clients: bool) -> Learned:
    rates = rates_of(tests)
    spread = stats.pool_effects(studies=strata_of(tests)).spread_around_one
    return Learned(
        prior=Prior(control=rates.control, log_lift_sd=float(f"{spread:.3g}")),
        n_tests=len(tests),
        all_clients=all_clients,
    )
