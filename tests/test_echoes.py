"""What a report is compared by, and this year's report against last year's of the same organ."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.conftest import SPECIMENS, read
from validator.audit.across.echoes import EchoFound, compare_years
from validator.audit.records import Traits
from validator.audit.traits import read_traits
from validator.document import describe_line
from validator.engine import Engine, build_context

Read = Callable[..., Traits]
OWN = "（一）学法用法\n组织集体学法4次。"
PROBLEMS = "一是窗口取号机老旧。"
PLAN = "一是组织集体学法。"


@pytest.fixture
def traits(engine: Engine) -> Read:
    """Read the traits of a report whose parts are given; what is not given is the same for all and of no matter."""

    def build(year: int, *, own: str = OWN, problems: str = PROBLEMS, plan: str = PLAN) -> Traits:
        text = (
            f"云溪镇人民政府{year}年度法治政府建设情况报告\n现将有关情况报告如下。\n一、主要举措和成效\n{own}\n"
            f"二、存在的不足和原因\n{problems}\n三、{year + 1}年主要安排\n{plan}\n云溪镇人民政府\n{year + 1}年1月9日\n"
        )
        return read_traits(build_context(engine, read(text)))

    return build


def of_kind(found: tuple[EchoFound, ...], kind: str) -> list[EchoFound]:
    return [e for e in found if e.kind == kind]


class Problems(NamedTuple):
    """Problems of both years, how they are alike (``None``: no echo), and why."""

    now: str
    before: str
    how: str | None
    why: str


PROBLEM_CASES = [
    Problems("一是村级合同先签后审较多。", "一是村级合同先签后审较多。", "一字不差", "一样"),
    Problems("一是普法活动少。二是村级合同先签后审较多。", "一是村级合同先签后审较多。", "一字不差", "换了序号"),
    Problems("（一）村级合同“先签后审”较多。", "一是村级合同先签后审较多", "一字不差", "引号、标点、序号不算"),
    Problems("一是2023年有2件案件超期办结。", "一是2022年有3件案件超期办结。", "除年份和数字外", "年份、数字不同"),
    Problems("一是二〇二三年案件超期办结较多。", "一是二〇二二年案件超期办结较多。", "除年份和数字外", "汉字年份"),
    Problems(
        "一是由于站所人员少、任务重，部分行政处罚案件的办理周期仍然偏长。",
        "一是由于站所人员少、任务重，部分行政处罚案件的办理周期仍偏长。",
        "几乎一字不差",
        "只改一个词",
    ),
    Problems(
        "（一）赋权事项承接能力与任务不相适应。\n原因是新录用人员多。",
        "（一）赋权事项承接能力与任务不相适应。\n原因是没有专门经费，装备陈旧。",
        "第一句一字不差",
        "第一句相同，说明不同",
    ),
    Problems("一是法治人才不足。", "一是法治人才不足。", None, "一句短而常见的话"),
    Problems(
        "一是法治人才不足。二是普法形式单一。", "一是法治人才不足。二是普法形式单一。", "一字不差", "短的有几句都一样"
    ),
    Problems("一是合同审查没有做到全覆盖。", "一是村级合同先签后审的情况仍然存在。", None, "同一件事，换了说法"),
    Problems(
        "一是由于人手紧张，案卷归档不及时。",
        "一是由于人手紧张，矛盾纠纷排查不够深入细致。",
        None,
        "只有一个短语相同",
    ),
    Problems("一是执法力量不足。\n执法人员多为新手。", "一是执法力量不足。\n装备陈旧。", None, "短的第一句相同"),
    Problems("一是行政复议案件办理周期偏长。", "一是行政应诉案件办理周期偏长。", None, "差两个字，说的是两件事"),
    Problems(
        "在肯定成绩的同时，仍存在一些问题：村级合同先签后审的情况较多。",
        "虽然取得一定成效，但也存在以下不足：村级合同先签后审的情况较多。",
        "一字不差",
        "开头的套话不算",
    ),
    Problems(
        "由于没有专门场所，行政执法案卷归档不及时。",
        "由于站所人员频繁轮换，行政执法案卷归档不及时。",
        None,
        "结果相同，原因不同",
    ),
]


@pytest.mark.parametrize("case", PROBLEM_CASES, ids=lambda c: c.why)
def test_problems_repeated(traits: Read, case: Problems) -> None:
    found = compare_years(traits(2023, problems=case.now), traits(2022, problems=case.before))
    repeated = of_kind(found, "problem_repeated")
    assert bool(repeated) == (case.how is not None)
    assert all(case.how is not None and case.how in e.message for e in repeated)


class Plan(NamedTuple):
    """What last year planned, what this year's own work (and problems, plan) says, and whether it is left open."""

    planned: str
    own: str
    open: bool
    why: str
    problems: str = PROBLEMS
    plan: str = PLAN


