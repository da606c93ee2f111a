"""How an error is said: where, the excerpt, what is wrong, what to do.

All failures come through here, for people and for programs. What a person or a file wrote is
shown with its addresses masked, its control characters as escapes, and cut where it is endless.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from icptest.report.words.errors import BY_CASE, ERRORS
from icptest.report.words.numbers import ARM_NAMES, the, wrap
from icptest.report.words.reasons import REASONS
from icptest.row_text import excerpt, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icptest.errors import IcptestError, Location, RowProblem

SHOWN = 20
SHOWN_OF_A_KIND = 5
_LONGEST = 4096
"""No path is longer."""
_LONGEST_WORD = 200
_WORDS = frozenset({"encoding", "key", "name", "option", "value"})
_BLOCKS = frozenset({"guess", "toml"})
"""Facts of several lines, made here and not by others."""


def failure_text(error: IcptestError) -> str:
    """Return an error as people read it."""
    message, remedy = failure_words(error)
    where = place(error.location)
    lines = [f"icptest: error[{error.code}]" + (f": {where}" if where else "")]
    if error.excerpt is not None:
        number = "" if error.location.line is None else error.location.line
        lines.append(f"  {number} | {excerpt(error.excerpt)}")
    lines.append(_folded(message))
    lines += problem_lines(error.problems)
    if remedy:
        lines.append(_folded(remedy))
    return "\n".join([*lines, *(f"\n{failure_text(one)}" for one in error.others)])


def failure_data(error: IcptestError) -> dict[str, Any]:
    """Return `icptest.error/1`."""
    message, remedy = failure_words(error)
    others = {"others": [failure_data(one) for one in error.others]} if error.others else {}
    return {
        "schema": "icptest.error/1",
        "code": error.code,
        "message": message,
        "file": _shown(error.location.file),
        "record": error.location.record,
        "line": error.location.line,
        "column": _shown(error.location.column),
        "remedy": remedy,
        **others,
    }


def failure_words(error: IcptestError) -> tuple[str, str]:
    """Return what is wrong and what to do, with addresses masked."""
    facts = _Facts({name: _plain(name, value) for name, value in error.facts.items()})
    facts.setdefault("file", error.location.file or "the file")
    facts.setdefault("column", error.location.column or "the column")
    if facts.get("arm") in ARM_NAMES:
        facts["the_arm"] = the(facts["arm"])
    facts.setdefault("option", str(facts.get("field", "")).replace("_", "-"))
    message, remedy = (shown(text.format_map(facts)) for text in ERRORS[error.code])
    by_case = BY_CASE.get((error.code, str(error.facts.get("case"))))
    if by_case is not None:
        remedy = shown(by_case.format_map(facts))
    near = shown(str(error.facts.get("nearest") or ""))
    if near and "{nearest" not in "".join(ERRORS[error.code]):
        message += f' Did you mean "{near}"?'
    return message, remedy


def problem_lines(problems: Iterable[RowProblem]) -> list[str]:
    """Return the rows behind an error, or set aside: the first of each kind, and how many more."""
    rows = list(problems)
    kinds: Counter[tuple[str, str | None]] = Counter()
    lines: list[str] = []
    n_shown = 0
    for problem in rows:
        kind = (problem.reason, problem.location.column)
        kinds[kind] += 1
        if n_shown == SHOWN or kinds[kind] > SHOWN_OF_A_KIND:
            continue
        n_shown += 1
        where = place(problem.location, with_file=False)
        said = REASONS.get(problem.reason, problem.reason)
        lines.append(wrap(f"{where}: {said}", first="  ", indent="    "))
        lines.append(f"    | {excerpt(problem.text)}")
    if len(rows) > n_shown:
        lines.append(f"  ... and {len(rows) - n_shown:,} more, {len(rows):,} in all.")
    return lines


def place(location: Location, *, with_file: bool = True) -> str:
    """Return a location: `exports/a.csv:14 (record 12), column "Replied At"`."""
    file = _shown(location.file) if with_file else None
    parts = []
    if location.line is not None:
        record = "" if location.record is None else f" (record {location.record})"
        parts.append(f"{file}:{location.line}{record}" if file else f"line {location.line}{record}")
    elif file:
        parts.append(file)
    if location.column is not None:
        parts.append(f'column "{_shown(location.column)}"')
    return ", ".join(parts)


def _folded(text: str) -> str:
    """Return a sentence folded; what follows it on lines of its own is left as it is."""
    sentence, newline, rest = text.partition("\n")
    return wrap(sentence) + newline + rest.rstrip("\n")


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is missing is said to be, and never breaks the message."""

    def __missing__(self, key: str) -> str:
        return f"({key} unknown)"


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}".strip()
    if isinstance(value, (tuple, list, set, frozenset)):
        value = ", ".join(str(one) for one in value)
    if isinstance(value, str) and name not in _BLOCKS:
        value = _one_line(value, _LONGEST_WORD if name in _WORDS else _LONGEST)
    return value


def _shown(text: str | None) -> str | None:
    """Return part of a place as it may be shown: a path, or the name of a column."""
    return None if text is None else shown(_one_line(text, _LONGEST))


def _one_line(text: str, limit: int) -> str:
    line = text.replace("\r", "\\r").replace("\n", "\\n")
    return line if len(line) <= limit else f"{line[:limit]}... ({len(line):,} characters)"
