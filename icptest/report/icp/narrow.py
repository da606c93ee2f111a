"""A narrowing: its page and its JSON."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from icptest.report.terminal import table
from icptest.report.words.icp import narrow as words
from icptest.report.words.icp.match import signals
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition
    from icptest.icp.narrow import Narrowing


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a narrowing was asked for.

    Attributes:
        added: The criteria.
        path: The file of the narrower profile, from where one stands.
        list: The list, as typed, if one was given.
        out: The prefix of the two lists that were written, if any were.
    """

    added: tuple[Criterion, ...]
    path: str
    list: str | None
    out: str | None


def narrow_text(
    loose: Definition, narrow: Definition, found: Narrowing | None, asked: Asked
) -> str:
    """Return a narrowing as a page."""
    parts = [
        wrap(words.headline(loose, narrow, found)),
        "\n".join(f"  + {words.criterion(one)}" for one in asked.added),
    ]
    if found is not None:
        parts.append(table(words.rows(loose, narrow, found), words.HEADS))
    notes = [words.unusual(asked.added), *([] if found is None else words.test_of(found))]
    if found is not None:
        notes += signals(found.narrow, None)
    parts.append("\n".join(wrap(note) for note in notes if note))
    written = [asked.path]
    if asked.out:
        written += [f"{asked.out}-control.csv", f"{asked.out}-segment.csv"]
    parts.append("Written: " + ", ".join(written))
    follow = "\n".join(f"  {line}" for line in next_commands(loose, narrow, asked))
    parts.append(f"Next:\n{follow}")
    return "\n\n".join(part for part in parts if part)


def narrow_data(
    loose: Definition, narrow: Definition, found: Narrowing | None, asked: Asked
) -> dict[str, Any]:
    """Return `icptest.icp-narrow/1`."""
    data: dict[str, Any] = {
        "schema": "icptest.icp-narrow/1",
        "loose": loose.name,
        "narrow": narrow.name,
        "file": asked.path,
        "added": [str(one) for one in asked.added],
        "list": asked.list,
        "left": None,
        "next": next_commands(loose, narrow, asked)[-1],
    }
    if found is not None:
        data["left"] = {
            "rows": found.loose.n_rows,
            "loose": found.loose.n_in,
            "narrow": found.narrow.n_in,
            "unknown": found.narrow.n_unknown,
            "share": found.share,
            "ceiling": found.ceiling,
        }
    if asked.out:
        data["control"], data["segment"] = (
            f"{asked.out}-{arm}.csv" for arm in ("control", "segment")
        )
    return data


def next_commands(loose: Definition, narrow: Definition, asked: Asked) -> list[str]:
    """Return what to do next: the test it implies."""
    if asked.list is None:
        return [f"icptest icp diff {loose.name} {narrow.name} LIST.csv"]
    if asked.out:
        control, segment = (shlex.quote(f"{asked.out}-{arm}.csv") for arm in ("control", "segment"))
        return [f"icptest new {narrow.name} --control {control} --segment {segment}"]
    list_file = shlex.quote(asked.list)
    return [
        f"icptest icp match {list_file} --icp {loose.name} --out control.csv",
        f"icptest new {narrow.name} --control control.csv --icp {narrow.name} --from {list_file}",
    ]
