"""Write the reference pages that the code itself knows.

python docs/generate.py           writes them
python docs/generate.py --check   writes nothing; exits 1 when one is out of date
"""

from __future__ import annotations

import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icptest.cli import COMMANDS, main
from icptest.cli.icp import ICP_COMMANDS
from icptest.cli.icp import command as icp
from icptest.events import Form, Tells
from icptest.report.words.errors import BY_CASE, ERRORS
from icptest.report.words.reasons import REASONS
from icptest.sources import all_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFERENCE = Path(__file__).parent / "reference"
_WIDTH = 80
_ABOUT_COMMANDS = """\
This is what `icptest --help` and `icptest COMMAND --help` print. [Exit codes](exit-codes.md) and
the [JSON](json.md) of `--json` have pages of their own.
"""
_ABOUT_ERRORS = """\
An error says where it is, what is wrong and what to do, and the command ends with exit code 1. Its
code stands in brackets: `icptest: error[no-such-file]`. Codes never change their meaning. Words in
capitals below stand for what icptest found.
"""
_ABOUT_ROWS = """\
One bad row does not spoil a file. It is kept as it stands, counted, and shown by `icptest set-aside
NAME`. Other rows can be read but bring nothing; `ingest` counts them with their reason.
"""
_ABOUT_TOOLS = """\
These are the files that `icptest ingest` recognises by themselves. Both lists of a test must be
read from files that tell the same about bounces, reply times and labels (see
[evidence-differs](checks.md#evidence-differs)).
"""
_HEADER = "<!-- Written by `python docs/generate.py`. Change the code, not this page. -->\n\n"


def cli_page() -> str:
    """Return the help of every command, in the order of a test."""
    group = click.Context(
        main, info_name="icptest", terminal_width=_WIDTH, help_option_names=["-h", "--help"]
    )
    parts = [
        "# Commands\n",
        _ABOUT_COMMANDS,
        _block(main.get_help(group)),
    ]
    for name in COMMANDS:
        command = main.get_command(group, name)
        if command is None:
            raise LookupError(name)
        with click.Context(command, info_name=name, parent=group) as context:
            parts += [f"## icptest {name}\n", _block(command.get_help(context))]
            if command is icp:
                parts += _icp_sections(context)
    return "\n".join(parts)


def _icp_sections(parent: click.Context) -> list[str]:
    parts = []
    for name in ICP_COMMANDS:
        command = icp.get_command(parent, name)
        if command is None:
            raise LookupError(name)
        with click.Context(command, info_name=name, parent=parent) as context:
            parts += [f"## icptest icp {name}\n", _block(command.get_help(context))]
    return parts


def errors_page() -> str:
    """Return every error code and every reason, with their sentences."""
    parts = [
        "# Errors\n",
        _ABOUT_ERRORS,
    ]
    for code in sorted(ERRORS):
        message, remedy = (_filled(text) for text in ERRORS[code])
        parts += [f"## {code}\n", f"{message}\n", f"**What to do:** {remedy}\n"]
        others = dict.fromkeys(text for (of, _), text in BY_CASE.items() if of == code)
        parts += [f"**Or, as the case may be:** {_filled(text)}\n" for text in others]
    parts += [
        "# Rows\n",
        _ABOUT_ROWS,
        "| reason | what it means |",
        "| --- | --- |",
        *(f"| `{reason}` | {REASONS[reason]} |" for reason in sorted(REASONS)),
        "",
    ]
    return "\n".join(parts)


def sources_page() -> str:
    """Return what the files of every tool can tell."""
    columns = list(Tells)
    parts = [
        "# Tools\n",
        _ABOUT_TOOLS,
    ]
    heads = ["tool", "file", "form", *(_TOLD[what] for what in columns)]
    parts += [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    for source in all_sources().values():
        rows = [
            [
                f"`{layout.name}`",
                str(layout.form),
                *("yes" if what in layout.tells else "-" for what in columns),
            ]
            for layout in source.layouts
        ]
        # A source without files of its own reads any table, by a mapping.
        rows = rows or [["any table", "either", *("mapped" for _ in columns)]]
        parts += [f"| {' | '.join([source.title, *cells])} |" for cells in rows]
    parts += [
        "",
        "- **yes**: the file tells it. **-**: it does not. **mapped**: a column you map can.",
        *(f"- **{form}**: {text}" for form, text in _FORMS.items()),
        "- **send times**: when each person was *first* mailed. A last contact is not that.",
        "",
    ]
    for source in all_sources().values():
        parts += [f"## {source.name}\n", f"What `icptest sources {source.name}` says:\n"]
        parts.append(_block(f"{source.title}\n\n{source.guide.strip()}"))
    return "\n".join(parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "errors.md": errors_page,
    "sources.md": sources_page,
}
_FORMS = {
    Form.SNAPSHOT: "every person of a campaign with their state at the time of the export.",
    Form.STREAM: "what happened, one fact a record; somebody to whom nothing happened is absent.",
}
_TOLD = {
    Tells.SENDS: "who was mailed",
    Tells.SEND_TIMES: "send times",
    Tells.REPLIES: "who replied",
    Tells.REPLY_TIMES: "reply times",
    Tells.BOUNCES: "bounces",
    Tells.LABELS: "labels",
    Tells.MEETINGS: "meetings",
}


def _block(text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"


def _filled(text: str) -> str:
    """Return a sentence with its facts in capitals: "There is no file {path}." -> "... PATH."."""
    parts = []
    for literal, field, _, _ in string.Formatter().parse(text):
        parts.append(literal)
        if field is not None:
            parts.append(field.upper().replace("_", " "))
    # A fact of several lines stands alone; inside a paragraph it would be lost.
    return "".join(parts).replace("\n", " ")


def run(arguments: list[str]) -> int:
    """Write the pages, or say which are out of date."""
    check = arguments == ["--check"]
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, _HEADER + page().rstrip() + "\n"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/reference/{name}: " + ("out of date" if check else "written"))
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
