"""Invented people and companies, decided by SHA-256 alone: the same on every machine."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

_T = TypeVar("_T")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words("""
    Ada Amara Anton Aisha Beatriz Bjorn Carla Chen Clara Dario Dina Elif Emil Esther Fatima Felix
    Gita Goran Hana Hugo Ines Ivan Jana Jonas Kai Karim Lara Leon Lin Luca Mads Maya Mina Nadia
    Nils Noor Olga Omar Paula Pedro Petra Priya Rafael Rosa Samir Sara Sofia Tara Theo Tomas Uma
    Vera Viktor Wanda Yara Yusuf Zara Zoe
""")
LAST_NAMES = _words("""
    Abara Adler Almeida Bakke Baran Bianchi Borg Castro Cerny Dahl Dimas Duarte Ekman Eriksen
    Falk Farah Ferro Fischer Gallo Gruber Haddad Hagen Holm Ibsen Ivanov Jansen Kaya Keller Klein
    Kovac Kumar Lang Larsen Lindt Lopez Madsen Marino Meyer Moreau Nagy Novak Okafor Olsen Park
    Pereira Quist Ramos Rossi Sato Silva Simic Sorel Tanaka Toth Ueda Varga Vogel Weiss Yilmaz Zeman
""")
ADJECTIVES = _words("""
    Amber Aspen Atlas Azure Birch Bold Brass Bright Broad Calm Cedar Clear Cobalt Copper Coral
    Crimson Crisp Delta Dune Eager East Elm Ember Even Fair Fern First Flint Fresh Gentle Gilded
    Golden Grand Granite Green Harbor Hazel High Iron Ivory Jade Keen Lark Linden Lively Lunar
    Maple Merit Misty North Oak Opal Open Pine Plain Prime Quiet Rapid River Silver Solid Steady
    Stone Summit
""")
NOUNS = _words("""
    Analytics Apps Beacon Bridge Cargo Circuit Cloud Compass Craft Data Dock Dynamics Edge Energy
    Field Finance Flow Forge Foundry Freight Gate Grid Guild Hatch Hub Insight Kit Lane Ledger
    Legal Link Logic Logistics Loop Mill Mobility Networks Ops Orbit Path
    Pay People Port Pulse Retail Robotics Route Scale Search Signal Software Stack
    Station Supply Systems Talent Tools Works
""")


def lot(*parts: str) -> int:
    """Return a number that these words decide."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")


def pick(choices: Sequence[_T], *parts: str) -> _T:
    """Return one of the choices, by lot."""
    return choices[lot(*parts) % len(choices)]


def between(low: int, high: int, *parts: str) -> int:
    """Return a whole number from low to high, by lot."""
    return low + lot(*parts) % (high - low + 1)


def shuffled(things: Iterable[_T], key: Callable[[_T], str], *parts: str) -> list[_T]:
    """Return the things in an order decided by lot."""
    return sorted(things, key=lambda one: lot(*parts, key(one)))


@dataclass(frozen=True, kw_only=True)
class Person:
    """A row of a list."""

    first: str
    last: str
    title: str
    company: str
    employees: int
    email: str
    crm: str = ""


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What the two lists of an experiment are made of.

    `*_companies` are companies; some have two people. `shared` companies of the new list
    stand on today's list too. Of each list, `duplicates` people stand on it twice, and
    `without_address` and `bad_address` people cannot be mailed.
    """

    control_companies: int
    segment_companies: int
    shared: int
    control_titles: tuple[str, ...]
    segment_titles: tuple[str, ...]
    duplicates: int = 14
    without_address: int = 9
    bad_address: int = 5
    crm: str = ""


def companies(slug: str, number: int) -> list[tuple[str, str]]:
    """Return companies of invented names: name and domain, each domain one company's own."""
    every = [(one, two) for one in ADJECTIVES for two in NOUNS]
    mixed = shuffled(every, " ".join, slug, "company")[:number]
    return [
        (f"{one} {two}", f"{one}{two}.{pick(('example', 'test'), slug, one, two)}".lower())
        for one, two in mixed
    ]


def staff(
    slug: str, at: Iterable[tuple[str, str]], titles: tuple[str, ...], crm: str
) -> list[Person]:
    """Return the people of some companies: one each, at every sixteenth or so a second one."""
    people = []
    for name, domain in at:
        for number in range(2 if lot(slug, "two", domain) % 16 == 0 else 1):
            parts = (slug, domain, str(number))
            first, last = pick(FIRST_NAMES, "first", *parts), pick(LAST_NAMES, "last", *parts)
            people.append(
                Person(
                    first=first,
                    last=last,
                    title=pick(titles, "title", *parts),
                    company=name,
                    employees=between(20, 480, "employees", slug, domain),
                    email=f"{first}.{last}@{domain}".lower(),
                    crm=crm,
                )
            )
    return people


def make_lists(slug: str, lists: Lists) -> tuple[list[Person], list[Person]]:
    """Return today's list and the new list, with the blemishes that lists have."""
    n_new = lists.segment_companies - lists.shared
    every = companies(slug, lists.control_companies + n_new)
    today, new = every[: lists.control_companies], every[lists.control_companies :]
    control = staff(slug, today, lists.control_titles, "")
    known = {domain for _, domain in today[: lists.shared]}
    shared = [person for person in control if person.email.partition("@")[2] in known]
    segment = staff(slug, new, lists.segment_titles, lists.crm)
    segment += [
        replace(person, title=pick(lists.segment_titles, slug, person.email), crm=lists.crm)
        for person in shared
    ]
    return (
        _blemished(slug, "control", control, lists),
        _blemished(slug, "segment", segment, lists),
    )


def _blemished(slug: str, name: str, people: list[Person], lists: Lists) -> list[Person]:
    mixed = shuffled(people, lambda one: one.email, slug, name, "blemish")
    n_missing, n_bad = lists.without_address, lists.bad_address
    missing = [replace(one, email="") for one in mixed[:n_missing]]
    bad = [
        replace(one, email=one.email.replace("@", pick((" at ", "(at)", "@@"), slug, one.email)))
        for one in mixed[n_missing : n_missing + n_bad]
    ]
    good = mixed[n_missing + n_bad :]
    twice = [
        replace(one, email=pick((one.email.upper(), f"{one.email} "), slug, "twice", one.email))
        for one in good[: lists.duplicates]
    ]
    return shuffled(
        [*missing, *bad, *good, *twice],
        lambda one: f"{one.first} {one.last} {one.company} {one.email}",
        slug,
        name,
        "rows",
    )


def write_control(path: Path, people: Iterable[Person]) -> None:
    """Write today's list as a CRM exports it."""
    header = ("First Name", "Last Name", "Job Title", "Company", "Employees", "Email")
    rows = (
        (one.first, one.last, one.title, one.company, one.employees, one.email) for one in people
    )
    _write(path, header, rows)


def write_segment(path: Path, people: Iterable[Person]) -> None:
    """Write the new list as a data provider exports it: other columns, another order."""
    header = ("Email", "First Name", "Last Name", "Job Title", "Company", "CRM")
    rows = ((one.email, one.first, one.last, one.title, one.company, one.crm) for one in people)
    _write(path, header, rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
