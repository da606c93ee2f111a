"""Typed values out of a TOML table."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from icptest.errors import RegistrationError
from icptest.spelling import nearest
from icptest.toml_keys import TomlKeys, line_of

if TYPE_CHECKING:
    from collections.abc import Callable


def keys(text: str) -> TomlKeys:
    """Return the keys of a file."""
    return TomlKeys(tomllib.loads(text), "x.toml")


@pytest.mark.parametrize(
    ("text", "take", "key"),
    [
        ("a = 1", lambda table: table.text("a"), "a"),
        ("a = 'x'", lambda table: table.integer("a", default=0), "a"),
        ("a = true", lambda table: table.integer("a", default=0), "a"),
        ("a = 1.0", lambda table: table.integer("a", default=0), "a"),
        ("a = 1", lambda table: table.flag("a"), "a"),
        ("a = 'x'", lambda table: table.texts("a"), "a"),
        ("a = ['x', 1]", lambda table: table.texts("a"), "a"),
        ("a = 2026-11-22", lambda table: table.time("a"), "a"),
        ("a = 2026-11-22T09:00:00", lambda table: table.time("a"), "a"),
        ("a = 1", lambda table: table.table("a"), "a"),
        ("[b]\na = 1", lambda table: table.sub("b").text("a"), "b.a"),
        ("a = true", lambda table: table.optional("a", int, "a whole number"), "a"),
    ],
)
def test_a_value_of_another_type_is_refused(
    text: str, take: Callable[[TomlKeys], object], key: str
) -> None:
    """The error names file, key, value and what was expected."""
    with pytest.raises(RegistrationError, match="bad-value") as caught:
        take(keys(text))
    assert (key, "x.toml") == (caught.value.facts["key"], caught.value.location.file)
    assert caught.value.facts["expected"]


def test_values_are_taken_by_type() -> None:
    """Texts, numbers, flags, lists and times come out as they were written."""
    table = keys(
        "a = 'x'\nb = 3\nc = true\nd = ['y']\ne = 2026-11-22T10:00:00.5+01:00\n[f]\ng = 1\n"
    )
    assert (
        table.text("a"),
        table.integer("b", default=0),
        table.flag("c"),
        table.texts("d"),
    ) == ("x", 3, True, ("y",))
    assert datetime(2026, 11, 22, 9, tzinfo=UTC) == table.time("e")
    inner = table.sub("f")
    assert inner.optional("g", int, "a whole number") == 1
    assert inner.optional("h", int, "a whole number") is None
    table.refuse_others()
    inner.refuse_others()


def test_what_is_not_there_has_its_default() -> None:
    """Every kind of value has a default but a required text."""
    table = keys("")
    assert (
        table.text("a"),
        table.integer("b", default=5),
        table.flag("c"),
        table.texts("d", default=("z",)),
    ) == ("", 5, False, ("z",))
    assert (datetime.now(UTC) - table.time("e")).total_seconds() < 5
    with pytest.raises(RegistrationError, match="missing-key") as caught:
        table.sub("arms").text("name", required=True)
    assert caught.value.facts["key"] == "arms.name"


def test_a_key_nobody_asked_for_is_refused_with_the_nearest() -> None:
    """A misspelt key would otherwise be a rule that silently does not hold."""
    table = keys("nmae = 'x'\n")
    table.text("name")
    table.text("owner")
    with pytest.raises(RegistrationError, match="unknown-key") as caught:
        table.refuse_others()
    facts = caught.value.facts
    assert (facts["key"], facts["nearest"], facts["allowed"]) == ("nmae", "name", "name, owner")


@pytest.mark.parametrize(
    ("word", "found"), [("threshhold", "threshold"), ("xyz", None), ("", None)]
)
def test_the_nearest_word(word: str, found: str | None) -> None:
    """A close word is offered, a distant one is not."""
    assert found == nearest(word, ["threshold", "alpha"])


TEXT = """name = 'q4'
[firmographic]  # who
employees = 'many'
[firmographic.other]
'Pricing page' = 'yes'
[[trigger]]
event = 'funding'
[[ trigger ]]
event = 'fundin'
[buying]
deal . size = 5
"""


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("name", "q4", 1),
        ("firmographic", {}, 2),
        ("firmographic.employees", "many", 3),
        ("firmographic.other.Pricing page", "yes", 5),
        ("trigger.event", "fundin", 9),
        ("trigger.event", "?", 7),
        ("buying.deal.size", 5, 11),
        ("nowhere", None, None),
    ],
)
def test_a_key_is_found_on_its_line(key: str, value: object, line: int | None) -> None:
    """By hand; of several tables of one name that one which says the value."""
    assert line_of(TEXT, key, value) == line
