"""Known tests: what the folders and the database say there is. The two must say the same.

folder and database             the test is whole, or its registration was changed
database alone                  "registration-gone": the database keeps the text of the file
folder alone                    "not-registered": it can be registered
folders and no database at all  "database-gone"
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from icptest.errors import InputError, RegistrationError, StoreError, WorkspaceError
from icptest.experiment import SLUG, Arm, parse_registration, read_registration
from icptest.journal import make_entry
from icptest.reading import file_digest
from icptest.store import open_store
from icptest.workspace import (
    known_experiments,
    make_private_folder,
    unknown_experiment,
    write_private,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from icptest.experiment import Experiment
    from icptest.store import Registered, Store
    from icptest.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A test that the folders and the database know.

    Attributes:
        experiment: The registration as its file says it, by the name of its folder.
        registered: The test in the store.
        intact: Whether the file still has the frozen digest.
    """

    experiment: Experiment
    registered: Registered
    intact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """A registration that is as it was frozen again.

    Attributes:
        path: Its file.
        was_intact: Whether it was so before, so that nothing was written.
        moved_to: Where the file lies now that was in its place; None: there was none.
        lacks_lists: Whether a copy of a list is missing; the database keeps none.
    """

    path: Path
    was_intact: bool
    moved_to: Path | None
    lacks_lists: bool


def open_database(workspace: Workspace, *, write: bool, create: bool = False) -> Store:
    """Open the database of a workspace; one that was lost is not replaced by an empty one.

    Args:
        workspace: The workspace.
        write: Allow writing.
        create: Whether it may be a new one, as long as there is no folder of a test.

    Raises:
        StoreError: It is missing although there are tests ("database-gone"), or it cannot be
            used.
    """
    folders = known_experiments(workspace)
    try:
        return open_store(workspace.database_url, write=write, create=create and not folders)
    except StoreError as error:
        if error.code != "no-database" or not folders:
            raise
        raise StoreError("database-gone", **error.facts, known=", ".join(folders)) from error


def known_tests(workspace: Workspace) -> list[str]:
    """Return the names of all tests that a folder or the database knows, sorted."""
    try:
        with open_store(workspace.database_url, write=False) as store:
            return _names(workspace, store)
    except StoreError as error:
        if error.code != "no-database":
            raise
        return known_experiments(workspace)


def find_test(workspace: Workspace, store: Store, name: str) -> Known:
    """Return the test of a name.

    Raises:
        RegistrationError: There is none ("experiment-unknown", "file-for-name"), its folder and
            the database do not say the same, or its file cannot be read.
    """
    registered = store.experiment(name)
    path = workspace.registration(name)
    is_there = SLUG.fullmatch(name) is not None and _exists(path)
    if registered is None:
        if not is_there:
            raise unknown_experiment(name, _names(workspace, store))
        read_registration(path)
        raise RegistrationError("not-registered", value=name, path=shlex.quote(str(path)))
    if not is_there:
        raise registration_gone(workspace, store, registered)
    try:
        experiment, digest = read_registration(path)
    except RegistrationError as error:
        kept = store.registration(registered.experiment_id)
        if error.code != "registration-unreadable" or kept is None:
            raise
        raise RegistrationError(
            "registration-spoiled", location=error.location, value=name, **error.facts
        ) from error
    return Known(
        # By the name of its folder: the name in the file may have been changed since.
        experiment=replace(experiment, name=name),
        registered=registered,
        intact=digest == registered.digest,
    )


def changed_lists(folder: Path, experiment: Experiment) -> tuple[Arm, ...]:
    """Return the arms whose list in the folder of a test is not the one the registration states.

    A list that is not there is not changed: it holds addresses, and may be deleted on purpose.
    """
    return tuple(
        arm
        for arm in Arm
        if (origin := experiment.origin(arm)).list is not None
        and origin.sha256 is not None
        and _digest(folder / origin.list) not in {None, origin.sha256}
    )


def require_known(workspace: Workspace, store: Store, name: str) -> None:
    """Refuse a name that neither a folder nor the database knows.

    Raises:
        RegistrationError: There is no such test ("experiment-unknown", "file-for-name").
    """
    names = _names(workspace, store)
    if name not in names:
        raise unknown_experiment(name, names)


def registration_gone(
    workspace: Workspace, store: Store, registered: Registered
) -> RegistrationError:
    """Return the error that a test is in the database alone."""
    kept = store.registration(registered.experiment_id)
    return RegistrationError(
        "registration-not-kept" if kept is None else "registration-gone",
        value=registered.slug,
        path=str(workspace.registration(registered.slug)),
    )


def restore_registration(
    workspace: Workspace, store: Store, name: str, *, now: datetime, user: str
) -> Restored:
    """Write the registration of a test again as it was frozen; a file in its place is kept.

    Args:
        workspace: The workspace.
        store: Opened for writing.
        name: Name of the test.
        now: The clock.
        user: Who, for the journal.

    Raises:
        RegistrationError: There is no such test, or the database keeps no copy of it.
        StoreError: The copy is not what was frozen ("database-broken").
        WorkspaceError: It cannot be written ("folder-not-writable").
    """
    registered = store.experiment(name)
    if registered is None:
        find_test(workspace, store, name)  # which says what it is instead
        raise unknown_experiment(name, _names(workspace, store))
    path = workspace.registration(name)
    if (frozen := _frozen(path, registered.digest)) is not None:
        return Restored(
            path=path, was_intact=True, moved_to=None, lacks_lists=_lacks_lists(path, frozen)
        )
    text = store.registration(registered.experiment_id)
    if text is None:
        raise registration_gone(workspace, store, registered)
    frozen, digest = parse_registration(text, file=str(path))
    if digest != registered.digest:
        problem = f"its copy of the registration of {name} is not the one that was frozen"
        raise StoreError("database-broken", file=workspace.database_url, problem=problem)
    try:
        moved_to = _put(path, text, now)
    except OSError as error:
        raise WorkspaceError(
            "folder-not-writable", path=str(path.parent), problem=str(error)
        ) from error
    entry = make_entry(
        at=now, user=user, experiment=name, action="restore", digest_of_registration=digest
    )
    store.append(entry)
    return Restored(
        path=path, was_intact=False, moved_to=moved_to, lacks_lists=_lacks_lists(path, frozen)
    )


def _put(path: Path, text: str, now: datetime) -> Path | None:
    """Write a registration; return where the file lies now that was in its place."""
    make_private_folder(path.parent)
    moved_to = None
    if path.exists():
        moved_to = path.with_name(f"{path.stem}-until-{now:%Y%m%d-%H%M%S}{path.suffix}")
        path.rename(moved_to)
    write_private(path, text)
    return moved_to


def _digest(path: Path) -> str | None:
    try:
        return file_digest(path)
    except (InputError, OSError):
        return None


def _frozen(path: Path, digest: str) -> Experiment | None:
    """Return the registration in a file, if it is the one that was frozen."""
    try:
        experiment, found = read_registration(path)
    except RegistrationError:
        return None
    return experiment if found == digest else None


def _lacks_lists(path: Path, experiment: Experiment) -> bool:
    lists = [experiment.origin(arm).list for arm in Arm]
    return any(one is not None and not (path.parent / one).exists() for one in lists)


def _names(workspace: Workspace, store: Store) -> list[str]:
    return sorted({*known_experiments(workspace), *(one.slug for one in store.experiments())})


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return True  # it may be there; reading it will say what is wrong
