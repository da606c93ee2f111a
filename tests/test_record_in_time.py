"""A record as of a time knows nothing of what came later."""

from __future__ import annotations

from datetime import timedelta

from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.record import Batch, Fact, Sighting, known_by, replaced_batches
from tests.strategies import DAY, MONDAY


def _batch(number: int) -> Batch:
    return Batch(
        batch_id=number,
        source="smartlead",
        layout="leads-export",
        form=Form.SNAPSHOT,
        tells=frozenset({Tells.LABELS}),
        file=f"{number}.csv",
        digest=str(number),
        exported_at=MONDAY + number * DAY,
        ingested_at=MONDAY + number * DAY,
    )


def _label(text: str, first: int, last: int) -> Fact:
    event = Event(kind=EventKind.POSITIVE_REPLY, dating=Dating.UNDATED, label=text)
    seen = (MONDAY + first * DAY, MONDAY + last * DAY)
    return Fact(
        contact_id=1, event=event, source="smartlead", first_seen_at=seen[0], last_seen_at=seen[1]
    )


def test_what_later_exports_still_show_was_last_seen_before() -> None:
    """Interested on day 1 and 3, Not Interested on day 2: on day 2 the latter came up last."""
    batches = {number: _batch(number) for number in (1, 2)}
    sightings = [Sighting(contact_id=1, batch_id=number) for number in batches]
    facts = (_label("Interested", 1, 3), _label("Not Interested", 2, 2))
    as_of = MONDAY + 2 * DAY + timedelta(hours=1)
    known = known_by(as_of, facts, batches, sightings)
    assert [fact.last_seen_at for fact in known] == [MONDAY + 2 * DAY] * 2
    assert max(known, key=lambda fact: (fact.last_seen_at, fact.first_seen_at)) == facts[1]


def test_a_fuller_newer_export_replaces_an_older_one() -> None:
    """It shows everybody, in no fewer rows; one with fewer rows may lack the row set aside."""
    batches = {number: _batch(number) for number in (1, 2)}
    sightings = [Sighting(contact_id=1, batch_id=number) for number in batches]
    assert replaced_batches(batches, sightings, {1: 60, 2: 60}) == {1}
    assert replaced_batches(batches, sightings, {1: 60, 2: 59}) == frozenset()
    assert replaced_batches(batches, sightings[1:], {1: 60, 2: 60}) == frozenset()
