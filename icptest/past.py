"""Past tests: what every registered test of a workspace has come to, for learning from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.assess import assess
from icptest.decision import Answer
from icptest.errors import IcptestError, StoreError
from icptest.evidence import Counts, exact_lift
from icptest.kept import Kept, read_kept, state_of, write_kept
from icptest.known_tests import changed_lists, find_test, open_database
from icptest.progress import Stage, progress_of
from icptest.verdict import judged_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from icptest.experiment import Experiment
    from icptest.known_tests import Known
    from icptest.stats import RatioInterval
    from icptest.store import Store
    from icptest.workspace import Workspace

CONFIDENCE = 0.9


class LeftOut(StrEnum):
    """Why nothing is learned from a test."""

    NOT_YET = "not-yet"
    """There is no verdict yet."""
    INVALID = "invalid"
    """A check stops the verdict."""
    AA = "aa"
    """It is an A/A test: its new list is today's."""
    UNREADABLE = "unreadable"
    """Its registration is gone or cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastTest:
    """A registered test and what it has come to.

    Attributes:
        name: The test.
        experiment: Its registration; None where it cannot be read.
        stage: Where it stands; None likewise.
        answer: Its answer; None likewise.
        counts: Positive replies and people reached, of a finished test; else None: before that
            no outcome is told.
    """

    name: str
    experiment: Experiment | None = None
    stage: Stage | None = None
    answer: Answer | None = None
    counts: Counts | None = None

    @property
    def left_out(self) -> LeftOut | None:
        """Why nothing is learned from it; None: it is finished."""
        if self.experiment is None:
            return LeftOut.UNREADABLE
        if self.experiment.aa:
            return LeftOut.AA
        if self.counts is not None:
            return None
        return LeftOut.INVALID if self.answer is Answer.INVALID else LeftOut.NOT_YET

    @property
    def client(self) -> str:
        """For whom it was, as clients are compared."""
        return "" if self.experiment is None else same_client(self.experiment.client)

    def lift(self) -> RatioInterval | None:
        """Return the lift of a finished test, with its exact interval."""
        return None if self.counts is None else exact_lift(self.counts, CONFIDENCE)


def same_client(name: str) -> str:
    """Return a client's name as clients are compared: "Acme " and "acme" are one."""
    return " ".join(name.split()).casefold()


def past_tests(workspace: Workspace, *, as_of: datetime) -> tuple[PastTest, ...]:
    """Return every registered test of a workspace, the oldest first; none where nothing is.

    Answers that are kept are not found again, as long as they rest on what is there now.

    Raises:
        StoreError: The database is gone, or cannot be used.
    """
    try:
        with open_database(workspace, write=False) as store:
            return _past_tests(workspace, store, as_of)
    except StoreError as error:
        if error.code != "no-database":
            raise
        return ()


def finished(tests: Iterable[PastTest]) -> tuple[PastTest, ...]:
    """Return the tests that something is learned from."""
    return tuple(test for test in tests if test.left_out is None)


def _past_tests(workspace: Workspace, store: Store, as_of: datetime) -> tuple[PastTest, ...]:
    known: dict[str, Known | None] = {}
    for registered in store.experiments():
        try:
            known[registered.slug] = find_test(workspace, store, registered.slug)
        except IcptestError:
            known[registered.slug] = None
    journal = store.journal()
    relatives = _relatives([one.experiment for one in known.values() if one is not None])
    before, day = read_kept(workspace), f"{as_of:%Y-%m-%d}"
    tests, kept = [], {}
    for name, one in known.items():
        if one is None:
            tests.append(PastTest(name=name))
            continue
        state = state_of(workspace, one, journal, relatives[name])
        if name in before and before[name].holds(state, day) and _is_said(before[name]):
            test = _from_kept(one, before[name])
        else:
            test = _judged(workspace, store, one, as_of)
        tests.append(test)
        kept[name] = _to_kept(test, state, day)
    if kept != before:
        write_kept(workspace, kept)
    return tuple(tests)


def _relatives(experiments: Sequence[Experiment]) -> dict[str, set[str]]:
    """Return the tests whose deeds can change each test's answer: those of its family."""
    return {
        one.name: {other.name for other in experiments if one.family and other.family == one.family}
        for one in experiments
    }


def _judged(workspace: Workspace, store: Store, known: Known, as_of: datetime) -> PastTest:
    experiment = known.experiment
    verdict, record = assess(
        store,
        experiment,
        known.registered,
        as_of=as_of,
        intact=known.intact,
        changed_lists=changed_lists(workspace.folder(experiment.name), experiment),
        answer_alone=True,
    )
    progress = progress_of(verdict, record, {})
    return PastTest(
        name=experiment.name,
        experiment=experiment,
        stage=progress.stage,
        answer=verdict.decision.answer,
        counts=judged_counts(verdict) if progress.decided else None,
    )


def _is_said(kept: Kept) -> bool:
    """Tell whether its words are ours: anybody may have written into the file."""
    return kept.answer in set(Answer) and kept.stage in set(Stage)


def _from_kept(known: Known, kept: Kept) -> PastTest:
    counts = None
    if kept.control is not None and kept.segment is not None:
        counts = Counts(
            control_events=kept.control[0],
            control_total=kept.control[1],
            segment_events=kept.segment[0],
            segment_total=kept.segment[1],
        )
    return PastTest(
        name=known.experiment.name,
        experiment=known.experiment,
        stage=Stage(kept.stage),
        answer=Answer(kept.answer),
        counts=counts,
    )


def _to_kept(test: PastTest, state: str, day: str) -> Kept:
    counts = test.counts
    kept = Kept(state=state, answer=str(test.answer), stage=str(test.stage), day=day)
    if counts is None:
        return kept
    return replace(
        kept,
        day="",
        control=(counts.control_events, counts.control_total),
        segment=(counts.segment_events, counts.segment_total),
    )
