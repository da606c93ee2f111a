"""What is wrong and what to do, for every error code."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
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
    "wrong-encoding": (
        "The file is not {encoding} text. It could be read as: {encodings}.",
        "Save it as UTF-8, or add `--encoding {first}` and check that accents look right.",
    ),
    "unknown-encoding": (
        "There is no encoding named {encoding}.",
        "Use a name such as `--encoding cp1252` (Windows) or `--encoding mac-roman`.",
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
        "There is no source {value!r}. Nearest: {nearest}. Known: {allowed}.",
        "Name one of them with `--from`, or list them with `icptest sources`.",
    ),
    "source-twice": (
        "Two sources are named {value!r}: one of icptest, or of a package installed beside it.",
        "Uninstall the package that brings the second one, for example with `pip uninstall`.",
    ),
    "missing-column": (
        (
            "{source} needs columns the file does not have: {missing}. Nearest: {nearest}. "
            "The file has: {seen}."
        ),
        (
            "Export the file again without leaving columns out, or map its columns with "
            "`--from generic`."
        ),
    ),
    "unknown-layout": (
        "{source} writes no files {value!r}. Nearest: {nearest}. Known: {allowed}.",
        "Name one of them.",
    ),
    "no-identifier-column": (
        "No column looks like an e-mail address or a LinkedIn profile. The file has: {seen}.",
        (
            "Name the column `Email` in the first line of the file, or write a mapping with "
            "`[columns] email = ...` and pass it with `--mapping`."
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
        "There is no setting {value!r}. Nearest: {nearest}. Known: {allowed}.",
        "Rename or delete it in the file.",
    ),
    "unknown-kind": (
        (
            "{value!r} is no meaning a label or an event can have. Nearest: {nearest}. "
            "Known: {allowed}."
        ),
        "Write one of them in the mapping.",
    ),
    # The database.
    "no-database": (
        "There is no database {file}.",
        "Run `icptest init` in the folder of your workspace, or name it with `--workspace`.",
    ),
    "database-newer": (
        "A newer icptest wrote {file} (its tables are {found}; this one knows up to {known}).",
        "Run `pip install --upgrade icptest`, and then the command again.",
    ),
    "database-older": (
        "An older icptest wrote {file} (its tables are {found}; this one needs {needed}).",
        "Run `icptest init` once: it keeps a copy beside the database and brings it up to date.",
    ),
    "database-locked": (
        "Another program has been writing to {file} for more than {seconds} seconds.",
        "Wait until the other icptest command is done, and run this one again.",
    ),
    "database-read-only": (
        "Nothing can be written to {file}: the file or its folder is read-only.",
        "Allow yourself to write there, or copy the workspace to a folder of your own.",
    ),
    "database-interrupted": (
        "A command was interrupted while it wrote to {file}, and the folder is read-only.",
        "Run `icptest init` where the folder may be written: what was half done is undone.",
    ),
    "database-unreadable": (
        "{file} cannot be opened: {problem}.",
        "Check that it is a file, and that you may read it and its folder.",
    ),
    "database-folder-missing": (
        "There is no folder {folder} for the database.",
        "Create it, or correct `database` in icptest.toml.",
    ),
    "database-broken": (
        "{file} is damaged, or is no database of icptest: {problem}.",
        "Put a copy of it from a backup in its place. Leave the damaged file as it is until then.",
    ),
    "database-foreign": (
        "{file} is a database of another program.",
        "Name another file as `database` in icptest.toml; this one is left alone.",
    ),
    "database-failed": (
        "The database {file} refused: {problem}.",
        "Run the command again; if it comes back, report it with the command you ran.",
    ),
    "database-unreachable": (
        "The database {file} cannot be reached: {problem}.",
        "Check that it runs, and `database` in icptest.toml.",
    ),
    "database-driver-missing": (
        "The Python package {module} is needed for this database, and is not installed.",
        "Run `pip install {module}`, or use a file as `database` in icptest.toml.",
    ),
    "database-url": (
        "The `database` of icptest.toml is none that icptest can use.",
        'Write a path, such as `database = "icptest.db"`, or postgresql://user@host/name.',
    ),
    "disk-full": (
        "There is no room left on the disk of {file}. Nothing was changed.",
        "Make room, and run the command again.",
    ),
    "disk-failed": (
        "The disk of {file} refused: {problem}. Nothing was changed.",
        "Check that the disk is connected and has room, and run the command again.",
    ),
    "value-not-storable": (
        "The file holds a number or a text that no database can keep ({problem}).",
        "Export the file again; if it comes back, report it with the name of the tool.",
    ),
    "experiment-exists": (
        "There already is a test named {name}.",
        "Choose another name, or run `icptest verdict {name}`.",
    ),
    "identifier-twice": (
        "Two people of the test (number {one} and number {other}) share an address or profile.",
        "Remove one of them from its list, and run `icptest new` again.",
    ),
    "balance-broken": (
        "{file} has {n_read} rows, but only {n_counted} of them are accounted for.",
        "Nothing was stored. This is a mistake in icptest: report it with the tool's name.",
    ),
}
