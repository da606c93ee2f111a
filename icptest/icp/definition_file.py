"""The file of a definition, `icp/<name>.toml`: where it lies, reading and writing it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.errors import Location, RegistrationError
from icptest.experiment import require_slug
from icptest.icp.definition_keys import definition_from_mapping
from icptest.spelling import nearest
from icptest.toml_keys import line_of, parse_toml
from icptest.workspace import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.icp.definition import Definition
    from icptest.workspace import Workspace

FOLDER = "icp"
_AT_LINE = re.compile(r"at line (\d+)")


def definition_path(workspace: Workspace, name: str) -> Path:
    """Return the file of a definition; an argument that ends in ".toml" is a file itself."""
    from pathlib import Path  # noqa: PLC0415 - a path is typed rarely

    if name.endswith(".toml"):
        return Path(name)
    return workspace.root / FOLDER / f"{require_slug(name, what='profile')}.toml"


def known_definitions(workspace: Workspace) -> list[str]:
    """Return the names of the workspace's definitions."""
    return sorted(
        path.stem
        for path in (workspace.root / FOLDER).glob("*.toml")
        if path.stem != "columns" and path.is_file()
    )


def find_definition(workspace: Workspace, name: str) -> Definition:
    """Return a definition by its name or its file.

    Raises:
        RegistrationError: There is none ("no-such-icp"), it is no TOML ("icp-unreadable"), or
            a value cannot be used.
    """
    path = definition_path(workspace, name)
    if not path.is_file():
        known = known_definitions(workspace)
        raise RegistrationError(
            "no-such-icp",
            value=name,
            path=str(path),
            nearest=nearest(name, known),
            known=", ".join(known),
        )
    return read_definition(path)


def read_definition(path: Path) -> Definition:
    """Read the file of a definition.

    Raises:
        RegistrationError: It cannot be read ("icp-unreadable"), or a value cannot be used
            ("unknown-key", "missing-key", "bad-value", "icp-contradiction").
    """
    try:
        text = path.read_text(encoding="utf-8")
        mapping = parse_toml(text)
    except (ValueError, OSError) as error:
        at = _AT_LINE.search(str(error))
        raise RegistrationError(
            "icp-unreadable",
            location=Location(file=str(path), line=int(at[1]) if at else None),
            problem=str(error),
        ) from error
    try:
        return definition_from_mapping(mapping, file=str(path), name=path.stem)
    except RegistrationError as error:
        key = error.facts.get("key")
        if key is not None and error.location.line is None:
            line = line_of(text, str(key), error.facts.get("value"))
            error.location = replace(error.location, line=line)
        raise


def write_definition(path: Path, definition: Definition) -> None:
    """Write the file of a definition, whole or not at all; a file that is there is replaced."""
    from icptest.icp.definition_text import render_definition  # noqa: PLC0415 - few write one

    path.parent.mkdir(exist_ok=True)
    write_private(path, render_definition(definition))
