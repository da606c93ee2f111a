"""What `explain` says: the lift at equal mix, which parts can be read, what they cannot tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from icptest.attributes import Attribute
from icptest.parts import FEWEST_POSITIVE, Kind
from icptest.report.words.numbers import count, lift, share
from icptest.row_text import shown
from icptest.stats import NotEstimable

if TYPE_CHECKING:
    from icptest.explain import Breakdown, Explanation
    from icptest.parts import Part
    from icptest.traits import Trait

ALL = "everybody"
EQUAL_MIX = "at equal mix"
NOBODY = "nobody"
READING = {"too-few": "too few to read", "one-list": "on one list only"}
RANGE = "likely range"
VERDICT_STANDS = "The answer is the verdict's:"
_LABEL = 18
"""With counts of five digits the table is as wide as a terminal."""
_NOTABLE = 1.1
"""A lift that equal mix moves by less than this factor is said to be about the same."""

_HEADS = {
    Attribute.TITLE_LEVEL: "title level",
    Attribute.MAIL_PROVIDER: "mail provider",
    Attribute.COMPANY_SIZE: "employees",
}
_MIXED = {
    Attribute.TITLE_LEVEL: "titles",
    Attribute.MAIL_PROVIDER: "mail providers",
    Attribute.COMPANY_SIZE: "company sizes",
}
_COLUMNS = {Attribute.TITLE_LEVEL: "titles", Attribute.COMPANY_SIZE: "employees"}
_LABELS = {
    "c-level": "C-level, founders",
    "vp": "VPs",
    "director": "directors, heads",
    "manager": "managers",
    "other": "other titles",
    "work": "work domain",
    "microsoft-365": "Microsoft 365",
    "google": "Gmail",
    "microsoft": "Outlook, Hotmail",
    "yahoo": "Yahoo",
    "apple": "iCloud",
    "other-free": "other free mail",
    "201-1000": "201-1,000",
    "over-1000": "over 1,000",
}
_WHO = {
    "c-level": "C-level people and founders",
    "director": "directors and heads",
    "other": "people of other titles",
    "work": "people at work domains",
    "microsoft-365": "people at Microsoft 365 domains",
    "microsoft": "people at Outlook and Hotmail",
    "other-free": "people at other free mail",
}
_UNKNOWN = {
    Attribute.TITLE_LEVEL: "people without a title",
    Attribute.MAIL_PROVIDER: "people without an address",
    Attribute.COMPANY_SIZE: "people at companies of unknown size",
}


def heading(name: str) -> str:
    """Return the first line of the page."""
    return f"{name}: the lift of positive replies, in parts"


def head(trait: Trait) -> str:
    """Return what stands above the groups."""
    return _HEADS[trait.attribute] if trait.attribute else _short(shown(trait.by))


def label(trait: Trait, part: Part) -> str:
    """Return the name of a part in a table."""
    if part.kind is Kind.UNKNOWN:
        return "not known"
    if part.kind is Kind.OTHERS:
        return count(part.n_values, "other value")
    if trait.attribute is None:
        return _short(shown(part.group))
    return _LABELS.get(part.group, part.group)


def equal_mix_sentence(breakdown: Breakdown) -> str:
    """Return what the lift is at equal mix, and what that makes of the lift that is seen."""
    trait, parts = breakdown.trait, breakdown.parts
    mixed = _mixed(trait)
    found, everybody = breakdown.equal_mix, breakdown.everybody
    if len(parts) == 1:
        return f"Everybody is in one group ({label(trait, parts[0])}): {mixed} explain nothing."
    if found.used == 0:
        return f"The lists cannot be compared at equal mix of {mixed}: no group is on both."
    seen = breakdown.compared.ratio
    if seen is None or everybody.ratio is None or isinstance(found.estimate, NotEstimable):
        silent = (
            "today's list has no" if breakdown.compared.segment_events else "neither list has a"
        )
        among = " in groups that both lists have" if found.contacts_left_out else ""
        return f"There is no lift at equal mix of {mixed}: {silent} positive reply{among}."
    ratio = found.estimate
    said = f"At equal mix of {mixed} the lift is {lift(ratio)}" + (
        f", about the {lift(everybody.ratio)} of everybody"
        if _is_close(ratio, everybody.ratio)
        else f" instead of {lift(everybody.ratio)}"
    )
    if not found.contacts_left_out:
        return f"{said}: {_because(breakdown, seen, ratio)}."
    return (
        f"{said}. {found.contacts_left_out:,} of {everybody.people:,} people are in groups that "
        f"only one list has; among the others the lift is {lift(seen)}, and "
        f"{_because(breakdown, seen, ratio)}."
    )


def _is_close(one: float, other: float) -> bool:
    return one == other or (min(one, other) > 0 and max(one, other) / min(one, other) < _NOTABLE)


def _because(breakdown: Breakdown, seen: float, ratio: float) -> str:
    """Return what the mix does to the lift, and through whom."""
    if _is_close(seen, ratio):
        return "the mix changes little"
    if breakdown.shifted is None:
        who = f"the lists have different {_mixed(breakdown.trait)}"
    else:
        counts, compared = breakdown.shifted.counts, breakdown.compared
        more = (
            counts.segment_total * compared.control_total
            > counts.control_total * compared.segment_total
        )
        people = _who(breakdown.trait, breakdown.shifted)
        who = f"the new list has {'more' if more else 'fewer'} {people}"
    turns = (seen > 1) != (ratio > 1)
    if abs(math.log(ratio)) > abs(math.log(seen)):
        is_whole = turns or _is_close(seen, 1.0)
        return f"the mix hides {'a' if is_whole else 'part of the'} difference, because {who}"
    if turns or _is_close(ratio, 1.0):
        return f"the mix makes the difference, because {who}"
    return f"part of the difference is that {who}"


def notes(explanation: Explanation) -> list[str]:
    """Return what one has to know to read the parts, one paragraph each."""
    said = [_untold(trait) for trait in explanation.untold]
    parts = [part for breakdown in explanation.breakdowns for part in breakdown.parts]
    if any(str(part.readable) == "too-few" for part in parts):
        said.append(
            f"Too few to read: fewer than {FEWEST_POSITIVE} positive replies on both lists "
            "together. So few could all be on one list by luck alone."
        )
    unlabelled = sum(tally.unlabelled for tally in explanation.verdict.tallies.values())
    if unlabelled:
        said.append(
            f"{count(unlabelled, 'reply has', 'replies have')} no label yet and "
            f"{'counts' if unlabelled == 1 else 'count'} as not positive."
        )
    level = 1 - 2 * explanation.verdict.levels.rule
    said.append(
        f"{count(explanation.n_parts, 'group')} in "
        f"{count(len(explanation.breakdowns), 'way')} were looked at, after the fact. Each "
        f"range alone is {share(level)} sure; of so many, some differ by luck. A group that stands "
        "out is an idea for the next test, not a result, and the verdict stays as it is."
    )
    return said


def _untold(trait: Trait) -> str:
    if trait.attribute is None:  # asked for by name, and then shown
        raise ValueError(f"{trait.by} is not an attribute.")
    what = f"a column of {_COLUMNS[trait.attribute]}"
    if not trait.told_by:
        said = f"neither list has {what}"
    else:
        (arm,) = trait.told_by
        owner = "today's list" if arm == "control" else "the new list"
        said = f'only {owner} has {what} ("{shown(trait.columns[0])}")'
    return f"Not compared by {_HEADS[trait.attribute]}: {said}."


def _mixed(trait: Trait) -> str:
    return _MIXED[trait.attribute] if trait.attribute else f'values of "{_short(shown(trait.by))}"'


def _who(trait: Trait, part: Part) -> str:
    """Return the people of a part, inside a sentence."""
    if part.kind is Kind.UNKNOWN:
        return _UNKNOWN[trait.attribute] if trait.attribute else "people of whom it is not known"
    if part.kind is Kind.OTHERS:
        return "people with rarer values"
    if trait.attribute is None:
        return f'people with "{_short(shown(part.group))}"'
    name = _LABELS.get(part.group, part.group)
    if trait.attribute is Attribute.COMPANY_SIZE:
        return f"people at companies of {name} employees"
    if trait.attribute is Attribute.MAIL_PROVIDER and part.group not in _WHO:
        return f"people at {name}"
    return _WHO.get(part.group, name)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 3]}..."
