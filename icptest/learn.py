"""Learn: what the finished tests of a workspace teach, by filter and by layer.

Tests of different clients stay apart. By name, and by filter, only the tests of one client are
shown: the one that is asked for, else the workspace's own (tests without a client, where it has
none). Of all clients together there are counts, rates and layers alone, and only where at least
two other clients have finished tests, so that nobody's numbers can be told from a difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest import stats
from icptest.decision import Answer
from icptest.errors import InputError
from icptest.icp.criteria import Layer, parse_criterion
from icptest.learned import (
    FEWEST_OTHERS,
    FEWEST_TESTS,
    learned_from,
    n_others,
    rates_of,
    strata_of,
)
from icptest.past import finished, same_client

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icptest.learned import Learned
    from icptest.past import LeftOut, PastTest
    from icptest.stats import GroupEffect, LearnedRates, PooledEffect

STANDS_OUT = 0.05
WITHIN = 1.5
"""How closely a lift should be known before it is called a record to plan by, either way."""
LAYERS = (Layer.FIRMOGRAPHIC, Layer.TECHNOGRAPHIC, Layer.BEHAVIORAL)
"""The layers that filters are of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """The record of a filter or a layer.

    Attributes:
        layer: The layer; None where a filter is written as no version knows it any more.
        filter: The filter in one line; "" of a layer.
        n_tests: In how many finished tests the new list was made with it.
        n_scaled: How many of these were scaled.
        effect: Their lift, drawn to that of the others; None: one test is not a record.
    """

    layer: Layer | None
    filter: str
    n_tests: int
    n_scaled: int
    effect: GroupEffect | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """What the tests of all clients say together.

    Attributes:
        n_tests: Finished tests.
        n_clients: Clients that have some.
        n_scaled: How many were scaled.
        rates: Positive replies on today's lists.
        pooled: The lift of narrowing.
        layers: The record by layer.
    """

    n_tests: int
    n_clients: int
    n_scaled: int
    rates: LearnedRates
    pooled: PooledEffect
    layers: tuple[Track, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """What the finished tests of one client teach.

    Attributes:
        tests: All registered tests of the client, the oldest first.
        finished: Those that something is learned from.
        left_out: How many are not, by reason; unreadable ones of any client.
        n_without_profile: Finished tests registered without a profile.
        n_scaled: Finished tests that were scaled.
        pooled: The lift of narrowing; None of fewer than two finished tests.
        rates: Positive replies on today's lists; None likewise.
        layers: The record by layer.
        filters: The record by filter, the best known first.
        needed: About how many tests tell a lift to within `WITHIN` either way; None likewise.
        learned: What the next test begins with, if anything is learned.
        together: All clients together; None where that is too few.
    """

    tests: tuple[PastTest, ...]
    finished: tuple[PastTest, ...]
    left_out: Mapping[LeftOut, int]
    n_without_profile: int
    n_scaled: int
    pooled: PooledEffect | None
    rates: LearnedRates | None
    layers: tuple[Track, ...]
    filters: tuple[Track, ...]
    needed: int | None
    learned: Learned | None
    together: Together | None

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Every layer and filter that was looked at."""
        return (*self.layers, *self.filters)

    @property
    def best(self) -> Track | None:
        """The layer with the highest lift, among those with a record; else the best filter."""
        for group in (self.layers, self.filters):
            known = [track for track in group if track.effect is not None]
            if known:
                return max(known, key=lambda track: track.effect.median if track.effect else 0.0)
        return None


def learn(tests: Sequence[PastTest], *, client: str) -> Learning:
    """Return what finished tests teach.

    Args:
        tests: Of the whole workspace.
        client: Whose tests are shown; "": those without a client.
    """
    client = same_client(client)
    own = tuple(test for test in tests if test.experiment is not None and test.client == client)
    done = finished(own)
    enough = len(done) >= FEWEST_TESTS
    with_profile = [test for test in done if _profiled(test)]
    layers, filters = _tracks(with_profile, by_filter=True)
    return Learning(
        tests=own,
        finished=done,
        left_out=Counter(
            test.left_out
            for test in (*own, *(one for one in tests if one.experiment is None))
            if test.left_out is not None
        ),
        n_without_profile=len(done) - len(with_profile),
        n_scaled=_n_scaled(done),
        pooled=stats.pool_effects(studies=strata_of(done)) if enough else None,
        rates=rates_of(done) if enough else None,
        layers=layers,
        filters=filters,
        needed=stats.studies_needed(studies=strata_of(done), factor=WITHIN) if enough else None,
        learned=learned_from(tests, client=client),
        together=_together(finished(tests), client),
    )


def search(tests: Iterable[PastTest], words: Sequence[str]) -> tuple[PastTest, ...]:
    """Return the tests whose name, hypothesis, filters and owner contain all the words."""
    asked = [word.casefold() for text in words for word in text.split()]
    return tuple(test for test in tests if all(word in _text(test) for word in asked))


def _text(test: PastTest) -> str:
    one = test.experiment
    if one is None:
        return test.name
    profile = () if one.icp is None else (one.icp.name, *one.icp.filters, *one.icp.disqualifiers)
    return "\n".join((test.name, one.hypothesis, one.owner, *profile)).casefold()


def _together(done: Sequence[PastTest], client: str) -> Together | None:
    if n_others(done, client) < FEWEST_OTHERS:
        return None
    layers, _ = _tracks([test for test in done if _profiled(test)], by_filter=False)
    return Together(
        n_tests=len(done),
        n_clients=len({test.client for test in done}),
        n_scaled=_n_scaled(done),
        rates=rates_of(done),
        pooled=stats.pool_effects(studies=strata_of(done)),
        layers=layers,
    )


def _profiled(test: PastTest) -> bool:
    return test.experiment is not None and test.experiment.icp is not None


def _n_scaled(tests: Iterable[PastTest]) -> int:
    return sum(test.answer is Answer.SCALE for test in tests)


def _tracks(
    tests: Sequence[PastTest], *, by_filter: bool
) -> tuple[tuple[Track, ...], tuple[Track, ...]]:
    """Return the record by layer and by filter, from tests that have a profile."""
    layers: dict[Layer, list[int]] = {}
    filters: dict[str, list[int]] = {}
    spelled: dict[str, tuple[str, Layer | None]] = {}
    for place, test in enumerate(tests):
        profile = None if test.experiment is None else test.experiment.icp
        for text in () if profile is None else profile.filters:
            said, layer = _read(text)
            key = said.casefold()
            spelled.setdefault(key, (said, layer))
            if place not in filters.setdefault(key, []):
                filters[key].append(place)
            if layer is not None and place not in layers.setdefault(layer, []):
                layers[layer].append(place)
    shown = [layer for layer in LAYERS if layer in layers]
    keys = list(filters) if by_filter else []
    groups = [*(layers[layer] for layer in shown), *(filters[key] for key in keys)]
    effects = (
        stats.group_effects(studies=strata_of(tests), groups=groups)
        if len(tests) >= FEWEST_TESTS
        else [None] * len(groups)
    )
    tracks = [
        Track(
            layer=layer,
            filter=text,
            n_tests=len(group),
            n_scaled=_n_scaled(tests[place] for place in group),
            effect=effect if len(group) >= FEWEST_TESTS else None,
        )
        for (text, layer), group, effect in zip(
            [*(("", layer) for layer in shown), *(spelled[key] for key in keys)],
            groups,
            effects,
            strict=True,
        )
    ]
    by_layer, by_text = tracks[: len(shown)], tracks[len(shown) :]
    by_text.sort(key=lambda track: (-track.n_tests, track.filter.casefold()))
    return tuple(by_layer), tuple(by_text)


def _read(text: str) -> tuple[str, Layer | None]:
    """Return a filter as it is written today, and its layer."""
    try:
        criterion = parse_criterion(text, option="[icp]")
    except InputError:
        return text, None
    return str(criterion), criterion.layer
