"""`icptest icp`: the ideal customer profile as a filter. One file per command."""

from __future__ import annotations

import click

from icptest.cli._lazy import LazyCommands

ICP_COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("new", "Write a commented profile, to be filled in."),
    "show": ("show", "Show a profile in one sentence, and its layers."),
    "mine": ("mine", "Find what your best customers share and the market does not."),
    "lint": ("lint", "Name the traps a profile is in, each with its evidence and its remedy."),
    "match": ("match", "Say who of a list is in, and who is out because of what."),
    "narrow": ("narrow", "Write a narrower profile, and say what it leaves to test."),
    "diff": ("diff", "Say who of a list enters and who leaves with another profile."),
    "backtest": ("backtest", "Hold a profile against won deals, lost deals and the market."),
    "drift": ("drift", "Say whether a profile has parted from reality, by your deals."),
}


@click.group("icp", cls=LazyCommands, table=ICP_COMMANDS, package="icptest.cli.icp")
def command() -> None:
    """Define, check and use an ideal customer profile.

    A profile is a file, icp/NAME.toml: filters say who is in, signals when to write.

    Example: icptest icp new heads-of-sales
    """
