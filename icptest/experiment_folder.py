"""The folder of a test: registration, lists, send lists. Written whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from icptest.errors import Location, RegistrationError, WorkspaceError
from icptest.experiment import REGISTRATION, Arm, render_registration
from icptest.send_lists import write_send_lists
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icptest.contacts import ContactList
    from icptest.draw import Draw
    from icptest.experiment import Experiment
    from icptest.workspace import Workspace


def write_folder(
    workspace: Workspace,
    origin: Path,
    asked: Experiment,
    experiment: Experiment,
    lists: Mapping[Arm, ContactList],
    draw: Draw | None,
) -> tuple[bool, dict[str, Path]]:
    """Write the folder of a test; return whether it is new, and the send lists by name.

    Args:
        workspace: Where tests are kept.
        origin: Folder that the paths of the request are relative to.
        asked: The registration as it was asked for.
        experiment: The same, with everything the draw has decided.
        lists: The lists as they were read.
        draw: How the arms were drawn.

    Raises:
        RegistrationError: Another test lies there ("experiment-folder-exists").
        WorkspaceError: It cannot be written ("folder-not-writable").
    """
    folder = workspace.folder(experiment.name)
    # Built beside its place and moved there at the end: a test is there whole or not at all.
    building = workspace.experiments / f".{experiment.name}.{os.getpid()}.new"
    try:
        shutil.rmtree(building, ignore_errors=True)
        make_private_folder(building)
        send_lists = _write(building, experiment, lists, draw)
        _copy_exclusions(building, origin, asked, experiment)
        made_here = _move_in(building, folder, in_place=lies_in(origin, folder))
    except OSError as error:
        raise WorkspaceError("folder-not-writable", path=str(folder), problem=str(error)) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return made_here, {name: folder / "send" / path.name for name, path in send_lists.items()}


def list_copy(arm: Arm, path: Path) -> str:
    """Return where the copy of a list lies, from the folder of the test."""
    return f"lists/{arm}{path.suffix.lower() or '.csv'}"


def exclusion_copies(kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return where the copies of exclusions lie, from the folder of the test."""
    return tuple(
        f"lists/{kind}-{place}{Path(name).suffix.lower() or '.csv'}"
        for place, name in enumerate(names, start=1)
    )


def lies_in(origin: Path, folder: Path) -> bool:
    """Return whether a registration lies in the folder of its test already."""
    return origin.resolve() == folder.resolve()


def folder_exists(folder: Path) -> RegistrationError:
    """Return the error that another test lies in a folder."""
    path = folder / REGISTRATION
    return RegistrationError(
        "experiment-folder-exists", location=Location(file=str(path)), value=folder.name
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
        roles={arm: listed.roles for arm, listed in lists.items()},
    )


def _copy_exclusions(folder: Path, origin: Path, asked: Experiment, experiment: Experiment) -> None:
    """Keep what was excluded beside the lists: without it the draw cannot be made again."""
    pairs = [
        *zip(asked.draw.exclude, experiment.draw.exclude, strict=True),
        *zip(asked.draw.exclude_companies, experiment.draw.exclude_companies, strict=True),
    ]
    for original, kept in pairs:
        if kept.startswith("lists/"):
            _copy(origin / original, folder / kept)


def _move_in(building: Path, folder: Path, *, in_place: bool) -> bool:
    """Move the finished parts into place; return whether the folder is new.

    Exports that lie there already stay.
    """
    if not folder.exists():
        building.rename(folder)
        return True
    if not in_place and (folder / REGISTRATION).exists():
        # Another process was faster; what it registered is left as it is.
        raise folder_exists(folder)
    for part in ("lists", "send"):
        make_private_folder(folder / part)
        for path in (building / part).iterdir():
            path.replace(folder / part / path.name)
    make_private_folder(folder / "exports")
    (building / REGISTRATION).replace(folder / REGISTRATION)
    return False


def _copy(source: Path, target: Path) -> None:
    if source.resolve() != target.resolve():
        shutil.copyfile(source, target)
        target.chmod(0o600)
