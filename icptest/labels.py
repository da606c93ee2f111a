"""Labels of replies: which words mean what, unless a registration or a person says otherwise.

Whole labels only, compared case-folded with hyphens, underscores and runs of blanks as one
blank: "Not Interested" contains "Interested", and ids differ between accounts and even
between two official pages of one tool.
"""

from __future__ import annotations

import re
import unicodedata

from icptest.events import EventKind

DEFAULT_POSITIVE = (
    "Interested",
    "Meeting Request",
    "Information Request",
    "follow_up_question",
    "meeting booked",
    "won",
)
"""Labels that count as positive unless a registration names its own set."""

LABEL_KINDS = frozenset(
    {
        EventKind.POSITIVE_REPLY,
        EventKind.NEGATIVE_REPLY,
        EventKind.NEUTRAL_REPLY,
        EventKind.OUT_OF_OFFICE,
        EventKind.UNKNOWN_LABEL,
        EventKind.MEETING_BOOKED,
        EventKind.MEETING_HELD,
        EventKind.MEETING_NO_SHOW,
        EventKind.MEETING_CANCELED,
        EventKind.UNSUBSCRIBED,
        EventKind.BOUNCED,
        EventKind.REPLIED,
    }
)
"""Kinds a label can mean. REPLIED as a label means: a reply that nobody has judged."""

COMMON_MEANINGS: dict[str, EventKind] = {
    "interested": EventKind.POSITIVE_REPLY,
    "meeting request": EventKind.POSITIVE_REPLY,
    "information request": EventKind.POSITIVE_REPLY,
    "follow up question": EventKind.POSITIVE_REPLY,
    "willing to meet": EventKind.POSITIVE_REPLY,
    "positive": EventKind.POSITIVE_REPLY,
    "won": EventKind.POSITIVE_REPLY,
    "closed": EventKind.POSITIVE_REPLY,
    "meeting booked": EventKind.MEETING_BOOKED,
    "meeting completed": EventKind.MEETING_HELD,
    "no show": EventKind.MEETING_NO_SHOW,
    "not interested": EventKind.NEGATIVE_REPLY,
    "negative": EventKind.NEGATIVE_REPLY,
    "lost": EventKind.NEGATIVE_REPLY,
    "do not contact": EventKind.NEGATIVE_REPLY,
    "neutral": EventKind.NEUTRAL_REPLY,
    "referral": EventKind.NEUTRAL_REPLY,
    "wrong person": EventKind.NEUTRAL_REPLY,
    "not now": EventKind.NEUTRAL_REPLY,
    "not right now": EventKind.NEUTRAL_REPLY,
    "maybe later": EventKind.NEUTRAL_REPLY,
    "out of office": EventKind.OUT_OF_OFFICE,
    "auto reply": EventKind.OUT_OF_OFFICE,
    "automatic reply": EventKind.OUT_OF_OFFICE,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "bounced": EventKind.BOUNCED,
    "sender originated bounce": EventKind.BOUNCED,
    "uncategorizable by ai": EventKind.REPLIED,
    "uncategorized": EventKind.REPLIED,
}
"""What tools and people mean by these words (formats of Smartlead, Instantly, Apollo)."""

_SEPARATORS = re.compile(r"[\s_-]+")


def label_key(label: str) -> str:
    """Return the form in which labels are compared: "Not-Interested " -> "not interested"."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", label)).strip().casefold()


IMPLIES_POSITIVE = frozenset(
    {
        EventKind.POSITIVE_REPLY,
        EventKind.MEETING_BOOKED,
        EventKind.MEETING_HELD,
        EventKind.MEETING_NO_SHOW,
    }
)
"""Labels of a positive reply: a latest state such as "Meeting Booked" replaces "Interested"."""

IMPLIES_MEETING = IMPLIES_POSITIVE - {EventKind.POSITIVE_REPLY}

NOT_HUMAN = frozenset({EventKind.OUT_OF_OFFICE, EventKind.BOUNCED})
"""Labels that say: what the tool took for a reply was none."""

UNJUDGED = frozenset({EventKind.UNKNOWN_LABEL, EventKind.REPLIED})
"""Labels that do not say whether a reply was positive."""

_SAME_AS = {
    "closed": "won",
    "positive": "interested",
    "willing to meet": "meeting request",
    "call booked": "meeting booked",
    "meeting completed": "meeting booked",
    "no show": "meeting booked",
}
"""Other words for a label of the registered set: the set decides for them as for it."""

_DEFAULT_KEYS = frozenset(label_key(label) for label in DEFAULT_POSITIVE)


def meaning_of(
    label: str,
    told: EventKind,
    *,
    positive: frozenset[str],
    mapped: EventKind | None = None,
) -> EventKind:
    """Return what a label means in one test.

    Args:
        label: The label as exported.
        told: What the tool means by it.
        positive: Keys (`label_key`) of the labels the registration counts as positive.
        mapped: What a person said it means in this test, if anyone did.
    """
    if mapped is not None:
        return mapped
    key = label_key(label)
    same = _SAME_AS.get(key, key)
    if key in positive or same in positive:
        return told if told in IMPLIES_POSITIVE else EventKind.POSITIVE_REPLY
    if told in IMPLIES_POSITIVE and same in _DEFAULT_KEYS:
        # The registration took a usual label out of its set: it is a reply, but not positive.
        return EventKind.NEUTRAL_REPLY
    return told


def common_meaning(label: str) -> EventKind:
    """Return what a label commonly means; UNKNOWN_LABEL when nobody has said."""
    return COMMON_MEANINGS.get(label_key(label), EventKind.UNKNOWN_LABEL)
