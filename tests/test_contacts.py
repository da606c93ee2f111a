"""Who is on a list, and what makes two rows one person."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from icptest.contacts import (
    Role,
    column_key,
    find_roles,
    identifiers_of,
    normalise_address,
    normalise_linkedin,
    read_contacts,
)
from icptest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from icptest.contacts import ContactList


def write(path: Path, *rows: Sequence[str]) -> Path:
    """Write rows of cells, none of which needs quoting."""
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path, *rows: Sequence[str]) -> ContactList:
    """Write a list and read it."""
    return read_contacts(write(path / "list.csv", *rows))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@acme.example", "ada@acme.example"),
        ("  Ada.Lovelace@ACME.example\t", "ada.lovelace@acme.example"),
        ("\u00a0ada@acme.example\u2003", "ada@acme.example"),
        ("ada+icp@acme.example", "ada+icp@acme.example"),
        ("\uff41da\uff20acme.example", "ada@acme.example"),  # full-width letters and sign, by NFKC
        ("ada@b\u00fccher.example", "ada@b\u00fccher.example"),
        ("ada@bu\u0308cher.example", "ada@b\u00fccher.example"),
        ("o'neil@acme.example", "o'neil@acme.example"),
        ("\u200bada@acme.example\ufeff", "ada@acme.example"),  # pasted from a web page
    ],
)
def test_an_address_is_compared_normalised(text: str, address: str) -> None:
    """Trimmed, NFKC, lower case, the +tag kept."""
    assert address == normalise_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ada", "ada@", "@acme.example", "ada@acme", "ada@@acme.example", "a b@acme.example"),
        *(
            "ada@acme.example, bob@acme.example",
            "Ada <ada@acme.example>",
            "mailto:ada@acme.example",
        ),
        *(
            "ada@acme..com",
            "ada@acme.example.",
            "ada@.com",
            "n/a",
            '"ada"@acme.example',
            "a\n@acme.example",
        ),
        "a" * 312 + "@acme.example",  # 321 characters; RFC 3696 allows 320
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    """A word, two addresses, a display name and an overlong text are no address."""
    assert normalise_address(text) is None


@given(st.text(max_size=20))
@example("ẞ@İ.example")
@example("\u212bda@acme.example")
@example("a\u0345@acme.example")
def test_normalising_twice_changes_nothing(local: str) -> None:
    """A normalised address is its own normal form."""
    address = normalise_address(f"{local}@acme.example")
    if address is not None:
        assert address == normalise_address(address)


@pytest.mark.parametrize("hostile", ["a", "a@", "a.", "@a.", "a@a.", "\uff0e"])
def test_normalising_takes_linear_time(hostile: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred times."""

    def best(size: int, function: Callable[[str], object]) -> float:
        text = (hostile * size) + "!"
        times = []
        for _ in range(3):
            start = time.perf_counter()
            function(text)
            times.append(time.perf_counter() - start)
        return min(times)

    for function in (normalise_address, normalise_linkedin):
        # 40 leaves room for the clock; quadratic time would be 100 (pin).
        assert best(100_000, function) < 40 * max(best(10_000, function), 2e-4)


@pytest.mark.parametrize(
    "text",
    [
        *("https://www.linkedin.com/in/ada-lovelace", "http://linkedin.com/in/Ada-Lovelace/"),
        *("linkedin.com/in/ada-lovelace", "//uk.linkedin.com/in/ADA-LOVELACE?locale=en_US"),
        *(
            "https://www.linkedin.com/in/ada-lovelace/de",
            "HTTPS://WWW.LINKEDIN.COM/in/ada-lovelace",
        ),
        *(" https://m.linkedin.com/in/ada-lovelace/#top ", "www.linkedin.com//in//ada-lovelace//"),
        "https://www.linkedin.com/in/ada%2Dlovelace?trk=a/b",
    ],
)
def test_every_form_of_a_profile_url_is_one_profile(text: str) -> None:
    """Scheme, host, locale, query, trailing slash and case are removed."""
    assert normalise_linkedin(text) == "in/ada-lovelace"


@pytest.mark.parametrize(
    "text",
    [
        *("", "ada", "https://www.linkedin.com/company/acme", "https://www.linkedin.com/in/"),
        *("https://www.linkedin.com/in", "https://notlinkedin.com/in/ada", "linkedin.com"),
        *("https://www.linkedin.com/sales/lead/ACw", "https://evil.example/linkedin.com/in/ada"),
        "ada@acme.example",
    ],
)
def test_what_is_no_profile_is_none(text: str) -> None:
    """Companies, empty slugs, other hosts and addresses are no profile."""
    assert normalise_linkedin(text) is None


