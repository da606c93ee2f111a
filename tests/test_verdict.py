"""The questions in their order; the first that bites answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from icptest.case import case_of
from icptest.checks import Status
from icptest.decision import Answer
from icptest.evidence import Counts
from icptest.experiment import Arm
from icptest.levels import Standing
from icptest.report.words.trust import trust_lines
from icptest.tallies import Measure
from icptest.verdict import LABEL_FIRST, NOT_SETTLED, judge

from .checks.builders import exports_of, sized
from .strategies import (
    DAY,
    DEADLINE,
    MINUTE,
    MONDAY,
    SETTLED,
    Exports,
    bounced,
    experiment,
    label,
    replied,
    sent,
)

if TYPE_CHECKING:
    from datetime import datetime

    from icptest.events import Event
    from icptest.experiment import Experiment
    from icptest.verdict import Verdict

SILENT: tuple[Event, ...] = (sent(),)
POSITIVE = (sent(), replied(MONDAY + DAY), label("Interested"))
NEGATIVE = (sent(), replied(MONDAY + DAY), label("Not Interested"))
OPEN = (sent(), replied(MONDAY + DAY))
BOUNCED = (sent(), bounced())


def arm(n: int, **fates: int) -> list[tuple[Event, ...]]:
    """Return an arm of so many people: positive=3, unlabelled=1, bounced=2, never=1, ..."""
    known: dict[str, tuple[Event, ...]] = {
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "unlabelled": OPEN,
        "bounced": BOUNCED,
        "never": (),
    }
    special = [known[name] for name, times in fates.items() for _ in range(times)]
    return [*special, *[SILENT] * (n - len(special))]


def verdict(
    exports: Exports,
    of: Experiment | None = None,
    *,
    as_of: datetime = SETTLED,
    **more: Any,
) -> Verdict:
    """Judge a record."""
    about = {name: more.pop(name) for name in ("registration_intact", "n_peeks") if name in more}
    case = case_of(of or sized(exports), exports.record(), **about)
    return judge(case, as_of=as_of, digest="sha256:frozen", **{"accepted": {}, **more})


def said(found: Verdict) -> tuple[str, str]:
    """Return the answer and its reason."""
    return str(found.decision.answer), found.decision.reason


def read(control: dict[str, int], segment: dict[str, int], n: int = 500, **more: Any) -> Verdict:
    """Judge two arms of people in an export after the deadline."""
    return verdict(exports_of(arm(n, **control), arm(n, **segment)), **more)


@pytest.mark.parametrize(
    ("control", "segment", "answer"),
    [
        ({"positive": 5}, {"positive": 25}, ("scale", "proven")),
        ({}, {"positive": 3}, ("scale", "likely")),  # 0/500 against 3/500
        ({"positive": 3}, {"positive": 6}, ("no-scale", "could-be-luck")),
        ({"positive": 6}, {"positive": 8}, ("no-scale", "below-threshold")),
        ({"positive": 20}, {"positive": 12}, ("no-scale", "ruled-out")),
        ({}, {}, ("no-scale", "below-threshold")),
    ],
)
def test_settled_counts_are_decided(
    control: dict[str, int], segment: dict[str, int], answer: tuple[str, str]
) -> None:
    """The rule on positive replies of the people reached."""
    found = read(control, segment)
    assert answer == said(found)
    assert found.settled
    assert found.evidence is not None
    expected = {
        one: fates.get("positive", 0)
        for one, fates in ((Arm.CONTROL, control), (Arm.SEGMENT, segment))
    }
    assert expected == {one: found.tallies[one].positive for one in Arm}
    assert {one.status for one in found.checks} == {Status.PASS}


def test_bounced_and_never_mailed_people_are_in_no_denominator() -> None:
    """Exactly 2x of the people reached: 5 of 491 against 10 of 491, whatever was assigned."""
    found = read({"positive": 5, "bounced": 9}, {"positive": 10, "bounced": 4, "never": 5})
    assert {491} == {found.tallies[one].delivered for one in Arm}
    assert (
        found.tallies[Arm.CONTROL].bounced,
        found.tallies[Arm.SEGMENT].bounced,
        found.tallies[Arm.SEGMENT].not_sent,
    ) == (9, 4, 5)
    assert found.article_scales
    below = read({"positive": 5, "bounced": 9}, {"positive": 10, "bounced": 8})
    # By hand: 10 x 491 < 2 x 5 x 492.
    assert not below.article_scales


def test_the_articles_rule_stands_beside_the_decision() -> None:
    """What the threshold alone would say, and how often equal lists reach it."""
    found = read({"positive": 3}, {"positive": 6})
    assert found.article_scales
    assert found.decision.answer is Answer.NO_SCALE
    assert found.luck is not None
    assert 0.1 < found.luck < 0.4


# --- the order of the questions


OPEN_ARMS = ({"positive": 3, "unlabelled": 3}, {"positive": 3, "unlabelled": 9})


def test_a_stop_goes_before_everything_else() -> None:
    """Invalid even where the replies are not in, with the code of the check."""
    for at in (DEADLINE - MINUTE, SETTLED):
        exports = exports_of(arm(500, **OPEN_ARMS[0]), arm(500, **OPEN_ARMS[1]), at=at)
        found = verdict(exports, registration_intact=False)
        assert said(found) == ("invalid", "registration-changed")


def test_not_settled_goes_before_labels() -> None:
    """What is missing comes first."""
    exports = exports_of(arm(500, **OPEN_ARMS[0]), arm(500, **OPEN_ARMS[1]), at=DEADLINE - MINUTE)
    assert said(verdict(exports)) == ("not-yet", NOT_SETTLED)


def test_labels_go_before_the_rule() -> None:
    """The same replies settled: label first, then the rule decides."""
    assert said(read(*OPEN_ARMS)) == ("not-yet", LABEL_FIRST)


@pytest.mark.parametrize(
    ("control", "segment", "answer"),
    [
        # By hand: 3 + 9 against 3 scales, 3 against 3 + 3 does not: the labels decide.
        ({"positive": 3, "unlabelled": 3}, {"positive": 3, "unlabelled": 9}, "label-first"),
        # 1 more of control, or 1 more of the segment, changes nothing.
        ({"positive": 5, "unlabelled": 1}, {"positive": 25, "unlabelled": 1}, "proven"),
        ({"positive": 20, "unlabelled": 1}, {"positive": 12}, "ruled-out"),
        # Enough silence in control: all 25 could be positive there too.
        ({"positive": 5, "unlabelled": 25}, {"positive": 25}, "label-first"),
        ({}, {"unlabelled": 3}, "label-first"),
        ({}, {"unlabelled": 2}, "below-threshold"),  # 2 of 500 against none is p = .13
    ],
)
def test_unlabelled_replies_wait_only_if_they_could_turn_it(
    control: dict[str, int], segment: dict[str, int], answer: str
) -> None:
    """All positive in the segment and none in control, and the reverse."""
    found = read(control, segment)
    assert answer == found.decision.reason
    warned = next(one for one in found.checks if one.code == "unlabelled-replies")
    assert warned.status is Status.WARN


def test_an_accepted_stop_lets_the_test_go_on() -> None:
    """On the record: the check is a warning with its reason, the rule decides."""
    accepted = {"registration-changed": "a typo"}
    exports = exports_of(arm(500, positive=5), arm(500, positive=25))
    found = verdict(exports, registration_intact=False, accepted=accepted)
    assert said(found) == ("scale", "proven")
    assert [(one.code, one.accepted) for one in found.checks if one.accepted] == [
        ("registration-changed", "a typo")
    ]


def test_accepting_cannot_make_a_rate_out_of_nobody() -> None:
    """An arm where nobody was reached has no rate, whatever was accepted."""
    exports = exports_of(arm(40, positive=2), arm(40, bounced=40))
    codes = ("size-reached", "never-mailed", "evidence-differs", "send-window")
    found = verdict(exports, accepted=dict.fromkeys(codes, "x"))
    assert said(found) == ("invalid", "size-reached")
    assert (found.evidence, found.luck, found.article_scales) == (None, None, None)


# --- before the replies are in


def test_no_outcome_is_visible_before_the_replies_are_in() -> None:
    """Evidence, luck and the article's rule are None, and no check tells how an arm does."""
    exports = exports_of(
        arm(500, positive=5, unlabelled=2), arm(500, positive=25), at=DEADLINE - MINUTE
    )
    found = verdict(exports)
    assert (found.evidence, found.luck, found.article_scales) == (None, None, None)
    assert (found.settled, found.peeked) == (False, False)
    # The report tells the sum of the unlabelled replies alone (report.words.checks).
    told = [one for one in found.checks if one.code != "unlabelled-replies"]
    facts = [value for one in told for value in one.facts.values()]
    assert not {5, 25, 2, 30, 7} & {value for value in facts if isinstance(value, int)}


