"""CSV files: every row is read right or set aside, never silently wrong."""

from __future__ import annotations

import csv
import io
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icptest.errors import InputError
from icptest.reading import BadRow, Row, file_digest, open_table
from icptest.reading.csv_file import CELL_LIMIT, LINE_LIMIT, CsvTable
from icptest.reading.encodings import KNOWN

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "email,company,sent\n"


def contact(number: int, company: str = "Acme") -> str:
    """One row as a tool writes it."""
    return f"p{number}@example.com,{company},2026-03-{number % 28 + 1:02} 10:00\n"


def read(path: Path, content: str | bytes, encoding: str | None = None) -> list[Row | BadRow]:
    """Write a file and read its rows."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_table(path, encoding=encoding).rows())


def brief(rows: list[Row | BadRow]) -> list[tuple[int, object]]:
    """Line, and first cell or reason."""
    return [
        (row.line, row.cells[0].split("@")[0] if isinstance(row, Row) else row.reason)
        for row in rows
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file to write."""
    return tmp_path / "export.csv"


def test_rows_come_with_their_record_and_line(path: Path) -> None:
    """Records count from 1, lines from the header; blank lines count as lines only."""
    rows = read(path, HEADER + contact(1) + "\n,,\n" + contact(2, '"A\nB"') + contact(3))
    assert rows == [
        Row(1, 2, ["p1@example.com", "Acme", "2026-03-02 10:00"]),
        Row(2, 5, ["p2@example.com", "A\nB", "2026-03-03 10:00"]),
        Row(3, 7, ["p3@example.com", "Acme", "2026-03-04 10:00"]),
    ]


def test_rows_can_be_read_again(path: Path) -> None:
    """Each call of rows reads from the first row, also while another is under way."""
    path.write_text(HEADER + contact(1) + contact(2))
    table = open_table(path)
    first = table.rows()
    next(first)
    assert len(list(table.rows())) == 2
    assert len(list(first)) == 1


PLAIN = "email,note\np1@example.com,caf\u00e9\np2@example.com,b\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n", "\r\n", 2).encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode("utf-16"),
        PLAIN.encode("utf-32"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace(",", "|").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        PLAIN.replace("note", " note ").encode(),
        PLAIN.replace("caf\u00e9", '"caf\u00e9"').encode(),
        PLAIN.replace("caf\u00e9\n", "caf\u00e9,,\n").encode(),
    ],
)
def test_every_way_to_write_a_table_reads_the_same(path: Path, content: bytes) -> None:
    """Encodings with a BOM, line ends, delimiters and quotes make no difference."""
    path.write_bytes(content)
    table = open_table(path)
    assert table.header == ("email", "note")
    cells = [row.cells for row in table.rows() if isinstance(row, Row)]
    assert cells == [["p1@example.com", "caf\u00e9"], ["p2@example.com", "b"]]


def test_another_encoding_is_asked_for(path: Path) -> None:
    """Bytes that are not UTF-8 refuse the file, say where, and are read once it is said."""
    content = HEADER.encode() + b"p1@example.com,Jos\xe9,2026-03-01\n"
    with pytest.raises(InputError, match="wrong-encoding") as caught:
        read(path, content)
    assert caught.value.location.line == 2
    assert "cp1252" in caught.value.facts["encodings"]
    rows = read(path, content, encoding="cp1252")
    assert isinstance(rows[0], Row)
    assert rows[0].cells[1] == "Jos\u00e9"


def test_a_bad_byte_far_down_is_found(path: Path) -> None:
    """The line of a byte that is not UTF-8 is named however far down it is."""
    content = HEADER.encode() + contact(1).encode() * 20_000 + b"\xff,x,y\n"
    with pytest.raises(InputError, match="wrong-encoding") as caught:
        read(path, content)
    assert caught.value.location.line == 20_002


def test_utf_16_without_a_mark_is_named(path: Path) -> None:
    """UTF-16 without a BOM is a question that names it."""
    with pytest.raises(InputError, match="wrong-encoding") as caught:
        read(path, PLAIN.encode("utf-16-le"))
    assert caught.value.facts["first"] == "utf-16-le"
    assert len(read(path, PLAIN.encode("utf-16-le"), encoding="utf-16-le")) == 2


@pytest.mark.parametrize(
    "encoding",
    [
        *("klingon", "", "a\0b", "x" * 5000, "é", "\udcff"),
        *("rot13", "base64", "hex", "idna", "punycode", "unicode_escape", "raw_unicode_escape"),
        *("undefined", "mbcs", "charmap", "palmos", "utf-7", "hz", "cp037"),
    ],
)
def test_an_unknown_encoding_is_refused(path: Path, encoding: str) -> None:
    """An encoding that is none, or that is no encoding of text, is refused."""
    with pytest.raises(InputError, match="unknown-encoding"):
        read(path, PLAIN, encoding=encoding)


