"""`icptest status`."""

from __future__ import annotations

import sys
from typing import Any

import click

from icptest.cli._common import (
    as_of_option,
    json_option,
    print_json,
    read_clock,
    say,
    workspace_option,
)
from icptest.cli._progress import all_progress, one_progress, tell_broken
from icptest.report.progress import board_text, status_text, statuses_data
from icptest.workspace import find_workspace


@click.command("status")
@click.argument("name", required=False)
@as_of_option
@workspace_option
@json_option
def command(name: str | None, as_of: str | None, workspace: str | None, as_json: bool) -> None:
    """Say how far the tests are, and what to do next.

    It shows who was mailed and when the replies are in, and never how the lists are doing. Without
    a name: all tests, and the profiles whose review is due.

    Example: icptest status hubspot-new-vp
    """
    if name is not None:
        one = one_progress(workspace, name, as_of)
        if as_json:
            print_json(statuses_data([one], "icptest.status/1"))
        else:
            say(status_text(one))
        return
    found = list(all_progress(workspace, as_of))
    code = tell_broken(found)
    reviews, facts = _reviews(workspace, as_of)
    if as_json:
        print_json({**statuses_data(found, "icptest.status/1"), "icp_reviews": facts})
    else:
        say(board_text(found, reviews=reviews))
    if code:
        sys.exit(code)


def _reviews(workspace: str | None, as_of: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Return the profiles whose review is due, as text and as data."""
    place = find_workspace(workspace)
    if not (place.root / "icp").is_dir():  # and nothing of profiles is loaded
        return "", []
    from icptest.icp.reviews import due_reviews  # noqa: PLC0415
    from icptest.report.icp.reviews import reviews_data, reviews_text  # noqa: PLC0415

    today = read_clock(as_of, place.zone).astimezone(place.zone).date()
    found = due_reviews(place, today)
    return reviews_text(found, today), reviews_data(found, today)