def test_a_peek_shows_outcomes_and_decides_nothing() -> None:
    """What is there so far, marked as seen early."""
    exports = exports_of(arm(500, positive=5), arm(500, positive=25), at=DEADLINE - MINUTE)
    found = verdict(exports, peek=True, n_peeks=1)
    assert said(found) == ("not-yet", NOT_SETTLED)
    assert found.evidence is not None
    assert found.evidence.lifts[Measure.POSITIVE].estimate == pytest.approx(5.0)
    assert (found.peeked, found.n_peeks) == (True, 1)
    settled = read({"positive": 5}, {"positive": 25}, peek=True)
    assert not settled.peeked


def test_a_test_without_anybody_is_not_settled() -> None:
    """A campaign that already ran, before its first export."""
    found = verdict(Exports(), experiment(campaigns=(("a",), ("b",))))
    assert said(found) == ("not-yet", NOT_SETTLED)
    empty = Exports()
    empty.contacts = {}
    nobody = verdict(empty, experiment(campaigns=(("a",), ("b",))))
    assert (said(nobody), nobody.settled) == (("not-yet", NOT_SETTLED), False)


@pytest.mark.parametrize(
    ("segment", "at", "settled"),
    [
        (SILENT, DEADLINE - MINUTE, False),
        (SILENT, DEADLINE, True),
        (BOUNCED, DEADLINE - MINUTE, False),  # the other arm still waits
        ((), DEADLINE, True),  # known as never mailed
        ((sent(None),), DEADLINE, False),  # mailed, nobody knows when
    ],
)
def test_the_verdict_waits_for_everyone(
    segment: tuple[Event, ...], at: datetime, settled: bool
) -> None:
    """Neither settled nor known as never mailed is not yet."""
    exports = exports_of(arm(20), [segment, *[SILENT] * 19], at=at)
    found = verdict(exports, accepted={"size-reached": "x"})
    assert settled == (found.decision.reason != NOT_SETTLED) == found.settled