PLAN_CASES = [
    Plan("一是完善行政裁量权基准。", "组织集体学法4次。", True, "没有提到"),
    Plan("一是完善行政裁量权基准。", "公布裁量权基准。", False, "提到了"),
    Plan("一是推行柔性执法。", "对轻微违法免罚21件。", False, "换了说法，说的是同一件事"),
    Plan("一是加强法律顾问工作。", "律师全年提出意见37条。", False, "律师就是法律顾问"),
    Plan(
        "一是完善行政裁量权基准。",
        "组织集体学法4次。",
        True,
        "只在问题里提到",
        problems="一是裁量基准不统一。",
    ),
    Plan("一是完善行政裁量权基准。", "组织集体学法4次。", True, "只在安排里提到", plan="一是制定裁量基准。"),
    Plan("一是完善裁量基准，建立涉外法治工作机制。", "制定裁量基准。", False, "几件事里做了一件"),
    Plan("一是完善裁量基准，建立涉外法治工作机制。", "集体学法4次。", True, "几件事一件也没有提"),
    Plan("一是建设红杉驿站。", "组织集体学法4次。", True, "没有归类的事，没有提到"),
    Plan("一是建设红杉驿站。", "红杉驿站全年接待来访。", False, "没有归类的事，提到了"),
    Plan("一是坚持党的全面领导，强化政治引领。", "集体学法4次。", False, "套话不是要落实的安排"),
    Plan("一是坚持以习近平法治思想为指导，深入贯彻党的二十大精神。", "集体学法4次。", False, "套话"),
    Plan("一是深入学习贯彻习近平法治思想，完善裁量基准。", "学习习近平法治思想4次。", True, "套话后面的事没有做"),
    Plan("一是学习贯彻习近平法治思想，建设红杉驿站。", "学习习近平法治思想4次。", True, "套话后面没有归类的事没有做"),
    Plan("一是学习习近平法治思想，推行青少年普法。", "学习习近平法治思想4次。", True, "普法不是怎么学"),
    Plan("一是学习贯彻习近平法治思想，为企业解难题9个。", "学习习近平法治思想4次。", True, "帮企业不是怎么学"),
    Plan("一是学习贯彻习近平法治思想，到枫岭宣讲6场。", "学习习近平法治思想4次。", False, "后面说的是怎么宣讲"),
    Plan("一是学习贯彻习近平法治思想，到枫岭学校宣讲6场。", "开展习近平法治思想研讨2次。", False, "宣讲对象另成一类"),
    Plan("一是学习宣传习近平法治思想，面向司机办好“晚风夜谈”。", "宣讲习近平法治思想4场。", False, "后面说的是面向谁"),
    Plan("一是学习宣传习近平法治思想，面向司机办好“晚风夜谈”。", "办理许可12件。", True, "学习和后面的事都没有提"),
    Plan("一是学习贯彻习近平法治思想，到枫岭宣讲6场。", "办理许可12件。", True, "学习没有提到"),
    Plan(
        "一是学习贯彻习近平法治思想，到枫岭宣讲6场。",
        "坚持以习近平法治思想为指导，办理许可12件。",
        True,
        "今年只有套话",
    ),
    Plan(
        "一是把习近平法治思想列入党委学习计划。",
        "在习近平法治思想的科学指引下，办理许可12件。",
        True,
        "今年只有套话，换了说法",
    ),
    Plan("一是以习近平法治思想为指导抓好各项工作。", "办理许可12件。", False, "以之为指导，不是要做的事"),
    Plan("一是学习习近平法治思想。", "学习习近平法治思想4次。", False, "只说学习，提到了"),
    Plan("一是学习习近平法治思想。", "办理许可12件。", True, "只说学习，没有提到"),
    Plan(
        "一是学习贯彻习近平法治思想，到枫岭宣讲6场。\n以上报告，敬请审阅。",
        "学习习近平法治思想4次。",
        False,
        "结束语不是安排",
    ),
    Plan("2023年，我镇将重点做好以下工作：一是推行公平竞争审查。二是集体学法。", "集体学法。", True, "安排有开头语"),
    Plan("一是加大普法力度。", "开展普法活动12场。", False, "整个领域的安排"),
    Plan("一是加大普法力度。", "办理许可12件。", True, "整个领域都没有提到"),
]


