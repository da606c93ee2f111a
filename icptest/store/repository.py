"""The store: a test's registration, its contacts and facts, and the journal.

    with open_store(url, write=False) as store:
        record = store.record(experiment_id, as_of=now)

Domain types go in and come out; which table, driver or dialect is behind it does not show.
Every deed is one transaction and takes its journal entry along.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from icptest.errors import StoreError
from icptest.experiment import Arm
from icptest.store import reading
from icptest.used import Used

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from types import TracebackType

    from icptest.contacts import Identifier
    from icptest.events import EventKind
    from icptest.journal import Entry
    from icptest.record import Member, Record
    from icptest.store.connection import Connection, Reader
    from icptest.store.engine import Database, Writer
    from icptest.store.values import BatchCounts, NewBatch, Registered, SetAside, StoredBatch


class Store:
    """An open database; `open_store` makes it.

    Args:
        reader: The way it is read.
        database: The way it is written; None when it was opened for reading.
        name: Its file, or what else it is called, for messages.
    """

    def __init__(self, *, reader: Reader, database: Database | None, name: str) -> None:
        self._reader = reader
        self._database = database
        self._name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._reader.close()
        if self._database is not None:
            self._database.close()

    # Reading

    def experiments(self) -> tuple[Registered, ...]:
        """Return all registered tests, the oldest first."""
        with self._reading() as connection:
            return reading.read_experiments(connection)

    def experiment(self, slug: str) -> Registered | None:
        """Return the test of that name, if it is registered."""
        with self._reading() as connection:
            return reading.read_experiment(connection, slug)

    def registration(self, experiment_id: int) -> str | None:
        """Return the registration file of a test as it was frozen.

        None where the test is older than the copies that are kept.
        """
        with self._reading() as connection:
            return reading.read_registration_text(connection, experiment_id)

    def identifiers(self, experiment_id: int) -> dict[Identifier, int]:
        """Return whom every address and profile of a test names."""
        with self._reading() as connection:
            return reading.read_identifiers(connection, experiment_id)

    def used(self, experiment_id: int) -> Used:
        """Return every person and company that a test has used."""
        with self._reading() as connection:
            contacts = reading.read_contacts(connection, experiment_id)
            identifiers = reading.read_identifiers(connection, experiment_id)
        return Used(
            accounts=frozenset(contact.account for contact in contacts.values()),
            identifiers=frozenset(identifiers),
        )

    def used_by_arm(self, experiment_id: int) -> dict[Arm, Used]:
        """Return the people and companies of each list of a test."""
        with self._reading() as connection:
            contacts = reading.read_contacts(connection, experiment_id)
            identifiers = reading.read_identifiers(connection, experiment_id)
        return {
            arm: Used(
                accounts=frozenset(one.account for one in contacts.values() if one.arm is arm),
                identifiers=frozenset(
                    value for value, who in identifiers.items() if contacts[who].arm is arm
                ),
            )
            for arm in Arm
        }

    def arms(self, experiment_id: int) -> dict[int, Arm]:
        """Return the arm of every contact of a test."""
        with self._reading() as connection:
            contacts = reading.read_contacts(connection, experiment_id)
        return {contact_id: contact.arm for contact_id, contact in contacts.items()}

    def batch_by_digest(self, experiment_id: int, digest: str) -> StoredBatch | None:
        """Return the file of that digest, if it was ever ingested."""
        with self._reading() as connection:
            return reading.read_batch(connection, experiment_id, digest)

    def batches(self, experiment_id: int) -> tuple[StoredBatch, ...]:
        """Return the files of a test, in the order they were ingested."""
        with self._reading() as connection:
            return reading.read_batches(connection, experiment_id)

    def record(self, experiment_id: int, *, as_of: datetime) -> Record:
        """Return all that was known of a test at a time."""
        with self._reading() as connection:
            return reading.read_record(connection, experiment_id, as_of=as_of)

    def set_aside(self, experiment_id: int) -> tuple[SetAside, ...]:
        """Return the rows of a test that could not be used, replayed or not."""
        with self._reading() as connection:
            return reading.read_set_aside(connection, experiment_id)

    def journal(self, slug: str | None = None) -> tuple[Entry, ...]:
        """Return the entries about one test, or all of them, the oldest first."""
        with self._reading() as connection:
            return reading.read_journal(connection, slug)

    def facts_intact(self, experiment_id: int) -> bool:
        """Return whether the facts are those the last file left.

        SQLite's own check finds a torn page, but not a value that was changed.
        """
        from icptest.store.folding import content_digest  # noqa: PLC0415 - a rare question

        with self._reading() as connection:
            batches = reading.read_batches(connection, experiment_id)
            facts = reading.read_known_facts(connection, experiment_id)
        expected = batches[-1].content_digest if batches else content_digest(())
        return content_digest(facts.values()) == expected

    # Writing

    def register(
        self,
        *,
        slug: str,
        digest: str,
        registration: str,
        created_at: datetime,
        contacts: Iterable[tuple[Member, tuple[Identifier, ...]]],
        entry: Entry,
        before_commit: Callable[[], None] = lambda: None,
    ) -> None:
        """Write a test and its contacts.

        Args:
            slug: Name of the test.
            digest: "sha256:<hex>" of the registration.
            registration: The text of its file.
            created_at: When it was registered.
            contacts: Who is in it, and what they are known by.
            entry: What the journal says of it.
            before_commit: What must be done for the test to be whole, while nobody else can
                write; if it fails, nothing is written.

        Raises:
            StoreError: The name is taken ("experiment-exists"), or two contacts share an
                identifier ("identifier-twice").
        """
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.register(
                writer,
                slug=slug,
                digest=digest,
                registration=registration,
                created_at=created_at,
                contacts=contacts,
                entry=entry,
            )
            before_commit()

    def unless_registered(self, slug: str, deed: Callable[[], None]) -> None:
        """Do something while nobody can register a name; nothing if there is a test of it."""
        with self._writing() as writer:
            if reading.read_experiment(writer, slug) is None:
                deed()

    def extend(
        self,
        experiment_id: int,
        *,
        look: int,
        contacts: Iterable[tuple[Member, tuple[Identifier, ...]]],
        entry: Entry,
        before_commit: Callable[[], None] = lambda: None,
    ) -> None:
        """Add a batch to a test.

        Args:
            experiment_id: The test.
            look: Number of the batch; the one before it must be the newest.
            contacts: Who is in it; they are numbered anew.
            entry: What the journal says of it.
            before_commit: What must be done for the batch to be whole, while nobody else can
                write; if it fails, nothing is written.

        Raises:
            StoreError: Somebody else has added it ("batch-exists"), or somebody in it is in the
                test already ("identifier-twice").
        """
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.extend(writer, experiment_id, look=look, contacts=contacts, entry=entry)
            before_commit()

    def unless_drawn(self, experiment_id: int, look: int, deed: Callable[[], None]) -> None:
        """Do something while nobody can add a batch; nothing if the test has it."""
        with self._writing() as writer:
            if look not in {
                contact.look for contact in reading.read_contacts(writer, experiment_id).values()
            }:
                deed()

    def save(
        self, experiment_id: int, new: NewBatch, entry: Entry, *, dry_run: bool = False
    ) -> BatchCounts:
        """Write one file, whole or not at all; a file that is there writes nothing.

        Args:
            experiment_id: The test.
            new: The file.
            entry: What the journal says of it.
            dry_run: Say where the rows would go, and write nothing.

        Raises:
            StoreError: A row of the file is not accounted for ("balance-broken").
        """
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            return writing.save(writer, experiment_id, new, entry, dry_run=dry_run)

    def set_sending_done(self, experiment_id: int, *, at: datetime, entry: Entry) -> None:
        """Write that sending is over, because a person says so."""
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.set_sending_done(writer, experiment_id, at, entry)

    def map_label(
        self,
        experiment_id: int,
        *,
        source: str,
        label_key: str,
        kind: EventKind,
        at: datetime,
        entry: Entry,
    ) -> None:
        """Write what a label of a tool means; the latest word holds."""
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.map_label(
                writer,
                experiment_id,
                source=source,
                label_key=label_key,
                kind=kind,
                at=at,
                entry=entry,
            )

    def mark_replayed(
        self, experiment_id: int, *, ids: Iterable[int], at: datetime, entry: Entry
    ) -> None:
        """Write that rows set aside were read again with success."""
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.mark_replayed(writer, experiment_id, ids, at, entry)

    def append(self, entry: Entry) -> None:
        """Write an entry of the journal that goes with no other change."""
        from icptest.store import writing  # noqa: PLC0415 - reading does without SQLAlchemy

        with self._writing() as writer:
            writing.append_entry(writer, entry)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._reader.reading() as connection:
                yield connection
        except (KeyError, ValueError, OverflowError) as error:
            # A word, a time or a JSON text that this program never wrote.
            raise StoreError(
                "database-broken", file=self._name, problem="it holds a value that cannot be"
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        if self._database is None:
            raise RuntimeError("this store was opened for reading")
        with self._database.writing() as writer:
            yield writer
