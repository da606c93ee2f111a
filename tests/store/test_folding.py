"""Any order, split or repeat of the same rows is one state."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from icptest.events import Dating, Event, EventKind
from icptest.experiment import Arm
from icptest.record import Fact, Joining
from icptest.store import NewRow, open_store
from icptest.store.folding import Effect, Facts, content_digest, find_people
from icptest.store.times import from_micros, to_micros

from .builders import batch, contacts, day, entry, facts, joining, people, register, row, sent
from .builders import sightings as seen

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.record import Record
    from icptest.store.values import FactId

Export: TypeAlias = tuple[float, list[NewRow]]
NEVER = day(1000)


@st.composite
def _events(draw: st.DrawFn) -> Event:
    dating = draw(st.sampled_from(Dating))
    provider_id = draw(st.none() | st.sampled_from(["a", "b"]))
    dated = dating is not Dating.UNDATED
    return Event(
        kind=draw(st.sampled_from([EventKind.SENT, EventKind.REPLIED])),
        at=day(draw(st.integers(0, 2))) if dated else None,
        dating=dating,
        since=day(-draw(st.integers(0, 2))) if dating is Dating.STATED else None,
        label=draw(st.sampled_from([None, "won", "lost"])),
        campaign=draw(st.sampled_from([None, "", "c"])),
        step=draw(st.sampled_from([None, 1, 2])),
        # One record of a tool is dated in one way in all of its exports.
        provider_id=provider_id,
    )


_whos: st.SearchStrategy[int | Joining] = st.integers(1, 2) | st.builds(
    Joining,
    identifiers=st.sampled_from([("x@a.example", "in/x"), ("y@a.example",)]),
    arm=st.sampled_from(Arm),
    account=st.sampled_from(["a.example", "b.example"]),
)
_rows = st.builds(
    NewRow,
    who=_whos,
    campaign=st.sampled_from([None, "c", "d"]),
    events=st.lists(_events(), max_size=3).map(tuple),
)
_exports: st.SearchStrategy[list[Export]] = st.lists(
    st.tuples(st.integers(5, 7), st.lists(_rows, min_size=1, max_size=4)), min_size=1, max_size=4
)


def _fold(exports: list[Export]) -> dict[FactId, Fact]:
    known: dict[FactId, Fact] = {}
    for at, rows in exports:
        folding = Facts(known, source="smartlead", exported_at=day(at))
        for told in rows:
            folding.fold(told.who if isinstance(told.who, int) else 9, told.events)
        known |= folding.changed
    return known


def _split(exports: list[Export], chance: random.Random) -> list[Export]:
    """Return the same rows in overlapping parts, shuffled, some of them twice."""
    parts: list[Export] = []
    for at, rows in exports:
        cut = chance.randint(0, len(rows))
        parts += [(at, rows[:cut]), (at, rows[max(0, cut - 1) :]), (at, rows)]
    parts += chance.sample(parts, chance.randint(0, len(parts)))
    chance.shuffle(parts)
    return [(at, chance.sample(rows, len(rows))) for at, rows in parts]


@given(exports=_exports, seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_facts_do_not_depend_on_how_they_came(exports: list[Export], seed: int) -> None:
    """Overlapping parts of files, in any order, some twice, fold into the same facts."""
    expected = _fold([(at, list(rows)) for at, rows in exports])
    assert _fold(_split(exports, random.Random(seed))) == expected  # noqa: S311


def _stored(
    path: Path, empty: bytes, exports: list[tuple[str, float, list[NewRow]]]
) -> tuple[Record, dict[str, int], bool]:
    path.write_bytes(empty)
    with open_store(str(path), write=True) as store:
        number = register(store, n=2)
        for digest, at, rows in exports:
            new = batch(*rows, digest=digest, exported_at=day(at))
            store.save(number, new, entry=entry())
        names = store.identifiers(number)
        return store.record(number, as_of=NEVER), names, store.facts_intact(number)


@given(exports=_exports, seed=st.integers(0, 2**32))
@example(
    exports=[
        (5, [row(joining("x@a.example", arm=Arm.SEGMENT), sent())]),
        (7, [row(joining("x@a.example", arm=Arm.CONTROL), sent())]),
    ],
    seed=1,
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_record_does_not_depend_on_the_order_of_files(
    tmp_path: Path, empty_database: bytes, exports: list[Export], seed: int
) -> None:
    """The same files, shuffled and some twice: the same facts, contacts and sightings."""
    chance = random.Random(seed)  # noqa: S311
    files = [(f"sha256:{n}", at, rows) for n, (at, rows) in enumerate(exports)]
    shuffled = files + chance.sample(files, chance.randint(0, len(files)))
    chance.shuffle(shuffled)
    mixed = [(name, at, chance.sample(rows, len(rows))) for name, at, rows in shuffled]
    one, names, intact = _stored(tmp_path / "one.db", empty_database, files)
    other, other_names, other_intact = _stored(tmp_path / "two.db", empty_database, mixed)
    assert intact
    assert other_intact
    assert facts(one, names) == facts(other, other_names)
    assert contacts(one, names) == contacts(other, other_names)
    assert seen(one, names) == seen(other, other_names)


def test_a_row_with_both_identifiers_joins_two_halves() -> None:
    """Address alone, profile alone, and both: one person, whatever the order of the rows."""
    halves = [row(joining("x@a.example")), row(joining("in/x"))]
    both = row(joining("x@a.example", "in/x"))
    for rows in ([*halves, both], [both, *halves]):
        found = find_people(rows, contacts={}, identifiers={}, exported_at=day(1))
        assert list(found.who) == [1, 1, 1]
        assert found.identifiers == {"x@a.example": 1, "in/x": 1}
        assert found.set_aside == ()


def test_people_who_join_are_counted_on() -> None:
    """A new contact takes the next number after those who are there."""
    known = {contact.contact_id: contact for contact, _ in people(3)}
    found = find_people(
        [row(joining("x@a.example")), row(2)], contacts=known, identifiers={}, exported_at=day(1)
    )
    assert list(found.who) == [4, 2]
    assert list(found.contacts) == [4]


def test_a_fact_seen_again_is_written_but_no_news() -> None:
    """Only when it was last seen changes, and the row counts as unchanged."""
    known = _fold([(5, [row(1, sent())])])
    folding = Facts(known, source="smartlead", exported_at=day(6))
    assert folding.fold(1, (sent(),)) is Effect.UNCHANGED
    assert [fact.last_seen_at for fact in folding.changed.values()] == [day(6)]


def test_the_digest_of_facts_follows_every_change() -> None:
    """Taken forward file by file it is that of the facts themselves, in any order."""
    digest = content_digest(())
    known: dict[FactId, Fact] = {}
    for at, event in ((7, sent()), (5, sent(day(1))), (6, sent())):
        folding = Facts(known, source="smartlead", exported_at=day(at))
        folding.fold(1, (event,))
        digest = folding.digest_after(digest)
        known |= folding.changed
        assert digest == content_digest(reversed(known.values()))


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_times_are_kept_to_the_microsecond(naive: datetime) -> None:
    """Whatever the year, and before 1970 too."""
    at = naive.replace(tzinfo=UTC)
    assert from_micros(to_micros(at)) == at
    assert to_micros(at + timedelta(microseconds=1)) == to_micros(at) + 1


def test_a_time_without_a_zone_has_no_microseconds() -> None:
    """It could be any of forty instants."""
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 1, 1))  # noqa: DTZ001
