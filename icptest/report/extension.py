"""A batch that was added to a test, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.experiment import Arm
from icptest.report.data import reasons_data, stamp
from icptest.report.words import extension as words
from icptest.report.words.commands import ingest_command, left_line
from icptest.report.words.numbers import wrap
from icptest.report.words.registration import calendar, upload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.extend import Extension


def extension_text(extension: Extension, *, expected_at: datetime, files: Mapping[str, str]) -> str:
    """Return what `extend` prints. `files` are the send lists as paths from where one stands."""
    experiment = extension.experiment
    parts = [
        wrap(words.headline(extension)),
        wrap(words.advice(extension)),
        wrap(left_line(extension.left.accounts)),
        calendar(experiment, expected_at),
        wrap(words.NOT_MAILED_SINCE),
        "\n".join(upload(files)),
        f"Then, when mails and replies are there:\n  {ingest_command(experiment)}",
    ]
    return "\n\n".join(part for part in parts if part)


def extension_data(extension: Extension, *, expected_at: datetime) -> dict[str, Any]:
    """Return `icptest.extend/1`."""
    experiment, draw = extension.experiment, extension.draw
    return {
        "schema": "icptest.extend/1",
        "experiment": experiment.name,
        "look": {"number": extension.look, "of": experiment.protocol.looks},
        "before": {
            "decision": str(extension.before.answer),
            "reason": extension.before.reason,
        },
        "arms": {
            str(arm): {
                "drawn": len(draw.arm(arm).assignments),
                "send_list": str(extension.send_lists[str(arm)]),
                "left_out": reasons_data(draw.arm(arm).left_out),
            }
            for arm in Arm
        },
        "send_both": str(extension.send_lists["both"]),
        "segment_left": {
            "accounts": extension.left.accounts,
            "people": extension.left.people,
        },
        "verdict_expected_at": stamp(expected_at),
        "next": ingest_command(experiment),
    }
