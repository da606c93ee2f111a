"""What can go wrong, as types that carry facts; the sentences are in `report.words`.

    IcptestError
    ├── InputError         a list, an export or a cell of one cannot be used
    ├── RegistrationError  an experiment cannot be registered, found or trusted
    ├── WorkspaceError     no workspace here, or its settings are wrong
    ├── StoreError         the database is locked, read-only, newer, or broken
    └── Refusal            it would break a promise (a peek, an unregistered change)

A code is a stable kebab word, never reused; `report.words.errors` says it to people.
A `Location` travels from the first byte that is read, because it cannot be added later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CUT_OFF = "truncated"
"""Why a row is set aside in whose middle the file ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where in a file: every part that is known.

    Attributes:
        file: Path as the user gave it.
        record: Data record, counted from 1, the header not counted.
        line: Physical line of the file (row of the sheet), counted from 1.
        column: Name of the column, or dotted path inside a JSON object.
    """

    file: str | None = None
    record: int | None = None
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowProblem:
    """Why one row cannot be used; the row is kept, set aside with its raw text.

    Attributes:
        reason: Kebab word of `report.words.reasons`.
        location: File, record, line and column of the row.
        text: The row as it stands in the file.
        value: The cell that is wrong, if one is.
    """

    reason: str
    location: Location
    text: str
    value: str | None = None


class IcptestError(Exception):
    """Base of every error a user can cause or mend.

    Args:
        code: Stable kebab word; the key of its sentences in `report.words.errors`.
        location: Where the problem stands, if it stands in a file.
        excerpt: The offending text, unmasked; whoever prints it masks addresses.
        problems: The single rows behind an error about a whole file.
        facts: What the sentences mention: value got, values allowed, nearest match.

    Attributes:
        others: Errors of other files that were found in the same go.
    """

    others: tuple[IcptestError, ...] = ()

    def __init__(
        self,
        code: str,
        *,
        location: Location | None = None,
        excerpt: str | None = None,
        problems: tuple[RowProblem, ...] = (),
        **facts: Any,
    ) -> None:
        super().__init__(code, facts)
        self.code = code
        self.location = location or Location()
        self.excerpt = excerpt
        self.problems = problems
        self.facts = facts

    def __str__(self) -> str:
        """The code and its facts: for logs and tests, not for people."""
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({facts})"


class InputError(IcptestError):
    """A user gave a list, an export, a mapping or a value that cannot be used."""


class RegistrationError(IcptestError):
    """A user asked for an experiment that cannot be registered, found or trusted."""


class WorkspaceError(IcptestError):
    """A user stands outside a workspace, or its settings file is wrong."""


class StoreError(IcptestError):
    """The database could not be opened, read or written."""


class Refusal(IcptestError):  # noqa: N818 - it is an answer, not a failure of the program
    """A user asked for something that would break a promise the program made."""


class UnusableRowError(Exception):
    """One row cannot be used: raised by readers, turned into a `RowProblem` by ingest.

    Args:
        reason: Kebab word of `report.words.reasons`.
        column: Column or JSON path at fault, if one is.
        value: What stands there.
    """

    def __init__(self, reason: str, *, column: str | None = None, value: str | None = None) -> None:
        super().__init__(reason, column, value)
        self.reason = reason
        self.column = column
        self.value = value
