"""Drift: its page and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.icp.deals import Period
from icptest.report.icp.backtest import interval_data, joined_data
from icptest.report.terminal import table
from icptest.report.words.icp import drift as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from icptest.icp.churn import Churn
    from icptest.icp.deals import Deals
    from icptest.icp.definition import Definition
    from icptest.icp.drift import Drift
    from icptest.icp.joined import Joined
    from icptest.icp.trend import Part, Trend


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftAsked:
    """What was asked for.

    Attributes:
        deals: The file of deals, as typed.
        accounts: The file of companies, as typed, if there is one.
        joined: What the two have in common.
    """

    deals: str
    accounts: str | None = None
    joined: Joined | None = None


def drift_text(definition: Definition, drift: Drift, asked: DriftAsked) -> str:
    """Return drift as a page: the signals, the layers they point at, what was left out."""
    deals, churn = drift.deals, drift.churn
    findings = [*words.ratios(drift), *words.too_few(drift), *words.pointers(drift)]
    if deals is None:
        findings.append(words.NO_DEALS)
    elif drift.wins_outside is None:
        findings.append(words.NOT_ASKED)
    findings += [words.NO_CHURN] if churn is None else words.clusters(churn)
    notes = [] if deals is None else [*words.periods(deals), *words.not_in_it(deals)]
    notes += words.untold(drift)
    if churn is not None:
        notes += [words.disagreeing(churn) or "", words.unknown_churn(churn) or ""]
    if asked.joined is not None and asked.accounts is not None:
        notes += words.joined(asked.joined, asked.accounts)
    parts = [
        wrap(words.headline(drift, definition.name)),
        "" if deals is None or drift.tells_nothing else _table(drift, deals),
        "\n".join(wrap(line) for line in findings),
        "\n".join(wrap(line) for line in notes if line),
        f"Next:\n  {next_command(definition, drift, asked)}",
    ]
    return "\n\n".join(part for part in parts if part)


def drift_data(definition: Definition, drift: Drift, asked: DriftAsked) -> dict[str, Any]:
    """Return `icptest.icp-drift/1`."""
    worst = drift.most_failed
    return {
        "schema": "icptest.icp-drift/1",
        "icp": definition.name,
        "version": definition.version,
        "digest": definition.digest,
        "drifting": drift.is_drifting,
        "periods": None if drift.deals is None else _periods(drift.deals),
        "signals": {
            "wins_outside": _trend(drift.wins_outside),
            "losses_inside": _trend(drift.losses_inside),
            "churn": None if drift.churn is None else _churn(drift.churn),
        },
        "failing": [
            {"criterion": str(one.criterion), "layer": str(one.layer), **_trend_facts(one.trend)}
            for one in drift.failing
        ],
        "layer": None if worst is None else str(worst.layer),
        "not_judged": [str(one) for one in drift.untold],
        "deals": None if drift.deals is None else _deals(drift.deals),
        "not_told": None
        if drift.n_unknown is None
        else {str(period): n for period, n in drift.n_unknown.items()},
        "accounts": None if asked.joined is None else joined_data(asked.joined),
        "next": next_command(definition, drift, asked),
    }


def next_command(definition: Definition, drift: Drift, asked: DriftAsked) -> str:
    """Return what to do next: see what each filter costs, or look at the definition."""
    if drift.is_drifting and drift.wins_outside is not None:
        more = "" if asked.accounts is None else f" --accounts {asked.accounts}"
        files = f"--won {asked.deals} --lost {asked.deals}{more}"
        return f"icptest icp backtest {definition.name} {files}"
    return f"icptest icp show {definition.name}"


def _table(drift: Drift, deals: Deals) -> str:
    rows = []
    for name, one in ((words.WINS, drift.wins_outside), (words.LOSSES, drift.losses_inside)):
        if one is not None:
            rows.append([name, words.part(one.first), words.part(one.other), words.RISES[one.rise]])
    return table(rows, words.heads(deals), right=4) if rows else ""


def _part(one: Part) -> dict[str, int]:
    return {"n": one.n, "of": one.of}


def _trend(one: Trend | None) -> dict[str, Any] | None:
    if one is None:
        return None
    facts = _trend_facts(one)
    return {**facts, "at_least": one.at_least}


def _trend_facts(one: Trend) -> dict[str, Any]:
    return {
        "result": str(one.rise),
        "recent": _part(one.first),
        "earlier": _part(one.other),
        "ratio": None if one.interval is None else interval_data(one.interval),
        "p_value": one.p_value,
        "adjusted_p_value": one.adjusted,
    }


def _churn(churn: Churn) -> dict[str, Any]:
    return {
        "result": str(churn.rise),
        "columns": list(churn.columns),
        "customers": churn.n_customers,
        "churned": churn.n_churned,
        "unknown": churn.n_unknown,
        "disagreeing": {
            "flag_without_day": churn.n_flag_alone,
            "day_without_flag": churn.n_day_alone,
            "rows_say_both": churn.n_mixed,
        },
        "tried": churn.n_tried,
        "at_least": churn.at_least,
        "clusters": [
            {
                "column": one.attribute.column,
                "value": one.attribute.value,
                "layer": str(one.attribute.layer),
                "result": str(one.trend.rise),
                "with": _part(one.trend.first),
                "without": _part(one.trend.other),
                "ratio": None if one.trend.interval is None else interval_data(one.trend.interval),
                "p_value": one.trend.p_value,
                "adjusted_p_value": one.trend.adjusted,
            }
            for one in churn.clusters
        ],
    }


def _periods(deals: Deals) -> dict[str, Any]:
    return {
        "recent": {
            "from": deals.recent_from.isoformat(),
            "to": deals.on.isoformat(),
            "days": deals.since_days,
            "deals": deals.n_decided[Period.RECENT],
        },
        "earlier": {
            "from": None if deals.first_on is None else deals.first_on.isoformat(),
            "days": deals.earlier_days,
            "deals": deals.n_decided[Period.EARLIER],
        },
    }


def _deals(deals: Deals) -> dict[str, Any]:
    return {
        "open": deals.n_open,
        "unknown_outcomes": dict(deals.unknown_words),
        "undated": deals.n_undated,
        "closed_before_opened": deals.n_contradicting,
        "decided_later": deals.n_ahead,
        "set_aside": dict(deals.set_aside),
        "outcome_column": deals.outcome_column,
        "day_columns": list(deals.day_columns),
    }
