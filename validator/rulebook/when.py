"""From when to when a rule applies: the years whose last day sees one of its sources in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from validator.applicability import describe_applies
from validator.kinds import GenreCheck
from validator.language import Language
from validator.options import FIRST_YEAR
from validator.rule import Rule, Source, Years
from validator.rulebook.sayings import Saying
from validator.ruleset import RuleSet

_ALWAYS = Saying("任何年度的报告都查。", "Reports on any year.")
_NEVER = Saying("按现有依据，没有适用的年度。", "Under these sources it applies to no year.")


def counting_sources(rule: Rule, ruleset: RuleSet) -> tuple[Source, ...]:
    """Return the sources that decide when a rule applies: those on the content of reports, where there are any."""
    content = [b for b in rule.basis if b.relation == "content"]
    return tuple(ruleset.sources[b.source] for b in content or rule.basis)


def tell_years(rule: Rule, ruleset: RuleSet) -> Saying:
    """Return the reporting years to which a rule applies, in one sentence.

    A report is judged by the law of 31 December of its year, so a source counts for a year on whose last day it is in
    force; a rule can name fewer years itself. A genre rule is asked of every text.
    """
    if isinstance(rule.check, GenreCheck):
        return _ALWAYS
    spans = _within(years_of(counting_sources(rule, ruleset)), rule.applies.years)
    if not spans:
        return _NEVER
    if spans[0][0] <= FIRST_YEAR and spans[0][1] is None:
        return _ALWAYS
    zh = "，".join(f"{a}年度起的报告" if b is None else f"{a}年度到{b}年度的报告" for a, b in spans)
    en = ", ".join(f"{a} and later" if b is None else f"{a} to {b}" for a, b in spans)
    return Saying(f"{zh}。", f"Reports on {en}.")


def tell_limits(rule: Rule, ruleset: RuleSet) -> tuple[Saying, ...]:
    """Return for whom only the rule is asked (of which years: ``tell_years``), and whether a pack switched it off."""
    found = []
    if who := describe_applies(rule.applies.model_copy(update={"years": Years()})):
        found.append(Saying("{who}。", " {who}.", {"who": who}))
    if rule.id in ruleset.off:
        found.append(
            Saying("清单不查这一条：{why}。", " A pack does not ask it: {why}.", {"why": ruleset.off[rule.id]})
        )
    return tuple(found)


def years_of(sources: Iterable[Source]) -> list[tuple[int, int | None]]:
    """Return the first and last years of sources, joined where one goes on from the other; ``None``: still in force."""
    every = ((s.in_force.year, None if s.repealed is None else s.repealed.year - 1) for s in sources)
    found: list[tuple[int, int | None]] = []
    for first, last in sorted(every, key=lambda years: years[0]):
        if last is not None and last < first:
            continue
        if not found:
            found.append((first, last))
            continue
        begun, known = found[-1]
        if known is None or known >= first - 1:
            found[-1] = (begun, None if known is None or last is None else max(known, last))
        else:
            found.append((first, last))
    return found


def _within(spans: Iterable[tuple[int, int | None]], years: Years) -> list[tuple[int, int | None]]:
    """Return the part of spans of years that lies within the half-open years of a rule."""
    most = None if years.until is None else years.until - 1
    found = []
    for begun, ended in spans:
        first = begun if years.first is None else max(begun, years.first)
        last = most if ended is None else ended if most is None else min(ended, most)
        if last is None or first <= last:
            found.append((first, last))
    return found


def tell_day(day: date, language: Language) -> str:
    """Return a day as people write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
