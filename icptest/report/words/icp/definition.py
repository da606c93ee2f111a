"""A definition in words: the one sentence it comes to, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.criteria import OTHER, Kind, Layer
from icptest.icp.definition import PERSONA_REVIEW_DAYS, BuyingRole
from icptest.report.words.icp.criteria import EVENTS, ROLES, both, criterion, day, either, spans

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.criteria import Criterion
    from icptest.icp.definition import Definition, Persona, Trigger

NOTHING = "nothing said"
HEADS = ("layer", "what it says")
NO_FILTERS = "This profile has no filter yet, so it lets every company in."
MADE = "Written: {path}. It lets every company in until it has filters."
MADE_WITH = "Written: {path}."
NONE_YET = "There is no profile in this workspace yet."
MEANT = "Fill it in: four or five filters that somebody else could apply to a list."
REVIEW_DUE = "Its review was due on {due}: hold it against the last 90 days of deals."
REVIEW_LATER = "Its next review is due on {due}."
_BARE = ("in ", "that ", "running ", "with ", "triggered ", "at stage ")
"""What goes on without a comma behind "companies"."""
_FRAMES = {
    "employees": "{spans} employees",
    "revenue": "{spans} revenue",
    "geography": "in {values}",
    "naics": "NAICS {values}",
    "ownership": "{values}",
    "stage": "at stage {values}",
    "business-model": "{values}",
    "age-years": "{spans} years old",
}


def statement(definition: Definition) -> str:
    """Return the profile in one sentence, its five layers one after the other."""
    filters = {one.subject.word: one for one in definition.filters}
    kind = filters.get("business-model")
    industry = filters.get("industry")
    words = [either(one.values) for one in (kind, industry) if one is not None]
    parts = [f"{' '.join([*words, 'companies'])}"]
    parts += [_firm(one) for one in definition.filters if _is_more(one)]
    uses = definition.filters_of(Layer.TECHNOGRAPHIC)
    if uses:
        parts.append(f"running {both([either(one.values) for one in uses])}")
    did = definition.filters_of(Layer.BEHAVIORAL)
    if did:
        parts.append(f"that {both([_did(one) for one in did])}")
    people = [
        f"the {either(definition.buying.titles(role))} as the {ROLES[role]}"
        for role in BuyingRole
        if definition.buying.titles(role)
    ]
    if people:
        parts.append(f"with {both(people)}")
    if definition.triggers:
        parts.append(f"triggered by {either([_recent(one) for one in definition.triggers])}")
    if definition.disqualifiers:
        parts.append(f"but not {either([_gone(one) for one in definition.disqualifiers])}")
    if len(parts) > 1 and parts[1].startswith(_BARE):
        parts[:2] = [" ".join(parts[:2])]
    sentence = ", ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def layers(definition: Definition) -> list[tuple[str, str]]:
    """Return what each layer says, one row a criterion."""
    rows: list[tuple[str, str]] = []
    for layer in (Layer.FIRMOGRAPHIC, Layer.TECHNOGRAPHIC, Layer.BEHAVIORAL):
        said = [
            criterion(one)
            for one in (*definition.filters, *definition.disqualifiers)
            if one.layer is layer
        ]
        rows += _rows(str(layer), said)
    rows += _rows("buying committee", [_person(one) for one in definition.buying.personas])
    rows += _rows("trigger", [_life(one) for one in definition.triggers])
    return rows


def review(definition: Definition, today: date) -> str:
    """Return when the profile must be looked at again."""
    due = definition.review_due_on
    text = REVIEW_DUE if due <= today else REVIEW_LATER
    return text.format(due=day(due))


def persona_reviews(definition: Definition, today: date) -> list[str]:
    """Return which personas must be looked at."""
    late = []
    for one in definition.buying.personas:
        due = one.review_due_on()
        if due is None or due <= today:
            since = "never reviewed" if due is None else f"due since {day(due)}"
            late.append(
                f"Personas are reviewed every {PERSONA_REVIEW_DAYS} days: {_person(one)} ({since})."
            )
    return late


def _gone(asked: Criterion) -> str:
    if asked.layer is Layer.TECHNOGRAPHIC:
        return f"running {either(asked.values)}"
    if asked.subject.word == "industry":
        return f"in {either(asked.values)}"
    said = _firm(asked)
    return f"with {said}" if asked.subject.word in {"employees", "revenue"} else said


def _is_more(asked: Criterion) -> bool:
    is_first = asked.subject.word in {"industry", "business-model"}
    return asked.layer is Layer.FIRMOGRAPHIC and not is_first


def _firm(asked: Criterion) -> str:
    if asked.subject.field is None:
        return f"{asked.subject.word.removeprefix(OTHER)} {either(asked.values)}"
    return _FRAMES[asked.subject.word].format(values=either(asked.values), spans=spans(asked))


def _did(asked: Criterion) -> str:
    said = criterion(asked)
    return f"have {said}" if asked.subject.kind is Kind.GROWTH else said


def _recent(asked: Trigger) -> str:
    if not asked.what:
        return EVENTS[asked.event]
    named = either(asked.what)
    return {
        "funding": f"a recent {named}",
        "leadership-change": f"a new {named}",
        "launch": f"the launch of {named}",
        "expansion": f"an expansion into {named}",
        "competitor-switch": f"a move off {named}",
    }[asked.event]


def _rows(layer: str, said: list[str]) -> list[tuple[str, str]]:
    return [(layer if n == 0 else "", text) for n, text in enumerate(said or [NOTHING])]


def _person(one: Persona) -> str:
    return f"{ROLES[one.role]}: {either(one.titles)}"


def _life(one: Trigger) -> str:
    life = one.shelf_life_days
    return f"{_recent(one)}, " + ("no shelf life" if life is None else f"for {life} days")
