"""Criteria in one line, and what is wrong with one that is none."""

from __future__ import annotations

import pytest

from icptest.errors import InputError
from icptest.icp.criteria import SUBJECTS, Layer, parse_criterion


@pytest.mark.parametrize(
    "text",
    [
        "industry:SaaS|Software",
        "naics:5112",
        "employees:50-250",
        "employees:50-250|1000+",
        "revenue:5M-25M",
        "geography:North America",
        "age-years:3+",
        "uses:HubSpot",
        "not uses:Marketo",
        "hired:VP Sales|Head of Sales<90d",
        "raised:<180d",
        "headcount-growth:20%+<180d",
        "column.Pricing page:yes",
    ],
)
def test_a_criterion_is_written_as_it_is_read(text: str) -> None:
    """One line goes in and comes out."""
    assert str(parse_criterion(text, option="--add")) == text


def test_words_may_be_spelt_loosely() -> None:
    """Blanks, capitals and underscores of the word do not matter; those of a value are kept."""
    loose = parse_criterion("  NOT Business_Model : B2C ", option="--add")
    assert str(loose) == "not business-model:B2C"
    assert parse_criterion("hired:VP Sales < 90 days", option="--add").within_days == 90


def test_every_subject_has_a_layer_and_a_column() -> None:
    """Nothing can be asked that no list could tell; buying and trigger are no filters."""
    for word, subject in SUBJECTS.items():
        assert subject.word == word
        assert subject.field is not None
        assert subject.layer in {Layer.FIRMOGRAPHIC, Layer.TECHNOGRAPHIC, Layer.BEHAVIORAL}


@pytest.mark.parametrize(
    ("text", "code", "fact"),
    [
        ("employee:5", "unknown-criterion", "employees"),
        ("HubSpot", "bad-criterion", "WORD:VALUE"),
        ("employees:many", "bad-criterion", "a range"),
        ("employees:250-50", "bad-criterion", "smaller one"),
        ("employees:", "bad-criterion", "a range"),
        ("industry: | ", "bad-criterion", "at least one value"),
        ("naics:software", "bad-criterion", "digits"),
        ("uses:HubSpot<90d", "bad-criterion", "no event"),
        ("hired:VP Sales<0d", "bad-criterion", "1 to 3,650 days"),
        ("hired:VP Sales<99999d", "bad-criterion", "1 to 3,650 days"),
    ],
)
def test_what_is_no_criterion_is_refused(text: str, code: str, fact: str) -> None:
    """With what was expected, or the nearest word there is."""
    with pytest.raises(InputError) as caught:
        parse_criterion(text, option="--add")
    assert caught.value.code == code
    assert fact in str(caught.value)
