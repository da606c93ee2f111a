"""`icptest plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from icptest.amounts import read_lift, read_money, read_rate
from icptest.baselines import ASSUMED, MEETING_SHARE, Baseline
from icptest.break_even import BreakEven
from icptest.capacity import PER_INBOX, Capacity, send_calendar
from icptest.cli._common import json_option, now, print_json, say, workspace_option
from icptest.errors import InputError, WorkspaceError
from icptest.plan import make_plan
from icptest.protocol import Protocol, Rule
from icptest.report.plan import Lists, plan_data, plan_text
from icptest.workspace import find_workspace, system_timezone

if TYPE_CHECKING:
    from icptest.capacity import SendCalendar
    from icptest.overlap import Overlap

_UNUSUAL_RATE = 0.2
"""From here on no list replies: a number without a % sign was meant as per cent."""


@click.command("plan")
@click.option("--baseline", metavar="RATE", help='Positive replies on today\'s list: "1%", "0.8%".')
@click.option("--size", type=click.IntRange(min=1), default=500, show_default=True, metavar="N",
              help="People of the new list.")  # fmt: skip
@click.option("--control-size", type=click.IntRange(min=1), metavar="N",
              help="People of today's list, if more.")  # fmt: skip
@click.option(
    "--lift",
    "lifts",
    multiple=True,
    metavar="X",
    help="How good the new list may truly be; repeat it.  [default: 2 and 3]",
)
@click.option(
    "--rule",
    type=click.Choice([str(rule) for rule in Rule]),
    default=str(Rule.LIFT_AND_EVIDENCE),
    show_default=True,
    help="When to scale.",
)
@click.option("--inboxes", type=click.IntRange(min=1), metavar="N", help="Mailboxes that send.")
@click.option(
    "--per-inbox",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"First mails of each a day.  [default: {PER_INBOX}]",
)
@click.option("--control", metavar="FILE", help="Today's list, CSV or XLSX.")
@click.option("--segment", metavar="FILE", help="The new, narrowed list, CSV or XLSX.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help="Name a column of the lists: email, linkedin, first-name, last-name, name, company, "
    'website, title ("email=Work address").',
)
@click.option("--encoding", metavar="NAME", help="Encoding of the lists, if not UTF-8.")
@click.option("--cost-per-contact", metavar="MONEY", help="What one person of the list costs you.")
@click.option("--value-per-meeting", metavar="MONEY", help="What one meeting is worth to you.")
@click.option(
    "--meeting-share",
    metavar="RATE",
    help=f"Positive replies that become a meeting.  [default: {MEETING_SHARE:.0%}]",
)
@workspace_option
@json_option
def command(
    baseline: str | None,
    size: int,
    control_size: int | None,
    lifts: tuple[str, ...],
    rule: str,
    inboxes: int | None,
    per_inbox: int | None,
    control: str | None,
    segment: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
    cost_per_contact: str | None,
    value_per_meeting: str | None,
    meeting_share: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Say what a test can show, before anybody is mailed.

    Nothing is registered, and no workspace is needed. In one that has two finished tests or more,
    the baseline is learned from them.

    Example: icptest plan --baseline 0.8% --inboxes 6 --control today.csv --segment narrowed.csv
    """
    protocol = Protocol.from_mapping(
        {"size": size, "control_size": control_size or 0, "rule": rule}
    )
    known = (
        _known(workspace)
        if baseline is None
        else Baseline(
            rate=read_rate(baseline, option="--baseline", usual=_UNUSUAL_RATE), assumed=False
        )
    )
    true = tuple(read_lift(text, option="--lift") for text in lifts)
    money = _break_even(known.rate, cost_per_contact, value_per_meeting, meeting_share)
    plan = make_plan(
        protocol,
        baseline=known,
        lifts=true,
        calendar=_calendar(protocol, inboxes, per_inbox, workspace),
        overlap=_overlap(protocol, control, segment, columns, encoding),
        break_even=money,
    )
    lists = (
        Lists(control=control, segment=segment, columns=columns, encoding=encoding)
        if control and segment
        else None
    )
    if as_json:
        print_json(plan_data(plan, lists=lists))
        return
    say(plan_text(plan, lists=lists))


def _known(workspace: str | None) -> Baseline:
    """Return the rate that the workspace's finished tests teach; else the assumed one."""
    try:
        place = find_workspace(workspace)
    except WorkspaceError as error:
        if workspace is not None or error.code != "no-workspace":
            raise
        return ASSUMED
    from icptest.learned import baseline_in  # noqa: PLC0415 - a plan outside reads no tests

    return baseline_in(place, as_of=now())


def _calendar(
    protocol: Protocol, inboxes: int | None, per_inbox: int | None, workspace: str | None
) -> SendCalendar | None:
    if inboxes is None:
        if per_inbox is not None:
            raise _alone("--per-inbox", "--inboxes", "6")
        return None
    zone, country = _place(workspace)
    return send_calendar(
        protocol,
        Capacity(inboxes=inboxes, per_inbox=per_inbox or PER_INBOX),
        after=now().astimezone(zone).date(),
        zone=zone,
        country=country,
    )


def _place(workspace: str | None) -> tuple[ZoneInfo, str | None]:
    """Return the zone and the holidays of the workspace; outside of one, the machine's zone."""
    try:
        place = find_workspace(workspace)
    except WorkspaceError as error:
        if workspace is not None or error.code != "no-workspace":
            raise
        try:
            return ZoneInfo(system_timezone()), None
        except WorkspaceError:
            return ZoneInfo("UTC"), None
    return place.zone, place.holidays


def _overlap(
    protocol: Protocol,
    control: str | None,
    segment: str | None,
    columns: tuple[str, ...],
    encoding: str | None,
) -> Overlap | None:
    if control is None and segment is None:
        for option, given in (("--column", columns), ("--encoding", encoding)):
            if given:
                raise _alone(option, "--control", "today.csv")
        return None
    if control is None:
        raise _alone("--segment", "--control", "today.csv")
    if segment is None:
        raise _alone("--control", "--segment", "narrowed.csv")
    from icptest.contacts import read_contacts  # noqa: PLC0415 - a plan without lists reads none
    from icptest.experiment import Arm  # noqa: PLC0415
    from icptest.overlap import compare_lists  # noqa: PLC0415
    from icptest.sampling import columns_by_role, require_columns  # noqa: PLC0415

    named = columns_by_role(columns)
    today, new = (
        read_contacts(Path(path), named=named, encoding=encoding) for path in (control, segment)
    )
    require_columns(named, {Arm.CONTROL: today, Arm.SEGMENT: new})
    return compare_lists(today, new, protocol)


def _break_even(
    rate: float, cost: str | None, value: str | None, share: str | None
) -> BreakEven | None:
    if cost is None and value is None:
        if share is not None:
            raise _alone("--meeting-share", "--cost-per-contact", "1.20")
        return None
    if cost is None:
        raise _alone("--value-per-meeting", "--cost-per-contact", "1.20")
    if value is None:
        raise _alone("--cost-per-contact", "--value-per-meeting", "400")
    return BreakEven(
        baseline_rate=rate,
        cost_per_contact=read_money(cost, option="--cost-per-contact"),
        value_per_meeting=read_money(value, option="--value-per-meeting"),
        meeting_share=MEETING_SHARE
        if share is None
        else read_rate(share, option="--meeting-share"),
    )


def _alone(option: str, other: str, example: str) -> InputError:
    return InputError("option-needs-other", option=option, other=other, example=example)
