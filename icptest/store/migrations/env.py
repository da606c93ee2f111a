"""Run the migrations on the connection the store hands over, inside its transaction."""

from __future__ import annotations

from contextlib import nullcontext

from alembic import context
from sqlalchemy import Engine

from icptest.store.tables import Row


def run() -> None:
    """Run them; a tool of Alembic's may hand over an engine instead of a connection."""
    given = context.config.attributes["connection"]
    with given.connect() if isinstance(given, Engine) else nullcontext(given) as connection:
        context.configure(connection=connection, target_metadata=Row.metadata)
        with context.begin_transaction():
            context.run_migrations()
        if isinstance(given, Engine):
            connection.commit()


run()
