"""RunResult → what stands on the page, in words and in order; the templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from validator.reporters.page.marks import Kind, Marks
from validator.reporters.page.text import Block, build_blocks
from validator.reporters.page.voice import Line, Phrase, Voice, plain
from validator.reporters.words import (
    OUTCOME_MARKS,
    OUTCOME_WORDS,
    PART_WORDS,
    READ_BY_OCR,
    SEVERITIES,
    SEVERITY_WORDS,
    describe_basis,
    describe_level,
    name_outcome,
    needs_attention,
)
from validator.result import (
    OUTCOMES,
    Candidate,
    Evidence,
    FactSheet,
    FileResult,
    Finding,
    Outcome,
    Pair,
    RuleResult,
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
    place: Phrase
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
    accepted: Phrase
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
class TodoView:
    """The rules of one severity to attend to. ``is_hint``: they do not decide the conclusion."""

    name: str
    is_hint: bool
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact of the report. ``is_quoted``: the value is as it stands there."""

    name: str
    value: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One report. ``todo`` are the rules to attend to; ``blocks`` is its text.

    ``has_paragraphs``: numbers in the margin are those of paragraphs, not of lines.
    """

    anchor: str
    path: str
    state: State
    said: Phrase
    errors: tuple[str, ...]
    warning: str
    facts: tuple[FactView, ...]
    counts: tuple[State, ...]
    todo: tuple[TodoView, ...]
    parts: tuple[PartView, ...]
    blocks: tuple[Block, ...]
    has_paragraphs: bool


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
    acceptance: tuple[Line, ...]
    closing: tuple[str, ...]


def view_run(result: RunResult, voice: Voice) -> PageView:
    """Return what stands on the page of a run."""
    _ = voice.label
    files = tuple(_view_file(f"f{i}", file, voice) for i, file in enumerate(result.files, 1))
    rules = [r for f in files for p in f.parts for r in p.rules]
    severities, outcomes = {r.severity for r in rules}, {r.state.name for r in rules}
    parts = dict.fromkeys(r.part for r in rules)
    return PageView(
        voice.conclude_run(result) if result.files else _("没有检查任何文件。"),
        files,
        len(result.files) <= _ALWAYS_OPEN,
        tuple((s, _(SEVERITY_WORDS[s])) for s in SEVERITIES if s in severities),
        tuple(_state(o, voice) for o in OUTCOMES if o in outcomes),
        tuple((p, voice.parts.get(p, voice.other_part)) for p in parts),
        len(rules),
        voice.describe_acceptance(result),
        (voice.describe_coverage(result), voice.describe_pipeline(result), voice.describe_tool(result)),
    )


def head_anew(file: FileView, outcome: Outcome, heading: str) -> FileView:
    """Return a report under another conclusion than the tool's, which stands below it (in Chinese, as audits are)."""
    state = State(outcome, OUTCOME_MARKS[outcome], heading)
    return replace(file, state=state, said=(*plain(f"程序原来的结论：{file.state.word}。"), *file.said))


def _view_file(anchor: str, file: FileResult, voice: Voice) -> FileView:
    _ = voice.label
    marks = Marks(file.text or (), anchor)
    if file.errors and all(r.outcome == "error" for r in file.rules):
        file = replace(file, rules=())  # the file itself was not checked: every rule would say the same
    rules = tuple(_view_rule(f"{anchor}-r{i}", rule, marks, voice) for i, rule in enumerate(file.rules, 1))
    by_rule = {id(rule): view for rule, view in zip(file.rules, rules, strict=True)}
    todo = (
        TodoView(_(SEVERITY_WORDS[s]), s != "error", tuple(by_rule[id(r)] for r in needs_attention(file, s)))
        for s in SEVERITIES
    )
    counts = ((o, sum(1 for r in file.rules if r.outcome == o)) for o in OUTCOMES)
    keys = dict.fromkeys(r.part for r in rules)
    return FileView(
        anchor,
        file.path,
        State(file.outcome, OUTCOME_MARKS[file.outcome], _(name_outcome(file))),
        voice.conclude_file(file),
        file.errors[1:],
        _(READ_BY_OCR) if file.reading == "ocr" else "",
        _list_facts(file, voice),
        tuple(_state(o, voice, n) for o, n in counts if n),
        tuple(found for found in todo if found.rules),
        tuple(PartView(k, voice.parts.get(k, voice.other_part), tuple(r for r in rules if r.part == k)) for k in keys),
        build_blocks(marks, file.facts.places.title if file.facts else None),
        any(line.paragraph is not None for line in file.text or ()),
    )


def _list_facts(file: FileResult, voice: Voice) -> tuple[FactView, ...]:
    _ = voice.label
    found = _name_facts(file.facts, voice) if file.facts is not None else []
    if file.facts is not None:
        found.append(FactView(_("按哪天的规定"), file.as_of or ""))
    if file.ruleset is not None:
        found.append(FactView(_("规则"), voice.describe_ruleset(file.ruleset)))
    return tuple(fact for fact in found if fact.value)


