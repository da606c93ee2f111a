"""One test per trap that changed the answer of somebody's test, or would have."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest import sources
from icptest.contacts import normalise_address, normalise_linkedin
from icptest.errors import InputError, UnusableRowError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.reading.opening import open_export
from icptest.report.words.errors import ERRORS
from icptest.report.words.reasons import REASONS
from icptest.sources import all_sources
from icptest.sources._base import Settings, Sheet
from icptest.sources._cells import address, flag, profile, text, whole
from icptest.sources.instantly import EMAILS
from icptest.sources.instantly import LEADS as INSTANTLY_LEADS
from icptest.sources.smartlead import LEADS, STATISTICS, WEBHOOKS, meaning
from icptest.sources.smartlead.leads import HEADER as _LEADS_HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

K = EventKind
SENT_AT = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
REPLY_AT = datetime(2026, 3, 4, 16, 22, tzinfo=UTC)


def kinds(told: Any) -> list[EventKind]:
    """The kinds of events a file told, in its order."""
    return [event.kind for _, _, event in told.events]


def leads_export(**cells: str) -> str:
    """A Smartlead leads export of one lead."""
    row = {"email": "ada@example.com", "is_unsubscribed": "false", **cells}
    header = ",".join(_LEADS_HEADER)
    return header + "\n" + ",".join(row.get(name, "") for name in _LEADS_HEADER) + "\n"


def statistics(**fields: Any) -> str:
    """A row of Smartlead's statistics."""
    row = {
        "lead_email": "ada@example.com",
        "sequence_number": 1,
        "sent_time": "2026-03-02T09:10:00Z",
        "reply_time": None,
        **fields,
    }
    return json.dumps(row) + "\n"


def webhook(name: str, **fields: Any) -> str:
    """A Smartlead webhook."""
    base = {"event_type": name, "to_email": "ada@example.com", "campaign_id": 1}
    return json.dumps({**base, "campaign_name": "Q1", **fields}) + "\n"


def instantly_lead(**fields: Any) -> str:
    """An Instantly lead."""
    lead = {
        "email": "ada@example.com",
        "status": 1,
        "timestamp_created": "2026-02-20T08:00:00Z",
        "email_open_count": 0,
        "email_reply_count": 0,
        "timestamp_last_contact": "2026-03-02T09:10:00Z",
        **fields,
    }
    return json.dumps(lead) + "\n"


# --- labels


@pytest.mark.parametrize("label", ["Not Interested", "not-interested", "NOT_INTERESTED "])
def test_not_interested_is_negative_though_it_contains_interested(
    label: str, tell: Callable[..., Any]
) -> None:
    """Labels are compared whole, in every tool."""
    assert meaning(label) is K.NEGATIVE_REPLY
    row = leads_export(category=label, reply_count="1", last_email_sequence_sent="1")
    assert kinds(tell(row)) == [K.SENT, K.REPLIED, K.NEGATIVE_REPLY]


def test_emails_not_interested_is_negative(tell: Callable[..., Any]) -> None:
    """Lemlist's names are compared whole and in their letter case."""
    activity = {
        "_id": "a",
        "type": "emailsNotInterested",
        "createdAt": "2026-03-04T16:22:00Z",
        "leadEmail": "ada@example.com",
        "campaignId": "c",
    }
    assert kinds(tell(json.dumps(activity) + "\n")) == [K.NEGATIVE_REPLY]


