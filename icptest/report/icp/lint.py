"""What lint finds: its page and its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.icp.findings import TRAPS, Status
from icptest.report.words.icp import lint as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.definition import Definition
    from icptest.icp.findings import Finding

_MARKS = {Status.WARN: "warn", Status.NOT_JUDGED: "not judged"}


def lint_text(definition: Definition, findings: Sequence[Finding]) -> str:
    """Return what lint finds as a page: the traps first, each with evidence and remedy."""
    said = [_paragraph(one) for one in findings if one.status is not Status.OK]
    kept = [words.TITLES[one.rule] for one in findings if one.status is Status.OK]
    parts = [
        wrap(words.headline(definition.name, findings)),
        *said,
        wrap(words.KEPT.format(rules=", ".join(kept))) if kept else "",
        f"Next:\n  {_next(definition, findings)}",
    ]
    return "\n\n".join(part for part in parts if part)


def lint_data(
    definition: Definition, findings: Sequence[Finding], *, today: date
) -> dict[str, Any]:
    """Return `icptest.icp-lint/1`."""
    return {
        "schema": "icptest.icp-lint/1",
        "icp": definition.name,
        "version": definition.version,
        "on": today.isoformat(),
        "sentence": words.headline(definition.name, findings),
        "traps": [
            str(one.rule) for one in findings if one.status is Status.WARN and one.rule in TRAPS
        ],
        "findings": [
            {
                "rule": str(one.rule),
                "status": str(one.status),
                "case": one.case,
                "evidence": words.evidence(one),
                "remedy": "" if one.status is Status.OK else words.remedy(one),
            }
            for one in findings
        ],
        "next": _next(definition, findings),
    }


def _paragraph(finding: Finding) -> str:
    title = words.TITLES[finding.rule]
    text = f"{words.evidence(finding)} {words.remedy(finding)}"
    return f"{_MARKS[finding.status]}  {title}\n{wrap(text, first='  ', indent='  ')}"


def _next(definition: Definition, findings: Sequence[Finding]) -> str:
    if any(one.status is Status.WARN for one in findings):
        return f"icptest icp show {definition.name}"
    return f"icptest icp match LIST.csv --icp {definition.name} --out segment.csv"
