"""The words that every reporter uses for outcomes, severities and the law, in Chinese."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from validator.document import Location, describe_line
from validator.result import (
    BaselineUse,
    Basis,
    Candidate,
    FactSheet,
    FileResult,
    Finding,
    KnownFinding,
    Outcome,
    Pair,
    RuleResult,
    RuleSetId,
    RunResult,
    Severity,
    Waiver,
    WaiverState,
    WaiverUse,
)

OUTCOME_WORDS: dict[Outcome, str] = {
    "pass": "通过",
    "fail": "不通过",
    "review": "需复核",
    "not_applicable": "不适用",
    "error": "未能检查",
}
OUTCOME_MARKS: dict[Outcome, str] = {"pass": "✓", "fail": "✗", "review": "?", "not_applicable": "–", "error": "!"}
FILE_WORDS: dict[Outcome, str] = {
    "pass": "符合",
    "fail": "不符合",
    "review": "需人工复核",
    "not_applicable": "不适用",
    "error": "未能检查",
}
PART_PASS = "所查项已过"
"""What is said of a file for which no mandatory rule was chosen."""
WAIVED_PASS = "符合（有豁免）"
KNOWN_PASS = "没有新问题"
"""What is said of a file that passes only because something does not count."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
SEVERITY_WORDS: dict[Severity, str] = {"error": "必备项", "warning": "应改项", "note": "质量提示"}
KIND_WORDS = {
    "government": "县级以上政府",
    "town": "乡镇",
    "subdistrict": "街道",
    "zone": "开发区、片区",
    "department": "部门",
    "other": "其他单位",
}
LEVEL_WORDS = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡镇（街道）",
    "department": "部门",
    "zone": "开发区",
    "other": "其他单位",
}
PART_WORDS = {
    "G": "文种",
    "P": "必备部分",
    "F": "第一责任人",
    "T": "重点内容",
    "D": "具体做法",
    "R": "引用和年度",
    "N": "数字",
    "W": "用语",
    "S": "公开",
    "H": "标题",
}
OTHER_PART = "其他"
READ_BY_OCR = "文字由图像识别得到，可能有错；结论只供复核，请对照原件。"
HOW_SURE = (
    "依据中注明“编辑惯例”的，不是规定的要求；注明“条文未核实”“文字据转述”的，引用前请核对原文；"
    "注明“参照执行”的，依据没有点名这类单位。"
)
NO_CONCLUSION = "未能检查，没有结论。这不表示报告符合，也不表示报告不符合。"
WAIVER_WORDS: dict[WaiverState, str] = {
    "used": "有效",
    "unused": "没有用上，可以删去",
    "expired": "已过期，不再有效",
    "not_allowed": "无效，方案不许豁免这条规则",
    "unknown_rule": "无效，没有这条规则",
}
MOST_RESOLVED = 50
"""So many findings of a baseline that are no more are listed."""
STATUS_WORDS = {"verified": "", "restated": "文字据转述", "unverified": "条文未核实"}
RELATION_WORDS = {
    "content": "规定了报告内容",
    "duty": "规定了职责，没有规定必须写进报告",
    "editorial": "编辑惯例，不是强制",
}


def describe_basis(basis: Basis) -> str:
    """Return the clause in one sentence, with how sure it is and whether it names this organ."""
    if basis.relation == "editorial" and basis.source == "bianji":
        return f"编辑惯例：{basis.quote}。没有法律或文件规定。"
    number = f"（{basis.number}）" if basis.number else ""
    quote = basis.quote.replace("“", "‘").replace("”", "’")
    notes = [
        RELATION_WORDS[basis.relation],
        STATUS_WORDS[basis.source_status],
        "参照执行" if basis.reference_only else "",
    ]
    return f"《{basis.title}》{number}{basis.article}：“{quote}”（{'；'.join(n for n in notes if n)}）"


def place_line(location: Location | None) -> str:
    """Return the line of a place, or nothing."""
    return describe_line(location) if location is not None else ""


def describe_place(finding: Finding) -> str:
    """Return where a finding stands: line and heading."""
    parts = []
    if finding.location is not None:
        parts.append(f"{describe_line(finding.location)}第{finding.location.column}字")
    if finding.section:
        parts.append(f"“{finding.section}”")
    return "，".join(parts)


def describe_expected(finding: Finding) -> str:
    """Return where what is missing should stand; nothing where the finding has a place of its own."""
    if finding.location is not None or not finding.expected:
        return ""
    after = f"，可以加在{describe_line(finding.insert_after)}之后" if finding.insert_after else ""
    return f"{finding.expected}{after}。"


def describe_candidate(candidate: Candidate) -> str:
    """Return a passage that came near, and why it does not count."""
    return f"{place_line(candidate.location)}“{candidate.excerpt}”，没有计入：{candidate.why}。"


def describe_replacement(finding: Finding) -> str:
    """Return what to write instead of the words; nothing where no program may say."""
    if finding.replacement is None:
        return ""
    return f"“{finding.replacement}”" if finding.replacement else "删去"


