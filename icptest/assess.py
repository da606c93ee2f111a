"""Assess: a registered test as of a time -> its verdict. What every front end calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.case import case_of
from icptest.events import EventKind
from icptest.journal import make_entry
from icptest.labels import label_key, meaning_of
from icptest.left import EXTEND, left_of_segment
from icptest.relatives import relatives_of
from icptest.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from icptest.experiment import Arm, Experiment
    from icptest.record import Record
    from icptest.store import Registered, Store
    from icptest.verdict import Verdict

PEEK = "peek"
ACCEPT = "accept"


def assess(
    store: Store,
    experiment: Experiment,
    registered: Registered,
    *,
    as_of: datetime,
    intact: bool,
    changed_lists: tuple[Arm, ...] = (),
    peek: bool = False,
    answer_alone: bool = False,
) -> tuple[Verdict, Record]:
    """Return the verdict of a test and the record it rests on.

    Args:
        store: Opened for reading or writing.
        experiment: The registration as its file says it.
        registered: The test in the store.
        as_of: The clock, aware UTC.
        intact: Whether the file still has the frozen digest.
        changed_lists: Arms of which the copy of the list is not the one the file states.
        peek: Show outcomes although the replies are not in; the caller has journaled it.
        answer_alone: As `judge`.
    """
    record = store.record(registered.experiment_id, as_of=as_of)
    accepted: dict[str, str] = {}
    accepted_at: dict[str, int] = {}
    look = 1
    n_peeks = 0
    entries = store.journal(registered.slug)
    for entry in entries:
        if entry.action == ACCEPT:
            accepted[str(entry.detail["code"])] = str(entry.detail["because"])
            accepted_at[str(entry.detail["code"])] = look
        if entry.action == EXTEND:
            look = int(entry.detail["look"])
        n_peeks += entry.action == PEEK
    relatives = relatives_of(store, experiment, as_of=as_of)
    case = case_of(
        experiment,
        record,
        registration_intact=intact,
        changed_lists=changed_lists,
        n_peeks=n_peeks,
        rivals=relatives.rivals,
    )
    left = left_of_segment(experiment, entries, look=case.look)
    verdict = judge(
        case,
        as_of=as_of,
        digest=registered.digest,
        accepted=accepted,
        accepted_at=accepted_at,
        n_left=None if left is None or experiment.aa else left.accounts,
        repeated=relatives.repeated,
        peek=peek,
        answer_alone=answer_alone,
    )
    return verdict, record


def put_on_record(
    store: Store,
    experiment: Experiment,
    *,
    now: datetime,
    user: str,
    action: str,
    detail: Mapping[str, str],
) -> None:
    """Write down a peek, or that a stop was accepted and why."""
    entry = make_entry(at=now, user=user, experiment=experiment.name, action=action, **detail)
    store.append(entry=entry)


def labels_seen(record: Record, source: str) -> dict[str, int]:
    """Return how many people have each label of a source, by the key of the label."""
    people: dict[str, set[int]] = {}
    for fact in record.facts:
        if fact.source == source and fact.event.label is not None:
            people.setdefault(label_key(fact.event.label), set()).add(fact.contact_id)
    return {key: len(ids) for key, ids in sorted(people.items())}


def unknown_labels(experiment: Experiment, record: Record) -> dict[tuple[str, str], int]:
    """Return the labels nobody has given a meaning, by source, with how many people have them."""
    positive = frozenset(label_key(label) for label in experiment.positive_labels)
    people: dict[tuple[str, str], set[int]] = {}
    for fact in record.facts:
        label = fact.event.label
        if label is None:
            continue
        mapped = record.label_meanings.get((fact.source, label_key(label)))
        meaning = meaning_of(label, fact.event.kind, positive=positive, mapped=mapped)
        if meaning is EventKind.UNKNOWN_LABEL:
            people.setdefault((fact.source, label), set()).add(fact.contact_id)
    return {key: len(ids) for key, ids in sorted(people.items())}
