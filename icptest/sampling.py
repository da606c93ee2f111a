"""Sampling: the two lists of a test, read, and a batch drawn from them.

`new` draws the first batch from the lists it is given, `extend` later ones from the copies that
are kept: the same function, so that both draw alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.contacts import column_key, read_contacts
from icptest.draw import draw_arms
from icptest.errors import InputError, Location, RegistrationError
from icptest.exclusions import read_exclusions
from icptest.experiment import Arm
from icptest.plan import chance_to_scale
from icptest.protocol import MOST_LOOKS, Rule
from icptest.reading import file_digest
from icptest.spelling import nearest
from icptest.used import NOBODY, Used, read_used, used_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.contacts import ContactList
    from icptest.draw import Draw
    from icptest.exclusions import Exclusions
    from icptest.experiment import Experiment

_TRUE_LIFT = 3.0
"""The lift for which it is said what a larger control buys."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Everything that decides who can be drawn for a test.

    Attributes:
        experiment: The registration.
        lists: The lists as they were read, by arm; none for campaigns that already ran.
        exclusions: Who must not be mailed.
        used: Who was drawn before, for other tests or batches.
        taken: Whom other tests of the family have of their new lists.
    """

    experiment: Experiment
    lists: Mapping[Arm, ContactList]
    exclusions: Exclusions
    used: Used = NOBODY
    taken: Used = NOBODY


def read_frame(
    experiment: Experiment, folder: Path, *, used: Used = NOBODY, taken: Used = NOBODY
) -> Frame:
    """Read the lists and exclusions that a registration names.

    Args:
        experiment: The registration.
        folder: What its paths are relative to.
        used: Who was drawn before.
        taken: Whom other tests of the family have of their new lists.

    Raises:
        RegistrationError: The arms cannot be compared.
        InputError: A list cannot be read.
    """
    lists = _read_lists(experiment, folder)
    if experiment.draw.used:
        used |= read_used(folder / experiment.draw.used)
    if experiment.draw.taken:
        taken |= read_used(folder / experiment.draw.taken)
    return Frame(
        experiment=experiment,
        lists=lists,
        exclusions=read_exclusions(
            people=[folder / name for name in experiment.draw.exclude],
            companies=[folder / name for name in experiment.draw.exclude_companies],
        ),
        used=used,
        taken=taken,
    )


def draw_batch(frame: Frame, *, look: int = 1) -> Draw | None:
    """Draw a batch; None where campaigns already ran and nobody is drawn.

    Raises:
        RegistrationError: The lists cannot make it; the error says what they can make.
    """
    if not frame.lists:
        return None
    protocol = frame.experiment.protocol
    try:
        return _try(frame, size=protocol.size, control_size=protocol.control_size, look=look)
    except RegistrationError as error:
        if error.code != "too-few-people":
            raise
        if look > 1:
            name = frame.experiment.name
            raise RegistrationError(
                "batch-too-small", **error.facts, look=look, name=name
            ) from error
        raise _with_sizes_that_fit(error, frame) from error


def require_looks(frame: Frame, first: Draw) -> tuple[Draw, ...]:
    """Draw every later batch on trial: what is registered must be there when it is asked for.

    Args:
        frame: Who can be drawn.
        first: The first batch.

    Returns:
        The later batches, as `extend` will draw them if no other test comes between.

    Raises:
        RegistrationError: The lists have fewer ("too-few-people-for-looks").
    """
    protocol = frame.experiment.protocol
    drawn = [first]
    for look in range(2, protocol.looks + 1):
        everyone = [
            one.contact for batch in drawn for arm in Arm for one in batch.arm(arm).assignments
        ]
        later = replace(frame, used=frame.used | used_by(everyone))
        try:
            drawn.append(
                _try(later, size=protocol.size, control_size=protocol.control_size, look=look)
            )
        except RegistrationError as error:
            raise RegistrationError(
                "too-few-people-for-looks",
                fit=look - 1,
                looks=protocol.looks,
                size=protocol.size,
                control_size=protocol.control_size,
            ) from error
    return tuple(drawn[1:])


def looks_that_fit(experiment: Experiment, first: Draw) -> int:
    """Return for how many batches the lists would do, the first one included; never too many.

    Control takes its share of the companies on both lists, also from the new one.
    """
    protocol = experiment.protocol
    alone = experiment.draw.take_all or experiment.aa or experiment.family
    if protocol.rule is Rule.LIFT or alone:
        return 1
    of_segment = protocol.size + math.ceil(first.share * protocol.control_size)
    of_control = protocol.control_size + protocol.size
    more = min(
        first.left[Arm.SEGMENT][0] // of_segment,
        first.left[Arm.CONTROL][0] // of_control,
        MOST_LOOKS - 1,
    )
    return 1 + more


def columns_by_role(pairs: Iterable[str]) -> dict[str, list[str]]:
    """Return column names by role, from "role=NAME"; two lists may name one thing differently.

    Raises:
        InputError: A pair names no column ("bad-column-option").
    """
    named: dict[str, list[str]] = {}
    for pair in pairs:
        role, separator, column = pair.partition("=")
        if not separator or not column.strip():
            raise InputError("bad-column-option", value=pair)
        named.setdefault(role.strip(), []).append(column.strip())
    return named


def _read_lists(experiment: Experiment, folder: Path) -> dict[Arm, ContactList]:
    rules = experiment.draw
    named = columns_by_role(rules.columns)
    lists = _read_each(experiment, folder, named)
    if experiment.aa and len({file_digest(listed.path) for listed in lists.values()}) > 1:
        raise RegistrationError("aa-lists-differ")
    shared = set(experiment.control.campaigns) & set(experiment.segment.campaigns)
    if shared:
        raise RegistrationError("campaign-on-both-sides", value=min(shared))
    if len(lists) == 1:
        # One drawn list against a campaign that ran in another week compares two weeks.
        raise RegistrationError("list-against-campaign", arm=str(next(iter(lists)).other))
    require_columns(named, lists)
    return lists


def _read_each(
    experiment: Experiment, folder: Path, named: Mapping[str, Sequence[str]]
) -> dict[Arm, ContactList]:
    """Read both lists before anything is refused: what is wrong is mended in one go."""
    lists = {}
    unusable: list[InputError] = []
    for arm in Arm:
        origin = experiment.origin(arm)
        if origin.list is None:
            if not origin.campaigns:
                raise RegistrationError("arm-missing", arm=str(arm))
            continue
        if origin.campaigns:
            raise RegistrationError("list-and-campaign", arm=str(arm))
        path = folder / origin.list
        try:
            lists[arm] = read_contacts(path, named=named, encoding=experiment.draw.encoding or None)
        except InputError as error:
            unusable.append(error)
            continue
        if origin.sha256 is not None:
            _require_stated(path, origin.sha256, arm)
    if unusable:
        first, *others = unusable
        first.others = tuple(one for one in others if one.location != first.location)
        raise first
    return lists


def _require_stated(path: Path, sha256: str, arm: Arm) -> None:
    """Refuse a list that is not the one the registration states: other people would be drawn."""
    if file_digest(path) != sha256:
        raise RegistrationError(
            "list-not-as-stated", location=Location(file=str(path)), arm=str(arm)
        )


def require_columns(named: Mapping[str, Sequence[str]], lists: Mapping[Arm, ContactList]) -> None:
    """Refuse a column that neither list has; two lists may name a thing differently.

    Raises:
        InputError: Neither list has a named column ("column-nowhere").
    """
    there = [name for listed in lists.values() for name in listed.header]
    for column in (name for names in named.values() for name in names if lists):
        if column_key(column) not in map(column_key, there):
            raise InputError(
                "column-nowhere",
                value=column,
                columns=", ".join(dict.fromkeys(there)),
                nearest=nearest(column, there),
            )


def _try(frame: Frame, *, size: int, control_size: int, look: int = 1) -> Draw:
    experiment = frame.experiment
    return draw_arms(
        control=frame.lists[Arm.CONTROL],
        segment=frame.lists[Arm.SEGMENT],
        size=size,
        control_size=control_size,
        seed=experiment.seed,
        threshold=experiment.protocol.threshold,
        take_all=experiment.draw.take_all,
        aa=experiment.aa,
        prefer_titles=experiment.draw.prefer_titles,
        exclusions=frame.exclusions,
        used=frame.used,
        taken=frame.taken,
        look=look,
    )


def _with_sizes_that_fit(error: RegistrationError, frame: Frame) -> RegistrationError:
    """Return the error with sizes that these lists can be drawn at, each of them tried.

    Control takes its people first, also from the part both lists share: how many are left for
    the segment is known only by drawing.
    """
    protocol = frame.experiment.protocol

    def fits(size: int, control_size: int) -> bool:
        try:
            _try(frame, size=size, control_size=control_size)
        except RegistrationError:
            return False
        return True

    fit = _largest(lambda size: fits(size, size), protocol.size)
    if fit == 0:
        return RegistrationError("nobody-left", arm=str(Arm.SEGMENT))
    larger = _largest(lambda extra: fits(fit, fit + extra), max(2 * protocol.size, fit) - fit)
    chance, chance_larger = (
        round(
            100 * chance_to_scale(replace(protocol, size=fit, control_size=size), lift=_TRUE_LIFT)
        )
        for size in (fit, fit + larger)
    )
    if chance_larger <= chance:
        return RegistrationError("too-few-people", **error.facts, fit=fit)
    return RegistrationError(
        "too-few-people-on-the-new-list",
        **error.facts,
        fit=fit,
        larger=fit + larger,
        chance=chance,
        chance_larger=chance_larger,
    )


def _largest(good: Callable[[int], bool], highest: int) -> int:
    """Return the largest number up to `highest` that is good; 0 if none is."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if good(middle):
            low = middle
        else:
            high = middle - 1
    return low
