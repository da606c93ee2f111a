"""Progress: how far a test is, told without any arm's outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.decision import Answer
from icptest.verdict import LABEL_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.edited import EditedList
    from icptest.record import Record
    from icptest.verdict import Verdict


class Stage(StrEnum):
    """Where a test stands between its registration and its verdict."""

    REGISTERED = "registered"
    """No export shows a first mail."""
    SENDING = "sending"
    """First mails are going out."""
    SETTLING = "settling"
    """Everyone is mailed; the replies are not in yet."""
    EXPORT_DUE = "export-due"
    """The time is over; an export taken after it is missing."""
    TIMES_MISSING = "times-missing"
    """No export tells when people were first mailed."""
    LABELS_MISSING = "labels-missing"
    """Unlabelled replies decide the verdict."""
    STOPPED = "stopped"
    """A check stops the verdict."""
    READY = "ready"
    """The verdict can be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a test is.

    Attributes:
        verdict: What it rests on; its outcomes are not for showing.
        stage: Where it stands.
        exported_at: Newest export that was read in, or None.
        unknown_labels: Labels nobody has mapped, by source and text, with people counted.
        edited: Send lists that have other people than were drawn for them.
    """

    verdict: Verdict
    stage: Stage
    exported_at: datetime | None
    unknown_labels: Mapping[tuple[str, str], int]
    edited: tuple[EditedList, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether the verdict is scale or no-scale."""
        return self.verdict.decision.answer in {Answer.SCALE, Answer.NO_SCALE}


def progress_of(
    verdict: Verdict,
    record: Record,
    unknown_labels: Mapping[tuple[str, str], int],
    edited: tuple[EditedList, ...] = (),
) -> Progress:
    """Return how far a test is."""
    exports = [batch.exported_at for batch in record.batches.values()]
    return Progress(
        verdict=verdict,
        stage=_stage(verdict),
        exported_at=max(exports, default=None),
        unknown_labels=unknown_labels,
        edited=edited,
    )


def _stage(verdict: Verdict) -> Stage:
    answer = verdict.decision.answer
    if answer is not Answer.NOT_YET:
        return Stage.STOPPED if answer is Answer.INVALID else Stage.READY
    if verdict.decision.reason == LABEL_FIRST:
        return Stage.LABELS_MISSING
    return _waiting(verdict)


def _waiting(verdict: Verdict) -> Stage:
    if any(tally.undatable for tally in verdict.tallies.values()):
        return Stage.TIMES_MISSING
    if verdict.sending.started_at is None:
        return Stage.REGISTERED
    if verdict.settles_at is not None and verdict.as_of >= verdict.settles_at:
        return Stage.EXPORT_DUE
    return Stage.SETTLING if verdict.sending.is_over else Stage.SENDING
