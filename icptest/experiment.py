"""Experiment: one registered comparison, as its `experiment.toml` says it, and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from icptest.errors import Location, RegistrationError
from icptest.labels import DEFAULT_POSITIVE
from icptest.profile import Profile, profile_from
from icptest.protocol import Protocol
from icptest.spelling import nearest
from icptest.stats import Prior
from icptest.toml_keys import TomlKeys, parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COUNTED = ("assigned", "accounts", "accounts_left", "people_left")
SLUG = re.compile(r"[a-z0-9-]{1,63}")
REGISTRATION = "experiment.toml"
HIGHEST_SEED = 2**63 - 1
"""A registration file keeps whole numbers of 64 bits."""


class Arm(StrEnum):
    """One of the two lists of a test."""

    CONTROL = "control"
    """Today's list."""
    SEGMENT = "segment"
    """The narrowed ICP."""

    @property
    def other(self) -> Arm:
        """The arm it is compared with."""
        return Arm.SEGMENT if self is Arm.CONTROL else Arm.CONTROL


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmOrigin:
    """Where the contacts of an arm come from: a list, or campaigns that already ran.

    Attributes:
        list: Path of the copy of the list, relative to the folder of the experiment.
        campaigns: Names or ids of campaigns in the outreach tool.
        rows: Data rows of the list.
        sha256: Digest of the list as it was given.
        assigned: Contacts assigned to the arm at registration.
        accounts: Companies on the list, those left out by the exclusions not counted.
        accounts_left: Companies on it that the first batch of both arms has left.
        people_left: People at these companies.
    """

    list: str | None = None
    campaigns: tuple[str, ...] = ()
    rows: int | None = None
    sha256: str | None = None
    assigned: int | None = None
    accounts: int | None = None
    accounts_left: int | None = None
    people_left: int | None = None

    @property
    def already_ran(self) -> bool:
        """Whether the arm is campaigns that already ran, so that nothing was drawn here."""
        return bool(self.campaigns)


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawRules:
    """How the send lists were drawn, beyond the seed.

    Attributes:
        take_all: Everyone in the segment goes out, not only `size` of them.
        prefer_titles: Titles that go first when a company has several contacts.
        exclude: Files of people left out.
        exclude_companies: Files of companies left out.
        columns: "role=column name" for lists with unusual names.
        encoding: Text encoding of the lists, where it is not UTF-8.
        used: File of the people and companies that earlier tests have used, or "".
        taken: File of those that other tests of the family have of their new lists, or "".
    """

    take_all: bool = False
    prefer_titles: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_companies: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    encoding: str = ""
    used: str = ""
    taken: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """A registration: everything that was fixed before the first send.

    Attributes:
        name: Slug, `[a-z0-9-]{1,63}`; also the folder under `experiments/`.
        hypothesis: What is believed, in the owner's words.
        created_at: Aware UTC time of the registration, whole seconds.
        seed: Decides the draw, together with the identifiers; 0 to `HIGHEST_SEED`.
        timezone: IANA name; where days begin and end.
        holidays: Country whose holidays are no business days, or None.
        positive_labels: Labels that count as positive replies.
        control: Today's list.
        segment: The new list.
        protocol: The rules.
        draw: How the lists were drawn.
        prior: What is believed of the rates before the data, for "after allowing for luck".
        prior_from: From how many finished tests the prior was learned; 0: it was not.
        owner: Who decides.
        client: For whom, at an agency.
        channel: How people are mailed.
        family: Name shared by tests that share a control; empty: none.
        replicates: Test that this one repeats on people nobody has mailed; empty: none.
        aa: Whether both arms are drawn from today's list, to see what sending and labelling do
            by themselves.
        icp: The profile that the new list was made by; None: the list was given as it is.
    """

    name: str
    hypothesis: str
    created_at: datetime
    seed: int
    timezone: str
    control: ArmOrigin
    segment: ArmOrigin
    holidays: str | None = None
    positive_labels: tuple[str, ...] = DEFAULT_POSITIVE
    protocol: Protocol = field(default_factory=Protocol)
    draw: DrawRules = field(default_factory=DrawRules)
    prior: Prior = field(default_factory=Prior)
    prior_from: int = 0
    owner: str = ""
    client: str = ""
    channel: str = "email"
    family: str = ""
    replicates: str = ""
    aa: bool = False
    icp: Profile | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the test."""
        return ZoneInfo(self.timezone)

    def origin(self, arm: Arm) -> ArmOrigin:
        """Return where an arm's contacts come from."""
        return self.control if arm is Arm.CONTROL else self.segment

    def planned(self, arm: Arm) -> int:
        """Return how many contacts the registration assigns to an arm."""
        assigned = self.origin(arm).assigned
        if assigned is not None:
            return assigned
        return self.protocol.control_size if arm is Arm.CONTROL else self.protocol.size

    def to_mapping(self) -> dict[str, Any]:
        """Return the registration as the values of its TOML file."""
        values: dict[str, Any] = {
            "name": self.name,
            "hypothesis": self.hypothesis,
            "owner": self.owner,
            "client": self.client,
            "channel": self.channel,
            "created_at": self.created_at,
            "seed": self.seed,
            "timezone": self.timezone,
            "holidays": self.holidays or "",
            "family": self.family,
            "replicates": self.replicates,
            "aa": self.aa,
            "protocol": self.protocol.to_mapping(),
            "labels": {"positive": list(self.positive_labels)},
            "prior": {
                "control": list(self.prior.control),
                "log_lift_sd": self.prior.log_lift_sd,
            },
            "draw": {
                "take_all": self.draw.take_all,
                "prefer_titles": list(self.draw.prefer_titles),
                "exclude": list(self.draw.exclude),
                "exclude_companies": list(self.draw.exclude_companies),
                "columns": list(self.draw.columns),
                "encoding": self.draw.encoding,
                "used": self.draw.used,
                "taken": self.draw.taken,
            },
            "arms": {str(arm): _origin_mapping(self.origin(arm)) for arm in Arm},
        }
        if self.prior_from:
            values["prior"]["learned_from"] = self.prior_from
        if self.icp is not None:
            values["icp"] = self.icp.to_mapping()
        return values