def _name_facts(facts: FactSheet, voice: Voice) -> list[FactView]:
    _ = voice.label
    unknown = _("未写明")
    return [
        FactView(_("标题"), facts.title or "", True),
        FactView(_("单位"), facts.organ, True) if facts.organ else FactView(_("单位"), unknown),
        FactView(_("层级"), _(describe_level(facts))),
        FactView(_("年度"), voice.describe_year(facts.reporting_year) if facts.reporting_year else unknown),
        FactView(_("文号"), facts.document_number or "", True),
        FactView(_("发布日期"), facts.published or ""),
        FactView(_("索引号"), facts.index_number or "", True),
        FactView(_("信息来源"), facts.source or "", True),
    ]


def _state(outcome: Outcome, voice: Voice, count: int = 0) -> State:
    return State(outcome, OUTCOME_MARKS[outcome], voice.label(OUTCOME_WORDS[outcome]), count)


def _part(rule_id: str) -> str:
    return rule_id[:1] if rule_id[:1] in PART_WORDS else ""


def _view_rule(anchor: str, rule: RuleResult, marks: Marks, voice: Voice) -> RuleView:
    accepted = rule.outcome in ("fail", "review") and rule.is_accepted
    findings = tuple(_view_finding(anchor, rule, finding, marks, voice) for finding in rule.findings)
    wordings = {f.wording for f in findings}
    shared = wordings.pop() if len(wordings) == 1 else None
    return RuleView(
        anchor,
        rule.id,
        rule.title,
        _state(rule.outcome, voice),
        rule.severity,
        voice.label(SEVERITY_WORDS[rule.severity]),
        _part(rule.id),
        rule.outcome in ("fail", "review", "error") and not accepted,
        voice.describe_accepted(rule) if accepted else (),
        rule.reason or "",
        findings,
        tuple(_view_pair(anchor, rule, pair, marks, voice) for pair in rule.pairs),
        _list_evidence(anchor, rule, marks, voice),
        tuple(describe_basis(b) for b in rule.basis),
        shared,
        rule.reading == "ocr",
    )


def _view_finding(anchor: str, rule: RuleResult, finding: Finding, marks: Marks, voice: Voice) -> FindingView:
    kind: Kind = "accepted" if finding.known or rule.is_accepted else _MARKED.get(finding.outcome, "evidence")
    is_hint = rule.severity != "error"
    missing_at = None if finding.location else finding.insert_after
    candidates = (_view_candidate(anchor, rule, candidate, marks, voice) for candidate in finding.candidates)
    return FindingView(
        finding.message,
        _state(finding.outcome, voice),
        finding.known and rule.waiver is None,
        voice.describe_place(finding),
        marks.add(anchor, rule.id, kind, voice.say_finding(rule, finding), finding.location, is_hint=is_hint),
        finding.excerpt if finding.excerpt and finding.excerpt not in finding.message else "",
        (finding.expected or "") if finding.location is None else "",
        marks.add_missing(anchor, rule.id, kind, rule.title, missing_at, is_hint=is_hint),
        finding.sought or "",
        tuple(candidates),
        finding.replacement,
        finding.suggestion,
    )


def _view_candidate(anchor: str, rule: RuleResult, found: Candidate, marks: Marks, voice: Voice) -> Passage:
    highlight = marks.add(anchor, rule.id, "candidate", voice.say_candidate(rule, found.why), found.location)
    return Passage(found.excerpt, voice.place_line(found.location), highlight, found.why)


def _list_evidence(anchor: str, rule: RuleResult, marks: Marks, voice: Voice) -> tuple[Passage, ...]:
    """Return the passages that the pairs and the findings do not show already."""
    told = {f.location for f in rule.findings if f.location is not None}
    shown = (e for e in rule.evidence if e.location not in told) if not rule.pairs else ()
    return tuple(dict.fromkeys(_view_evidence(anchor, rule, e, marks, voice) for e in shown))


def _view_evidence(anchor: str, rule: RuleResult, evidence: Evidence, marks: Marks, voice: Voice) -> Passage:
    highlight = marks.add(anchor, rule.id, "evidence", voice.say_evidence(rule), evidence.location)
    return Passage(evidence.excerpt, voice.place_line(evidence.location), highlight)


def _view_pair(anchor: str, rule: RuleResult, pair: Pair, marks: Marks, voice: Voice) -> PairView:
    plan = _view_evidence(anchor, rule, pair.plan, marks, voice) if pair.plan is not None else None
    return PairView(_view_evidence(anchor, rule, pair.problem, marks, voice), plan, "、".join(pair.shared))
