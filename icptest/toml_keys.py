"""TOML -> typed values; a key nobody asked for is refused, with the nearest match."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from icptest.errors import Location, RegistrationError
from icptest.reading.years import FIRST_YEAR, LAST_YEAR
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping


_WIDEST = 2**63
"""TOML asks for whole numbers of 64 bits; what is longer is a slip, and no database keeps it."""


def parse_toml(text: str) -> dict[str, Any]:
    """Return the values of a TOML text.

    Raises:
        ValueError: It is no TOML, or holds what cannot be used: a number of more than 64 bits,
            a text with a zero byte, brackets within brackets without end.
    """
    import tomllib  # noqa: PLC0415 - not every command reads a file of settings

    try:
        values = tomllib.loads(text)
        _require_usable(values)
    except RecursionError:
        raise ValueError("its brackets or dotted names are nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:
        # Python reads no number of more than 4,300 digits.
        raise ValueError(_TOO_LONG if "digits" in str(error) else str(error)) from None
    return values


_TOO_LONG = "a number has more than 19 digits"


def _require_usable(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _require_usable(key)
            _require_usable(inner)
    elif isinstance(value, list):
        for inner in value:
            _require_usable(inner)
    elif isinstance(value, int) and not -_WIDEST <= value < _WIDEST:
        raise ValueError(_TOO_LONG)
    elif isinstance(value, str) and "\0" in value:
        raise ValueError("a text holds a zero byte")


def line_of(text: str, key: str, value: object = None) -> int | None:
    """Return the line on which a key stands in a TOML text, or that of its table.

    Args:
        text: The text.
        key: The key with the names of its tables: "firmographic.employees".
        value: What the key says; of several tables of one name it tells which one is meant.
    """
    found: dict[int, str] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header is not None:
            table = _bare(header[1])
            found[number] = table
        elif (pair := _PAIR.match(line)) is not None:
            found[number] = f"{table}.{_bare(pair[1])}" if table else _bare(pair[1])
    places = [number for number, name in found.items() if name == key]
    lines = text.splitlines()
    said = re.compile(rf"(?<!\w){re.escape(str(value))}(?!\w)")
    saying = [number for number in places if said.search(lines[number - 1])]
    return next(iter(saying or places), None)


_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_PAIR = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)


def _bare(name: str) -> str:
    return re.sub(r"[\"']|(?<=\.)\s+|\s+(?=\.)", "", name)


class TomlKeys:
    """Takes typed values out of one table of the file, and refuses what is left."""

    def __init__(self, mapping: Mapping[str, Any], file: str, prefix: str = "") -> None:
        self._left = dict(mapping)
        self._known: list[str] = []
        self._file = file
        self._prefix = prefix

    def text(self, key: str, *, default: str = "", required: bool = False) -> str:
        """Return a text."""
        value: str = self._take(key, str, None if required else default, "text")
        return value

    def integer(self, key: str, *, default: int | None, low: int | None = None) -> int:
        """Return a whole number, from `low` on if there is one."""
        value: int = self._take(key, int, default, "a whole number")
        if low is not None and value < low:
            self.wrong(key, value, f"a whole number from {low}")
        return value

    def number(self, key: str, *, default: float) -> float:
        """Return a number."""
        value = self._take(key, (int, float), default, "a number")
        return float(value)

    def numbers(self, key: str, *, default: tuple[float, ...]) -> tuple[float, ...]:
        """Return a list of as many numbers as the default has."""
        expected = f"a list of {len(default)} numbers"
        value = self._take(key, list, list(default), expected)
        if len(value) != len(default) or not all(type(item) in {int, float} for item in value):
            self.wrong(key, value, expected)
        return tuple(map(float, value))

    def flag(self, key: str) -> bool:
        """Return true or false; false when it is not there."""
        value: bool = self._take(key, bool, default=False, expected="true or false")
        return value

    def texts(self, key: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(key, list, list(default), "a list of texts")
        if not all(isinstance(item, str) for item in value):
            self.wrong(key, value, "a list of texts")
        return tuple(value)

    def time(self, key: str) -> datetime:
        """Return an aware UTC time in whole seconds; now when it is not there.

        Only years that exports are dated in: at the ends of the calendar a time with a zone is
        none in another.
        """
        value: datetime = self._take(key, datetime, datetime.now(UTC), "a time with a zone")
        if value.tzinfo is None or not FIRST_YEAR <= value.year < LAST_YEAR:
            self.wrong(
                key,
                value,
                f"a time with a zone, such as 2026-11-22T09:00:00Z, from {FIRST_YEAR} on and "
                f"before {LAST_YEAR}",
            )
        return value.astimezone(UTC).replace(microsecond=0)

    def optional(self, key: str, kind: type[Any] | tuple[type[Any], ...], expected: str) -> Any:
        """Return a value of a type, or of one of several, or None when it is not there."""
        return self._take(key, kind, None, expected) if key in self._left else self._skip(key)

    def table(self, key: str) -> dict[str, Any]:
        """Return a table as it is; empty when it is not there."""
        value: dict[str, Any] = self._take(key, dict, {}, f"a table [{self._prefix}{key}]")
        return value

    def sub(self, key: str) -> TomlKeys:
        """Return the keys of a table inside this one."""
        return TomlKeys(self.table(key), self._file, f"{self._prefix}{key}.")

    def refuse_others(self) -> None:
        """Refuse every key that nobody has taken."""
        for key in self._left:
            raise RegistrationError(
                "unknown-key",
                location=Location(file=self._file),
                key=f"{self._prefix}{key}",
                nearest=nearest(key, self._known),
                allowed=", ".join(self._known),
            )

    def _skip(self, key: str) -> None:
        self._known.append(key)

    def _take(
        self, key: str, kind: type[Any] | tuple[type[Any], ...], default: Any, expected: str
    ) -> Any:
        self._known.append(key)
        if key not in self._left:
            if default is None:
                raise RegistrationError(
                    "missing-key", location=Location(file=self._file), key=f"{self._prefix}{key}"
                )
            return default
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.wrong(key, value, expected)
        return value

    def wrong(self, key: str, value: Any, expected: str) -> NoReturn:
        """Refuse the value of a key."""
        raise RegistrationError(
            "bad-value",
            location=Location(file=self._file),
            key=f"{self._prefix}{key}",
            value=value,
            expected=expected,
        )
