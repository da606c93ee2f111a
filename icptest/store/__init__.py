"""The database of a workspace: SQLModel tables, two ways in, one repository over them.

    opening      open_store: which way in, which version; creates and upgrades
    repository   Store: the questions and the deeds; the only face of this folder
    reading      rows -> domain types            writing   domain types -> rows
    folding      what a file changes, as a pure function
    connection   the light way in: sqlite3, reading only; errors translated
    engine       the full way in: SQLAlchemy, for writing and for PostgreSQL
    tables       the SQLModel classes            migrations/   Alembic, never create_all
    values, times   what goes in and out beside the domain types

Reading imports neither SQLAlchemy, SQLModel nor Alembic; a row class never leaves the folder.
"""

from icptest.store.opening import open_store
from icptest.store.repository import Store
from icptest.store.values import (
    BatchCounts,
    NewBatch,
    NewRow,
    Registered,
    SetAside,
    StoredBatch,
)

__all__ = [
    "BatchCounts",
    "NewBatch",
    "NewRow",
    "Registered",
    "SetAside",
    "Store",
    "StoredBatch",
    "open_store",
]
