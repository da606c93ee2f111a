"""JSON files: every object with its place, and nothing lost around a broken one."""

from __future__ import annotations

import json
import random
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from icptest.errors import InputError
from icptest.reading import BadRow, Object, open_export

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file to write."""
    return tmp_path / "export.json"


def read(path: Path, content: str | bytes, encoding: str | None = None) -> list[Any]:
    """Line and fields of every object; line and reason of what is set aside."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows = list(open_export(path, encoding=encoding).rows())
    assert [row.record for row in rows] == list(range(1, len(rows) + 1))
    return [
        (row.line, dict(row.fields)) if isinstance(row, Object) else (row.line, row.reason)  # type: ignore[union-attr]
        for row in rows
    ]


A, B = {"a": 1}, {"a": 2}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a":1}\n{"a":2}\n', [(1, A), (2, B)]),
        ('{"a":1}\n\n{"a":2}', [(1, A), (3, B)]),
        ('{"a":1}{"a":2}', [(1, A), (1, B)]),
        ('{\n"a":1\n}\n{\n"a":2\n}\n', [(1, A), (4, B)]),
        ('[{"a":1},\n{"a":2}]', [(1, A), (2, B)]),
        ('[{"a":1}]\n[{"a":2}]', [(1, A), (2, B)]),
        ('{"data":[{"a":1},\n{"a":2}],"offset":0}', [(1, A), (2, B)]),
        ('{"total_stats":"2","data":[{"a":1}],"offset":0}\n{"data":[{"a":2}]}', [(1, A), (2, B)]),
        ('{"items":[{"a":1},{"a":2}],"next_starting_after":"x"}', [(1, A), (1, B)]),
        ('{"items":["x"],"data":[{"a":1}]}', [(1, A)]),
        ('{"data":[],"total":0}', []),
        ("[]", []),
        ('{"a":1}', [(1, A)]),
        ("{}", [(1, {})]),
    ],
)
def test_every_shape_gives_its_objects(path: Path, content: str, expected: list[Any]) -> None:
    """Lines, concatenated objects, lists and pages give their objects with their lines."""
    assert read(path, content) == expected
    assert read(path, content.encode("utf-8-sig")) == expected
    assert read(path, content.replace("\n", "\r\n").encode("utf-16")) == expected


@pytest.mark.parametrize(
    "record",
    [
        {"email": "p@example.com", "history": [{"x": 1}]},
        {"lead_email": "p@example.com", "events": [{"x": 1}]},
        {"leadEmail": "p@example.com", "activities": [{"x": 1}]},
        {"event_type": "EMAIL_SENT", "data": [{"x": 1}]},
        {"event": {"type": "x"}, "data": {"y": 1}},
        {"type": "x", "items": [{"x": 1}]},
        {"id": 5, "emails": [{"x": 1}]},
        {"history": [{"x": 1}], "to": "p@example.com"},
        {"payload": {"x": 1}},
        {"name": "Ann", "history": []},
        {"data": {"x": 1}},
        {"emails": ["p@example.com"]},
    ],
)
def test_a_record_is_not_taken_for_a_page(path: Path, record: dict[str, Any]) -> None:
    """An object about one contact or event stays whole, whatever lists it holds."""
    assert read(path, json.dumps(record)) == [(1, record)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a":1,"a":2}', "duplicate-key"),
        ('{"b":{"a":1,"a":2}}', "duplicate-key"),
        ('{"a":NaN}', "not-json"),
        ('{"a":-Infinity}', "not-json"),
        ('{"a":1e999}', "not-json"),
        ('{"a":' + "9" * 5000 + "}", "not-json"),
        ('{"a":"\\ud800"}', "not-json"),
        ('{"a":"x\\u0000"}', "nul-byte"),
        ("5", "not-an-object"),
        ('"x"', "not-an-object"),
        ("null", "not-an-object"),
        ('{"a":' * 101 + "1" + "}" * 101, "too-deep"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "too-deep"),
    ],
)
def test_a_value_that_cannot_be_kept_costs_itself(path: Path, line: str, reason: str) -> None:
    """JSON that must not be kept is set aside alone, in lines, in lists and in pages."""
    assert read(path, f'{{"a":1}}\n{line}\n{{"a":2}}\n') == [(1, A), (2, reason), (3, B)]
    assert read(path, f'[{{"a":1}},{line},{{"a":2}}]') == [(1, A), (1, reason), (1, B)]
    page = f'{{"n":1,"data":[{{"a":1}},{line},{{"a":2}}],"offset":1}}'
    assert read(path, page) == [(1, A), (1, reason), (1, B)]


