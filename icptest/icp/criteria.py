"""Criteria: what a company must be, run or have done, each one something a list can be asked.

A criterion is written in one line, in `--add` and in messages:

    industry:SaaS|Software      any of these words
    employees:50-250            a range
    uses:HubSpot                a tool
    hired:VP Sales<90d          an event, at most so many days ago
    headcount-growth:20%+<180d  growth over such a time
    not uses:Acme CRM           a disqualifier
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from icptest.errors import InputError
from icptest.icp.fields import Field
from icptest.icp.ranges import Range, read_range, scale_said, written_range
from icptest.spelling import nearest

OTHER = "column."
"""Before the name of any other column of a list: "column.Pricing page:yes"."""
FUNDING_DAYS = 30
"""How long funding makes a company receptive (icp-for-outbound, section 5)."""
MOST_DAYS = 3650


class Layer(StrEnum):
    """The five layers of a profile (icp-list-test-protocol)."""

    FIRMOGRAPHIC = "firmographic"
    TECHNOGRAPHIC = "technographic"
    BEHAVIORAL = "behavioral"
    BUYING = "buying"
    TRIGGER = "trigger"


class Kind(StrEnum):
    """How a criterion is judged."""

    PHRASES = "phrases"
    PLACES = "places"
    CODES = "codes"
    RANGE = "range"
    AGE = "age"
    EVENT = "event"
    GROWTH = "growth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What can be asked of a company.

    Attributes:
        word: As it is written in `--add` and in definitions.
        layer: Its layer.
        kind: How it is judged.
        field: What the column holds; of an event, its date. None: any column, by its name.
        what: What the column of an event's details holds.
    """

    word: str
    layer: Layer
    kind: Kind
    field: Field | None
    what: Field | None = None


_FIRM = Layer.FIRMOGRAPHIC
_DID = (Layer.BEHAVIORAL, Kind.EVENT)
SUBJECTS: dict[str, Subject] = {
    subject.word: subject
    for subject in (
        *(
            Subject(word=word, layer=_FIRM, kind=kind, field=field)
            for word, kind, field in (
                ("industry", Kind.PHRASES, Field.INDUSTRY),
                ("naics", Kind.CODES, Field.NAICS),
                ("employees", Kind.RANGE, Field.EMPLOYEES),
                ("revenue", Kind.RANGE, Field.REVENUE),
                ("geography", Kind.PLACES, Field.GEOGRAPHY),
                ("ownership", Kind.PHRASES, Field.OWNERSHIP),
                ("age-years", Kind.AGE, Field.FOUNDED),
                ("stage", Kind.PHRASES, Field.STAGE),
                ("business-model", Kind.PHRASES, Field.BUSINESS_MODEL),
            )
        ),
        Subject(word="uses", layer=Layer.TECHNOGRAPHIC, kind=Kind.PHRASES, field=Field.TOOLS),
        *(
            Subject(word=word, layer=_DID[0], kind=_DID[1], field=on, what=what)
            for word, on, what in (
                ("hired", Field.HIRED_ON, Field.HIRED_WHAT),
                ("raised", Field.FUNDED_ON, Field.FUNDED_WHAT),
                ("launched", Field.LAUNCHED_ON, Field.LAUNCHED_WHAT),
                ("expanded", Field.EXPANDED_ON, Field.EXPANDED_WHAT),
                ("posted-job", Field.JOB_POSTED_ON, Field.JOB_POSTED_WHAT),
            )
        ),
        Subject(
            word="headcount-growth", layer=Layer.BEHAVIORAL, kind=Kind.GROWTH, field=Field.GROWTH
        ),
    )
}
TRIGGERS: dict[str, tuple[Field, Field]] = {
    "funding": (Field.FUNDED_ON, Field.FUNDED_WHAT),
    "leadership-change": (Field.HIRED_ON, Field.HIRED_WHAT),
    "launch": (Field.LAUNCHED_ON, Field.LAUNCHED_WHAT),
    "expansion": (Field.EXPANDED_ON, Field.EXPANDED_WHAT),
    "competitor-switch": (Field.SWITCHED_ON, Field.SWITCHED_WHAT),
}
"""The five usual triggers, with the columns of their date and their details."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One thing asked of a company.

    Attributes:
        subject: What is asked.
        values: Words of which one must be said; of an event, of its details. Empty: any.
        spans: Ranges of which one must hold the number.
        within_days: How long ago an event may be; of growth, over how many days. None: ever.
        excludes: Whether it is a disqualifier: who meets it is out.
    """

    subject: Subject
    values: tuple[str, ...] = ()
    spans: tuple[Range, ...] = ()
    within_days: int | None = None
    excludes: bool = False

    @property
    def layer(self) -> Layer:
        """The layer it belongs to."""
        return self.subject.layer

    @property
    def fields(self) -> tuple[Field, ...]:
        """What columns it needs."""
        needed = (self.subject.field, self.subject.what if self.values else None)
        return tuple(field for field in needed if field is not None)

    def written_spans(self) -> tuple[str, ...]:
        """Return the ranges as a definition writes them; growth in per cent: "20%+"."""
        spans = [written_range(span) for span in self.spans]
        if self.subject.kind is not Kind.GROWTH:
            return tuple(spans)
        return tuple(f"{span[:-1]}%+" if span.endswith("+") else f"{span}%" for span in spans)

    def __str__(self) -> str:
        """The criterion in one line, as `--add` takes it."""
        asked = "|".join([*self.values, *self.written_spans()])
        within = "" if self.within_days is None else f"<{self.within_days}d"
        return f"{'not ' if self.excludes else ''}{self.subject.word}:{asked}{within}"


