"""What finished tests teach: the page and the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.decision import Answer
from icptest.report.data import lift_data
from icptest.report.terminal import likely_range, table
from icptest.report.words import learning as words
from icptest.report.words import progress as progress_words
from icptest.report.words.numbers import cut, lift, wrap
from icptest.report.words.verdict import UNDEFINED_LIFT
from icptest.row_text import excerpt, shown
from icptest.stats import NotEstimable
from icptest.tallies import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.learn import Learning, Track
    from icptest.past import PastTest
    from icptest.stats import GroupEffect, LearnedRates, PooledEffect

_FILTER, _NAME = 26, 24
"""Letters of a filter and of a test that leave room for the numbers."""


def learning_text(learning: Learning) -> str:
    """Return what `learn` prints: a sentence, the records, how to read them."""
    parts = [wrap(words.headline(learning))]
    if learning.pooled is not None or learning.tracks:
        parts.append(_records(learning))
    parts.append("\n".join(wrap(note, first="- ", indent="  ") for note in words.notes(learning)))
    if learning.together is not None:
        parts.append(wrap(words.together(learning.together)))
    parts.append(f"Next:\n  {next_command(learning)}")
    return "\n\n".join(part for part in parts if part)


def found_text(learning: Learning, found: Sequence[PastTest], asked: Sequence[str]) -> str:
    """Return the tests that a search has found, one line each."""
    said = " and ".join(f'"{shown(word)}"' for text in asked for word in text.split())
    parts = [wrap(words.found(len(found), len(learning.tests), said))]
    if found:
        rows = [
            [
                cut(excerpt(test.name), _NAME),
                _outcome(test),
                *_lift(test),
            ]
            for test in found
        ]
        parts.append(table(rows, words.FOUND_HEADS, right=2))
    parts.append(f"Next:\n  {_after_search(found)}")
    return "\n\n".join(parts)


def learning_data(
    learning: Learning, *, found: Sequence[PastTest] | None = None, asked: Sequence[str] = ()
) -> dict[str, Any]:
    """Return `icptest.learn/1`; other clients are in it as counts and rates alone."""
    together = learning.together
    return {
        "schema": "icptest.learn/1",
        "sentence": words.headline(learning),
        "tests": {
            "registered": len(learning.tests),
            "finished": len(learning.finished),
            "scaled": learning.n_scaled,
            "without_profile": learning.n_without_profile,
            "left_out": {str(reason): number for reason, number in learning.left_out.items()},
        },
        "baseline": _rates(learning.rates),
        "lift": _pooled(learning.pooled),
        "layers": [_track(track) for track in learning.layers],
        "filters": [_track(track) for track in learning.filters],
        "looked_at": len(learning.tracks),
        "tests_for_a_record": learning.needed,
        "prior": None
        if learning.learned is None
        else {
            "control": list(learning.learned.prior.control),
            "log_lift_sd": learning.learned.prior.log_lift_sd,
            "learned_from": learning.learned.n_tests,
            "all_clients": learning.learned.all_clients,
        },
        "all_clients": None
        if together is None
        else {
            "tests": together.n_tests,
            "clients": together.n_clients,
            "scaled": together.n_scaled,
            "baseline": _rates(together.rates),
            "lift": _pooled(together.pooled),
            "layers": [_track(track) for track in together.layers],
        },
        "search": [shown(word) for text in asked for word in text.split()],
        "found": None if found is None else [_found(test) for test in found],
        "next": next_command(learning) if found is None else _after_search(found),
    }


def next_command(learning: Learning) -> str:
    """Return the command that leads on."""
    if not learning.tests:
        return "icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY"
    return "icptest plan" if learning.pooled is not None else "icptest status"


def _after_search(found: Sequence[PastTest]) -> str:
    return f"icptest show {found[0].name}" if found else "icptest list"


def _records(learning: Learning) -> str:
    rows = []
    if learning.pooled is not None:
        rows.append(
            [
                words.ALL_TESTS,
                f"{len(learning.finished):,}",
                f"{learning.n_scaled:,}",
                lift(learning.pooled.median),
                _range(learning.pooled),
            ]
        )
    rows += [
        [
            cut(excerpt(words.track_name(track)), _FILTER),
            f"{track.n_tests:,}",
            f"{track.n_scaled:,}",
            *(
                ("", words.NO_RECORD)
                if track.effect is None
                else (lift(track.effect.median), _range(track.effect))
            ),
        ]
        for track in learning.tracks
    ]
    return table(rows, words.HEADS)


def _range(effect: PooledEffect | GroupEffect) -> str:
    return f"{lift(effect.low)} to {lift(effect.high)}"


def _outcome(test: PastTest) -> str:
    if test.answer is None:
        return progress_words.UNREADABLE
    said = words.ANSWERS.get(test.answer, str(test.answer))
    return f"{said} (A/A)" if test.experiment is not None and test.experiment.aa else said


def _lift(test: PastTest) -> tuple[str, str]:
    interval = test.lift()
    if interval is None:
        return "", ""
    estimate = interval.estimate
    seen = UNDEFINED_LIFT if isinstance(estimate, NotEstimable) else lift(estimate)
    return seen, likely_range(interval)


def _found(test: PastTest) -> dict[str, Any]:
    interval = test.lift()
    return {
        "experiment": test.name,
        "stage": None if test.stage is None else str(test.stage),
        "decision": None if test.answer in {None, Answer.NOT_YET} else str(test.answer),
        "aa": test.experiment is not None and test.experiment.aa,
        "lift": None if interval is None else lift_data(interval, Measure.POSITIVE),
    }


def _track(track: Track) -> dict[str, Any]:
    effect = track.effect
    return {
        "layer": None if track.layer is None else str(track.layer),
        "filter": shown(track.filter) or None,
        "tests": track.n_tests,
        "scaled": track.n_scaled,
        "lift": None
        if effect is None
        else {
            "median": effect.median,
            "low": effect.low,
            "high": effect.high,
            "p_adjusted": effect.p_adjusted,
        },
    }


def _pooled(effect: PooledEffect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "median": effect.median,
        "low": effect.low,
        "high": effect.high,
        "confidence": effect.confidence_level,
        "next_low": effect.next_low,
        "next_high": effect.next_high,
        "spread": effect.spread,
    }


def _rates(rates: LearnedRates | None) -> dict[str, Any] | None:
    if rates is None:
        return None
    return {
        "rate": rates.mean,
        "next_low": rates.low,
        "next_high": rates.high,
        "confidence": rates.confidence_level,
        "lists": rates.lists,
    }
