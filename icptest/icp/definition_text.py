"""The text of a definition: a commented TOML file that a person goes on writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli_w

from icptest.icp.criteria import OTHER, Criterion, Kind, Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.icp.definition import Buying, Definition, Interviews, Trigger


def render_definition(definition: Definition) -> str:
    """Return the file of a definition; what it does not say stands there as a comment."""
    parts = [
        _HEAD,
        _lines(
            {
                "name": definition.name,
                "version": definition.version,
                "owner": _one_or_list(definition.owners),
                "reviewers": list(definition.reviewers),
                "reviewed_on": definition.reviewed_on,
                "review_days": definition.review_days,
            }
        ),
        "\n# --- Filters: who is in ------------------------------------------------------------\n",
        _firmographic(definition),
        _technographic(definition),
        *_behavioral(definition.filters_of(Layer.BEHAVIORAL)),
        "\n# --- Disqualifiers: who is out, whatever else is true ------------------------------\n",
        _of_company("disqualify", definition.disqualifiers, _HINT_DISQUALIFY),
        "\n# --- Triggers: when to write -------------------------------------------------------\n",
        *_triggers(definition.triggers),
        "\n# --- People: whom to write to ------------------------------------------------------\n",
        *_buying(definition.buying),
        "\n# --- Why they buy ------------------------------------------------------------------\n",
        "[job]\n# The problem in your customers' words, not your list of features.\n"
        + _lines({"problem": definition.job}),
        _interviews(definition.interviews),
    ]
    return "\n".join(part for part in parts if part)


def _firmographic(definition: Definition) -> str:
    return _of_company(
        "firmographic", definition.filters_of(Layer.FIRMOGRAPHIC), _HINT_FIRMOGRAPHIC
    )


def _of_company(table: str, criteria: Iterable[Criterion], hint: str) -> str:
    found = [one for one in criteria if one.layer is Layer.FIRMOGRAPHIC]
    usual = [one for one in found if one.subject.field is not None]
    other = [one for one in found if one.subject.field is None]
    text = f"[{table}]\n{hint}" + _lines(
        {one.subject.word.replace("-", "_"): _asked(one) for one in usual}
    )
    if other:
        names = {one.subject.word.removeprefix(OTHER): _asked(one) for one in other}
        text += f"\n[{table}.other]\n" + _lines(names)
    return text


def _technographic(definition: Definition) -> str:
    uses = definition.filters_of(Layer.TECHNOGRAPHIC)
    # A filter with several tools is "one of them"; a tool alone must be there itself.
    groups = [list(one.values) for one in uses if len(one.values) > 1]
    others = [one.values[0] for one in uses if len(one.values) == 1]
    never = [
        value
        for one in definition.disqualifiers
        if one.layer is Layer.TECHNOGRAPHIC
        for value in one.values
    ]
    return f"[technographic]\n{_HINT_TECHNOGRAPHIC}" + _lines(
        {
            "uses_any": groups if len(groups) > 1 else [tool for one in groups for tool in one],
            "uses_all": others,
            "uses_none": never,
        }
    )


def _behavioral(criteria: Iterable[Criterion]) -> Iterable[str]:
    found = list(criteria)
    if not found:
        yield _HINT_BEHAVIORAL
    for one in found:
        key = "at_least" if one.subject.kind is Kind.GROWTH else "what"
        values: dict[str, Any] = {"did": one.subject.word, key: _asked(one)}
        if one.within_days is not None:
            values["within_days"] = one.within_days
        yield "[[behavioral]]\n" + _lines(values)


def _triggers(triggers: Iterable[Trigger]) -> Iterable[str]:
    found = list(triggers)
    yield _HINT_TRIGGER if not found else ""
    for one in found:
        values: dict[str, Any] = {"event": one.event, "what": list(one.what)}
        if one.shelf_life_days is not None:
            values["shelf_life_days"] = one.shelf_life_days
        yield "[[trigger]]\n" + _lines(values)


def _buying(buying: Buying) -> Iterable[str]:
    yield "[buying]\n" + _lines({"deal_size": buying.deal_size, "cycle_days": buying.cycle_days})
    if not buying.personas:
        yield _HINT_PERSONAS
    for one in buying.personas:
        values: dict[str, Any] = {"role": str(one.role), "titles": list(one.titles)}
        if one.reviewed_on is not None:
            values["reviewed_on"] = one.reviewed_on
        yield "[[buying.personas]]\n" + _lines(values)


def _interviews(said: Interviews) -> str:
    values: dict[str, Any] = {"customers": said.customers}
    if said.data_percent is not None:
        values["data_percent"] = said.data_percent
    values |= {
        "how_found": said.how_found,
        "pushed": said.pushed,
        "in_the_room": said.in_the_room,
        "nearly_stopped": said.nearly_stopped,
    }
    return f"[interviews]\n{_HINT_INTERVIEWS}" + _lines(values)


def _asked(criterion: Criterion) -> Any:
    spans = criterion.written_spans()
    if criterion.subject.kind is Kind.GROWTH:
        spans = tuple(span.removesuffix("+") for span in spans)
    return _one_or_list((*criterion.values, *spans), one=bool(spans))


def _one_or_list(values: tuple[str, ...], *, one: bool = True) -> Any:
    return values[0] if len(values) == 1 and one else list(values)


def _lines(values: Mapping[str, Any]) -> str:
    return tomli_w.dumps(values) if values else ""


_HEAD = """\
# An ideal customer profile as a filter. It is done when it can be turned into a list by Friday.
#
# Four or five filters that somebody could apply to a list without you in the room.
# A list of words means any of them, by whole words; "=Apollo" must be the whole entry.
# One owner writes it, reviewers object. Count `version` up when you change it.
"""
_HINT_FIRMOGRAPHIC = """\
# industry = ["SaaS", "Software"]
# naics = ["5112"]                      # codes that begin so
# employees = "50-250"                  # also "50+", "up to 250", or a list of ranges
# revenue = "5M-25M"
# geography = ["North America"]         # countries, or regions such as DACH, Nordics, EMEA
# ownership = ["venture-backed"]
# age_years = "3+"
# stage = ["Series A", "Series B"]
# business_model = ["B2B"]
# [firmographic.other]                  # any other column of your lists, by its name
# "Pricing page" = ["yes"]
"""
_HINT_TECHNOGRAPHIC = """\
# uses_any: one of these tools; of several lists one each: [["HubSpot", "Close"], ["Outreach"]].
# uses_all: each of these tools. uses_none: a tool that disqualifies.
"""
_HINT_BEHAVIORAL = """\
# What the company has done lately. Remove the "#" and change it:
# [[behavioral]]
# did = "hired"            # or raised, launched, expanded, posted-job, headcount-growth
# what = ["VP Sales", "Head of Sales"]
# within_days = 90
"""
_HINT_DISQUALIFY = """\
# The same words as in [firmographic], for companies that never fit:
# industry = ["Staffing"]
# employees = "up to 10"
"""
_HINT_TRIGGER = """\
# [[trigger]]
# event = "funding"        # or leadership-change, launch, expansion, competitor-switch
# what = ["Series B"]
# shelf_life_days = 30     # how long it makes them receptive; funding: 30 unless you say
"""
_HINT_PERSONAS = """\
# Several people of one company take part; each is written to differently. Looked at every 180 days.
# [[buying.personas]]
# role = "buyer"           # or influencer, budget-holder
# titles = ["VP Revenue", "VP Sales"]
# reviewed_on = 2026-11-27
"""
_HINT_INTERVIEWS = """\
# Aim for 70 % data and 30 % conversation: data_percent = 70.
"""
