"""A registration, its file and its digest."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.errors import RegistrationError
from icptest.experiment import (
    HIGHEST_SEED,
    Arm,
    ArmOrigin,
    DrawRules,
    Experiment,
    digest_of,
    experiment_from_mapping,
    read_registration,
    render_registration,
    require_slug,
    require_zone,
)
from icptest.labels import DEFAULT_POSITIVE
from icptest.protocol import Protocol
from icptest.stats import Prior

if TYPE_CHECKING:
    from pathlib import Path

FULL = Experiment(
    name="q4-icp",
    hypothesis='New VPs "answer" more.\nÄrger?',
    created_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    seed=4_294_967_295,
    timezone="Europe/Berlin",
    holidays="DE",
    control=ArmOrigin(list="lists/control.csv", rows=900, sha256="sha256:aa", assigned=50),
    segment=ArmOrigin(campaigns=("New VPs", "4711")),
    positive_labels=("Interested", "Send pricing"),
    protocol=Protocol(size=40, control_size=50, threshold=1.5, alpha=0.1),
    draw=DrawRules(
        take_all=True,
        prefer_titles=("VP Sales",),
        exclude=("lists/exclude-1.csv",),
        exclude_companies=("lists/exclude-companies-1.csv",),
        columns=("email=Kontakt",),
        encoding="cp1252",
    ),
    prior=Prior(control=(2.0, 80.0), log_lift_sd=0.7),
    owner="Ada",
    client="Acme",
    channel="linkedin",
)
MINIMAL = 'name = "q4"\n[arms.control]\nlist = "a.csv"\n[arms.segment]\nlist = "b.csv"\n'

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def read(folder: Path, text: str) -> tuple[Experiment, str]:
    """Read a registration of that text."""
    path = folder / "experiment.toml"
    path.write_text(text, encoding="utf-8")
    return read_registration(path)


def test_a_registration_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every field survives the file, and the digest is that of what the file says."""
    found, digest = read(tmp_path, render_registration(FULL))
    assert found == FULL
    assert digest == digest_of(FULL.to_mapping())


@settings(max_examples=40)
@given(
    hypothesis=_texts,
    owner=_texts,
    labels=st.lists(_texts, max_size=3),
    seed=st.integers(0, HIGHEST_SEED),
)
def test_any_text_survives_the_file(
    hypothesis: str, owner: str, labels: list[str], seed: int
) -> None:
    """Quotes, line ends, backslashes and any alphabet come back as they were."""
    one = replace(
        FULL, hypothesis=hypothesis, owner=owner, positive_labels=tuple(labels), seed=seed
    )
    mapping = tomllib.loads(render_registration(one))
    assert one == experiment_from_mapping(mapping, file="x.toml")
    assert digest_of(one.to_mapping()) == digest_of(mapping)


def test_what_a_file_leaves_out_has_its_default(tmp_path: Path) -> None:
    """A file written by hand needs a name and two arms."""
    found, _ = read(tmp_path, MINIMAL)
    assert (Protocol(), DEFAULT_POSITIVE, "UTC", None, "email") == (
        found.protocol,
        found.positive_labels,
        found.timezone,
        found.holidays,
        found.channel,
    )
    assert (found.planned(Arm.CONTROL), found.planned(Arm.SEGMENT)) == (500, 500)
    assert (FULL.planned(Arm.CONTROL), FULL.planned(Arm.SEGMENT)) == (50, 40)
    assert tuple(FULL.origin(arm).already_ran for arm in Arm) == (False, True)


def test_comments_and_order_do_not_change_the_digest(tmp_path: Path) -> None:
    """The digest is of what the file says, not of how it is written."""
    _, digest = read(tmp_path, MINIMAL)
    other = '# said\n[arms.segment]\nlist = "b.csv"   # narrowed\n\n[arms.control]\nlist="a.csv"\n'
    _, same = read(tmp_path, "name = 'q4'\n" + other)
    assert digest == same
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64


