"""Errors of workspaces and registrations."""

from __future__ import annotations

REGISTRATIONS: dict[str, tuple[str, str]] = {
    # Workspaces.
    "no-workspace": (
        "There is no icptest workspace in {where} or above it.",
        "Make one with `icptest init`, or name one with `--workspace DIR`.",
    ),
    "workspace-exists": (
        "There is a workspace here already: {file}.",
        "Use it as it is, or edit that file; `icptest list` shows its tests.",
    ),
    "settings-unreadable": (
        "The settings cannot be read: {problem}.",
        "Mend the line in icptest.toml, or move the file away and run `icptest init`.",
    ),
    "system-refused": (
        "{path} cannot be used: {problem}.",
        "Check the name, and that you may read and write there.",
    ),
    "output-failed": (
        "What the command says cannot be printed: {problem}.",
        "Print it elsewhere. What the command did is done; `icptest log` shows it.",
    ),
    "output-closed": (
        "The standard output is closed, so nothing can be printed. Nothing was done.",
        "Run the command again without `>&-`; with `> /dev/null` if you want no output.",
    ),
    "folder-not-writable": (
        "Nothing can be written in {path}: {problem}.",
        "Choose another folder with `--workspace DIR`, or ask for the right to write there.",
    ),
    "unknown-zone": (
        '"{value}" is no time zone.',
        "Use a name of the IANA list, for example America/New_York or Europe/Berlin.",
    ),
    "no-system-zone": (
        "This machine does not say in which time zone it is.",
        "Say it: `icptest init --timezone Europe/Berlin`.",
    ),
    "unknown-country": (
        '"{value}" is no country whose holidays are known.',
        "Use a code of two letters, for example `--holidays US`.",
    ),
    # Registrations.
    "missing-key": (
        "The file does not say {key}.",
        "Add a line `{key} = ...`; docs/reference/registration.md shows every key.",
    ),
    "bad-value": (
        "{key} is {value!r}, which is not {expected}.",
        "Mend that line of the file and run the command again.",
    ),
    "bad-protocol": (
        "{field} is {value!r}; it must be {expected}.",
        "Change `--{option}`, or that line of the file, and run the command again.",
    ),
    "bad-prior": (
        "[prior] cannot be used: {problem}",
        "Mend that line of the file, or leave [prior] out: then the usual one is used.",
    ),
    "bad-amount": (
        '{option} is "{value}", which is not {expected}.',
        "Write for example `{option} {example}`.",
    ),
    "rate-unclear": (
        '{option} is "{value}" without a % sign: it may mean {low} or {high}.',
        "Write `{option} {low}` (or {bare}), or `{option} {high}`.",
    ),
    "lift-too-high": (
        (
            "At {lift:g}x of {baseline:.4g} positive replies per person, more than everybody on "
            "the new list would reply."
        ),
        "Ask for a lift of at most {highest:.4g} with `--lift`, or say a lower `--baseline`.",
    ),
    "option-needs-other": (
        "{option} tells nothing without {other}.",
        "Add `{other} {example}`, or leave {option} out.",
    ),
    "bad-name": (
        '"{value}" cannot name a {what}: small letters, digits and hyphens, at most 63.',
        "Use for example `icptest new {suggestion}`.",
    ),
    "registration-missing": (
        "There is no registration {file}.",
        "Check the path; `icptest list` shows the tests of this workspace.",
    ),
    "registration-unreadable": (
        "The registration cannot be read: {problem}.",
        "Mend the file, or put it back as it was when it was registered.",
    ),
    "experiment-unknown": (
        'There is no test named "{value}". There are: {known}.',
        "Use one of these names, or register it: `icptest new {value} --control ...`.",
    ),
    "file-for-name": (
        '"{value}" is a file; the name of a test belongs there. There are: {known}.',
        "Write `icptest ingest NAME {value}`: the name first, then the file.",
    ),
    "not-registered": (
        'The folder of "{value}" is there, but this database has never seen it.',
        "Register it: `icptest new {path}`; or delete the folder.",
    ),
    "list-not-as-stated": (
        "The list is not the one whose digest the registration states: it was changed since.",
        (
            "Put the list back as it was. If the new one is meant, delete the line `sha256` of "
            "[arms.{arm}] in the registration, and run `icptest new` again."
        ),
    ),
    "registration-gone": (
        'The test "{value}" is in the database, but its registration {path} is gone.',
        (
            "Put its folder back from a backup, or run `icptest show {value} --restore`: that "
            "writes the registration again as it was frozen. A new test needs another name."
        ),
    ),
    "registration-not-kept": (
        (
            "The registration {path} is not there as it was frozen, and the older icptest that "
            'registered "{value}" kept no copy of it.'
        ),
        "Put the file back from a backup. A new test needs another name: `icptest new NAME`.",
    ),
    "registration-spoiled": (
        "The registration cannot be read any more: {problem}.",
        (
            "Mend the file, or run `icptest show {value} --restore`: that writes it again as it "
            "was frozen, and keeps the one that is there."
        ),
    ),
    "experiment-folder-exists": (
        'There is a folder of a test named "{value}" already.',
        "Choose another name, or register what lies there: `icptest new {file}`.",
    ),
    "arm-missing": (
        "Nothing says who is on {the_arm}.",
        "Add `--{arm} FILE`, or `--{arm}-campaign NAME` for a campaign that already ran.",
    ),
    "options-beside-file": (
        "A registration file says everything; beside it these options are not used: {options}.",
        "Write them into the file (docs/reference/registration.md), or leave the file out.",
    ),
    "list-and-campaign": (
        "For {the_arm} both a list and a campaign are given.",
        "Keep one: `--{arm} FILE`, or `--{arm}-campaign NAME`.",
    ),
    "campaign-on-both-sides": (
        'The campaign "{value}" is named on both sides, so nothing tells the two lists apart.',
        "Name with `--control-campaign` the one that mailed today's list, and only that one.",
    ),
    "list-against-campaign": (
        "One side is a list to be mailed, the other a campaign that already ran.",
        "Give two lists (`--control FILE --segment FILE`), or two campaigns that ran side by side.",
    ),
    "nobody-left": (
        (
            "Nobody is left on {the_arm} once duplicates, missing addresses, the excluded and "
            "those on the other list are out."
        ),
        "Check the list and the files given with `--exclude` and `--exclude-companies`.",
    ),
    "ceiling-too-low": (
        (
            "The new list holds {share:.0%} of today's companies, so even if nobody else ever "
            "replied its lift could not exceed {ceiling:.1f}x; the test asks for {threshold:g}x."
        ),
        (
            "Narrow the new list further; or, if today's list is to go on without them, take its "
            "companies out of the file you give as `--control`."
        ),
    ),
    "too-few-people": (
        (
            "These lists do not have {size:,} people for the new list beside {control_size:,} for "
            "today's, one per company, nobody on both; they have {fit:,} for each."
        ),
        "Use longer lists, or ask for fewer: `--size {fit}`.",
    ),
    "too-few-people-on-the-new-list": (
        (
            "These lists do not have {size:,} people for the new list beside {control_size:,} for "
            "today's, one per company, nobody on both; they have {fit:,} for each. A larger "
            "control makes up for some of it: a list that is truly 3x is scaled {chance} % of "
            "the time with {fit:,} of each, {chance_larger} % with {larger:,} of today's list "
            "(if 1 % reply positively)."
        ),
        "Use `--size {fit} --control-size {larger}`, or a longer list.",
    ),
    "control-smaller": (
        (
            "With everyone on both lists, today's list ({control:,} people) is smaller than the "
            "new one ({segment:,})."
        ),
        "Leave out `--take-all` and draw: `--size {control}`.",
    ),
    "take-all-overlap": (
        (
            "{overlap:,} of {smaller:,} companies are on both lists, so not everyone can be mailed "
            "as one or the other."
        ),
        "Leave out `--take-all`: the draw keeps the lists apart.",
    ),
}
