"""`icptest verdict`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from icptest.assess import ACCEPT, PEEK, assess, put_on_record, unknown_labels
from icptest.checks import Status
from icptest.cli._common import (
    as_of_option,
    json_option,
    loaded,
    now,
    print_json,
    read_clock,
    say,
    user,
    workspace_option,
)
from icptest.decision import Answer
from icptest.errors import Refusal
from icptest.report.words.checks import REMEDIES

if TYPE_CHECKING:
    from icptest.record import Record
    from icptest.verdict import Verdict

_EXIT_CODES = {Answer.SCALE: 0, Answer.NO_SCALE: 10, Answer.NOT_YET: 11, Answer.INVALID: 12}


@click.command("verdict")
@click.argument("name")
@as_of_option
@click.option("--peek", is_flag=True, help="Show outcomes too early; every later report says so.")
@click.option("--accept", metavar="CODE", help="Go on in spite of a check that stops.")
@click.option("--because", metavar="WHY", help="The reason for --accept, printed in every report.")
@click.option("--stats", "statistics", is_flag=True, help="Add p-values and methods.")
@click.option(
    "--exit-code", is_flag=True, help="Exit 0 scale, 10 no-scale, 11 not yet, 12 invalid."
)
@workspace_option
@json_option
def command(
    name: str,
    as_of: str | None,
    peek: bool,
    accept: str | None,
    because: str | None,
    statistics: bool,
    exit_code: bool,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Answer: scale the new list, or not.

    The answer is one sentence; below it stand the numbers, the reasons, every check that is
    not a pass, and the next command.

    Example: icptest verdict hubspot-new-vp
    """
    _require_reason(accept, because)
    with loaded(workspace, name, write=peek or accept is not None) as test:
        clock = read_clock(as_of, test.experiment.zone)

        def look(*, peeking: bool) -> tuple[Verdict, Record]:
            return assess(
                test.store,
                test.experiment,
                test.registered,
                as_of=clock,
                intact=test.intact,
                changed_lists=test.changed_lists(),
                peek=peeking,
            )

        verdict, record = look(peeking=False)
        if accept is not None and because is not None:
            _require_stop(verdict, accept)
            put_on_record(
                test.store,
                test.experiment,
                now=now(),
                user=user(),
                action=ACCEPT,
                detail={"code": accept, "because": because},
            )
            verdict, record = look(peeking=False)
        # Once the replies are in there is nothing left to look at early, and before the first
        # mail nothing yet: what shows nothing is no look.
        mailed = any(tally.contacted for tally in verdict.tallies.values())
        if peek and mailed and not verdict.settled:
            put_on_record(
                test.store, test.experiment, now=now(), user=user(), action=PEEK, detail={}
            )
            verdict, record = look(peeking=True)
        unknown = next(iter(unknown_labels(test.experiment, record)), None)
    if as_json:
        from icptest.report.data import verdict_data  # noqa: PLC0415 - one of two forms

        print_json(verdict_data(verdict, unknown))
    else:
        from icptest.report.terminal import verdict_text  # noqa: PLC0415 - one of two forms

        say(verdict_text(verdict, unknown_label=unknown, statistics=statistics))
    if exit_code:
        sys.exit(_EXIT_CODES[verdict.decision.answer])


def _require_stop(verdict: Verdict, code: str) -> None:
    """Refuse to accept what does not stop: a reason given in advance excuses anything."""
    check = next(one for one in verdict.checks if one.code == code)
    if check.status is not Status.STOP and check.accepted is None:
        raise Refusal("nothing-to-accept", check=code, status=str(check.status))


def _require_reason(accept: str | None, because: str | None) -> None:
    if accept is not None and accept not in REMEDIES:
        raise Refusal("unknown-check", value=accept, allowed=", ".join(REMEDIES))
    if accept is not None and not (because or "").strip():
        raise Refusal("accept-needs-because", check=accept)
    if because is not None and accept is None:
        raise Refusal("because-needs-accept")
