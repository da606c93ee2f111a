"""Pool: the people of one list who may be drawn, by company, and why the others may not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from icptest.used import Used, used_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.contacts import Contact, ContactList
    from icptest.exclusions import Exclusions

ALREADY_USED = "already-used"
IN_THE_OTHER_LIST = "in-the-other-list"
IN_THE_FAMILY = "in-the-family"


class Pool:
    """The people of one list who may be drawn.

    Args:
        listed: The list.
        exclusions: Who is not part of it: they must not be mailed at all.
        used: Who was drawn before. They are part of the list, which a sample must show as it
            is, but nobody is drawn twice.

    Attributes:
        accounts: Companies of the list, used or not.
        n_people: People of the list, used or not.
        by_account: Who may be drawn now.
    """

    def __init__(self, listed: ContactList, exclusions: Exclusions, used: Used) -> None:
        self.n_listed = listed.n_rows
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
        self._leave(used, ALREADY_USED)

    def leave_to_the_other(self, taken: Iterable[Contact]) -> None:
        """Leave out the companies, and the people, that the other arm has."""
        self._leave(used_by(taken), IN_THE_OTHER_LIST)

    def leave_accounts(self, names: Iterable[str]) -> None:
        """Leave these companies to the other arm."""
        self._leave(Used(accounts=frozenset(names)), IN_THE_OTHER_LIST)

    def leave_to_others(self, taken: Used) -> None:
        """Leave out whom other tests of the family have."""
        self._leave(taken, IN_THE_FAMILY)

    def left_by(self, used: Used) -> tuple[int, int]:
        """Return how many companies nobody has used after these, and the people at them."""
        left = [
            sum(not used.holds(contact) for contact in people)
            for people in self.by_account.values()
        ]
        return sum(map(bool, left)), sum(left)

    def left_out(self, drawn: Sequence[Contact]) -> dict[str, int]:
        """Return who of the list does not go out when these are drawn, by reason."""
        left_out = dict(self._left_out)
        same_account = sum(len(self.by_account.get(contact.account, ())) - 1 for contact in drawn)
        n_unused = sum(map(len, self.by_account.values())) - len(drawn)
        if len({contact.account for contact in drawn}) == len(drawn) and n_unused:
            if same_account:
                left_out["colleague-drawn"] = same_account
            if n_unused - same_account:
                left_out["not-drawn"] = n_unused - same_account
        return left_out

    def _leave(self, used: Used, reason: str) -> None:
        for name in list(self.by_account):
            kept = [contact for contact in self.by_account[name] if not used.holds(contact)]
            gone = len(self.by_account[name]) - len(kept)
            if gone:
                self._left_out[reason] += gone
            if kept:
                self.by_account[name] = kept
            else:
                del self.by_account[name]
