"""What the smaller commands say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.report.words.numbers import wrap

if TYPE_CHECKING:
    from icptest.workspace import Workspace


def init_text(workspace: Workspace) -> str:
    """Return what `init` says."""
    days = (
        f"public holidays in {workspace.holidays} are no business days"
        if workspace.holidays
        else "no public holidays are known (icptest init --holidays US knows them)"
    )
    return "\n".join(
        [
            wrap(f"Workspace made in {workspace.root}."),
            wrap(f"Days begin and end in {workspace.timezone}; {days}."),
            "",
            "Next:",
            "  icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY",
        ]
    )


def init_data(workspace: Workspace) -> dict[str, Any]:
    """Return `icptest.init/1`."""
    return {
        "schema": "icptest.init/1",
        "workspace": str(workspace.root),
        "timezone": workspace.timezone,
        "holidays": workspace.holidays,
        "database": workspace.database,
        "next": "icptest new NAME --control TODAY.csv --segment NEW.csv --hypothesis WHY",
    }


def mapped_text(name: str, source: str, label: str, kind: str) -> str:
    """Return what `map-label` says."""
    said = wrap(f'In {name}, the {source} label "{label}" now means {kind.replace("_", " ")}.')
    return f"{said}\n\nNext:\n  icptest verdict {name}"
