"""Which kind of file this is, by its content: the extension is not asked."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, cast

from icptest.errors import InputError, Location
from icptest.reading.text import codec_of, head_text, open_binary, read_head

if TYPE_CHECKING:
    from pathlib import Path

    from icptest.reading.records import Objects, Table

_CHUNK = 1 << 20
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or a workbook with a password"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a rich-text document"),
)
# JSON whose first bracket is damaged: a name, a colon and a value stand in its first line, or a
# stray character or two before the bracket that opens the first record.
_DAMAGED_JSON = re.compile(
    r'[^\n]{0,200}?(?<!")"\w+"[ ]?:[ ]?(?:["\[{\d-]|true|false|null)|[^\w\s]{1,2}\s*\{\s*"'
)
_CONTROL = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r\f")
_MOST_CONTROLS = 0.05


def open_table(path: Path, *, encoding: str | None = None) -> Table:
    """Open a CSV file or an Excel workbook.

    Args:
        path: The file, whatever its extension.
        encoding: Encoding of the text, when it is not UTF-8 and has no BOM.

    Raises:
        InputError: The file cannot be a table.
    """
    opened = _open(path, encoding, json_ok=False)
    return cast("Table", opened)


def open_export(path: Path, *, encoding: str | None = None) -> Table | Objects:
    """Open what a tool exported: CSV, Excel, JSON or JSON Lines.

    Args:
        path: The file, whatever its extension.
        encoding: Encoding of the text, when it is not UTF-8 and has no BOM.

    Raises:
        InputError: The file is none of them.
    """
    return _open(path, encoding, json_ok=True)


def file_digest(path: Path) -> str:
    """`sha256:` and the digest of the file's bytes."""
    digest = hashlib.sha256()
    with open_binary(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def _open(path: Path, encoding: str | None, *, json_ok: bool) -> Table | Objects:
    head = read_head(path)
    if head.startswith(b"PK"):
        from icptest.reading.xlsx_file import XlsxTable  # noqa: PLC0415

        return XlsxTable(path)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise _not_a_table(path, name)
    codec = codec_of(head, path, encoding)
    text = head_text(head, codec).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")) or _DAMAGED_JSON.match(text):
        if not json_ok:
            raise _not_a_table(path, "JSON")
        from icptest.reading.json_file import JsonFile  # noqa: PLC0415

        return JsonFile(path, codec)
    if text.startswith("<"):
        start = text[:500].lower()
        html = "<!doctype html" in start or "<html" in start or not start.startswith("<?xml")
        raise _not_a_table(path, "a web page" if html else "an XML file")
    first_line = text.split("\n", 1)[0].split("\r", 1)[0]
    controls = sum(map(first_line.count, _CONTROL))
    if "\0" in first_line or controls > _MOST_CONTROLS * len(first_line):
        raise _not_a_table(path, "a binary file")
    from icptest.reading.csv_file import CsvTable  # noqa: PLC0415

    return CsvTable(path, codec)


def _not_a_table(path: Path, looks_like: str) -> InputError:
    return InputError(
        "not-a-table", location=Location(file=str(path)), path=str(path), looks_like=looks_like
    )
