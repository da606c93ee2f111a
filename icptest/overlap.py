"""Overlap: what two lists share, told without drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from icptest.draw import require_room
from icptest.errors import RegistrationError
from icptest.experiment import Arm

if TYPE_CHECKING:
    from icptest.contacts import ContactList
    from icptest.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """Two lists as a test of given sizes would use them; all counts are companies.

    A draw takes one person of a company, and today's list first: it takes of the companies that
    both lists have what chance gives it, so those numbers are what is to be expected.

    Attributes:
        n_control: On today's list.
        n_segment: On the new list.
        n_shared: On both.
        size: Drawn from the new list.
        control_size: Drawn from today's list.
    """

    n_control: int
    n_segment: int
    n_shared: int
    size: int
    control_size: int

    @property
    def share(self) -> float:
        """Share w of today's companies that are also on the new list."""
        return self.n_shared / self.n_control

    @property
    def ceiling(self) -> float | None:
        """The largest lift the new list can show, 1 / w; None where the lists share nothing."""
        return 1 / self.share if self.n_shared else None

    @property
    def is_part(self) -> bool:
        """Whether the whole new list is part of today's list."""
        return self.n_shared == self.n_segment

    @property
    def n_in_control(self) -> int:
        """Companies of the new list that today's side of the test is expected to use."""
        return round(min(self.control_size, self.n_control) * self.share)

    @property
    def n_left(self) -> int:
        """Companies of the new list that are expected to be left after the test."""
        return max(0, self.n_segment - self.n_in_control - self.size)

    @property
    def fits(self) -> bool:
        """Whether both lists are long enough, as far as can be told without drawing."""
        there = self.n_segment - self.n_in_control
        return self.n_control >= self.control_size and there >= self.size

    @property
    def largest(self) -> int:
        """The largest equal number that both lists are expected to have."""
        return int(min(self.n_control, self.n_segment / (1 + self.share)))


def compare_lists(control: ContactList, segment: ContactList, protocol: Protocol) -> Overlap:
    """Return what two lists share.

    Args:
        control: Today's list.
        segment: The new list.
        protocol: Sizes and threshold of the test.

    Raises:
        RegistrationError: A list names nobody who can be mailed ("nobody-left"), or the new list
            is so much of today's that it cannot reach the threshold ("ceiling-too-low").
    """
    accounts = {}
    for arm, listed in ((Arm.CONTROL, control), (Arm.SEGMENT, segment)):
        accounts[arm] = {contact.account for contact in listed.contacts}
        if not accounts[arm]:
            raise RegistrationError("nobody-left", arm=str(arm))
    overlap = Overlap(
        n_control=len(accounts[Arm.CONTROL]),
        n_segment=len(accounts[Arm.SEGMENT]),
        n_shared=len(accounts[Arm.CONTROL] & accounts[Arm.SEGMENT]),
        size=protocol.size,
        control_size=protocol.control_size,
    )
    require_room(overlap.share, protocol.threshold)
    return overlap
