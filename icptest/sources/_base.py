"""What a source is: one outreach tool, its kinds of files, and how each row becomes events.

A source is one module or package of this folder named after the tool, with a `SOURCE`. Its
layouts are its kinds of files; exactly one layout of exactly one source may claim a file.

    claims(export)            is this file mine? (header, or the first objects)
    open(export, settings)    -> Reader: columns resolved, zone and date order settled
    reader.who(row)           -> identifiers, cheap: called for every row of a large file
    reader.what(row)          -> Reading: events; called only for contacts of the test

`who` and `what` raise `UnusableRowError` for a row that must be set aside. `who` returns no
identifier at all for a record that is about nobody (a campaign finished, a mailbox was
disconnected): such a record has no event, and `what` says so in its note.

The store tells two events apart by the contact, the kind and the provider's id, else by the
contact, the kind, the campaign, the step and the time. So a fact a tool repeats (one reply on
every row of its lead) is given no step, and the repetitions are one event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from icptest.contacts import Identifier
    from icptest.events import Event, Form, Tells
    from icptest.reading.records import Objects, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a person says that the file does not.

    Attributes:
        zone: Zone of times written without one; None: such a time is a question.
        campaign: Campaign of every row, for files that do not name it.
    """

    zone: ZoneInfo | None = None
    campaign: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one row says.

    Attributes:
        events: The facts; empty when the row tells none.
        campaign: The tool's campaign, name or id, for matching and coverage.
        campaign_aliases: Other names of the same campaign (its id beside its name).
        note: Why there is no event: a kebab word ("never-mailed", "ignored-event").
    """

    events: tuple[Event, ...] = ()
    campaign: str | None = None
    campaign_aliases: tuple[str, ...] = ()
    note: str | None = None


class Reader(Protocol):
    """A layout bound to one file: its columns found, its settings known."""

    def who(self, row: Any) -> tuple[Identifier, ...]:
        """Return the contact's identifiers; raise `UnusableRowError` when they are unusable.

        Empty for a record that is about no contact.
        """

    def what(self, row: Any) -> Reading:
        """Return what the row says; raise `UnusableRowError` when it cannot be used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One kind of file of one tool.

    Attributes:
        name: Kebab word, unique within the source: "leads-export".
        form: Snapshot of states, or stream of facts.
        tells: What it can tell.
        needs: Columns (keys of an object) without which no file is of this layout.
        claims: Whether a file is of this layout, from its header or first objects.
        open: Bind to a file; raises `InputError` for a missing column or an unsaid zone.
    """

    name: str
    form: Form
    tells: frozenset[Tells]
    claims: Callable[[Table | Objects], bool]
    open: Callable[[Table | Objects, Settings], Reader]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One contact's outcomes in a form every tool can write: for fixtures and round trips.

    Attributes:
        identifier: E-mail address.
        events: What happened to the contact.
    """

    identifier: Identifier
    events: tuple[Event, ...] = ()


class Writer(Protocol):
    """The inverse of reading."""

    def __call__(
        self, path: Path, sheets: Iterable[Sheet], layout: str, campaign: str | None = None
    ) -> None:
        """Write what `layout` can express of the sheets, the same bytes every time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One outreach tool.

    Attributes:
        name: The module's name; what `--from` takes.
        title: The tool's name as people write it.
        layouts: Its kinds of files, the preferred one first.
        guide: How to get the data, and which of its files to prefer and why.
        write: Write contacts and their events as `layout` of this tool writes them, for
            `write(path, sheets, layout=..., campaign=...)`; the inverse of reading.
    """

    name: str
    title: str
    layouts: tuple[Layout, ...]
    guide: str
    write: Writer
    extra: dict[str, Any] = field(default_factory=dict)
