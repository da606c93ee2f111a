"""Bytes -> text: UTF-8 unless the file or the user says otherwise, never a guess."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from icptest.errors import InputError, Location
from icptest.reading.encodings import require_encoding

if TYPE_CHECKING:
    from typing import BinaryIO

HEAD_BYTES = 64 * 1024
_CUT = "icptest-cut"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORTH_TRYING = ("cp1252", "mac-roman", "cp1250", "cp1251", "shift_jis", "gb18030")
_EXCERPT = 200


def _keep_cut_end(error: UnicodeError) -> tuple[str, int]:
    """Let a character cut off by the end of the file pass as U+FFFD; the row is set aside."""
    if isinstance(error, UnicodeDecodeError) and error.reason in {
        "unexpected end of data",
        "truncated data",
    }:
        return "\ufffd", error.end
    raise error


codecs.register_error(_CUT, _keep_cut_end)


def open_binary(path: Path) -> BinaryIO:
    """Open a regular file; what stands in the way is an `InputError`."""
    where = Location(file=str(path))
    try:
        if not path.exists():
            raise InputError("no-such-file", location=where, path=str(path))
        if not path.is_file():
            raise InputError("not-a-file", location=where, path=str(path))
        return path.open("rb")
    except OSError as error:
        raise InputError(
            "unreadable-file", location=where, path=str(path), why=error.strerror or str(error)
        ) from error


def read_head(path: Path) -> bytes:
    """First bytes of a file, enough to see what it is; refuse an empty file."""
    with open_binary(path) as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b" \t\r\n\x00" if not _bom(head) else b""):
        raise InputError("empty-file", location=Location(file=str(path)), path=str(path))
    return head


def codec_of(head: bytes, path: Path, encoding: str | None) -> str:
    """Name of the codec that reads the file: the one said, else by its BOM, else UTF-8."""
    if encoding is not None:
        name = require_encoding(encoding, path)
        if name in {"utf-16", "utf-32"} and not _bom(head):
            return _with_byte_order(name, head, path)
        return "utf-8-sig" if name == "utf-8" else name
    said = _bom(head)
    if said is not None:
        return said
    for half, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if _zeros(head, half, 2):
            raise InputError(
                "wrong-encoding",
                location=Location(file=str(path), line=1),
                excerpt=head.decode(name, "replace")[:_EXCERPT].split("\n", 1)[0],
                encoding="utf-8",
                encodings=name,
                first=name,
            )
    return "utf-8-sig"


def _with_byte_order(name: str, head: bytes, path: Path) -> str:
    """Return the codec of a file that says neither by a BOM nor by its name which byte is first.

    The high byte of a wide character is zero nearly always.

    Raises:
        InputError: Neither is, so the text is not wide ("wrong-encoding").
    """
    width = 2 if name == "utf-16" else 4
    for start, order in ((0, "be"), (width - 1, "le")):
        if _zeros(head, start, width):
            return f"{name}-{order}"
    raise InputError(
        "wrong-encoding",
        location=Location(file=str(path), line=1),
        encoding=name,
        encodings="utf-8",
        first="utf-8",
    )


def _zeros(head: bytes, start: int, width: int) -> bool:
    """Whether most of these bytes, one of every `width`, are zero."""
    picked = head[start::width]
    return len(picked) > 1 and picked.count(0) > 0.4 * len(picked)


def open_text(path: Path, codec: str, *, newline: str | None = "") -> TextIO:
    """Open for strict reading; the reader turns `UnicodeDecodeError` into `wrong_encoding`."""
    return Path.open(path, encoding=codec, errors=_CUT, newline=newline)


def head_text(head: bytes, codec: str) -> str:
    """Leading text, whatever is wrong with it; for recognising, not for reading."""
    return codecs.getincrementaldecoder(codec)("replace").decode(head)


def wrong_encoding(path: Path, codec: str) -> InputError:
    """Find the line that cannot be decoded, and which encodings could decode it."""
    number, raw, bad = _first_bad_line(path, codec)
    fits = [name for name in _WORTH_TRYING if raw is not None and _decodes(raw, name)]
    first = fits[0] if fits else "cp1252"
    return InputError(
        "wrong-encoding",
        location=Location(file=str(path), line=number),
        excerpt=None if raw is None else raw.decode("ascii", "backslashreplace")[:_EXCERPT],
        encoding="utf-8" if codec == "utf-8-sig" else codec,
        encodings=", ".join(fits) or "cp1252",
        first=first,
        byte=bad,
    )


def _first_bad_line(path: Path, codec: str) -> tuple[int | None, bytes | None, str | None]:
    if codec.startswith(("utf-16", "utf-32")):
        return None, None, None
    with open_binary(path) as file:
        for number, raw in enumerate(file, 1):
            try:
                raw.decode(codec)
            except UnicodeDecodeError as error:
                return number, raw.rstrip(b"\r\n"), f"0x{raw[error.start]:02x}"
    return None, None, None


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n\xa0" for char in text)


def _bom(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return next((name for bom, name in _BOMS if head.startswith(bom)), None)
