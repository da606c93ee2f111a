"""Checks: whether the experiment can be trusted, before its numbers are read.

    _base.py      Check, Status: what a check says; it is given a `case.Case`
    sending.py    size-reached, send-window, never-mailed
    people.py     contact-overlap, account-overlap, reply-before-send
    data.py       bounce-difference, evidence-differs, undated-events, unlabelled-replies,
                  set-aside-rows
    trust.py      peeks, draw-not-made-here, registration-changed, registered-after-sending

Only `size-reached`, `send-window`, `never-mailed`, `contact-overlap`, `reply-before-send`,
`evidence-differs` and `registration-changed` may stop a verdict. Statistical ones stop below
p = 0.0005 and warn below 0.005.
"""

from icptest.checks._base import Check, Status
from icptest.checks.run import CODES, run_checks

__all__ = ["CODES", "Check", "Status", "run_checks"]
