"""RuleSet × Document → FileResult: facts and parts once, every term in one pass, then one verdict for every rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ahocorasick_rs import AhoCorasick, Implementation

from validator.applicability import exempt_reason
from validator.checks.context import CheckContext, Verdict, find_cited_titles
from validator.checks.parts import Parts, locate_parts, name_parts
from validator.checks.patterns import Patterns
from validator.checks.references import References, build_references
from validator.checks.table import run_check
from validator.document import Document
from validator.errors import OptionError, ValidatorError
from validator.facts import Facts, extract_facts, read_publication
from validator.kinds import GenreCheck, PartCheck, ThemeCheck
from validator.nlp.model import Model
from validator.nlp.pipeline import Pipeline
from validator.options import CheckOptions, OrganKind
from validator.outline import Outline, parse_outline
from validator.result import (
    Basis,
    FactPlaces,
    FactSheet,
    FileResult,
    RuleResult,
    file_outcome,
    least_certain,
)
from validator.rule import Rule
from validator.ruleset import RuleSet
from validator.text_lines import list_text_lines

MOST_FINDINGS = 20
OCR_DOUBT = "文字由图像识别得到，可能有错，请对照原件"
OTHER_GENRE = "文种不符，其余规则不适用"
SWITCHED_OFF = "局里的清单不查这一项："
NO_YEAR = "无法确定报告年度：标题和正文都没有写明。请用 --year 指定，例如 --year 2023。"


@dataclass(frozen=True, slots=True)
class Engine:
    """A rule set made ready to run: one per process. ``chosen`` are the rules that give results."""

    ruleset: RuleSet
    options: CheckOptions
    chosen: tuple[Rule, ...]
    gates: tuple[Rule, ...]
    rules: Mapping[str, Rule]
    part_checks: tuple[PartCheck, ...]
    references: References
    terms: tuple[str, ...]
    matcher: AhoCorasick
    pipeline: Pipeline
    _patterns: dict[int | None, Patterns]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was read out of a document before any rule ran."""

    outline: Outline
    facts: Facts
    parts: Parts


def build_engine(
    ruleset: RuleSet, options: CheckOptions, model: Model | None = None, *, pipeline: Pipeline | None = None
) -> Engine:
    """Prepare a rule set.

    Args:
        ruleset: the rules.
        options: what the user states.
        model: the trained pipeline to read sentences with, beside the patterns.
        pipeline: one that was made of the same rule set and model, to be shared.

    Raises:
        OptionError: ``select`` or ``ignore`` names a rule that does not exist, or nothing is left to check.
    """
    known = {r.id for r in ruleset.rules}
    for name in (*options.select, *options.ignore):
        if not any(_names(name, identifier) for identifier in known):
            raise OptionError(f"没有编号为 {name} 的规则。用 fazhi rules list 查看全部规则。")
    chosen = tuple(r for r in ruleset.rules if _is_chosen(r.id, options))
    if not chosen:
        raise OptionError("没有剩下要检查的规则，请检查 --select 和 --ignore。")
    part_checks = sorted((r.check for r in ruleset.rules if isinstance(r.check, PartCheck)), key=lambda c: c.precedence)
    gates = tuple(r for r in ruleset.rules if isinstance(r.check, GenreCheck))
    references = build_references(ruleset.landmarks, ruleset.titles)
    terms = tuple(sorted(set(_terms(ruleset.rules)) | references.landmarks.keys()))
    matcher = AhoCorasick(terms, implementation=Implementation.ContiguousNFA)
    return Engine(
        ruleset,
        options,
        chosen,
        gates,
        {r.id: r for r in ruleset.rules},
        tuple(part_checks),
        references,
        terms,
        matcher,
        pipeline or Pipeline(ruleset.spans, model),
        {},
    )


def _names(name: str, identifier: str) -> bool:
    """A rule is named by its id or by its group letter."""
    return name == identifier or (len(name) == 1 and identifier.startswith(name))


def _is_chosen(identifier: str, options: CheckOptions) -> bool:
    wanted = not options.select or any(_names(n, identifier) for n in options.select)
    return wanted and not any(_names(n, identifier) for n in options.ignore)


def _terms(rules: Iterable[Rule]) -> Iterable[str]:
    for rule in rules:
        if isinstance(rule.check, ThemeCheck):
            for group in (*rule.check.any_of, *rule.check.weak):
                for mention in group.all_of:
                    yield from mention.terms
            yield from rule.check.related


