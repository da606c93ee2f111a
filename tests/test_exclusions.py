"""Who must not be mailed by a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from icptest.contacts import Contact
from icptest.errors import InputError
from icptest.exclusions import Exclusions, read_exclusions

if TYPE_CHECKING:
    from pathlib import Path


def file(folder: Path, text: str) -> Path:
    """Write a file to exclude."""
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def person(*identifiers: str, account: str = "acme.example") -> Contact:
    """Return a contact."""
    return Contact(identifiers=identifiers, account=account, title="", cells=())


@pytest.mark.parametrize(
    "text",
    [
        "Email,Profile,Name\nADA@acme.example,,Ada\n,https://www.linkedin.com/in/Bob/,Bob\n",
        "ada@acme.example\nlinkedin.com/in/bob\n",  # one bare column, no header
        "ada@acme.example\nlinkedin.com/in/bob",  # and no newline at its end
    ],
)
def test_people_are_excluded_by_address_or_profile(tmp_path: Path, text: str) -> None:
    """Every cell that names a person does, with or without a header or a last newline."""
    found = read_exclusions(people=[file(tmp_path, text)], companies=[])
    assert Exclusions(identifiers=frozenset({"ada@acme.example", "in/bob"})) == found


@pytest.mark.parametrize(
    "text",
    [
        "Company,Domain\nAcme Inc.,www.acme.example\nBeta,beta.co.uk\n",
        "acme.example\nhttps://beta.co.uk/about\n",
        "Contact\nada@mail.acme.example\nbob@beta.co.uk\neve@gmail.com\n",
        "Site,Profile\nacme.example,linkedin.com/company/acme\nbeta.co.uk,\n",
    ],
)
def test_companies_are_excluded_by_address_website_or_domain(tmp_path: Path, text: str) -> None:
    """Free-mail domains and LinkedIn pages in such a file name no company."""
    found = read_exclusions(people=[], companies=[file(tmp_path, text)])
    assert Exclusions(accounts=frozenset({"acme.example", "beta.co.uk"})) == found


def test_several_files_add_up(tmp_path: Path) -> None:
    """People and companies of every file are left out."""
    found = read_exclusions(
        people=[file(tmp_path, "a@acme.example\n"), file(tmp_path, "b@acme.example\n")],
        companies=[file(tmp_path, "acme.example\n"), file(tmp_path, "beta.example\n")],
    )
    assert {"a@acme.example", "b@acme.example"} == found.identifiers
    assert {"acme.example", "beta.example"} == found.accounts
    assert Exclusions() == read_exclusions(people=[], companies=[])


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        (person("eve@acme.example", "in/eve"), None),
        (person("new@acme.example", "in/ada"), "excluded-person"),
        (person("eve@beta.example", account="beta.example"), "excluded-company"),
        (person("ada@beta.example", "in/ada", account="beta.example"), "excluded-person"),
    ],
)
def test_a_contact_is_left_out_by_any_identifier_or_by_its_company(
    contact: Contact, reason: str | None
) -> None:
    """The person is asked for before the company."""
    rules = Exclusions(identifiers=frozenset({"in/ada"}), accounts=frozenset({"beta.example"}))
    assert reason == rules.reason(contact)


@pytest.mark.parametrize("what", ["people", "companies"])
def test_a_file_that_names_nobody_is_refused(tmp_path: Path, what: str) -> None:
    """A silent empty exclusion would mail people who must not be mailed."""
    path = file(tmp_path, "Name,Note\nAda Lovelace,do not mail\n")
    chosen: dict[str, list[Path]] = {"people": [], "companies": []} | {what: [path]}
    with pytest.raises(InputError, match="nothing-to-exclude") as caught:
        read_exclusions(**chosen)
    assert (what, str(path)) == (caught.value.facts["what"], caught.value.location.file)


@pytest.mark.parametrize(
    ("kind", "text", "n_read", "unread"),
    [
        ("companies", "acme.example\nbeta.example\nFirm 300 GmbH\nAcme Inc\n", 2, (3, 4)),
        ("companies", "Firm 300 GmbH\nacme.example\n", 1, (1,)),  # no header: a company
        ("companies", "Company,Country\nacme.example,DE\nAcme Inc,US\n,\n", 1, (3,)),
        ("companies", "Domains\nacme.example\neve@gmail.com\n", 1, (3,)),
        ("people", "foo\nbar at x\nada@acme.example\n", 1, (1, 2)),
        ("people", "Email\nada@acme.example\nfoo", 1, (3,)),  # no newline at its end
    ],
)
def test_what_names_nobody_is_kept_with_its_lines(
    tmp_path: Path, kind: str, text: str, n_read: int, unread: tuple[int, ...]
) -> None:
    """A row that names nobody is neither read nor lost; a header is no row."""
    chosen: dict[str, list[Path]] = {"people": [], "companies": []}
    chosen[kind].append(file(tmp_path, text))
    (found,) = read_exclusions(**chosen).files
    assert (n_read, unread) == (len(found.entries), found.unread)


def test_how_many_entries_are_on_a_list(tmp_path: Path) -> None:
    """Entries are counted, not people: two at one company make one entry."""
    rules = read_exclusions(
        people=[file(tmp_path, "ada@acme.example,in\nbob@beta.example,x\n")],
        companies=[file(tmp_path, "acme.example\nbeta.example\n")],
    )
    people, companies = rules.files
    contacts = [person("ada@acme.example"), person("eve@acme.example")]
    assert (people.n_among(contacts), companies.n_among(contacts)) == (1, 1)
    assert not companies.n_among([])
