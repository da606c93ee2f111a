"""Register: what a person asks for -> lists read, arms drawn, registration frozen."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from icptest.contacts import read_contacts
from icptest.draw import draw_arms
from icptest.errors import InputError, Location, RegistrationError, WorkspaceError
from icptest.exclusions import read_exclusions
from icptest.experiment import (
    REGISTRATION,
    Arm,
    ArmOrigin,
    Experiment,
    read_registration,
    render_registration,
    require_slug,
)
from icptest.journal import make_entry
from icptest.protocol import Protocol
from icptest.record import Member
from icptest.send_lists import write_send_lists
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.contacts import ContactList, Identifier
    from icptest.draw import Draw
    from icptest.store import Store
    from icptest.workspace import Workspace

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
    """

    experiment: Experiment
    path: Path
    digest: str
    draw: Draw | None
    send_lists: Mapping[str, Path]


def random_seed() -> int:
    """Return a seed nobody has chosen."""
    return secrets.randbits(_SEED_BITS)


def request_from_file(path: Path) -> Request:
    """Return the request that a registration file written by hand makes.

    Raises:
        RegistrationError: The file says something impossible.
    """
    experiment, _ = read_registration(path)
    return Request(experiment=experiment, folder=path.parent)


def register(workspace: Workspace, store: Store, request: Request, *, user: str) -> Registration:
    """Register a test: draw, write its folder, freeze it in the database.

    Raises:
        RegistrationError: The name is taken, or the lists cannot make this test.
        InputError: A list cannot be read.
        WorkspaceError: The folder cannot be written.
    """
    asked = request.experiment
    require_slug(asked.name)
    _require_new(workspace, store, asked.name, request.folder)
    lists = _read_lists(request)
    draw = _draw(request, lists)
    experiment = _complete(asked, lists, draw)
    folder = workspace.folder(experiment.name)
    # Built beside its place and moved there at the end: a test is there whole or not at all.
    building = workspace.experiments / f".{experiment.name}.{os.getpid()}.new"
    try:
        shutil.rmtree(building, ignore_errors=True)
        make_private_folder(building)
        send_lists = _write(building, experiment, lists, draw)
        _write_copies(building, request, experiment)
        made_here = _move_in(building, folder, in_place=_lies_in(request.folder, folder))
    except OSError as error:
        raise WorkspaceError("folder-not-writable", path=str(folder), problem=str(error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    frozen, digest = read_registration(folder / REGISTRATION)
    try:
        store.register(
            slug=frozen.name,
            digest=digest,
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
        )
    except BaseException:
        if made_here:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return Registration(
        experiment=frozen,
        path=folder / REGISTRATION,
        digest=digest,
        draw=draw,
        send_lists={name: folder / "send" / path.name for name, path in send_lists.items()},
    )


def redraw(workspace: Workspace, experiment: Experiment) -> Draw | None:
    """Draw a registered test again from the copies of its lists: the same people come out."""
    request = Request(experiment=experiment, folder=workspace.folder(experiment.name))
    return _draw(request, _read_lists(request))


def columns_by_role(pairs: Iterable[str]) -> dict[str, str]:
    """Return column names by role, from "role=NAME".

    Raises:
        InputError: A pair names no column ("bad-column-option").
    """
    named = {}
    for pair in pairs:
        role, separator, column = pair.partition("=")
        if not separator or not column.strip():
            raise InputError("bad-column-option", value=pair)
        named[role.strip()] = column.strip()
    return named


def _require_new(workspace: Workspace, store: Store, name: str, origin: Path) -> None:
    if store.experiment(name) is not None:
        raise RegistrationError("experiment-exists", name=name)
    path = workspace.registration(name)
    if path.exists() and not _lies_in(origin, path.parent):
        raise _folder_exists(path.parent)


def _lies_in(origin: Path, folder: Path) -> bool:
    return origin.resolve() == folder.resolve()


def _folder_exists(folder: Path) -> RegistrationError:
    path = folder / REGISTRATION
    return RegistrationError(
        "experiment-folder-exists", location=Location(file=str(path)), value=folder.name
    )


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
    shared = set(request.experiment.control.campaigns) & set(request.experiment.segment.campaigns)
    if shared:
        raise RegistrationError("campaign-on-both-sides", value=min(shared))
    if len(lists) == 1:
        # One drawn list against a campaign that ran in another week compares two weeks.
        raise RegistrationError("list-against-campaign", arm=str(next(iter(lists)).other))
    return lists


def _draw(request: Request, lists: Mapping[Arm, ContactList]) -> Draw | None:
    if not lists:
        return None
    experiment = request.experiment
    return draw_arms(
        control=lists[Arm.CONTROL],
        segment=lists[Arm.SEGMENT],
        size=experiment.protocol.size,
        control_size=experiment.protocol.control_size,
        seed=experiment.seed,
        threshold=experiment.protocol.threshold,
        take_all=experiment.draw.take_all,
        prefer_titles=experiment.draw.prefer_titles,
        exclusions=read_exclusions(
            people=[request.folder / name for name in experiment.draw.exclude],
            companies=[request.folder / name for name in experiment.draw.exclude_companies],
        ),
    )


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
            list=f"lists/{arm}{lists[arm].path.suffix.lower() or '.csv'}",
            rows=lists[arm].n_rows,
            sha256=_sha256(lists[arm].path),
            assigned=len(draw.arm(arm).assignments),
        )
        for arm in Arm
    }
    rules = replace(
        asked.draw,
        exclude=_copies("exclude", asked.draw.exclude),
        exclude_companies=_copies("exclude-companies", asked.draw.exclude_companies),
    )
    return replace(
        asked,
        protocol=protocol,
        draw=rules,
        control=origins[Arm.CONTROL],
        segment=origins[Arm.SEGMENT],
    )


