"""Cases for checks: what happened to each contact of both arms, said once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from icptest.case import Case
from icptest.case import case_of as put_together
from icptest.checks import Check, run_checks
from icptest.experiment import Arm
from tests.strategies import SETTLED, Exports, experiment, sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from icptest.events import Event
    from icptest.experiment import Experiment

Fates = list[tuple["Event", ...]]


def mailed(times: Sequence[datetime]) -> Fates:
    """Return people who got their first mail then, and nothing else."""
    return [(sent(at),) for at in times]


def spread(n: int, start: datetime, hours: float) -> list[datetime]:
    """Return times spread evenly over some hours, both ends inside."""
    step = hours / max(1, n - 1)
    return [start + timedelta(hours=step * place) for place in range(n)]


def exports_of(control: Fates, segment: Fates, *, at: datetime = SETTLED, **more: Any) -> Exports:
    """Return one export of both arms."""
    exports = Exports(*[Arm.CONTROL] * len(control), *[Arm.SEGMENT] * len(segment))
    exports.add(at, dict(enumerate([*control, *segment], start=1)), **more)
    return exports


def case_of(
    exports: Exports,
    of: Experiment | None = None,
    *,
    intact: bool = True,
    n_peeks: int = 0,
    changed_lists: tuple[Arm, ...] = (),
) -> Case:
    """Return what checks are given, as a verdict makes it."""
    return put_together(
        of or sized(exports),
        exports.record(),
        registration_intact=intact,
        changed_lists=changed_lists,
        n_peeks=n_peeks,
    )


def sized(exports: Exports, **protocol: Any) -> Experiment:
    """Return a registration of as many people as were assigned."""
    arms = [member.arm for member in exports.contacts.values()]
    size = max(1, arms.count(Arm.SEGMENT))
    control_size = max(size, arms.count(Arm.CONTROL))
    return experiment(size=size, control_size=control_size, **protocol)


def check(code: str, case: Case, *, accepted: Mapping[str, str] | None = None) -> Check:
    """Return what one check says."""
    return next(one for one in run_checks(case, accepted=accepted or {}) if one.code == code)


def status(code: str, case: Case) -> str:
    """Return the status of one check."""
    return str(check(code, case).status)
