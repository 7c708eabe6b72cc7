"""Rules as typed data: what the files below ``rules/`` may say. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from validator.kinds import Check, Data, Pattern, Text
from validator.options import OrganKind, OrganLevel
from validator.result import Outcome, Relation, Severity, SourceStatus


class Article(Data):
    """One article of a legal instrument. ``article_status`` says how sure the number is."""

    id: Text
    text: Text
    article_status: SourceStatus = "verified"


class Source(Data):
    """One legal instrument. ``in_force`` to ``repealed`` is half-open; no ``repealed`` means still in force."""

    id: Text
    title: Text
    number: str | None = None
    issuer: Text
    kind: Literal["party_regulation", "law", "regulation", "policy", "standard", "editorial"]
    in_force: date
    repealed: date | None = None
    binds: Text
    source_status: SourceStatus
    note: str | None = None
    articles: Annotated[tuple[Article, ...], Field(min_length=1)]

    @field_validator("repealed")
    @classmethod
    def _is_after_in_force(cls, value: date | None, info: ValidationInfo) -> date | None:
        begun = info.data.get("in_force")
        if value is not None and begun is not None and value <= begun:
            raise ValueError("必须晚于 in_force")
        return value


class RuleBasis(Data):
    """What a rule cites: a source, an article of it, and words that stand in that article."""

    source: Text
    article: Text
    quote: Text
    relation: Relation


class Messages(Data):
    """What a finding says. ``review`` is needed by kinds that can end in ``review``."""

    fail: Text
    review: Text | None = None


class Example(Data):
    """A short text with the outcome the rule must give it. ``why`` tells what the example is for."""

    text: Text
    outcome: Outcome | None = None
    why: str | None = None
    year: int = 2023
    organ_level: OrganLevel | None = None


class Examples(Data):
    """The cases that prove a rule: it passes, it fails, and it is not fooled."""

    passing: Annotated[tuple[Example, ...], Field(alias="pass", min_length=1)]
    failing: Annotated[tuple[Example, ...], Field(alias="fail", min_length=1)]
    near_miss: Annotated[tuple[Example, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _near_misses_name_an_outcome(self) -> Self:
        for example in self.near_miss:
            if example.outcome is None or example.why is None:
                raise ValueError("near_miss 的每个例子都要写明 outcome 和 why")
        return self


class Rule(Data):
    """One rule of the checklist. ``reference_for`` are kinds of organ that the basis does not name (参照)."""

    id: Annotated[str, Field(pattern=r"^[A-Z]\d{3}$")]
    title: Text
    severity: Severity
    basis: Annotated[tuple[RuleBasis, ...], Field(min_length=1)]
    reference_for: tuple[OrganKind, ...] = ()
    rationale: Text
    expected: Text
    message: Messages
    wording: Text
    check: Check
    examples: Examples


class Lexicon(Data):
    """Words and sentence patterns that rules share. ``words`` are lists for ``{name}`` in patterns."""

    words: dict[str, tuple[Text, ...]]
    name_after: Pattern
    set_up: Pattern
    other_actor: Pattern
    joint_action: Pattern
    joint_with_us: Pattern
    service_actor: Pattern
    negated: Pattern
    conditional: Pattern
    made: Pattern
    plan_opening: Pattern
    problem_opening: Pattern
    not_problem: Pattern
    deed: Pattern
    later: Pattern


class Profile(Data):
    """A selection of rules in the order of the checklist, with severities that differ from the rule files."""

    id: Text
    title: Text
    version: Text
    rules: Annotated[tuple[Text, ...], Field(min_length=1)]
    severities: dict[str, Severity] = Field(default_factory=dict)
