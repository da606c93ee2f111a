"""The folder of a test: registration, lists, send lists. Written whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from icptest.errors import Location, RegistrationError, WorkspaceError
from icptest.experiment import REGISTRATION, Arm
from icptest.send_lists import write_send_lists
from icptest.workspace import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icptest.contacts import ContactList
    from icptest.draw import Draw
    from icptest.experiment import Experiment
    from icptest.workspace import Workspace


class NewFolder:
    """The folder of a test that is being registered: put in its place, or taken back.

    Both happen while the database lets nobody else write, so no other command is half-way
    through either.

    Args:
        workspace: Where tests are kept.
        name: Name of the test.
        origin: Folder that the paths of the request are relative to.
    """

    def __init__(self, workspace: Workspace, name: str, *, origin: Path) -> None:
        self._experiments = workspace.experiments
        self._folder = workspace.folder(name)
        # Built beside its place and moved there at the end: a test is there whole or not at all.
        self._building = workspace.experiments / f".{name}.{os.getpid()}.new"
        self._origin = origin
        self._in_place = lies_in(origin, self._folder)
        self._take_back: Callable[[], object] | None = None
        self.is_begun = False
        """Whether there may be something to take back."""

    def put(
        self,
        text: str,
        asked: Experiment,
        experiment: Experiment,
        lists: Mapping[Arm, ContactList],
        draw: Draw | None,
        more: Mapping[str, str],
    ) -> dict[str, Path]:
        """Write the folder and move it into its place; return the send lists by name.

        Args:
            text: The registration file.
            asked: The registration as it was asked for.
            experiment: The same, with everything the draw has decided.
            lists: The lists as they were read.
            draw: How the arms were drawn.
            more: Text of further files, by their path inside the folder.

        Raises:
            RegistrationError: Another test lies there ("experiment-folder-exists").
            WorkspaceError: It cannot be written ("folder-not-writable").
        """
        if not self._in_place and (self._folder / REGISTRATION).exists():
            raise folder_exists(self._folder)
        self.is_begun = True
        try:
            self._remove_leftovers()
            make_private_folder(self._building)
            send_lists = _write(self._building, text, experiment, lists, draw)
            for name, content in more.items():
                write_private(self._building / name, content)
            _copy_exclusions(self._building, self._origin, asked, experiment)
            make_durable(self._building)
            self._move_in()
            _flush(self._experiments)
            self._remove_leftovers()
        except OSError as error:
            raise WorkspaceError(
                "folder-not-writable", path=str(self._folder), problem=str(error)
            ) from error
        return {name: self._folder / "send" / path.name for name, path in send_lists.items()}

    def take_back(self) -> None:
        """Undo what was put, because the test is in no database; what lay there before stays."""
        if self._take_back is not None:
            with suppress(OSError):  # it was stopped right before it was put there
                self._take_back()
        self._remove_leftovers()

    def _move_in(self) -> None:
        """Move the finished parts into place; exports that lie there already stay."""
        if not self._folder.exists():
            self._take_back = lambda: self._folder.rename(self._building)
            self._building.rename(self._folder)
            return
        if not self._in_place:
            self._take_back = (self._folder / REGISTRATION).unlink
        for part in ("lists", "send"):
            make_private_folder(self._folder / part)
            for path in (self._building / part).iterdir():
                path.replace(self._folder / part / path.name)
        make_private_folder(self._folder / "exports")
        (self._building / REGISTRATION).replace(self._folder / REGISTRATION)
        make_durable(self._folder)

    def _remove_leftovers(self) -> None:
        """Remove what this command did not move, and what earlier ones that were killed left."""
        for path in self._experiments.glob(".*.new"):
            shutil.rmtree(path, ignore_errors=True)


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
    text: str,
    experiment: Experiment,
    lists: Mapping[Arm, ContactList],
    draw: Draw | None,
) -> dict[str, Path]:
    for name in ("lists", "send", "exports"):
        make_private_folder(folder / name)
    for arm, listed in lists.items():
        _copy(listed.path, folder / str(experiment.origin(arm).list))
    write_private(folder / REGISTRATION, text)
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


def make_durable(folder: Path) -> None:
    """Wait until the disk has all that lies in a folder: a power cut then leaves it whole."""
    for path in (*folder.rglob("*"), folder):
        _flush(path)


def _flush(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    if os.name == "nt":  # pragma: no cover - Windows opens no folder, and flushes no such file
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(source: Path, target: Path) -> None:
    if source.resolve() != target.resolve():
        shutil.copyfile(source, target)
        target.chmod(0o600)
