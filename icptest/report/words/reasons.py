"""Why a row was set aside."""

from __future__ import annotations

REASONS: dict[str, str] = {
    # Reading files.
    "bad-date": "The date or time cannot be read.",
    "broken-list": (
        "The file is damaged here, around the records: some may be missing. Export it again."
    ),
    "broken-quote": "A quote is opened and not closed, or closed in the wrong place.",
    "date-without-time": "There is a date but no time of day.",
    "duplicate-key": "The same name stands twice in one JSON object.",
    "in-broken-quote": "The line follows a quote left open, and may be part of another row's text.",
    "long-row": "The row has more cells than there are columns.",
    "no-final-newline": "The last row may be cut off: the file does not end with a line end.",
    "not-an-object": "It is JSON, but not an object with names and values.",
    "not-json": "It is not valid JSON.",
    "nul-byte": "The row contains a NUL byte, so the file is damaged there.",
    "short-row": "The row has fewer cells than there are columns.",
    "time-in-dst-fold": "The local time happened twice, because clocks went back that night.",
    "time-in-dst-gap": "The local time never happened, because clocks went forward that night.",
    "too-deep": "The JSON is nested more than 100 levels deep.",
    "too-large": "The row is too long to be one contact.",
    "truncated": "The file ends in the middle of it, so the file is cut off.",
    # Outreach tools.
    "bad-address": "The e-mail address is none.",
    "bad-field": "An object or a list stands where a text belongs.",
    "bad-flag": (
        "It is neither a yes (true, yes, y, 1, x) nor a no (false, no, n, 0, or an empty cell); no "
        "other words are understood in this column."
    ),
    "bad-number": "It is not a whole number.",
    "no-date": "The time is missing.",
    "no-identifier": "There is neither an e-mail address nor a LinkedIn profile.",
    "reply-before-send": "The reply is dated before the first e-mail was sent.",
    "unknown-event": "Nobody has said what this kind of event means.",
    "unknown-status": "Nobody has said what this status means.",
    # Outreach tools: rows that were read and tell of no event.
    "ignored-event": "It tells nothing a test counts.",
    "manual-email": "A person wrote it by hand, in answer to the contact.",
    "never-mailed": "The contact was never mailed.",
    "scheduled-email": "The e-mail has not been sent yet.",
    "send-failed": "The e-mail could not be sent.",
    "unjudged-reply": "The label says that nobody has judged the reply.",
    # Rows and the test.
    "after-the-export": "It is dated after the export was made.",
    "two-contacts": "Its identifiers name two different people of this test.",
    "nothing-new": "It tells of no event.",
}

LEFT_OUT: dict[str, str] = {
    "duplicate": "repeat a person",
    "bad-address": "with an e-mail address that is none",
    "no-address": "without an e-mail address",
    "no-identifier": "without an address or a profile",
    "excluded-person": "excluded",
    "excluded-company": "of excluded companies",
    "in-the-other-list": "already on today's side",
    "in-the-family": "in another test of the family",
    "already-used": "mailed by an earlier batch or test",
    "colleague-drawn": "of companies a colleague was drawn from",
    "not-drawn": "not drawn",
    "short-row": "with too few cells",
    "long-row": "with too many cells",
    "broken-quote": "with a broken quote",
    "in-broken-quote": "inside a broken quote",
    "no-final-newline": "at the cut-off end of the file",
    "nul-byte": "with a damaged row",
}
"""Why somebody on a list was not drawn, as the end of "12 ..."."""
