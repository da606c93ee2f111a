"""Excel workbooks: cells as a CSV would have them, and hostile ones refused early."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from icptest.errors import InputError
from icptest.reading import Row, open_export, open_table
from icptest.reading.xlsx_file import XlsxTable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook under the name of a CSV file: the name is not asked."""
    return tmp_path / "export.csv"


def save(path: Path, *sheets: list[list[Any]], hidden: int | None = None) -> None:
    """Write sheets of values."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
        if number == hidden:
            sheet.sheet_state = "hidden"
    book.save(path.with_suffix(".xlsx"))
    path.with_suffix(".xlsx").rename(path)


def test_cells_become_the_text_a_csv_would_have(path: Path) -> None:
    """Whole numbers have no decimals, flags are words, times are ISO without a zone."""
    when = datetime(2026, 3, 4, 10, 30)  # noqa: DTZ001 - sheets know no zones
    values = ["caf\u00e9", 61249350200, 3.5, True, when, date(2026, 3, 4), "007", "=1"]
    values[-1] = None
    save(path, [["a", "b", "c", "d", "e", "f", "g", "h"], values])
    table = open_table(path)
    assert table.header == ("a", "b", "c", "d", "e", "f", "g", "h")
    assert list(table.rows()) == [
        Row(
            1,
            2,
            [
                "caf\u00e9",
                "61249350200",
                "3.5",
                "true",
                "2026-03-04T10:30:00",
                "2026-03-04",
                "007",
                "",
            ],
        )
    ]


def test_lines_are_rows_of_the_sheet_and_blank_rows_are_none(path: Path) -> None:
    """Blank rows before, between and after are skipped, and the sheet's own numbers kept."""
    save(path, [[], [None, "a", "b"], [], [None, 1, 2], [], [None, 3], [None, ""], []])
    assert list(open_table(path).rows()) == [Row(1, 4, ["1", "2"]), Row(2, 6, ["3", ""])]


def test_the_first_visible_sheet_with_content_is_read(path: Path) -> None:
    """Empty and hidden sheets are passed over, and the sheet's name is known."""
    save(path, [["secret"]], [], [["a"], [1]], [["b"], [2]], hidden=0)
    table = open_table(path)
    assert isinstance(table, XlsxTable)
    assert (table.sheet, table.header) == ("Sheet 2", ("a",))
    assert len(list(table.rows())) == len(list(table.rows())) == 1


def test_headers_obey_the_rules_of_csv(path: Path) -> None:
    """A preamble is skipped and a name used twice refused, as in CSV."""
    save(path, [["Notes"], [], ["First Name", "Email", "URL"], ["A", "a@example.com", "x"]])
    assert open_table(path).header == ("First Name", "Email", "URL")
    save(path, [["a", "a"], [1, 2]])
    with pytest.raises(InputError, match="duplicate-column"):
        open_table(path)


def test_a_workbook_without_content_is_empty(path: Path) -> None:
    """A workbook of empty sheets is an empty file."""
    save(path, [], [])
    with pytest.raises(InputError, match="empty-file"):
        open_export(path)


@pytest.mark.parametrize(
    ("name", "looks_like"),
    [
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "xlsb"),
        ("x.csv", "ZIP"),
    ],
)
def test_other_archives_are_refused(path: Path, name: str, looks_like: str) -> None:
    """A ZIP that is no workbook is refused by what it is."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(InputError, match="not-a-table") as caught:
        open_table(path)
    assert looks_like in caught.value.facts["looks_like"]


def test_a_cut_or_changed_workbook_is_refused(path: Path) -> None:
    """A workbook that lost its end, or a byte of its sheet, is refused and never half read."""
    save(path, [["email", "n"], *([f"p{n}@example.com", n] for n in range(200))])
    whole = path.read_bytes()
    for end in range(4, len(whole), len(whole) // 40):
        path.write_bytes(whole[:end])
        with pytest.raises(InputError, match="not-a-table"):
            open_table(path)
    at = whole.index(b"xl/worksheets/sheet1.xml") + 200
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    with pytest.raises(InputError, match="not-a-table"):
        open_table(path)


def _with_sheet(path: Path, sheet: bytes | int) -> None:
    """Put another sheet, or that many megabytes of blanks, in a workbook's place."""
    save(path, [["a"], [1]])
    with zipfile.ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = sheet if isinstance(sheet, bytes) else b" " * (sheet << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    """A small file that unpacks to 201 MB is refused from its directory, quickly."""
    _with_sheet(path, 201)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(InputError, match="file-too-large") as caught:
        open_table(path)
    assert "unpacked" in caught.value.facts["what"]


def test_a_bomb_that_lies_about_its_size_is_refused(path: Path) -> None:
    """A directory that states a smaller size than the data has is found out."""
    _with_sheet(path, 20)
    true_size, stated = (20 << 20).to_bytes(4, "little"), (1 << 10).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size, stated))
    with pytest.raises(InputError, match="not-a-table"):
        open_table(path)


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_in_the_last_corner_is_refused(path: Path, rows: bytes) -> None:
    """Two cells that span the whole sheet are refused before any memory is asked for."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"
    _with_sheet(path, sheet)
    with pytest.raises(InputError, match="file-too-large") as caught:
        open_table(path)
    assert caught.value.facts["what"] == "cells"


def test_too_many_parts_are_refused(path: Path) -> None:
    """A workbook of more files than any program writes is refused."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(501):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(InputError, match="file-too-large"):
        open_table(path)
