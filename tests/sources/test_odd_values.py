"""Values no tool was seen to write: a row is set aside or read, it never stops the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from icptest.errors import UnusableRowError
from icptest.events import EventKind, Tells
from icptest.reading.opening import open_export
from icptest.reading.records import Object
from icptest.sources import identify
from icptest.sources._base import Settings
from icptest.sources._cells import whole
from icptest.sources.generic import guess, layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOLDEN = Path(__file__).parent / "golden"
SAID = Settings(zone=ZoneInfo("UTC"), campaign="Said campaign")
ODD: tuple[Any, ...] = (
    *(None, "", " ", "x", "\u0663", "9" * 5000, True, 0, -1, 7, 1.5, 10**30),
    *([], ["x"], [{}], {}, {"type": [], "name": {}, "time": 3, "email": []}),
)
OBJECTS = sorted(
    path
    for path in GOLDEN.glob("*/*.json*")
    if path.suffix in {".json", ".jsonl"} and not path.name.endswith(".events.jsonl")
)


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value, as the keys that lead to it."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (key,)
            yield from ((key, *rest) for rest in _places(value[key]))


def _with(fields: dict[str, Any], place: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(fields))
    inner: Any = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    return changed


@pytest.mark.parametrize("path", OBJECTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_odd_value_in_any_field_is_read_or_set_aside(path: Path) -> None:
    """Whatever stands in a field, the row ends as events, as a note or set aside."""
    export = open_export(path)
    reader = identify(export)[1].open(export, SAID)
    for row in export.rows():
        assert isinstance(row, Object)
        for place in _places(row.fields):
            for odd in ODD:
                changed = Object(row.record, row.line, _with(dict(row.fields), place, odd))
                try:
                    reader.who(changed)
                    reading = reader.what(changed)
                except UnusableRowError:
                    continue
                assert bool(reading.events) != bool(reading.note), (place, odd)


def test_a_number_of_thousands_of_figures_is_no_number() -> None:
    """Python refuses to read it, so the row is set aside like any other bad number."""
    with pytest.raises(UnusableRowError, match="bad-number"):
        whole("9" * 5000, "step")


# --- the campaign

SAYS_A_CAMPAIGN = (
    {"timestamp": "2026-03-02T09:00:00Z", "event_type": "email_sent", "workspace": "w"}
    | {"lead_email": "ada@example.com", "campaign_id": "7", "campaign_name": "Q1"},
    {"event_type": "EMAIL_SENT", "to_email": "ada@example.com", "time_sent": "2026-03-02T09:00:00Z"}
    | {"campaign_id": 7, "campaign_name": "Q1"},
    {"_id": "a", "type": "emailsSent", "createdAt": "2026-03-02T09:00:00Z"}
    | {"leadEmail": "ada@example.com", "campaignId": "7", "campaignName": "Q1"},
)


@pytest.mark.parametrize("fields", SAYS_A_CAMPAIGN, ids=("instantly", "smartlead", "lemlist"))
def test_a_person_names_the_campaign_only_where_the_file_does_not(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    """A log of many campaigns is not all of the one that was said; an id may get a name."""
    names = []
    for left_out in ((), ("campaign_name", "campaignName"), tuple(fields)[-2:]):
        told = {key: value for key, value in fields.items() if key not in left_out}
        if "campaignId" in fields:
            told["leadId"] = "l"
        path = tmp_path / "log.jsonl"
        path.write_text(json.dumps(told) + "\n", encoding="utf-8")
        export = open_export(path)
        reader = identify(export)[1].open(export, SAID)
        reading = reader.what(next(iter(export.rows())))
        names.append((reading.campaign, *reading.campaign_aliases))
    assert names == [("Q1", "7"), ("7", "Said campaign"), ("Said campaign",)]


# --- custom categories


def test_the_sentiment_beside_a_category_s_name_says_what_it_means(
    tell: Callable[..., Any],
) -> None:
    """`category` may be the object that `lead_data.category` is, with its sentiment in it."""
    described = {"name": "Call in May", "sentiment_type": "positive"}
    fields = {"event_type": "LEAD_CATEGORY_UPDATED", "lead_email": "ada@example.com"}
    told = tell(json.dumps({**fields, "campaign_id": 1, "category": described}) + "\n")
    assert [event.kind for _, _, event in told.events] == [EventKind.POSITIVE_REPLY]


# --- a table of anybody's


def test_a_file_of_events_does_not_tell_what_its_other_columns_hold(tmp_path: Path) -> None:
    """Of a row per event only the event is read, so no column beside it tells anything."""
    path = tmp_path / "log.csv"
    path.write_text(
        "Email,Event,Timestamp,Bounced At,Meeting Booked At\n"
        "ada@example.com,sent,2026-03-02T09:00:00Z,,\n",
        encoding="utf-8",
    )
    mapping = guess(open_export(path))  # type: ignore[arg-type]
    assert layout(mapping).tells == {Tells.SENDS, Tells.SEND_TIMES}


@pytest.mark.parametrize(("word", "kind"), [("Opened", "opened"), ("Clicked", "clicked")])
def test_opened_in_a_status_column_is_a_fact_and_no_label_of_a_reply(
    word: str, kind: str, tmp_path: Path
) -> None:
    """As a label it would be taken for somebody's judgement of the contact's reply."""
    path = tmp_path / "mine.csv"
    path.write_text(f"Email,Status\nada@example.com,{word}\n", encoding="utf-8")
    export = open_export(path)
    mapped = layout(guess(export))  # type: ignore[arg-type]
    (event,) = mapped.open(export, SAID).what(next(iter(export.rows()))).events
    assert (event.kind, event.label) == (kind, None)
