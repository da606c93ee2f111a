"""What every source gets without writing a test: nine checks, by discovery.

A golden pins what was read; the checks after it catch a golden that was blessed wrong.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from icptest.errors import InputError
from icptest.events import Dating, EventKind
from icptest.reading.opening import open_export
from icptest.reading.records import Object
from icptest.report.words.reasons import REASONS
from icptest.sources import GENERIC, all_sources, identify
from icptest.sources.generic import guess, to_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icptest.events import Event
    from icptest.reading.records import Objects, Table

GOLDEN = Path(__file__).parent / "golden"
EXPORTED_AT = datetime(2026, 4, 1, tzinfo=UTC)
"""When the fixtures were "exported": all they tell happened before."""

_ADDRESS = re.compile(r"[\w.+-]+@([\w.-]+)")
_RESERVED = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|example|test|invalid)", re.IGNORECASE)
_ANSWERS = {EventKind.REPLIED, EventKind.OUT_OF_OFFICE, EventKind.BOUNCED}


def _fixtures() -> list[Path]:
    return sorted(
        path
        for path in GOLDEN.glob("*/*")
        if path.suffix in {".csv", ".json", ".jsonl"} and not path.name.endswith(".events.jsonl")
    )


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


every_fixture = pytest.mark.parametrize("path", _fixtures(), ids=_id)
claimed_fixtures = pytest.mark.parametrize(
    "path", [path for path in _fixtures() if path.parent.name != GENERIC], ids=_id
)
tables = pytest.mark.parametrize(
    "path", [path for path in _fixtures() if path.suffix == ".csv"], ids=_id
)
objects = pytest.mark.parametrize(
    "path", [path for path in _fixtures() if path.suffix != ".csv"], ids=_id
)


def _golden_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.events.jsonl")


def _event_line(record: int, who: tuple[str, ...], event: Event) -> dict[str, Any]:
    said = {
        "label": event.label,
        "campaign": event.campaign,
        "step": event.step,
        "provider_id": event.provider_id,
        "since": event.since and event.since.isoformat(),
    }
    return {
        "record": record,
        "who": list(who),
        "kind": event.kind,
        "at": event.at and event.at.isoformat(),
        "dating": event.dating,
        **{key: value for key, value in said.items() if value is not None},
    }


def _told_text(told: Any) -> str:
    kinds = sorted(event.kind for _, _, event in told.events)
    report = {
        "source": told.source.name,
        "layout": told.layout.name,
        "rows": told.rows,
        "events": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        "set_aside": dict(sorted(told.set_aside.items())),
        "notes": dict(sorted(told.notes.items())),
    }
    lines = [report, *(_event_line(*event) for event in told.events)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write_rows(path: Path, rows: list[list[str]], **form: Any) -> Path:
    encoding = form.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator=form.pop("lineterminator", "\n"), **form).writerows(rows)
    return path


def _objects_of(path: Path) -> list[dict[str, Any]]:
    return [dict(row.fields) for row in open_export(path).rows() if isinstance(row, Object)]


def _write_objects(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def _claims(export: Table | Objects) -> list[tuple[str, str]]:
    return [
        (source.name, layout.name)
        for source in all_sources().values()
        for layout in source.layouts
        if layout.claims(export)
    ]


def test_every_source_is_named_as_its_file_and_has_fixtures_in_a_folder_of_that_name() -> None:
    """Name, file and fixture folder are one word, and every layout has a fixture."""
    for name, source in all_sources().items():
        module = import_module(f"icptest.sources.{name}")
        assert module.SOURCE is source
        assert source.name == name
        names = {path.name for path in _fixtures() if path.parent.name == name}
        assert names
        for layout in source.layouts:
            assert any(file.startswith(layout.name) for file in names), (name, layout.name)
    assert {path.parent.name for path in _fixtures()} == set(all_sources())


def test_every_source_says_how_to_get_the_data_and_what_is_missing() -> None:
    """A guide ends in a command, a module's first lines say what the export lacks."""
    for name, source in all_sources().items():
        assert "icptest ingest" in source.guide
        head = import_module(f"icptest.sources.{name}").__doc__ or ""
        assert "Missing:" in head
        assert "@example.com" in head


@claimed_fixtures
def test_a_fixture_is_claimed_by_exactly_its_own_layout(path: Path) -> None:
    """One layout of one source claims a fixture: the one its file name begins with."""
    export = open_export(path)
    source, layout = identify(export)
    assert [(source.name, layout.name)] == _claims(export)
    assert path.parent.name == source.name
    assert path.name.startswith(layout.name)


@claimed_fixtures
def test_a_damaged_header_is_claimed_by_nobody(path: Path, tmp_path: Path) -> None:
    """With its columns or keys renamed a fixture is nobody's, and the error says what to do."""
    damaged = tmp_path / path.name
    if path.suffix == ".csv":
        header, *rows = _rows_of(path)
        _write_rows(damaged, [[f"{name} old" for name in header], *rows])
    else:
        _write_objects(
            damaged, [{f"{key}_old": v for key, v in one.items()} for one in _objects_of(path)]
        )
    with pytest.raises(InputError, match="unknown-tool"):
        identify(open_export(damaged))


