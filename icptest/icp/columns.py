"""Columns: which column of a list holds what. Said once, kept in `icp/columns.toml`.

The usual names of CRMs and data providers are known; what a person says comes first. One
field may go by several names, because lists come from several places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from icptest.contacts import column_key
from icptest.errors import InputError, Location, RegistrationError
from icptest.icp.definition_file import FOLDER
from icptest.icp.fields import USUAL_NAMES, Field
from icptest.spelling import nearest
from icptest.toml_keys import TomlKeys, parse_toml
from icptest.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.workspace import Workspace

FILE = "columns.toml"
_SIGNS = re.compile(r"[()/&,:]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """What people have said about the columns of their lists.

    Attributes:
        named: Names of a field's column, the last said first.
    """

    named: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)

    def place(self, wanted: Field, header: Sequence[str]) -> int | None:
        """Return where the column of a field stands, or None where the list has none."""
        return find_column((*self.named.get(wanted, ()), *USUAL_NAMES[wanted]), header)

    def saying(self, said: Mapping[Field, str]) -> Columns:
        """Return these columns with some said anew."""
        named = dict(self.named)
        for one, name in said.items():
            named[one] = tuple(dict.fromkeys((name, *named.get(one, ()))))
        return Columns(named=named)


def find_column(names: Iterable[str], header: Sequence[str]) -> int | None:
    """Return where the first of some names stands in a header; "Close_Date" is "close date".

    Signs between words do not count: "Country/Region", "Revenue (in 000s USD)".
    """
    keys = [_key(name) for name in header]
    joined = [key.replace(" ", "") for key in keys]
    for name in names:
        key = _key(name)
        if key in keys:
            return keys.index(key)
        if key.replace(" ", "") in joined:
            return joined.index(key.replace(" ", ""))
    return None


def _key(name: str) -> str:
    return column_key(_SIGNS.sub(" ", name))


def read_columns(workspace: Workspace) -> Columns:
    """Return what `icp/columns.toml` says; nothing where there is no such file.

    Raises:
        RegistrationError: It is no TOML ("icp-unreadable"), or names a field that there is
            not ("unknown-key").
    """
    path = columns_path(workspace)
    if not path.is_file():
        return Columns()
    try:
        mapping = parse_toml(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise RegistrationError(
            "icp-unreadable", location=Location(file=str(path)), problem=str(error)
        ) from error
    keys = TomlKeys(mapping, str(path))
    named = {}
    for one in Field:
        value = keys.optional(str(one), (str, list), "the name of a column, or a list of names")
        if isinstance(value, list) and not all(isinstance(name, str) for name in value):
            raise RegistrationError(
                "bad-value",
                location=Location(file=str(path)),
                key=str(one),
                value=value,
                expected="the name of a column, or a list of names",
            )
        if value:
            named[one] = tuple(value) if isinstance(value, list) else (value,)
    keys.refuse_others()
    return Columns(named=named)


def write_columns(workspace: Workspace, columns: Columns) -> Path:
    """Keep what was said, and return the file."""
    import tomli_w  # noqa: PLC0415 - only where something was said

    path = columns_path(workspace)
    path.parent.mkdir(exist_ok=True)
    values = {str(one): list(names) for one, names in sorted(columns.named.items())}
    write_private(path, _COMMENT + tomli_w.dumps(values))
    return path


def columns_path(workspace: Workspace) -> Path:
    """Return the file that keeps what was said of columns."""
    return workspace.root / FOLDER / FILE


_COMMENT = """\
# Which column of your lists holds what. The first name that a list has is used; the usual
# names of CRMs and data providers are known without being listed here.
"""


def columns_said(options: Iterable[str], *, option: str = "--column") -> dict[Field, str]:
    """Return what `--column FIELD=NAME` says, each field once.

    Raises:
        InputError: It is no FIELD=NAME ("bad-column-option"), or no such field
            ("unknown-field").
    """
    said: dict[Field, str] = {}
    for text in options:
        word, sign, name = text.partition("=")
        if not sign or not name.strip():
            raise InputError(
                "bad-column-option", option=option, value=text, fields=", ".join(Field)
            )
        key = column_key(word).replace(" ", "-")
        if key not in set(Field):
            raise InputError(
                "unknown-field",
                option=option,
                value=word,
                nearest=nearest(key, list(Field)),
                allowed=", ".join(Field),
            )
        said[Field(key)] = name.strip()
    return said


def require_columns_there(said: Mapping[Field, str], header: Sequence[str], *, file: str) -> None:
    """Refuse a column that was named for a list that does not have it.

    Raises:
        InputError: The list has no such column ("icp-column-not-there").
    """
    for name in said.values():
        if find_column((name,), header) is None:
            raise InputError(
                "icp-column-not-there",
                location=Location(file=file, line=1),
                value=name,
                columns=", ".join(header),
                nearest=nearest(name, header),
            )
