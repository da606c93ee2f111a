"""Draw: two fair samples from two lists, control first.

The unit is the account: accounts are drawn with equal chance, then one contact within each.
Control accounts come from the whole of today's list, segment accounts from the new list less
those in control, and as many of them from the part it shares with today's list as an
undisturbed draw would take. So both are simple random samples of their lists' accounts, whether
the new list is part of today's, apart from it, or shares some companies with it.

A later batch passes over whoever was used. Those were taken from the shared part more often than
from the rest, so both arms take from either part what an undisturbed draw of the whole list
would: later batches are simple random samples too, and so are all batches together.

The order of a draw is SHA-256(seed, identifier) (`lot`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.errors import RegistrationError
from icptest.exclusions import Exclusions
from icptest.experiment import Arm
from icptest.lot import Lot
from icptest.pool import Pool
from icptest.used import NOBODY, Used, used_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icptest.contacts import Contact, ContactList

_OVERLAP_LIMIT = 0.05
_UNDISTURBED = {Arm.CONTROL: "", Arm.SEGMENT: "segment"}
"""Names of the orders of the whole lists. Control has the first choice, so its own will do."""


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
        left: Accounts that nobody uses, now or before, and the people at them, by list.
    """

    control: ArmDraw
    segment: ArmDraw
    share: float
    is_part: bool
    n_segment_in_control: int
    left: Mapping[Arm, tuple[int, int]]

    @property
    def n_segment_left(self) -> int:
        """Accounts of the new list that nobody uses, now or before."""
        return self.left[Arm.SEGMENT][0]

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
    aa: bool = False,
    prefer_titles: Sequence[str] = (),
    exclusions: Exclusions | None = None,
    used: Used = NOBODY,
    taken: Used = NOBODY,
    look: int = 1,
) -> Draw:
    """Draw one batch of both arms.

    Args:
        control: Today's list.
        segment: The new list.
        size: Contacts of the segment arm in a batch.
        control_size: Contacts of the control arm in a batch.
        seed: Decides the order, with the identifiers.
        threshold: The lift that justifies scaling.
        take_all: Everyone on both lists goes out, for lists that are already cut to size;
            then `size` and `control_size` are not used.
        aa: Both lists are the same one, and the lift is to be 1: no ceiling is asked for.
        prefer_titles: Titles that go first within a company, the best first.
        exclusions: Who is left out.
        used: Who was drawn before.
        taken: Whom other tests, against the same control, have of their new lists.
        look: Number of the batch, from 1; those before it had the same sizes.

    Raises:
        RegistrationError: Nobody is left ("nobody-left"), too few people
            ("too-few-people"), a ceiling at or below the threshold ("ceiling-too-low"), or
            `take_all` on lists that overlap ("take-all-overlap").
    """
    rules = exclusions or Exclusions()
    pools = {
        Arm.CONTROL: Pool(control, rules, used),
        Arm.SEGMENT: Pool(segment, rules, used),
    }
    share, is_part = _share(pools)
    if not aa:
        require_room(share, threshold)
    lot = Lot(seed, prefer_titles)
    if take_all:
        drawn = _take_everyone(pools, lot)
    else:
        drawn = {Arm.CONTROL: _take(pools, lot, Arm.CONTROL, control_size, look)}
        pools[Arm.SEGMENT].leave_to_the_other(drawn[Arm.CONTROL])
        pools[Arm.SEGMENT].leave_to_others(taken)
        drawn[Arm.SEGMENT] = _take(pools, lot, Arm.SEGMENT, size, look)
        _require_size(drawn, pools, size=size, control_size=control_size)
    in_control = {contact.account for contact in drawn[Arm.CONTROL]}
    everyone = used_by([*drawn[Arm.CONTROL], *drawn[Arm.SEGMENT]])
    arms = {arm: _arm(arm, pools[arm], drawn[arm], look) for arm in Arm}
    return Draw(
        control=arms[Arm.CONTROL],
        segment=arms[Arm.SEGMENT],
        share=share,
        is_part=is_part,
        n_segment_in_control=len(pools[Arm.SEGMENT].accounts & in_control),
        left={arm: pools[arm].left_by(everyone) for arm in Arm},
    )


def interleave(*groups: Sequence[Assignment], seed: int) -> list[Assignment]:
    """Return the arms mixed in small balanced blocks, for one campaign.

    Whenever a tool stops, all have gone out in nearly their registered proportion.
    """
    n_blocks = max(1, min(map(len, groups)) // 2)
    lot = Lot(seed)
    mixed: list[Assignment] = []
    for block in range(n_blocks):
        members = [
            one
            for group in groups
            for one in group[len(group) * block // n_blocks : len(group) * (block + 1) // n_blocks]
        ]
        mixed += sorted(
            members, key=lambda assignment: lot.rank("block", assignment.contact.identifiers[0])
        )
    return mixed


def _arm(arm: Arm, pool: Pool, drawn: Sequence[Contact], look: int) -> ArmDraw:
    return ArmDraw(
        n_listed=pool.n_listed,
        n_people=pool.n_people,
        n_accounts=len(pool.accounts),
        assignments=tuple(Assignment(contact=one, arm=arm, look=look) for one in drawn),
        left_out=pool.left_out(drawn),
    )


def _take(pools: Mapping[Arm, Pool], lot: Lot, arm: Arm, size: int, look: int) -> list[Contact]:
    """Return the people of an arm's batch: one of each company that is drawn.

    The other arm and earlier batches have thinned out the part that both lists share. An order
    of the whole list, in which they have no part, says how many of that part this batch holds.
    """
    pool, other = pools[arm], pools[arm.other].accounts
    whole = lot.accounts(pool.accounts, order=_UNDISTURBED[arm])
    left = lot.accounts(pool.by_account)
    shared = [name for name in left if name in other]
    own = [name for name in left if name not in other]
    n_shared = sum(name in other for name in whole[(look - 1) * size : look * size])
    # Where one part has too few left, the other fills up.
    n_shared = min(max(n_shared, size - len(own)), len(shared))
    names = lot.accounts([*shared[:n_shared], *own[: size - n_shared]])
    return [lot.best(pool.by_account[name]) for name in names]


def _share(pools: Mapping[Arm, Pool]) -> tuple[float, bool]:
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


def _take_everyone(pools: Mapping[Arm, Pool], lot: Lot) -> dict[Arm, list[Contact]]:
    control, segment = pools[Arm.CONTROL], pools[Arm.SEGMENT]
    both = control.accounts & segment.accounts
    smaller = min(len(control.accounts), len(segment.accounts))
    if len(both) > _OVERLAP_LIMIT * smaller:
        raise RegistrationError("take-all-overlap", overlap=len(both), smaller=smaller)
    # A company on both lists goes to one of them by lot.
    control.leave_accounts({name for name in both if lot.rank("both", name)[0] % 2 == 0})
    drawn = {Arm.CONTROL: _everyone(control, lot)}
    segment.leave_to_the_other(drawn[Arm.CONTROL])
    return {**drawn, Arm.SEGMENT: _everyone(segment, lot)}


def _everyone(pool: Pool, lot: Lot) -> list[Contact]:
    return lot.people(contact for people in pool.by_account.values() for contact in people)


def _require_size(
    drawn: Mapping[Arm, Sequence[Contact]],
    pools: Mapping[Arm, Pool],
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
