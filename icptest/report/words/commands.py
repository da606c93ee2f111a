"""What the smaller commands say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icptest.report.words.numbers import count, moment, the, threshold, wrap

if TYPE_CHECKING:
    from icptest.experiment import Experiment
    from icptest.known_tests import Restored
    from icptest.sources._base import Layout
    from icptest.workspace import Workspace


def init_text(workspace: Workspace) -> str:
    """Return what `init` says."""
    days = (
        f"public holidays in {workspace.holidays} are no business days"
        if workspace.holidays
        else 'public holidays count as business days (holidays = "US" in icptest.toml changes that)'
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


def mapped_text(
    name: str, source: str, label: str, kind: str, n_people: int, *, note: str | None = None
) -> str:
    """Return what `map-label` says; the note is about a label that nobody has."""
    said = f'In {name}, the {source} label "{label}" now means {kind.replace("_", " ")}'
    if n_people:
        said += f" ({count(n_people, 'person has', 'people have')} it)"
    parts = [note, wrap(f"{said}."), f"Next:\n  icptest verdict {name}"]
    return "\n\n".join(part for part in parts if part)


def unseen_label_text(source: str, label: str, close: str | None, *, is_any: bool) -> str:
    """Return the note about a label that no export of the test has shown."""
    said = f'No export of this test has shown the {source} label "{label}" so far.'
    if close is not None:
        said += f' Did you mean "{close}"?'
    elif is_any:
        said += " `icptest status` lists those that wait for a meaning."
    return wrap(said)


def mapped_data(name: str, source: str, label: str, kind: str, n_people: int) -> dict[str, Any]:
    """Return `icptest.map-label/1`."""
    return {
        "schema": "icptest.map-label/1",
        "experiment": name,
        "source": source,
        "label": label,
        "kind": kind,
        "contacts": n_people,
        "next": f"icptest verdict {name}",
    }


STOPPED = "Stopped. What was not finished was not stored; `icptest log` shows what was."
NOTHING_SET_ASIDE = "Every row of every file could be read; nothing is set aside."


def set_aside_heading(name: str, waiting: int) -> str:
    """Return the heading above the rows of a test that are set aside."""
    return wrap(f"{name}: {count(waiting, 'row')} set aside.")


def replayed_text(name: str, n_read: int, n_left: int) -> str:
    """Return what `set-aside --replay` says."""
    said = f"{count(n_read, 'row')} could be read now; {n_left:,} still cannot."
    follow = f"icptest verdict {name}" if n_read else f"icptest set-aside {name}"
    return f"{wrap(said)}\n\nNext:\n  {follow}"


JOURNAL_BROKEN = (
    "The journal has been changed from outside: the entry marked here does not follow from the "
    "one before it."
)
JOURNAL_EMPTY = "Nothing has been done in this workspace yet."


TELLS = {
    "sends": "who was mailed",
    "send-times": "when",
    "replies": "who replied",
    "reply-times": "when they replied",
    "bounces": "who bounced",
    "labels": "which replies were positive",
    "meetings": "meetings",
}


def tells_line(layout: Layout) -> str:
    """Return what a kind of file can tell."""
    told = ", ".join(said for what, said in TELLS.items() if what in layout.tells)
    return f"{layout.name}: {told}."


def ingest_command(experiment: Experiment) -> str:
    """Return the command that reads an export in."""
    campaign = ' --campaign "NAME"' if experiment.control.already_ran else ""
    return f"icptest ingest {experiment.name} EXPORT{campaign}"


def show_lines(experiment: Experiment) -> list[tuple[str, str]]:
    """Return what was registered, as pairs of a name and a value."""
    protocol = experiment.protocol
    zone = experiment.zone
    days = f"business days in {experiment.timezone}"
    if experiment.holidays:
        days += f", holidays of {experiment.holidays}"
    pairs = [
        ("hypothesis", experiment.hypothesis),
        ("client", experiment.client),
        ("owner", experiment.owner),
        ("registered", moment(experiment.created_at, zone)),
        ("people", f"{protocol.control_size:,} of today's list, {protocol.size:,} of the new list"),
        ("batches", f"{protocol.looks} at most" if protocol.looks > 1 else ""),
        ("kind", "an A/A test: today's list against itself" if experiment.aa else ""),
        ("family", experiment.family),
        ("repeats", experiment.replicates),
        ("scale when", RULES[str(protocol.rule)].format(bar=threshold(protocol.threshold))),
        ("sending", f"within {protocol.send_window_hours} hours"),
        ("replies", f"count for {protocol.settle_business_days} {days}"),
        ("positive labels", ", ".join(experiment.positive_labels)),
        ("seed", str(experiment.seed)),
    ]
    for arm, origin in (("control", experiment.control), ("segment", experiment.segment)):
        if origin.campaigns:
            pairs.append((f"campaigns of {the(arm)}", ", ".join(origin.campaigns)))
    return [(name, value) for name, value in pairs if value]


RULES = {
    "lift": "the new list brings {bar} or more",
    "lift-and-evidence": "the new list brings {bar} or more, and is better beyond luck",
    "proven": "{bar} or more is proven",
}


def restored_text(restored: Restored) -> str:
    """Return what `show --restore` says before it shows the test."""
    file = restored.path.name
    if restored.was_intact:
        said = [f"{file} is as it was registered; nothing was written."]
    else:
        said = [f"{file} is as it was registered again."]
    if restored.moved_to is not None:
        said.append(f"The one that was there is kept as {restored.moved_to.name}, beside it.")
    if restored.lacks_lists:
        said.append(
            "Copies of the lists are missing. The database keeps none, and no verdict needs them: "
            "without them nobody can check the draw. Put lists/ back from a backup if you can."
        )
    return wrap(" ".join(said))


def left_line(n_left: int) -> str:
    """Return how many companies of the new list nobody of the test has used."""
    left = count(n_left, "company", "companies")
    return f"{left} of the new list {'is' if n_left == 1 else 'are'} left to scale to."


def repaired_text(workspace: Workspace) -> str:
    """Return what `init` says where there is a workspace, but no database that fits."""
    said = wrap(f"The database of the workspace in {workspace.root} is there and up to date now.")
    return f"{said}\n\nNext:\n  icptest list"


NO_EXPORTS = "No export has been read in yet."


def read_again(file: str, times: int) -> str:
    """Return the note below the files about one that stands there once for several readings."""
    return (
        f"{file} was read in {times} times, as of different times or with more said of it; it "
        "stands here once, with its last time, and is counted once."
    )


def changed_line(name: str) -> str:
    """Return that somebody has changed the registration of a test."""
    return wrap(
        "The registration file is not the one that was frozen: somebody has changed it. "
        f"`icptest show {name} --restore` puts it back as it was."
    )