def digest_of(mapping: Mapping[str, Any]) -> str:
    """Return "sha256:<hex>" of the canonical JSON of a parsed registration.

    Comments, blank lines and the order of keys in the file do not change it.
    """
    text = json.dumps(mapping, sort_keys=True, separators=(",", ":"), default=_plain)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def experiment_from_mapping(mapping: Mapping[str, Any], *, file: str) -> Experiment:
    """Build an experiment from the values of a registration file.

    Raises:
        RegistrationError: A key is unknown, missing, or of the wrong type.
    """
    keys = TomlKeys(mapping, file)
    protocol = Protocol.from_mapping(keys.table("protocol"))
    labels = keys.sub("labels")
    draw = keys.sub("draw")
    prior = keys.sub("prior")
    arms = keys.sub("arms")
    experiment = Experiment(
        name=require_slug(keys.text("name", required=True), file=file),
        hypothesis=keys.text("hypothesis"),
        owner=keys.text("owner"),
        client=keys.text("client"),
        channel=keys.text("channel", default="email"),
        created_at=keys.time("created_at"),
        seed=keys.integer("seed", default=0, low=0),
        timezone=require_zone(keys.text("timezone", default="UTC"), file=file),
        holidays=keys.text("holidays") or None,
        family=keys.text("family"),
        replicates=keys.text("replicates"),
        aa=keys.flag("aa"),
        protocol=protocol,
        positive_labels=labels.texts("positive", default=DEFAULT_POSITIVE),
        draw=DrawRules(
            take_all=draw.flag("take_all"),
            prefer_titles=draw.texts("prefer_titles"),
            exclude=draw.texts("exclude"),
            exclude_companies=draw.texts("exclude_companies"),
            columns=draw.texts("columns"),
            encoding=draw.text("encoding"),
            used=draw.text("used"),
            taken=draw.text("taken"),
        ),
        prior=_prior_from(prior, file=file),
        prior_from=prior.integer("learned_from", default=0, low=0),
        icp=profile_from(keys.sub("icp")) if "icp" in mapping else None,
        control=_origin_from(arms.sub(str(Arm.CONTROL))),
        segment=_origin_from(arms.sub(str(Arm.SEGMENT))),
    )
    for part in (keys, labels, draw, prior, arms):
        part.refuse_others()
    if experiment.aa:
        experiment = against_itself(experiment)
    if experiment.family:
        require_slug(experiment.family, file=file)
    return experiment


