"""Was the test run as it was promised?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.checks._base import Check, Status
from icptest.experiment import Arm

if TYPE_CHECKING:
    from icptest.case import Case


def peeks(case: Case) -> Check:
    """Check that nobody looked before the replies were in."""
    status = Status.WARN if case.n_peeks else Status.PASS
    return Check(code="peeks", status=status, facts={"n": case.n_peeks})


def draw_not_made_here(case: Case) -> Check:
    """Check that both arms were drawn by this program, so that chance alone divides them."""
    arms = [str(arm) for arm in Arm if case.experiment.origin(arm).already_ran]
    n_apart = sum(tally.apart for tally in case.tallies.values())
    status = Status.WARN if arms else Status.PASS
    return Check(code="draw-not-made-here", status=status, facts={"arms": arms, "apart": n_apart})


def registered_after_sending(case: Case) -> Check:
    """Check that the rule was fixed, and a batch drawn, before its first mail.

    Campaigns that already ran cannot show it.
    """
    if any(case.experiment.origin(arm).already_ran for arm in Arm):
        return Check(code="registered-after-sending", status=Status.PASS, facts={"n": 0})
    n_before = sum(
        outcome.touch is not None
        # People of a later batch were free to be mailed by others until it was drawn.
        and outcome.touch.latest < (outcome.contact.drawn_at or case.experiment.created_at)
        for arm in Arm
        for outcome in case.outcomes[arm]
    )
    status = Status.WARN if n_before else Status.PASS
    facts = {"n": n_before, "batches": case.look}
    return Check(code="registered-after-sending", status=status, facts=facts)


def registration_changed(case: Case) -> Check:
    """Check that the registration still says what was frozen, and that its lists are the same.

    Who is in which arm is in the database, so a changed copy of a list turns no verdict.
    """
    lists = [str(arm) for arm in case.changed_lists]
    status = Status.WARN if lists else Status.PASS
    if not case.registration_intact:
        status = Status.STOP
    facts = {"file": not case.registration_intact, "lists": lists}
    return Check(code="registration-changed", status=status, facts=facts)
