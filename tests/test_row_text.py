"""A row as text, its addresses masked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest import row_text as module
from icptest.reading.records import Object, Row
from icptest.row_text import excerpt, masked, row_text, shown, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ada@acme.example", "a...@acme.example"),
        ("Ada <ada.l+x@acme.example>, bob@b.example", "Ada <a...@acme.example>, b...@b.example"),
        ('{"email":"ada@acme.example"}', '{"email":"a...@acme.example"}'),
        ("a@b.example", "a...@b.example"),
        ("no address @ all", "no address @ all"),
        ("/home/x/ada@acme.example/y.csv", "/home/x/a...@acme.example/y.csv"),
        ("%@ada@acme.example", "%...@acme.example"),
        ("x@ada@acme.example", "x...@acme.example"),
        ("ada\uff20acme.example", "a...@acme.example"),
    ],
)
def test_addresses_are_masked(text: str, shown: str) -> None:
    """The first letter and the domain stay."""
    assert shown == masked(text)


@given(
    st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,9}[a-z0-9]@[a-z]{1,9}\.example", fullmatch=True),
    st.text(max_size=20),
)
def test_no_local_part_survives(address: str, around: str) -> None:
    """Whatever stands around an address, the name in it is not shown."""
    assert address not in masked(f"{around} {address}\t{around}")


@given(st.text(alphabet="ab@.,|/<' \t", max_size=40))
def test_looking_at_beginnings_alone_misses_no_address(text: str) -> None:
    """The plain pattern, tried at every letter, is the oracle."""
    plain = re.compile(r"([^\s,;:<>\"'@|/])[^\s,;:<>\"'|/]*@([^\s,;:<>\"'|@]+)")
    assert plain.sub(r"\1...@\2", text) == masked(text)


def test_a_long_word_is_walked_once() -> None:
    """An address is looked for where a word begins, so a cell of 100,000 letters costs one try."""
    assert module._ADDRESS.pattern.startswith(module._BEGINNING)
    assert len(re.findall(module._BEGINNING, "x" * 100_000)) == 1
    assert len(re.findall(module._BEGINNING, "x y@z " * 100)) == 300  # words, counted by hand


def test_what_a_terminal_would_obey_is_shown() -> None:
    """Escapes, marks of direction and bytes that were no text come out as numbers."""
    assert visible("a\x1b[31m\x07\u202eb\udce9\ud800\r") == (r"a\x1b[31m\x07\u202eb\xe9\ud800\x0d")
    assert visible("Zoë\t\n") == "Zoë\t\n"
    assert shown("ada\x1b@acme.example") == "a...@acme.example"


def test_an_excerpt_is_short_and_on_one_line() -> None:
    """70 characters at most (pin), blanks and line ends as one blank."""
    assert excerpt("a\n  b\tc") == "a b c"
    assert excerpt("ada@acme.example\n") == "a...@acme.example"
    long = excerpt("x " * 100)
    assert len(long) == 70
    assert long.endswith("...")


def test_a_row_is_one_line_of_csv_or_json() -> None:
    """Cells are quoted where they must be; an object keeps its letters."""
    assert row_text(Row(record=1, line=2, cells=["a,b", 'c"d', ""])) == '"a,b","c""d",'
    assert row_text(Object(record=1, line=1, fields={"é": [1, None]})) == '{"é":[1,null]}'
