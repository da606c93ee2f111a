"""Several people of one company: what it costs, and that it never helps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from icptest import stats
from icptest.case import case_of
from icptest.decision import Answer
from icptest.report.data import verdict_data
from icptest.report.words.trust import trust_lines
from icptest.tallies import Measure
from icptest.verdict import judge

from .checks.builders import exports_of, sized
from .strategies import SETTLED
from .test_verdict import NEGATIVE, POSITIVE, arm

if TYPE_CHECKING:
    from icptest.case import Case
    from icptest.verdict import Verdict


def case(per_company: int, *, control: int = 3, segment: int = 12) -> Case:
    """Return 60 people on each list, so many of one company, the positive ones side by side."""
    exports = exports_of(arm(60, positive=control), arm(60, positive=segment))
    exports.contacts = {
        number: replace(member, account=f"a{(number - 1) // per_company}.example")
        for number, member in exports.contacts.items()
    }
    return case_of(sized(exports), exports.record())


def verdict(of: Case) -> Verdict:
    """Judge it."""
    return judge(of, as_of=SETTLED, digest="sha256:frozen", accepted={})


def test_one_person_a_company_costs_nothing() -> None:
    """The design effect is 1, and nobody is told about it."""
    found = verdict(case(1))
    assert found.design_effect == 1.0
    assert not any("one company" in line for line in trust_lines(found))
    assert found.decision.answer is Answer.SCALE


def test_people_who_answer_alike_count_for_less() -> None:
    """12 positive of 60 from 3 companies of 4 say what 3 of 15 do: about a quarter.

    Rao and Scott's effect of whole companies of 4 is about 4.
    """
    found = verdict(case(4))
    assert found.design_effect == pytest.approx(4, abs=0.6)
    assert found.decision.answer is Answer.NO_SCALE
    assert found.evidence is not None
    apart = verdict(case(1)).evidence
    assert apart is not None
    assert found.evidence.better.p_value > 10 * apart.better.p_value
    assert found.evidence.lifts.keys() == apart.lifts.keys()
    line = next(line for line in trust_lines(found) if "one company" in line)
    assert "the tests take the 120 people reached for about 3" in line


def test_a_company_without_an_answer_costs_nothing() -> None:
    """Nobody positive: nothing to measure, and nothing to weaken."""
    assert case(4, control=0, segment=0).counts.design_effect == 1.0


def test_fragility_and_bounds_keep_the_design_effect() -> None:
    """What might have been is judged as what was."""
    found = case(4)
    assert found.counts.design_effect == found.standing.counts.design_effect  # type: ignore[union-attr]
    assert verdict(found).fragility is not None


def test_each_measure_has_its_own_design_effect() -> None:
    """Whole companies reply and one of each says yes: replies weigh a quarter, yeses all.

    Companies of 4 that all reply, or not at all: Rao and Scott's effect is about 4. One positive
    reply in each of them says nothing of the company: 1, which it is never below.
    """
    fates = [POSITIVE, NEGATIVE, NEGATIVE, NEGATIVE]
    exports = exports_of(
        [*fates * 3, *arm(48)],
        [*fates * 5, *arm(40)],
    )
    exports.contacts = {
        number: replace(member, account=f"a{(number - 1) // 4}.example")
        for number, member in exports.contacts.items()
    }
    found = verdict(case_of(sized(exports), exports.record()))
    effects = found.design_effects
    assert effects[Measure.REPLIED] == pytest.approx(4, abs=0.6)
    assert effects[Measure.POSITIVE] == found.design_effect == 1.0
    assert effects[Measure.MEETINGS] == 1.0
    assert found.evidence is not None
    replies = found.evidence.lifts[Measure.REPLIED]
    single = stats.score_interval(
        treatment_events=20, treatment_total=60, control_events=12, control_total=60
    )
    lows, highs = (replies.low, single.low), (single.high, replies.high)
    assert isinstance(lows[0], float)
    assert isinstance(lows[1], float)
    assert isinstance(highs[0], float)
    assert isinstance(highs[1], float)
    assert lows[0] < lows[1] < highs[0] < highs[1]
    assert verdict_data(found)["design_effects"]["replied"] == effects[Measure.REPLIED]
