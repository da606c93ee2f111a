"""A backtest: its page and its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.icp.backtest import WON
from icptest.report.terminal import table
from icptest.report.words.icp import backtest as words
from icptest.report.words.icp.criteria import criterion
from icptest.report.words.numbers import cut, lift, wrap
from icptest.stats import NotEstimable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.icp.backtest import Backtest, Price, Share
    from icptest.icp.definition import Definition
    from icptest.icp.joined import Joined
    from icptest.icp.panel import Panel
    from icptest.stats import RateInterval, RatioInterval

_NAME_WIDTH = 34


def backtest_text(
    definition: Definition,
    result: Backtest,
    joined: Mapping[str, Joined],
    *,
    accounts: str | None = None,
) -> str:
    """Return a backtest as a page: the shares, the lifts, what each filter costs.

    Args:
        definition: The profile.
        result: What came out.
        joined: Of lists of deals, what they have in common with the list of companies.
        accounts: That list, as typed.
    """
    findings = [
        words.dearest(result),
        *words.disqualifiers(result),
        *words.triggers(result, definition),
        words.FITTED if result.shares else None,
    ]
    notes = [
        *words.left_out(result),
        *(line for name, one in result.panels.items() for line in words.about(name, one)),
        *dict.fromkeys(
            words.known(one, result.panels[name].file, accounts or "")
            for name, one in joined.items()
        ),
        _in_both(result),
        words.set_aside(list(result.panels.values())),
    ]
    parts = [
        wrap(words.headline(result, definition.name)),
        f"{words.SHARES}\n{_shares(result)}" if result.shares else "",
        "\n".join(wrap(line) for line in words.lifts(result)),
        f"{words.PRICES}\n{_prices(result)}" if result.prices else "",
        "\n".join(wrap(line) for line in findings if line),
        "\n".join(wrap(line) for line in notes if line),
        f"Next:\n  {next_command(definition)}",
    ]
    return "\n\n".join(part for part in parts if part)


def backtest_data(
    definition: Definition, result: Backtest, joined: Mapping[str, Joined]
) -> dict[str, Any]:
    """Return `icptest.icp-backtest/1`."""
    dearest = result.dearest
    return {
        "schema": "icptest.icp-backtest/1",
        "icp": definition.name,
        "version": definition.version,
        "digest": definition.digest,
        "lists": {
            name: {
                **_list_data(one, result.shares.get(name)),
                "accounts": joined_data(joined[name]) if name in joined else None,
            }
            for name, one in result.panels.items()
        },
        "in_won_and_lost": result.n_won_and_lost,
        "lift": {f"over_{name}": interval_data(one) for name, one in result.lifts.items()},
        "against": result.against,
        "compared": [str(result.criteria[place]) for place in result.compared],
        "not_compared": [
            {"criterion": str(result.criteria[place]), "lists": list(names)}
            for place, names in result.left_out.items()
        ],
        "criteria": [
            {
                "criterion": str(one),
                "layer": str(one.layer),
                "kind": _kind(result, place),
                "lists": {name: _answered(rows[place]) for name, rows in result.answered.items()},
            }
            for place, one in enumerate(result.criteria)
        ],
        "prices": [_price_data(one) for one in result.prices],
        "costs_most": None if dearest is None else str(dearest.criterion),
        "next": next_command(definition),
    }


def next_command(definition: Definition) -> str:
    """Return what to do next: look at the definition."""
    return f"icptest icp show {definition.name}"


def interval_data(found: RatioInterval) -> dict[str, Any]:
    """Return a lift with its interval; what does not exist is null, with its reason."""
    undefined = found.estimate.reason if isinstance(found.estimate, NotEstimable) else None
    return {
        "estimate": None if isinstance(found.estimate, NotEstimable) else found.estimate,
        "undefined": undefined,
        "low": found.low,
        "high": None if isinstance(found.high, NotEstimable) else found.high,
        "confidence": found.confidence_level,
        "method": found.method,
    }


def rate_data(found: RateInterval | None) -> dict[str, Any] | None:
    """Return a share with its interval."""
    if found is None:
        return None
    return {
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
        "confidence": found.confidence_level,
    }


def joined_data(found: Joined) -> dict[str, Any]:
    """Return what deals have in common with a list of companies."""
    return {
        "companies": found.n_companies,
        "found": found.n_found,
        "not_found": [{"name": name, "nearest": near} for name, near in found.unmatched],
        "deals_without_company": found.n_nameless,
    }


def _kind(result: Backtest, place: int) -> str:
    if place < result.n_filters:
        return "filter"
    return "disqualifier" if place < result.n_in_or_out else "trigger"


def _answered(found: Any) -> dict[str, int] | None:
    return None if found is None else {"yes": found.yes, "no": found.no, "unknown": found.unknown}


def _list_data(panel: Panel, share: Share | None) -> dict[str, Any]:
    return {
        "file": panel.file,
        "rows": panel.n_rows,
        "companies": panel.n_companies,
        "merged_rows": panel.n_merged,
        "rows_without_company": panel.n_nameless,
        "other_outcomes": {str(one): n for one, n in panel.n_other.items()},
        "unknown_outcomes": dict(panel.unknown_words),
        "set_aside": dict(panel.set_aside),
        "days": {
            "columns": list(panel.days.columns),
            "on": None if panel.days.on is None else panel.days.on.isoformat(),
            "rows_without": panel.days.n_undated,
            "closed_before_opened": panel.days.n_contradicting,
        },
        "told": None if share is None else share.n_told,
        "in": None if share is None else share.n_in,
        "not_told": None if share is None else share.n_untold,
        "not_told_but_out": None if share is None else share.n_untold_out,
        "share": None if share is None else rate_data(share.interval),
    }


def _price_data(price: Price) -> dict[str, Any]:
    return {
        "criterion": str(price.criterion),
        "out_alone": dict(price.alone),
        "out": dict(price.fails),
        "told": dict(price.told),
        "lift_without": price.lift_without,
    }


def _shares(result: Backtest) -> str:
    rows = []
    for name, one in result.shares.items():
        rate, span = words.rate_range(one.interval)
        rows.append(
            [
                words.LISTS[name],
                f"{result.panels[name].n_companies:,}",
                f"{one.n_told:,}",
                f"{one.n_in:,}",
                rate,
                span,
                f"{one.n_untold:,}" if one.n_untold else "",
            ]
        )
    return table(rows, words.SHARE_HEADS)


def _prices(result: Backtest) -> str:
    names = list(result.panels)
    rows = [
        [
            cut(criterion(one.criterion), _NAME_WIDTH),
            *(f"{one.alone[name]:,}" for name in names),
            "" if one.lift_without is None else lift(one.lift_without),
        ]
        for one in sorted(result.prices, key=lambda one: -one.alone[WON])
    ]
    return table(rows, ("filter", *(words.LISTS[name] for name in names), "lift without"))


def _in_both(result: Backtest) -> str | None:
    n = result.n_won_and_lost
    return words.in_both(n) if n else None
