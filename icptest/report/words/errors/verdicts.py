"""Errors of verdicts, and of the program itself."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str]] = {
    "accept-needs-because": (
        "Going on in spite of {check} needs a reason for the record.",
        'Add it: `--accept {check} --because "..."`.',
    ),
    "nothing-to-accept": (
        (
            "The check {check} does not stop this verdict (it says: {status}), so there is "
            "nothing to accept."
        ),
        "Read the verdict as it is: `icptest verdict NAME`.",
    ),
    "parts-too-early": (
        "The replies of {name} are not in, so nobody should look at parts of them either.",
        "See with `icptest status {name}` when they are, and explain it then.",
    ),
    "parts-of-a-stopped-test": (
        "A check stops the verdict of {name} ({check}), and with it what its parts would show.",
        "See why, and what to do: `icptest verdict {name}`.",
    ),
    "no-lists-to-compare-by": (
        (
            'Nothing tells "{value}" of the people of this test: its campaigns had run already, '
            "so it has no lists."
        ),
        "Compare by what addresses tell: `icptest explain NAME --by mail-provider`.",
    ),
    "time-of-day-missing": (
        '"{value}" says the day for {option}, but not the time of day.',
        'Add it: `{option} "2026-12-02 09:30"`.',
    ),
    "internal": (
        (
            "icptest has met something its makers did not think of ({problem}). This is a fault of "
            "icptest, not of yours; the unfinished step was not stored."
        ),
        "Run the command again with ICPTEST_DEBUG=1 in front of it, and report what it prints.",
    ),
    "because-needs-accept": (
        "--because says why a stop is accepted, but no --accept says which.",
        'Name it: `--accept CODE --because "..."`.',
    ),
    "unknown-check": (
        'There is no check "{value}" that can stop a verdict. There are: {allowed}.',
        "Use one of these codes with `--accept`.",
    ),
    "unknown-label-kind": (
        '"{value}" is nothing a label can mean. It can mean: {allowed}.',
        "Write for example `icptest map-label NAME --from smartlead LABEL positive_reply`.",
    ),
    "demo-folder-not-empty": (
        "{path} is not empty.",
        "Choose a new folder: `icptest demo --into DIR`.",
    ),
    "worked-missing": (
        "The worked tests did not come with this installation: there is no {path}.",
        "Install icptest again, from the wheel or from a full checkout.",
    ),
}
