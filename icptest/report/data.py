"""What programs read: the JSON of every command that prints facts.

Names are stable: additions are allowed, renames are not. `docs/reference/json.md` holds the
schemas.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from icptest.decision import Answer
from icptest.experiment import Arm
from icptest.report.words.checks import detail
from icptest.report.words.next_step import next_command
from icptest.report.words.verdict import sentence
from icptest.stats import NotEstimable
from icptest.tallies import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.bounds import Bounds
    from icptest.checks import Check
    from icptest.evidence import Evidence
    from icptest.fragility import Fragility
    from icptest.pooled import Pooled
    from icptest.rule_odds import RuleOdds
    from icptest.stats import Posterior, RateInterval, RatioDecision, RatioInterval
    from icptest.tallies import Tally
    from icptest.verdict import Verdict
    from icptest.worth import Worth

# Names of the measures inside an arm's "rates" and in "lift".
_BEFORE = ("assigned", "not_sent", "contacted", "bounced", "delivered")
_AFTER = ("replied", "positive", "meetings", "meetings_so_far", "unlabelled", "late_replies")
_UNDEFINED = {
    "no-control-events": {
        Measure.POSITIVE: "no-control-positives",
        Measure.REPLIED: "no-control-replies",
        Measure.MEETINGS: "no-control-meetings",
    },
    "no-events": {
        Measure.POSITIVE: "no-positives",
        Measure.REPLIED: "no-replies",
        Measure.MEETINGS: "no-meetings",
    },
}


def verdict_data(verdict: Verdict, unknown_label: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return `icptest.verdict/1`."""
    protocol = verdict.experiment.protocol
    evidence = verdict.evidence
    article = verdict.article_scales
    return {
        "schema": "icptest.verdict/1",
        "experiment": verdict.experiment.name,
        "as_of": stamp(verdict.as_of),
        "decision": str(verdict.decision.answer),
        "reason": verdict.decision.reason,
        "sentence": sentence(verdict),
        "next": next_command(verdict, unknown_label),
        "article_rule": None
        if article is None
        else str(Answer.SCALE if article else Answer.NO_SCALE),
        "settles_at": stamp(verdict.settles_at),
        "protocol": protocol.to_mapping(),
        "labels": {"positive": list(verdict.experiment.positive_labels)},
        "aa": verdict.experiment.aa,
        "registration_digest": verdict.digest,
        "arms": {str(arm): _arm(verdict.tallies[arm], arm, evidence) for arm in Arm},
        "lift": None
        if evidence is None
        else {str(measure): lift_data(evidence.lifts[measure], measure) for measure in _MEASURES},
        "tests": None if evidence is None else _tests(evidence, f"{protocol.threshold:g}"),
        "posterior": None if evidence is None else _posterior(evidence.belief, protocol.threshold),
        "bounds": None if verdict.bounds is None else _bounds(verdict.bounds),
        "fragility": None if verdict.fragility is None else _fragility(verdict.fragility),
        "rule_odds": None if verdict.rule_odds is None else _rule_odds(verdict.rule_odds),
        "pooled": None if verdict.pooled is None else _pooled(verdict.pooled),
        "worth": None if verdict.worth is None else _worth(verdict.worth),
        "equal_lists_reach_threshold": verdict.luck,
        "checks": [_check(check, covered=evidence is None) for check in verdict.checks],
        "look": {
            "number": verdict.look,
            "of": protocol.looks,
            "level": verdict.levels.rule,
            "misses_level": verdict.levels.misses,
            "may_stop": verdict.levels.may_stop,
        },
        "family_size": verdict.family_size,
        "design_effect": verdict.design_effect,
        "design_effects": {str(one): verdict.design_effects[one] for one in _MEASURES},
        "peeks": verdict.n_peeks,
    }


