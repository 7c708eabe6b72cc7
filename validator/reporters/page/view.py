"""RunResult → what stands on the page, in words and in order; the templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from validator.document import Location
from validator.reporters.page.marks import Kind, Marks
from validator.reporters.page.text import Block, build_blocks
from validator.reporters.words import (
    OTHER_PART,
    OUTCOME_MARKS,
    OUTCOME_WORDS,
    PART_WORDS,
    READ_BY_OCR,
    SEVERITIES,
    SEVERITY_WORDS,
    conclude_file,
    conclude_run,
    describe_acceptance,
    describe_accepted,
    describe_basis,
    describe_coverage,
    describe_level,
    describe_pipeline,
    describe_place,
    name_outcome,
    needs_attention,
    place_line,
)
from validator.result import (
    OUTCOMES,
    Evidence,
    FactSheet,
    FileResult,
    Finding,
    Outcome,
    Pair,
    RuleResult,
    RuleSetId,
    RunResult,
    Severity,
)

_ALWAYS_OPEN = 3
"""A page of so many files shows all of them opened."""
_MARKED: dict[Outcome, Kind] = {"fail": "fail", "review": "review"}


@dataclass(frozen=True, slots=True)
class State:
    """An outcome: its name for the style, its mark and its word."""

    name: Outcome
    mark: str
    word: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the report, where they stand, why they do not count, and the anchor of their highlight."""

    words: str
    place: str
    anchor: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding. ``anchor`` is its highlight, ``insert`` the mark at which something should be written."""

    message: str
    state: State
    known: bool
    place: str
    anchor: str | None
    excerpt: str
    expected: str
    insert: str | None
    sought: str
    candidates: tuple[Passage, ...]
    replacement: str | None
    wording: str | None


@dataclass(frozen=True, slots=True)
class PairView:
    """A problem, the item of the plan that takes it up, and what they share."""

    problem: Passage
    plan: Passage | None
    shared: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A row of the checklist. ``wording`` is the model wording that all its findings share."""

    anchor: str
    id: str
    title: str
    state: State
    severity: Severity
    weight: str
    part: str
    todo: bool
    accepted: str
    reason: str
    findings: tuple[FindingView, ...]
    pairs: tuple[PairView, ...]
    evidence: tuple[Passage, ...]
    basis: tuple[str, ...]
    wording: str | None
    read_by_ocr: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """The rules of one part of the checklist."""

    key: str
    name: str
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    """One report. ``todo`` are the rules to attend to, by severity; ``blocks`` is its text."""

    anchor: str
    path: str
    state: State
    said: str
    errors: tuple[str, ...]
    warning: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[State, ...]
    todo: tuple[tuple[str, tuple[RuleView, ...]], ...]
    parts: tuple[PartView, ...]
    blocks: tuple[Block, ...]
    number_name: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page. ``weights``, ``states`` and ``parts`` are what the checklist can be filtered by."""

    said: str
    files: tuple[FileView, ...]
    opened: bool
    weights: tuple[tuple[Severity, str], ...]
    states: tuple[State, ...]
    parts: tuple[tuple[str, str], ...]
    rule_count: int
    acceptance: tuple[tuple[str, bool], ...]
    closing: tuple[str, ...]


def view_run(result: RunResult) -> PageView:
    """Return what stands on the page of a run."""
    files = tuple(_view_file(f"f{i}", file) for i, file in enumerate(result.files, 1))
    rules = [r for f in files for p in f.parts for r in p.rules]
    severities, outcomes = {r.severity for r in rules}, {r.state.name for r in rules}
    parts = dict.fromkeys(r.part for r in rules)
    return PageView(
        conclude_run(result) if result.files else "没有检查任何文件。",
        files,
        len(result.files) <= _ALWAYS_OPEN,
        tuple((s, SEVERITY_WORDS[s]) for s in SEVERITIES if s in severities),
        tuple(_state(o) for o in OUTCOMES if o in outcomes),
        tuple((p, PART_WORDS.get(p, OTHER_PART)) for p in parts),
        len(rules),
        tuple((line.strip(), line.startswith(" ")) for line in describe_acceptance(result)),
        (
            describe_coverage(result),
            describe_pipeline(result),
            f"程序 {result.tool.name} {result.tool.version}，{_describe_ruleset(result.ruleset)}。",
        ),
    )


def head_anew(file: FileView, outcome: Outcome, heading: str) -> FileView:
    """Return a report under another conclusion than the tool's, which stands below it."""
    state = State(outcome, OUTCOME_MARKS[outcome], heading)
    return replace(file, state=state, said=f"程序原来的结论：{file.state.word}。{file.said}")


def _describe_ruleset(ruleset: RuleSetId) -> str:
    return f"规则集 {ruleset.version}（{ruleset.digest}）"


