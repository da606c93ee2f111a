"""Traits: what the people of a test can be compared by, from its lists and its addresses.

A person's own list is asked first, and the other list where it says nothing. Where neither
tells, the value is unknown, which is a group like any other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.attributes import (
    GROUPS,
    Attribute,
    company_size,
    mail_provider,
    title_level,
)
from icptest.contacts import Role, column_key, read_contacts
from icptest.errors import InputError, Location
from icptest.experiment import Arm
from icptest.reading import file_digest
from icptest.sampling import columns_by_role
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.contacts import ContactList, Identifier
    from icptest.experiment import Experiment

_EMPLOYEES = (
    *("employees", "# employees", "number of employees", "no of employees", "num employees"),
    *("employee count", "employees count", "company employee count", "company employees"),
    *("headcount", "company headcount", "staff count", "company size", "employee range", "size"),
)
"""Usual names of a column of employees, in the order of preference."""
_SAYS_NOTHING = frozenset(("n/a", "#n/a", "na", "nan", "null"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Trait:
    """What people are compared by, and what each of them has.

    Attributes:
        by: Word of an `Attribute`, else the name of a column.
        attribute: Which attribute; None for a column as it stands.
        columns: Names of the columns it was read from, each once.
        told_by: The lists that have such a column; both where addresses tell.
        values: Group of each contact, by id; who is unknown is absent.
    """

    by: str
    attribute: Attribute | None
    columns: tuple[str, ...]
    told_by: frozenset[Arm]
    values: Mapping[int, str]


class Lists:
    """The copies of both lists of a test, and whom of the test each row names.

    Args:
        experiment: The registration.
        folder: The folder of the test.
        identifiers: Whom every address and profile of the test names.

    Raises:
        InputError: A copy is gone ("list-copy-gone"), is not what was registered
            ("list-copy-changed"), or cannot be read.
    """

    def __init__(
        self, experiment: Experiment, folder: Path, identifiers: Mapping[Identifier, int]
    ) -> None:
        self._lists = _read_copies(experiment, folder)
        self._rows: dict[tuple[Arm, int], tuple[str, ...]] = {
            (arm, identifiers[key]): contact.cells
            for arm, listed in self._lists.items()
            for contact in listed.contacts
            for key in contact.identifiers
            if key in identifiers
        }

    def __bool__(self) -> bool:
        """Whether there are lists: campaigns that already ran have none."""
        return bool(self._lists)

    @property
    def columns(self) -> list[str]:
        """The names of all columns, each once."""
        return list(dict.fromkeys(name for one in self._lists.values() for name in one.header))

    def trait(
        self,
        by: str,
        attribute: Attribute | None,
        place: Callable[[ContactList], int | None],
        group: Callable[[str], str | None],
        arms: Mapping[int, Arm],
    ) -> Trait:
        """Return what a column tells of everybody.

        Args:
            by: What it is called.
            attribute: Which attribute it is, if one.
            place: Where the column stands in a list.
            group: What a cell tells.
            arms: The arm of every contact.
        """
        places = {arm: place(listed) for arm, listed in self._lists.items()}
        values = {}
        for contact_id, own in arms.items():
            for arm in (own, own.other):
                cells, column = self._rows.get((arm, contact_id)), places[arm]
                value = None if cells is None or column is None else group(cells[column])
                if value is not None:
                    values[contact_id] = value
                    break
        there = {arm: column for arm, column in places.items() if column is not None}
        names = [self._lists[arm].header[column] for arm, column in there.items()]
        return Trait(
            by=by,
            attribute=attribute,
            columns=tuple(dict.fromkeys(names)),
            told_by=frozenset(there),
            values=values,
        )


def read_traits(
    experiment: Experiment,
    folder: Path,
    identifiers: Mapping[Identifier, int],
    arms: Mapping[int, Arm],
    *,
    by: Sequence[str] = (),
) -> tuple[Trait, ...]:
    """Return what to compare people by.

    Args:
        experiment: The registration.
        folder: The folder of the test.
        identifiers: Whom every address and profile of the test names.
        arms: The arm of every contact.
        by: Attributes and columns that were asked for; nothing: every attribute.

    Raises:
        InputError: No list has such a column ("no-column-to-compare-by"), the test has no lists
            ("no-lists-to-compare-by"), or a copy of a list cannot be used.
    """
    asked = tuple(dict.fromkeys(by)) or tuple(str(one) for one in Attribute)
    by_addresses = _by_addresses(identifiers, arms)
    if asked == (str(Attribute.MAIL_PROVIDER),):
        return (by_addresses,)
    lists = Lists(experiment, folder, identifiers)
    if not lists:
        # Campaigns that already ran: their addresses are all that is known.
        other = next((one for one in by if one != Attribute.MAIL_PROVIDER), None)
        if other is not None:
            raise InputError("no-lists-to-compare-by", value=other)
        return (by_addresses,)
    traits = {
        one: by_addresses if one == Attribute.MAIL_PROVIDER else _by_column(lists, one, arms)
        for one in asked
    }
    for one in by:
        if not traits[one].told_by:
            raise InputError(
                "no-column-to-compare-by",
                value=one,
                columns=", ".join(lists.columns),
                attributes=", ".join(Attribute),
                nearest=None
                if one in set(Attribute)
                else nearest(one, [*lists.columns, *map(str, Attribute)]),
            )
    found = [trait if trait.attribute else _in_usual_spelling(trait) for trait in traits.values()]
    # A column can be asked for by several names.
    return tuple({(trait.by, trait.columns): trait for trait in found}.values())


def _by_addresses(identifiers: Mapping[Identifier, int], arms: Mapping[int, Arm]) -> Trait:
    """Return who keeps everybody's mail; of several addresses one at a work domain tells."""
    order = {group: place for place, group in enumerate(GROUPS[Attribute.MAIL_PROVIDER])}
    values: dict[int, str] = {}
    for address, contact_id in identifiers.items():
        group = mail_provider(address) if "@" in address else None
        if group is not None and contact_id in arms:
            values[contact_id] = min(group, values.get(contact_id, group), key=order.__getitem__)
    return Trait(
        by=str(Attribute.MAIL_PROVIDER),
        attribute=Attribute.MAIL_PROVIDER,
        columns=(),
        told_by=frozenset(Arm),
        values=values,
    )


