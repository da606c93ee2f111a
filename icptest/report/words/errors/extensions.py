"""Errors of batches that are added to a test, and of tests that repeat another."""

from __future__ import annotations

_FRESH = (
    "Test it once more on people nobody has mailed: `icptest new {name}-2 --replicates {name}`."
)

EXTENSIONS: dict[str, tuple[str, str]] = {
    "looks-need-evidence": (
        (
            "The rule `lift` asks for no test, so {looks} batches would only be {looks} chances to "
            "reach the threshold by luck."
        ),
        "Use `--rule lift-and-evidence` or `--rule proven`, or leave out `--looks`.",
    ),
    "looks-without-draw": (
        (
            "{looks} batches cannot be drawn: with `--take-all`, and for campaigns that already "
            "ran, everybody is in the first one."
        ),
        "Leave out `--looks`.",
    ),
    "too-few-people-for-looks": (
        (
            "These lists have people for {fit} of {looks} batches of {size:,} of the new list "
            "beside {control_size:,} of today's, one per company, nobody twice."
        ),
        "Use `--looks {fit}`, smaller batches with `--size N`, or longer lists.",
    ),
    "extension-not-registered": (
        (
            "{name} was registered for one batch. People that are added because the answer did "
            "not please would make luck look like proof."
        ),
        _FRESH,
    ),
    "every-batch-drawn": (
        "All {looks} batches that {name} was registered for are drawn.",
        _FRESH,
    ),
    "extension-of-campaigns": (
        "Nobody was drawn for {name}: its campaigns ran before it was registered.",
        "Draw a test from your lists: `icptest new {name}-2 --control FILE --segment FILE`.",
    ),
    "batch-not-over": (
        "Batch {batch} of {name} has no answer yet; a batch is added only to one that is there.",
        "See what is missing: `icptest status {name}`.",
    ),
    "extension-of-invalid": (
        "A check stops {name} ({reason}); more people would not mend it.",
        "See what it is and how to go on: `icptest verdict {name}`.",
    ),
    "extension-of-scale": (
        "{name} says scale ({reason}); another batch has nothing to add.",
        "Mail the rest of the new list; how many that are: `icptest show {name}`.",
    ),
    "batch-too-small": (
        (
            "Batch {look} cannot be drawn: it needs {control_size:,} people of today's list and "
            "{size:,} of the new one, and {control:,} and {segment:,} are left. Other tests have "
            "used the others."
        ),
        "Take the answer that is there: `icptest verdict {name}`.",
    ),
    "list-copy-missing": (
        "The copy of {the_arm} is gone: {list}. Later batches are drawn from it.",
        "Put the file back that was given to `icptest new`, under this name.",
    ),
    "list-copy-changed": (
        "The copy of {the_arm} is not the one the test was registered with: {list}.",
        "Put the file back that was given to `icptest new`, under this name.",
    ),
    "batch-exists": (
        "Batch {look} was drawn by another command just now.",
        "See what it drew: `icptest log NAME`.",
    ),
    "used-unreadable": (
        "The list of people that earlier tests have used cannot be read: {file}.",
        (
            "Put it back from a backup; without it, people would be mailed a second time. "
            "`icptest log` shows when the test was registered."
        ),
    ),
    "family-without-draw": (
        (
            "The tests of a family share today's people, drawn from one list. With `--aa`, "
            "`--take-all`, `--replicates` or campaigns that already ran they are not."
        ),
        "Leave out `--family`, or the other option.",
    ),
    "family-with-looks": (
        "The tests of a family are mailed as one campaign, so they have one batch.",
        "Leave out `--looks`; to test once more, use `icptest new NAME-2 --replicates NAME`.",
    ),
    "family-rules-differ": (
        "The rules differ from those of {other}, a test of the same family.",
        "Give it the same rules and the same `--control-size`; only `--size` may differ.",
    ),
    "family-has-begun": (
        (
            "An export was read into {other} already. A list that joins the family {value} now "
            "would be mailed in another week than today's people."
        ),
        "Test it with people of its own: leave out `--family`.",
    ),
    "family-control-differs": (
        "Other people of today's list would be drawn than those of {other}, in the same family.",
        "Leave out `--control`, `--seed` and the options of the draw: they are taken from {other}.",
    ),
    "family-list-changed": (
        "The copies of the lists of {value} draw other people than that test has.",
        "Put the files back as they were when it was registered: `icptest show {value}`.",
    ),
    "aa-of-campaigns": (
        "An A/A test draws both sides from one list; campaigns that already ran were not drawn.",
        "Give today's list: `icptest new NAME --aa --control FILE`.",
    ),
    "aa-lists-differ": (
        "An A/A test is one list against itself, and two different lists are given.",
        "Leave out `--segment`; or leave out `--aa`, to test the new list.",
    ),
    "replicates-without-draw": (
        "Nobody was drawn for {value}: its campaigns ran before it was registered.",
        "Leave out `--replicates`, and those it mailed with `--exclude FILE`.",
    ),
}
