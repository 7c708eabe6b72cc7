"""Defects on purpose: an organ and a kind of defect → the files it submits, and the truth about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from benchmarks.copies import copy_organ, copy_year, duplicate_near
from benchmarks.dice import Dice
from benchmarks.grammar import Writer
from benchmarks.issues import matters_of_year, read_matters, write_answer, write_issue
from benchmarks.layout import Line, lay_out
from benchmarks.places import Organ
from benchmarks.report import MISSING_THEMES, Report, write_report

Truth = dict[str, Any]
_THEME_ITEMS = re.compile("三项制度|谁执法谁普法")
_PRINCIPAL = "书记|主要负责|主要领导|主任|第一责任人|一把手"
_SUM = re.compile(r"(\d+)([件份])，其中[^。，]*\d\2")
_TAILS = ("（修订）", "（终稿）", "-最终版", " (1)", "_2")


@dataclass(frozen=True)
class File:
    """A file that an organ submits; ``tail`` is put behind the organ in its name."""

    year: int
    lines: list[Line]
    tail: str = ""
    day: date | None = None


@dataclass
class Case:
    """One organ with its defect while it is being written. ``source`` is the organ copied from."""

    seed: int
    organ: Organ
    dice: Dice
    year: int
    source: Organ | None = None
    truth: Truth = field(default_factory=dict)

    def report(self, year: int = 0, avoid: str = "", without: str = "") -> Report:
        """Write the clean report of the organ."""
        return write_report(self.seed, self.organ, year or self.year, avoid, without)

    def file(self, report: Report, tail: str = "") -> File:
        """Lay a report out."""
        return File(report.year, lay_out(report, self.seed), tail, report.published)

    def others(self) -> list[File]:
        """Return the clean files of the other years."""
        return [self.file(self.report(year)) for year in self.organ.years if year != self.year]

    def writer(self) -> Writer:
        """Return a writer for what is planted."""
        return Writer(self.dice, {**self.organ.words, "Y": str(self.year), "N": str(self.year + 1)})

    def insert(self, report: Report, sentence: str) -> None:
        """Put a sentence into one of the sections."""
        section = self.dice.pick([s for s in report.sections if s.themes != ("followed",)])
        section.sentences.insert(self.dice.between(1, len(section.sentences)), sentence)


def _missing_part(case: Case) -> list[File]:
    part, rule = case.dice.pick((("measures", "P101"), ("problems", "P102"), ("principal", "P103"), ("plan", "P104")))
    if len(case.organ.years) > 1 and part == "measures":
        part, rule = "problems", "P102"
    report = case.report(avoid=_PRINCIPAL if part == "principal" else "")
    case.truth |= {"part": part, "rules": {rule: "fail"}}
    if part == "measures":
        report.sections = []
        report.opening = re.sub(r"\d+项", "清单", report.opening)
        report.principal = [s.replace("全年", "先后").replace(f"{report.year}年", "") for s in report.principal]
        report.plan = [p for p in report.plan if not _THEME_ITEMS.search(p)]
        case.truth["rules"] = {rule: "fail", "T301": "fail", "T302": "fail"}
    elif part == "problems":
        report.problems = []
    elif part == "principal":
        report.principal = []
    else:
        report.plan = []
    return [*case.others(), case.file(report)]


def _missing_theme(case: Case) -> list[File]:
    rule = case.dice.pick(tuple(MISSING_THEMES))
    case.truth["rules"] = {rule: "fail"}
    return [*case.others(), case.file(case.report(without=rule))]


def _wrong_genre(case: Case) -> list[File]:
    report = case.report()
    year, name = report.year, case.organ.name
    report.title = f"{name}{year}年政府信息公开工作年度报告"
    report.opening = f"现将{name}{year}年政府信息公开工作情况公布如下。"
    report.sections = [s for s in report.sections if set(s.themes) & {"open", "duty"}]
    report.problems, report.principal, report.plan = [], [], []
    report.headings["measures"] = "总体情况"
    case.truth["rules"] = {"G001": "fail"}
    return [*case.others(), case.file(report)]


def _personal_data(case: Case) -> list[File]:
    report = case.report()
    number = f"199{case.dice.between(0, 99_999_999):08d}"
    report.closing = f"联系人：{case.dice.pick('陈林黄何罗')}某，手机{number}。"
    case.truth |= {"number": number, "rules": {"S901": "fail"}}
    return [*case.others(), case.file(report)]


def _wrong_sum(case: Case) -> list[File]:
    report, dice = case.report(), case.dice
    names = dice.pick(
        (("行政规范性文件", "合同协议", "其他涉法文件"), ("民生类", "工程类", "综合类"), ("合同", "协议", "函件"))
    )
    parts = [dice.between(11, 60) for _ in names]
    total = sum(parts) + dice.pick((-1, 1)) * dice.between(1, 5)
    listed = "、".join(f"{name}{part}件" for name, part in zip(names, parts, strict=True))
    text = f"共办理合法性审核{total}件，其中{listed}。"
    section = next(s for s in report.sections if "decision" in s.themes)
    section.sentences = [s for s in section.sentences if not _SUM.search(s)] + [text]
    case.truth |= {"text": text, "total": total, "sum": sum(parts), "rules": {"N501": "review"}}
    return [*case.others(), case.file(report)]


def _wrong_year(case: Case) -> list[File]:
    report = case.report()
    wrong = case.year - 1
    rest = report.opening.split("，", 1)[1]
    led = "" if rest.startswith("在") else f"在{case.organ.words['upper']}的坚强领导下，"
    report.opening = f"{wrong}年，{led}{rest}"
    case.truth |= {"text": f"{wrong}年", "rules": {"R404": "fail"}}
    return [*case.others(), case.file(report)]


def _wrong_word(case: Case) -> list[File]:
    report = case.report()
    writer, dice = case.writer(), case.dice
    where, folk = writer.sentence("where"), writer.sentence("folk")
    rule = dice.pick(("W601", "W605", "W606", "F202", "R401", "R402", "S903"))
    text = {
        "W601": f"在{where}举办法制讲座{dice.between(3, 30)}场，{folk}反响热烈。",
        "W605": f"引导{folk}遵法学法守法用法，在{where}设立宣讲点{dice.between(2, 9)}个。",
        "W606": f"传达中央依法治国工作会议精神{dice.between(2, 9)}次，覆盖{where}党员。",
        "F202": "重要工作亲自布置",
        "R401": f"按照《法治政府建设实施纲要（2015－2020年）》分解任务{dice.between(12, 60)}项。",
        "R402": f"到{where}宣讲党的二十届四中全会精神{dice.between(2, 12)}场。",
        "S903": "以上报告妥否，请批示。",
    }[rule]
    if rule == "F202":
        report.principal[0] = report.principal[0].replace("重要工作亲自部署", text)
    elif rule == "S903":
        report.closing = text
    else:
        case.insert(report, text)
    case.truth |= {"text": text, "rules": {rule: "fail"}}
    return [*case.others(), case.file(report)]


def _late(case: Case) -> list[File]:
    report = case.report()
    report.published = date(report.year + 1, 4, 3) + timedelta(days=case.dice.below(120))
    case.truth["date"] = report.published.isoformat()
    return [*case.others(), case.file(report)]


def _duplicate_submission(case: Case) -> list[File]:
    report = case.report()
    same = case.dice.chance(0.5)
    files = [*case.others(), case.file(report)]
    tail = case.dice.pick(_TAILS)
    if not same:
        again = case.report()
        writer = case.writer()
        case.insert(
            again, f"在{writer.sentence('where')}召开{writer.sentence('thing')}现场会{case.dice.between(2, 9)}次。"
        )
        files.append(case.file(again, tail))
    else:
        files.append(case.file(report, tail))
    case.truth |= {"other_tail": tail, "same_bytes": same}
    return files


def _wrong_folder_year(case: Case) -> list[File]:
    report = case.report(case.year - 1)
    case.truth |= {"folder": case.year, "year_in_report": report.year}
    return [File(case.year, lay_out(report, case.seed), day=report.published)]


def _not_submitted(case: Case) -> list[File]:
    case.truth |= {"organ": case.organ.name, "region": case.organ.region, "year": case.year}
    return case.others()


def _repeated_problem(case: Case) -> list[File]:
    before, report = case.report(case.year - 1), case.report()
    old = case.dice.pick(before.issues)
    at = case.dice.below(len(report.issues))
    report.problems[at] = old.problem
    words = {**case.organ.words, "Y": str(case.year), "N": str(case.year + 1)}
    report.plan[at] = write_answer(case.dice, words, old)
    case.truth |= {"text": old.problem, "other_year": before.year}
    return [case.file(before), case.file(report)]


def _plan_unmentioned(case: Case) -> list[File]:
    before = case.report(case.year - 1)
    used = {m.name for y in (2021, 2022, 2023) for m in matters_of_year(case.seed, case.organ.index, y)}
    for matter in case.dice.shuffled([m for m in read_matters() if m.rare is not None and m.name not in used]):
        assert matter.rare is not None
        report = case.report(avoid=matter.rare.pattern)
        if not matter.rare.search(report.measures()):
            issue = write_issue(case.dice, {**case.organ.words, "Y": str(case.year - 1), "N": str(case.year)}, matter)
            before.problems.append(issue.problem)
            before.plan.insert(len(before.problems) - 1, issue.answer)
            case.truth |= {"text": issue.answer, "matter": matter.name, "other_year": before.year}
            return [case.file(before), case.file(report)]
    raise ValueError(f"no matter is left for {case.organ.name}")


def _same_figures(case: Case) -> list[File]:
    before, report = case.report(case.year - 1), case.report()
    named = []
    for name, (value, unit) in list(before.figures.items())[:3]:
        new = report.figures[name][0]
        for section in report.sections:
            section.sentences = [s.replace(f"{name}{new}{unit}", f"{name}{value}{unit}") for s in section.sentences]
        named.append({"name": name, "value": value, "unit": unit})
    case.truth |= {"figures": named, "other_year": before.year}
    return [case.file(before), case.file(report)]


def _copied_year(case: Case) -> list[File]:
    before, report = case.report(case.year - 1), case.report()
    texts, changed = copy_year(case.dice, before, report)
    total = sum(len(x.text) for x in lay_out(report, case.seed))
    share = round(sum(len(t) for t in texts) / total, 3)
    case.truth |= {"texts": texts, "share": share, "numbers_changed": changed, "other_year": before.year}
    return [case.file(before), case.file(report)]


def _copied_organ(case: Case) -> list[File]:
    assert case.source is not None
    report = case.report()
    source = write_report(case.seed, case.source, case.year)
    case.truth |= copy_organ(case.dice, source, report)
    return [*case.others(), case.file(report)]


def _near_duplicate(case: Case) -> list[File]:
    assert case.source is not None
    source = write_report(case.seed, case.source, case.year)
    return [File(case.year, duplicate_near(lay_out(source, case.seed), case.source, case.organ), day=source.published)]


KINDS: dict[str, Callable[[Case], list[File]]] = {
    "missing_part": _missing_part,
    "missing_theme": _missing_theme,
    "wrong_genre": _wrong_genre,
    "personal_data": _personal_data,
    "wrong_sum": _wrong_sum,
    "wrong_year": _wrong_year,
    "wrong_word": _wrong_word,
    "late": _late,
    "duplicate_submission": _duplicate_submission,
    "wrong_folder_year": _wrong_folder_year,
    "not_submitted": _not_submitted,
    "repeated_problem": _repeated_problem,
    "plan_unmentioned": _plan_unmentioned,
    "same_figures": _same_figures,
    "copied_year": _copied_year,
    "copied_organ": _copied_organ,
    "near_duplicate": _near_duplicate,
}
TWICE = ("missing_part", "missing_theme", "copied_organ", "near_duplicate", "wrong_word", "copied_year")
"""Kinds that are planted twice as often as the others."""
NEED_ONE_YEAR = frozenset({"wrong_genre", "wrong_folder_year", "near_duplicate"})
NEED_TWO_YEARS = frozenset({"repeated_problem", "plan_unmentioned", "same_figures", "copied_year"})
NEED_SOURCE = frozenset({"copied_organ", "near_duplicate"})
