"""What a verdict says: its sentence, its reasons, its next command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.decision import Answer
from icptest.experiment import Arm
from icptest.report.words.checks import stopped_because
from icptest.report.words.next_step import n_undatable
from icptest.report.words.numbers import count, lift, moment, odds, threshold
from icptest.report.words.trust import worth_of_scaling
from icptest.stats import NotEstimable
from icptest.tallies import Measure
from icptest.verdict import LABEL_FIRST

if TYPE_CHECKING:
    from icptest.verdict import Verdict

HEADINGS = {
    Answer.SCALE: "SCALE",
    Answer.NO_SCALE: "NO-SCALE",
    Answer.NOT_YET: "NOT YET",
    Answer.INVALID: "INVALID",
}
TABLE_ROWS = {
    "assigned": "in the test",
    "not_sent": "never mailed",
    "contacted": "mailed",
    "bounced": "bounced",
    "delivered": "reached",
    "replied": "replied",
    "positive": "positive replies",
    "meetings": "meetings booked",
}


def booked_directly(number: int) -> str:
    """Return the note below the counts that some positives are no replies."""
    people = count(number, "person", "people")
    return f"{people} booked a meeting without replying: positive, but no reply."


UNDEFINED_LIFT = "-"
UNKNOWN_RANGE = "cannot be read"


def sentence(verdict: Verdict) -> str:
    """Return the decision in one sentence."""
    answer, reason = verdict.decision.answer, verdict.decision.reason
    if answer is Answer.INVALID:
        check = next(one for one in verdict.checks if one.code == reason)
        return stopped_because(check, verdict.experiment.name)
    if answer is Answer.NOT_YET:
        return _waiting(verdict)
    if verdict.experiment.aa:
        return _of_one_list(verdict) + _against_checks(verdict)
    said = _decided(verdict)
    if answer is Answer.SCALE:
        said += worth_of_scaling(verdict.worth)
    return said + _against_checks(verdict)


def _of_one_list(verdict: Verdict) -> str:
    seen = _seen(verdict)
    if verdict.decision.answer is Answer.NO_SCALE:
        return (
            f"As it should be: today's list is not found better than itself ({seen}). Nothing "
            "shows that you send to the two sides, or label their replies, differently."
        )
    return (
        f"Something may be wrong: today's list is found better than itself ({seen}). Luck alone "
        f"does that {odds(verdict.levels.rule)} at most. Look for what treats the two sides "
        "differently: mailboxes, days, copy, who labels, what the exports hold."
    )


def _decided(verdict: Verdict) -> str:
    bar = threshold(verdict.experiment.protocol.threshold)
    seen = _seen(verdict)
    return {
        "proven": f"Scale the new list: {bar} or more is proven ({seen}).",
        "likely": (
            f"Scale the new list: it reached {bar} ({seen}) and is better than today's list "
            f"beyond luck; that it is {bar} or more is not yet proven."
        ),
        "unproven": (
            f"Scale the new list by the registered rule, which asks for {bar} and nothing "
            f"else ({seen}). It could be luck: equal lists do this {_luck(verdict)}."
        ),
        "ruled-out": f"Do not scale the new list: a {bar} list is very unlikely ({seen}).",
        "could-be-luck": (
            f"Do not scale the new list: it reached {bar} ({seen}), but that is not proven: "
            f"equal lists do this {_luck(verdict)}. Do not switch the whole list; "
            "test the next batch."
        ),
        "below-threshold": (
            f"Do not scale the new list: it stayed below the {bar} that would justify "
            f"switching ({seen})."
        ),
    }[verdict.decision.reason]


def _against_checks(verdict: Verdict) -> str:
    """Return the caveat that belongs to the decision where somebody went on in spite of a stop."""
    codes = [check.code for check in verdict.checks if check.accepted is not None]
    if not codes:
        return ""
    return f" Mind: a check stops this test ({', '.join(codes)}); that was accepted, on record."


def reasons(verdict: Verdict) -> list[str]:
    """Return the reasons, one line each; empty before the replies are in."""
    if verdict.evidence is None or verdict.article_scales is None:
        return []
    evidence = verdict.evidence
    bar = threshold(verdict.experiment.protocol.threshold)
    reached = f"{bar} was reached" if verdict.article_scales else f"{bar} was not reached"
    if evidence.better.passes:
        better = "Better than today's list, beyond luck."
    elif verdict.article_scales:
        better = "Not shown to be better than today's list: this could be luck."
    else:
        better = "Not shown to be better than today's list."
    if evidence.reaches_threshold.passes:
        proof = f"A lift of {bar} or more is proven."
    elif evidence.misses_threshold.passes:
        proof = f"A lift of {bar} or more is very unlikely."
    else:
        proof = f"A lift of {bar} or more is neither proven nor ruled out."
    return [f"{reached} ({_observed(verdict)}).", better, proof]


def article_line(verdict: Verdict) -> str:
    """Return what the article's rule alone would say."""
    bar = threshold(verdict.experiment.protocol.threshold)
    said = "scale" if verdict.article_scales else "no-scale"
    line = f"The article's rule alone ({bar} or more, no test) would say {said}"
    if verdict.luck is None:
        return f"{line}."
    return f"{line}; equal lists pass it {_luck(verdict)} here."


