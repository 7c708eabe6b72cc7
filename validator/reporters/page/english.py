"""The sentences of the page in English: the same counts as in Chinese, with what others wrote quoted in Chinese."""

from __future__ import annotations

from types import MappingProxyType

from validator.document import Location
from validator.language import translator
from validator.reporters.page.voice import Line, Phrase, Voice, fill, plain
from validator.reporters.words import (
    MOST_RESOLVED,
    OUTCOME_WORDS,
    WAIVER_WORDS,
    Tally,
    count_outcomes,
    idle_waivers,
    span_rules,
    tally_file,
)
from validator.result import BaselineUse, FileResult, Finding, RuleResult, RuleSetId, RunResult, Waiver, WaiverUse

PARTS = MappingProxyType(
    {
        "G": "Kind of document",
        "P": "Mandated parts",
        "F": "First responsible person",
        "T": "Themes",
        "D": "Substance of themes",
        "R": "References and year",
        "N": "Figures",
        "W": "Wording",
        "S": "Disclosure",
        "H": "Headings and title",
    }
)
"""By the letter of their rules: 标题 is also the title of a report, so a catalogue cannot hold them."""
_ = translator("en")


def speak_english() -> Voice:
    """Return the words of an English page."""
    return Voice(
        "en",
        _,
        PARTS,
        "Other",
        conclude_file,
        conclude_run,
        describe_acceptance,
        describe_accepted,
        describe_coverage,
        describe_pipeline,
        lambda run: f"Program {run.tool.name} {run.tool.version}, {_lower(describe_ruleset(run.ruleset))}.",
        describe_ruleset,
        str,
        describe_place,
        place_line,
        lambda rule, finding: f"{rule.id}: {_lower(_(OUTCOME_WORDS[finding.outcome]))}",
        lambda rule: f"{rule.id}: what it rests on",
        lambda rule, why: f"{rule.id}: looked at, does not count",  # noqa: ARG005  (it is Chinese)
    )


def conclude_file(file: FileResult) -> Phrase:
    """Return the conclusion sentence of one file."""
    if file.errors:
        return fill("The file could not be checked. {}", file.errors[0])
    if file.outcome == "error":
        broken = next(r for r in file.rules if r.outcome == "error")
        return fill(f"Rule {broken.id} could not be checked: {{}}.", broken.reason or "")
    n = tally_file(file)
    said = [_conclude_must(n)]
    if n.waived:
        said.append(f"{_many(n.waived, 'item is', 'items are')} waived.")
    if n.known:
        said.append(f"{_many(n.known, 'item is', 'items are')} in the baseline already.")
    said.append(f"{_many(n.hints, 'hint', 'hints')} besides." if n.hints else "No other hints.")
    return plain(" ".join(said))


def _conclude_must(n: Tally) -> str:
    if not n.has_must:
        return "No mandatory items were chosen."
    if not n.must:
        return "No mandatory item applies."
    head = _many(n.must, "mandatory item", "mandatory items")
    bad = [f"{n.bad} {'fails' if n.bad == 1 else 'fail'}"] if n.bad else []
    doubt = [f"{n.doubt} {'needs' if n.doubt == 1 else 'need'} review by a person"] if n.doubt else []
    if bad or doubt:
        return f"{head}: {', '.join(bad + doubt)}."
    if n.is_excused:
        return f"{head}: {'nothing new fails' if n.known else 'all others pass'}."
    return f"{head}: all pass." if n.must > 1 else f"{head}: it passes."


def conclude_run(result: RunResult) -> str:
    """Return the conclusion sentence of a run."""
    said = "; ".join(f"{_(word)}: {count}" for word, count in count_outcomes(result))
    return f"{_many(len(result.files), 'file', 'files')}. {said}."


def describe_coverage(result: RunResult) -> str:
    """Return the coverage line: N of N rules on M of M files."""
    c = result.coverage
    left = f" {_many(c.excluded, 'file is', 'files are')} left out by the settings." if c.excluded else ""
    if not result.files:
        return f"There are no files to check.{left}"
    few, most = span_rules(result)
    rules = _many(most, "rule", "rules") if few == most else f"{few} to {most} rules"
    files = f"{c.files_checked} of {_many(c.files_found, 'file', 'files')}"
    return f"{files} checked by {rules}, with {_many(c.evaluated, 'result', 'results')}.{left}"


