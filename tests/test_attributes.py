"""What an address, a title or a number of employees tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icptest.attributes import (
    COMPANY_SIZES,
    MAIL_PROVIDERS,
    TITLE_LEVELS,
    company_size,
    mail_provider,
    title_level,
)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("CEO", "c-level"),
        ("C.E.O.", "c-level"),
        ("Chief Revenue Officer", "c-level"),
        ("Founder & VP of Engineering", "c-level"),
        ("Co-Founder", "c-level"),
        ("Business Owner", "c-level"),
        ("President, EMEA", "c-level"),
        ("Managing Director", "c-level"),
        ("VP Sales", "vp"),
        ("V.P. Sales", "vp"),
        ("Senior Vice-President", "vp"),
        ("Assistant Vice President", "vp"),
        ("Director, Office of the CEO", "director"),
        ("Head of Sales", "director"),
        ("Department Head", "director"),
        ("Account Manager", "manager"),
        ("Manager_Sales", "manager"),
        ("Team Lead", "manager"),
        # Whole words only, and whom somebody works for is somebody else.
        ("Assistant to the CEO", "other"),
        ("Executive Assistant, CEO", "other"),
        ("Chief of Staff", "other"),
        ("Product Owner", "other"),
        ("VPN Engineer", "other"),
        ("Headhunter", "other"),
        ("Management Trainee", "other"),
        ("To the CEO", "other"),
        ("Geschäftsleitung", "other"),
        ("", None),
        (" -- ", None),
    ],
)
def test_title_level(title: str, level: str | None) -> None:
    """By whole words, the highest level that is named."""
    assert title_level(title) == level


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("7", "1-10"),
        ("10", "1-10"),
        ("11", "11-50"),
        ("500.0", "201-1000"),
        ("1.200", "over-1000"),
        ("1,200", "over-1000"),
        ("1 200 employees", "over-1000"),
        ("~50", "11-50"),
        ("1.5k", "over-1000"),
        # As LinkedIn and Crunchbase have them.
        ("2-10", "1-10"),
        ("51-200", "51-200"),
        ("11\N{EN DASH}50", "11-50"),
        ("201-500 employees", "201-1000"),
        ("501-1,000", "201-1000"),
        ("1K-5K", "over-1000"),
        ("10,001+", "over-1000"),
        ("10k+", "over-1000"),
        ("1000+", "over-1000"),
        ("over 1000", "over-1000"),
        # Nothing, or not one band.
        ("1-50", None),
        ("200+", None),
        ("0", None),
        ("", None),
        ("-5", None),
        ("50-20", None),
        ("Nov-50", None),
        ("self-employed", None),
        ("12/50", None),
        ("9" * 5000, None),
    ],
)
def test_company_size(text: str, band: str | None) -> None:
    """Numbers and ranges as lists write them; a range in two bands tells none."""
    assert company_size(text) == band


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("acme.example", "work"),
        ("mail.acme.co.uk", "work"),
        ("acme.onmicrosoft.com", "microsoft-365"),
        ("googlemail.com", "google"),
        ("hotmail.co.uk", "microsoft"),
        ("live.nl", "microsoft"),
        ("yahoo.de", "yahoo"),
        ("me.com", "apple"),
        ("gmx.de", "other-free"),
        ("1.2.3.4", None),
    ],
)
def test_mail_provider(domain: str, provider: str | None) -> None:
    """By the domain alone; who keeps the mail of a work domain is not guessed."""
    assert mail_provider(f"ada@{domain}") == provider


@given(st.text(max_size=60))
def test_whatever_stands_in_a_cell_is_one_of_the_groups(text: str) -> None:
    """No cell, address or title breaks a reading, or makes a group nobody has words for."""
    assert title_level(text) in {*TITLE_LEVELS, None}
    assert company_size(text) in {*COMPANY_SIZES, None}
    assert mail_provider(f"ada@{text}") in {*MAIL_PROVIDERS, None}


@given(st.integers(1, 10**8))
def test_every_number_has_a_band(number: int) -> None:
    """However its thousands are separated."""
    bands = {company_size(text) for text in (str(number), f"{number:,}", f"{number}.0")}
    assert len(bands) == 1
    assert None not in bands