def test_a_category_is_no_reply(tell: Callable[..., Any]) -> None:
    """Smartlead stamps the lead's category on rows that drew no reply."""
    assert kinds(tell(statistics(lead_category="Interested"))) == [K.SENT, K.POSITIVE_REPLY]
    row = leads_export(category="Interested", reply_count="0", last_email_sequence_sent="1")
    assert kinds(tell(row)) == [K.SENT, K.POSITIVE_REPLY]


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Out Of Office", K.OUT_OF_OFFICE),
        ("Auto-Reply", K.OUT_OF_OFFICE),
        ("Sender Originated Bounce", K.BOUNCED),
    ],
)
def test_an_automatic_reply_and_a_bounce_are_no_replies(
    category: str, kind: EventKind, tell: Callable[..., Any]
) -> None:
    """Smartlead sets `reply_time` and counts a reply for both; only the category says so."""
    told = tell(statistics(lead_category=category, reply_time="2026-03-04T16:22:00Z"))
    assert kinds(told) == [K.SENT, kind]
    assert told.events[1][2].at == REPLY_AT
    row = leads_export(category=category, reply_count="1", last_email_sequence_sent="1")
    assert kinds(tell(row)) == [K.SENT, kind]


@pytest.mark.parametrize("label", ["Uncategorizable by AI", "uncategorizable by Ai"])
def test_a_reply_the_ai_could_not_judge_is_a_reply_without_label(
    label: str, tell: Callable[..., Any]
) -> None:
    """Nobody has judged it, so it says no more than that somebody replied."""
    row = leads_export(category=label, reply_count="1", last_email_sequence_sent="1")
    assert kinds(tell(row)) == [K.SENT, K.REPLIED]
    told = tell(webhook("LEAD_CATEGORY_UPDATED", category=label))
    assert told.notes == {"unjudged-reply": 1}


def test_do_not_contact_is_a_negative_reply_and_an_unsubscription(
    tell: Callable[..., Any],
) -> None:
    """One category, two facts; the flag beside it does not double the second."""
    for said in ("false", "true"):
        row = leads_export(category="Do Not Contact", is_unsubscribed=said)
        assert kinds(tell(row)) == [K.NEGATIVE_REPLY, K.UNSUBSCRIBED]


def test_a_custom_category_means_what_its_owner_said_else_nothing_yet(
    tell: Callable[..., Any],
) -> None:
    """`sentiment_type` explains a custom category; without it the label waits for a person."""
    described = {"category": {"name": "Call in May", "sentiment_type": "neutral"}}
    told = tell(webhook("LEAD_CATEGORY_UPDATED", category="Call in May", lead_data=described))
    assert kinds(told) == [K.NEUTRAL_REPLY]
    told = tell(webhook("LEAD_CATEGORY_UPDATED", category="Call in May"))
    assert kinds(told) == [K.UNKNOWN_LABEL]
    assert told.events[0][2].label == "Call in May"


def test_a_sentiment_does_not_overrule_a_name_everybody_knows() -> None:
    """An account that files "Not Interested" under positive by mistake flips no verdict."""
    assert meaning("Not Interested", "positive") is K.NEGATIVE_REPLY


def test_a_category_takes_the_time_of_the_reply_it_describes(tell: Callable[..., Any]) -> None:
    """Set a week later, the label still belongs to the reply: `lastReply`, else `history`."""
    reply = {"type": "REPLY", "time": "2026-03-04T16:22:00Z"}
    later = {"category": "Interested", "event_timestamp": "2026-03-11T08:00:00Z"}
    for said in (
        {"lastReply": reply},
        {"history": [{"type": "SENT", "time": "2026-03-09"}, reply]},
    ):
        event = tell(webhook("LEAD_CATEGORY_UPDATED", **later, **said)).events[0][2]
        assert (event.at, event.dating) == (REPLY_AT, Dating.EXACT)
    event = tell(webhook("LEAD_CATEGORY_UPDATED", **later)).events[0][2]
    assert event.dating is Dating.LABEL_SET


def test_a_custom_event_type_of_instantly_is_a_label_as_it_stands(
    tell: Callable[..., Any],
) -> None:
    """The workspace's own labels arrive as event types, with blanks and capitals."""
    fields = {
        "timestamp": "2026-03-04T16:22:00Z",
        "event_type": "Wants a Video",
        "workspace": "w",
        "lead_email": "ada@example.com",
    }
    event = tell(json.dumps(fields) + "\n").events[0][2]
    assert (event.kind, event.label) == (K.UNKNOWN_LABEL, "Wants a Video")


# --- zero, null, absent


