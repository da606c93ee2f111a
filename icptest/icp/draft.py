"""Draft: four or five filters from what was found, none of which could be luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from icptest.icp.counted import who_has
from icptest.icp.definition import Buying, BuyingRole, Definition, Persona
from icptest.icp.pattern import Luck
from icptest.icp.shared import TraitKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from icptest.icp.criteria import Criterion
    from icptest.icp.mine import Mined
    from icptest.icp.pattern import Trait
    from icptest.icp.questions import Committee

FEWEST_FILTERS, MOST_FILTERS = 4, 5
"""What a usable profile comes down to (icp-for-outbound, section 4)."""
_HALF = 0.5
_EXCLUDES = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Filters that were found.

    Attributes:
        filters: In the order they were found.
        n_best: Of the best, those that no filter is known to turn away.
        n_market: Of the market, companies known to pass every filter.
    """

    filters: tuple[Criterion, ...]
    n_best: int
    n_market: int


def draft_filters(mined: Mined) -> Draft:
    """Choose the filters of a draft.

    In the order of what is least like luck; a filter must be met by half of the best of which it
    is told, leave half of the best in together with those before it, and turn away a tenth of
    what those before it let through. Entries of a column that holds one each, such as
    industries, make one filter: any of them.
    """
    census = mined.census
    fit = [one for one in mined.singles if one.finding.luck is not Luck.COULD_BE]
    passes = np.ones(census.population, dtype=np.bool_)
    turned = np.zeros(len(census.drawn), dtype=np.bool_)
    filters: list[Criterion] = []
    for group in _groups(fit, mined):
        has = np.zeros(census.population, dtype=np.bool_)
        for one in group:
            has |= who_has(census.attributes[one.column], one.trait)
        told = census.attributes[group[0].column].traits.codes[census.drawn] >= 0
        away = turned | (told & ~has[census.drawn])
        before = int(passes[: census.n_market].sum())
        left = int((passes & has)[: census.n_market].sum())
        if (
            has[census.drawn].sum() < _HALF * told.sum()
            or away.sum() > _HALF * len(away)
            or left > _EXCLUDES * before
        ):
            continue
        passes, turned = passes & has, away
        values = tuple(value for one in group for value in one.finding.criteria[0].values)
        first = group[0].finding.criteria[0]
        filters.append(replace(first, values=values) if len(group) > 1 else first)
        if len(filters) == MOST_FILTERS:
            break
    return Draft(
        filters=tuple(filters),
        n_best=int((~turned).sum()),
        n_market=int(passes[: census.n_market].sum()) if filters else 0,
    )


def _groups(fit: Sequence[Trait], mined: Mined) -> list[list[Trait]]:
    """Return what makes one filter together, in the order of the first of each."""
    groups: dict[tuple[int, int], list[Trait]] = {}
    for place, one in enumerate(fit):
        attributes = mined.census.attributes[one.column]
        alone = attributes.is_list or attributes.column.kind is not TraitKind.ENTRIES
        groups.setdefault((one.column, place if alone else -1), []).append(one)
    return list(groups.values())


_ROLES = {
    "champion": BuyingRole.INFLUENCER,
    "signer": BuyingRole.BUYER,
    "payer": BuyingRole.BUDGET_HOLDER,
}


def draft_definition(
    draft: Draft, committee: Sequence[Committee], *, name: str, owner: str, reviewed_on: date
) -> Definition:
    """Return the definition that a draft makes, with the people who repeat among the best.

    Args:
        draft: Its filters.
        committee: Who took part in the purchases.
        name: What it is to be called.
        owner: Who answers for it.
        reviewed_on: Today.
    """
    personas = tuple(
        Persona(
            role=_ROLES[str(one.field)],
            titles=tuple(title for title, n in one.titles if n > 1),
            reviewed_on=reviewed_on,
        )
        for one in committee
        if any(n > 1 for _, n in one.titles)
    )
    return Definition(
        name=name,
        owners=(owner,),
        reviewed_on=reviewed_on,
        filters=draft.filters,
        buying=Buying(personas=personas),
    )
