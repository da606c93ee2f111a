"""What to do after a verdict: the advice, and the command that follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.checks import Status
from icptest.decision import Answer
from icptest.report.words.checks import unread
from icptest.report.words.commands import ingest_command
from icptest.verdict import LABEL_FIRST

if TYPE_CHECKING:
    from icptest.verdict import Verdict


def next_command(verdict: Verdict, unknown_label: tuple[str, str] | None) -> str:
    """Return the command that leads on.

    Args:
        verdict: The verdict.
        unknown_label: Source and text of a label nobody has mapped, if there is one.
    """
    name = verdict.experiment.name
    answer, reason = verdict.decision.answer, verdict.decision.reason
    if _must_read_again(verdict):
        return ingest_command(verdict.experiment)
    # Where nobody was reached, no reason that is given can make a rate of that.
    if answer is Answer.INVALID and not any(
        check.code == reason and check.accepted is not None for check in verdict.checks
    ):
        return f'icptest verdict {name} --accept {reason} --because "..."'
    if answer in {Answer.NOT_YET, Answer.INVALID}:
        return _missing_command(verdict, unknown_label)
    return _after_the_answer(verdict)[1]


def _missing_command(verdict: Verdict, unknown_label: tuple[str, str] | None) -> str:
    name = verdict.experiment.name
    if verdict.decision.reason == LABEL_FIRST and unknown_label is not None:
        source, label = unknown_label
        return f'icptest map-label {name} --from {source} "{label}" KIND'
    if n_undatable(verdict):
        return f'icptest ingest {name} EXPORT --sent-between "FIRST MAIL" "LAST MAIL"'
    return ingest_command(verdict.experiment)


def advice(verdict: Verdict, unknown_label: tuple[str, str] | None) -> str:
    """Return what to do in the world, before the next command."""
    answer = verdict.decision.answer
    if _must_read_again(verdict):
        return "Export again, and read the whole file in:"
    if answer is Answer.INVALID:
        return "Mend the cause and test again, or go on in the open, with your reason on record:"
    if answer is Answer.NOT_YET:
        return _what_is_missing(verdict, unknown_label)
    return _after_the_answer(verdict)[0]


def _must_read_again(verdict: Verdict) -> bool:
    """Whether a check stops that rows or files which could not be read whole may explain."""
    return verdict.decision.answer is Answer.INVALID and any(
        check.code == verdict.decision.reason and check.status is Status.STOP and unread(check)
        for check in verdict.checks
    )


def _after_the_answer(verdict: Verdict) -> tuple[str, str]:
    """Return the advice and the command that follow a scale or a no-scale."""
    name = verdict.experiment.name
    scale = verdict.decision.answer is Answer.SCALE
    if verdict.experiment.aa:
        return _after_one_list(name, scale=scale)
    if scale and _already_ran(verdict):
        return "Mail the rest of the new list; the record of this test:", f"icptest log {name}"
    if scale:
        return "Mail the rest of the new list; how many are left:", f"icptest show {name}"
    if _may_extend(verdict):
        said = "Add the next batch, of people nobody has mailed:"
        if verdict.decision.reason == "ruled-out":
            said = "Try another list; or, if you still doubt it, add the next batch:"
        return said, f"icptest extend {name}"
    command = (
        f"icptest new {name}-2 --control LIST --segment LIST"
        if _already_ran(verdict)
        else f"icptest new {name}-2 --replicates {name}"
    )
    return "Test again on people nobody has mailed:", command


def _after_one_list(name: str, *, scale: bool) -> tuple[str, str]:
    if scale:
        return (
            "Before you test a new list, see what was read in of this test:",
            f"icptest show {name}",
        )
    return (
        "Test a new list in the same way:",
        "icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY",
    )


def _what_is_missing(verdict: Verdict, unknown_label: tuple[str, str] | None) -> str:
    if verdict.decision.reason == LABEL_FIRST:
        if unknown_label is not None:
            return "Say what this label means (positive_reply, neutral_reply, ...):"
        return "Label these replies in your tool, export again and read the file in:"
    if n_undatable(verdict):
        return "Read in an export with send times, or say when the first mails went out:"
    if verdict.sending.started_at is None:
        return "When the mails have gone out, export them and read the file in:"
    if verdict.settles_at is not None and verdict.as_of >= verdict.settles_at:
        return "Export again now, and read the file in:"
    return "When the time has come, export again and read the file in:"


def _may_extend(verdict: Verdict) -> bool:
    return verdict.look < verdict.experiment.protocol.looks


def _already_ran(verdict: Verdict) -> bool:
    return verdict.experiment.control.already_ran


def n_undatable(verdict: Verdict) -> int:
    """Return how many people were mailed at a time no export tells."""
    return sum(tally.undatable for tally in verdict.tallies.values())
