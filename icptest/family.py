"""Family: several new lists tested against one sample of today's list.

Each list is a test of its own. The first one draws today's people; those that join it before any
export was read in have the same people, and nobody of their own list who is in another test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.errors import RegistrationError
from icptest.experiment import Arm, ArmOrigin, experiment_from_mapping
from icptest.kin import repeated
from icptest.known_tests import find_test
from icptest.sampling import draw_batch, read_frame
from icptest.send_lists import Group, render_mixed
from icptest.toml_keys import parse_toml
from icptest.used import NOBODY, Used

if TYPE_CHECKING:
    from icptest.contacts import Identifier
    from icptest.draw import Draw
    from icptest.experiment import Experiment
    from icptest.protocol import Protocol
    from icptest.sampling import Frame
    from icptest.store import Store
    from icptest.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """The tests of a family that are registered already.

    Attributes:
        tests: Their registrations, the oldest first.
        control: Who was drawn from today's list, by every address and profile.
        taken: Who was drawn from the new lists.
    """

    tests: tuple[Experiment, ...] = ()
    control: frozenset[Identifier] = frozenset()
    taken: Used = NOBODY


def family_of(store: Store, experiment: Experiment) -> Family:
    """Return the family that a test joins; the first test of one finds it empty."""
    tests = []
    control: set[Identifier] = set()
    taken = NOBODY
    for registered in store.experiments() if experiment.family else ():
        text = store.registration(registered.experiment_id)
        if text is None or registered.slug == experiment.name:
            continue
        one = experiment_from_mapping(parse_toml(text), file=registered.slug)
        if one.family != experiment.family:
            continue
        tests.append(one)
        used = store.used_by_arm(registered.experiment_id)
        control |= used[Arm.CONTROL].identifiers
        taken |= used[Arm.SEGMENT]
    return Family(tests=tuple(tests), control=frozenset(control), taken=taken)


def as_in_family(workspace: Workspace, store: Store, family: str) -> Experiment | None:
    """Return how a test begins that joins a family; None where it is the first of it.

    Today's list, the rules of the draw and the protocol are those of the first test.
    """
    tests = family_of(store, _member(family)).tests
    if not tests:
        return None
    first = repeated(workspace, store, tests[0].name)
    return replace(
        first, hypothesis="", segment=ArmOrigin(), replicates="", family=family, seed=first.seed
    )


def require_family(store: Store, asked: Experiment, family: Family) -> None:
    """Refuse a test that cannot be in a family, or cannot join this one any more.

    Raises:
        RegistrationError: Its people are drawn in another way ("family-without-draw"), it has
            more than one batch ("family-with-looks"), other rules ("family-rules-differ"), or
            an export of the family was read in ("family-has-begun").
    """
    if not asked.family:
        return
    ran = any(asked.origin(arm).already_ran for arm in Arm)
    if ran or asked.replicates or asked.aa or asked.draw.take_all:
        raise RegistrationError("family-without-draw", value=asked.family)
    if asked.protocol.looks > 1:
        raise RegistrationError("family-with-looks", value=asked.family)
    for one in family.tests:
        if _rules(one.protocol) != _rules(asked.protocol):
            raise RegistrationError("family-rules-differ", value=asked.family, other=one.name)
        registered = store.experiment(one.name)
        if registered is not None and store.batches(registered.experiment_id):
            raise RegistrationError("family-has-begun", value=asked.family, other=one.name)


def require_same_control(family: Family, draw: Draw | None) -> None:
    """Refuse a test that would draw other people of today's list than its family has.

    Raises:
        RegistrationError: It does ("family-control-differs").
    """
    if not family.tests or draw is None:
        return
    drawn = {key for one in draw.control.assignments for key in one.contact.identifiers}
    if drawn != family.control:
        first = family.tests[0]
        raise RegistrationError("family-control-differs", value=first.family, other=first.name)


def mixed_list(workspace: Workspace, store: Store, family: Family, frame: Frame, draw: Draw) -> str:
    """Return the send list of the whole family: today's people once, and every new list.

    Raises:
        RegistrationError: The copies of another test's lists draw other people than it has
            ("family-list-changed").
        InputError: A copy of a list is gone.
    """
    lists = frame.lists
    groups = [_group(frame, arm, draw) for arm in Arm if arm in lists]
    for one in family.tests:
        known = find_test(workspace, store, one.name)
        other = read_frame(known.experiment, workspace.folder(one.name))
        drawn = draw_batch(other)
        people = store.used_by_arm(known.registered.experiment_id)[Arm.SEGMENT].identifiers
        if drawn is None or people != {
            key for who in drawn.segment.assignments for key in who.contact.identifiers
        }:
            raise RegistrationError("family-list-changed", value=one.name)
        groups.append(_group(other, Arm.SEGMENT, drawn))
    return render_mixed(groups, name=frame.experiment.family, seed=frame.experiment.seed)


def _group(frame: Frame, arm: Arm, draw: Draw) -> Group:
    listed = frame.lists[arm]
    return Group(assignments=draw.arm(arm).assignments, header=listed.header, roles=listed.roles)


def _rules(protocol: Protocol) -> dict[str, object]:
    """Return what all tests of a family have in common: everything but the size of its list."""
    return {name: value for name, value in protocol.to_mapping().items() if name != "size"}


def _member(family: str) -> Experiment:
    return experiment_from_mapping({"name": "any", "family": family}, file=family)