@pytest.mark.parametrize("encoding", sorted(KNOWN))
def test_every_known_encoding_reads_a_table(path: Path, encoding: str) -> None:
    """Each name is one of Python's, and a table of ASCII letters in it is read as it was."""
    plain = "Email,Name\nada@acme.example,Ada\n"
    assert read(path, plain.encode(encoding), encoding=encoding) == read(path, plain)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["le", "be"])
def test_wide_text_without_a_byte_order_mark(path: Path, encoding: str, order: str) -> None:
    """Whoever names only the width is understood: zeros show which byte comes first."""
    content = PLAIN.encode(f"{encoding}-{order}")
    assert read(path, content, encoding=encoding) == read(path, PLAIN)


def test_narrow_text_is_no_wide_text(path: Path) -> None:
    """A file that is not as wide as somebody said is refused, with an encoding that fits."""
    with pytest.raises(InputError, match="wrong-encoding"):
        read(path, "Email,Name\nada@acme.example,Zoë\n", encoding="utf-32")


def test_a_slip_in_an_encoding_gets_the_nearest(path: Path) -> None:
    """A name that is nearly right is answered with the right one."""
    with pytest.raises(InputError, match="unknown-encoding") as caught:
        read(path, PLAIN, encoding="Latin_Roman")
    assert caught.value.facts["nearest"] == "mac-roman"
    with pytest.raises(InputError, match="unknown-encoding") as caught:
        read(path, PLAIN, encoding="cp125")
    assert caught.value.facts["nearest"].startswith("cp125")


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b"\n  <html>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "an XML file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'{"a": 1}', "JSON"),
        (b"\x01\x02\x03\x04\x05\x06binary", "binary"),
        (b"a,b\0\n1,2\n", "binary"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(
    path: Path, content: bytes, looks_like: str
) -> None:
    """A file of another kind is refused whatever its name, and the kind is named."""
    with pytest.raises(InputError, match="not-a-table") as caught:
        read(path, content)
    assert looks_like in caught.value.facts["looks_like"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b" \r\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_refused(path: Path, content: bytes) -> None:
    """A file without any text is refused."""
    with pytest.raises(InputError, match="empty-file"):
        read(path, content)


def test_files_that_cannot_be_opened_are_said(path: Path) -> None:
    """A missing file and a folder are told apart."""
    with pytest.raises(InputError, match="no-such-file"):
        open_table(path)
    with pytest.raises(InputError, match="not-a-file"):
        open_table(path.parent)


def test_a_header_alone_is_a_table_without_rows(path: Path) -> None:
    """A header, with or without a line end, has no rows."""
    assert read(path, "a,b") == []
    assert read(path, "a,b\n") == []


def test_a_name_used_twice_is_refused(path: Path) -> None:
    """Two columns of one name refuse the file; nameless columns get a name by their place."""
    with pytest.raises(InputError, match="duplicate-column") as caught:
        read(path, "email,x,email \n1,2,3\n")
    assert caught.value.location.column == "email"
    path.write_text("a,,b,,column 5,\n1,2,3,4,5,\n")
    assert open_table(path).header == ("a", "column 2", "b", "column 4", "column 5", "column 6")


def test_a_comma_too_many_in_the_header_costs_no_row(path: Path) -> None:
    """Rows may lack the cells of nameless last columns, and no others."""
    rows = read(path, "a,b,\n1,2\n3,4,\n5,6,7\n8\n")
    assert brief(rows) == [(2, "1"), (3, "3"), (4, "5"), (5, "short-row")]
    assert rows[0][2] == ["1", "2", ""]


def test_a_broken_header_is_refused(path: Path) -> None:
    """A quote that the header does not close refuses the file."""
    with pytest.raises(InputError, match="broken-header"):
        read(path, 'a,"b\n1,2\n')


def test_a_header_may_have_several_lines(path: Path) -> None:
    """A quoted name may hold a line end, and lines go on counting."""
    assert read(path, 'a,"Start\ndate"\n1,2\n') == [Row(1, 3, ["1", "2"])]


LINKEDIN = (
    'Notes:\n"When exporting, note this, and that."\n\n'
    "First Name,Last Name,URL\nA,B,https://example.com/a\nC,D,https://example.com/c\n"
)


def test_a_preamble_is_skipped(path: Path) -> None:
    """Notes before a clear header are no header, and lines go on counting."""
    path.write_text(LINKEDIN)
    table = open_table(path)
    assert table.header == ("First Name", "Last Name", "URL")
    assert brief(list(table.rows())) == [(5, "A"), (6, "C")]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("Name\nSmith, John\nDoe, Jane\n", ("Name",)),
        ("email\na@example.com,x,y\nb@example.com,x,y\n", ("email",)),
        ("email,name\nx,company name,y\na,b,c\n", ("email", "name")),
        ("note\nfirst name,email,url\n", ("note",)),
    ],
)
def test_a_header_is_not_taken_for_a_preamble(
    path: Path, content: str, header: tuple[str, ...]
) -> None:
    """Where a later line is not beyond doubt the header, the first line is."""
    path.write_text(content)
    assert open_table(path).header == header


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x,y\n", "short-row"),
        ("x,y,z,1\n", "long-row"),
        ("x,\0,z\n", "nul-byte"),
        ('x,"y"y,z\n', "broken-quote"),
        ('x,"y\n', "broken-quote"),
        ('x,y,"\n', "broken-quote"),
        (f"x,{'y' * (CELL_LIMIT + 1)},z\n", "too-large"),
        (f"x,{'y' * (LINE_LIMIT + 1)},z\n", "too-large"),
        (f"x,{'y' * (2 * LINE_LIMIT + 1)},z\n", "too-large"),
    ],
)
def test_a_bad_line_costs_itself_alone(path: Path, line: str, reason: str) -> None:
    """A line that is no row is set aside with its text; those around it are read."""
    good = [contact(number) for number in range(10)]
    rows = read(path, HEADER + "".join(good[:5]) + line + "".join(good[5:]))
    assert [row.record for row in rows] == list(range(1, 12))
    assert [row.line for row in rows] == list(range(2, 13))
    bad = rows.pop(5)
    assert isinstance(bad, BadRow)
    assert bad.reason == reason
    assert line.rstrip("\n").startswith(bad.text)
    assert [row.cells[0] for row in rows if isinstance(row, Row)] == [
        f"p{number}@example.com" for number in range(10)
    ]


