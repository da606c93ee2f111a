"""What mining found: its page and its JSON."""

from __future__ import annotations

import shlex
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.icp.criteria import Layer
from icptest.icp.pattern import Luck
from icptest.report.terminal import table
from icptest.report.words.icp import mine as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.draft import Draft
    from icptest.icp.mine import Mined
    from icptest.icp.pattern import Finding
    from icptest.icp.questions import Before, Committee, Referrals

_MOST_SHOWN = 12
_LUCKY_SHOWN = 5
_WIDEST = 35
"""What a pattern's name may take of a line; longer ones go on below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What goes with the patterns.

    Attributes:
        customers: The file of customers, as typed.
        base: The market, as typed.
        on: The day on which the market's events were judged.
        draft: The filters of a draft.
        committee: Who took part in the purchases.
        referrals: Who came by referral, as far as a column tells.
        before: What they did before they bought that the market does not date.
        name: The profile that was written, if one was.
        path: Its file.
    """

    customers: str
    base: str
    on: date
    draft: Draft
    committee: tuple[Committee, ...]
    referrals: Referrals | None
    before: tuple[Before, ...]
    name: str | None
    path: str | None


def mined_text(mined: Mined, answers: Answers) -> str:
    """Return what was found as a page: the patterns, how they were found, the draft."""
    shown = _shown(mined)
    n = len(mined.best.accounts)
    notes = [
        *words.number_of_best(mined.best),
        *words.chosen(mined.best),
        *words.churn(mined.customers, mined.best),
        *words.rows(mined.customers, mined.census, n),
        words.unmatched(mined.unmatched),
        words.denominators(shown, n),
        words.not_looked_at(mined.shared),
    ]
    who = words.who(mined.best.accounts)
    nothing = words.NOTHING_REPEATS.format(least=mined.least)
    parts = [
        wrap(words.headline(mined)),
        _table(shown, mined.looks) if shown else wrap(nothing),
        _questions(mined, answers),
        wrap(words.referrals(answers.referrals)),
        "\n".join(wrap(note, first="- ", indent="  ") for note in notes if note),
        wrap(who) if who else "",
        wrap(words.draft(answers.draft, mined, path=answers.path)),
        wrap(words.TALK) if answers.draft.filters else "",
        f"Next:\n  {next_command(answers)}",
    ]
    return "\n\n".join(part for part in parts if part)


def mined_data(mined: Mined, answers: Answers) -> dict[str, Any]:
    """Return `icptest.icp-mine/1`."""
    best, census = mined.best, mined.census
    referrals = answers.referrals
    return {
        "schema": "icptest.icp-mine/1",
        "customers": {
            "file": answers.customers,
            "rows": mined.customers.n_rows,
            "accounts": len(mined.customers.accounts),
            "merged": mined.customers.n_merged,
            "set_aside": dict(mined.customers.set_aside),
            "left": best.n_left,
            "churn_disagrees": best.n_disagree,
            "churn_told": mined.customers.tells_churn,
        },
        "market": {
            "file": answers.base,
            "rows": census.n_rows,
            "accounts": census.n_market,
            "merged": census.n_merged,
            "set_aside": dict(census.set_aside),
            "on": answers.on.isoformat(),
        },
        "best": {
            "asked": best.asked,
            "accounts": [one.name for one in best.accounts],
            "in_market": census.n_contained,
            "by": {str(one): column for one, column in best.used.items()},
            "not_told_of": {str(one): n for one, n in best.missing.items()},
            "without_column": [str(one) for one in best.without_column],
            "unmeasured": best.n_unmeasured,
            "tied": best.n_tied,
        },
        "looks": mined.looks,
        "at_least": mined.least,
        "patterns": [_finding(one.finding) for one in mined.singles],
        "pairs": [_finding(one) for one in mined.pairs],
        "unmatched": [_finding(one) for one in mined.unmatched],
        "left_out": [
            {"column": name, "reason": str(reason)} for name, reason in mined.shared.left_out
        ],
        "questions": {
            "firmographic": words.answer(Layer.FIRMOGRAPHIC, mined),
            "technographic": words.answer(Layer.TECHNOGRAPHIC, mined),
            "behavioral": words.answer(Layer.BEHAVIORAL, mined),
            "buying_committee": words.committee(answers.committee),
        },
        "committee": [
            {
                "part": str(one.field),
                "known": one.known,
                "titles": [{"title": title, "accounts": n} for title, n in one.titles],
            }
            for one in answers.committee
        ],
        "before_purchase": [
            {"event": one.subject.word, "having": one.having, "known": one.known}
            for one in answers.before
        ],
        "referrals": None
        if referrals is None
        else {
            "referred": referrals.referred,
            "known": referrals.known,
            "estimate": referrals.share.estimate,
            "low": referrals.share.low,
            "high": referrals.share.high,
            "confidence": referrals.share.confidence_level,
        },
        "draft": {
            "filters": [str(one) for one in answers.draft.filters],
            "best_left": answers.draft.n_best,
            "market_left": answers.draft.n_market,
            "icp": answers.name,
            "file": answers.path,
        },
        "next": next_command(answers),
    }


def next_command(answers: Answers) -> str:
    """Return what to do next: hold the draft against the traps, or have it written."""
    if not answers.draft.filters:
        return "icptest icp new NAME"
    if answers.name:
        return f"icptest icp lint {answers.name}"
    files = f"{shlex.quote(answers.customers)} --base {shlex.quote(answers.base)}"
    return f"icptest icp mine {files} --name NAME"


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "criteria": [str(criterion) for criterion in one.criteria],
        "layers": [str(criterion.layer) for criterion in one.criteria],
        "best": {"having": one.best.having, "known": one.best.known},
        "market": {"having": one.market.having, "known": one.market.known, "rate": one.market.rate},
        "p_value": one.p_value,
        "adjusted": one.adjusted,
        "luck": str(one.luck),
    }


def _shown(mined: Mined) -> list[Finding]:
    """Return what is no luck, pairs after their parts, and the foremost of what could be."""
    found = [one.finding for one in mined.singles]
    certain = [one for one in found if one.luck is not Luck.COULD_BE]
    lucky = [one for one in found if one.luck is Luck.COULD_BE]
    return [*certain[:_MOST_SHOWN], *mined.pairs[:_LUCKY_SHOWN], *lucky[:_LUCKY_SHOWN]]


def _table(shown: Sequence[Finding], looks: int) -> str:
    rows = []
    for one in shown:
        first, *others = textwrap.wrap(words.named(one), _WIDEST, subsequent_indent="  ")
        rows.append([first, words.of_best(one), words.of_market(one), words.luck(one)])
        rows += [[other, "", "", ""] for other in others]
    heads = words.heads(looks)
    return table(rows, heads, right=len(heads))


def _questions(mined: Mined, answers: Answers) -> str:
    said = {
        layer: words.answer(layer, mined)
        for layer in (Layer.FIRMOGRAPHIC, Layer.TECHNOGRAPHIC, Layer.BEHAVIORAL)
    }
    said[Layer.BUYING] = words.committee(answers.committee)
    if answers.before:
        said[Layer.BEHAVIORAL] = "; ".join([said[Layer.BEHAVIORAL], *words.before(answers.before)])
    lines = [
        wrap(f"{text}.", first=f"  {words.QUESTIONS[layer]}: ", indent="    ")
        for layer, text in said.items()
    ]
    return "\n".join(lines)
