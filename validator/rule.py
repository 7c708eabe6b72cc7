"""Rules as typed data: what the files below ``rules/`` may say. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from validator.kinds import Check, Data, EntityLabel, LandmarkKind, PartName, Pattern, RuleId, SomePatterns, Text
from validator.options import FIRST_YEAR, LAST_YEAR, Enforcement, OrganKind, OrganLevel
from validator.regions import is_region
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
    region: Text | None = None
    enforcement: Enforcement = "unknown"


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


Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class Years(Data):
    """Reporting years, half-open: from ``from`` on, before ``until``."""

    first: Year | None = Field(default=None, alias="from")
    until: Year | None = None

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.first is not None and self.until is not None and self.until <= self.first:
            raise ValueError("until 必须晚于 from")
        return self


class Applies(Data):
    """To whose reports a rule applies; every condition that is written must be met, and what is unknown meets it.

    ``regions`` are full names of provinces, cities or counties (江东省, 江州市云溪县).
    ``enforcement``: only organs that enforce law, or only others.
    """

    levels: tuple[OrganLevel, ...] = ()
    kinds: tuple[OrganKind, ...] = ()
    regions: tuple[Text, ...] = ()
    enforcement: bool | None = None
    years: Years = Years()

    @field_validator("regions")
    @classmethod
    def _have_full_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not is_region(name):
                raise ValueError(f"地区“{name[:20]}”要写全称，例如 湖北省 或 重庆市江北区")
        return value


class Rule(Data):
    """One rule of the checklist. ``reference_for`` are kinds of organ that the basis does not name (参照).

    ``only_if`` names rules and the outcomes they must have; otherwise this one is not applicable. ``safe_fix``: what
    the rule would write in place of a wrong wording may be written by the program (``fazhi fix``). ``stands_in`` is the
    part in which what is missing should stand (default: the title block).
    """

    id: RuleId
    title: Text
    severity: Severity
    basis: Annotated[tuple[RuleBasis, ...], Field(min_length=1)]
    reference_for: tuple[OrganKind, ...] = ()
    rationale: Text
    expected: Text
    stands_in: PartName | None = None
    message: Messages
    wording: Text
    check: Check
    applies: Applies = Applies()
    only_if: dict[RuleId, tuple[Outcome, ...]] = Field(default_factory=dict)
    safe_fix: bool = False
    examples: Examples


class SpanRule(Data):
    """How one label is found: token patterns of spaCy (one token is one character) and plain phrases."""

    label: EntityLabel
    tokens: tuple[tuple[dict[str, Any], ...], ...] = ()
    phrases: tuple[Text, ...] = ()


class ModelEntity(Data):
    """What a label of the trained model is called here, and what its words must contain to count."""

    label: EntityLabel
    must: Text


class Spans(Data):
    """``spans.yaml``: what the pipeline marks in a sentence."""

    spans: Annotated[tuple[SpanRule, ...], Field(min_length=1)]
    model_entities: dict[str, ModelEntity] = Field(default_factory=dict)


class Landmark(Data):
    """A law, plan, meeting, institution or formula with its time.

    ``citable_from``: first day it can be cited; ``superseded_on``: first day on which it is no longer current.
    ``told_as`` near its name makes an old name right. ``source`` says where the dates are from; ``verification``
    ``memory``: they have not been compared with the official text.
    """

    name: Text
    aliases: tuple[Text, ...] = ()
    kind: LandmarkKind
    citable_from: date
    superseded_on: date | None = None
    superseded_by: Text | None = None
    told_as: Pattern | None = None
    source: Text
    verification: Literal["verified", "memory"]
    note: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)


class Landmarks(Data):
    """``landmarks.yaml``."""

    landmarks: Annotated[tuple[Landmark, ...], Field(min_length=1)]


class Titles(Data):
    """``titles.yaml``: right titles of national law and documents, without 《》 and 中华人民共和国."""

    laws: tuple[Text, ...]
    regulations: tuple[Text, ...]
    party_regulations: tuple[Text, ...]
    policies: tuple[Text, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every title, in order."""
        return (*self.laws, *self.regulations, *self.party_regulations, *self.policies)


class Matter(Data):
    """One matter of rule-of-law work: ``words`` name it. ``broad``: a whole field, which answers nothing narrower."""

    name: Text
    words: Pattern
    broad: bool = False


class Matters(Data):
    """``matters.yaml``: what problems and plans are about. ``general`` words say nothing about a matter."""

    matters: Annotated[tuple[Matter, ...], Field(min_length=1)]
    general: Pattern


class Formulas(Data):
    """``formulas.yaml``: words that reports share without one being copied from another.

    ``phrases`` are taken out before reports are compared, ``leads`` where they stand directly before one; ``names`` are
    how reports call places and organs. All are read in several sentences at once, so ``^`` and ``$`` do not help.
    """

    phrases: SomePatterns
    leads: SomePatterns
    names: SomePatterns


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
    """A selection of rules in the order of the checklist, with severities that differ from the rule files.

    ``not_waivable`` are rules, or groups by their letter, that neither a waiver nor a baseline may touch.
    """

    id: Text
    title: Text
    version: Text
    rules: Annotated[tuple[Text, ...], Field(min_length=1)]
    severities: dict[str, Severity] = Field(default_factory=dict)
    not_waivable: tuple[Text, ...] = ()


class SwitchedOff(Data):
    """Why a rule of others is not asked. It stays in every result, as not applicable, with this reason."""

    reason: Text


class TermChange(Data):
    """Words put into a list and taken from it.

    A list of a rule is named by its key (``in``) or by a word that it holds (``beside``), where the rule has several.
    """

    within: Text | None = Field(default=None, alias="in")
    beside: Text | None = None
    add: tuple[Text, ...] = ()
    remove: tuple[Text, ...] = ()
    reason: Text | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.add and not self.remove:
            raise ValueError("要写 add 或 remove")
        return self


class Pack(Data):
    """``pack.yaml``: what a bureau changes in the rules of others. Its own rules and sources are files beside it.

    ``change`` holds keys of rules with other values, laid over those of the rule; ``terms`` is by rule or by word list.
    ``profiles`` are the profiles it is meant for (default: every one). ``source_note`` says where it is from.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: Text
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.]{0,19}$")]
    extends: tuple[Text, ...] = ()
    profiles: tuple[Text, ...] = ()
    source_note: Text | None = None
    after: dict[RuleId, RuleId] = Field(default_factory=dict)
    change: dict[RuleId, dict[str, Any]] = Field(default_factory=dict)
    terms: dict[str, tuple[TermChange, ...]] = Field(default_factory=dict)
    off: dict[RuleId, SwitchedOff] = Field(default_factory=dict)
    not_waivable: tuple[Text, ...] = ()

    @field_validator("terms", mode="before")
    @classmethod
    def _one_change_is_a_list_of_one(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: [said] if isinstance(said, dict) else said for name, said in value.items()}