@every_fixture
def test_a_fixture_tells_what_its_golden_says(
    path: Path, bless: str | None, read: Callable[..., Any]
) -> None:
    """What is read equals the golden file; `--bless` writes a missing one."""
    told = _told_text(read(path))
    golden = _golden_of(path)
    if bless == "replace" or (bless and not golden.exists()):
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


@every_fixture
def test_every_row_has_events_or_a_note_or_is_set_aside_with_a_known_reason(
    path: Path, read: Callable[..., Any]
) -> None:
    """Rows read are rows with events, rows with a note and rows set aside: none is lost."""
    told = read(path)
    assert told.rows == sum(1 for _ in open_export(path).rows())
    assert told.rows == told.with_events + told.notes.total() + told.set_aside.total()
    assert told.with_events
    assert set(told.set_aside) | set(told.notes) <= set(REASONS)


@every_fixture
def test_nothing_is_answered_before_it_was_sent_or_dated_after_the_export(
    path: Path, read: Callable[..., Any]
) -> None:
    """No reply or bounce lies before the first known send, and no event after the export."""
    first_sent: dict[tuple[str, ...], datetime] = {}
    told = read(path)
    for _, who, event in told.events:
        assert (event.at is None) == (event.dating is Dating.UNDATED)
        if event.at is None:
            continue
        assert event.at.utcoffset() is not None
        assert event.at < EXPORTED_AT
        assert event.since is None or event.since <= event.at
        if event.kind is EventKind.SENT and event.dating is not Dating.LAST_TOUCH:
            earliest = event.since or event.at
            first_sent[who] = min(earliest, first_sent.get(who, earliest))
    for _, who, event in told.events:
        if event.kind in _ANSWERS and event.at and event.dating is Dating.EXACT:
            assert event.at >= first_sent.get(who, event.at)


@tables
def test_the_order_of_rows_and_columns_does_not_matter(
    path: Path, tmp_path: Path, read: Callable[..., Any]
) -> None:
    """A table with its rows and columns reversed tells the same events."""
    told = read(path)
    header, *rows = _rows_of(path)
    turned = [header[::-1], *(row[::-1] for row in reversed(rows))]
    again = read(_write_rows(tmp_path / "turned.csv", turned), known=told.layout)
    assert told.facts() == again.facts()
    assert told.set_aside == again.set_aside


@objects
def test_the_order_of_objects_and_keys_does_not_matter(
    path: Path, tmp_path: Path, read: Callable[..., Any]
) -> None:
    """Objects reversed, keys reversed, one a line or in one list: the same events."""
    told = read(path)
    turned = [dict(reversed(one.items())) for one in reversed(_objects_of(path))]
    again = read(_write_objects(tmp_path / "turned.jsonl", turned))
    listed = tmp_path / "listed.json"
    listed.write_text(json.dumps(turned, indent=2), encoding="utf-8")
    assert told.facts() == again.facts() == read(listed).facts()
    assert told.set_aside == again.set_aside


@tables
@pytest.mark.parametrize(
    "form",
    [
        {"lineterminator": "\r\n"},
        {"encoding": "utf-8-sig"},
        {"delimiter": ";"},
        {"encoding": "utf-16", "delimiter": "\t"},
    ],
    ids=["crlf", "bom", "semicolons", "utf-16-tabs"],
)
def test_the_form_of_a_csv_file_does_not_matter(
    path: Path, form: dict[str, Any], tmp_path: Path, read: Callable[..., Any]
) -> None:
    """A file as Excel saves it in another country tells the same events."""
    told = read(path)
    again = read(_write_rows(tmp_path / "saved.csv", _rows_of(path), **form), known=told.layout)
    assert told.facts() == again.facts()
    assert told.set_aside == again.set_aside


@every_fixture
def test_twice_is_once(path: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    """A file that holds every row twice stores the same events under the same keys."""
    told = read(path)
    if path.suffix == ".csv":
        header, *rows = _rows_of(path)
        double = _write_rows(tmp_path / "double.csv", [header, *rows, *rows])
    else:
        double = _write_objects(tmp_path / "double.jsonl", _objects_of(path) * 2)
    assert told.keys() == read(double, known=told.layout).keys() == read(path).keys()


@every_fixture
def test_every_address_in_a_fixture_is_at_a_reserved_domain(path: Path) -> None:
    """No real address is in a fixture: RFC 2606 domains only."""
    domains: Iterator[str] = (found[1] for found in _ADDRESS.finditer(path.read_text("utf-8")))
    assert all(_RESERVED.fullmatch(domain) for domain in domains)


@pytest.mark.parametrize(
    "path", [path for path in _fixtures() if path.parent.name == GENERIC], ids=_id
)
def test_a_generic_fixture_is_read_through_the_mapping_that_is_guessed_for_it(
    path: Path, bless: str | None
) -> None:
    """The mapping beside a generic fixture is what `guess` proposes."""
    export = open_export(path)
    text = to_toml(guess(export))  # type: ignore[arg-type]
    kept = path.with_name(f"{path.stem}.mapping.toml")
    if bless == "replace" or (bless and not kept.exists()):
        kept.write_text(text, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == text
