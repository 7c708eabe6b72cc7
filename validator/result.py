"""What a run finds: frozen results, and the JSON contract they are written in.

The dataclasses below *are* the contract (``format_version`` 1): the JSON reporter writes their fields in their order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from validator.document import Location, Reading

Outcome = Literal["pass", "fail", "review", "not_applicable", "error"]
Severity = Literal["error", "warning", "note"]
SourceStatus = Literal["verified", "restated", "unverified"]
Relation = Literal["content", "duty", "editorial"]

OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "review", "not_applicable", "error")
FORMAT_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a rule relies on."""

    excerpt: str
    section: str | None
    location: Location | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was considered and did not count, with the reason."""

    excerpt: str
    section: str | None
    location: Location | None
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct or to look at.

    ``sought`` says what was looked for, ``expected`` where it should stand, ``candidates`` what came nearest.
    ``suggestion`` is a model wording; blanks 〔  〕 are for the writer. ``replacement`` is what to write in
    place of the words at ``location``, where a program may write it. ``fingerprint`` survives moved lines.
    ``insert_after`` is the line after which what is missing should stand. ``known``: the baseline has it already.
    """

    outcome: Outcome
    message: str
    excerpt: str | None
    section: str | None
    location: Location | None
    suggestion: str | None
    fingerprint: str
    sought: str | None = None
    expected: str | None = None
    candidates: tuple[Candidate, ...] = ()
    replacement: str | None = None
    insert_after: Location | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A problem and the item of the plan that takes it up (``None``: no item does). ``shared`` are their matters."""

    problem: Evidence
    plan: Evidence | None
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """The clause a rule rests on, and how sure that is.

    ``relation``: ``content`` (the clause says what the report must contain), ``duty`` (a duty of the body, not a
    requirement on the report) or ``editorial`` (custom). ``reference_only``: the clause does not name this kind of
    organ; it is applied by reference (参照).
    """

    source: str
    title: str
    number: str | None
    article: str
    quote: str
    relation: Relation
    source_status: SourceStatus
    reference_only: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's decision that a rule need not be met by some files until a day (ISO, the day itself included).

    ``path`` is a path or a pattern, relative to the folder of the waiver file. ``evidence`` leads to the decision.
    """

    rule: str
    path: str
    reason: str
    approver: str
    expires: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The outcome of one rule for one report. ``reason`` explains ``not_applicable`` and ``error``.

    A ``waiver`` leaves the outcome as it is and takes its effect away.
    ``reading`` is ``ocr`` where the words were recognised in pictures: then nothing fails for sure.
    """

    id: str
    title: str
    outcome: Outcome
    severity: Severity
    reason: str | None
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    basis: tuple[Basis, ...] = ()
    waiver: Waiver | None = None
    pairs: tuple[Pair, ...] = ()
    reading: Reading = "text"

    @property
    def is_accepted(self) -> bool:
        """Whether what failed or needs review has no effect: it was waived, or the baseline has all of it."""
        return self.waiver is not None or bool(self.findings and all(f.known for f in self.findings))


@dataclass(frozen=True, slots=True)
class FactPlaces:
    """Where each fact was found; ``None`` when it was given by the user or is unknown."""

    title: Location | None = None
    reporting_year: Location | None = None
    organ: Location | None = None


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What the report says about itself, and what stands around it: 发文字号, 发布日期 (ISO), 索引号, 信息来源."""

    title: str | None
    reporting_year: int | None
    organ: str | None
    organ_level: str | None
    organ_kind: str | None
    places: FactPlaces
    document_number: str | None = None
    published: str | None = None
    index_number: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class TextLine:
    """A stretch of the report as it stands in the file, long numbers masked; places as in ``Location``.

    ``level`` is that of a heading (0: none); ``begins`` says that a paragraph begins; ``furniture`` stands around it.
    """

    text: str
    line: int
    column: int
    page: int | None = None
    paragraph: int | None = None
    level: int = 0
    begins: bool = True
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class PackUse:
    """A pack of local rules that was laid on those of the profile.

    ``weakened`` says in plain words which mandatory rules or shared words it loosened or switched off, and why.
    """

    id: str
    title: str
    version: str
    weakened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSetId:
    """The rule set that was applied; ``digest`` covers every file of it, also those of ``packs``."""

    version: str
    digest: str
    packs: tuple[PackUse, ...] = ()


