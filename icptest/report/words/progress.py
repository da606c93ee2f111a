"""What `status` says: where each test stands, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.decision import Answer
from icptest.progress import Stage
from icptest.report.words.commands import ingest_command
from icptest.report.words.ingestion import unknown_label_line
from icptest.report.words.numbers import moment, wrap

if TYPE_CHECKING:
    from icptest.edited import EditedList
    from icptest.errors import IcptestError
    from icptest.progress import Progress

STAGES = {
    Stage.REGISTERED: "registered, nobody mailed yet",
    Stage.SENDING: "sending",
    Stage.SETTLING: "waiting for replies",
    Stage.EXPORT_DUE: "the time is over, export again",
    Stage.TIMES_MISSING: "send times are missing",
    Stage.LABELS_MISSING: "replies need labels first",
    Stage.STOPPED: "stopped by a check",
    Stage.READY: "the verdict is ready",
}
NOTHING_TO_DO = frozenset({Stage.SENDING, Stage.SETTLING, Stage.READY})
"""Stages of a test that waits for the world, or for nobody."""
UNREADABLE = "cannot be read"
LOST = {
    "registration-gone": "its registration is gone",
    "registration-not-kept": "its registration is gone",
    "not-registered": "not in the database",
    "database-gone": "the database is gone",
}
"""Where a test stands of which a part is missing, by error."""
ROWS = {
    "assigned": "in the test",
    "not_sent": "never mailed",
    "contacted": "mailed",
    "bounced": "bounced",
}
NO_TESTS = "There is no test in this workspace yet."


def edited(one: EditedList) -> str:
    """Return the note that a send list was changed after it was written."""
    people = []
    if one.n_missing:
        people.append(
            f"{one.n_missing:,} of its people {'is' if one.n_missing == 1 else 'are'} gone"
        )
    if one.n_added:
        people.append(
            f"{one.n_added:,} who {'was' if one.n_added == 1 else 'were'} not drawn for it "
            f"{'is' if one.n_added == 1 else 'are'} in it"
        )
    return wrap(
        f"{one.file} was changed after it was written: {' and '.join(people)}. If it was mailed "
        "so, the missing count as never mailed, and nobody who was added counts."
    )


def lost(error: IcptestError) -> str:
    """Return where a test stands that cannot be judged."""
    return LOST.get(error.code, UNREADABLE)


def headline(progress: Progress) -> str:
    """Return where one test stands."""
    return wrap(f"{progress.verdict.experiment.name}: {STAGES[progress.stage]}.")


def clock_line(progress: Progress) -> str:
    """Return when the replies are in, and how old the newest export is."""
    verdict = progress.verdict
    zone = verdict.experiment.zone
    parts = []
    if verdict.settles_at is not None:
        are = "were" if verdict.as_of >= verdict.settles_at else "are"
        parts.append(f"Replies {are} in on {moment(verdict.settles_at, zone)}.")
    if progress.exported_at is not None:
        parts.append(f"Newest export: {moment(progress.exported_at, zone)}.")
    return "\n".join(wrap(part) for part in parts)


def unknown_labels(progress: Progress) -> list[str]:
    """Return the question about each label nobody has mapped."""
    name = progress.verdict.experiment.name
    return [
        unknown_label_line(name, source, label, number)
        for (source, label), number in progress.unknown_labels.items()
    ]


def next_command(progress: Progress) -> str:
    """Return the command that leads on."""
    name = progress.verdict.experiment.name
    if progress.stage in {Stage.READY, Stage.STOPPED, Stage.LABELS_MISSING}:
        return f"icptest verdict {name}"
    if progress.stage is Stage.TIMES_MISSING:
        return f'icptest ingest {name} EXPORT --sent-between "FIRST MAIL" "LAST MAIL"'
    return ingest_command(progress.verdict.experiment)


def decided_as(progress: Progress) -> str:
    """Return the decision of a finished test, or "" while there is none."""
    answer = progress.verdict.decision.answer
    return "" if answer is Answer.NOT_YET else str(answer)


def outcome(progress: Progress) -> str:
    """Return what came out of a test, or where it stands."""
    decided = progress.stage is Stage.READY
    return decided_as(progress) if decided else STAGES[progress.stage]
