"""The sheet 总览: the conclusion first, then who submitted, what fails most, how it was checked, what marks mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from validator.audit.decisions import SHEET as REVIEW
from validator.audit.exports.workbook_across import COMMON, COPIES, ECHOES
from validator.audit.exports.workbook_matrix import NAME as MATRIX
from validator.audit.exports.workbook_organs import DOUBLES, DOUBTFUL, LATE, MISSING, ORGANS, UNCHECKED
from validator.audit.exports.workbook_review import AGREEMENT, LOG
from validator.audit.exports.workbook_rules import INDEX, failure_rate
from validator.audit.exports.workbook_statistics import FILES, RATES, Tally
from validator.audit.records import About, RuleInfo
from validator.audit.standing import (
    COUNTED,
    Standing,
    name_ruleset,
    say_beside,
    say_pairs,
    say_repeated,
    say_standing,
)
from validator.reporters.words import FILE_WORDS, OUTCOME_MARKS, OUTCOME_WORDS, SEVERITY_WORDS
from validator.result import OUTCOMES, Outcome
from validator.spreadsheet import Book, count_lines, fit

NAME = "总览"
_WIDTHS = (24, 9, 9, 92)
_MOST_RULES = 10
_STATES = {"listing": "还在列文件", "checking": "还在检查", "comparing": "还在相互对照"}
_MEANINGS: dict[Outcome, str] = {
    "pass": "必备项全部通过。",
    "fail": "至少有一个必备项不通过。",
    "review": "没有不通过的必备项，但有必备项要由人看一看。",
    "error": "文件读不出来，或有规则没有检查成。不算符合，也不算不符合。",
    "not_applicable": "",
}
_SEVERITIES = (
    (SEVERITY_WORDS["error"], "决定报告是否符合。"),
    (SEVERITY_WORDS["warning"], "应当改正，但不影响是否符合的结论。"),
    (SEVERITY_WORDS["note"], "写得更好的建议，不影响结论。"),
)
_BASES = (
    ("规定了报告内容", "条文写明报告应当写什么。"),
    ("规定了职责", "条文规定单位应当做什么，没有规定必须写进报告。"),
    ("编辑惯例", "没有法律或文件规定，只是写作习惯，不是强制。"),
    ("参照执行", "条文没有点名这一类单位，参照适用。"),
    ("条文未核实、文字据转述", "没有拿到原文核对，引用前请先核对原文。"),
)
_SHEETS = (
    (MATRIX, "每份报告一行、每条规则一列，一眼看出哪里有问题。"),
    (ORGANS, "每份报告哪些不通过、哪些要改、哪些要复核，以及未报送的单位。"),
    (INDEX, "每条规则有多少份不通过，依据是什么；点规则编号看逐份情况。"),
    (COPIES, "两份报告里相同的段落，左右对照。"),
    (COMMON, "许多单位都写的句子，没有算作雷同。"),
    (ECHOES, "与同一单位上年报告的对照。"),
    (MISSING, "名册里有、但没有报送的单位。"),
    (DOUBLES, "同一单位同一年度有几份。"),
    (LATE, "公开日期晚于期限的报告。"),
    (FILES, "按年度、层级、地区统计。"),
    (RATES, "每条规则在各年度、层级、地区的不通过率。"),
    (UNCHECKED, "没有检查成的文件和原因。"),
    (DOUBTFUL, "不能确定是哪个单位、哪个年度的报告。"),
    (REVIEW, "请在这里填写处理意见，再用 fazhi audit import-decisions 读入。"),
    (LOG, "已有的复核意见：谁、什么时候、怎样处理、为什么。"),
    (AGREEMENT, "复核人与程序的结论有多少一致。"),
)
_HOW_TO_REVIEW = (
    "处理：确认、驳回或改判。驳回和改判要写理由，改判还要写改判为什么。处理空着的行不读入。",
    "要取消已有的意见，请把处理改成撤回；只把处理清空，意见还在。",
    "要改判通过了的规则，请在最后加一行，填规则、处理、改判为、理由和文件，指纹空着。",
    "文件、指纹两列用来对应，请不要改动。可以筛选、排序、移动列。",
)


class Numbers(NamedTuple):
    """What the overview counts beside outcomes. ``dated``: reports with a day."""

    standing: Standing
    organs: int
    missing: int
    dated: int
    doubtful: int
    decisions: int
    evaluated: int


class Overview:
    """The first sheet: begun first, so that it stands first, and written last."""

    def __init__(self, book: Book) -> None:
        """Begin the sheet."""
        self._book = book
        _, self._sheet = book.add_sheet(NAME)
        self._row = -1
        for index, width in enumerate(_WIDTHS):
            self._sheet.set_column(index, index, width)
        self._sheet.hide_gridlines(2)
        self._sheet.set_portrait()

    def write(
        self,
        about: About,
        rules: Sequence[RuleInfo],
        tally: Tally,
        numbers: Numbers,
        counts: Mapping[str, Counter[Outcome]],
        names: Mapping[str, str],
    ) -> None:
        """Write it.

        Args:
            about: what the audit was made with.
            rules: in the order of the checklist.
            tally: of the files.
            numbers: everything else that is counted.
            counts: how many reports of the due year have each outcome, by rule, after decisions.
            names: the sheet of each rule that has one.
        """
        self._line("法治政府建设年度报告 批量审核总览", "title", height=30)
        if about.state != "finished":
            state = _STATES.get(about.state, about.state)
            self._line(f"审核没有做完（{state}），下面只是已有的结果。", "fail", height=20)
        for sentence in conclude(numbers):
            self._line(sentence, "strong")
        self._outcomes(tally)
        self._submitted(about, numbers)
        self._failing(about, rules, counts, names)
        self._legend()
        self._section("各表说明")
        for sheet, told in _SHEETS:
            self._pair(sheet, told, link=sheet)
        self._section("怎样填“复核”表")
        for sentence in _HOW_TO_REVIEW:
            self._line(sentence, "note")
        self._section("怎样检查的")
        for pair in describe_making(about, rules, tally, numbers):
            self._pair(*pair)

    def _outcomes(self, tally: Tally) -> None:
        files = tally.files
        self._section("结论" if files.due is None else f"结论（{files.due}年度）")
        total = files.counts.total()
        for outcome in COUNTED:
            self._row += 1
            word = f"{OUTCOME_MARKS[outcome]} {FILE_WORDS[outcome]}"
            self._sheet.write_string(self._row, 0, word, self._book.format(outcome))
            self._sheet.write_number(self._row, 1, files.counts[outcome], self._book.format("count"))
            if total:
                self._sheet.write_number(self._row, 2, files.counts[outcome] / total, self._book.format("share"))
            self._sheet.write_string(self._row, 3, _MEANINGS[outcome], self._book.format("told"))

    def _submitted(self, about: About, numbers: Numbers) -> None:
        self._section("报送和对照")
        roster = f"名册有{about.roster}个单位。" if about.roster else "没有给出名册，所以不知道谁没有报送。"
        dated = f"写明公开日期的有{numbers.dated}份，其余无法判断是否逾期。"
        standing = numbers.standing
        rows = (
            (MISSING, numbers.missing if about.roster else None, roster),
            (DOUBLES, standing.organs, f"同一单位同一年度报送几份的：{say_repeated(standing)}。"),
            (LATE, standing.late, dated),
            (COPIES, sum(standing.pairs.values()), f"{say_pairs(standing)}。"),
            (ECHOES, standing.echoes, "与上年报告对照，需要人工复核的地方。"),
            (DOUBTFUL, numbers.doubtful, "不能确定是哪个单位、哪个年度的报告。"),
            (LOG, numbers.decisions, "已有的复核意见，都已计入结论。"),
        )
        for sheet, count, sentence in rows:
            self._pair(sheet, sentence, link=sheet, count=count)

    def _failing(
        self,
        about: About,
        rules: Sequence[RuleInfo],
        counts: Mapping[str, Counter[Outcome]],
        names: Mapping[str, str],
    ) -> None:
        self._section("不通过最多的规则" if about.due is None else f"不通过最多的规则（{about.due}年度）")
        failing = sorted((r for r in rules if counts.get(r.id, Counter())["fail"]), key=lambda r: -counts[r.id]["fail"])
        for rule in failing[:_MOST_RULES]:
            told = f"{rule.title}（{SEVERITY_WORDS[rule.severity]}）"
            found = counts[rule.id]
            self._pair(rule.id, told, link=names.get(rule.id), count=found["fail"], share=failure_rate(found))
        if not failing:
            self._line("没有不通过的规则。", "text")
        elif len(failing) > _MOST_RULES:
            self._line(f"还有{len(failing) - _MOST_RULES}条规则有不通过的，见“{INDEX}”表。", "note")

    def _legend(self) -> None:
        self._section("标记和颜色")
        for outcome in OUTCOMES:
            self._row += 1
            style = self._book.format(f"mark_{outcome}")
            self._sheet.write_string(self._row, 0, f"{OUTCOME_MARKS[outcome]} {OUTCOME_WORDS[outcome]}", style)
        self._row += 1
        self._sheet.write_string(self._row, 0, f"{OUTCOME_MARKS['pass']}*", self._book.format("decided_pass"))
        told = "带星号、有框：复核人处理过，显示处理后的结论。"
        self._sheet.write_string(self._row, 1, told, self._book.format("text"))
        self._section("哪些是要求，哪些是提示")
        for pair in (*_SEVERITIES, *_BASES):
            self._pair(*pair)

    def _section(self, title: str) -> None:
        self._row += 2
        self._sheet.set_row(self._row, 20)
        for index in range(len(_WIDTHS)):
            text = title if index == 0 else ""
            self._sheet.write_string(self._row, index, text, self._book.format("section"))

    def _line(self, text: str, style: str, height: float | None = None) -> None:
        self._row += 1
        self._sheet.set_row(self._row, height or 16 * count_lines(text, sum(_WIDTHS)))
        self._sheet.merge_range(self._row, 0, self._row, len(_WIDTHS) - 1, "", self._book.format(style))
        self._sheet.write_string(self._row, 0, fit(text), self._book.format(style))

    def _pair(
        self, name: str, told: str, *, link: str | None = None, count: int | None = None, share: float | None = None
    ) -> None:
        """Write a row: a name, perhaps two numbers, and a sentence."""
        self._row += 1
        self._sheet.set_row(self._row, 16 * count_lines(told, _WIDTHS[-1]))
        if link is not None:
            self._sheet.write_url(self._row, 0, f"internal:'{link}'!A1", self._book.format("link"), fit(name))
        else:
            self._sheet.write_string(self._row, 0, fit(name), self._book.format("text"))
        if count is not None:
            self._sheet.write_number(self._row, 1, count, self._book.format("count"))
        if share is not None:
            self._sheet.write_number(self._row, 2, share, self._book.format("share"))
        self._sheet.write_string(self._row, 3, fit(told), self._book.format("told"))


def conclude(numbers: Numbers) -> Iterator[str]:
    """Yield the conclusion in a few sentences."""
    yield say_standing(numbers.standing)
    beside = "".join(say_beside(numbers.standing))
    if beside:
        yield beside
    if numbers.decisions:
        yield f"已计入{numbers.decisions}条复核意见。"


def describe_making(
    about: About, rules: Sequence[RuleInfo], tally: Tally, numbers: Numbers
) -> Iterator[tuple[str, str]]:
    """Yield what the audit was made with and how much was checked, each with its name."""
    total = tally.all.total()
    checked = total - tally.all["error"]
    done = f"用{len(rules)}条规则检查了{numbers.organs}个单位{total}份报告中的{checked}份"
    yield "检查范围", f"{done}，得出{numbers.evaluated}个结果。"
    waiting = about.files - total - tally.files.attachments
    if waiting:
        yield "还没有检查", f"{waiting}份。"
    yield "来源", about.source
    years = sorted((int(y) for y in tally.groups["year"] if y is not None), reverse=True)
    if years:
        joined = all(a - b == 1 for a, b in pairwise(years)) and len(years) > 2
        yield "报告年度", f"{years[-1]}至{years[0]}" if joined else "、".join(map(str, years))
    yield "应报送的年度", str(about.due) if about.due else "没有指定"
    sentences = f"语言模型 {about.pipeline}" if about.pipeline.startswith("zh_core_web") else "自带的逐字分析"
    yield "句子分析", sentences
    yield "规则和程序", f"{name_ruleset(about)}，方案 {about.profile}，程序 {about.tool_version}"
