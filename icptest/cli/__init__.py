"""The command line: parse -> load -> core -> save -> render. One file per command.

Commands are loaded when they are called: `icptest --help` reads their one-line summaries from
the table below, which a test holds against the commands themselves.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from icptest.cli._lazy import LazyCommands
from icptest.errors import IcptestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Make a workspace in this folder."),
    "plan": ("plan", "Say what a test can show, before anybody is mailed."),
    "new": ("new", "Register a test: draw two fair samples and write the send lists."),
    "ingest": ("ingest", "Read exports of your outreach tool or calendar into a test."),
    "status": ("status", "Say how far the tests are, and what to do next."),
    "verdict": ("verdict", "Answer: scale the new list, or not."),
    "extend": ("extend", "Draw the next batch of a test that was registered with --looks."),
    "explain": ("explain", "Show the lift of a settled test in parts, and at equal mix."),
    "learn": ("learn", "Say what the finished tests teach; with words, find past tests."),
    "list": ("list_tests", "List the tests of this workspace."),
    "show": ("show", "Show what was registered and what was read in."),
    "sources": ("sources", "Say which tools' exports can be read, and how to get them."),
    "map-label": ("map_label", "Say what a reply label means in a test."),
    "set-aside": ("set_aside", "Show the rows that could not be read, or read them again."),
    "log": ("log", "Show who did what, when."),
    "icp": ("icp", "Define, check and use an ideal customer profile."),
    "demo": ("demo", "Run six worked tests in a workspace of their own."),
}
_INTERRUPTED = 130
_PIPE_CLOSED = 141
_FAILED = 1
_WORD = 200
"""Letters of one word that a message of click shows."""


class LazyGroup(LazyCommands):
    """Turns every failure of a command into one clear message."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and exit: 0 it did its work, 1 something was wrong, 2 usage."""
        words = args[0] if args and args[0] is not None else kwargs.get("args")
        in_json = "--json" in (sys.argv[1:] if words is None else words)
        if sys.stdout is None:
            from icptest.errors import WorkspaceError  # noqa: PLC0415 - on failure

            # Before anything is done: what cannot be told had better not happen.
            _say(WorkspaceError("output-closed"))
            sys.exit(_FAILED)
        kwargs["standalone_mode"] = False
        _print_whatever_comes()
        stdout = sys.stdout
        try:
            run = super().main

            def start() -> Any:
                _require_text(sys.argv[1:] if words is None else words)
                return run(*args, **kwargs)

            sys.exit(_answered(start, in_json=in_json))
        except OSError as error:
            _silence(stdout)
            if error.errno == errno.EPIPE:
                sys.exit(_PIPE_CLOSED)
            _say(_not_printed(error))
            sys.exit(_FAILED)
        except SystemExit:
            if sys.stdout is stdout:
                raise
            # Whoever read the output has closed it, and click has put a stream in its place
            # that says nothing of it.
            _silence(stdout)
            sys.exit(_PIPE_CLOSED)


def _require_text(words: Iterable[str]) -> None:
    """Refuse an argument that is no text: what is typed is printed, stored and hashed.

    Raises:
        InputError: A word holds bytes that are no UTF-8, or a zero byte ("argument-not-text").
    """
    for word in words:
        if "\0" not in word and _is_utf8(word):
            continue
        from icptest.errors import InputError  # noqa: PLC0415 - on failure

        raise InputError("argument-not-text", value=word)


def _is_utf8(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _answered(run: Callable[[], Any], *, in_json: bool) -> int:
    """Run a command and return its exit code, once every failure is told.

    Raises:
        OSError: Nothing can be printed.
    """
    try:
        code: int = run() or 0
    except IcptestError as error:
        return _report(error, in_json=in_json)
    except click.ClickException as error:
        _say_usage(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        from icptest.report.words.commands import STOPPED  # noqa: PLC0415 - on failure

        with _last_words():
            click.echo(f"\n{STOPPED}", err=True)
        return _INTERRUPTED
    except OSError as error:
        if _came_from_printing(error):
            raise
        return _report(_refused(error), in_json=in_json)
    except Exception as error:
        if os.environ.get("ICPTEST_DEBUG"):
            raise
        return _report(_internal(error), in_json=in_json)
    return code


def _came_from_printing(error: OSError) -> bool:
    """Whether it was `click.echo` that failed: help and version print with it too.

    A stream that is not buffered forgets that a write failed, so it cannot be asked.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is click.echo.__code__


def _silence(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere: the interpreter would complain at its end."""
    with suppress(OSError):  # a stream of a test has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _print_whatever_comes() -> None:
    """Let a letter that the terminal has none for become a question mark, not a failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refused(error: OSError) -> IcptestError:
    from icptest.errors import WorkspaceError  # noqa: PLC0415 - on failure

    problem = error.strerror or str(error)
    return WorkspaceError("system-refused", path=error.filename or "A file", problem=problem)


def _not_printed(error: OSError) -> IcptestError:
    from icptest.errors import WorkspaceError  # noqa: PLC0415 - on failure

    return WorkspaceError("output-failed", problem=error.strerror or str(error))


def _internal(error: Exception) -> IcptestError:
    problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return IcptestError("internal", problem=problem)


def _report(error: IcptestError, *, in_json: bool) -> int:
    """Tell of a failure, for programs too if they listen; return the exit code.

    Raises:
        OSError: Whoever read the output has closed it.
    """
    if in_json:
        import json  # noqa: PLC0415 - on failure

        from icptest.report.failure import failure_data  # noqa: PLC0415 - on failure

        try:
            click.echo(json.dumps(failure_data(error), indent=2))
        except OSError as broken:
            if broken.errno == errno.EPIPE:
                raise
            _silence(sys.stdout)  # one message will do, and the first failure is the one to mend
    _say(error)
    return _FAILED


def _say_usage(error: click.ClickException) -> None:
    """Say what was typed wrong: in click's words, with addresses masked and long words cut."""
    from icptest.row_text import shown  # noqa: PLC0415 - on failure

    said = io.StringIO()
    error.show(file=said)
    text = re.sub(rf"(\S{{{_WORD}}})\S+", r"\1...", shown(said.getvalue()))
    with _last_words():
        click.echo(text, nl=False, err=True)


def _say(error: IcptestError) -> None:
    from icptest.report.failure import failure_text  # noqa: PLC0415 - on failure

    with _last_words():
        click.echo(failure_text(error), err=True)


@contextmanager
def _last_words() -> Iterator[None]:
    """Print on stderr, if that can be: there is no third place to say that it cannot."""
    try:
        yield
    except OSError:
        _silence(sys.stderr)


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="icptest.cli",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Start with: icptest demo",
)
@click.option(
    "--workspace",
    metavar="DIR",
    help="Folder with icptest.toml; else ICPTEST_WORKSPACE, else the nearest parent's.",
)
@click.version_option(package_name="icptest", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, workspace: str | None) -> None:
    """Test a new list against today's list, and learn whether to scale it."""
    ctx.obj = workspace
