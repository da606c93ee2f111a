"""What a file yields: rows of cells, JSON objects, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from icptest.errors import InputError


class Row(NamedTuple):
    """One data row of a table; as many cells as the header has columns.

    Attributes:
        record: Counted from 1, the header not counted.
        line: Physical line (row of the sheet) where the record begins, counted from 1.
        cells: Text of every cell, as written.
    """

    record: int
    line: int
    cells: list[str]


class Object(NamedTuple):
    """One JSON object of a stream, array or page.

    Attributes:
        record: Counted from 1 over the whole file.
        line: Physical line where the object begins, counted from 1.
        fields: The object, with duplicate keys, NaN and Infinity refused.
    """

    record: int
    line: int
    fields: Mapping[str, Any]


class BadRow(NamedTuple):
    """A record that cannot be read; kept whole.

    Attributes:
        record: Counted from 1, the header not counted.
        line: Physical line where it begins.
        reason: Kebab word of `report.words.reasons`.
        text: The raw text.
    """

    record: int
    line: int
    reason: str
    text: str


class Table(Protocol):
    """A CSV file or a sheet of a workbook, its header read, its rows not yet."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def header(self) -> tuple[str, ...]:
        """Column names as written, stripped; unique and not empty."""

    def rows(self) -> Iterator[Row | BadRow]:
        """Read the rows, from the first, each time it is called."""


class Objects(Protocol):
    """A JSON file whose objects are records."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def sample(self) -> tuple[Mapping[str, Any], ...]:
        """Up to the first 20 objects, for a source to recognise."""

    @property
    def total(self) -> int | None:
        """How many records the pages read so far say that there are; None where none does."""

    @property
    def broken(self) -> InputError | None:
        """Where the JSON is damaged first, up to the last object of the sample, as an error."""

    def rows(self) -> Iterator[Object | BadRow]:
        """Read the objects, from the first, each time it is called."""
