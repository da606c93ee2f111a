"""The keys of a definition's file: values -> Definition, refused where unclear."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from icptest.errors import Location, RegistrationError
from icptest.experiment import digest_of, require_slug
from icptest.icp.criteria import (
    FUNDING_DAYS,
    MOST_DAYS,
    SUBJECTS,
    TRIGGERS,
    Criterion,
    Kind,
    Layer,
    Subject,
    make_criterion,
    other_column,
)
from icptest.icp.definition import (
    REVIEW_DAYS,
    Buying,
    BuyingRole,
    Definition,
    Interviews,
    Persona,
    Trigger,
)
from icptest.spelling import nearest
from icptest.toml_keys import TomlKeys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_FIRMOGRAPHIC = tuple(
    subject for subject in SUBJECTS.values() if subject.layer is Layer.FIRMOGRAPHIC
)
_DID = tuple(word for word, subject in SUBJECTS.items() if subject.layer is Layer.BEHAVIORAL)
_SHARE = 100


def definition_from_mapping(mapping: Mapping[str, Any], *, file: str, name: str) -> Definition:
    """Return the definition that a file's values make.

    Args:
        mapping: The values.
        file: The file, for messages.
        name: Its name, where the values give none.

    Raises:
        RegistrationError: A key is unknown, or a value cannot be used.
    """
    keys = TomlKeys(mapping, file)
    own_name = keys.text("name", default=name)
    version = keys.integer("version", default=1, low=1)
    owners = _one_or_more(keys, "owner")
    reviewers = keys.texts("reviewers")
    reviewed_on = _day(keys, "reviewed_on", file, required=True)
    review_days = keys.integer("review_days", default=REVIEW_DAYS, low=1)
    filters, disqualifiers = _criteria(keys, file)
    definition = Definition(
        name=require_slug(own_name, file=file, what="profile"),
        version=version,
        owners=owners,
        reviewers=reviewers,
        reviewed_on=reviewed_on or date.min,
        review_days=min(review_days, MOST_DAYS),
        filters=filters,
        disqualifiers=disqualifiers,
        triggers=tuple(_trigger(one, file) for one in _tables(keys, "trigger", file)),
        buying=_buying(keys.sub("buying"), file),
        job=_job(keys.sub("job")),
        interviews=_interviews(keys.sub("interviews"), file),
        digest=digest_of(mapping),
    )
    keys.refuse_others()
    return definition


def _criteria(keys: TomlKeys, file: str) -> tuple[tuple[Criterion, ...], tuple[Criterion, ...]]:
    firm, tech = keys.sub("firmographic"), keys.sub("technographic")
    filters = _of_company(firm, "firmographic", file, excludes=False)
    uses = SUBJECTS["uses"]
    filters += [
        _made(uses, any_of, "technographic.uses_any", file)
        for any_of in _groups(tech, "uses_any", file)
    ]
    filters += [
        _made(uses, (one,), "technographic.uses_all", file)
        for one in _one_or_more(tech, "uses_all")
    ]
    never = [
        _made(uses, (one,), "technographic.uses_none", file, excludes=True)
        for one in _one_or_more(tech, "uses_none")
    ]
    tech.refuse_others()
    filters += [_behavior(one, file) for one in _tables(keys, "behavioral", file)]
    out = keys.sub("disqualify")
    disqualifiers = [*never, *_of_company(out, "disqualify", file, excludes=True)]
    both = {(one.subject.word, value) for one in filters for value in _plain(one)}
    for one in disqualifiers:
        for value in _plain(one):
            if (one.subject.word, value) in both:
                raise RegistrationError(
                    "icp-contradiction", location=Location(file=file), value=str(one)
                )
    _require_room(filters, disqualifiers, file)
    return tuple(filters), tuple(disqualifiers)


def _plain(criterion: Criterion) -> list[str]:
    return [value.casefold() for value in criterion.values]


def _require_room(
    filters: Iterable[Criterion], disqualifiers: Iterable[Criterion], file: str
) -> None:
    """Refuse a disqualifier that takes out everybody whom a filter lets in."""
    for out in disqualifiers:
        for one in filters:
            same = one.subject == out.subject and one.spans and out.spans
            if same and all(any(gone.holds(span) for gone in out.spans) for span in one.spans):
                raise RegistrationError(
                    "icp-contradiction", location=Location(file=file), value=str(out)
                )


def _of_company(keys: TomlKeys, table: str, file: str, *, excludes: bool) -> list[Criterion]:
    found = []
    for subject in _FIRMOGRAPHIC:
        key = subject.word.replace("-", "_")
        asked = _one_or_more(keys, key)
        if asked:
            found.append(_made(subject, asked, f"{table}.{key}", file, excludes=excludes))
    names = keys.table("other")
    other = TomlKeys(names, file, f"{table}.other.")
    for name in names:
        asked = _one_or_more(other, name)
        found.append(
            _made(other_column(name), asked, f"{table}.other.{name}", file, excludes=excludes)
        )
    other.refuse_others()
    keys.refuse_others()
    return found


def _behavior(keys: TomlKeys, file: str) -> Criterion:
    did = keys.text("did", required=True)
    if did not in _DID:
        _wrong(file, "behavioral.did", did, _one_of(did, _DID))
    subject = SUBJECTS[did]
    days = keys.optional("within_days", int, "a whole number of days")
    if days is not None and not 0 < days <= MOST_DAYS:
        _wrong(file, "behavioral.within_days", days, f"a number of days from 1 to {MOST_DAYS:,}")
    key = "at_least" if subject.kind is Kind.GROWTH else "what"
    asked = _one_or_more(keys, key)
    if key == "at_least":
        asked = tuple(text if text.rstrip().endswith("+") else f"{text}+" for text in asked)
    keys.refuse_others()
    return _made(subject, asked, f"behavioral.{key}", file, within_days=days)


def _trigger(keys: TomlKeys, file: str) -> Trigger:
    event = keys.text("event", required=True)
    if event not in TRIGGERS:
        _wrong(file, "trigger.event", event, _one_of(event, TRIGGERS))
    life = keys.optional("shelf_life_days", int, "a whole number of days")
    if life is not None and not 0 < life <= MOST_DAYS:
        _wrong(file, "trigger.shelf_life_days", life, f"a number of days from 1 to {MOST_DAYS:,}")
    if life is None and event == "funding":
        life = FUNDING_DAYS
    what = _one_or_more(keys, "what")
    keys.refuse_others()
    return Trigger(event=event, what=what, shelf_life_days=life)


def _buying(keys: TomlKeys, file: str) -> Buying:
    personas = []
    for one in _tables(keys, "personas", file, prefix="buying."):
        role = one.text("role", required=True).replace("_", "-").replace(" ", "-")
        if role not in set(BuyingRole):
            _wrong(file, "buying.personas.role", role, _one_of(role, tuple(BuyingRole)))
        titles = _one_or_more(one, "titles")
        if not titles:
            _wrong(file, "buying.personas.titles", [], "a list of job titles")
        reviewed_on = _day(one, "reviewed_on", file)
        one.refuse_others()
        personas.append(Persona(role=BuyingRole(role), titles=titles, reviewed_on=reviewed_on))
    found = Buying(
        personas=tuple(personas),
        deal_size=keys.text("deal_size"),
        cycle_days=keys.text("cycle_days"),
    )
    keys.refuse_others()
    return found


def _job(keys: TomlKeys) -> str:
    problem = keys.text("problem")
    keys.refuse_others()
    return problem


def _interviews(keys: TomlKeys, file: str) -> Interviews:
    percent = keys.optional("data_percent", int, "a whole number from 0 to 100")
    if percent is not None and not 0 <= percent <= _SHARE:
        _wrong(file, "interviews.data_percent", percent, "a whole number from 0 to 100")
    found = Interviews(
        customers=keys.integer("customers", default=0, low=0),
        data_percent=percent,
        how_found=keys.text("how_found"),
        pushed=keys.text("pushed"),
        in_the_room=keys.text("in_the_room"),
        nearly_stopped=keys.text("nearly_stopped"),
    )
    keys.refuse_others()
    return found


def _made(
    subject: Subject,
    asked: tuple[str, ...],
    key: str,
    file: str,
    *,
    within_days: int | None = None,
    excludes: bool = False,
) -> Criterion:
    try:
        return make_criterion(subject, asked, within_days=within_days, excludes=excludes)
    except ValueError as error:
        _wrong(file, key, ", ".join(asked), str(error))


def _one_or_more(keys: TomlKeys, key: str) -> tuple[str, ...]:
    """Return a list of texts that may be written as one text; numbers are taken as written."""
    value = keys.optional(key, (str, list, int, float), "a text, or a list of texts")
    if value is None:
        return ()
    found = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int | float) for one in found):
        keys.wrong(key, value, "a text, or a list of texts")
    return tuple(str(one).strip() for one in found if str(one).strip())


def _groups(keys: TomlKeys, key: str, file: str) -> list[tuple[str, ...]]:
    """Return lists of texts: one list is one of them, a list of lists is each of them."""
    expected = "a list of texts, or a list of such lists"
    value = keys.optional(key, (str, list), expected)
    if value is None:
        return []
    found = value if isinstance(value, list) else [value]
    if not any(isinstance(one, list) for one in found):
        found = [found]
    if not all(isinstance(one, list) and all(isinstance(it, str) for it in one) for one in found):
        _wrong(file, f"technographic.{key}", value, expected)
    return [
        texts for one in found if (texts := tuple(text.strip() for text in one if text.strip()))
    ]


def _day(keys: TomlKeys, key: str, file: str, *, required: bool = False) -> date | None:
    value = keys.optional(key, date, "a day, such as 2026-11-27 without quotes")
    if isinstance(value, datetime):
        value = value.date()
    if value is None and required:
        raise RegistrationError("missing-key", location=Location(file=file), key=key)
    return value  # type: ignore[no-any-return]


def _tables(keys: TomlKeys, key: str, file: str, *, prefix: str = "") -> list[TomlKeys]:
    expected = f"tables that begin with [[{prefix}{key}]]"
    value = keys.optional(key, list, expected)
    if value is not None and not all(isinstance(one, dict) for one in value):
        _wrong(file, f"{prefix}{key}", value, expected)
    return [TomlKeys(one, file, f"{prefix}{key}.") for one in value or ()]


def _one_of(word: str, allowed: Iterable[str]) -> str:
    words = tuple(map(str, allowed))
    close = nearest(word, words)
    hint = f' (did you mean "{close}"?)' if close else ""
    return f"one of {', '.join(words)}{hint}"


def _wrong(file: str, key: str, value: object, expected: str) -> NoReturn:
    raise RegistrationError(
        "bad-value", location=Location(file=file), key=key, value=value, expected=expected
    )
