"""Times in the database: whole microseconds since 1970 UTC, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return the microseconds since 1970; a time without a zone is a TypeError."""
    return (at - _EPOCH) // _MICROSECOND


def to_micros_or_none(at: datetime | None) -> int | None:
    """Return the microseconds since 1970, or None for no time."""
    return None if at is None else to_micros(at)


@lru_cache(maxsize=1024)  # a thousand facts were first seen in the same few exports
def from_micros(micros: int) -> datetime:
    """Return the aware UTC time of that many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=micros)


def from_micros_or_none(micros: int | None) -> datetime | None:
    """Return the aware UTC time, or None for no time."""
    return None if micros is None else from_micros(micros)
