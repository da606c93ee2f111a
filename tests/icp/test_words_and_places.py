"""Phrases by whole words, and countries by what a location says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.icp.phrases import Phrases, says_nothing
from icptest.icp.places import Places, countries_of


@pytest.mark.parametrize(
    ("phrase", "cell", "said"),
    [
        ("Software", "Computer Software", True),
        ("Software", "Softwares", False),
        ("tech", "Biotech", False),
        ("VP Sales", "Vice President, Sales", True),
        ("VP of Sales", "VP Sales EMEA", True),
        ("Head of Sales", "Head of Marketing, Sales", False),
        ("HubSpot", "Stripe; HubSpot CRM; Segment", True),
        ("=Apollo", "Apollo GraphQL; HubSpot", False),
        ("=Apollo", "HubSpot, Apollo", True),
        ("C++", "C++; Go", True),
        ("C", "C++; Go", False),
        ("Recruiting", "B2B -> Recruiting and Talent", True),
        ("caf\u00e9", "CAF\u00c9 & Bar", True),
        ("HubSpot", "", None),
        ("HubSpot", " n/a ", None),
        ("HubSpot", "-", None),
        ("HubSpot", "Unknown", None),
    ],
)
def test_a_phrase_is_said_by_whole_words(phrase: str, cell: str, said: bool | None) -> None:
    """Not by letters within a word, and not across two entries; an empty cell says nothing."""
    assert Phrases((phrase,)).said_by(cell) is said


@pytest.mark.parametrize(
    ("asked", "cell", "said"),
    [
        ("North America", "United States", True),
        ("North America", "US", True),
        ("North America", "Austin, TX", True),
        ("North America", "San Francisco, CA", True),
        ("Canada", "San Francisco, CA", False),
        ("Canada", "Toronto, ON, CA", True),
        ("Germany", "DE", True),
        ("Germany", "Berlin, Germany", True),
        ("Germany", "Wilmington, DE", False),
        ("DACH", "Z\u00fcrich, Schweiz", True),
        ("UK", "London, England, United Kingdom", True),
        ("United Kingdom", "GB", True),
        ("EMEA", "Kenya", True),
        ("North America", "Kenya", False),
        ("Germany", "Europe", None),
        ("Europe", "Germany", True),
        ("North America", "Remote", None),
        ("North America", "San Francisco Bay Area", None),
        ("North America", "", None),
        ("Germany", "New York City, NY, USA; Berlin, Germany", True),
        ("Berlin", "Berlin, Germany", True),
        ("Berlin", "Paris, France", False),
        ("Georgia", "Atlanta, Georgia, United States", True),
        ("North America", "Georgia", None),
        ("South Korea", "Korea, Republic of", True),
    ],
)
def test_a_place_lies_in_a_country_or_a_region(asked: str, cell: str, said: bool | None) -> None:
    """Behind a city "CA" is California, behind a province Canada; "Remote" may be anywhere."""
    assert Places((asked,)).said_by(cell) is said


def test_a_region_is_made_of_countries() -> None:
    """DACH is Germany, Austria and Switzerland; no word is a country by chance."""
    assert countries_of("dach") == frozenset(("DE", "AT", "CH"))
    assert countries_of("Atlantis") is None


@given(st.text(max_size=40), st.text(min_size=1, max_size=20))
def test_no_cell_is_too_odd(cell: str, phrase: str) -> None:
    """Any cell gives yes, no, or not known, and what says nothing is not known."""
    for said in (Phrases((phrase,)).said_by(cell), Places((phrase,)).said_by(cell)):
        assert said in {True, False, None}
        if says_nothing(cell):
            assert said is None
