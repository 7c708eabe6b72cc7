"""Two audits → what became better and worse between them: years, versions of the rules, or corrected reports.

Both are read side by side, pair by pair (``pairing``); what is kept grows with the number of files, not of findings.
``exports.comparison`` says it in words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from validator.audit.pairing import HOWS, Brief, How, Pair, note_files, pair_files
from validator.audit.read import Audit
from validator.audit.records import About, RuleInfo, RuleOutcome
from validator.audit.submissions import Submissions, compare_submissions
from validator.result import Outcome, Severity

Change = Literal["improved", "worse", "same", "now_checked", "not_checked"]
CHANGES: tuple[Change, ...] = ("improved", "worse", "same", "now_checked", "not_checked")
Cause = Literal["content", "rules", "both", "decisions", "unknown"]
CAUSES: tuple[Cause, ...] = ("content", "rules", "both", "decisions", "unknown")
"""Why a pair differs: another text; the same text under other rules or another program; both are other, so nobody can
tell; only the reviewer's decisions; or none of these (other settings, another year or level of the organ)."""
_JUDGED: tuple[Outcome, ...] = ("pass", "fail", "review")
_RANK = {"pass": 0, "not_applicable": 0, "review": 1, "fail": 2}


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """Findings of a pair, or of all pairs, told apart by rule and fingerprint.

    ``new``: were not there when the rule was judged before. ``first_judged``: the rule was not judged before, because
    it did not exist, did not apply or could not run. ``resolved``: no longer there, and the rule was judged. ``lost``:
    no longer there because the rule was not judged. ``remaining``: in both. ``dismissed`` and ``reopened``: in both,
    dismissed by a reviewer only in the new, only in the old audit.
    """

    new: int = 0
    first_judged: int = 0
    resolved: int = 0
    lost: int = 0
    remaining: int = 0
    dismissed: int = 0
    reopened: int = 0

    def __add__(self, other: FindingCounts) -> FindingCounts:
        return FindingCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class FileChange:
    """A pair in which something differs. Outcomes are those after decisions.

    ``failing`` are the rules that did not fail and do now, ``passing`` those that failed and pass now.
    """

    old_path: str
    new_path: str
    organ: str | None
    old_year: int | None
    new_year: int | None
    how: How
    old: Outcome
    new: Outcome
    change: Change
    cause: Cause
    failing: tuple[str, ...]
    passing: tuple[str, ...]
    findings: FindingCounts


@dataclass(frozen=True, slots=True)
class Move:
    """How many pairs went from one outcome to another; ``None``: that audit does not have the rule."""

    old: Outcome | None
    new: Outcome | None
    files: int


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule in two audits; a severity is ``None`` where an audit does not have the rule. ``moves`` cover all pairs."""

    id: str
    title: str
    old_severity: Severity | None
    new_severity: Severity | None
    moves: tuple[Move, ...]

    @property
    def failing(self) -> int:
        """Pairs in which the rule was judged, did not fail, and does now."""
        return self._count(("pass", "review"), ("fail",))

    @property
    def resolved(self) -> int:
        """Pairs in which the rule failed and passes now, after decisions."""
        return self._count(("fail",), ("pass",))

    @property
    def remaining(self) -> int:
        """Pairs in which the rule failed and fails."""
        return self._count(("fail",), ("fail",))

    @property
    def other(self) -> int:
        """Pairs in which the outcome changed in any other way."""
        changed = sum(m.files for m in self.moves if m.old != m.new)
        return changed - self.failing - self.resolved

    def _count(self, old: tuple[Outcome, ...], new: tuple[Outcome, ...]) -> int:
        return sum(m.files for m in self.moves if m.old in old and m.new in new)


@dataclass(frozen=True, slots=True)
class Lone:
    """A file that only one audit has."""

    path: str
    organ: str | None
    region: str | None
    year: int | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audits side by side.

    ``by_year``: whether only reports of one year were paired; otherwise the years of the audits have nothing in common
    and organs were paired. ``matched`` and ``changes`` count pairs, ``causes`` only those in which something differs;
    ``identical`` are pairs of the same bytes. ``files`` are the pairs in which something differs, by path.
    """

    old: About
    new: About
    old_years: tuple[int, ...]
    new_years: tuple[int, ...]
    by_year: bool
    matched: dict[How, int]
    identical: int
    changes: dict[Change, int]
    causes: dict[Cause, int]
    outcomes: tuple[Move, ...]
    findings: FindingCounts
    rules: tuple[RuleChange, ...]
    files: tuple[FileChange, ...]
    only_old: tuple[Lone, ...]
    only_new: tuple[Lone, ...]
    submissions: Submissions

    @property
    def pairs(self) -> int:
        """How many pairs were compared."""
        return sum(self.matched.values())

    @property
    def same_rules(self) -> bool:
        """Whether both audits were made with the same rules, profile, program and language pipeline."""
        return _program(self.old) == _program(self.new)


