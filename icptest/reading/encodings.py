"""Which encodings a text may be said to be in: those that people and programs save tables in.

Python knows more codecs than there are encodings of tables. `idna`, `punycode`, `unicode_escape`
and the like turn one text into another; `utf-7`, `hz` and the stateful forms of `iso2022` write
commas and quotes as parts of other characters. A name outside this list is a slip.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from icptest.errors import InputError, Location
from icptest.spelling import nearest

if TYPE_CHECKING:
    from pathlib import Path

_WIDE = frozenset(
    {"utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le"},
)
# Codecs that leave ASCII, and so separators and quotes, as it is.
_DOS = "437 720 737 775 850 852 855 857 858 860 861 862 863 865 866 869 874"
_EAST_ASIAN = "932 949 950"
_MAC = "arabic croatian cyrillic farsi greek iceland latin2 roman romanian turkish"
_OTHER = (
    "ascii big5 big5hkscs euc_jis_2004 euc_jp euc_kr gb18030 gb2312 gbk hp-roman8 johab "
    "koi8-r koi8-t koi8-u kz1048 ptcp154 shift_jis tis-620 utf-8 utf-8-sig"
)
KNOWN = frozenset(
    {
        *_WIDE,
        *_OTHER.split(),
        *(f"cp{number}" for number in (*_DOS.split(), *_EAST_ASIAN.split(), "1006", "1125")),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in range(1, 17) if number != 12),  # noqa: PLR2004 - no 12
        *(f"mac-{name}" for name in _MAC.split()),
    }
)
"""Encodings by the name that Python's own registry gives them, whatever the alias."""


def require_encoding(name: str, path: Path) -> str:
    """Return the registry's name of an encoding of text that a person named.

    Args:
        name: As it was typed; any alias of the registry will do.
        path: File it was said of, for the message.

    Raises:
        InputError: It is none that a table is saved in ("unknown-encoding").
    """
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # a name with a zero byte is a ValueError
        found = ""
    if found not in KNOWN:
        raise InputError(
            "unknown-encoding",
            location=Location(file=str(path)),
            encoding=name,
            nearest=nearest(name.strip().lower().replace("_", "-"), sorted(KNOWN)),
        )
    return found