def describe_facts(facts: FactSheet) -> str:
    """Return organ, level and year in one line."""
    organ = facts.organ or "单位未写明"
    level = describe_level(facts)
    year = f"{facts.reporting_year}年度" if facts.reporting_year else "年度未知"
    number = f"，{facts.document_number}" if facts.document_number else ""
    return f"{organ}（{level}），{year}{number}"


def describe_level(facts: FactSheet) -> str:
    """Return the level of a government, or the kind of any other organ."""
    known = LEVEL_WORDS.get(facts.organ_level or "", "层级未知")
    return known if facts.organ_kind == "government" else KIND_WORDS.get(facts.organ_kind or "", known)


def name_outcome(file: FileResult) -> str:
    """Return the outcome of a file in a word: it does not say 符合 where a mandatory rule failed and does not count."""
    if file.outcome == "pass" and not any(r.severity == "error" for r in file.rules):
        return PART_PASS
    excused = [r for r in file.rules if r.severity == "error" and r.outcome in ("fail", "review") and r.is_accepted]
    if file.outcome != "pass" or not excused:
        return FILE_WORDS[file.outcome]
    return WAIVED_PASS if all(r.waiver for r in excused) else KNOWN_PASS


class Tally(NamedTuple):
    """What the conclusion of a checked file counts.

    ``must`` mandatory rules apply; ``bad`` of them fail and ``doubt`` need review. Any rules: ``waived`` and ``known``
    have no effect, ``hints`` are what else should be attended to. ``has_must``: mandatory rules were chosen at all.
    ``is_excused``: a mandatory rule that does not pass has no effect.
    """

    must: int
    bad: int
    doubt: int
    waived: int
    known: int
    hints: int
    has_must: bool
    is_excused: bool


def tally_file(file: FileResult) -> Tally:
    """Count what the conclusion of a checked file says."""
    must = [r for r in file.rules if r.severity == "error" and r.outcome != "not_applicable"]
    open_ = [r for r in must if not r.is_accepted]
    hints = [r for r in file.rules if r.severity != "error" and r.outcome in ("fail", "review") and not r.is_accepted]
    return Tally(
        len(must),
        _count(open_, "fail"),
        _count(open_, "review"),
        *count_accepted(file),
        len(hints),
        any(r.severity == "error" for r in file.rules),
        any(r.is_accepted for r in must if r.outcome in ("fail", "review")),
    )


def conclude_file(file: FileResult) -> str:
    """Return the conclusion sentence of one file."""
    if file.errors:
        return file.errors[0]
    if file.outcome == "error":
        broken = next(r for r in file.rules if r.outcome == "error")
        return f"规则{broken.id}未能检查：{broken.reason}。"
    n = tally_file(file)
    said = [f"必备项{n.must}项" if n.has_must else "没有选必备项来查"]
    if n.bad:
        said.append(f"{n.bad}项不通过")
    if n.doubt:
        said.append(f"{n.doubt}项需人工复核")
    if n.must and not n.bad and not n.doubt:
        said.append("没有新的不通过" if n.is_excused and n.known else "其余全部通过" if n.is_excused else "全部通过")
    if n.waived:
        said.append(f"{n.waived}项已豁免")
    if n.known:
        said.append(f"{n.known}项已在基线中")
    said.append(f"另有{n.hints}项提示" if n.hints else "没有其他提示")
    return "，".join(said) + "。"


def count_accepted(file: FileResult) -> tuple[int, int]:
    """Return how many rules of a file that failed or need review were waived, and how many the baseline has."""
    bad = [r for r in file.rules if r.outcome in ("fail", "review")]
    waived = sum(1 for r in bad if r.waiver is not None)
    return waived, sum(1 for r in bad if r.is_accepted) - waived


def describe_waiver(waiver: Waiver) -> str:
    """Return a waiver in one sentence."""
    evidence = f"，依据{waiver.evidence}" if waiver.evidence else ""
    return f"{waiver.reason}（{waiver.approver}批准，有效期至{waiver.expires}{evidence}）"


def describe_waiver_use(use: WaiverUse) -> str:
    """Return what became of a waiver, with where it is written."""
    return f"{use.file}第{use.line}行：{describe_waiver_state(use)}"


def describe_waiver_state(use: WaiverUse) -> str:
    """Return what became of a waiver."""
    return f"{use.waiver.rule} {use.waiver.path}，{WAIVER_WORDS[use.state]}。"


def idle_waivers(result: RunResult) -> list[WaiverUse]:
    """Return the waivers that waive nothing: unused, expired or not allowed."""
    return [u for u in result.waivers if u.state != "used"]


def describe_resolved(known: KnownFinding) -> str:
    """Return a finding of the baseline that is no more."""
    times = f"（{known.count}处）" if known.count > 1 else ""
    return f"{known.path}：{known.rule} {known.message}{times}"


def describe_hidden(baseline: BaselineUse) -> str:
    """Return how many findings a baseline hid."""
    return f"基线 {baseline.file} 中已有的{baseline.hidden}处没有计入结论。"


