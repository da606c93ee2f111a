"""Are the two lists apart, and did replies come after the mails they answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.checks._base import Check, Status
from icptest.experiment import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icptest.case import Case

_LIMIT = 0.01


def contact_overlap(case: Case) -> Check:
    """Check that nobody was mailed in both arms."""
    n_people = sum(len(case.outcomes[arm]) for arm in Arm)
    return Check(
        code="contact-overlap",
        status=_by_share(case.n_in_both, n_people),
        facts={"n": case.n_in_both, "of": n_people},
    )


def account_overlap(case: Case) -> Check:
    """Check that no company was mailed in both arms."""
    control, segment = (
        _accounts(outcome.contact.account for outcome in case.outcomes[arm])
        for arm in (Arm.CONTROL, Arm.SEGMENT)
    )
    both = len(control & segment)
    return Check(
        code="account-overlap",
        status=Status.WARN if both else Status.PASS,
        facts={"n": both, "of": len(control | segment)},
    )


def reply_before_send(case: Case) -> Check:
    """Check that replies come after the first touch: others answer another campaign."""
    n_before = sum(tally.reply_before_send for tally in case.tallies.values())
    n_mailed = sum(tally.contacted for tally in case.tallies.values())
    return Check(
        code="reply-before-send",
        status=_by_share(n_before, n_mailed),
        facts={"n": n_before, "of": n_mailed},
    )


def _by_share(number: int, total: int) -> Status:
    if number == 0:
        return Status.PASS
    return Status.STOP if number > _LIMIT * total else Status.WARN


def _accounts(names: Iterable[str]) -> set[str]:
    # A contact without a company is its own account; it cannot be shared.
    return {name for name in names if "@" not in name and not name.startswith("in/")}