def test_interest_zero_is_out_of_office_and_null_and_absent_are_no_label(
    tell: Callable[..., Any],
) -> None:
    """Instantly's 0 is a label; testing it for truth would lose every out-of-office."""
    replied = {"email_reply_count": 1, "timestamp_last_reply": "2026-03-04T16:22:00Z"}
    assert kinds(tell(instantly_lead(lt_interest_status=0, **replied))) == [
        K.SENT,
        K.OUT_OF_OFFICE,
    ]
    assert kinds(tell(instantly_lead(lt_interest_status=None, **replied))) == [K.SENT, K.REPLIED]
    assert kinds(tell(instantly_lead(**replied))) == [K.SENT, K.REPLIED]
    custom = tell(instantly_lead(lt_interest_status=7)).events[1][2]
    assert (custom.kind, custom.label) == (K.UNKNOWN_LABEL, "interest status 7")


def test_the_last_contact_is_never_the_first_touch(tell: Callable[..., Any]) -> None:
    """Instantly dates only the last contact, so no clock starts from it."""
    assert tell(instantly_lead()).events[0][2].dating is Dating.LAST_TOUCH
    assert Tells.SEND_TIMES not in INSTANTLY_LEADS.tells
    assert tell(instantly_lead(status=-3)).notes == {"never-mailed": 1}
    assert tell(instantly_lead(timestamp_last_contact=None)).notes == {"never-mailed": 1}


def test_the_latest_reply_is_the_reply_only_when_it_is_alone(tell: Callable[..., Any]) -> None:
    """`timestamp_last_reply` of two replies is not when the first came."""
    for count, dating in ((1, Dating.EXACT), (2, Dating.LAST_TOUCH)):
        lead = instantly_lead(email_reply_count=count, timestamp_last_reply="2026-03-04T16:22:00Z")
        assert tell(lead).events[1][2].dating is dating


def test_an_unknown_status_is_set_aside_not_guessed(tell: Callable[..., Any]) -> None:
    """A number nobody has explained might be a bounce."""
    assert tell(instantly_lead() * 2 + instantly_lead(status=-9)).set_aside == {"unknown-status": 1}


# --- who


def test_a_reply_from_an_alias_is_the_leads(tell: Callable[..., Any]) -> None:
    """`sl_lead_email` was mailed; `to_email` may be an alias; `from_email` is ours."""
    told = tell(
        webhook(
            "EMAIL_REPLY",
            to_email="ada.private@example.org",
            sl_lead_email="Ada@Example.com",
            from_email="sender@ours.example",
            time_replied="2026-03-04T16:22:00Z",
        )
    )
    assert [who for _, who, _ in told.events] == [("ada@example.com",)]


@pytest.mark.parametrize("bad", ["jeanne", "ada@example", "ada@@example.com", "a b@example.com"])
def test_a_bad_address_is_set_aside_with_its_column(bad: str, tell: Callable[..., Any]) -> None:
    """A row that cannot be joined is kept and counted, never dropped."""
    told = tell(leads_export(email=bad, last_email_sequence_sent="1"))
    assert told.set_aside == {"bad-address": 1}
    assert (told.aside[0].column, told.aside[0].value) == ("email", bad)


def test_a_missing_address_is_not_a_bad_one(tell: Callable[..., Any]) -> None:
    """Without any identifier the reason says so; a profile alone is enough."""
    assert tell(leads_export(email="")).set_aside == {"no-identifier": 1}
    row = leads_export(
        email="", linkedin_profile="linkedin.com/in/Ada", last_email_sequence_sent="1"
    )
    assert tell(row).events[0][1] == ("in/ada",)


def test_a_lemlist_lead_with_a_bad_address_is_known_by_its_profile(
    tell: Callable[..., Any],
) -> None:
    """The official sample holds "jeanne" for an address."""
    activity = {
        "_id": "a",
        "type": "linkedinReplied",
        "createdAt": "2026-03-04T16:22:00Z",
        "leadEmail": "jeanne",
        "campaignId": "c",
    }
    assert tell(json.dumps(activity) + "\n").set_aside == {"bad-address": 1}
    activity["leadLinkedinUrl"] = "https://www.linkedin.com/in/Jeanne-Doe/"
    assert tell(json.dumps(activity) + "\n").events[0][1] == ("in/jeanne-doe",)


