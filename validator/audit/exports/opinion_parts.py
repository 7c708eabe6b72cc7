"""What an 审核意见书 says, part by part: conclusion, what is missing, what to correct, what to review, decisions.

The words about the law are those of every other reporter (``reporters.words``). What a reviewer dismissed is no fault
here; it stands with the decisions only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from validator.audit.decisions import VERB_WORDS
from validator.audit.exports.opinion_findings import join_messages, write_rule
from validator.audit.exports.opinion_review import name_level, write_review
from validator.audit.exports.settled import Ground, Settled, choose
from validator.audit.records import ECHO_KINDS, About, Copy, Decision, Echo, FileRow
from validator.audit.standing import name_ruleset
from validator.letter import Cell, Letter, Words, shorten
from validator.reporters.words import (
    FILE_WORDS,
    HOW_SURE,
    NO_CONCLUSION,
    OUTCOME_WORDS,
    READ_BY_OCR,
    SEVERITY_WORDS,
)
from validator.result import FileResult, Outcome

_GROUNDS: dict[Ground, str] = {
    "content": "以下各项，规定要求写进年度报告。",
    "duty": "以下各项，规定把它们定为单位的职责，没有规定必须写进报告；检查清单把它们列为必备项。",
    "other": "以下是其他必备项。",
}
_STALE = "（报告已改，所指的问题已不在）"
_SIGN = "审核人：〔    〕  日期：〔    〕"


class Around(NamedTuple):
    """What a letter says beside the result of its file.

    ``titles`` are those of the rules by id; ``decisions``, ``copies`` and ``echoes`` have to do with this file;
    ``late`` is (published, due), ``double`` the paths of all files of the organ and year and whether they are equal.
    """

    about: About
    titles: dict[str, str]
    decisions: tuple[Decision, ...]
    copies: tuple[Copy, ...]
    echoes: tuple[Echo, ...]
    late: tuple[str, str] | None
    double: tuple[tuple[str, ...], bool] | None


def write_whole_letter(
    letter: Letter, file: FileRow, result: FileResult, rules: Sequence[Settled], around: Around
) -> None:
    """Write every part of the letter.

    Args:
        letter: an empty one.
        file: the row of the file; its outcome after decisions is not ``error``.
        result: the result as the tool gave it.
        rules: the same after decisions.
        around: what else is known.
    """
    _write_head(letter, file)
    letter.heading("一、总体结论")
    for sentence in _conclude(file, rules):
        letter.say(sentence)
    if result.reading == "ocr":
        letter.say(READ_BY_OCR)
    _write_missing(letter, choose(rules, "fail", "error"))
    _write_corrections(letter, choose(rules, "fail", "warning"), choose(rules, "fail", "note"))
    letter.heading("四、需复核的事项")
    write_review(letter, file, choose(rules, "review"), around.copies, around.echoes, around.late, around.double)
    if around.decisions:
        _write_decisions(letter, around)
    _write_method(letter, file, rules, around)
    letter.sign(_SIGN)


def write_refusal(letter: Letter, file: FileRow, about: About) -> None:
    """Write the short letter about a file that could not be checked."""
    _write_head(letter, file)
    letter.heading("一、总体结论")
    letter.say(NO_CONCLUSION)
    letter.say(file.error or "没有记下原因。", "原因")
    letter.heading("二、怎么办")
    if file.sha256 is None or file.as_of is None:
        letter.say("原因里写明了办法的，按那个办法做。文件打不开的，请用 Word 或 WPS 打开原件另存为 .docx，重新报送。")
        letter.say("扫描件里的文字读不出来的，请报送可以复制文字的版本。重新报送后再审核一次。")
    else:
        letter.say("文件能读，是程序没有查完。请把上面的原因交给维护检查程序的人，改好后再审核一次，不用重新报送。")
    letter.note(_describe_rules(file, about))
    letter.sign(_SIGN)


def _write_head(letter: Letter, file: FileRow) -> None:
    who = file.who
    year = f"{who.year}年" if who.year else ""
    subject = who.organ or f"文件“{shorten(file.path.rpartition('/')[2], 40)}”"
    letter.title(f"关于{subject}{year}", "法治政府建设年度报告的审核意见")
    level = f"，{name_level(who.level)}" if who.level else ""
    rows = (
        ("单位", f"{who.organ}{level}" if who.organ else "没有认定"),
        ("年度", year or "没有认定"),
        ("报告标题", file.title or "没有读到"),
        ("文件", file.path),
    )
    letter.table((), rows, (1.2, 5.3))


def _describe_rules(file: FileRow, about: About) -> str:
    day = f"，按{file.as_of}有效的规定" if file.as_of else ""
    return f"{name_ruleset(about)}，方案 {about.profile}{day}。"


def _conclude(file: FileRow, rules: Sequence[Settled]) -> Iterator[str]:
    """Yield the conclusion, what else there is, and what the reviewer changed."""
    must = [s for s in rules if s.rule.severity == "error" and s.outcome != "not_applicable"]
    said = [f"必备项{len(must)}项" if must else "没有适用的必备项"]
    passed = len(choose(must, "pass"))
    if must:
        said.append("全部通过" if passed == len(must) else f"通过{passed}项")
    outcomes: tuple[Outcome, ...] = ("fail", "review")
    for outcome in outcomes:
        found = choose(must, outcome)
        if found:
            said.append(f"{OUTCOME_WORDS[outcome]}{len(found)}项：{'、'.join(s.name for s in found)}")
    yield f"{FILE_WORDS[file.decided]}。{'，'.join(said)}。"
    hints = [
        f"{SEVERITY_WORDS['warning']}有{len(choose(rules, 'fail', 'warning'))}项不通过",
        f"{SEVERITY_WORDS['note']}有{len(choose(rules, 'fail', 'note'))}项",
        f"非必备项中另有{len(choose(rules, 'review', 'warning', 'note'))}项需复核",
    ]
    yield f"{'，'.join(h for h in hints if '有0项' not in h) or '没有应改项和质量提示'}。"
    if file.outcome != file.decided:
        before, after = FILE_WORDS[file.outcome], FILE_WORDS[file.decided]
        yield f"程序原来的结论是“{before}”，计入复核人的意见后是“{after}”。"


def _write_missing(letter: Letter, failed: Sequence[Settled]) -> None:
    letter.heading("二、缺项")
    if not failed:
        letter.say("没有缺项。")
    order = tuple(_GROUNDS)
    sorted_ = sorted(failed, key=lambda s: order.index(s.ground))
    number = 0
    for ground, group in groupby(sorted_, key=lambda s: s.ground):
        letter.lead(_GROUNDS[ground])
        for settled in group:
            number += 1
            write_rule(letter, number, settled)


def _write_corrections(letter: Letter, failed: Sequence[Settled], hints: Sequence[Settled]) -> None:
    letter.heading("三、应改项")
    if not failed:
        letter.say("没有应改项。")
    for number, settled in enumerate(failed, 1):
        write_rule(letter, number, settled)
    if hints:
        letter.subheading(len(failed) + 1, "质量提示")
        for settled in hints:
            letter.note(f"{settled.name}：{join_messages(settled)}")


def _write_decisions(letter: Letter, around: Around) -> None:
    letter.heading("五、复核人的意见")
    rows: list[tuple[Cell, ...]] = [
        (
            f"{around.titles.get(d.rule, d.rule)}（{d.rule}）{'' if d.fingerprint else '，整项'}",
            _describe_verb(d),
            f"{d.reason}{_STALE if d.stale and d.rule not in ECHO_KINDS else ''}",
            (Words(d.reviewer), Words(d.day)),
        )
        for d in around.decisions
    ]
    letter.table(("检查项", "决定", "理由", "复核人和日期"), rows, (4, 2, 4, 2.6))


def _describe_verb(decision: Decision) -> str:
    word = VERB_WORDS[decision.verb]
    return word if decision.outcome is None else f"{word}为{OUTCOME_WORDS[decision.outcome]}"


def _write_method(letter: Letter, file: FileRow, rules: Sequence[Settled], around: Around) -> None:
    letter.heading(f"{'六' if around.decisions else '五'}、说明")
    ran = sum(1 for s in rules if s.rule.outcome != "error")
    letter.note(f"用{len(around.titles)}条规则检查，{ran}条得出结果。")
    outcomes: tuple[Outcome, ...] = ("pass", "not_applicable")
    found = [(o, choose(rules, o)) for o in outcomes]
    rows = [(f"{OUTCOME_WORDS[o]}{len(f)}项", "、".join(s.rule.title for s in f)) for o, f in found if f]
    letter.table((), rows, (1.2, 5.3))
    letter.note(f"结论只由必备项决定，“应改项”和“质量提示”不影响结论。{HOW_SURE}")
    letter.note("本意见只说报告里写了什么、没有写什么，不评价工作本身。建议表述中的〔  〕由报告单位按实际情况填写。")
    if around.about.state != "finished":
        letter.note("这次审核还没有做完，各报告之间、与上年报告之间的比较不全。")
    letter.note(_describe_rules(file, around.about))
