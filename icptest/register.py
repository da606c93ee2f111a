"""Register: what a person asks for -> lists read, arms drawn, registration frozen."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from icptest.business_days import require_country
from icptest.contacts import column_key, read_contacts
from icptest.draw import draw_arms
from icptest.errors import InputError, Location, RegistrationError, StoreError
from icptest.exclusions import read_exclusions
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
from icptest.journal import make_entry
from icptest.known_tests import registration_gone
from icptest.plan import chance_to_scale
from icptest.protocol import Protocol
from icptest.reading import file_digest
from icptest.record import Member
from icptest.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from icptest.contacts import ContactList, Identifier
    from icptest.draw import Draw
    from icptest.store import Store
    from icptest.workspace import Workspace

_SEED_BITS = 32
_TRUE_LIFT = 3.0
"""The lift for which it is said what a larger control buys."""


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
        lists: The lists as they were read, by arm.
    """

    experiment: Experiment
    path: Path
    digest: str
    draw: Draw | None
    send_lists: Mapping[str, Path]
    lists: Mapping[Arm, ContactList]


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
        request = replace(request, experiment=asked)
    _require_new(workspace, store, asked.name, request.folder)
    lists = _read_lists(request)
    draw = _draw(request, lists)
    experiment = _complete(asked, lists, draw)
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
            contacts=_members(draw),
            entry=make_entry(
                at=datetime.now(UTC),
                user=user,
                experiment=frozen.name,
                action="new",
                digest_of_registration=digest,
                seed=frozen.seed,
            ),
            before_commit=lambda: send_lists.update(folder.put(text, asked, frozen, lists, draw)),
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
        lists=lists,
    )


def redraw(workspace: Workspace, experiment: Experiment) -> Draw | None:
    """Draw a registered test again from the copies of its lists: the same people come out."""
    request = Request(experiment=experiment, folder=workspace.folder(experiment.name))
    return _draw(request, _read_lists(request))


def columns_by_role(pairs: Iterable[str]) -> dict[str, list[str]]:
    """Return column names by role, from "role=NAME"; two lists may name one thing differently.

    Raises:
        InputError: A pair names no column ("bad-column-option").
    """
    named: dict[str, list[str]] = {}
    for pair in pairs:
        role, separator, column = pair.partition("=")
        if not separator or not column.strip():
            raise InputError("bad-column-option", value=pair)
        named.setdefault(role.strip(), []).append(column.strip())
    return named


def _require_new(workspace: Workspace, store: Store, name: str, origin: Path) -> None:
    path = workspace.registration(name)
    if (registered := store.experiment(name)) is not None:
        if not path.exists():
            raise registration_gone(workspace, store, registered)
        raise RegistrationError("experiment-exists", name=name)
    if path.exists() and not lies_in(origin, path.parent):
        raise folder_exists(path.parent)


def _read_lists(request: Request) -> dict[Arm, ContactList]:
    rules = request.experiment.draw
    named = columns_by_role(rules.columns)
    lists = {}
    for arm in Arm:
        origin = request.experiment.origin(arm)
        if origin.list is not None:
            if origin.campaigns:
                raise RegistrationError("list-and-campaign", arm=str(arm))
            lists[arm] = read_contacts(
                request.folder / origin.list, named=named, encoding=rules.encoding or None
            )
        elif not origin.campaigns:
            raise RegistrationError("arm-missing", arm=str(arm))
        if origin.sha256 is not None and origin.list is not None:
            _require_stated(request.folder / origin.list, origin.sha256, arm)
    shared = set(request.experiment.control.campaigns) & set(request.experiment.segment.campaigns)
    if shared:
        raise RegistrationError("campaign-on-both-sides", value=min(shared))
    if len(lists) == 1:
        # One drawn list against a campaign that ran in another week compares two weeks.
        raise RegistrationError("list-against-campaign", arm=str(next(iter(lists)).other))
    require_columns(named, lists)
    return lists


