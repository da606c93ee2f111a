"""Case: a test and what its exports say, put together and counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from icptest.clustering import design_effect
from icptest.coverage import cover
from icptest.evidence import counts_of
from icptest.experiment import Arm
from icptest.levels import Standing, levels_of
from icptest.outcomes import read_outcomes
from icptest.tallies import Measure, arms_by_campaign, by_arm, join_in_time, tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icptest.coverage import Coverage
    from icptest.evidence import Counts
    from icptest.experiment import Experiment
    from icptest.levels import Levels
    from icptest.outcomes import Outcome, Sending
    from icptest.record import Record
    from icptest.tallies import Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is known of a test, counted: what its checks and its verdict are made from.

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
        rivals: Where the other tests of its family stand, by name.
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
    rivals: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        """Positive replies and people reached, and what several people of a company cost."""
        return self.counts_of(Measure.POSITIVE)

    def counts_of(self, measure: Measure) -> Counts:
        """Return the people with an outcome and those reached, and what companies cost there."""
        effect = design_effect(self.outcomes, measure)
        return counts_of(self.tallies, measure, design_effect=effect)

    @property
    def standing(self) -> Standing:
        """Where the test stands, for those that share alpha with it."""
        counts = self.counts
        return Standing(
            protocol=self.experiment.protocol,
            look=self.look,
            counts=counts if self.settled and counts.comparable else None,
        )

    @property
    def levels(self) -> Levels:
        """The levels of its tests."""
        name = self.experiment.name
        return levels_of(name, {**self.rivals, name: self.standing})

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


def case_of(
    experiment: Experiment,
    record: Record,
    *,
    registration_intact: bool = True,
    changed_lists: tuple[Arm, ...] = (),
    n_peeks: int = 0,
    rivals: Mapping[str, Standing] | None = None,
) -> Case:
    """Put a test together.

    Args:
        experiment: The registration.
        record: What is known of it.
        registration_intact: Whether the file still has the frozen digest.
        changed_lists: Arms of which the copy of the list is not the one it states.
        n_peeks: How often somebody looked before the replies were in.
        rivals: Where the other tests of its family stand, by name.
    """
    record, n_in_both = arms_by_campaign(experiment, record)
    coverage = cover(record)
    outcomes, sending = read_outcomes(experiment, record, coverage)
    arms, n_apart = join_in_time(experiment, by_arm(outcomes))
    return Case(
        experiment=experiment,
        record=record,
        coverage=coverage,
        outcomes=arms,
        tallies={arm: tally(arms[arm], apart=n_apart if arm is Arm.CONTROL else 0) for arm in Arm},
        sending=sending,
        n_in_both=n_in_both,
        registration_intact=registration_intact,
        changed_lists=changed_lists,
        n_peeks=n_peeks,
        rivals=rivals or {},
    )