@pytest.mark.parametrize("case", PLAN_CASES, ids=lambda c: c.why)
def test_plan_left_open(traits: Read, case: Plan) -> None:
    now = traits(2023, own=f"（一）工作开展\n{case.own}", problems=case.problems, plan=case.plan)
    found = of_kind(compare_years(now, traits(2022, plan=case.planned)), "plan_unmentioned")
    assert bool(found) == case.open
    assert all(e.text is None and e.place is None for e in found)


class Figures(NamedTuple):
    """Own work of both years, the names of the figures that are the same, and why."""

    now: str
    before: str
    names: tuple[str, ...]
    why: str


THREE = "开展执法检查31次。组织矛盾排查42次。举办法治讲座15场。"
FIGURE_CASES = [
    Figures("全年开展执法检查310次。", "开展执法检查310次。", ("开展执法检查",), "一样"),
    Figures("2023年开展执法检查310次。", "2022年开展执法检查310次。", ("开展执法检查",), "年份不同"),
    Figures("全年开展执法检查310次。", "累计开展执法检查310次。", ("开展执法检查",), "全年与累计"),
    Figures("组织执法检查1,200次。", "开展执法检查1200次。", ("组织执法检查",), "千分号"),
    Figures("发放宣传资料1.2万份。", "发放宣传资料12000份。", ("发放宣传资料",), "万"),
    Figures("开展执法检查一百二十次。", "开展执法检查120次。", ("开展执法检查",), "汉字数字"),
    Figures("办件3812件。", "办件3812件。", ("办件",), "名称短，数很特别"),
    Figures(THREE, THREE + "调解纠纷3件。", ("开展执法检查", "组织矛盾排查", "举办法治讲座"), "几个小数都一样，一起报"),
    Figures("三是开展执法检查310次。", "一是开展执法检查310次。", ("开展执法检查",), "序号不同"),
    Figures("三是一年来查阅影像资料646段。", "全年查阅影像资料646段。", ("查阅影像资料",), "序号和开头都不同"),
    Figures("维修监控探头210枚，取水。", "维修监控探头210枚。", ("维修监控探头",), "不常见的量词"),
    Figures("核对调解笔录310沓。", "核对调解笔录310沓。", ("核对调解笔录",), "清单里没有的量词，在句尾"),
    Figures("上门服务老人310趟次。", "上门服务老人310趟次。", ("上门服务老人",), "次前面的量词"),
    Figures("巡查重点国道310线。", "巡查重点国道310线。", (), "编号不是数量"),
    Figures("集中整治工作到310日。", "集中整治工作到310日。", (), "日期不是数量"),
    Figures("开展执法检查12次。", "开展执法检查12次。", (), "一个小数，可能碰巧"),
    Figures("开展执法检查120次。", "开展执法检查120场。", (), "单位不同"),
    Figures("开展执法检查310次。", "开展执法检查311次。", (), "数不同"),
    Figures("开展执法检查310次。", "开展矛盾排查310次。", (), "说的是别的事"),
    Figures("现有执法人员132名。", "现有执法人员132名。", (), "现状"),
    Figures("全镇执法人员132名。", "全镇执法人员132名。", (), "现状，没有写现有"),
    Figures("培训执法人员132名。", "培训执法人员132名。", ("培训执法人员",), "培训是当年做的事"),
    Figures("服务辖区112个社区。", "服务辖区112个社区。", (), "辖区的社区数"),
    Figures("公布权责清单112项。", "公布权责清单112项。", (), "清单的项数"),
    Figures("2018年以来累计调解纠纷611件。", "2018年以来累计调解纠纷611件。", (), "多年累计"),
    Figures("比上年调解纠纷214件有所增加。", "调解矛盾纠纷214件。", (), "上年的数"),
    Figures("计划开展执法检查310次。", "计划开展执法检查310次。", (), "目标"),
    Figures("落实《关于开展100项整治的通知》。", "落实《关于开展100项整治的通知》。", (), "文件名里的数"),
    Figures("印发〔2023〕120号文件，召开第120次会议。", "印发〔2022〕120号文件，召开第120次会议。", (), "文号、届次"),
    Figures("落实行政执法三项制度，增强四个意识。", "落实行政执法三项制度，增强四个意识。", (), "固定说法"),
    Figures("办结率100%。", "办结率100%。", (), "百分比"),
]


