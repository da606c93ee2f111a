"""What a check is given, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from icptest import stats
from icptest.tallies import tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.coverage import Coverage
    from icptest.experiment import Arm, Experiment
    from icptest.outcomes import Outcome, Sending
    from icptest.record import Record
    from icptest.tallies import Tally

STOP_BELOW = 0.0005
WARN_BELOW = 0.005


class Status(StrEnum):
    """What a check says."""

    PASS = "pass"  # noqa: S105 - a word of the report
    WARN = "warn"
    STOP = "stop"
    PENDING = "pending"
    """Cannot be judged yet."""
    UNKNOWN = "unknown"
    """The export cannot tell; never shown as a pass, never waits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check of one test.

    Attributes:
        code: Stable kebab word.
        status: What it says.
        facts: What its sentence mentions (`report.words`).
        accepted: Why somebody went on in spite of a stop, if so; the status is then a warning.
    """

    code: str
    status: Status
    facts: Mapping[str, Any] = field(default_factory=dict)
    accepted: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Everything a check may look at.

    Attributes:
        experiment: The registration.
        record: What is known.
        coverage: What the exports speak of.
        outcomes: Outcomes by arm; contacts that stand apart left out.
        tallies: The same, counted.
        sending: How far the sending of the newest batch is, and of those before it.
        n_in_both: Contacts that the exports show in both arms.
        registration_intact: Whether the file still has the frozen digest.
        changed_lists: Arms of which the copy of the list is not the one it states.
        n_peeks: How often somebody looked before the replies were in.
    """

    experiment: Experiment
    record: Record
    coverage: Coverage
    outcomes: Mapping[Arm, tuple[Outcome, ...]]
    tallies: Mapping[Arm, Tally]
    sending: Sending
    n_in_both: int
    registration_intact: bool
    n_peeks: int
    changed_lists: tuple[Arm, ...] = ()

    @property
    def look(self) -> int:
        """Number of the newest batch."""
        return len(self.sending.earlier) + 1

    def of_batch(self, look: int) -> Case:
        """Return the case of one batch, as if there were no other."""
        outcomes = {
            arm: tuple(one for one in group if one.contact.look == look)
            for arm, group in self.outcomes.items()
        }
        return replace(
            self,
            outcomes=outcomes,
            tallies={arm: tally(group) for arm, group in outcomes.items()},
            sending=replace(self.sending.of(look), earlier=()),
        )

    @property
    def settled(self) -> bool:
        """Whether the replies of every contact are in: before that no outcome is told."""
        return all(one.assigned > 0 and one.unsettled == 0 for one in self.tallies.values())


def arms_differ(*, control: tuple[int, int], segment: tuple[int, int]) -> float:
    """Return the two-sided p-value of Fisher's exact test on (events, total) of each arm."""
    if control[1] == 0 or segment[1] == 0:
        return 1.0
    return stats.fisher_test(
        treatment_events=segment[0],
        treatment_total=segment[1],
        control_events=control[0],
        control_total=control[1],
    ).p_value


def by_p_value(p_value: float, *, may_stop: bool) -> Status:
    """Return what a statistical check says."""
    if p_value < STOP_BELOW and may_stop:
        return Status.STOP
    return Status.WARN if p_value < WARN_BELOW else Status.PASS