def compare_audits(old: Audit, new: Audit) -> Comparison:
    """Compare two audits, pair by pair.

    Args:
        old: the earlier one.
        new: the later one.
    """
    about = old.about(), new.about()
    same_rules = _program(about[0]) == _program(about[1])
    pairing = pair_files(note_files(old.files()), note_files(new.files()))
    moves: defaultdict[str, Counter[tuple[Outcome | None, Outcome | None]]] = defaultdict(Counter)
    outcomes: Counter[tuple[Outcome | None, Outcome | None]] = Counter()
    changes: Counter[Change] = Counter()
    files: list[FileChange] = []
    findings = FindingCounts()
    for pair in pairing.pairs:
        before, after = old.outcomes_of(pair.old.id), new.outcomes_of(pair.new.id)
        for rule in {**before, **after}:
            moves[rule][_decided(before, rule), _decided(after, rule)] += 1
        counts = _count_findings(
            _note_findings(old, pair.old, before), _note_findings(new, pair.new, after), before, after
        )
        change = _describe_pair(pair, before, after, counts, same_rules=same_rules)
        findings += counts
        outcomes[pair.old.decided, pair.new.decided] += 1
        changes[_weigh(pair.old.decided, pair.new.decided)] += 1
        if change is not None:
            files.append(change)
    used: Counter[How] = Counter(p.how for p in pairing.pairs)
    causes: Counter[Cause] = Counter(f.cause for f in files)
    return Comparison(
        *about,
        old.years(),
        new.years(),
        pairing.by_year,
        {how: used[how] for how in HOWS},
        sum(1 for p in pairing.pairs if _same_bytes(p)),
        {change: changes[change] for change in CHANGES},
        {cause: causes[cause] for cause in CAUSES},
        _list_moves(outcomes),
        findings,
        tuple(_compare_rules(old.rules(), new.rules(), moves)),
        tuple(files),
        tuple(map(_lone, pairing.only_old)),
        tuple(map(_lone, pairing.only_new)),
        compare_submissions(old, new, by_year=pairing.by_year),
    )


def _program(about: About) -> tuple[str, ...]:
    return about.ruleset_digest, about.profile, about.tool_version, about.pipeline


def _same_bytes(pair: Pair) -> bool:
    return pair.old.sha256 is not None and pair.old.sha256 == pair.new.sha256


def _decided(outcomes: Mapping[str, RuleOutcome], rule: str) -> Outcome | None:
    return outcomes[rule].decided if rule in outcomes else None


def _is_judged(outcomes: Mapping[str, RuleOutcome], rule: str) -> bool:
    """Tell whether the tool came to an outcome about a rule, whatever a reviewer made of it."""
    return rule in outcomes and outcomes[rule].outcome in _JUDGED


@dataclass(frozen=True, slots=True)
class _Found:
    """The findings of a file by (rule, fingerprint): all of them, and those that no decision settled."""

    all: Counter[tuple[str, str]]
    open: Counter[tuple[str, str]]


def _note_findings(audit: Audit, file: Brief, outcomes: Mapping[str, RuleOutcome]) -> _Found:
    found = _Found(Counter(), Counter())
    for finding in audit.findings(file=file.id):
        name = (finding.rule, finding.fingerprint)
        found.all[name] += 1
        if finding.verb != "dismiss" and _decided(outcomes, finding.rule) in ("fail", "review"):
            found.open[name] += 1
    return found


