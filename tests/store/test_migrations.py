"""The migrations say what the tables say, and every database comes out of them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from icptest.store import open_store
from icptest.store.engine import MIGRATIONS
from icptest.store.opening import VERSIONS
from icptest.store.tables import EventRow, Row, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def config() -> Config:
    """Return Alembic's view of the migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on a new file, as Alembic's own commands would use it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}", poolclass=NullPool)
    yield engine
    engine.dispose()


def _tables(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {name: " ".join(sql.replace('"', "").split()) for name, sql in rows}
    connection.close()
    return tables


def test_there_is_one_line_of_versions(config: Config) -> None:
    """One head, and the store knows every revision, in order."""
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [VERSIONS[-1]]
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(revisions)) == VERSIONS


def test_the_migrations_make_the_tables_of_the_classes(path: Path) -> None:
    """Alembic finds nothing to add, drop or change."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_the_migrations_say_it_in_the_same_words(
    path: Path, tmp_path: Path, engine: Engine
) -> None:
    """Names of constraints and WITHOUT ROWID included, which Alembic does not compare."""
    Row.metadata.create_all(engine)
    made = _tables(path)
    assert made.pop("alembic_version")
    assert made == _tables(tmp_path / "x.db")
    assert {name for name, sql in made.items() if "WITHOUT ROWID" not in sql} == {
        "experiment",
        "set_aside",
        "journal",
    }


def test_migrations_run_both_ways(config: Config, engine: Engine) -> None:
    """Up, all the way down and up again, from Alembic's own engine."""
    config.attributes["connection"] = engine
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    command.upgrade(config, "head")
    assert "event" in inspect(engine).get_table_names()


def test_a_database_of_the_first_version_keeps_its_tests(config: Config, tmp_path: Path) -> None:
    """Its tests are there after the upgrade; of their registrations it kept no text."""
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO experiment VALUES (1, 'old', 'sha256:x', 0, NULL)"))
    with open_store(str(path), write=True) as store:
        (old,) = store.experiments()
        assert (old.slug, old.digest) == ("old", "sha256:x")
        assert store.registration(old.experiment_id) is None
    assert path.with_name("old.db.0001.bak").exists()


def test_the_tables_are_postgresqls_too() -> None:
    """The same classes compile for it, without SQLite's own words."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = str(CreateTable(table_of(EventRow)).compile(dialect=dialect))
    assert "BIGINT" in sql
    assert "ROWID" not in sql