def against_itself(experiment: Experiment) -> Experiment:
    """Return an A/A test whose second side comes from today's list too.

    Raises:
        RegistrationError: Campaigns that already ran are named ("aa-of-campaigns").
    """
    if any(experiment.origin(arm).already_ran for arm in Arm):
        raise RegistrationError("aa-of-campaigns")
    if experiment.segment.list is not None:
        return replace(experiment, aa=True)
    return replace(experiment, aa=True, segment=ArmOrigin(list=experiment.control.list))


def read_registration(path: Path) -> tuple[Experiment, str]:
    """Read a registration file; return it with its digest.

    Raises:
        RegistrationError: The file is missing, no TOML, or says something impossible.
    """
    mapping = read_registration_mapping(path)
    return experiment_from_mapping(mapping, file=str(path)), digest_of(mapping)


def parse_registration(text: str, *, file: str) -> tuple[Experiment, str]:
    """Return the registration that a text says, with its digest.

    Args:
        text: What `render_registration` made.
        file: Where it stands or will stand, for messages.
    """
    import tomllib  # noqa: PLC0415 - not every command reads a registration

    mapping = tomllib.loads(text)
    return experiment_from_mapping(mapping, file=file), digest_of(mapping)


def read_registration_mapping(path: Path) -> dict[str, Any]:
    """Read the values of a registration file, as they stand there.

    Raises:
        RegistrationError: The file is missing ("registration-missing"), or no TOML
            ("registration-unreadable").
    """
    try:
        return parse_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RegistrationError("registration-missing", file=str(path)) from None
    except (ValueError, OSError) as error:
        raise RegistrationError(
            "registration-unreadable", location=Location(file=str(path)), problem=str(error)
        ) from error


def render_registration(experiment: Experiment) -> str:
    """Return the text of the registration file."""
    import tomli_w  # noqa: PLC0415 - only a registration is written

    return tomli_w.dumps(experiment.to_mapping())


def require_slug(name: str, *, file: str | None = None, what: str = "test") -> str:
    """Return the name if it can name a test, or a profile.

    Raises:
        RegistrationError: It holds other letters, or too many ("bad-name").
    """
    if not SLUG.fullmatch(name):
        suggestion = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63] or f"my-{what}"
        raise RegistrationError(
            "bad-name",
            location=Location(file=file),
            value=name,
            suggestion=suggestion,
            what=what,
            case=what,
        )
    return name


def require_zone(name: str, *, file: str | None = None) -> str:
    """Return the name if it is an IANA time zone.

    Raises:
        RegistrationError: It is none ("unknown-zone").
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones  # noqa: PLC0415 - only a mistake needs it

        raise RegistrationError(
            "unknown-zone",
            location=Location(file=file),
            value=name,
            nearest=nearest(name, available_timezones()),
        ) from None
    return name


def _origin_from(keys: TomlKeys) -> ArmOrigin:
    campaigns = keys.texts("campaigns")
    origin = ArmOrigin(
        list=keys.optional("list", str, "the path of a list"),
        campaigns=campaigns,
        rows=keys.optional("rows", int, "a whole number"),
        sha256=keys.optional("sha256", str, "a digest"),
        **{name: keys.optional(name, int, "a whole number") for name in _COUNTED},
    )
    keys.refuse_others()
    return origin


def _prior_from(keys: TomlKeys, *, file: str) -> Prior:
    usual = Prior()
    rate, weight = keys.numbers("control", default=usual.control)
    width = keys.number("log_lift_sd", default=usual.log_lift_sd)
    try:
        return Prior(control=(rate, weight), log_lift_sd=width)
    except ValueError as error:
        raise RegistrationError(
            "bad-prior", location=Location(file=file), problem=str(error)
        ) from None


def _origin_mapping(origin: ArmOrigin) -> dict[str, Any]:
    values: dict[str, Any] = {
        "list": origin.list,
        "campaigns": list(origin.campaigns) or None,
        "rows": origin.rows,
        "sha256": origin.sha256,
        **{name: getattr(origin, name) for name in _COUNTED},
    }
    return {key: value for key, value in values.items() if value is not None}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
