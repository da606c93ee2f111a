"""Any table through a mapping: the guess, its file, and what is read through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from icptest.errors import InputError
from icptest.events import Dating, EventKind, Form, Tells
from icptest.reading.opening import open_export
from icptest.report.failure import failure_words
from icptest.sources._base import Settings
from icptest.sources.generic import (
    IGNORE,
    Mapping,
    from_toml,
    guess,
    header_digest,
    layout,
    to_toml,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

K = EventKind


def guessed(folder: Path, text: str) -> Mapping:
    """What `guess` proposes for a CSV text."""
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return guess(open_export(path))  # type: ignore[arg-type]


def test_the_usual_columns_are_found_by_name(tmp_path: Path) -> None:
    """Names are compared without letter case, hyphens and underscores."""
    header = "Work E-mail,Business Email,PROFILE_URL,First Sent,Reply Date,Sentiment,Is Bounced\n"
    mapping = guessed(tmp_path, header)
    assert mapping.columns() == {
        "email": "Business Email",
        "linkedin": "PROFILE_URL",
        "sent_at": "First Sent",
        "replied_at": "Reply Date",
        "label": "Sentiment",
        "bounced": "Is Bounced",
    }


def test_labels_are_listed_with_what_they_commonly_mean(tmp_path: Path) -> None:
    """A label nobody has explained is listed as unknown, to be asked for."""
    mapping = guessed(
        tmp_path,
        "Email,Status\na@example.com,Not Interested\nb@example.com,Purple\n"
        "c@example.com,Contacted\nd@example.com,Pending\ne@example.com,\n",
    )
    assert mapping.labels == {
        "Contacted": K.SENT,
        "Not Interested": K.NEGATIVE_REPLY,
        "Pending": IGNORE,
        "Purple": K.UNKNOWN_LABEL,
    }
    assert mapping.unknown() == ("Purple",)


def test_a_column_with_too_many_words_holds_no_labels(tmp_path: Path) -> None:
    """Free text under "Status" is not taken for labels."""
    rows = "".join(f"p{n}@example.com,note {n}\n" for n in range(100))
    assert guessed(tmp_path, "Email,Status\n" + rows).label is None


def test_a_file_with_events_and_timestamps_is_one_row_per_event(tmp_path: Path) -> None:
    """The event's columns take over; without a timestamp they are not believed."""
    mapping = guessed(tmp_path, "Email,Event,Timestamp\na@example.com,email_sent,2026-03-02\n")
    assert layout(mapping).form is Form.STREAM
    assert mapping.events == {"email_sent": K.SENT}
    assert guessed(tmp_path, "Email,Event,Sent At\n").event is None


def test_a_table_without_address_and_profile_is_refused(tmp_path: Path) -> None:
    """Nobody could be joined to it; the columns that were seen are named."""
    with pytest.raises(InputError, match="no-identifier-column") as caught:
        guessed(tmp_path, "Name,Sent At\n")
    assert caught.value.facts["seen"] == "Name, Sent At"


def test_a_mapping_survives_its_file() -> None:
    """`from_toml(to_toml(m)) == m`, and the text is the same every time."""
    mapping = Mapping(
        header="sha256:00",
        email="E-mail",
        label="Status \u201cfinal\u201d",
        labels={"No, thanks": K.NEGATIVE_REPLY, "Queued": IGNORE},
        events={"sent": K.SENT},
    )
    assert from_toml(to_toml(mapping)) == mapping
    assert to_toml(from_toml(to_toml(mapping))) == to_toml(mapping)


def test_a_header_is_known_again_in_any_order() -> None:
    """The digest finds a mapping for the same columns; another column is another header."""
    assert header_digest(["Email", "Sent At"]) == header_digest([" sent at", "EMAIL"])
    assert header_digest(["Email"]) != header_digest(["Email", "Sent At"])


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ('schema = "icptest.mapping/1"\n[columns]\nemial = "E"\n', "unknown-key", "email"),
        ('schema = "icptest.mapping/1"\n[colums]\n', "unknown-key", "columns"),
        (
            'schema = "icptest.mapping/1"\n[labels]\nYes = "positive"\n',
            "unknown-kind",
            "positive_reply",
        ),
        ('schema = "icptest.mapping/1"\n[columns]\nemail = 3\n', "bad-mapping", None),
        ('schema = "icptest.mapping/9"\n', "bad-mapping", None),
        ("[columns\n", "bad-mapping", None),
        ('schema = "icptest.mapping/1"\n', "bad-mapping", None),
        ('schema = "icptest.mapping/1"\n[columns]\n', "bad-mapping", None),
        ('schema = "icptest.mapping/1"\n[columns]\nsent_at = "S"\n', "bad-mapping", None),
        ("schema = " + "[" * 10_000, "bad-mapping", None),
        ("schema = " + "9" * 5000, "bad-mapping", None),
    ],
)
def test_a_mapping_with_an_unknown_word_is_refused(
    text: str, code: str, nearest: str | None
) -> None:
    """A typing error is no silent default: the nearest allowed word is named."""
    with pytest.raises(InputError, match=code) as caught:
        from_toml(text, file="mine.toml")
    assert caught.value.facts.get("nearest") == nearest
    assert " unknown)" not in " ".join(failure_words(caught.value))
    assert caught.value.location.file == "mine.toml"