def test_old_public_profiles_with_the_same_name_are_two_people() -> None:
    """The numbers of "/pub/john-smith/12/345/678" say which John Smith it is."""
    one = normalise_linkedin("https://www.linkedin.com/pub/john-smith/12/345/678")
    other = normalise_linkedin("https://www.linkedin.com/pub/john-smith/9/876/543")
    assert one is not None
    assert one != other
    # LinkedIn's own rewriting of such an address: the last number first.
    assert one == normalise_linkedin("https://www.linkedin.com/in/john-smith-67834512")


def test_a_percent_encoded_slug_is_the_same_profile() -> None:
    """A browser shows "é" and copies "%C3%A9"."""
    assert normalise_linkedin("linkedin.com/in/ren%C3%A9e") == normalise_linkedin(
        "linkedin.com/in/RENÉE"
    )


def test_identifiers_among_cells() -> None:
    """Every address and every profile among some cells is an identifier, nothing else is."""
    cells = ["Ada", "ADA@acme.example", "linkedin.com/in/Ada/", "acme.example", "+1 555", ""]
    assert {"ada@acme.example", "in/ada"} == identifiers_of(cells)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("E-Mail_Address", "e mail address"),
        (" Work  Email ", "work email"),
        ("LinkedIn.URL", "linkedin url"),
    ],
)
def test_column_names_are_compared_by_a_key(name: str, key: str) -> None:
    """Case, blanks, hyphens, underscores and dots do not matter in a column name."""
    assert key == column_key(name)


_USUAL = {
    Role.EMAIL: ("Email", "E-Mail", "email_address", "Work Email", "EMAIL ADDRESS", "workEmail"),
    Role.LINKEDIN: (
        "LinkedIn",
        "linkedin_url",
        "Person Linkedin Url",
        "LinkedIn Profile",
        "linkedinUrl",
    ),
    Role.FIRST_NAME: ("First Name", "firstName", "first_name"),
    Role.LAST_NAME: ("Last Name", "lastName", "Surname"),
    Role.COMPANY: ("Company", "company_name", "companyName", "Account Name", "Organization"),
    Role.WEBSITE: ("Website", "Company Website", "company_domain", "companyDomain", "Domain"),
    Role.TITLE: ("Title", "Job Title", "jobTitle", "job_title", "Position"),
}


@given(
    names=st.fixed_dictionaries({role: st.sampled_from(names) for role, names in _USUAL.items()}),
    seed=st.randoms(use_true_random=False),
)
def test_columns_are_known_by_their_usual_names_in_any_order(
    names: dict[Role, str], seed: object
) -> None:
    """Apollo's, lemlist's, HubSpot's and hand-written names are all recognised."""
    header = [*names.values(), "Notes"]
    seed.shuffle(header)  # type: ignore[attr-defined]
    roles = find_roles(tuple(header), named={}, file="x.csv")
    assert names == {role: header[place] for role, place in roles.items()}


def test_a_work_address_goes_before_any_address() -> None:
    """Where a list has both, the work address is the one that is mailed."""
    roles = find_roles(("Email", "Work Email"), named={}, file="x.csv")
    assert roles[Role.EMAIL] == 1


def test_a_column_can_be_named() -> None:
    """A name a person gave goes before the usual names, whatever its case."""
    roles = find_roles(("Email", "Kontakt"), named={"email": ["Mail", "kontakt"]}, file="x.csv")
    assert roles[Role.EMAIL] == 1


def test_a_list_that_identifies_nobody_is_refused() -> None:
    """Neither an address nor a profile: the columns are shown."""
    with pytest.raises(InputError, match="no-identifying-column") as caught:
        find_roles(("Emial", "Name"), named={}, file="x.csv")
    assert caught.value.facts["columns"] == "Emial, Name"
    assert (caught.value.location.file, caught.value.location.line) == ("x.csv", 1)


def test_the_column_that_holds_addresses_is_suggested(tmp_path: Path) -> None:
    """By what stands in it: its name may be in any language, and "Domain" reads like "email"."""
    path = tmp_path / "liste.csv"
    path.write_text("Domain,Postfach\nacme.example,ada@acme.example\n", encoding="utf-8")
    with pytest.raises(InputError, match="no-identifying-column") as caught:
        read_contacts(path)
    assert caught.value.facts["nearest"] == "Postfach"


def test_a_named_column_that_is_not_there_is_refused() -> None:
    """The name that was given is shown with the nearest column."""
    with pytest.raises(InputError, match="column-not-there") as caught:
        find_roles(("Kontakte", "Name"), named={"email": ["Kontakt"]}, file="x.csv")
    assert caught.value.facts["nearest"] == "Kontakte"


def test_an_unknown_role_is_refused() -> None:
    """The roles there are, and the nearest, are shown."""
    with pytest.raises(InputError, match="unknown-role") as caught:
        find_roles(("Email",), named={"emial": ["Email"]}, file="x.csv")
    assert caught.value.facts["nearest"] == "email"


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    """A header without a row is no list."""
    with pytest.raises(InputError, match="empty-list") as caught:
        read(tmp_path, ["Email"])
    assert caught.value.location.line == 1


