"""size-reached, send-window, never-mailed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from icptest.events import Dating
from icptest.experiment import Arm
from tests.strategies import DAY, MINUTE, MONDAY, SETTLED, Exports, experiment, sent

from .builders import Fates, case_of, check, exports_of, mailed, sized, spread, status

if TYPE_CHECKING:
    from datetime import datetime

HOUR = timedelta(hours=1)


def people(n_mailed: int, n_assigned: int) -> Fates:
    """Return an arm of which some were mailed."""
    return [*mailed([MONDAY] * n_mailed), *[()] * (n_assigned - n_mailed)]


@pytest.mark.parametrize(
    ("n_mailed", "said"),
    # By hand, of 50: 98 % is 49, 90 % is 45.
    [(50, "pass"), (49, "pass"), (48, "warn"), (45, "warn"), (44, "stop"), (1, "stop")],
)
@pytest.mark.parametrize("short", list(Arm))
def test_size_reached_by_share_of_the_registered_size(n_mailed: int, said: str, short: Arm) -> None:
    """The arm with the smaller share decides, each against its own registered size."""
    arms = {arm: people(50, 50) for arm in Arm} | {short: people(n_mailed, 50)}
    exports = exports_of(arms[Arm.CONTROL], arms[Arm.SEGMENT])
    found = check("size-reached", case_of(exports))
    assert (said, n_mailed, 50) == (
        str(found.status),
        found.facts[f"{short}_mailed"],
        found.facts[f"{short}_planned"],
    )


def test_size_reached_is_against_the_registration_not_the_assignment() -> None:
    """Fewer people assigned than registered are fewer people mailed."""
    exports = exports_of(people(44, 44), people(44, 44))
    assert status("size-reached", case_of(exports, experiment(size=50))) == "stop"
    larger = exports_of(people(50, 50), people(20, 20))
    assert status("size-reached", case_of(larger, experiment(size=20, control_size=50))) == "pass"


def test_size_reached_waits_until_sending_is_over() -> None:
    """Pending inside the window, judged after an export past it or `--sending-done`."""
    control, segment = people(30, 50), people(30, 50)
    exports = exports_of(control, segment, at=MONDAY + 48 * HOUR - MINUTE)
    assert status("size-reached", case_of(exports)) == "pending"
    exports.more["sending_done_at"] = MONDAY + DAY
    assert status("size-reached", case_of(exports)) == "stop"
    over = exports_of(control, segment, at=MONDAY + 48 * HOUR)
    assert status("size-reached", case_of(over)) == "stop"


def window(control: list[datetime], segment: list[datetime], at: datetime = SETTLED) -> str:
    """Return what send-window says of first touches."""
    return status("send-window", case_of(exports_of(mailed(control), mailed(segment), at=at)))


def test_send_window_passes_within_48_hours_over_both_arms() -> None:
    """From the first first-touch to the last one, both arms together; 48 h is inside."""
    assert window([MONDAY] * 50, [MONDAY + 48 * HOUR] * 50) == "pass"
    assert window([MONDAY] * 50, [MONDAY + 48 * HOUR + MINUTE] * 50) == "stop"


def test_send_window_ignores_the_latest_two_percent_of_each_arm() -> None:
    """One of 50 may come weeks later, two of 50 may not."""
    late = MONDAY + 20 * DAY
    on_time = spread(49, MONDAY, 40)
    assert window([*on_time, late], [*on_time, late]) == "pass"
    assert window([*on_time[:-1], late, late], [*on_time, late]) == "warn"
    # By hand, 49 people: 2 % is less than one person, so nobody is ignored.
    assert window([*on_time[:-1], late], on_time) == "warn"


@pytest.mark.parametrize(
    ("moved", "said"),
    # By hand: of 40 per arm on ten days, 8 sent on an eleventh leave an overlap of 80 %, and
    # 2 % of 40 is nobody.
    [(0, "warn"), (8, "warn"), (9, "stop")],
)
def test_a_longer_window_is_only_a_warning_if_both_arms_went_out_alike(
    moved: int, said: str
) -> None:
    """The overlap of daily shares decides, at 80 % exactly."""
    days = [MONDAY + number % 10 * DAY for number in range(40)]
    segment = days[: 40 - moved] + [MONDAY + 10 * DAY] * moved
    exports = exports_of(mailed(days), mailed(segment))
    found = check("send-window", case_of(exports))
    assert said == str(found.status)
    assert float(found.facts["alike"]) == pytest.approx((40 - moved) / 40)


def test_stragglers_do_not_count_against_likeness_either() -> None:
    """The latest 2 % of each arm are ignored in everything."""
    control = [MONDAY + number % 2 * 4 * DAY for number in range(50)]
    # By hand: 49 of 50 kept. Segment 29 + 20 against 25 + 24: overlap (25 + 20) / 49 = .918
    # with its straggler ignored.
    segment = [MONDAY] * 29 + [MONDAY + 4 * DAY] * 20 + [MONDAY + 30 * DAY]
    found = check("send-window", case_of(exports_of(mailed(control), mailed(segment))))
    assert found.status == "warn"
    assert float(found.facts["alike"]) == pytest.approx((25 + 20) / 49)
    assert float(found.facts["hours"]) == pytest.approx(96)


def test_days_are_those_of_the_test_zone() -> None:
    """10 pm on Monday and 1 am on Tuesday in New York are two days there, one in UTC."""
    evening, night = MONDAY + 13 * HOUR, MONDAY + 16 * HOUR
    rest = [MONDAY + 20 * DAY] * 20
    exports = exports_of(mailed([evening] * 20 + rest), mailed([night] * 20 + rest))
    assert float(check("send-window", case_of(exports)).facts["alike"]) == pytest.approx(0.5)
    utc = sized(exports, zone="UTC")
    assert float(check("send-window", case_of(exports, utc)).facts["alike"]) == pytest.approx(1)


def test_send_window_is_pending_while_sending_goes_on_well() -> None:
    """Inside the window nothing is lost yet; beyond it the answer is known at once."""
    soon = MONDAY + DAY
    assert window([MONDAY], [soon], at=soon) == "pending"
    assert window([MONDAY], [MONDAY + 9 * DAY], at=MONDAY + 9 * DAY) == "stop"
    exports = exports_of(mailed([MONDAY]), [()], at=soon)
    assert status("send-window", case_of(exports)) == "pending"


def test_send_window_is_unknown_where_no_export_tells_send_times() -> None:
    """Never shown as a pass, and it does not wait."""
    blind: Fates = [(sent(dating=Dating.LAST_TOUCH),)]
    assert status("send-window", case_of(exports_of(blind, mailed([MONDAY])))) == "unknown"


def test_a_stated_span_counts_with_both_its_ends() -> None:
    """Sends stated within two days are inside the window, within three they are not."""

    def stated(days: int) -> str:
        fate: Fates = [(sent(MONDAY + days * DAY, dating=Dating.STATED, since=MONDAY),)] * 50
        return status("send-window", case_of(exports_of(fate, fate)))

    assert (stated(2), stated(3)) == ("pass", "warn")


@pytest.mark.parametrize(
    ("control", "segment", "said"),
    [
        (0, 0, "pass"),
        (10, 10, "pass"),
        # By hand, over 10 % of 100 in one arm: 11, with p far above .005.
        (10, 11, "warn"),
        # Fisher, two-sided, 0 of 100 against: 8 p = .0068, 9 p = .0032, 12 p = .00034 (pin).
        (0, 8, "pass"),
        (0, 9, "warn"),
        (9, 0, "warn"),
        (0, 12, "stop"),
        (12, 0, "stop"),
    ],
)
def test_never_mailed_arm_against_arm(control: int, segment: int, said: str) -> None:
    """Fisher's exact test: warn below .005, stop below .0005; or an arm over 10 %."""
    exports = exports_of(people(100 - control, 100), people(100 - segment, 100))
    found = check("never-mailed", case_of(exports))
    assert (said, control, segment) == (
        str(found.status),
        found.facts["control"],
        found.facts["segment"],
    )


def test_never_mailed_waits_until_sending_is_over() -> None:
    """Before that nobody is known as never mailed."""
    exports = exports_of(people(1, 100), people(100, 100), at=MONDAY + HOUR)
    assert status("never-mailed", case_of(exports)) == "pending"


def test_never_mailed_does_not_apply_to_campaigns_that_already_ran() -> None:
    """They consist of the people they mailed."""
    exports = Exports().add(SETTLED, {1: [sent(campaign="a")]}, campaign="a")
    exports.add(SETTLED, {2: [sent(campaign="b")]}, campaign="b")
    found = check("never-mailed", case_of(exports, experiment(campaigns=(("a",), ("b",)))))
    assert (str(found.status), found.facts["not_applicable"]) == ("unknown", True)
