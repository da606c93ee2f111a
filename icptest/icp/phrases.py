"""Phrases: when a cell says what a definition asks for, by whole words.

"Software" is in "Computer Software" and not in "Softwares"; "VP of Sales" is "Vice President,
Sales". A phrase that begins with "=" must be a whole entry of the cell.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+[+#]*")
_ENTRY_ENDS = re.compile(r"->|[;|,\n]")
_END = " | "
_SAME = (
    (" vice president ", " vp "),
    (" sr ", " senior "),
    (" e commerce ", " ecommerce "),
)
_DROPPED = frozenset(("of", "the", "and", "for"))
_SAYS_NOTHING = frozenset(
    ("n/a", "#n/a", "na", "nan", "null", "unknown", "not available", "undefined", "-", "--", "?")
)


def says_nothing(cell: str) -> bool:
    """Tell whether a cell is empty, or says in a word that nothing is known."""
    text = cell.strip()
    return not any(map(str.isalnum, text)) or text.casefold() in _SAYS_NOTHING


def phrase_key(text: str) -> str:
    """Return the words a text is compared by, each between blanks: " vp sales "."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = [word for word in _WORD.findall(plain) if word not in _DROPPED]
    key = f" {' '.join(words)} "
    for written, same in _SAME:
        key = key.replace(written, same)
    return key


def entries_key(cell: str) -> str:
    """Return the words of a cell's entries, with a mark between them: " sales | marketing "."""
    keys = [phrase_key(entry) for entry in _ENTRY_ENDS.split(cell)]
    return _END + _END.join(key.strip() for key in keys if key.strip()) + _END


class Phrases:
    """What a cell must say one of.

    Args:
        texts: The phrases; "=Apollo" must be a whole entry.
    """

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._wanted = tuple(_wanted(text) for text in texts)

    def said_by(self, cell: str) -> bool | None:
        """Tell whether the cell says one of them; None where it says nothing."""
        if says_nothing(cell):
            return None
        entries, whole = entries_key(cell), phrase_key(cell)
        return any(wanted in entries or wanted in whole for wanted in self._wanted)


def _wanted(text: str) -> str:
    if text.lstrip().startswith("="):
        return f"{_END}{phrase_key(text).strip()}{_END}"
    return phrase_key(text)