def test_rows_that_make_no_contact_are_counted_by_reason(tmp_path: Path) -> None:
    """Bad and missing addresses, duplicates and short rows are counted, and the sum is right."""
    listed = read(
        tmp_path,
        ["Email", "LinkedIn", "Name"],
        ["ada@acme.example", "", "Ada"],
        ["ADA@acme.example ", "", "Ada again"],
        ["bob", "linkedin.com/in/bob", "Bob"],
        ["", "linkedin.com/in/eve", "Eve"],
        ["mia@beta.example", "Mia"],
    )
    # By hand: 5 rows, one person; "mia" has two cells of three.
    assert listed.left_out == {"bad-address": 1, "no-address": 1, "short-row": 1, "duplicate": 1}
    assert listed.n_rows == 5
    assert listed.n_rows == len(listed.contacts) + sum(listed.left_out.values())
    assert {"bad-address", "no-address", "short-row"} == {one.reason for one in listed.problems}
    assert {4, 5, 6} == {one.location.line for one in listed.problems}


def test_a_list_of_profiles_alone_is_a_list(tmp_path: Path) -> None:
    """Without an address column a profile names the person, and is the account too."""
    listed = read(
        tmp_path,
        ["LinkedIn URL", "Website"],
        ["linkedin.com/in/Ada", ""],
        ["linkedin.com/in/bob", "www.beta.example"],
        ["somewhere else", ""],
    )
    assert [(one.identifiers[0], one.account) for one in listed.contacts] == [
        ("in/ada", "in/ada"),
        ("in/bob", "beta.example"),
    ]
    assert listed.left_out == {"no-identifier": 1}


def test_an_account_is_domain_then_website_then_the_contact(tmp_path: Path) -> None:
    """A free-mail address is no company: the website is, else the person alone."""
    listed = read(
        tmp_path,
        ["Website", "Email"],
        ["x.example", "ada@eu.acme.co.uk"],
        ["https://beta.example/", "bob@gmail.com"],
        ["", "eve@gmail.com"],
    )
    assert [one.account for one in listed.contacts] == [
        "acme.co.uk",
        "beta.example",
        "eve@gmail.com",
    ]


def test_two_rows_are_one_person_by_either_identifier_and_through_a_third(tmp_path: Path) -> None:
    """Row 1 and row 2 share nothing, but row 3 has the address of one and the profile of both."""
    rows = [
        ["ada@acme.example", "", "a"],
        ["lovelace@acme.example", "linkedin.com/in/ada", "b"],
        ["ada@acme.example", "linkedin.com/in/ada", "c"],
        ["bob@acme.example", "linkedin.com/in/bob", "d"],
    ]
    for order in itertools.permutations(rows):
        listed = read(tmp_path, ["Email", "LinkedIn", "Note"], *order)
        assert {
            ("ada@acme.example", "in/ada", "lovelace@acme.example"),
            ("bob@acme.example", "in/bob"),
        } == {tuple(sorted(one.identifiers)) for one in listed.contacts}
        assert listed.left_out == {"duplicate": 2}


def test_a_person_with_a_work_address_on_any_row_belongs_to_that_company(tmp_path: Path) -> None:
    """The account comes from the first work address, whichever row it stands on."""
    listed = read(
        tmp_path,
        ["Email", "LinkedIn"],
        ["ada@gmail.com", "linkedin.com/in/ada"],
        ["lovelace@acme.example", "linkedin.com/in/ada"],
    )
    assert [one.account for one in listed.contacts] == ["acme.example"]


_names = st.sampled_from(["ada", "bob", "eve", "mia"])
_rows = st.lists(
    st.tuples(
        st.one_of(
            st.just(""),
            st.just("none"),
            st.builds(lambda name, at: f"{name}@{at}.example", _names, st.sampled_from("xyz")),
        ),
        st.one_of(st.just(""), _names.map(lambda name: f"linkedin.com/in/{name}")),
        st.sampled_from(["CEO", "VP"]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(rows=_rows, random=st.randoms(use_true_random=False))
def test_the_people_of_a_list_do_not_depend_on_the_order_of_its_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], random: object
) -> None:
    """Same people, same rows going out, same counts; and every row is accounted for."""
    folder = tmp_path_factory.mktemp("order")
    header = ("Email", "LinkedIn", "Title")
    one = read(folder, header, *rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = read(folder, header, *shuffled)
    assert set(one.contacts) == set(other.contacts)
    assert one.left_out == other.left_out
    assert one.n_rows == len(one.contacts) + sum(one.left_out.values())
    names = [key for contact in one.contacts for key in contact.identifiers]
    assert len(names) == len(set(names))
