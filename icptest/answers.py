"""Answers: what a person said once about a tool's exports, kept in the workspace.

sources/<tool>.toml            timezone: the zone of times written without one
sources/generic-<id>.toml      a mapping, for every table with the same columns
sources/generic-<id>-zone.toml the zone of times in tables with those columns
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from icptest.errors import InputError, Location, WorkspaceError
from icptest.experiment import require_zone
from icptest.reading import open_export
from icptest.sources import GENERIC, find_source, identify
from icptest.sources import generic as generic_source
from icptest.sources._cells import is_table
from icptest.toml_keys import TomlKeys, parse_toml
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Iterable
    from pathlib import Path

    from icptest.reading.records import Objects, Table
    from icptest.sources._base import Layout, Source
    from icptest.sources.generic import Mapping
    from icptest.workspace import Workspace

    Zones: TypeAlias = "collections.abc.Mapping[str, ZoneInfo]"

_ID_DIGITS = 12
_ZONE = "-zone"


def kept_zones(workspace: Workspace) -> dict[str, ZoneInfo]:
    """Return the zones that were said, by source."""
    zones = {}
    for path in sorted((workspace.root / "sources").glob("*.toml")):
        if path.stem.startswith(f"{GENERIC}-") and not path.stem.endswith(_ZONE):
            continue
        try:
            keys = TomlKeys(parse_toml(_text(path)), str(path))
        except ValueError as error:
            raise WorkspaceError(
                "settings-unreadable", location=Location(file=str(path)), problem=str(error)
            ) from error
        zone = keys.text("timezone", required=True)
        zones[path.stem] = ZoneInfo(require_zone(zone, file=str(path)))
    return zones


def keep_zone(
    workspace: Workspace, source: str, zone: ZoneInfo, mapping: Mapping | None = None
) -> None:
    """Keep the zone of a source's times, so that it is asked once.

    Tables read by a mapping may be of any tool: each kind of table keeps a zone of its own.
    """
    name = source if mapping is None else _name(mapping.header or "") + _ZONE
    make_private_folder(workspace.root / "sources")
    text = f'# Zone of times that {source} writes without one.\ntimezone = "{zone.key}"\n'
    write_private(workspace.answers(name), text)


def zones_for(zones: Zones, mapping: Mapping) -> dict[str, ZoneInfo]:
    """Return the zones that were said, for reading a table with a mapping."""
    said = zones.get(_name(mapping.header or "") + _ZONE)
    return {GENERIC: said} if said else {}


def find_mapping(
    workspace: Workspace,
    path: Path,
    *,
    source: str | None,
    map_file: Path | None,
    may_guess: bool,
    encoding: str | None = None,
) -> tuple[Mapping, bool] | None:
    """Return the mapping a file is read with and whether it is agreed, or None.

    None where a tool claims the file. A mapping is agreed when a person gave it as a file, or
    confirmed it before for a table with the same columns; otherwise it is a guess.

    Raises:
        InputError: Nobody claims the file and nothing maps it ("unknown-tool").
    """
    named = None if source is None else find_source(source).name
    if map_file is None and named not in {None, GENERIC}:
        return None
    export = open_export(path, encoding=encoding)
    if map_file is not None:
        mapping = generic_source.from_toml(_text(map_file), file=str(map_file))
        return replace(mapping, header=generic_source.header_digest(_table(export).header)), True
    if named is None:
        try:
            identify(export)
        except InputError as error:
            if error.code != "unknown-tool" or not is_table(export):
                raise
            kept = kept_mapping(workspace, export.header)
            if kept is None and not may_guess:
                raise
        else:
            return None
    table = _table(export)
    kept = kept_mapping(workspace, table.header)
    return (kept, True) if kept is not None else (generic_source.guess(table), False)


def keep_mapping(workspace: Workspace, mapping: Mapping) -> Path:
    """Keep a mapping for every table with the same columns; return its file."""
    make_private_folder(workspace.root / "sources")
    path = workspace.answers(_name(mapping.header or ""))
    write_private(path, generic_source.to_toml(mapping))
    return path


def kept_mapping(workspace: Workspace, header: Iterable[str]) -> Mapping | None:
    """Return the mapping that is kept for tables with these columns, as it is now."""
    path = workspace.answers(_name(generic_source.header_digest(header)))
    return generic_source.from_toml(_text(path), file=str(path)) if path.is_file() else None


def mapped_layout(mapping: Mapping) -> tuple[Source, Layout, str]:
    """Return the source and layout that read a mapped table, and the mapping's own text."""
    return find_source(GENERIC), generic_source.layout(mapping), generic_source.to_toml(mapping)


def _table(export: Table | Objects) -> Table:
    if not is_table(export):
        raise InputError("not-a-table", path=str(export.path), looks_like="JSON")
    return export


def _name(header_digest: str) -> str:
    return f"{GENERIC}-{header_digest.removeprefix('sha256:')[:_ID_DIGITS]}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError("no-such-file", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("unreadable-file", path=str(path), why=str(error)) from error
