"""What a file changes: its rows folded into the facts that are there, and into who is known.

Nothing here reads or writes the database; `writing` brings the state and takes the change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from icptest.errors import RowProblem
from icptest.events import Dating
from icptest.record import Fact, Joining, Member, fact_key, merge_facts
from icptest.store.times import to_micros, to_micros_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from icptest.contacts import Identifier
    from icptest.events import Event
    from icptest.store.values import FactId, NewRow

TWO_PEOPLE = "two-contacts"
"""Reason of a row that is set aside because its identifiers name two contacts."""


class Effect(Enum):
    """What a row did to what is known."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Facts:
    """The facts of the contacts concerned, and what a file makes of them.

    Args:
        known: The facts that are stored, by their place.
        source: Name of the tool the file is from.
        exported_at: When the file was exported.
    """

    def __init__(self, known: Mapping[FactId, Fact], *, source: str, exported_at: datetime) -> None:
        self._known = known
        self._changed: dict[FactId, Fact] = {}
        self._source = source
        self._exported_at = exported_at

    @property
    def changed(self) -> Mapping[FactId, Fact]:
        """The facts to be written: new ones, and known ones that are not as they were."""
        return self._changed

    def fold(self, contact_id: int, events: Sequence[Event]) -> Effect:
        """Take one row's events in; return the most that any of them did."""
        effects = {self._fold_one(contact_id, event) for event in events}
        for effect in (Effect.ADDED, Effect.UPDATED):
            if effect in effects:
                return effect
        return Effect.UNCHANGED

    def digest_after(self, before: str) -> str:
        """Return the digest of all facts after the file, from that of all facts before it.

        It is the sum of the facts' own digests, so it needs only those that change, and not
        their order.
        """
        total = int(before or "0", 16)
        for place, fact in self._changed.items():
            if place in self._known:
                total -= _weight(self._known[place])
            total += _weight(fact)
        return _hex(total)

    def _fold_one(self, contact_id: int, event: Event) -> Effect:
        if event.dating is Dating.UNDATED and event.at is None:
            event = replace(event, at=self._exported_at)
        told = Fact(
            contact_id=contact_id,
            event=event,
            source=self._source,
            first_seen_at=self._exported_at,
            last_seen_at=self._exported_at,
        )
        place = (contact_id, event.kind.value, fact_key(event, self._source))
        current = self._changed.get(place) or self._known.get(place)
        if current is None:
            self._changed[place] = told
            return Effect.ADDED
        merged = merge_facts(current, told)
        if merged == current:
            return Effect.UNCHANGED
        self._changed[place] = merged
        # That it was seen once more is worth writing, but no news.
        return Effect.UNCHANGED if merged.event == current.event else Effect.UPDATED


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Who the rows of a file are about.

    Attributes:
        who: The contact of each row, in file order; None for a row whose identifiers name
            two people.
        contacts: Contacts to be written: new ones, and those who joined earlier than known.
        identifiers: Identifiers to be written, and whom they name.
        set_aside: Why the rows without a contact have none.
    """

    who: Sequence[int | None]
    contacts: Mapping[int, Member]
    identifiers: Mapping[Identifier, int]
    set_aside: tuple[RowProblem, ...]


def find_people(
    rows: Sequence[NewRow],
    *,
    contacts: Mapping[int, Member],
    identifiers: Mapping[Identifier, int],
    exported_at: datetime,
) -> People:
    """Say whom every row is about, letting those join who do not belong to the test yet.

    The order of the rows does not matter: who has the most identifiers joins first, so that a
    row with the address alone and one with the profile alone meet in the one that has both.
    Nor does the order of files: the earliest export that names a person decides on the arm.
    """
    known = dict(identifiers)
    changed: dict[int, Member] = {}
    found: dict[Joining, int | None] = {}
    joinings = {row.who for row in rows if isinstance(row.who, Joining)}
    next_id = max(contacts, default=0) + 1
    for joining in sorted(joinings, key=_joining_order):
        named = {known[value] for value in joining.identifiers if value in known}
        if len(named) > 1:
            found[joining] = None
            continue
        contact_id = named.pop() if named else next_id
        found[joining] = contact_id
        for value in joining.identifiers:
            known.setdefault(value, contact_id)
        candidate = Member(
            contact_id=contact_id,
            arm=joining.arm,
            account=joining.account,
            joined_at=exported_at,
        )
        current = changed.get(contact_id) or contacts.get(contact_id)
        if current is None:
            next_id += 1
            changed[contact_id] = candidate
        elif _joined_before(candidate, current):
            changed[contact_id] = replace(candidate, look=current.look)
    who = [found[row.who] if isinstance(row.who, Joining) else row.who for row in rows]
    for contact_id in {contact_id for contact_id in who if contact_id is not None}:
        current = changed.get(contact_id) or contacts[contact_id]
        # A batch was drawn when it was drawn, whatever file names its people.
        if current.drawn_at is None and (
            current.joined_at is not None and exported_at < current.joined_at
        ):
            changed[contact_id] = replace(current, joined_at=exported_at)
    return People(
        who=who,
        contacts=changed,
        identifiers={value: of for value, of in known.items() if value not in identifiers},
        set_aside=tuple(
            RowProblem(reason=TWO_PEOPLE, location=row.location, text=row.text)
            for row, contact_id in zip(rows, who, strict=True)
            if contact_id is None
        ),
    )


def content_digest(facts: Iterable[Fact]) -> str:
    """Return the digest of facts, whatever their order; "" for none."""
    return _hex(sum(_weight(fact) for fact in facts))


def _hex(total: int) -> str:
    return f"{total % 2**256:064x}"


def _weight(fact: Fact) -> int:
    event = fact.event
    content = (
        fact.contact_id,
        event.kind.value,
        to_micros_or_none(event.at),
        event.dating.value,
        to_micros_or_none(event.since),
        event.label,
        event.campaign,
        event.step,
        event.provider_id,
        fact.source,
        to_micros(fact.first_seen_at),
        to_micros(fact.last_seen_at),
    )
    return int.from_bytes(hashlib.sha256(repr(content).encode()).digest(), "big")


def _joining_order(joining: Joining) -> tuple[int, tuple[Identifier, ...], str, str]:
    return -len(joining.identifiers), joining.identifiers, joining.arm, joining.account


def _joined_before(one: Member, other: Member) -> bool:
    if one.joined_at is None or other.joined_at is None:
        return False  # a drawn contact keeps the arm it was drawn into
    return (one.joined_at, one.arm, one.account) < (other.joined_at, other.arm, other.account)
