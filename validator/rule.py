"""Rules as typed data: what a file below ``rules/`` may say. Unknown keys are refused; kinds are a closed set."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from validator.options import OrganKind, OrganLevel
from validator.result import Outcome, Relation, Severity, SourceStatus

PartName = Literal["measures", "problems", "principal", "plan"]

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
RUNTIME_PLACEHOLDERS = frozenset({"year", "next_year"})


def _require_text(value: str) -> str:
    if not value.strip():
        raise ValueError("不能为空")
    return value


def _require_pattern(value: str) -> str:
    try:
        re.compile(PLACEHOLDER.sub("x", value))
    except re.error as exc:
        raise ValueError(f"正则表达式有误：{exc}") from exc
    return value


Text = Annotated[str, AfterValidator(_require_text)]
Pattern = Annotated[str, AfterValidator(_require_pattern)]
"""A regular expression over normalised text; ``{name}`` is an alternation of a word list of ``lexicon.yaml``,
``{year}`` and ``{next_year}`` stand for the reporting year and the one after, in any writing."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Article(_Data):
    """One article of a legal instrument. ``article_status`` says how sure the number is."""

    id: Text
    text: Text
    article_status: SourceStatus = "verified"


class Source(_Data):
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

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.repealed is not None and self.repealed <= self.in_force:
            raise ValueError("repealed 必须晚于 in_force")
        return self


class RuleBasis(_Data):
    """What a rule cites: a source, an article of it, and words that stand in that article."""

    source: Text
    article: Text
    quote: Text
    relation: Relation


class Messages(_Data):
    """What a finding says. ``review`` is needed by kinds that can end in ``review``."""

    fail: Text
    review: Text | None = None


class Example(_Data):
    """A short text with the outcome the rule must give it. ``why`` tells what the example is for."""

    text: Text
    outcome: Outcome | None = None
    why: str | None = None
    year: int = 2023
    organ_level: OrganLevel | None = None


class Examples(_Data):
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


class GenreCheck(_Data):
    """Decide whether a text is an annual report on rule-of-law work (kind ``genre``).

    Keys: ``accept`` and ``reject`` are tried on the title; ``opening`` on the text before the first heading;
    ``reject_text`` anywhere; ``content`` are signs of such a report in the body, of which ``content_needed`` must be
    found when title and opening are silent.
    """

    kind: Literal["genre"]
    accept: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    neutral: tuple[Pattern, ...] = ()
    reject: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    opening: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    reject_opening: tuple[Pattern, ...] = ()
    reject_text: tuple[Pattern, ...] = ()
    content: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    content_needed: Annotated[int, Field(ge=1)]
    own_voice: Annotated[tuple[Pattern, ...], Field(min_length=1)]


class PartCheck(_Data):
    """Find a mandated part by its heading, or by its content in running text (kind ``part``).

    Keys: ``part`` names the part; ``precedence`` orders the parts when a merged heading is read (1 first);
    ``headings`` name the part, unless a ``not_headings`` matches; ``weak_headings`` name it only when the body has
    ``content``. ``content`` must stand under the heading (``content_if_merged``: when the heading names more than
    this part, ``content_if_weak``: when it names it weakly; ``same_matter`` are clauses that do not count as more); ``running`` are sentences that state the
    matter without a heading; ``not_running`` cancels them; ``not_under`` are parts whose sections are not searched.
    ``thematic``: level-1 headings of own fields of work count as this part.
    """

    kind: Literal["part"]
    part: PartName
    precedence: Annotated[int, Field(ge=1, le=9)]
    headings: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    not_headings: tuple[Pattern, ...] = ()
    weak_headings: tuple[Pattern, ...] = ()
    content: tuple[Pattern, ...] = ()
    content_if_merged: tuple[Pattern, ...] = ()
    content_if_weak: tuple[Pattern, ...] = ()
    same_matter: tuple[Pattern, ...] = ()
    running: tuple[Pattern, ...] = ()
    not_running: tuple[Pattern, ...] = ()
    not_under: tuple[PartName, ...] = ()
    thematic: bool = False


class OwnHeadingCheck(_Data):
    """Each part that is present has a level-1 heading of its own (kind ``own_heading``)."""

    kind: Literal["own_heading"]
    parts: Annotated[tuple[PartName, ...], Field(min_length=2)]


class HeadingOrderCheck(_Data):
    """The level-1 headings of the parts stand in the order of ``parts`` (kind ``heading_order``)."""

    kind: Literal["heading_order"]
    parts: Annotated[tuple[PartName, ...], Field(min_length=2)]