@pytest.mark.parametrize("at", range(10))
def test_one_open_quote_of_ten_rows_loses_only_itself(path: Path, at: int) -> None:
    """A quote left open in any row costs that row and no other."""
    lines = [contact(n, '"Acme' if n == at else "Acme") for n in range(10)]
    rows = read(path, HEADER + "".join(lines))
    assert len(rows) == 10
    assert [row.record for row in rows if isinstance(row, BadRow)] == [at + 1]


def test_an_open_quote_closed_rows_later_swallows_nothing(path: Path) -> None:
    """Two damaged rows whose quotes match do not make one row of all between."""
    content = HEADER + contact(0, '"Acme') + contact(1) + contact(2) + contact(3, 'Bee"')
    rows = read(path, content + contact(4))
    assert brief(rows) == [
        (2, "broken-quote"),
        (3, "p1"),
        (4, "p2"),
        (5, "in-broken-quote"),
        (6, "p4"),
    ]


def test_two_neighbours_with_one_quote_each_are_both_set_aside(path: Path) -> None:
    """An open quote closed in the very next row is found out too."""
    rows = read(path, HEADER + contact(0, '"Acme') + contact(1, 'Bee"') + contact(2))
    assert brief(rows) == [(2, "broken-quote"), (3, "in-broken-quote"), (4, "p2")]


