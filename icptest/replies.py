"""Replies: which of a contact's records are human replies, and what was said of each.

A label is not a reply, an out-of-office is not a reply and a bounce is not a reply, although
tools export all three as one. A label belongs to the reply it describes; where an export does
not pair them, to the contact's first human reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from icptest.events import Dating, EventKind, Form, Tells
from icptest.labels import IMPLIES_POSITIVE, NOT_HUMAN, UNJUDGED, label_key, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.coverage import Snapshot
    from icptest.record import Fact, Record

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


_Span: TypeAlias = "tuple[datetime, datetime]"
"""A reply came between the two, both the same where it is dated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Label:
    kind: EventKind
    said_at: datetime
    """When it was set; for a state, the latest export that shows it."""
    first_said_at: datetime
    """The first export that shows it: of two states in one export the one that came up last."""
    described: _Span
    """Between which times a reply came that it implies."""
    paired: bool
    """Whether that is the time of the reply itself."""


def read_replies(
    facts: Sequence[Fact],
    *,
    record: Record,
    snapshots: Sequence[Snapshot],
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
    said = [
        (_label(fact, fact.event.label, record, snapshots, positive), fact)
        for fact in facts
        if fact.event.label is not None
    ]
    labels = [label for label, fact in said if not _withdrawn(fact, record, snapshots)]
    in_force = _latest(label for label in labels if not label.paired)
    automatic = [
        fact.event.at
        for fact in facts
        if fact.event.kind is EventKind.OUT_OF_OFFICE
        and not _is_label(fact)
        and fact.event.at is not None
    ]
    # "Has replied" of a snapshot is one of the dated replies, or an automatic one, where another
    # export dates any in its span: it is no reply of its own.
    dated = [fact.event.at for fact in told if fact.event.dating is Dating.EXACT]
    explain = [*automatic, *dated, *(one.described[1] for one in labels if one.paired)]
    spans = {
        (since, until)
        for fact in told
        for since, until in [span_of(fact, snapshots, Tells.REPLIES)]
        if not any(abs(until - at) <= _SAME_MAIL for at in automatic)
        and (
            fact.event.dating is Dating.EXACT
            or not any(at is not None and since <= at <= until for at in explain)
        )
    }
    human = _pair(spans, [label for label in labels if label.paired], in_force)
    if not human and in_force is not None and in_force.kind in IMPLIES_POSITIVE:
        # A latest state replaces what was before it: positive implies a reply, and it had
        # come by the time of the first such state that any export shows.
        first = min(
            (label.described for label, _ in said if label.kind in IMPLIES_POSITIVE),
            key=lambda span: (span[1], span[0]),
        )
        human = (Reply(since=first[0], until=first[1], label=in_force.kind),)
    latest = [in_force] if in_force is not None else [one for one in labels if one.paired]
    kinds = {reply.label for reply in human} - {None} - UNJUDGED
    return Replies(
        human=human,
        told=bool(told),
        bounced=not human and any(label.kind is EventKind.BOUNCED for label in latest),
        judged=bool(kinds),
    )


def _pair(
    spans: set[_Span], paired: Sequence[_Label], in_force: _Label | None
) -> tuple[Reply, ...]:
    """Give each human reply the label that was said of it last."""
    of_reply: dict[_Span, _Label | None] = {
        span: _latest(label for label in paired if _same_mail(label.described, span))
        for span in spans
    }
    for label in paired:
        if not any(_same_mail(label.described, span) for span in spans):
            # No export tells the reply itself; of a positive label it can be told.
            last = _latest(one for one in paired if one.described == label.described)
            if last is not None and last.kind in IMPLIES_POSITIVE:
                of_reply[label.described] = last
    replies: list[Reply] = []
    for since, until in sorted(of_reply):
        said = of_reply[since, until]
        if said is not None and said.kind in NOT_HUMAN:
            continue
        if in_force is not None:
            if in_force.kind not in NOT_HUMAN:
                # What describes no certain reply belongs to the first human one.
                said = said if replies else _latest((said, in_force))
            elif until <= in_force.said_at:
                # It says that what had come by then was automatic, or a bounce.
                continue
        replies.append(Reply(since=since, until=until, label=None if said is None else said.kind))
    return tuple(replies)


def _latest(labels: Iterable[_Label | None]) -> _Label | None:
    """Return the label that was said last; of several at once, whatever their order, one."""
    return max(
        (label for label in labels if label is not None),
        key=lambda label: (
            label.said_at,
            label.first_said_at,
            label.kind not in UNJUDGED,
            label.kind not in NOT_HUMAN,
            label.kind in IMPLIES_POSITIVE,
            label.kind.value,
            label.described,
        ),
        default=None,
    )


def _same_mail(one: _Span, other: _Span) -> bool:
    return abs(one[1] - other[1]) <= _SAME_MAIL


def _label(
    fact: Fact,
    text: str,
    record: Record,
    snapshots: Sequence[Snapshot],
    positive: frozenset[str],
) -> _Label:
    event = fact.event
    kind = meaning_of(
        text,
        event.kind,
        positive=positive,
        mapped=record.label_meanings.get((fact.source, label_key(text))),
    )
    paired = event.dating in {Dating.EXACT, Dating.STATED} and event.at is not None
    is_set = event.dating is Dating.LABEL_SET and event.at is not None
    said_at = event.at if is_set and event.at is not None else fact.last_seen_at
    if paired:
        described = span_of(fact, snapshots, Tells.REPLIES)
    else:
        until = min(said_at, fact.first_seen_at)
        described = min(_last_without(fact, snapshots, Tells.REPLIES), until), until
    return _Label(
        kind=kind,
        said_at=said_at,
        first_said_at=fact.first_seen_at,
        described=described,
        paired=paired,
    )


def _withdrawn(fact: Fact, record: Record, snapshots: Sequence[Snapshot]) -> bool:
    """Return whether a later snapshot of the same kind shows the contact without this label."""
    layouts = {
        batch.layout
        for batch in record.batches.values()
        if batch.source == fact.source
        and batch.form is Form.SNAPSHOT
        and batch.exported_at == fact.last_seen_at
    }
    return any(
        snapshot.speaks_of(fact)
        and snapshot.batch.layout in layouts
        and Tells.LABELS in snapshot.batch.tells
        and snapshot.batch.exported_at > fact.last_seen_at
        for snapshot in snapshots
    )


def span_of(fact: Fact, snapshots: Sequence[Snapshot], tells: Tells) -> tuple[datetime, datetime]:
    """Return between which times something happened, both the same where it is dated.

    An undated fact lies between the last export without it and the first export with it.

    Args:
        fact: What happened.
        snapshots: The snapshots the contact stands in.
        tells: What an export has to tell, to show such a fact.
    """
    at = fact.event.at or fact.first_seen_at
    if fact.event.dating is Dating.EXACT:
        return at, at
    if fact.event.dating is Dating.STATED and fact.event.since is not None:
        return fact.event.since, at
    return min(_last_without(fact, snapshots, tells), at), at


def _last_without(fact: Fact, snapshots: Sequence[Snapshot], tells: Tells) -> datetime:
    """Return the time of the last export that would have shown the fact and does not."""
    return max(
        (
            snapshot.batch.exported_at
            for snapshot in snapshots
            if snapshot.speaks_of(fact)
            and tells in snapshot.batch.tells
            and snapshot.batch.exported_at < fact.first_seen_at
        ),
        default=_LONG_AGO,
    )


def _is_label(fact: Fact) -> bool:
    return fact.event.label is not None
