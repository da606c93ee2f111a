"""Protocol: the rules of a test, fixed before the first send."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from icptest.errors import RegistrationError
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping


MOST_LOOKS = 5


class Rule(StrEnum):
    """When the verdict is "scale"."""

    LIFT = "lift"
    """The lift is reached: the article to the letter."""
    LIFT_AND_EVIDENCE = "lift-and-evidence"
    """The lift is reached, and the exact test of "lift <= 1" passes."""
    PROVEN = "proven"
    """The exact test of "lift <= threshold" passes."""


class Steps(StrEnum):
    """Which replies inside the window count."""

    ALL = "all"
    """Replies to any step."""
    FIRST = "first"
    """Replies that come before the contact's second step goes out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """The registered rules; every field is in the registration and in every report.

    Attributes:
        size: Contacts of the segment arm.
        control_size: Contacts of the control arm; never fewer than `size`.
        send_window_hours: Elapsed hours from the first first-touch to the last, both arms.
        settle_business_days: Business days a reply may take, from the contact's first touch.
        steps: Which replies inside the window count; the same for both arms.
        threshold: Lift (segment rate / control rate) that justifies scaling.
        alpha: One-sided error probability of the tests, per experiment.
        rule: When to scale.
        looks: Batches, the first one included; `size` and `control_size` are of each.

    Raises:
        RegistrationError: A field is out of its bounds ("bad-protocol").
    """

    size: int = 500
    control_size: int = 0
    send_window_hours: int = 48
    settle_business_days: int = 5
    steps: Steps = Steps.ALL
    threshold: float = 2.0
    alpha: float = 0.05
    rule: Rule = Rule.LIFT_AND_EVIDENCE
    looks: int = 1

    def __post_init__(self) -> None:
        """Fill `control_size` from `size` and hold every field to its bounds."""
        if type(self.control_size) is int and self.control_size == 0:
            object.__setattr__(self, "control_size", self.size)
        _require_int("size", self.size, low=1, high=1_000_000)
        _require_int("control_size", self.control_size, low=self.size, high=1_000_000)
        _require_int("send_window_hours", self.send_window_hours, low=1, high=24 * 60)
        _require_int("settle_business_days", self.settle_business_days, low=1, high=60)
        _require_number("threshold", self.threshold, low=1.0, high=100.0, low_open=True)
        # Above the share that the exact tests set aside (1e-6), and below a coin's.
        _require_number("alpha", self.alpha, low=0.0001, high=0.49, low_open=False)
        _require_int("looks", self.looks, low=1, high=MOST_LOOKS)
        if self.looks > 1 and self.rule is Rule.LIFT:
            # The threshold alone has no error to share between looks: it passes by luck, and
            # every further look is one more chance.
            raise RegistrationError("looks-need-evidence", looks=self.looks)

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields as plain values, for TOML and JSON."""
        return {
            field.name: str(value) if isinstance(value, StrEnum) else value
            for field in dataclasses.fields(self)
            for value in [getattr(self, field.name)]
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Protocol:
        """Build a protocol from TOML or JSON values; unknown keys are refused."""
        names = [field.name for field in dataclasses.fields(cls)]
        for name in mapping:
            if name not in names:
                raise RegistrationError(
                    "unknown-key",
                    key=f"protocol.{name}",
                    nearest=nearest(name, names),
                    allowed=", ".join(names),
                )
        values = dict(mapping)
        for name, enum in (("steps", Steps), ("rule", Rule)):
            if name in values:
                values[name] = _require_word(name, values[name], enum)
        return cls(**values)


def _require_int(name: str, value: Any, *, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise RegistrationError(
            "bad-protocol", field=name, value=value, expected=f"a whole number, {low} to {high}"
        )


def _require_number(name: str, value: Any, *, low: float, high: float, low_open: bool) -> None:
    good = type(value) in {int, float} and math.isfinite(value) and low <= value <= high
    if not good or (low_open and value == low):
        above = "above" if low_open else "from"
        raise RegistrationError(
            "bad-protocol",
            field=name,
            value=value,
            expected=f"a number {above} {low:g} and at most {high:g}",
        )


def _require_word(name: str, value: Any, enum: type[StrEnum]) -> StrEnum:
    words = [str(word) for word in enum]
    if value not in words:
        raise RegistrationError(
            "bad-protocol",
            field=name,
            value=value,
            expected="one of " + ", ".join(words),
            nearest=nearest(str(value), words),
        )
    return enum(value)