@given(
    st.from_regex(r"[a-z0-9._%+-]{1,12}@[a-z0-9.-]{1,12}", fullmatch=True) | st.text(max_size=20)
)
def test_the_quick_way_to_an_address_agrees_with_the_full_one(written: str) -> None:
    """What the quick path accepts is what `normalise_address` returns, and nothing else."""
    full = normalise_address(written)
    if full is None:
        with pytest.raises(UnusableRowError, match=r"bad-address|no-identifier"):
            address(written, "email")
    else:
        assert address(written, "email") == full


@given(st.from_regex(r"https?://(www\.)?linkedin\.com/in/[a-z0-9-]{1,9}/?", fullmatch=True))
def test_the_quick_way_to_a_profile_agrees_with_the_full_one(written: str) -> None:
    """What the quick path accepts is what `normalise_linkedin` returns."""
    assert profile(written) == normalise_linkedin(written)


# --- one fact told twice


@pytest.mark.parametrize("fields", [{"message_id": "m-1"}, {"stats_id": "s-1"}, {}])
def test_first_email_sent_beside_email_sent_is_one_fact(
    fields: dict[str, str], tell: Callable[..., Any]
) -> None:
    """Smartlead posts both for step 1; with or without an id they are one event."""
    sent = {"time_sent": "2026-03-02T09:10:00Z", "sequence_number": 1, **fields}
    told = tell(webhook("EMAIL_SENT", **sent) + webhook("FIRST_EMAIL_SENT", **sent))
    assert kinds(told) == [K.SENT, K.SENT]
    assert len(told.keys()) == 1


def test_one_reply_on_two_rows_is_one_event(tell: Callable[..., Any]) -> None:
    """A lead's reply shows on the rows of several steps, also of one sent after it."""
    reply = "2026-03-04T16:22:00Z"
    told = tell(
        statistics(stats_id="s-1", reply_time=reply)
        + statistics(
            stats_id="s-2", sequence_number=2, sent_time="2026-03-05T09:10:00Z", reply_time=reply
        )
    )
    assert not told.set_aside
    assert sum(1 for key in told.keys() if key[1] is K.REPLIED) == 1  # noqa: SIM118 - a method


def test_a_first_step_answered_before_it_was_sent_is_set_aside(tell: Callable[..., Any]) -> None:
    """The clock of one of the two is wrong, and nobody knows of which."""
    told = tell(statistics(reply_time="2026-03-01T09:10:00Z"))
    assert told.set_aside == {"reply-before-send": 1}


def test_both_families_and_generations_of_webhooks_tell_the_same(
    tell: Callable[..., Any],
) -> None:
    """`EMAIL_REPLY`/`time_replied`, `event_timestamp` and `EMAIL_REPLIED`/`received_at` agree."""
    at = "2026-03-04T16:22:00Z"
    base = {"campaign_id": 1, "campaign_name": "Q1"}
    other = {
        "event": "EMAIL_REPLIED",
        "lead": {"email": "ada@example.com"},
        "reply": {"received_at": at},
        **base,
    }
    told = tell(
        webhook("EMAIL_REPLY", time_replied=at)
        + webhook("EMAIL_REPLY", event_timestamp=at)
        + json.dumps(other)
        + "\n"
    )
    assert len(told.keys()) == 1


# --- times


def test_a_bounce_is_not_dated_by_its_send(tell: Callable[..., Any]) -> None:
    """Smartlead does not say when an e-mail bounced."""
    bounced = tell(statistics(is_bounced=True)).events[1][2]
    assert (bounced.kind, bounced.at, bounced.dating) == (K.BOUNCED, None, Dating.UNDATED)


