"""Which words mean what."""

from __future__ import annotations

import pytest

from icptest.events import EventKind
from icptest.labels import (
    DEFAULT_POSITIVE,
    IMPLIES_POSITIVE,
    LABEL_KINDS,
    common_meaning,
    label_key,
    meaning_of,
)

DEFAULT = frozenset(map(label_key, DEFAULT_POSITIVE))


@pytest.mark.parametrize(
    "written", ["Not-Interested ", "not_interested", "NOT  INTERESTED", "\uff2eot\u00a0interested"]
)
def test_labels_are_compared_by_a_key(written: str) -> None:
    """Case, hyphens, underscores, blanks and width do not matter."""
    assert label_key(written) == "not interested"


@pytest.mark.parametrize("written", DEFAULT_POSITIVE)
def test_every_default_label_is_positive(written: str) -> None:
    """The usual set counts without anybody saying so."""
    told = common_meaning(written)
    assert meaning_of(written, told, positive=DEFAULT) in IMPLIES_POSITIVE


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Not Interested", EventKind.NEGATIVE_REPLY),
        ("Do Not Contact", EventKind.NEGATIVE_REPLY),
        ("Referral", EventKind.NEUTRAL_REPLY),
        ("Wrong Person", EventKind.NEUTRAL_REPLY),
        ("Not now", EventKind.NEUTRAL_REPLY),
        ("Out Of Office", EventKind.OUT_OF_OFFICE),
        ("Sender Originated Bounce", EventKind.BOUNCED),
        ("Uncategorizable by Ai", EventKind.REPLIED),
        ("interested in our product", EventKind.UNKNOWN_LABEL),
        ("", EventKind.UNKNOWN_LABEL),
    ],
)
def test_only_whole_labels_count(written: str, kind: EventKind) -> None:
    """Although "Not Interested" contains "Interested", it is negative; others are unknown."""
    assert common_meaning(written) is kind
    assert meaning_of(written, kind, positive=DEFAULT) is kind


@pytest.mark.parametrize(
    ("written", "told", "positive", "mapped", "kind"),
    [
        # A registration adds a label of its own, or one the tool takes for something else.
        ("Send pricing", EventKind.UNKNOWN_LABEL, {"send pricing"}, None, EventKind.POSITIVE_REPLY),
        ("Referral", EventKind.NEUTRAL_REPLY, {"referral"}, None, EventKind.POSITIVE_REPLY),
        # It takes a usual one out of its set.
        (
            "Information Request",
            EventKind.POSITIVE_REPLY,
            {"interested"},
            None,
            EventKind.NEUTRAL_REPLY,
        ),
        ("Meeting Booked", EventKind.MEETING_BOOKED, {"interested"}, None, EventKind.NEUTRAL_REPLY),
        (
            "Meeting Booked",
            EventKind.MEETING_BOOKED,
            {"meeting booked"},
            None,
            EventKind.MEETING_BOOKED,
        ),
        # Another word for a label of the set: the set decides for both.
        ("Closed", EventKind.POSITIVE_REPLY, {"won"}, None, EventKind.POSITIVE_REPLY),
        ("Closed", EventKind.POSITIVE_REPLY, {"interested"}, None, EventKind.NEUTRAL_REPLY),
        ("No Show", EventKind.MEETING_NO_SHOW, {"interested"}, None, EventKind.NEUTRAL_REPLY),
        # A label of an account's own, which its tool says is positive.
        ("Video please", EventKind.POSITIVE_REPLY, {"won"}, None, EventKind.POSITIVE_REPLY),
        # What a person said of a label goes before both.
        (
            "Interested",
            EventKind.POSITIVE_REPLY,
            {"interested"},
            EventKind.NEGATIVE_REPLY,
            EventKind.NEGATIVE_REPLY,
        ),
        ("Hot", EventKind.UNKNOWN_LABEL, set(), EventKind.POSITIVE_REPLY, EventKind.POSITIVE_REPLY),
    ],
)
def test_a_registration_and_a_person_decide_what_is_positive(
    written: str, told: EventKind, positive: set[str], mapped: EventKind | None, kind: EventKind
) -> None:
    """First what a person mapped, then the registered set, then what the tool means."""
    found = meaning_of(written, told, positive=frozenset(positive), mapped=mapped)
    assert found is kind
    assert found in LABEL_KINDS
