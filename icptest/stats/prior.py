"""What is believed of two rates before the data: the prior of `posterior`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icptest.stats._counts import check_number

# Bounds within which the quadrature is tested. Outside them a prior says nothing sensible: below
# 0.5 (Jeffreys) most of it is heaped up next to rate 0, below 1 at rate 1 there is a pole, and a
# log lift of sd 10 spans eight powers of ten.
_LOWEST = (0.5, 1.0)
_HIGHEST = 1e9
_SD_LOW, _SD_HIGH = 1e-3, 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """A prior on the control rate and, independent of it, one on the lift.

    The control rate is Beta distributed; the logarithm of the lift (treatment rate / control
    rate) is normal around 0, a lift of 1. Pairs that put the treatment rate above 1 are left out.

    Why the lift is spread by 0.5: 95 of 100 lists then have a true lift between 0.37 and 2.7
    (exp of plus or minus 1.96 x 0.5), half of them between 0.71 and 1.4, and 8 of 100 reach 2.
    That is the spread of lifts that somebody expects who believes that an ordinary narrowing of a
    list does a little good or a little harm, and that twice the replies are the exception. With
    it, at a 1 % baseline and 500 per arm, of the tests that read 2 or more about 24 % are truly
    there and the median truth behind a median reading of 2.75 is 1.45. A wider one believes more
    of what it sees: for 5/500 against 12/500 the chance of 2 or more is 0.24 at a width of 0.5,
    0.40 at 0.7 and 0.52 at 1. Data cannot choose it within a test, so it is fixed before.

    Why Beta(0.5, 50) for the control rate: its mean is 1 %, the usual share of positive replies to
    cold mail, and it weighs as much as half an event among 50 contacts: against 500 it is hardly
    felt, and with no event at all it keeps the rate off 0.

    Attributes:
        control: a and b of the Beta distribution of the control rate, a in [0.5, 1e9] and b in
            [1, 1e9]; its mean is a / (a + b), its weight that of a + b contacts.
        log_lift_sd: standard deviation of the natural logarithm of the lift, in [0.001, 10].

    Raises:
        ValueError: an attribute is out of bounds; the message names it, its value and the bound.
    """

    control: tuple[float, float] = (0.5, 50.0)
    log_lift_sd: float = 0.5

    def __post_init__(self) -> None:
        """Check both, and keep them as floats."""
        if not isinstance(self.control, tuple) or len(self.control) != 2:  # noqa: PLR2004
            msg = f"control == {self.control!r}, must be a pair of numbers (a, b)."
            raise ValueError(msg)
        pair = tuple(
            check_number(f"control[{place}]", value, at_least=least, at_most=_HIGHEST)
            for place, (value, least) in enumerate(zip(self.control, _LOWEST, strict=True))
        )
        sd = check_number("log_lift_sd", self.log_lift_sd, at_least=_SD_LOW, at_most=_SD_HIGH)
        object.__setattr__(self, "control", pair)
        object.__setattr__(self, "log_lift_sd", sd)


DEFAULT_PRIOR: Final = Prior()
