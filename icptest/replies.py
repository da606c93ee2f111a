"""Replies: which of a contact's records are human replies, and what was said of each.

A label is not a reply, an out-of-office is not a reply and a bounce is not a reply, although
tools export all three as one. A label belongs to the reply it describes; where an export does
not pair them, to the contact's first human reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icptest.events import Dating, EventKind, Form, Tells
from icptest.labels import IMPLIES_POSITIVE, NOT_HUMAN, UNJUDGED, label_key, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.record import Batch, Fact, Record

# A tool that reports an automatic reply twice, as a reply and as what it is, writes both within
# moments of each other.
_SAME_MAIL = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A human reply: it came between `since` and `until`, both the same where it is dated.

    `label` is what was said of it, or None.
    """

    since: datetime
    until: datetime
    label: EventKind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Replies:
    """What a contact wrote.

    Attributes:
        human: The human replies.
        told: Whether the tool reports any reply, human or not.
        bounced: Whether the label in force says that the mail bounced.
        judged: Whether the label in force is one of a human reply.
    """

    human: tuple[Reply, ...]
    told: bool
    bounced: bool
    judged: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Label:
    kind: EventKind
    said_at: datetime
    """When it was set; for a state, the latest export that shows it."""
    before: datetime
    """A reply it describes had come by then."""
    reply_at: datetime | None
    """Time of the reply it is paired with."""


def read_replies(
    facts: Sequence[Fact],
    *,
    record: Record,
    snapshots: Sequence[Batch],
    positive: frozenset[str],
) -> Replies:
    """Return the replies of one contact.

    Args:
        facts: All facts of the contact.
        record: For what labels mean and which batches there are.
        snapshots: The snapshots the contact stands in, oldest first.
        positive: Keys of the labels the registration counts as positive.
    """
    told = [fact for fact in facts if fact.event.kind is EventKind.REPLIED and not _is_label(fact)]
    labels = _labels(facts, record, snapshots, positive)
    unpaired = [label for label in labels if label.reply_at is None]
    in_force = max(unpaired, key=lambda label: label.said_at, default=None)
    automatic = [
        fact.event.at
        for fact in facts
        if fact.event.kind is EventKind.OUT_OF_OFFICE
        and not _is_label(fact)
        and fact.event.at is not None
    ]
    spans = sorted(
        {
            (since, until)
            for fact in told
            for since, until in [_span(fact, snapshots)]
            if not any(abs(until - at) <= _SAME_MAIL for at in automatic)
            and not _disowned(until, in_force)
        }
    )
    human = _pair(spans, labels, in_force)
    kinds = {reply.label for reply in human} - {None} - UNJUDGED
    return Replies(
        human=human,
        told=bool(told),
        bounced=in_force is not None and in_force.kind is EventKind.BOUNCED,
        judged=bool(kinds),
    )


def _pair(
    spans: Sequence[tuple[datetime, datetime]],
    labels: Sequence[_Label],
    in_force: _Label | None,
) -> tuple[Reply, ...]:
    """Give each reply the label that was said of it last."""
    replies = []
    for place, (since, until) in enumerate(spans):
        candidates = [label for label in labels if label.reply_at == until]
        if place == 0 and in_force is not None:
            candidates.append(in_force)
        said = max(candidates, key=lambda label: label.said_at, default=None)
        if said is not None and said.kind in NOT_HUMAN:
            continue
        replies.append(Reply(since=since, until=until, label=said.kind if said else None))
    if not replies and in_force is not None and in_force.kind in IMPLIES_POSITIVE:
        # A latest state replaces what was before it: positive implies a reply.
        replies.append(Reply(since=_LONG_AGO, until=in_force.before, label=in_force.kind))
    return tuple(replies)


def _disowned(until: datetime, in_force: _Label | None) -> bool:
    """Return whether the label in force says that this reply was automatic, or a bounce."""
    return in_force is not None and in_force.kind in NOT_HUMAN and until <= in_force.said_at


def _labels(
    facts: Iterable[Fact],
    record: Record,
    snapshots: Sequence[Batch],
    positive: frozenset[str],
) -> list[_Label]:
    labels = []
    for fact in facts:
        event = fact.event
        if event.label is None or _withdrawn(fact, record, snapshots):
            continue
        kind = meaning_of(
            event.label,
            event.kind,
            positive=positive,
            mapped=record.label_meanings.get((fact.source, label_key(event.label))),
        )
        is_set = event.dating is Dating.LABEL_SET and event.at is not None
        said_at = event.at if is_set and event.at is not None else fact.last_seen_at
        labels.append(
            _Label(
                kind=kind,
                said_at=said_at,
                before=min(said_at, fact.first_seen_at),
                reply_at=event.at if event.dating is Dating.EXACT else None,
            )
        )
    return labels


def _withdrawn(fact: Fact, record: Record, snapshots: Sequence[Batch]) -> bool:
    """Return whether a later snapshot of the same kind shows the contact without this label."""
    layouts = {
        batch.layout
        for batch in record.batches.values()
        if batch.source == fact.source
        and batch.form is Form.SNAPSHOT
        and batch.exported_at == fact.last_seen_at
    }
    return any(
        batch.layout in layouts
        and batch.source == fact.source
        and Tells.LABELS in batch.tells
        and batch.exported_at > fact.last_seen_at
        for batch in snapshots
    )


def _span(fact: Fact, snapshots: Sequence[Batch]) -> tuple[datetime, datetime]:
    """Return between which times a reply came.

    An undated one lies between the last export without it and the first export with it.
    """
    at = fact.event.at or fact.first_seen_at
    if fact.event.dating is Dating.EXACT:
        return at, at
    if fact.event.dating is Dating.STATED and fact.event.since is not None:
        return fact.event.since, at
    without = [
        batch.exported_at
        for batch in snapshots
        if batch.source == fact.source
        and Tells.REPLIES in batch.tells
        and batch.exported_at < fact.first_seen_at
    ]
    since = max(without, default=_LONG_AGO)
    return min(since, at), at


def _is_label(fact: Fact) -> bool:
    return fact.event.label is not None
