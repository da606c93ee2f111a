"""Register: what a person asks for -> lists read, arms drawn, registration frozen."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from icptest.business_days import require_country
from icptest.elsewhere import also_in
from icptest.errors import RegistrationError, StoreError
from icptest.experiment import (
    Arm,
    ArmOrigin,
    Experiment,
    experiment_from_mapping,
    parse_registration,
    read_registration_mapping,
    render_registration,
    require_slug,
)
from icptest.experiment_folder import (
    NewFolder,
    exclusion_copies,
    folder_exists,
    lies_in,
    list_copy,
)
from icptest.family import family_of, mixed_list, require_family, require_same_control
from icptest.journal import make_entry
from icptest.kin import used_before
from icptest.known_tests import registration_gone
from icptest.protocol import Protocol
from icptest.reading import file_digest
from icptest.record import Member
from icptest.sampling import draw_batch, looks_that_fit, read_frame, require_looks
from icptest.send_lists import render_people
from icptest.used import NOBODY, render_used

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from icptest.contacts import ContactList, Identifier
    from icptest.draw import Draw
    from icptest.elsewhere import Elsewhere
    from icptest.exclusions import ExclusionFile
    from icptest.sampling import Frame
    from icptest.store import Store
    from icptest.workspace import Workspace

USED = "lists/used.csv"
TAKEN = "lists/taken.csv"
SEND_BOTH = "send/send-both.csv"
KEEP_FOR_LATER = "send/keep-for-later.csv"
_SEED_BITS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A test somebody wants to register.

    Attributes:
        experiment: The registration as far as it is decided; lists as paths to be read,
            relative ones from `folder`.
        folder: What relative paths are relative to.
    """

    experiment: Experiment
    folder: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """A registered test.

    Attributes:
        experiment: As it was frozen.
        path: Its file.
        digest: Its digest.
        draw: How the arms were drawn; None where no list was drawn.
        send_lists: The files to upload, by name ("both", "control", "segment").
        family: The other tests of its family, the oldest first.
        n_kept: People that later batches will be drawn from, as things stand.
        looks_that_fit: Batches of this size that the lists would do for, this one included; at
            most as many as can be registered.
        lists: The lists as they were read, by arm.
        exclusions: What was read from the files of people and companies to leave out.
        elsewhere: Other tests that have people of this one; not those of its family.
    """

    experiment: Experiment
    path: Path
    digest: str
    draw: Draw | None
    send_lists: Mapping[str, Path]
    family: tuple[str, ...]
    n_kept: int
    looks_that_fit: int
    lists: Mapping[Arm, ContactList]
    exclusions: tuple[ExclusionFile, ...]
    elsewhere: tuple[Elsewhere, ...]

    @property
    def share(self) -> float:
        """The test's share of alpha: of its family's tests nobody has decided one yet."""
        return 1.0 / (len(self.family) + 1)


def random_seed() -> int:
    """Return a seed nobody has chosen."""
    return secrets.randbits(_SEED_BITS)


def request_from_file(path: Path, workspace: Workspace) -> Request:
    """Return the request that a registration file written by hand makes.

    What the file does not say is as `icptest new NAME` has it: the zone, the holidays and the
    client of the workspace, a seed nobody has chosen.

    Raises:
        RegistrationError: The file says something impossible.
    """
    defaults = {
        "timezone": workspace.timezone,
        "holidays": workspace.holidays or "",
        "client": workspace.client,
        "seed": random_seed(),
    }
    experiment = experiment_from_mapping(defaults | read_registration_mapping(path), file=str(path))
    return Request(experiment=experiment, folder=path.parent)


def register(workspace: Workspace, store: Store, request: Request, *, user: str) -> Registration:
    """Register a test: draw, write its folder, freeze it in the database; all or nothing.

    Raises:
        RegistrationError: The name is taken, or the lists cannot make this test.
        InputError: A list cannot be read.
        WorkspaceError: The folder cannot be written.
    """
    asked = request.experiment
    require_slug(asked.name)
    if asked.holidays is not None:
        asked = replace(asked, holidays=require_country(asked.holidays))
    _require_new(workspace, store, asked.name, request.folder)
    family = family_of(store, asked)
    require_family(store, asked, family)
    used = used_before(workspace, store, asked)
    frame = read_frame(asked, request.folder, used=used, taken=family.taken)
    draw = draw_batch(frame)
    require_same_control(family, draw)
    later = _later_batches(frame, draw)
    lists = frame.lists
    experiment = _complete(asked, frame, draw)
    more = _more_files(frame, later)
    if family.tests and draw is not None:
        # In the place of the list of this test alone: today's people are mailed once.
        more[SEND_BOTH] = mixed_list(workspace, store, family, frame, draw)
    tests = tuple(one.name for one in family.tests)
    elsewhere = also_in(workspace, store, draw, besides={asked.name, *tests})
    path = workspace.registration(experiment.name)
    text = render_registration(experiment)
    frozen, digest = parse_registration(text, file=str(path))
    folder = NewFolder(workspace, frozen.name, origin=request.folder)
    send_lists: dict[str, Path] = {}
    try:
        # The folder is in its place before the test is in the database: whatever happens in
        # between, there is no test without its folder.
        store.register(
            slug=frozen.name,
            digest=digest,
            registration=text,
            created_at=frozen.created_at,
            contacts=members(draw),
            entry=make_entry(
                at=datetime.now(UTC),
                user=user,
                experiment=frozen.name,
                action="new",
                digest_of_registration=digest,
                seed=frozen.seed,
            ),
            before_commit=lambda: send_lists.update(
                folder.put(text, asked, frozen, lists, draw, more)
            ),
        )
    except BaseException:
        # Whether it is in the database is asked there: COMMIT may have been the last thing done.
        if folder.is_begun:
            with suppress(StoreError):
                store.unless_registered(frozen.name, folder.take_back)
        raise
    return Registration(
        experiment=frozen,
        path=path,
        digest=digest,
        draw=draw,
        send_lists=send_lists,
        looks_that_fit=1 if draw is None else looks_that_fit(frozen, draw),
        family=tests,
        n_kept=sum(len(one.arm(arm).assignments) for one in later for arm in Arm),
        lists=lists,
        exclusions=frame.exclusions.files if draw is not None else (),
        elsewhere=elsewhere,
    )


