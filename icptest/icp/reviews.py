"""Reviews: which profiles of a workspace somebody must look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from icptest.errors import IcptestError
from icptest.icp.definition import PERSONA_REVIEW_DAYS
from icptest.icp.definition_file import FOLDER, known_definitions, read_definition

if TYPE_CHECKING:
    from datetime import date

    from icptest.icp.definition import Definition
    from icptest.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A profile that must be looked at.

    Attributes:
        icp: Its name.
        due_on: When it had to be reviewed; None: it is not due.
        n_personas: How many of its personas are due.
        personas_due_on: When the first of these was.
        error: Why it cannot be read; None: it can.
    """

    icp: str
    due_on: date | None = None
    n_personas: int = 0
    personas_due_on: date | None = None
    error: IcptestError | None = None


def due_reviews(workspace: Workspace, today: date) -> list[Review]:
    """Return the profiles whose own review, or that of a persona, is due; or that are broken."""
    found = []
    for name in known_definitions(workspace):
        try:
            definition = read_definition(workspace.root / FOLDER / f"{name}.toml")
        except IcptestError as error:
            found.append(Review(icp=name, error=error))
            continue
        late = sorted(day for day in _personas_due(definition) if day <= today)
        due_on = definition.review_due_on
        if due_on <= today or late:
            found.append(
                Review(
                    icp=name,
                    due_on=due_on if due_on <= today else None,
                    n_personas=len(late),
                    personas_due_on=late[0] if late else None,
                )
            )
    return found


def _personas_due(definition: Definition) -> list[date]:
    """Return when each persona is due; one that was never looked at counts from the profile on."""
    since = definition.reviewed_on + timedelta(days=PERSONA_REVIEW_DAYS)
    return [one.review_due_on() or since for one in definition.buying.personas]
