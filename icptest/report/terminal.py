"""What people read: one sentence first, table second, the next command last. 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.checks import Status
from icptest.decision import Answer
from icptest.experiment import Arm
from icptest.report.words import verdict as words
from icptest.report.words.checks import detail
from icptest.report.words.next_step import advice, next_command
from icptest.report.words.numbers import (
    ARM_NAMES,
    MEASURE_NAMES,
    lift,
    moment,
    percent,
    share,
    wrap,
)
from icptest.report.words.trust import belief_line, trust_lines, worth_line
from icptest.stats import NotEstimable
from icptest.tallies import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.checks import Check
    from icptest.evidence import Evidence
    from icptest.stats import RatioDecision, RatioInterval
    from icptest.verdict import Verdict

_MEASURE_OF_ROW = {
    "replied": Measure.REPLIED,
    "positive": Measure.POSITIVE,
    "meetings": Measure.MEETINGS,
}
_STATUS = {
    Status.STOP: "STOP",
    Status.WARN: "warn",
    Status.PENDING: "wait",
    Status.UNKNOWN: "unknown",
}


def verdict_text(
    verdict: Verdict, *, unknown_label: tuple[str, str] | None = None, statistics: bool = False
) -> str:
    """Return a verdict as a page of text."""
    heading = f"{words.HEADINGS[verdict.decision.answer]}  {verdict.experiment.name}"
    parts = [heading, wrap(words.sentence(verdict))]
    if verdict.peeked:
        parts.append(wrap(words.peek_line(verdict)))
    shown = verdict.evidence if verdict.decision.answer is not Answer.INVALID else None
    parts.append(_counts(verdict, shown))
    if shown is not None:
        parts.append(_lifts(shown))
        parts.append(wrap(belief_line(verdict, shown.belief)))
        if verdict.worth is not None:
            parts.append(wrap(worth_line(verdict.worth)))
        said = [*words.reasons(verdict), *trust_lines(verdict)]
        lines = [wrap(line, first="- ", indent="  ") for line in said]
        parts.append("\n".join(lines))
    if statistics and shown is not None:
        parts.append(_statistics(verdict, shown))
    parts.append(check_lines(verdict.checks, covered=verdict.evidence is None))
    if shown is not None:
        parts.append(wrap(words.article_line(verdict)))
    asked = moment(verdict.as_of, verdict.experiment.zone)
    follow = next_command(verdict, unknown_label)
    parts.append(f"As of {asked}.\n{advice(verdict, unknown_label)}\n  {follow}")
    return "\n\n".join(part for part in parts if part)


def table(rows: Iterable[Sequence[object]], headers: Sequence[str] = (), *, right: int = 1) -> str:
    """Return rows as columns; the first ones to the left, from `right` on to the right."""
    from tabulate import tabulate  # noqa: PLC0415 - `--json` needs no table

    body = [[str(cell) for cell in row] for row in rows]
    width = max((len(row) for row in body), default=len(headers))
    text: str = tabulate(
        body,
        headers=list(headers),
        tablefmt="plain",
        disable_numparse=True,
        colalign=["left" if column < right else "right" for column in range(width)]
        if body
        else None,
    )
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _counts(verdict: Verdict, evidence: Evidence | None) -> str:
    rows: list[list[object]] = []
    for name, title in words.TABLE_ROWS.items():
        measure = _MEASURE_OF_ROW.get(name)
        if measure is not None and evidence is None:
            continue
        row: list[object] = [title]
        for arm in Arm:
            row.append(f"{getattr(verdict.tallies[arm], name):,}")
            rate = evidence.rates[arm][measure] if evidence is not None and measure else None
            row.append(percent(rate.estimate) if rate else "")
        rows.append(row)
    counted = table(rows, ["", ARM_NAMES["control"], "", ARM_NAMES["segment"], ""])
    n_booked = sum(
        tally.positive - tally.positive_replied
        for tally in verdict.tallies.values()
        if evidence is not None
    )
    if not n_booked:
        return counted
    return f"{counted}\n{wrap(words.booked_directly(n_booked), first='  ', indent='  ')}"


def _lifts(evidence: Evidence) -> str:
    rows = [
        [
            MEASURE_NAMES[measure],
            words.UNDEFINED_LIFT
            if isinstance(evidence.lifts[measure].estimate, NotEstimable)
            else lift(_known(evidence.lifts[measure].estimate)),
            likely_range(evidence.lifts[measure]),
        ]
        for measure in (Measure.POSITIVE, Measure.REPLIED, Measure.MEETINGS)
    ]
    level = share(evidence.lifts[Measure.POSITIVE].confidence_level)
    return table(rows, ["lift: new list / today's", "seen", f"likely range ({level} sure)"])


def likely_range(interval: RatioInterval) -> str:
    """Return where a lift is likely to be, as far as it can be read."""
    low, high = interval.low, interval.high
    if isinstance(high, NotEstimable) and (isinstance(low, NotEstimable) or low == 0):
        return words.UNKNOWN_RANGE
    if isinstance(high, NotEstimable):
        return f"{lift(_known(low))} or more"
    if isinstance(low, NotEstimable):
        return f"up to {lift(high)}"
    return f"{lift(low)} to {lift(high)}"


def _known(value: float | NotEstimable) -> float:
    return 0.0 if isinstance(value, NotEstimable) else value


def _statistics(verdict: Verdict, evidence: Evidence) -> str:
    bar = f"{verdict.experiment.protocol.threshold:g}"
    tests: list[tuple[str, RatioDecision]] = [
        ("lift <= 1", evidence.better),
        (f"lift <= {bar}", evidence.reaches_threshold),
        (f"lift >= {bar}", evidence.misses_threshold),
    ]
    rows = [
        [null, f"{test.p_value:.5f}", "rejected" if test.passes else "not rejected"]
        for null, test in tests
    ]
    method = wrap(f"Tests: {evidence.better.method}, one-sided level {verdict.levels.rule:g}.")
    interval = wrap(f"Lift: {evidence.lifts[Measure.POSITIVE].method}; rates: Wilson.")
    return "\n".join([table(rows, ["null hypothesis", "p", ""]), method, interval])


def check_lines(checks: Iterable[Check], *, covered: bool) -> str:
    """Return how many checks passed, and every one that did not."""
    checks = list(checks)
    lines = [
        wrap(
            detail(check, covered=covered),
            first=f"  {_STATUS[check.status]:<8}{check.code}: ",
            indent=" " * 10,
        )
        for check in checks
        if check.status is not Status.PASS
    ]
    n_passed = sum(check.status is Status.PASS for check in checks)
    return "\n".join([f"Checks: {n_passed} passed.", *lines])