def peek_line(verdict: Verdict) -> str:
    """Return the warning above outcomes shown too early."""
    return (
        "You are looking before the replies are in. What you see will change, and every later "
        f"report says that the test was looked at early ({count(verdict.n_peeks, 'time')} so far)."
    )


def _waiting(verdict: Verdict) -> str:
    zone = verdict.experiment.zone
    tallies = verdict.tallies.values()
    if verdict.decision.reason == LABEL_FIRST:
        n_replies = sum(tally.unlabelled for tally in tallies)
        return (
            f"Not yet: {count(n_replies, 'reply has', 'replies have')} no label, and what "
            "they are decides the verdict."
        )
    undatable = n_undatable(verdict)
    if verdict.sending.started_at is None and undatable == 0:
        return "Not yet: no export shows a first mail of this test." + _ignored(verdict)
    if undatable:
        return (
            f"Not yet: the exports do not tell when {count(undatable, 'person was', 'people were')}"
            " first mailed, so nobody knows when their replies are in. Read in an export with "
            'send times, or say so: `--sent-between "2026-11-23T09:00" "2026-11-24T17:00"`.'
        )
    when = "" if verdict.settles_at is None else moment(verdict.settles_at, zone)
    silent = [
        ARM
        for arm, ARM in ((Arm.CONTROL, "today's list"), (Arm.SEGMENT, "the new list"))
        if verdict.tallies[arm].contacted == 0
    ]
    if silent:
        said = f"Not yet: no export shows anybody of {' or '.join(silent)} as mailed."
        return said + _ignored(verdict)
    if verdict.settles_at is not None and verdict.as_of >= verdict.settles_at:
        missing = sum(tally.unsettled for tally in tallies)
        return (
            f"Not yet: the replies were in on {when}, but no export taken after that "
            f"tells of {count(missing, 'person', 'people')}.{_ignored(verdict)}"
        )
    return (
        f"Not yet: the replies are in on {when}. Nobody should look at them before; "
        "then read in an export taken after that time."
    )


def _ignored(verdict: Verdict) -> str:
    """Return that the clock which was set leaves out exports, as a sentence to add; else ""."""
    if not verdict.n_later:
        return ""
    exports = count(verdict.n_later, "export")
    return f" {exports} taken later {'is' if verdict.n_later == 1 else 'are'} ignored (--as-of)."


def _seen(verdict: Verdict) -> str:
    control, segment = verdict.tallies[Arm.CONTROL], verdict.tallies[Arm.SEGMENT]
    return (
        f"{_observed(verdict)}: {segment.positive} of {segment.delivered:,} against "
        f"{control.positive} of {control.delivered:,}"
    )


def _observed(verdict: Verdict) -> str:
    if verdict.evidence is None:
        return "no lift"
    estimate = verdict.evidence.lifts[Measure.POSITIVE].estimate
    if not isinstance(estimate, NotEstimable):
        return lift(estimate)
    if verdict.tallies[Arm.SEGMENT].positive:
        return "today's list has no positive reply to compare with"
    return "neither list has a positive reply"


def _luck(verdict: Verdict) -> str:
    return odds(verdict.luck) if verdict.luck is not None else "often"
