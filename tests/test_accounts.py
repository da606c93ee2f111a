"""Which company a person belongs to."""

from __future__ import annotations

import pytest

from icptest.accounts import FREE_MAIL, account_of, registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("acme.example", "acme.example"),
        ("mail.acme.example", "acme.example"),
        ("MAIL.Acme.EXAMPLE.", "acme.example"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.co.uk", "acme.co.uk"),
        ("a.b.acme.com.au", "acme.com.au"),
        ("acme.github.io", "acme.github.io"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_registrable_domain(host: str, domain: str) -> None:
    """The domain a company registers is one label more than a public suffix."""
    assert domain == registrable_domain(host)


@pytest.mark.parametrize(
    "host", ["", "acme", "co.uk", "10.0.0.1", "...", "a..b", "-", "ü" * 70 + ".com"]
)
def test_what_nobody_can_register_is_no_domain(host: str) -> None:
    """A bare suffix, a bare word, an IP address and broken hosts name no company."""
    assert registrable_domain(host) is None


@pytest.mark.parametrize(
    ("address", "website", "account"),
    [
        ("ada@mail.acme.co.uk", None, "acme.co.uk"),
        ("ada@acme.example", "https://other.example", "acme.example"),
        ("ada@gmail.com", None, None),
        ("ada@gmail.com", "https://www.acme.example/about?x=1#y", "acme.example"),
        ("ada@gmail.com", "www.acme.example", "acme.example"),
        ("ada@gmail.com", " acme.example:8080/path ", "acme.example"),
        ("ada@gmail.com", "HTTP://user@Acme.example:80", "acme.example"),
        ("ada@gmail.com", "//acme.example", "acme.example"),
        ("ada@gmail.com", "n/a", None),
        ("ada@gmail.com", "https://mail.yahoo.co.uk", None),
        ("ada@gmail.com", "https://linkedin.com/company/acme", None),
        (None, "acme.example", "acme.example"),
        (None, None, None),
        (None, "", None),
    ],
)
def test_an_account_is_the_work_domain_then_the_website(
    address: str | None, website: str | None, account: str | None
) -> None:
    """Work address first, website second, and a mailbox provider is never a company."""
    assert account == account_of(address, website)


def test_every_free_mail_domain_is_one_that_can_be_registered() -> None:
    """The list of mailbox providers is compared with registrable domains, so it holds only such."""
    assert {registrable_domain(name) for name in FREE_MAIL} == FREE_MAIL
