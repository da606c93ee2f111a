"""The lift in parts: its page and its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.parts import FEWEST_POSITIVE, Kind, Readable
from icptest.report.data import lift_data, stamp
from icptest.report.terminal import likely_range, table
from icptest.report.words import explanation as words
from icptest.report.words.numbers import ARM_NAMES, lift, moment, wrap
from icptest.report.words.verdict import UNDEFINED_LIFT
from icptest.row_text import shown
from icptest.stats import NotEstimable, RatioInterval
from icptest.tallies import Measure

if TYPE_CHECKING:
    from icptest.evidence import Counts
    from icptest.explain import Breakdown, Explanation
    from icptest.parts import Part
    from icptest.verdict import Verdict


def explanation_text(explanation: Explanation) -> str:
    """Return the parts as a page of text: of each trait one sentence, then the table."""
    verdict = explanation.verdict
    name = verdict.experiment.name
    parts = [words.heading(name)]
    for breakdown in explanation.breakdowns:
        parts += [wrap(words.equal_mix_sentence(breakdown)), _table(breakdown, verdict)]
    parts += [wrap(note) for note in words.notes(explanation)]
    asked = moment(verdict.as_of, verdict.experiment.zone)
    parts.append(f"As of {asked}.\n{words.VERDICT_STANDS}\n  icptest verdict {name}")
    return "\n\n".join(parts)


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """Return `icptest.explain/1`."""
    verdict = explanation.verdict
    name = verdict.experiment.name
    return {
        "schema": "icptest.explain/1",
        "experiment": name,
        "as_of": stamp(verdict.as_of),
        "decision": str(verdict.decision.answer),
        "reason": verdict.decision.reason,
        "lift": lift_data(_seen(verdict), Measure.POSITIVE),
        "by": [_breakdown(breakdown) for breakdown in explanation.breakdowns],
        "not_compared": [
            {"by": trait.by, "told_by": sorted(str(arm) for arm in trait.told_by)}
            for trait in explanation.untold
        ],
        "looked_at": {"ways": len(explanation.breakdowns), "groups": explanation.n_parts},
        "fewest_positive": FEWEST_POSITIVE,
        "next": f"icptest verdict {name}",
    }


def _seen(verdict: Verdict) -> RatioInterval:
    if verdict.evidence is None:  # `explain` has refused
        raise ValueError("The verdict shows no outcomes.")
    return verdict.evidence.lifts[Measure.POSITIVE]


def _table(breakdown: Breakdown, verdict: Verdict) -> str:
    rows = [
        [
            words.label(breakdown.trait, part),
            *_counts(part.counts),
            *(_lift(part.lift) if part.lift is not None else _unread(part)),
        ]
        for part in breakdown.parts
    ]
    seen = _seen(verdict)
    rows.append([words.ALL, *_counts(breakdown.everybody), *_lift(seen)])
    if breakdown.equal_mix.used and len(rows) > 2:  # noqa: PLR2004 - more than one group
        rows.append([words.EQUAL_MIX, "", "", *_lift(_common(breakdown))])
    headers = [
        words.head(breakdown.trait),
        *ARM_NAMES.values(),
        "lift",
        words.RANGE,
    ]
    return table(rows, headers)


def _counts(counts: Counts) -> list[str]:
    sides = (
        (counts.control_events, counts.control_total),
        (counts.segment_events, counts.segment_total),
    )
    return [f"{events:,} of {total:,}" if total else words.NOBODY for events, total in sides]


def _unread(part: Part) -> tuple[str, str]:
    return UNDEFINED_LIFT, words.READING[str(part.readable)]


def _lift(interval: RatioInterval) -> tuple[str, str]:
    estimate = interval.estimate
    seen = UNDEFINED_LIFT if isinstance(estimate, NotEstimable) else lift(estimate)
    return seen, likely_range(interval)


def _common(breakdown: Breakdown) -> RatioInterval:
    found = breakdown.equal_mix
    return RatioInterval(
        low=found.low,
        high=found.high,
        estimate=found.estimate,
        confidence_level=found.confidence_level,
        method=f"stratified-{found.method}",
    )


def _breakdown(breakdown: Breakdown) -> dict[str, Any]:
    found = breakdown.equal_mix
    equal_mix = None
    if found.used:
        p_value = None if isinstance(found.p_value, NotEstimable) else found.p_value
        equal_mix = {
            **lift_data(_common(breakdown), Measure.POSITIVE),
            "null": "lift<=1",
            "p_value": p_value,
            "p_adjusted": breakdown.p_adjusted,
            "people_left_out": found.contacts_left_out,
        }
    return {
        "by": shown(breakdown.trait.by),
        "columns": [shown(name) for name in breakdown.trait.columns],
        "sentence": words.equal_mix_sentence(breakdown),
        "parts": [_part(part) for part in breakdown.parts],
        "equal_mix": equal_mix,
    }


def _part(part: Part) -> dict[str, Any]:
    counts = part.counts
    return {
        "kind": str(part.kind),
        "value": shown(part.group) if part.kind is Kind.GROUP else None,
        "values": part.n_values,
        "control": {"delivered": counts.control_total, "positive": counts.control_events},
        "segment": {"delivered": counts.segment_total, "positive": counts.segment_events},
        "reading": "read" if part.readable is Readable.YES else str(part.readable),
        "design_effect": counts.design_effect,
        "lift": None if part.lift is None else lift_data(part.lift, Measure.POSITIVE),
    }