@pytest.mark.parametrize(
    "body",
    [
        "Hi,\nthanks, but no\n\nBob",
        "a,b,c\nd,e,f\ng,h,i",
        'He said ""no, thanks""\nand left, again, later',
        "On Mon, x@example.com wrote:\n> hello, there, you",
        '{""a"": 1,\n""b"": [1, 2, 3],\n""c"": 2}',
        "1 Main St,\r\nSuite 2,\rNew York",
        "\n\n\n",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_cells_of_several_lines_pass(path: Path, body: str, place: int) -> None:
    """Bodies, JSON and addresses with line ends and commas stay one cell, in any column."""
    names = ["email", "sent"]
    names.insert(place, "body")
    lines = [",".join(names)]
    for number in range(6):
        cells = [f"p{number}@example.com", "2026-03-01T10:00:00Z"]
        cells.insert(place, f'"{body}"' if number % 2 else "short")
        lines.append(",".join(cells))
    rows = read(path, "\n".join(lines) + "\n")
    assert all(isinstance(row, Row) for row in rows)
    assert [row[2][place] for row in rows][1] == body.replace('""', '"')
    assert len(rows) == 6


def test_a_line_within_a_cell_is_no_row_when_the_quote_is_cut_off(path: Path) -> None:
    """A cut within a cell leaves lines with the right number of commas; none becomes a row."""
    rows = read(path, 'email,body\np1@example.com,ok\np2@example.com,"Hi Bob,\nthanks, Ann\n')
    assert brief(rows) == [(2, "p1"), (3, "broken-quote"), (4, "in-broken-quote")]


def test_a_last_row_without_a_line_end_is_set_aside(path: Path) -> None:
    """A last row without a line end may be cut off; blanks at the end are nothing."""
    assert brief(read(path, HEADER + contact(1) + contact(2).rstrip())) == [
        (2, "p1"),
        (3, "no-final-newline"),
    ]
    assert brief(read(path, HEADER + contact(1) + "  ")) == [(2, "p1")]
    assert brief(read(path, HEADER + contact(1) + ",,")) == [(2, "p1"), (3, "no-final-newline")]


def _cut_source() -> bytes:
    seeded = random.Random(5)  # noqa: S311 - a seeded test
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["email", "company", "body", "sent", "replies"])
    for number in range(60):
        body = seeded.choice(["", "ok", "Hi, Jos\u00e9\nthanks,a,b,c,d\nBye", 'say "no", x\n\ny'])
        sent = f"2026-03-{number % 28 + 1:02}T10:00:00Z"
        writer.writerow([f"p{number}@example.com", f"C {number}", body, sent, number % 3])
    return out.getvalue().encode()


def test_no_cut_makes_a_wrong_row(path: Path) -> None:
    """Of 500 random cuts none yields a row that the whole file has not; plain CSV does."""
    whole = _cut_source()
    true_rows = [row.cells for row in read(path, whole) if isinstance(row, Row)]
    assert len(true_rows) == 60
    seeded = random.Random(11)  # noqa: S311 - a seeded test
    wrong = plainly_wrong = 0
    start = whole.index(b"\n") + 1
    for _ in range(500):
        cut = whole[: seeded.randrange(start, len(whole))]
        path.write_bytes(cut)
        rows = list(CsvTable(path, "utf-8-sig").rows())
        cells = [row.cells for row in rows if isinstance(row, Row)]
        wrong += cells != true_rows[: len(cells)]
        plain = list(csv.reader(io.StringIO(cut.decode("utf-8", "replace"))))[1:]
        plainly_wrong += any(len(row) == 5 and row not in true_rows for row in plain)
    assert wrong == 0
    assert plainly_wrong > 5


def test_no_cut_of_utf_16_makes_a_wrong_row(path: Path) -> None:
    """A cut between the bytes of a character costs the last row, not the file."""
    whole = HEADER.encode("utf-16") + (contact(1) + contact(2)).encode("utf-16-le")
    true_rows = [row.cells for row in read(path, whole) if isinstance(row, Row)]
    for end in range(len(HEADER.encode("utf-16")), len(whole)):
        cells = [row.cells for row in read(path, whole[:end]) if isinstance(row, Row)]
        assert cells == true_rows[: len(cells)]


@pytest.mark.parametrize(
    "line", ['a",",c\n', 'x,"y\n', 'x,"y\nq,""\n', '"\n', ',"\n",\n', 'a,"\n\n\n\n\n\n']
)
def test_many_broken_quotes_cost_linear_work(path: Path, line: str) -> None:
    """A file of nothing but broken quotes is read to its end without reading lines for ever."""
    path.write_text("a,b\n" + line * 60_000)
    table = CsvTable(path, "utf-8-sig")
    rows = list(table.rows())
    assert len(rows) <= 60_000 * line.count("\n")


def test_the_digest_is_of_the_bytes(path: Path) -> None:
    """The digest is SHA-256 of the file, with its name."""
    path.write_bytes(b"abc")
    assert file_digest(path) == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


CELL = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0@\ufeff0123456789/"),
    max_size=12,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=6)
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_written_is_read(
    path: Path, table: list[list[str]], quoting: int, delimiter: str
) -> None:
    """Any table written by the standard writer is read back, but for rows of blanks."""
    width = len(table[0]) if table else 1
    delimiter = delimiter if width > 1 else ","  # a header of one name shows no other
    header = [f"name {i}" for i in range(width)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=quoting, delimiter=delimiter)  # type: ignore[arg-type]
        writer.writerow(header)
        writer.writerows(table)
    read_back = list(open_table(path).rows())
    assert [row[2] for row in read_back if any(map(str.strip, row[2]))] == [
        row for row in table if any(map(str.strip, row))
    ]