def stamp(at: datetime | None) -> str | None:
    """Return a time as JSON has it: "2026-12-02T05:00:00Z"."""
    if at is None:
        return None
    text = at.astimezone(UTC).isoformat(timespec="microseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


_MEASURES = (Measure.POSITIVE, Measure.REPLIED, Measure.MEETINGS)


def _arm(tally: Tally, arm: Arm, evidence: Evidence | None) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(tally, name) for name in _BEFORE}
    if tally.apart:
        data["apart"] = tally.apart
    if evidence is None:
        return data
    data |= {name: getattr(tally, name) for name in _AFTER}
    data["rates"] = {
        str(measure): _rate(evidence.rates[arm][measure])
        for measure in (Measure.REPLIED, Measure.POSITIVE, Measure.MEETINGS)
    }
    return data


def _rate(rate: RateInterval) -> dict[str, Any]:
    return {
        "estimate": rate.estimate,
        "low": rate.low,
        "high": rate.high,
        "confidence": rate.confidence_level,
    }


def lift_data(interval: RatioInterval, measure: Measure) -> dict[str, Any]:
    """Return a lift; one that does not exist is null and says why."""
    data: dict[str, Any] = {
        "estimate": _number(interval.estimate),
        "low": _number(interval.low),
        "high": _number(interval.high),
        "confidence": interval.confidence_level,
        "method": interval.method,
    }
    if isinstance(interval.estimate, NotEstimable):
        data["undefined"] = _UNDEFINED[interval.estimate.reason][measure]
    return data


def _tests(evidence: Evidence, threshold: str) -> dict[str, Any]:
    return {
        "better": _test(evidence.better, "lift<=1"),
        "reaches_threshold": _test(evidence.reaches_threshold, f"lift<={threshold}"),
        "misses_threshold": _test(evidence.misses_threshold, f"lift>={threshold}"),
    }


def _test(test: RatioDecision, null: str) -> dict[str, Any]:
    return {"null": null, "p_value": test.p_value, "passes": test.passes, "method": test.method}


def _posterior(belief: Posterior, threshold: float) -> dict[str, Any]:
    return {
        "lift_median": belief.median,
        "low": belief.low,
        "high": belief.high,
        "confidence": belief.confidence_level,
        "p_better": belief.prob_ratio_above(1.0),
        "p_reaches_threshold": belief.prob_ratio_above(threshold),
        "rates": {"control": belief.control_rate, "segment": belief.treatment_rate},
        "prior": {
            "control": list(belief.prior.control),
            "log_lift_sd": belief.prior.log_lift_sd,
        },
    }


def _rule_odds(odds: RuleOdds) -> dict[str, Any]:
    return {
        "baseline": odds.baseline,
        "scaled": [{"lift": lift, "chance": chance} for lift, chance in odds.scaled.items()],
    }


def _pooled(pooled: Pooled) -> dict[str, Any]:
    return {
        "repeats": list(pooled.names),
        "control": {"positive": pooled.control_events, "delivered": pooled.control_total},
        "segment": {"positive": pooled.segment_events, "delivered": pooled.segment_total},
        "lift": {
            "estimate": _number(pooled.lift.estimate),
            "low": _number(pooled.lift.low),
            "high": _number(pooled.lift.high),
            "confidence": pooled.lift.confidence_level,
            "method": f"stratified {pooled.lift.method}",
        },
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "companies_left": worth.n_left,
        "positive_from_segment": worth.from_segment,
        "positive_from_control": worth.from_control,
    }


def _bounds(bounds: Bounds) -> dict[str, Any]:
    return {
        end: {
            "segment_positive": counts.segment_events,
            "control_positive": counts.control_events,
            "decision": str(Answer.SCALE if scales else Answer.NO_SCALE),
        }
        for end, counts, scales in (
            ("best", bounds.best, bounds.best_scales),
            ("worst", bounds.worst, bounds.worst_scales),
        )
    }


def _fragility(found: Fragility) -> dict[str, Any]:
    return {
        "replies": found.n_replies,
        "changes": {str(arm): found.changes[arm] for arm in Arm},
    }


def _check(check: Check, *, covered: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": check.code,
        "status": str(check.status),
        "detail": detail(check, covered=covered),
    }
    if check.accepted is not None:
        data["accepted"] = check.accepted
    return data


def _number(value: float | NotEstimable) -> float | None:
    return None if isinstance(value, NotEstimable) else value


def reasons_data(reasons: Mapping[str, int]) -> dict[str, int]:
    """Return counted reasons, the most frequent first."""
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
