"""Outcome: what a list of deals says became of one, by the words that CRMs use."""

from __future__ import annotations

import re
from enum import StrEnum

from icptest.contacts import column_key

_SIGNS = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"^\d+(?=[a-z])")


class Outcome(StrEnum):
    """What became of a deal."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


DECIDED = (Outcome.WON, Outcome.LOST)
_WORDS = {
    **dict.fromkeys(("won", "closedwon", "win", "dealwon", "closedwin", "wonclosed"), Outcome.WON),
    **dict.fromkeys(
        ("lost", "closedlost", "loss", "deallost", "closedloss", "lostclosed"), Outcome.LOST
    ),
    **dict.fromkeys(
        (
            *("open", "pending", "inprogress", "active", "new", "prospecting", "engaging"),
            *("qualification", "qualified", "discovery", "demo", "proposal", "negotiation"),
            *("appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent"),
            *("decisionmakerboughtin", "needsanalysis", "valueproposition", "perceptionanalysis"),
            *("iddecisionmakers", "proposalpricequote", "negotiationreview", "onhold"),
        ),
        Outcome.OPEN,
    ),
}
_YES_OR_NO = {
    **dict.fromkeys(("true", "yes", "y", "1", "t"), Outcome.WON),
    **dict.fromkeys(("false", "no", "n", "0", "f"), Outcome.LOST),
}


def read_outcome(cell: str, column: str) -> Outcome | None:
    """Return what became of a deal, or None where the cell is no such word.

    Args:
        cell: What the list says: "Closed Won", "6 - Closed lost", "TRUE".
        column: The name of its column. "True" in "Is won" is won; in a column whose name has
            "lost" in it, yes and no are not guessed.
    """
    word = _SIGNS.sub("", cell.casefold())
    found = _WORDS.get(word) or _WORDS.get(_NUMBERED.sub("", word))
    if found is None and "lost" not in column_key(column).split():
        found = _YES_OR_NO.get(word)
    return found