def _count_findings(
    old: _Found, new: _Found, before: Mapping[str, RuleOutcome], after: Mapping[str, RuleOutcome]
) -> FindingCounts:
    counts: Counter[str] = Counter()
    for name in {**old.all, **new.all}:
        known, seen = min(old.open[name], new.all[name]), min(new.open[name], old.all[name])
        both = min(old.open[name], new.open[name])
        counts["remaining"] += both
        counts["dismissed"] += known - both
        counts["reopened"] += seen - both
        counts["resolved" if _is_judged(after, name[0]) else "lost"] += old.open[name] - known
        counts["new" if _is_judged(before, name[0]) else "first_judged"] += new.open[name] - seen
    return FindingCounts(**counts)


def _describe_pair(
    pair: Pair,
    before: Mapping[str, RuleOutcome],
    after: Mapping[str, RuleOutcome],
    findings: FindingCounts,
    *,
    same_rules: bool,
) -> FileChange | None:
    """Return what differs in a pair, ``None`` where nothing that anyone would see does."""
    decided = {r: _decided(before, r) for r in before}, {r: _decided(after, r) for r in after}
    differs = decided[0] != decided[1] or pair.old.decided != pair.new.decided
    if not differs and findings == FindingCounts(remaining=findings.remaining):
        return None
    moved = [(r, decided[0].get(r), decided[1].get(r)) for r in {**before, **after}]
    return FileChange(
        pair.old.path,
        pair.new.path,
        pair.new.organ or pair.old.organ,
        pair.old.year,
        pair.new.year,
        pair.how,
        pair.old.decided,
        pair.new.decided,
        _weigh(pair.old.decided, pair.new.decided),
        _find_cause(pair, before, after, findings, same_rules=same_rules),
        tuple(sorted(r for r, one, other in moved if other == "fail" and one != "fail")),
        tuple(sorted(r for r, one, other in moved if one == "fail" and other == "pass")),
        findings,
    )


def _find_cause(
    pair: Pair,
    before: Mapping[str, RuleOutcome],
    after: Mapping[str, RuleOutcome],
    findings: FindingCounts,
    *,
    same_rules: bool,
) -> Cause:
    told = {r: o.outcome for r, o in before.items()}, {r: o.outcome for r, o in after.items()}
    others = findings.new + findings.first_judged + findings.resolved + findings.lost
    if told[0] == told[1] and pair.old.outcome == pair.new.outcome and not others:
        return "decisions"
    if not _same_bytes(pair):
        return "content" if same_rules else "both"
    return "unknown" if same_rules else "rules"


def _weigh(old: Outcome, new: Outcome) -> Change:
    if old == new:
        return "same"
    if old == "error":
        return "now_checked"
    if new == "error":
        return "not_checked"
    return "improved" if _RANK[new] < _RANK[old] else "worse"


def _list_moves(counts: Mapping[tuple[Outcome | None, Outcome | None], int]) -> tuple[Move, ...]:
    return tuple(
        Move(old, new, counts[old, new]) for old, new in sorted(counts, key=lambda m: (m[0] or "", m[1] or ""))
    )


def _compare_rules(
    old: Iterable[RuleInfo],
    new: Iterable[RuleInfo],
    moves: Mapping[str, Mapping[tuple[Outcome | None, Outcome | None], int]],
) -> Iterator[RuleChange]:
    """Yield the rules in the order of the new checklist, then those that are gone."""
    before, after = {r.id: r for r in old}, {r.id: r for r in new}
    for name in (*after, *(n for n in before if n not in after)):
        one, other = before.get(name), after.get(name)
        title = other.title if other else one.title if one else name
        counts = _list_moves(moves.get(name, {}))
        yield RuleChange(name, title, one.severity if one else None, other.severity if other else None, counts)


def _lone(brief: Brief) -> Lone:
    return Lone(brief.path, brief.organ, brief.region, brief.year, brief.decided)