def describe_acceptance(result: RunResult) -> list[str]:
    """Return what waivers and the baseline did to a run, one sentence a line."""
    lines = [f"设置文件：{'、'.join(result.configuration)}。"] if result.configuration else []
    lines += [describe_waiver_use(u) for u in idle_waivers(result)]
    used = sum(1 for u in result.waivers if u.state == "used")
    if used:
        lines.append(f"用上了{used}条豁免。")
    if result.baseline is not None:
        lines.append(describe_hidden(result.baseline))
        if result.baseline.resolved:
            count = sum(k.count for k in result.baseline.resolved)
            lines.append(f"基线中的{count}处已经解决，可以用 fazhi baseline write 更新：")
            shown = result.baseline.resolved[:MOST_RESOLVED]
            lines += [f"  {describe_resolved(k)}" for k in shown]
            if len(shown) < len(result.baseline.resolved):
                lines.append(f"  还有{len(result.baseline.resolved) - len(shown)}条。")
    return lines


def count_outcomes(result: RunResult) -> list[tuple[str, int]]:
    """Return how many files have each outcome, by its word; the best first."""
    counts = Counter(name_outcome(f) for f in result.files)
    order = (
        FILE_WORDS["pass"],
        WAIVED_PASS,
        KNOWN_PASS,
        PART_PASS,
        *(FILE_WORDS[o] for o in ("fail", "review", "error")),
    )
    return [(word, counts[word]) for word in order if counts[word]]


def conclude_run(result: RunResult) -> str:
    """Return the conclusion sentence of a run."""
    said = [f"{word}{count}个" for word, count in count_outcomes(result)]
    return f"共{len(result.files)}个文件：{'，'.join(said)}。"


def span_rules(result: RunResult) -> tuple[int, int]:
    """Return the fewest and the most rules that a file of a run was checked by."""
    counts = {len(f.rules) for f in result.files}
    return min(counts), max(counts)


def describe_coverage(result: RunResult) -> str:
    """Return the coverage line: N of N rules on M of M files."""
    c = result.coverage
    left = f"另有{c.excluded}个文件按设置不检查。" if c.excluded else ""
    if not result.files:
        return f"没有要检查的文件。{left}"
    few, most = span_rules(result)
    rules = f"{most}" if few == most else f"{few}到{most}"
    return f"用{rules}条规则检查了{c.files_found}个文件中的{c.files_checked}个，得出{c.evaluated}个结果。{left}"


def describe_ruleset(ruleset: RuleSetId) -> str:
    """Return the rule set with as much of its digest as people compare."""
    packs = "".join(f"；{line.rstrip('。')}" for line in describe_packs(ruleset))
    return f"规则集 {ruleset.version}（校验码 {ruleset.digest.removeprefix('sha256:')[:8]}）{packs}"


def describe_packs(ruleset: RuleSetId) -> tuple[str, ...]:
    """Return which packs were laid on the rules, and which mandatory rules they weakened and why."""
    return tuple(
        line
        for pack in ruleset.packs
        for line in (f"加了清单“{pack.title}”（版本 {pack.version}）。", *(f"清单改了：{w}。" for w in pack.weakened))
    )


def describe_pipeline(result: RunResult) -> str:
    """Return which language pipeline read the sentences."""
    name = result.tool.pipeline
    return f"句子分析用语言模型 {name}。" if name.startswith("zh_core_web") else "句子分析用自带的逐字分析。"


def describe_pair(pair: Pair) -> str:
    """Return a problem and what the plan says to it, each with its line."""
    problem = place_line(pair.problem.location)
    if pair.plan is None:
        return f"{problem}“{_short(pair.problem.excerpt)}” → 没有对应的安排"
    plan = place_line(pair.plan.location)
    shared = "、".join(pair.shared)
    return f"{problem}“{_short(pair.problem.excerpt)}” → {plan}“{_short(pair.plan.excerpt)}”（{shared}）"


def _short(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def needs_attention(file: FileResult, severity: Severity) -> list[RuleResult]:
    """Return the rules of a severity that failed, need review or could not run, failures first.

    What was waived or is in the baseline is left out; ``accepted`` lists it.
    """
    order = {"error": 0, "fail": 1, "review": 2}
    found = [r for r in file.rules if r.severity == severity and r.outcome in order and not r.is_accepted]
    return sorted(found, key=lambda r: order[r.outcome])


def accepted(file: FileResult) -> list[RuleResult]:
    """Return the rules whose failure or review has no effect, in the order of the checklist."""
    return [r for r in file.rules if r.outcome in ("fail", "review") and r.is_accepted]


def open_findings(rule: RuleResult) -> tuple[Finding, ...]:
    """Return the findings of a rule that the baseline does not have."""
    return tuple(f for f in rule.findings if not f.known)


def describe_accepted(rule: RuleResult) -> str:
    """Return why the failure or review of a rule has no effect."""
    if rule.waiver is not None:
        return f"已豁免：{describe_waiver(rule.waiver)}"
    return "已在基线中"


def _count(rules: list[RuleResult], outcome: Outcome) -> int:
    return sum(1 for r in rules if r.outcome == outcome)
