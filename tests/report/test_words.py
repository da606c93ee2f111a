"""Every sentence is there: for each error, each reason, each check."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import icptest
from icptest.checks.run import CODES
from icptest.errors import InputError, Location
from icptest.events import EventKind
from icptest.report.failure import failure_words
from icptest.report.words.checks import REMEDIES
from icptest.report.words.errors import ERRORS
from icptest.report.words.ingestion import EVENTS
from icptest.report.words.numbers import count, odds, share, wrap
from icptest.report.words.reasons import REASONS

ROOT = Path(icptest.__file__).parent
_ERRORS = {"InputError", "RegistrationError", "WorkspaceError", "StoreError", "Refusal"}
_ROWS = {"UnusableRowError", "BadRow"}


def _words_of(names: set[str], place: int = 0) -> set[str]:
    """Return every literal that these classes are made with, anywhere in the package."""
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                for word in ast.walk(node.args[place]) if len(node.args) > place else ():
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        found.add(word.value)
    return found


def test_every_error_that_is_raised_has_its_words() -> None:
    """No code is raised that `report.words.errors` does not know."""
    raised = _words_of(_ERRORS)
    assert len(raised) > 60
    assert raised - set(ERRORS) == set()


def test_every_reason_of_a_row_has_its_words() -> None:
    """No row is set aside for a reason that nobody can read."""
    assert _words_of({"UnusableRowError"}) - set(REASONS) == set()


@pytest.mark.parametrize("code", ERRORS)
def test_errors_say_what_is_wrong_and_what_to_do(code: str) -> None:
    """Every error has a sentence that ends and a remedy; codes are kebab words."""
    message, remedy = ERRORS[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert message.rstrip()[-1] in ".:}"
    assert remedy[0].isupper()
    assert remedy[-1] in ".}"
    assert "check your input" not in remedy.lower()


@pytest.mark.parametrize("code", ERRORS)
def test_a_fact_that_is_missing_breaks_no_message(code: str) -> None:
    """A message is printed also where a fact of it is not known; numbers are formatted."""
    fields = Formatter().parse("".join(ERRORS[code]))
    facts: dict[str, Any] = {
        name: 7 if spec == "," else 0.5 for _, name, spec, _ in fields if name and spec
    }
    assert failure_words(InputError(code, **facts))[0]


def test_every_check_and_event_has_its_words() -> None:
    """Checks that may stop have a remedy, and only those; every kind of event has a name."""
    assert set(REMEDIES) <= set(CODES)
    assert {str(kind) for kind in EventKind} == set(EVENTS)


def test_addresses_in_facts_are_masked() -> None:
    """Whatever an error carries, no address comes out of it whole."""
    error = InputError(
        "unknown-source",
        location=Location(file="x.csv"),
        value="ada@acme.example",
        allowed="bob@acme.example",
        nearest="cyd@acme.example",
    )
    said = " ".join(failure_words(error))
    assert said.count("...@acme.example") == 3
    assert "ada@" not in said


def test_commands_are_not_folded() -> None:
    """A command in a sentence stays on one line, to be copied."""
    command = "`icptest map-label spring --from smartlead LABEL positive_reply`"
    folded = wrap(f"Say what the label means, as soon as you know it, with {command}, please.")
    assert command in folded
    assert "\n" in folded


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.97, "nearly always"),
        (0.6, "about 6 times in 10"),
        (0.5, "about 1 time in 2"),
        (0.18, "about 1 time in 6"),
        (0.0004, "less than 1 time in 1,000"),
    ],
)
def test_odds(chance: float, said: str) -> None:
    """Chances are said as odds."""
    assert odds(chance) == said


def test_numbers() -> None:
    """Nouns agree with their numbers, and a share is never rounded to none or all."""
    assert [count(number, "reply", "replies") for number in (0, 1, 2_000)] == [
        *("0 replies", "1 reply", "2,000 replies"),
    ]
    assert [share(rate) for rate in (0.0, 0.001, 0.184, 0.999, 1.0)] == [
        *("0 %", "under 1 %", "18 %", "over 99 %", "100 %"),
    ]