def describe_pipeline(result: RunResult) -> str:
    """Return which language pipeline read the sentences."""
    name = result.tool.pipeline
    if name.startswith("zh_core_web"):
        return f"Sentences were read with the language model {name}."
    return "Sentences were read with the built-in analysis, character by character."


def describe_ruleset(ruleset: RuleSetId) -> str:
    """Return the version of a rule set and its digest, with the packs that were laid on it by their names here."""
    packs = f", with {', '.join(f'{p.id} {p.version}' for p in ruleset.packs)}" if ruleset.packs else ""
    loosened = sum(len(p.weakened) for p in ruleset.packs)
    said = f"; mandatory rules or shared words changed in {loosened} places" if loosened else ""
    return f"Rule set {ruleset.version} ({ruleset.digest}){packs}{said}"


def describe_acceptance(result: RunResult) -> tuple[Line, ...]:
    """Return what waivers and the baseline did to a run."""
    lines = []
    if result.configuration:
        lines.append(Line(fill("Settings files: {}.", ", ".join(result.configuration))))
    lines += [Line(_describe_waiver_use(u)) for u in idle_waivers(result)]
    used = sum(1 for u in result.waivers if u.state == "used")
    if used:
        lines.append(Line(plain(f"{_many(used, 'waiver was', 'waivers were')} used.")))
    if result.baseline is not None:
        lines += _describe_baseline(result.baseline)
    return tuple(lines)


def _describe_waiver_use(use: WaiverUse) -> Phrase:
    state = _(WAIVER_WORDS[use.state])
    return fill(f"{{}}, line {use.line}: {use.waiver.rule} {{}}: {state}.", use.file, use.waiver.path)


def _describe_baseline(baseline: BaselineUse) -> list[Line]:
    hidden = _many(baseline.hidden, "finding is", "findings are")
    lines = [Line(fill(f"{hidden} in the baseline {{}} already and {_do(baseline.hidden)} not count.", baseline.file))]
    if not baseline.resolved:
        return lines
    count = _many(sum(k.count for k in baseline.resolved), "finding of the baseline is", "findings of the baseline are")
    lines.append(Line(plain(f"{count} resolved; fazhi baseline write brings it up to date:")))
    shown = baseline.resolved[:MOST_RESOLVED]
    for known in shown:
        times = f" ({known.count} times)" if known.count > 1 else ""
        lines.append(Line(fill(f"{{}}: {known.rule} {{}}{times}", known.path, known.message), True))
    if len(shown) < len(baseline.resolved):
        lines.append(Line(plain(f"{len(baseline.resolved) - len(shown)} more."), True))
    return lines


def describe_accepted(rule: RuleResult) -> Phrase:
    """Return why the failure or review of a rule has no effect."""
    return _describe_waiver(rule.waiver) if rule.waiver is not None else plain("In the baseline already")


def _describe_waiver(waiver: Waiver) -> Phrase:
    head = f"Waived: {{}} (approved by {{}}, valid until {waiver.expires}"
    if waiver.evidence:
        return fill(f"{head}, see {{}})", waiver.reason, waiver.approver, waiver.evidence)
    return fill(f"{head})", waiver.reason, waiver.approver)


def describe_place(finding: Finding) -> Phrase:
    """Return where a finding stands: line and heading."""
    at = finding.location
    line = f"{place_line(at)}, character {at.column}" if at is not None else ""
    if not finding.section:
        return plain(line)
    return fill(f"{line}, {{}}" if line else "{}", f"“{finding.section}”")


def place_line(location: Location | None) -> str:
    """Return the line of a place, or nothing."""
    if location is None:
        return ""
    if location.paragraph is not None:
        return f"paragraph {location.paragraph}"
    page = f"page {location.page}, " if location.page is not None else ""
    return f"{page}line {location.line}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