def test_a_later_export_of_one_list_does_not_settle_the_other() -> None:
    """Each list a campaign of its own."""
    exports = Exports(Arm.CONTROL, Arm.SEGMENT)
    exports.add(MONDAY + DAY, {1: SILENT}, campaign="a")
    exports.add(SETTLED, {2: SILENT}, campaign="b")
    assert said(verdict(exports)) == ("not-yet", NOT_SETTLED)
    exports.add(SETTLED, {1: SILENT}, campaign="a")
    assert said(verdict(exports)) == ("no-scale", "below-threshold")


def test_as_of_sees_only_what_was_exported_by_then() -> None:
    """The same record without its later batches: the label that came later is not known."""
    before = exports_of(arm(500, positive=5), arm(500, unlabelled=25))
    after = exports_of(arm(500, positive=5), arm(500, unlabelled=25))
    later = {number: (sent(), label("Not Interested")) for number in range(501, 526)}
    after.add(SETTLED + DAY, later, tells=())
    assert said(verdict(before))[1] == LABEL_FIRST
    assert said(verdict(after, as_of=SETTLED + DAY))[0] == "no-scale"
    assert verdict(before).as_of == SETTLED


# --- when


def test_settles_at_is_the_last_deadline_of_the_people_reached() -> None:
    """While sending goes on, the last deadline it should have; then the last it has."""
    tuesday = MONDAY + DAY
    exports = Exports(Arm.CONTROL, Arm.SEGMENT, Arm.SEGMENT)
    exports.add(MONDAY + MINUTE, {1: SILENT})
    # By hand, New York with US holidays: the window ends Wed 25 Nov 9:00; Fri 27, Mon 30 Nov,
    # Tue 1, Wed 2, Thu 3 Dec count, so Fri 4 Dec 00:00.
    assert verdict(exports).settles_at == DEADLINE + 2 * DAY
    # A touch on Tuesday: Wed 25, Fri 27, Mon 30 Nov, Tue 1, Wed 2 Dec, so Thu 3 Dec 00:00.
    exports.add(SETTLED, {1: SILENT, 2: (sent(tuesday),), 3: ()})
    assert verdict(exports).settles_at == DEADLINE + DAY
    bounce = Exports().add(SETTLED, {1: SILENT, 2: (sent(tuesday), bounced())})
    assert verdict(bounce).settles_at == DEADLINE
    assert verdict(Exports()).settles_at is None