@pytest.mark.parametrize(
    "line",
    ["oops", '{"a":', '{"a":1,"b":[', '{"a":"x', "{'a':1}", '{"a":1,}', '{"a":1 "b":2}', "[1,"],
)
def test_a_broken_line_costs_itself(path: Path, line: str) -> None:
    """A line that is not JSON is set aside, and the next line is read."""
    found = read(path, f'{{"a":1}}\n{line}\n{{"a":2}}\n')
    assert found[0] == (1, A)
    if line != "[1,":
        assert found == [(1, A), (2, "not-json"), (3, B)]


def test_a_hundred_levels_are_kept(path: Path) -> None:
    """Nesting up to the limit is kept, and many brackets side by side are not nesting."""
    deep = '{"a":' * 100 + "1" + "}" * 100
    wide = json.dumps({"a": [[1]] * 500})
    assert [line for line, _ in read(path, f"{deep}\n{wide}\n")] == [1, 2]
    assert all(isinstance(found, dict) for _, found in read(path, f"{deep}\n{wide}\n"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a":1}\n{"a":', [(1, A), (2, "truncated")]),
        ('{\n "a": 1,\n "b": "x', [(1, "truncated")]),
        ('[{"a":1},{"a":', [(1, A), (1, "truncated")]),
        ('[{"a":1},', [(1, A), (1, "truncated")]),
        ('[{"a":1}', [(1, A), (1, "truncated")]),
        ('{"data":[{"a":1},{"a', [(1, A), (1, "truncated")]),
        ('{"data":[{"a":1}],"offset":', [(1, A), (1, "truncated")]),
        ('{"data":[{"a":1}]', [(1, A), (1, "truncated")]),
        ("[" * 100_000, [(1, "truncated")]),
    ],
)
def test_a_cut_end_is_said_and_the_rest_kept(path: Path, content: str, expected: list[Any]) -> None:
    """What stands before the cut is kept, and the cut itself is a record set aside."""
    assert read(path, content) == expected


WIDE = [
    {"id": n, "email": f"p{n}@example.com", "sent": "2026-03-02", "log": [{"t": n}]}
    for n in range(9)
]
MANY = [json.dumps(one) for one in WIDE]


@pytest.mark.parametrize("page", [False, True])
@pytest.mark.parametrize(
    ("number", "broken"),
    [
        (4, MANY[4].replace('"email"', 'email"')),
        (4, MANY[4].replace(", ", " ", 1)),
        (4, MANY[4].replace("]", "")),
        (4, MANY[4].replace("{", "", 1)),
        (4, MANY[4][:-1]),
        (4, MANY[4][:40]),
        (4, MANY[4].replace("p4", "p\0004")),
        (4, MANY[4].replace(', "sent"', '}, "sent"')),
        (0, MANY[0].replace('"email"', 'email"')),
        (0, MANY[0].replace("{", "", 1)),
        (8, MANY[8].replace(":", "", 1)),
        (8, MANY[8].replace("{", "", 1)),
    ],
)
def test_a_broken_record_of_a_list_costs_itself(
    path: Path, page: bool, number: int, broken: str
) -> None:
    """One record is set aside with its line and text; those before and behind it are read."""
    lines = [*MANY[:number], broken, *MANY[number + 1 :]]
    head, tail = ('{"n": 9, "data": [\n', '\n], "offset": 0}') if page else ("[\n", "\n]")
    path.write_text(head + ",\n".join(lines) + tail)
    rows = list(open_export(path).rows())
    assert [row.fields for row in rows if isinstance(row, Object)] == [
        *WIDE[:number],
        *WIDE[number + 1 :],
    ]
    (bad,) = (row for row in rows if not isinstance(row, Object))
    assert isinstance(bad, BadRow)
    if page and number == 0 and "{" not in broken[:1]:
        assert bad.line <= 2  # Without its first bracket the list is not seen to be one.
    else:
        assert (bad.line, bad.record) == (number + 2, number + 1)
    assert broken.rstrip("}") in bad.text


