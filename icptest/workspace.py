"""Workspace: a folder with `icptest.toml`, and what it says for every test in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icptest.errors import Location, RegistrationError, WorkspaceError
from icptest.experiment import REGISTRATION, SLUG, require_zone
from icptest.spelling import nearest
from icptest.toml_keys import TomlKeys, parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SETTINGS = "icptest.toml"
ENVIRONMENT = "ICPTEST_WORKSPACE"
DATABASE = "icptest.db"
_GITIGNORE = f"""\
# Lists, send lists and exports hold people's addresses; the database too.
{DATABASE}
{DATABASE}-journal
{DATABASE}.*.bak
experiments/*/lists/
experiments/*/send/
experiments/*/exports/
experiments/.finished.json
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Where tests are kept.

    Attributes:
        root: Absolute path of the folder.
        timezone: IANA name; where days begin and end unless a registration says otherwise.
        holidays: Country of the people mailed, whose holidays are no business days; or None.
        database: URL of the database; relative SQLite paths are relative to `root`.
        client: Default client of new tests.
    """

    root: Path
    timezone: str
    holidays: str | None = None
    database: str = f"sqlite:///{DATABASE}"
    client: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the workspace."""
        return ZoneInfo(self.timezone)

    @property
    def database_url(self) -> str:
        """The database URL with an absolute path."""
        prefix = "sqlite:///"
        if "://" in self.database and not self.database.startswith(prefix):
            return self.database
        return prefix + str(self.root / self.database.removeprefix(prefix))

    @property
    def experiments(self) -> Path:
        """The folder that holds one folder per test."""
        return self.root / "experiments"

    def folder(self, name: str) -> Path:
        """Return the folder of a test."""
        return self.experiments / name

    def registration(self, name: str) -> Path:
        """Return the registration file of a test."""
        return self.folder(name) / REGISTRATION

    def answers(self, source: str) -> Path:
        """Return the file that keeps what was said once about a source's exports."""
        return self.root / "sources" / f"{source}.toml"


def find_workspace(
    flag: str | None = None,
    *,
    start: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Workspace:
    """Return the workspace: the flag, else ICPTEST_WORKSPACE, else the nearest parent's.

    Raises:
        WorkspaceError: There is none ("no-workspace"), or its settings are wrong.
    """
    environment = os.environ if environment is None else environment
    named = flag or environment.get(ENVIRONMENT)
    if named:
        try:
            root = Path(named).expanduser().resolve()
        except RuntimeError:  # "~somebody", whom the machine does not know
            raise WorkspaceError("no-workspace", where=named) from None
        if not (root / SETTINGS).is_file():
            raise WorkspaceError("no-workspace", where=named)
        return read_workspace(root)
    here = (start or Path.cwd()).resolve()
    for root in (here, *here.parents):
        if (root / SETTINGS).is_file():
            return read_workspace(root)
    raise WorkspaceError("no-workspace", where=str(here))


def read_workspace(root: Path) -> Workspace:
    """Read the settings of a workspace.

    Raises:
        WorkspaceError: The file is no TOML, or a key of it is unknown or wrong.
    """
    path = root / SETTINGS
    try:
        keys = TomlKeys(parse_toml(path.read_text(encoding="utf-8")), str(path))
        workspace = Workspace(
            root=root,
            timezone=require_zone(keys.text("timezone", required=True), file=str(path)),
            holidays=keys.text("holidays") or None,
            database=keys.text("database", default=f"sqlite:///{DATABASE}"),
            client=keys.text("client"),
        )
        keys.refuse_others()
    except (ValueError, OSError) as error:
        raise WorkspaceError(
            "settings-unreadable", location=Location(file=str(path)), problem=str(error)
        ) from error
    except RegistrationError as error:
        raise WorkspaceError(error.code, location=error.location, **error.facts) from error
    return workspace


def init_workspace(root: Path, *, timezone: str | None, holidays: str | None) -> Workspace:
    """Make a workspace in a folder: settings, `experiments/`, `.gitignore`; not the database.

    Raises:
        WorkspaceError: There is one already ("workspace-exists"), or the zone or the country
            is unknown, or the folder cannot be written.
    """
    root = root.resolve()
    if (root / SETTINGS).exists():
        raise WorkspaceError("workspace-exists", file=str(root / SETTINGS))
    zone = require_zone(timezone) if timezone else system_timezone()
    country = None
    if holidays:
        from icptest.business_days import require_country  # noqa: PLC0415 - loads a calendar

        country = require_country(holidays)
    try:
        root.mkdir(parents=True, exist_ok=True)
        make_private_folder(root / "experiments")
        write_private(root / SETTINGS, _settings_text(zone, country))
        _add_to_gitignore(root / ".gitignore")
    except OSError as error:
        raise WorkspaceError(
            "folder-not-writable", path=str(root), problem=str(error), case="init"
        ) from error
    return read_workspace(root)


def system_timezone() -> str:
    """Return the IANA name of the machine's time zone.

    Raises:
        WorkspaceError: The machine names none ("no-system-zone").
    """
    import tzlocal  # noqa: PLC0415 - only `init` asks

    try:
        name: str | None = tzlocal.get_localzone_name()
        return require_zone(name or "")
    except (KeyError, ValueError, RegistrationError) as error:
        raise WorkspaceError("no-system-zone") from error


def unknown_experiment(name: str, known: Sequence[str]) -> RegistrationError:
    """Return the error that there is no test of a name: with the nearest, or that it is a file.

    Args:
        name: What was typed.
        known: The names there are.
    """
    names = ", ".join(known) or "none yet"
    if _is_file(name):
        return RegistrationError("file-for-name", value=name, known=names)
    return RegistrationError(
        "experiment-unknown", value=name, nearest=nearest(name, known), known=names
    )


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # no path at all: too long, or with a zero byte in it
        return False


def known_experiments(workspace: Workspace) -> list[str]:
    """Return the names of the tests that have a folder with a registration, sorted."""
    names = (path.parent.name for path in workspace.experiments.glob(f"*/{REGISTRATION}"))
    # What an interrupted `new` was building has a name that no test can have.
    return sorted(name for name in names if SLUG.fullmatch(name))


def make_private_folder(path: Path) -> None:
    """Make a folder that only its owner can look into."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; replaced as a whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _settings_text(timezone: str, holidays: str | None) -> str:
    return (
        "# Settings of this icptest workspace.\n\n"
        "# Where days begin and end: the settle window is counted in business days here.\n"
        f'timezone = "{timezone}"\n\n'
        "# Country of the people you mail; its public holidays are no business days.\n"
        f'holidays = "{holidays or ""}"\n\n'
        "# Client of new tests, for agencies.\n"
        'client = ""\n\n'
        f'database = "sqlite:///{DATABASE}"\n'
    )


def _add_to_gitignore(path: Path) -> None:
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    there = {line.strip() for line in present.splitlines()}
    missing = [line for line in _GITIGNORE.splitlines() if line not in there]
    if present and not present.endswith("\n"):
        present += "\n"
    path.write_text(present + "".join(f"{line}\n" for line in missing), encoding="utf-8")
