"""What the tests of the store are made of."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.experiment import Arm
from icptest.journal import Entry, make_entry
from icptest.record import Joining, Member
from icptest.store import NewBatch, NewRow, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icptest.contacts import Identifier
    from icptest.errors import RowProblem
    from icptest.record import Fact, Record

T0 = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
SLUG = "q4-icp"
NOBODY = 65534


def day(number: float) -> datetime:
    """Return a time so many days after the first."""
    return T0 + timedelta(days=number)


def entry(action: str = "ingest", **detail: Any) -> Entry:
    """Return a journal entry that is not chained yet."""
    return make_entry(at=T0, user="ada", experiment=SLUG, action=action, **detail)


def people(n: int) -> list[tuple[Member, tuple[Identifier, ...]]]:
    """Return drawn contacts 1..n, odd ones in control, each with an address and a profile."""
    return [
        (
            Member(
                contact_id=number,
                arm=Arm.CONTROL if number % 2 else Arm.SEGMENT,
                account=f"acme{number}.example",
                look=1 + number % 3,
            ),
            (f"p{number}@acme{number}.example", f"in/p{number}"),
        )
        for number in range(1, n + 1)
    ]


def register(store: Store, *, n: int = 4, slug: str = SLUG) -> int:
    """Register a test with so many drawn contacts; return its number."""
    store.register(
        slug=slug,
        digest="sha256:frozen",
        registration=f'name = "{slug}"',
        created_at=T0,
        contacts=people(n),
        entry=entry("register"),
    )
    registered = store.experiment(slug)
    assert registered is not None
    return registered.experiment_id


def sent(at: datetime = T0, **more: Any) -> Event:
    """Return the event of a first touch."""
    return Event(kind=EventKind.SENT, at=at, **more)


def undated(kind: EventKind = EventKind.REPLIED, **more: Any) -> Event:
    """Return an event of which the export does not say when."""
    return Event(kind=kind, dating=Dating.UNDATED, **more)


def row(who: int | Joining, *events: Event, campaign: str | None = "launch", **more: Any) -> NewRow:
    """Return one row of a file."""
    return NewRow(who=who, campaign=campaign, events=events, **more)


def joining(*identifiers: Identifier, arm: Arm = Arm.CONTROL, account: str = "") -> Joining:
    """Return a person whom a row of a registered campaign names."""
    return Joining(identifiers=identifiers, arm=arm, account=account or identifiers[0])


def batch(
    *rows: NewRow,
    digest: str = "sha256:one",
    exported_at: datetime | None = None,
    set_aside: tuple[RowProblem, ...] = (),
    n_unrelated: int = 0,
    **more: Any,
) -> NewBatch:
    """Return a file with these rows, every one accounted for."""
    values: dict[str, Any] = {
        "source": "smartlead",
        "layout": "leads-export",
        "form": Form.SNAPSHOT,
        "tells": frozenset({Tells.SENDS, Tells.REPLIES}),
        "file": "export.csv",
        "ingested_at": day(30),
        "n_read": len(rows) + len(set_aside) + n_unrelated,
    }
    return NewBatch(
        **(values | more),
        digest=digest,
        exported_at=exported_at or day(10),
        rows=rows,
        set_aside=set_aside,
        n_unrelated=n_unrelated,
    )


def facts(record: Record, names: dict[Identifier, int]) -> set[tuple[str, Fact]]:
    """Return the facts of a record with whom they are about by name, not by number."""
    by_id = _names(names)
    return {(by_id[fact.contact_id], replace(fact, contact_id=0)) for fact in record.facts}


def contacts(record: Record, names: dict[Identifier, int]) -> set[tuple[str, Member]]:
    """Return the contacts of a record by name, not by number."""
    by_id = _names(names)
    return {
        (by_id[contact_id], replace(contact, contact_id=0))
        for contact_id, contact in record.contacts.items()
    }


def sightings(record: Record, names: dict[Identifier, int]) -> set[tuple[str, str, str | None]]:
    """Return who was seen in which file, by name and digest."""
    by_id = _names(names)
    return {
        (by_id[seen.contact_id], record.batches[seen.batch_id].digest, seen.campaign)
        for seen in record.sightings
    }


def in_child(deed: Callable[[], str | None], *, user: int | None = None) -> tuple[int, str]:
    """Run a deed in a forked child; return how it ended and what it said.

    A child that was killed has the negative number of its signal.
    """
    return _finish(*_start(deed, user))


def in_children(deeds: Sequence[Callable[[], str | None]]) -> list[tuple[int, str]]:
    """Run deeds at once, each in a forked child of its own."""
    started = [_start(deed, None) for deed in deeds]
    return [_finish(*child) for child in started]


def _start(deed: Callable[[], str | None], user: int | None) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        code = 1
        try:
            if user is not None and os.geteuid() == 0:
                os.setuid(user)
            os.write(writing, (deed() or "").encode())
            code = 0
        except BaseException as error:  # noqa: BLE001 - the parent reports it
            os.write(writing, repr(error).encode())
        finally:
            os._exit(code)
    os.close(writing)
    return child, reading


def _finish(child: int, reading: int) -> tuple[int, str]:
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def _names(names: dict[Identifier, int]) -> dict[int, str]:
    joined: dict[int, list[str]] = {}
    for identifier, contact_id in names.items():
        joined.setdefault(contact_id, []).append(identifier)
    return {contact_id: " ".join(sorted(values)) for contact_id, values in joined.items()}