def _by_column(lists: Lists, by: str, arms: Mapping[int, Arm]) -> Trait:
    """Return what a column tells: titles by level, employees in bands, others as they stand."""
    if by == Attribute.TITLE_LEVEL:
        return lists.trait(
            by,
            Attribute.TITLE_LEVEL,
            lambda listed: listed.roles.get(Role.TITLE),
            title_level,
            arms,
        )
    key = column_key(by)
    if by == Attribute.COMPANY_SIZE or key in _EMPLOYEES:
        names = _EMPLOYEES if by == Attribute.COMPANY_SIZE else (key,)
        trait = lists.trait(
            str(Attribute.COMPANY_SIZE),
            Attribute.COMPANY_SIZE,
            lambda listed: _place(listed, names),
            company_size,
            arms,
        )
    else:
        trait = lists.trait(by, None, lambda listed: _place(listed, (key,)), _text, arms)
    return trait


def _place(listed: ContactList, names: Iterable[str]) -> int | None:
    keys = [column_key(name) for name in listed.header]
    return next((keys.index(name) for name in names if name in keys), None)


def _text(cell: str) -> str | None:
    """Return a cell as a group; a sign alone and "n/a" say nothing."""
    text = " ".join(cell.split())
    says_something = any(map(str.isalnum, text)) and text.casefold() not in _SAYS_NOTHING
    return text if says_something else None


def _in_usual_spelling(trait: Trait) -> Trait:
    """Return a column in which "software" and "Software" are one group, spelt as most have it."""
    times = Counter(trait.values.values())
    usual: dict[str, str] = {}
    for text in sorted(times, key=lambda text: (-times[text], text)):
        usual.setdefault(text.casefold(), text)
    return Trait(
        by=trait.columns[0],
        attribute=None,
        columns=trait.columns,
        told_by=trait.told_by,
        values={who: usual[text.casefold()] for who, text in trait.values.items()},
    )


def _read_copies(experiment: Experiment, folder: Path) -> dict[Arm, ContactList]:
    rules = experiment.draw
    lists = {}
    for arm in Arm:
        origin = experiment.origin(arm)
        if origin.list is None:
            continue
        path = folder / origin.list
        location = Location(file=str(path))
        if not path.is_file():
            raise InputError("list-copy-gone", location=location, arm=str(arm))
        if origin.sha256 is not None and file_digest(path) != origin.sha256:
            raise InputError("list-copy-changed", location=location, arm=str(arm))
        lists[arm] = read_contacts(
            path, named=columns_by_role(rules.columns), encoding=rules.encoding or None
        )
    return lists