@pytest.mark.parametrize("case", FIGURE_CASES, ids=lambda c: c.why)
def test_figures_of_last_year(traits: Read, case: Figures) -> None:
    now, before = (traits(y, own=f"（一）工作开展\n{w}") for y, w in ((2023, case.now), (2022, case.before)))
    found = of_kind(compare_years(now, before), "same_figure")
    assert [e.message.split("”")[0].strip("“") for e in found] == list(case.names)


def test_a_few_same_figures_among_many_others_are_chance(traits: Read) -> None:
    others = [
        f"{verb}{thing}" for verb in ("受理", "核查", "整改", "通报") for thing in ("投诉", "线索", "举报", "案卷")
    ]
    now, before = (
        traits(year, own=f"（一）工作开展\n{THREE}{''.join(f'{o}{base + i}件。' for i, o in enumerate(others))}")
        for year, base in ((2023, 11), (2022, 51))
    )
    assert not of_kind(compare_years(now, before), "same_figure")


def test_an_echo_shows_both_places_and_survives_moved_lines(traits: Read) -> None:
    problem = "一是村级合同先签后审较多。二是卷宗归档慢。"
    now, before = traits(2023, problems=problem), traits(2022, problems=problem)
    echo = of_kind(compare_years(now, before), "problem_repeated")[0]
    assert (echo.text, echo.earlier_text) == ("一是村级合同先签后审较多", "一是村级合同先签后审较多")
    assert (echo.place, echo.earlier_place) == ("第7行", "第7行")
    moved = traits(2023, own=f"{OWN}\n（二）其他\n组织旁听庭审2次。", problems=f"一是办证慢。二{problem[1:-9]}")
    again = of_kind(compare_years(moved, before), "problem_repeated")[0]
    assert again.place == "第9行"
    assert again.fingerprint == echo.fingerprint


def test_an_open_item_is_quoted_with_its_place(traits: Read) -> None:
    before = traits(2022, plan="（一）完善行政裁量权基准。\n制定本镇“免罚”清单。\n（二）组织集体学法。\n每月1次。")
    found = of_kind(compare_years(traits(2023), before), "plan_unmentioned")
    assert [e.message for e in found] == ["上年安排“完善行政裁量权基准”，今年的举措里没有提到，请核对。"]
    assert (found[0].earlier_text, found[0].earlier_place) == ("（一）完善行政裁量权基准", "第9行")


