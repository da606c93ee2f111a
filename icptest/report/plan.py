"""A plan, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from icptest.baselines import PUBLISHED
from icptest.report.terminal import table
from icptest.report.words import plan as words
from icptest.report.words.numbers import share, threshold, wrap
from icptest.stats import SampleSize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.plan import Plan, Sends


# Columns of lifts that a terminal has room for.
_MOST_LIFTS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """The lists of a plan, and how they are read, as they were typed.

    Attributes:
        control: Today's list.
        segment: The new list.
        columns: Columns that were named, "role=NAME".
        encoding: Encoding, if it was said.
    """

    control: str
    segment: str
    columns: tuple[str, ...] = ()
    encoding: str | None = None


def plan_text(plan: Plan, *, lists: Lists | None = None) -> str:
    """Return what `plan` prints: sentences first, then the tables.

    Args:
        plan: What was found.
        lists: The lists as they were typed, for the next command.
    """
    bar = plan.protocol.threshold
    told = [
        words.article(plan),
        words.ruled_out(plan),
        words.exaggeration(plan),
        words.rule(plan.protocol),
        words.baseline(plan),
    ]
    parts = [wrap(words.headline(plan)), _bullets(line for line in told if line)]
    parts += [wrap(words.NEEDED), _needed(plan)]
    parts += _sends(plan) if plan.sends else [wrap(words.NO_LIFT)]
    parts.append(_bullets(words.no_number(plan)))
    parts += [wrap(words.LARGER), _larger(plan)]
    if plan.calendar is not None:
        parts.append(_section(words.SENDING, words.calendar(plan.calendar)))
    if plan.overlap is not None:
        parts.append(_section(words.LISTS, words.overlap(plan.overlap, bar)))
    if plan.break_even is not None:
        parts.append(_section(words.MONEY, words.break_even(plan.break_even, bar)))
    parts.append(wrap(words.LIMITS))
    parts.append(f"Next:\n  {next_command(plan, lists=lists)}")
    return "\n\n".join(part for part in parts if part)


def plan_data(plan: Plan, *, lists: Lists | None = None) -> dict[str, Any]:
    """Return `icptest.plan/1`."""
    outlook = plan.outlook
    return {
        "schema": "icptest.plan/1",
        "sentence": words.headline(plan),
        "baseline": {
            "rate": plan.baseline.rate,
            "assumed": plan.baseline.assumed,
            "learned_from": plan.baseline.n_tests or None,
            "published": [
                {
                    "name": one.name,
                    "address": one.address,
                    "published_on": None if one.published_on is None else str(one.published_on),
                    "low": one.low_rate,
                    "high": one.high_rate,
                }
                for one in PUBLISHED
            ],
        },
        "protocol": plan.protocol.to_mapping(),
        "odds": {
            "baseline": outlook.baseline,
            "registered_rule": _by_lift(outlook.registered),
            "article_rule": _by_lift(outlook.article),
            "equal_lists_ruled_out": plan.ruled_out,
            "exaggeration": _by_lift(plan.exaggeration),
        },
        "needed_positives": [
            {
                "control": row.control_events,
                "lift": row.lift,
                "evidence": row.evidence,
                "proof": row.proof,
            }
            for row in plan.needed
        ],
        "sends": [_one_sends(one) for one in plan.sends],
        "larger_control": [
            {"control_size": size, "registered_rule": _by_lift(chances)}
            for size, chances in plan.larger_control.items()
        ],
        "calendar": _calendar(plan),
        "lists": _lists(plan),
        "break_even": _break_even(plan),
        "next": next_command(plan, lists=lists),
    }


def next_command(plan: Plan, *, lists: Lists | None = None) -> str:
    """Return the command that registers what was planned."""
    lists = lists or Lists(control="TODAY.csv", segment="NEW.csv")
    protocol = plan.protocol
    said = f"icptest new NAME --control {quote(lists.control)} --segment {quote(lists.segment)}"
    said += "".join(f" --column {quote(column)}" for column in lists.columns)
    if lists.encoding:
        said += f" --encoding {quote(lists.encoding)}"
    size = protocol.size
    if plan.overlap is not None and not plan.overlap.fits:
        return f"{said} --size {plan.overlap.largest}"
    if size != type(protocol)().size:
        said += f" --size {size}"
    if protocol.control_size != size:
        said += f" --control-size {protocol.control_size}"
    if protocol.rule is not type(protocol)().rule:
        said += f" --rule {protocol.rule}"
    return said


def _section(title: str, lines: Iterable[str]) -> str:
    return f"{wrap(title)}\n{_bullets(lines)}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(wrap(line, first="- ", indent="  ") for line in lines)


def _needed(plan: Plan) -> str:
    bar = threshold(plan.protocol.threshold)
    rows = [
        [
            f"{row.control_events}",
            *(
                words.NEVER if needed is None else f"{needed:,}"
                for needed in (row.lift, row.evidence, row.proof)
            ),
        ]
        for row in plan.needed
    ]
    return table(rows, [head.format(bar=bar) for head in words.NEEDED_HEADS], right=0)


def _sends(plan: Plan) -> list[str]:
    equal = plan.protocol.size == plan.protocol.control_size
    chances = sorted({one.chance for one in plan.sends})
    rows: dict[float, list[str]] = {}
    for one in plan.sends:
        rows.setdefault(one.lift, [f"truly {threshold(one.lift)}"]).append(
            words.people(one, equal=equal)
        )
    heads = ["", *(f"{share(chance)} of the time" for chance in chances)]
    return [wrap(words.sends(equal=equal)), table(rows.values(), heads)]


def _larger(plan: Plan) -> str:
    lifts = list(dict.fromkeys(one.lift for one in plan.sends))[:_MOST_LIFTS]
    rows = [
        [f"{size:,}", *(share(chances[true]) for true in (1.0, *lifts))]
        for size, chances in plan.larger_control.items()
    ]
    heads = [*words.LARGER_HEADS, *(f"if {threshold(true)}" for true in lifts)]
    return table(rows, heads, right=0)


def _by_lift(values: Mapping[float, float]) -> dict[str, float]:
    return {f"{true:g}": value for true, value in values.items()}


def _one_sends(one: Sends) -> dict[str, Any]:
    needed = one.needed
    found = isinstance(needed, SampleSize)
    return {
        "lift": one.lift,
        "chance": one.chance,
        "size": needed.treatment_total if found else None,
        "control_size": needed.control_total if found else None,
        "reason": None if isinstance(needed, SampleSize) else needed.reason,
        "best_chance": needed.power if isinstance(needed, SampleSize) else needed.best_power,
    }


def _calendar(plan: Plan) -> dict[str, Any] | None:
    told = plan.calendar
    if told is None:
        return None
    return {
        "inboxes": told.capacity.inboxes,
        "per_inbox": told.capacity.per_inbox,
        "per_day": told.capacity.per_day,
        "people": told.n_people,
        "working_days": told.n_days,
        "window_days": told.window_days,
        "fits_window": told.fits,
        "inboxes_for_window": told.inboxes_needed,
        "starts_on": str(told.starts_on),
        "ends_on": str(told.ends_on),
        "replies_until": str(told.last_day),
    }


def _lists(plan: Plan) -> dict[str, Any] | None:
    told = plan.overlap
    if told is None:
        return None
    return {
        "control_accounts": told.n_control,
        "segment_accounts": told.n_segment,
        "shared_accounts": told.n_shared,
        "share_of_control": told.share,
        "ceiling": told.ceiling,
        "segment_in_control": told.n_in_control,
        "segment_left": told.n_left,
        "fits": told.fits,
        "largest_size": told.largest,
    }


def _break_even(plan: Plan) -> dict[str, Any] | None:
    told = plan.break_even
    if told is None:
        return None
    return {
        "cost_per_contact": told.cost_per_contact,
        "value_per_meeting": told.value_per_meeting,
        "meeting_share": told.meeting_share,
        "value_per_contact": told.value_per_contact,
        "lift": told.lift,
    }
