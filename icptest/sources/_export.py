"""What every source asks of a file: which columns or keys it has, and whether it is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard, cast

from icptest import spelling
from icptest.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icptest.reading.records import Objects, Table
    from icptest.sources._base import Reader, Settings

_LISTED = 40


def is_table(export: Table | Objects) -> TypeGuard[Table]:
    """Whether a file has a header and rows (else it holds JSON objects)."""
    return hasattr(export, "header")


def require_table(export: Table | Objects) -> Table:
    """Return a file that has a header and rows.

    Raises:
        InputError: "not-a-table" for one that holds JSON objects.
    """
    if is_table(export):
        return export
    path = str(export.path)
    raise InputError("not-a-table", location=Location(file=path), path=path, looks_like="JSON")


def fold(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    return " ".join(name.split()).casefold()


def seen_names(export: Table | Objects) -> tuple[str, ...]:
    """Return the columns of a table, or the keys of the first objects, in order."""
    if is_table(export):
        return export.header
    sample = cast("Objects", export).sample
    return tuple(dict.fromkeys(key for fields in sample for key in fields))


def nearest(value: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most like `value` whatever the letter case, if one is like it."""
    words = {fold(word): word for word in allowed}
    found = spelling.nearest(fold(value), words)
    return None if found is None else words[found]


def listed(words: Iterable[str]) -> str:
    """Return words as messages list them; a long list ends with how many more there are."""
    words = tuple(words)
    more = len(words) - _LISTED
    return ", ".join(words[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def table_claims(needs: Iterable[str]) -> Callable[[Table | Objects], bool]:
    """Return a `claims` that asks for all these columns, in any order and letter case."""
    wanted = frozenset(map(fold, needs))

    def claims(export: Table | Objects) -> bool:
        return is_table(export) and wanted <= {fold(name) for name in export.header}

    return claims


def object_claims(like: Callable[[Mapping[str, Any]], bool]) -> Callable[[Table | Objects], bool]:
    """Return a `claims` that asks most of the first objects.

    Most, not all: one odd record is set aside with its reason, it does not unclaim a file.
    Two layouts with exclusive `like` can never both have most.
    """

    def claims(export: Table | Objects) -> bool:
        if is_table(export):
            return False
        sample = cast("Objects", export).sample
        return 2 * sum(map(like, sample)) > len(sample)

    return claims


def for_table(
    reader: Callable[[Table, Settings], Reader],
) -> Callable[[Table | Objects, Settings], Reader]:
    """Return an `open` that binds this reader to a table.

    Raises:
        InputError: (the `open`) "not-a-table" for a file of JSON objects.
    """

    def open_export(export: Table | Objects, settings: Settings) -> Reader:
        return reader(require_table(export), settings)

    return open_export


def for_objects(
    reader: Callable[[Settings], Reader],
) -> Callable[[Table | Objects, Settings], Reader]:
    """Return an `open` that binds this reader to JSON objects: each brings its own keys."""

    def open_export(_: Table | Objects, settings: Settings) -> Reader:
        return reader(settings)

    return open_export


class Columns:
    """The columns of one table, found by name whatever their order and letter case."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._index: dict[str, int] = {}
        for number, name in enumerate(table.header):
            self._index.setdefault(fold(name), number)

    def find(self, name: str | None) -> int | None:
        """Return a column's position, None when the file has no such column."""
        return None if name is None else self._index.get(fold(name))

    def need(self, name: str) -> int:
        """Return a column's position.

        Raises:
            InputError: "missing-column", with the columns there are and the most like one.
        """
        found = self.find(name)
        if found is None:
            header = self._table.header
            raise InputError(
                "missing-column",
                location=Location(file=str(self._table.path), line=1),
                source="The mapping",
                missing=name,
                nearest=nearest(name, header),
                seen=listed(header),
            )
        return found
