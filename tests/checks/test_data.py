"""bounce-difference, evidence-differs, undated-events, unlabelled-replies, set-aside-rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from icptest.events import Tells
from icptest.experiment import Arm
from tests.strategies import (
    ALL_TELLS,
    DAY,
    DEADLINE,
    MONDAY,
    SETTLED,
    Exports,
    bounced,
    label,
    replied,
    sent,
)

from .builders import Fates, case_of, check, exports_of, mailed, sized, status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icptest.events import Event

TOLD = {"dating": label("x", MONDAY).dating.EXACT}
POSITIVE = (sent(), replied(MONDAY + DAY), label("Interested"))
UNDATED = (sent(), replied(None), label("Interested"))
SILENT = (sent(),)


def arm(n: int, *fates: tuple[tuple[Event, ...], int]) -> Fates:
    """Return an arm of so many people, some of them with a fate, the others silent."""
    special = [fate for fate, times in fates for _ in range(times)]
    return [*special, *[SILENT] * (n - len(special))]


def bounces(control: int, segment: int, n: int = 200) -> str:
    """Return what bounce-difference says."""
    gone = (sent(), bounced())
    return status(
        "bounce-difference", case_of(exports_of(arm(n, (gone, control)), arm(n, (gone, segment))))
    )


@pytest.mark.parametrize(
    ("control", "segment", "said"),
    [
        (0, 0, "pass"),
        # By hand, of 200: 5 % is 10; over it warns in either arm.
        (10, 10, "pass"),
        (11, 10, "warn"),
        (10, 11, "warn"),
        # Fisher, two-sided, of 200: 0 against 8 p = .0073, 9 p = .0036 (pin).
        (0, 8, "pass"),
        (0, 9, "warn"),
        (0, 200, "warn"),  # never a stop
    ],
)
def test_bounce_difference(control: int, segment: int, said: str) -> None:
    """Delivered against bounced, arm against arm, and either arm over 5 %."""
    assert bounces(control, segment) == said


def told(control: set[Tells] | frozenset[Tells], segment: set[Tells] | frozenset[Tells]) -> Exports:
    """Return an export of each arm that tells other things."""
    exports = Exports(*[Arm.CONTROL] * 4, *[Arm.SEGMENT] * 4)
    exports.add(SETTLED, dict.fromkeys(range(1, 5), SILENT), tells=control)
    return exports.add(SETTLED, dict.fromkeys(range(5, 9), SILENT), tells=segment)


def test_bounce_difference_is_unknown_where_an_export_tells_no_bounces() -> None:
    """Never shown as a pass."""
    blind = ALL_TELLS - {Tells.BOUNCES}
    assert status("bounce-difference", case_of(told(ALL_TELLS, blind))) == "unknown"
    assert status("bounce-difference", case_of(told(ALL_TELLS, ALL_TELLS))) == "pass"


@pytest.mark.parametrize("code", ["bounce-difference", "evidence-differs"])
def test_arms_are_compared_only_when_both_were_mailed(code: str) -> None:
    """Pending until then."""
    assert status(code, case_of(exports_of(mailed([MONDAY]), [()]))) == "pending"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (Tells.BOUNCES, "stop"),
        (Tells.REPLY_TIMES, "stop"),
        (Tells.LABELS, "stop"),
        (Tells.MEETINGS, "pass"),
    ],
)
@pytest.mark.parametrize("blind", list(Arm))
def test_evidence_differs_stops_when_one_arm_cannot_tell(
    missing: Tells, said: str, blind: Arm
) -> None:
    """Bounces, reply times and labels have to be known of both arms or of neither."""
    less = ALL_TELLS - {missing}
    exports = told(less, ALL_TELLS) if blind is Arm.CONTROL else told(ALL_TELLS, less)
    found = check("evidence-differs", case_of(exports))
    assert said == str(found.status)
    assert found.facts["differing"] == ([str(missing)] if said == "stop" else [])
    assert status("evidence-differs", case_of(told(less, less))) == "pass"


def test_evidence_is_what_any_export_of_a_contact_tells() -> None:
    """A second export of the same people adds what the first could not tell."""
    exports = told(ALL_TELLS - {Tells.LABELS}, ALL_TELLS)
    exports.add(SETTLED, dict.fromkeys((1, 2), ()), tells={Tells.LABELS}, layout="more")
    # By hand: half of the arm's mailed people are told of, which is enough (pin).
    assert status("evidence-differs", case_of(exports)) == "pass"


@pytest.mark.parametrize(
    ("control", "segment", "said"),
    [
        # All dated: nothing to leave out.
        ([(POSITIVE, 5)], [(POSITIVE, 25)], "pass"),
        # Without the undated ones of the segment 25 becomes 20 or 5 against 5 of 500.
        ([(POSITIVE, 5)], [(POSITIVE, 24), (UNDATED, 1)], "pass"),
        ([(POSITIVE, 5)], [(POSITIVE, 5), (UNDATED, 20)], "warn"),
        # Without those of control 15 becomes 1, and 25 of 500 scales.
        ([(POSITIVE, 1), (UNDATED, 14)], [(POSITIVE, 25)], "warn"),
        # In the least favourable arm: out of both arms together nothing would change.
        ([(UNDATED, 5)], [(UNDATED, 25)], "warn"),
        ([(UNDATED, 1)], [], "pass"),
    ],
)
def test_undated_events_warn_only_if_they_could_turn_the_decision(
    control: Sequence[tuple[tuple[Event, ...], int]],
    segment: Sequence[tuple[tuple[Event, ...], int]],
    said: str,
) -> None:
    """Leaving out any set of them, in the least favourable arm."""
    exports = exports_of(arm(500, *control), arm(500, *segment))
    found = check("undated-events", case_of(exports))
    n_undated = sum(times for fate, times in [*control, *segment] if fate is UNDATED)
    assert (said, n_undated) == (str(found.status), found.facts["n"])


def test_undated_events_are_not_judged_before_the_replies_are_in() -> None:
    """Whether they could turn the decision is an outcome: pending, and no number in the facts."""
    exports = exports_of(arm(4, (POSITIVE, 1)), arm(4), at=DEADLINE - DAY)
    assert status("undated-events", case_of(exports)) == "pending"  # nor whether there are any
    exports = exports_of(arm(4, (POSITIVE, 1)), arm(4, (UNDATED, 2)), at=SETTLED)
    waiting = {number: (sent(DEADLINE),) for number in (7, 8)}
    exports.add(SETTLED + DAY, waiting)
    exports.contacts[9] = replace(exports.contacts[8], contact_id=9)
    exports.add(SETTLED + DAY, {9: (sent(SETTLED),)})
    found = check("undated-events", case_of(exports))
    assert (str(found.status), found.facts) == ("pending", {})


@pytest.mark.parametrize(
    ("control", "segment", "said"), [(0, 0, "pass"), (1, 0, "warn"), (0, 2, "warn")]
)
def test_unlabelled_replies_warn_above_none(control: int, segment: int, said: str) -> None:
    """Counted replies that nobody has judged, by arm."""
    reply = (sent(), replied(MONDAY + DAY))
    exports = exports_of(arm(9, (reply, control)), arm(9, (reply, segment), (POSITIVE, 1)))
    facts: Mapping[str, object] = check("unlabelled-replies", case_of(exports)).facts
    assert (said, control, segment) == (
        status("unlabelled-replies", case_of(exports)),
        facts["control"],
        facts["segment"],
    )


def test_set_aside_rows_warn_above_none() -> None:
    """Rows that could not be used and still stand aside."""
    exports = exports_of(arm(2), arm(2))
    assert status("set-aside-rows", case_of(exports)) == "pass"
    exports.more["n_set_aside"] = 3
    found = check("set-aside-rows", case_of(exports, sized(exports)))
    assert (str(found.status), found.facts["n"]) == ("warn", 3)