def test_a_verdict_carries_what_it_rests_on() -> None:
    """Registration, digest, level, and how often somebody looked."""
    found = read({}, {}, n_peeks=3)
    assert (found.digest, found.levels.rule, found.n_peeks) == ("sha256:frozen", 0.05, 3)
    assert found.experiment.protocol.size == 500


def test_campaigns_that_already_ran_are_compared_in_time() -> None:
    """Who was mailed in another week stands apart and is in no other number."""
    of = experiment(campaigns=(("Old",), ("New",)), size=2)
    exports = Exports(Arm.CONTROL, Arm.CONTROL, Arm.CONTROL, Arm.SEGMENT, Arm.SEGMENT)

    def at(when: datetime, campaign: str) -> tuple[Event, ...]:
        return (replace(sent(when), campaign=campaign),)

    early = {1: at(MONDAY - 9 * DAY, "Old")}
    exports.add(SETTLED, early | dict.fromkeys((2, 3), at(MONDAY, "Old")), campaign="Old")
    exports.add(SETTLED, dict.fromkeys((4, 5), at(MONDAY, "New")), campaign="New")
    found = verdict(exports, of)
    control = found.tallies[Arm.CONTROL]
    assert (control.assigned, control.delivered, control.apart) == (2, 2, 1)
    assert said(found) == ("no-scale", "below-threshold")


def test_the_first_of_two_looks_has_little_of_alpha() -> None:
    """0.00557 of 0.05 (tests/stats/oracles/spending): 12 against 5 scales alone, not here."""
    exports = exports_of(arm(500, positive=5), arm(500, positive=12))
    assert said(verdict(exports)) == ("scale", "likely")
    first = verdict(exports, sized(exports, looks=2))
    assert first.levels.rule == pytest.approx(0.00557, abs=5e-6)
    assert said(first) == ("no-scale", "could-be-luck")
    assert any("is shared over 2 looks" in line for line in trust_lines(first))


def test_tests_of_a_family_share_alpha() -> None:
    """12 against 5 passes at .05 (p = .048), not at half of it; a rival that scales frees it."""
    exports = exports_of(arm(500, positive=5), arm(500, positive=12))
    of = sized(exports)

    def beside(events: int | None) -> Verdict:
        counts = None
        if events is not None:
            counts = Counts(
                control_events=5, control_total=500, segment_events=events, segment_total=500
            )
        rival = Standing(protocol=of.protocol, look=1, counts=counts)
        case = case_of(of, exports.record(), rivals={"other": rival})
        return judge(case, as_of=SETTLED, digest="sha256:frozen", accepted={})

    assert beside(None).levels.rule == pytest.approx(0.025)
    assert said(beside(None)) == said(beside(6)) == ("no-scale", "could-be-luck")
    assert said(beside(40)) == ("scale", "likely")
    assert beside(40).family_size == 2
    assert any("between 2 tests against one list" in line for line in trust_lines(beside(6)))
