"""What is known of a test, whatever the order it was learnt in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.events import Dating, Event, EventKind
from icptest.record import Fact, fact_key, merge_facts

from .strategies import DAY, MONDAY, bounced, label, replied, sent

_times = st.integers(0, 5).map(lambda days: MONDAY + timedelta(days=days))


@st.composite
def _facts(draw: Any) -> Fact:
    dating = draw(st.sampled_from(Dating))
    first, last = sorted((draw(_times), draw(_times)))
    at = first if dating is Dating.UNDATED else draw(_times)
    return Fact(
        contact_id=1,
        event=Event(
            kind=EventKind.SENT,
            at=at,
            since=at - DAY if dating is Dating.STATED else None,
            dating=dating,
            label=draw(st.sampled_from([None, "a", "b"])),
            step=draw(st.sampled_from([None, 1])),
        ),
        source="tool",
        first_seen_at=first,
        last_seen_at=last,
    )


@given(_facts(), _facts(), _facts())
def test_merging_does_not_depend_on_the_order(one: Fact, two: Fact, three: Fact) -> None:
    """Commutative, associative, idempotent: files may come twice and in any order."""
    assert merge_facts(one, two) == merge_facts(two, one)
    assert merge_facts(merge_facts(one, two), three) == merge_facts(one, merge_facts(two, three))
    assert merge_facts(one, one) == one


def test_the_better_dated_and_earlier_time_holds() -> None:
    """An exact time before a bound; of two exact ones the first; the span seen grows."""
    exact = Fact(
        contact_id=1,
        event=sent(MONDAY + DAY),
        source="tool",
        first_seen_at=MONDAY,
        last_seen_at=MONDAY,
    )
    bound = replace(
        exact,
        event=sent(MONDAY, dating=Dating.LAST_TOUCH),
        last_seen_at=MONDAY + DAY,
        first_seen_at=MONDAY + DAY,
    )
    merged = merge_facts(bound, exact)
    assert (merged.event.dating, merged.event.at) == (Dating.EXACT, MONDAY + DAY)
    assert (merged.first_seen_at, merged.last_seen_at) == (MONDAY, MONDAY + DAY)
    assert merge_facts(exact, replace(exact, event=sent(MONDAY))).event.at == MONDAY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # The provider's id is the identity, whatever else changes.
        (replied(MONDAY, provider_id="1"), replied(MONDAY + DAY, provider_id="1"), True),
        (replied(MONDAY, provider_id="1"), replied(MONDAY, provider_id="2"), False),
        # A touch is its campaign and step: a tool tells the first send twice, seconds apart.
        (sent(MONDAY, step=1), sent(MONDAY + timedelta(seconds=3), step=1), True),
        (sent(MONDAY, step=1), sent(MONDAY, step=2), False),
        (sent(MONDAY, step=1, campaign="a"), sent(MONDAY, step=1, campaign="b"), False),
        (sent(MONDAY), sent(MONDAY + DAY), False),
        # Other facts are their time, however it is written.
        (replied(MONDAY), replied(MONDAY), True),
        (replied(MONDAY), replied(MONDAY + timedelta(microseconds=1)), False),
        # Without a time it is one fact however often it is exported.
        (bounced(), bounced(), True),
        (label("Interested"), label("Not Interested"), False),
        (label("Interested", MONDAY), label("Interested", MONDAY + DAY), False),
        (sent(MONDAY), replied(MONDAY), False),
    ],
)
def test_what_makes_two_events_the_same_fact(one: Event, other: Event, same: bool) -> None:
    """The key is the provider's id, else kind, campaign, step and time."""
    assert same == (fact_key(one, "tool") == fact_key(other, "tool"))
    assert fact_key(one, "tool") != fact_key(one, "other")
    assert 0 <= fact_key(one, "tool") < 2**63
