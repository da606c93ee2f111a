"""The journal: what chains, and what no longer does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.journal import FIRST, Entry, chain, make_entry, verify

T0 = datetime(2026, 11, 2, 9, tzinfo=UTC)

_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats(allow_nan=False).filter(lambda number: abs(number) < float("inf")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def _journal(details: list[Any]) -> list[Entry]:
    entries: list[Entry] = []
    for number, detail in enumerate(details):
        made = make_entry(
            at=T0 + timedelta(minutes=number), user="ada", action="ingest", said=detail
        )
        entries.append(chain(made, entries[-1].digest if entries else FIRST))
    return entries


@given(st.lists(_json, max_size=5))
def test_an_untouched_journal_verifies(details: list[Any]) -> None:
    """Entries chained one after the other hold, whatever they say."""
    assert verify(_journal(details)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": T0},
        {"user": "bob"},
        {"experiment": "other"},
        {"action": "peek"},
        {"detail": {"said": 9}},
        {"digest": "sha256:00"},
        {"previous": "sha256:00"},
    ],
)
def test_a_changed_entry_is_found(change: dict[str, Any]) -> None:
    """Whatever part of an entry is changed, verifying names its place."""
    entries = _journal([1, 2, 3, 4])
    entries[2] = replace(entries[2], **change)
    assert verify(entries) == 2


def test_a_changed_entry_that_is_chained_anew_breaks_the_next() -> None:
    """Hashing a forged entry again only moves the break to the one after it."""
    entries = _journal([1, 2, 3])
    entries[1] = chain(replace(entries[1], user="eve"), entries[0].digest)
    assert verify(entries) == 2


def test_a_removed_a_moved_and_an_inserted_entry_are_found() -> None:
    """The chain breaks where an entry is missing, out of place, or new."""
    entries = _journal([1, 2, 3, 4])
    assert verify(entries[1:]) == 0
    assert verify([entries[0], *entries[2:]]) == 1
    assert verify([entries[0], entries[2], entries[1], entries[3]]) == 1
    assert verify([*entries[:2], entries[1], *entries[2:]]) == 2


def test_an_entry_is_the_same_in_every_zone_and_spelling() -> None:
    """The digest depends on the instant and on the values, not on how they were given."""
    local = T0.astimezone(timezone(timedelta(hours=5, minutes=45)))
    one = make_entry(at=T0, user="ada", action="a", rows={"b": (1, 2), "a": 3})
    other = make_entry(at=local, user="ada", action="a", rows={"a": 3, "b": [1, 2]})
    assert chain(one, FIRST) == chain(other, FIRST)
    assert chain(one, FIRST).digest.startswith("sha256:")


def test_what_is_no_json_is_refused() -> None:
    """A detail that could not be read back the same is a mistake of the caller."""
    with pytest.raises(TypeError):
        make_entry(at=T0, user="ada", action="a", when=T0)
    with pytest.raises(ValueError, match="float"):
        make_entry(at=T0, user="ada", action="a", rate=float("nan"))
    with pytest.raises(TypeError, match="zone"):
        make_entry(at=T0.replace(tzinfo=None), user="ada", action="a")
