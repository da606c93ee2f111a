"""Databases for the tests of the store; creating one takes longer than copying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from icptest.store import Store, open_store

from .builders import register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a new database."""
    path = tmp_path_factory.mktemp("template") / "icptest.db"
    open_store(str(path), write=True).close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, empty_database: bytes) -> Path:
    """Return the path of a new database."""
    path = tmp_path / "icptest.db"
    path.write_bytes(empty_database)
    path.chmod(0o600)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Return a new database, open for writing."""
    with open_store(str(path), write=True) as store:
        yield store


@pytest.fixture
def experiment_id(store: Store) -> int:
    """Return a registered test with four drawn contacts."""
    return register(store)
