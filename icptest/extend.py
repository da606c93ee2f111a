"""Extend: the next batch of a test that was registered for more than one.

It is drawn from the copies of the lists by the function that drew the first one. The
registration stays as it was frozen: the journal says when a batch was added.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from icptest.assess import assess
from icptest.decision import Answer
from icptest.errors import InputError, RegistrationError, StoreError, WorkspaceError
from icptest.experiment import Arm
from icptest.experiment_folder import make_durable
from icptest.journal import make_entry
from icptest.kin import used_by_kin
from icptest.left import EXTEND, Left
from icptest.reading import file_digest
from icptest.register import members
from icptest.sampling import draw_batch, read_frame
from icptest.send_lists import write_send_lists

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from icptest.decision import Decision
    from icptest.draw import Draw
    from icptest.experiment import Experiment
    from icptest.sampling import Frame
    from icptest.store import Registered, Store
    from icptest.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """A batch that was added to a test.

    Attributes:
        experiment: The registration.
        look: Number of the batch.
        before: What the batches before it said.
        draw: How it was drawn.
        send_lists: The files to upload, by name ("both", "control", "segment").
        left: What it leaves of the new list.
    """

    experiment: Experiment
    look: int
    before: Decision
    draw: Draw
    send_lists: Mapping[str, Path]
    left: Left


def extend(
    workspace: Workspace,
    store: Store,
    experiment: Experiment,
    registered: Registered,
    *,
    intact: bool,
    as_of: datetime,
    user: str,
) -> Extension:
    """Draw the next batch of a test and write its send lists; all or nothing.

    Args:
        workspace: Where the test lies.
        store: Opened for writing.
        experiment: The registration as its file says it.
        registered: The test in the store.
        intact: Whether the file still has the frozen digest.
        as_of: The clock, aware UTC.
        user: Who does it.

    Raises:
        RegistrationError: The registration allows no further batch, the answer asks for none,
            or the lists cannot make it.
        StoreError: Another process has added it ("batch-exists").
    """
    verdict, record = assess(store, experiment, registered, as_of=as_of, intact=intact)
    look = record.look + 1
    _require_registered(experiment, look)
    _require_no_scale(experiment, verdict.decision, look)
    folder = workspace.folder(experiment.name)
    frame = _frame(experiment, folder, store)
    draw = draw_batch(frame, look=look)
    if draw is None:  # pragma: no cover - campaigns that already ran are registered with one look
        raise RegistrationError("looks-without-draw", looks=experiment.protocol.looks)
    accounts, people = draw.left[Arm.SEGMENT]
    target = folder / "send" / f"batch-{look}"
    send_lists: dict[str, Path] = {}
    try:
        store.extend(
            registered.experiment_id,
            look=look,
            contacts=members(draw, drawn_at=as_of),
            entry=make_entry(
                at=datetime.now(UTC),
                user=user,
                experiment=registered.slug,
                action=EXTEND,
                look=look,
                control=len(draw.control.assignments),
                segment=len(draw.segment.assignments),
                accounts_left=accounts,
                people_left=people,
            ),
            before_commit=lambda: send_lists.update(_write(target, frame, draw)),
        )
    except BaseException:
        # Whether the batch is in the database is asked there: COMMIT may have been the last thing
        # done. Of a command that was killed the files stay; the next one writes the same people.
        with suppress(StoreError):
            store.unless_drawn(
                registered.experiment_id, look, lambda: shutil.rmtree(target, ignore_errors=True)
            )
        raise
    return Extension(
        experiment=experiment,
        look=look,
        before=verdict.decision,
        draw=draw,
        send_lists=send_lists,
        left=Left(accounts=accounts, people=people),
    )


def _require_registered(experiment: Experiment, look: int) -> None:
    looks = experiment.protocol.looks
    if look <= looks:
        return
    if any(experiment.origin(arm).already_ran for arm in Arm):
        raise RegistrationError("extension-of-campaigns", name=experiment.name)
    code = "extension-not-registered" if looks == 1 else "every-batch-drawn"
    raise RegistrationError(code, name=experiment.name, looks=looks)


def _require_no_scale(experiment: Experiment, decision: Decision, look: int) -> None:
    """Only an answer that is there, and is no yes, asks for more people."""
    codes = {
        Answer.NOT_YET: "batch-not-over",
        Answer.INVALID: "extension-of-invalid",
        Answer.SCALE: "extension-of-scale",
    }
    if decision.answer in codes:
        raise RegistrationError(
            codes[decision.answer],
            name=experiment.name,
            batch=look - 1,
            reason=decision.reason,
        )


def _frame(experiment: Experiment, folder: Path, store: Store) -> Frame:
    """Read the copies of the lists; they must be those the first batch was drawn from."""
    for arm in Arm:
        origin = experiment.origin(arm)
        path = folder / str(origin.list)
        try:
            digest = file_digest(path)
        except InputError as error:
            raise RegistrationError("list-copy-missing", list=str(path), arm=str(arm)) from error
        if digest != origin.sha256:
            raise RegistrationError("list-copy-changed", list=str(path), arm=str(arm))
    return read_frame(experiment, folder, used=used_by_kin(store, experiment.name))


def _write(folder: Path, frame: Frame, draw: Draw) -> dict[str, Path]:
    try:
        written = write_send_lists(
            folder,
            draw,
            experiment=frame.experiment.name,
            seed=frame.experiment.seed,
            headers={arm: listed.header for arm, listed in frame.lists.items()},
            roles={arm: listed.roles for arm, listed in frame.lists.items()},
        )
        make_durable(folder)
    except OSError as error:
        raise WorkspaceError("folder-not-writable", path=str(folder), problem=str(error)) from error
    return written