def test_a_booking_needs_a_zone_before_the_first_row_is_read(tell: Callable[..., Any]) -> None:
    """Calendly writes local times; without a zone the whole file is a question."""
    header = "Invitee Email,Event Type Name,Start Date & Time,Event Created Date & Time,Canceled"
    row = "ada@example.com,Demo,2026-03-10 11:00 am,2026-03-05 01:40 am,false"
    with pytest.raises(InputError, match="missing-zone") as caught:
        tell(f"{header}\n{row}\n", Settings())
    assert caught.value.location.column == "Event Created Date & Time"


def test_the_order_of_day_and_month_is_decided_for_the_whole_column_or_refused(
    tell: Callable[..., Any],
) -> None:
    """One row with a day over 12 settles all the others; none is a question."""
    header = "Invitee Email,Event Type Name,Start Date & Time,Event Created Date & Time,Canceled\n"
    row = "ada@example.com,Demo,-,{} 01:40 pm,false\n"
    told = tell(header + row.format("03/05/2026") + row.format("03/13/2026"))
    assert [event.at.month for _, _, event in told.events] == [3, 3]
    with pytest.raises(InputError, match="undecidable-dates") as caught:
        tell(header + row.format("03/05/2026"))
    assert caught.value.location.file is not None


def test_an_email_of_instantly_is_dated_by_its_own_time(tell: Callable[..., Any]) -> None:
    """`timestamp_created` is when the database heard of it."""
    email = {
        "id": "e",
        "ue_type": 1,
        "lead": "ada@example.com",
        "timestamp_created": "2026-03-09T00:00:00Z",
        "timestamp_email": "2026-03-02T09:10:00Z",
    }
    assert tell(json.dumps(email) + "\n").events[0][2].at == SENT_AT


@pytest.mark.parametrize(("way", "note"), [(3, "manual-email"), (4, "scheduled-email")])
def test_manual_and_scheduled_emails_are_no_touches(
    way: int, note: str, tell: Callable[..., Any]
) -> None:
    """A person's answer in the thread is no first touch, and a scheduled e-mail has not gone."""
    email = {
        "id": "e",
        "ue_type": way,
        "lead": "ada@example.com",
        "timestamp_email": "2026-03-02T09:10:00Z",
    }
    assert tell(json.dumps(email) + "\n").notes == {note: 1}


# --- names nobody knows


def test_an_event_nobody_knows_is_set_aside(tell: Callable[..., Any]) -> None:
    """A new event of a tool might be the one that matters: it is kept, with its name."""
    known = webhook("EMAIL_SENT", time_sent="2026-03-02T09:10:00Z")
    told = tell(known * 2 + webhook("EMAIL_TELEPORTED"))
    assert told.set_aside == {"unknown-event": 1}
    assert told.aside[0].value == "EMAIL_TELEPORTED"


def test_a_record_about_nobody_has_a_note_and_no_contact(tell: Callable[..., Any]) -> None:
    """A finished campaign is no row to set aside."""
    told = tell(
        webhook("EMAIL_SENT", time_sent="2026-03-02T09:10:00Z") * 2
        + json.dumps({"event_type": "CAMPAIGN_STATUS_CHANGED", "campaign_id": 1})
        + "\n"
    )
    assert told.notes == {"ignored-event": 1}
    assert not told.set_aside


# --- values


@pytest.mark.parametrize("value", [None, "", "  "])
def test_blank_and_null_are_no_number(value: str | None) -> None:
    """They are not zero."""
    assert whole(value, "step") is None


@pytest.mark.parametrize(("value", "number"), [(0, 0), ("0", 0), ("-1", -1), (2.0, 2), ("2.0", 2)])
def test_whole_numbers_come_as_numbers_and_as_texts(value: Any, number: int) -> None:
    """APIs and spreadsheets write them both ways."""
    assert whole(value, "step") == number


@pytest.mark.parametrize("value", [True, "two", 1.5, "1.5", [], "٣"])
def test_what_is_no_whole_number_is_set_aside(value: Any) -> None:
    """True is not 1, and nothing is rounded."""
    with pytest.raises(UnusableRowError, match="bad-number"):
        whole(value, "step")