@pytest.mark.parametrize(
    "text",
    [
        # A download that was cut, the next page appended: within a name, a value, between records.
        f'{{"n": 9, "data": [{MANY[0]}, {MANY[1][:13]}{{"n": 9, "data": [{MANY[2]}, {MANY[3]}]}}',
        f'{{"n": 9, "data": [{MANY[0]}, {MANY[1][:7]}{{"n": 9, "data": [{MANY[2]}, {MANY[3]}]}}',
        f'{{"n": 9, "data": [{MANY[0]}{{"n": 9, "data": [{MANY[2]}, {MANY[3]}]}}',
        f"[{MANY[0]}, {MANY[1][:7]}[{MANY[2]}, {MANY[3]}]",
        f"[{MANY[0]}, [{MANY[2]}, {MANY[3]}]",
        f"[{MANY[0]}][{MANY[2]} {MANY[3]}]",
        # Brackets and names around records.
        f'{{"total": 9, "dat": [{MANY[0]}, {MANY[2]}, {MANY[3]}]}}\n{{"total": 9, "data": []}}',
        f'"n": 9, "data": [{MANY[0]}, {MANY[2]}, {MANY[3]}]}}',
        f'}}"n": 9, "data": [{MANY[0]}, {MANY[2]}, {MANY[3]}]}}',
        f"({MANY[0]}, {MANY[2]}, {MANY[3]}]",
        f'{{"n" 9, "data": [{MANY[0]}, {MANY[2]}, {MANY[3]}]}}',
        f'{{"n": 9, "data": {MANY[0]}, {MANY[2]}, {MANY[3]}]}}',
        f"{MANY[0]}, {MANY[2]}, {MANY[3]}]",
        f"[{MANY[0]}, {MANY[2]}], {MANY[3]}]",
        f"[{MANY[0]},, {MANY[2]}, {MANY[3]}]",
        f"[{MANY[0]}, {MANY[2]}, {MANY[3]},]",
        f"[{MANY[0]}\0, {MANY[2]}, {MANY[3]}]",
    ],
)
def test_damage_around_records_costs_none(path: Path, text: str) -> None:
    """Whole records are read whatever is wrong between them, and the damage is one row."""
    path.write_text(text)
    rows = list(open_export(path).rows())
    found = [row.fields for row in rows if isinstance(row, Object)]
    assert found == [WIDE[0], WIDE[2], WIDE[3]]
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert 1 <= len(bad) <= 2
    assert all(row.text for row in bad)


def test_a_table_with_json_in_its_cells_stays_a_table(path: Path) -> None:
    """What is quoted as CSV quotes it is not taken for JSON that lost its first bracket."""
    path.write_text('Email,"Extra ""a"": 1"\nann@example.com,"{""a"": ""b""}"\n')
    assert open_export(path).header == ("Email", 'Extra "a": 1')  # type: ignore[union-attr]


def test_a_record_that_swallowed_the_others_is_taken_back(path: Path) -> None:
    """Where a list within a record lost its end, the records in it are read all the same."""
    text = "[" + ", ".join(MANY) + "]"
    text = text.replace(MANY[3], MANY[3].removesuffix("]}"))
    path.write_text('{"data": ' + text + ', "offset": 0}')
    rows = list(open_export(path).rows())
    found = [row.fields for row in rows if isinstance(row, Object)]
    assert found == [*WIDE[:3], *WIDE[4:]]


