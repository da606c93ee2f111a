"""Whose file is this: discovery, exactly one claim, and errors that say what to do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from icptest import sources
from icptest.errors import InputError
from icptest.reading.opening import open_export
from icptest.report.failure import failure_words
from icptest.sources import all_sources, find_source, identify
from icptest.sources.smartlead import SOURCE as SMARTLEAD
from icptest.sources.smartlead.leads import HEADER as _LEADS_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from icptest.reading.records import Objects, Table

LEADS = ",".join(_LEADS_HEADER)


def opened(folder: Path, text: str) -> Table | Objects:
    """A file with this text, opened."""
    path = folder / "export"
    path.write_text(text, encoding="utf-8")
    return open_export(path)


def said(error: InputError) -> str:
    """The error as people read it: every fact its sentences mention is there."""
    text = " ".join(failure_words(error))
    assert " unknown)" not in text
    return text


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Sources that packages installed beside icptest bring; empty until a test adds one."""
    found: list[Any] = []
    monkeypatch.setattr(
        sources,
        "entry_points",
        lambda group: [SimpleNamespace(load=lambda one=one: one) for one in found] if group else [],
    )
    all_sources.cache_clear()
    yield found
    all_sources.cache_clear()


def test_sources_are_found_by_their_files() -> None:
    """Every module without an underscore is a source, sorted by name."""
    assert list(all_sources()) == ["calendly", "generic", "instantly", "lemlist", "smartlead"]


def test_a_source_of_an_installed_package_is_found(installed: list[Any]) -> None:
    """The entry-point group adds sources without an edit here."""
    installed.append(replace(SMARTLEAD, name="pigeonpost"))
    assert "pigeonpost" in all_sources()


def test_two_sources_of_one_name_are_refused(installed: list[Any]) -> None:
    """A package cannot take the place of a source quietly."""
    installed.append(SMARTLEAD)
    with pytest.raises(InputError, match="source-twice") as caught:
        all_sources()
    assert "smartlead" in said(caught.value)


def test_a_source_is_found_by_name_or_title_in_any_letter_case() -> None:
    """`--from Smartlead` and `--from smartlead` are one."""
    assert find_source("Smartlead") is find_source("smartlead") is SMARTLEAD


def test_an_unknown_source_names_the_nearest_and_the_allowed() -> None:
    """A typing error is answered with the name that was meant."""
    with pytest.raises(InputError, match="unknown-source") as caught:
        find_source("smartleed")
    assert 'Did you mean "smartlead"?' in said(caught.value)
    assert "calendly, generic, instantly" in said(caught.value)


def test_a_file_nobody_claims_says_what_was_seen_and_the_way_out(tmp_path: Path) -> None:
    """The columns that were seen and `--from generic` are in the error."""
    with pytest.raises(InputError, match="unknown-tool") as caught:
        identify(opened(tmp_path, "Email,Shoe size\nada@example.com,38\n"))
    assert "columns: Email, Shoe size" in said(caught.value)
    assert "--from generic" in said(caught.value)
    assert caught.value.location.file == str(tmp_path / "export")


def test_json_nobody_claims_says_which_keys_were_seen(tmp_path: Path) -> None:
    """For JSON the keys of the first objects stand in for a header."""
    with pytest.raises(InputError, match="unknown-tool") as caught:
        identify(opened(tmp_path, '{"hook": 1, "contact": 2}\n'))
    assert "keys: hook, contact" in said(caught.value)


def test_a_file_two_layouts_claim_is_refused_with_both_names(
    tmp_path: Path, installed: list[Any]
) -> None:
    """Two claims are an error that names both and `--from`."""
    installed.append(replace(SMARTLEAD, name="pigeonpost"))
    export = opened(tmp_path, f"{LEADS}\n")
    with pytest.raises(InputError, match="two-tools-claim") as caught:
        identify(export)
    assert "pigeonpost (leads-export), smartlead (leads-export)" in said(caught.value)
    assert identify(export, source="smartlead")[0] is SMARTLEAD


def test_a_named_source_says_which_column_is_missing(tmp_path: Path) -> None:
    """`--from` limits the question, and the nearest layout's missing columns are the answer."""
    export = opened(tmp_path, LEADS.replace("reply_count", "replies_count") + "\n")
    with pytest.raises(InputError, match="missing-column") as caught:
        identify(export, source="smartlead")
    assert caught.value.facts["missing"] == "reply_count"
    assert caught.value.facts["nearest"] == "replies_count"
    assert "Smartlead needs" in said(caught.value)


def test_a_header_is_matched_in_any_order_and_letter_case(tmp_path: Path) -> None:
    """What a spreadsheet did to the header does not matter."""
    shuffled = ",".join(name.upper() for name in reversed(_LEADS_HEADER))
    assert identify(opened(tmp_path, f"{shuffled}\n"))[1].name == "leads-export"


def test_the_generic_source_claims_nothing_by_itself(tmp_path: Path) -> None:
    """Only `--from generic` reads a table through a guess."""
    export = opened(tmp_path, "Email,Sent At\nada@example.com,2026-03-02T09:10:00Z\n")
    with pytest.raises(InputError, match="unknown-tool"):
        identify(export)
    source, layout = identify(export, source="generic")
    assert (source.name, layout.name) == ("generic", "contacts")


def test_the_generic_source_reads_no_json(tmp_path: Path) -> None:
    """JSON has no columns to map."""
    with pytest.raises(InputError, match="not-a-table"):
        identify(opened(tmp_path, '{"email": "ada@example.com"}\n'), source="generic")


@pytest.mark.parametrize(
    "text",
    [
        # ReachInbox writes Smartlead's names in Instantly's manner: it is neither.
        '{"event": "EMAIL_SENT", "lead_email": "lead@example.com", "campaign_id": 1}',
        '{"event": "invitee.created", "created_at": "2024-01-15T10:30:00Z", "payload": {}}',
        '{"event": {"type": "EMAIL_SENT"}, "data": {"lead": {"email": "a@example.com"}}}',
    ],
    ids=["reachinbox", "calendly-webhook", "emailbison"],
)
def test_the_payloads_of_other_tools_are_nobodys(text: str, tmp_path: Path) -> None:
    """A tool that writes alike is not taken for one of ours."""
    with pytest.raises(InputError, match="unknown-tool"):
        identify(opened(tmp_path, text + "\n"))


def test_one_strange_object_does_not_unclaim_a_file(tmp_path: Path) -> None:
    """Most of the first objects decide: a test post is set aside later, not the file refused."""
    line = '{"event_type": "EMAIL_SENT", "to_email": "ada@example.com", "campaign_id": 1}\n'
    assert identify(opened(tmp_path, '{"hello": "world"}\n' + line * 2))[1].name == "webhooks"
