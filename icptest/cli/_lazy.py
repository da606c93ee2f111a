"""A group of commands of which each is loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyCommands(click.Group):
    """Loads a command when it is called; `--help` reads the table alone.

    Args:
        table: Module and one-line summary of each command, in the order a user meets them.
        package: Where the modules are.
    """

    def __init__(
        self, *args: Any, table: Mapping[str, tuple[str, str]], package: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order a user meets them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; an unknown one fails with the nearest name."""
        if cmd_name not in self.table:
            from icptest.spelling import nearest  # noqa: PLC0415 - only a mistake needs it

            close = nearest(cmd_name, self.table)
            hint = f' Did you mean "{close}"?' if close else ""
            ctx.fail(f'There is no command "{cmd_name}".{hint}')
        module, _ = self.table[cmd_name]
        command: click.Command = import_module(f"{self._package}.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()])
