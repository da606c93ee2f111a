"""A folder with icptest.toml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from icptest.errors import RegistrationError, WorkspaceError
from icptest.workspace import (
    ENVIRONMENT,
    SETTINGS,
    find_workspace,
    init_workspace,
    known_experiments,
    make_private_folder,
    read_workspace,
    system_timezone,
    unknown_experiment,
    write_private,
)


def made(root: Path, *, zone: str = "Europe/Berlin") -> Path:
    """Make a workspace and return its folder."""
    init_workspace(root, timezone=zone, holidays=None)
    return root


def mode(path: Path) -> int:
    """Return the permission bits of a path."""
    return path.stat().st_mode & 0o777


def settings_of(root: Path, text: str) -> Path:
    """Write settings and return their folder."""
    (root / SETTINGS).write_text(text, encoding="utf-8")
    return root


def test_init_makes_private_settings_and_a_folder_for_tests(tmp_path: Path) -> None:
    """Files 0600, folders 0700; what was said is what is read."""
    root = tmp_path / "new" / "place"
    umask = os.umask(0o000)
    try:
        workspace = init_workspace(root, timezone="Asia/Kathmandu", holidays="us")
    finally:
        os.umask(umask)
    assert workspace == read_workspace(root) == find_workspace(str(root), environment={})
    assert (
        workspace.timezone,
        workspace.holidays,
        workspace.client,
    ) == ("Asia/Kathmandu", "US", "")
    assert workspace.zone.key == "Asia/Kathmandu"
    assert (mode(root / SETTINGS), mode(root / "experiments")) == (0o600, 0o700)
    assert workspace.registration("q4") == root / "experiments" / "q4" / "experiment.toml"
    assert workspace.answers("generic") == root / "sources" / "generic.toml"
    assert not list(root.glob("*.tmp"))


def test_init_in_a_relative_folder_gives_an_absolute_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is found again from anywhere."""
    monkeypatch.chdir(tmp_path)
    workspace = init_workspace(Path("here"), timezone="UTC", holidays=None)
    assert workspace.root == tmp_path / "here"
    assert workspace.database_url == f"sqlite:///{tmp_path / 'here' / 'icptest.db'}"


def test_a_second_init_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """The settings that are there stay."""
    made(tmp_path)
    before = (tmp_path / SETTINGS).read_bytes(), (tmp_path / ".gitignore").read_bytes()
    with pytest.raises(WorkspaceError, match="workspace-exists"):
        init_workspace(tmp_path, timezone="UTC", holidays=None)
    assert before == ((tmp_path / SETTINGS).read_bytes(), (tmp_path / ".gitignore").read_bytes())


@pytest.mark.parametrize(
    ("zone", "country", "code"),
    [("Berlin", None, "unknown-zone"), ("UTC", "Narnia", "unknown-country")],
)
def test_a_wrong_zone_or_country_leaves_nothing_behind(
    tmp_path: Path, zone: str, country: str | None, code: str
) -> None:
    """It is refused before anything is written."""
    with pytest.raises((WorkspaceError, RegistrationError), match=code):
        init_workspace(tmp_path / "w", timezone=zone, holidays=country)
    assert not (tmp_path / "w").exists()


def test_a_place_that_cannot_be_written_is_an_error_with_a_code(tmp_path: Path) -> None:
    """A file where the folder should be, for one."""
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="folder-not-writable"):
        init_workspace(tmp_path / "file" / "w", timezone="UTC", holidays=None)


_IGNORED = {
    "icptest.db",
    "icptest.db-journal",
    "experiments/*/lists/",
    "experiments/*/send/",
    "experiments/*/exports/",
}


@pytest.mark.parametrize(
    "present", [None, "", "node_modules", "node_modules\n", "icptest.db\n", "# icptest.db is mine"]
)
def test_what_holds_addresses_is_ignored_by_git(tmp_path: Path, present: str | None) -> None:
    """Whatever .gitignore said before, it still says, and each of our lines once."""
    path = tmp_path / ".gitignore"
    if present is not None:
        path.write_text(present)
    made(tmp_path)
    lines = path.read_text().splitlines()
    assert set(lines) >= _IGNORED | set((present or "").splitlines())
    assert all(lines.count(line) == 1 for line in _IGNORED)


def test_the_flag_goes_before_the_environment_before_the_parents(tmp_path: Path) -> None:
    """Flag, environment, file."""
    flag, variable, parent = (made(tmp_path / name) for name in ("flag", "variable", "parent"))
    inside = parent / "experiments" / "q4"
    inside.mkdir()
    environment = {ENVIRONMENT: str(variable)}

    def root(flagged: str | None, said: dict[str, str]) -> Path:
        return find_workspace(flagged, start=inside, environment=said).root

    assert flag == root(str(flag), environment)
    assert variable == root(None, environment)
    assert parent == root(None, {})
    assert parent == root("", {ENVIRONMENT: ""})


