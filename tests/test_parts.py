"""The heading families of the mandated parts, with headings of our own, and those that only look like them."""

from __future__ import annotations

import pytest

from tests.conftest import read
from validator.checks.parts import name_parts
from validator.checks.patterns import Patterns
from validator.engine import Engine, evaluate
from validator.ruleset import RuleSet


def names(engine: Engine, ruleset: RuleSet, title: str) -> set[str]:
    return set(name_parts(title, engine.part_checks, Patterns(ruleset.lexicon.words, 2023)))


MEASURES = [
    "2023年度法治政府建设重点工作及成效",
    "本年度推进依法行政的主要措施和突出成效",
    "主要工作",
    "年度主要工作",
    "法治建设取得的成绩",
    "工作推进情况",
    "总体完成情况",
    "基本情况",
    "法治政府建设进展情况",
    "特色亮点",
    "主要经验做法",
    "2023年工作回顾",
    "成效与做法",
    "推进法治政府建设的主要情况",
]
PROBLEMS = [
    "存在的差距与不足",
    "当前面临的困难和问题",
    "短板弱项及成因",
    "法治政府建设中的薄弱环节",
    "工作中的主要困难",
    "问题与不足",
    "存在的突出问题及原因分析",
    "自查发现的主要问题",
    "有待改进之处",
    "需要进一步加强的方面",
]
PRINCIPAL = [
    "县长履行推进法治建设第一责任人职责情况",
    "局党组书记、局长履职尽责情况",
    "区政府主要负责同志履行法治建设职责情况",
    "党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况",
    "党政主要领导带头推进法治建设",
    "第一责任人职责落实情况",
]
PLAN = [
    "下步工作思路",
    "下一阶段工作重点",
    "明年工作要点",
    "2024年法治政府建设工作计划",
    "二〇二四年主要任务",
    "今后努力方向",
    "下一年度推进法治政府建设的主要安排",
    "工作打算",
    "新一年工作展望",
]
NONE = [
    "聚焦突出问题，化解矛盾纠纷",
    "重大问题亲自过问",
    "补齐短板，夯实基础",
    "帮扶困难群众，提供法律援助",
    "督察反馈问题整改情况",
    "坚持问题导向，规范行政执法",
    "强化普法举措，提升宣传实效",
    "行政复议案件办理情况",
    "历史遗留问题化解",
    "规范行政执法行为",
    "学习《党政主要负责人履行推进法治建设第一责任人职责规定》",
    "健全重大行政决策机制",
    "政务公开工作情况",
    "困难群众救助",
]
MERGED = [
    ("存在问题及下步打算", {"problems", "plan"}),
    ("主要成效及存在的不足", {"measures", "problems"}),
    ("2023年工作开展情况和2024年工作计划", {"measures", "plan"}),
    ("工作短板、下一步工作举措", {"problems", "plan"}),
    ("主要做法成效、存在问题及2024年工作思路", {"measures", "problems", "plan"}),
]


@pytest.mark.parametrize("title", MEASURES)
def test_measures(engine: Engine, ruleset: RuleSet, title: str) -> None:
    assert names(engine, ruleset, title) == {"measures"}


@pytest.mark.parametrize("title", PROBLEMS)
def test_problems(engine: Engine, ruleset: RuleSet, title: str) -> None:
    assert names(engine, ruleset, title) == {"problems"}


@pytest.mark.parametrize("title", PRINCIPAL)
def test_principal(engine: Engine, ruleset: RuleSet, title: str) -> None:
    assert names(engine, ruleset, title) == {"principal"}


@pytest.mark.parametrize("title", PLAN)
def test_plan(engine: Engine, ruleset: RuleSet, title: str) -> None:
    assert names(engine, ruleset, title) == {"plan"}


@pytest.mark.parametrize("title", NONE)
def test_headings_of_ordinary_work(engine: Engine, ruleset: RuleSet, title: str) -> None:
    assert names(engine, ruleset, title) == set()


@pytest.mark.parametrize(("title", "parts"), MERGED)
def test_merged_headings(engine: Engine, ruleset: RuleSet, title: str, parts: set[str]) -> None:
    assert names(engine, ruleset, title) == parts


BLANK = """云溪镇人民政府2023年度法治政府建设情况报告
一、主要举措和成效
（一）规范执法
{measures}
二、2024年主要安排
{plan}
云溪镇人民政府
2024年〔  〕月〔  〕日
"""


@pytest.mark.parametrize(
    ("measures", "plan", "wanted"),
    [
        (
            "〔执法做了哪些事，各多少件〕",
            "（一）〔针对第一个不足，做什么〕\n（二）〔针对第二个不足，做什么〕",
            ("fail", "fail"),
        ),
        ("一是〔执法做了哪些事，各多少件〕。", "〔针对不足，做什么，什么时候做完〕", ("fail", "fail")),
        ("办理行政处罚案件〔  〕件。", "新增执法人员〔  〕名。", ("pass", "pass")),
        ("印发云政发〔2023〕5号文件。", "（一）充实执法力量\n（二）严格合同审查", ("pass", "pass")),
    ],
)
def test_blanks_and_the_signature_are_no_content(
    engine: Engine, measures: str, plan: str, wanted: tuple[str, str]
) -> None:
    result = evaluate(engine, read(BLANK.format(measures=measures, plan=plan)))
    found = {r.id: r.outcome for r in result.rules}
    assert (found["P101"], found["P104"]) == wanted