def _view_file(anchor: str, file: FileResult) -> FileView:
    marks = Marks(file.text or (), anchor)
    if file.errors and all(r.outcome == "error" for r in file.rules):
        file = replace(file, rules=())  # the file itself was not checked: every rule would say the same
    rules = tuple(_view_rule(f"{anchor}-r{i}", rule, marks) for i, rule in enumerate(file.rules, 1))
    by_rule = {id(rule): view for rule, view in zip(file.rules, rules, strict=True)}
    todo = ((SEVERITY_WORDS[s], tuple(by_rule[id(r)] for r in needs_attention(file, s))) for s in SEVERITIES)
    counts = ((o, sum(1 for r in file.rules if r.outcome == o)) for o in OUTCOMES)
    keys = dict.fromkeys(r.part for r in rules)
    return FileView(
        anchor,
        file.path,
        State(file.outcome, OUTCOME_MARKS[file.outcome], name_outcome(file)),
        conclude_file(file),
        file.errors[1:],
        READ_BY_OCR if file.reading == "ocr" else "",
        _list_facts(file),
        tuple(_state(o, n) for o, n in counts if n),
        tuple((word, found) for word, found in todo if found),
        tuple(PartView(k, PART_WORDS.get(k, OTHER_PART), tuple(r for r in rules if r.part == k)) for k in keys),
        build_blocks(marks, file.facts.places.title if file.facts else None),
        "段号" if any(line.paragraph is not None for line in file.text or ()) else "行号",
    )


def _list_facts(file: FileResult) -> tuple[tuple[str, str], ...]:
    facts = file.facts
    known = (*_name_facts(facts), ("按哪天的规定", file.as_of)) if facts is not None else ()
    other = (("规则", _describe_ruleset(file.ruleset)),) if file.ruleset is not None else ()
    return tuple((name, value) for name, value in (*known, *other) if value)


def _name_facts(facts: FactSheet) -> tuple[tuple[str, str | None], ...]:
    return (
        ("标题", facts.title),
        ("单位", facts.organ or "未写明"),
        ("层级", describe_level(facts)),
        ("年度", f"{facts.reporting_year}年度" if facts.reporting_year else "未写明"),
        ("文号", facts.document_number),
        ("发布日期", facts.published),
        ("索引号", facts.index_number),
        ("信息来源", facts.source),
    )


def _state(outcome: Outcome, count: int = 0) -> State:
    return State(outcome, OUTCOME_MARKS[outcome], OUTCOME_WORDS[outcome], count)


def _part(rule_id: str) -> str:
    return rule_id[:1] if rule_id[:1] in PART_WORDS else ""


def _view_rule(anchor: str, rule: RuleResult, marks: Marks) -> RuleView:
    accepted = rule.outcome in ("fail", "review") and rule.is_accepted
    findings = tuple(_view_finding(anchor, rule, finding, marks) for finding in rule.findings)
    wordings = {f.wording for f in findings}
    shared = wordings.pop() if len(wordings) == 1 else None
    return RuleView(
        anchor,
        rule.id,
        rule.title,
        _state(rule.outcome),
        rule.severity,
        SEVERITY_WORDS[rule.severity],
        _part(rule.id),
        rule.outcome in ("fail", "review", "error") and not accepted,
        describe_accepted(rule) if accepted else "",
        rule.reason or "",
        findings,
        tuple(_view_pair(anchor, rule, pair, marks) for pair in rule.pairs),
        _list_evidence(anchor, rule, marks),
        tuple(describe_basis(b) for b in rule.basis),
        shared,
        rule.reading == "ocr",
    )


def _view_finding(anchor: str, rule: RuleResult, finding: Finding, marks: Marks) -> FindingView:
    kind: Kind = "accepted" if finding.known or rule.is_accepted else _MARKED.get(finding.outcome, "evidence")
    said = f"{rule.id} {OUTCOME_WORDS[finding.outcome]}：{finding.message}"
    candidates = (
        Passage(c.excerpt, place_line(c.location), _mark(anchor, rule, "candidate", c.location, marks, c.why), c.why)
        for c in finding.candidates
    )
    return FindingView(
        finding.message,
        _state(finding.outcome),
        finding.known and rule.waiver is None,
        describe_place(finding),
        marks.add(anchor, rule.id, kind, said, finding.location),
        finding.excerpt if finding.excerpt and finding.excerpt not in finding.message else "",
        (finding.expected or "") if finding.location is None else "",
        marks.add_missing(anchor, kind, f"{rule.id} {rule.title}", None if finding.location else finding.insert_after),
        finding.sought or "",
        tuple(candidates),
        finding.replacement,
        finding.suggestion,
    )


def _mark(anchor: str, rule: RuleResult, kind: Kind, at: Location | None, marks: Marks, why: str = "") -> str | None:
    said = f"{rule.id} 看过但不算：{why}" if kind == "candidate" else f"{rule.id} 的依据：{rule.title}"
    return marks.add(anchor, rule.id, kind, said, at)


def _list_evidence(anchor: str, rule: RuleResult, marks: Marks) -> tuple[Passage, ...]:
    """Return the passages that the pairs and the findings do not show already."""
    told = {f.location for f in rule.findings if f.location is not None}
    shown = (e for e in rule.evidence if e.location not in told) if not rule.pairs else ()
    return tuple(dict.fromkeys(_view_evidence(anchor, rule, e, marks) for e in shown))


def _view_evidence(anchor: str, rule: RuleResult, evidence: Evidence, marks: Marks) -> Passage:
    at = evidence.location
    return Passage(evidence.excerpt, place_line(at), _mark(anchor, rule, "evidence", at, marks))


def _view_pair(anchor: str, rule: RuleResult, pair: Pair, marks: Marks) -> PairView:
    plan = _view_evidence(anchor, rule, pair.plan, marks) if pair.plan is not None else None
    return PairView(_view_evidence(anchor, rule, pair.problem, marks), plan, "、".join(pair.shared))