def analyse(engine: Engine, document: Document) -> Analysis:
    """Parse the outline, read the facts and locate the parts of a document."""
    loose = _patterns(engine, None)
    outline = parse_outline(document, lambda title: bool(name_parts(title, engine.part_checks, loose)))
    facts = extract_facts(document, outline, engine.options)
    patterns = _patterns(engine, facts.year)
    parts = locate_parts(document, outline, engine.part_checks, patterns, engine.ruleset.lexicon)
    return Analysis(outline, facts, parts)


def _patterns(engine: Engine, year: int | None) -> Patterns:
    found = engine._patterns.get(year)
    if found is None:
        found = Patterns(engine.ruleset.lexicon.words, year)
        engine._patterns[year] = found
    return found


def build_context(engine: Engine, document: Document, *, all_findings: bool = False) -> CheckContext:
    """Read everything out of a document that rules look at. ``all_findings``: no rule stops at its first twenty."""
    analysis = analyse(engine, document)
    facts = analysis.facts
    return CheckContext(
        document,
        analysis.outline,
        facts,
        analysis.parts,
        _find_terms(engine, document),
        _patterns(engine, facts.year),
        find_cited_titles(document.text),
        engine.options.as_of or (date(facts.year, 12, 31) if facts.year else None),
        engine.rules,
        engine.ruleset.lexicon,
        engine.ruleset.matters,
        engine.references,
        engine.pipeline,
        None if all_findings else MOST_FINDINGS,
    )


def evaluate_rule(engine: Engine, rule: Rule, document: Document) -> RuleResult:
    """Return the outcome of one rule, whatever the genre of the text (for the examples of rules)."""
    return _Evaluation(engine, build_context(engine, document)).result(rule)


def evaluate_ungated(engine: Engine, document: Document) -> tuple[RuleResult, ...]:
    """Return the outcome of every chosen rule, whatever the genre of the text (for the lint of rules)."""
    evaluation = _Evaluation(engine, build_context(engine, document))
    return tuple(evaluation.result(rule) for rule in engine.chosen)


def evaluate(engine: Engine, document: Document, *, all_findings: bool = False, with_text: bool = False) -> FileResult:
    """Return an outcome for every chosen rule.

    Args:
        engine: the rules made ready.
        document: the report.
        all_findings: no rule stops at its first twenty.
        with_text: the result holds the whole text too.
    """
    return evaluate_context(engine, build_context(engine, document, all_findings=all_findings), with_text=with_text)


def evaluate_context(engine: Engine, context: CheckContext, *, with_text: bool = False) -> FileResult:
    """Return an outcome for every chosen rule, for a document that was read already."""
    document = context.document
    evaluation = _Evaluation(engine, context)
    gates = [evaluation.result(gate) for gate in engine.gates]
    reason = error = None
    if any(g.outcome == "fail" for g in gates):
        reason = OTHER_GENRE
    elif any(g.outcome == "error" for g in gates):
        error = "文种规则未能运行"
    elif context.as_of is None:
        error = NO_YEAR
    opened = {g.id for g in engine.gates}
    rules = []
    for rule in engine.chosen:
        if rule.id in opened or (reason is None and error is None):
            rules.append(evaluation.result(rule))
        else:
            verdict = Verdict("not_applicable", reason=reason) if reason else Verdict("error", reason=error)
            rules.append(_result(engine, rule, context.facts, verdict))
    errors = (NO_YEAR,) if reason is None and context.as_of is None else ()
    if document.raw.reading == "ocr":
        rules = [_doubt(r) for r in rules]
    return FileResult(
        document.raw.name,
        document.raw.sha256,
        file_outcome(rules, errors),
        context.as_of.isoformat() if context.as_of else None,
        _fact_sheet(document, context),
        tuple(rules),
        errors,
        document.raw.reading,
        text=list_text_lines(document, context.outline) if with_text else None,
    )


def _doubt(rule: RuleResult) -> RuleResult:
    """Return a result whose words were recognised in pictures: what fails is for a person to look at."""
    if rule.outcome != "fail":
        return replace(rule, reading="ocr")
    findings = tuple(replace(f, outcome="review") if f.outcome == "fail" else f for f in rule.findings)
    return replace(rule, outcome="review", reason=rule.reason or OCR_DOUBT, findings=findings, reading="ocr")


def unreadable(engine: Engine, name: str, sha256: str | None, message: str) -> FileResult:
    """Return the result of a file that could not be read or checked: every rule is an ``error``."""
    reason = "文件未能检查"
    rules = tuple(RuleResult(r.id, r.title, "error", r.severity, reason) for r in engine.chosen)
    return FileResult(name, sha256, "error", None, None, rules, (message,))


