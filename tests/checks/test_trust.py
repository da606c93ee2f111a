"""peeks, draw-not-made-here, registration-changed; and what all checks have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icptest.checks import CODES, Status, run_checks
from icptest.checks._base import arms_differ, by_p_value
from icptest.experiment import Arm
from tests.strategies import DAY, MONDAY, SETTLED, Exports, experiment, sent

from .builders import case_of, check, exports_of, mailed, status

FINE = exports_of(mailed([MONDAY] * 3), mailed([MONDAY] * 3))


def test_peeks_warn_above_none() -> None:
    """How often somebody looked early is in the facts."""
    assert status("peeks", case_of(FINE)) == "pass"
    found = check("peeks", case_of(FINE, n_peeks=2))
    assert (str(found.status), found.facts["n"]) == ("warn", 2)


def test_draw_not_made_here_warns_and_counts_who_stands_apart() -> None:
    """Campaigns that already ran were not divided by lot."""
    assert status("draw-not-made-here", case_of(FINE)) == "pass"
    exports = Exports(Arm.CONTROL, Arm.CONTROL, Arm.SEGMENT)
    rows = {1: [sent(campaign="a")], 2: [sent(MONDAY + DAY, campaign="a")]}
    exports.add(SETTLED, rows, campaign="a")
    exports.add(SETTLED, {3: [sent(campaign="b")]}, campaign="b")
    case = case_of(exports, experiment(campaigns=(("a",), ("b",))))
    found = check("draw-not-made-here", case)
    assert (
        str(found.status),
        found.facts["arms"],
        found.facts["apart"],
    ) == ("warn", ["control", "segment"], 1)


def test_a_changed_registration_stops() -> None:
    """The file's digest is not the frozen one."""
    assert status("registration-changed", case_of(FINE)) == "pass"
    assert status("registration-changed", case_of(FINE, intact=False)) == "stop"


def test_a_changed_copy_of_a_list_warns() -> None:
    """The people are in the database, so it turns nothing; a changed file stops all the same."""
    found = check("registration-changed", case_of(FINE, changed_lists=(Arm.SEGMENT,)))
    assert (found.status, found.facts["lists"]) == (Status.WARN, ["segment"])
    both = case_of(FINE, intact=False, changed_lists=(Arm.SEGMENT,))
    assert status("registration-changed", both) == "stop"


def test_an_accepted_stop_becomes_a_warning_with_its_reason() -> None:
    """Only a stop can be accepted, and only the one that was named."""
    case = case_of(FINE, intact=False)
    said = {"registration-changed": "typo in the owner", "peeks": "no"}
    found = check("registration-changed", case, accepted=said)
    assert (found.status, found.accepted) == (Status.WARN, "typo in the owner")
    assert check("peeks", case, accepted=said).accepted is None
    other = check("registration-changed", case, accepted={"size-reached": "x"})
    assert (other.status, other.accepted) == (Status.STOP, None)


def test_there_are_fifteen_checks_each_with_its_code() -> None:
    """Every code of docs/reference/checks.md; each check says its own."""
    assert {
        "size-reached",
        "send-window",
        "never-mailed",
        "contact-overlap",
        "account-overlap",
        "bounce-difference",
        "evidence-differs",
        "undated-events",
        "unlabelled-replies",
        "set-aside-rows",
        "peeks",
        "draw-not-made-here",
        "registration-changed",
        "reply-before-send",
        "registered-after-sending",
    } == set(CODES)
    assert list(CODES) == [one.code for one in run_checks(case_of(FINE), accepted={})]


def test_a_sound_test_passes_every_check() -> None:
    """Everyone mailed at once, exported after the deadline."""
    found = {one.code: str(one.status) for one in run_checks(case_of(FINE), accepted={})}
    assert {"pass"} == set(found.values()), found


def test_before_anything_is_known_no_check_stops() -> None:
    """A test that was just registered waits, and is not invalid."""
    found = {one.code: one.status for one in run_checks(case_of(Exports()), accepted={})}
    assert Status.STOP not in found.values()
    assert Status.WARN not in found.values()


@pytest.mark.parametrize(
    ("p_value", "may_stop", "said"),
    [
        (0.005, True, "pass"),
        (0.00499, True, "warn"),
        (0.0005, True, "warn"),
        (0.00049, True, "stop"),
        (0.00049, False, "warn"),
    ],
)
def test_statistical_checks_warn_and_stop_at_their_levels(
    p_value: float, may_stop: bool, said: str
) -> None:
    """Stop below .0005 and warn below .005."""
    assert said == str(by_p_value(p_value, may_stop=may_stop))


def test_arms_with_nobody_do_not_differ() -> None:
    """There is nothing to compare."""
    assert arms_differ(control=(0, 0), segment=(3, 9)) == 1.0
    assert arms_differ(control=(3, 9), segment=(0, 0)) == 1.0


def test_a_test_registered_after_its_first_mail_warns() -> None:
    """The rule was not fixed before, and how many were mailed before is in the facts."""
    assert status("registered-after-sending", case_of(FINE)) == "pass"
    after = replace(experiment(size=3), created_at=MONDAY + DAY)
    found = check("registered-after-sending", case_of(FINE, after))
    assert (str(found.status), found.facts["n"]) == ("warn", 6)