@pytest.mark.parametrize("word", ["maybe", "2", "bounced", "nope"])
def test_a_flag_is_one_of_a_closed_set_of_words(word: str) -> None:
    """A word that is neither yes nor no is set aside, not taken for a yes."""
    with pytest.raises(UnusableRowError, match="bad-flag"):
        flag(word, "Bounced")


def test_an_object_where_a_text_belongs_is_set_aside() -> None:
    """A field that changed its shape is noticed."""
    with pytest.raises(UnusableRowError, match="bad-field"):
        text({"lead_email": {"address": "ada@example.com"}}, "lead_email")


# --- what the layouts say of themselves


def test_snapshots_and_streams_are_told_apart() -> None:
    """Who is absent from a snapshot is unknown to it; who is absent from a stream did nothing."""
    assert (LEADS.form, INSTANTLY_LEADS.form) == (Form.SNAPSHOT, Form.SNAPSHOT)
    assert {STATISTICS.form, WEBHOOKS.form, EMAILS.form} == {Form.STREAM}


def test_the_leads_export_of_smartlead_does_not_tell_bounces() -> None:
    """It shows only bounces that came back as a "reply": most bounced leads look delivered."""
    assert Tells.BOUNCES not in LEADS.tells
    assert Tells.BOUNCES in STATISTICS.tells


def test_a_layout_a_source_does_not_write_is_refused(tmp_path: Any) -> None:
    """Every writer names the layouts it has."""
    for name, source in all_sources().items():
        with pytest.raises(InputError, match="unknown-layout") as caught:
            source.write(tmp_path / "x", [], "leeds", None)
        assert caught.value.facts["source"] == name


def test_every_code_and_reason_of_the_sources_has_its_sentences() -> None:
    """What the sources raise can be said to people."""
    source = "".join(path.read_text("utf-8") for path in Path(sources.__path__[0]).rglob("*.py"))
    codes = re.findall(r'InputError\(\s*"([a-z-]+)"', source)
    reasons = re.findall(r'UnusableRowError\(\s*"([a-z-]+)"', source)
    notes = re.findall(r'note = (?:None if events else )?"([a-z-]+)"', source)
    assert len(codes) > 5
    assert len(reasons) > 5
    assert len(notes) > 5
    assert set(codes) <= set(ERRORS)
    assert {*reasons, *notes} <= set(REASONS)
    assert all(sentence.endswith(".") for sentence in REASONS.values())


def test_a_time_without_zone_in_json_is_a_question_about_its_field(
    tell: Callable[..., Any],
) -> None:
    """No tool was seen to write one; should one begin to, it is asked, not taken for UTC."""
    with pytest.raises(InputError, match="missing-zone") as caught:
        tell(statistics(sent_time="2026-03-02 09:10"), Settings())
    assert caught.value.facts["column"] == "sent_time"


def test_the_how_to_adds_a_source_that_works(tmp_path: Path) -> None:
    """The code of docs/how-to/add-a-source.md is claimed, read and written back."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"
    found = re.search(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert found is not None
    module: dict[str, Any] = {"__name__": "pigeonpost"}
    exec(compile(found[1], str(page), "exec"), module)  # noqa: S102 - our own page
    source = module["SOURCE"]
    events = (
        Event(kind=K.SENT, at=SENT_AT, campaign="Q1"),
        Event(kind=K.REPLIED, at=REPLY_AT, campaign="Q1"),
        Event(kind=K.POSITIVE_REPLY, at=REPLY_AT, label="Interested", campaign="Q1"),
    )
    path = tmp_path / "leads.csv"
    source.write(path, [Sheet(identifier="ada@example.com", events=events)], "leads", "Q1")
    export = open_export(path)
    assert source.layouts[0].claims(export)
    reader = source.layouts[0].open(export, Settings())
    assert [reader.what(row).events for row in export.rows()] == [events]
