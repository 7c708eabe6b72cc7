"""A skeleton passes the rules on its structure and fails those on its substance, until it is filled in."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import docx
import pytest
from docx.text.paragraph import Paragraph

from tests.conftest import ROOT, Run, shipped_rules
from tests.test_law import COUNTY, DEPARTMENT, STREET, TOWN, broken
from validator.document import Document
from validator.draft import Draft, build_skeleton, read_draft, render_skeleton
from validator.engine import Engine, build_context, evaluate
from validator.kinds import PartName
from validator.law import Calendar, Organ, read_calendar
from validator.loaders.word.docx import load_docx
from validator.normalise import normalise
from validator.result import FileResult
from validator.rule import Rule

ORGANS: dict[str, Organ] = {
    "云溪镇人民政府": TOWN,
    "白沙街道办事处": STREET,
    "穗川县司法局": DEPARTMENT,
    "穗川县人民政府": COUNTY,
}
PARTS: tuple[PartName, ...] = ("measures", "problems", "principal", "plan")
ALWAYS = {
    "G001",
    "P113",
    "R401",
    "R402",
    "R403",
    "R404",
    "R405",
    "N502",
    "W601",
    "W603",
    "W604",
    "W606",
    "S901",
    "S903",
}
STRUCTURE = ALWAYS | {"H701", "H702"}
NOT_YET = {"P111", "P112", "P114", "P115", "F203", "D321", "D322", "D323", "N501"}
"""Rules that wait for what the blanks will say."""
OUTCOMES: dict[int, dict[str, set[str]]] = {
    2017: {
        "pass": STRUCTURE | {"F202", "W605"},
        "not_applicable": NOT_YET | {"P101", "P102", "P103", "P104", "T301", "T303", "T304", "T305", "W602"},
    },
    2019: {"pass": STRUCTURE | {"F202", "W605", "W602"}, "not_applicable": NOT_YET | {"T303"}},
    2026: {"pass": STRUCTURE | {"F202", "W605", "W602"}, "not_applicable": NOT_YET},
}
"""What each year gives; every other rule fails."""


@cache
def law() -> tuple[Draft, Calendar]:
    return read_draft(shipped_rules()), read_calendar(shipped_rules())


@cache
def skeleton(name: str, year: int) -> bytes:
    draft, calendar = law()
    organ = ORGANS.get(name, TOWN)
    return render_skeleton(build_skeleton(draft, shipped_rules(), calendar, year=year, organ=organ, name=name))


def read(data: bytes) -> Document:
    """Return a Word file as the checks see it, read in this process."""
    return normalise(load_docx("报告.docx", data))


def outcomes(result: FileResult) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in result.rules:
        found.setdefault(rule.outcome, set()).add(rule.id)
    return found


QUICK = {("云溪镇人民政府", 2026), ("白沙街道办事处", 2019), ("穗川县司法局", 2017)}


@pytest.mark.parametrize(
    ("name", "year"),
    [
        pytest.param(n, y, marks=() if (n, y) in QUICK else pytest.mark.slow, id=f"{o.kind}-{y}")
        for n, o in ORGANS.items()
        for y in OUTCOMES
    ],
)
def test_every_rule_on_a_skeleton(engine: Engine, name: str, year: int) -> None:
    result = evaluate(engine, read(skeleton(name, year)))
    wanted = dict(OUTCOMES[year])
    every = {r.id for r in shipped_rules().rules}
    wanted["fail"] = every - wanted["pass"] - wanted["not_applicable"]
    assert outcomes(result) == wanted
    assert result.facts is not None
    assert (result.facts.organ, result.facts.reporting_year) == (name, year)
    assert result.facts.organ_kind == ORGANS[name].kind


@pytest.mark.parametrize("year", [2015, 2026])
def test_a_skeleton_without_a_name(engine: Engine, year: int) -> None:
    result = evaluate(engine, read(skeleton("", year)))
    found = outcomes(result)
    assert "H702" in found["fail"]
    assert found["pass"] >= STRUCTURE - {"H702"}


@pytest.mark.parametrize("name", ORGANS)
def test_the_parts_are_headings_of_their_own_in_order(engine: Engine, name: str) -> None:
    context = build_context(engine, read(skeleton(name, 2026)))
    for part in PARTS:
        assert context.parts.is_own_level_one(part)
    assert [s.level for s in context.outline.sections].count(1) == len(PARTS)
    assert max(s.level for s in context.outline.sections) == 2


def comments(data: bytes) -> list[tuple[str, str]]:
    return [(c.author, c.text) for c in docx.Document(io.BytesIO(data)).comments]


def rules_of(data: bytes) -> set[str]:
    return {t[:4] for _, t in comments(data) if re.match(r"[A-Z]\d{3} ", t)}


def rule(name: str) -> Rule:
    return next(r for r in shipped_rules().rules if r.id == name)


def test_hints_are_comments_with_clause_and_model_wording() -> None:
    found = {t[:4]: (a, t) for a, t in comments(skeleton("云溪镇人民政府", 2026))}
    expected = {r.id for r in shipped_rules().rules if r.id[0] in "FT" or r.stands_in or r.id in ("G001", "H702")}
    assert rules_of(skeleton("云溪镇人民政府", 2026)) >= expected - {"W602"} - {i for i in expected if i[0] in "RWNSH"}
    author, text = found["T301"]
    assert author == "必备项"
    assert rule("T301").rationale in text
    assert rule("T301").wording.strip().splitlines()[0] in text
    assert "依据：《国务院办公厅关于全面推行" in text
    assert "没有规定必须写进报告" in text
    assert "条文未核实" in found["P101"][1]
    assert any(
        "2027年3月1日之前" in t and "2027年4月1日之前" in t for _, t in comments(skeleton("云溪镇人民政府", 2026))
    )


def test_hints_say_who_goes_by_reference() -> None:
    street, town = ({t[:4]: t for _, t in comments(skeleton(n, 2026))} for n in ("白沙街道办事处", "云溪镇人民政府"))
    assert "参照执行" in street["P101"]
    assert "参照执行" not in town["P101"]


def test_hints_of_rules_without_a_source_that_year_are_left_out() -> None:
    assert {"T303", "T301", "P101", "D323"} & rules_of(skeleton("云溪镇人民政府", 2017)) == {"D323"}
    assert "T303" not in rules_of(skeleton("云溪镇人民政府", 2019))
    told = [t for _, t in comments(skeleton("云溪镇人民政府", 2017)) if "没有查到规定报告内容的文件" in t]
    assert len(told) == len(PARTS)


def test_comments_carry_no_date_and_the_bytes_are_the_same() -> None:
    data = skeleton("云溪镇人民政府", 2026)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"w:date" not in package.read("word/comments.xml")
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    skeleton.cache_clear()
    assert skeleton("云溪镇人民政府", 2026) == data


FILLED = {
    "主送机关": ["县委、县人民政府："],
    "本单位": ["2026年，云溪镇认真落实依法行政各项要求，扎实推进法治政府建设。现将有关情况报告如下。"],
    "学了什么": [
        "深入学习贯彻习近平法治思想，镇党委理论学习中心组专题学习习近平法治思想4次，举办法治培训3期、86人次，会前学法12次。"
    ],
    "清单怎样": ["动态调整权责清单，清单共112项。持续优化营商环境，走访企业23家，解决问题17个。"],
    "审了多少": [
        "严格执行重大行政决策程序，公布决策事项目录2项。开展合法性审核64件，其中规范性文件3件、合同61件。聘请法律顾问1名。"
    ],
    "执法做了": [
        "全面落实行政执法“三项制度”：行政执法公示信息86条；执法全过程记录配备记录仪6台；重大执法决定法制审核5件。开展案卷评查2次。"
    ],
    "由谁开展": ["落实“谁执法谁普法”普法责任制，开展普法宣传26场、8500人次。"],
    "收到多少": ["排查矛盾纠纷214件，调解成功209件。办理行政复议案件2件、行政应诉案件3件。"],
    "公开了多": ["全面推进政务公开，主动公开政府信息176条。"],
    "修订了什": ["修订应急预案5个，组织应急演练4次。"],
    "第一个不": ["（一）综合执法力量不足。由于人员编制没有同步增加，持证执法人员只有11人。"],
    "第二个不": ["（二）村级合同审查把关不严。因为送审流程不够简便，导致少数合同先签后审。"],
    "谁，主持": [
        "镇党委书记、镇长对法治建设重要工作亲自部署、重大问题亲自过问、重点环节亲自协调、重要任务亲自督办。",
        "2026年2月17日，镇长主持召开法治政府建设专题会议，审议年度工作要点。年底开展述法。",
    ],
    "针对第一": ["（一）充实综合执法力量。新增持证执法人员4名，每季度开展1次执法业务培训。"],
    "针对第二": ["（二）严格村级合同审查。出台合同合法性审查办法，推行线上送审，杜绝先签后审。"],
    "2027年〔": ["2027年2月10日"],
}


def fill_in(data: bytes) -> bytes:
    """Return the skeleton with every blank filled in, as a person would do it in Word."""
    document = docx.Document(io.BytesIO(data))
    left = dict(FILLED)
    for paragraph in document.paragraphs:
        if "〔" not in paragraph.text:
            continue
        [key] = [k for k in left if k in paragraph.text]
        first, *more = left.pop(key)
        for run in paragraph.runs[1:]:
            if run.text:
                run.text = ""
        paragraph.runs[0].text = first
        for words in more:
            added = docx.Document(io.BytesIO(data)).paragraphs[0]._p
            added.clear()
            paragraph._p.addnext(added)
            Paragraph(added, paragraph._parent).add_run(words)
    assert not left
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_skeleton_that_is_filled_in_passes(engine: Engine) -> None:
    result = evaluate(engine, read(fill_in(skeleton("云溪镇人民政府", 2026))))
    found = outcomes(result)
    assert result.outcome == "pass"
    assert found["pass"] == {r.id for r in shipped_rules().rules}


def test_one_part_left_blank_is_found(engine: Engine) -> None:
    document = docx.Document(io.BytesIO(fill_in(skeleton("云溪镇人民政府", 2026))))
    for paragraph in [p for p in document.paragraphs if p.text.startswith(("（一）充实", "（二）严格村"))]:
        paragraph.runs[0].text = f"{paragraph.text[:3]}〔还没有写{paragraph.text[3:9]}〕"
    out = io.BytesIO()
    document.save(out)
    result = evaluate(engine, read(out.getvalue()))
    assert next(r.outcome for r in result.rules if r.id == "P104") == "fail"


def test_the_command(fazhi: Run, tmp_path: Path) -> None:
    args = ("new", "--year", 2026, "--organ-level", "township", "--organ", "白沙街道办事处")
    done = fazhi(*args)
    path = tmp_path / "白沙街道办事处2026年度法治政府建设情况报告.docx"
    assert (done.returncode, done.stderr) == (0, "")
    assert path.name in done.stdout
    assert path.read_bytes() == skeleton("白沙街道办事处", 2026)
    path.write_bytes("别人的".encode())
    again = fazhi(*args)
    assert (again.returncode, path.read_bytes()) == (2, "别人的".encode())
    assert "已经有了，没有改" in again.stderr
    assert fazhi(*args, "--out", "另一个.docx").returncode == 0
    assert (tmp_path / "另一个.docx").read_bytes() == skeleton("白沙街道办事处", 2026)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--organ-level", "township", "--out", "a.doc"], "--out 要写成 .docx 文件"),
        (["--organ-level", "township", "--organ", "甲/乙"], "--organ 不能有"),
        (["--organ-level", "township", "--organ", "甲" * 61], "60个字"),
        (["--organ-level", "township", "--organ", "甲\n乙"], "--organ 不能有"),
        (["--organ-level", "city", "--organ-kind", "town"], "没有 town 这类单位"),
        (["--organ-level", "township", "--out", "没有/a.docx"], "写不进去"),
        ([], "缺少 --organ-level"),
    ],
)
def test_what_cannot_be_written(fazhi: Run, tmp_path: Path, args: list[str], words: str) -> None:
    done = fazhi("new", "--year", 2026, *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


MISTAKES = [
    ("rules: [T306]", "rules: [T399]", "没有编号为 T399 的规则"),
    ("rules: [T306]", "rules: [T313]", "规则 T313 写了两次"),
    ("  - rule: P102\n", "  - rule: P112\n", "P112 不是必备部分的规则"),
    ("'{year}年推进法治政府建设的主要", "'{years}年推进法治政府建设的主要", "只能用 {year} 和 {next_year}"),
    ("    note: 规定还列出", "    notes: 规定还列出", "不认识的键 notes"),
    ("        prompts: [公开了多少条，答复了多少件]\n", "", "缺少键 prompts"),
    ("      department:", "      departments:", "heading_for"),
]


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES)
def test_a_mistake_in_the_draft_is_pointed_at(tmp_path: Path, old: str, new: str, words: str) -> None:
    error = broken(tmp_path / "rules", "draft.yaml", old, new, lambda f: read_draft(shipped_rules(), f))
    assert re.match(r"rules/draft\.yaml:\d+:\d+: ", str(error))
    assert words in str(error) or error.line > 5


def test_a_rule_that_the_draft_does_not_know_has_its_hint_at_the_part() -> None:
    from dataclasses import replace

    own = rule("T306").model_copy(update={"id": "X901", "title": "本县要写的事"})
    ruleset = replace(shipped_rules(), rules=(*shipped_rules().rules, own))
    draft, calendar = law()
    data = render_skeleton(build_skeleton(draft, ruleset, calendar, year=2026, organ=TOWN))
    assert "X901" in rules_of(data)


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.docx"
        args = ["new", "--year", "2026", "--organ-level", "township", "--organ", "云溪镇人民政府", "--out", str(path)]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-m", "validator", *args], check=True, cwd=ROOT, env=env, capture_output=True)
    assert (tmp_path / "1.docx").read_bytes() == (tmp_path / "2.docx").read_bytes() == skeleton("云溪镇人民政府", 2026)