@pytest.mark.parametrize(
    ("header", "tells"),
    [
        ("Email,Sent At,Replied At,Label,Bounced", set(Tells) - {Tells.MEETINGS}),
        ("Email,Last Contacted,Replied", {Tells.SENDS, Tells.REPLIES}),
        ("Email,Label", {Tells.LABELS}),
        ("Email,Meeting Booked At", {Tells.MEETINGS}),
    ],
)
def test_what_a_table_tells_follows_from_what_is_mapped(
    header: str, tells: set[Tells], tmp_path: Path
) -> None:
    """A last contact is no send time, and a column that is not there tells nothing."""
    assert layout(guessed(tmp_path, header + "\n")).tells == tells


def test_a_label_beside_a_reply_takes_the_replys_time(tell: Callable[..., Any]) -> None:
    """They stand in one row, so they are a pair; without a reply time the label is undated."""
    told = tell(
        "Email,Sent At,Replied At,Label\n"
        "a@example.com,2026-03-02T09:10:00Z,2026-03-04T16:22:00Z,Interested\n"
        "b@example.com,2026-03-02T09:10:00Z,,Interested\n",
        source="generic",
    )
    pair, alone = (one for one in (e for _, _, e in told.events) if one.label)
    replied = next(event for _, _, event in told.events if event.kind is K.REPLIED)
    assert (pair.at, pair.dating) == (replied.at, Dating.EXACT)
    assert alone.dating is Dating.UNDATED


def test_a_last_contact_is_the_first_touch_only_where_one_step_was_sent(
    tell: Callable[..., Any],
) -> None:
    """Step 1 makes it exact; a later step, or none said, an upper bound."""
    told = tell(
        "Email,Last Contacted,Step\n"
        "a@example.com,2026-03-02T09:10:00Z,1\n"
        "b@example.com,2026-03-05T09:10:00Z,2\n"
        "c@example.com,2026-03-05T09:10:00Z,\n",
        source="generic",
    )
    datings = [event.dating for _, _, event in told.events]
    assert datings == [Dating.EXACT, Dating.LAST_TOUCH, Dating.LAST_TOUCH]


def test_a_date_alone_lies_within_its_local_day(tell: Callable[..., Any]) -> None:
    """Both ends are of the same local date, so a deadline does not move; the zone is asked."""
    text = "Email,Sent At\na@example.com,2026-03-02\n"
    event = tell(text, source="generic").events[0][2]
    assert event.dating is Dating.STATED
    assert event.since.isoformat() == "2026-03-02T05:00:00+00:00"
    assert event.at.isoformat() == "2026-03-03T04:59:59.999999+00:00"
    with pytest.raises(InputError, match="missing-zone"):
        tell(text, Settings(), source="generic")


def test_an_ambiguous_column_takes_the_order_of_the_files_other_columns(
    tell: Callable[..., Any],
) -> None:
    """One program wrote both; where no column settles it, the file is refused."""
    row = "a@example.com,{},05/03/2026 10:00\n"
    told = tell(
        "Email,Sent At,Replied At\n"
        + row.format("02/03/2026 09:10")
        + row.format("13/02/2026 9:10"),
        source="generic",
    )
    assert {event.at.month for _, _, event in told.events} == {2, 3}
    with pytest.raises(InputError, match="undecidable-dates"):
        tell("Email,Sent At,Replied At\n" + row.format("02/03/2026 09:10"), source="generic")


def test_a_reply_before_its_send_is_set_aside(tell: Callable[..., Any]) -> None:
    """A date alone is given its whole day before it is doubted."""
    told = tell(
        "Email,Sent At,Replied At\n"
        "a@example.com,2026-03-02T18:00:00Z,2026-03-02\n"
        "b@example.com,2026-03-02T18:00:00Z,2026-03-01\n",
        source="generic",
    )
    assert told.set_aside == {"reply-before-send": 1}


def test_several_rows_of_a_contact_are_several_steps(tell: Callable[..., Any]) -> None:
    """One row a step: the reply they all repeat is one event."""
    told = tell(
        "Email,Step,Sent At,Replied At\n"
        "a@example.com,1,2026-03-02T09:00:00Z,2026-03-04T09:00:00Z\n"
        "a@example.com,2,2026-03-05T09:00:00Z,2026-03-04T09:00:00Z\n",
        source="generic",
    )
    assert not told.set_aside
    assert [key[1] for key in sorted(told.keys(), key=str)] == [K.REPLIED, K.SENT, K.SENT]


def test_a_column_of_the_mapping_that_is_gone_is_named(tell: Callable[..., Any]) -> None:
    """A mapping for another header is refused with the nearest column."""
    known = layout(Mapping(email="Email", sent_at="Sent At"))
    with pytest.raises(InputError, match="missing-column") as caught:
        tell("Email,Sent on\n", known=known)
    assert caught.value.facts["missing"] == "Sent At"
