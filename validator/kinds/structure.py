"""Kinds of rule that look at genre, parts, themes, the principal, headings and title."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from validator.kinds.base import Data, EntityLabel, PartName, Pattern, Patterns, SomePatterns, Term, Text


class GenreCheck(Data):
    """Decide whether a text is an annual report on rule-of-law work.

    ``accept``, ``neutral`` and ``reject`` are tried on the title; ``opening`` and ``reject_opening`` on the text
    before the first heading; ``reject_text`` anywhere. Without a telling title the opening must say so, or
    ``content_needed`` of the signs in ``content`` and one of ``own_voice`` must be found.

    Passes: the title is accepted, or opening or content say so. Fails: anything is rejected, or nothing says so.

    Example::

        kind: genre
        accept: ['法治政府建设[^，。]{0,20}报告']
        reject: ['通知|方案']
        opening: ['现将[^。]{0,40}法治政府建设[^。]{0,40}报告如下']
        content: ['第一责任人', '三项制度']
        content_needed: 2
        own_voice: ['我(?:局|镇)']
    """

    kind: Literal["genre"]
    accept: SomePatterns
    neutral: Patterns = ()
    reject: SomePatterns
    opening: SomePatterns
    reject_opening: Patterns = ()
    reject_text: Patterns = ()
    content: SomePatterns
    content_needed: Annotated[int, Field(ge=1)]
    own_voice: SomePatterns


class PartCheck(Data):
    """Find a mandated part by its heading, or by its content in running text.

    ``part`` names the part; ``precedence`` orders the parts when a merged heading is read (1 first). ``headings``
    name the part, unless one of ``not_headings`` matches; ``weak_headings`` name it only when ``content_if_weak`` is
    under it. ``content`` must stand under the heading, or ``content_if_merged`` when the heading names more than this
    part (``same_matter`` are clauses that do not count as more). ``running`` are sentences that state the matter
    without a heading; ``not_running`` cancels them. Headings below those of the parts ``not_under`` do not count.
    ``thematic``: two or more level-1 headings of own fields of work count as this part.

    Passes: a heading names it and content stands under it. Review: only running text, or a heading without content.
    Fails: neither.

    Example::

        kind: part
        part: problems
        precedence: 2
        headings: ['存在[^，。]{0,8}{trouble}']
        not_headings: ['问题整改']
        content: ['{lack}']
        running: ['还存在[^。]{0,20}{trouble}']
    """

    kind: Literal["part"]
    part: PartName
    precedence: Annotated[int, Field(ge=1, le=9)]
    headings: SomePatterns
    not_headings: Patterns = ()
    weak_headings: Patterns = ()
    content: Patterns = ()
    content_if_merged: Patterns = ()
    content_if_weak: Patterns = ()
    same_matter: Patterns = ()
    running: Patterns = ()
    not_running: Patterns = ()
    not_under: tuple[PartName, ...] = ()
    thematic: bool = False


class OwnHeadingCheck(Data):
    """Each part that is present has a level-1 heading of its own.

    Passes: each does (a thematic report needs none for its measures). Fails: one is merged with another, nested
    below level 1, or without heading. Not applicable: none of the other parts is present.

    Example::

        kind: own_heading
        parts: [measures, problems]
    """

    kind: Literal["own_heading"]
    parts: Annotated[tuple[PartName, ...], Field(min_length=2)]


class HeadingOrderCheck(Data):
    """The level-1 headings of the parts stand in the order of ``parts``.

    Passes: they do. Fails: another order. Not applicable: a part lacks a level-1 heading of its own.

    Example::

        kind: heading_order
        parts: [measures, problems, principal, plan]
    """

    kind: Literal["heading_order"]
    parts: Annotated[tuple[PartName, ...], Field(min_length=2)]


class Mention(Data):
    """One thing to be named: any of ``terms``, read where it stands.

    ``needs``: one must stand in the sentence; ``needs_near``: in the paragraph or in a heading above it. ``not_before``
    and ``not_after`` reject a hit by the words that touch it, ``not_in_clause`` and ``not_in_sentence`` by its
    surroundings. ``made_documents_count``: the name of a document counts when the body made it (修订《…应急预案》).
    """

    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    needs: Patterns = ()
    needs_near: Patterns = ()
    not_before: Patterns = ()
    not_after: Patterns = ()
    not_in_clause: Patterns = ()
    not_in_sentence: Patterns = ()
    made_documents_count: bool = False


class MentionGroup(Data):
    """One way to satisfy a theme: every mention of ``all_of`` is found. ``name`` says what was looked for."""

    name: Text
    all_of: Annotated[tuple[Mention, ...], Field(min_length=1)]


class ThemeCheck(Data):
    """A theme is an act or arrangement of the body itself in the year.

    Names of platforms and units, titles of cited documents, other authorities' work, lawyers' services and the
    problems part do not count; ``names_count`` and ``services_count`` lift two of these bars where a theme needs it.
    ``related`` are words of neighbouring passages, shown as the nearest when the theme is missing.

    Passes: one group of ``any_of`` is found in own work. Review: it stands only in the plan for next year (unless
    ``in_plan`` is ``fail``), or only a group of ``weak`` is found. Fails: otherwise.

    Example::

        kind: theme
        any_of:
          - name: 行政复议、出庭应诉
            all_of:
              - terms: [行政复议, 出庭应诉]
                not_after: ['局']
    """

    kind: Literal["theme"]
    any_of: Annotated[tuple[MentionGroup, ...], Field(min_length=1)]
    weak: tuple[MentionGroup, ...] = ()
    related: tuple[Text, ...] = ()
    names_count: bool = False
    services_count: bool = False
    in_plan: Literal["review", "fail"] = "review"


class DeedsCheck(Data):
    """All deeds of a formula stand in the report.

    ``adverb`` precedes each deed; ``deeds`` gives the accepted verbs of each; ``terms`` are names of the formula;
    ``other_actors`` cancel a clause. Plan and problems do not count.

    Passes: every deed, or a name of the formula. Fails: one or more lack, which are named.

    Example::

        kind: deeds
        adverb: 亲自
        deeds: {亲自部署: [部署, 布置], 亲自督办: [督办]}
        terms: [四个亲自]
    """

    kind: Literal["deeds"]
    adverb: Text
    deeds: Annotated[dict[str, tuple[Text, ...]], Field(min_length=2)]
    terms: tuple[Term, ...] = ()
    other_actors: Patterns = ()


class PairsCheck(Data):
    """Quoted pairs of object and deed have the exact wording.

    ``pattern`` has the groups ``object`` and ``deed``, with ``term`` between them; ``right`` are the correct pairs;
    ``accepted`` are tolerated ones.

    Passes: no quoted pair deviates, or none is quoted. Fails: once for each deviating pair, with the right one.

    Example::

        kind: pairs
        term: 亲自
        pattern: '(?P<object>重要工作)亲自(?P<deed>部署|布置)'
        right: [重要工作亲自部署]
    """

    kind: Literal["pairs"]
    term: Text
    pattern: Pattern
    right: Annotated[tuple[Text, ...], Field(min_length=1)]
    accepted: tuple[Text, ...] = ()


class Proof(Data):
    """One kind of evidence: a marked passage of ``label``. ``before`` must stand in its clause before it;
    ``not_before`` right before it and ``not_after`` right after it cancel it.
    """

    label: EntityLabel
    before: Pattern | None = None
    not_before: Pattern | None = None
    not_after: Pattern | None = None


class ConcreteCheck(Data):
    """The text about the principal has a concrete deed.

    ``subjects`` name the principal, ``other_subjects`` others; ``proofs`` are the kinds of evidence that count;
    ``not_enough`` are words in which no evidence counts.

    Passes: one sentence about the principal has a number, date, named document, named meeting or named deed.
    Fails: only general phrases.

    Example::

        kind: concrete
        subjects: ['{principal}']
        proofs: [{label: QUANTITY}]
        not_enough: ['领导小组']
    """

    kind: Literal["concrete"]
    subjects: SomePatterns
    other_subjects: Patterns = ()
    proofs: Annotated[tuple[Proof, ...], Field(min_length=1)]
    not_enough: Patterns = ()


class NumberingCheck(Data):
    """Heading and list numbers run on and keep one style.

    Passes: from 1 without gap or repeat, one scheme for a level. Fails: once for each gap, repeat, lost number or
    mixed style.

    Example::

        kind: numbering
    """

    kind: Literal["numbering"]


class TitleCheck(Data):
    """The title names year and kind of document (``genre``), and the body stands in it or beside it.

    ``needs`` says which of the three the rule is about (default: all).

    Passes: all of them. Fails: no title, or one of them lacks.

    Example::

        kind: title
        genre: ['法治政府建设[^，。]{0,20}报告']
    """

    kind: Literal["title"]
    genre: SomePatterns
    needs: Annotated[tuple[Literal["organ", "year", "genre"], ...], Field(min_length=1)] = ("organ", "year", "genre")