def _leaves(mapping: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [
        leaf
        for key, value in mapping.items()
        for leaf in (_leaves(value, (*path, key)) if isinstance(value, dict) else [(*path, key)])
    ]


@pytest.mark.parametrize("path", _leaves(FULL.to_mapping()), ids=".".join)
def test_any_changed_value_changes_the_digest(path: tuple[str, ...]) -> None:
    """No value of a registration can be changed without anybody noticing."""
    mapping = tomllib.loads(render_registration(FULL))
    before = digest_of(mapping)
    table: dict[str, Any] = mapping
    for key in path[:-1]:
        table = table[key]
    value = table[path[-1]]
    if isinstance(value, bool):
        table[path[-1]] = not value
    elif isinstance(value, (int, float)):
        table[path[-1]] = value + 1
    elif isinstance(value, datetime):
        table[path[-1]] = value.replace(second=59)
    elif isinstance(value, list):
        table[path[-1]] = [*value, "more"]
    else:
        table[path[-1]] = value + "x"
    assert before != digest_of(mapping)
    del table[path[-1]]
    assert before != digest_of(mapping)


def test_the_digest_is_pinned() -> None:
    """Registrations frozen by one version are intact for the next (pin)."""
    mapping = {"name": "q4", "seed": 1, "protocol": {"threshold": 2.0}, "é": ["x"]}
    assert digest_of(mapping) == PINNED


PINNED = "sha256:29c4689a106b35ec34b307572a1dd08e52d67db90de88249149d0bb86e3436f5"


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("ownr = 'x'\n" + MINIMAL, "ownr", "owner"),
        (MINIMAL + "lst = 'x'\n", "arms.segment.lst", "list"),
        (MINIMAL + "[arms.kontrol]\n", "arms.kontrol", "control"),
        (MINIMAL + "[labels]\npositiv = []\n", "labels.positiv", "positive"),
        (MINIMAL + "[draw]\ntakeall = true\n", "draw.takeall", "take_all"),
        (MINIMAL + "[protocol]\nsettle_days = 5\n", "protocol.settle_days", "settle_business_days"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(
    tmp_path: Path, text: str, key: str, nearest: str
) -> None:
    """In every table of the file."""
    with pytest.raises(RegistrationError, match="unknown-key") as caught:
        read(tmp_path, text)
    assert (key, nearest) == (caught.value.facts["key"], caught.value.facts["nearest"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (MINIMAL.replace("q4", "Q4 ICP"), "bad-name"),
        (MINIMAL.replace('name = "q4"', ""), "missing-key"),
        ("timezone = 'Berlin'\n" + MINIMAL, "unknown-zone"),
        ("family = 'Two Words'\n" + MINIMAL, "bad-name"),
        ("seed = 'x'\n" + MINIMAL, "bad-value"),
        (MINIMAL + "[protocol]\nsize = 0\n", "bad-protocol"),
        ("name = ", "registration-unreadable"),
        # Years outside 2000 to 2099; at the ends of the calendar another zone has no such time.
        ("created_at = 0001-01-01T00:00:00+14:00\n" + MINIMAL, "bad-value"),
        ("created_at = 9999-12-31T23:59:59-14:00\n" + MINIMAL, "bad-value"),
        ("created_at = 9999-12-31T23:59:59Z\n" + MINIMAL, "bad-value"),
        ("seed = -1\n" + MINIMAL, "bad-value"),
        # TOML has whole numbers of 64 bits: 2**63 is one too many, in hexadecimal too.
        ("seed = 9223372036854775808\n" + MINIMAL, "registration-unreadable"),
        ("seed = 0x8000000000000000\n" + MINIMAL, "registration-unreadable"),
        ("seed = " + "9" * 5000 + "\n" + MINIMAL, "registration-unreadable"),
        ("hypothesis = 'x'\nowner = \"a\\u0000b\"\n" + MINIMAL, "registration-unreadable"),
        ("owner = " + "[" * 10_000, "registration-unreadable"),
        ("owner = " + "{a = " * 10_000, "registration-unreadable"),
        (".".join("a" * 2_000) + " = 1\n" + MINIMAL, "registration-unreadable"),
    ],
)
def test_an_impossible_registration_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """Whatever is wrong with the file has a code."""
    with pytest.raises(RegistrationError, match=code):
        read(tmp_path, text)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder and another encoding are told apart from each other."""
    with pytest.raises(RegistrationError, match="registration-missing"):
        read_registration(tmp_path / "none.toml")
    with pytest.raises(RegistrationError, match="registration-unreadable"):
        read_registration(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe4'")
    with pytest.raises(RegistrationError, match="registration-unreadable"):
        read_registration(tmp_path / "latin.toml")


@pytest.mark.parametrize("name", ["a", "q4-icp", "0", "-", "a" * 63])
def test_a_slug(name: str) -> None:
    """Lower-case letters, digits and hyphens, up to 63."""
    assert name == require_slug(name)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("", "my-test"),
        ("Q4 ICP!", "q4-icp"),
        ("q4_icp", "q4-icp"),
        ("../x", "x"),
        ("q4\n", "q4"),
        ("a" * 64, "a" * 63),
        ("Ü", "my-test"),
    ],
)
def test_another_name_is_refused_with_one_that_works(name: str, suggestion: str) -> None:
    """The suggestion is itself a name that can be used."""
    with pytest.raises(RegistrationError, match="bad-name") as caught:
        require_slug(name)
    assert caught.value.facts["suggestion"] == require_slug(suggestion)


@pytest.mark.parametrize("name", ["", "Berlin", "Europe", "/etc/passwd", "..", "UTC+1", "x" * 300])
def test_an_unknown_zone_is_refused(name: str) -> None:
    """A city, a folder, a path and an offset are no IANA zone."""
    with pytest.raises(RegistrationError, match="unknown-zone"):
        require_zone(name)


def test_an_arm_knows_the_other() -> None:
    """There are two."""
    assert Arm.SEGMENT.other is Arm.CONTROL
    assert Arm.CONTROL.other is Arm.SEGMENT