@dataclass(frozen=True, slots=True)
class FileResult:
    """All outcomes of one file. ``outcome`` is decided by the mandatory rules (severity ``error``) alone.

    ``ruleset`` is given where it is another than that of the run. ``text`` is the whole report, where it was asked for.
    """

    path: str
    sha256: str | None
    outcome: Outcome
    as_of: str | None
    facts: FactSheet | None
    rules: tuple[RuleResult, ...]
    errors: tuple[str, ...] = ()
    reading: Reading = "text"
    ruleset: RuleSetId | None = None
    text: tuple[TextLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """The program that made the result, and the language pipeline that read its sentences."""

    name: str
    version: str
    pipeline: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was checked. ``evaluated`` counts rule outcomes other than ``error``.

    ``excluded`` files were left out because the ignore file or the configuration says so.
    """

    files_found: int
    files_checked: int
    rules: int
    evaluated: int
    excluded: int = 0


WaiverState = Literal["used", "unused", "expired", "not_allowed", "unknown_rule"]


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver. ``file`` and ``line`` say where it is written."""

    waiver: Waiver
    state: WaiverState
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding in a baseline: ``count`` of them in one file. ``message`` is what was said when it was written."""

    path: str
    rule: str
    fingerprint: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """What a baseline did: how many findings it hid, and which of its findings are resolved."""

    file: str
    hidden: int
    resolved: tuple[KnownFinding, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run over any number of files. ``summary`` counts rule outcomes over all files, waived ones too.

    ``configuration`` are the configuration files that were used.
    """

    format_version: str
    tool: Tool
    ruleset: RuleSetId
    files: tuple[FileResult, ...]
    coverage: Coverage
    summary: dict[Outcome, int]
    waivers: tuple[WaiverUse, ...] = ()
    baseline: BaselineUse | None = None
    configuration: tuple[str, ...] = ()


def least_certain(*statuses: SourceStatus) -> SourceStatus:
    """Return the least certain of some statuses: a source may be sure and the number of its article not."""
    order: tuple[SourceStatus, ...] = ("unverified", "restated", "verified")
    return next(s for s in order if s in statuses)


def file_outcome(rules: Iterable[RuleResult], errors: tuple[str, ...]) -> Outcome:
    """Return the outcome of a file: ``error`` wins, then a mandatory ``fail``, then a mandatory ``review``.

    What was waived or is in the baseline does not count.
    """
    results = tuple(rules)
    if errors or any(r.outcome == "error" for r in results):
        return "error"
    mandatory = {r.outcome for r in results if r.severity == "error" and not r.is_accepted}
    if "fail" in mandatory:
        return "fail"
    if "review" in mandatory:
        return "review"
    return "pass"


def build_run(
    tool: Tool, ruleset: RuleSetId, files: Iterable[FileResult], rule_count: int, excluded: int = 0
) -> RunResult:
    """Assemble a run from its files, which keep their order."""
    results = tuple(files)
    counts: Counter[Outcome] = Counter(r.outcome for f in results for r in f.rules)
    checked = sum(1 for f in results if f.outcome != "error")
    evaluated = sum(n for outcome, n in counts.items() if outcome != "error")
    coverage = Coverage(len(results), checked, rule_count, evaluated, excluded)
    return RunResult(FORMAT_VERSION, tool, ruleset, results, coverage, {o: counts.get(o, 0) for o in OUTCOMES})


def fingerprint(rule_id: str, *parts: str) -> str:
    """Return 16 hex digits that name a finding without its line or heading number."""
    return hashlib.sha256("\x1f".join((rule_id, *parts)).encode()).hexdigest()[:16]
