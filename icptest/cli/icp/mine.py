"""`icptest icp mine`."""

from __future__ import annotations

from pathlib import Path

import click

from icptest.cli._common import from_here, json_option, print_json, say, user, workspace_option
from icptest.cli.icp._common import (
    column_option,
    columns_asked,
    day_asked,
    encoding_option,
    find_place,
)
from icptest.errors import RegistrationError
from icptest.icp.best import BEST, measures_asked
from icptest.icp.definition_file import definition_path, write_definition
from icptest.icp.draft import draft_definition, draft_filters
from icptest.icp.mine import mine
from icptest.icp.questions import before_purchase, committee_of, referrals_of
from icptest.reading import open_table
from icptest.report.icp.mine import Answers, mined_data, mined_text
from icptest.workspace import find_workspace


@click.command("mine")
@click.argument("customers_file", metavar="CUSTOMERS")
@click.option("--base", required=True, metavar="MARKET", help="The list they are held against.")
@click.option(
    "--best",
    "n_best",
    type=click.IntRange(min=2),
    default=BEST,
    show_default=True,
    metavar="N",
    help="How many of the customers are the best.",
)
@click.option(
    "--best-by",
    metavar="MEASURES",
    help="What ranks them.  [default: ltv,days-to-close,tenure,expansion,referrals]",
)
@click.option("--name", metavar="NAME", help="Write the draft to icp/NAME.toml.")
@click.option(
    "--on",
    "on_text",
    metavar="DATE",
    help="The day on which the market's events are judged.  [default: today]",
)
@column_option
@encoding_option
@workspace_option
@json_option
def command(
    customers_file: str,
    base: str,
    n_best: int,
    best_by: str | None,
    name: str | None,
    on_text: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Find what your best customers share and the market does not.

    Every pattern says how many of the best have it, how much of the market, and whether it
    could be luck after everything that was looked at.

    Example: icptest icp mine customers.csv --base market.csv --name heads-of-sales
    """
    place = find_place(workspace)
    path = None
    if name is not None:
        path = definition_path(find_workspace(workspace), name)
        if path.exists():
            raise RegistrationError("icp-exists", path=str(path))
    measures = measures_asked(best_by, option="--best-by")
    asked = columns_asked(place, columns)
    on = day_asked(on_text, place, option="--on")
    customers = open_table(Path(customers_file), encoding=encoding)
    market = open_table(Path(base), encoding=encoding)
    asked.require_there([customers, market])
    mined = mine(customers, market, asked.columns, n_best=n_best, measures=measures, on=on)
    draft = draft_filters(mined)
    accounts = mined.best.accounts
    committee = committee_of(accounts, customers, asked.columns)
    is_written = path is not None and bool(draft.filters)
    if path is not None and is_written:
        write_definition(
            path,
            draft_definition(
                draft, committee, name=path.stem, owner=user(), reviewed_on=place.today
            ),
        )
    asked.keep(place)
    answers = Answers(
        customers=customers_file,
        base=base,
        on=on,
        draft=draft,
        committee=committee,
        referrals=referrals_of(mined.customers.accounts, customers, asked.columns),
        before=before_purchase(
            accounts, mined.shared.events_of_customers, customers, asked.columns
        ),
        name=path.stem if path is not None and is_written else None,
        path=from_here(path) if path is not None and is_written else None,
    )
    if as_json:
        print_json(mined_data(mined, answers))
    else:
        say(mined_text(mined, answers))
