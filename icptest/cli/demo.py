"""`icptest demo`."""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icptest.cli._common import json_option, print_json, say
from icptest.errors import WorkspaceError
from icptest.report.words import demo as words
from icptest.worked import Worked, copy_profile, copy_worked, worked_experiments
from icptest.workspace import ENVIRONMENT, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INIT = ("init", "--timezone", "America/New_York", "--holidays", "US")
_LABEL = ("map-label", "plant-managers", "--from", "generic", "Send info", "positive_reply")


@click.command("demo")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Make the workspace here, not in a temporary folder.",
)
@json_option
def command(into: str | None, as_json: bool) -> None:
    """Run six worked tests in a workspace of their own.

    It shows what each command says, and every decision there is. Nothing is sent anywhere.

    Example: icptest demo --into demo
    """
    tests = worked_experiments()
    root = _folder(into)
    copy_profile(root)
    with _standing_in(root):
        if as_json:
            print_json(_in_silence(root, tests))
        else:
            _aloud(tests)
            say(words.ending(str(root), _LABEL, _verdict(tests[-1])))


def _folder(into: str | None) -> Path:
    """Return the empty folder of the workspace."""
    if into is None:
        return Path(tempfile.mkdtemp(prefix="icptest-demo-")).resolve()
    root = Path(into).resolve()
    try:
        make_private_folder(root)
        if any(root.iterdir()):
            raise WorkspaceError("demo-folder-not-empty", path=into)
    except OSError as error:
        raise WorkspaceError(
            "folder-not-writable", path=into, problem=str(error), case="demo"
        ) from error
    return root


@contextmanager
def _standing_in(root: Path) -> Iterator[None]:
    """Run commands as if one stood in the workspace, whatever the environment names."""
    named = os.environ.pop(ENVIRONMENT, None)
    try:
        with chdir(root):
            yield
    finally:
        if named is not None:
            os.environ[ENVIRONMENT] = named


def _aloud(tests: Sequence[Worked]) -> None:
    say(words.intro(len(tests)) + "\n")
    _show(_INIT)
    for worked in tests:
        say(words.heading(worked, len(tests)) + "\n")
        copy_worked(worked, _place(worked))
        for arguments in _commands(worked):
            _show(arguments, in_full=worked is tests[0])
    say(words.RULE)
    _show(("status",))


def _in_silence(root: Path, tests: Sequence[Worked]) -> dict[str, Any]:
    _run(_INIT)
    verdicts = []
    for worked in tests:
        copy_worked(worked, _place(worked))
        for arguments in _commands(worked):
            if arguments[0] != "verdict":
                _run(arguments)
        verdict = json.loads(_run((*_verdict(worked), "--json")))
        kept = ("experiment", "as_of", "decision", "reason", "sentence", "next")
        verdicts.append({"shows": worked.shows} | {name: verdict[name] for name in kept})
    return {
        "schema": "icptest.demo/1",
        "workspace": str(root),
        "experiments": verdicts,
        "next": "icptest status",
    }


def _commands(worked: Worked) -> list[tuple[str, ...]]:
    """Return the commands that take a test from its lists to its verdict."""
    place = _place(worked)
    commands: list[tuple[str, ...]] = [("new", f"{place}/experiment.toml")]
    for run in worked.ingests:
        files = (f"{place}/{file}" for file in run.files)
        commands.append(("ingest", worked.name, *files, *run.arguments))
    return [*commands, _verdict(worked)]


def _place(worked: Worked) -> Path:
    return Path("experiments") / worked.name


def _verdict(worked: Worked) -> tuple[str, ...]:
    return ("verdict", worked.name, "--as-of", worked.as_of)


def _show(arguments: Sequence[str], *, in_full: bool = True) -> None:
    """Print a command as one types it, and what it says."""
    said = words.excerpt(arguments[0], _run(arguments), in_full=in_full)
    say(words.shell(arguments) + (f"\n{said}\n" if said else ""))


def _run(arguments: Sequence[str]) -> str:
    """Run a command of this program in this process and return what it prints."""
    from icptest.cli import main  # noqa: PLC0415 - it loads this module

    name, *rest = arguments
    with click.Context(main) as context:
        found = main.get_command(context, name)
    if found is None:
        raise LookupError(name)
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        found.main(rest, prog_name=f"icptest {name}", standalone_mode=False)
    return output.getvalue()