def test_a_report_without_own_work_leaves_the_plan_alone(traits: Read) -> None:
    empty = traits(2023)
    assert not compare_years(
        Traits(empty.passages, (), (), (), (), "", b"", b""), traits(2022, plan="一是完善裁量基准。")
    )


def test_a_report_against_itself_has_every_problem_and_no_state(engine: Engine) -> None:
    text = (SPECIMENS / "passes-all.txt").read_text("utf-8")
    now = read_traits(build_context(engine, read(text)))
    before = read_traits(build_context(engine, read(text.replace("2024", "2023"))))
    found = compare_years(now, before)
    assert len(of_kind(found, "problem_repeated")) == 3
    assert not of_kind(found, "plan_unmentioned")
    names = {e.message.split("”")[0].strip("“") for e in of_kind(found, "same_figure")}
    assert {"排查矛盾纠纷", "办理各类事项", "开展合法性审核"} <= names
    assert not names & {"列明事项", "培育村级法律明白人", "配备执法记录仪"}
    assert len({e.fingerprint for e in found}) == len(found)


def test_two_specimens_have_nothing_to_do_with_each_other(engine: Engine) -> None:
    now, before = (
        read_traits(build_context(engine, read((SPECIMENS / name).read_text("utf-8"))))
        for name in ("passes-all.txt", "slogan-headings.txt")
    )
    assert {e.kind for e in compare_years(now, before)} <= {"plan_unmentioned"}


def test_passages_are_whole_sentences_with_their_region(engine: Engine) -> None:
    traits = read_traits(build_context(engine, read((SPECIMENS / "passes-all.txt").read_text("utf-8"))))
    texts = [p.text for p in traits.passages]
    assert not any(t.startswith(("一、", "穗川县云溪镇人民政府", "2024年1月19日")) for t in texts)
    assert "全年办理行政处罚案件31件，其中简易程序案件22件、普通程序案件9件。" in texts
    assert any("“一窗受理、集成服务”" in t and len(t) > 50 for t in texts)
    assert next(p.region for p in traits.passages if "11人" in p.text) == "problems"
    assert next(p.region for p in traits.passages if "先签后审。" in p.text and "杜绝" in p.text) == "plan"


def test_a_page_number_in_the_middle_of_a_sentence_is_not_part_of_it(engine: Engine) -> None:
    traits = read_traits(build_context(engine, read((SPECIMENS / "pdf-extracted.txt").read_text("utf-8"))))
    assert not any("- 1 -" in p.text or "年度法治政府建设情况报告" in p.text for p in traits.passages)
    assert any("发放宣传品9000份，接受咨询670人次。" in p.text for p in traits.passages)


def test_items_have_their_words_without_mark_and_signature(traits: Read) -> None:
    found = traits(2023, plan="（一）完善裁量基准。\n制定清单。\n（二）集体学法。\n每月1次。")
    assert [i.words for i in found.plan] == ["完善裁量基准。制定清单。", "集体学法。每月1次。"]
    assert found.plan[0].narrow == ("裁量基准",)
    assert describe_line(found.plan[1].location) == "第11行"


def test_figures_have_name_value_and_unit(traits: Read) -> None:
    own = "（一）工作开展\n轮训干部2期186人次，走访23家企业，罚款1.84万元，为96名农民工追回工资5,180元。"
    found = [(f.name, f.value, f.unit) for f in traits(2023, own=own).figures]
    assert found == [
        ("轮训干部", "2", "期"),
        ("轮训干部", "186", "人次"),
        ("走访企业", "23", "家"),
        ("罚款", "18400", "元"),
        ("农民工追回工资", "96", "名"),
        ("农民工追回工资", "5180", "元"),
    ]


def test_long_numbers_are_masked_everywhere(traits: Read) -> None:
    phone = "13800001234"
    found = traits(
        2023, own=f"（一）工作\n热线{phone}受理投诉。", problems=f"一是热线{phone}不通。", plan=f"一是{phone}。"
    )
    assert phone not in repr(found)