def test_the_nearest_parent_is_the_workspace(tmp_path: Path) -> None:
    """A workspace inside another hides it."""
    made(tmp_path)
    inner = made(tmp_path / "client")
    assert find_workspace(start=inner / "experiments", environment={}).root == inner


@pytest.mark.parametrize("by", ["flag", "environment", "parents"])
def test_no_workspace_is_an_error_that_says_where(tmp_path: Path, by: str) -> None:
    """A named place without settings is not replaced by a parent that has some."""
    made(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    if by == "parents":
        (tmp_path / SETTINGS).unlink()
    with pytest.raises(WorkspaceError, match="no-workspace") as caught:
        find_workspace(
            str(empty) if by == "flag" else None,
            start=empty,
            environment={ENVIRONMENT: str(empty)} if by == "environment" else {},
        )
    assert caught.value.facts["where"] == str(empty)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("timezone = ", "settings-unreadable"),
        ("", "missing-key"),
        ("timezone = 'Berlin'", "unknown-zone"),
        ("timezone = 3", "bad-value"),
        ("timezone = 'UTC'\ntimezon = 'UTC'", "unknown-key"),
    ],
)
def test_wrong_settings_are_an_error_of_the_workspace(tmp_path: Path, text: str, code: str) -> None:
    """Whatever is wrong in icptest.toml has a code and names the file."""
    with pytest.raises(WorkspaceError, match=code) as caught:
        read_workspace(settings_of(tmp_path, text))
    assert caught.value.location.file == str(tmp_path / SETTINGS)


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("sqlite:///x.db", "sqlite:///{root}/x.db"),
        ("x.db", "sqlite:///{root}/x.db"),
        ("sqlite:////var/x.db", "sqlite:////var/x.db"),
        ("postgresql://h/d", "postgresql://h/d"),
    ],
)
def test_a_relative_database_is_in_the_workspace(tmp_path: Path, database: str, url: str) -> None:
    """Paths in the file are relative to the workspace, not to where one stands."""
    root = settings_of(tmp_path, f"timezone = 'UTC'\ndatabase = '{database}'")
    assert read_workspace(root).database_url == url.format(root=root)


def test_a_test_is_found_by_its_name(tmp_path: Path) -> None:
    """Only folders with a registration are tests."""
    workspace = init_workspace(tmp_path, timezone="UTC", holidays=None)
    for name in ("q4-icp", "abc", "empty"):
        make_private_folder(workspace.folder(name))
    for name in ("q4-icp", "abc"):
        write_private(workspace.registration(name), "")
    assert known_experiments(workspace) == ["abc", "q4-icp"]


@pytest.mark.parametrize("name", ["q4-ipc", "nothing", "", ".", "..", "q4-icp/", "x" * 300, "a\0"])
def test_an_unknown_test_is_said_with_the_nearest(name: str) -> None:
    """The tests that are there are named; no name leads to a traceback."""
    error = unknown_experiment(name, ["q4-icp"])
    assert error.code == "experiment-unknown"
    assert error.facts["known"] == "q4-icp"
    assert error.facts["nearest"] == ("q4-icp" if name.startswith("q4") else None)


def test_a_file_where_a_name_should_be_is_said(tmp_path: Path) -> None:
    """`icptest ingest export.csv` forgets the name of the test."""
    file = tmp_path / "export.csv"
    file.write_text("")
    error = unknown_experiment(str(file), [])
    assert (error.code, error.facts["known"]) == ("file-for-name", "none yet")


def test_a_private_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """What was there is gone, its mode is tight, and nothing lies beside it."""
    path = tmp_path / "file"
    path.write_text("old and longer")
    path.chmod(0o644)
    write_private(path, "new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert mode(path) == 0o600
    assert [path] == list(tmp_path.iterdir())


def test_a_private_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A text no file can hold changes nothing."""
    path = tmp_path / "file"
    write_private(path, "old")
    with pytest.raises(UnicodeEncodeError, match="surrogates"):
        write_private(path, "\ud800")
    assert path.read_text() == "old"
    assert [path] == list(tmp_path.iterdir())


def test_the_zone_of_the_machine_is_an_iana_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """`init` without a zone takes the machine's, and says so when there is none."""
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Asia/Tokyo")
    assert system_timezone() == "Asia/Tokyo"
    for wrong in ("local", None):
        monkeypatch.setattr("tzlocal.get_localzone_name", lambda wrong=wrong: wrong)
        with pytest.raises(WorkspaceError, match="no-system-zone"):
            system_timezone()
