"""Answers: what a person said once about a tool's exports, kept in the workspace.

sources/<tool>.toml           timezone: the zone of times written without one
sources/generic-<id>.toml     a mapping, for every table with the same columns
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icptest.errors import InputError
from icptest.experiment import require_zone
from icptest.reading import open_export
from icptest.sources import GENERIC, find_source, identify
from icptest.sources import generic as generic_source
from icptest.sources._cells import is_table
from icptest.toml_keys import TomlKeys
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.reading.records import Objects, Table
    from icptest.sources._base import Layout, Source
    from icptest.sources.generic import Mapping
    from icptest.workspace import Workspace

_ID_DIGITS = 12


def kept_zones(workspace: Workspace) -> dict[str, ZoneInfo]:
    """Return the zones that were said, by source."""
    import tomllib  # noqa: PLC0415 - only `ingest` reads answers

    zones = {}
    for path in sorted((workspace.root / "sources").glob("*.toml")):
        if path.stem.startswith(f"{GENERIC}-"):
            continue
        keys = TomlKeys(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
        zones[path.stem] = ZoneInfo(require_zone(keys.text("timezone"), file=str(path)))
    return zones


def keep_zone(workspace: Workspace, source: str, zone: ZoneInfo) -> None:
    """Keep the zone of a source's times, so that it is asked once."""
    make_private_folder(workspace.root / "sources")
    text = f'# Zone of times that {source} writes without one.\ntimezone = "{zone.key}"\n'
    write_private(workspace.answers(source), text)


def find_mapping(
    workspace: Workspace,
    path: Path,
    *,
    source: str | None,
    map_file: Path | None,
    may_guess: bool,
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
    export = open_export(path)
    if map_file is not None:
        mapping = generic_source.from_toml(_text(map_file), file=str(map_file))
        return replace(mapping, header=generic_source.header_digest(_table(export).header)), True
    if named is None:
        try:
            identify(export)
        except InputError as error:
            if error.code != "unknown-tool" or not is_table(export):
                raise
            kept = _kept(workspace, export)
            if kept is None and not may_guess:
                raise
        else:
            return None
    table = _table(export)
    kept = _kept(workspace, table)
    return (kept, True) if kept is not None else (generic_source.guess(table), False)


def keep_mapping(workspace: Workspace, mapping: Mapping) -> Path:
    """Keep a mapping for every table with the same columns; return its file."""
    make_private_folder(workspace.root / "sources")
    path = workspace.answers(_name(mapping.header or ""))
    write_private(path, generic_source.to_toml(mapping))
    return path


def mapped_layout(mapping: Mapping) -> tuple[Source, Layout, str]:
    """Return the source and layout that read a mapped table, and the mapping's own text."""
    return find_source(GENERIC), generic_source.layout(mapping), generic_source.to_toml(mapping)


def _table(export: Table | Objects) -> Table:
    if not is_table(export):
        raise InputError("not-a-table", path=str(export.path), looks_like="JSON")
    return export


def _kept(workspace: Workspace, table: Table) -> Mapping | None:
    path = workspace.answers(_name(generic_source.header_digest(table.header)))
    return generic_source.from_toml(_text(path), file=str(path)) if path.is_file() else None


def _name(header_digest: str) -> str:
    return f"{GENERIC}-{header_digest.removeprefix('sha256:')[:_ID_DIGITS]}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError("no-such-file", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("unreadable-file", path=str(path), why=str(error)) from error
