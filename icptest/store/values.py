"""What goes into the store and comes out of it, beyond the domain types of `record`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from icptest.errors import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from icptest.errors import RowProblem
    from icptest.events import Event, Form, Tells
    from icptest.record import Batch, Joining

FactId: TypeAlias = tuple[int, str, int]
"""Where a fact stands: contact, kind and key. There is one fact in a place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """A test the database knows.

    Attributes:
        experiment_id: The store's own number.
        slug: Name of the test.
        digest: "sha256:<hex>" of the registration when it was frozen.
        created_at: When it was registered.
        sending_done_at: When a person said that sending is over, if so.
    """

    experiment_id: int
    slug: str
    digest: str
    created_at: datetime
    sending_done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRow:
    """One row of a file that concerns the test.

    Attributes:
        who: The contact; or, for campaigns that already ran, the person the row names, who
            becomes a contact unless they are one by now. A row of such a campaign may always
            say `Joining`, also for a known person: then the arm does not depend on which
            file came first.
        campaign: The tool's campaign the contact stood in.
        events: What the row says; empty for a row without a fact.
        location: Where the row stands, for `Joining` rows: should its identifiers turn out
            to name two people, the store sets it aside.
        text: The row as it stands in the file, for the same case.
    """

    who: int | Joining
    campaign: str | None = None
    events: tuple[Event, ...] = ()
    location: Location = field(default_factory=Location)
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBatch:
    """One file, read and not yet stored.

    Attributes:
        source: Name of the tool.
        layout: Kind of file.
        form: Snapshot or stream.
        tells: What it can tell.
        file: Name of the file, without its folder.
        digest: "sha256:<hex>" of the file and of what was said about it at ingest.
        exported_at: When it was exported.
        ingested_at: When it was read.
        rows: Rows that concern the test, in file order.
        set_aside: Rows that could not be used.
        n_read: Rows of the file.
        n_unrelated: Rows about nobody of this test.
        reasons: Why rows without a fact have none, and how many rows each.
        context: What it takes to read a row of this file again, as JSON values.
    """

    source: str
    layout: str
    form: Form
    tells: frozenset[Tells]
    file: str
    digest: str
    exported_at: datetime
    ingested_at: datetime
    rows: Sequence[NewRow]
    set_aside: tuple[RowProblem, ...] = ()
    n_read: int
    n_unrelated: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchCounts:
    """Where the rows of a file went; they always add up to `n_read`.

    Attributes:
        batch_id: The batch, counted from 1 within the experiment.
        n_read: Rows of the file.
        n_added: Rows that brought a fact nobody had told.
        n_updated: Rows that changed a known fact.
        n_unchanged: Rows that said nothing new.
        n_unrelated: Rows about nobody of this test.
        n_set_aside: Rows that could not be used.
        reasons: Why rows without a fact have none, and how many rows each.
        already: This very file was stored before; nothing was written now.
    """

    batch_id: int
    n_read: int
    n_added: int
    n_updated: int
    n_unchanged: int
    n_unrelated: int
    n_set_aside: int
    reasons: Mapping[str, int]
    already: bool = False

    @property
    def n_counted(self) -> int:
        """Rows that are accounted for; all of them, or the file is not stored."""
        known = self.n_added + self.n_updated + self.n_unchanged
        return known + self.n_unrelated + self.n_set_aside


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredBatch:
    """An ingested file, with where its rows went.

    Attributes:
        batch: The file.
        counts: Its balance, as of when it was ingested.
        content_digest: Of all facts of the test, as they stood after this file.
        context: What it takes to read a row of this file again.
    """

    batch: Batch
    counts: BatchCounts
    content_digest: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """A row that could not be used, kept.

    Attributes:
        set_aside_id: The store's own number; what `mark_replayed` takes.
        batch_id: The file it stood in.
        source: Name of the tool.
        file: Name of the file.
        problem: What is wrong with it, and its text.
        replayed_at: When it was read again with success, if it was.
    """

    set_aside_id: int
    batch_id: int
    source: str
    file: str
    problem: RowProblem
    replayed_at: datetime | None = None
