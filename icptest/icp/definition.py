"""The definition of an ideal customer profile: filters, signals, people, and who answers for it.

Filters decide who is in, disqualifiers who is out, triggers when to write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from icptest.icp.criteria import Layer

if TYPE_CHECKING:
    from icptest.icp.criteria import Criterion

REVIEW_DAYS = 90
"""How often a profile is reviewed (both articles: every quarter)."""
PERSONA_REVIEW_DAYS = 180
"""How often a persona is reviewed (icp-list-test-protocol: every 6 months)."""


class BuyingRole(StrEnum):
    """Who takes part in a purchase."""

    BUYER = "buyer"
    INFLUENCER = "influencer"
    BUDGET_HOLDER = "budget-holder"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """An event that makes a company ready to buy now.

    Attributes:
        event: Word of `criteria.TRIGGERS`.
        what: Details of which one must be said ("Series B"); empty: any.
        shelf_life_days: For how many days from the event on it counts; None: nobody has said.
    """

    event: str
    what: tuple[str, ...] = ()
    shelf_life_days: int | None = None

    def __str__(self) -> str:
        """The trigger in one line."""
        life = "" if self.shelf_life_days is None else f"<{self.shelf_life_days}d"
        return f"{self.event}:{'|'.join(self.what)}{life}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Persona:
    """A person inside the company, whom a message is written to.

    Attributes:
        role: What part they take.
        titles: Their job titles.
        reviewed_on: When the persona was last looked at; None: never said.
    """

    role: BuyingRole
    titles: tuple[str, ...]
    reviewed_on: date | None = None

    def review_due_on(self) -> date | None:
        """Return when it must be looked at again."""
        if self.reviewed_on is None:
            return None
        return self.reviewed_on + timedelta(days=PERSONA_REVIEW_DAYS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Buying:
    """How such companies buy.

    Attributes:
        personas: Who decides, who influences, who pays.
        deal_size: What a deal is worth, as written.
        cycle_days: How long it takes, as written.
    """

    personas: tuple[Persona, ...] = ()
    deal_size: str = ""
    cycle_days: str = ""

    def titles(self, role: BuyingRole) -> tuple[str, ...]:
        """Return the job titles of a role, each once."""
        return tuple(
            dict.fromkeys(
                title for one in self.personas if one.role is role for title in one.titles
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Interviews:
    """What customers said: the third of the work that no spreadsheet holds.

    Attributes:
        customers: How many were talked to.
        data_percent: How much of the profile rests on data, of 100; the rest is conversation.
        how_found: How they found the seller.
        pushed: What problem pushed them to act.
        in_the_room: Who else was there when they decided.
        nearly_stopped: What nearly stopped them.
    """

    customers: int = 0
    data_percent: int | None = None
    how_found: str = ""
    pushed: str = ""
    in_the_room: str = ""
    nearly_stopped: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that are there."""
        said = (self.how_found, self.pushed, self.in_the_room, self.nearly_stopped)
        return tuple(text for text in said if text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """An ideal customer profile.

    Attributes:
        name: What it is called, and its file.
        version: Counted up with every change.
        owners: Who writes it: one person.
        reviewers: Who may object.
        reviewed_on: When it was last held against reality.
        review_days: After how many days it must be again.
        filters: What a company must meet, in the order they are asked.
        disqualifiers: Who meets one of these is out.
        triggers: What makes a company ready now.
        buying: How they buy.
        job: The problem, in the customers' words.
        interviews: What customers said.
        digest: SHA-256 of what the file says, comments aside; "" where it was not read.
    """

    name: str
    version: int = 1
    owners: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    reviewed_on: date
    review_days: int = REVIEW_DAYS
    filters: tuple[Criterion, ...] = ()
    disqualifiers: tuple[Criterion, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    buying: Buying = field(default_factory=Buying)
    job: str = ""
    interviews: Interviews = field(default_factory=Interviews)
    digest: str = ""

    @property
    def review_due_on(self) -> date:
        """When it must be reviewed again."""
        return self.reviewed_on + timedelta(days=self.review_days)

    @property
    def layers(self) -> frozenset[Layer]:
        """The layers that say something."""
        found = {criterion.layer for criterion in (*self.filters, *self.disqualifiers)}
        if self.buying.personas:
            found.add(Layer.BUYING)
        if self.triggers:
            found.add(Layer.TRIGGER)
        return frozenset(found)

    def filters_of(self, layer: Layer) -> tuple[Criterion, ...]:
        """Return the filters of a layer."""
        return tuple(one for one in self.filters if one.layer is layer)