class Mention(_Data):
    """One thing to be named: any of ``terms``, read in its clause.

    ``needs``: one of these must stand in the sentence; ``needs_near``: in the sentence, or in a heading above it.
    ``not_before`` / ``not_after`` / ``not_in_clause`` / ``not_in_sentence`` reject a hit by what stands round it.
    ``made_documents_count``: the name of a document counts when the body made it (修订《…应急预案》).
    """

    terms: Annotated[tuple[Text, ...], Field(min_length=1)]
    needs: tuple[Pattern, ...] = ()
    needs_near: tuple[Pattern, ...] = ()
    not_before: tuple[Pattern, ...] = ()
    not_after: tuple[Pattern, ...] = ()
    not_in_clause: tuple[Pattern, ...] = ()
    not_in_sentence: tuple[Pattern, ...] = ()
    made_documents_count: bool = False


class MentionGroup(_Data):
    """One way to satisfy a theme: every mention of ``all_of`` is found."""

    name: Text
    all_of: Annotated[tuple[Mention, ...], Field(min_length=1)]


class ThemeCheck(_Data):
    """A theme is an act or arrangement of the body itself in the year (kind ``theme``).

    Passes when one group of ``any_of`` is found in the body's own work. Names of platforms and units, titles of
    cited documents, other authorities' work, lawyers' services and the problems part do not count; what stands only
    in the plan is ``review``. ``names_count`` and ``services_count`` lift two of these bars where a theme needs it;
    ``weak`` names sentences that mention the theme without an act and lead to ``review``.
    """

    kind: Literal["theme"]
    any_of: Annotated[tuple[MentionGroup, ...], Field(min_length=1)]
    weak: tuple[MentionGroup, ...] = ()
    names_count: bool = False
    services_count: bool = False


class DeedsCheck(_Data):
    """All deeds of a formula stand in the text about the principal (kind ``deeds``).

    ``adverb`` precedes each deed; ``deeds`` lists the accepted verbs of each; ``terms`` are names of the formula.
    ``other_actors`` cancel a sentence.
    """

    kind: Literal["deeds"]
    adverb: Text
    deeds: Annotated[dict[str, tuple[Text, ...]], Field(min_length=2)]
    terms: tuple[Text, ...] = ()
    other_actors: tuple[Pattern, ...] = ()


class PairsCheck(_Data):
    """Quoted pairs of object and deed have the exact wording (kind ``pairs``).

    ``pattern`` has the groups ``object`` and ``deed``; ``right`` are the correct pairs (object+adverb+deed);
    ``accepted`` are tolerated ones.
    """

    kind: Literal["pairs"]
    term: Text
    pattern: Pattern
    right: Annotated[tuple[Text, ...], Field(min_length=1)]
    accepted: tuple[Text, ...] = ()


class ConcreteCheck(_Data):
    """The text about the principal has a concrete deed (kind ``concrete``).

    ``subjects`` name the principal, ``other_subjects`` others; ``deeds`` are patterns by kind of evidence;
    ``not_enough`` are removed from a sentence before it is read.
    """

    kind: Literal["concrete"]
    subjects: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    other_subjects: tuple[Pattern, ...] = ()
    deeds: Annotated[dict[str, Pattern], Field(min_length=1)]
    not_enough: tuple[Pattern, ...] = ()


class NumberingCheck(_Data):
    """Heading and list numbers run on and keep one style (kind ``numbering``)."""

    kind: Literal["numbering"]


class TitleCheck(_Data):
    """The title names year and kind of document, and the body stands in it or beside it (kind ``title``)."""

    kind: Literal["title"]
    genre: Annotated[tuple[Pattern, ...], Field(min_length=1)]


Check = Annotated[
    GenreCheck
    | PartCheck
    | OwnHeadingCheck
    | HeadingOrderCheck
    | ThemeCheck
    | DeedsCheck
    | PairsCheck
    | ConcreteCheck
    | NumberingCheck
    | TitleCheck,
    Field(discriminator="kind"),
]


class Rule(_Data):
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


class Lexicon(_Data):
    """Words and sentence patterns that rules share. ``words`` are lists for ``{name}`` in patterns."""

    words: dict[str, tuple[Text, ...]]
    name_after: Pattern
    set_up: Pattern
    other_actor: Pattern
    joint_action: Pattern
    service_actor: Pattern
    negated: Pattern
    made: Pattern
    plan_opening: Pattern
    problem_opening: Pattern
    not_problem: Pattern
    deed: Pattern


class Profile(_Data):
    """A selection of rules in the order of the checklist, with severities that differ from the rule files."""

    id: Text
    title: Text
    version: Text
    rules: Annotated[tuple[Text, ...], Field(min_length=1)]
    severities: dict[str, Severity] = {}
