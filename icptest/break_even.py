"""Break-even: from which lift on mailing the new list pays for itself."""

from __future__ import annotations

from dataclasses import dataclass

from icptest.baselines import MEETING_SHARE


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakEven:
    """What one mailed person costs and brings.

    Attributes:
        baseline_rate: Positive replies per person of today's list.
        cost_per_contact: What one person of the new list costs: data, research, sending.
        value_per_meeting: What one meeting is worth.
        meeting_share: Positive replies that become a meeting.
    """

    baseline_rate: float
    cost_per_contact: float
    value_per_meeting: float
    meeting_share: float = MEETING_SHARE

    @property
    def meeting_rate(self) -> float:
        """Meetings per person of today's list."""
        return self.baseline_rate * self.meeting_share

    @property
    def value_per_contact(self) -> float:
        """What a person of today's list brings on average."""
        return self.meeting_rate * self.value_per_meeting

    @property
    def lift(self) -> float:
        """The lift at which a person of the new list brings what it costs."""
        return self.cost_per_contact / self.value_per_contact
