"""Draft + RuleSet + Calendar → the lines of a report to be filled in, for an organ and a year, with their hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from validator.draft.plan_file import Draft, DraftPart, DraftSection
from validator.engine import describe_basis
from validator.kinds import GenreCheck, TitleCheck
from validator.law.calendar import Calendar, Organ, Plan, plan_year
from validator.law.words import tell_item
from validator.reporters import words
from validator.reporters.words import SEVERITY_WORDS
from validator.rule import Rule
from validator.rulebook.when import counting_sources, years_of
from validator.ruleset import RuleSet

Style = Literal["title", "addressee", "heading", "subheading", "text", "sign"]
NO_ORGAN = "〔单位名称〕"
_HINT = "提示"
_NO_CONTENT = "这一年度没有查到规定报告内容的文件，这些标题只供参考。"


@dataclass(frozen=True, slots=True)
class Hint:
    """A comment: who signs it — the weight of the rule, by which Word can filter — and its lines."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the report. ``words`` of a title are two lines; headings have no number yet."""

    style: Style
    words: tuple[str, ...]
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A report to be filled in, from the title to the signature."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Making:
    ruleset: RuleSet
    organ: Organ
    year: int

    def dated(self, text: str) -> str:
        return text.replace("{year}", str(self.year)).replace("{next_year}", str(self.year + 1))

    def hints(self, names: Iterable[str]) -> tuple[Hint, ...]:
        rules = {r.id: r for r in self.ruleset.rules}
        return tuple(self.hint(rules[n]) for n in names if n in rules and holds(rules[n], self.ruleset, self.year))

    def hint(self, rule: Rule) -> Hint:
        basis = describe_basis(self.ruleset, rule, self.organ.kind)
        lines = [f"{rule.id} {rule.title}", rule.rationale, "可以这样写：", *rule.wording.strip().splitlines()]
        lines += [f"依据：{words.describe_basis(b)}" for b in basis]
        return Hint(SEVERITY_WORDS[rule.severity], "\n".join(lines))


def holds(rule: Rule, ruleset: RuleSet, year: int) -> bool:
    """Tell whether a source of a rule is in force on the last day of a year."""
    if isinstance(rule.check, GenreCheck):
        return True
    spans = years_of(counting_sources(rule, ruleset))
    return any(first <= year and (last is None or year <= last) for first, last in spans)


def build_skeleton(
    draft: Draft, ruleset: RuleSet, calendar: Calendar, *, year: int, organ: Organ, name: str = ""
) -> Skeleton:
    """Return the report of an organ on a year, to be filled in.

    Args:
        draft: headings and blanks.
        ruleset: the rules whose hints are given.
        calendar: says to whom the report goes, and when.
        year: the reporting year.
        organ: what kind of organ, and of which level.
        name: the name of the organ; empty: a blank.
    """
    made = _Making(ruleset, organ, year)
    signed = name or NO_ORGAN
    title = made.dated(draft.title)
    front = [r.id for r in ruleset.rules if isinstance(r.check, GenreCheck | TitleCheck)]
    plan = plan_year(calendar, year, (organ,))
    lines = [
        Line("title", (signed, title), made.hints(front)),
        Line("addressee", ("〔主送机关〕：",), (Hint(_HINT, "\n".join(_tell_dates(plan))),)),
        Line("text", (made.dated(draft.opening),)),
    ]
    for part in draft.parts:
        lines += _part(made, draft, part)
    lines += [Line("sign", (signed,)), Line("sign", (f"{year + 1}年〔  〕月〔  〕日",))]
    return Skeleton(f"{signed}{title}", tuple(lines))


def _tell_dates(plan: Plan) -> Iterator[str]:
    told = [tell_item(item) for item in plan.items]
    yield "写报告主送谁。"
    if told:
        yield from told
    elif plan.known:
        yield f"{plan.year}年度的规定没有点名这类单位，报给谁按本地的要求。"
    else:
        yield f"没有查到{plan.year}年度报告报送和公开的规定，报给谁按本地的要求。"


def _part(made: _Making, draft: Draft, part: DraftPart) -> Iterator[Line]:
    rules = {r.id: r for r in made.ruleset.rules}
    listed = {n for p in draft.parts for n in (p.rule, *p.rules, *(n for s in p.sections for n in s.rules))}
    rule = rules.get(part.rule)
    own = [r.id for r in made.ruleset.rules if rule and r.stands_in == rule.stands_in and r.id not in listed]
    hints = list(made.hints((part.rule, *part.rules, *own)))
    if rule is None or not holds(rule, made.ruleset, made.year):
        hints.insert(0, Hint(_HINT, _NO_CONTENT))
    if part.note:
        hints.append(Hint(_HINT, part.note))
    heading = part.heading_for.get(made.organ.kind, part.heading)
    yield Line("heading", (made.dated(heading),), tuple(hints))
    for section in part.sections:
        yield from _section(made, section)
    several = len(part.prompts) > 1
    for number, prompt in enumerate(part.prompts):
        yield Line("text", (f"（{'一二三四五六七八九'[number]}）〔{prompt}〕" if several else f"〔{prompt}〕",))


def _section(made: _Making, section: DraftSection) -> Iterator[Line]:
    hints = made.hints(section.rules)
    if not hints:
        return
    note = (Hint(_HINT, section.note),) if section.note else ()
    yield Line("subheading", (made.dated(section.heading),), (*hints, *note))
    yield from (Line("text", (f"〔{prompt}〕",)) for prompt in section.prompts)
