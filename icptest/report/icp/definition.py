"""A definition: its page and its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.report.terminal import table
from icptest.report.words.icp import definition as words
from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.definition import Definition


def definition_text(definition: Definition, *, today: date) -> str:
    """Return a definition as a page: the sentence, the layers, who answers for it."""
    sentence = words.statement(definition) if definition.filters else words.NO_FILTERS
    about = [f"Version {definition.version}, reviewed {definition.reviewed_on:%Y-%m-%d}"]
    if definition.owners:
        about.append(f"owner {', '.join(definition.owners)}")
    if definition.reviewers:
        about.append(f"reviewed by {', '.join(definition.reviewers)}")
    notes = [words.review(definition, today), *words.persona_reviews(definition, today)]
    parts = [
        definition.name,
        wrap(sentence),
        _layers(words.layers(definition)),
        "\n".join(wrap(line) for line in _said(definition)),
        wrap(f"{', '.join(about)}."),
        "\n".join(wrap(note) for note in notes),
        f"Next:\n  icptest icp lint {definition.name}",
    ]
    return "\n\n".join(part for part in parts if part)


def definition_data(definition: Definition, *, today: date) -> dict[str, Any]:
    """Return `icptest.icp/1`."""
    return {
        "schema": "icptest.icp/1",
        "name": definition.name,
        "version": definition.version,
        "statement": words.statement(definition),
        "owners": list(definition.owners),
        "reviewers": list(definition.reviewers),
        "reviewed_on": definition.reviewed_on.isoformat(),
        "review_due_on": definition.review_due_on.isoformat(),
        "review_is_due": definition.review_due_on <= today,
        "layers": sorted(str(layer) for layer in definition.layers),
        "filters": [str(one) for one in definition.filters],
        "disqualifiers": [str(one) for one in definition.disqualifiers],
        "triggers": [
            {
                "event": one.event,
                "what": list(one.what),
                "shelf_life_days": one.shelf_life_days,
            }
            for one in definition.triggers
        ],
        "personas": [
            {
                "role": str(one.role),
                "titles": list(one.titles),
                "reviewed_on": None if one.reviewed_on is None else one.reviewed_on.isoformat(),
            }
            for one in definition.buying.personas
        ],
        "digest": definition.digest,
        "next": f"icptest icp lint {definition.name}",
    }


def made_text(definition: Definition, path: str) -> str:
    """Return what `icp new` says."""
    said = words.MADE_WITH if definition.filters else words.MADE
    sentence = wrap(words.statement(definition)) if definition.filters else wrap(words.MEANT)
    follow = f"Next:\n  icptest icp show {definition.name}"
    return f"{wrap(said.format(path=path))}\n\n{sentence}\n\n{follow}"


def made_data(definition: Definition, path: str) -> dict[str, Any]:
    """Return `icptest.icp-new/1`."""
    return {
        "schema": "icptest.icp-new/1",
        "name": definition.name,
        "file": path,
        "filters": [str(one) for one in definition.filters],
        "disqualifiers": [str(one) for one in definition.disqualifiers],
        "next": f"icptest icp show {definition.name}",
    }


def definitions_data(definitions: Sequence[Definition], *, today: date) -> dict[str, Any]:
    """Return `icptest.icp-list/1`."""
    return {
        "schema": "icptest.icp-list/1",
        "profiles": [
            {
                "name": one.name,
                "version": one.version,
                "filters": len(one.filters),
                "review_due_on": one.review_due_on.isoformat(),
                "review_is_due": one.review_due_on <= today,
            }
            for one in definitions
        ],
        "next": f"icptest icp show {definitions[0].name}"
        if definitions
        else "icptest icp new NAME",
    }


def definitions_text(definitions: Sequence[Definition], *, today: date) -> str:
    """Return the definitions of a workspace, one line each."""
    if not definitions:
        return f"{words.NONE_YET}\n\nNext:\n  icptest icp new NAME"
    rows = [
        [
            one.name,
            f"v{one.version}",
            len(one.filters),
            f"{one.review_due_on:%Y-%m-%d}" + (" (due)" if one.review_due_on <= today else ""),
        ]
        for one in definitions
    ]
    heads = ("profile", "version", "filters", "review due")
    return f"{table(rows, heads)}\n\nNext:\n  icptest icp show {definitions[0].name}"


def _layers(rows: list[tuple[str, str]]) -> str:
    lines = []
    for layer, text in rows:
        lines.append(wrap(text, first=f"  {layer:<18}", indent=" " * 20))
    return "\n".join(lines)


def _said(definition: Definition) -> list[str]:
    said, lines = definition.interviews, []
    if definition.job:
        lines.append(f"The job, in their words: {definition.job}")
    named = {
        "How they found you": said.how_found,
        "What pushed them": said.pushed,
        "Who was in the room": said.in_the_room,
        "What nearly stopped them": said.nearly_stopped,
    }
    lines += [f"{head}: {text}" for head, text in named.items() if text]
    return lines