def _write(
    folder: Path,
    experiment: Experiment,
    lists: Mapping[Arm, ContactList],
    draw: Draw | None,
) -> dict[str, Path]:
    for name in ("lists", "send", "exports"):
        make_private_folder(folder / name)
    for arm, listed in lists.items():
        _copy(listed.path, folder / str(experiment.origin(arm).list))
    write_private(folder / REGISTRATION, render_registration(experiment))
    if draw is None:
        return {}
    return write_send_lists(
        folder / "send",
        draw,
        experiment=experiment.name,
        seed=experiment.seed,
        headers={arm: listed.header for arm, listed in lists.items()},
    )


def _write_copies(folder: Path, request: Request, experiment: Experiment) -> None:
    """Keep what was excluded beside the lists: without it the draw cannot be made again."""
    asked = request.experiment.draw
    pairs = [
        *zip(asked.exclude, experiment.draw.exclude, strict=True),
        *zip(asked.exclude_companies, experiment.draw.exclude_companies, strict=True),
    ]
    for original, kept in pairs:
        if kept.startswith("lists/"):
            _copy(request.folder / original, folder / kept)


def _copies(kind: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"lists/{kind}-{place}{Path(name).suffix.lower() or '.csv'}"
        for place, name in enumerate(names, start=1)
    )


def _move_in(building: Path, folder: Path, *, in_place: bool) -> bool:
    """Move the finished parts into place; return whether the folder is new.

    Exports that lie there already stay.
    """
    if not folder.exists():
        building.rename(folder)
        return True
    if not in_place and (folder / REGISTRATION).exists():
        # Another process was faster; what it registered is left as it is.
        raise _folder_exists(folder)
    for part in ("lists", "send"):
        make_private_folder(folder / part)
        for path in (building / part).iterdir():
            path.replace(folder / part / path.name)
    make_private_folder(folder / "exports")
    (building / REGISTRATION).replace(folder / REGISTRATION)
    return False


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


def _copy(source: Path, target: Path) -> None:
    if source.resolve() != target.resolve():
        shutil.copyfile(source, target)
        target.chmod(0o600)


def _sha256(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
