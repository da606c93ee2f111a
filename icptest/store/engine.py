"""The full way into the database: a SQLAlchemy engine, for writing and for PostgreSQL.

Every deed is one transaction that has the right to write from its first statement. Left to
itself the driver begins with a read and asks for the lock later, and then either two writers
overwrite each other or one fails at once, whatever the timeout.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, insert, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from icptest.errors import StoreError
from icptest.store.connection import connect_sqlite, translate
from icptest.store.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import sqlalchemy

    from icptest.store.connection import Connection, Rows
    from icptest.store.tables import Row

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x69637074657374  # "icptest": the advisory lock that stands for BEGIN IMMEDIATE


class Writer:
    """One transaction that may write: the `Connection` of the reading side, and more."""

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement; named parameters."""
        result = self.connection.execute(text(sql), dict(params or {}))
        return [tuple(row) for row in result] if result.returns_rows else []

    def insert(self, row: type[Row], values: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, given by column, in one go."""
        if values:
            self.connection.execute(insert(table_of(row)), values)

    def upsert(self, row: type[Row], values: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or overwrite those whose primary key is there."""
        if not values:
            return
        table = table_of(row)
        dialect = sqlite if self.connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(table)
        others = [column.name for column in table.columns if not column.primary_key]
        self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={name: statement.excluded[name] for name in others},
            ),
            values,
        )


class Database:
    """A database behind SQLAlchemy: a SQLite file, or whatever its URL says.

    Args:
        path: The SQLite file; None for another database.
        url: The URL of another database.
        timeout: Seconds to wait for another writer.
    """

    def __init__(self, *, path: Path | None, url: str, timeout: float) -> None:
        self._path = path
        self._url = url
        self._timeout = timeout
        self._engine = self._create()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open one transaction that may write; it is rolled back whole on any error."""
        try:
            with self._translated(), self._engine.begin() as connection:
                yield Writer(connection)
        except (OverflowError, UnicodeEncodeError) as error:
            # A number of a hundred digits, half a character: no row of a sound export.
            raise StoreError("value-not-storable", problem=type(error).__name__) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one transaction, in which every statement sees the same state."""
        options: dict[str, Any] = {"icptest_reading": True}
        if self._path is None:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._translated(), self._engine.connect() as connection:
            yield Writer(connection.execution_options(**options))

    def tables(self) -> set[str]:
        """Return the names of the tables."""
        with self._translated():
            return set(inspect(self._engine).get_table_names())

    def upgrade(self) -> None:
        """Bring the tables to the version of this program, in one transaction."""
        from alembic import command  # noqa: PLC0415 - only a new or old database needs it
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.writing() as writer:
            config.attributes["connection"] = writer.connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _create(self) -> sqlalchemy.Engine:
        # Addresses are among the parameters; they never go into a message or a log.
        options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
        if self._path is not None:
            path, timeout = self._path, self._timeout
            engine = create_engine(
                "sqlite://",
                creator=lambda: connect_sqlite(path, mode="rw", timeout=timeout),
                **options,
            )
        else:
            try:
                engine = create_engine(self._url, **options)
            except ModuleNotFoundError as error:
                raise StoreError("database-driver-missing", module=error.name) from error
            except (ArgumentError, ValueError) as error:
                raise StoreError("database-url") from error
            if engine.dialect.name != "postgresql":
                raise StoreError("database-url")
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: sqlalchemy.Connection) -> None:
        reading = connection.get_execution_options().get("icptest_reading", False)
        if self._path is not None:
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
        elif not reading:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{self._timeout:.0f}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            if self._path is not None:
                raise translate(cause, self._path, timeout=self._timeout, writing=True) from error
            lost = isinstance(error, DBAPIError) and error.connection_invalidated
            code = "database-unreachable" if lost or not _inside(error) else "database-failed"
            # Only the first line: the second of PostgreSQL's quotes the values.
            problem = str(cause).partition("\n")[0]
            raise StoreError(code, file=self._engine.url.database, problem=problem) from error


def _inside(error: SQLAlchemyError) -> bool:
    """Whether the database had been reached: only then is there a statement that failed."""
    return getattr(error, "statement", None) is not None
