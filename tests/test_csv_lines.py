"""Lines of CSV: what the standard reader reads back is what was written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.csv_lines import csv_line

CELLS = st.lists(st.text(alphabet='a,"\r\n; é\t', max_size=4), min_size=1, max_size=4)


@given(st.lists(CELLS, max_size=4))
def test_the_standard_reader_reads_back_what_was_written(rows: list[list[str]]) -> None:
    """Commas, quotes, and every kind of line end within cells come back as they were."""
    text = "".join(map(csv_line, rows))
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == rows


@given(CELLS)
def test_it_writes_as_the_standard_writer_does(cells: list[str]) -> None:
    """The same letters, but for a lone carriage return, which that leaves without quotes."""
    cells = [cell.replace("\r", "") for cell in cells]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    assert csv_line(cells) == out.getvalue()


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["a", "b"], "a,b\n"),
        (["a,b", "c"], '"a,b",c\n'),
        (['a"b', "c"], '"a""b",c\n'),
        (["a\rb", "c"], '"a\rb",c\n'),
        ([""], '""\n'),
        (["", ""], ",\n"),
    ],
)
def test_quotes_stand_where_they_are_needed(cells: list[str], line: str) -> None:
    """By hand, after RFC 4180."""
    assert csv_line(cells) == line
