"""Errors of exports, tools and mappings."""

from __future__ import annotations

EXPORTS: dict[str, tuple[str, str]] = {
    # Outreach tools.
    "unknown-tool": (
        "No outreach tool is known whose file has these {what}: {seen}.",
        (
            "Map its columns with `--from generic`, or see with `icptest sources` which files of "
            "which tools are known."
        ),
    ),
    "two-tools-claim": (
        "The file could be of more than one kind: {claims}.",
        "Say which tool it comes from, for example `--from {first}`.",
    ),
    "unknown-source": (
        "There is no source {value!r}. Known: {allowed}.",
        "Name one of them with `--from`, or list them with `icptest sources`.",
    ),
    "source-twice": (
        "Two sources are named {value!r}: one of icptest, or of a package installed beside it.",
        "Uninstall the package that brings the second one, for example with `pip uninstall`.",
    ),
    "missing-column": (
        ("{source} needs columns the file does not have: {missing}. The file has: {seen}."),
        (
            "Export the file again without leaving columns out, or map its columns with "
            "`--from generic`."
        ),
    ),
    "unknown-layout": (
        "{source} writes no files {value!r}. Known: {allowed}.",
        "Name one of them.",
    ),
    "no-identifier-column": (
        "No column looks like an e-mail address or a LinkedIn profile. The file has: {seen}.",
        (
            "Name the column `Email` in the first line of the file, or write a mapping with "
            "`[columns] email = ...` and pass it with `--map FILE`."
        ),
    ),
    "bad-mapping": (
        "The mapping cannot be read: {detail}.",
        (
            "Mend it, or delete the file and run `icptest ingest --from generic` again to have it "
            "proposed anew."
        ),
    ),
    "unknown-key": (
        "There is no setting {key!r}. Known: {allowed}.",
        "Rename or delete it in the file.",
    ),
    "unknown-kind": (
        ("{value!r} is no meaning a label or an event can have. Known: {allowed}."),
        "Write one of them in the mapping.",
    ),
    # Exports.
    "bad-time": (
        '"{value}" is no time for {option}.',
        (
            'Write it as `{option} "2026-12-02 09:30"` (in your workspace\'s time zone) or with a '
            "zone: `2026-12-02T09:30:00Z`."
        ),
    ),
    "export-in-the-future": (
        "The export is said to be from {value}, but it is {now}.",
        "Give the time at which the file was exported: `--exported-at TIME`.",
    ),
    "export-time-unclear": (
        (
            "The newest event in the file is of {newest}, but the file was saved on {saved}: it "
            "may be an older export that was copied or downloaded again."
        ),
        (
            "Say when it was exported, `--exported-at TIME`; or, if it was when the file was "
            "saved, `--yes`."
        ),
    ),
    "saved-at-unknown": (
        (
            "The file does not tell when it was saved, and so not when it was exported: its date "
            "is before {year}, or none at all."
        ),
        "Say when it was exported: `--exported-at TIME`.",
    ),
    "sent-in-the-future": (
        "The first mail is said to have gone out at {value}, but it is {now}.",
        'Give the times of the first and the last first mail: `--sent-between "A" "B"`.',
    ),
    "sent-after-the-export": (
        (
            "The first mail is said to have gone out at {value}, but the file, which shows people "
            "as mailed, was exported before that, at {exported_at}."
        ),
        (
            'Correct `--sent-between "A" "B"`; or, if that is right, say when the file was '
            "exported: `--exported-at TIME`."
        ),
    ),
    "read-otherwise": (
        (
            "This very file was read in before, at {at}, with {option} {then}; now it is given "
            "with {option} {now}. Both readings would count, so nothing was stored and the first "
            "one stays."
        ),
        (
            "If the first was right, run the command with `{option} {then}`. If it was wrong, "
            "register the same draw under another name and read the exports into that: "
            'docs/how-to/fix-an-export.md, "Something wrong was said of a file".'
        ),
    ),
    "sent-between-order": (
        "--sent-between has its end before its beginning.",
        'Write the earlier time first: `--sent-between "2026-11-23 09:00" "2026-11-24 17:00"`.',
    ),
    "no-rows": (
        "The file has column names but no rows.",
        "Export it again, for the campaign of this test.",
    ),
    "no-usable-row": (
        "None of the {n:,} rows of the file can be used:",
        "Mend the file or export it again; nothing of it was stored.",
    ),
    "mostly-unusable": (
        "{n:,} of {n_rows:,} rows cannot be used, all for one reason:",
        (
            "Mend what the reason says in all of these rows, or export the file again; nothing of "
            "it was stored."
        ),
    ),
    "mostly-after-the-export": (
        (
            "{n:,} of the {n_rows:,} rows about people of this test are dated after the export was "
            "made, {exported_at}: the newest date is {newest}. Nothing of the file was stored:"
        ),
        (
            "Is the time of the export right? Say when it was made: `--exported-at TIME`. If it "
            "is, see whether the dates of the file are right, and their zone (`--tz`)."
        ),
    ),
    "strict-rows": (
        "{n:,} of {n_read:,} rows cannot be used, and --strict asks for all of them:",
        "Mend these rows, or leave out `--strict` to set them aside; nothing was stored.",
    ),
    "campaign-not-said": (
        "The file does not say which campaign it is of, and this test goes by campaigns.",
        "Say it: `--campaign NAME`, with a name that `icptest show` lists.",
    ),
    "mapping-needed": (
        "This table is of no known tool. This is how its columns would be read:\n{guess}",
        (
            "If that is right, run the command again with `--from generic --yes`; if not, save the "
            "mapping below as a file, mend it and use `--map FILE`:\n{toml}"
        ),
    ),
    "nothing-to-replay": (
        "No row of {name} is set aside.",
        "See what was read in with `icptest show {name}`.",
    ),
}

_FOR_ALL_ROWS = {
    "bad-date": (
        "Format the column as 2026-03-31 09:30 in your spreadsheet, or export the file again; "
        "nothing of it was stored."
    ),
    "bad-flag": (
        "Write yes or no in the column instead, and leave no word in it that is neither; or leave "
        "the column out of the mapping (`--map FILE`). Nothing of the file was stored."
    ),
}
EXPORTS_BY_CASE: dict[tuple[str, str], str] = {
    **{
        (code, reason): remedy
        for code in ("mostly-unusable", "no-usable-row")
        for reason, remedy in _FOR_ALL_ROWS.items()
    },
    ("mostly-after-the-export", "stated"): (
        "Is `--exported-at` right? Give the time at which the file was exported. If it is right, "
        "see whether the dates of the file are, and their zone (`--tz`)."
    ),
    ("mostly-after-the-export", "saved"): (
        "The file was last saved then. If it was exported later, say so: `--exported-at TIME`. If "
        "not, see whether the dates of the file are right, and their zone (`--tz`)."
    ),
    ("missing-column", "of-another"): (
        "It is an export of {other}: leave `--from` out, or write `--from {other}`."
    ),
    ("missing-column", "keys"): (
        "Export the file again, whole; `icptest sources` lists which files of which tools are read."
    ),
    ("unknown-tool", "keys"): (
        "See with `icptest sources` which files of which tools are known, and export one of them; "
        "or save the data as a table (CSV or XLSX) and map its columns with `--from generic`."
    ),
}
"""Remedies of an error that differ by its case (a fact of that name), by code and case."""
