"""The words that every reporter uses for outcomes, severities and the law, in Chinese."""

from __future__ import annotations

from validator.document import Location, describe_line
from validator.result import Basis, FactSheet, FileResult, Finding, Outcome, Pair, RuleResult, RunResult, Severity

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
READ_BY_OCR = "文字由图像识别得到，可能有错；结论只供复核，请对照原件。"
_STATUS_WORDS = {"verified": "", "restated": "文字据转述", "unverified": "条文未核实"}
_RELATION_WORDS = {
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
        _RELATION_WORDS[basis.relation],
        _STATUS_WORDS[basis.source_status],
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


def describe_facts(facts: FactSheet) -> str:
    """Return organ, level and year in one line."""
    organ = facts.organ or "单位未写明"
    known = LEVEL_WORDS.get(facts.organ_level or "", "层级未知")
    level = known if facts.organ_kind == "government" else KIND_WORDS.get(facts.organ_kind or "", known)
    year = f"{facts.reporting_year}年度" if facts.reporting_year else "年度未知"
    number = f"，{facts.document_number}" if facts.document_number else ""
    return f"{organ}（{level}），{year}{number}"


def conclude_file(file: FileResult) -> str:
    """Return the conclusion sentence of one file."""
    if file.errors:
        return file.errors[0]
    if file.outcome == "error":
        broken = next(r for r in file.rules if r.outcome == "error")
        return f"规则{broken.id}未能检查：{broken.reason}。"
    must = [r for r in file.rules if r.severity == "error" and r.outcome != "not_applicable"]
    bad, doubt = _count(must, "fail"), _count(must, "review")
    hints = sum(1 for r in file.rules if r.severity != "error" and r.outcome in ("fail", "review"))
    said = [f"必备项{len(must)}项"]
    if bad:
        said.append(f"{bad}项不通过")
    if doubt:
        said.append(f"{doubt}项需人工复核")
    if not bad and not doubt:
        said.append("全部通过")
    said.append(f"另有{hints}项提示" if hints else "没有其他提示")
    return "，".join(said) + "。"


def conclude_run(result: RunResult) -> str:
    """Return the conclusion sentence of a run."""
    counts = {o: sum(1 for f in result.files if f.outcome == o) for o in FILE_WORDS}
    said = [f"{FILE_WORDS[o]}{n}个" for o, n in counts.items() if n]
    return f"共{len(result.files)}个文件：{'，'.join(said)}。"


def describe_coverage(result: RunResult) -> str:
    """Return the coverage line: N of N rules on M of M files."""
    c = result.coverage
    return f"用{c.rules}条规则检查了{c.files_found}个文件中的{c.files_checked}个，得出{c.evaluated}个结果。"


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
    """Return the rules of a severity that failed, need review or could not run, failures first."""
    order = {"error": 0, "fail": 1, "review": 2}
    found = [r for r in file.rules if r.severity == severity and r.outcome in order]
    return sorted(found, key=lambda r: order[r.outcome])


def _count(rules: list[RuleResult], outcome: Outcome) -> int:
    return sum(1 for r in rules if r.outcome == outcome)
