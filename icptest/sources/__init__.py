"""Outreach tools, one module or package each, found by themselves.

A module or package of this folder without a leading underscore is a source: it has a `SOURCE`.
Packages installed beside icptest add theirs through the entry-point group `icptest.sources`.
Nothing is registered by hand. `docs/how-to/add-a-source.md` shows how one is written.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from icptest.errors import InputError, Location
from icptest.sources._export import fold, is_table, listed, nearest, require_table, seen_names

if TYPE_CHECKING:
    from icptest.reading.records import Objects, Table
    from icptest.sources._base import Layout, Source

__all__ = ["GENERIC", "all_sources", "find_source", "identify"]

GENERIC = "generic"
"""The source that reads any table through a mapping; it claims no file by itself."""

ENTRY_POINTS = "icptest.sources"


@cache
def all_sources() -> dict[str, Source]:
    """Return every source by its name, sorted.

    Raises:
        InputError: "source-twice" when two sources have one name.
    """
    found: dict[str, Source] = {}
    sources = [
        import_module(f"{__name__}.{module.name}").SOURCE
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    ]
    sources += [point.load() for point in entry_points(group=ENTRY_POINTS)]
    for source in sources:
        if source.name in found:
            raise InputError("source-twice", value=source.name)
        found[source.name] = source
    return dict(sorted(found.items()))


def find_source(name: str) -> Source:
    """Return the source of a name.

    Raises:
        InputError: "unknown-source", with the allowed names and the nearest one.
    """
    sources = all_sources()
    wanted = fold(name)
    if wanted in sources:
        return sources[wanted]
    for source in sources.values():
        if wanted == fold(source.title):
            return source
    titles = {source.title: source.name for source in sources.values()}
    close = nearest(name, (*sources, *titles))
    raise InputError(
        "unknown-source",
        value=name,
        allowed=listed(sources),
        nearest=None if close is None else titles.get(close, close),
    )


def identify(export: Table | Objects, *, source: str | None = None) -> tuple[Source, Layout]:
    """Return whose file this is and of which kind.

    Args:
        export: An opened file.
        source: Name of the only source to ask; "generic" reads the file as `guess` maps it.

    Raises:
        InputError: "unknown-tool" when nobody claims the file, "two-tools-claim" when more than
            one layout does, "missing-column" when the named source does not, "unknown-source",
            "broken-json" where the JSON is damaged and nothing before or behind it can be used.
    """
    if source is None:
        asked = tuple(all_sources().values())
    else:
        asked = (find_source(source),)
        if asked[0].name == GENERIC:
            return asked[0], _guessed(export)
    claims = [(one, layout) for one in asked for layout in one.layouts if layout.claims(export)]
    if len(claims) == 1:
        return claims[0]
    location = Location(file=str(export.path))
    if not is_table(export) and not (objects := cast("Objects", export)).sample and objects.broken:
        raise objects.broken
    if claims:
        raise InputError(
            "two-tools-claim",
            location=location,
            claims=listed(f"{one.name} ({layout.name})" for one, layout in claims),
            first=claims[0][0].name,
        )
    seen = seen_names(export)
    if source is None:
        raise InputError(
            "unknown-tool",
            location=location,
            seen=listed(seen) or "none",
            what="columns" if is_table(export) else "keys",
            case="columns" if is_table(export) else "keys",
        )
    have = {fold(name) for name in seen}
    layout, missing = min(
        (
            (layout, tuple(name for name in layout.needs if fold(name) not in have))
            for layout in asked[0].layouts
        ),
        key=lambda known: len(known[1]) / max(len(known[0].needs), 1),
    )
    others = {
        one.name for one in all_sources().values() for kind in one.layouts if kind.claims(export)
    }
    raise InputError(
        "missing-column",
        location=location,
        case="of-another" if len(others) == 1 else "columns" if is_table(export) else "keys",
        other=next(iter(others), None),
        source=asked[0].title,
        layout=layout.name,
        missing=listed(missing) or "none",
        nearest=nearest(missing[0], seen) if missing else None,
        seen=listed(seen) or "none",
    )


def _guessed(export: Table | Objects) -> Layout:
    """Return the layout of a table as its columns are usually meant."""
    from icptest.sources import generic  # noqa: PLC0415 - it imports the readers of tables

    return generic.layout(generic.guess(require_table(export)))
