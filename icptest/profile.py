"""Profile: which version of which ideal customer profile a new list was made by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icptest.toml_keys import TomlKeys


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What a registration keeps of the profile that its new list was made by.

    Attributes:
        name: The profile.
        version: Its version.
        digest: SHA-256 of what its file said.
        filters: Its filters, each in one line ("uses:HubSpot").
        disqualifiers: Its disqualifiers likewise.
        judged_on: The day on which events were judged, "2026-11-30".
        list: The list it was held against, as typed.
        list_on: The day that list is of.
    """

    name: str
    version: int
    digest: str
    filters: tuple[str, ...]
    disqualifiers: tuple[str, ...]
    judged_on: str
    list: str
    list_on: str

    def to_mapping(self) -> dict[str, Any]:
        """Return the values of the table `[icp]`."""
        return {
            "name": self.name,
            "version": self.version,
            "digest": self.digest,
            "filters": [*self.filters],
            "disqualifiers": [*self.disqualifiers],
            "judged_on": self.judged_on,
            "list": self.list,
            "list_on": self.list_on,
        }


def profile_from(keys: TomlKeys) -> Profile:
    """Return the profile that a table `[icp]` names.

    Raises:
        RegistrationError: A key is unknown, missing, or of the wrong type.
    """
    profile = Profile(
        name=keys.text("name", required=True),
        version=keys.integer("version", default=1, low=1),
        digest=keys.text("digest"),
        filters=keys.texts("filters"),
        disqualifiers=keys.texts("disqualifiers"),
        judged_on=keys.text("judged_on"),
        list=keys.text("list"),
        list_on=keys.text("list_on"),
    )
    keys.refuse_others()
    return profile
