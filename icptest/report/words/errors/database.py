"""Errors of the database."""

from __future__ import annotations

DATABASE: dict[str, tuple[str, str]] = {
    "no-database": (
        "There is no database {file}.",
        "Run `icptest init` in the folder of your workspace, or name it with `--workspace`.",
    ),
    "database-gone": (
        "There is no database {file}, but there are folders of tests: {known}.",
        (
            "Put it back from a backup. Without one, `icptest init` makes an empty one; then "
            "`icptest new experiments/NAME/experiment.toml` registers a test again with the same "
            "people, its exports must be read in again, and labels mapped again."
        ),
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
        (
            "Move it away, but keep it, and put a copy from a backup in its place. Without one, "
            "`icptest init` makes an empty database; then `icptest new "
            "experiments/NAME/experiment.toml` registers each test again with the same people, "
            "its exports must be read in again, and labels mapped again."
        ),
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
