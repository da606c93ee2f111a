"""contact-overlap, account-overlap, reply-before-send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icptest.experiment import Arm
from tests.strategies import MINUTE, MONDAY, SETTLED, Exports, experiment, replied, sent

from .builders import Fates, case_of, check, exports_of, mailed, status

RAN = experiment(campaigns=(("a",), ("b",)))


@pytest.mark.parametrize(
    ("n", "said"),
    # By hand, of 200 people: 1 % is 2; over it stops, at it warns.
    [(0, "pass"), (1, "warn"), (2, "warn"), (3, "stop")],
)
def test_contact_overlap_stops_over_one_percent(n: int, said: str) -> None:
    """People seen in the campaigns of both arms."""
    exports = Exports(*[Arm.CONTROL] * 100, *[Arm.SEGMENT] * 100)
    control = {number: [sent(campaign="a")] for number in range(1, 101)}
    segment = {number: [sent(campaign="b")] for number in range(101 - n, 201)}
    exports.add(SETTLED, control, campaign="a").add(SETTLED, segment, campaign="b")
    found = check("contact-overlap", case_of(exports, RAN))
    assert (said, n, 200) == (str(found.status), found.facts["n"], found.facts["of"])


def test_account_overlap_warns_above_none() -> None:
    """A company in both arms is said; a person without a company cannot be shared."""
    exports = exports_of(mailed([MONDAY] * 3), mailed([MONDAY] * 3))
    assert status("account-overlap", case_of(exports)) == "pass"
    for number, account in ((1, "in/ada"), (4, "in/ada"), (2, "a@x.example"), (5, "a@x.example")):
        exports.contacts[number] = replace(exports.contacts[number], account=account)
    assert status("account-overlap", case_of(exports)) == "pass"
    for number in (3, 6):
        exports.contacts[number] = replace(exports.contacts[number], account="acme.example")
    found = check("account-overlap", case_of(exports))
    assert (str(found.status), found.facts["n"], found.facts["of"]) == ("warn", 1, 1)


@pytest.mark.parametrize(("n", "said"), [(0, "pass"), (1, "warn"), (2, "warn"), (3, "stop")])
def test_reply_before_send_stops_over_one_percent(n: int, said: str) -> None:
    """Of 200 mailed, by hand: 1 % is 2; replies at the first touch are none of these."""
    early: Fates = [(sent(), replied(MONDAY - MINUTE))] * n
    exports = exports_of([*early, *[(sent(), replied(MONDAY))] * (100 - n)], mailed([MONDAY] * 100))
    found = check("reply-before-send", case_of(exports))
    assert (said, n, 200) == (str(found.status), found.facts["n"], found.facts["of"])
