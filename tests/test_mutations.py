"""Spoil one thing in a report that passes every rule: exactly the rules that should change do change."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.conftest import SPECIMENS, read
from validator.engine import Engine, evaluate

TEXT = (SPECIMENS / "passes-all.txt").read_text("utf-8")


class Mutation(NamedTuple):
    """What is done to the text, and the outcomes that change (``*``: of every rule not named)."""

    name: str
    edits: tuple[tuple[str, str], ...]
    changed: dict[str, str]


def part(first: str, following: str) -> str:
    """Return the text from one heading up to the next."""
    start = TEXT.index(first)
    return TEXT[start : TEXT.index(following, start)]


MEASURES = part("一、2023年度推进", "二、存在的不足")
PROBLEMS = part("二、存在的不足", "三、党政主要")
PRINCIPAL = part("三、党政主要", "四、2024年度")
PLAN = part("四、2024年度", "穗川县云溪镇人民政府\n2024年")
DEEDS_OF_PRINCIPAL = part("一是带头谋划部署", "四、2024年度")
THREE_SYSTEMS = part("全面落实行政执法“三项制度”", "全年办理行政处罚案件31件")
STUDY = part("把习近平法治思想列入", "坚持镇长办公会")
LIST_OF_CAUSES = (
    ("由于赋权事项下放后人员编制没有同步增加，", ""),
    ("，导致部分案件办理周期偏长", "，部分案件办理周期偏长"),
    ("，原因在于事前对不同群体的法律需求摸底不够", "，事前对不同群体的法律需求摸底不够"),
    ("因为部分村干部", "部分村干部"),
    ("，导致少数村级合同先签后审", "，少数村级合同先签后审"),
)
THEMES_OF_MEASURES = {f"T3{n:02d}": "fail" for n in range(1, 15)}

MUTATIONS = (
    Mutation(
        "another genre",
        (("2023年度法治政府建设情况报告", "2023年政府工作报告"),),
        {"G001": "fail", "*": "not_applicable"},
    ),
    Mutation(
        "no measures",
        (
            (MEASURES, ""),
            ("二、存在的不足", "一、存在的不足"),
            ("三、党政主要", "二、党政主要"),
            ("四、2024年度", "三、2024年度"),
        ),
        THEMES_OF_MEASURES
        | {
            "P101": "review",
            "P113": "not_applicable",
            "T305": "review",
            "T303": "pass",
            "T307": "pass",
            "T308": "pass",
            "T310": "pass",
        }
        | {"D321": "not_applicable", "D322": "not_applicable", "D323": "fail", "N501": "not_applicable"},
    ),
    Mutation(
        "no problems",
        ((PROBLEMS, ""), ("三、党政主要", "二、党政主要"), ("四、2024年度", "三、2024年度")),
        {"P102": "fail"} | dict.fromkeys(("P111", "P113", "P114", "P115"), "not_applicable"),
    ),
    Mutation(
        "no principal",
        ((PRINCIPAL, ""), ("四、2024年度", "三、2024年度")),
        {"P103": "fail", "F201": "fail", "F204": "review", "F203": "not_applicable", "P113": "not_applicable"},
    ),
    Mutation("no plan", ((PLAN, ""),), {"P104": "fail", "P113": "not_applicable", "P115": "not_applicable"}),
    Mutation("no causes", LIST_OF_CAUSES, {"P111": "fail"}),
    Mutation(
        "two parts under one heading",
        (
            ("二、存在的不足和原因", "二、存在的不足和原因及党政主要负责人履行推进法治建设第一责任人职责情况"),
            ("三、党政主要负责人履行推进法治建设第一责任人职责情况\n\n", ""),
            ("四、2024年度", "三、2024年度"),
        ),
        {"P112": "fail", "P113": "not_applicable"},
    ),
    Mutation(
        "principal before problems",
        ((PROBLEMS + PRINCIPAL, PRINCIPAL.replace("三、", "二、", 1) + PROBLEMS.replace("二、", "三、", 1)),),
        {"P113": "fail"},
    ),
    Mutation(
        "one problem only",
        ((part("（二）法治宣传的针对性不强", "三、党政主要"), ""),),
        {"P114": "fail"},
    ),
    Mutation(
        "a problem without an answer",
        (
            (part("（三）严格村级合同审查", "（四）压实法治建设责任"), ""),
            ("（四）压实法治建设责任", "（三）压实法治建设责任"),
        ),
        {"P115": "review"},
    ),
    Mutation("three of four deeds", (("、重要任务亲自督办", ""),), {"F201": "fail"}),
    Mutation("a deviating pair", (("重要任务亲自督办", "重要任务亲自督查"),), {"F202": "fail"}),
    Mutation(
        "general phrases only",
        ((DEEDS_OF_PRINCIPAL, "高度重视，切实履行职责，带头述法，推动工作落实。\n\n"),),
        {"F203": "fail"},
    ),
    Mutation(
        "no report on law",
        (
            (
                "2023年12月在全镇干部大会上进行述法，并对9个站所负责人的述法报告逐一点评",
                "2023年12月在全镇干部大会上报告",
            ),
            ("四是带头述法。", "四是带头报告。"),
        ),
        {"F204": "review"},
    ),
    Mutation("no three systems", ((THREE_SYSTEMS, ""),), {"T301": "fail", "D321": "not_applicable"}),
    Mutation(
        "one of the three systems removed",
        (
            ("落实行政执法全过程记录制度，配备执法记录仪6台，音像资料归档率达到100%；", ""),
            ("全面落实行政执法“三项制度”。", ""),
        ),
        {"T301": "fail", "D321": "not_applicable"},
    ),
    Mutation("only the collective name", ((THREE_SYSTEMS, "全面落实行政执法“三项制度”。"),), {"D321": "fail"}),
    Mutation(
        "no word on who publicises the law",
        (
            ("（五）落实“谁执法谁普法”责任制", "（五）落实普法责任制"),
            ("制定“谁执法谁普法”年度任务清单", "制定普法年度任务清单"),
        ),
        {"T302": "fail", "D322": "not_applicable"},
    ),
    Mutation(
        "publicity without a number",
        (
            (
                "开展法治宣传活动26场次，发放宣传资料8500余份，接受群众咨询430人次。",
                "多次开展法治宣传活动，发放宣传资料。",
            ),
            ("培育村级“法律明白人”96名，", ""),
            ("明确9个站所的普法内容和时限", "明确站所的普法内容和时限"),
        ),
        {"D322": "fail"},
    ),
    Mutation(
        "thought only in the plan",
        (
            ("，深入学习贯彻习近平法治思想", ""),
            ("（一）深入学习贯彻习近平法治思想", "（一）深入学习党的二十大精神"),
            (STUDY, ""),
        ),
        {"T303": "review", "D323": "not_applicable"},
    ),
    Mutation("study without frequency", (("专题学习4次，班子成员撰写心得体会9篇", "专题学习多次"),), {"D323": "fail"}),
    Mutation(
        "no decision making",
        (
            (part("执行《重大行政决策程序暂行条例》", "全年开展合法性审核64件"), ""),
            ("（三）健全依法决策和审核把关机制", "（三）健全审核把关机制"),
        ),
        {"T304": "fail"},
    ),
    Mutation(
        "no legality review",
        (
            ("、合法性审查和集体讨论", "和集体讨论"),
            ("全年开展合法性审核64件，其中行政规范性文件3件、合同协议48件、其他涉法文件13件。", ""),
            ("全年出具法律意见书37份", "全年提供咨询37次"),
            ("（三）健全依法决策和审核把关机制", "（三）健全依法决策机制"),
        ),
        {"T305": "review"},
    ),
    Mutation(
        "no openness",
        (
            ("深化政务公开，通过政府网站主动公开信息176条，按时答复公开申请4件。", ""),
            ("应急处置和政务公开水平", "应急处置水平"),
        ),
        {"T306": "fail"},
    ),
    Mutation(
        "no review and no litigation",
        (
            (part("做好行政复议和行政应诉工作", "\n\n（七）"), ""),
            ("作为行政机关负责人出庭应诉2次，", ""),
        ),
        {"T307": "fail"},
    ),
    Mutation(
        "no disputes",
        (
            (part("坚持和发展新时代“枫桥经验”", "做好行政复议和行政应诉"), ""),
            ("牵头化解信访积案3件，", ""),
            ("（六）依法预防化解社会矛盾", "（六）依法办理复议应诉"),
        ),
        {"T308": "fail"},
    ),
    Mutation("no counsel", (("聘请法律顾问1名，全年出具法律意见书37份。", ""),), {"T309": "fail"}),
    Mutation(
        "nobody learns",
        (
            (part("坚持镇长办公会会前学法", "\n\n（二）依法全面履行"), ""),
            ("二是带头学法讲法。围绕行政处罚法和民法典为机关干部、村干部讲授法治课2次。三是", "二是"),
            ("四是带头述法", "三是带头述法"),
            ("全年开展习近平法治思想专题学习4次", "每月开展专题学习"),
        ),
        {"T310": "review"},
    ),
    Mutation("no supervision", (("强化行政执法监督，开展案卷评查2次，发现并整改问题14个。", ""),), {"T311": "fail"}),
    Mutation(
        "no business environment",
        ((part("持续优化营商环境", "\n\n（三）健全"), ""),),
        {"T312": "fail"},
    ),
    Mutation(
        "no emergencies",
        (
            (part("修订防汛抗旱、森林防火等应急预案", "深化政务公开"), ""),
            ("（七）提升应急处置和政务公开水平", "（七）提升政务公开水平"),
        ),
        {"T313": "fail"},
    ),
    Mutation(
        "no list of powers",
        (("动态调整镇政府权责清单，共列明事项", "办理事项共"), ("，并在政府网站公布", "")),
        {"T314": "fail"},
    ),
    Mutation("a plan that was replaced", (("（2021－2025年）", "（2015－2020年）"),), {"R401": "fail"}),
    Mutation("a meeting to come", (("全面贯彻党的二十大精神", "全面贯彻党的二十届三中全会精神"),), {"R402": "fail"}),
    Mutation("a title misspelt", (("决策程序暂行条例", "决策程序暂停条例"),), {"R403": "review"}),
    Mutation("a year left over", (("现将有关情况报告如下", "现将2022年度有关情况报告如下"),), {"R404": "fail"}),
    Mutation("a plan for the wrong year", (("四、2024年度推进", "四、2023年度推进"),), {"R404": "fail"}),
    Mutation("an office renamed", (("走访企业23家", "会同工商行政管理局走访企业23家"),), {"R405": "fail"}),
    Mutation("a number in a sum", (("合同协议48件", "合同协议47件"),), {"N501": "review"}),
    Mutation("a total", (("共列明事项112项", "共列明事项110项"),), {"N501": "review"}),
    Mutation(
        "two values",
        (("按时答复公开申请4件。", "按时答复公开申请4件。全年开展合法性审核46件，均按时办结。"),),
        {"N502": "review"},
    ),
    Mutation("one character of a term", (("开展法治宣传活动", "开展法制宣传活动"),), {"W601": "fail"}),
    Mutation("the name of a system", (("法制审核制度", "法制先行审核制度"),), {"W602": "fail"}),
    Mutation("a word twice", (("深化政务公开", "深化深化政务公开"),), {"W603": "fail"}),
    Mutation("a half-width comma", (("走访企业23家，", "走访企业23家,"),), {"W604": "fail"}),
    Mutation("a mark after a heading", (("二、存在的不足和原因", "二、存在的不足和原因；"),), {"W604": "fail"}),
    Mutation("honour and obey", (("尊法学法守法用法", "遵法学法守法用法"),), {"W605": "fail"}),
    Mutation(
        "a thought misnamed", (("习近平新时代中国特色社会主义思想", "习近平新时代特色社会主义思想"),), {"W606": "fail"}
    ),
    Mutation(
        "a mobile number", (("接受群众咨询430人次", "接受群众咨询430人次（联系人手机13912345678）"),), {"S901": "fail"}
    ),
    Mutation("a request", (("纳入站所年度考核。", "纳入站所年度考核。\n\n以上报告妥否，请批示。"),), {"S903": "fail"}),
    Mutation("a number of a heading", (("（五）落实“谁执法", "（六）落实“谁执法"),), {"H701": "fail"}),
    Mutation("a title without year", (("2023年度法治政府建设情况报告", "法治政府建设情况报告"),), {"H702": "fail"}),
)


def outcomes(engine: Engine, text: str) -> dict[str, str]:
    return {r.id: r.outcome for r in evaluate(engine, read(text)).rules}


def test_the_specimen_passes_everything(engine: Engine) -> None:
    assert set(outcomes(engine, TEXT).values()) == {"pass"}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_exactly_the_rules_that_should_change_do(engine: Engine, mutation: Mutation) -> None:
    text = TEXT
    for old, new in mutation.edits:
        assert old in text, old
        text = text.replace(old, new)
    got = outcomes(engine, text)
    expected = {rule: mutation.changed.get(rule, mutation.changed.get("*", "pass")) for rule in got}
    assert {r: o for r, o in got.items() if o != expected[r]} == {}


def test_every_rule_is_killed(engine: Engine) -> None:
    killed = {rule for m in MUTATIONS for rule, outcome in m.changed.items() if outcome in ("fail", "review")}
    assert killed == {r.id for r in engine.chosen}
