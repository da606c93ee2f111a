"""The command line: parse -> load -> core -> save -> render. One file per command.

Commands are loaded when they are called: `icptest --help` reads their one-line summaries from
the table below, which a test holds against the commands themselves.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import Any

import click

from icptest.errors import IcptestError

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Make a workspace in this folder."),
    "new": ("new", "Register a test: draw two fair samples and write the send lists."),
    "ingest": ("ingest", "Read exports of your outreach tool or calendar into a test."),
    "status": ("status", "Say how far the tests are, and what to do next."),
    "verdict": ("verdict", "Answer: scale the new list, or not."),
    "list": ("list_tests", "List the tests of this workspace."),
    "show": ("show", "Show what was registered and what was read in."),
    "sources": ("sources", "Say which tools' exports can be read, and how to get them."),
    "map-label": ("map_label", "Say what a reply label means in a test."),
    "set-aside": ("set_aside", "Show the rows that could not be read, or read them again."),
    "log": ("log", "Show who did what, when."),
    "demo": ("demo", "Run six worked tests in a workspace of their own."),
}
_INTERRUPTED = 130
_PIPE_CLOSED = 141
_FAILED = 1


class LazyGroup(click.Group):
    """Loads a command when it is called, and turns every failure into one clear message."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; an unknown one fails with the nearest name."""
        if cmd_name not in COMMANDS:
            from icptest.spelling import nearest  # noqa: PLC0415 - only a mistake needs it

            close = nearest(cmd_name, COMMANDS)
            hint = f' Did you mean "{close}"?' if close else ""
            ctx.fail(f'There is no command "{cmd_name}".{hint}')
        module, _ = COMMANDS[cmd_name]
        command: click.Command = import_module(f"icptest.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and exit: 0 it did its work, 1 something was wrong, 2 usage."""
        words = args[0] if args and args[0] is not None else kwargs.get("args")
        in_json = "--json" in (sys.argv[1:] if words is None else words)
        kwargs["standalone_mode"] = False
        _print_whatever_comes()
        stdout = sys.stdout
        try:
            sys.exit(super().main(*args, **kwargs) or 0)
        except IcptestError as error:
            _report(error, in_json=in_json)
            sys.exit(_FAILED)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped; nothing of the unfinished step was stored.", err=True)
            sys.exit(_INTERRUPTED)
        except OSError as error:
            _report(_refused(error), in_json=in_json)
            sys.exit(_FAILED)
        except Exception as error:
            if os.environ.get("ICPTEST_DEBUG"):
                raise
            _report(_internal(error), in_json=in_json)
            sys.exit(_FAILED)
        except SystemExit:
            if sys.stdout is stdout:
                raise
            # Whoever read the output has closed it, and click has put a stream in its place
            # that says nothing of it; the interpreter must not complain either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
            sys.exit(_PIPE_CLOSED)


def _print_whatever_comes() -> None:
    """Let a letter that the terminal has none for become a question mark, not a failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refused(error: OSError) -> IcptestError:
    from icptest.errors import WorkspaceError  # noqa: PLC0415 - on failure

    problem = error.strerror or str(error)
    return WorkspaceError("system-refused", path=error.filename or "A file", problem=problem)


def _internal(error: Exception) -> IcptestError:
    problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return IcptestError("internal", problem=problem)


def _report(error: IcptestError, *, in_json: bool) -> None:
    from icptest.report.failure import failure_data, failure_text  # noqa: PLC0415 - on failure

    if in_json:
        import json  # noqa: PLC0415 - on failure

        click.echo(json.dumps(failure_data(error), indent=2))
    click.echo(failure_text(error), err=True)


@click.group(
    cls=LazyGroup,
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
