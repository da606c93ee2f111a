"""The tests of a workspace and how far they are, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from icptest.experiment import Arm
from icptest.report.data import stamp
from icptest.report.failure import failure_data
from icptest.report.terminal import check_lines, table
from icptest.report.words import progress as words
from icptest.report.words.numbers import ARM_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.errors import IcptestError
    from icptest.progress import Progress

    Found: TypeAlias = "Progress | tuple[str, IcptestError]"


def status_text(progress: Progress) -> str:
    """Return where one test stands; no arm's outcome is shown."""
    tallies = progress.verdict.tallies
    rows = [
        [title, *(f"{getattr(tallies[arm], name):,}" for arm in Arm)]
        for name, title in words.ROWS.items()
    ]
    parts = [
        words.headline(progress),
        words.clock_line(progress),
        table(rows, ["", ARM_NAMES["control"], ARM_NAMES["segment"]]),
        check_lines(progress.verdict.checks, covered=True),
        "\n".join(map(words.edited, progress.edited)),
        "\n".join(words.unknown_labels(progress)),
        f"Next:\n  {words.next_command(progress)}",
    ]
    return "\n\n".join(part for part in parts if part)


def board_text(all_progress: Sequence[Found], *, reviews: str = "") -> str:
    """Return all tests, one line each, and the next command of the first that needs a hand.

    Args:
        all_progress: The tests.
        reviews: What is said of profiles that are due, if any are.
    """
    due = f"{reviews}\n\n" if reviews else ""
    if not all_progress:
        return (
            f"{words.NO_TESTS}\n\n{due}Next:\n"
            "  icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY"
        )
    rows = [
        [one[0], words.lost(one[1]), ""]
        if isinstance(one, tuple)
        else [one.verdict.experiment.name, words.STAGES[one.stage], _day(one)]
        for one in all_progress
    ]
    return (
        f"{table(rows, ['test', 'where it stands', 'replies are in'], right=3)}\n\n"
        f"{due}Next:\n  icptest status {_waits_for_a_hand(all_progress)}"
    )


def list_text(all_progress: Sequence[Found]) -> str:
    """Return all tests with what was believed and what came out."""
    if not all_progress:
        return board_text(all_progress)
    rows = []
    for one in all_progress:
        if isinstance(one, tuple):
            rows.append([one[0], "", "", "", words.lost(one[1])])
            continue
        experiment = one.verdict.experiment
        sizes = " + ".join(f"{one.verdict.tallies[arm].assigned:,}" for arm in Arm)
        rows.append(
            [
                experiment.name,
                experiment.client,
                f"{experiment.created_at:%Y-%m-%d}",
                sizes,
                words.outcome(one),
            ]
        )
    has_clients = any(row[1] for row in rows)
    headers = ["test", "client", "registered", "people", "outcome"]
    if not has_clients:
        rows = [[row[0], *row[2:]] for row in rows]
        headers.remove("client")
    name = rows[0][0]
    return f"{table(rows, headers, right=len(headers))}\n\nNext:\n  icptest show {name}"


def status_data(progress: Progress) -> dict[str, Any]:
    """Return one test of `icptest.status/1`."""
    verdict = progress.verdict
    return {
        "experiment": verdict.experiment.name,
        "client": verdict.experiment.client,
        "created_at": stamp(verdict.experiment.created_at),
        "stage": str(progress.stage),
        "decision": words.decided_as(progress) or None,
        "as_of": stamp(verdict.as_of),
        "settles_at": stamp(verdict.settles_at),
        "newest_export_at": stamp(progress.exported_at),
        "arms": {
            str(arm): {name: getattr(verdict.tallies[arm], name) for name in words.ROWS}
            for arm in Arm
        },
        "checks": [{"code": check.code, "status": str(check.status)} for check in verdict.checks],
        "unknown_labels": [
            {"source": source, "label": label, "contacts": number}
            for (source, label), number in progress.unknown_labels.items()
        ],
        "edited_send_lists": [
            {"file": one.file, "missing": one.n_missing, "added": one.n_added}
            for one in progress.edited
        ],
        "peeks": verdict.n_peeks,
        "next": words.next_command(progress),
    }


def statuses_data(all_progress: Sequence[Found], schema: str) -> dict[str, Any]:
    """Return `icptest.status/1` or `icptest.list/1`; an unreadable test has its error instead."""
    return {
        "schema": schema,
        "experiments": [
            {"experiment": one[0], "error": failure_data(one[1])}
            if isinstance(one, tuple)
            else status_data(one)
            for one in all_progress
        ],
    }


def _waits_for_a_hand(all_progress: Sequence[Found]) -> str:
    """Return the name of the first test that somebody must do something for; else the first."""
    readable = [one for one in all_progress if not isinstance(one, tuple)]
    waiting = [one for one in readable if one.stage not in words.NOTHING_TO_DO]
    first = next(iter(waiting or readable), None)
    return all_progress[0][0] if first is None else first.verdict.experiment.name  # type: ignore[index]


def _day(progress: Progress) -> str:
    settles_at = progress.verdict.settles_at
    if settles_at is None:
        return ""
    local = settles_at.astimezone(progress.verdict.experiment.zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
