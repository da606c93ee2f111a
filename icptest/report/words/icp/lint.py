"""What `icp lint` says: what is wrong, the evidence, the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.icp.criteria import Criterion
from icptest.icp.definition import PERSONA_REVIEW_DAYS
from icptest.icp.findings import TRAPS, Finding, Rule, Status
from icptest.icp.lint import MOST_FILTERS, WORKABLE
from icptest.report.words.icp.criteria import LAYERS, ROLES, both, criterion, day, either, trigger
from icptest.report.words.numbers import count

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES = {
    Rule.CATCH_ALL: "catch-all",
    Rule.ASPIRATIONAL: "aspirational",
    Rule.STATIC: "static",
    Rule.COMMITTEE: "written by committee",
    Rule.VAGUE_WORDS: "vague words",
    Rule.TOO_MANY_FILTERS: "too many filters",
    Rule.IDLE_FILTERS: "filters that exclude nobody",
    Rule.MISSING_LAYERS: "missing layers",
    Rule.MISSING_ROLES: "missing roles",
    Rule.NO_DISQUALIFIERS: "no disqualifiers",
    Rule.NO_SHELF_LIFE: "signals without an end",
    Rule.NO_INTERVIEWS: "no interviews",
    Rule.NO_JOB: "no job to be done",
    Rule.PERSONAS_DUE: "personas to review",
}
KEPT = "Nothing found under: {rules}."


def headline(name: str, findings: Sequence[Finding]) -> str:
    """Return how many traps it is in, in one sentence."""
    broken = [one.rule for one in findings if one.status is Status.WARN]
    traps = [TITLES[rule] for rule in broken if rule in TRAPS]
    others = len(broken) - len(traps)
    open_ones = [
        TITLES[one.rule]
        for one in findings
        if one.status is Status.NOT_JUDGED and one.rule in TRAPS
    ]
    if traps:
        said = f"{name} is in {len(traps)} of the 4 traps: {both(traps)}"
    elif open_ones:
        said = f"{name} is in none of the traps that could be judged"
    else:
        said = f"{name} is in none of the 4 traps"
    if others:
        said += f"; {count(others, 'other thing', 'other things')} to mend"
    elif not traps and not open_ones:
        said += ", and nothing else is to mend"
    return f"{said}."


def evidence(finding: Finding) -> str:
    """Return what a rule was judged by."""
    case = (finding.rule, finding.status, finding.case)
    template = _EVIDENCE.get(case) or _EVIDENCE.get((finding.rule, finding.status, ""))
    if template is None:
        return ""
    return template.format(**_facts(finding))


def remedy(finding: Finding) -> str:
    """Return what to do about it."""
    by_case = _REMEDIES.get((finding.rule, finding.case)) or _REMEDIES.get((finding.rule, ""), "")
    return by_case.format(**_facts(finding))


_W, _N = Status.WARN, Status.NOT_JUDGED
_EVIDENCE: dict[tuple[Rule, Status, str], str] = {
    (Rule.CATCH_ALL, _W, "no-filters"): "It has no filter, so it lets every company in.",
    (Rule.CATCH_ALL, _W, "excludes-nobody"): "All {n_rows} rows of the list are in.",
    (Rule.CATCH_ALL, _W, "too-many"): "{n_in} of {n_rows} rows of the list are in.",
    (Rule.CATCH_ALL, _N, ""): "Without a list nobody knows how many companies it leaves.",
    (Rule.ASPIRATIONAL, _W, ""): "{n_in} of {known} closed deals match it{costly}{unknown}.",
    (
        Rule.ASPIRATIONAL,
        _N,
        "no-list",
    ): "Without your closed deals nobody knows whether they match.",
    (Rule.ASPIRATIONAL, _N, "not-told"): "The closed deals do not tell what its filters ask.",
    (Rule.STATIC, _W, ""): "It was reviewed on {reviewed_on}, {days} days ago.",
    (Rule.STATIC, _W, "ahead"): "Its review is dated {reviewed_on}, which lies ahead.",
    (Rule.COMMITTEE, _W, "owners"): "It has {n} owners: {owners}.",
    (Rule.COMMITTEE, _W, "nobody"): "It has no owner.",
    (
        Rule.COMMITTEE,
        _W,
        "or-of-everything",
    ): 'It takes in everything somebody wanted: "{criteria}".',
    (Rule.VAGUE_WORDS, _W, ""): 'No list can be searched for "{words}".',
    (Rule.TOO_MANY_FILTERS, _W, ""): "It has {n} filters.",
    (Rule.IDLE_FILTERS, _W, ""): "{filters}.",
    (Rule.IDLE_FILTERS, _N, ""): "Without a list nobody knows what each filter takes out.",
    (Rule.MISSING_LAYERS, _W, ""): "Nothing is said of: {layers}.",
    (Rule.MISSING_ROLES, _W, ""): "Nobody is named as {roles}.",
    (Rule.NO_DISQUALIFIERS, _W, ""): "Nothing in it says who never fits.",
    (Rule.NO_SHELF_LIFE, _W, ""): "These count however long ago they were: {signals}.",
    (Rule.NO_INTERVIEWS, _W, "none"): "It rests on data alone: no customer was asked.",
    (Rule.NO_INTERVIEWS, _W, "unanswered"): "{n} of the four questions have no answer.",
    (Rule.NO_INTERVIEWS, _W, "balance"): "It rests to {percent} % on data.",
    (Rule.NO_JOB, _W, ""): "The problem it solves is not there, in the customers' words.",
    (Rule.PERSONAS_DUE, _W, ""): "To be reviewed: {personas}.",
}
_REMEDIES: dict[tuple[Rule, str], str] = {
    (Rule.CATCH_ALL, ""): (
        f"Add filters until a list builder has to make real decisions: a complete profile leaves "
        f"{WORKABLE[0]:,} to {WORKABLE[1]:,} accounts."
    ),
    (Rule.CATCH_ALL, "unjudged"): "Add --market LIST.",
    (Rule.ASPIRATIONAL, ""): (
        "Write it from the deals you close: `icptest icp mine CUSTOMERS.csv --base MARKET.csv`."
    ),
    (Rule.ASPIRATIONAL, "no-list"): "Add --won CLOSED.csv.",
    (Rule.ASPIRATIONAL, "not-told"): (
        'Add the columns to the file, or name them: --column "employees=Team size".'
    ),
    (Rule.STATIC, ""): (
        "Hold it against the last 90 days of won and lost deals (`icptest icp drift DEALS.csv`), "
        "then set reviewed_on to today."
    ),
    (Rule.STATIC, "ahead"): "Set reviewed_on to the day it was last reviewed.",
    (Rule.COMMITTEE, "owners"): "Name one owner; make the others reviewers.",
    (Rule.COMMITTEE, "nobody"): 'Name one: owner = "..." in the file.',
    (Rule.COMMITTEE, "or-of-everything"): (
        "Let the owner pick one segment; test the others as profiles of their own."
    ),
    (Rule.VAGUE_WORDS, ""): (
        'Put a number or a name in their place: employees = "50-250", uses_any = ["HubSpot"].'
    ),
    (Rule.TOO_MANY_FILTERS, ""): (
        f"Keep the {MOST_FILTERS - 1} or {MOST_FILTERS} that take most wrong companies out: "
        "`icptest icp backtest` says what each costs."
    ),
    (Rule.IDLE_FILTERS, ""): "Tighten them, or take them out: they are decoration.",
    (Rule.IDLE_FILTERS, "unjudged"): "Add --market LIST.",
    (Rule.MISSING_LAYERS, ""): "Say it in the file, where its comments show how.",
    (Rule.MISSING_ROLES, ""): "Add [[buying.personas]] with their titles.",
    (Rule.NO_DISQUALIFIERS, ""): (
        "Add what reliably predicts a bad fit under [disqualify], or tools under uses_none."
    ),
    (Rule.NO_SHELF_LIFE, ""): "Give each shelf_life_days, or within_days: funding counts for 30.",
    (Rule.NO_INTERVIEWS, ""): (
        "Ask a few customers how they found you, what pushed them, who was in the room, what "
        "nearly stopped them; aim for 70 % data and 30 % conversation."
    ),
    (Rule.NO_JOB, ""): "Add it under [job].",
    (Rule.PERSONAS_DUE, ""): (
        f"Look at them every {PERSONA_REVIEW_DAYS} days, and set their reviewed_on."
    ),
}


def _facts(finding: Finding) -> dict[str, Any]:
    """Return the facts of a finding as a sentence has them."""
    facts: dict[str, Any] = {}
    for name, value in finding.facts.items():
        writer = _WRITERS.get(name)
        facts[name] = writer(value) if writer else f"{value:,}" if isinstance(value, int) else value
    if finding.rule is Rule.COMMITTEE and finding.case == "owners":
        facts["n"] = len(finding.facts["owners"])
    if finding.rule is Rule.ASPIRATIONAL:
        facts["costly"] = _costly(finding.facts)
        n = finding.facts.get("n_unknown", 0)
        facts["unknown"] = f"; {n:,} more {'is' if n == 1 else 'are'} not told" if n else ""
    return facts


def _costly(facts: Any) -> str:
    asked = facts.get("costly")
    return f'; {facts["n_costly"]:,} fail "{criterion(asked)}"' if asked is not None else ""


def _signal(one: Any) -> str:
    return criterion(one) if isinstance(one, Criterion) else trigger(one)


_WRITERS: dict[str, Any] = {
    "reviewed_on": day,
    "owners": lambda names: both(list(names)),
    "criteria": lambda ones: '" and "'.join(criterion(one) for one in ones),
    "words": '", "'.join,
    "filters": lambda found: "; ".join(
        f'"{criterion(one)}" keeps {kept:,} of {told:,}' for one, (kept, told) in found.items()
    ),
    "layers": lambda ones: both([LAYERS[one] for one in ones]),
    "roles": lambda ones: either([ROLES[one] for one in ones]),
    "signals": lambda ones: both([_signal(one) for one in ones]),
    "personas": lambda ones: both([f"{ROLES[one.role]} ({either(one.titles)})" for one in ones]),
}
