"""Counters: a column on its way from the cells of a list to numbers (`counted.py`).

A cell is kept as the number of what it says; each different cell is taken apart once.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from icptest.icp.apart import (
    APART,
    age_of,
    days_ago,
    entries_of,
    number_of,
    spelling_of,
)
from icptest.icp.bands import Bands, cut_points
from icptest.icp.counted import NONE, Attributes, common_traits, paired
from icptest.icp.criteria import Kind
from icptest.icp.fields import Field
from icptest.icp.judging import Remembered
from icptest.icp.phrases import says_nothing
from icptest.icp.shared import SharedColumn, TraitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from icptest.icp.customers import Account
    from icptest.reading.times import DateOrder

WITHIN_DAYS = (30, 60, 90, 180, 365)
"""How long ago an event may be; the article asks for 90."""
_LISTS = 1.2


class Counter:
    """One column on its way from cells to numbers.

    Args:
        column: Which.
    """

    def __init__(self, column: SharedColumn) -> None:
        self.column = column

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        """Take some rows of the market."""
        raise NotImplementedError

    def close(self, kept: NDArray[np.bool_], n: int) -> None:
        """Leave only the rows that were kept, and make room for `n` members."""
        raise NotImplementedError

    def put(
        self, row: int, account: Account, cells: Sequence[str] | None, order: DateOrder | None
    ) -> None:
        """Say of a customer what the market says of it, else what its own file does."""
        raise NotImplementedError

    def attributes(self, least: int) -> Attributes:
        """Return the attributes that enough members have."""
        raise NotImplementedError

    def _own_cell(self, account: Account, cells: Sequence[str] | None) -> str:
        if cells is not None and not says_nothing(cells[self.column.market]):
            return cells[self.column.market]
        return account.cells[self.column.customers]


class _Entries(Counter):
    """Entries of cells, countries and regions, or the beginnings of codes."""

    def __init__(self, column: SharedColumn) -> None:
        super().__init__(column)
        self._apart = APART[column.kind]
        self._spells = self._apart is entries_of
        self.numbers: dict[Any, int] = {}
        self.spelt: dict[str, str] = {}
        self.offsets, self.traits = array("q", [0]), array("i")
        self.code = Remembered(self._new_code)
        self._codes: Any = array("i")

    def _new_code(self, cell: str) -> int:
        found = [] if says_nothing(cell) else self._apart(cell)
        if not found:
            return NONE
        numbers = self.numbers
        if self._spells:
            self._remember_spelling(found, cell)
        self.traits.extend([numbers.setdefault(name, len(numbers)) for name in found])
        self.offsets.append(len(self.traits))
        return len(self.offsets) - 2

    def _remember_spelling(self, found: Sequence[str], cell: str) -> None:
        if all(name in self.spelt for name in found):
            return
        for name, spelt in spelling_of(cell).items():
            self.spelt.setdefault(name, spelt)

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        place, code = self.column.market, self.code
        self._codes.extend([code[row[place]] for row in rows])

    def close(self, kept: NDArray[np.bool_], n: int) -> None:
        self._codes = _room(np.frombuffer(self._codes, dtype=np.int32), kept, n, NONE)

    def put(
        self,
        row: int,
        account: Account,
        cells: Sequence[str] | None,
        order: DateOrder | None,  # noqa: ARG002 - no dates here
    ) -> None:
        self._codes[row] = self.code[self._own_cell(account, cells)]

    def attributes(self, least: int) -> Attributes:
        names = tuple(self.numbers)
        self.code.clear()
        traits, kept = common_traits(
            self._codes,
            np.frombuffer(self.offsets, dtype=np.int64),
            np.frombuffer(self.traits, dtype=np.int32),
            len(names),
            least,
        )
        known = traits.codes[traits.codes >= 0]
        per_cell = float(np.diff(traits.offsets)[known].mean()) if len(known) else 0.0
        is_list = self.column.kind is TraitKind.ENTRIES and per_cell > _LISTS
        return Attributes(
            column=self.column,
            traits=paired(traits, within=is_list),
            names=tuple(names[place] for place in kept),
            is_list=is_list,
            spelt={names[place]: self.spelt.get(names[place], names[place]) for place in kept},
        )


class _Numbers(Counter):
    """Numbers, or ages in years, cut into bands."""

    def __init__(
        self,
        column: SharedColumn,
        read: Callable[[str, DateOrder | None, float], float],
        order: DateOrder | None,
    ) -> None:
        super().__init__(column)
        self._read = read
        self._ours, self._theirs = column.scales
        self._number = Remembered(lambda cell: read(cell, order, self._theirs))
        self._values: Any = array("d")

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        place, number, scale = self.column.market, self._number, self._theirs
        if self.column.kind is TraitKind.AGE:
            self._values.extend([number[row[place]] for row in rows])
            return
        cells = [row[place] for row in rows]
        self._values.extend(
            [
                scale * float(cell) if cell.isdigit() and cell.isascii() else number[cell]
                for cell in cells
            ]
        )

    def close(self, kept: NDArray[np.bool_], n: int) -> None:
        self._values = _room(np.frombuffer(self._values, dtype=np.float64), kept, n, np.nan)
        if self.column.subject.field is Field.EMPLOYEES:
            self._values[self._values <= 0] = np.nan  # providers write 0 for "unknown"

    def put(
        self, row: int, account: Account, cells: Sequence[str] | None, order: DateOrder | None
    ) -> None:
        found = np.nan if cells is None else self._number[cells[self.column.market]]
        if np.isnan(found):
            found = self._read(account.cells[self.column.customers], order, self._ours)
        unknown = self.column.subject.field is Field.EMPLOYEES and found <= 0
        self._values[row] = np.nan if unknown else found

    def attributes(self, least: int) -> Attributes:
        bands = Bands(
            cut_points(self._values, ends=self.column.ends),
            open_above=self.column.subject.kind is Kind.GROWTH,
        )
        held = bands.by_place()
        offsets = np.cumsum([0, *map(len, held)], dtype=np.int64)
        traits, kept = common_traits(
            bands.places(self._values),
            offsets,
            np.array([one for some in held for one in some], dtype=np.int32),
            len(bands.ranges),
            least,
        )
        coarse = np.isin(kept, bands.coarse)
        return Attributes(
            column=self.column,
            traits=paired(traits, only=coarse),
            names=tuple(bands.ranges[place] for place in kept),
            is_list=False,
        )


class _Events(Counter):
    """Events: how many days ago, and what."""

    def __init__(self, column: SharedColumn, order: DateOrder | None, on: date) -> None:
        super().__init__(column)
        self._order = order
        self._on = on
        self._age = Remembered(lambda cell: days_ago(cell, order, on))
        self._what = _Entries(column)
        self._ages: Any = array("i")
        self._codes: Any = array("i")

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        place, age = self.column.market, self._age
        self._ages.extend([age[row[place]] for row in rows])
        if self.column.what is not None:
            details, code = self.column.what[1], self._what.code
            self._codes.extend([code[row[details]] for row in rows])

    def close(self, kept: NDArray[np.bool_], n: int) -> None:
        if self.column.what is None:
            self._codes = array("i", [NONE]) * len(self._ages)
        self._ages = _room(np.frombuffer(self._ages, dtype=np.int32), kept, n, NONE)
        self._codes = _room(np.frombuffer(self._codes, dtype=np.int32), kept, n, NONE)

    def put(
        self, row: int, account: Account, cells: Sequence[str] | None, order: DateOrder | None
    ) -> None:
        """Say what a customer had done when it bought, by its own file first."""
        ours = account.cells[self.column.customers]
        what = None if self.column.what is None else account.cells[self.column.what[0]]
        read = order
        if says_nothing(ours) and cells is not None:
            ours, read = cells[self.column.market], self._order
            what = None if self.column.what is None else cells[self.column.what[1]]
        bought = account.bought_on
        self._ages[row] = NONE if bought is None else days_ago(ours, read, bought)
        self._codes[row] = NONE if what is None else self._what.code[what]

    def attributes(self, least: int) -> Attributes:
        bucket = np.searchsorted(np.asarray(WITHIN_DAYS), self._ages)
        n_within, n_what = len(WITHIN_DAYS), len(self._what.offsets)
        both = np.where(self._ages < 0, NONE, bucket * n_what + self._codes + 1)
        different, codes = np.unique(both, return_inverse=True)
        names = (None, *self._what.numbers)
        offsets, traits = [0], []
        entries, starts = self._what.traits, self._what.offsets
        for value in different.tolist():
            if value >= 0:
                within, what = divmod(value, n_what)
                said = (
                    [0]
                    if not what
                    else [0, *(1 + one for one in entries[starts[what - 1] : starts[what]])]
                )
                traits += [j * len(names) + one for j in range(within, n_within) for one in said]
                offsets.append(len(traits))
        shift = int(bool(len(different)) and different[0] < 0)
        found, kept = common_traits(
            (codes - shift).astype(np.int32),
            np.array(offsets, dtype=np.int64),
            np.array(traits, dtype=np.int32),
            n_within * len(names),
            least,
        )
        return Attributes(
            column=self.column,
            traits=paired(found),
            names=tuple(
                (WITHIN_DAYS[place // len(names)], names[place % len(names)]) for place in kept
            ),
            is_list=False,
            spelt=self._what.spelt,
        )


def counter_of(column: SharedColumn, order: DateOrder | None, on: date) -> Counter:
    """Return what counts a column.

    Args:
        column: Which.
        order: Which figure of its dates is the day, in the market.
        on: The day on which the market's events and ages are judged.
    """
    if column.kind is TraitKind.EVENT:
        return _Events(column, order, on)
    if column.kind is TraitKind.AGE:
        return _Numbers(column, lambda cell, order, _: age_of(cell, order, on), order)
    if column.kind is TraitKind.NUMBERS:
        return _Numbers(column, lambda cell, _, scale: number_of(cell, scale), order)
    return _Entries(column)


def _room(values: NDArray[Any], kept: NDArray[np.bool_], n: int, nothing: float) -> NDArray[Any]:
    rest = values[kept]
    return np.concatenate((rest, np.full(n - len(rest), nothing, dtype=values.dtype)))
