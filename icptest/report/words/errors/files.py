"""Errors of files and lists of people."""

from __future__ import annotations

FILES: dict[str, tuple[str, str]] = {
    # Reading files.
    "no-such-file": (
        "There is no file {path}.",
        "Check the name, or drag the file from your file manager into the terminal.",
    ),
    "not-a-file": (
        "{path} is a folder or a device, not a file.",
        "Name the exported file itself, for example {path}/export.csv.",
    ),
    "unreadable-file": (
        "{path} cannot be opened: {why}.",
        "Close it in Excel, or copy it to a folder you may read, and run the command again.",
    ),
    "empty-file": (
        "{path} is empty.",
        "Export the file again, and wait until the download is complete.",
    ),
    "not-a-table": (
        "{path} looks like {looks_like}, not like a table.",
        "Export the file again as CSV or as an Excel workbook (.xlsx).",
    ),
    "broken-json": (
        (
            "The JSON is damaged at line {line}, character {character}, and it cannot be told for "
            "certain where the next record begins. Nothing of the file was stored."
        ),
        "Export the file again, and wait until the download is complete.",
    ),
    "wrong-encoding": (
        "The file is not {encoding} text. It could be read as: {encodings}.",
        "Save it as UTF-8, or add `--encoding {first}` and check that accents look right.",
    ),
    "unknown-encoding": (
        '"{encoding}" is no encoding that a list or an export is saved in.',
        (
            "Use a name such as `--encoding cp1252` (Windows), `--encoding mac-roman` or "
            "`--encoding utf-16`; without the option the file is read as UTF-8."
        ),
    ),
    "broken-header": (
        "The line of column names opens a quote and does not close it.",
        "Export the file again, or mend the first line in a text editor.",
    ),
    "duplicate-column": (
        "Two columns are named {column!r} (columns {places}), so neither can be trusted.",
        "Rename or delete one of them in the first line of the file, and run the command again.",
    ),
    "file-too-large": (
        "The file has {got} {what}; at most {limit} are read.",
        "Export the file again with fewer columns or campaigns, or split it in two.",
    ),
    "missing-zone": (
        "The time {value!r} in {column} does not say its time zone.",
        "Say which zone the tool shows times in, for example `--tz America/New_York`.",
    ),
    "undecidable-dates": (
        "Dates in {column} such as {value!r} may be day/month or month/day; no row settles it.",
        "Format the column as 2026-03-31 in your spreadsheet, or export the file again.",
    ),
    "mixed-date-orders": (
        "{column} has day/month dates ({day_first!r}) and month/day dates ({month_first!r}).",
        "Format the column as 2026-03-31 in your spreadsheet, or export the file again.",
    ),
    "argument-not-text": (
        'The argument "{value}" is not text: it holds bytes that are no UTF-8.',
        "Type it again; rename a file whose name holds such bytes, and name it anew.",
    ),
    # Lists of people.
    "empty-list": (
        "The list has column names but no people.",
        "Export the list again; it needs one row per person.",
    ),
    "no-identifying-column": (
        (
            "No column of the list is known to hold e-mail addresses or LinkedIn profiles. It has: "
            "{columns}."
        ),
        'Name the column: `--column "email=NAME OF THE COLUMN"` (twice, if the lists differ).',
    ),
    "column-not-there": (
        (
            'The list has no column "{value}", and no other column that identifies a person. It '
            "has: {columns}."
        ),
        'Name one that is there: `--column "email=NAME OF THE COLUMN"`.',
    ),
    "column-nowhere": (
        'Neither list has a column "{value}". They have: {columns}.',
        'Name one that is there: `--column "email=NAME OF THE COLUMN"`.',
    ),
    "no-column-to-compare-by": (
        'Neither list has a column for "{value}". They have: {columns}.',
        "Name one of these with `--by`, or one of {attributes}.",
    ),
    "list-copy-gone": (
        "The copy of {the_arm} is gone: there is no {file}.",
        (
            "Put it back from a backup, or compare by what addresses tell: "
            "`icptest explain NAME --by mail-provider`."
        ),
    ),
    "list-copy-changed": (
        "The copy of {the_arm}, {file}, is not the list that was registered: it was changed.",
        (
            "Put the registered one back from a backup, or compare by what addresses tell: "
            "`icptest explain NAME --by mail-provider`."
        ),
    ),
    "unknown-role": (
        '"{value}" is nothing a column can hold; known are: {allowed}.',
        'Write for example `--column "email=Work address"`.',
    ),
    "bad-column-option": (
        '"{value}" does not name a column.',
        'Write `--column ROLE=NAME`, for example `--column "email=Work address"`.',
    ),
    "nothing-to-exclude": (
        "The file names no {what} to leave out.",
        (
            "Check the file: it needs e-mail addresses or LinkedIn profiles (people), or domains "
            "and websites (companies)."
        ),
    ),
}
