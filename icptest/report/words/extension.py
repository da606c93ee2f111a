"""What `extend` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.report.words.numbers import threshold

if TYPE_CHECKING:
    from icptest.extend import Extension

NOT_MAILED_SINCE = (
    "Before you upload them, take out whoever another of your campaigns has mailed since the test "
    "began, on both lists: the check never-mailed counts them."
)


def headline(extension: Extension) -> str:
    """Return what was added, in one sentence."""
    experiment = extension.experiment
    protocol = experiment.protocol
    return (
        f"Batch {extension.look} of {protocol.looks} of {experiment.name}: "
        f"{protocol.control_size:,} more people of today's list against {protocol.size:,} of the "
        "new list. No company and nobody is mailed a second time."
    )


def advice(extension: Extension) -> str:
    """Return what the answer so far means for the batch, or ""."""
    if extension.before.reason != "ruled-out":
        return ""
    bar = threshold(extension.experiment.protocol.threshold)
    return (
        f"Mind: so far a {bar} list is very unlikely, and another batch will hardly change that. "
        "You may stop here and try another list instead."
    )
