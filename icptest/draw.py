"""Draw: two fair samples from two lists, control first.

The unit is the account: accounts are drawn with equal chance, then one contact within each.
Control accounts come from the whole of today's list, segment accounts from the new list less
those in control, and as many of them from the part it shares with today's list as an
undisturbed draw would take. So both are simple random samples of their lists' accounts, whether
the new list is part of today's, apart from it, or shares some companies with it.

The order of a draw is SHA-256(seed, identifier): the same whatever the order of the rows, the
machine or the version.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.errors import RegistrationError
from icptest.exclusions import Exclusions
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from icptest.contacts import Contact, ContactList, Identifier

_OVERLAP_LIMIT = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """This contact belongs to this arm."""

    contact: Contact
    arm: Arm
    look: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmDraw:
    """How one arm was drawn.

    Attributes:
        n_listed: Data rows of the list.
        n_people: People on it who could be mailed, each once.
        n_accounts: Accounts on it, after exclusions.
        assignments: Who was drawn, in the order of the draw.
        left_out: Rows and people left out, by reason.
    """

    n_listed: int
    n_people: int
    n_accounts: int
    assignments: tuple[Assignment, ...]
    left_out: Mapping[str, int]

    @property
    def n_eligible(self) -> int:
        """People this arm could be drawn from."""
        return self.n_people


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """Both arms, and what they mean for the test.

    Attributes:
        control: Today's list.
        segment: The new list.
        share: Share w of today's accounts that are also on the new list. A new list that is
            part of today's cannot show a lift above 1 / w.
        is_part: Whether the whole new list is part of today's list.
        n_segment_in_control: Accounts of the new list that control uses.
        n_segment_left: Accounts of the new list that neither arm uses.
    """

    control: ArmDraw
    segment: ArmDraw
    share: float
    is_part: bool
    n_segment_in_control: int
    n_segment_left: int

    @property
    def ceiling(self) -> float | None:
        """The largest lift the new list can show, or None where today's list has none of it.

        Where the new list has companies from elsewhere too, it holds as far as they answer like
        those it shares with today's list.
        """
        return 1 / self.share if self.share > 0 else None

    def arm(self, arm: Arm) -> ArmDraw:
        """Return one arm."""
        return self.control if arm is Arm.CONTROL else self.segment


def draw_arms(
    *,
    control: ContactList,
    segment: ContactList,
    size: int,
    control_size: int,
    seed: int,
    threshold: float = 2.0,
    take_all: bool = False,
    prefer_titles: Sequence[str] = (),
    exclusions: Exclusions | None = None,
) -> Draw:
    """Draw both arms.

    Args:
        control: Today's list.
        segment: The new list.
        size: Contacts of the segment arm.
        control_size: Contacts of the control arm.
        seed: Decides the order, with the identifiers.
        threshold: The lift that justifies scaling.
        take_all: Everyone on both lists goes out, for lists that are already cut to size;
            then `size` and `control_size` are not used.
        prefer_titles: Titles that go first within a company, the best first.
        exclusions: Who is left out.

    Raises:
        RegistrationError: Nobody is left ("nobody-left"), too few people
            ("too-few-people"), a ceiling at or below the threshold ("ceiling-too-low"), or
            `take_all` on lists that overlap ("take-all-overlap").
    """
    rules = exclusions or Exclusions()
    pools = {Arm.CONTROL: _Pool(control, rules), Arm.SEGMENT: _Pool(segment, rules)}
    share, is_part = _share(pools)
    require_room(share, threshold)
    order = _Order(seed, prefer_titles)
    if take_all:
        drawn = _take_everyone(pools, order)
    else:
        chosen = order.accounts(pools[Arm.CONTROL].by_account)[:control_size]
        taken = [order.best(pools[Arm.CONTROL].by_account[name]) for name in chosen]
        pools[Arm.SEGMENT].remove(taken)
        names = _segment_accounts(pools, order, size)
        drawn = {
            Arm.CONTROL: taken,
            Arm.SEGMENT: [order.best(pools[Arm.SEGMENT].by_account[name]) for name in names],
        }
        _require_size(drawn, pools, size=size, control_size=control_size)
    in_control = {contact.account for contact in drawn[Arm.CONTROL]}
    listed_segment = pools[Arm.SEGMENT].accounts
    used = in_control | {contact.account for contact in drawn[Arm.SEGMENT]}
    return Draw(
        control=pools[Arm.CONTROL].result(Arm.CONTROL, drawn[Arm.CONTROL]),
        segment=pools[Arm.SEGMENT].result(Arm.SEGMENT, drawn[Arm.SEGMENT]),
        share=share,
        is_part=is_part,
        n_segment_in_control=len(listed_segment & in_control),
        n_segment_left=len(listed_segment - used),
    )


def interleave(
    control: Sequence[Assignment], segment: Sequence[Assignment], *, seed: int
) -> list[Assignment]:
    """Return both arms mixed in small balanced blocks, for one campaign.

    Whenever a tool stops, both arms have gone out in nearly their registered proportion.
    """
    n_blocks = max(1, min(len(control), len(segment)) // 2)
    order = _Order(seed, ())
    mixed: list[Assignment] = []
    for block in range(n_blocks):
        members = [
            arm[len(arm) * block // n_blocks : len(arm) * (block + 1) // n_blocks]
            for arm in (control, segment)
        ]
        mixed += sorted(
            (*members[0], *members[1]),
            key=lambda assignment: order.rank("block", assignment.contact.identifiers[0]),
        )
    return mixed


class _Order:
    """The order of a draw: decided by seed and identifiers alone."""

    def __init__(self, seed: int, prefer_titles: Sequence[str]) -> None:
        self._seed = str(seed)
        # Whole words: "Director" holds the letters of "CTO".
        self._titles = [
            re.compile(rf"(?<!\w){re.escape(title.strip())}(?!\w)", re.IGNORECASE)
            for title in prefer_titles
        ]

    def rank(self, *parts: str) -> bytes:
        return hashlib.sha256("\x1f".join((self._seed, *parts)).encode()).digest()

    def accounts(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=self.rank)

    def best(self, contacts: Iterable[Contact]) -> Contact:
        """Return one contact of an account: by preferred title, else by lot."""
        return min(contacts, key=lambda one: (self._preference(one), self.rank(one.identifiers[0])))

    def _preference(self, contact: Contact) -> int:
        for place, wanted in enumerate(self._titles):
            if wanted.search(contact.title):
                return place
        return len(self._titles)


class _Pool:
    """The people of one list who may be drawn, by account."""

    def __init__(self, listed: ContactList, exclusions: Exclusions) -> None:
        self._listed = listed
        self._left_out: Counter[str] = Counter(listed.left_out)
        self.by_account: dict[str, list[Contact]] = {}
        for contact in listed.contacts:
            reason = exclusions.reason(contact)
            if reason is not None:
                self._left_out[reason] += 1
                continue
            self.by_account.setdefault(contact.account, []).append(contact)
        self.accounts = frozenset(self.by_account)
        self.n_people = sum(map(len, self.by_account.values()))

    def remove(self, taken: Iterable[Contact]) -> None:
        """Leave out the companies, and the people, that the other arm has."""
        accounts: set[str] = set()
        people: set[Identifier] = set()
        for contact in taken:
            accounts.add(contact.account)
            people.update(contact.identifiers)
        self.leave(accounts, people)

    def leave(
        self, accounts: AbstractSet[str], people: AbstractSet[Identifier] = frozenset()
    ) -> None:
        """Leave out these companies and these people to the other arm."""
        for name in list(self.by_account):
            kept = [
                contact
                for contact in self.by_account[name]
                if name not in accounts and people.isdisjoint(contact.identifiers)
            ]
            gone = len(self.by_account[name]) - len(kept)
            if gone:
                self._left_out["in-the-other-list"] += gone
            if kept:
                self.by_account[name] = kept
            else:
                del self.by_account[name]

    def result(self, arm: Arm, drawn: Sequence[Contact]) -> ArmDraw:
        left_out = dict(self._left_out)
        same_account = sum(len(self.by_account.get(contact.account, ())) - 1 for contact in drawn)
        n_unused = sum(map(len, self.by_account.values())) - len(drawn)
        if len({contact.account for contact in drawn}) == len(drawn) and n_unused:
            if same_account:
                left_out["colleague-drawn"] = same_account
            if n_unused - same_account:
                left_out["not-drawn"] = n_unused - same_account
        return ArmDraw(
            n_listed=self._listed.n_rows,
            n_people=self.n_people,
            n_accounts=len(self.accounts),
            assignments=tuple(Assignment(contact=contact, arm=arm) for contact in drawn),
            left_out=left_out,
        )


def _segment_accounts(pools: Mapping[Arm, _Pool], order: _Order, size: int) -> list[str]:
    """Return the accounts of the segment, from those that control has left.

    Control thins out the part that both lists share. A second order, in which control has no
    part, says how many of that part a simple random sample of the new list holds.
    """
    today = pools[Arm.CONTROL].accounts
    whole = sorted(pools[Arm.SEGMENT].accounts, key=lambda name: order.rank("segment", name))
    left = order.accounts(pools[Arm.SEGMENT].by_account)
    shared = [name for name in left if name in today]
    new = [name for name in left if name not in today]
    n_shared = sum(name in today for name in whole[:size])
    # Where one part has too few left, the other fills up.
    n_shared = min(max(n_shared, size - len(new)), len(shared))
    return order.accounts([*shared[:n_shared], *new[: size - n_shared]])


def _share(pools: Mapping[Arm, _Pool]) -> tuple[float, bool]:
    control, segment = pools[Arm.CONTROL].accounts, pools[Arm.SEGMENT].accounts
    for arm, accounts in ((Arm.CONTROL, control), (Arm.SEGMENT, segment)):
        if not accounts:
            raise RegistrationError("nobody-left", arm=str(arm))
    return len(control & segment) / len(control), segment <= control


def require_room(share: float, threshold: float) -> None:
    """Refuse a new list that is so much of today's that its lift cannot reach the threshold.

    Raises:
        RegistrationError: The ceiling is at or below the threshold ("ceiling-too-low").
    """
    if share >= 1 / threshold:
        raise RegistrationError(
            "ceiling-too-low", share=share, ceiling=1 / share, threshold=threshold
        )


def _take_everyone(pools: Mapping[Arm, _Pool], order: _Order) -> dict[Arm, list[Contact]]:
    control, segment = pools[Arm.CONTROL], pools[Arm.SEGMENT]
    both = control.accounts & segment.accounts
    smaller = min(len(control.accounts), len(segment.accounts))
    if len(both) > _OVERLAP_LIMIT * smaller:
        raise RegistrationError("take-all-overlap", overlap=len(both), smaller=smaller)
    # A company on both lists goes to one of them by lot.
    control.leave({name for name in both if order.rank("both", name)[0] % 2 == 0})
    drawn = {Arm.CONTROL: _everyone(control, order)}
    segment.remove(drawn[Arm.CONTROL])
    return {**drawn, Arm.SEGMENT: _everyone(segment, order)}


def _everyone(pool: _Pool, order: _Order) -> list[Contact]:
    people = [contact for of_account in pool.by_account.values() for contact in of_account]
    return sorted(people, key=lambda contact: order.rank(contact.identifiers[0]))


def _require_size(
    drawn: Mapping[Arm, Sequence[Contact]],
    pools: Mapping[Arm, _Pool],
    *,
    size: int,
    control_size: int,
) -> None:
    there = {Arm.CONTROL: len(drawn[Arm.CONTROL]), Arm.SEGMENT: len(drawn[Arm.SEGMENT])}
    wanted = {Arm.CONTROL: control_size, Arm.SEGMENT: size}
    if all(there[arm] >= wanted[arm] for arm in Arm):
        return
    raise RegistrationError(
        "too-few-people",
        size=size,
        control_size=control_size,
        control=there[Arm.CONTROL],
        segment=there[Arm.SEGMENT],
        control_accounts=len(pools[Arm.CONTROL].accounts),
    )