@pytest.mark.parametrize(
    ("text", "line", "character"),
    [
        # Nothing says whether the second object is a record or part of the first.
        ('[\n{"a": 1, "b" 2},\n{"c": 3}]', 2, 14),
        # A record unlike those before it may be one, or part of the one that is broken.
        (f'[{MANY[0]},\n{{"a": 1 2}},\n{{"c": 3}}]', 2, 9),
        # Records with a line each that stand in a page are no records with a line each.
        ('{"total_sta{"a": 1, "b": 2},\n{"c": 3},\n{"d": 4}]}', 1, 14),
        # More than a few records are skipped: nobody knows what stood there.
        ("[" + ",".join(MANY) + ",{" + "x" * 200_000 + "," + ",".join(MANY) + "]", 1, None),
    ],
    ids=["first", "unlike", "page", "long"],
)
def test_where_the_next_record_is_in_doubt_the_file_is_refused(
    path: Path, text: str, line: int, character: int | None
) -> None:
    """The error names the line, the character and the text of the damage."""
    path.write_text(text)
    with pytest.raises(InputError, match="broken-json") as caught:
        list(open_export(path).rows())
    assert caught.value.location.line == caught.value.facts["line"] == line
    if character is not None:
        assert caught.value.facts["character"] == character
    assert caught.value.excerpt


def test_a_place_in_a_long_line_is_counted_from_its_beginning(path: Path) -> None:
    """The character is that of the line, also where the text before it is not held any more."""
    before = "[" + ",".join(MANY * 1_500)
    assert len(before) > 1 << 20
    path.write_text(before + ',{"a" 1},{"c":2}]')
    with pytest.raises(InputError, match="broken-json") as caught:
        list(open_export(path).rows())
    assert caught.value.facts["character"] == len(before) + len(',{"a" ') + 1


@pytest.mark.parametrize("page", [False, True])
def test_no_cut_makes_a_wrong_object(path: Path, page: bool) -> None:
    """Of many random cuts none yields an object that the whole file has not."""
    records = [{"id": n, "email": f"p{n}@example.com", "t": 'x"\n\u00e9'} for n in range(40)]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n"
    listed = json.dumps({"n": 40, "data": records, "offset": 0}, ensure_ascii=False, indent=1)
    whole = (listed if page else lines).encode()
    seeded = random.Random(3)  # noqa: S311 - a seeded test
    for _ in range(400):
        path.write_bytes(whole[: seeded.randrange(1, len(whole))])
        rows = list(open_export(path).rows())
        found = [row.fields for row in rows if isinstance(row, Object)]
        if page and not found:
            continue
        assert found == records[: len(found)]
        assert len(rows) <= len(found) + 1


def test_a_sample_is_at_hand(path: Path) -> None:
    """The first 20 objects are there for recognising, broken ones left out."""
    path.write_text('{"a":0,"a":0}\n' + "".join(f'{{"a":{n}}}\n' for n in range(30)))
    sample = open_export(path).sample  # type: ignore[union-attr]
    assert [fields["a"] for fields in sample] == list(range(20))


def test_other_encodings_and_empty_files_are_refused(path: Path) -> None:
    """Bytes that are not UTF-8 are a question; blanks alone are no file."""
    content = '{"a":"\u00e9"}'.encode("cp1252")
    with pytest.raises(InputError, match="wrong-encoding"):
        read(path, content)
    assert read(path, content, encoding="cp1252") == [(1, {"a": "\u00e9"})]
    with pytest.raises(InputError, match="empty-file"):
        read(path, " \n")


@pytest.mark.parametrize("page", [False, True])
def test_a_long_file_is_not_held(path: Path, page: bool) -> None:
    """Twenty megabytes are read in a fraction of that memory, lines or page."""
    record = json.dumps({"id": 1, "email": "p@example.com", "t": "x" * 4000})
    text = ("," if page else "\n").join([record] * 5_000)
    path.write_text(f'{{"n":1,"data":[{text}]}}' if page else text)
    tracemalloc.start()
    try:
        count = sum(isinstance(row, Object) for row in open_export(path).rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 5_000
    assert peak < 0.7 * path.stat().st_size