def _require_new(workspace: Workspace, store: Store, name: str, origin: Path) -> None:
    path = workspace.registration(name)
    if (registered := store.experiment(name)) is not None:
        if not path.exists():
            raise registration_gone(workspace, store, registered)
        raise RegistrationError("experiment-exists", name=name)
    if path.exists() and not lies_in(origin, path.parent):
        raise folder_exists(path.parent)


def _more_files(frame: Frame, later: Iterable[Draw]) -> dict[str, str]:
    """Return what is kept with a test beside its lists and send lists."""
    files = {}
    if frame.used != NOBODY:
        files[USED] = render_used(frame.used)
    if frame.taken != NOBODY:
        files[TAKEN] = render_used(frame.taken)
    to_come = [one.contact for draw in later for arm in Arm for one in draw.arm(arm).assignments]
    if to_come:
        files[KEEP_FOR_LATER] = render_people(to_come)
    return files


def _later_batches(frame: Frame, draw: Draw | None) -> tuple[Draw, ...]:
    looks = frame.experiment.protocol.looks
    if looks > 1 and (draw is None or frame.experiment.draw.take_all):
        raise RegistrationError("looks-without-draw", looks=looks)
    return () if draw is None else require_looks(frame, draw)


def _complete(asked: Experiment, frame: Frame, draw: Draw | None) -> Experiment:
    """Return the registration with everything the draw has decided."""
    lists = frame.lists
    if draw is None:
        return asked
    protocol = asked.protocol
    if asked.draw.take_all:
        sizes = {arm: len(draw.arm(arm).assignments) for arm in Arm}
        if sizes[Arm.CONTROL] < sizes[Arm.SEGMENT]:
            raise RegistrationError(
                "control-smaller", control=sizes[Arm.CONTROL], segment=sizes[Arm.SEGMENT]
            )
        protocol = Protocol.from_mapping(
            protocol.to_mapping() | {"size": sizes[Arm.SEGMENT], "control_size": sizes[Arm.CONTROL]}
        )
    origins = {
        arm: ArmOrigin(
            list=list_copy(arm, lists[arm].path),
            rows=lists[arm].n_rows,
            sha256=file_digest(lists[arm].path),
            assigned=len(draw.arm(arm).assignments),
            accounts=draw.arm(arm).n_accounts,
            accounts_left=draw.left[arm][0],
            people_left=draw.left[arm][1],
        )
        for arm in Arm
    }
    rules = replace(
        asked.draw,
        exclude=exclusion_copies("exclude", asked.draw.exclude),
        exclude_companies=exclusion_copies("exclude-companies", asked.draw.exclude_companies),
        used=USED if frame.used != NOBODY else "",
        taken=TAKEN if frame.taken != NOBODY else "",
    )
    return replace(
        asked,
        protocol=protocol,
        draw=rules,
        control=origins[Arm.CONTROL],
        segment=origins[Arm.SEGMENT],
    )


def members(
    draw: Draw | None, *, drawn_at: datetime | None = None
) -> list[tuple[Member, tuple[Identifier, ...]]]:
    """Return who was drawn as the store knows them, counted from 1.

    Args:
        draw: A batch; nobody where campaigns already ran.
        drawn_at: When a later batch was drawn.
    """
    if draw is None:
        return []
    assignments = [*draw.control.assignments, *draw.segment.assignments]
    return [
        (
            Member(
                contact_id=number,
                arm=assignment.arm,
                account=assignment.contact.account,
                look=assignment.look,
                joined_at=drawn_at,
            ),
            assignment.contact.identifiers,
        )
        for number, assignment in enumerate(assignments, start=1)
    ]
