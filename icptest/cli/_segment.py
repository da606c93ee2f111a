"""`icptest new --icp NAME --from LIST`: the new list made by a profile."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from icptest.cli.icp._common import (
    Place,
    columns_asked,
    day_asked,
    definition_named,
    last_day_of_test,
    written_on,
)
from icptest.errors import IcptestError, InputError
from icptest.experiment import ArmOrigin
from icptest.icp.definition import BuyingRole
from icptest.icp.segment import Segment, make_segment
from icptest.reading import open_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icptest.experiment import Experiment
    from icptest.workspace import Workspace


@contextmanager
def made_by_profile(
    workspace: Workspace,
    experiment: Experiment,
    *,
    icp: str | None,
    from_list: str | None,
    on: str | None,
    segment_given: bool,
) -> Iterator[tuple[Experiment, Segment | None]]:
    """Yield the test with the new list that its profile makes, where one was named.

    Raises:
        InputError: One of the two options stands alone ("option-needs-other"), a new list was
            given too ("icp-and-segment"), or nobody of the list is in ("icp-nobody-in").
    """
    if icp is None and from_list is None:
        if on is not None:
            raise InputError("option-needs-other", option="--on", other="--icp", example="NAME")
        yield experiment, None
        return
    if icp is None:
        raise InputError("option-needs-other", option="--from", other="--icp", example="NAME")
    if from_list is None:
        raise InputError("option-needs-other", option="--icp", other="--from", example="LIST.csv")
    if segment_given:
        raise InputError("icp-and-segment")
    place = Place(workspace=workspace, zone=workspace.zone, holidays=workspace.holidays)
    definition = definition_named(place, icp)
    table = open_table(Path(from_list), encoding=experiment.draw.encoding or None)
    day = day_asked(on, place, option="--on")
    with TemporaryDirectory() as folder:
        segment = make_segment(
            definition,
            table,
            columns_asked(place, ()).columns,
            on=day,
            ends_on=last_day_of_test(day, place),
            list_on=written_on(Path(from_list), place),
            folder=Path(folder),
        )
        if not segment.funnel.n_in:
            raise InputError("icp-nobody-in", icp=icp, list=from_list)
        titles = experiment.draw.prefer_titles or definition.buying.titles(BuyingRole.BUYER)
        made = replace(
            experiment,
            segment=ArmOrigin(list=str(segment.path)),
            icp=replace(segment.profile, list=from_list),
            draw=replace(experiment.draw, prefer_titles=titles, encoding=""),
        )
        try:
            yield made, segment
        except IcptestError as error:
            # The file that a person knows; this one is gone when they read the message.
            for one in (error, *error.others):
                if one.location.file == str(segment.path):
                    one.location = replace(one.location, file=f"{from_list} (those in {icp})")
            raise