def _require_stated(path: Path, sha256: str, arm: Arm) -> None:
    """Refuse a list that is not the one the registration states: other people would be drawn."""
    if file_digest(path) != sha256:
        raise RegistrationError(
            "list-not-as-stated", location=Location(file=str(path)), arm=str(arm)
        )


def require_columns(named: Mapping[str, Sequence[str]], lists: Mapping[Arm, ContactList]) -> None:
    """Refuse a column that neither list has; two lists may name a thing differently.

    Raises:
        InputError: Neither list has a named column ("column-nowhere").
    """
    there = [name for listed in lists.values() for name in listed.header]
    for column in (name for names in named.values() for name in names if lists):
        if column_key(column) not in map(column_key, there):
            raise InputError(
                "column-nowhere",
                value=column,
                columns=", ".join(dict.fromkeys(there)),
                nearest=nearest(column, there),
            )


def _draw(request: Request, lists: Mapping[Arm, ContactList]) -> Draw | None:
    if not lists:
        return None
    try:
        protocol = request.experiment.protocol
        return _try(request, lists, size=protocol.size, control_size=protocol.control_size)
    except RegistrationError as error:
        if error.code != "too-few-people":
            raise
        raise _with_sizes_that_fit(error, request, lists) from error


def _try(
    request: Request, lists: Mapping[Arm, ContactList], *, size: int, control_size: int
) -> Draw:
    experiment = request.experiment
    return draw_arms(
        control=lists[Arm.CONTROL],
        segment=lists[Arm.SEGMENT],
        size=size,
        control_size=control_size,
        seed=experiment.seed,
        threshold=experiment.protocol.threshold,
        take_all=experiment.draw.take_all,
        prefer_titles=experiment.draw.prefer_titles,
        exclusions=read_exclusions(
            people=[request.folder / name for name in experiment.draw.exclude],
            companies=[request.folder / name for name in experiment.draw.exclude_companies],
        ),
    )


def _with_sizes_that_fit(
    error: RegistrationError, request: Request, lists: Mapping[Arm, ContactList]
) -> RegistrationError:
    """Return the error with sizes that these lists can be drawn at, each of them tried.

    Control takes its people first, also from the part both lists share: how many are left for
    the segment is known only by drawing.
    """
    protocol = request.experiment.protocol

    def fits(size: int, control_size: int) -> bool:
        try:
            _try(request, lists, size=size, control_size=control_size)
        except RegistrationError:
            return False
        return True

    fit = _largest(lambda size: fits(size, size), protocol.size)
    if fit == 0:
        return RegistrationError("nobody-left", arm=str(Arm.SEGMENT))
    larger = _largest(lambda extra: fits(fit, fit + extra), max(2 * protocol.size, fit) - fit)
    chance, chance_larger = (
        round(
            100 * chance_to_scale(replace(protocol, size=fit, control_size=size), lift=_TRUE_LIFT)
        )
        for size in (fit, fit + larger)
    )
    if chance_larger <= chance:
        return RegistrationError("too-few-people", **error.facts, fit=fit)
    return RegistrationError(
        "too-few-people-on-the-new-list",
        **error.facts,
        fit=fit,
        larger=fit + larger,
        chance=chance,
        chance_larger=chance_larger,
    )


def _largest(good: Callable[[int], bool], highest: int) -> int:
    """Return the largest number up to `highest` that is good; 0 if none is."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        if good(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _complete(asked: Experiment, lists: Mapping[Arm, ContactList], draw: Draw | None) -> Experiment:
    """Return the registration with everything the draw has decided."""
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
        )
        for arm in Arm
    }
    rules = replace(
        asked.draw,
        exclude=exclusion_copies("exclude", asked.draw.exclude),
        exclude_companies=exclusion_copies("exclude-companies", asked.draw.exclude_companies),
    )
    return replace(
        asked,
        protocol=protocol,
        draw=rules,
        control=origins[Arm.CONTROL],
        segment=origins[Arm.SEGMENT],
    )


def _members(draw: Draw | None) -> list[tuple[Member, tuple[Identifier, ...]]]:
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
            ),
            assignment.contact.identifiers,
        )
        for number, assignment in enumerate(assignments, start=1)
    ]