def _find_terms(engine: Engine, document: Document) -> dict[str, tuple[int, ...]]:
    """Return the offsets of every term of every rule, found in one pass over the text."""
    found: dict[str, list[int]] = {}
    for index, start, _ in engine.matcher.find_matches_as_indexes(document.text, overlapping=True):
        found.setdefault(engine.terms[index], []).append(start)
    return {term: tuple(starts) for term, starts in found.items()}


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """The rules of one document: each is run once, also when others wait for its outcome."""

    engine: Engine
    context: CheckContext
    _done: dict[str, RuleResult] = field(default_factory=dict)

    def result(self, rule: Rule) -> RuleResult:
        """Return the result of a rule, after those it waits for."""
        found = self._done.get(rule.id)
        if found is None:
            found = self._done[rule.id] = _result(self.engine, rule, self.context.facts, self._verdict(rule))
        return found

    def _verdict(self, rule: Rule) -> Verdict:
        """Run one rule. A rule that crashes becomes an ``error`` result and the run goes on."""
        reason = self._exempt(rule)
        if reason is not None:
            return Verdict("not_applicable", reason=reason)
        for name, outcomes in rule.only_if.items():
            needed = self.result(self.engine.rules[name])
            if needed.outcome == "error":
                return Verdict("error", reason=f"前提规则{name}未能运行")
            if needed.outcome not in outcomes:
                failed = "不适用" if needed.outcome == "not_applicable" else "没有通过"
                return Verdict("not_applicable", reason=f"以{name}（{needed.title}）为前提，{name}{failed}")
        try:
            return run_check(rule, self.context)
        except ValidatorError:
            raise
        except Exception as exc:  # one of the two places where everything is caught: a rule must not end the run
            return Verdict("error", reason=f"规则运行出错（{type(exc).__name__}）")

    def _exempt(self, rule: Rule) -> str | None:
        """Return why a rule is not asked of this report: switched off, for other organs or years, not in force."""
        if isinstance(rule.check, GenreCheck):
            return None
        if rule.id in self.engine.ruleset.off:
            return f"{SWITCHED_OFF}{self.engine.ruleset.off[rule.id]}"
        reason = exempt_reason(rule, self.context.facts, self.engine.options)
        return reason or _out_of_force(self.engine, rule, self.context.as_of)


def _out_of_force(engine: Engine, rule: Rule, as_of: date | None) -> str | None:
    """Return why a rule does not apply on a date: none of its sources was in force.

    Where a source says what the report must contain, only such sources count: a duty alone does not make content.
    """
    if as_of is None:
        return None
    content = [b for b in rule.basis if b.relation == "content"]
    sources = [engine.ruleset.sources[b.source] for b in content or rule.basis]
    if any(s.in_force <= as_of and (s.repealed is None or as_of < s.repealed) for s in sources):
        return None
    first = min(sources, key=lambda s: s.in_force)
    if as_of < first.in_force:
        return f"{as_of.year}年度适用的依据中没有这一要求：《{first.title}》自{_day(first.in_force)}起施行"
    return f"《{first.title}》已于{_day(first.repealed or first.in_force)}失效"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def describe_basis(ruleset: RuleSet, rule: Rule, organ_kind: OrganKind | None = None) -> tuple[Basis, ...]:
    """Return the clauses a rule rests on, and how sure they are, for a kind of organ."""
    by_reference = organ_kind in rule.reference_for
    return tuple(
        Basis(
            b.source,
            source.title,
            source.number,
            b.article,
            b.quote,
            b.relation,
            least_certain(source.source_status, *(a.article_status for a in source.articles if a.id == b.article)),
            by_reference and b.relation != "editorial",
        )
        for b in rule.basis
        for source in (ruleset.sources[b.source],)
    )


def _result(engine: Engine, rule: Rule, facts: Facts, verdict: Verdict) -> RuleResult:
    return RuleResult(
        rule.id,
        rule.title,
        verdict.outcome,
        rule.severity,
        verdict.reason,
        verdict.evidence,
        verdict.findings,
        describe_basis(engine.ruleset, rule, facts.organ_kind),
        pairs=verdict.pairs,
    )


def _fact_sheet(document: Document, context: CheckContext) -> FactSheet:
    facts = context.facts
    around = read_publication(document, context.outline)
    places = FactPlaces(
        document.location(facts.title_span) if facts.title_span else None,
        document.location(facts.year_span) if facts.year_span else None,
        document.location(facts.organ_span) if facts.organ_span else None,
    )
    return FactSheet(
        facts.title,
        facts.year,
        facts.organ,
        facts.organ_level,
        facts.organ_kind,
        places,
        around.document_number,
        around.published,
        around.index_number,
        around.source,
    )
