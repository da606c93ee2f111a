"""Damage in a JSON export, anywhere: what it does not touch is told as before, or all is refused.

Each example writes a valid export, damages it once at a random place, and reads it again. The
records the damage touches are known by their place in the text; a character more on each side
counts as touched, because a quote or a backslash there changes what its neighbour means.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from icptest.errors import InputError
from icptest.events import Event, EventKind
from icptest.reading import Object, open_export
from icptest.sources import find_source
from icptest.sources._base import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sources.conftest import Told

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXAMPLES = 60
JUNK = '{}[]",:\\ \n\0x0'


class Form(NamedTuple):
    """How a tool's records stand in a file: what opens and closes a list, how many a list."""

    source: str
    layout: str
    opens: str
    closes: str
    lists: bool


FORMS = (
    Form("smartlead", "statistics", '{"total_stats": "9", "data": [', '], "offset": 0}', True),
    Form("smartlead", "webhooks", "", "", False),
    Form("instantly", "leads", '{"items": [', '], "next_starting_after": "x"}', True),
    Form("instantly", "emails", '{"items": [', '], "next_starting_after": "x"}', True),
    Form("instantly", "webhooks", "", "", False),
    Form("lemlist", "activities", "[", "]", True),
    Form("lemlist", "activities", "", "", False),
)


def _sheets(chance: random.Random) -> list[Sheet]:
    """People of whom each was mailed, and perhaps more."""
    sheets = []
    for number in range(chance.choice([3, 8, 20])):
        at = START + timedelta(minutes=chance.randrange(5_000))
        events = [Event(kind=EventKind.SENT, at=at, campaign="Q1", step=1)]
        if chance.random() < 0.5:
            kind = chance.choice([EventKind.REPLIED, EventKind.BOUNCED, EventKind.OPENED])
            events.append(Event(kind=kind, at=at + timedelta(hours=3), campaign="Q1", step=1))
        sheets.append(Sheet(identifier=f"p{number}@example.com", events=tuple(events)))
    return sheets


def _records(form: Form, chance: random.Random, path: Path) -> list[dict[str, Any]]:
    """What the tool would write, with objects and lists inside, as its real records have."""
    find_source(form.source).write(path, _sheets(chance), layout=form.layout, campaign="Q1")
    rows = [dict(row.fields) for row in open_export(path).rows() if isinstance(row, Object)]
    for row in rows:
        if chance.random() < 0.3:
            row["notes"] = [{"n": 1, "text": 'a "{b}" [c]\n'}, {"n": 2, "text": ""}]
        if chance.random() < 0.3:
            row["custom"] = {"city": "Köln", "tags": ["x", "y"]}
    return rows


class Text(NamedTuple):
    """A file and where in it each record stands; without records of a list, where lists end."""

    text: str
    spans: list[tuple[int, int]]
    list_ends: list[int]


def _text(form: Form, records: list[dict[str, Any]], chance: random.Random) -> Text:
    text = ""
    spans = []
    list_ends = []
    a_list = chance.choice([2, 7, len(records)]) if form.lists else 1
    style: dict[str, Any] = chance.choice([{}, {"separators": (",", ":")}])
    gap = chance.choice(["", "\n"])
    if form.lists and chance.random() < 0.3:
        style = {"indent": 1}
        gap = "\n"
    for start in range(0, len(records), a_list):
        text += form.opens
        for number, record in enumerate(records[start : start + a_list]):
            text += ("," if number else "") + (gap if form.lists else "")
            piece = json.dumps(record, ensure_ascii=False, **style)
            spans.append((len(text), len(text) + len(piece)))
            text += piece
        text += form.closes
        list_ends.append(len(text))
        text += "\n"
    return Text(text, spans, list_ends)


def _damage(whole: Text, chance: random.Random) -> tuple[str, int, int]:
    """Return the text with one damage, and the stretch of the whole text it touches."""
    text = whole.text
    at = chance.randrange(len(text))
    some = "".join(chance.choice(JUNK) for _ in range(chance.choice([1, 1, 5])))
    kind = chance.choice(["delete", "insert", "replace", "truncate", "cut"])
    if kind == "delete":
        end = min(len(text), at + chance.choice([1, 1, 1, 12, 300]))
        return text[:at] + text[end:], at, end
    if kind == "insert":
        return text[:at] + some + text[at:], at, at
    if kind == "replace":
        return text[:at] + some + text[at + 1 :], at, at + 1
    if kind == "truncate":
        return text[:at], at, len(text)
    # A download that broke off, the next page appended to it.
    end = next((end for end in whole.list_ends if end > at), len(text))
    return text[:at] + text[end:], at, end


def _by_contact(told: Told) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for _, who, event in told.events:
        found[who[0]][str(event)] += 1
    return found


def _contacts(record: dict[str, Any]) -> set[str]:
    return {value for value in record.values() if isinstance(value, str) and "@example" in value}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.source}-{form.layout}")
def test_damage_costs_what_it_touches_or_the_file(
    form: Form, tmp_path: Path, read: Callable[..., Told]
) -> None:
    """Of many damages none takes an untouched contact's events, invents one or loses a row."""
    path = tmp_path / "export.json"
    refused = 0
    for seed in range(EXAMPLES):
        chance = random.Random(f"{form.source} {form.layout} {form.lists} {seed}")  # noqa: S311 - a seeded test
        records = _records(form, chance, tmp_path / "valid.json")
        whole = _text(form, records, chance)
        path.write_text(whole.text, encoding="utf-8")
        before = read(path)
        assert (before.rows, len(before.aside)) == (len(records), 0)
        damaged, at, end = _damage(whole, chance)
        path.write_text(damaged, encoding="utf-8")
        touched = {
            number
            for number, (first, last) in enumerate(whole.spans)
            if at - 1 < last and end + 1 > first
        }
        try:
            after = read(path)
        except InputError:
            refused += 1
            continue
        marred = set().union(*(_contacts(records[number]) for number in touched))
        told = _by_contact(after)
        for contact, events in _by_contact(before).items():
            if contact not in marred:
                assert told.get(contact) == events, (seed, contact, damaged[at - 60 : at + 60])
        # A damaged address is another one; what was not touched brings no new one.
        new = told.keys() - _by_contact(before).keys()
        assert len(new) <= len(touched), (seed, new)
        n_gone = len(records) - after.rows
        assert n_gone < max(1, len(touched)), (seed, n_gone, touched)
    assert refused < 0.2 * EXAMPLES


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.source}-{form.layout}")
def test_one_broken_record_costs_one_row(
    form: Form, tmp_path: Path, read: Callable[..., Told]
) -> None:
    """A broken record and a cut end cost one record, and nothing else is told differently."""
    chance = random.Random(8)  # noqa: S311 - a seeded test
    records = _records(form, chance, tmp_path / "valid.json")
    whole = _text(form, records, chance)
    path = tmp_path / "export.json"
    path.write_text(whole.text, encoding="utf-8")
    all_keys = read(path).keys()
    first, last = whole.spans[-2]
    for text in (
        whole.text[:first] + whole.text[first:last].replace('"', "", 1) + whole.text[last:],
        whole.text[: last - 3],
    ):
        path.write_text(text, encoding="utf-8")
        told = read(path)
        assert told.keys() < all_keys
        assert len(told.aside) == 1
