"""Findings: what is wrong with a profile, and what it was measured by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """What a rule finds."""

    OK = "ok"
    WARN = "warn"
    NOT_JUDGED = "not-judged"


class Rule(StrEnum):
    """What a profile is held against: the four traps of icp-list-test-protocol, then the rest."""

    CATCH_ALL = "catch-all"
    ASPIRATIONAL = "aspirational"
    STATIC = "static"
    COMMITTEE = "committee"
    VAGUE_WORDS = "vague-words"
    TOO_MANY_FILTERS = "too-many-filters"
    IDLE_FILTERS = "idle-filters"
    MISSING_LAYERS = "missing-layers"
    MISSING_ROLES = "missing-roles"
    NO_DISQUALIFIERS = "no-disqualifiers"
    NO_SHELF_LIFE = "no-shelf-life"
    NO_INTERVIEWS = "no-interviews"
    NO_JOB = "no-job"
    PERSONAS_DUE = "personas-due"


TRAPS = (Rule.CATCH_ALL, Rule.ASPIRATIONAL, Rule.STATIC, Rule.COMMITTEE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule finds.

    Attributes:
        rule: The rule.
        status: Whether it is kept, broken, or cannot be judged.
        case: Which of several things is wrong, where there are several; a kebab word.
        facts: What it was judged by, for its sentence: numbers, days, texts.
    """

    rule: Rule
    status: Status
    case: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def ok(rule: Rule, **facts: Any) -> Finding:
    """Return that a rule is kept."""
    return Finding(rule=rule, status=Status.OK, facts=facts)


def warn(rule: Rule, case: str = "", **facts: Any) -> Finding:
    """Return that a rule is broken."""
    return Finding(rule=rule, status=Status.WARN, case=case, facts=facts)


def not_judged(rule: Rule, case: str = "", **facts: Any) -> Finding:
    """Return that a rule cannot be judged."""
    return Finding(rule=rule, status=Status.NOT_JUDGED, case=case, facts=facts)
