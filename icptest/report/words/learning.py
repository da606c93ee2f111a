"""What `learn` says: what finished tests teach, and how much of it may be luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from icptest.baselines import baseline_from
from icptest.decision import Answer
from icptest.icp.criteria import Layer
from icptest.learn import STANDS_OUT, WITHIN
from icptest.past import LeftOut
from icptest.report.words.icp.criteria import both
from icptest.report.words.numbers import count, lift, odds, percent, rate, threshold

if TYPE_CHECKING:
    from icptest.learn import Learning, Together, Track
    from icptest.learned import Learned
    from icptest.stats import GroupEffect, LearnedRates, PooledEffect

HEADS = ("the new list asked for", "tests", "scaled", "lift", "likely range (90 %)")
FOUND_HEADS = ("test", "outcome", "lift", "likely range")
ANSWERS = {Answer.NOT_YET: "no verdict yet", Answer.INVALID: "stopped by a check"}
ANY_OF = {
    Layer.FIRMOGRAPHIC: "any firmographic filter",
    Layer.TECHNOGRAPHIC: "any technographic filter",
    Layer.BEHAVIORAL: "any behavioral filter",
}
BY = {
    Layer.FIRMOGRAPHIC: "by what companies are",
    Layer.TECHNOGRAPHIC: "by the tools they run",
    Layer.BEHAVIORAL: "by what they have done lately",
}
_HALF = 0.6745
"""Half of a normal distribution lies within so many standard deviations."""
NO_RECORD = "no record yet"
ALL_TESTS = "all finished tests"
_LEFT_OUT = {
    LeftOut.NOT_YET: "without a verdict yet",
    LeftOut.INVALID: "stopped by a check",
    LeftOut.AA: "A/A",
    LeftOut.UNREADABLE: "unreadable",
}


def headline(learning: Learning) -> str:
    """Return what the tests teach, in one sentence for a founder."""
    n_finished = len(learning.finished)
    if not n_finished:
        return "No test is finished yet, so there is nothing to learn from."
    pooled, best = learning.pooled, learning.best
    if pooled is None:
        return (
            "One test is finished, and one test is not a record: from two on, lifts and your own "
            "baseline are learned."
        )
    over = f"Over {n_finished:,} finished tests, narrowing"
    if best is None or best.effect is None:
        return f"{over} has brought {_effect(pooled)}; {learning.n_scaled:,} scaled."
    by = BY[best.layer] if best.layer is not None and not best.filter else f"by {best.filter}"
    said = f"{over} {by} has brought {_effect(best.effect)}; "
    if best.effect.p_adjusted is None:
        return f"{said}every test with a profile did it, so nothing tells it from the rest."
    return f"{said}{_luck(learning, best.effect.p_adjusted)}"


def _luck(learning: Learning, p_value: float) -> str:
    looked = f"the best of {len(learning.tracks):,} filters and layers"
    if p_value <= STANDS_OUT:
        return f"as {looked} it stands out beyond luck."
    return f"{looked} would stand out by as much {odds(p_value)} by luck alone."


def _effect(effect: PooledEffect | GroupEffect) -> str:
    return f"{lift(effect.median)} ({lift(effect.low)} to {lift(effect.high)})"


def track_name(track: Track) -> str:
    """Return a filter or layer as a row is named."""
    if track.filter or track.layer is None:
        return track.filter
    return ANY_OF[track.layer]


def notes(learning: Learning) -> list[str]:
    """Return how to read the table, and what is not in it."""
    said = []
    if learning.rates is not None:
        said.append(baseline(learning.rates))
    if learning.learned is not None:
        said.append(begins_with(learning.learned))
    if learning.tracks and learning.pooled is not None:
        said.append(
            f"{len(learning.tracks):,} filters and layers were looked at. {_stand_out(learning)} "
            "Each lift is that of the whole lists it was part of, drawn towards the other tests: "
            "the more so the fewer its tests."
        )
    if learning.needed is not None:
        said.append(
            f"About {learning.needed:,} tests like yours tell a lift to within "
            f"{threshold(WITHIN)} either way. A filter that was in one test has no record yet."
        )
    said += left_out(learning)
    return said


def _stand_out(learning: Learning) -> str:
    out = [
        track_name(track)
        for track in learning.tracks
        if track.effect is not None
        and track.effect.p_adjusted is not None
        and track.effect.p_adjusted <= STANDS_OUT
    ]
    if not out:
        return "None of them stands out beyond luck."
    return f"Beyond luck {'stands' if len(out) == 1 else 'stand'} out: {both(out)}."


def baseline(rates: LearnedRates) -> str:
    """Return the workspace's own rate of positive replies, and its spread."""
    return (
        f"Your own baseline: {percent(rates.mean)} of today's lists reply positively, learned "
        f"from {count(rates.lists, 'list')} of finished tests, scaled or not. The next list is "
        f"likely between {percent(rates.low)} and {percent(rates.high)}."
    )


def begins_with(learned: Learned) -> str:
    """Return what plans and new tests begin with."""
    of = " of all clients" if learned.all_clients else ""
    known = baseline_from(learned.prior, learned.n_tests).rate
    factor = math.exp(_HALF * learned.prior.log_lift_sd)
    return (
        f"`icptest plan` and what `icptest new` registers from now on begin with {rate(known)} "
        f"and true lifts of which half lie between {lift(1 / factor)} and {lift(factor)}, learned "
        f"from {count(learned.n_tests, 'finished test')}{of}. Earlier tests keep what they were "
        "registered with."
    )


def left_out(learning: Learning) -> list[str]:
    """Return which tests teach nothing, or not everything."""
    said = []
    if learning.n_without_profile:
        number = learning.n_without_profile
        was, say, they = ("was", "says", "it") if number == 1 else ("were", "say", "they")
        said.append(
            f"{count(number, 'finished test')} {was} registered without a profile (`icptest new "
            f"--icp`): {they} {say} nothing of filters, only of the baseline and of all tests."
        )
    parts = [
        f"{learning.left_out[reason]:,} {text}"
        for reason, text in _LEFT_OUT.items()
        if learning.left_out.get(reason)
    ]
    if parts:
        said.append(f"Left out: {', '.join(parts)}.")
    return said


def together(told: Together) -> str:
    """Return what all clients' tests say together, without a name."""
    layers = [
        f"{BY[track.layer]} {_effect(track.effect)}"
        for track in told.layers
        if track.layer is not None and track.effect is not None
    ]
    by_layer = f" Narrowing {', '.join(layers)}." if layers else ""
    return (
        f"All {told.n_clients:,} clients together: {told.n_tests:,} finished tests, "
        f"{told.n_scaled:,} scaled; narrowing has brought {_effect(told.pooled)}, the baseline is "
        f"{percent(told.rates.mean)}.{by_layer}"
    )


def found(n_found: int, n_tests: int, words: str) -> str:
    """Return how many tests a search has found."""
    if not n_tests:
        return f"There is no test to look for {words} in."
    if not n_found:
        return (
            f"None of {count(n_tests, 'test')} has {words} in its name, hypothesis, filters or "
            "owner."
        )
    have = "has" if n_found == 1 else "have"
    return (
        f"{n_found:,} of {count(n_tests, 'test')} {have} {words} in the name, hypothesis, filters "
        "or owner."
    )
