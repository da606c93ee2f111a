"""Alembic's side of the store: how a database comes to be, and how an old one catches up."""
