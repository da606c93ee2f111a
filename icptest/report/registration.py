"""A registered test, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.experiment import Arm
from icptest.report.data import reasons_data, stamp
from icptest.report.terminal import table
from icptest.report.words import registration as words
from icptest.report.words.commands import ingest_command
from icptest.report.words.numbers import ARM_NAMES, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from icptest.experiment import Experiment
    from icptest.plan import Outlook
    from icptest.register import Registration


def registration_text(
    registration: Registration,
    *,
    outlook: Outlook,
    expected_at: datetime,
    files: Mapping[str, str],
    excludes: Mapping[str, str],
    notes: Sequence[str] = (),
) -> str:
    """Return what `new` prints.

    Args:
        registration: The test.
        outlook: What it can show.
        expected_at: When the verdict can be expected.
        files: The send lists as paths from where one stands.
        excludes: Those of other tests that have people of this one, by their paths in the
            workspace.
        notes: What is to be said of the profile that made the new list.
    """
    experiment, draw = registration.experiment, registration.draw
    parts = [wrap(words.headline(experiment))]
    if draw is not None:
        arms = [draw.arm(arm) for arm in Arm]
        numbers = [
            [arm.n_listed for arm in arms],
            [arm.n_people for arm in arms],
            [arm.n_accounts for arm in arms],
            [len(arm.assignments) for arm in arms],
        ]
        rows = [
            [title, *(f"{number:,}" for number in row)]
            for title, row in zip(words.DRAW_ROWS, numbers, strict=True)
        ]
        parts.append(table(rows, ["", ARM_NAMES["control"], ARM_NAMES["segment"]]))
        lists = registration.lists
        lines = [words.left_out(str(arm), draw.arm(arm), lists[arm]) for arm in Arm]
        read = [words.read_as(str(arm), lists[arm]) for arm in Arm]
        parts.append("\n".join(read))
        parts.append("\n".join(line for line in lines if line))
        parts.append(words.in_the_family(draw))
        parts.append("\n".join(wrap(note) for note in notes))
        parts.append("\n".join(words.excluded(one, lists) for one in registration.exclusions))
        parts.append("\n".join(words.also_in(one, excludes) for one in registration.elsewhere))
        parts.append(words.consumption(draw, experiment))
        parts.append(words.more_batches(registration))
    else:
        parts.append(wrap(words.size_of_campaigns(experiment)))
    parts.append(words.shared_level(registration))
    parts.append("\n".join(words.outlook_lines(outlook, experiment)))
    parts.append(words.positive_labels(experiment))
    if draw is not None:
        parts.append(words.calendar(experiment, expected_at))
        parts.append(wrap(words.NOT_MAILED_BEFORE))
        send = (
            words.upload_of_family(registration, files)
            if registration.family
            else words.upload(files)
        )
        parts.append("\n".join(send))
        telling = words.telling_columns(lists)
        if telling is not None:
            parts.append(telling)
    parts.append(wrap(words.no_hypothesis(experiment)))
    parts.append(f"Then, when mails and replies are there:\n  {next_command(registration)}")
    return "\n\n".join(part for part in parts if part)


def registration_data(
    registration: Registration, *, outlook: Outlook, expected_at: datetime
) -> dict[str, Any]:
    """Return `icptest.new/1`."""
    draw, lists = registration.draw, registration.send_lists
    arms: dict[str, Any] = {}
    for arm in Arm:
        origin = registration.experiment.origin(arm)
        if draw is None:
            arms[str(arm)] = {"campaigns": list(origin.campaigns)}
            continue
        drawn = draw.arm(arm)
        arms[str(arm)] = {
            "listed": drawn.n_listed,
            "eligible": drawn.n_people,
            "accounts": drawn.n_accounts,
            "drawn": len(drawn.assignments),
            "send_list": str(lists[str(arm)]),
            "left_out": reasons_data(drawn.left_out),
            "damaged_lines": words.damaged_lines(registration.lists[arm]),
            "columns": {
                str(role): listed.header[place]
                for listed in [registration.lists[arm]]
                for role, place in listed.roles.items()
            },
        }
    data: dict[str, Any] = {
        "schema": "icptest.new/1",
        "experiment": registration.experiment.name,
        "registration": str(registration.path),
        "registration_digest": registration.digest,
        "seed": registration.experiment.seed,
        "arms": arms,
        "family": [*registration.family, registration.experiment.name]
        if registration.experiment.family
        else [],
        "exclusions": [
            {
                "file": str(one.path),
                "kind": one.kind,
                "entries": len(one.entries) + len(one.unread),
                "read": len(one.entries),
                "on_the_lists": one.n_among(
                    contact for listed in registration.lists.values() for contact in listed.contacts
                ),
                "lines_not_understood": list(one.unread),
            }
            for one in registration.exclusions
        ],
        "also_in": [
            {"experiment": one.test, "people": one.n_people, "send_lists": list(one.files)}
            for one in registration.elsewhere
        ],
        "send_both": str(lists["both"]) if "both" in lists else None,
        "level": registration.experiment.protocol.alpha * registration.share,
        "odds": {
            "baseline": outlook.baseline,
            "registered_rule": {f"{lift:g}": p for lift, p in outlook.registered.items()},
            "article_rule": {f"{lift:g}": p for lift, p in outlook.article.items()},
        },
        "prior": prior_data(registration.experiment),
        "verdict_expected_at": stamp(expected_at),
        "next": next_command(registration),
    }
    if draw is not None:
        data["share_of_control"] = draw.share
        data["ceiling"] = draw.ceiling
        data["segment_left"] = draw.n_segment_left
        data["kept_for_later"] = registration.n_kept
        data["segment_in_control"] = draw.n_segment_in_control
    return data


def prior_data(experiment: Experiment) -> dict[str, Any]:
    """Return what is believed before the test, and from how many finished tests."""
    return {
        "control": list(experiment.prior.control),
        "log_lift_sd": experiment.prior.log_lift_sd,
        "learned_from": experiment.prior_from or None,
    }


def next_command(registration: Registration) -> str:
    """Return the command that follows."""
    return ingest_command(registration.experiment)
