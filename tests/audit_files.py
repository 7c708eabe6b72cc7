"""A small audit for tests: invented organs, two years, every kind of row; results come from the real checker.

``build_audit(folder)`` writes the reports into ``folder/报告`` and the database into ``folder/审核``, and returns the
latter: the folder to give to ``Audit``. It writes SQL itself, so that outputs are tested without the phases that make
an audit. What is in it (paths are ``year/region/organ.ending``):

- 2024, 岚溪县: 县人民政府 fails (late; a confirmed finding), 云溪镇 passes (two files), 竹影乡 is for review (echoes),
  芦浦街道 fails in many rules (findings dismissed and overridden), 市场监督管理局 passes after an override;
- 2024, 穗川县: 水利局 and 雁桥铺镇 share passages, 教育和体育局 fails, one broken file, one report of nobody known;
- 2023: four of them again, one of them with a rule that could not run (so the file is an error).

The roster has two organs that did not submit in 2024. ``HOSTILE`` stands in an excerpt, a path and a message.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from validator import __version__
from validator.audit.decisions import keep_decisions, settle
from validator.audit.read import DATABASE, SCHEMA_VERSION
from validator.audit.records import CopiedPassage, Decision, Side, Verb
from validator.recipe import Recipe
from validator.reporters.words import place_line
from validator.result import FileResult, Finding, Outcome, RuleResult
from validator.sources import Source
from validator.workbench import Workbench

SCHEMA = Path(__file__).resolve().parent.parent / "validator" / "audit" / "schema.sql"
SPECIMENS = Path(__file__).resolve().parent.parent / "fixtures" / "reports"
HOSTILE = '=HYPERLINK("http://example.invalid","<b>点</b>")\x00\x1b[31m'
"""A formula, markup and control characters, as a report may have them."""
REVIEWER = "沈知远"


class Sample(NamedTuple):
    """One report: the specimen it is made from, the words of it that are replaced, and whose it is."""

    path: str
    specimen: str
    words: tuple[tuple[str, str], ...]
    shift: int
    organ: str | None
    level: str | None
    region: str | None
    year: int | None
    key: str | None
    origin: str = "roster"
    entry: int | None = None
    notes: tuple[str, ...] = ()


_LAN, _SUI = "岚溪县", "穗川县"
_YUN = (("穗川县云溪镇", "岚溪县云溪镇"),)
_ZHU = (("竹影湾乡", "竹影乡"),)
_LU = (("青岩区映荷街道", "岚溪县芦浦街道"), ("映荷街道", "芦浦街道"))
_JIAN = (("澄湾县", "岚溪县"),)
_SHUI = (("银杏坝县", "穗川县"),)
_JIAO = (("桐垭县", "穗川县"),)
_YAN = (("北岭县", "穗川县"),)
ROSTER = (
    "岚溪县人民政府",
    "云溪镇人民政府",
    "竹影乡人民政府",
    "芦浦街道办事处",
    "岚溪县市场监督管理局",
    "穗川县水利局",
    "穗川县教育和体育局",
    "雁桥铺镇人民政府",
    "岚溪县医疗保障局",
    "松坳镇人民政府",
)
NOT_SUBMITTED = ((2024, 9), (2024, 10))


def _level(entry: int) -> str:
    organ = ROSTER[entry - 1]
    return "county" if entry == 1 else "department" if organ.endswith("局") else "township"


def _sample(
    path: str, specimen: str, words: tuple[tuple[str, str], ...], shift: int, entry: int, *notes: str
) -> Sample:
    year, region, _ = path.split("/")
    organ, level, key = ROSTER[entry - 1], _level(entry), f"k{entry}"
    return Sample(path, specimen, words, shift, organ, level, region, int(year), key, "roster", entry, notes)


_NOTE = "名册写作“竹影乡人民政府”，正文写作“竹影乡”，按同一单位计。"
_NOBODY = "正文没有写明单位，路径里也没有。"
SAMPLES = (
    _sample("2024/岚溪县/县人民政府.txt", "missing-plan.txt", (), 4, 1),
    _sample("2024/岚溪县/云溪镇.txt", "passes-all.txt", _YUN, 1, 2),
    _sample("2024/岚溪县/云溪镇（重报）.txt", "passes-all.txt", _YUN, 1, 2),
    _sample("2024/岚溪县/竹影乡.txt", "running-text.txt", _ZHU, 0, 3),
    _sample("2024/岚溪县/芦浦街道.txt", "missing-measures.txt", _LU, 2, 4),
    _sample("2024/岚溪县/=市监局.txt", "passes-department.txt", _JIAN, 0, 5),
    _sample("2024/穗川县/水利局.txt", "nested-principal.txt", _SHUI, 3, 6),
    _sample("2024/穗川县/教体局.txt", "principal-named-only.txt", _JIAO, 2, 7),
    _sample("2024/穗川县/雁桥铺镇.txt", "lost-numbers.txt", _YAN, 0, 8),
    Sample("2024/穗川县/损坏.docx", "", (), 0, None, None, _SUI, 2024, None, "path"),
    Sample(
        *("2024/来源不明/报告.txt", "genre-zhengfu-gongzuo.txt", (), 1, None, None, None, 2024, None, "unknown"),
        notes=(_NOBODY,),
    ),
    _sample("2023/岚溪县/云溪镇.txt", "passes-all.txt", _YUN, 0, 2),
    _sample("2023/岚溪县/竹影乡.txt", "running-text.txt", _ZHU, -1, 3, _NOTE),
    _sample("2023/穗川县/水利局.txt", "nested-principal.txt", _SHUI, 2, 6),
    _sample("2023/穗川县/雁桥铺镇.txt", "lost-numbers.txt", _YAN, -1, 8),
)
BROKEN_RULE = ("2023/穗川县/雁桥铺镇.txt", "N501")
"""The file and its rule that could not run."""
SHARED = "建立执法人员轮训制度，全年组织业务培训，提高依法行政的能力和水平。"


def build_audit(folder: Path) -> Path:
    """Write reports and a finished audit of them below a folder; return the folder of the audit."""
    return build_from(folder, zip(SAMPLES, _results(), strict=True), across=True)


def build_from(folder: Path, reports: Iterable[tuple[Sample, FileResult]], *, across: bool = False) -> Path:
    """Write an audit of any reports and results; ``across``: with the rows that compare reports, and decisions."""
    out = folder / "审核"
    out.mkdir(parents=True)
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.executescript(SCHEMA.read_text(encoding="utf-8"))
        base.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        for number, (sample, result) in enumerate(reports, 1):
            if number == 1:
                _add_about(base, result)
            _add_file(base, number, sample, result)
        if across:
            _add_roster(base)
            _add_across(base)
            keep_decisions(base, decisions())
        settle(base)
    return out


@cache
def _results() -> tuple[FileResult, ...]:
    with TemporaryDirectory() as folder, Workbench() as bench:
        return tuple(_check(bench, Path(folder), sample) for sample in SAMPLES)


def _check(bench: Workbench, folder: Path, sample: Sample) -> FileResult:
    file = folder / sample.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(report_bytes(sample))
    result = bench.check(Recipe(), Source(sample.path, str(file)))
    if sample.path == BROKEN_RULE[0]:
        rules = tuple(_break(r) if r.id == BROKEN_RULE[1] else r for r in result.rules)
        result = replace(result, rules=rules, outcome="error")
    if sample.path == "2024/岚溪县/芦浦街道.txt":
        result = replace(result, rules=tuple(_poison(r) for r in result.rules))
    return result


def report_bytes(sample: Sample) -> bytes:
    """Return the report of a sample as it stands in its file."""
    if not sample.specimen:
        return b"PK\x03\x04 no zip"
    text = (SPECIMENS / sample.specimen).read_text(encoding="utf-8")
    for old, new in sample.words:
        text = text.replace(old, new)
    return re.sub(r"(?<![－-])20\d\d(?=年)", lambda m: str(int(m[0]) + sample.shift), text).encode()


def _break(rule: RuleResult) -> RuleResult:
    return replace(rule, outcome="error", reason="规则运行出错（KeyError）", findings=(), evidence=())


def _poison(rule: RuleResult) -> RuleResult:
    """Put hostile words into the first finding of a rule."""
    if rule.id != "P101" or not rule.findings:
        return rule
    first = replace(rule.findings[0], excerpt=HOSTILE, message=f"{rule.findings[0].message}{HOSTILE}")
    return replace(rule, findings=(first, *rule.findings[1:]))


def _add_about(base: sqlite3.Connection, result: FileResult) -> None:
    told = {
        "tool_version": __version__,
        "pipeline": "blank",
        "ruleset_version": "2026.1",
        "ruleset_digest": "sha256:" + "0" * 64,
        "profile": "default",
        "source": "报告",
        "state": "finished",
        "due": "2024",
    }
    base.executemany("INSERT INTO about VALUES (?, ?)", told.items())
    rows = [(r.id, i, r.title, r.severity, msgspec.json.encode(r.basis).decode()) for i, r in enumerate(result.rules)]
    base.executemany("INSERT INTO rule VALUES (?, ?, ?, ?, ?)", rows)


def _add_file(base: sqlite3.Connection, number: int, sample: Sample, result: FileResult) -> None:
    facts = result.facts
    rows = {
        "id": number,
        "path": sample.path,
        "address": sample.path,
        "state": "done",
        "sha256": result.sha256,
        "size": len(report_bytes(sample)) if result.sha256 else None,
        "outcome": result.outcome,
        "decided": result.outcome,
        "as_of": result.as_of,
        "title": facts.title if facts else None,
        "published": "2025-04-20" if number == 1 else facts.published if facts else None,
        "document_number": facts.document_number if facts else None,
        "text_organ": facts.organ if facts else None,
        "text_level": facts.organ_level if facts else None,
        "organ_kind": facts.organ_kind if facts else None,
        "text_year": facts.reporting_year if facts else None,
        "path_region": sample.region,
        "path_year": sample.year,
        "organ": sample.organ,
        "level": sample.level,
        "region": sample.region,
        "year": sample.year,
        "key": sample.key,
        "origin": sample.origin,
        "entry": sample.entry,
        "notes": json.dumps(sample.notes, ensure_ascii=False) if sample.notes else None,
        "failed": sum(r.outcome == "fail" and r.severity == "error" for r in result.rules),
        "warned": sum(r.outcome == "fail" and r.severity != "error" for r in result.rules),
        "doubts": sum(r.outcome == "review" for r in result.rules),
        "error": _error(result),
    }
    marks = ", ".join("?" * len(rows))
    base.execute(f"INSERT INTO file ({', '.join(rows)}) VALUES ({marks})", tuple(rows.values()))
    base.execute(
        "INSERT INTO content (file, result) VALUES (?, ?)", (number, zlib.compress(msgspec.msgpack.encode(result)))
    )
    for rule in result.rules:
        base.execute(
            "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
            (number, rule.id, rule.outcome, rule.outcome, len(rule.findings)),
        )
        for index, finding in enumerate(rule.findings, 1):
            base.execute(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _finding(number, rule, index, finding)
            )


def _error(result: FileResult) -> str | None:
    if result.errors:
        return result.errors[0]
    broken = next((r for r in result.rules if r.outcome == "error"), None)
    return f"规则{broken.id}未能检查：{broken.reason}。" if broken else None


def _finding(number: int, rule: RuleResult, index: int, finding: Finding) -> tuple[object, ...]:
    place = place_line(finding.location) or None
    told = (finding.outcome, finding.message, finding.excerpt, finding.section, place, finding.suggestion)
    return (number, rule.id, index, *told, finding.fingerprint)


def _add_roster(base: sqlite3.Connection) -> None:
    for line, organ in enumerate(ROSTER, 1):
        region = _SUI if organ.startswith((_SUI, "雁桥", "松坳")) else _LAN
        base.execute("INSERT INTO roster VALUES (?, ?, ?, ?, '[]', '[]', NULL)", (line, organ, _level(line), region))
    base.executemany("INSERT INTO missing (year, line) VALUES (?, ?)", NOT_SUBMITTED)


def _add_across(base: sqlite3.Connection) -> None:
    numbers = {s.path: i for i, s in enumerate(SAMPLES, 1)}
    yun, again = numbers["2024/岚溪县/云溪镇.txt"], numbers["2024/岚溪县/云溪镇（重报）.txt"]
    zhu, zhu_before = numbers["2024/岚溪县/竹影乡.txt"], numbers["2023/岚溪县/竹影乡.txt"]
    shui, yan = numbers["2024/穗川县/水利局.txt"], numbers["2024/穗川县/雁桥铺镇.txt"]
    base.executemany("INSERT INTO double VALUES ('k2', 2024, ?, 1)", [(yun,), (again,)])
    base.execute("INSERT INTO late VALUES (1, '2025-04-20', '2025-04-01')")
    first = CopiedPassage(
        Side(f"局机关{SHARED}", "第14行", ((3, 3 + len(SHARED)),)),
        Side(SHARED, "第22行", ((0, len(SHARED)),)),
        len(SHARED),
    )
    second = CopiedPassage(
        Side("全年开展执法检查120次，下发整改通知书，整改完成。", "第16行", ((0, 8), (12, 24))),
        Side("全年开展执法检查86次，下发整改通知书，整改完成。", "第24行", ((0, 8), (11, 23))),
        20,
    )
    plain = CopiedPassage(Side("完善村规民约。", "第9行", ()), Side("完善村规民约。", "第11行", ()), 6)
    for here, there, kind, passages, shares in (
        (shui, yan, "organ", (first, second), (0.31, 0.26)),
        (zhu, zhu_before, "year", (plain,), (0.08, 0.09)),
        (yun, again, "double", (plain,), (1.0, 1.0)),
    ):
        count = sum(p.characters for p in passages)
        shown = msgspec.json.encode(passages).decode()
        base.execute("INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?)", (here, there, kind, count, *shares, shown))
    base.execute(
        "INSERT INTO common VALUES (1, '深入学习贯彻党的二十大精神，全面推进依法治国。', 6, ?)",
        (json.dumps([yun, zhu, shui]),),
    )
    echoes = (
        (
            "problem_repeated",
            "与上年报告的问题文字相同。",
            "执法人员业务能力有待提高。",
            "第20行",
            "执法人员业务能力有待提高。",
        ),
        ("plan_unmentioned", "上年安排的这件事，本年工作中没有写到。", None, None, "建成乡公共法律服务站。"),
        ("same_figure", "与上年的数字相同，请核对。", "开展普法宣传36场次。", "第9行", "开展普法宣传36场次。"),
    )
    for number, (kind, message, text, place, earlier) in enumerate(echoes, 1):
        values = (zhu, number, zhu_before, kind, message, text, place, earlier, "第21行", f"{number:016x}")
        base.execute("INSERT INTO echo VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def decisions() -> tuple[Decision, ...]:
    """Return the decisions of the audit: every verb, about findings and about rules; the last one is out of date."""
    results = {s.path: r for s, r in zip(SAMPLES, _results(), strict=True)}

    def mark(path: str, rule: str) -> str:
        return next(r for r in results[path].rules if r.id == rule).findings[0].fingerprint

    fu, lu, jiao = "2024/岚溪县/县人民政府.txt", "2024/岚溪县/芦浦街道.txt", "2024/穗川县/教体局.txt"
    told: tuple[tuple[str, str, str, Verb, Outcome | None, str], ...] = (
        (fu, "P104", mark(fu, "P104"), "confirm", None, "确无下一年度安排"),
        (lu, "P101", mark(lu, "P101"), "dismiss", None, "标题写作“工作开展情况”，内容齐全"),
        (lu, "T301", "", "override", "review", "附件中有说明，待核"),
        (jiao, "P103", "", "override", "pass", "另有专项报告"),
        (jiao, "T304", "f" * 16, "dismiss", None, "已改正"),
    )
    return tuple(Decision(*values, reviewer=REVIEWER, day="2025-05-06") for values in told)
