"""The tables, as SQLModel classes: storage, never the domain type and never the guard.

SQLModel builds a `table=True` class without validating it, so nothing here checks a value:
the domain types do, before the store. Everything is scoped by experiment; ids are counted
within it. Tables that are read by their key alone have no rowid on SQLite.

The first migration says the same in its own words; a test compares the two.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Dialect,
    ForeignKeyConstraint,
    MetaData,
    Table,
    UniqueConstraint,
    inspect,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from icptest.store.times import from_micros_or_none, to_micros_or_none

_NAMES = {
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
_KEYED: dict[str, Any] = {"sqlite_with_rowid": False}


class UtcMicroseconds(TypeDecorator[datetime]):
    """An aware time as whole microseconds since 1970 UTC; a time without a zone is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored."""
        return to_micros_or_none(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what was meant."""
        return from_micros_or_none(value)


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """Base of the tables, with metadata of their own: icptest may live in a larger program."""


def _of(parent: str, *columns: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(columns, [f"{parent}.{column}" for column in columns])


def _of_experiment() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["experiment_id"], ["experiment.id"])


class ExperimentRow(Row, table=True):
    """A registered test."""

    __tablename__ = "experiment"
    __table_args__: ClassVar[Any] = (UniqueConstraint("slug"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    digest: str
    created_at: datetime = Field(sa_type=UtcMicroseconds)
    sending_done_at: datetime | None = Field(default=None, sa_type=UtcMicroseconds)


class RegistrationRow(Row, table=True):
    """The registration of a test as it was frozen: the text of its file.

    Beside the tests, because those of the first version have none.
    """

    __tablename__ = "registration"
    __table_args__: ClassVar[Any] = (_of_experiment(), _KEYED)

    experiment_id: int = Field(primary_key=True)
    text: str


class ContactRow(Row, table=True):
    """A person of a test. `joined_at` is NULL for a contact of the first draw."""

    __tablename__ = "contact"
    __table_args__: ClassVar[Any] = (_of_experiment(), _KEYED)

    experiment_id: int = Field(primary_key=True)
    contact_id: int = Field(primary_key=True)
    arm: str
    account: str
    look: int
    joined_at: datetime | None = Field(default=None, sa_type=UtcMicroseconds)


class IdentifierRow(Row, table=True):
    """An address or profile a contact is known by; the only table that holds one by design."""

    __tablename__ = "identifier"
    __table_args__: ClassVar[Any] = (_of("contact", "experiment_id", "contact_id"), _KEYED)

    experiment_id: int = Field(primary_key=True)
    value: str = Field(primary_key=True)
    contact_id: int


class BatchRow(Row, table=True):
    """An ingested file. `content_digest` is of all facts of the test after this file."""

    __tablename__ = "batch"
    __table_args__: ClassVar[Any] = (
        _of_experiment(),
        UniqueConstraint("experiment_id", "digest"),
        _KEYED,
    )

    experiment_id: int = Field(primary_key=True)
    batch_id: int = Field(primary_key=True)
    source: str
    layout: str
    form: str
    tells: str
    file: str
    digest: str
    exported_at: datetime = Field(sa_type=UtcMicroseconds)
    ingested_at: datetime = Field(sa_type=UtcMicroseconds)
    n_read: int
    n_added: int
    n_updated: int
    n_unchanged: int
    n_unrelated: int
    n_set_aside: int
    reasons: str
    content_digest: str
    context: str


class SightingRow(Row, table=True):
    """A contact stood in a file. No campaign is '', because NULL cannot be part of a key."""

    __tablename__ = "sighting"
    __table_args__: ClassVar[Any] = (
        _of("contact", "experiment_id", "contact_id"),
        _of("batch", "experiment_id", "batch_id"),
        _KEYED,
    )

    experiment_id: int = Field(primary_key=True)
    contact_id: int = Field(primary_key=True)
    batch_id: int = Field(primary_key=True)
    campaign: str = Field(primary_key=True, default="")


class EventRow(Row, table=True):
    """A fact.

    `at` is no part of the key, though it would sort the facts of a contact: a second export
    may move the time of a known fact (an earlier bound on a first touch, the other record of
    one send), and a key that moves would leave the old row behind.
    """

    __tablename__ = "event"
    __table_args__: ClassVar[Any] = (_of("contact", "experiment_id", "contact_id"), _KEYED)

    experiment_id: int = Field(primary_key=True)
    contact_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime | None = Field(default=None, sa_type=UtcMicroseconds)
    since: datetime | None = Field(default=None, sa_type=UtcMicroseconds)
    dating: str
    source: str
    campaign: str | None = None
    step: int | None = None
    label: str | None = None
    provider_id: str | None = None
    first_seen_at: datetime = Field(sa_type=UtcMicroseconds)
    last_seen_at: datetime = Field(sa_type=UtcMicroseconds)


class SetAsideRow(Row, table=True):
    """A row that could not be used, as it stood in its file."""

    __tablename__ = "set_aside"
    __table_args__: ClassVar[Any] = (_of("batch", "experiment_id", "batch_id"),)

    id: int | None = Field(default=None, primary_key=True)
    experiment_id: int
    batch_id: int
    record: int | None = None
    line: int | None = None
    column_name: str | None = None
    reason: str
    value: str | None = None
    text: str
    replayed_at: datetime | None = Field(default=None, sa_type=UtcMicroseconds)


class LabelMeaningRow(Row, table=True):
    """What a person said a label of a tool means."""

    __tablename__ = "label_meaning"
    __table_args__: ClassVar[Any] = (_of_experiment(), _KEYED)

    experiment_id: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    label_key: str = Field(primary_key=True)
    kind: str
    mapped_at: datetime = Field(sa_type=UtcMicroseconds)


class JournalRow(Row, table=True):
    """An entry of the journal; it names its test by slug, so it outlives it.

    `user` is a reserved word of PostgreSQL, hence `user_name`.
    """

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcMicroseconds)
    user_name: str
    experiment: str | None = None
    action: str
    detail: str
    digest: str
    previous: str


def table_of(row: type[Row]) -> Table:
    """Return the table behind a class."""
    table = inspect(row).local_table
    if not isinstance(table, Table):  # pragma: no cover - every class above is a table
        raise TypeError(row.__name__)
    return table
