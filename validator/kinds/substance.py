"""Kinds of rule that read what the report says: evidence, numbers, references, wording, problems and their plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from validator.kinds.base import Data, PartName, Pattern, Patterns, RuleId, SomePatterns, Text

LandmarkKind = Literal[
    "law",
    "regulation",
    "party_regulation",
    "judicial",
    "policy",
    "plan",
    "congress",
    "meeting",
    "formula",
    "campaign",
    "agency",
    "exam",
    "day",
    "body",
    "book",
    "institution",
]


class ActivityCheck(Data):
    """A theme is backed by an activity with a number, in the section that names the theme.

    ``theme`` is the rule whose own-work mentions are taken. ``activity`` must stand in the clause of the quantity, or
    before it in its sentence; ``other`` in the clause, or since the clause before, makes it something else. ``units``
    are the units that count; ``frequency``: 每月 and the like count too. ``same_subject``: where the sentence does
    not name the theme, ``other_subject`` cancels it.

    Passes: one such activity. Fails: none.

    Example::

        kind: activity
        theme: T302
        activity: ['宣传|讲座']
        other: ['罚款']
        units: [场, 次]
    """

    kind: Literal["activity"]
    theme: RuleId
    activity: SomePatterns
    other: Patterns = ()
    units: Annotated[tuple[Text, ...], Field(min_length=1)]
    frequency: bool = False
    same_subject: Patterns = ()
    other_subject: Patterns = ()


class SumsCheck(Data):
    """Totals and their listed parts add up.

    ``markers`` introduce parts (其中, 包括); ``total`` are words of a stated total, needed where a list follows a
    total directly. ``activity`` at the start of a clause says that its number is an act of its own, no part;
    ``overlapping`` are statuses that one case can have at once; ``compared`` cancel a number (同比…).

    Passes: each total that has parts adds up. Review: one does not; the sum is worked out. Not applicable: no total
    with listed parts.

    Fails: never.

    Example::

        kind: sums
        markers: ['其中']
        total: ['共|累计']
        activity: ['开展|召开']
        overlapping: ['办结|化解']
        compared: ['同比']
    """

    kind: Literal["sums"]
    markers: SomePatterns
    total: SomePatterns
    activity: SomePatterns
    overlapping: Patterns = ()
    compared: Patterns = ()


class SameMeasureCheck(Data):
    """One measure is not given two values.

    The name of a measure is what stands before its number in the clause, or after it; it begins after the last of the
    words ``lead`` (共, 全年); ``scope`` in the clause or sentence makes it a measure of another period, place or body;
    ``least`` is the number of characters a name needs.

    Passes: no measure has two values. Review: one has; both are shown.

    Fails: never.

    Example::

        kind: same_measure
        lead: '共|累计|办理'
        scope: ['上半年|同比']
        least: 4
    """

    kind: Literal["same_measure"]
    lead: Pattern
    scope: SomePatterns
    least: Annotated[int, Field(ge=2)]


class LandmarksCheck(Data):
    """Laws, plans, meetings and names of ``landmarks.yaml`` are cited in their time.

    ``fault``: ``stale`` (superseded before the end of the reporting year), ``renamed`` (superseded before it began)
    or ``premature`` (not there by 30 April of the year after). ``kinds`` are the kinds of landmark that are looked for,
    ``title_only`` those that count only as a whole title in 《》. ``not_after`` right after a name makes it another
    word; ``history`` near the name says that it is told as history, or as something still to come.

    Passes: none. Fails: once for each name, with what took its place.

    Example::

        kind: landmarks
        fault: stale
        kinds: [plan, law]
        title_only: [law]
        history: ['原|曾|废止']
    """

    kind: Literal["landmarks"]
    fault: Literal["stale", "renamed", "premature"]
    kinds: Annotated[tuple[LandmarkKind, ...], Field(min_length=1)]
    title_only: tuple[LandmarkKind, ...] = ()
    not_after: Pattern | None = None
    history: SomePatterns


class TitlesCheck(Data):
    """Cited titles of national law and documents are spelled right.

    A title is compared with ``titles.yaml`` and the titles of ``landmarks.yaml``. ``local`` are patterns of titles of
    local and own documents, which are left alone; ``prefix`` is what may stand before a right title.

    Passes: no title is a near miss. Review: one is; the right title is named.

    Fails: never.

    Example::

        kind: titles
        local: ['^[^法]{2,8}[省市县区]']
        prefix: '新|新修订的?'
    """

    kind: Literal["titles"]
    local: Patterns = ()
    prefix: Pattern


class YearsCheck(Data):
    """Title, opening, part headings and plan agree on the reporting year and the year after.

    ``reporting`` finds the year in the opening (its first group); ``planning`` in a sentence of the plan;
    ``plan_headings`` in a level-1 heading that is a plan by its words, whatever its year.

    Passes: no contradiction. Fails: once for each year that contradicts.

    Example::

        kind: years
        reporting: ['现将(20[0-9]{2})年']
        planning: ['^(20[0-9]{2})年，[^。]{0,20}将']
        plan_headings: ['^(20[0-9]{2})年.*安排$']
    """

    kind: Literal["years"]
    reporting: SomePatterns
    planning: SomePatterns
    plan_headings: Patterns = ()


class WrongUse(Data):
    """One wrong wording. ``pattern`` may have a group ``wrong``, the words to change; ``right`` replaces them.

    ``needs`` must stand in the sentence.
    """

    pattern: Pattern
    right: Text | None = None
    needs: Patterns = ()


class NearName(Data):
    """Names that must be exact: a ``token`` that is one character away from a name of ``right`` is a slip."""

    token: Pattern
    right: Annotated[tuple[Text, ...], Field(min_length=1)]


class WordingCheck(Data):
    """Fixed terms stand in their fixed form.

    ``wrong`` are the wrong forms; ``near`` names that are one character off are wrong too; ``unless`` are patterns
    that, covering the words, make them right. Titles of cited documents do not count.

    Passes: no wrong form. Fails: once for each, with the right one.

    Example::

        kind: wording
        wrong:
          - {pattern: '(?P<wrong>法制)宣传', right: 法治}
        unless: ['法制审核']
    """

    kind: Literal["wording"]
    wrong: Annotated[tuple[WrongUse, ...], Field(min_length=1)]
    near: tuple[NearName, ...] = ()
    unless: Patterns = ()


class RepeatedCheck(Data):
    """No word or clause stands twice in a row.

    A short word counts when it is one of ``words`` or stands elsewhere in the report too (联查联动 holds no word 查联).
    ``allowed`` are repetitions that are right (研究研究, 一件一件); ``particles`` are single characters that are wrong
    when doubled.

    Passes: none. Fails: once for each; the second copy is to be deleted.

    Example::

        kind: repeated
        allowed: ['^一']
        particles: ['的的(?!确)']
    """

    kind: Literal["repeated"]
    allowed: Patterns = ()
    words: tuple[Text, ...] = ()
    particles: Patterns = ()


class PunctuationCheck(Data):
    """Marks are full-width in Chinese, and headings on a line of their own end without one.

    Passes: so throughout. Fails: once for each half-width , ; : ? beside Chinese and each heading that ends in
    。；，.

    Example::

        kind: punctuation
    """

    kind: Literal["punctuation"]


class PersonalDataCheck(Data):
    """No identity number (valid check digit), mobile number or bank card number (Luhn) of a person.

    ``numbered`` before a number says that it is something else (编号, 信用代码).

    Passes: none. Fails: once for each, shown masked.

    Example::

        kind: personal_data
        numbered: ['编号']
    """

    kind: Literal["personal_data"]
    numbered: Patterns = ()


class StatementCheck(Data):
    """A part states something: one of ``patterns`` stands in a sentence of it, once ``not_patterns`` are taken out.

    ``part`` names the part; ``lacking`` says what a sentence without it does.

    Passes: one sentence does. Fails: none does.

    Example::

        kind: statement
        part: problems
        patterns: ['由于|导致']
        not_patterns: ['不会造成']
        lacking: 只说了问题
    """

    kind: Literal["statement"]
    part: PartName
    patterns: SomePatterns
    not_patterns: Patterns = ()
    lacking: Text


class ItemsCheck(Data):
    """A part has ``least`` distinct items, each with one of ``content``.

    ``part`` names the part; ``empty`` is taken out of the words before they are read. Two items on the same matters of
    ``matters.yaml``, or alike in words, are one. ``single`` are sentences that name the one problem; what follows
    explains it.

    Passes: so many. Fails: fewer.

    Example::

        kind: items
        part: problems
        least: 2
        content: ['{lack}']
        empty: ['还存在一些不足']
    """

    kind: Literal["items"]
    part: PartName
    least: Annotated[int, Field(ge=1)]
    content: SomePatterns
    empty: Patterns = ()
    single: Patterns = ()


class ClosureCheck(Data):
    """Every problem is taken up by an item of the plan.

    Problems and items are compared by the matters of ``matters.yaml``; a problem of none of them by its own words.
    ``content`` tells a problem from an opening where there is no list; ``empty`` is taken out before.

    Passes: each problem shares a matter with an item of the plan. Review: one or more do not; each is named.

    Fails: never.

    Example::

        kind: closure
        content: ['{lack}']
    """

    kind: Literal["closure"]
    content: SomePatterns
    empty: Patterns = ()