def scale_of(subject: Subject, name: str) -> float:
    """Return how many each one in a column stands for, as its name says of money."""
    return scale_said(name) if subject.field is Field.REVENUE else 1.0


def other_column(name: str) -> Subject:
    """Return a subject that is any column of a list, by its name."""
    return Subject(word=f"{OTHER}{name}", layer=_FIRM, kind=Kind.PHRASES, field=None)


def make_criterion(
    subject: Subject, asked: tuple[str, ...], *, within_days: int | None = None, excludes: bool
) -> Criterion:
    """Return a criterion of the values as they are written.

    Raises:
        ValueError: A range is none, or turned round; a code has letters; nothing is asked.
    """
    values = tuple(text.strip() for text in asked if text.strip())
    plain = Criterion(subject=subject, within_days=within_days, excludes=excludes)
    if subject.kind in {Kind.RANGE, Kind.AGE, Kind.GROWTH}:
        if not values:
            raise ValueError("a range such as 50-250")
        return replace(plain, spans=tuple(_span(text) for text in values))
    if subject.kind is Kind.CODES and not all(text.isdigit() for text in values):
        raise ValueError("NAICS codes in digits, such as 5112")
    if not values and subject.kind is not Kind.EVENT:
        raise ValueError("at least one value")
    return replace(plain, values=values)


def _span(text: str) -> Range:
    span = read_range(text)
    if span is None:
        ends = re.findall(r"[\d.,]+\s*[kmb]?", text.casefold())
        turned = len(ends) == 2  # noqa: PLR2004 - two ends
        raise ValueError(
            "a range whose first number is the smaller one"
            if turned
            else "a range such as 50-250, 50+ or 5M-25M"
        )
    return span


_LINE = re.compile(
    r"(not\s+)?([^:]+?)\s*:\s*(.*?)\s*(?:<\s*(\d{1,6})\s*(?:d|days?))?", re.DOTALL | re.IGNORECASE
)


def parse_criterion(text: str, *, option: str) -> Criterion:
    """Return a criterion written in one line: "uses:HubSpot", "hired:VP Sales<90d".

    Args:
        text: What was typed.
        option: The option it was typed for.

    Raises:
        InputError: It is none ("bad-criterion"), or asks for what is not known
            ("unknown-criterion", with the nearest word).
    """
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise InputError(
            "bad-criterion", option=option, value=text, expected="WORD:VALUE, as in uses:HubSpot"
        )
    excludes, word, asked, days = found.groups()
    subject = subject_of(word, option=option)
    timed = subject.kind in {Kind.EVENT, Kind.GROWTH}
    if timed and days is None and "<" in asked:
        expected = "the time in days behind <, as in <90d"
        raise InputError("bad-criterion", option=option, value=text, expected=expected)
    if days is not None and (not timed or not 0 < int(days) <= MOST_DAYS):
        expected = (
            f"a time of 1 to {MOST_DAYS:,} days" if timed else "no days: it is no event with a date"
        )
        raise InputError("bad-criterion", option=option, value=text, expected=expected)
    try:
        return make_criterion(
            subject,
            tuple(asked.split("|")),
            within_days=None if days is None else int(days),
            excludes=excludes is not None,
        )
    except ValueError as error:
        raise InputError("bad-criterion", option=option, value=text, expected=str(error)) from error


def subject_of(word: str, *, option: str) -> Subject:
    """Return the subject a word names.

    Raises:
        InputError: There is none ("unknown-criterion").
    """
    plain = word.strip()
    if plain.casefold().startswith(OTHER) and len(plain) > len(OTHER):
        return other_column(plain[len(OTHER) :].strip())
    key = re.sub(r"[\s_]+", "-", plain.casefold())
    if key not in SUBJECTS:
        raise InputError(
            "unknown-criterion",
            option=option,
            value=plain,
            nearest=nearest(key, SUBJECTS),
            allowed=", ".join(SUBJECTS),
        )
    return SUBJECTS[key]
