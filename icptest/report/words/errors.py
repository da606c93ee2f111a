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
    "bad-name": (
        '"{value}" cannot name a test: small letters, digits and hyphens, at most 63.',
        "Use for example `icptest new {suggestion}`.",
    ),
    "family-not-supported": (
        "Tests that share a control (family = {value!r}) cannot be judged together yet.",
        "Leave `family` empty and register each test with people of its own.",
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
        "Register it: `icptest new {file}`.",
    ),
    "experiment-folder-exists": (
        'There is a folder of a test named "{value}" already.',
        "Choose another name, or register what lies there: `icptest new {file}`.",
    ),
    "arm-missing": (
        "Nothing says who is on {the_arm}.",
        "Add `--{arm} FILE`, or `--{arm}-campaign NAME` for a campaign that already ran.",
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
            "Nobody is left on {the_arm} once duplicates, missing addresses and the excluded "
            "are out."
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
            "There are {segment:,} people to draw for the new list and {control:,} for today's "
            "list; {size:,} and {control_size:,} are asked for, one per company, nobody on both."
        ),
        "Use longer lists, or ask for fewer: `--size {fit} --control-size {control}`.",
    ),
    "too-few-people-on-the-new-list": (
        (
            "There are {segment:,} people to draw for the new list, one per company, nobody on "
            "both; {size:,} are asked for. A larger control makes up for some of it: a list that "
            "is truly 3x is scaled {chance_equal} % of the time with {segment:,} of each, "
            "{chance_larger} % with {larger:,} of today's list (if 1 % reply positively)."
        ),
        "Use `--size {segment} --control-size {larger}`, or a longer list.",
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
        'Name the column: `--column "email=NAME OF THE COLUMN"`.',
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
    "sent-in-the-future": (
        "The first mail is said to have gone out at {value}, but it is {now}.",
        'Give the times of the first and the last first mail: `--sent-between "A" "B"`.',
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
    # Verdicts.
    "accept-needs-because": (
        "Going on in spite of {check} needs a reason for the record.",
        'Add it: `--accept {check} --because "..."`.',
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
